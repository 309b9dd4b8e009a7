//! Other spellings of the same phone number, by the rules of its country.
//!
//! A variant leads in one direction only, from the old or longer spelling to the one in use today, so that
//! two spellings meet in one key and a number in today's spelling has that one key.

use rlibphonenumber::{PHONE_NUMBER_UTIL, get_national_significant_number_owned};

use crate::key::Derivation;
use crate::normalize::placeholder;

/// Whether a number also gets the keys of its other spellings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spellings {
    AsWritten,
    WithVariants,
}

pub(crate) const BRAZIL: i32 = 55;
pub(crate) const MEXICO: i32 = 52;
pub(crate) const ARGENTINA: i32 = 54;

/// The other spelling of a number in E.164, if its country has one: a national number of `calling_code`
/// by its digits.
pub(crate) fn variant(calling_code: i32, national: &str) -> Option<(Derivation, String)> {
    let (derivation, text) = match calling_code {
        BRAZIL => (Derivation::BrazilNinthDigit, with_ninth_digit(national)?),
        MEXICO => (Derivation::MexicoMobileOne, without_mobile_one(national)?),
        ARGENTINA => (Derivation::ArgentinaMobileNine, without_mobile_nine(national)?),
        _ => return None,
    };
    is_given(&text).then_some((derivation, text))
}

/// Whether it is a number with the `1` behind `+52` that Mexico gave up in 2019: no length is possible
/// with it, yet many systems still write it.
pub(crate) fn has_mexican_one(calling_code: i32, national: &str) -> bool {
    calling_code == MEXICO && without_mobile_one(national).is_some()
}

fn with_ninth_digit(national: &str) -> Option<String> {
    let (area, subscriber) = national.split_at_checked(2)?;
    let is_mobile = subscriber.len() == 8 && subscriber.starts_with(['6', '7', '8', '9']);
    is_mobile.then(|| format!("+{BRAZIL}{area}9{subscriber}"))
}

fn without_mobile_one(national: &str) -> Option<String> {
    let rest = national.strip_prefix('1')?;
    (rest.len() == 10).then(|| format!("+{MEXICO}{rest}"))
}

fn without_mobile_nine(national: &str) -> Option<String> {
    let rest = national.strip_prefix('9')?;
    (rest.len() == 10).then(|| format!("+{ARGENTINA}{rest}"))
}

/// Whether it is a number in use, and none that people type as a filler: such a text gives no key by itself either.
fn is_given(text: &str) -> bool {
    PHONE_NUMBER_UTIL.parse(text, None).is_ok_and(|number| {
        let national = get_national_significant_number_owned(&number);
        PHONE_NUMBER_UTIL.is_valid_number(&number) && !placeholder::is_filler_number(&national)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_variant(calling_code: i32, national: &str, expected: Option<&str>) {
        assert_eq!(variant(calling_code, national).map(|(_, text)| text).as_deref(), expected);
    }

    #[test]
    fn old_brazilian_mobiles_get_the_ninth_digit() {
        assert_variant(BRAZIL, "1196123456", Some("+5511996123456"));
        assert_variant(BRAZIL, "1166123456", Some("+5511966123456"));
    }

    #[test]
    fn brazilian_land_lines_and_new_mobiles_stay() {
        for national in ["1123456789", "1156789012", "11961234567", "1132345678", "0096123456", "119"] {
            assert_variant(BRAZIL, national, None);
        }
    }

    #[test]
    fn the_mexican_one_is_left_out_of_valid_numbers_only() {
        assert_variant(MEXICO, "15512345678", Some("+525512345678"));
        assert_variant(MEXICO, "10012345678", None);
        // What is left is a filler.
        assert_variant(MEXICO, "19876543210", None);
        assert_variant(MEXICO, "1512345678", None);
        assert!(has_mexican_one(MEXICO, "10012345678"));
        assert!(!has_mexican_one(MEXICO, "1512345678"));
        assert!(!has_mexican_one(BRAZIL, "15512345678"));
    }

    #[test]
    fn the_argentine_nine_is_left_out() {
        assert_variant(ARGENTINA, "91123456789", Some("+541123456789"));
        assert_variant(ARGENTINA, "1123456789", None);
    }

    #[test]
    fn other_countries_have_no_variants() {
        assert_variant(44, "1196123456", None);
        assert_variant(1, "15512345678", None);
    }
}
