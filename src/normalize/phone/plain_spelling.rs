//! The plain spelling of a phone number: digits, a plus in front, blanks, dashes, dots, slashes and brackets, and perhaps
//! words in front, an extension behind a mark in ASCII or a label in brackets behind it.
//!
//! `text` would cut the words of such a text and nothing else. What might be a date, a decimal, the float of a spreadsheet or
//! an IPv4 address is not plain, and goes to `text`, which decides what it is.

use crate::numbering_plan::PlanDigits;

/// No country has numbers with fewer digits; `text` finds the reason for such a value.
const MIN_DIGITS: usize = 4;
/// Extensions that the phone library reads behind a mark of any kind.
const MAX_EXTENSION_DIGITS: usize = 9;
/// Longer texts go to `text`.
const MAX_BYTES: usize = 100;

/// The marks of an extension in lower case, longer ones before their own beginnings.
const EXTENSION_MARKS: [&str; 6] = [";ext=", "extension", "extn", "ext", "x", "#"];

/// A number as written, taken apart.
pub(crate) struct PlainPhone<'a> {
    /// The whole text.
    pub(crate) text: &'a str,
    pub(crate) digits: PlanDigits,
    pub(crate) has_plus: bool,
    /// How many digits stand before the first slash, where another number may begin.
    before_slash: Option<usize>,
    /// The digits of the extension, empty if there is none.
    pub(crate) extension: &'a str,
}

impl<'a> PlainPhone<'a> {
    /// Takes a text apart. Returns `None` if it is not plain. Inlined, since moving what was just written byte by byte costs as
    /// much as reading it. O(n).
    #[inline(always)]
    pub(crate) fn read(text: &'a str) -> Option<Self> {
        if text.len() > MAX_BYTES {
            return None;
        }
        if let [b'+', behind @ ..] = text.as_bytes()
            && let Some(digits) = PlanDigits::of_marked(behind).filter(|digits| digits.len() >= MIN_DIGITS)
        {
            // Behind a plus, digits are a number whatever their shape.
            return Some(Self { text, digits, has_plus: true, before_slash: None, extension: "" });
        }
        let digits = PlanDigits::default();
        let mut phone = Self { text, digits, has_plus: false, before_slash: None, extension: "" };
        let mut shape = SpellingShape::default();
        let mut rest = behind_words(text.as_bytes())?;
        while let [byte, behind @ ..] = rest {
            if byte.is_ascii_digit() {
                let before = phone.digits.len();
                while let [digit @ b'0'..=b'9', behind @ ..] = rest {
                    phone.digits.push(*digit)?;
                    rest = behind;
                }
                shape.group(phone.digits.len() - before);
                continue;
            }
            rest = behind;
            match byte {
                b' ' | b')' => shape.mark(phone.is_begun()),
                b'(' if phone.is_begun() && is_label(behind) => break,
                b'(' => shape.mark(phone.is_begun()),
                b'-' if !phone.is_begun() => shape.has_minus = true,
                b'-' => shape.mark(true),
                b'.' if shape.marks == 0 && may_be_of_float(behind) => return None,
                b'.' => shape.dot(phone.is_begun()),
                b'/' if phone.is_begun() => {
                    phone.before_slash = phone.before_slash.or(Some(phone.digits.len()));
                    shape.mark(true);
                }
                b'+' if !phone.is_begun() => phone.has_plus = true,
                b';' | b'#' | b'e' | b'E' | b'x' | b'X' => {
                    phone.extension = extension(text.get(text.len() - behind.len() - 1..)?)?;
                    break;
                }
                _ => {
                    rest = behind_wide_mark(*byte, behind)?;
                    shape.mark(phone.is_begun());
                }
            }
        }
        // A slash in front of an extension may begin another number.
        let is_number = phone.digits.len() >= MIN_DIGITS
            && (phone.has_plus || !shape.may_be_something_else(&phone.digits))
            && (phone.before_slash.is_none() || phone.extension.is_empty());
        is_number.then_some(phone)
    }

    /// Returns the digits before the first slash, which may be a number by themselves.
    #[inline]
    pub(crate) fn before_slash(&self) -> Option<&[u8]> {
        self.digits.get(..self.before_slash?)
    }

    #[inline]
    fn is_begun(&self) -> bool {
        self.has_plus || !self.digits.is_empty()
    }
}

/// Returns what follows the words in front of the number. Returns `None` if they touch it or say more than that it is a phone.
#[inline]
fn behind_words(text: &[u8]) -> Option<&[u8]> {
    if !text.first().is_some_and(u8::is_ascii_alphabetic) {
        return Some(text);
    }
    let is_of_words = |byte: &u8| byte.is_ascii_alphabetic() || matches!(byte, b' ' | b'.' | b':');
    let (words, rest) = text.split_at_checked(text.iter().position(|byte| !is_of_words(byte))?)?;
    (words.last().is_some_and(|last| !last.is_ascii_alphabetic()) && are_harmless(words)).then_some(rest)
}

/// Returns true if the words say nothing about the country or the owner of the number. `label` reads all others.
#[inline]
fn are_harmless(words: &[u8]) -> bool {
    const HARMLESS: [&str; 16] = [
        "tel",
        "phone",
        "telephone",
        "mobile",
        "mob",
        "cell",
        "cel",
        "celular",
        "home",
        "work",
        "whatsapp",
        "telefone",
        "telefon",
        "telefono",
        "handy",
        "fone",
    ];
    let is_harmless = |word: &[u8]| HARMLESS.iter().any(|known| word.eq_ignore_ascii_case(known.as_bytes()));
    words.split(|byte| !byte.is_ascii_alphabetic()).all(|word| word.is_empty() || is_harmless(word))
}

/// Returns true if what stands behind a bracket is words, the closing bracket and nothing else.
#[inline]
fn is_label(text: &[u8]) -> bool {
    let is_of_words = |byte: &u8| byte.is_ascii_alphabetic() || *byte == b' ';
    let words = text.trim_ascii_end().strip_suffix(b")");
    words.is_some_and(|words| {
        words.first().is_some_and(u8::is_ascii_alphabetic) && words.iter().all(is_of_words) && are_harmless(words)
    })
}

/// Returns what follows a no-break space or a dash of Unicode (U+2010 to U+2015).
#[inline]
fn behind_wide_mark(byte: u8, behind: &[u8]) -> Option<&[u8]> {
    match (byte, behind) {
        (0xc2, [0xa0, rest @ ..]) | (0xe2, [0x80, 0x90..=0x95, rest @ ..]) => Some(rest),
        _ => None,
    }
}

/// Returns true if only zeros, and no other digits, follow a dot, as in a float.
#[inline]
fn may_be_of_float(fraction: &[u8]) -> bool {
    let has_zero = fraction.first() == Some(&b'0');
    has_zero && !fraction.iter().find(|byte| **byte != b'0').is_some_and(u8::is_ascii_digit)
}

/// Returns the digits of an extension. `text` begins with its mark and ends with the value.
fn extension(text: &str) -> Option<&str> {
    let is_mark = |mark: &&&str| text.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark));
    let mark = EXTENSION_MARKS.iter().find(is_mark)?;
    let behind = text.get(mark.len()..)?.trim_end_matches(' ');
    let digits = match *mark {
        ";ext=" => behind,
        _ => behind.strip_prefix([':', '.']).unwrap_or(behind).trim_start_matches(' '),
    };
    let is_extension = (1..=MAX_EXTENSION_DIGITS).contains(&digits.len());
    (is_extension && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

/// The groups of digits in a text, and the marks between them.
#[derive(Default)]
struct SpellingShape {
    /// How many digits the first groups have.
    groups: [usize; 3],
    count: usize,
    marks: usize,
    dots: usize,
    /// Marks up to the last digit: those behind it say nothing.
    inner_marks: usize,
    inner_dots: usize,
    /// A minus stands in front.
    has_minus: bool,
}

impl SpellingShape {
    #[inline]
    fn group(&mut self, digits: usize) {
        if let Some(group) = self.groups.get_mut(self.count) {
            *group = digits;
        }
        self.count += 1;
        (self.inner_marks, self.inner_dots) = (self.marks, self.dots);
    }

    #[inline]
    fn mark(&mut self, is_inside: bool) {
        self.marks += usize::from(is_inside);
    }

    #[inline]
    fn dot(&mut self, is_inside: bool) {
        self.mark(is_inside);
        self.dots += usize::from(is_inside);
    }

    /// Returns true if the text has the shape of a date, a decimal or an IPv4 address.
    #[inline]
    fn may_be_something_else(&self, digits: &[u8]) -> bool {
        let [first, second, _] = self.groups;
        let may_be_decimal = self.inner_dots == 1 && first > 4 && second < 4 && digits.first() != Some(&b'0');
        let may_be_address = self.inner_dots == 3 && !(self.groups == [2; 3] && digits.len() == 8);
        let year = match self.groups {
            [4, 1..=2, 1..=2] => digits,
            [1..=2, 1..=2, 4] => digits.get(first + second..).unwrap_or_default(),
            _ => &[],
        };
        let may_be_date = matches!(year, [b'1', b'9', ..] | [b'2', b'0', ..]);
        let has_dots_only = self.inner_dots == self.inner_marks;
        self.has_minus || may_be_date || (has_dots_only && (may_be_decimal || may_be_address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_plain(text: &str, digits: &str, extension: &str) {
        let phone = PlainPhone::read(text).expect("a plain number");
        assert_eq!((&*phone.digits, phone.extension), (digits.as_bytes(), extension), "{text:?}");
    }

    #[test]
    fn plain_numbers_are_taken_apart() {
        assert_plain("+442079460958", "442079460958", "");
        assert_plain("(+44) 20-7946.0958 ", "442079460958", "");
        assert_plain("+44 (0) 20 7946 0958", "4402079460958", "");
        assert_plain("Tel.: 020 7946 0958", "02079460958", "");
        assert_plain("020 7946 0958 (home phone)", "02079460958", "");
        assert_plain("020\u{a0}7946\u{2011}0958", "02079460958", "");
        for mark in [";ext=", " extension ", " Extn. ", " ext ", "x", " x", " # "] {
            assert_plain(&format!("+44 20 7946 0958{mark}12"), "442079460958", "12");
        }
        assert_plain("212.055.0123", "2120550123", "");
        assert_plain("12345678901234567", "12345678901234567", "");
    }

    #[test]
    fn what_other_rules_judge_is_not_plain() {
        for text in [
            "",
            "123",
            "123456789012345678",
            "1951-07-21",
            "21. 07. 1951",
            "52713130913.9",
            "-33.0747",
            "192.168.1.100",
            "12.34.41.2",
            "442079460958.0",
            "442079460958.00 (home)",
            "Cel020 7946 0958",
            "020 7946 0958 cel",
            "020 7946 0958 (2nd)",
            "Fax: 020 7946 0958",
            "020 7946 0958 (fax)",
            "(US) 415 555 0123",
            "US: 415 555 0123",
            "US.4155550123",
            "+44 20 +7946",
            "++442079460958",
            "1-800-FLOWERS",
            "030/123456 x7",
            "+44 20 7946 0958x1234567890",
            "\u{ff0b}442079460958",
            "+44\t2079460958",
        ] {
            assert!(PlainPhone::read(text).is_none(), "{text:?}");
        }
        assert!(PlainPhone::read(&format!("+442079460958{}", " ".repeat(MAX_BYTES))).is_none());
    }
}
