//! The rules that can decide each field.

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

/// Returns the names of the rules that can decide `field`, or an empty list if every rule can.
pub(crate) fn allowed(field: &Field) -> Vec<&'static str> {
    let with = |more: &[&'static str]| [&PICKING, more].concat();
    match field {
        Field::CreatedAt => vec!["min"],
        Field::UpdatedAt => vec!["max"],
        // A system field: the survivor's conversation goes on.
        Field::ConversationStatus => vec!["survivor"],
        // The survivor must keep every value of these fields, because it is found by their keys.
        Field::Email | Field::Phone | Field::Channels => vec!["union"],
        Field::Tags => with(&["union"]),
        Field::Assignee | Field::Avatar | Field::Country | Field::Language => with(&[]),
        Field::DisplayName | Field::FirstName | Field::LastName => with(&["longest", "join"]),
        Field::Custom(_) | Field::Other(_) => Vec::new(),
    }
}

/// Returns the names of the rules that can decide all fields without their own rule.
pub(crate) fn allowed_default() -> Vec<&'static str> {
    PICKING.to_vec()
}

/// Returns the built-in rule of a field that the policy does not name, or `None` if the policy's default decides it.
pub(crate) fn built_in(field: &Field) -> Option<FieldRule> {
    match field {
        Field::CreatedAt => Some(FieldRule::Min),
        Field::UpdatedAt => Some(FieldRule::Max),
        Field::ConversationStatus => Some(FieldRule::Survivor),
        Field::Email | Field::Phone | Field::Channels | Field::Tags => Some(FieldRule::Union),
        _ => None,
    }
}

/// Returns the strictest rule for a field that is a consent or an objection by its name.
pub(crate) fn strictest(field: &Field) -> Option<FieldRule> {
    Permission::of(field)
        .map(|permission| if permission.strictest() { FieldRule::AnyChecked } else { FieldRule::AllChecked })
}
