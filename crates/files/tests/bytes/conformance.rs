//! Whether the inputs that others wrote read as expected. Needs the data folder in `ONEFOLD_DATA`.

use std::fs;
use std::path::{Path, PathBuf};

use onefold::field_names::role::ValueRole;
use onefold::normalize::ContactKey;
use onefold::{Contact, Field, KeyKind, Normalizer, Value};
use onefold_files::{Input, InputSource, Item, Options, Problem, Row, country, read};
use serde::Deserialize;

fn data() -> PathBuf {
    PathBuf::from(std::env::var_os("ONEFOLD_DATA").expect("ONEFOLD_DATA names the folder of the data sets"))
}

#[track_caller]
fn open(path: &Path) -> Input {
    match read(&InputSource::Path(path.to_owned()), &Options::default()) {
        Ok(input) => input,
        Err(error) => panic!("{error}"),
    }
}

#[track_caller]
fn rows(path: &Path) -> Vec<Row> {
    open(path).filter_map(|item| if let Item::Contact(row) = item { Some(row) } else { None }).collect()
}

fn texts(contact: &Contact<String>, field: &Field) -> Vec<String> {
    match contact.get(field) {
        Some(Value::List(items)) => items.iter().filter_map(Value::as_written).map(str::to_owned).collect(),
        Some(one) => one.as_written().map(str::to_owned).into_iter().collect(),
        None => Vec::new(),
    }
}

/// The phones of a contact that are in fields of their own, since they are of a firm or a fax.
fn texts_of_roles(contact: &Contact<String>) -> Vec<String> {
    let is_phone = |field: &&Field| {
        matches!(field, Field::Other(_)) && ValueRole::of_field(field).is_some_and(|named| named.kind == KeyKind::Phone)
    };
    contact.fields.keys().filter(is_phone).flat_map(|field| texts(contact, field)).collect()
}

/// How many contacts a file gives, and what it gives beside them.
#[track_caller]
fn check(folder: &Path, file: &str, contacts: usize, faults: &[(u64, Problem)]) {
    let (mut count, mut found) = (0, Vec::new());
    for item in open(&folder.join("hostile").join(file)) {
        match item {
            Item::Contact(row) => {
                count += 1;
                found.extend(row.problems.into_iter().map(|problem| (row.line, problem)));
            }
            Item::Skipped { line, problem } | Item::Notice { line, problem } => found.push((line, problem)),
            _ => {}
        }
    }
    assert_eq!((count, found.as_slice()), (contacts, faults), "{file}");
}

#[test]
#[ignore = "needs the data sets: ONEFOLD_DATA names their folder"]
fn hostile_files_give_all_that_is_good_in_them() {
    let data = data();
    check(&data, "bom_crlf.csv", 2, &[]);
    check(&data, "cr_only.csv", 2, &[]);
    check(&data, "crlf_blank.jsonl", 2, &[]);
    check(&data, "deep_nesting.jsonl", 1, &[]);
    check(&data, "duplicate_header.csv", 1, &[]);
    check(&data, "duplicate_ids.csv", 2, &[]);
    let twice = |field: &str| (1, Problem::DuplicateField { field: field.to_owned() });
    check(&data, "duplicate_keys.jsonl", 1, &[twice("emails"), twice("id")]);
    check(&data, "empty.csv", 0, &[(0, Problem::EmptyInput)]);
    check(&data, "header_only.csv", 0, &[]);
    check(&data, "invalid_utf8.csv", 3, &[(2, Problem::NotUtf8), (3, Problem::NotUtf8), (4, Problem::NotUtf8)]);
    let half = |line| (line, Problem::LoneSurrogate { field: "first_name".to_owned() });
    check(&data, "lone_surrogate.jsonl", 2, &[half(1), half(2)]);
    check(&data, "no_trailing_newline.csv", 1, &[]);
    check(&data, "nul.csv", 1, &[]);
    check(&data, "numbers.jsonl", 1, &[]);
    check(&data, "ragged.csv", 2, &[(3, Problem::ExtraCells { count: 2 }), (4, Problem::NoValue)]);
    check(&data, "truncated.jsonl", 1, &[(2, Problem::TruncatedJson)]);
    check(&data, "unbalanced_quote.csv", 1, &[(2, Problem::UnbalancedQuote)]);
    let (no_object, no_value) = (Problem::NotAnObject, Problem::NoValue);
    let faults = [(3, no_object.clone()), (4, no_object.clone()), (5, no_object)];
    let faults: Vec<_> = faults.into_iter().chain((6..=8).map(|line| (line, no_value.clone()))).collect();
    check(&data, "wrong_types.jsonl", 2, &faults);
    let lines = |file: &str| fs::read_to_string(data.join("hostile").join(file)).expect("a file").lines().count();
    check(&data, "same_key_everywhere.csv", lines("same_key_everywhere.csv") - 1, &[]);
    let ids = rows(&data.join("hostile/ids.csv"));
    assert!(ids.iter().all(|row| row.problems.is_empty() && row.contact.emails().count() == 1));
    assert_eq!(ids[2].contact.id, " a");
}

#[derive(Deserialize)]
struct Card {
    file: String,
    card: usize,
    #[serde(rename = "fn")]
    name: String,
    emails: Vec<String>,
    phones: Vec<String>,
    /// Those among the phones that give no key.
    #[serde(default)]
    fax_or_pager: Vec<String>,
}

#[test]
#[ignore = "needs the data sets: ONEFOLD_DATA names their folder"]
fn vcards_of_real_exporters_read_as_expected() {
    let data = data();
    let folder = data.join("vcard");
    let expected = fs::read_to_string(folder.join("vcards_expected.jsonl")).expect("the expected values");
    for line in expected.lines() {
        let card: Card = serde_json::from_str(line).expect("a line of expected values");
        let what = format!("{} {}", card.file, card.card);
        let rows = rows(&folder.join(&card.file));
        let contact = &rows[card.card - 1].contact;
        let name = contact.get(&Field::DisplayName).and_then(Value::as_text).unwrap_or_default();
        assert_eq!(name.trim(), card.name, "{what}");
        assert_eq!(texts(contact, &Field::Email), card.emails, "{what}");
        let mut all = [texts(contact, &Field::Phone), texts_of_roles(contact)].concat();
        let mut phones = card.phones.clone();
        all.sort();
        phones.sort();
        assert_eq!(all, phones, "{what}");
        let keys = Normalizer::builder().region("US".parse().expect("a region")).build().contact(contact).keys;
        for key in keys.iter().filter(|key| key.key.kind() == KeyKind::Phone) {
            let value = key.place.value_in(contact).unwrap_or_default();
            let times = |list: &[String]| list.iter().filter(|listed| *listed == value).count();
            assert!(times(&card.phones) > times(&card.fax_or_pager), "{what} has a key of a fax");
        }
    }
}

#[derive(Deserialize)]
struct Expected {
    row: usize,
    emails: Vec<String>,
    phones: Vec<String>,
}

fn keys_of(contact: &Contact<String>, region: &str) -> Vec<ContactKey> {
    let normalizer = Normalizer::builder().region(region.parse().expect("a region")).region_from_country().build();
    normalizer.to_builder().plus_tags().gmail_dots().build().contact(&country::with_code(contact.clone())).keys
}

#[test]
#[ignore = "needs the data sets: ONEFOLD_DATA names their folder"]
fn exports_of_the_usual_programs_read_as_expected() {
    let data = data();
    let own = data.join("vcard/own");
    for (name, extension) in [
        ("android", "vcf"),
        ("google_2024", "csv"),
        ("google_legacy", "csv"),
        ("hubspot", "csv"),
        ("icloud", "vcf"),
        ("outlook", "csv"),
        ("semicolon_latin1", "csv"),
        ("vcard4", "vcf"),
    ] {
        let rows = rows(&own.join(format!("{name}.{extension}")));
        let expected = fs::read_to_string(own.join(format!("expected/{name}.jsonl"))).expect("the expected values");
        let expected: Vec<Expected> =
            expected.lines().map(|line| serde_json::from_str(line).expect("a line of expected values")).collect();
        // The card of a group is no contact.
        assert_eq!(rows.len(), expected.len() - usize::from(name == "vcard4"), "{name}");
        for (row, expected) in rows.iter().zip(&expected) {
            let what = format!("{name} {}", expected.row);
            let region = if ["android 2", "google_2024 2"].contains(&what.as_str()) { "US" } else { "DE" };
            let keys = keys_of(&row.contact, region);
            let wanted = [expected.emails.clone(), expected.phones.clone()].concat();
            for key in &wanted {
                assert!(keys.iter().any(|found| found.key.value() == key), "{what}: {key} is missing");
            }
            for found in &keys {
                // Another spelling of a value is as good as the one expected.
                let mut of_value = keys.iter().filter(|key| key.place == found.place);
                assert!(
                    of_value.any(|key| wanted.iter().any(|wanted| wanted == key.key.value())),
                    "{what} has a wrong key"
                );
            }
        }
    }
}

#[test]
#[ignore = "needs the data sets: ONEFOLD_DATA names their folder"]
fn generated_tables_and_json_hold_the_same_phones_and_emails() {
    let data = data();
    let folder = data.join("gen/sample_dev_10k");
    let (table, json) = (rows(&folder.join("contacts.csv.gz")), rows(&folder.join("contacts.jsonl.gz")));
    assert!(table.len() >= 10_000 && table.len() == json.len());
    for (left, right) in table.iter().zip(&json) {
        assert_eq!(left.contact.id, right.contact.id);
        assert_eq!(left.contact.channels(), right.contact.channels());
        assert_eq!(left.contact.blocked, right.contact.blocked);
        assert_eq!(left.contact.get(&Field::UpdatedAt), right.contact.get(&Field::UpdatedAt));
        for field in [Field::Email, Field::Phone, Field::Tags] {
            // Cells with several addresses are split, elements of a JSON list are kept to the letter.
            assert_eq!(texts(&left.contact, &field).join("; "), texts(&right.contact, &field).join("; "), "{field}");
        }
    }
}
