//! `merge` and `undo` of vCards: which lines stay, which are added, and what is named or refused.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;

use onefold::{Key, Normalizer};
use onefold_files::{Item, Options, read_bytes};
use proptest::prelude::*;

use crate::address_books::{Cards, address_book};
use crate::command::{Folder, assert_says, text, with};

const MERGE: [&str; 7] = ["merge", "in.vcf", "--all", "--output", "out.vcf", "--patches", "patches"];
const UNDO: [&str; 6] = ["undo", "out.vcf", "--patches", "patches", "--output", "back.vcf"];

/// An address book in which the first and the third card are one person.
const BOOK: &str = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:1\r\nFN:Ada Lima\r\nN:Lima;Ada;;;\r\nitem1.TEL:+1 202 555 0101\r\n\
                    item1.X-ABLabel:Desk\r\nEMAIL;TYPE=INTERNET:ada@example.com\r\nNOTE:first \r\n line\r\nEND:VCARD\r\n\
                    BEGIN:VCARD\r\nVERSION:3.0\r\nUID:2\r\nFN:Bob\r\nEMAIL:bob@exam\r\n ple.com\r\nEND:VCARD\r\n\
                    BEGIN:VCARD\r\nVERSION:3.0\r\nUID:3\r\nFN:Ada Lima\r\nitem1.TEL;TYPE=CELL:+1 202 555 0102\r\n\
                    item1.X-ABLabel:_$!<Mobile>!$_\r\nEMAIL;TYPE=HOME:ADA@example.com\r\nEMAIL:a.lima@example.com\r\n\
                    ORG:Example\\, Inc.;Sales\r\nPHOTO;ENCODING=b;TYPE=JPEG:/9j/\r\n 4AAQ\r\nEND:VCARD\r\n";

const MERGED: &str = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:1\r\nFN:Ada Lima\r\nN:Lima;Ada;;;\r\nitem1.TEL:+1 202 555 0101\r\n\
                      item1.X-ABLabel:Desk\r\nitem2.TEL;TYPE=CELL:+1 202 555 0102\r\nitem2.X-ABLabel:_$!<Mobile>!$_\r\n\
                      EMAIL;TYPE=INTERNET:ada@example.com\r\nEMAIL:a.lima@example.com\r\nNOTE:first \r\n line\r\n\
                      ORG:Example\\, Inc.;Sales\r\nPHOTO;ENCODING=b;TYPE=JPEG:/9j/\r\n 4AAQ\r\nEND:VCARD\r\n\
                      BEGIN:VCARD\r\nVERSION:3.0\r\nUID:2\r\nFN:Bob\r\nEMAIL:bob@exam\r\n ple.com\r\nEND:VCARD\r\n";

#[test]
fn lines_stay_and_those_of_other_cards_come_with_their_labels() {
    let folder = Folder::new();
    folder.file("in.vcf", BOOK);
    let said = folder.done(&MERGE);
    assert_says(
        &said,
        &[
            "contacts                           3",
            "merges                             1",
            "contacts retired                   1",
        ],
    );
    assert!(!said.contains("is not in the row"), "{said}");
    assert_eq!(folder.read("out.vcf"), MERGED);
    folder.done(&UNDO);
    assert_eq!(folder.read("back.vcf"), BOOK);
}

#[test]
fn an_edit_stays_and_all_else_goes_back() {
    let folder = Folder::new();
    folder.file("in.vcf", BOOK);
    folder.done(&MERGE);
    let edited = MERGED.replace("first \r\n line", "edited").replace("FN:Bob", "FN:Rob");
    folder.file("out.vcf", edited.replace("EMAIL:a.lima", "EMAIL:new@example.com\r\nEMAIL:a.lima"));
    folder.done(&UNDO);
    let expected = BOOK.replace("first \r\n line", "edited").replace("FN:Bob", "FN:Rob");
    let expected = expected.replacen("ada@example.com\r\n", "ada@example.com\r\nEMAIL:new@example.com\r\n", 1);
    assert_eq!(folder.read("back.vcf"), expected);
    // Nothing but the type of a phone was edited.
    folder.file("out.vcf", MERGED.replace("item1.TEL:", "item1.TEL;TYPE=HOME:"));
    folder.done(&with(&UNDO, &["--force"]));
    assert_eq!(folder.read("back.vcf"), BOOK.replacen("item1.TEL:", "item1.TEL;TYPE=HOME:", 1));
    // The last line has lost its end.
    folder.file("out.vcf", MERGED.trim_end());
    folder.done(&with(&UNDO, &["--force"]));
    assert_eq!(folder.read("back.vcf"), BOOK);
    folder.file("out.vcf", MERGED.replace("Sales", "Support"));
    let said = folder.done(&with(&UNDO, &["--force"]));
    assert_says(&said, &["values edited since                1"]);
    let expected = BOOK.replacen("END", "ORG:Example\\, Inc.;Support\r\nEND", 1);
    assert_eq!(folder.read("back.vcf"), expected);
    folder.fails(&with(&UNDO, &["--force", "--edits", "refuse"]), 1, "cannot be undone");
    folder.done(&with(&UNDO, &["--force", "--edits", "overwrite"]));
    assert_eq!(folder.read("back.vcf"), BOOK);
}

#[test]
fn a_picture_comes_if_there_is_none_and_goes_back_unless_it_was_replaced() {
    let folder = Folder::new();
    let photo = "PHOTO;ENCODING=b;TYPE=JPEG:/9j/\r\n 4AAQ\r\n";
    folder.file("in.vcf", BOOK);
    folder.done(&MERGE);
    for (edited, back) in [
        (MERGED.replace("first", "second"), BOOK.replacen("first", "second", 1)),
        (MERGED.replace("9j/", "8j/"), BOOK.replacen("END", "PHOTO;ENCODING=b;TYPE=JPEG:/8j/\r\n 4AAQ\r\nEND", 1)),
        (MERGED.replace(photo, ""), BOOK.to_owned()),
    ] {
        folder.file("out.vcf", edited);
        folder.done(&with(&UNDO, &["--force"]));
        assert_eq!(folder.read("back.vcf"), back);
    }
    let own = BOOK.replacen("NOTE", "PHOTO;ENCODING=b:/9j/\r\nNOTE", 1);
    folder.file("in2.vcf", &own);
    let said = folder.done(&["merge", "in2.vcf", "--all", "--output", "out2.vcf", "--patches", "patches2"]);
    let sentence = "photo of another card of contact \"1\" is not in the row, which has one already or cannot hold it";
    assert_says(&said, &[sentence]);
    assert!(!folder.read("out2.vcf").contains("4AAQ"));
}

#[test]
fn a_second_spelling_stays_where_the_region_is_given() {
    let folder = Folder::new();
    let own = "BEGIN:VCARD\nVERSION:3.0\nUID:a\nFN:Ada Lima\nEMAIL:ada@example.com\nTEL;TYPE=HOME:+4930123456\n\
               TEL;TYPE=WORK:030 123456\n";
    let other = "BEGIN:VCARD\nVERSION:3.0\nUID:b\nFN:Ada Lima\nEMAIL:ada@example.com\nTEL:+4930999999\nEND:VCARD\n";
    folder.file("in.vcf", format!("{own}END:VCARD\n{other}"));
    folder.done(&with(&MERGE, &["--region", "DE"]));
    assert_eq!(folder.read("out.vcf"), format!("{own}TEL:+4930999999\nEND:VCARD\n"));
    folder.done(&UNDO);
    assert_eq!(folder.read("back.vcf"), format!("{own}END:VCARD\n{other}"));
    folder.file("out.vcf", format!("{own}TEL:+4930999999\nNOTE:edited\nEND:VCARD\n"));
    folder.done(&with(&UNDO, &["--force"]));
    assert_eq!(folder.read("back.vcf"), format!("{own}NOTE:edited\nEND:VCARD\n{other}"));
}

#[test]
fn a_card_without_a_uid_is_found_by_its_bytes_only() {
    let folder = Folder::new();
    let book = BOOK.replace("UID:1\r\n", "").replace("UID:3\r\n", "");
    folder.file("in.vcf", &book);
    folder.done(&MERGE);
    assert_eq!(folder.read("out.vcf"), MERGED.replace("UID:1\r\n", ""));
    folder.done(&UNDO);
    assert_eq!(folder.read("back.vcf"), book);
    folder.file("out.vcf", folder.read("out.vcf").replace("first", "second"));
    folder.fails(&with(&UNDO, &["--force"]), 1, "the row it wrote has no id and was edited since");
}

#[test]
fn packed_and_recoded_address_books_come_out_as_utf_8() {
    let folder = Folder::new();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(BOOK.as_bytes()).expect("gzip");
    folder.file("in.vcf", gzip.finish().expect("gzip"));
    folder.done(&MERGE);
    assert_eq!(folder.read("out.vcf"), MERGED);
    fs::remove_file(folder.path("patches")).expect("a file");
    let units = std::iter::once(0xfeff).chain(BOOK.encode_utf16());
    folder.file("in.vcf", units.flat_map(u16::to_le_bytes).collect::<Vec<u8>>());
    folder.done(&with(&MERGE, &["--force"]));
    assert_eq!(folder.read("out.vcf"), format!("\u{feff}{MERGED}"));
    folder.done(&UNDO);
    assert_eq!(folder.read("back.vcf"), format!("\u{feff}{BOOK}"));
}

#[test]
fn contacts_that_cannot_be_taken_apart_again_are_left_with_the_reason() {
    let folder = Folder::new();
    let several =
        format!("{BOOK}{}", BOOK.split_inclusive("END:VCARD\r\n").nth(2).expect("a card").replace("Lima", "L."));
    let glued = BOOK
        .replace("END:VCARD\r\nBEGIN:VCARD\r\nVERSION:3.0\r\nUID:2", "END:VCARDBEGIN:VCARD\r\nVERSION:3.0\r\nUID:2");
    let glued = format!(
        "{}{}",
        &glued[glued.rfind("BEGIN").expect("a card")..],
        &glued[..glued.rfind("BEGIN").expect("a card")]
    );
    for (book, sentence) in [
        (several, "is not merged: contact \"3\" has several cards with its UID in the file"),
        (glued, "is not merged: the card of contact \"1\" begins or ends in the middle of a line"),
    ] {
        folder.file("in.vcf", &book);
        let said = folder.done(&with(&MERGE, &["--force"]));
        assert_says(&said, &[sentence, "skipped: refused                   1"]);
        assert_eq!(folder.read("out.vcf"), book);
        fs::remove_file(folder.path("patches")).expect("a file");
    }
    let unclosed = BOOK.replacen("line\r\nEND:VCARD\r\n", "line\r\n", 1);
    let unclosed = unclosed.replace("UID:2\r\nFN:Bob\r\nEMAIL:bob", "UID:2\r\nEMAIL:ada@example.com\r\nEMAIL:bob");
    folder.file(
        "in.vcf",
        unclosed.replace(
            "END:VCARD\r\nBEGIN:VCARD\r\nVERSION:3.0\r\nUID:3",
            "END:VCARD\r\nX-LOST:1\r\nBEGIN:VCARD\r\nVERSION:3.0\r\nUID:3",
        ),
    );
    folder.fails(&with(&MERGE, &["--force"]), 1, "is there a card before it without END:VCARD?");
}

#[test]
fn a_mapped_property_is_written_under_its_name() {
    let folder = Folder::new();
    let book = "BEGIN:VCARD\nVERSION:4.0\nX-NR:1\nEMAIL:a@example.com\nEND:VCARD\n\
                BEGIN:VCARD\nVERSION:2.1\nX-NR:2\nEMAIL:a@example.com\nX-MAIL;HOME;PREF:b@example.com\nX-LN:Lima\nEND:VCARD\n";
    folder.file("in.vcf", book);
    folder.done(&with(
        &MERGE,
        &["--map", "id=X-NR", "--map", "email=X-MAIL", "--identifier", "EMAIL", "--map", "last_name=X-LN"],
    ));
    assert_eq!(
        folder.read("out.vcf"),
        "BEGIN:VCARD\nVERSION:4.0\nX-NR:1\nEMAIL:a@example.com\nX-MAIL;TYPE=HOME;PREF=1:b@example.com\nX-LN:Lima\nEND:VCARD\n"
    );
    folder.done(&UNDO);
    assert_eq!(folder.read("back.vcf"), book);
}

/// The keys of all contacts of an address book.
fn keys(book: &[u8]) -> BTreeSet<Key> {
    let input = read_bytes("a.vcf", book.to_vec(), &Options::default()).expect("an address book");
    let contacts = input.filter_map(|item| if let Item::Contact(row) = item { Some(row.contact) } else { None });
    contacts.flat_map(|contact| Normalizer::new().contact(&contact).keys).map(|found| found.key).collect()
}

/// The bytes of a row in a file of patches.
fn bytes(row: &serde_json::Value) -> Vec<u8> {
    row.as_str().expect("UTF-8").as_bytes().to_vec()
}

fn replace_first(text: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let at = text.windows(from.len()).position(|window| window == from).expect("the row is in the file");
    [&text[..at], to, &text[at + from.len()..]].concat()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_key_is_lost_and_all_other_cards_keep_their_bytes(book in address_book(Cards::Distinct)) {
        let folder = Folder::new();
        folder.file("in.vcf", &book);
        let run = folder.onefold(&MERGE);
        if run.status.code() == Some(1) && text(&run.stderr).contains("no row could be used") {
            return Ok(());
        }
        prop_assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
        let merged = fs::read(folder.path("out.vcf")).expect("a file");
        prop_assert_eq!(keys(&merged), keys(&book), "{}", String::from_utf8_lossy(&merged));
        let mut expected = book;
        for line in folder.read("patches").lines().skip(1) {
            let merge: serde_json::Value = serde_json::from_str(line).expect("JSON");
            expected = replace_first(&expected, &bytes(&merge["survivor"]["row"]), &bytes(&merge["written"]));
            for retired in merge["retired"].as_array().expect("a list") {
                expected = replace_first(&expected, &bytes(&retired["row"]), b"");
            }
        }
        prop_assert_eq!(String::from_utf8_lossy(&merged), String::from_utf8_lossy(&expected));
    }

    #[test]
    fn chunks_of_any_size_give_the_same(book in address_book(Cards::Any)) {
        let folder = Folder::new();
        folder.file("in.vcf", &book);
        let mut results = Vec::new();
        for bytes in ["0", "1", "150", "4194304"] {
            let run = folder.onefold(&with(&MERGE, &["--force", "--chunk-bytes", bytes]));
            let said: String = text(&run.stderr).lines().filter(|line| !line.starts_with("seconds")).collect();
            let read = |name: &str| fs::read(folder.path(name)).ok();
            results.push((run.status.code(), said, read("out.vcf"), read("patches")));
            let _ = fs::remove_file(folder.path("patches"));
        }
        for result in &results {
            prop_assert!(result == &results[0], "{}\n{}", result.1, results[0].1);
        }
    }
}
