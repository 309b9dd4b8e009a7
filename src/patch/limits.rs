//! Limits on the size of a merge and its patch.

use crate::contact::{Channel, Contact, Field, Value};

/// The limit of field names and values that the contacts of one merge hold together, in bytes: 16 MiB.
pub const MAX_MERGE_BYTES: usize = 16 << 20;

/// The limit of a patch's length when it is read, in bytes: 256 MiB. No patch of a merge within [`MAX_MERGE_BYTES`] is
/// longer in either form, as long as its ids are short.
pub const MAX_PATCH_BYTES: usize = 256 << 20;

/// The limit of the length of a merge's id, in bytes.
pub const MAX_MERGE_ID_BYTES: usize = 256;

/// The limit of nesting of a structured value in a merge, in levels: an array in an object has two. Many JSON readers
/// stop at 128 levels, of which a patch needs some itself.
pub const MAX_NESTING: usize = 100;

/// Returns the bytes of a contact's field names and values. Cost: O(n).
pub(crate) fn bytes_of<Id>(contact: &Contact<Id>) -> usize {
    let fields = contact.fields.iter().map(|(field, value)| field.name().len() + bytes_of_value(value));
    let provenance = contact.provenance.keys().map(|field| field.name().len() + 64);
    fields.chain(provenance).sum()
}

fn bytes_of_value(value: &Value) -> usize {
    // The allowance for a value beside its text.
    const BESIDE: usize = 8;
    BESIDE
        + match value {
            Value::Null | Value::Bool(_) => 0,
            Value::Number(number) => number.as_str().len(),
            Value::Text(text) => text.len(),
            Value::Time(time) => 20 + time.text().map_or(0, str::len),
            Value::List(items) => items.iter().map(bytes_of_element).sum(),
            Value::Channels(channels) => channels.iter().map(bytes_of_channel).sum(),
            Value::Json(json) => json.len(),
        }
}

/// Returns the bytes of an element, which is a scalar or the text of a structured value.
fn bytes_of_element(value: &Value) -> usize {
    match value {
        Value::List(items) => 8 + items.len() * 8,
        one => 8 + one.as_written().map_or(20, str::len) + if let Value::Json(json) = one { json.len() } else { 0 },
    }
}

fn bytes_of_channel(channel: &Channel) -> usize {
    let other: usize = channel.other.iter().map(|(name, json)| name.len() + json.len() + 4).sum();
    64 + channel.kind.name().len()
        + channel.account.len()
        + channel.identity.len()
        + channel.url.as_ref().map_or(0, String::len)
        + other
}

/// Returns the first field that is nested more than `limit` levels deep. Cost: O(n), without recursion.
pub(crate) fn nesting_of<Id>(contact: &Contact<Id>, limit: usize) -> Option<&Field> {
    let is_deep = |json: &str| depth(json.as_bytes()) > limit;
    let is_deep_value = |value: &Value| match value {
        Value::Json(json) => is_deep(json),
        Value::List(items) => items.iter().any(|item| match item {
            Value::Json(json) => is_deep(json),
            // A list inside a list occurs only in values built by hand. It counts as too deep without a look at its
            // elements.
            Value::List(_) | Value::Channels(_) => true,
            _ => false,
        }),
        Value::Channels(channels) => channels.iter().any(|channel| channel.other.values().any(|json| is_deep(json))),
        _ => false,
    };
    contact.fields.iter().find(|(_, value)| is_deep_value(value)).map(|(field, _)| field)
}

/// Returns the depth of the brackets in a JSON text. Cost: O(n), without recursion.
pub(crate) fn depth(json: &[u8]) -> usize {
    let (mut depth, mut deepest, mut in_text, mut at) = (0_usize, 0, false, 0);
    while let Some(byte) = json.get(at) {
        match byte {
            b'\\' if in_text => at += 1,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_counts_brackets_outside_of_texts() {
        for (json, deepest) in [
            ("1", 0),
            ("[]", 1),
            (r#"{"a":[1,{"b":"[[["}]}"#, 3),
            (r#"["\"[",[]]"#, 2),
            (r#"["]",["}]",[]]]"#, 3),
            ("]]][", 1),
        ] {
            assert_eq!(depth(json.as_bytes()), deepest, "{json}");
        }
    }
}
