//! The region whose numbering plan applies to a phone number without country code.

use std::fmt;
use std::str::FromStr;

use crate::numbering_plan::Plan;

/// Regions with the trunk prefix 8 in place of 0.
const TRUNK_IS_EIGHT: [&str; 6] = ["BY", "KZ", "LT", "RU", "TM", "UZ"];

/// A region with its own numbering plan, identified by its ISO 3166-1 alpha-2 code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "String", into = "String")
)]
pub struct Region(
    // Invariant: two upper-case ASCII letters, and there is a numbering plan for them.
    [u8; 2],
);

impl Region {
    /// Returns the code in upper case, for example `BR`.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).expect("a region is two ASCII letters")
    }

    /// Returns the two letters of the code in upper case.
    pub(super) fn letters(self) -> [u8; 2] {
        self.0
    }

    /// Returns the region as a value of the phone library.
    pub(super) fn plan(self) -> rlibphonenumber::Region {
        self.code().parse().expect("a region is one that the phone library knows")
    }

    /// Returns the country code of the region's numbers, for example 44.
    pub(super) fn calling_code(self) -> u16 {
        Plan::of_region(self.0).expect("a region has a numbering plan").code
    }

    /// Returns true if the digits begin with a trunk prefix of the region.
    pub(super) fn has_trunk_prefix(self, digits: &str) -> bool {
        digits.starts_with('0') || (digits.starts_with('8') && TRUNK_IS_EIGHT.contains(&self.code()))
    }
}

/// The error for a text that is not the code of a region with a numbering plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a region with a phone numbering plan (two letters of ISO 3166-1, such as BR)")]
pub struct UnknownRegion;

impl FromStr for Region {
    type Err = UnknownRegion;

    fn from_str(code: &str) -> Result<Self, UnknownRegion> {
        let [first, second] = code.as_bytes() else { return Err(UnknownRegion) };
        let upper = [first.to_ascii_uppercase(), second.to_ascii_uppercase()];
        Plan::of_region(upper).map(|_| Self(upper)).ok_or(UnknownRegion)
    }
}

impl fmt::Debug for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl TryFrom<String> for Region {
    type Error = UnknownRegion;

    fn try_from(code: String) -> Result<Self, UnknownRegion> {
        code.parse()
    }
}

impl From<Region> for String {
    fn from(region: Region) -> Self {
        region.code().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use rlibphonenumber::PHONE_NUMBER_UTIL;

    use super::*;

    #[test]
    fn every_region_of_the_phone_library_is_one_in_any_case() {
        let mut count = 0;
        for plan in PHONE_NUMBER_UTIL.get_supported_regions() {
            let code = format!("{plan:?}");
            let region: Region = code.to_lowercase().parse().expect("the library has a plan for it");
            assert_eq!((region.code(), region.plan()), (code.as_str(), plan));
            assert_eq!(Some(i32::from(region.calling_code())), PHONE_NUMBER_UTIL.get_country_code_for_region(plan));
            count += 1;
        }
        assert!(count > 240, "{count} regions");
    }

    #[test]
    fn no_other_letters_are_a_region() {
        let letters = || b'A'..=b'Z';
        let codes = letters().flat_map(|first| letters().map(move |second| [first, second]));
        let known = codes.filter(|code| std::str::from_utf8(code).is_ok_and(|code| code.parse::<Region>().is_ok()));
        assert_eq!(known.count(), PHONE_NUMBER_UTIL.get_supported_regions().len());
    }

    #[test]
    fn trunk_prefixes_are_of_their_region() {
        let region = |code: &str| code.parse::<Region>().expect("a region");
        assert!(region("RU").has_trunk_prefix("89161234567"));
        assert!(region("ID").has_trunk_prefix("081234567890"));
        assert!(!region("ID").has_trunk_prefix("89161234567"));
        assert!(!region("RU").has_trunk_prefix("79161234567"));
        assert!(TRUNK_IS_EIGHT.iter().all(|code| code.parse::<Region>().is_ok()));
    }

    #[test]
    fn other_texts_are_not_regions() {
        for code in ["", "B", "BRA", "ZZ", "CS", "AQ", "00", "001", "B ", " BR", "\u{212a}E", "\u{df}"] {
            assert_eq!(code.parse::<Region>(), Err(UnknownRegion), "{code:?}");
        }
    }
}
