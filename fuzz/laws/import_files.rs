//! Whatever the bytes of a file, reading it as any format ends without a panic, gives at most one item a byte, and is the
//! same each time; a row that is read alone says what it said in its file, and every contact can be written as JSON.

use onefold::Contact;
use onefold_files::{Format, Item, Options, read_bytes};

const FORMATS: [Option<Format>; 5] =
    [None, Some(Format::Csv), Some(Format::JsonLines), Some(Format::JsonArray), Some(Format::VCard)];

pub fn holds(input: &[u8]) {
    for format in FORMATS {
        let options = Options { format, ..Options::default() };
        let read = || read_bytes("input", input.to_vec(), &options);
        let (Ok(first), Ok(second)) = (read(), read()) else { continue };
        let content = first.content().to_vec();
        let items: Vec<Item> = first.collect();
        // Every item takes at least a byte or a mapping, and a notice ends the input.
        assert!(items.len() <= input.len() + 3);
        assert!(second.eq(items.iter().cloned()), "read otherwise the second time");
        let Ok(mut again) = read() else { continue };
        for item in &items {
            let Item::Contact(row) = item else { continue };
            let written = serde_json::to_string(&row.contact).expect("a contact can be written");
            assert!(Contact::from_json(&written).as_ref() == Ok(&row.contact));
            let alone = content.get(row.span.clone()).and_then(|bytes| again.reread(bytes));
            if let Some(alone) = alone {
                assert!(alone.contact.fields == row.contact.fields, "a row alone says something else");
            }
        }
    }
}
