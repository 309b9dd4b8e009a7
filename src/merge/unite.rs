//! Lists become one list: every value once, in precedence, the first spelling stays.
//!
//! Two phones are one when their keys are, and so are two emails. Normalising costs microseconds, so it is
//! done only for values that could be one: a cheap *likeness* of the text says which.

use std::collections::{HashMap, HashSet};

use crate::contact::{Contact, ContactId, Field, Value};
use crate::key::Key;
use crate::merge::choice::Why;
use crate::merge::decide::{Decision, Held};
use crate::merge::precedence::Participants;
use crate::normalize::{Normalizer, Region};

/// The values of lists, each once, and the contacts that brought one.
pub(super) fn unite<Id: ContactId>(
    field: &Field,
    have: &[Held<'_>],
    contacts: &Participants<'_, Id>,
    normalizer: &Normalizer,
) -> Decision {
    let mut united = United::new(field, normalizer);
    let mut from = Vec::new();
    for (place, value) in have {
        let items = items(value);
        let known = united.values.len();
        items.iter().for_each(|item| united.add(item, contacts.at(*place)));
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
    // A single value that is alone stays one.
    let alone = have.iter().map(|(_, value)| *value).find(|value| !value.is_empty() && items(value).len() == 1);
    let value = match alone {
        Some(alone) if united.values.len() == 1 && !matches!(alone, Value::List(_)) => alone.clone(),
        _ => Value::List(united.values.into_iter().cloned().collect()),
    };
    let is_cleared = have.iter().all(|(_, value)| **value == Value::Null);
    Decision { value: Some(if is_cleared { Value::Null } else { value }), from, why }
}

/// The elements of a list, or the value that stands in the place of one.
pub(super) fn items(value: &Value) -> &[Value] {
    match value {
        Value::List(items) => items,
        one if one.is_empty() => &[],
        one => std::slice::from_ref(one),
    }
}

struct United<'a> {
    values: Vec<&'a Value>,
    known: HashSet<&'a Value>,
    likes: HashMap<Box<str>, Alike>,
    normalizer: &'a Normalizer,
    kind: Kind,
}

/// The values of one likeness: none of them was looked at closely, or all were.
enum Alike {
    One(usize, Option<Region>),
    Keyed(HashMap<Key, usize>),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Phone,
    Email,
    Plain,
}

impl<'a> United<'a> {
    fn new(field: &Field, normalizer: &'a Normalizer) -> Self {
        let kind = match field {
            Field::Phone if !normalizer.is_as_written() => Kind::Phone,
            Field::Email if !normalizer.is_as_written() => Kind::Email,
            _ => Kind::Plain,
        };
        Self { values: Vec::new(), known: HashSet::new(), likes: HashMap::new(), normalizer, kind }
    }

    fn add<Id>(&mut self, value: &'a Value, contact: &Contact<Id>) {
        if !self.known.insert(value) {
            return;
        }
        if let (Kind::Phone | Kind::Email, Some(text)) = (self.kind, value.as_written()) {
            let region = self.normalizer.region_of(contact.country());
            if self.is_known_otherwise(text, region) {
                return;
            }
        }
        self.values.push(value);
    }

    /// Whether another spelling of the text is there; takes note of it, if not.
    fn is_known_otherwise(&mut self, text: &'a str, region: Option<Region>) -> bool {
        let place = self.values.len();
        let mut key = None;
        let likeness = match likeness(self.kind, text) {
            Some(likeness) => likeness,
            None => {
                key = self.key(text, region);
                match &key {
                    // No key, so that nothing but the same text is the same.
                    None => return false,
                    Some(key) => likeness_of_key(self.kind, key),
                }
            }
        };
        match self.likes.remove(&likeness) {
            None => {
                let alike = match key {
                    Some(key) => Alike::Keyed(HashMap::from([(key, place)])),
                    None => Alike::One(place, region),
                };
                self.likes.insert(likeness, alike);
                false
            }
            Some(alike) => {
                let mut keyed = match alike {
                    Alike::Keyed(keyed) => keyed,
                    Alike::One(other, region) => {
                        let text = self.values.get(other).and_then(|value| value.as_written()).unwrap_or_default();
                        self.key(text, region).map(|key| (key, other)).into_iter().collect()
                    }
                };
                let key = key.or_else(|| self.key(text, region));
                let is_known = key.as_ref().is_some_and(|key| keyed.contains_key(key));
                if let (false, Some(key)) = (is_known, key) {
                    keyed.insert(key, place);
                }
                self.likes.insert(likeness, Alike::Keyed(keyed));
                is_known
            }
        }
    }

    fn key(&self, text: &str, region: Option<Region>) -> Option<Key> {
        key_of(self.normalizer, self.kind, text, region)
    }
}

fn key_of(normalizer: &Normalizer, kind: Kind, text: &str, region: Option<Region>) -> Option<Key> {
    let keys = match kind {
        Kind::Phone => normalizer.phone(text, region),
        Kind::Email => normalizer.email(text),
        Kind::Plain => return None,
    };
    keys.ok()?.into_iter().next().map(|derived| derived.key)
}

/// What two plainly written values have in common if they are one: the last four digits of a phone, the
/// letters of an email in lower case. `None` for a text in which it takes more to see that.
fn likeness(kind: Kind, text: &str) -> Option<Box<str>> {
    match kind {
        Kind::Phone => {
            let is_plain = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'+' | b' ' | b'-' | b'(' | b')');
            text.bytes().all(is_plain).then(|| last_digits(text)).flatten()
        }
        Kind::Email => {
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'+' | b'-' | b'@');
            (text.bytes().all(is_plain) && !text.ends_with('.')).then(|| text.to_ascii_lowercase().into())
        }
        Kind::Plain => None,
    }
}

fn likeness_of_key(kind: Kind, key: &Key) -> Box<str> {
    let number = key.value().split(';').next().unwrap_or_default();
    match kind {
        Kind::Phone => last_digits(number).unwrap_or_default(),
        Kind::Email | Kind::Plain => key.value().into(),
    }
}

fn last_digits(text: &str) -> Option<Box<str>> {
    let mut digits: Vec<char> = text.chars().rev().filter(char::is_ascii_digit).take(4).collect();
    digits.reverse();
    (digits.len() == 4).then(|| digits.into_iter().collect())
}

/// The phones that the survivor would no longer be found by, since its country is not theirs, are written
/// with their country code instead. Whether there was one.
pub(super) fn keep_findable<Id: ContactId>(
    phones: &mut Value,
    contacts: &Participants<'_, Id>,
    country: Option<&str>,
    normalizer: &Normalizer,
) -> bool {
    let region = normalizer.region_of(country);
    let regions: Vec<_> = contacts.contacts().iter().map(|contact| normalizer.region_of(contact.country())).collect();
    if regions.iter().all(|own| *own == region) {
        return false;
    }
    let mut has_changed = false;
    let elements = match phones {
        Value::List(items) => items.as_mut_slice(),
        one => std::slice::from_mut(one),
    };
    for element in elements {
        let Some(text) = element.as_written().filter(|text| !text.trim_start().starts_with('+')) else { continue };
        let holder = contacts
            .contacts()
            .iter()
            .zip(&regions)
            .find(|(contact, _)| contact.get(&Field::Phone).is_some_and(|held| items(held).contains(element)));
        let Some((_, own)) = holder.filter(|(_, own)| **own != region) else { continue };
        let Some(key) = key_of(normalizer, Kind::Phone, text, *own) else { continue };
        if key_of(normalizer, Kind::Phone, text, region).as_ref() != Some(&key) {
            *element = Value::Text(key.value().to_owned());
            has_changed = true;
        }
    }
    has_changed
}
