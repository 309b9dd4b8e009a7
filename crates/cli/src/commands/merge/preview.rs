//! The preview of a merge.

use std::io::{self, Write};

use onefold::rules::ReviewReason;
use onefold::{Contact, Field, Merge, Suggestion, Value};

use crate::failure::Failure;
use crate::output::plain;

/// Returns the text for a suggestion that needs review: the reason names contacts and a field but no value.
pub fn review_text(workspace: Option<&str>, suggestion: &Suggestion<String>, reason: &ReviewReason<String>) -> String {
    let members: Vec<String> = suggestion.members.iter().map(|id| plain(id)).collect();
    let workspace = workspace.map_or_else(String::new, |name| format!(" of {}", plain(name)));
    let (id, members) = (suggestion.id, members.join(", "));
    format!("{id}: contacts {members}{workspace} are for review\n    why {:<16} {}\n\n", "", plain(&reason.to_string()))
}

/// Writes a preview to standard output.
///
/// # Errors
/// Standard output cannot be written.
pub fn write(text: &str) -> Result<(), Failure> {
    let mut output = io::stdout().lock();
    output.write_all(text.as_bytes()).map_err(|error| Failure::writing("standard output", &error))
}

/// Returns the preview of a merge: for each field the value of each contact, the result with its reason, and the lost values.
/// `misfits` are the fields that have no place in the row.
pub fn text(merge: &Merge<String>, misfits: &[String]) -> String {
    let ids: Vec<String> = merge.retired().map(|id| plain(id)).collect();
    let survivor = plain(merge.patch.survivor_id());
    let workspace = merge.patch.workspace().map_or_else(String::new, |name| format!(" of {}", plain(name)));
    let mut text =
        format!("{}: contacts {}{workspace} go into contact {survivor}\n", merge.patch.merge_id(), ids.join(", "));
    let before = std::iter::once(merge.patch.survivor_unmerged()).chain(merge.patch.retired());
    let before: Vec<&Contact<String>> = before.collect();
    for choice in &merge.choices {
        let field = &choice.field;
        text.push_str(&format!("  {}\n", plain(&field.to_string())));
        for contact in before.iter().filter(|contact| contact.get(field).is_some()) {
            text.push_str(&format!("    contact {:<12} {}\n", plain(&contact.id), shown(contact.get(field))));
        }
        text.push_str(&format!("    merged {:<13} {}\n", "", shown(merge.survivor().get(field))));
        text.push_str(&format!("    why {:<16} {}\n", "", plain(&choice.to_string())));
        for lost in merge.lost.iter().filter(|lost| lost.field == *field) {
            let value = shown(Some(&lost.value));
            text.push_str(&format!("    lost {:<15} {value}, of contact {}\n", "", plain(&lost.contact)));
        }
        if misfits.contains(&field.to_string()) {
            text.push_str(&format!("    note {:<15} the row of contact {survivor} has no place for it\n", ""));
        }
    }
    let is_decided = |field: &Field| merge.choices.iter().any(|choice| choice.field == *field);
    for lost in merge.lost.iter().filter(|lost| !is_decided(&lost.field)) {
        let value = shown(Some(&lost.value));
        text.push_str(&format!(
            "  {}\n    lost {:<15} {value}, of contact {}\n",
            plain(&lost.field.to_string()),
            "",
            plain(&lost.contact)
        ));
    }
    text.push('\n');
    text
}

/// Returns a value on one line.
fn shown(value: Option<&Value>) -> String {
    match value {
        None => "-".to_owned(),
        Some(Value::Null) => "(cleared)".to_owned(),
        Some(Value::List(items)) => {
            let items: Vec<String> = items.iter().map(|item| shown(Some(item))).collect();
            format!("[{}]", items.join(" | "))
        }
        Some(Value::Channels(channels)) => {
            let one = |channel: &onefold::Channel| {
                let parts = [channel.kind.name(), &channel.account, &channel.identity];
                parts.into_iter().filter(|part| !part.is_empty()).map(plain).collect::<Vec<_>>().join(" ")
            };
            format!("[{}]", channels.iter().map(one).collect::<Vec<_>>().join(" | "))
        }
        Some(value) => match value.as_written() {
            Some(text) => plain(text),
            None => plain(&serde_json::to_string(value).unwrap_or_default()),
        },
    }
}
