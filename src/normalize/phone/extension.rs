//! The place where a number ends and its extension begins.

use crate::normalize::phone::text::{is_digit, is_plus};

/// The marks of an extension that the phone library knows, longer ones before their own endings.
#[rustfmt::skip]
const EXTENSION_MARKS: [&str; 32] = [
    "extension", "extensio\u{301}n", "extensi\u{f3}n", "extensio", "extensio\u{301}", "extensi\u{f3}", "extn", "ext",
    "xtension", "xtensio\u{301}n", "xtensi\u{f3}n", "xtensio", "xtensio\u{301}", "xtensi\u{f3}", "xtn", "xt",
    "\u{ff45}\u{ff58}\u{ff54}\u{ff4e}", "\u{ff45}\u{ff58}\u{ff54}", "\u{ff58}\u{ff54}\u{ff4e}", "\u{ff58}\u{ff54}",
    "\u{434}\u{43e}\u{431}", "anexo", "int", "\u{ff49}\u{ff4e}\u{ff54}", "x", "\u{ff58}", "#", "\u{ff03}", "~",
    "\u{ff5e}", ",", ";",
];

/// Returns the number without its extension and without the parameters of RFC 3966, whose letters would be read as digits of a
/// keypad. `extension` is what the phone library read as one. O(n).
pub(crate) fn main_part<'a>(text: &'a str, extension: Option<&str>) -> &'a str {
    let end = [";phone-context=", ";isub="].iter().filter_map(|parameter| text.find(parameter)).min();
    let text = end.and_then(|end| text.get(..end)).unwrap_or(text);
    let start = text.find(|c| is_digit(c) || is_plus(c)).unwrap_or_default();
    let text = text.get(start..).unwrap_or_default();
    let Some(end) = extension.and_then(|extension| text.rfind(extension)) else { return text };
    let text = trim_separators(text.get(..end).unwrap_or_default());
    EXTENSION_MARKS.iter().find_map(|mark| without_ending(text, mark)).map_or(text, trim_separators)
}

fn trim_separators(text: &str) -> &str {
    text.trim_end_matches([' ', '\u{a0}', ',', '.', ':', ';', '=', '-', '\u{ff0e}', '\u{ff1a}'])
}

fn without_ending<'a>(text: &'a str, ending: &str) -> Option<&'a str> {
    let (start, _) = text.char_indices().rev().nth(ending.chars().count().checked_sub(1)?)?;
    let (rest, found) = text.split_at_checked(start)?;
    (found.to_lowercase() == ending).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_main_part_ends_before_the_extension() {
        for mark in EXTENSION_MARKS {
            let text = format!("020 7946 0958 {} 123", mark.to_uppercase());
            assert_eq!(main_part(&text, Some("123")), "020 7946 0958", "{mark}");
        }
        assert_eq!(main_part("tel:+44-20;ext=12;phone-context=+1", Some("12")), "+44-20");
        assert_eq!(main_part("+44 20 7946 0958;isub=12", None), "+44 20 7946 0958");
        assert_eq!(main_part("0800 flower x9", Some("9")), "0800 flower");
    }

    #[test]
    fn extension_marks_stand_before_their_endings() {
        for (place, mark) in EXTENSION_MARKS.iter().enumerate() {
            assert_eq!(mark.to_lowercase(), *mark);
            let hidden = EXTENSION_MARKS.iter().take(place).find(|earlier| mark.ends_with(**earlier));
            assert_eq!(hidden, None, "{mark}");
        }
    }
}
