//! Do phones, addresses and identities from the outside world get the keys that others say they should?
//!
//! The sets are not part of the project: `ONEFOLD_DATA` names the folder that holds them. What the phone
//! library's own reference says was computed with `phonenumbers` 9.0.35; the crate carries metadata 9.0.42.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

use flate2::read::GzDecoder;
use onefold::key::Derivation;
use onefold::normalize::DerivedKey;
use onefold::{Channel, ChannelKind, KeyKind, Normalizer, Reason, Region, Strength};
use rlibphonenumber::PHONE_NUMBER_UTIL;
use rlibphonenumber::get_national_significant_number_owned;

/// Countries whose numbering plan changed between the metadata of the reference and ours.
const IN_ANOTHER_PLAN: [&str; 1] = ["+263"];

type Row = BTreeMap<String, String>;

fn rows(name: &str) -> Vec<Row> {
    let folder = std::env::var_os("ONEFOLD_DATA").expect("ONEFOLD_DATA names the folder of the data sets");
    let path = PathBuf::from(folder).join(name);
    let file = File::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let reader: Box<dyn Read> = if name.ends_with(".gz") { Box::new(GzDecoder::new(file)) } else { Box::new(file) };
    let mut reader = csv::Reader::from_reader(reader);
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

fn region(code: &str) -> Option<Region> {
    code.parse().ok()
}

/// What the phone library itself says.
fn e164_without_region(raw: &str) -> String {
    let number = PHONE_NUMBER_UTIL.parse(raw, None).expect("a number behind its label");
    format!("+{}{}", number.country_code, get_national_significant_number_owned(&number))
}

fn channel_keys(identity: &str, region: Option<Region>) -> Result<Vec<DerivedKey>, Reason> {
    Normalizer::new().channel(&Channel::new(ChannelKind::WhatsApp, "account", identity), region)
}

/// How strongly two values are linked by the keys of their kind that both have.
fn link(left: &[DerivedKey], right: &[DerivedKey], is_of_kind: impl Fn(&DerivedKey) -> bool) -> Option<Strength> {
    let pairs = left.iter().filter(|key| is_of_kind(key)).flat_map(|l| right.iter().map(move |r| (l, r)));
    pairs.filter(|(l, r)| l.key == r.key).filter_map(|(l, r)| l.derivation.link(r.derivation)).max()
}

#[derive(Default)]
struct Count {
    rows: usize,
    valid: usize,
    keys: usize,
    fillers: usize,
    missing: usize,
    wrong: Vec<String>,
    missing_by_class: BTreeMap<String, usize>,
}

/// Compares the direct key of every row with what libphonenumber says about the number.
fn compare_phones(name: &str) -> Count {
    let normalizer = Normalizer::new();
    let mut count = Count::default();
    for row in rows(name) {
        count.rows += 1;
        let (raw, e164, is_valid) = (&row["raw"], &row["e164"], row["valid"] == "true");
        count.valid += usize::from(is_valid);
        match normalizer.phone(raw, region(&row["default_region"])) {
            Ok(keys) => {
                count.keys += 1;
                let text = keys[0].key.value();
                let number = text.split(";ext=").next().unwrap_or_default();
                let extension = text.split(";ext=").nth(1).unwrap_or_default();
                if IN_ANOTHER_PLAN.iter().any(|code| !is_valid && number.starts_with(code)) {
                    continue;
                }
                // The reference reads the letters of this label as digits; we cut it.
                let e164 = raw.strip_suffix("(home)").map_or_else(|| e164.clone(), e164_without_region);
                if number != e164 || extension != row["extension"] {
                    count.wrong.push(format!("{raw:?} {} gave {text}, not {e164:?}", row["default_region"]));
                }
            }
            Err(Reason::Placeholder) => count.fillers += usize::from(is_valid),
            Err(reason) if is_valid => {
                count.missing += 1;
                let form = row["form"].rsplit(':').next().unwrap_or_default();
                *count.missing_by_class.entry(format!("{form} {}", reason.name())).or_default() += 1;
            }
            Err(_) => {}
        }
    }
    eprintln!(
        "{name}: {} rows, {} valid, {} keys, {} wrong, {} valid fillers, {} valid without key {:?}",
        count.rows,
        count.valid,
        count.keys,
        count.wrong.len(),
        count.fillers,
        count.missing,
        count.missing_by_class
    );
    count
}

#[track_caller]
fn assert_phones(name: &str) {
    let count = compare_phones(name);
    assert!(count.rows > 1000 && count.keys * 2 > count.rows, "{name} is not what it was");
    assert!(count.wrong.is_empty(), "{name}: {:#?}", count.wrong);
    assert!(
        count.missing * 200 <= count.valid,
        "{name}: {} of {} valid numbers have no key",
        count.missing,
        count.valid
    );
}

#[test]
#[ignore = "needs the data sets: ONEFOLD_DATA names their folder"]
fn example_numbers_in_many_spellings() {
    assert_phones("phone/vectors_examples.csv.gz");
}

#[test]
#[ignore = "needs the data sets: ONEFOLD_DATA names their folder"]
fn random_numbers_in_many_spellings() {
    assert_phones("phone/vectors_random_dev.csv.gz");
}

/// Most valid ones without a key are vanity numbers, which get none on purpose.
#[test]
#[ignore = "needs the data sets: ONEFOLD_DATA names their folder"]
fn calls_of_the_phone_librarys_own_tests() {
    let count = compare_phones("phone/google_test_parse_real.csv");
    assert!(count.wrong.is_empty(), "{:#?}", count.wrong);
    let other = count.missing_by_class.iter().filter(|(class, _)| !class.ends_with("has_letters"));
    let other: usize = other.map(|(_, count)| count).sum();
    assert!(other * 10 <= count.valid, "{other} of {} valid numbers have no key", count.valid);
}

#[test]
#[ignore = "needs the data sets: ONEFOLD_DATA names their folder"]
fn addresses_that_all_validators_agree_on() {
    let rows = rows("email/consensus.csv");
    let normalizer = Normalizer::new();
    let mut counts: BTreeMap<(String, bool), usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for row in rows {
        let address: String = serde_json::from_str(&row["address_json"]).expect("a JSON string");
        let outcome = normalizer.email(&address);
        *counts.entry((row["consensus"].clone(), outcome.is_ok())).or_default() += 1;
        match (row["consensus"].as_str(), outcome) {
            ("all_accept", Err(reason)) if reason != Reason::Placeholder => {
                wrong.push((address, reason.name().to_owned()))
            }
            ("all_reject", Ok(keys)) => wrong.push((address, keys[0].key.value().to_owned())),
            _ => {}
        }
    }
    eprintln!("email/consensus.csv: (consensus, key): {counts:?}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
#[ignore = "needs the data sets: ONEFOLD_DATA names their folder"]
fn addresses_of_the_isemail_tests() {
    let rows = rows("email/isemail_tests.csv");
    let normalizer = Normalizer::new();
    let mut counts: BTreeMap<(String, bool), usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for row in rows {
        let address: String = serde_json::from_str(&row["address_json"]).expect("a JSON string");
        let outcome = normalizer.email(&address);
        let has_key = outcome.is_ok();
        // The mail standard knows hosts without a dot; a contact's address has one.
        if outcome == Err(Reason::BadDomain) && !address.contains('.') {
            continue;
        }
        *counts.entry((row["category"].clone(), has_key)).or_default() += 1;
        match row["category"].as_str() {
            "ISEMAIL_VALID_CATEGORY" if !has_key => wrong.push(address),
            "ISEMAIL_ERR" if has_key => wrong.push(address),
            _ => {}
        }
    }
    eprintln!("email/isemail_tests.csv: (category, key): {counts:?}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Rules that would need what keys leave out on purpose: headers, quoted strings, comments, and the tags that
/// one provider sets off with a hyphen.
const SAME_WITHOUT_KEY: [&str; 4] = ["display_name", "quoted", "comment", "yahoo_dash"];

#[test]
#[ignore = "needs the data sets: ONEFOLD_DATA names their folder"]
fn mailboxes_that_are_the_same() {
    let rows = rows("email/same_mailbox_pairs.csv");
    let strict = Normalizer::new();
    let folding = Normalizer::builder().plus_tags().gmail_dots().build();
    let mut wrong = Vec::new();
    let mut counts: BTreeMap<(String, bool), usize> = BTreeMap::new();
    for row in rows {
        let read = |normalizer: &Normalizer, column: &str| {
            let address: String = serde_json::from_str(&row[column]).expect("a JSON string");
            normalizer.email(&address).unwrap_or_default()
        };
        let shared = |normalizer| link(&read(normalizer, "a_json"), &read(normalizer, "b_json"), |_| true);
        let (rule, found) = (row["rule"].as_str(), shared(&folding));
        *counts.entry((row["expect"].clone(), found.is_some())).or_default() += 1;
        let is_right = match row["expect"].as_str() {
            "same" if SAME_WITHOUT_KEY.contains(&rule) => found.is_none(),
            "same" => found >= Some(Strength::Variant),
            "different" => found.is_none() && shared(&strict).is_none(),
            _ => true,
        };
        if !is_right || (shared(&strict).is_some() && shared(&strict) > found) {
            wrong.push((rule.to_owned(), row["a"].clone(), row["b"].clone(), found));
        }
    }
    eprintln!("email/same_mailbox_pairs.csv: (expected, key in common): {counts:?}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A region in brackets behind an identity says how to read it.
fn identity_and_region(cell: &str) -> (&str, Option<Region>) {
    match cell.strip_suffix(')').and_then(|cell| cell.rsplit_once(" (")) {
        Some((identity, code)) => (identity, region(code)),
        None => (cell, None),
    }
}

#[test]
#[ignore = "needs the data sets: ONEFOLD_DATA names their folder"]
fn pairs_of_messaging_identities() {
    let rows = rows("phone/whatsapp_pairs.csv");
    let mut wrong = Vec::new();
    let count = rows.len();
    for row in rows {
        let read = |column: &str| {
            let (identity, region) = identity_and_region(&row[column]);
            channel_keys(identity, region).unwrap_or_default()
        };
        let found = link(&read("a"), &read("b"), |_| true);
        let is_right = match row["expect"].as_str() {
            "same" => found >= Some(Strength::Variant),
            "different" => found.is_none(),
            _ => found <= Some(Strength::Weak),
        };
        if !is_right {
            wrong.push((row["a"].clone(), row["b"].clone(), row["expect"].clone(), found));
        }
    }
    eprintln!("phone/whatsapp_pairs.csv: {count} rows, {} wrong", wrong.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
#[ignore = "needs the data sets: ONEFOLD_DATA names their folder"]
fn ids_of_messaging_users() {
    let rows = rows("phone/jid_vectors.csv");
    let count = rows.len();
    for row in rows {
        let keys = channel_keys(&row["jid"], None).unwrap_or_default();
        let phones: Vec<_> = keys.iter().filter(|key| key.key.kind() == KeyKind::Phone).collect();
        let expected = &row["e164_canon"];
        if expected.is_empty() {
            assert!(phones.is_empty(), "{row:?}");
        } else {
            // The number in today's spelling is the last key, apart from Argentina's weak one.
            let canonical = phones.iter().rfind(|key| key.derivation != Derivation::ArgentinaMobileNine);
            assert_eq!(canonical.map(|key| key.key.value()), Some(expected.as_str()), "{row:?}");
        }
    }
    eprintln!("phone/jid_vectors.csv: {count} rows");
}
