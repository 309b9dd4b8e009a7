//! ISO 3166-1 codes of countries, by the names that people write.

use onefold::normalize::country_code;
use onefold::{Contact, Field, Value};

/// Returns the ISO 3166-1 alpha-2 code of a country (and `XK` of Kosovo), from its alpha-2 or alpha-3 code, its
/// name in English, Portuguese, Spanish, German, French, Italian or one of its own languages, or a
/// common other name. Case, accents, spaces and punctuation make no difference. Returns `None` for a name that two
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
    country_code(text)
}

/// Returns the contact with the code of its country in place of the name, as a normaliser reads it. A contact whose country is
/// not known stays as it is.
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
}
