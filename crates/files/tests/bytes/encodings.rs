//! Packed files and foreign encodings, whole and damaged.

use onefold::Field;
use onefold_files::{InputError, InputSource, Item, Options, Problem, read};

use crate::rows::{TABLE, error, faults, gzip, items, one, rows, text};

#[test]
fn packed_files_are_unpacked_whatever_their_name() {
    let (first, second) = TABLE.split_at(30);
    let members = [gzip(first.as_bytes()), gzip(second.as_bytes())].concat();
    let zstd = zstd::encode_all(TABLE.as_bytes(), 1).expect("memory takes all");
    for (name, bytes) in [("a.csv.gz", members.clone()), ("a.csv", members), ("a.csv.zst", zstd.clone()), ("a", zstd)] {
        assert_eq!(items(name, bytes), items("a.csv", TABLE), "{name}");
    }
}

#[test]
fn a_cut_off_or_damaged_archive_gives_its_whole_lines_and_a_notice() {
    let mut table = String::from("id,email\n");
    for number in 0..50_000 {
        table.push_str(&format!("{number},person{}@example.com\n", number * 7919 % 50_000));
    }
    let packed = gzip(table.as_bytes());
    let cut = items("a.csv.gz", packed.get(..packed.len() / 2).expect("half"));
    let Some(Item::Notice { line, problem: Problem::Damaged }) = cut.last() else { panic!("no notice") };
    let read = rows(cut.clone());
    assert!(read.len() > 1000 && *line == read.len() as u64 + 1);
    assert_eq!(read, rows(items("a.csv", table.as_str())).get(..read.len()).expect("fewer rows"));
    let mut behind = packed.clone();
    behind.extend_from_slice(b"garbage");
    assert_eq!(rows(items("a.csv.gz", behind)).len(), 50_000);
    let mut packed = zstd::encode_all(table.as_bytes(), 1).expect("memory takes all");
    packed.truncate(packed.len() - 5);
    assert!(matches!(items("a.csv.zst", packed).last(), Some(Item::Notice { problem: Problem::Damaged, .. })));
    assert!(error("a.gz", b"\x1f\x8bnonsense", &Options::default()).starts_with("cannot read a.gz: "));
}

#[test]
fn byte_order_marks_and_utf_16_are_understood() {
    let expected = items("a.csv", TABLE.replace("Ana", "Zélia"));
    let table = TABLE.replace("Ana", "Zélia");
    let utf16 = |to_bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        std::iter::once(0xfeff).chain(table.encode_utf16()).flat_map(to_bytes).collect()
    };
    assert_eq!(items("a.csv", [b"\xef\xbb\xbf", table.as_bytes()].concat()), expected);
    assert_eq!(items("a.csv", utf16(u16::to_le_bytes)), expected);
    assert_eq!(items("a.csv", utf16(u16::to_be_bytes)), expected);
    let mut broken = utf16(u16::to_le_bytes);
    broken.extend_from_slice(&[0x00, 0xd8]);
    assert!(faults(&items("a.csv", broken)).iter().any(|(_, problem)| *problem == Problem::BrokenUtf16));
}

#[test]
fn other_bytes_are_read_as_windows_1252_and_reported_once_a_row() {
    let found =
        items("a.csv", b"id,first_name,last_name,email\n1,Jos\xe9,\x80\xe9,j@example.com\n2,\xc3\xa9,b,c\n".to_vec());
    assert_eq!(faults(&found), [(2, Problem::NotUtf8)]);
    let rows = rows(found);
    assert_eq!(text(&rows[0].contact, &Field::FirstName), Some("José"));
    assert_eq!(text(&rows[0].contact, &Field::LastName), Some("€é"));
    assert_eq!(text(&rows[1].contact, &Field::FirstName), Some("é"));
    let row = one(items("a.jsonl", b"{\"id\":\"1\",\"first_name\":\"Jos\xe9\"}".to_vec()));
    assert_eq!(text(&row.contact, &Field::FirstName), Some("José"));
    assert_eq!(row.problems, [Problem::NotUtf8]);
}

#[test]
fn what_is_not_text_is_one_clear_error() {
    for (bytes, expected) in [
        (&b"\x89PNG\r\n\x1a\n"[..], "a is not text but a picture"),
        (b"%PDF-1.7 ...", "a is not text but a PDF"),
        (b"PK\x03\x04....", "a is a spreadsheet or another zip file; export it as CSV and give that"),
        (b"\x7fELF....", "a is not text but a program"),
        (b"ab\x00\x01\x02\x03\x04\x05", "a is not text but binary data"),
    ] {
        assert_eq!(error("a", bytes, &Options::default()), expected);
    }
    let missing = read(&InputSource::from_argument("no/such/file.csv"), &Options::default());
    assert!(matches!(missing, Err(InputError::Unreadable { .. })));
    assert_eq!(InputSource::from_argument("-"), InputSource::Stdin);
}

#[test]
fn a_few_nul_bytes_are_text() {
    let row = one(items("a.csv", "id,first_name,email,phone\n1,A\0na,ana@example.com,+1202555\u{0}0101\n"));
    assert_eq!(text(&row.contact, &Field::FirstName), Some("A\0na"));
}

#[test]
fn nothing_gives_nothing() {
    for bytes in ["", "\n\n", "\u{feff}"] {
        assert_eq!(items("a.csv", bytes), [Item::Notice { line: 0, problem: Problem::EmptyInput }]);
    }
    assert_eq!(items("a.csv", "id,email\n"), []);
    assert_eq!(items("a.csv", "id,email"), []);
}
