//! The phone library as a source of facts: it answers for every number.

use std::sync::atomic::{AtomicBool, Ordering};

use rlibphonenumber::CountryCodeSource;
use rlibphonenumber::NumberLengthType;
use rlibphonenumber::PHONE_NUMBER_UTIL;
use rlibphonenumber::ParseError;
use rlibphonenumber::PhoneNumber;
use rlibphonenumber::PhoneNumberType;
use rlibphonenumber::PhoneNumberUtil;
use rlibphonenumber::get_national_significant_number_owned;

use crate::key::Reason;
use crate::normalize::outcome::Take;
use crate::normalize::phone::extension;
use crate::normalize::phone::key::Spellings;
use crate::normalize::phone::number_facts::{CodeOrigin, FactSource, NumberFacts, Reading, WrittenNumber};
use crate::normalize::phone::rules;
use crate::normalize::phone::text;
use crate::normalize::region::Region;

static IS_LOADED: AtomicBool = AtomicBool::new(false);

/// Returns true if this process has used the phone library, which reads its metadata and compiles regular expressions first.
pub(crate) fn is_loaded() -> bool {
    IS_LOADED.load(Ordering::Relaxed)
}

fn library() -> &'static PhoneNumberUtil {
    IS_LOADED.store(true, Ordering::Relaxed);
    &PHONE_NUMBER_UTIL
}

/// Hands the keys of a number as written to `take`. O(n).
pub(crate) fn each_key(text: &str, region: Option<Region>, spellings: Spellings, take: Take<'_>) -> Result<(), Reason> {
    answer(rules::each_key(&LibraryText::read(text, region)?, region, spellings, take))
}

/// Hands the keys of a number to `take` behind which words were cut that may have been part of it. O(n).
pub(crate) fn each_doubtful_key(
    cut: &str,
    whole: &str,
    region: Option<Region>,
    spellings: Spellings,
    take: Take<'_>,
) -> Result<(), Reason> {
    let written = LibraryText::read(cut, region).map_err(rules::reason_in_doubt)?;
    answer(rules::each_doubtful_key(&written, whole, region, spellings, take))
}

/// Hands the keys of an international number to `take`, by its digits with the country code in front. O(n).
pub(crate) fn each_canonical_key(digits: &str, spellings: Spellings, take: Take<'_>) -> Result<(), Reason> {
    answer(rules::each_canonical_key::<Library>(digits.as_bytes(), spellings, take))
}

/// Hands the keys of a number to `take` that only the region makes sense of, if it is in use. O(n).
pub(crate) fn each_regional_key(
    digits: &str,
    region: Region,
    spellings: Spellings,
    take: Take<'_>,
) -> Result<(), Reason> {
    let number = LibraryNumber::parse(digits, Some(region))?;
    answer(rules::each_regional_key::<Library>(&number, spellings, take))
}

/// Returns true if a number in E.164 is a mobile number in use, or one of those that may be either mobile or a land line.
pub(crate) fn is_mobile(e164: &str) -> bool {
    let of_type = |number| library().get_number_type(&number);
    let kind = library().parse(e164, None).map(of_type);
    matches!(kind, Ok(PhoneNumberType::Mobile | PhoneNumberType::FixedLineOrMobile))
}

/// Returns the country of a number in E.164, if it is in use there.
pub(crate) fn country(e164: &str) -> Option<Region> {
    let number = library().parse(e164, None).ok()?;
    format!("{:?}", library().get_region_for_number(&number)?).parse().ok()
}

/// Returns the digits of a text in ASCII, whatever script they are written in.
pub(crate) fn digits_of(text: &str) -> String {
    library().normalize_digits_only(text)
}

fn answer<T>(answer: Reading<T>) -> Result<T, Reason> {
    answer.expect("the phone library leaves no question open, and its numbers fit into a key")
}

/// The phone library.
pub(crate) struct Library;

impl FactSource for Library {
    type Facts<'a> = &'a LibraryNumber;
    type Space = Option<LibraryNumber>;

    fn international<'a>(digits: &'a [u8], space: &'a mut Self::Space) -> Reading<&'a LibraryNumber> {
        let text: String = std::iter::once('+').chain(digits.iter().map(|digit| char::from(*digit))).collect();
        Some(LibraryNumber::parse(&text, None).map(|number| &*space.insert(number)))
    }

    fn is_other_number(facts: &&LibraryNumber, whole: &str, region: Option<Region>) -> Option<bool> {
        LibraryNumber::parse(whole, region).map_or(Some(false), |other| rules::is_other_in_use(facts, &&other))
    }
}

/// A number as the library reads it.
pub(crate) struct LibraryNumber {
    number: PhoneNumber,
    national: String,
    has_context: bool,
}

impl LibraryNumber {
    fn parse(text: &str, region: Option<Region>) -> Result<Self, Reason> {
        // The library takes what stands between the two for the number, and would panic.
        let context = text.find(";phone-context=");
        if context.is_some_and(|context| text.find("tel:").is_some_and(|scheme| scheme > context)) {
            return Err(Reason::Malformed);
        }
        let plan = region.map(Region::plan);
        let number = library().parse_and_keep_raw_input(text, plan).map_err(|error| match error {
            ParseError::InvalidCountryCode if text.contains(text::is_plus) => Reason::NotPossible,
            ParseError::InvalidCountryCode => Reason::NoCountryCode,
            ParseError::NotANumber(_) => Reason::Malformed,
            _ => Reason::NotPossible,
        })?;
        let national = get_national_significant_number_owned(&number);
        Ok(Self { number, national, has_context: context.is_some() })
    }

    fn e164(&self) -> String {
        format!("+{}{}", self.number.country_code, self.national)
    }

    fn is_valid(&self) -> bool {
        library().is_valid_number(&self.number)
    }

    fn is_read_as_itself(&self) -> bool {
        let text = self.e164();
        Self::parse(&text, None).is_ok_and(|again| again.e164() == text)
    }
}

impl NumberFacts for &LibraryNumber {
    fn country_code(&self) -> u16 {
        u16::try_from(self.number.country_code).expect("a country code has at most three digits")
    }

    fn code_origin(&self) -> CodeOrigin {
        match self.number.country_code_source() {
            CountryCodeSource::FromNumberWithPlusSign if self.has_context => CodeOrigin::Context,
            CountryCodeSource::FromNumberWithPlusSign => CodeOrigin::Plus,
            CountryCodeSource::FromNumberWithIdd => CodeOrigin::Prefix,
            CountryCodeSource::FromDefaultCountry => CodeOrigin::Region,
            _ => CodeOrigin::Digits,
        }
    }

    fn national(&self) -> &[u8] {
        self.national.as_bytes()
    }

    fn has_possible_length(&self) -> bool {
        let length = library().is_possible_number_with_reason(&self.number);
        matches!(length, Ok(NumberLengthType::IsPossible))
    }

    fn is_in_use(&self) -> Option<bool> {
        Some(self.is_valid())
    }

    fn is_in_use_or_read_as_itself(&self) -> Option<bool> {
        Some(self.is_valid() || self.is_read_as_itself())
    }
}

/// A text as the library reads it.
struct LibraryText<'a> {
    number: Result<LibraryNumber, Reason>,
    /// The text without its extension and without the parameters of RFC 3966.
    main: &'a str,
    digits: String,
    extension: String,
}

impl<'a> LibraryText<'a> {
    /// Reads a text in which nothing stands around the number. Letters in it would be read as digits of a keypad, and are
    /// refused.
    fn read(text: &'a str, region: Option<Region>) -> Result<Self, Reason> {
        let number = LibraryNumber::parse(text, region);
        let extension = number.as_ref().ok().and_then(|number| number.number.extension.as_deref());
        let main = extension::main_part(text, extension);
        if main.contains(text::is_letter) {
            return Err(Reason::HasLetters);
        }
        let extension = extension.map(digits_of).unwrap_or_default();
        Ok(Self { number, main, digits: digits_of(main), extension })
    }
}

impl WrittenNumber for LibraryText<'_> {
    type Source = Library;

    fn has_plus(&self) -> bool {
        self.main.starts_with(text::is_plus)
    }

    fn digits(&self) -> &[u8] {
        self.digits.as_bytes()
    }

    fn extension(&self) -> &str {
        &self.extension
    }

    fn read<'a>(&'a self, _: Option<Region>, _: &'a mut Option<LibraryNumber>) -> Reading<&'a LibraryNumber> {
        Some(self.number.as_ref().map_err(|reason| *reason))
    }

    /// The library reads a slash as mere punctuation, so it would join two numbers.
    fn begins_with_number_in_use(&self, region: Option<Region>) -> Option<bool> {
        let first = self.main.split(['/', '\\', '|']).next().unwrap_or_default();
        let is_in_use = || LibraryNumber::parse(first, region).is_ok_and(|number| number.is_valid());
        Some(first.len() < self.main.len() && is_in_use())
    }

    fn refusal(&self, reason: Reason, _: Option<Region>) -> Option<Reason> {
        Some(reason)
    }

    fn written_key(&self, _: &&LibraryNumber) -> Option<&str> {
        None
    }
}
