//! A table or a file of JSON Lines is read in chunks, and most of its rows without building contacts; `--chunk-bytes 0` builds the
//! contact of each row, one after the other. What both write and say must be the same to the byte.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use proptest::prelude::*;
use proptest::sample::select;

use crate::command::{Folder, text};

/// Runs `onefold suggest FILE` with `input` on standard input.
pub fn run(folder: &Folder, file: &str, input: &[u8], arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_onefold"));
    command.args(["suggest", file]).args(arguments);
    command.current_dir(folder.path("")).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the command runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = input.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().expect("the command ends");
    let _ = writer.join().expect("the writer ends");
    output
}

/// What a run says, without its input's name and the time it took.
fn said(output: &Output, name: &str) -> String {
    let said = text(&output.stderr).replace(name, "INPUT");
    said.lines().filter(|line| !line.starts_with("seconds")).fold(String::new(), |said, line| said + line + "\n")
}

fn check(content: &[u8], arguments: &[&str], chunk_bytes: usize) {
    check_format("csv", content, arguments, chunk_bytes);
}

/// Checks that both ways say the same of a content in this format.
pub fn check_format(format: &str, content: &[u8], arguments: &[&str], chunk_bytes: usize) {
    let (folder, name) = (Folder::new(), format!("in.{format}"));
    folder.file(&name, content);
    // An array has no name on the command line.
    let named: &[&str] = if format == "json" { &[] } else { &["--input-format", format] };
    let arguments = [arguments, named].concat();
    let whole = run(&folder, &name, b"", &[&arguments[..], &["--chunk-bytes", "0"]].concat());
    let chunk_bytes = chunk_bytes.to_string();
    let shown = String::from_utf8_lossy(content);
    for (file, input, source) in [(name.as_str(), b"".as_slice(), name.as_str()), ("-", content, "standard input")] {
        let chunks = run(&folder, file, input, &[&arguments[..], &["--chunk-bytes", &chunk_bytes]].concat());
        assert_eq!(said(&chunks, source), said(&whole, &name), "{arguments:?} {chunk_bytes} {shown:?}");
        assert_eq!(text(&chunks.stdout), text(&whole.stdout), "{arguments:?} {chunk_bytes} {shown:?}");
        assert_eq!(chunks.status.code(), whole.status.code());
    }
}

/// Arguments of the command.
pub const ARGUMENTS: [&[&str]; 12] = [
    &[],
    &["--count"],
    &["--count", "--max-holders", "2", "--min-strength", "weak", "--workspace-column", "account"],
    &["--region-from-country"],
    &["--max-holders", "2"],
    &["--max-holders", "0", "--max-members", "2"],
    &["--min-strength", "weak", "--region", "US"],
    &["--workspace-column", "account", "--format", "csv"],
    &["--min-strength", "exact", "--format", "table", "--workspace-column", "account"],
    &["--plus-tags", "--gmail-dots", "--ignore", "b@example.com", "--no-variants"],
    &["--identifier", "id"],
    &["--identifier", "account", "--identifier", "first_name"],
];

fn cell() -> impl Strategy<Value = &'static str> {
    select(vec![
        "",
        "",
        "",
        " ",
        "a@example.com",
        "A@example.com ",
        "b@example.com",
        "c+x@gmail.com",
        "c@gmail.com",
        "info@example.com",
        "a@example.com;b@example.com",
        "\"a@example.com, b@example.com\"",
        "nobody",
        "n/a",
        "0",
        "a@example.com;",
        "\"+12025550101, \"",
        "Home Fax",
        "Work ::: Home Fax",
        "+12025550101 ::: +12025550102",
        "+12025550101",
        "+1 202 555 0101",
        "(202) 555-0101",
        "\"+1 202-555-0102\"",
        "+12025550101;ext=7",
        "+12025550101 x7",
        "+12025550101 x8",
        "+551196123456",
        "+5511996123456",
        "12025550103@s.whatsapp.net",
        "US",
        "United States",
        "yes",
        "no",
        "perhaps",
        "sms",
        "whatsapp",
        "1",
        "2",
        "3",
        "x1",
        "line-7",
        "line-2",
        "\"two\nlines\"",
        "\"with \"\"quotes\"\"\"",
        "\"open",
        "stray\"",
        "caf\u{e9}",
        "\u{feff}a@example.com",
        "w",
    ])
}

fn file() -> impl Strategy<Value = Vec<u8>> {
    let headers = [
        "id,first_name,email,phone,country,account",
        "email,phone,channel,channel_id,channel_account,blocked",
        "phone,id,blocked,email,e-mail 2,account,name",
        "\"id\",\"email\",\"phone\"",
        "id;email;phone;account",
        "id,Phone 1 - Type,Phone 1 - Value,email",
    ];
    let row = (prop::collection::vec(cell(), 1..8), select(vec!["\n", "\n", "\r\n", "\n\n", "\r\r\n", " \n"]));
    (select(headers.to_vec()), select(vec!["\n", "\r\n"]), prop::collection::vec(row, 0..40), any::<bool>()).prop_map(
        |(header, end, rows, latin)| {
            let delimiter = if header.contains(';') { ";" } else { "," };
            let mut table = header.to_owned() + end;
            for (cells, end) in rows {
                let _ = write!(table, "{}{end}", cells.join(delimiter));
            }
            if latin {
                // Bytes that are not UTF-8.
                table.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect()
            } else {
                table.into_bytes()
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]
    #[test]
    fn both_ways_say_the_same(
        content in file(),
        arguments in select(ARGUMENTS.to_vec()),
        chunk_bytes in select(vec![1, 7, 40, 200, 1 << 20]),
    ) {
        let arguments: Vec<&str> = if content.starts_with(b"id,") || content.starts_with(b"phone,") { arguments.to_vec() } else { arguments.iter().filter(|argument| !matches!(**argument, "--workspace-column" | "account")).copied().collect() };
        check(&content, &arguments, chunk_bytes);
    }
}

#[test]
fn common_keys_and_many_groups_are_reported_alike() {
    let mut table = "id,name,email,phone,account\n".to_owned();
    for row in 0..3_000 {
        // One address of 40 contacts, others of one to three, and ids that come again.
        let email =
            if row % 75 == 0 { "hub@example.com".to_owned() } else { format!("p{}@example.com", row * 7 % 1_900) };
        let id = if row % 97 == 0 { row / 2 } else { row };
        let _ = writeln!(table, "c{id},\"N {row}\",{email},+1202555{:04},{}", row * 31 % 2_500, row % 3);
    }
    for chunk_bytes in [500, 1 << 20] {
        check(table.as_bytes(), &[], chunk_bytes);
        check(table.as_bytes(), &["--workspace-column", "account", "--format", "csv"], chunk_bytes);
        check(table.as_bytes(), &["--max-holders", "0"], chunk_bytes);
    }
}

#[test]
fn a_table_is_the_same_in_chunks_of_their_usual_size() {
    let mut table = "id,name,phone,email,notes\n".to_owned();
    for row in 0..30_000 {
        let notes = "as long as notes may be ".repeat(row % 5 * 2);
        let id = if row == 19_500 { 700 } else { row };
        writeln!(
            table,
            "c{id},Ada {row},+1202555{:04},person-{}@example.com,\"{notes}\"",
            row % 9_000,
            row * 3 % 17_000
        )
        .expect("room");
    }
    assert!(table.len() > 3 << 20);
    for arguments in [&[][..], &["--count"], &["--max-holders", "2", "--format", "csv"]] {
        check(table.as_bytes(), arguments, 4 << 20);
    }
}

#[test]
fn more_values_of_a_field_than_are_read_are_not_read() {
    let many = |spell: fn(usize) -> String| (0..10_001).map(spell).collect::<Vec<String>>().join(" ::: ");
    let channels = many(|_| "sms".to_owned());
    let numbers = many(|n| format!("+4479468{n:05}"));
    let emails = many(|n| format!("person-{n}@example.com"));
    let table = format!(
        "id,phone,email,channel,channel_id\na,,,{channels},{numbers}\nb,,,sms,+447946810000\nc,{numbers},,,\nd,+447946810000,,,\ne,,{emails},,\nf,,person-10000@example.com,,\ng,,person-9999@example.com,,\n"
    );
    check(table.as_bytes(), &[], 1 << 20);
    check(table.as_bytes(), &["--count"], 1 << 20);
}

#[test]
fn ids_that_come_again_are_found_in_any_order_of_the_ids() {
    let up: Vec<u32> = (1..150).collect();
    let down: Vec<u32> = up.iter().rev().copied().collect();
    let with =
        |at: usize, id: u32| up.iter().copied().take(at).chain([id]).chain(up.iter().copied().skip(at)).collect();
    let orders: [Vec<u32>; 8] = [
        [&up[..], &up[..]].concat(),
        [&up[..70], &up[60..]].concat(),
        [&up[70..], &up[..70], &up[..1]].concat(),
        [&down[..], &up[..3]].concat(),
        with(149, 149),
        with(100, 100),
        with(140, 3),
        [up, down].concat(),
    ];
    for order in orders {
        let mut table = "id,account,email\n".to_owned();
        for (row, id) in order.iter().enumerate() {
            writeln!(table, "c{id},{},person-{}@example.com", row % 7 / 6, row % 90).expect("room");
        }
        for chunk_bytes in [100, 1_000, 1 << 20] {
            check(table.as_bytes(), &[], chunk_bytes);
            check(table.as_bytes(), &["--workspace-column", "account"], chunk_bytes);
        }
    }
}

#[test]
fn a_contact_with_several_common_keys_is_reported_once() {
    let table = "id,email,phone,account\n\
        1,a@example.com,,x\n2,a@example.com,+12025550101,x\n3,a@example.com,+12025550101,x\n\
        4,,+12025550101,x\n5,a@example.com,,y\n6,a@example.com,,y\n7,a@example.com,,y\n";
    for arguments in [&["--max-holders", "2"][..], &["--max-holders", "2", "--workspace-column", "account"]] {
        check(table.as_bytes(), arguments, 1 << 20);
    }
}

#[test]
fn more_problems_than_are_shown_are_counted_alike() {
    let mut table = "id,email,blocked\n".to_owned();
    for row in 0..2_500 {
        let _ = writeln!(
            table,
            "{},p{}@example.com,maybe{}",
            row / 2,
            row % 1_000,
            if row % 5 == 0 { ",more" } else { "" }
        );
    }
    for chunk_bytes in [700, 1 << 20] {
        check(table.as_bytes(), &[], chunk_bytes);
    }
}

#[test]
fn files_that_are_no_plain_tables_are_read_as_ever() {
    let table = "id,email\n1,a@example.com\n2,a@example.com\n";
    let utf_16: Vec<u8> = [0xfeff_u16].into_iter().chain(table.encode_utf16()).flat_map(u16::to_be_bytes).collect();
    for content in [
        b"".to_vec(),
        b"\n\n".to_vec(),
        b"id,email".to_vec(),
        b"id,email\n".to_vec(),
        b"name,age\nAda,1\n".to_vec(),
        b"sep=;\nid;email\n1;a@example.com\n2;a@example.com\n".to_vec(),
        b"\xef\xbb\xbfid,email\n1,a@example.com\n2,a@example.com".to_vec(),
        b"id,\"email\n1,a@example.com\n2,a@example.com\n".to_vec(),
        table.replace('\n', "\r").into_bytes(),
        format!("\n  \n{table}").into_bytes(),
        b"%PDF-1.7\n".to_vec(),
        b"\xff\xfei\0d\0".to_vec(),
        utf_16,
    ] {
        check(&content, &[], 1);
    }
}

#[test]
fn packed_tables_are_read_in_chunks_too() {
    let folder = Folder::new();
    let table = "id,email\n1,a@example.com\n2,a@example.com\n3,b@example.com\n";
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(table.as_bytes()).expect("a vector takes all");
    let packed = packed.finish().expect("a vector takes all");
    folder.file("in.csv.gz", &packed);
    let csv = ["--input-format", "csv"];
    let chunks = run(&folder, "in.csv.gz", b"", &[&csv[..], &["--chunk-bytes", "10"]].concat());
    let whole = run(&folder, "-", &packed, &csv);
    assert_eq!(
        (text(&chunks.stdout), said(&chunks, "in.csv.gz")),
        (text(&whole.stdout), said(&whole, "standard input"))
    );
    let cut = &packed[..packed.len() - 9];
    folder.file("cut.csv.gz", cut);
    let chunks = run(&folder, "cut.csv.gz", b"", &csv);
    let whole = run(&folder, "-", cut, &csv);
    assert_eq!(
        (text(&chunks.stdout), said(&chunks, "cut.csv.gz")),
        (text(&whole.stdout), said(&whole, "standard input"))
    );
}
