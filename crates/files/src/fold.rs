//! From a name as people write it to a form in which spellings meet.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// `text` in lower case, without accents, spaces and punctuation: `E-mail (Address)` and
/// `EMAIL ADDRESS` fold to the same. Letters and digits of every script stay. O(n).
///
/// `data/make_countries.py` does the same to the names of countries.
pub fn fold(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) {
        return Cow::Borrowed(text);
    }
    let mut folded = String::with_capacity(text.len());
    for letter in text.nfkd().flat_map(char::to_lowercase) {
        match letter {
            // These letters have no accent to take off, yet people write them without their stroke.
            '\u{df}' => folded.push_str("ss"),
            '\u{f8}' => folded.push('o'),
            '\u{142}' => folded.push('l'),
            '\u{111}' | '\u{f0}' => folded.push('d'),
            '\u{fe}' => folded.push_str("th"),
            '\u{e6}' => folded.push_str("ae"),
            '\u{153}' => folded.push_str("oe"),
            '\u{131}' => folded.push('i'),
            _ if letter.is_alphanumeric() && !is_combining_mark(letter) => folded.push(letter),
            _ => {}
        }
    }
    Cow::Owned(folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_spaces_and_punctuation_make_no_difference() {
        for (text, folded) in [
            ("Teléfono móvil", "telefonomovil"),
            ("E-mail 1 - Value", "email1value"),
            ("first_name", "firstname"),
            ("Straße", "strasse"),
            ("日本", "日本"),
            ("İD", "id"),
            ("", ""),
        ] {
            assert_eq!(fold(text), folded);
        }
    }
}
