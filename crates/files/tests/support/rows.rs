//! What comes out of inputs, for tests to look at.

use flate2::Compression;
use flate2::write::GzEncoder;
use onefold::{Contact, Field, Value};
use onefold_files::{Item, Mapping, Options, Problem, Row, read_bytes};
use std::io::Write;

/// Everything that comes out of an input.
#[track_caller]
pub fn items_with(name: &str, bytes: impl Into<Vec<u8>>, options: &Options) -> Vec<Item> {
    match read_bytes(name, bytes.into(), options) {
        Ok(input) => input.collect(),
        Err(error) => panic!("{error}"),
    }
}

/// Everything that comes out of an input that is read without options.
#[track_caller]
pub fn items(name: &str, bytes: impl Into<Vec<u8>>) -> Vec<Item> {
    items_with(name, bytes, &Options::default())
}

/// Why an input cannot be read at all.
#[track_caller]
pub fn error(name: &str, bytes: impl Into<Vec<u8>>, options: &Options) -> String {
    match read_bytes(name, bytes.into(), options) {
        Ok(_) => panic!("no error"),
        Err(error) => error.to_string(),
    }
}

/// The contacts among items.
pub fn rows(items: Vec<Item>) -> Vec<Row> {
    items.into_iter().filter_map(|item| if let Item::Contact(row) = item { Some(row) } else { None }).collect()
}

/// The only contact among items.
#[track_caller]
pub fn one(items: Vec<Item>) -> Row {
    let mut rows = rows(items);
    assert_eq!(rows.len(), 1);
    rows.remove(0)
}

/// What was wrong, and where.
pub fn faults(items: &[Item]) -> Vec<(u64, Problem)> {
    let mut faults = Vec::new();
    for item in items {
        match item {
            Item::Contact(row) => faults.extend(row.problems.iter().map(|problem| (row.line, problem.clone()))),
            Item::Skipped { line, problem } | Item::Notice { line, problem } => faults.push((*line, problem.clone())),
            _ => {}
        }
    }
    faults
}

/// The ids of the contacts among items.
pub fn ids(items: Vec<Item>) -> Vec<String> {
    rows(items).into_iter().map(|row| row.contact.id).collect()
}

/// The emails of a contact.
pub fn emails(contact: &Contact<String>) -> Vec<&str> {
    contact.emails().collect()
}

/// The phones of a contact.
pub fn phones(contact: &Contact<String>) -> Vec<&str> {
    contact.phones().collect()
}

/// The text of a field.
pub fn text<'a>(contact: &'a Contact<String>, field: &Field) -> Option<&'a str> {
    contact.get(field).and_then(Value::as_written)
}

/// The text of a field that has no meaning.
pub fn other<'a>(contact: &'a Contact<String>, name: &str) -> Option<&'a str> {
    text(contact, &Field::Other(name.into()))
}

/// Options with mappings.
pub fn mapped(mappings: &[&str]) -> Options {
    let map = mappings.iter().map(|text| text.parse::<Mapping>().expect("a mapping")).collect();
    Options { map, ..Options::default() }
}

/// Bytes packed with gzip.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("memory takes all");
    encoder.finish().expect("memory takes all")
}

/// A small table.
pub const TABLE: &str =
    "id,first_name,email,phone\n1,Ana,ana@example.com,+12025550101\n2,Bob,bob@example.com,+12025550102\n";
