//! Which fields are consents and objections, by their names, and how their values read.
//!
//! A merge takes the strictest value of such a field, and an undo gives nobody a consent back that was withdrawn since.

mod name;
mod spelling;
mod words;
mod yes_no;

use std::collections::BTreeSet;

use crate::contact::{Contact, Field, Value};
use crate::field_names::consent::name::Stance;

pub use name::Permission;
pub use yes_no::yes_or_no;

impl Permission {
    /// The consent or the objection that a field is: a custom field, or one that onefold does not know, whose name says so
    /// in words, however they are written and whatever stands between them: `HasOptedOutOfEmail`, `email_opt_out` and
    /// `Opted out of email` are one. O(n).
    #[doc(hidden)]
    pub fn of(field: &Field) -> Option<Self> {
        let (Field::Custom(name) | Field::Other(name)) = field else { return None };
        name::permission(name)
    }

    /// Returns true if a value gives the consent. A value that is no objection gives none.
    fn is_granted_by(&self, value: Option<&Value>) -> bool {
        matches!(self, Self::Consent(_)) && value.is_some_and(|value| as_flag(value) == Some(true) || is_grant(value))
    }

    /// The check mark that is the strictest: that of a consent which is not given, and that of an objection.
    #[doc(hidden)]
    pub fn strictest(&self) -> bool {
        matches!(self, Self::Objection(_))
    }

    /// Returns true if a value protects: it says no to a consent, or it is there and neither says no to an objection nor
    /// gives a consent, as the date of one does.
    #[doc(hidden)]
    pub fn is_protected_by(&self, value: Option<&Value>) -> bool {
        let value = value.filter(|value| !is_blank(value));
        match self {
            Self::Consent(_) => value.is_some_and(|value| as_flag(value) == Some(false) || is_refusal(value)),
            Self::Objection(_) => value.is_some_and(|value| as_flag(value) != Some(false) && !is_grant(value)),
        }
    }

    /// Returns true if `now` withdraws what `before` permitted, given that somebody wrote the field in between: it
    /// protects, or it is empty where there was a consent.
    fn is_withdrawn(&self, before: Option<&Value>, now: Option<&Value>) -> bool {
        let is_empty = now.is_none_or(Value::is_empty);
        self.is_protected_by(now) || (is_empty && self.is_granted_by(before))
    }
}

/// Returns true if a field is a consent or an objection by the words of its name: `opt_in`, `HasOptedOutOfEmail`. The
/// strictest value of such a field wins in a merge; `docs/policy.md` has the words. O(n).
///
/// ```
/// use onefold::{Field, is_consent};
///
/// assert!(is_consent(&Field::Other("Unsubscribed from all email".into())));
/// assert!(!is_consent(&Field::Other("Unsubscribe reason".into())));
/// ```
pub fn is_consent(field: &Field) -> bool {
    Permission::of(field).is_some()
}

/// Returns true if a value refuses a consent that the field is, or makes an objection.
#[doc(hidden)]
pub fn is_protective(field: &Field, value: &Value) -> bool {
    Permission::of(field).is_some_and(|permission| permission.is_protected_by(Some(value)))
}

/// The fields in which somebody withdrew a consent or objected between two states of a contact: they hold another value,
/// or the same from another time or source, and it protects. O(n log n).
#[doc(hidden)]
pub fn withdrawn_between<'a, Id>(before: &'a Contact<Id>, now: &'a Contact<Id>) -> Vec<(Permission, &'a Field)> {
    let gone = before.fields.keys().filter(|field| !now.fields.contains_key(*field));
    let fields = now.fields.keys().chain(gone);
    let known = fields.filter_map(|field| Some((Permission::of(field)?, field)));
    let is_written = |field: &Field| {
        before.get(field) != now.get(field) || before.provenance.get(field) != now.provenance.get(field)
    };
    let withdrawn = known
        .filter(|(permission, field)| is_written(field) && permission.is_withdrawn(before.get(field), now.get(field)));
    withdrawn.collect()
}

/// A field in which somebody withdrew a consent or objected at some time, if nobody has permitted it again: the survivor
/// `now` protects, or says nothing.
#[doc(hidden)]
pub fn still_withdrawn<'a, Id>(field: &'a Field, now: &Contact<Id>) -> Option<(Permission, &'a Field)> {
    let permission = Permission::of(field)?;
    let value = now.get(field);
    (permission.is_protected_by(value) || value.is_none_or(Value::is_empty)).then_some((permission, field))
}

/// The fields of a contact that are one of some consents and objections.
#[doc(hidden)]
pub fn fields_of<'a, Id>(
    contact: &'a Contact<Id>,
    permissions: &'a BTreeSet<Permission>,
) -> impl Iterator<Item = &'a Field> {
    let is_one = |field: &&Field| Permission::of(field).is_some_and(|permission| permissions.contains(&permission));
    contact.fields.keys().filter(is_one)
}

/// Makes the withdrawal that `field` of `now` shows hold for a contact: the fields of it that change, each under the name
/// that the contact has it by, with what they held. A contact that has no such field gets it, unless the withdrawal only
/// emptied it.
#[doc(hidden)]
pub fn withdraw<Id>(
    contact: &mut Contact<Id>,
    permission: &Permission,
    field: &Field,
    now: &Contact<Id>,
) -> Vec<(Field, Option<Value>)> {
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

/// Returns true if a check mark is set, in JSON or in the words of a table. Returns `None` if the value is no check mark.
#[doc(hidden)]
pub fn as_flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(checked) => Some(*checked),
        Value::Text(_) | Value::Number(_) if !is_blank(value) => yes_or_no(value.as_written()?),
        _ => None,
    }
}

/// Returns true if a value says nothing; a text of white space does not.
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
