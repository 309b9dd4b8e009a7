//! Whatever the bytes, reading ends, does not panic, and well-formed tables mean what they mean elsewhere.

use onefold::{Field, Value};
use onefold_files::{Format, Item, Options, read_bytes};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

const TABLE: &str = "id,name,email,phone,notes\r\n1,Ana,ana@example.com;b@example.com,+12025550101,\"a \"\"b\"\"\nc\"\r\n2,\"Bob\",,,x\r\n";
const JSON: &str = "{\"id\":\"1\",\"emails\":[\"a@example.com\"],\"custom\":{\"x\":{\"y\":[1.50]}},\"blocked\":\"sim\"}\n\
                    {\"id\":2,\"name\":\"\\ud83d\\ude00\",\"phone\":\"+12025550101\"}\n";
const CARDS: &str = "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BC=\r\nller;J\r\nitem1.TEL;\
                     TYPE=\"voice,work\":tel:+1-202-555-0101;ext=1\r\nEMAIL;PREF=1:a@exam\r\n ple.com\r\nEND:VCARD\r\n";

fn read_all(bytes: &[u8]) {
    let formats = [None, Some(Format::Csv), Some(Format::JsonLines), Some(Format::JsonArray), Some(Format::VCard)];
    for format in formats {
        let options = Options { format, ..Options::default() };
        let Ok(input) = read_bytes("input", bytes.to_vec(), &options) else { continue };
        // Every item takes at least a byte or a mapping, and a notice ends the input.
        assert!(input.count() <= bytes.len() + 3);
    }
}

proptest! {
    #[test]
    fn any_bytes_can_be_read(bytes in vec(any::<u8>(), 0..300)) {
        read_all(&bytes);
    }

    #[test]
    fn any_text_of_the_letters_that_matter_can_be_read(
        letters in vec(select(b"\"\"\",;\n\n\r\t:=\\ab1{}[] @".as_slice()), 0..200),
    ) {
        read_all(&letters);
        read_all(&[b"id,email,x\n", letters.as_slice()].concat());
        read_all(&[b"BEGIN:VCARD\nN;ENCODING=QUOTED-PRINTABLE:", letters.as_slice()].concat());
    }

    #[test]
    fn any_damage_to_a_good_file_can_be_read(
        text in select(vec![TABLE, JSON, CARDS]),
        places in vec((any::<Index>(), any::<u8>(), 0..3_u8), 0..8),
    ) {
        let mut bytes = text.repeat(2).into_bytes();
        for (place, byte, kind) in places {
            if bytes.is_empty() {
                break;
            }
            let at = place.index(bytes.len());
            match kind {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => bytes.truncate(at),
            }
        }
        read_all(&bytes);
    }

    #[test]
    fn well_formed_tables_have_the_cells_that_the_csv_crate_wrote(
        cells in vec(vec("[a-c\"\n\r,; ]{0,6}", 2), 1..6),
        terminator in select(vec![csv::Terminator::CRLF, csv::Terminator::Any(b'\n')]),
    ) {
        let mut writer = csv::WriterBuilder::new().terminator(terminator).from_writer(Vec::new());
        writer.write_record(["id", "email", "x", "y"]).expect("memory takes all");
        for (number, row) in cells.iter().enumerate() {
            let id = number.to_string();
            writer.write_record([&id, "a@example.com", &row[0], &row[1]]).expect("memory takes all");
        }
        let bytes = writer.into_inner().expect("memory takes all");
        let input = read_bytes("a.csv", bytes, &Options::default()).expect("a table");
        let items: Vec<_> = input.collect();
        prop_assert_eq!(items.len(), cells.len());
        for (item, row) in items.iter().zip(&cells) {
            let Item::Contact(found) = item else { return Err(TestCaseError::fail(format!("{item:?}"))) };
            for (name, cell) in ["x", "y"].iter().zip(row) {
                let text = found.contact.get(&Field::Other((*name).into())).and_then(Value::as_text);
                let expected = Some(cell.as_str()).filter(|cell| !cell.trim().is_empty());
                prop_assert_eq!(text, expected);
            }
        }
    }
}
