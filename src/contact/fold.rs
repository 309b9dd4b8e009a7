//! Text without case and accents, for names of fields and of people.

use unicode_normalization::UnicodeNormalization;

/// `text` in lower case and without the accents of European scripts. Signs of other scripts stay, since they are letters
/// there. O(n).
pub(crate) fn fold(text: &str) -> String {
    // Composed again at the end: a decomposed Korean syllable would begin with another one.
    text.nfkd().filter(|letter| !is_accent(*letter)).flat_map(char::to_lowercase).flat_map(plain).nfc().collect()
}

/// The words of a field's name, folded: `Business Postal Code`, `mailing_street` and `birthYear` have two or three. O(n).
pub(crate) fn field_words(name: &str) -> Vec<String> {
    let mut spaced = String::with_capacity(name.len() + 4);
    let mut after_lower = false;
    for letter in name.chars() {
        if after_lower && letter.is_uppercase() {
            spaced.push(' ');
        }
        after_lower = letter.is_lowercase();
        spaced.push(letter);
    }
    let words = spaced.split(|letter: char| !letter.is_alphanumeric() && !is_accent(letter));
    words.map(fold).filter(|word| !word.is_empty()).collect()
}

fn is_accent(letter: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&letter)
}

/// A letter without its stroke: what people type who do not have it.
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
            // Two syllables of Korean, the first without the last letter of the second.
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
        ] {
            assert_eq!(field_words(name), words);
        }
    }
}
