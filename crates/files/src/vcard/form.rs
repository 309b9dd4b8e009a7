//! How the lines of a card are written: its version, its line ends, escapes and folds.

use std::borrow::Cow;

use crate::decoded_text;

/// The largest number of bytes of a line that is written, without its line end.
const LINE_BYTES: usize = 75;

/// The version of a card, which decides how values and parameters are spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CardVersion {
    /// 2.1: types without a name, quoted-printable, no escape of a comma.
    TwoOne,
    /// 3.0, or a card that does not say its version.
    Three,
    /// 4.0: preferences have a parameter of their own.
    Four,
}

/// The form of a card.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CardForm {
    /// The version.
    pub(crate) version: CardVersion,
    /// The line end.
    pub(crate) line_end: &'static [u8],
    /// True if the bytes of the card are not UTF-8.
    pub(crate) is_windows_1252: bool,
}

/// A value as it is before it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CardValue {
    /// A text without escapes.
    Text(String),
    /// Components or elements with the escapes that a card of any version has for them.
    Escaped(String),
}

impl CardVersion {
    /// Returns the version that a card names.
    pub(crate) fn of(text: &str) -> Self {
        match text.trim() {
            "2.1" => Self::TwoOne,
            "4.0" => Self::Four,
            _ => Self::Three,
        }
    }
}

impl CardForm {
    /// Returns the form of a card with these bytes.
    pub(crate) fn of(bytes: &[u8], version: CardVersion) -> Self {
        let line_end: &[u8] = match memchr::memchr2(b'\r', b'\n', bytes) {
            Some(at) if bytes.get(at) == Some(&b'\n') => b"\n",
            Some(at) if bytes.get(at + 1) == Some(&b'\n') => b"\r\n",
            Some(_) if !bytes.contains(&b'\n') => b"\r",
            _ => b"\r\n",
        };
        Self { version, line_end, is_windows_1252: std::str::from_utf8(bytes).is_err() }
    }

    /// Returns a text as one component of a value.
    pub(crate) fn escape_component(&self, text: &str) -> String {
        let separators: &[char] = if self.version == CardVersion::TwoOne { &[';'] } else { &[';', ','] };
        self.escape(text, separators)
    }

    /// Returns a text as one element of a list.
    pub(crate) fn escape_element(&self, text: &str) -> String {
        self.escape(text, &[';', ','])
    }

    fn escape(&self, text: &str, separators: &[char]) -> String {
        let mut escaped = String::with_capacity(text.len());
        let mut letters = text.chars().peekable();
        while let Some(letter) = letters.next() {
            // vCard 2.1 has no escapes, so a backslash is doubled only where it would be read as one.
            let is_read = |next: Option<&char>| matches!(next, Some('n' | 'N' | '\\' | ',' | ';' | ':' | '"'));
            match letter {
                '\\' if self.version != CardVersion::TwoOne || is_read(letters.peek()) => escaped.push_str("\\\\"),
                '\n' if self.version != CardVersion::TwoOne => escaped.push_str("\\n"),
                letter if separators.contains(&letter) => escaped.extend(['\\', letter]),
                letter => escaped.push(letter),
            }
        }
        escaped
    }

    /// Returns the line of a property with its line end. O(n).
    pub(crate) fn line(&self, head: &str, value: &CardValue) -> Vec<u8> {
        let separators: &[char] = if self.version == CardVersion::TwoOne { &[] } else { &[';', ','] };
        let value = match value {
            CardValue::Text(text) => self.escape(text, separators),
            CardValue::Escaped(text) if self.version == CardVersion::TwoOne => text.clone(),
            CardValue::Escaped(text) => text.replace('\n', "\\n"),
        };
        // A carriage return has no escape, and would end the line.
        let value = if self.version == CardVersion::TwoOne { value } else { value.replace('\r', "\\n") };
        let is_plain = |letter: char| matches!(letter, ' '..='~' | '\t');
        let mut line = if self.version != CardVersion::TwoOne {
            self.folded(&format!("{head}:{value}"))
        } else if value.chars().all(is_plain) {
            format!("{head}:{value}").into_bytes()
        } else {
            let charset = if value.is_ascii() { "" } else { ";CHARSET=UTF-8" };
            self.quoted_printable(&format!("{head}{charset};ENCODING=QUOTED-PRINTABLE:"), &value)
        };
        line.extend_from_slice(self.line_end);
        line
    }

    /// Returns a line with folds, none of which is inside a character.
    fn folded(&self, line: &str) -> Vec<u8> {
        let mut folded = Vec::with_capacity(line.len() + line.len() / LINE_BYTES * 3);
        let is_windows_1252 = self.is_windows_1252 && matches!(decoded_text::in_windows_1252(line), Cow::Owned(_));
        let mut length = 0;
        for letter in line.chars() {
            if length + letter.len_utf8() > LINE_BYTES {
                folded.extend_from_slice(self.line_end);
                folded.push(b' ');
                length = 1;
            }
            match letter.encode_utf8(&mut [0; 4]) {
                letter if is_windows_1252 => folded.extend_from_slice(&decoded_text::in_windows_1252(letter)),
                letter => folded.extend_from_slice(letter.as_bytes()),
            }
            length += letter.len_utf8();
        }
        folded
    }

    /// Returns a line in quoted-printable. All that may stand at the beginning of another line is coded, so that no part of the
    /// value is read as a fold or as a property.
    fn quoted_printable(&self, head: &str, value: &str) -> Vec<u8> {
        let mut line = head.as_bytes().to_vec();
        let mut length = line.len();
        for letter in value.replace('\n', "\r\n").chars() {
            let coded: String = match letter {
                '!'..='~' if !matches!(letter, ':' | '=') => letter.to_string(),
                _ => letter.encode_utf8(&mut [0; 4]).bytes().map(|byte| format!("={byte:02X}")).collect(),
            };
            if length + coded.len() > LINE_BYTES {
                line.push(b'=');
                line.extend_from_slice(self.line_end);
                length = 0;
            }
            line.extend_from_slice(coded.as_bytes());
            length += coded.len();
        }
        line
    }

    /// Returns lines with the line ends of the card, the last one with a line end too. O(n).
    pub(crate) fn with_line_ends(&self, lines: &[u8]) -> Vec<u8> {
        let mut copied = Vec::with_capacity(lines.len() + self.line_end.len());
        let mut rest = lines;
        while let Some(end) = memchr::memchr2(b'\r', b'\n', rest) {
            copied.extend_from_slice(rest.get(..end).unwrap_or_default());
            copied.extend_from_slice(self.line_end);
            let behind = rest.get(end..).unwrap_or_default();
            let returns = behind.iter().take_while(|byte| **byte == b'\r').count();
            let length = if behind.get(returns) == Some(&b'\n') { returns + 1 } else { returns.max(1) };
            rest = behind.get(length..).unwrap_or_default();
        }
        copied.extend_from_slice(rest);
        if !rest.is_empty() {
            copied.extend_from_slice(self.line_end);
        }
        copied
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(version: CardVersion, text: &str) -> String {
        let form = CardForm { version, line_end: b"\r\n", is_windows_1252: false };
        String::from_utf8(form.line("NOTE", &CardValue::Text(text.to_owned()))).expect("UTF-8")
    }

    #[test]
    fn each_version_has_its_escapes() {
        let text = "a;b, c\\d\\n\ne: \u{e9}";
        for version in [CardVersion::Three, CardVersion::Four] {
            assert_eq!(written(version, text), "NOTE:a\\;b\\, c\\\\d\\\\n\\ne: \u{e9}\r\n");
        }
        assert_eq!(
            written(CardVersion::TwoOne, text),
            "NOTE;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:a;b,=20c\\d\\\\n=0D=0Ae=3A=20=\r\n=C3=A9\r\n"
        );
        assert_eq!(written(CardVersion::TwoOne, "a;b, c\\d: e"), "NOTE:a;b, c\\d: e\r\n");
    }

    #[test]
    fn long_lines_are_folded_between_characters() {
        let line = written(CardVersion::Three, &"\u{e9}".repeat(100));
        let lines: Vec<&str> = line.split_terminator("\r\n").collect();
        assert!(lines.iter().all(|line| line.len() <= LINE_BYTES) && lines.len() == 3, "{line}");
        assert!(lines.iter().skip(1).all(|line| line.starts_with(' ')));
    }

    #[test]
    fn all_kinds_of_line_ends_become_those_of_the_card() {
        let form = CardForm::of(b"BEGIN:VCARD\nEND:VCARD\n", CardVersion::Three);
        for lines in ["NOTE:a\r\n b\r\n", "NOTE:a\r b", "NOTE:a\n b\n", "NOTE:a\r\r\n b\r\r\n"] {
            assert_eq!(form.with_line_ends(lines.as_bytes()), b"NOTE:a\n b\n");
        }
    }
}
