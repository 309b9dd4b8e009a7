//! Normalising the text of a phone key gives the key again, the exact one first.
//!
//! The first line of an input is a region, or none; the rest is the number.

use onefold::key::Derivation;
use onefold::{Normalizer, Region};

/// The region and the number of an input.
pub fn read(input: &[u8]) -> (Option<Region>, std::borrow::Cow<'_, str>) {
    let end = input.iter().position(|byte| *byte == b'\n').unwrap_or_default();
    let region = std::str::from_utf8(&input[..end]).ok().and_then(|code| code.parse().ok());
    (region, String::from_utf8_lossy(input.get(end..).unwrap_or_default().strip_prefix(b"\n").unwrap_or(input)))
}

pub fn holds(input: &[u8]) {
    let (region, raw) = read(input);
    let normalizer = Normalizer::new();
    let Ok(keys) = normalizer.phone(&raw, region) else { return };
    // A label may say that the number is of a firm.
    let first = keys[0].derivation;
    assert!(matches!(first, Derivation::Direct | Derivation::SharedValue), "the most direct key comes first");
    for key in &keys {
        let value = key.key.value();
        let number = value.split(';').next().expect("a text has a first part");
        assert!(number.starts_with('+') && number[1..].bytes().all(|byte| byte.is_ascii_digit()));
        assert!((2..=16).contains(&number.len()), "E.164 has at most 15 digits");
        let again = normalizer.phone(value, None).expect("a key is readable");
        assert!(again[0].key == key.key, "a key is read as itself");
    }
}
