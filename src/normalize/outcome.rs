//! The outcome of normalising: keys with the values that gave them, and rejected values with the reasons.

use std::cmp::Ordering;
use std::fmt;

use crate::contact::{Contact, Field, Value};
use crate::field_names::role::ValueRole;
use crate::key::{Derivation, Key, KeyKind, Reason};

/// The greatest number of values that are read from one field. Further values are rejected with [`Reason::TooMany`].
pub const MAX_VALUES_PER_FIELD: usize = 10_000;

/// A key with the rule that derived it from a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct DerivedKey {
    /// The key.
    pub key: Key,
    /// The rule that derived the key from the value.
    pub derivation: Derivation,
}

/// A borrowed key with its derivation, so that a caller who keeps no keys causes no allocation.
#[derive(Clone, Copy)]
pub(crate) struct LentKey<'a> {
    pub(crate) kind: KeyKind,
    pub(crate) scope: &'a str,
    pub(crate) value: &'a str,
    pub(crate) derivation: Derivation,
}

impl<'a> LentKey<'a> {
    #[inline]
    pub(super) fn phone(value: &'a str, derivation: Derivation) -> Self {
        Self { kind: KeyKind::Phone, scope: "", value, derivation }
    }

    #[inline]
    pub(super) fn email(value: &'a str, derivation: Derivation) -> Self {
        Self { kind: KeyKind::Email, scope: "", value, derivation }
    }

    /// Returns true if the keys are equal. Their derivations may differ.
    #[inline]
    pub(crate) fn is_same(self, other: LentKey<'_>) -> bool {
        self.kind == other.kind && self.scope == other.scope && self.value == other.value
    }

    /// Compares the keys without their derivations.
    #[inline]
    pub(crate) fn cmp_key(self, other: LentKey<'_>) -> Ordering {
        (self.kind, self.scope, self.value).cmp(&(other.kind, other.scope, other.value))
    }

    #[inline]
    pub(crate) fn key(self) -> Key {
        Key::new(self.kind, self.scope, self.value)
    }

    #[inline]
    pub(crate) fn kept(self) -> DerivedKey {
        DerivedKey { key: self.key(), derivation: self.derivation }
    }
}

impl DerivedKey {
    #[inline]
    pub(crate) fn lent(&self) -> LentKey<'_> {
        let (kind, scope, value) = (self.key.kind(), self.key.scope(), self.key.value());
        LentKey { kind, scope, value, derivation: self.derivation }
    }
}

/// A function that receives keys one by one.
pub(crate) type Take<'a> = &'a mut dyn FnMut(LentKey<'_>);

/// Returns the keys that `each` passes to its function.
///
/// # Errors
/// - The [`Reason`] that `each` returns.
#[inline]
pub(super) fn kept(each: impl FnOnce(Take<'_>) -> Result<(), Reason>) -> Result<Vec<DerivedKey>, Reason> {
    // Few values give more than one key.
    let mut keys = Vec::with_capacity(1);
    each(&mut |key| keys.push(key.kept()))?;
    Ok(keys)
}

/// Passes `keys` to `take`.
///
/// # Errors
/// - The reason in `keys`.
pub(super) fn give(keys: Result<Vec<DerivedKey>, Reason>, take: Take<'_>) -> Result<(), Reason> {
    keys?.iter().for_each(|key| take(key.lent()));
    Ok(())
}

/// Returns the keys of a value with an owner. The keys of a shared value are weak.
///
/// # Errors
/// - The reason in `keys`.
/// - [`Reason::FaxOrPager`] if the owner is a machine.
pub(super) fn in_role(role: ValueRole, keys: Result<Vec<DerivedKey>, Reason>) -> Result<Vec<DerivedKey>, Reason> {
    match role {
        ValueRole::Personal => keys,
        ValueRole::Shared => {
            let mut keys = keys?;
            for key in &mut keys {
                key.derivation = key.derivation.max(Derivation::SharedValue);
            }
            Ok(keys)
        }
        ValueRole::Unreachable => keys.and(Err(Reason::FaxOrPager)),
    }
}

/// The position of a value in a contact: its field, and its index in a field that is a list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Place {
    /// The field.
    pub field: Field,
    /// The index of the value in a list, from 0, or 0 in a field with one value.
    pub position: usize,
}

impl Place {
    /// Returns the text of the value at this position in `contact`, as written. For a channel it is the identity.
    /// Returns `None` if there is no value or if it is not a text. Cost: O(log n) in the number of fields.
    pub fn value_in<'a, Id>(&self, contact: &'a Contact<Id>) -> Option<&'a str> {
        match contact.get(&self.field)? {
            Value::Channels(channels) => channels.get(self.position).map(|channel| channel.identity.as_str()),
            Value::List(items) => items.get(self.position).and_then(Value::as_written),
            one => one.as_written().filter(|_| self.position == 0),
        }
    }

    /// Returns true if the value at this position in `contact` was verified. Provenance describes a whole field, so a
    /// list is verified only if all of its values were. Cost: O(log n) in the number of fields.
    pub fn is_verified_in<Id>(&self, contact: &Contact<Id>) -> bool {
        contact.provenance.get(&self.field).is_some_and(|provenance| provenance.verified)
    }
}

/// A key of a contact with the value that gave it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ContactKey {
    /// The key.
    pub key: Key,
    /// The rule that derived the key from the value.
    pub derivation: Derivation,
    /// The position of the value in the contact.
    pub place: Place,
    /// True if the value was verified, by the provenance of the contact.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "std::ops::Not::not"))]
    pub verified: bool,
}

/// A value that gave no key, with the reason. `Debug` and `Display` do not show the value.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rejection {
    /// The position of the value in the contact.
    pub place: Place,
    /// The value as written, or an empty text if it is not a text.
    pub value: Box<str>,
    /// The reason for which it gave no key.
    pub reason: Reason,
}

/// Writes the position and the reason, without the value.
impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.place.field, self.place.position, self.reason)
    }
}

impl std::error::Error for Rejection {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.reason)
    }
}

impl fmt::Debug for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rejection").field("place", &self.place).field("reason", &self.reason).finish_non_exhaustive()
    }
}

/// The keys of a contact and its rejected values, both in the order of the values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContactKeys {
    /// The keys. A key is repeated for each value that gave it.
    pub keys: Vec<ContactKey>,
    /// The rejected values.
    pub rejections: Vec<Rejection>,
}

impl ContactKeys {
    /// Returns each key once, ordered by key. Of several values that gave a key, the one with the most direct
    /// derivation counts, and of these the first. Cost: O(n log n).
    pub fn distinct(mut self) -> Vec<ContactKey> {
        self.keys.sort();
        self.keys.dedup_by(|later, earlier| later.key == earlier.key);
        self.keys
    }

    pub(crate) fn add(&mut self, field: Field, position: usize, raw: &str, outcome: Result<Vec<DerivedKey>, Reason>) {
        let place = Place { field, position };
        match outcome {
            Ok(keys) => self.keys.extend(keys.into_iter().map(|DerivedKey { key, derivation }| ContactKey {
                key,
                derivation,
                place: place.clone(),
                verified: false,
            })),
            Err(reason) => self.rejections.push(Rejection { place, value: raw.into(), reason }),
        }
    }

    /// Marks the keys from verified values of `contact`.
    pub(crate) fn note_verified<Id>(&mut self, contact: &Contact<Id>) {
        if !contact.provenance.is_empty() {
            self.keys.iter_mut().for_each(|key| key.verified = key.place.is_verified_in(contact));
        }
    }

    pub(crate) fn add_limited(
        &mut self,
        field: Field,
        position: usize,
        raw: &str,
        read: impl FnOnce() -> Result<Vec<DerivedKey>, Reason>,
    ) {
        let outcome = if position < MAX_VALUES_PER_FIELD { read() } else { Err(Reason::TooMany) };
        self.add(field, position, raw, outcome);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_where_a_value_stands() {
        let contact =
            Contact::new(1).with(Field::FirstName, "Ada").with_phone("+12025550101").with_phone("+12025550102");
        let value = |field: Field, position: usize| Place { field, position }.value_in(&contact);
        assert_eq!((value(Field::FirstName, 0), value(Field::FirstName, 1)), (Some("Ada"), None));
        assert_eq!(value(Field::Phone, 1), Some("+12025550102"));
        assert_eq!((value(Field::Phone, 2), value(Field::Email, 0)), (None, None));
    }
}
