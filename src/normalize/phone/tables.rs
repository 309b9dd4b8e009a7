//! The tables of numbering plans as a source of facts: plain phone numbers to keys, without the phone library.
//!
//! Where the tables leave a question open the answer is `None`, and the library is asked; where they answer, they say the same.

use crate::key::Reason;
use crate::normalize::outcome::Take;
use crate::normalize::phone::key::Spellings;
use crate::normalize::phone::number_facts::{
    FactSource, MAX_DIGITS, NumberFacts, PhoneOutcome, Reading, WrittenNumber,
};
use crate::normalize::phone::numbering_plan::PlanDigits;
use crate::normalize::phone::plain_spelling::PlainPhone;
use crate::normalize::phone::plan_reader::{NoCountry, PlanReading};
use crate::normalize::phone::rules;
use crate::normalize::region::Region;

/// Hands the keys of a number as written to `take`, if it is plain and the tables answer for it. O(n).
#[inline]
pub(crate) fn each_key(text: &str, region: Option<Region>, spellings: Spellings, take: Take<'_>) -> PhoneOutcome {
    let phone = PlainPhone::read(text)?;
    rules::each_key(&phone, region, spellings, take)
}

/// Hands the keys of an international number to `take`, by its digits with the country code in front. O(n).
pub(crate) fn each_canonical_key(digits: &str, spellings: Spellings, take: Take<'_>) -> PhoneOutcome {
    let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_plain { rules::each_canonical_key::<Tables>(digits.as_bytes(), spellings, take) } else { None }
}

/// Returns true if digits are a number in use with the code of its country in front, as far as the tables are sure. O(n).
pub(crate) fn is_in_use_anywhere(digits: &str) -> bool {
    let mut space = PlanDigits::default();
    let reading = Tables::international(digits.as_bytes(), &mut space);
    digits.len() <= MAX_DIGITS && reading.and_then(is_in_use) == Some(true)
}

/// The tables of numbering plans.
pub(crate) struct Tables;

impl FactSource for Tables {
    type Facts<'a> = PlanReading<'a>;
    type Space = PlanDigits;

    #[inline]
    fn international<'a>(digits: &'a [u8], space: &'a mut PlanDigits) -> Reading<PlanReading<'a>> {
        international(digits, None, space)
    }
}

#[inline]
fn international<'a>(digits: &'a [u8], region: Option<Region>, space: &'a mut PlanDigits) -> Reading<PlanReading<'a>> {
    Some(PlanReading::international(digits, region, space)?.map_err(|NoCountry| Reason::NotPossible))
}

#[inline]
fn is_in_use(reading: Result<PlanReading<'_>, Reason>) -> Option<bool> {
    reading.map_or(Some(false), |reading| reading.is_in_use())
}

impl PlainPhone<'_> {
    /// Reads digits that are written as this number is: with a plus or without.
    #[inline]
    fn reading<'a>(
        &self,
        digits: &'a [u8],
        region: Option<Region>,
        space: &'a mut PlanDigits,
    ) -> Reading<PlanReading<'a>> {
        if self.has_plus {
            return international(digits, region, space);
        }
        let Some(region) = region else { return Some(Err(Reason::NoCountryCode)) };
        Some(PlanReading::national(digits, region, space)?.map_err(|NoCountry| Reason::NoCountryCode))
    }
}

impl WrittenNumber for PlainPhone<'_> {
    type Source = Tables;

    #[inline]
    fn has_plus(&self) -> bool {
        self.has_plus
    }

    #[inline]
    fn digits(&self) -> &[u8] {
        &self.digits
    }

    #[inline]
    fn extension(&self) -> &str {
        self.extension
    }

    #[inline]
    fn read<'a>(&'a self, region: Option<Region>, space: &'a mut PlanDigits) -> Reading<PlanReading<'a>> {
        self.reading(&self.digits, region, space)
    }

    #[inline]
    fn begins_with_number_in_use(&self, region: Option<Region>) -> Option<bool> {
        let Some(first) = self.before_slash() else { return Some(false) };
        is_in_use(self.reading(first, region, &mut PlanDigits::default())?)
    }

    /// Where there is no number, the mark of an extension is not one either, and other rules look at its letters.
    #[inline]
    fn refusal(&self, reason: Reason) -> Option<Reason> {
        self.extension.is_empty().then_some(reason)
    }

    /// A plus and digits, none of which is left out: it is written as its key.
    #[inline]
    fn written_key(&self, facts: &PlanReading<'_>) -> Option<&str> {
        (self.has_plus && self.text.len() == 1 + self.digits.len() && !facts.is_cut()).then_some(self.text)
    }
}
