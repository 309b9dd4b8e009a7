//! A row that is written for a merged contact says what the contact says, and nothing else of the file changes.

use onefold::{Field, Value};
use onefold_files::{Format, Options, Row, like};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::merged_rows::{open, united};

fn shown(value: Option<&Value>) -> Vec<String> {
    let one = |value: &Value| match value {
        Value::Text(text) => text.clone(),
        value => serde_json::to_string(value).expect("JSON"),
    };
    match value {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::List(items)) => items.iter().map(|item| one(item).trim().to_owned()).collect(),
        Some(value) => vec![one(value)],
    }
}

fn sorted(mut texts: Vec<String>) -> Vec<String> {
    texts.sort();
    texts
}

fn says_what_numbers_are(text: &[u8]) -> bool {
    let header = text.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    let has = |name: &[u8]| header.windows(name.len()).any(|part| part == name);
    has(b"Mobile") || has(b"Home phone")
}

/// Merges some rows of a file by hand, writes the row, and looks at all of the file.
fn check(name: &str, text: &[u8], picks: &[Index], winners: &[Index]) -> Result<(), TestCaseError> {
    let options = Options::default();
    let Some((input, rows)) = open(name, text, &options) else { return Ok(()) };
    if rows.is_empty() {
        return Ok(());
    }
    // An object that is only what is around a list is read as the list, whose elements are no lines: `merge` refuses it.
    if input.format() == Format::JsonArray {
        let mut alone = like(&input.shape(), &options).expect("an input");
        prop_assert!(alone.reread(&input.content()[rows[0].span.clone()]).is_none());
        return Ok(());
    }
    let mut places: Vec<usize> = Vec::new();
    for place in picks.iter().map(|pick| pick.index(rows.len())) {
        if !places.contains(&place) {
            places.push(place);
        }
    }
    let chosen: Vec<&Row> = places.iter().map(|place| &rows[*place]).collect();
    let segments: Vec<&[u8]> = chosen.iter().map(|row| &input.content()[row.span.clone()]).collect();
    let merged = united(&chosen, winners);
    let mut alone = like(&input.shape(), &options).expect("the same columns");
    for (row, segment) in chosen.iter().zip(&segments) {
        let again = alone.reread(segment).expect("a row");
        prop_assert_eq!(&again.contact.fields, &row.contact.fields);
    }
    let composed = alone.compose(&segments, &merged).expect("a row");
    if places.len() == 1 {
        prop_assert_eq!(&composed.segment, segments[0]);
        prop_assert!(composed.misfits.is_empty());
    }
    let mut written = Vec::new();
    let mut expected = Vec::new();
    let mut at = 0;
    for (place, row) in rows.iter().enumerate() {
        written.extend_from_slice(&input.content()[at..row.span.start]);
        if place == places[0] {
            written.extend_from_slice(&composed.segment);
            expected.push((row.contact.id.clone(), &merged));
        } else if !places.contains(&place) {
            written.extend_from_slice(&input.content()[row.span.clone()]);
            expected.push((row.contact.id.clone(), &row.contact));
        }
        at = row.span.end;
    }
    written.extend_from_slice(&input.content()[at..]);
    let (_, found) = open(name, &written, &options).expect("the same header");
    prop_assert_eq!(found.len(), expected.len());
    for (row, (id, contact)) in found.iter().zip(expected) {
        let names = row.contact.fields.keys().chain(contact.fields.keys());
        for field in names.filter(|field| !composed.misfits.contains(&field.to_string())) {
            let (found, expected) = (row.contact.get(field), contact.get(field));
            let same = match field {
                // A label goes with its value: see `labels_go_with_their_values`.
                Field::Other(name) if name.ends_with(" - Type") => true,
                // Columns that say what a number is give no order: `Mobile` and `Home phone`.
                Field::Phone if name.ends_with("csv") && says_what_numbers_are(text) => {
                    sorted(shown(found)) == sorted(shown(expected))
                }
                _ if name.ends_with("csv") => shown(found) == shown(expected),
                _ => found == expected,
            };
            prop_assert!(same, "{} of {}\n{}", field, id, String::from_utf8_lossy(&written));
        }
        if row.id_origin == onefold_files::IdOrigin::Given {
            prop_assert_eq!(&row.contact.id, &id);
        }
    }
    Ok(())
}

const HEADERS: [&str; 24] = [
    "id",
    "Phone 1 - Type",
    "Mobile",
    "Home phone",
    "Additional email addresses",
    "E-mail 1 - Value",
    "E-mail 2 - Value",
    "email",
    "Phone 1 - Value",
    "Phone 2 - Value",
    "name",
    "name",
    "first_name",
    "Country",
    "Pais",
    "Labels",
    "custom.plan",
    "custom",
    "channel",
    "channel_id",
    "channel_account",
    "created_at",
    "notes",
    "notes",
];

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => Just(String::new()),
        3 => (0..9_u8).prop_map(|n| format!("+1 202 555 01{n:02}")),
        3 => (0..9_u8).prop_map(|n| format!("a{n}@example.com")),
        1 => Just("a@example.com; b@example.com".to_owned()),
        1 => Just("a@example.com ::: c@example.com".to_owned()),
        1 => Just("vip, x; y".to_owned()),
        1 => Just("[\"a@example.com\",\"d@example.com\"]".to_owned()),
        1 => Just("{+12025550101,\"+1 202 555 0102\"}".to_owned()),
        1 => Just("{\"plan\": 1.50, \"x\":null}".to_owned()),
        1 => Just("2024-02-29T10:00:00Z".to_owned()),
        1 => Just("1700000000000".to_owned()),
        1 => Just("whatsapp".to_owned()),
        2 => "[a-c \"\\n\\r,;\u{e9}]{0,5}",
    ]
}

fn table(
    headers: &[&str],
    rows: &[Vec<String>],
    delimiter: char,
    end: &str,
    quoting: u8,
    final_end: bool,
    latin: bool,
) -> Vec<u8> {
    let quote = |cell: &str| {
        let special = cell.contains([delimiter, '"', '\n', '\r']);
        let cell = if end == "\r" { cell.replace('\n', "\r") } else { cell.to_owned() };
        if special || quoting == 1 { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
    };
    let line = |cells: Vec<String>| cells.join(&delimiter.to_string());
    let mut lines = vec![line(headers.iter().map(|header| (*header).to_owned()).collect())];
    for (number, row) in rows.iter().enumerate() {
        let text = |(header, cell): (&&str, &String)| {
            if *header == "id" { number.to_string() } else { quote(cell) }
        };
        lines.push(line(headers.iter().zip(row).map(text).collect()));
    }
    let mut text = lines.join(end);
    if final_end {
        text.push_str(end);
    }
    if latin { text.chars().map(|letter| u8::try_from(letter).unwrap_or(b'?')).collect() } else { text.into_bytes() }
}

const NAMES: [&str; 18] = [
    "id",
    "emails",
    "phones",
    "email",
    "E-mail 2",
    "mobile",
    "name",
    "display_name",
    "first_name",
    "country",
    "pais",
    "tags",
    "custom",
    "custom_fields",
    "channels",
    "created_at",
    "notes",
    "provenance",
];

fn json_value() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => (0..9_u8).prop_map(|n| format!("\"a{n}@example.com\"")),
        3 => (0..9_u8).prop_map(|n| format!("[\"b{n}@example.com\", \"\\u0061@example.com\" ]")),
        2 => (0..9_u8).prop_map(|n| format!("\"+1 202 555 01{n:02}\"")),
        1 => select(vec![
            "null", "[]", "{}", "\"\"", "1.50", "true", "[null, 5,{\"x\" : [1]}]", "{\"plan\" : 1e400, \"y\":\"\\u00e9\"}",
            "[{\"kind\":\"sms\",\"identity\":\"+12025550101\"}]", "\"2024-02-29T10:00:00Z\"", "1700000000000",
            "{\"name\":{\"source\":\"manual\"}}", "\"\\ud83d\"", "\"vip, x\"", "{ \"plan\":[ 1 ] }",
        ]).prop_map(str::to_owned),
        1 => "\"[a-c ,;\u{e9}]{0,5}\"",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_row_of_a_table_says_what_the_contact_says(
        columns in vec(select(HEADERS.as_slice()), 1..9),
        cells in vec(vec(cell(), 9), 1..5),
        (delimiter, end) in (select(vec![',', ';', '\t']), select(vec!["\n", "\r\n", "\r"])),
        (quoting, final_end, latin) in (0..2_u8, any::<bool>(), any::<bool>()),
        picks in vec(any::<Index>(), 1..4),
        winners in vec(any::<Index>(), 1..6),
    ) {
        let headers: Vec<&str> = std::iter::once("email").chain(columns).collect();
        let text = table(&headers, &cells, delimiter, end, quoting, final_end, latin);
        check("a.csv", &text, &picks, &winners)?;
    }

    #[test]
    fn a_line_of_json_says_what_the_contact_says(
        objects in vec(vec((select(NAMES.as_slice()), json_value(), select(vec!["", " ", "\t"])), 1..8), 1..5),
        (end, final_end) in (select(vec!["\n", "\r\n", "\r"]), any::<bool>()),
        picks in vec(any::<Index>(), 1..4),
        winners in vec(any::<Index>(), 1..6),
    ) {
        let line = |(number, members): (usize, &Vec<(&str, String, &str)>)| {
            let member = |(name, value, blank): &(&str, String, &str)| match *name {
                "id" => format!("{blank}\"id\":{blank}{number}{blank}"),
                name => format!("{blank}\"{name}\":{blank}{value}{blank}"),
            };
            format!("{{{}}}{}", members.iter().map(member).collect::<Vec<_>>().join(","), members[0].2)
        };
        let mut text = objects.iter().enumerate().map(line).collect::<Vec<_>>().join(end);
        if final_end {
            text.push_str(end);
        }
        check("a.jsonl", text.as_bytes(), &picks, &winners)?;
    }
}

/// The labels and the values of a row with two pairs of cells.
fn pairs(segment: &[u8]) -> Vec<(String, String)> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(segment);
    let record = reader.records().next().expect("a record").expect("UTF-8");
    let cell = |at: usize| record.get(at).unwrap_or_default().split(" ::: ").map(str::to_owned).collect::<Vec<_>>();
    let mut pairs = Vec::new();
    for at in [1, 3] {
        let (labels, values) = (cell(at), cell(at + 1));
        let label = |place: usize| if labels.len() == 1 { &labels[0] } else { &labels[place] };
        let said = values.iter().enumerate().filter(|(_, value)| !value.is_empty());
        pairs.extend(said.map(|(place, value)| (label(place).clone(), value.clone())));
    }
    pairs
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// What [`check`] leaves out: the columns of labels.
    #[test]
    fn labels_go_with_their_values(
        rows in vec([select(vec!["", "Work", "Mobile", "Home Fax", "Main"]), select(vec!["", "Home", "Pager"])], 2..4),
        has_value in vec(any::<[bool; 2]>(), 4),
    ) {
        let mut text = "Name,Phone 1 - Type,Phone 1 - Value,Phone 2 - Type,Phone 2 - Value,E-mail 1 - Value\n".to_owned();
        for (row, labels) in rows.iter().enumerate() {
            text.push_str("Ada");
            for (place, label) in labels.iter().enumerate() {
                if has_value[row][place] { text.push_str(&format!(",{label},+1 202 555 01{row}{place}")) } else { text.push_str(",,") }
            }
            text.push_str(",a@example.com\n");
        }
        let (mut input, found) = open("a.csv", text.as_bytes(), &Options::default()).expect("an input");
        let chosen: Vec<&Row> = found.iter().collect();
        let segments: Vec<&[u8]> = text.lines().skip(1).map(str::as_bytes).collect();
        let merged = united(&chosen, &[]);
        let composed = input.compose(&segments, &merged).expect("a row");
        let is_kept = |value: &String| merged.fields.values().any(|held| shown(Some(held)).contains(value));
        let all = segments.iter().flat_map(|segment| pairs(segment));
        let mut expected: Vec<(String, String)> = all.filter(|(_, value)| is_kept(value)).collect();
        let mut written = pairs(&composed.segment);
        expected.sort();
        written.sort();
        prop_assert_eq!(written, expected, "{}\n{}", text, String::from_utf8_lossy(&composed.segment));
    }
}
