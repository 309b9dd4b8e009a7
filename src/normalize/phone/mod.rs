//! Phone numbers as written to keys in E.164.
//!
//! The rules (`rules`, `key`) are written once over two sources of facts (`number_facts`): the tables of numbering plans
//! (`tables`), and the phone library (`library`), which reads what the tables leave open. Both give the same keys, and a process
//! that never asks the library never compiles its regular expressions. `text` cuts what stands around a number;
//! `plain_spelling` is the fast reader of what needs no cut, and `cut_spelling` reads most of the rest.

mod cut_spelling;
mod extension;
mod key;
mod library;
mod non_phone;
mod number_facts;
mod plain_spelling;
mod plan_reader;
mod rules;
mod tables;
pub(crate) mod text;

use crate::key::Reason;
use crate::normalize::outcome::{DerivedKey, Take, give, kept};
use crate::normalize::phone::number_facts::PhoneOutcome;
use crate::normalize::phone::text::PhoneText;
use crate::normalize::region::Region;

pub(crate) use key::Spellings;
pub(crate) use library::is_loaded as is_library_loaded;
pub(crate) use tables::is_in_use_anywhere;

/// The source of facts that reads a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PhoneReader {
    /// The tables of numbering plans, and the phone library where they leave a question open.
    Tables,
    /// The phone library alone.
    Library,
}

impl PhoneReader {
    #[inline]
    fn each_plain_key(self, text: &str, region: Option<Region>, spellings: Spellings, take: Take<'_>) -> PhoneOutcome {
        match self {
            Self::Tables => tables::each_key(text, region, spellings, take),
            Self::Library => None,
        }
    }

    fn each_cut_key(
        self,
        text: &str,
        region: Option<Region>,
        spellings: Spellings,
        take: Take<'_>,
    ) -> Result<(), Reason> {
        let sure = match self {
            Self::Tables => tables::each_cut_key(text, region, spellings, take),
            Self::Library => None,
        };
        sure.unwrap_or_else(|| library::each_key(text, region, spellings, take))
    }

    fn each_doubtful_key(
        self,
        cut: &str,
        whole: &str,
        region: Option<Region>,
        spellings: Spellings,
        take: Take<'_>,
    ) -> Result<(), Reason> {
        let sure = match self {
            Self::Tables => tables::each_doubtful_key(cut, whole, region, spellings, take),
            Self::Library => None,
        };
        sure.unwrap_or_else(|| library::each_doubtful_key(cut, whole, region, spellings, take))
    }

    fn each_canonical_key(self, digits: &str, spellings: Spellings, take: Take<'_>) -> Result<(), Reason> {
        let sure = match self {
            Self::Tables => tables::each_canonical_key(digits, spellings, take),
            Self::Library => None,
        };
        sure.unwrap_or_else(|| library::each_canonical_key(digits, spellings, take))
    }
}

/// Returns the keys of a number as written, the most direct one first. O(n).
pub(crate) fn keys(raw: &str, region: Option<Region>, spellings: Spellings) -> Result<Vec<DerivedKey>, Reason> {
    kept(|take| each_key(raw, region, spellings, PhoneReader::Tables, take))
}

/// Hands the same keys to `take`. The reader makes no difference but in time.
#[inline]
pub(crate) fn each_key(
    raw: &str,
    region: Option<Region>,
    spellings: Spellings,
    reader: PhoneReader,
    take: Take<'_>,
) -> Result<(), Reason> {
    match reader.each_plain_key(raw, region, spellings, take) {
        Some(sure) => sure,
        None => each_cut_key(raw, region, spellings, reader, take),
    }
}

/// Hands out the keys of a number that has something around it, or is for the library to read.
fn each_cut_key(
    raw: &str,
    region: Option<Region>,
    spellings: Spellings,
    reader: PhoneReader,
    take: Take<'_>,
) -> Result<(), Reason> {
    let text::Cut { text, label } = text::cut(raw)?;
    if label.is_plain() {
        return each_bare_key(&text, region, spellings, reader, take);
    }
    let keys = kept(|take| each_bare_key(&text, region, spellings, reader, take));
    give(label.apply(keys, text.has_plus(), region), take)
}

/// Hands out the keys of a number without anything around it.
fn each_bare_key(
    text: &PhoneText,
    region: Option<Region>,
    spellings: Spellings,
    reader: PhoneReader,
    take: Take<'_>,
) -> Result<(), Reason> {
    match text {
        PhoneText::Written(text) => reader.each_cut_key(text, region, spellings, take),
        PhoneText::Doubtful { cut, whole } => reader.each_doubtful_key(cut, whole, region, spellings, take),
        PhoneText::International(digits) => reader.each_canonical_key(digits, spellings, take),
    }
}

/// Returns true if the phone library is not asked for a value. O(n).
pub(crate) fn is_by_tables(raw: &str, region: Option<Region>) -> bool {
    let spellings = Spellings::WithVariants;
    let take: Take<'_> = &mut |_| {};
    if tables::each_key(raw, region, spellings, take).is_some() {
        return true;
    }
    let sure = match text::cut(raw).map(|cut| cut.text) {
        Ok(PhoneText::Written(text)) => tables::each_cut_key(&text, region, spellings, take),
        Ok(PhoneText::International(digits)) => tables::each_canonical_key(&digits, spellings, take),
        Ok(PhoneText::Doubtful { cut, whole }) => tables::each_doubtful_key(&cut, &whole, region, spellings, take),
        Err(reason) => Some(Err(reason)),
    };
    sure.is_some()
}

/// Returns the keys of an international number without a plus, from its digits: those of an identity or a link. O(n).
pub(crate) fn international_keys(digits: &str, spellings: Spellings) -> Result<Vec<DerivedKey>, Reason> {
    kept(|take| PhoneReader::Tables.each_canonical_key(digits, spellings, take))
}

/// Returns the keys of a number that only the region makes sense of, if it is in use. O(n).
pub(crate) fn national_keys(digits: &str, region: Region, spellings: Spellings) -> Result<Vec<DerivedKey>, Reason> {
    let by_library = |take: Take<'_>| library::each_regional_key(digits, region, spellings, take);
    kept(|take| tables::each_regional_key(digits, region, spellings, take).unwrap_or_else(|| by_library(take)))
}

/// Returns true if a number in E.164 is a mobile number in use, or one of those that may be either mobile or a land line. O(n).
pub(crate) fn is_mobile(e164: &str) -> bool {
    tables::is_in_use(e164) != Some(false) && library::is_mobile(e164)
}

/// Returns the country of a number in E.164. O(n).
pub(crate) fn country(e164: &str) -> Option<Region> {
    tables::country(e164).unwrap_or_else(|| library::country(e164))
}

/// Returns the digits of a text in ASCII, whatever script they are written in. O(n).
pub(crate) fn digits_of(text: &str) -> String {
    cut_spelling::digits_of(text).unwrap_or_else(|| library::digits_of(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::Derivation;

    fn by_library(raw: &str, region: Option<Region>, spellings: Spellings) -> Result<Vec<DerivedKey>, Reason> {
        kept(|take| each_key(raw, region, spellings, PhoneReader::Library, take))
    }

    fn texts(raw: &str, region: &str) -> Result<Vec<String>, Reason> {
        let region = (!region.is_empty()).then(|| region.parse().expect("a region"));
        let keys = by_library(raw, region, Spellings::WithVariants)?;
        Ok(keys.into_iter().map(|key| key.key.value().to_owned()).collect())
    }

    #[track_caller]
    fn assert_keys(raw: &str, region: &str, expected: &[&str]) {
        assert_eq!(texts(raw, region).as_deref(), Ok(expected.map_to_strings().as_slice()), "{raw:?} {region}");
    }

    #[track_caller]
    fn assert_reason(raw: &str, region: &str, expected: Reason) {
        assert_eq!(texts(raw, region), Err(expected), "{raw:?} {region}");
    }

    trait MapToStrings {
        fn map_to_strings(&self) -> Vec<String>;
    }

    impl MapToStrings for [&str] {
        fn map_to_strings(&self) -> Vec<String> {
            self.iter().map(|&text| text.to_owned()).collect()
        }
    }

    #[test]
    fn many_spellings_are_one_number() {
        let spellings = [
            ("+442079460958", ""),
            ("+44 (0) 20 7946-0958", ""),
            ("020 7946 0958", "GB"),
            ("0044 20 7946 0958", "GB"),
            ("011 44 20 7946 0958", "US"),
            ("442079460958", "GB"),
            ("tel:+44-20-7946-0958", ""),
            ("tel:020-7946-0958;phone-context=+44", ""),
            ("\u{ff0b}\u{ff14}\u{ff14} 20 7946 0958", ""),
            ("+\u{664}\u{664}2079460958", ""),
            ("https://wa.me/442079460958", "BR"),
            ("\u{ff0b}44 20 7946\u{30fc}0958", ""),
            ("+44 20 7946 0958 (call Ada)", ""),
            ("+44 20 7946 0958 Ada", ""),
        ];
        for (raw, region) in spellings {
            assert_keys(raw, region, &["+442079460958"]);
        }
    }

    #[test]
    fn an_extension_is_part_of_the_direct_key() {
        for raw in ["+44 20 7946 0958 ext. 123", "+442079460958;ext=123", "+442079460958x123", "+44 2079460958 #123"] {
            assert_keys(raw, "", &["+442079460958;ext=123", "+442079460958"]);
        }
        let keys = by_library("+442079460958 x7", None, Spellings::WithVariants).expect("a number");
        assert_eq!(keys[1].derivation, Derivation::WithoutExtension);
    }

    #[test]
    fn a_number_with_country_code_needs_a_possible_length_only() {
        assert_keys("+44 7700 900123", "", &["+447700900123"]);
        assert_reason("+44 20 7946", "", Reason::NotPossible);
        assert_reason("+44 20 7946 0958 77", "", Reason::NotPossible);
        assert_reason("+1 253 0000", "", Reason::NotPossible);
        assert_reason("+999 123 4567", "", Reason::NotPossible);
    }

    #[test]
    fn a_national_number_must_be_in_use_in_a_region_given() {
        assert_reason("07700 900123", "GB", Reason::NotValid);
        assert_reason("020 7946 0958", "", Reason::NoCountryCode);
        assert_reason("442079460958", "", Reason::NoCountryCode);
    }

    #[test]
    fn two_readings_are_none() {
        assert_reason("4915123456789", "DE", Reason::Ambiguous);
        assert_reason("0055 81 97264-4962", "BR", Reason::Ambiguous);
        assert_keys("015123456789", "DE", &["+4915123456789"]);
    }

    #[test]
    fn letters_are_no_digits() {
        for raw in ["1-800-FLOWERS", "+1 800 FLOWERS", "0800 DDA 005", "+49 30 1234 CALL", "+4433a67829916"] {
            assert_reason(raw, "US", Reason::HasLetters);
        }
    }

    #[test]
    fn two_numbers_in_one_value_are_none() {
        assert_reason("+1 212-555-0123/+1 212-555-0124", "", Reason::SeveralValues);
        assert_reason("+1 212-555-0123 +1 212-555-0124", "", Reason::Malformed);
        assert_reason("+43 1 2345678/2345679", "", Reason::SeveralValues);
        assert_keys("030/123456", "DE", &["+4930123456"]);
    }

    #[test]
    fn fillers_are_no_numbers() {
        for raw in ["0000000000", "123456789", "+1 234 567 8900", "555-555-5555", "+44 1234567890", "wa.me/11111111111"]
        {
            assert_reason(raw, "", Reason::Placeholder);
        }
        assert_reason("+234 567 8900", "", Reason::NotPossible);
        for raw in ["+55 11", "+55 1111", "+1 999", "+44 77"] {
            assert_reason(raw, "", Reason::NotPossible);
        }
        assert_reason("11", "BR", Reason::NotValid);
        assert_reason("9999", "", Reason::NoCountryCode);
        assert_reason("000", "BR", Reason::Placeholder);
        assert_reason("+290 22222", "", Reason::Placeholder);
        assert_keys("+55 11 99999-9999", "", &["+5511999999999"]);
    }

    #[test]
    fn variants_come_behind_the_direct_key() {
        assert_keys("+52 1 55 1234 5678", "", &["+5215512345678", "+525512345678"]);
        assert_keys("+55 11 9612-3456", "", &["+551196123456", "+5511996123456"]);
        assert_keys("+54 9 11 2345-6789", "", &["+5491123456789", "+541123456789"]);
        let as_written = by_library("+55 11 9612-3456", None, Spellings::AsWritten).expect("a number");
        assert_eq!(as_written.len(), 1);
    }

    #[test]
    fn digits_of_an_identity_are_canonical() {
        assert!(international_keys("447700900123", Spellings::AsWritten).is_ok());
        for digits in ["4407700900123", "081234567890", "", "44", "1234567890123456"] {
            assert!(international_keys(digits, Spellings::AsWritten).is_err(), "{digits}");
        }
    }

    /// The keys behind the direct one, by the tables, which answer for each of these numbers, and by the library.
    #[track_caller]
    fn assert_variant(e164: &str, expected: Option<&str>) {
        for reader in [PhoneReader::Tables, PhoneReader::Library] {
            let keys = kept(|take| each_key(e164, None, Spellings::WithVariants, reader, take)).expect("a number");
            assert_eq!(keys.get(1).map(|key| key.key.value()), expected, "{e164} {reader:?}");
        }
        assert!(is_by_tables(e164, None));
    }

    #[test]
    fn old_brazilian_mobiles_get_the_ninth_digit() {
        assert_variant("+551196123456", Some("+5511996123456"));
        assert_variant("+551166123456", Some("+5511966123456"));
        for e164 in ["+551123456789", "+551156789012", "+5511961234567", "+551132345678"] {
            assert_variant(e164, None);
        }
    }

    #[test]
    fn the_mexican_one_is_left_out_of_numbers_in_use_only() {
        assert_variant("+5215512345678", Some("+525512345678"));
        assert_variant("+5210012345678", None);
        // What is left is a filler.
        assert_variant("+5219876543210", None);
        assert_reason("+52 1 55 1234 5678 9", "", Reason::NotPossible);
    }

    #[test]
    fn the_argentine_nine_is_left_out() {
        assert_variant("+5491123456789", Some("+541123456789"));
        assert_variant("+541123456789", None);
        assert_variant("+15512345678", None);
    }
}
