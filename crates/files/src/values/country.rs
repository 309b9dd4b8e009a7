//! ISO 3166-1 codes of countries, by the names that people write.

use std::collections::HashMap;
use std::sync::LazyLock;

use onefold::contact::fold_name;
use onefold::{Contact, Field, Value};

// Made by `data/make_countries.py` from the Unicode CLDR (licence: Unicode-3.0).
static COUNTRIES: &str = include_str!("../../data/countries.tsv");

static CODES: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    COUNTRIES.lines().filter_map(|line| line.split_once('\t')).map(|(code, name)| (name, code)).collect()
});

/// Returns the ISO 3166-1 alpha-2 code of a country (and `XK` of Kosovo), from its alpha-2 or alpha-3 code, its
/// name in English, Portuguese, Spanish, German, French, Italian or one of its own languages, or a
/// common other name. Ignores case, accents, spaces and punctuation. Returns `None` for an unknown name and for one that two
/// countries share. O(n).
///
/// ```
/// use onefold_files::country;
///
/// assert_eq!(country::code("United States of America"), Some("US"));
/// assert_eq!(country::code("México"), Some("MX"));
/// assert_eq!(country::code("somewhere"), None);
/// ```
pub fn code(text: &str) -> Option<&'static str> {
    CODES.get(&*fold_name(text)).copied()
}

/// Returns the contact with its country as a code, which a normaliser can read. An unknown country stays as it is.
pub fn with_code<Id>(mut contact: Contact<Id>) -> Contact<Id> {
    if let Some(code) = contact.country().and_then(code) {
        contact.fields.insert(Field::Country, Value::from(code));
    }
    contact
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_names_and_other_names_are_known() {
        for (text, expected) in [
            ("br", "BR"),
            ("BRA", "BR"),
            ("Brasil", "BR"),
            ("Brazil", "BR"),
            ("  Deutschland ", "DE"),
            ("ALLEMAGNE", "DE"),
            ("Vereinigte Staaten", "US"),
            ("U.S.A.", "US"),
            ("EE. UU.", "US"),
            ("UK", "GB"),
            ("Reino Unido", "GB"),
            ("Großbritannien", "GB"),
            ("España", "ES"),
            ("Côte d’Ivoire", "CI"),
            ("日本", "JP"),
            ("대한민국", "KR"),
            ("Россия", "RU"),
            ("Türkiye", "TR"),
            ("Svizzera", "CH"),
            ("Kosovo", "XK"),
        ] {
            assert_eq!(code(text), Some(expected), "{text}");
        }
        for text in ["", "-", "ZZ", "EU", "+55", "Springfield"] {
            assert_eq!(code(text), None, "{text}");
        }
    }

    #[test]
    fn every_line_is_a_code_and_a_folded_name_and_no_name_comes_twice() {
        let mut lines = 0;
        for line in COUNTRIES.lines() {
            let (code, name) = line.split_once('\t').expect("two cells");
            assert!(code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase()), "{line}");
            assert_eq!(fold_name(name), name, "{line}");
            lines += 1;
        }
        assert_eq!(CODES.len(), lines);
    }
}
