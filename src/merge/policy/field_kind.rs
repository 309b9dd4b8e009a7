//! Which rules can decide which field.

use crate::contact::Field;
use crate::field_names::consent::Permission;
use crate::merge::policy::rule::FieldRule;

/// The names of the rules that pick one of several texts.
const PICKING: [&str; 9] = [
    "survivor_first",
    "survivor",
    "newest",
    "oldest",
    "most_complete",
    "most_common",
    "sources",
    "verified",
    "must_agree",
];

/// The names of the rules that can decide `field`; empty if every one can.
pub(crate) fn allowed(field: &Field) -> Vec<&'static str> {
    let with = |more: &[&'static str]| [&PICKING, more].concat();
    match field {
        Field::CreatedAt => vec!["min"],
        Field::UpdatedAt => vec!["max"],
        // A system field: the conversation that goes on is the survivor's.
        Field::ConversationStatus => vec!["survivor"],
        // A value that left would no longer find the survivor.
        Field::Email | Field::Phone | Field::Channels => vec!["union"],
        Field::Tags => with(&["union"]),
        Field::Assignee | Field::Avatar | Field::Country | Field::Language => with(&[]),
        Field::DisplayName | Field::FirstName | Field::LastName => with(&["longest", "join"]),
        Field::Custom(_) | Field::Other(_) => Vec::new(),
    }
}

/// The names of the rules that can stand for all fields that have none of their own.
pub(crate) fn allowed_default() -> Vec<&'static str> {
    PICKING.to_vec()
}

/// The rule of a field that the policy does not name, where that is not the policy's default.
pub(crate) fn built_in(field: &Field) -> Option<FieldRule> {
    match field {
        Field::CreatedAt => Some(FieldRule::Min),
        Field::UpdatedAt => Some(FieldRule::Max),
        Field::ConversationStatus => Some(FieldRule::Survivor),
        Field::Email | Field::Phone | Field::Channels | Field::Tags => Some(FieldRule::Union),
        _ => None,
    }
}

/// The strictest rule for a field that is a consent or an objection by its name.
pub(crate) fn strictest(field: &Field) -> Option<FieldRule> {
    Permission::of(field)
        .map(|permission| if permission.strictest() { FieldRule::AnyChecked } else { FieldRule::AllChecked })
}
