//! Any other spelling of a phone number, after `text` has cut what stands around it: taken apart as the phone library would.
//!
//! It costs more than `plain_spelling`, and knows digits of other scripts, texts that are too short or too long, marks that no
//! number has and letters among the digits. Left to the library are extensions, parameters of RFC 3966 and characters that are
//! not known here.

use crate::key::Reason;
use crate::normalize::phone::plan_reader::MIN_DIGITS;
use crate::normalize::phone::text::{is_letter, is_plus};

/// The zeros of the digits that are known, in ASCII and other scripts: Arabic, Persian, Devanagari and full-width ones.
const ZEROS: [char; 5] = ['0', '\u{660}', '\u{6f0}', '\u{966}', '\u{ff10}'];
/// From so many letters on they are read as digits of a keypad, and are left out otherwise.
const MIN_KEYPAD_LETTERS: usize = 3;

/// The ends of the marks of an extension, those in ASCII in lower case. Any other end outside ASCII may be one too.
#[rustfmt::skip]
const MARK_ENDINGS: [&str; 15] = [
    "x", "xt", "xtn", "xtensio", "xtension", "\u{f3}n", "\u{d3}n", "\u{301}n", "int", "anexo", "#", "~", ",", ";", "=",
];

/// A number without extension, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct CutPhone {
    pub(crate) has_plus: bool,
    pub(crate) digits: Vec<u8>,
    /// It consists of what numbers consist of.
    pub(crate) is_viable: bool,
    /// The part before the first slash, where another number may begin.
    pub(crate) before_slash: Option<PhonePart>,
}

/// The first part of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PhonePart {
    pub(crate) digit_count: usize,
    pub(crate) is_viable: bool,
}

impl CutPhone {
    /// Takes a text apart that begins with a digit or a plus. Returns `None` if only the library knows how. O(n).
    ///
    /// # Errors
    /// - [`Reason::HasLetters`] if letters stand in the number.
    pub(crate) fn read(text: &str) -> Option<Result<Self, Reason>> {
        if !is_known(text) || may_have_extension(text) {
            return None;
        }
        if text.contains(is_letter) {
            return Some(Err(Reason::HasLetters));
        }
        let (first, rest) = text.split_at_checked(text.find(['/', '\\', '|']).unwrap_or(text.len()))?;
        if !rest.is_empty() && may_have_extension(first) {
            return None;
        }
        let has_plus = text.starts_with(is_plus);
        let is_viable_text = is_viable(text);
        // The library cuts a plus at the end, yet looks for one when it tells why there is no number.
        if is_viable_text && !has_plus && text.contains(is_plus) {
            return None;
        }
        let part = || PhonePart { digit_count: first.chars().filter_map(digit).count(), is_viable: is_viable(first) };
        Some(Ok(Self {
            has_plus,
            digits: text.chars().filter_map(digit).collect(),
            is_viable: is_viable_text,
            before_slash: (!rest.is_empty()).then(part),
        }))
    }

    /// Reads a text whose letters, behind the number, may be digits of a keypad. Returns `None` if only the library knows how.
    /// O(n).
    pub(crate) fn read_keypad(text: &str) -> Option<Self> {
        let (start, last) = text.char_indices().rfind(|(_, c)| is_letter(*c))?;
        let end = start + last.len_utf8();
        // To the library, not all that is alphabetic is a letter and ends a text.
        let is_surely_letter = matches!(last, '\0'..='\u{24f}' | '\u{400}'..='\u{481}');
        let has_number_in_front = text.chars().take_while(|c| !is_letter(*c)).filter_map(digit).count() >= MIN_DIGITS;
        if !(is_surely_letter && is_known(text) && has_number_in_front)
            || text.get(end..).is_none_or(|behind| behind.contains('#'))
        {
            return None;
        }
        let has_plus = text.starts_with(is_plus);
        let inner = text.get(..end)?.trim_start_matches(is_plus);
        let is_viable = inner.chars().all(|c| c.is_ascii_alphabetic() || digit(c).is_some() || is_punctuation(c));
        let has_keypad = inner.bytes().filter(u8::is_ascii_alphabetic).count() >= MIN_KEYPAD_LETTERS;
        // The keypad has no digits of other scripts.
        if is_viable && has_keypad && !inner.is_ascii() {
            return None;
        }
        let digits = inner.chars().filter_map(|c| digit(c).or_else(|| keypad_digit(c).filter(|_| has_keypad)));
        Some(Self { has_plus, digits: digits.collect(), is_viable, before_slash: None })
    }
}

/// Returns the digits of a text in ASCII, whatever script they are written in, or `None` if only the library knows all digits in
/// it. O(n).
pub(crate) fn digits_of(text: &str) -> Option<String> {
    let is_known = |c: char| c.is_ascii() || digit(c).is_some() || is_punctuation(c) || is_letter(c);
    text.chars().all(is_known).then(|| text.chars().filter_map(digit).map(char::from).collect())
}

/// Returns the digit in ASCII that a character stands for.
fn digit(c: char) -> Option<u8> {
    let value = |zero: &char| u32::from(c).checked_sub(u32::from(*zero)).filter(|value| *value < 10);
    ZEROS.iter().find_map(value).map(|value| b'0' + value as u8)
}

fn keypad_digit(c: char) -> Option<u8> {
    Some(match c.to_ascii_uppercase() {
        'A'..='C' => b'2',
        'D'..='F' => b'3',
        'G'..='I' => b'4',
        'J'..='L' => b'5',
        'M'..='O' => b'6',
        'P'..='S' => b'7',
        'T'..='V' => b'8',
        'W'..='Z' => b'9',
        _ => return None,
    })
}

/// Returns true if a character may stand between the digits of a number.
fn is_punctuation(c: char) -> bool {
    matches!(
        c,
        ' ' | '-' | '(' | ')' | '.' | '[' | ']' | '/' | '~'
            | '\u{a0}' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{3000}' | '\u{30fc}'
            | '\u{ff08}' | '\u{ff09}' | '\u{ff0d}'..='\u{ff0f}' | '\u{ff3b}' | '\u{ff3d}'
    )
}

/// Returns true if the text begins with a number, every character of it is known, and the library would read all of it: it
/// leaves out what follows a slash and an `x`, and what parameters of RFC 3966 say.
fn is_known(text: &str) -> bool {
    // Two letters outside ASCII are equal to `s` and `k` without case.
    let is_of_number = |c: char| {
        (c.is_ascii() && c != '*')
            || digit(c).is_some()
            || is_plus(c)
            || is_punctuation(c)
            || (c.is_alphabetic() && !matches!(c, '\u{17f}' | '\u{212a}'))
    };
    let is_second = |rest: &str| rest.trim_start_matches(' ').starts_with('x');
    text.starts_with(|c| digit(c).is_some() || is_plus(c))
        && text.chars().all(is_of_number)
        && !text.split(['/', '\\']).skip(1).any(is_second)
        && ![";phone-context=", ";isub="].iter().any(|parameter| text.contains(parameter))
}

/// Returns true unless the text surely ends without an extension, whose digits stand behind a mark at the end.
fn may_have_extension(text: &str) -> bool {
    let text = text.trim_end_matches(|c: char| c != '#' && digit(c).is_none() && !c.is_alphabetic());
    let front = text.trim_end_matches(|c| digit(c).is_some());
    let behind_mark = front.trim_end_matches([' ', '\u{a0}', '\t', ',', '-']);
    let separators = front.get(behind_mark.len()..).unwrap_or_default();
    let mark = behind_mark.strip_suffix([':', '.', '\u{ff0e}']).unwrap_or(behind_mark);
    let lower = mark.to_ascii_lowercase();
    let is_mark = lower.ends_with(|c: char| !c.is_ascii() && digit(c).is_none() && !is_punctuation(c))
        || MARK_ENDINGS.iter().any(|ending| lower.ends_with(ending));
    text.ends_with('#') || separators.contains(',') || (front.len() < text.len() && is_mark)
}

/// Returns true if a text without letters is one to the library: digits with punctuation between them.
fn is_viable(text: &str) -> bool {
    let text = text.trim_end_matches(|c: char| !matches!(c, '#' | '\u{30fc}') && digit(c).is_none());
    let inner = text.trim_start_matches(is_plus);
    let count = inner.chars().filter_map(digit).count();
    if count < MIN_DIGITS {
        return count == 2 && text.chars().count() == 2;
    }
    inner.chars().all(|c| digit(c).is_some() || is_punctuation(c))
}

#[cfg(test)]
mod tests {
    use rlibphonenumber::PHONE_NUMBER_UTIL;

    use super::*;

    #[track_caller]
    fn assert_number(text: &str, digits: &str, is_viable: bool) {
        let phone = CutPhone::read(text).expect("a known text").expect("no letters");
        assert_eq!((phone.digits.as_slice(), phone.is_viable), (digits.as_bytes(), is_viable), "{text:?}");
    }

    #[test]
    fn spellings_are_taken_apart() {
        assert_number("\u{ff0b}\u{ff14}\u{ff14} 20\u{ff0d}7946\u{3000}0958", "442079460958", true);
        assert_number("+\u{664}\u{664}2079460958", "442079460958", true);
        assert_number("12", "12", true);
        assert_number("+12", "12", false);
        assert_number("1 2", "12", false);
        assert_number("5", "5", false);
        assert_number("++442079460958", "442079460958", true);
        assert_number("+44 20 +7946", "44207946", false);
        assert_number("12\u{30fc}", "12", false);
        assert_number("020 7946 & 0958 ", "02079460958", false);
        assert_number("020 7946 0958;,. ", "02079460958", true);
        assert_number("12345678901234567890", "12345678901234567890", true);
    }

    #[test]
    fn what_stands_before_a_slash_is_a_part() {
        let part = |text| CutPhone::read(text).expect("a known text").expect("no letters").before_slash;
        assert_eq!(part("+44 20 / +44 21"), Some(PhonePart { digit_count: 4, is_viable: true }));
        assert_eq!(part("1+2|345"), Some(PhonePart { digit_count: 2, is_viable: false }));
        assert_eq!(part("030123456"), None);
    }

    #[test]
    fn letters_are_told_and_extensions_left_to_the_library() {
        for text in ["1 rue de Rivoli 75001", "0800 DDA 005", "30 maio 1990", "+4433a67829916", "020 7946 ton 12"] {
            assert_eq!(CutPhone::read(text), Some(Err(Reason::HasLetters)), "{text}");
        }
        for text in [
            "+44 20 7946 0958 x 1",
            "020 7946 0958 int:-12",
            "020 7946 0958 Extension. 12",
            "020 7946 0958 extensi\u{f3}n 12",
            "020 7946 0958 EXTENSI\u{d3}N 12",
            "020 7946 0958 extensio\u{301}n 12",
            "02079460958,12",
            "02079460958;12",
            "02079460958 # 12",
            "02079460958 - 12#",
            "02079460958 \u{434}\u{43e}\u{431} 7",
            "02079460958~7/2",
            "302/x2303",
            "020 7946+",
            "7946-0958;phone-context=+44-20",
            "020*7946",
            "020 7946 \u{bd}",
            "020 \u{212a} 7",
            "12 \u{e9}t\u{e9} 34",
        ] {
            assert_eq!(CutPhone::read(text), None, "{text}");
        }
    }

    #[test]
    fn letters_behind_a_number_are_of_a_keypad_from_three_on() {
        let digits = |text| CutPhone::read_keypad(text).map(|phone| (String::from_utf8(phone.digits), phone.is_viable));
        assert_eq!(digits("1-800 FLOWERS"), Some((Ok("18003569377".to_owned()), true)));
        assert_eq!(digits("+1 800 555 (to)"), Some((Ok("1800555".to_owned()), true)));
        assert_eq!(digits("+1 800 555 & co"), Some((Ok("1800555".to_owned()), false)));
        assert_eq!(digits("+1 800 555 Jos\u{e9}"), Some((Ok("1800555567".to_owned()), false)));
        for text in ["12 Ada", "800 555", "800 555 Ada #", "\u{ff11}800555 Ada"] {
            assert_eq!(digits(text), None, "{text}");
        }
        for letter in 'A'..='Z' {
            let digit = keypad_digit(letter).map(char::from).expect("a digit of the keypad");
            assert_eq!(PHONE_NUMBER_UTIL.convert_alpha_characters_in_number(letter.to_string()), digit.to_string());
        }
    }

    #[test]
    fn known_digits_are_those_of_the_library() {
        for c in ('\0'..char::MAX).filter(|c| digit(*c).is_some() || is_punctuation(*c)) {
            let digits: String = digit(c).map(char::from).into_iter().collect();
            assert_eq!(PHONE_NUMBER_UTIL.normalize_digits_only(c.to_string()), digits, "{c:?}");
            assert!(PHONE_NUMBER_UTIL.is_viable_phone_number(format!("1{c}23")), "{c:?}");
        }
        assert_eq!(digits_of("a\u{ff11} 2\u{e9}").as_deref(), Some("12"));
        assert_eq!(digits_of("\u{1d7d8}"), None);
    }
}
