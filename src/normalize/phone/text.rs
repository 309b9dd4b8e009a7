//! The cut of a text down to its phone number: leaves out what people and programs write around it.
//!
//! The cuts are documented here; the tables or the phone library read what is left. Cut are a
//! spreadsheet's leading quote and the `.0` behind its number, marks without width, whatever stands before the
//! first digit or plus (`Tel:`, `whatsapp:`), a label of letters behind the last digit (`(home)`, `cel`,
//! `- work`), and the links `wa.me/...` and `api.whatsapp.com/send?phone=...`, whose numbers are international
//! without a plus. `(0xx11)`, Brazil's way to leave the carrier open, is read as `(011)`, and `ramal` as `ext`. What is
//! cut as a label may still say that the number is a fax or of another country: that is `label`'s to read.

use std::borrow::Cow;

use crate::field_names::role::label_words::LABELS;
use crate::key::Reason;
use crate::normalize::label::{Label, is_flag_half};
use crate::normalize::phone::non_phone;
use crate::normalize::text_checks::{self, is_without_width};
use crate::normalize::whatsapp;

/// The greatest length of a phone number as written.
pub const MAX_PHONE_BYTES: usize = 250;

/// A text after the cut.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Cut {
    pub(crate) text: PhoneText,
    /// The meaning of the words that were cut.
    pub(crate) label: Label,
}

/// The number that was left of a text, by how far the cut can be trusted.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum PhoneText {
    /// A number as a person or a program wrote it.
    Written(String),
    /// A number behind which words were cut that may have been part of it (`1-800-FLOWERS`): first what is
    /// left, then the whole.
    Doubtful { cut: String, whole: String },
    /// The digits of an international number without a plus.
    International(String),
}

impl PhoneText {
    /// Returns true if the number says its country code itself: with a plus, a `phone-context` or as in a link.
    pub(crate) fn has_plus(&self) -> bool {
        match self {
            Self::Written(text) | Self::Doubtful { cut: text, .. } => {
                text.starts_with(is_plus) || text.contains(";phone-context=")
            }
            Self::International(_) => true,
        }
    }
}

/// Cuts a text down to the number. O(n).
///
/// # Errors
/// The reason why the text holds no phone number.
pub(crate) fn cut(raw: &str) -> Result<Cut, Reason> {
    let text = raw.trim_matches(|c: char| c.is_whitespace() || is_without_width(c));
    text_checks::check(text, MAX_PHONE_BYTES)?;
    let text: String = text.chars().filter(|c| !is_without_width(*c)).collect();
    if let Some(link) = link_target(&text) {
        return Ok(Cut { text: number_of_link(link)?, label: Label::NONE });
    }
    if whatsapp::UserId::read(&text).is_some() {
        return Err(Reason::NotAPhone);
    }
    let text = without_open_carrier(&text);
    // The library would read the digits that a mask hides as not being there, and what follows an @ is an
    // address or an identity of some channel.
    if text.contains(['*', '\u{2022}', '@']) {
        return Err(Reason::Malformed);
    }
    if is_rounded(&text) {
        return Err(Reason::Rounded);
    }
    let (before, number) = at_the_number(&text)?;
    if !number.starts_with(is_plus) && non_phone::is_something_else(before, number) {
        return Err(Reason::NotAPhone);
    }
    let number = number_of_float(number)?;
    let number = with_known_mark(&number);
    let (text, behind) = without_label(&number)?;
    Ok(Cut { text, label: Label::of(before, behind) })
}

/// Returns true if a character is a plus to the phone library.
pub(crate) fn is_plus(c: char) -> bool {
    matches!(c, '+' | '\u{ff0b}')
}

/// Returns true if a character is a letter. The Japanese mark of a long vowel is one to Unicode, but stands for a hyphen here.
pub(crate) fn is_letter(c: char) -> bool {
    c.is_alphabetic() && c != '\u{30fc}'
}

pub(crate) fn is_digit(c: char) -> bool {
    c.is_numeric() && !c.is_alphabetic()
}

/// Splits a text before its number: at the first digit or plus.
fn at_the_number(text: &str) -> Result<(&str, &str), Reason> {
    // The parameter of RFC 3966 belongs to the number and is read by the library.
    if text.contains(";phone-context=") {
        return Ok(("", text));
    }
    let start = text.find(|c| is_digit(c) || is_plus(c)).ok_or(Reason::Malformed)?;
    let (before, number) = text.split_at_checked(start).unwrap_or(("", text));
    // Letters right before the digits are a label only if they are a known one: `CUST7585` is no phone.
    let glued = before.rsplit(|c| !is_letter(c)).next().unwrap_or_default().to_lowercase();
    if glued.is_empty() || LABELS.contains(&glued.as_str()) { Ok((before, number)) } else { Err(Reason::HasLetters) }
}

/// `(0xx11) ...` and `0**11 ...` with the trunk prefix alone in front of the area code.
fn without_open_carrier(text: &str) -> Cow<'_, str> {
    let start = text.find(is_digit).unwrap_or_default();
    let (before, number) = text.split_at_checked(start).unwrap_or(("", text));
    let rest = ["0xx", "0XX", "0**"].iter().find_map(|open| number.strip_prefix(open));
    match rest.map(|rest| rest.trim_start_matches(['-', ' '])) {
        Some(rest) if rest.starts_with(is_digit) => Cow::Owned(format!("{before}0{rest}")),
        _ => Cow::Borrowed(text),
    }
}

/// The Portuguese mark of an extension, which the phone library does not know, as one that it knows.
fn with_known_mark(text: &str) -> Cow<'_, str> {
    let Some((number, extension)) = ["ramal", "Ramal", "RAMAL"].iter().find_map(|mark| text.split_once(mark)) else {
        return Cow::Borrowed(text);
    };
    let digits = extension.trim_start_matches([' ', '.', ':']);
    if !digits.is_empty() && digits.chars().all(is_digit) {
        Cow::Owned(format!("{number}ext. {digits}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Scientific notation, as spreadsheets write long numbers.
fn is_rounded(text: &str) -> bool {
    let text = text.strip_prefix('\'').unwrap_or(text);
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else { return false };
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, ""));
    let whole = whole.strip_prefix(['+', '-']).unwrap_or(whole);
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    whole.len() == 1 && (1..=3).contains(&exponent.len()) && [whole, fraction, exponent].into_iter().all(all_digits)
}

/// Cuts the `.0` of a number that a spreadsheet kept as a float, whatever was written behind it since. With
/// more zeros it may be either a float or a number grouped with a dot.
fn number_of_float(text: &str) -> Result<Cow<'_, str>, Reason> {
    let Some((whole, fraction)) = text.split_once(['.', ',']) else { return Ok(text.into()) };
    let digits = whole.strip_prefix('+').unwrap_or(whole);
    let behind = fraction.trim_start_matches('0');
    let has_more = behind.contains(|c: char| is_digit(c) || is_letter(c));
    let is_float = !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && behind.len() < fraction.len()
        && !behind.starts_with(|c: char| is_digit(c) || matches!(c, '.' | ',' | '-' | '/' | ')'))
        // A short number with something behind its zeros may be a group of a longer one.
        && (!has_more || digits.len() > 5);
    match (is_float, fraction.len() - behind.len()) {
        (false, _) => Ok(text.into()),
        (true, 1) => Ok(format!("{whole}{behind}").into()),
        (true, _) => Err(Reason::Ambiguous),
    }
}

/// Returns the text without the words behind the number, and these words.
fn without_label(text: &str) -> Result<(PhoneText, &str), Reason> {
    let end = text.rfind(is_digit).and_then(|start| Some(start + text.get(start..)?.chars().next()?.len_utf8()));
    let (number, tail) = end.and_then(|end| text.split_at_checked(end)).unwrap_or((text, ""));
    let has_words = tail.contains(|c| is_letter(c) || is_flag_half(c));
    if !has_words || text.contains(";phone-context=") {
        return Ok((PhoneText::Written(text.to_owned()), ""));
    }
    let words = words_outside_brackets(tail);
    // A mask: `+44 20 7946 XXXX`.
    if words.iter().any(|word| word.chars().all(|c| c == 'x')) {
        return Err(Reason::HasLetters);
    }
    let is_label = |word: &String| LABELS.contains(&word.as_str());
    if words.iter().all(is_label) || (!tail.starts_with(is_letter) && Label::is_of_countries(tail)) {
        return Ok((PhoneText::Written(number.to_owned()), tail));
    }
    if tail.starts_with(is_letter) {
        return Err(Reason::HasLetters);
    }
    Ok((PhoneText::Doubtful { cut: number.to_owned(), whole: text.to_owned() }, tail))
}

/// The words of a label in lower case, those in brackets left out.
fn words_outside_brackets(label: &str) -> Vec<String> {
    let mut depth = 0usize;
    let mut words = vec![String::new()];
    for c in label.chars() {
        match c {
            '(' | '[' | '<' | '{' => depth += 1,
            ')' | ']' | '>' | '}' => depth = depth.saturating_sub(1),
            _ if depth > 0 => continue,
            _ => {}
        }
        match (is_letter(c), words.last_mut()) {
            (true, Some(word)) => word.extend(c.to_lowercase()),
            _ => words.push(String::new()),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Returns what follows the address in a link to a chat.
fn link_target(text: &str) -> Option<&str> {
    let text = without_prefix(text, &["https://", "http://", "whatsapp://"]);
    let text = without_prefix(text, &["www.", "api.", "web."]);
    let is_link = |prefix: &&str| text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    let prefix = ["wa.me/", "whatsapp.com/send", "send?"].iter().find(|prefix| is_link(prefix))?;
    let rest = text.get(prefix.len()..)?;
    match *prefix {
        "wa.me/" => Some(rest),
        _ => rest.split(['?', '&', '/']).find_map(|parameter| parameter.strip_prefix("phone=")).or(Some("")),
    }
}

fn without_prefix<'a>(text: &'a str, prefixes: &[&str]) -> &'a str {
    let stripped = |prefix: &&str| {
        let (start, rest) = text.split_at_checked(prefix.len())?;
        start.eq_ignore_ascii_case(prefix).then_some(rest)
    };
    prefixes.iter().find_map(stripped).unwrap_or(text)
}

fn number_of_link(target: &str) -> Result<PhoneText, Reason> {
    let path = target.split(['?', '&', '#']).next().unwrap_or_default();
    let number = path.trim_end_matches(['/', ';', ',', '.', ' ']);
    let (digits, has_plus) = match without_prefix(number, &["+", "%2b"]) {
        digits if digits.len() < number.len() => (digits, true),
        digits => (digits, false),
    };
    match (digits.is_empty(), digits.bytes().all(|byte| byte.is_ascii_digit()), has_plus) {
        (true, ..) => Err(Reason::Malformed),
        (_, false, _) if number.contains('/') => Err(Reason::Malformed),
        (_, false, false) if digits.contains(is_letter) => Err(Reason::HasLetters),
        (_, false, false) => Err(Reason::Malformed),
        // With a plus it is a number as any other, perhaps with an extension.
        (_, _, true) => Ok(without_label(&format!("+{digits}"))?.0),
        (_, true, false) => Ok(PhoneText::International(digits.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(raw: &str) -> Result<PhoneText, Reason> {
        super::cut(raw).map(|cut| cut.text)
    }

    #[track_caller]
    fn assert_written(raw: &str, expected: &str) {
        assert_eq!(cut(raw), Ok(PhoneText::Written(expected.to_owned())), "{raw:?}");
    }

    #[test]
    fn only_one_digit_a_fraction_and_an_exponent_are_rounded() {
        for text in ["5.5E+11", "'5.5e11", "+5,5E+011", "-5e-1", "5E11", "5.E9"] {
            assert!(is_rounded(text), "{text}");
        }
        for text in ["55E11", "5.5E", "5.5E1234", "x.5E11", "5.xE11", "5.5Ex1", ".5E11", "5.5"] {
            assert!(!is_rounded(text), "{text}");
        }
    }

    #[test]
    fn labels_and_marks_are_cut() {
        assert_written("'+442079460958", "+442079460958");
        assert_written("442079460958.0", "442079460958");
        assert_written("+44 20 7946 0958 (WhatsApp)", "+44 20 7946 0958");
        assert_written("+44 20 7946 0958 - work", "+44 20 7946 0958");
        assert_written("020 7946 0958cel", "020 7946 0958");
        assert_written("020 7946 0958 (call Ada)", "020 7946 0958");
        assert_written("Tel.: 020 7946 0958", "020 7946 0958");
        assert_written("whatsapp:+442079460958", "+442079460958");
        assert_written("\u{202a}+44 20\u{200b} 7946 0958\u{202c}", "+44 20 7946 0958");
        assert_written("\u{feff} +442079460958\t", "+442079460958");
        assert_written("tel:7946-0958;phone-context=+44-20", "tel:7946-0958;phone-context=+44-20");
    }

    #[test]
    fn unknown_words_are_cut_in_doubt_only() {
        let whole = "+1 212 555 0123 Ada Lovelace".to_owned();
        assert_eq!(cut(&whole), Ok(PhoneText::Doubtful { cut: "+1 212 555 0123".to_owned(), whole }));
        for raw in ["+1 212 555 01XX", "+1 212 555 01 xx", "0900 332 6005a"] {
            assert_eq!(cut(raw), Err(Reason::HasLetters), "{raw}");
        }
    }

    #[test]
    fn links_hold_international_numbers() {
        let links = [
            "https://wa.me/442079460958",
            "wa.me/442079460958?text=hello",
            "HTTPS://WA.ME/442079460958",
            "https://api.whatsapp.com/send?phone=442079460958&text=oi",
            "https://api.whatsapp.com/send/?text=oi&phone=442079460958",
            "whatsapp://send?phone=442079460958",
        ];
        for link in links {
            assert_eq!(cut(link), Ok(PhoneText::International("442079460958".to_owned())), "{link}");
        }
        assert_written("https://wa.me/+442079460958,", "+442079460958");
        assert_eq!(cut("https://wa.me/442079460958/2"), Err(Reason::Malformed));
        assert_eq!(cut("442079460958@s.whatsapp.net"), Err(Reason::Malformed));
        assert_eq!(cut("https://wa.me/message/ABCDEFG"), Err(Reason::Malformed));
        assert_eq!(cut("https://api.whatsapp.com/send?text=oi"), Err(Reason::Malformed));
    }

    #[test]
    fn spreadsheets_that_lost_digits_are_reported() {
        for raw in ["5.51199E+12", "4,42E+11", "'5.5E12", "4E+11"] {
            assert_eq!(cut(raw), Err(Reason::Rounded), "{raw}");
        }
        assert_eq!(cut("442079460958.00"), Err(Reason::Ambiguous));
        assert_written("44.2079.460.0", "44.2079.460.0");
    }

    #[test]
    fn a_float_is_one_whatever_stands_behind_it() {
        assert_written("+442079460958.0 (WhatsApp)", "+442079460958");
        assert_written("442079460958.0 cel", "442079460958");
        assert_written("442079460958,0", "442079460958");
        assert_written("442079460958.0\u{a0}home", "442079460958");
        assert_written("+442079460958.0 ext 12", "+442079460958 ext 12");
        assert_written("+442079460958.0x12", "+442079460958x12");
        assert_written("030.0 12345", "030.0 12345");
        // A group of five digits may be one of a longer number.
        assert_written("12345.0 ext 7", "12345.0 ext 7");
        assert_written("123456.0 ext 7", "123456 ext 7");
        assert_eq!(cut("+442079460958.00 ext 12"), Err(Reason::Ambiguous));
    }

    #[test]
    fn letters_before_the_digits_are_known_labels_or_stand_apart() {
        for raw in ["CUST75858414", "ID1678754847", "fdbce049608", "v65.659.0059", "a+442079460958"] {
            assert_eq!(cut(raw), Err(Reason::HasLetters), "{raw}");
        }
        assert_written("Cel020 7946 0958", "020 7946 0958");
        assert_written("Ada: 020 7946 0958", "020 7946 0958");
    }

    #[test]
    fn brazilian_habits_are_read() {
        assert_written("(0xx11) 3234-5678", "011) 3234-5678");
        assert_written("0XX 11 3234-5678", "011 3234-5678");
        assert_written("(0**11) 3234-5678", "011) 3234-5678");
        assert_written("(11) 3234-5678 ramal 12", "11) 3234-5678 ext. 12");
        assert_written("(11) 3234-5678 (ramal)", "11) 3234-5678");
    }

    #[test]
    fn what_is_no_phone_at_all_is_reported() {
        for raw in ["1951-07-21", "R$ 489.389.350,55", "192.168.1.100", "-33.07479801"] {
            assert_eq!(cut(raw), Err(Reason::NotAPhone), "{raw}");
        }
    }

    #[test]
    fn texts_without_a_number_have_their_reason() {
        assert_eq!(cut(" \u{200b}\t"), Err(Reason::Empty));
        assert_eq!(cut("N/A"), Err(Reason::Placeholder));
        assert_eq!(cut("call me"), Err(Reason::Malformed));
        assert_eq!(cut("+44 20 **** 0958"), Err(Reason::Malformed));
        assert_eq!(cut("+44\u{0}2079460958"), Err(Reason::ControlCharacter));
        assert_eq!(cut("+44 20\n7946 0958"), Err(Reason::ControlCharacter));
        assert_eq!(cut(&"1".repeat(251)), Err(Reason::TooLong));
    }

    #[test]
    fn labels_are_in_lower_case_and_in_no_doubt() {
        assert!(LABELS.iter().all(|label| label.to_lowercase() == *label && label.chars().all(char::is_alphabetic)));
    }
}
