//! A phone number as the phone library reads it.

use rlibphonenumber::NumberLengthType;
use rlibphonenumber::PHONE_NUMBER_UTIL;
use rlibphonenumber::ParseError;
use rlibphonenumber::PhoneNumber;
use rlibphonenumber::get_national_significant_number_owned;

use crate::key::{Derivation, Reason};
use crate::normalize::outcome::{LentKey, Take};
use crate::normalize::phone::text;
use crate::normalize::phone::variants::{self, Spellings};
use crate::normalize::{Region, placeholder};

/// A number as the library reads it.
pub(crate) struct LibraryReading {
    pub(crate) number: PhoneNumber,
    pub(crate) national: String,
}

impl LibraryReading {
    pub(crate) fn parse(text: &str, region: Option<Region>) -> Result<Self, Reason> {
        // The library takes what stands between the two for the number, and would panic.
        let context = text.find(";phone-context=");
        if context.is_some_and(|context| text.find("tel:").is_some_and(|scheme| scheme > context)) {
            return Err(Reason::Malformed);
        }
        let plan = region.map(Region::plan);
        let number = PHONE_NUMBER_UTIL.parse_and_keep_raw_input(text, plan).map_err(|error| match error {
            ParseError::InvalidCountryCode if text.contains(text::is_plus) => Reason::NotPossible,
            ParseError::InvalidCountryCode => Reason::NoCountryCode,
            ParseError::NotANumber(_) => Reason::Malformed,
            _ => Reason::NotPossible,
        })?;
        let national = get_national_significant_number_owned(&number);
        Ok(Self { number, national })
    }

    pub(crate) fn e164(&self) -> String {
        format!("+{}{}", self.number.country_code, self.national)
    }

    pub(crate) fn is_in_use(&self) -> bool {
        PHONE_NUMBER_UTIL.is_valid_number(&self.number)
    }

    /// Whether the country has numbers of this length, and the number in E.164 is read as itself again: a
    /// trunk prefix left in it would be cut by the next reader.
    pub(crate) fn is_possible(&self) -> bool {
        let length = PHONE_NUMBER_UTIL.is_possible_number_with_reason(&self.number);
        let has_length = matches!(length, Ok(NumberLengthType::IsPossible))
            || variants::has_mexican_one(self.number.country_code, &self.national);
        has_length && (self.is_in_use() || is_read_as_itself(&self.e164()))
    }

    pub(crate) fn check_filler(&self) -> Result<(), Reason> {
        if placeholder::is_filler_number(&self.national) { Err(Reason::Placeholder) } else { Ok(()) }
    }

    /// A number as short as its country has them, all of whose digits are the same, is a filler too.
    pub(crate) fn check_one_digit(self) -> Result<Self, Reason> {
        if placeholder::is_one_digit(self.national.as_bytes()) { Err(Reason::Placeholder) } else { Ok(self) }
    }

    /// The direct key comes first; a number with an extension has no variants, since those are about mobiles.
    pub(crate) fn each_key(&self, spellings: Spellings, take: Take<'_>) {
        let text = self.e164();
        match self.number.extension.as_deref().map(digits_of).filter(|extension| !extension.is_empty()) {
            Some(extension) => {
                take(LentKey::phone(&format!("{text};ext={extension}"), Derivation::Direct));
                take(LentKey::phone(&text, Derivation::WithoutExtension));
            }
            None => {
                take(LentKey::phone(&text, Derivation::Direct));
                if spellings == Spellings::WithVariants
                    && let Some((derivation, text)) = variants::variant(self.number.country_code, &self.national)
                {
                    take(LentKey::phone(&text, derivation));
                }
            }
        }
    }
}

/// The digits of a text in ASCII, whatever script they are written in.
pub(crate) fn digits_of(text: &str) -> String {
    PHONE_NUMBER_UTIL.normalize_digits_only(text)
}

fn is_read_as_itself(text: &str) -> bool {
    LibraryReading::parse(text, None).is_ok_and(|again| again.e164() == *text)
}
