//! A cursor in the JSON text of one line.
//!
//! It accepts less than the parser: no white space but spaces and tabs, no escapes of surrogates, and a limited depth. Whatever it
//! accepts, the parser accepts too.

use wide::u8x16;

/// The greatest number of open brackets.
const MAX_DEPTH: u32 = 64;

/// A position in a JSON text.
pub(crate) struct LineCursor<'a> {
    text: &'a str,
    at: usize,
    // True if line ends are white space too.
    spans_lines: bool,
}

/// A value that is neither an object nor a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JsonScalar<'a> {
    /// A string without escapes.
    Text(&'a str),
    /// A number, as written.
    Number(&'a str),
    Bool(bool),
    Null,
}

impl<'a> LineCursor<'a> {
    /// Returns a cursor at the start of a text, whose first line is read.
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, at: 0, spans_lines: false }
    }

    /// Returns a cursor at the start of a text of several lines.
    pub(crate) fn of_lines(text: &'a str) -> Self {
        Self { spans_lines: true, ..Self::new(text) }
    }

    /// Returns the next byte.
    #[inline]
    pub(crate) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Moves past a byte, or returns `None` if another one is next.
    #[inline]
    pub(crate) fn take(&mut self, byte: u8) -> Option<()> {
        if self.peek()? != byte {
            return None;
        }
        self.at += 1;
        Some(())
    }

    /// Returns the next eight bytes, the first one lowest, with zeros behind the end of the text.
    #[inline]
    pub(crate) fn head(&self) -> u64 {
        let rest = self.rest();
        match rest.first_chunk::<8>() {
            Some(head) => u64::from_le_bytes(*head),
            None => rest.iter().rev().fold(0, |head, byte| head << 8 | u64::from(*byte)),
        }
    }

    /// Moves past `text` and returns true, or returns false if another text is next.
    #[inline]
    pub(crate) fn take_text(&mut self, text: &str) -> bool {
        let is_next = self.rest().starts_with(text.as_bytes());
        if is_next {
            self.at += text.len();
        }
        is_next
    }

    /// Moves past white space.
    #[inline]
    pub(crate) fn skip_spaces(&mut self) {
        while let Some(byte) = self.peek()
            && (matches!(byte, b' ' | b'\t') || self.spans_lines && matches!(byte, b'\n' | b'\r'))
        {
            self.at += 1;
        }
    }

    /// Moves past the colon after a name and the spaces around it.
    #[inline]
    pub(crate) fn take_colon(&mut self) -> Option<()> {
        self.skip_spaces();
        self.take(b':')?;
        self.skip_spaces();
        Some(())
    }

    /// Returns where the next line begins, if only white space is left in this one.
    pub(crate) fn end_of_line(&mut self) -> Option<usize> {
        while let Some(b' ' | b'\t' | b'\r') = self.peek() {
            self.at += 1;
        }
        match self.peek() {
            None => Some(self.at),
            Some(b'\n') => Some(self.at + 1),
            Some(_) => None,
        }
    }

    /// Moves past the string whose opening quote is behind the cursor, and returns its text. Returns `None` if it has an escape.
    #[inline]
    pub(crate) fn text(&mut self) -> Option<&'a str> {
        let start = self.at;
        self.at = self.next_mark();
        let text = self.text.get(start..self.at)?;
        self.take(b'"')?;
        Some(text)
    }

    /// Moves past a value and returns it. Returns `None` if it is an object, a list or a string with an escape.
    #[inline]
    pub(crate) fn scalar(&mut self) -> Option<JsonScalar<'a>> {
        match self.peek()? {
            b'"' => {
                self.at += 1;
                self.text().map(JsonScalar::Text)
            }
            b'-' | b'0'..=b'9' => self.number().map(JsonScalar::Number),
            b't' if self.take_text("true") => Some(JsonScalar::Bool(true)),
            b'f' if self.take_text("false") => Some(JsonScalar::Bool(false)),
            b'n' if self.take_text("null") => Some(JsonScalar::Null),
            _ => None,
        }
    }

    /// Moves past a value of any kind.
    #[inline]
    pub(crate) fn skip_value(&mut self) -> Option<()> {
        match self.peek()? {
            b'"' => {
                self.at += 1;
                self.skip_string()
            }
            b'{' | b'[' => self.skip_nested(),
            _ => self.scalar().map(drop),
        }
    }

    /// Moves past an object or a list.
    fn skip_nested(&mut self) -> Option<()> {
        // A bit for each open bracket, the last one lowest: 1 for an object.
        let mut objects = 0_u64;
        let mut depth = 0;
        loop {
            match self.peek()? {
                bracket @ (b'{' | b'[') => {
                    self.at += 1;
                    self.skip_spaces();
                    let is_object = bracket == b'{';
                    if self.take(if is_object { b'}' } else { b']' }).is_none() {
                        if depth == MAX_DEPTH {
                            return None;
                        }
                        (objects, depth) = (objects << 1 | u64::from(is_object), depth + 1);
                        if is_object {
                            self.skip_name()?;
                        }
                        continue;
                    }
                }
                b'"' => {
                    self.at += 1;
                    self.skip_string()?;
                }
                _ => drop(self.scalar()?),
            }
            // A value has ended here.
            loop {
                if depth == 0 {
                    return Some(());
                }
                self.skip_spaces();
                let is_object = objects & 1 == 1;
                if self.take(b',').is_some() {
                    self.skip_spaces();
                    if is_object {
                        self.skip_name()?;
                    }
                    break;
                }
                self.take(if is_object { b'}' } else { b']' })?;
                (objects, depth) = (objects >> 1, depth - 1);
            }
        }
    }

    fn skip_name(&mut self) -> Option<()> {
        self.take(b'"')?;
        self.skip_string()?;
        self.take_colon()
    }

    /// Moves past the string whose opening quote is behind the cursor.
    #[inline]
    fn skip_string(&mut self) -> Option<()> {
        loop {
            self.at = self.next_mark();
            match self.peek()? {
                b'"' => {
                    self.at += 1;
                    return Some(());
                }
                b'\\' => self.skip_escape()?,
                _ => return None,
            }
        }
    }

    fn skip_escape(&mut self) -> Option<()> {
        let escape = self.rest();
        self.at += match escape.get(1)? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => 2,
            b'u' => {
                let digits = escape.get(2..6)?;
                // The full reader reports a surrogate that is alone.
                let is_surrogate = matches!(digits, [b'd' | b'D', b'8'..=b'9' | b'a'..=b'f' | b'A'..=b'F', ..]);
                if is_surrogate || !digits.iter().all(u8::is_ascii_hexdigit) {
                    return None;
                }
                6
            }
            _ => return None,
        };
        Some(())
    }

    fn number(&mut self) -> Option<&'a str> {
        let start = self.at;
        let _ = self.take(b'-');
        if self.take(b'0').is_none() {
            self.digits()?;
        }
        if self.take(b'.').is_some() {
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        self.text.get(start..self.at)
    }

    /// Moves past digits, of which there must be one.
    fn digits(&mut self) -> Option<()> {
        let digits = self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += digits;
        (digits > 0).then_some(())
    }

    #[inline]
    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    /// Returns the offset of the next quote, backslash or control character, or of the end.
    #[inline]
    fn next_mark(&self) -> usize {
        let mut at = self.at;
        let bytes = self.text.as_bytes();
        while let Some(block) = bytes.get(at..).and_then(|rest| rest.first_chunk::<16>()) {
            let block = u8x16::new(*block);
            let controls = block.min(u8x16::splat(0x1f)).simd_eq(block);
            let marks = block.simd_eq(u8x16::splat(b'"')) | block.simd_eq(u8x16::splat(b'\\')) | controls;
            let marks = marks.to_bitmask();
            if marks != 0 {
                return at + marks.trailing_zeros() as usize;
            }
            at += 16;
        }
        let rest = bytes.get(at..).unwrap_or_default();
        at + rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f)).unwrap_or(rest.len())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::value::RawValue;

    use super::*;

    /// Returns the length of the value at the start of a text, if the cursor accepts it.
    fn length(json: &str) -> Option<usize> {
        let mut cursor = LineCursor::new(json);
        cursor.skip_value().map(|()| cursor.at)
    }

    proptest! {
        #[test]
        fn what_is_skipped_is_a_value(json in r#"[\[{"a:,\\u0d8e.+\-1 ntrulfase}\]\x01]{0,12}"#) {
            if let Some(skipped) = length(&json).and_then(|length| json.get(..length)) {
                prop_assert_eq!(serde_json::from_str(skipped).ok().map(RawValue::get), Some(skipped), "{}", json);
            }
        }

        #[test]
        fn every_value_without_surrogates_is_skipped(value in value()) {
            let json = value.to_string();
            prop_assert_eq!(length(&json), Some(json.len()));
            prop_assert_eq!(length(&format!("{json},")), Some(json.len()));
            for end in 1..json.len() {
                let Some(cut) = json.get(..end) else { continue };
                prop_assert!(length(cut).is_none() || serde_json::from_str::<&RawValue>(cut).is_ok(), "{}", cut);
            }
        }
    }

    fn value() -> impl Strategy<Value = serde_json::Value> {
        let text = "[a\"\\\\\u{e9}\u{1f600}\n\u{1} {}\\[\\]:,]{0,40}";
        let scalar = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<i64>().prop_map(Into::into),
            any::<f64>().prop_map(Into::into),
            text.prop_map(Into::into),
        ];
        scalar.prop_recursive(4, 40, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
                prop::collection::btree_map(text, inner, 0..6)
                    .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
            ]
        })
    }

    #[test]
    fn numbers_escapes_and_brackets_are_those_of_the_grammar() {
        for json in ["0", "-0", "10.5", "1e400", "-1.0E-07", "[ ]", "{ }", "[1 , {\"a\" : [ ] }]", r#""\u00e9\/\"""#] {
            assert_eq!(length(json), Some(json.len()), "{json}");
        }
        let broken = [
            "-",
            "1.",
            "1e",
            "+1",
            ".5",
            "[1,]",
            "[,]",
            "{\"a\"}",
            "{\"a\":1,}",
            "[}",
            "{]",
            "nul",
            "\"\\x\"",
            "\"\\u00g0\"",
            "\"\t\"",
            "\"",
            "\"\\",
            "",
            "[1 2]",
            "{a:1}",
            "\"\\ud83d\\ude00\"",
            "\"\\udc00\"",
        ];
        for json in broken {
            assert_eq!(length(json), None, "{json}");
        }
        // The parser reports what comes after the zero.
        assert_eq!(length("01"), Some(1));
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert_eq!(length(&nested(65)), Some(130));
        assert_eq!(length(&nested(66)), None);
    }

    #[test]
    fn marks_are_found_wherever_they_stand() {
        for length in 0..50 {
            for at in 0..length {
                for mark in ["\"", "\\", "\n", "\u{1f}"] {
                    let text = "a".repeat(at) + mark + &"\u{7f}".repeat(length - at - 1);
                    assert_eq!(LineCursor::new(&text).next_mark(), at);
                }
            }
            assert_eq!(LineCursor::new(&"\u{e9}".repeat(length)).next_mark(), 2 * length);
        }
    }
}
