//! Folding of case and accents, for the names of fields and of people.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Returns `text` in lower case and without the accents of European scripts.
///
/// Marks of other scripts stay, because they are letters there. Cost: O(n).
pub(crate) fn fold(text: &str) -> String {
    // The letters are composed again at the end, since a decomposed Korean syllable would start like another one.
    text.nfkd().filter(|letter| !is_accent(*letter)).flat_map(char::to_lowercase).flat_map(plain).nfc().collect()
}

/// Returns the folded words of a field name: `Business Postal Code`, `mailing_street` and `birthYear` have three, two
/// and two. Cost: O(n).
pub(crate) fn field_words(name: &str) -> Vec<String> {
    fold_words(name).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Returns `text` folded, with its words separated by one or more spaces.
///
/// Words are split at punctuation, before a capital that follows a small letter, and where a script without spaces
/// meets ASCII letters or digits. Cost: O(n).
pub(crate) fn fold_words(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b' ') {
        return Cow::Borrowed(text);
    }
    let mut folded = String::with_capacity(text.len() + 8);
    let mut before = ' ';
    // Only accents are removed. A mark that makes another letter stays (`ポ`).
    for letter in text.nfkd().filter(|letter| !is_accent(*letter)).nfc() {
        let is_wide = |letter: char| letter >= '\u{2e80}' && letter.is_alphanumeric();
        let begins_word = (before.is_lowercase() && letter.is_uppercase())
            || (before.is_ascii_alphanumeric() && is_wide(letter))
            || (is_wide(before) && letter.is_ascii_alphanumeric());
        if begins_word {
            folded.push(' ');
        }
        // Thai writes vowels as combining marks, which belong to the word.
        if letter.is_alphanumeric() || is_combining_mark(letter) {
            folded.extend(letter.to_lowercase().flat_map(plain));
        } else {
            folded.push(' ');
        }
        before = letter;
    }
    Cow::Owned(folded)
}

/// Returns `text` in lower case, without accents, spaces and punctuation: `E-mail (Address)` and `EMAIL ADDRESS` give
/// the same result.
///
/// Letters and digits of every script stay, their marks do not. Cost: O(n).
///
/// ```
/// use onefold::contact::fold_name;
///
/// assert_eq!(fold_name("Tel\u{e9}fono m\u{f3}vil"), "telefonomovil");
/// ```
pub fn fold_name(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) {
        return Cow::Borrowed(text);
    }
    let is_letter = |letter: &char| letter.is_alphanumeric() && !is_combining_mark(*letter);
    Cow::Owned(text.nfkd().flat_map(char::to_lowercase).flat_map(plain).filter(is_letter).collect())
}

fn is_accent(letter: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&letter)
}

/// Returns the plain form of a letter with a stroke, as people type it whose keyboards lack the letter.
fn plain(letter: char) -> impl Iterator<Item = char> {
    let (first, second) = match letter {
        '\u{df}' => ('s', Some('s')),
        '\u{e6}' => ('a', Some('e')),
        '\u{153}' => ('o', Some('e')),
        '\u{fe}' => ('t', Some('h')),
        '\u{f8}' => ('o', None),
        '\u{142}' => ('l', None),
        '\u{111}' | '\u{f0}' => ('d', None),
        '\u{131}' => ('i', None),
        '\u{307}' => return [None, None].into_iter().flatten(),
        other => (other, None),
    };
    [Some(first), second].into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_accents_are_gone_and_letters_of_other_scripts_stay() {
        for (text, folded) in [
            ("J\u{fa}nior", "junior"),
            ("Ju\u{301}nior", "junior"),
            ("STRA\u{1e9e}E", "strasse"),
            ("\u{130}D", "id"),
            ("\u{141}ukasz", "lukasz"),
            // A vowel sign of Devanagari is a letter of the name.
            ("\u{930}\u{93e}\u{92e}", "\u{930}\u{93e}\u{92e}"),
            // Two Korean syllables, the first of which lacks the last letter of the second.
            ("\u{ae30}\u{ae40}", "\u{ae30}\u{ae40}"),
        ] {
            assert_eq!(fold(text), folded);
        }
    }

    #[test]
    fn the_words_of_a_field() {
        for (name, words) in [
            ("Business Postal Code", vec!["business", "postal", "code"]),
            ("mailing_street", vec!["mailing", "street"]),
            ("birthYear", vec!["birth", "year"]),
            ("Address 1 - Street", vec!["address", "1", "street"]),
            ("Stra\u{df}e gesch\u{e4}ftlich", vec!["strasse", "geschaftlich"]),
            ("--", vec![]),
            ("\u{643a}\u{5e2f}2", vec!["\u{643a}\u{5e2f}", "2"]),
        ] {
            assert_eq!(field_words(name), words);
        }
    }

    #[test]
    fn names_are_the_same_whatever_stands_between_their_words() {
        for (text, folded) in [
            ("Teléfono móvil", "telefonomovil"),
            ("E-mail 1 - Value", "email1value"),
            ("first_name", "firstname"),
            ("Straße", "strasse"),
            ("日本", "日本"),
            ("İD", "id"),
            ("", ""),
        ] {
            assert_eq!(fold_name(text), folded);
        }
    }
}
