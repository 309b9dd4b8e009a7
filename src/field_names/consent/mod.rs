//! Consents and objections, recognised by the names of fields, and the meaning of their values.
//!
//! A merge takes the strictest value of such a field. An undo never restores a consent that was withdrawn since the
//! merge.

mod name;
mod permission;
mod spelling;
mod words;
mod yes_no;

use std::collections::BTreeSet;

use crate::contact::{Contact, Field, Value};
use crate::field_names::consent::name::Stance;

#[doc(hidden)]
pub use permission::Permission;
pub use yes_no::yes_or_no;

/// A field in which a consent was withdrawn or an objection made.
#[derive(Clone, Debug, PartialEq, Eq)]
#[doc(hidden)]
pub struct Withdrawal<'a> {
    /// The consent or objection.
    pub permission: Permission,
    /// The field.
    pub field: &'a Field,
}

impl Permission {
    /// Returns the consent or the objection that a field holds, or `None` if its name does not say so.
    ///
    /// Only custom and unknown fields can be one. The words of the name count, whatever their case and separators:
    /// `HasOptedOutOfEmail`, `email_opt_out` and `Opted out of email` give the same result. Cost: O(n).
    #[doc(hidden)]
    pub fn of(field: &Field) -> Option<Self> {
        let (Field::Custom(name) | Field::Other(name)) = field else { return None };
        name::permission(name)
    }

    /// Returns true if the field is a consent and the value gives it. The absence of an objection is not a consent.
    fn is_granted_by(&self, value: Option<&Value>) -> bool {
        matches!(self, Self::Consent(_)) && value.is_some_and(|value| as_flag(value) == Some(true) || is_grant(value))
    }

    /// Returns the strictest value of a check box: false for a consent, true for an objection.
    #[doc(hidden)]
    pub fn strictest(&self) -> bool {
        matches!(self, Self::Objection(_))
    }

    /// Returns true if the value refuses a consent or makes an objection.
    ///
    /// Any value of an objection makes it, such as its date, unless the value says no or gives a consent.
    #[doc(hidden)]
    pub fn is_protected_by(&self, value: Option<&Value>) -> bool {
        let value = value.filter(|value| !is_blank(value));
        match self {
            Self::Consent(_) => value.is_some_and(|value| as_flag(value) == Some(false) || is_refusal(value)),
            Self::Objection(_) => value.is_some_and(|value| as_flag(value) != Some(false) && !is_grant(value)),
        }
    }

    /// Returns true if a field that was written after `before` withdraws a consent or objects with `now`: either `now`
    /// is protective, or it is empty and `before` gave a consent.
    fn is_withdrawn(&self, before: Option<&Value>, now: Option<&Value>) -> bool {
        let is_empty = now.is_none_or(Value::is_empty);
        self.is_protected_by(now) || (is_empty && self.is_granted_by(before))
    }
}

/// Returns true if the name of a field says that it holds a consent or an objection, as `opt_in` and
/// `HasOptedOutOfEmail` do.
///
/// The strictest value of such a field wins in a merge. `docs/policy.md` lists the words. Cost: O(n).
///
/// ```
/// use onefold::field_names::consent::is_consent;
/// use onefold::Field;
///
/// assert!(is_consent(&Field::Other("Unsubscribed from all email".into())));
/// assert!(!is_consent(&Field::Other("Unsubscribe reason".into())));
/// ```
pub fn is_consent(field: &Field) -> bool {
    Permission::of(field).is_some()
}

/// Returns true if `field` is a consent and `value` refuses it, or if `field` is an objection and `value` makes it.
#[doc(hidden)]
pub fn is_protective(field: &Field, value: &Value) -> bool {
    Permission::of(field).is_some_and(|permission| permission.is_protected_by(Some(value)))
}

/// Returns the fields in which a consent was withdrawn or an objection made between two states of a contact.
///
/// The value or the provenance of such a field differs between the two states, and its new value is protective, or
/// empty where a consent was given. Cost: O(n log n).
#[doc(hidden)]
pub fn withdrawn_between<'a, Id>(
    before: &'a Contact<Id>,
    now: &'a Contact<Id>,
) -> impl Iterator<Item = Withdrawal<'a>> {
    let gone = before.fields.keys().filter(move |field| !now.fields.contains_key(*field));
    let fields = now.fields.keys().chain(gone);
    let known = fields.filter_map(|field| Some(Withdrawal { permission: Permission::of(field)?, field }));
    let is_written = move |field: &Field| {
        before.get(field) != now.get(field) || before.provenance.get(field) != now.provenance.get(field)
    };
    known.filter(move |Withdrawal { permission, field }| {
        is_written(field) && permission.is_withdrawn(before.get(field), now.get(field))
    })
}

/// Returns a field with an earlier withdrawal if it still holds: the value in the survivor `now` is protective or
/// empty.
pub(crate) fn still_withdrawn<'a, Id>(field: &'a Field, now: &Contact<Id>) -> Option<Withdrawal<'a>> {
    let permission = Permission::of(field)?;
    let value = now.get(field);
    (permission.is_protected_by(value) || value.is_none_or(Value::is_empty)).then_some(Withdrawal { permission, field })
}

/// Returns the fields of a contact that hold one of the given consents and objections.
#[doc(hidden)]
pub fn fields_of<'a, Id>(
    contact: &'a Contact<Id>,
    permissions: &'a BTreeSet<Permission>,
) -> impl Iterator<Item = &'a Field> {
    let is_one = |field: &&Field| Permission::of(field).is_some_and(|permission| permissions.contains(&permission));
    contact.fields.keys().filter(is_one)
}

/// Applies the withdrawal in `field` of `now` to a contact. Returns the changed fields of the contact with their former
/// values.
///
/// Each field keeps the name that the contact has for it. A contact without such a field gets it, unless the withdrawal
/// only emptied the field.
pub(crate) fn withdraw<Id>(
    contact: &mut Contact<Id>,
    withdrawal: &Withdrawal<'_>,
    now: &Contact<Id>,
) -> Vec<(Field, Option<Value>)> {
    let (permission, field) = (&withdrawal.permission, withdrawal.field);
    let value = now.get(field);
    let protects = permission.is_protected_by(value);
    let own = contact.fields.keys().filter(|own| Permission::of(own).as_ref() == Some(permission));
    let mut own: Vec<Field> = own.cloned().collect();
    if own.is_empty() && protects {
        own.push(field.clone());
    }
    let is_open = |own: &Field| {
        if protects {
            !permission.is_protected_by(contact.get(own))
        } else {
            permission.is_granted_by(contact.get(own))
        }
    };
    own.retain(is_open);
    let held = own.into_iter().map(|own| {
        let before = match value {
            Some(value) => contact.fields.insert(own.clone(), value.clone()),
            None => contact.fields.remove(&own),
        };
        match now.provenance.get(field).filter(|_| value.is_some()) {
            Some(provenance) => drop(contact.provenance.insert(own.clone(), provenance.clone())),
            None => drop(contact.provenance.remove(&own)),
        }
        (own, before)
    });
    held.collect()
}

/// Returns the state of a check box, as JSON or in the words of a table, or `None` if the value is not one.
#[doc(hidden)]
pub fn as_flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(checked) => Some(*checked),
        Value::Text(_) | Value::Number(_) if !is_blank(value) => yes_or_no(value.as_written()?),
        _ => None,
    }
}

/// Returns true if the value is empty or a text of white space.
fn is_blank(value: &Value) -> bool {
    value.is_empty() || value.as_text().is_some_and(|text| text.trim().is_empty())
}

fn is_refusal(value: &Value) -> bool {
    value.as_text().is_some_and(|text| name::stance(text) == Some(Stance::Refusal))
}

fn is_grant(value: &Value) -> bool {
    value.as_text().is_some_and(|text| name::stance(text) == Some(Stance::Grant))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_marks_are_read_in_the_words_of_tables() {
        let flags = ["Yes", "x", "N\u{e3}o", "0", "Nein", "on", "maybe", ""].map(|text| as_flag(&Value::from(text)));
        assert_eq!(flags, [Some(true), Some(true), Some(false), Some(false), Some(false), Some(true), None, None]);
        assert_eq!(
            (as_flag(&Value::Bool(false)), as_flag(&Value::from(1)), as_flag(&Value::Null)),
            (Some(false), Some(true), None)
        );
    }

    #[test]
    fn a_value_in_doubt_is_an_objection_and_no_refusal_of_consent() {
        let (consent, objection) = (Permission::Consent("opt in".into()), Permission::Objection("dnc".into()));
        let protects = |permission: &Permission, value: Value| permission.is_protected_by(Some(&value));
        for (value, of_consent, of_objection) in [
            (Value::Bool(true), false, true),
            (Value::Bool(false), true, false),
            (Value::from("weekly"), false, true),
            (Value::from("nee"), true, false),
            (Value::from("Opted out"), true, true),
            (Value::from("NEVER_SUBSCRIBED"), true, true),
            (Value::from("No consent"), true, true),
            (Value::from("Do Not Allow"), true, true),
            (Value::from("Allow"), false, false),
            (Value::from("Subscribed"), false, false),
            (Value::from("opted_in"), false, false),
            (Value::from("2024-02-29"), false, true),
            (Value::from(""), false, false),
            (Value::from(" "), false, false),
            (Value::Null, false, false),
        ] {
            assert_eq!(protects(&consent, value.clone()), of_consent, "{value:?}");
            assert_eq!(protects(&objection, value.clone()), of_objection, "{value:?}");
        }
        assert!(!consent.is_protected_by(None) && !objection.is_protected_by(None));
    }
}
