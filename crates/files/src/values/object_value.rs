//! Phones and emails in JSON objects: `{"value": "ada@example.com", "type": "work"}`.

use serde_json::{Map, Value};

/// Names of the member that holds the value, the best one first.
const VALUES: [&str; 8] =
    ["value", "email", "emailAddress", "address", "number", "phoneNumber", "phone_number", "phone"];

/// Names of the members that hold the label.
const LABELS: [&str; 9] = ["type", "label", "kind", "rel", "types", "labels", "phone_type", "email_type", "category"];

/// Names of the member that holds the text of a label that is an object.
const LABEL_TEXTS: [&str; 4] = ["name", "label", "value", "type"];

/// A value and its label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ObjectValue {
    /// The phone or the email; a number with its separate calling code.
    pub(crate) text: String,
    /// The label, or empty.
    pub(crate) label: String,
}

impl ObjectValue {
    /// Returns the value of the JSON object `json`, or `None` if it has no known member. O(n).
    pub(crate) fn parse(json: &str) -> Option<Self> {
        let object: Map<String, Value> = serde_json::from_str(json).ok()?;
        let text = |name: &str| object.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
        let value = VALUES.into_iter().find_map(text)?;
        let labels: Vec<String> =
            LABELS.into_iter().filter_map(|name| object.get(name)).flat_map(label_texts).collect();
        let label = labels.join(" ");
        let text = match text("callingCode") {
            Some(code) if code.starts_with('+') && !value.trim_start().starts_with('+') => format!("{code} {value}"),
            _ => value.to_owned(),
        };
        Some(Self { text, label })
    }
}

/// Returns the texts of a label: a text, a list of texts, or an object with one.
pub(crate) fn label_texts(label: &Value) -> Vec<String> {
    let texts: Vec<&str> = match label {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
        Value::Object(object) => {
            LABEL_TEXTS.into_iter().filter_map(|name| object.get(name)?.as_str()).take(1).collect()
        }
        _ => Vec::new(),
    };
    texts.into_iter().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_texts_lists_and_objects() {
        for (json, label) in [
            (r#"{"value": "1", "type": "work"}"#, "work"),
            (r#"{"value": "1", "type": ["work", "fax"]}"#, "work fax"),
            (r#"{"value": "1", "label": {"id": 3, "name": "fax"}}"#, "fax"),
            (r#"{"phone": "1", "phone_type": "fax"}"#, "fax"),
            (r#"{"value": "1", "type": "", "kind": 7, "types": ["fax", null]}"#, "fax"),
            (r#"{"value": "1"}"#, ""),
        ] {
            let value = ObjectValue::parse(json).expect("a value");
            assert_eq!((value.text.as_str(), value.label.as_str()), ("1", label), "{json}");
        }
    }
}
