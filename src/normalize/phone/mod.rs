//! Phone numbers to E.164.
//!
//! The phone library reads the number; this module decides when its reading is sure enough for a key. A
//! number with its country code needs a length that is possible there, since metadata lags behind real
//! numbering plans and the same text is the same number. A number whose country comes from the region given
//! must be in use there, since a wrong guess makes a wrong number.

pub(crate) mod by_plan;
mod extension;
pub(crate) mod library;
mod non_phone;
mod numbering_plan;
mod plain_spelling;
mod plan_reader;
pub(crate) mod text;
pub(crate) mod variants;

use rlibphonenumber::CountryCodeSource;
use rlibphonenumber::PHONE_NUMBER_UTIL;
use rlibphonenumber::PhoneNumberType;

use crate::key::Reason;
use crate::normalize::outcome::{Take, give, kept};
use crate::normalize::phone::library::{LibraryReading, digits_of};
use crate::normalize::phone::text::PhoneText;
use crate::normalize::phone::variants::Spellings;
use crate::normalize::placeholder;
use crate::normalize::{DerivedKey, Region};

/// The greatest number of digits in E.164.
const MAX_DIGITS: usize = 15;

/// Who reads numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PhoneReader {
    /// The tables of numbering plans where they are sure, and else the phone library.
    Tables,
    /// The phone library alone.
    Library,
}

impl PhoneReader {
    #[inline]
    fn each_plain_key(
        self,
        text: &str,
        region: Option<Region>,
        spellings: Spellings,
        take: Take<'_>,
    ) -> by_plan::PlanAnswer {
        match self {
            Self::Tables => by_plan::each_key(text, region, spellings, take),
            Self::Library => None,
        }
    }
}

/// The keys of a number as written, the most direct one first.
pub(super) fn keys(raw: &str, region: Option<Region>, spellings: Spellings) -> Result<Vec<DerivedKey>, Reason> {
    kept(|take| each_key(raw, region, spellings, PhoneReader::Tables, take))
}

/// Hands the same keys to `take`. The reader makes no difference but in time.
#[inline]
pub(super) fn each_key(
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

/// The keys of a number that has something around it, or is for the library to read.
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

/// The keys of a number without anything around it.
fn each_bare_key(
    text: &PhoneText,
    region: Option<Region>,
    spellings: Spellings,
    reader: PhoneReader,
    take: Take<'_>,
) -> Result<(), Reason> {
    match text {
        // What is left may be plain, and nothing more would be cut from it.
        PhoneText::Written(text) => match reader.each_plain_key(text, region, spellings, take) {
            Some(sure) => sure?,
            None => read(text, region)?.each_key(spellings, take),
        },
        PhoneText::Doubtful { cut, whole } => read_doubtful(cut, whole, region)?.each_key(spellings, take),
        PhoneText::International(digits) => each_canonical_key(digits, spellings, reader, take)?,
    }
    Ok(())
}

/// Whether the phone library is not asked for a value.
pub(super) fn is_by_tables(raw: &str, region: Option<Region>) -> bool {
    let is_sure = |text: &str| by_plan::each_key(text, region, Spellings::WithVariants, &mut |_| {}).is_some();
    is_sure(raw)
        || match text::cut(raw).map(|cut| cut.text) {
            Ok(PhoneText::Written(text)) => is_sure(&text),
            Ok(PhoneText::International(digits)) => {
                by_plan::each_canonical_key(&digits, Spellings::WithVariants, &mut |_| {}).is_some()
            }
            Ok(PhoneText::Doubtful { .. }) => false,
            Err(_) => true,
        }
}

/// The keys of an international number without a plus, from its digits: those of an identity or a link.
pub(super) fn international_keys(digits: &str, spellings: Spellings) -> Result<Vec<DerivedKey>, Reason> {
    kept(|take| each_canonical_key(digits, spellings, PhoneReader::Tables, take))
}

fn each_canonical_key(digits: &str, spellings: Spellings, reader: PhoneReader, take: Take<'_>) -> Result<(), Reason> {
    let sure = match reader {
        PhoneReader::Tables => by_plan::each_canonical_key(digits, spellings, take),
        PhoneReader::Library => None,
    };
    match sure {
        Some(sure) => sure,
        None => {
            read_international(digits)?.each_key(spellings, take);
            Ok(())
        }
    }
}

/// The keys of a number that only the region makes sense of, if it is in use.
pub(super) fn national_keys(digits: &str, region: Region, spellings: Spellings) -> Result<Vec<DerivedKey>, Reason> {
    let reading = LibraryReading::parse(digits, Some(region))?;
    reading.check_filler()?;
    if reading.is_in_use() {
        let reading = reading.check_one_digit()?;
        kept(|take| {
            reading.each_key(spellings, take);
            Ok(())
        })
    } else {
        Err(Reason::NotValid)
    }
}

/// Whether a number in E.164 is a mobile number in use, or one of those that may be either mobile or a land line.
pub(super) fn is_mobile(e164: &str) -> bool {
    let of_type = |number| PHONE_NUMBER_UTIL.get_number_type(&number);
    let kind = PHONE_NUMBER_UTIL.parse(e164, None).map(of_type);
    matches!(kind, Ok(PhoneNumberType::Mobile | PhoneNumberType::FixedLineOrMobile))
}

/// The country of a number in E.164, if it is in use there.
pub(super) fn country(e164: &str) -> Option<Region> {
    let number = PHONE_NUMBER_UTIL.parse(e164, None).ok()?;
    format!("{:?}", PHONE_NUMBER_UTIL.get_region_for_number(&number)?).parse().ok()
}

fn read(text: &str, region: Option<Region>) -> Result<LibraryReading, Reason> {
    let parsed = LibraryReading::parse(text, region);
    let extension = parsed.as_ref().ok().and_then(|reading| reading.number.extension.as_deref());
    let main = extension::main_part(text, extension);
    if main.contains(text::is_letter) {
        return Err(Reason::HasLetters);
    }
    let digits = digits_of(main);
    // With a plus the first digits are a country code and no part of the national number.
    let is_national = !digits.is_empty() && !main.starts_with(text::is_plus);
    if is_national && placeholder::is_filler_number(&digits) {
        return Err(Reason::Placeholder);
    }
    check_one_number(main, region)?;
    let reading = parsed?;
    reading.check_filler()?;
    if reading.number.country_code.unsigned_abs().to_string().len() + reading.national.len() > MAX_DIGITS {
        return Err(Reason::NotPossible);
    }
    let has_context = text.contains(";phone-context=");
    match reading.number.country_code_source() {
        CountryCodeSource::FromNumberWithPlusSign if !has_context => {
            if reading.is_possible() {
                reading.check_one_digit()
            } else {
                Err(Reason::NotPossible)
            }
        }
        _ if !reading.is_in_use() => Err(Reason::NotValid),
        CountryCodeSource::FromNumberWithPlusSign => reading.check_one_digit(),
        _ if has_other_reading(&reading, &digits) => Err(Reason::Ambiguous),
        _ => reading.check_one_digit(),
    }
}

/// What was cut may have been a part of the number, as in `1-800-FLOWERS`: what is left must be in use, and
/// must be the only reading that is.
fn read_doubtful(cut: &str, whole: &str, region: Option<Region>) -> Result<LibraryReading, Reason> {
    let reading = read(cut, region).map_err(|reason| match reason {
        Reason::NotPossible | Reason::NotValid | Reason::Malformed => Reason::HasLetters,
        reason => reason,
    })?;
    let is_other = |other: LibraryReading| other.is_in_use() && other.e164() != reading.e164();
    if reading.is_in_use() && !LibraryReading::parse(whole, region).is_ok_and(is_other) {
        Ok(reading)
    } else {
        Err(Reason::HasLetters)
    }
}

/// Digits with the country code in front, as identities and links have them, are canonical already: where
/// the library would cut a trunk prefix out of them, they are no number.
fn read_international(digits: &str) -> Result<LibraryReading, Reason> {
    if digits.len() > MAX_DIGITS {
        return Err(Reason::NotPossible);
    }
    if !digits.is_empty() && placeholder::is_filler_number(digits) {
        return Err(Reason::Placeholder);
    }
    let text = format!("+{digits}");
    let reading = LibraryReading::parse(&text, None)?;
    reading.check_filler()?;
    if reading.e164() == text && reading.is_possible() { reading.check_one_digit() } else { Err(Reason::NotPossible) }
}

/// Whether the digits could as well be read from the plus on, and would be another number: `0055...` where
/// the region takes `00` for something else, or `49...` in Germany, where long national numbers start so too.
fn has_other_reading(reading: &LibraryReading, digits: &str) -> bool {
    let code = reading.number.country_code.to_string();
    let other = match (digits.strip_prefix("00"), reading.number.country_code_source()) {
        (Some(rest), _) => rest,
        (None, CountryCodeSource::FromDefaultCountry) if digits.starts_with(&code) => digits,
        _ => return false,
    };
    let is_other = |other: LibraryReading| other.is_in_use() && other.e164() != reading.e164();
    LibraryReading::parse(&format!("+{other}"), None).is_ok_and(is_other)
}

/// Two numbers in one text are no number. The library reads a slash as mere punctuation, so it would join
/// the two.
fn check_one_number(main: &str, region: Option<Region>) -> Result<(), Reason> {
    let first = main.split(['/', '\\', '|']).next().unwrap_or_default();
    let is_two =
        first.len() < main.len() && LibraryReading::parse(first, region).is_ok_and(|reading| reading.is_in_use());
    if is_two { Err(Reason::SeveralValues) } else { Ok(()) }
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
}
