//! From the names of countries, as people write them, to their ISO 3166-1 codes.
//!
//! `countries.tsv` has them all, for whoever reads a text that is a country (`code_of`) and for labels beside phone numbers
//! (`by_alpha_3`, `named_in`), which know only the names that stand there often: in a label `and` is no code of Andorra.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::contact::fold_name;

// Made by `make_countries.py` beside it from the Unicode CLDR (licence: Unicode-3.0), which says what the cells are.
static COUNTRIES: &str = include_str!("countries.tsv");

/// The codes by folded names.
static CODES: LazyLock<HashMap<&str, &str>> =
    LazyLock::new(|| rows().filter(|row| !row.name.is_empty()).map(|row| (row.name, row.code)).collect());

/// The alpha-2 codes by the alpha-3 codes that labels have.
static ALPHA_3: LazyLock<HashMap<&str, &str>> =
    LazyLock::new(|| labels().filter(|(label, _)| is_code(label)).collect());

/// The names that labels have, in folded words, with their codes.
static LABELS: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| labels().filter(|(label, _)| !is_code(label)).collect());

/// A line of the table.
struct CountryRow {
    code: &'static str,
    /// A folded name; empty where only a label has it.
    name: &'static str,
    /// What stands for the country in a label, with semicolons between.
    labels: &'static str,
}

fn rows() -> impl Iterator<Item = CountryRow> {
    COUNTRIES.lines().filter_map(|line| {
        let mut cells = line.split('\t');
        Some(CountryRow { code: cells.next()?, name: cells.next()?, labels: cells.next()? })
    })
}

fn labels() -> impl Iterator<Item = (&'static str, &'static str)> {
    let labels = rows().flat_map(|row| row.labels.split(';').map(move |label| (label, row.code)));
    labels.filter(|(label, _)| !label.is_empty())
}

fn is_code(label: &str) -> bool {
    label.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Returns the ISO 3166-1 alpha-2 code of a country (and `XK` of Kosovo), from its alpha-2 or alpha-3 code, its name in
/// English, Portuguese, Spanish, German, French, Italian or one of its own languages, or a common other name. Case, accents,
/// spaces and punctuation make no difference. Returns `None` for a name that two countries share. O(n).
pub fn code_of(text: &str) -> Option<&'static str> {
    CODES.get(&*fold_name(text)).copied()
}

/// Returns the alpha-2 code of a country by its alpha-3 code in capitals. Codes that are words of labels themselves (`COM`,
/// `DOM`, `AND`) are none. O(1).
pub(crate) fn by_alpha_3(code: &str) -> Option<&'static str> {
    ALPHA_3.get(code).copied()
}

/// Returns the alpha-2 codes of the countries that the words of a folded label name. O(n).
pub(crate) fn named_in(folded: &str) -> impl Iterator<Item = &'static str> {
    let padded = format!(" {} ", folded.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "));
    LABELS.iter().filter(move |(name, _)| padded.contains(&format!(" {name} "))).map(|(_, code)| *code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contact::fold_words;
    use crate::normalize::region::Region;

    #[test]
    fn every_line_is_a_code_and_a_folded_name_and_no_name_comes_twice() {
        let named: Vec<CountryRow> = rows().filter(|row| !row.name.is_empty()).collect();
        assert_eq!((rows().count(), CODES.len()), (COUNTRIES.lines().count(), named.len()));
        for row in rows() {
            assert!(row.code.len() == 2 && is_code(row.code), "{}", row.code);
            assert_eq!(fold_name(row.name), row.name);
        }
    }

    #[test]
    fn every_label_is_a_country_with_a_numbering_plan() {
        for (label, code) in labels() {
            assert!(code.parse::<Region>().is_ok(), "{label}");
            assert!(if is_code(label) { label.len() == 3 } else { fold_words(label) == label }, "{label}");
        }
        assert_eq!((ALPHA_3.len(), LABELS.len()), (240, 127));
        assert_eq!((by_alpha_3("USA"), by_alpha_3("GBR"), by_alpha_3("COM")), (Some("US"), Some("GB"), None));
        assert_eq!(named_in("tel estados  unidos").collect::<Vec<_>>(), ["US"]);
    }
}
