//! Plain lines of JSON Lines are read without a contact. What is read of them must be what the contact has.

use std::str::FromStr;

use onefold::{Contact, Normalizer, Region, Value};
use onefold_files::scan::{ChunkRows, KeyRow, ScannedFile, TableRow};
use onefold_files::{Format, IdOrigin, Item, Options, Row};
use proptest::prelude::*;
use proptest::sample::select;

use crate::generated_objects::object;
use crate::rows::items_with;

/// How a row was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ReadAs {
    Plain,
    Other,
    Nothing,
}

/// What of a chunk's text is known before its rows are read.
#[derive(Clone, Copy, Debug)]
enum Reading {
    /// All of it is UTF-8.
    WholeChunk,
    /// Nothing: single rows are read.
    SomeRows,
    /// Nothing, and the names of contacts are read too.
    SomeRowsWithNames,
}

fn options(workspace: Option<&str>) -> Options {
    Options { format: Some(Format::JsonLines), workspace_column: workspace.map(str::to_owned), ..Options::default() }
}

/// Checks each row of a text against the full reader, and returns how each one was read. The first line makes the text JSON Lines.
#[track_caller]
fn check(lines: &[u8], workspace: Option<&str>, reading: Reading) -> Vec<ReadAs> {
    let content = [b"{\"id\":\"first\",\"email\":\"first@example.com\"}\n", lines].concat();
    let options = options(workspace);
    let mut file = ScannedFile::of_bytes("in.jsonl", content.clone(), &options).expect("a usable file");
    // What all rows decide is known from then on.
    let chunks = file.read_chunks(usize::MAX, |_| ()).expect("rows");
    let full = items_with("in.jsonl", content.clone(), &options);
    let checked = |rows: &mut ChunkRows<'_>| check_rows(rows, &content, full.clone(), reading);
    let mut read = match reading {
        Reading::WholeChunk => file.read_chunks(usize::MAX, checked).expect("rows").remove(0).value,
        Reading::SomeRows => file.read_again(&chunks[0], checked).expect("rows"),
        Reading::SomeRowsWithNames => {
            let with_names = |rows: &mut ChunkRows<'_>| {
                rows.read_names();
                checked(rows)
            };
            file.read_again(&chunks[0], with_names).expect("rows")
        }
    };
    read.remove(0);
    read
}

fn check_rows(rows: &mut ChunkRows<'_>, content: &[u8], full: Vec<Item>, reading: Reading) -> Vec<ReadAs> {
    let mut full = full.into_iter();
    let mut read = Vec::new();
    while let Some(next) = rows.read_next() {
        let shown = String::from_utf8_lossy(content.get(next.span.clone()).unwrap_or_default()).into_owned();
        let expected = full.next().expect("a row of the full reader");
        read.push(match (next.row, expected) {
            (TableRow::Plain(key_row), Item::Contact(row)) => {
                assert_eq!((next.span, next.line), (row.span.clone(), row.line), "{shown}");
                check_row(key_row, &row, matches!(reading, Reading::SomeRowsWithNames), &shown);
                ReadAs::Plain
            }
            (TableRow::Plain(_), other) => panic!("{shown}: {other:?}"),
            (TableRow::Other(Item::Contact(mut row)), expected) => {
                if let (IdOrigin::Line, Item::Contact(expected)) = (row.id_origin, &expected) {
                    row.contact.id.clone_from(&expected.contact.id);
                }
                assert_eq!(Item::Contact(row), expected, "{shown}");
                ReadAs::Other
            }
            (TableRow::Other(item), expected) => {
                assert_eq!(item, expected);
                ReadAs::Nothing
            }
        });
    }
    assert!(full.all(|item| matches!(item, Item::Notice { line: 0, .. })));
    assert_eq!(rows.lines(), content.split_inclusive(|byte| *byte == b'\n').count() as u64);
    read
}

#[track_caller]
fn check_row(key_row: &KeyRow<'_>, row: &Row, has_names: bool, shown: &str) {
    assert_eq!(row.problems, [], "{shown}");
    let id = if row.id_origin == IdOrigin::Given { row.contact.id.as_str() } else { "" };
    assert_eq!(key_row.id, id, "{shown}");
    assert_eq!(key_row.workspace, row.workspace.as_deref(), "{shown}");
    assert_eq!(key_row.blocked, row.contact.blocked, "{shown}");
    assert_eq!(key_row.country, row.contact.country().unwrap_or_default(), "{shown}");
    assert_eq!(key_row.channels(), row.contact.channels(), "{shown}");
    if has_names {
        assert_eq!(key_row.name(), name_of(&row.contact), "{shown}");
    }
    let short = key_row.contact(row.contact.id.clone(), &[]);
    for region in [None, Some("US")] {
        let mut builder = Normalizer::builder().region_from_country();
        if let Some(region) = region {
            builder = builder.region(Region::from_str(region).expect("a region"));
        }
        let normalizer = builder.build();
        let (of_row, of_contact) = (normalizer.contact(&short), normalizer.contact(&row.contact));
        assert_eq!(of_row.keys, of_contact.keys, "{shown}");
        assert_eq!(of_row.rejections, of_contact.rejections, "{shown}");
        for key in &of_row.keys {
            assert_eq!(key.place.value_in(&short), key.place.value_in(&row.contact), "{shown}");
        }
    }
    // The packed row is what later passes have.
    let mut packed = Vec::new();
    key_row.pack(&mut packed);
    let unpacked = KeyRow::unpack(&packed).expect("a packed row");
    assert_eq!(unpacked.contact(row.contact.id.clone(), &[]), short, "{shown}");
}

/// Returns the name for display, as the command line shows it.
fn name_of(contact: &Contact<String>) -> String {
    use onefold::Field::{DisplayName, FirstName, LastName};
    let text = |field| contact.get(&field).and_then(Value::as_text).unwrap_or_default().trim();
    let name = [text(FirstName), text(LastName)].join(" ");
    if name.trim().is_empty() { text(DisplayName).to_owned() } else { name.trim().to_owned() }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]
    #[test]
    fn plain_lines_have_what_the_contact_has(
        rows in prop::collection::vec((object(), select(vec!["\n", "\n", "\n", "\r\n", " \n\n", "\n \r\n"])), 1..25),
        latin in prop::bool::weighted(0.1),
        workspace in select(vec![None, Some("account"), Some("country"), Some("custom"), Some("phones")]),
        reading in select(vec![Reading::WholeChunk, Reading::SomeRows, Reading::SomeRowsWithNames]),
    ) {
        let text: String = rows.iter().flat_map(|(row, end)| [row.as_str(), *end]).collect();
        let lines = if latin {
            text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap_or(b'?')).collect()
        } else {
            text.into_bytes()
        };
        check(&lines, workspace, reading);
    }
}

/// Checks how the last of some lines is read.
#[track_caller]
fn check_last(lines: &str, workspace: Option<&str>, expected: ReadAs) {
    for reading in [Reading::WholeChunk, Reading::SomeRows, Reading::SomeRowsWithNames] {
        let read = check(lines.as_bytes(), workspace, reading);
        assert_eq!(read.last(), Some(&expected), "{lines} {reading:?}");
    }
}

#[test]
fn lines_of_usual_exports_are_plain() {
    for line in [
        r#"{"id":"c1","account_id":"a1","first_name":"Ada","emails":["a@example.com"],"phones":["+12025550101","+12025550102"],"channel":"sms","channel_id":"+12025550103","tags":["x"],"custom_fields":{"score":23,"note":"a \"b\""},"blocked":false,"created_at":"2023-08-14T19:52:33Z"}"#,
        r#"{"id": 17, "email": "a@example.com; b@example.com", "phone": 12025550101, "country": "US", "blocked": "nein", "name": null}"#,
        r#"{"email":"a@example.com","work email":"b@example.com","phone":null,"mobile":"","notes":"two\nlines \u00e9","address":{"city":"Rio","geo":[1.5,-2e-7]}}"#,
        r#"{"uuid":"u1","id":"c1","name":"Ada","display_name":"A","channels":[],"properties":null,"fax":"","company_phone":null}"#,
        r#"{"phone":"+12025550101","phone_type":"Mobile"}"#,
        r#"{"wa_id":"+12025550101","custom":null,"custom.fax":"+12025550104","status":{"a":[[],{}]}}"#,
    ] {
        let expected = if line.contains("company_phone") { ReadAs::Other } else { ReadAs::Plain };
        check_last(line, None, expected);
        check_last(&format!("{line}\r\n"), Some("account_id"), expected);
        check_last(&format!("{line}\n{line} \n\n"), None, expected);
    }
}

#[test]
fn lines_that_only_the_full_reader_can_read_are_not_plain() {
    for members in [
        r#""id":"c2""#,
        r#""phone":"+12025550102","phone":"+12025550103""#,
        r#""i\u0064":"c2""#,
        r#""phone":"\u002b12025550102""#,
        r#""phone":{"value":"+12025550102"}"#,
        r#""emails":[{"value":"b@example.com"}]"#,
        r#""email":"b@example.com","emails":["c@example.com"]"#,
        r#""phone":"[\"+12025550102\"]""#,
        r#""phone":"[+12025550102]""#,
        r#""whatsapp":"12025550102""#,
        r#""whatsapp":12025550102"#,
        r#""phone":"+12025550102","phone_type":"fax""#,
        r#""phone_type":"fax","phone":"+12025550102""#,
        r#""phone":"+12025550102","phone_type":["work"]"#,
        r#""channels":[{"kind":"sms","identity":"+12025550102"}]"#,
        r#""channels":null"#,
        r#""channel":null,"canal":"sms","channel_id":"x""#,
        r#""channel":"sms","channel_id":" ""#,
        r#""properties":{"phone":"+12025550102"}"#,
        r#""attributes":[{"phone":"+12025550102"}]"#,
        r#""custom":{"billing_email":"b@example.com"}"#,
        r#""custom_fields":{"f\u0061x":"+12025550102"}"#,
        r#""fax":"+12025550102""#,
        r#""company phone":["+12025550102"]"#,
        r#""provenance":{"emails":{"source":"manual","verified":true}}"#,
        r#""blocked":"perhaps""#,
        r#""blocked":[true]"#,
        r#""country":55"#,
        r#""country":" ""#,
        r#""notes":"\ud800""#,
        r#""emails":" ""#,
        r#""emails":[null]"#,
        r#""phones":true"#,
    ] {
        let line = format!("{{\"id\":\"c1\",{members}}}");
        // Once with names that are new, and once with names that are known.
        check_last(&line, None, ReadAs::Other);
        check_last(&format!("{line}\n{line}"), None, ReadAs::Other);
    }
    for line in
        [r#"{"email":"a@example.com","id":"n/a"}"#, r#"{"email":"a@example.com","id":" "}"#, r#"{"country":"US"}"#]
    {
        check_last(line, None, ReadAs::Other);
    }
    for line in [
        r#"{"id":"c1","email":"a@example.com""#,
        r#"{"id":"c1","email":"a@example.com"}}"#,
        r#"{"id":"c1","email":"a@example.com",}"#,
        r#"{"id":"c1","notes":01}"#,
        r#"{"id":"c1" "email":"a@example.com"}"#,
        "{\"id\":\"c1\",\"notes\":\"a\tb\"}",
        "{\"id\":\"c1\",\"notes\":\"a\nb\"}",
        r#"["c1"]"#,
        "\u{feff}{\"id\":\"c1\"}",
        "{}",
        r#"{"phone":null,"email":""}"#,
    ] {
        check_last(line, None, ReadAs::Nothing);
    }
    check_last("{\"id\":\"c1\",\"account\":[\"w\"]}", Some("account"), ReadAs::Other);
    check_last("{\"id\":\"c1\",\"notes\":\"a\"}", Some("notes"), ReadAs::Plain);
    // Bytes that are not UTF-8.
    let read = check(b"{\"id\":\"c1\",\"notes\":\"\xe9\"}\n{\"id\":\"c2\"}", None, Reading::WholeChunk);
    assert_eq!(read, [ReadAs::Other, ReadAs::Plain]);
}

#[test]
fn names_with_escapes_matter_only_if_they_are_shown() {
    let line = r#"{"id":"c1","first_name":"Jos\u00e9"}"#;
    assert_eq!(check(line.as_bytes(), None, Reading::SomeRows), [ReadAs::Plain]);
    assert_eq!(check(line.as_bytes(), None, Reading::SomeRowsWithNames), [ReadAs::Other]);
}

#[test]
fn more_names_than_are_kept_are_read_by_the_full_reader() {
    let lines: String =
        (0..600).map(|row| format!("{{\"id\":\"c{row}\",\"n{row}\":1,\"custom\":{{\"m{row}\":1}}}}\n")).collect();
    let read = check(lines.as_bytes(), None, Reading::WholeChunk);
    assert_eq!((read.first(), read.last()), (Some(&ReadAs::Plain), Some(&ReadAs::Other)));
}
