//! The JSON form of values. Numbers keep their digits, and structured values keep their text.

use std::fmt;

use serde::de::Visitor;
use serde::ser::SerializeSeq;
use serde::{Deserialize, Deserializer, Serialize, Serializer, ser};
use serde_json::value::RawValue;

use crate::contact::decimal_number::Number;
use crate::contact::time::{Time, WrittenTime};
use crate::contact::value::Value;

/// The reason why a JSON text could not be read, with its position. It never shows the text itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} at line {line}, column {column}")]
#[non_exhaustive]
pub struct JsonError {
    /// A description of the fault.
    pub what: &'static str,
    /// The line of the text, counted from 1.
    pub line: usize,
    /// The byte within the line, counted from 1, or 0 if the text ends before it.
    pub column: usize,
}

impl JsonError {
    pub(crate) fn new(what: &'static str) -> impl Fn(serde_json::Error) -> Self {
        move |error| {
            let what = if error.is_data() { what } else { "not JSON" };
            Self { what, line: error.line(), column: error.column() }
        }
    }
}
impl Value {
    /// Reads a value from a JSON text. An object keeps its text, also as an element of a list.
    ///
    /// A lone surrogate escape reads as U+FFFD, because a Rust string cannot hold one. Cost: O(n), without recursion.
    ///
    /// # Errors
    /// The text is not JSON.
    pub fn from_json(json: &str) -> Result<Self, JsonError> {
        let json = json.trim_ascii();
        let not_json = JsonError::new("not JSON");
        match json.as_bytes().first() {
            Some(b'"') => text_from_json(json).map(Self::Text).map_err(not_json),
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(json).map_err(not_json)?;
                let element = |item: &RawValue| match item.get().as_bytes().first() {
                    Some(b'[' | b'{') => Ok(Self::Json(item.get().into())),
                    _ => Self::from_json(item.get()),
                };
                items.into_iter().map(element).collect::<Result<_, _>>().map(Self::List)
            }
            Some(b'{') => {
                serde_json::from_str::<&RawValue>(json).map(|raw| Self::Json(raw.get().into())).map_err(not_json)
            }
            _ => match serde_json::from_str::<&RawValue>(json).map_err(not_json)?.get() {
                "null" => Ok(Self::Null),
                "true" => Ok(Self::Bool(true)),
                "false" => Ok(Self::Bool(false)),
                number => Number::parse(number).map(Self::Number).ok_or(JsonError {
                    what: "not a number",
                    line: 1,
                    column: 1,
                }),
            },
        }
    }
}

/// Reads a JSON string, with U+FFFD in place of each lone surrogate.
fn text_from_json(json: &str) -> Result<String, serde_json::Error> {
    serde_json::from_str(json).or_else(|error| {
        // serde_json refuses lone surrogates in strings, but hands them out in byte buffers as three bytes each
        // (WTF-8). The lossy conversion below turns these into U+FFFD.
        struct Bytes(Vec<u8>);
        impl<'de> Deserialize<'de> for Bytes {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct BytesVisitor;
                impl Visitor<'_> for BytesVisitor {
                    type Value = Bytes;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str("a string")
                    }
                    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Bytes, E> {
                        Ok(Bytes(bytes.to_vec()))
                    }
                }
                deserializer.deserialize_bytes(BytesVisitor)
            }
        }
        let Ok(Bytes(bytes)) = serde_json::from_str::<Bytes>(json) else { return Err(error) };
        let mut text = String::with_capacity(bytes.len());
        let mut rest = bytes.as_slice();
        loop {
            match std::str::from_utf8(rest) {
                Ok(tail) => break text.push_str(tail),
                Err(fault) => {
                    let (good, bad) = rest.split_at(fault.valid_up_to());
                    text.push_str(&String::from_utf8_lossy(good));
                    text.push(char::REPLACEMENT_CHARACTER);
                    // A lone surrogate is always three bytes: 0xED, then two continuation bytes.
                    rest = bad.get(3..).unwrap_or_default();
                }
            }
        }
        Ok(text)
    })
}

impl WrittenTime {
    /// Reads a time from a JSON text: an RFC 3339 string or a number of milliseconds.
    pub(super) fn from_json(json: &str) -> Option<Self> {
        match Value::from_json(json).ok()? {
            // `-0` is not a time, since it would be written back as `0`.
            Value::Number(number) => {
                let millis: i64 = number.as_str().parse().ok()?;
                (millis != 0 || number.as_str() == "0").then(|| Time::from_millis(millis).into())
            }
            Value::Text(text) => Self::parse(&text),
            _ => None,
        }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(checked) => serializer.serialize_bool(*checked),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Number(number) => raw(number.as_str(), serializer),
            Self::Json(json) => raw(json, serializer),
            Self::Time(time) => match time.text() {
                Some(text) => serializer.serialize_str(text),
                None => time.time().serialize(serializer),
            },
            Self::List(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                items.iter().try_for_each(|item| list.serialize_element(item))?;
                list.end()
            }
            Self::Channels(channels) => serializer.collect_seq(channels),
        }
    }
}

fn raw<S: Serializer>(json: &str, serializer: S) -> Result<S::Ok, S::Error> {
    match json.parse::<i64>() {
        Ok(number) if json != "-0" => serializer.serialize_i64(number),
        _ => RawValue::from_string(json.to_owned()).map_err(ser::Error::custom)?.serialize(serializer),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lone_surrogates_read_as_replacement_characters() {
        for (json, text) in
            [(r#""\ud83d""#, "\u{fffd}"), (r#""\udc00x""#, "\u{fffd}x"), (r#""a\ud83db\u00e9""#, "a\u{fffd}b\u{e9}")]
        {
            assert_eq!(Value::from_json(json).expect("JSON"), Value::from(text));
        }
    }
}
