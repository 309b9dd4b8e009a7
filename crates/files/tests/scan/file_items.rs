//! The rows of a file that is read in chunks are those that are read one after the other.

use std::fmt::Write as _;
use std::io::Write as _;

use onefold_files::scan::ScannedFile;
use onefold_files::{InputError, InputSource, Item, Options};

use crate::rows::items_with;

/// Texts of several chunks in all formats, with rows that lack an id and rows that are wrong.
fn texts() -> [(&'static str, String); 4] {
    let (mut table, mut lines, mut array, mut cards) =
        ("id,email,notes\n".to_owned(), String::new(), "[".to_owned(), String::new());
    for row in 0..30_000 {
        let id = if row % 100 == 0 { String::new() } else { format!("c{row}") };
        let notes = if row % 50 == 0 { "\"two\nlines\"" } else { "one line of notes that makes the file long enough" };
        let _ = writeln!(table, "{id},p{row}@example.com,{notes}");
        let object = match row % 200 {
            7 => "{\"id\":".to_owned(),
            _ => format!("{{\"id\":\"{id}\",\"email\":\"p{row}@example.com\",\"notes\":\"{}\"}}", "long ".repeat(8)),
        };
        let _ = writeln!(lines, "{object}");
        let comma = if row == 0 { "\n" } else { ",\n" };
        let _ = write!(
            array,
            "{comma}{{\"id\":\"{id}\",\"email\":\"p{row}@example.com\",\"notes\":\"{}\"}}",
            "long ".repeat(8)
        );
        let uid = if id.is_empty() { String::new() } else { format!("UID:c{}\n", row / 3) };
        let _ = write!(cards, "BEGIN:VCARD\nVERSION:3.0\n{uid}EMAIL:p{row}@example.com\nNOTE:{}\n", "long ".repeat(8));
        cards.push_str(if row % 500 == 3 { "no colon\nEND:VCARD\n" } else { "END:VCARD\n" });
    }
    array.push_str("\n]\n");
    [("a.csv", table), ("a.jsonl", lines), ("a.json", array), ("a.vcf", cards)]
}

#[test]
fn rows_in_chunks_are_the_rows_one_after_the_other() {
    for (name, text) in texts() {
        assert!(text.len() > 2 << 20, "{name}");
        let options = Options::default();
        let expected = items_with(name, text.as_str(), &options);
        let mut file = ScannedFile::of_bytes(name, text.into_bytes(), &options).expect("a usable file");
        let read = |file: &mut ScannedFile| {
            let mut items = Vec::with_capacity(expected.len());
            let outcome = file.for_each_item(|item| {
                items.push(item);
                Ok::<(), InputError>(())
            });
            outcome.expect("rows");
            items
        };
        let items = read(&mut file);
        assert!(file.is_chunked(), "{name}");
        assert_eq!(items.len(), expected.len(), "{name}");
        items.iter().zip(&expected).for_each(|(item, expected)| assert_eq!(item, expected, "{name}"));
        // The pool may have no thread left for the rows.
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
        assert_eq!(pool.install(|| read(&mut file)).len(), expected.len(), "{name}");
    }
}

#[test]
fn what_takes_rows_can_end_the_reading() {
    let [(name, text), ..] = texts();
    let mut file = ScannedFile::of_bytes(name, text.into_bytes(), &Options::default()).expect("a usable file");
    let mut count = 0;
    let outcome = file.for_each_item(|item| {
        count += usize::from(matches!(item, Item::Contact(_)));
        if count < 10 { Ok(()) } else { Err(InputError::NoHeader { name: "enough".to_owned() }) }
    });
    assert!(matches!(outcome, Err(InputError::NoHeader { .. })));
    assert_eq!(count, 10);
}

#[test]
fn a_file_that_was_changed_is_noticed() {
    let mut written = tempfile::NamedTempFile::new().expect("a file");
    written.write_all(b"id,email\n1,ada@example.com\n").expect("room");
    let source = InputSource::from_argument(written.path());
    let mut file = ScannedFile::open(&source, &Options::default()).expect("a usable file");
    file.check_unchanged().expect("nobody changed it");
    written.as_file().set_len(3).expect("a shorter file");
    assert!(matches!(file.check_unchanged(), Err(InputError::Changed { .. })));
    assert!(matches!(file.read_chunks(1 << 20, |_| ()), Err(InputError::Unreadable { .. })));
}
