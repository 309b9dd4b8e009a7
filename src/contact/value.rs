//! The values of fields, kept as they were written.

use std::fmt;

use crate::contact::channel::Channel;

/// The value of a field that is not absent.
///
/// `Debug` shows the kind of the value and, for lists, how many there are; never the value.
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Value {
    /// Cleared: somebody emptied the field.
    Null,
    /// A checkbox.
    Bool(bool),
    /// A number, in the digits it was written with.
    Number(Number),
    /// A text.
    Text(String),
    /// A point in time.
    Time(Time),
    /// A list of scalars; a structured element stands in it as [`Value::Json`].
    List(Vec<Value>),
    /// The channels of a contact.
    Channels(Vec<Channel>),
    /// A structured value that onefold does not look into, as the JSON text it was written in.
    Json(Box<str>),
}

impl Value {
    /// The text, if the value is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The text of a text or of a number: what a cell of a table would show.
    pub fn as_written(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Number(number) => Some(number.as_str()),
            Self::Time(time) => time.written(),
            _ => None,
        }
    }

    /// The milliseconds since the Unix epoch, if the value is a time.
    pub fn as_millis(&self) -> Option<i64> {
        match self {
            Self::Time(time) => Some(time.millis()),
            _ => None,
        }
    }

    /// Whether there is nothing in it: cleared, an empty text, an empty list.
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
        Self::Time(time)
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(items: Vec<T>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}

/// A number as JSON writes one, kept in its digits: `1e400`, `-0.0` and 30-digit integers survive.
///
/// Two numbers are equal when they are written alike. `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Number(
    // Invariant: a number by the grammar of RFC 8259, section 6.
    Box<str>,
);

impl Number {
    /// The number that `text` writes, or `None` if it is not one by RFC 8259, section 6. O(n).
    pub fn parse(text: &str) -> Option<Self> {
        let mut rest = text.strip_prefix('-').unwrap_or(text);
        let whole = leading_digits(&mut rest)?;
        if whole.len() > 1 && whole.starts_with('0') {
            return None;
        }
        if let Some(fraction) = rest.strip_prefix('.') {
            rest = fraction;
            leading_digits(&mut rest)?;
        }
        if let Some(exponent) = rest.strip_prefix(['e', 'E']) {
            rest = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            leading_digits(&mut rest)?;
        }
        rest.is_empty().then(|| Self(text.into()))
    }

    /// The number as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Takes the digits at the start of `rest` off it, of which there must be one.
fn leading_digits<'a>(rest: &mut &'a str) -> Option<&'a str> {
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (digits, tail) = rest.split_at(end);
    *rest = tail;
    (!digits.is_empty()).then_some(digits)
}

impl From<i64> for Number {
    fn from(number: i64) -> Self {
        Self(number.to_string().into())
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Number(..)")
    }
}

/// A point in time, which remembers how it was written.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Time {
    millis: i64,
    // Invariant: an RFC 3339 text that denotes `millis` (finer parts cut off), or `None` for a number.
    written: Option<Box<str>>,
}

impl Time {
    /// A time given in milliseconds since the Unix epoch, and written as such.
    pub fn from_millis(millis: i64) -> Self {
        Self { millis, written: None }
    }

    /// The time that an RFC 3339 text with an offset denotes, or `None`. Parts under a millisecond do
    /// not count, but stay in the text.
    pub fn parse(text: &str) -> Option<Self> {
        let timestamp: jiff::Timestamp = text.parse().ok()?;
        Some(Self { millis: timestamp.as_millisecond(), written: Some(text.into()) })
    }

    /// Milliseconds since the Unix epoch.
    pub fn millis(&self) -> i64 {
        self.millis
    }

    /// The text it was read from, or `None` if it was given as a number.
    pub fn written(&self) -> Option<&str> {
        self.written.as_deref()
    }
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Time(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_digits() {
        for text in ["0", "-0", "-0.0", "12345678901234567890123", "1e400", "0.10", "9E-3"] {
            assert_eq!(Number::parse(text).expect(text).as_str(), text);
        }
        for text in ["", "-", "01", "1.", ".5", "1e", "+1", "1 ", "0x1", "NaN"] {
            assert_eq!(Number::parse(text), None, "{text}");
        }
    }

    #[test]
    fn times_are_read_with_any_offset_and_remember_their_text() {
        let time = Time::parse("2023-08-14T21:52:33+02:00").expect("RFC 3339");
        assert_eq!(time.millis(), 1_692_042_753_000);
        assert_eq!(time.written(), Some("2023-08-14T21:52:33+02:00"));
        for text in ["", "yesterday", "2023-08-14", "2023-08-14T21:52:33", "2023-13-14T21:52:33Z"] {
            assert_eq!(Time::parse(text), None, "{text}");
        }
    }
}
