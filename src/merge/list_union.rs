//! Merges lists of values into one: every value once, in precedence, in its first spelling. Email addresses of relays
//! come last.
//!
//! Two phones are equal if their keys are, and so are two emails. Normalising costs microseconds, so values are
//! normalised only if a cheap *likeness* of their texts says that they could be equal.

use std::collections::{HashMap, HashSet};

use crate::contact::{ContactId, Field, Value};
use crate::key::Key;
use crate::merge::choice::Why;
use crate::merge::decision::{Candidate, Decision};
use crate::merge::precedence::Participants;
use crate::normalize::{Normalizer, Region, is_relay_address};

/// Returns the union of lists, with the contacts that added a value. For phones it also returns the region in which
/// each one was read, in the order of the values.
///
/// Cost: O(n) for n values, of which only those with a common likeness are normalised.
pub(crate) fn unite<Id: ContactId>(
    field: &Field,
    have: &[Candidate<'_>],
    contacts: &Participants<'_, Id>,
    normalizer: &Normalizer,
) -> (Decision, Vec<Option<Region>>) {
    let mut united = UnitedList::new(field, normalizer);
    let mut from = Vec::new();
    for (place, value) in have {
        let region = match united.kind {
            ListKind::Phone => normalizer.region_of(contacts.at(*place).country()),
            ListKind::Email | ListKind::Plain => None,
        };
        let known = united.values.len();
        items(value).iter().for_each(|item| united.add(item, region));
        if united.values.len() > known {
            from.push(*place);
        }
    }
    let why = match have.iter().filter(|(_, value)| !value.is_empty()).count() {
        0 => Why::Nobody,
        1 => Why::Only,
        _ if from.len() == 1 => Why::Agreed,
        _ => Why::Rule,
    };
    united.put_relays_last();
    // A single value stays single if no other contact adds one.
    let first = have.iter().map(|(_, value)| *value).find(|value| !value.is_empty());
    let value = match first {
        Some(first) if united.values.len() == 1 && !matches!(first, Value::List(_)) => first.clone(),
        _ if have.iter().all(|(_, value)| **value == Value::Null) => Value::Null,
        _ => Value::List(united.values.into_iter().cloned().collect()),
    };
    (Decision { value: Some(value), from, why }, united.regions)
}

/// Returns the elements of a list, or a single value as a list of one.
#[doc(hidden)]
pub fn items(value: &Value) -> &[Value] {
    match value {
        Value::List(items) => items,
        one if one.is_empty() => &[],
        one => std::slice::from_ref(one),
    }
}

struct UnitedList<'a> {
    values: Vec<&'a Value>,
    // The region in which each value was read.
    regions: Vec<Option<Region>>,
    known: HashSet<(&'a Value, Option<Region>)>,
    known_in_any_region: HashSet<&'a Value>,
    likes: HashMap<Box<str>, EqualValues>,
    normalizer: &'a Normalizer,
    kind: ListKind,
}

/// The values with one likeness. A single value is not normalised until a second one has the same likeness.
enum EqualValues {
    One(usize),
    Keyed(HashSet<Key>),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ListKind {
    Phone,
    Email,
    Plain,
}

impl<'a> UnitedList<'a> {
    fn new(field: &Field, normalizer: &'a Normalizer) -> Self {
        let kind = match field {
            Field::Phone if !normalizer.is_as_written() => ListKind::Phone,
            Field::Email if !normalizer.is_as_written() => ListKind::Email,
            _ => ListKind::Plain,
        };
        Self {
            values: Vec::new(),
            regions: Vec::new(),
            known: HashSet::new(),
            known_in_any_region: HashSet::new(),
            likes: HashMap::new(),
            normalizer,
            kind,
        }
    }

    fn add(&mut self, value: &'a Value, region: Option<Region>) {
        if !self.known.insert((value, region)) {
            return;
        }
        // The same text can be another number in another country, if the text is a number at all.
        let is_repeated = !self.known_in_any_region.insert(value);
        let is_known = match (self.kind, value.as_written()) {
            (ListKind::Phone | ListKind::Email, Some(text)) => self.is_known_otherwise(text, region, is_repeated),
            _ => is_repeated,
        };
        if !is_known {
            self.values.push(value);
            self.regions.push(region);
        }
    }

    /// Moves the email addresses of relays behind the others, because the first address is the primary one and a relay
    /// forwards the messages of one sender only. Both groups keep their order.
    fn put_relays_last(&mut self) {
        let is_relay = |value: &&Value| value.as_written().is_some_and(is_relay_address);
        if self.kind == ListKind::Email && self.values.len() > 1 {
            self.values.sort_by_cached_key(is_relay);
        }
    }

    /// Returns true if an equal value with another spelling is in the list. Otherwise records the text's likeness.
    fn is_known_otherwise(&mut self, text: &str, region: Option<Region>, is_repeated: bool) -> bool {
        let key_at_once = || key_of(self.normalizer, self.kind, text, region);
        let (likeness, mut key) = match likeness(self.kind, text) {
            Some(likeness) => (likeness, if is_repeated { key_at_once() } else { None }),
            // Without a key, a text equals only itself.
            None => match key_at_once() {
                None => return is_repeated,
                Some(key) => (likeness_of_key(self.kind, &key), Some(key)),
            },
        };
        if is_repeated && key.is_none() {
            return true;
        }
        let mut keyed = match self.likes.remove(&likeness) {
            None if key.is_none() => {
                self.likes.insert(likeness, EqualValues::One(self.values.len()));
                return false;
            }
            None => HashSet::new(),
            Some(EqualValues::Keyed(keyed)) => keyed,
            Some(EqualValues::One(other)) => {
                let known = self.values.get(other).and_then(|value| value.as_written()).unwrap_or_default();
                let known_in = self.regions.get(other).copied().flatten();
                if self.kind == ListKind::Phone && known_in == region && have_same_digits(known, text) {
                    self.likes.insert(likeness, EqualValues::One(other));
                    return true;
                }
                key_of(self.normalizer, self.kind, known, known_in).into_iter().collect()
            }
        };
        key = key.or_else(|| key_of(self.normalizer, self.kind, text, region));
        let is_new = key.is_none_or(|key| keyed.insert(key));
        self.likes.insert(likeness, EqualValues::Keyed(keyed));
        !is_new
    }
}

fn key_of(normalizer: &Normalizer, kind: ListKind, text: &str, region: Option<Region>) -> Option<Key> {
    let keys = match kind {
        ListKind::Phone => normalizer.phone(text, region),
        ListKind::Email => normalizer.email(text),
        ListKind::Plain => return None,
    };
    keys.ok()?.into_iter().next().map(|derived| derived.key)
}

/// Returns what two equal values in a plain spelling have in common: the last four digits of a phone, or the email in
/// lower case. Returns `None` for a text that only a normaliser can compare.
fn likeness(kind: ListKind, text: &str) -> Option<Box<str>> {
    match kind {
        ListKind::Phone => {
            let is_plain = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'+' | b' ' | b'-' | b'(' | b')');
            text.bytes().all(is_plain).then(|| last_digits(text)).flatten()
        }
        ListKind::Email => {
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'+' | b'-' | b'@');
            (text.bytes().all(is_plain) && !text.ends_with('.')).then(|| text.to_ascii_lowercase().into())
        }
        ListKind::Plain => None,
    }
}

/// Returns true if two numbers differ only in the spaces, hyphens and brackets between groups of digits. Every reader
/// then reads both as the same number, or neither.
fn have_same_digits(a: &str, b: &str) -> bool {
    is_regular(a) && is_regular(b) && a.starts_with('+') == b.starts_with('+') && digits(a).eq(digits(b))
}

fn digits(text: &str) -> impl Iterator<Item = u8> {
    text.bytes().filter(u8::is_ascii_digit)
}

/// Returns true for an optional plus and groups of digits, separated by one space or hyphen each, of which one may be
/// in brackets. `(0)` is excluded, because the normaliser cuts it. Seven digits are more than a short code has.
fn is_regular(text: &str) -> bool {
    let bytes = text.strip_prefix('+').unwrap_or(text).as_bytes();
    let is_at = |at: usize, wanted: &[u8]| bytes.get(at).is_some_and(|byte| wanted.contains(byte));
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let follows = |at: usize| match bytes.get(at) {
        Some(b'0'..=b'9') => true,
        Some(b' ') => is_digit(at + 1) || is_at(at + 1, b"("),
        Some(b'-') => at > 0 && is_digit(at + 1) && is_digit(at.wrapping_sub(1)),
        Some(b'(') => is_digit(at + 1) && !is_at(at + 1, b"0"),
        Some(b')') => at > 0 && is_digit(at.wrapping_sub(1)) && (is_digit(at + 1) || is_at(at + 1, b" ")),
        _ => false,
    };
    let brackets = bytes.iter().filter(|byte| matches!(byte, b'(' | b')')).count();
    let opens = bytes.iter().position(|byte| *byte == b'(');
    let closes = bytes.iter().position(|byte| *byte == b')');
    !bytes.is_empty()
        && (0..bytes.len()).all(follows)
        && (brackets == 0 || (brackets == 2 && opens.is_some() && opens < closes))
        && digits(text).count() >= 7
}

fn likeness_of_key(kind: ListKind, key: &Key) -> Box<str> {
    let number = key.value().split(';').next().unwrap_or_default();
    match kind {
        ListKind::Phone => last_digits(number).unwrap_or_default(),
        ListKind::Email | ListKind::Plain => key.value().into(),
    }
}

fn last_digits(text: &str) -> Option<Box<str>> {
    let mut digits: Vec<char> = text.chars().rev().filter(char::is_ascii_digit).take(4).collect();
    digits.reverse();
    (digits.len() == 4).then(|| digits.into_iter().collect())
}

/// Rewrites phones that would have another key in the survivor's country with their country code. `regions` are those
/// in which the phones were read. Returns true if a phone was rewritten.
pub(crate) fn keep_findable(
    phones: &mut Value,
    regions: &[Option<Region>],
    country: Option<&str>,
    normalizer: &Normalizer,
) -> bool {
    let now = normalizer.region_of(country);
    let elements = match phones {
        Value::List(items) => items.as_mut_slice(),
        one => std::slice::from_mut(one),
    };
    let mut has_changed = false;
    for (element, own) in elements.iter_mut().zip(regions).filter(|(_, own)| **own != now) {
        let Some(text) = element.as_written().filter(|text| !text.trim_start().starts_with('+')) else { continue };
        let Some(key) = key_of(normalizer, ListKind::Phone, text, *own) else { continue };
        if key_of(normalizer, ListKind::Phone, text, now).as_ref() != Some(&key) {
            *element = Value::Text(key.value().to_owned());
            has_changed = true;
        }
    }
    has_changed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_digits_of_two_regular_numbers_are_compared() {
        assert!(have_same_digits("+1 202 555 0101", "+1-202-555-0101"));
        for (a, b) in [
            ("+12025550101", "+13035550101"),
            ("+12025550101", "12025550101"),
            ("12025550101", "+1 202 555 0101"),
            ("+12025550101", "+1 202  555 0101"),
            ("+1 202  555 0101", "+12025550101"),
            ("+1 202  555 0101", "+1 202  555-0101"),
        ] {
            assert!(!have_same_digits(a, b), "{a} {b}");
        }
    }

    #[test]
    fn regular_numbers_are_known_and_read_by_their_digits_alone() {
        let regular =
            ["+12025550101", "+1 202 555 0101", "+1 (202) 555-0101", "(202) 555-0101", "202-555-0101", "11 98765 4321"];
        assert!(regular.iter().all(|text| is_regular(text)));
        for text in [
            "",
            "+",
            "555010",
            "+1  202 555 0101",
            "+44 (0)20 7946 0958",
            "(202 555-0101",
            "202)555-0101(",
            "+1 202 555 0101 ",
            "-2025550101",
            "+1 202 555 0101 x7",
            "202--5550101",
            "((202)) 5550101",
            "+1 202 (555) (0101)",
        ] {
            assert!(!is_regular(text), "{text}");
        }
        let us = "US".parse().ok();
        for normalizer in [Normalizer::new(), Normalizer::builder().without_variants().build()] {
            for plus in ["+", ""] {
                for digits in [
                    "12025550101",
                    "2025550101",
                    "5511987654321",
                    "442079460958",
                    "4402079460958",
                    "0001111111",
                    "49301234567",
                    "5215512345678",
                ] {
                    let spellings = [
                        digits.to_owned(),
                        format!("{} {}", &digits[..2], &digits[2..]),
                        format!("{}-{}", &digits[..4], &digits[4..]),
                        format!("{} ({}) {}", &digits[..1], &digits[1..4], &digits[4..]),
                    ];
                    let mut keys =
                        spellings.iter().map(|spelling| format!("{plus}{spelling}")).filter(|text| is_regular(text));
                    let first = keys.next().expect("digits alone are regular");
                    for other in keys {
                        assert!(have_same_digits(&first, &other));
                        assert_eq!(
                            normalizer.phone(&first, us).ok(),
                            normalizer.phone(&other, us).ok(),
                            "{first} {other}"
                        );
                    }
                }
            }
        }
    }
}
