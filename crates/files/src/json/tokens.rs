//! Finds the texts of objects in JSON, without recursion and without reading values.

use std::fmt;
use std::ops::Range;

use memchr::{memchr, memchr2, memmem};
use serde::de::{DeserializeSeed, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::input::lines::Lines;

/// The members of a JSON object in order, with the text of each value.
pub(crate) struct ObjectMembers<'a>(pub(crate) Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for ObjectMembers<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FieldsVisitor;
        impl<'de> Visitor<'de> for FieldsVisitor {
            type Value = Vec<(String, &'de RawValue)>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Vec::new();
                while let Some(name) = map.next_key_seed(MemberName)? {
                    fields.push((name, map.next_value()?));
                }
                Ok(fields)
            }
        }
        deserializer.deserialize_map(FieldsVisitor).map(Self)
    }
}

/// Reads a name as bytes: serde_json refuses a lone surrogate in a string, but not in bytes.
struct MemberName;

impl<'de> DeserializeSeed<'de> for MemberName {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        struct NameVisitor;
        impl Visitor<'_> for NameVisitor {
            type Value = String;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }
            fn visit_str<E>(self, name: &str) -> Result<String, E> {
                Ok(name.to_owned())
            }
            fn visit_bytes<E>(self, name: &[u8]) -> Result<String, E> {
                Ok(String::from_utf8_lossy(name).into_owned())
            }
        }
        deserializer.deserialize_bytes(NameVisitor)
    }
}

/// Returns true if a JSON text contains the escape of a lone surrogate. O(n).
pub(crate) fn has_lone_surrogate(json: &str) -> bool {
    let bytes = json.as_bytes();
    let mut at = 0;
    while let Some(found) = memchr(b'\\', bytes.get(at..).unwrap_or_default()) {
        at += found;
        match unit(bytes, at) {
            // A high half must be followed by a low one.
            Some(0xd800..=0xdbff) => match unit(bytes, at + 6) {
                Some(0xdc00..=0xdfff) => at += 12,
                _ => return true,
            },
            Some(0xdc00..=0xdfff) => return true,
            Some(_) => at += 6,
            // Another escape, such as an escaped backslash.
            None => at += 2,
        }
    }
    false
}

/// Returns the number in the escape `\uXXXX` at `at`, if there is one.
fn unit(json: &[u8], at: usize) -> Option<u16> {
    let digits = json.get(at..at + 6)?.strip_prefix(b"\\u")?;
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

/// Reads the rows of a JSON text one by one.
#[derive(Clone)]
pub(crate) enum JsonRows {
    /// One object per line.
    Lines(Lines),
    /// The elements of an array.
    Array(Elements),
    /// Objects one after the other.
    Stream(Stream),
}

/// One row, which should be an object.
pub(crate) struct JsonRow<'a> {
    pub(crate) line: u64,
    /// The text, without surrounding white space.
    pub(crate) text: &'a [u8],
    /// The bytes of the whole line, or of the element with its white space.
    pub(crate) span: Range<usize>,
}

/// Objects one after the other, perhaps with commas between them.
#[derive(Clone)]
pub(crate) struct Stream {
    at: usize,
    line: u64,
    // True after an object without an end: from then on, an object also ends before a line that begins one.
    is_broken: bool,
}

/// The elements of an array, separated by looking only at brackets, quotes and commas, so that an element that is not JSON does not
/// hide the next ones.
#[derive(Clone)]
pub(crate) struct Elements {
    at: usize,
    line: u64,
    /// True if the closing bracket of the array was read.
    pub(crate) is_closed: bool,
}

impl JsonRows {
    /// Returns the objects of a stream.
    pub(crate) fn stream() -> Self {
        Self::Stream(Stream { at: 0, line: 1, is_broken: false })
    }

    /// Returns the elements of the first array of `content` from `start` on.
    pub(crate) fn elements(content: &[u8], start: usize) -> Self {
        let rest = content.get(start..).unwrap_or_default();
        let bracket = memchr(b'[', rest).map_or(content.len(), |at| start + at + 1);
        let line = 1 + breaks(content.get(..bracket).unwrap_or_default());
        Self::Array(Elements { at: bracket, line, is_closed: false })
    }

    /// Returns the current line.
    pub(crate) fn line(&self) -> u64 {
        match self {
            Self::Lines(lines) => lines.number(),
            Self::Array(elements) => elements.line,
            Self::Stream(stream) => stream.line,
        }
    }

    /// Returns the next row that is not blank.
    pub(crate) fn next<'a>(&mut self, content: &'a [u8]) -> Option<JsonRow<'a>> {
        match self {
            Self::Lines(lines) => loop {
                let line = lines.next(content)?;
                let text = line.text(content).trim_ascii();
                if !text.is_empty() {
                    return Some(JsonRow { line: line.number, text, span: line.start..line.next });
                }
            },
            Self::Array(elements) => elements.next(content),
            Self::Stream(stream) => stream.next(content),
        }
    }
}

impl Stream {
    fn next<'a>(&mut self, content: &'a [u8]) -> Option<JsonRow<'a>> {
        let rest = content.get(self.at..)?;
        let blank = rest.iter().position(|byte| !byte.is_ascii_whitespace() && *byte != b',')?;
        let (before, rest) = rest.split_at_checked(blank)?;
        let line = self.line + breaks(before);
        let to_next = |rest: &[u8]| memmem::find(rest, b"\n{").unwrap_or(rest.len());
        let length = match rest.first() {
            Some(b'{') if !self.is_broken => object_length(rest).unwrap_or_else(|| {
                self.is_broken = true;
                to_next(rest)
            }),
            Some(b'{') => {
                let limit = to_next(rest);
                rest.get(..limit).and_then(object_length).unwrap_or(limit)
            }
            _ => memchr(b'\n', rest).unwrap_or(rest.len()),
        };
        let (text, _) = rest.split_at_checked(length)?;
        let start = self.at + blank;
        self.line = line + breaks(text);
        self.at = start + length;
        Some(JsonRow { line, text: text.trim_ascii_end(), span: start..self.at })
    }
}

/// Returns the length of the object at the start of a text, by its brackets and quotes, or `None` if it has no end. O(n).
fn object_length(text: &[u8]) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            b'"' => at += string_length(text.get(at + 1..).unwrap_or_default()),
            _ => {}
        }
        at += 1;
    }
    None
}

/// How the elements of a chunk ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ElementsEnd {
    /// Between two elements.
    Between,
    /// In an element.
    Inside,
    /// With the bracket that closes the array.
    Closed,
}

impl Elements {
    /// Returns the elements of a text that begins with one.
    pub(crate) fn of_chunk() -> Self {
        Self { at: 0, line: 1, is_closed: false }
    }

    /// Continues with the element that begins at `at`. Lines are not counted from then on.
    pub(crate) fn go_to(&mut self, at: usize) {
        (self.at, self.is_closed) = (at, false);
    }

    pub(crate) fn end(&self, content: &[u8]) -> ElementsEnd {
        if self.is_closed {
            ElementsEnd::Closed
        } else if self.at > content.len() {
            ElementsEnd::Inside
        } else {
            ElementsEnd::Between
        }
    }

    fn next<'a>(&mut self, content: &'a [u8]) -> Option<JsonRow<'a>> {
        while !self.is_closed && self.at < content.len() {
            let rest = content.get(self.at..)?;
            let length = element_length(rest);
            let element = rest.get(..length)?;
            self.is_closed = rest.get(length) == Some(&b']');
            let blank = element.len() - element.trim_ascii_start().len();
            let line = self.line + breaks(element.get(..blank)?);
            self.line += breaks(element);
            let span = self.at..self.at + length;
            self.at += length + 1;
            let text = element.trim_ascii();
            if !text.is_empty() {
                return Some(JsonRow { line, text, span });
            }
        }
        None
    }

    /// Returns true if there is text after the array.
    pub(crate) fn has_text_behind(&self, content: &[u8]) -> bool {
        content.get(self.at..).is_some_and(|rest| !rest.trim_ascii().is_empty())
    }
}

/// Returns the offset of the comma or the bracket after the element at the start of `rest`.
fn element_length(rest: &[u8]) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(byte) = rest.get(at) {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b',' if depth == 0 => return at,
            b']' | b'}' => depth = depth.saturating_sub(1),
            b'"' => at += string_length(rest.get(at + 1..).unwrap_or_default()),
            _ => {}
        }
        at += 1;
    }
    rest.len()
}

/// Returns the offset after the closing quote of the string that begins before `rest`.
fn string_length(rest: &[u8]) -> usize {
    let mut at = 0;
    while let Some(found) = memchr2(b'"', b'\\', rest.get(at..).unwrap_or_default()) {
        at += found;
        match rest.get(at) {
            Some(b'"') => return at + 1,
            _ => at += 2,
        }
    }
    rest.len()
}

fn breaks(text: &[u8]) -> u64 {
    memmem::find_iter(text, b"\n").count() as u64
}

/// The text between the elements of an array and the beginning of each, by which chunks of the array can begin.
pub(crate) struct ElementStart {
    /// The white space around a comma, an opening brace and the name of the first member.
    pub(crate) pattern: Vec<u8>,
    /// Where the element begins in it: behind the comma.
    pub(crate) comma: usize,
}

/// Returns the offset at which the elements of the array begin that `head` begins with, and what is between the first two of them.
/// `None` if they do not begin alike, or are not both in `head`.
pub(crate) fn array_start(head: &[u8]) -> Option<(usize, ElementStart)> {
    let blank = head.len() - head.trim_ascii_start().len();
    if head.get(blank) != Some(&b'[') {
        return None;
    }
    let start = blank + 1;
    let mut elements = Elements { at: start, line: 1, is_closed: false };
    let (first, second) = (elements.next(head)?, elements.next(head)?);
    if elements.end(head) == ElementsEnd::Inside {
        return None;
    }
    let beginning = |element: &JsonRow<'_>| {
        let text = element.text.strip_prefix(b"{")?;
        let name = text.trim_ascii_start().strip_prefix(b"\"")?;
        let end = text.len() - name.len() + string_length(name) + 1;
        element.text.get(..end).map(<[u8]>::to_vec)
    };
    let begins = beginning(&first)?;
    let before = |element: &JsonRow<'_>| {
        let span = head.get(element.span.clone())?;
        Some(span.get(..span.len() - span.trim_ascii_start().len())?.to_vec())
    };
    let after = |element: &JsonRow<'_>| {
        let span = head.get(element.span.clone())?;
        Some(span.get(span.trim_ascii_end().len()..)?.to_vec())
    };
    let (behind_first, before_second) = (after(&first)?, before(&second)?);
    let comma = 1 + behind_first.len() + 1;
    let pattern = [b"}".as_slice(), &behind_first, b",", &before_second, &begins].concat();
    (beginning(&second)? == begins).then_some((start, ElementStart { pattern, comma }))
}
