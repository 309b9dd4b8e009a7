//! Which fields are consents and objections, by their names, and how their values read.
//!
//! A merge takes the strictest value of such a field, and an undo gives nobody a consent back that was withdrawn since.

mod yes_no;

use std::collections::BTreeSet;

use crate::contact::{Contact, Field, Value};

pub use yes_no::yes_or_no;

/// Names of consents: what one contact did not agree to, the merged one has not agreed to.
const CONSENTS: [&str; 14] = [
    "consent",
    "email_consent",
    "email_opt_in",
    "gdpr_consent",
    "marketing_consent",
    "marketing_opt_in",
    "newsletter",
    "opt_in",
    "opted_in",
    "sms_consent",
    "sms_opt_in",
    "subscribed",
    "whatsapp_consent",
    "whatsapp_opt_in",
];

/// Names of objections: what one contact objected to, the merged one objects to.
const OBJECTIONS: [&str; 16] = [
    "dnc",
    "dnd",
    "do_not_call",
    "do_not_contact",
    "do_not_disturb",
    "do_not_email",
    "email_opt_out",
    "marketing_opt_out",
    "opt_out",
    "opted_out",
    "sms_opt_out",
    "spam",
    "suppressed",
    "unsubscribe",
    "unsubscribed",
    "whatsapp_opt_out",
];

/// Words that refuse a consent, beside those for no.
const REFUSALS: [&str; 10] = [
    "declined",
    "denied",
    "objected",
    "opted out",
    "opt-out",
    "refused",
    "rejected",
    "revoked",
    "unsubscribed",
    "withdrawn",
];

/// What a consent or an objection is called: one name for all its spellings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Permission {
    /// Somebody agreed to something.
    Consent(&'static str),
    /// Somebody objected to something.
    Objection(&'static str),
}

impl Permission {
    /// The consent or the objection that a field is: a custom field, or one that onefold does not know, with one of the
    /// names above, in any case and whatever stands between the words.
    pub(crate) fn of(field: &Field) -> Option<Self> {
        let (Field::Custom(name) | Field::Other(name)) = field else { return None };
        let known = |names: &[&'static str]| names.iter().copied().find(|known| is_same_name(known, name));
        known(&CONSENTS).map(Self::Consent).or_else(|| known(&OBJECTIONS).map(Self::Objection))
    }

    /// Whether a value grants: it says yes to a consent. That nobody objected grants nothing.
    fn is_granted_by(self, value: Option<&Value>) -> bool {
        matches!(self, Self::Consent(_)) && value.and_then(as_flag) == Some(true)
    }

    /// The check mark that is the strictest: that of a consent which is not given, and that of an objection.
    pub(crate) fn strictest(self) -> bool {
        matches!(self, Self::Objection(_))
    }

    /// Whether a value protects: it says no to a consent, or it is there and does not say no to an objection, as the date
    /// of one does.
    pub(crate) fn is_protected_by(self, value: Option<&Value>) -> bool {
        let value = value.filter(|value| !is_blank(value));
        match self {
            Self::Consent(_) => value.is_some_and(|value| as_flag(value) == Some(false) || is_refusal(value)),
            Self::Objection(_) => value.is_some_and(|value| as_flag(value) != Some(false)),
        }
    }

    /// Whether `now` withdraws what `before` permitted, given that somebody wrote the field in between: it protects, or
    /// it is empty where there was a consent.
    fn is_withdrawn(self, before: Option<&Value>, now: Option<&Value>) -> bool {
        let is_empty = now.is_none_or(Value::is_empty);
        self.is_protected_by(now) || (is_empty && self.is_granted_by(before))
    }
}

/// Whether a value refuses a consent that the field is, or makes an objection.
pub(crate) fn is_protective(field: &Field, value: &Value) -> bool {
    Permission::of(field).is_some_and(|permission| permission.is_protected_by(Some(value)))
}

/// The fields in which somebody withdrew a consent or objected between two states of a contact: they hold another value,
/// or the same from another time or source, and it protects. O(n log n).
pub(crate) fn withdrawn_between<'a, Id>(before: &'a Contact<Id>, now: &'a Contact<Id>) -> Vec<(Permission, &'a Field)> {
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
pub(crate) fn still_withdrawn<'a, Id>(field: &'a Field, now: &Contact<Id>) -> Option<(Permission, &'a Field)> {
    let permission = Permission::of(field)?;
    let value = now.get(field);
    (permission.is_protected_by(value) || value.is_none_or(Value::is_empty)).then_some((permission, field))
}

/// The fields of a contact that are one of some consents and objections.
pub(crate) fn fields_of<'a, Id>(
    contact: &'a Contact<Id>,
    permissions: &'a BTreeSet<Permission>,
) -> impl Iterator<Item = &'a Field> {
    let is_one = |field: &&Field| Permission::of(field).is_some_and(|permission| permissions.contains(&permission));
    contact.fields.keys().filter(is_one)
}

/// Makes the withdrawal that `field` of `now` shows hold for a contact: the fields of it that change, each under the name
/// that the contact has it by, with what they held. A contact that has no such field gets it, unless the withdrawal only
/// emptied it.
pub(crate) fn withdraw<Id>(
    contact: &mut Contact<Id>,
    permission: Permission,
    field: &Field,
    now: &Contact<Id>,
) -> Vec<(Field, Option<Value>)> {
    let value = now.get(field);
    let protects = permission.is_protected_by(value);
    let own = contact.fields.keys().filter(|own| Permission::of(own) == Some(permission));
    let mut own: Vec<Field> = own.cloned().collect();
    if own.is_empty() && protects {
        own.push(field.clone());
    }
    let is_open = |own: &Field| match protects {
        true => !permission.is_protected_by(contact.get(own)),
        false => permission.is_granted_by(contact.get(own)),
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

/// Whether a value is a check mark, and set: as JSON, or in the words of a table.
pub(crate) fn as_flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(checked) => Some(*checked),
        Value::Text(_) | Value::Number(_) if !is_blank(value) => yes_or_no(value.as_written()?),
        _ => None,
    }
}

/// Whether a value says nothing; a text of white space does not.
fn is_blank(value: &Value) -> bool {
    value.is_empty() || value.as_text().is_some_and(|text| text.trim().is_empty())
}

fn is_refusal(value: &Value) -> bool {
    value.as_text().is_some_and(|text| REFUSALS.iter().any(|refusal| is_same_name(refusal, text)))
}

/// Whether two names are the same but for case and what stands between their words: `optIn`, `Opt-In` and `opt_in` are.
fn is_same_name(known: &str, name: &str) -> bool {
    let known = known.bytes().filter(u8::is_ascii_alphanumeric);
    let letters = name.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase());
    name.is_ascii() && known.eq(letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted_and_their_names_are_found() {
        assert!(CONSENTS.is_sorted() && OBJECTIONS.is_sorted());
        let of = |name: &str| Permission::of(&Field::Custom(name.into()));
        assert!(CONSENTS.iter().all(|name| of(name) == Some(Permission::Consent(name))));
        assert!(OBJECTIONS.iter().all(|name| of(name) == Some(Permission::Objection(name))));
        for name in ["Opt-In", "optIn", "OptIn", "OPT IN"] {
            assert_eq!(of(name), Some(Permission::Consent("opt_in")), "{name}");
        }
        assert_eq!(of("MarketingOptIn"), Some(Permission::Consent("marketing_opt_in")));
        assert_eq!(of("emailOptOut"), Some(Permission::Objection("email_opt_out")));
        let other = Field::Other("Do not contact".into());
        assert_eq!(Permission::of(&other), Some(Permission::Objection("do_not_contact")));
        assert_eq!((of("plan"), Permission::of(&Field::FirstName)), (None, None));
    }

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
        let (consent, objection) = (Permission::Consent("opt_in"), Permission::Objection("dnc"));
        let protects = |permission: Permission, value: Value| permission.is_protected_by(Some(&value));
        for (value, of_consent, of_objection) in [
            (Value::Bool(true), false, true),
            (Value::Bool(false), true, false),
            (Value::from("weekly"), false, true),
            (Value::from("nee"), true, false),
            (Value::from("Opted out"), true, true),
            (Value::from("2024-02-29"), false, true),
            (Value::from(""), false, false),
            (Value::from(" "), false, false),
            (Value::Null, false, false),
        ] {
            assert_eq!(protects(consent, value.clone()), of_consent, "{value:?}");
            assert_eq!(protects(objection, value.clone()), of_objection, "{value:?}");
        }
        assert!(!consent.is_protected_by(None) && !objection.is_protected_by(None));
    }
}
