//! Why each field of a survivor is what it is, and what it is not.

use std::fmt;

use crate::contact::{ContactId, Field, Value};
use crate::merge::policy::FieldRule;

/// How one field of the survivor was decided. `Display` says it in words, such as `newest, from contact 7`;
/// the value stands in the survivor.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Choice<Id> {
    /// The field.
    pub field: Field,
    /// The rule in force.
    pub rule: FieldRule,
    /// What decided.
    pub why: Why,
    /// The contacts that the value comes from, in precedence; several for a list, a sum or joined texts,
    /// none for a value that the request gave.
    pub from: Vec<Id>,
    /// The other contacts that hold the same, in precedence.
    pub same: Vec<Id>,
}

/// What decided a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Why {
    /// Nobody has a value: there was nothing to decide.
    Nobody,
    /// One contact alone has a value.
    Only,
    /// All that have a value have the same.
    Agreed,
    /// The rule.
    Rule,
    /// The rule could say nothing of these values, so that precedence decided.
    Precedence,
    /// The request gave the value.
    Given,
    /// The request named the contact.
    Taken,
    /// It was derived again from another field.
    Derived,
    /// The other parts of the same address or date, which are all of one contact; none where that one says nothing here.
    Together,
}

/// A value that is not in the survivor. It is in the patch all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lost<Id> {
    /// The contact that held it.
    pub contact: Id,
    /// The field that it stood in.
    pub field: Field,
    /// The value; of a list, the one element.
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

/// A rule that decided, in words.
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
