//! The decision for each field of a survivor, and the values that are lost.

use std::fmt;

use crate::contact::{ContactId, Field, Value};
use crate::merge::policy::FieldRule;

/// The decision for one field of the survivor.
///
/// `Display` writes it in words, such as `newest, from contact 7`. The value itself is in the survivor.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Choice<Id> {
    /// The decided field.
    pub field: Field,
    /// The rule in force for the field.
    pub rule: FieldRule,
    /// The reason for the value.
    pub why: Why,
    /// The contacts that the value comes from, in precedence: several for a list, a sum or joined texts, none for a
    /// value given in the request.
    pub from: Vec<Id>,
    /// The other contacts that hold the same value, in precedence.
    pub same: Vec<Id>,
}

/// The reason why a field has its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Why {
    /// No contact has a value.
    Nobody,
    /// Only one contact has a value.
    Only,
    /// All contacts with a value have the same one.
    Agreed,
    /// The field's rule decided.
    Rule,
    /// The rule could not rank the values, so precedence decided.
    Precedence,
    /// The request gave the value.
    Given,
    /// The request named the contact.
    Taken,
    /// The value was derived again from another field.
    Derived,
    /// The value belongs to an address or a date whose parts are all taken from one contact. The field is empty if that
    /// contact has no value in it.
    Together,
}

/// A value that is not in the survivor. The patch still holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lost<Id> {
    /// The contact that held the value.
    pub contact: Id,
    /// The field of the value.
    pub field: Field,
    /// The lost value; for a list, the single element.
    pub value: Value,
}

impl<Id: ContactId> fmt::Display for Choice<Id> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.why {
            Why::Nobody => return f.write_str("nobody has a value"),
            Why::Given => return f.write_str("given with the request"),
            Why::Derived => return f.write_str("derived again from the phone"),
            Why::Taken => f.write_str("as the request says")?,
            Why::Only => f.write_str("the only value")?,
            Why::Agreed => f.write_str("agreed")?,
            Why::Together => f.write_str("with the other parts of the address or date")?,
            Why::Precedence => write!(f, "first in precedence, as {} decides nothing here", self.rule.name())?,
            Why::Rule => f.write_str(words(&self.rule))?,
        }
        let from: Vec<String> = match self.why {
            Why::Agreed => self.from.iter().chain(&self.same).map(|id| format!("{id:?}")).collect(),
            _ => self.from.iter().map(|id| format!("{id:?}")).collect(),
        };
        match from.as_slice() {
            [] => Ok(()),
            [one] => write!(f, ", from contact {one}"),
            several => write!(f, ", from contacts {}", several.join(", ")),
        }
    }
}

/// Returns a deciding rule in words.
fn words(rule: &FieldRule) -> &'static str {
    match rule {
        FieldRule::SurvivorFirst => "first in precedence",
        FieldRule::Survivor => "the survivor's",
        FieldRule::Newest => "newest",
        FieldRule::Oldest => "oldest",
        FieldRule::Longest => "longest",
        FieldRule::MostComplete => "of the most complete contact",
        FieldRule::MostCommon => "most common",
        FieldRule::Sources(_) => "best source",
        FieldRule::Verified => "verified",
        FieldRule::Min => "smallest",
        FieldRule::Max => "greatest",
        FieldRule::Sum => "sum",
        FieldRule::Join(_) => "joined",
        FieldRule::MustAgree => "agreed",
        FieldRule::Union => "united",
        FieldRule::AllChecked => "strictest: checked only if all are",
        FieldRule::AnyChecked => "strictest: checked if one is",
    }
}
