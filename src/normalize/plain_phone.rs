//! The plain spelling of a phone number: digits, a plus in front, blanks, dashes, dots, slashes and brackets, and perhaps
//! an extension behind a mark in ASCII.
//!
//! Of such a text nothing needs to be cut. What might be a date, a decimal, the float of a spreadsheet or the address
//! of a machine is not plain; whether it really is one is not decided here.

use crate::normalize::numbering_plan::MAX_DIGITS_READ;

/// Fewer digits are a number in no country, and are told by other rules.
const MIN_DIGITS: usize = 4;
/// Extensions that the phone library reads behind a mark of any kind.
const MAX_EXTENSION_DIGITS: usize = 9;

/// The marks of an extension in lower case, longer ones before their own beginnings.
const EXTENSION_MARKS: [&str; 6] = [";ext=", "extension", "extn", "ext", "x", "#"];

/// A number as written, taken apart.
pub(super) struct PlainPhone<'a> {
    digits: [u8; MAX_DIGITS_READ],
    count: usize,
    before_slash: Option<usize>,
    pub(super) has_plus: bool,
    /// The digits of the extension, empty if there is none.
    pub(super) extension: &'a str,
}

impl<'a> PlainPhone<'a> {
    /// Takes a text apart in one pass; `None` if it is not plain.
    #[inline]
    pub(super) fn read(text: &'a str) -> Option<Self> {
        let mut phone =
            Self { digits: [0; MAX_DIGITS_READ], count: 0, before_slash: None, has_plus: false, extension: "" };
        let mut shape = Shape::default();
        let mut rest = text.as_bytes();
        while let [byte, behind @ ..] = rest {
            rest = behind;
            match byte {
                b'0'..=b'9' => {
                    *phone.digits.get_mut(phone.count)? = byte - b'0';
                    phone.count += 1;
                    shape.digit();
                }
                b' ' | b'(' | b')' => shape.mark(phone.is_begun()),
                b'-' if !phone.is_begun() => shape.has_minus = true,
                b'-' => shape.mark(true),
                b'.' if shape.marks == 0 && may_be_of_float(behind) => return None,
                b'.' => shape.dot(phone.is_begun()),
                b'/' if phone.is_begun() => {
                    phone.before_slash = phone.before_slash.or(Some(phone.count));
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
        let is_number = phone.count >= MIN_DIGITS
            && (phone.has_plus || !shape.may_be_something_else(phone.digits()))
            && (phone.before_slash.is_none() || phone.extension.is_empty());
        is_number.then_some(phone)
    }

    /// The digits before the first slash, which may be a number of their own.
    #[inline]
    pub(super) fn before_slash(&self) -> Option<&[u8]> {
        self.digits.get(..self.before_slash?)
    }

    /// The digits, as numbers from 0 to 9.
    #[inline]
    pub(super) fn digits(&self) -> &[u8] {
        self.digits.get(..self.count).unwrap_or_default()
    }

    #[inline]
    fn is_begun(&self) -> bool {
        self.has_plus || self.count > 0
    }
}

/// What is behind a blank that does not break or a dash of Unicode (U+2010 to U+2015).
#[inline]
fn behind_wide_mark(byte: u8, behind: &[u8]) -> Option<&[u8]> {
    match (byte, behind) {
        (0xc2, [0xa0, rest @ ..]) | (0xe2, [0x80, 0x90..=0x95, rest @ ..]) => Some(rest),
        _ => None,
    }
}

/// Whether the zeros behind a dot may be all that a float has there.
#[inline]
fn may_be_of_float(fraction: &[u8]) -> bool {
    let has_zero = fraction.first() == Some(&b'0');
    has_zero && !fraction.iter().find(|byte| **byte != b'0').is_some_and(u8::is_ascii_digit)
}

/// The digits of an extension, from its mark on to the end of the text.
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

/// How the digits of a text stand in groups, and what is between them.
#[derive(Default)]
struct Shape {
    /// How many digits the first groups have.
    groups: [u8; 3],
    group: usize,
    is_in_group: bool,
    marks: usize,
    dots: usize,
    /// The same up to the last digit: marks behind it say nothing.
    inner_marks: usize,
    inner_dots: usize,
    /// A minus stands in front.
    has_minus: bool,
}

impl Shape {
    #[inline]
    fn digit(&mut self) {
        if !self.is_in_group {
            self.is_in_group = true;
            self.group += 1;
            (self.inner_marks, self.inner_dots) = (self.marks, self.dots);
        }
        if let Some(digits) = self.groups.get_mut(self.group - 1) {
            *digits += 1;
        }
    }

    #[inline]
    fn mark(&mut self, is_inside: bool) {
        self.is_in_group = false;
        self.marks += usize::from(is_inside);
    }

    #[inline]
    fn dot(&mut self, is_inside: bool) {
        self.mark(is_inside);
        self.dots += usize::from(is_inside);
    }

    /// Whether it has the shape of a date, a decimal or the address of a machine.
    #[inline]
    fn may_be_something_else(&self, digits: &[u8]) -> bool {
        let has_dots_only = self.inner_dots == self.inner_marks;
        let [first, second, _] = self.groups;
        let may_be_decimal = self.inner_dots == 1 && first > 4 && second < 4 && digits.first() != Some(&0);
        let may_be_address = self.inner_dots == 3 && !(self.groups == [2; 3] && digits.len() == 8);
        let year = match self.groups {
            [4, 1..=2, 1..=2] => digits,
            [1..=2, 1..=2, 4] => digits.get(usize::from(first + second)..).unwrap_or_default(),
            _ => &[],
        };
        let may_be_date = matches!(year, [1, 9, ..] | [2, 0, ..]);
        self.has_minus || may_be_date || (has_dots_only && (may_be_decimal || may_be_address))
    }
}
