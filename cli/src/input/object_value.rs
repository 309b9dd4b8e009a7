//! Phones and emails that stand in a JSON object of their own: `{"value": "ada@example.com", "type": "work"}`.

use serde_json::{Map, Value};

/// Names of the member that holds the value, the best one first.
const VALUES: [&str; 8] =
    ["value", "email", "emailAddress", "address", "number", "phoneNumber", "phone_number", "phone"];

/// Names of the member that says whose the value is.
const LABELS: [&str; 4] = ["type", "label", "kind", "rel"];

/// A value and its label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ObjectValue {
    /// The phone or the email; a number with the calling code that stands beside it.
    pub(super) text: String,
    /// What the object says of it; empty if nothing.
    pub(super) label: String,
}

impl ObjectValue {
    /// Returns the value that the JSON object `json` holds, or `None` if it holds none under a name that is known. O(n).
    pub(super) fn parse(json: &str) -> Option<Self> {
        let object: Map<String, Value> = serde_json::from_str(json).ok()?;
        let text = |name: &str| object.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
        let value = VALUES.into_iter().find_map(text)?;
        let label = LABELS.into_iter().find_map(text).unwrap_or_default().to_owned();
        let text = match text("callingCode") {
            Some(code) if code.starts_with('+') && !value.trim_start().starts_with('+') => format!("{code} {value}"),
            _ => value.to_owned(),
        };
        Some(Self { text, label })
    }
}
