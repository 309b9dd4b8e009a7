//! The values that a card is to have, and which of them its properties give already.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use onefold::{Contact, Field, Key, Normalizer, Region, Value};

use crate::merged_row::cell_text;
use crate::vcard::card_text::{GivenValue, elements, shown};

/// The fewest digits by which numbers are compared.
const NUMBER_DIGITS: usize = 5;

/// The values of the fields that differ.
pub(crate) struct WantedValues<'a> {
    speller: Speller<'a>,
    fields: BTreeMap<Field, FieldValues<'a>>,
}

/// The values of a field.
#[derive(Default)]
struct FieldValues<'a> {
    values: Vec<&'a Value>,
    // True for each value that no property gives yet.
    is_open: Vec<bool>,
    places: HashMap<String, ValuePlaces>,
    // Those that a property gives.
    given: SpelledKeys,
}

/// The places of a text among the values of a field.
struct ValuePlaces {
    first: usize,
    // Those of open values, the first one last.
    open: Vec<usize>,
}

/// Says which phones and emails are spellings of one: by their keys, as the merge compares them.
#[derive(Clone, Copy)]
pub(crate) struct Speller<'a> {
    normalizer: &'a Normalizer,
    region: Option<Region>,
}

/// Phones and emails, whatever their spelling.
#[derive(Default)]
pub(crate) struct SpelledKeys {
    keys: HashSet<Key>,
}

impl<'a> WantedValues<'a> {
    /// Returns the values of a contact in some fields. O(n).
    pub(crate) fn new(fields: &BTreeSet<Field>, merged: &'a Contact<String>, speller: Speller<'a>) -> Self {
        let values = |field: &Field| merged.get(field).map(|value| (field.clone(), FieldValues::new(elements(value))));
        Self { speller, fields: fields.iter().filter_map(values).collect() }
    }

    /// Returns true if a value is wanted.
    pub(crate) fn has(&self, given: &GivenValue) -> bool {
        let places = self.fields.get(&given.field).and_then(|field| field.places.get(&shown(&given.value)));
        places.is_some_and(|places| !places.open.is_empty())
    }

    /// Returns true if a value is wanted, which it is no longer then.
    pub(crate) fn take(&mut self, given: &GivenValue) -> bool {
        let Some(field) = self.fields.get_mut(&given.field) else { return false };
        let Some(place) = field.places.get_mut(&shown(&given.value)).and_then(|places| places.open.pop()) else {
            return false;
        };
        if let Some(is_open) = field.is_open.get_mut(place) {
            *is_open = false;
        }
        if let Some(value) = field.values.get(place) {
            field.given.keys.extend(self.speller.key_of(&given.field, value));
        }
        true
    }

    /// Returns true if a value is another spelling of one that a property gives.
    pub(crate) fn has_spelling_of(&self, given: &GivenValue) -> bool {
        let Some(field) = self.fields.get(&given.field) else { return false };
        field.given.has(&given.field, &given.value, self.speller)
    }

    /// Returns the position of a value among those of its field.
    pub(crate) fn rank(&self, field: &Field, value: &Value) -> usize {
        let Some(field) = self.fields.get(field) else { return 0 };
        field.places.get(&shown(value)).map_or(field.values.len(), |places| places.first)
    }

    /// Returns the values of a field that are wanted, which they are no longer then.
    pub(crate) fn take_all(&mut self, field: &Field) -> Vec<&'a Value> {
        let Some(field) = self.fields.get_mut(field) else { return Vec::new() };
        for places in field.places.values_mut() {
            places.open.clear();
        }
        let values = field.values.iter().zip(&mut field.is_open);
        values.filter_map(|(value, is_open)| std::mem::take(is_open).then_some(*value)).collect()
    }

    /// Returns the fields.
    pub(crate) fn fields(&self) -> Vec<Field> {
        self.fields.keys().cloned().collect()
    }
}

impl<'a> FieldValues<'a> {
    fn new(values: &'a [Value]) -> Self {
        let mut places: HashMap<String, ValuePlaces> = HashMap::new();
        for (place, value) in values.iter().enumerate().rev() {
            let of_text = places.entry(shown(value)).or_insert(ValuePlaces { first: place, open: Vec::new() });
            of_text.first = place;
            of_text.open.push(place);
        }
        let is_open = vec![true; values.len()];
        Self { values: values.iter().collect(), is_open, places, given: SpelledKeys::default() }
    }
}

impl SpelledKeys {
    /// Returns the spellings of some values of a field. O(n).
    pub(crate) fn of(field: &Field, values: &[Value], speller: Speller<'_>) -> Self {
        Self { keys: values.iter().filter_map(|value| speller.key_of(field, value)).collect() }
    }

    /// Returns true if a value is a spelling of one of these.
    pub(crate) fn has(&self, field: &Field, value: &Value, speller: Speller<'_>) -> bool {
        !self.keys.is_empty() && speller.key_of(field, value).is_some_and(|key| self.keys.contains(&key))
    }
}

impl<'a> Speller<'a> {
    /// Returns the speller of a contact's values.
    pub(crate) fn new(normalizer: &'a Normalizer, contact: &Contact<String>) -> Self {
        Self { normalizer, region: normalizer.region_of(contact.country()) }
    }

    /// Returns the exact key of a phone or an email, by which spellings are equal.
    fn key_of(self, field: &Field, value: &Value) -> Option<Key> {
        let text = cell_text(value);
        let keys = match field {
            Field::Email => self.normalizer.email(&text),
            Field::Phone => self.normalizer.phone(&text, self.region),
            _ => return None,
        };
        keys.ok()?.into_iter().next().map(|derived| derived.key)
    }
}

/// Returns the digits of a number without the zeros in front.
pub(crate) fn digits_of(value: &Value) -> String {
    let digits: String = cell_text(value).chars().filter(char::is_ascii_digit).collect();
    digits.trim_start_matches('0').to_owned()
}

/// Returns the last digits, which two spellings of a number have in common.
pub(crate) fn last_digits(digits: &str) -> String {
    digits.get(digits.len().saturating_sub(NUMBER_DIGITS)..).unwrap_or_default().to_owned()
}

/// Returns true if one of two numbers, by their digits, may be the other one without its country code.
pub(crate) fn may_be_without_country(a: &str, b: &str) -> bool {
    a.len().min(b.len()) >= NUMBER_DIGITS && (a.ends_with(b) || b.ends_with(a))
}
