//! Ids as JSON writes them.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::contact::{ContactId, StoredId};

/// An id in the protocol: a text, or an integer of 64 bits. Integers come before texts.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum JsonId {
    /// `null`, and any other scalar that is no id: no contact has it.
    Nobody,
    /// An integer.
    Integer(i64),
    /// A text.
    Text(Box<str>),
}

impl JsonId {
    /// The id that a JSON value is; `None` for a list or an object.
    pub(super) fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) => Some(Self::Text(text.as_str().into())),
            Value::Number(number) => Some(number.as_i64().map_or(Self::Nobody, Self::Integer)),
            Value::Null | Value::Bool(_) => Some(Self::Nobody),
            Value::Array(_) | Value::Object(_) => None,
        }
    }
}

/// As a text: a suggestion has the same id whether its members are numbers or their decimal texts.
impl ContactId for JsonId {
    fn canonical_bytes(&self) -> impl AsRef<[u8]> {
        match self {
            Self::Text(text) => Cow::Borrowed(text.as_bytes()),
            other => Cow::Owned(other.to_string().into_bytes()),
        }
    }
}

impl StoredId for JsonId {}

impl From<&str> for JsonId {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl fmt::Display for JsonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nobody => f.write_str("null"),
            Self::Integer(number) => number.fmt(f),
            Self::Text(text) => f.write_str(text),
        }
    }
}

impl fmt::Debug for JsonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => text.fmt(f),
            other => fmt::Display::fmt(other, f),
        }
    }
}
