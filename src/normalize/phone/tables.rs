//! The tables of numbering plans as a source of facts: plain phone numbers to keys, without the phone library.
//!
//! Where the tables leave a question open the answer is `None`, and the library is asked; where they answer, they say the same.

use crate::key::Reason;
use crate::normalize::outcome::Take;
use crate::normalize::phone::cut_spelling::CutPhone;
use crate::normalize::phone::key::Spellings;
use crate::normalize::phone::number_facts::{
    CodeOrigin, FactSource, MAX_DIGITS, NumberFacts, PhoneOutcome, Reading, WrittenNumber,
};
use crate::normalize::phone::plain_spelling::PlainPhone;
use crate::normalize::phone::plan_reader::{MIN_DIGITS, PlanReading, TypedDigits, reason_of_many};
use crate::normalize::phone::rules;
use crate::normalize::region::Region;
use crate::numbering_plan::{MAX_DIGITS_READ, PlanDigits};

/// Hands the keys of a number as written to `take`, if it is plain and the tables answer for it. O(n).
#[inline]
pub(crate) fn each_key(text: &str, region: Option<Region>, spellings: Spellings, take: Take<'_>) -> PhoneOutcome {
    let phone = PlainPhone::read(text)?;
    rules::each_key(&phone, region, spellings, take)
}

/// Hands the keys of a number to `take` around which nothing stands any more, however it is written, if the tables answer for
/// it. O(n).
pub(crate) fn each_cut_key(text: &str, region: Option<Region>, spellings: Spellings, take: Take<'_>) -> PhoneOutcome {
    if let Some(sure) = each_key(text, region, spellings, take) {
        return Some(sure);
    }
    match CutPhone::read(text)? {
        Ok(phone) => rules::each_key(&phone, region, spellings, take),
        Err(reason) => Some(Err(reason)),
    }
}

/// Hands the keys of a number to `take` behind which words were cut that may have been part of it. O(n).
pub(crate) fn each_doubtful_key(
    cut: &str,
    whole: &str,
    region: Option<Region>,
    spellings: Spellings,
    take: Take<'_>,
) -> PhoneOutcome {
    if let Some(phone) = PlainPhone::read(cut) {
        return rules::each_doubtful_key(&phone, whole, region, spellings, take);
    }
    match CutPhone::read(cut)? {
        Ok(phone) => rules::each_doubtful_key(&phone, whole, region, spellings, take),
        Err(reason) => Some(Err(reason)),
    }
}

/// Hands the keys of an international number to `take`, by its digits with the country code in front. O(n).
pub(crate) fn each_canonical_key(digits: &str, spellings: Spellings, take: Take<'_>) -> PhoneOutcome {
    let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_plain { rules::each_canonical_key::<Tables>(digits.as_bytes(), spellings, take) } else { None }
}

/// Hands the keys of a number to `take` that only the region makes sense of, if it is in use. O(n).
pub(crate) fn each_regional_key(digits: &str, region: Region, spellings: Spellings, take: Take<'_>) -> PhoneOutcome {
    let is_plain = digits.len() >= MIN_DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !is_plain {
        return None;
    }
    let mut space = PlanDigits::default();
    match (TypedDigits { digits: digits.as_bytes(), has_plus: false }).read(Some(region), &mut space)? {
        Ok(facts) => rules::each_regional_key::<Tables>(facts, spellings, take),
        Err(reason) => Some(Err(reason)),
    }
}

/// Returns true if digits are a number in use with the code of its country in front, as far as the tables are sure. O(n).
pub(crate) fn is_in_use_anywhere(digits: &str) -> bool {
    digits.len() <= MAX_DIGITS && is_international_in_use(digits.as_bytes()) == Some(true)
}

/// Returns true if a number in E.164 is in use. O(n).
pub(crate) fn is_in_use(e164: &str) -> Option<bool> {
    is_international_in_use(plain_digits(e164)?)
}

/// Returns the country of a number in E.164, or the inner `None` if it has none. O(n).
pub(crate) fn country(e164: &str) -> Option<Option<Region>> {
    let digits = plain_digits(e164)?;
    let letters = match Tables::international(digits, &mut PlanDigits::default())? {
        Ok(reading) => reading.region()?,
        Err(_) => None,
    };
    Some(letters.and_then(|letters| std::str::from_utf8(&letters).ok()?.parse().ok()))
}

/// Returns the digits of a number in E.164, without its extension.
fn plain_digits(e164: &str) -> Option<&[u8]> {
    let number = e164.split_once(";ext=").map_or(e164, |(number, _)| number);
    number.strip_prefix('+').map(str::as_bytes).filter(|digits| digits.iter().all(u8::is_ascii_digit))
}

fn is_international_in_use(digits: &[u8]) -> Option<bool> {
    is_reading_in_use(Tables::international(digits, &mut PlanDigits::default())?)
}

#[inline]
fn is_reading_in_use(reading: Result<PlanReading<'_>, Reason>) -> Option<bool> {
    reading.map_or(Some(false), |reading| reading.is_in_use())
}

/// The tables of numbering plans.
pub(crate) struct Tables;

impl FactSource for Tables {
    type Facts<'a> = PlanReading<'a>;
    type Space = PlanDigits;

    #[inline]
    fn international<'a>(digits: &'a [u8], space: &'a mut PlanDigits) -> Reading<PlanReading<'a>> {
        if digits.len() < MIN_DIGITS {
            return Some(Err(Reason::Malformed));
        }
        TypedDigits { digits, has_plus: true }.read(None, space)
    }

    fn is_other_number(facts: &PlanReading<'_>, whole: &str, region: Option<Region>) -> Option<bool> {
        let whole = CutPhone::read_keypad(whole)?;
        if !whole.is_viable {
            return Some(false);
        }
        let mut space = PlanDigits::default();
        match whole.typed().read(region, &mut space)? {
            Ok(other) => rules::is_other_in_use(facts, &other),
            Err(_) => Some(false),
        }
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
        TypedDigits { digits: &self.digits, has_plus: self.has_plus }.read(region, space)
    }

    #[inline]
    fn begins_with_number_in_use(&self, region: Option<Region>) -> Option<bool> {
        let Some(digits) = self.before_slash() else { return Some(false) };
        let first = TypedDigits { digits, has_plus: self.has_plus };
        is_reading_in_use(first.read(region, &mut PlanDigits::default())?)
    }

    /// Where there is no number, the mark of an extension is not one either, and its letters stand in the text.
    #[inline]
    fn refusal(&self, reason: Reason, region: Option<Region>) -> Option<Reason> {
        if self.extension.is_empty() {
            return Some(reason);
        }
        if self.text.contains('#') {
            return None;
        }
        Some(self.read(region, &mut PlanDigits::default())?.map_or(Reason::HasLetters, |_| reason))
    }

    /// A plus and digits, none of which is left out: it is written as its key.
    #[inline]
    fn written_key(&self, facts: &PlanReading<'_>) -> Option<&str> {
        let is_whole = self.has_plus && self.text.len() == 1 + self.digits.len();
        (is_whole && !facts.is_cut() && facts.code_origin() == CodeOrigin::Plus).then_some(self.text)
    }
}

impl CutPhone {
    fn typed(&self) -> TypedDigits<'_> {
        TypedDigits { digits: &self.digits, has_plus: self.has_plus }
    }
}

impl WrittenNumber for CutPhone {
    type Source = Tables;

    fn has_plus(&self) -> bool {
        self.has_plus
    }

    fn digits(&self) -> &[u8] {
        &self.digits
    }

    fn extension(&self) -> &str {
        ""
    }

    fn read<'a>(&'a self, region: Option<Region>, space: &'a mut PlanDigits) -> Reading<PlanReading<'a>> {
        if !self.is_viable {
            return Some(Err(Reason::Malformed));
        }
        // No key has so many digits, and no filler either but one of equal digits.
        let is_filler = self.digits.last_chunk().is_none_or(|[a, b, c, d]: &[u8; 4]| a == b && b == c && c == d);
        if self.digits.len() > MAX_DIGITS_READ && !is_filler {
            return reason_of_many(self.typed(), region, MAX_DIGITS - 1).map(Err);
        }
        self.typed().read(region, space)
    }

    fn begins_with_number_in_use(&self, region: Option<Region>) -> Option<bool> {
        let Some(first) = self.before_slash.filter(|first| first.is_viable) else { return Some(false) };
        let first = TypedDigits { digits: self.digits.get(..first.digit_count)?, has_plus: self.has_plus };
        is_reading_in_use(first.read(region, &mut PlanDigits::default())?)
    }

    fn refusal(&self, reason: Reason, _: Option<Region>) -> Option<Reason> {
        Some(reason)
    }

    fn written_key(&self, _: &PlanReading<'_>) -> Option<&str> {
        None
    }
}
