//! The arguments of an operation, and what they are read as.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::workspace::protocol::id::JsonId;
use crate::workspace::protocol::refusal::{BAD_REQUEST, Refusal};

/// The arguments of an operation by name.
pub(super) struct Arguments<'a>(pub(super) BTreeMap<String, &'a RawValue>);

impl<'a> Arguments<'a> {
    /// The JSON text of an argument, if it is given.
    pub(super) fn raw(&self, name: &str) -> Option<&'a RawValue> {
        self.0.get(name).copied()
    }

    /// An argument, if it is given and not `null`, as what it should be.
    pub(super) fn read<T: DeserializeOwned>(&self, name: &'static str) -> Result<Option<T>, Refusal> {
        let raw = self.raw(name).filter(|raw| raw.get() != "null");
        raw.map(|raw| serde_json::from_str(raw.get()).map_err(|_| Refusal::argument(name))).transpose()
    }

    /// An argument that must be given, as what it should be.
    pub(super) fn need<T: DeserializeOwned>(&self, name: &'static str) -> Result<T, Refusal> {
        self.read(name)?.ok_or_else(|| Refusal::argument(name))
    }

    /// An argument, if it is given.
    pub(super) fn value(&self, name: &str) -> Result<Option<Value>, Refusal> {
        self.raw(name).map(|raw| serde_json::from_str(raw.get()).map_err(|_| BAD_REQUEST)).transpose()
    }

    /// An argument that must be given and be an id: anything but a list or an object.
    pub(super) fn id(&self, name: &str) -> Result<JsonId, Refusal> {
        self.value(name)?.as_ref().and_then(JsonId::from_value).ok_or(BAD_REQUEST)
    }

    /// Whether an argument is given and says yes: `null`, `false`, zero and what is empty say no.
    pub(super) fn says_yes(&self, name: &str) -> Result<bool, Refusal> {
        Ok(self.value(name)?.is_some_and(|value| is_yes(&value)))
    }

    /// The text of an argument, if it is given and a text.
    pub(super) fn text(&self, name: &str) -> Result<Option<String>, Refusal> {
        Ok(self.value(name)?.and_then(|value| value.as_str().map(str::to_owned)))
    }
}

/// Whether a value counts as a yes.
pub(super) fn is_yes(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
    }
}

/// The elements of a list, the names of an object's members or the characters of a text, as the protocol takes all
/// three where it wants several names.
pub(super) fn elements(value: Value) -> Result<Vec<Value>, Refusal> {
    match value {
        Value::Array(items) => Ok(items),
        Value::Object(members) => Ok(members.into_iter().map(|(name, _)| Value::String(name)).collect()),
        Value::String(text) => Ok(text.chars().map(|c| Value::String(c.into())).collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) => Err(BAD_REQUEST),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_yes_is_what_is_neither_nothing_nor_empty() {
        for yes in [json!(true), json!(1), json!(-0.5), json!("no"), json!([0]), json!({"a": null})] {
            assert!(is_yes(&yes), "{yes}");
        }
        for no in [json!(null), json!(false), json!(0), json!(0.0), json!(""), json!([]), json!({})] {
            assert!(!is_yes(&no), "{no}");
        }
    }
}
