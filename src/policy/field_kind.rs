//! Which rules can decide which field.

use crate::contact::Field;
use crate::policy::rule::FieldRule;

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
pub(super) fn allowed(field: &Field) -> Vec<&'static str> {
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
pub(super) fn allowed_default() -> Vec<&'static str> {
    PICKING.to_vec()
}

/// The rule of a field that the policy does not name, where that is not the policy's default.
pub(super) fn built_in(field: &Field) -> Option<FieldRule> {
    match field {
        Field::CreatedAt => Some(FieldRule::Min),
        Field::UpdatedAt => Some(FieldRule::Max),
        Field::ConversationStatus => Some(FieldRule::Survivor),
        Field::Email | Field::Phone | Field::Channels | Field::Tags => Some(FieldRule::Union),
        _ => None,
    }
}

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

/// The strictest rule for a field whose name is that of a consent or an objection, in any case and with
/// spaces or hyphens for underscores.
pub(super) fn strictest(field: &Field) -> Option<FieldRule> {
    let (Field::Custom(name) | Field::Other(name)) = field else { return None };
    let is_one_of = |names: &[&str]| names.iter().any(|known| is_same_name(known, name));
    if is_one_of(&CONSENTS) {
        return Some(FieldRule::AllChecked);
    }
    is_one_of(&OBJECTIONS).then_some(FieldRule::AnyChecked)
}

fn is_same_name(known: &str, name: &str) -> bool {
    let fold = |byte: u8| if matches!(byte, b' ' | b'-') { b'_' } else { byte.to_ascii_lowercase() };
    known.len() == name.len() && known.bytes().eq(name.bytes().map(fold))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted_and_their_names_are_found() {
        assert!(CONSENTS.is_sorted() && OBJECTIONS.is_sorted());
        let rule = |name: &str| strictest(&Field::Custom(name.into()));
        assert!(CONSENTS.iter().all(|name| rule(name) == Some(FieldRule::AllChecked)));
        assert!(OBJECTIONS.iter().all(|name| rule(name) == Some(FieldRule::AnyChecked)));
        assert_eq!(rule("Opt-In"), Some(FieldRule::AllChecked));
        assert_eq!(strictest(&Field::Other("Do not contact".into())), Some(FieldRule::AnyChecked));
        assert_eq!((rule("plan"), strictest(&Field::FirstName)), (None, None));
    }
}
