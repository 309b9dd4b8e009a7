//! The words around a phone number, which may name its owner and its country.

mod subdivisions;

use crate::contact::fold_words;
use crate::field_names::role::ValueRole;
use crate::field_names::role::label_words::LABELS;
use crate::key::Reason;
use crate::normalize::country;
use crate::normalize::outcome::{DerivedKey, in_role};
use crate::normalize::region::Region;

/// The words before and after a phone number.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Label {
    pub(super) role: ValueRole,
    /// The countries that the label names. `(US)`, `USA:`, a flag and `Brasil` name one; `(home)`, `cel` and `WA` do
    /// not.
    countries: Vec<NamedCountry>,
}

/// A country named by a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct NamedCountry {
    country: Region,
    /// True if the label names it by a code of two letters, which may also be the code of a state.
    by_short_code: bool,
}

/// Codes of countries that are also words in labels: `TEL DE CASA`, `NO. 5`.
const CODES_AND_WORDS: [&str; 7] = ["AT", "DA", "DE", "DO", "EM", "IN", "NO"];

impl Label {
    pub(super) const NONE: Self = Self { role: ValueRole::Personal, countries: Vec::new() };

    /// Reads the text before and after a phone number. Cost: O(n).
    pub(super) fn of(before: &str, behind: &str) -> Self {
        let says_something = |text: &str| text.contains(|c: char| c.is_alphabetic() || is_flag_half(c));
        let mut label = Self::NONE;
        for text in [before, behind].into_iter().filter(|text| says_something(text)) {
            label.role = label.role.max(ValueRole::of_label(text));
            label.countries.extend(countries(text));
        }
        label
    }

    /// Returns true if every word of the text names a country or is a common label, or if the text contains the name of
    /// a country.
    pub(super) fn is_of_countries(text: &str) -> bool {
        let is_known = |word: &str| is_usual(word) || country(word).is_some();
        let is_name = || country::named_in(&fold_words(text)).next().is_some();
        words(text).all(|word| is_known(&word)) || is_name()
    }

    /// Returns the keys of a phone number under the label. A number with a plus has a country code, so the label's
    /// countries do not count. The code of a state of `region` names no country.
    ///
    /// # Errors
    /// - The reason in `keys`.
    /// - [`Reason::OtherCountry`] if the label names a country other than the number's.
    /// - [`Reason::FaxOrPager`] if the label is one of a machine.
    pub(super) fn apply(
        &self,
        keys: Result<Vec<DerivedKey>, Reason>,
        has_plus: bool,
        region: Option<Region>,
    ) -> Result<Vec<DerivedKey>, Reason> {
        let keys = keys?;
        let number = keys.first().map_or("", |key| key.key.value()).trim_start_matches('+');
        let is_state = |named: &NamedCountry| {
            named.by_short_code && region.is_some_and(|region| subdivisions::has(region, named.country.code()))
        };
        let is_of = |named: &NamedCountry| {
            number.starts_with(named.country.calling_code().to_string().as_str()) || is_state(named)
        };
        if has_plus || self.countries.iter().all(is_of) {
            in_role(self.role, Ok(keys))
        } else {
            Err(Reason::OtherCountry)
        }
    }

    /// Returns true if the label does not change the keys.
    pub(super) fn is_plain(&self) -> bool {
        *self == Self::NONE
    }
}

/// Returns the countries that a text names.
fn countries(text: &str) -> impl Iterator<Item = NamedCountry> {
    let words: Vec<String> = words(text).collect();
    // In `MR SMITH` no word names a country: other words in upper case make the whole text a name.
    let is_loud = |word: &String| word.chars().count() > 1 && word.chars().all(char::is_uppercase);
    let is_name = words.iter().any(|word| is_loud(word) && !is_usual(word) && country(word).is_none());
    let by_code = words.into_iter().filter_map(move |word| {
        let is_word = CODES_AND_WORDS.contains(&&*word) && !stands_alone(&word, text);
        let is_meant = word.len() > 2 || !(is_name || is_word);
        let country = country(&word).filter(|_| is_meant)?;
        Some(NamedCountry { country, by_short_code: word.len() == 2 })
    });
    let folded = fold_words(text).into_owned();
    let by_name: Vec<Region> = country::named_in(&folded).filter_map(|code| code.parse().ok()).collect();
    let by_name = by_name.into_iter().map(|country| NamedCountry { country, by_short_code: false });
    by_code.chain(by_name)
}

/// Returns true if a word stands alone in brackets or before a colon.
fn stands_alone(word: &str, text: &str) -> bool {
    let in_brackets = |rest: &str| rest.split([')', ']']).next().is_some_and(|inside| inside.trim() == word);
    let before_colon = text.split_once(':').is_some_and(|(before, _)| before.trim() == word);
    before_colon || text.split(['(', '[']).skip(1).any(in_brackets)
}

/// Returns the country of an upper-case code or a flag.
fn country(word: &str) -> Option<Region> {
    let flag: Option<String> =
        word.chars().map(|c| char::from_u32(u32::from(c).checked_sub(0x1f1e6)? + u32::from('A'))).collect();
    if let Some(code) = flag.filter(|code| code.len() == 2) {
        return code.parse().ok();
    }
    if !word.bytes().all(|byte| byte.is_ascii_uppercase()) || is_usual(word) {
        return None;
    }
    match word.len() {
        2 if word == "UK" => "GB".parse().ok(),
        2 => word.parse().ok(),
        3 => country::by_alpha_3(word)?.parse().ok(),
        _ => None,
    }
}

/// Returns the words of a label. `U.S.A.` is one word, and so is a flag.
fn words(text: &str) -> impl Iterator<Item = String> {
    let is_end = |c: char| !(c.is_alphabetic() || c == '.' || is_flag_half(c));
    let word = |word: &str| word.chars().filter(|c| *c != '.').collect::<String>();
    text.split(is_end).map(word).filter(|word| !word.is_empty())
}

fn is_usual(word: &str) -> bool {
    LABELS.contains(&word.to_lowercase().as_str())
}

/// Returns true if a character is a regional indicator, two of which form a flag.
pub(super) fn is_flag_half(c: char) -> bool {
    matches!(c, '\u{1f1e6}'..='\u{1f1ff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(text: &str) -> Vec<String> {
        countries(text).map(|named| named.country.code().to_owned()).collect()
    }

    #[test]
    fn countries_are_named_by_codes_names_and_flags() {
        for (text, code) in [
            ("(US) ", "US"),
            ("US: ", "US"),
            ("[US]", "US"),
            ("USA", "US"),
            ("usa", "US"),
            ("(U.S.) ", "US"),
            ("U.S.A.", "US"),
            ("UK ", "GB"),
            ("DEU", "DE"),
            ("Brasil:", "BR"),
            ("Estados Unidos", "US"),
            ("cel (BR)", "BR"),
            ("US mobile", "US"),
            ("\u{1f1fa}\u{1f1f8} ", "US"),
            ("(NO)", "NO"),
        ] {
            assert!(named(text).contains(&code.to_owned()), "{text} {:?}", named(text));
        }
        for text in [
            "(home)",
            "(WhatsApp)",
            "(cel)",
            "WA",
            "Tel.:",
            "dom",
            "DOM:",
            "Com: ",
            "COM ",
            "MR SMITH",
            "us",
            "to",
            "NO. ",
            "TEL DE CASA ",
            "TEL DO TRABALHO ",
            "PRO",
        ] {
            assert_eq!(named(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn a_label_says_whose_a_number_is() {
        assert_eq!(Label::of("Fax: ", "").role, ValueRole::Unreachable);
        assert_eq!(Label::of("Tel. ", " (main)").role, ValueRole::Shared);
        assert!(Label::of("Tel. ", " (home)").is_plain());
    }
}
