//! The values of fields, as they were written.

use std::fmt;

use crate::contact::channel::Channel;
use crate::contact::decimal_number::Number;
use crate::contact::time::{Time, WrittenTime};

/// The value of a field that is not absent.
///
/// `Debug` shows the kind of the value and, for lists, the number of items, but never the value.
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Value {
    /// A cleared field: a user emptied it.
    Null,
    /// A checkbox.
    Bool(bool),
    /// A number, in the digits in which it was written.
    Number(Number),
    /// A text.
    Text(String),
    /// A point in time, with the form in which it was written.
    Time(WrittenTime),
    /// A list of scalars. A structured element of it is a [`Value::Json`].
    List(Vec<Value>),
    /// The channels of a contact.
    Channels(Vec<Channel>),
    /// A structured value that onefold does not interpret, as the JSON text it was written in.
    Json(Box<str>),
}

impl Value {
    /// Returns the text, if the value is a text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the text that a table cell would show: that of a text, of a number, or of a time that was written as
    /// text.
    pub fn as_written(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Number(number) => Some(number.as_str()),
            Self::Time(time) => time.text(),
            _ => None,
        }
    }

    /// Returns the point in time, if the value is one.
    pub fn as_time(&self) -> Option<Time> {
        match self {
            Self::Time(time) => Some(time.time()),
            _ => None,
        }
    }

    /// Returns true if the value is cleared, an empty text, an empty list or an empty JSON object or list.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(text) => text.is_empty(),
            Self::List(items) => items.is_empty(),
            Self::Channels(channels) => channels.is_empty(),
            Self::Json(json) => matches!(&**json, "{}" | "[]"),
            Self::Bool(_) | Self::Number(_) | Self::Time(_) => false,
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("Null"),
            Self::Bool(_) => f.write_str("Bool(..)"),
            Self::Number(_) => f.write_str("Number(..)"),
            Self::Text(_) => f.write_str("Text(..)"),
            Self::Time(_) => f.write_str("Time(..)"),
            Self::List(items) => write!(f, "List({} items)", items.len()),
            Self::Channels(channels) => write!(f, "Channels({} items)", channels.len()),
            Self::Json(_) => f.write_str("Json(..)"),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Value {
    fn from(checked: bool) -> Self {
        Self::Bool(checked)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(Number::from(number))
    }
}

impl From<Time> for Value {
    fn from(time: Time) -> Self {
        Self::Time(time.into())
    }
}

impl From<WrittenTime> for Value {
    fn from(time: WrittenTime) -> Self {
        Self::Time(time)
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(items: Vec<T>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}
