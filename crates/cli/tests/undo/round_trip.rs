//! Whatever stands in a file, undoing what merge did to it gives it back byte for byte, and what was edited since
//! stays.

use std::fs;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::address_books::{Cards, address_book};
use crate::command::Folder;

/// A file with few values, so that rows share them.
#[derive(Clone)]
struct Sample {
    extension: &'static str,
    text: Vec<u8>,
}

impl Sample {
    fn name(&self, stem: &str) -> String {
        format!("{stem}.{}", self.extension)
    }
}

impl std::fmt::Debug for Sample {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", String::from_utf8_lossy(&self.text))
    }
}

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => (0..4_u8).prop_map(|n| format!("a{n}@example.com")),
        2 => (0..3_u8).prop_map(|n| format!("+1 202 555 010{n}")),
        3 => Just(String::new()),
        1 => select(vec![" a1@example.com ", "A2@Example.com", "a0@example.com; a3@example.com", "caf\u{e9}", "x, y", "two\nlines"])
            .prop_map(str::to_owned),
    ]
}

fn quoted(cell: &str, always: bool, end: &str) -> String {
    let cell = if end == "\r" { cell.replace('\n', "\r") } else { cell.to_owned() };
    if always || cell.contains([',', ';', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell
    }
}

fn table() -> impl Strategy<Value = Sample> {
    let header =
        select(vec!["id,email,phone,name,E-mail 2", "email,phone,name,phone 2,email", "id;email;name;name;notes"]);
    let junk = select(vec!["", "   ", "x,y,z", "\"open, 5", "1,a1@example.com", ",,,,", "9,a0@example.com,,\"x\"y,"]);
    let line = prop_oneof![8 => vec(cell(), 5).prop_map(Ok), 1 => junk.prop_map(Err)];
    let form = (select(vec!["\n", "\r\n", "\r"]), any::<bool>(), any::<bool>(), 0..4_u8, any::<bool>());
    (header, vec(line, 0..14), form).prop_map(|(header, lines, (end, final_end, bom, quoting, latin))| {
        let delimiter = if header.contains(';') { ";" } else { "," };
        let mut text = vec![header.to_owned()];
        for (number, line) in lines.into_iter().enumerate() {
            text.push(match line {
                Ok(cells) => {
                    let mut cells: Vec<String> = cells.iter().map(|cell| quoted(cell, quoting == 0, end)).collect();
                    if header.starts_with("id") {
                        cells[0] = (number * 7 % 11).to_string();
                    }
                    cells.join(delimiter)
                }
                Err(junk) => junk.to_owned(),
            });
        }
        let mut text = text.join(end);
        if final_end {
            text.push_str(end);
        }
        let bytes: Vec<u8> = if latin {
            text.chars().map(|letter| u8::try_from(letter).unwrap_or(b'?')).collect()
        } else {
            text.into_bytes()
        };
        Sample { extension: "csv", text: if bom { [b"\xef\xbb\xbf", bytes.as_slice()].concat() } else { bytes } }
    })
}

fn json_lines() -> impl Strategy<Value = Sample> {
    let value = prop_oneof![
        4 => (0..4_u8).prop_map(|n| format!("\"a{n}@example.com\"")),
        2 => (0..4_u8).prop_map(|n| format!("[ \"\\u0061{n}@example.com\",null]")),
        1 => select(vec!["null", "[]", "1.50", "{\"x\" : 1e400}", "true", "\"\\ud83d\""]).prop_map(str::to_owned),
    ];
    let name = select(vec![
        "emails",
        "email",
        "mail",
        "phones",
        "first_name",
        "name",
        "custom",
        "tags",
        "notes",
        "created_at",
    ]);
    let object = (vec((name, value), 1..5), any::<bool>(), select(vec!["", " ", "\t"]));
    let junk = select(vec!["", "  ", "nonsense", "{\"id\":1", "[1]", "{\"id\":1,\"email\":\"a1@example.com\"}"]);
    let line = prop_oneof![8 => object.prop_map(Ok), 1 => junk.prop_map(Err)];
    (vec(line, 0..14), select(vec!["\n", "\r\n", "\r"]), any::<bool>(), any::<bool>()).prop_map(
        |(lines, end, final_end, bom)| {
            let mut text = Vec::new();
            for (number, line) in lines.into_iter().enumerate() {
                text.push(match line {
                    Ok((members, has_id, blank)) => {
                        let mut members: Vec<String> =
                            members.iter().map(|(name, value)| format!("{blank}\"{name}\" :{value}{blank}")).collect();
                        if has_id {
                            members.push(format!("\"id\":{}", number * 7 % 11));
                        }
                        format!("{blank}{{{}}}{blank}", members.join(","))
                    }
                    Err(junk) => junk.to_owned(),
                });
            }
            let mut text = text.join(end);
            if final_end {
                text.push_str(end);
            }
            let bom = if bom { "\u{feff}" } else { "" };
            Sample { extension: "jsonl", text: format!("{bom}{text}").into_bytes() }
        },
    )
}

fn sample() -> impl Strategy<Value = Sample> {
    let book = address_book(Cards::Any).prop_map(|text| Sample { extension: "vcf", text });
    prop_oneof![table(), json_lines(), book]
}

/// Merges, and says whether there was anything that could be.
fn merge(folder: &Folder, sample: &Sample) -> bool {
    let (input, output) = (sample.name("in"), sample.name("out"));
    folder.file(&input, &sample.text);
    let run = folder.onefold(&["merge", &input, "--all", "--output", &output, "--patches", "patches"]);
    match run.status.code() {
        Some(0) => true,
        code => {
            let said = String::from_utf8_lossy(&run.stderr).into_owned();
            assert!(code == Some(1) && said.contains("no row could be used"), "{code:?} {said}");
            false
        }
    }
}

fn undo(folder: &Folder, sample: &Sample) -> Vec<u8> {
    folder.done(&["undo", &sample.name("out"), "--patches", "patches", "--output", "back"]);
    fs::read(folder.path("back")).expect("a file")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn undo_gives_the_bytes_back(sample in sample()) {
        let folder = Folder::new();
        if merge(&folder, &sample) {
            let back = undo(&folder, &sample);
            prop_assert!(back == sample.text, "{}", String::from_utf8_lossy(&back));
        }
    }

    #[test]
    fn merging_twice_and_undoing_all_gives_the_bytes_back(sample in sample()) {
        let folder = Folder::new();
        if merge(&folder, &sample) {
            let (first, second) = (sample.name("out"), sample.name("out2"));
            let merge = ["merge", &first, "--all", "--output", &second, "--patches", "patches2", "--ignore", "a0@example.com"];
            folder.done(&merge);
            folder.done(&["undo", &second, "--patches", "patches", "--patches", "patches2", "--output", "back"]);
            let back = fs::read(folder.path("back")).expect("a file");
            prop_assert!(back == sample.text, "{}", String::from_utf8_lossy(&back));
        }
    }

    #[test]
    fn rows_that_were_added_since_stay_at_the_end(sample in sample()) {
        let folder = Folder::new();
        let end = if sample.text.contains(&b'\n') { "\n" } else { "\r" };
        let ended = Sample { text: [sample.text.as_slice(), end.as_bytes()].concat(), ..sample };
        if merge(&folder, &ended) {
            let delimiter = if ended.text.contains(&b';') { ";" } else { "," };
            let row = match ended.extension {
                "csv" => format!("77;new@example.com;;;{end}").replace(';', delimiter),
                "vcf" => "BEGIN:VCARD\nUID:77\nEMAIL:new@example.com\nEND:VCARD\n".replace('\n', end),
                _ => format!("{{\"id\":77,\"emails\":[\"new@example.com\"]}}{end}"),
            };
            let merged = fs::read(folder.path(&ended.name("out"))).expect("a file");
            folder.file(&ended.name("out"), [merged.as_slice(), row.as_bytes()].concat());
            let back = undo(&folder, &ended);
            let expected = [ended.text.as_slice(), row.as_bytes()].concat();
            prop_assert!(back == expected, "{}", String::from_utf8_lossy(&back));
        }
    }

    #[test]
    fn a_value_that_was_edited_since_stays_and_nothing_else_changes(
        rows in vec((0..4_u8, 0..3_u8, select(vec!["", "Ann", "Bea"]), select(vec!["", "x"])), 1..12),
        pick in any::<Index>(),
        (end, is_json) in (select(vec!["\n", "\r\n"]), any::<bool>()),
    ) {
        let folder = Folder::new();
        let row = |(id, (email, phone, name, notes)): (usize, &(u8, u8, &str, &str))| {
            let (email, phone) = (format!("a{email}@example.com"), format!("+1 202 555 010{phone}"));
            let phone = if phone.ends_with('0') { String::new() } else { phone };
            if is_json { format!("{{\"id\":{id}, \"mail\":\"{email}\",\"phone\":\"{phone}\",\"name\":\"{name}\",\"notes\":\"{notes}\"}}") } else { format!("{id},{email},{phone},{name},{notes}") }
        };
        let header = if is_json { "" } else { "id,email,phone,name,notes" };
        let lines = |rows: Vec<String>| {
            let lines = std::iter::once(header.to_owned()).chain(rows).filter(|line| !line.is_empty());
            lines.map(|line| line + end).collect::<String>()
        };
        let text = lines(rows.iter().enumerate().map(row).collect());
        let sample = Sample { extension: if is_json { "jsonl" } else { "csv" }, text: text.into_bytes() };
        prop_assert!(merge(&folder, &sample));
        // The notes are the last value of a row.
        let merged = folder.read(&sample.name("out"));
        let mut left: Vec<String> = merged.lines().skip(usize::from(!is_json)).map(str::to_owned).collect();
        let place = pick.index(left.len());
        let edited = &mut left[place];
        let id: usize = edited.trim_start_matches("{\"id\":").split(',').next().expect("an id").parse().expect("a number");
        let notes = if is_json { edited.rfind(":\"").expect("notes") + 2 } else { edited.rfind(',').expect("notes") + 1 };
        edited.replace_range(notes.., if is_json { "edited\"}" } else { "edited" });
        folder.file(&sample.name("out"), lines(left));
        let mut expected = rows.clone();
        expected[id].3 = "edited";
        let expected = lines(expected.iter().enumerate().map(row).collect());
        let back = undo(&folder, &sample);
        prop_assert_eq!(String::from_utf8_lossy(&back), expected);
    }

    #[test]
    fn merges_are_taken_back_one_by_one_in_any_order(
        sample in sample(),
        order in vec(any::<Index>(), 8),
    ) {
        let folder = Folder::new();
        if !merge(&folder, &sample) {
            return Ok(());
        }
        let patches = folder.read("patches");
        let id = |line: &str| line.split('"').nth(3).expect("an id").to_owned();
        let mut left: Vec<String> = patches.lines().skip(1).map(id).collect();
        let (out, next) = (sample.name("out"), sample.name("next"));
        for pick in order {
            if left.is_empty() {
                break;
            }
            let id = left.swap_remove(pick.index(left.len()));
            folder.done(&["undo", &out, "--patches", "patches", "--merge", &id[..8], "--output", &next]);
            fs::rename(folder.path(&next), folder.path(&out)).expect("a file");
        }
        let back = undo(&folder, &sample);
        prop_assert!(back == sample.text, "{}", String::from_utf8_lossy(&back));
    }
}
