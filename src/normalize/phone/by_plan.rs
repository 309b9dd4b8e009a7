//! Plain phone numbers to keys by the tables of numbering plans, without the phone library.
//!
//! The rules are those of `phone`: what is said there about possible and valid numbers, fillers, extensions and numbers
//! that can be read in two ways holds here. Where the tables are not sure the answer is `None`, and `phone` asks the
//! library; where they answer, they say the same.

use crate::key::{Derivation, Reason};
use crate::normalize::outcome::{LentKey, Take};
use crate::normalize::phone::numbering_plan::PlanDigits;
use crate::normalize::phone::plain_spelling::PlainPhone;
use crate::normalize::phone::plan_reader::{CodeFrom, NoCountry, PlanReading};
use crate::normalize::phone::variants::{ARGENTINA, BRAZIL, MEXICO, Spellings};
use crate::normalize::{Region, placeholder};

/// The greatest number of digits in E.164.
const MAX_DIGITS: usize = 15;

/// What is said of a value, if the tables are sure; if it has keys, they were taken.
pub(crate) type PlanAnswer = Option<Result<(), Reason>>;

/// Hands the keys of a number as written to `take`.
#[inline]
pub(crate) fn each_key(text: &str, region: Option<Region>, spellings: Spellings, take: Take<'_>) -> PlanAnswer {
    let phone = PlainPhone::read(text)?;
    if phone.has_plus {
        keys_with_plus(text, &phone, region, spellings, take)
    } else {
        keys_without_plus(&phone, region, spellings, take)
    }
}

#[inline]
fn keys_with_plus(
    text: &str,
    phone: &PlainPhone<'_>,
    region: Option<Region>,
    spellings: Spellings,
    take: Take<'_>,
) -> PlanAnswer {
    if let Some(first) = phone.before_slash()
        && is_in_use(PlanReading::international(first, region, &mut PlanDigits::default())?)?
    {
        return Some(Err(Reason::SeveralValues));
    }
    match PlanReading::international(&phone.digits, region, &mut PlanDigits::default())? {
        // A plus and digits, none of which is left out: it is written as its key.
        Ok(reading) if text.len() == 1 + phone.digits.len() && !reading.is_cut => {
            international_keys(&reading, (Some(text), ""), spellings, take)
        }
        Ok(reading) => international_keys(&reading, (None, phone.extension), spellings, take),
        Err(NoCountry) => refusal(phone, Reason::NotPossible),
    }
}

#[inline]
fn keys_without_plus(
    phone: &PlainPhone<'_>,
    region: Option<Region>,
    spellings: Spellings,
    take: Take<'_>,
) -> PlanAnswer {
    if placeholder::is_filler(&phone.digits) {
        return refusal(phone, Reason::Placeholder);
    }
    let Some(region) = region else { return refusal(phone, Reason::NoCountryCode) };
    if let Some(first) = phone.before_slash()
        && is_in_use(PlanReading::national(first, region, &mut PlanDigits::default())?.map(|(reading, _)| reading))?
    {
        return Some(Err(Reason::SeveralValues));
    }
    match PlanReading::national(&phone.digits, region, &mut PlanDigits::default())? {
        Ok((reading, code_from)) => national_keys(&reading, code_from, phone, spellings, take),
        Err(NoCountry) => refusal(phone, Reason::NoCountryCode),
    }
}

/// Where there is no number, the mark of an extension is not one either, and other rules look at its letters.
fn refusal(phone: &PlainPhone<'_>, reason: Reason) -> PlanAnswer {
    phone.extension.is_empty().then_some(Err(reason))
}

/// Whether what was read is a number in use.
fn is_in_use(reading: Result<PlanReading<'_>, NoCountry>) -> Option<bool> {
    reading.map_or(Some(false), |reading| reading.is_in_use())
}

/// Whether digits are a number in use with the code of its country in front, as far as the tables are sure.
pub(crate) fn is_in_use_anywhere(digits: &str) -> bool {
    let mut space = PlanDigits::default();
    let reading = PlanReading::international(digits.as_bytes(), None, &mut space);
    digits.len() <= MAX_DIGITS && reading.and_then(is_in_use) == Some(true)
}

/// Hands the keys of a number to `take`, by its digits with the country code in front, as identities and links have them.
pub(crate) fn each_canonical_key(text: &str, spellings: Spellings, take: Take<'_>) -> PlanAnswer {
    let phone = PlainPhone::read(text).filter(|phone| phone.digits.len() == text.len())?;
    if text.len() > MAX_DIGITS {
        return None;
    }
    if placeholder::is_filler(&phone.digits) {
        return Some(Err(Reason::Placeholder));
    }
    match PlanReading::international(&phone.digits, None, &mut PlanDigits::default())? {
        // The key must have the same digits.
        Ok(reading) if phone.digits.get(reading.plan.code_length()..) == Some(reading.national) => {
            international_keys(&reading, (None, ""), spellings, take)
        }
        Ok(_) => None,
        Err(NoCountry) => Some(Err(Reason::NotPossible)),
    }
}

#[inline]
fn international_keys(
    reading: &PlanReading<'_>,
    texts: (Option<&str>, &str),
    spellings: Spellings,
    take: Take<'_>,
) -> PlanAnswer {
    if let Some(fault) = fault(reading) {
        return Some(Err(fault));
    }
    let has_length = reading.has_possible_length() || has_mexican_one(reading);
    match has_length && (reading.is_read_as_itself()? || reading.is_in_use()?) {
        true if placeholder::is_one_digit(reading.national) => Some(Err(Reason::Placeholder)),
        true => each_key_of(reading, texts, spellings, take).map(Ok),
        false => Some(Err(Reason::NotPossible)),
    }
}

#[inline]
fn national_keys(
    reading: &PlanReading<'_>,
    code_from: CodeFrom,
    phone: &PlainPhone<'_>,
    spellings: Spellings,
    take: Take<'_>,
) -> PlanAnswer {
    if let Some(fault) = fault(reading) {
        return Some(Err(fault));
    }
    if !reading.is_in_use()? {
        return Some(Err(Reason::NotValid));
    }
    match has_other_reading(reading, code_from, &phone.digits)? {
        true => Some(Err(Reason::Ambiguous)),
        false if placeholder::is_one_digit(reading.national) => Some(Err(Reason::Placeholder)),
        false => each_key_of(reading, (None, phone.extension), spellings, take).map(Ok),
    }
}

#[inline]
fn fault(reading: &PlanReading<'_>) -> Option<Reason> {
    if placeholder::is_filler(reading.national) {
        return Some(Reason::Placeholder);
    }
    let is_too_long = reading.plan.code_length() + reading.national.len() > MAX_DIGITS;
    is_too_long.then_some(Reason::NotPossible)
}

fn has_mexican_one(reading: &PlanReading<'_>) -> bool {
    i32::from(reading.plan.code) == MEXICO && reading.national.first() == Some(&b'1') && reading.national.len() == 11
}

/// Whether the digits could as well be read from the plus on, and would be another number.
#[inline]
fn has_other_reading(reading: &PlanReading<'_>, code_from: CodeFrom, digits: &[u8]) -> Option<bool> {
    let other = match (digits, code_from) {
        ([b'0', b'0', rest @ ..], _) => rest,
        (_, CodeFrom::Region) if reading.plan.code_in_front_of(digits).is_some() => digits,
        _ => return Some(false),
    };
    match PlanReading::international(other, None, &mut PlanDigits::default())? {
        Ok(other) if other.plan.code == reading.plan.code && other.national == reading.national => Some(false),
        Ok(other) => other.is_in_use(),
        Err(NoCountry) => Some(false),
    }
}

/// Hands the keys of a number to `take`: all of them, or none where the tables are not sure. `written` is its text in
/// E.164 if it is at hand, and `extension` is empty if it has none.
#[inline]
fn each_key_of(
    reading: &PlanReading<'_>,
    (written, extension): (Option<&str>, &str),
    spellings: Spellings,
    take: Take<'_>,
) -> Option<()> {
    let code = reading.plan.code;
    if !extension.is_empty() {
        let text = Text::of(code, &[reading.national])?;
        let with_extension = text.with_extension(extension)?;
        let (with_extension, without) = (with_extension.as_str()?, text.as_str()?);
        take(LentKey::phone(with_extension, Derivation::Direct));
        take(LentKey::phone(without, Derivation::WithoutExtension));
        return Some(());
    }
    let variant = match spellings {
        Spellings::WithVariants if matches!(i32::from(code), BRAZIL | MEXICO | ARGENTINA) => variant(reading)?,
        _ => None,
    };
    match written {
        Some(text) => take(LentKey::phone(text, Derivation::Direct)),
        None => take(LentKey::phone(Text::of(code, &[reading.national])?.as_str()?, Derivation::Direct)),
    }
    if let Some((derivation, text)) = variant {
        take(LentKey::phone(text.as_str()?, derivation));
    }
    Some(())
}

/// The other spelling of a number that its country has, if it is in use and no filler; the rules are those of `variants`.
fn variant(reading: &PlanReading<'_>) -> Option<Option<(Derivation, Text)>> {
    let code = reading.plan.code;
    let (derivation, text) = match (i32::from(code), reading.national) {
        (BRAZIL, [first, second, subscriber @ ..])
            if subscriber.len() == 8 && matches!(subscriber, [b'6'..=b'9', ..]) =>
        {
            (Derivation::BrazilNinthDigit, Text::of(code, &[&[*first, *second, b'9'], subscriber])?)
        }
        (MEXICO, [b'1', rest @ ..]) if rest.len() == 10 => (Derivation::MexicoMobileOne, Text::of(code, &[rest])?),
        (ARGENTINA, [b'9', rest @ ..]) if rest.len() == 10 => {
            (Derivation::ArgentinaMobileNine, Text::of(code, &[rest])?)
        }
        _ => return Some(None),
    };
    let is_given = match PlanReading::international(text.digits()?, None, &mut PlanDigits::default())? {
        Ok(reading) => reading.is_in_use()? && !placeholder::is_filler(reading.national),
        Err(NoCountry) => false,
    };
    Some(is_given.then_some((derivation, text)))
}

/// The text of a key, built in place. Whole and aligned, zero bytes included, it is quickly known to be UTF-8.
#[derive(Clone, Copy)]
#[repr(align(16))]
struct Text {
    bytes: [u8; 48],
    length: usize,
}

impl Text {
    /// A number in E.164.
    #[inline(always)]
    fn of(code: u16, national: &[&[u8]]) -> Option<Self> {
        let mut text = Self { bytes: [0; 48], length: 0 };
        text.push(b"+")?;
        for place in [100, 10, 1] {
            if code >= place {
                text.push(&[b'0' + (code / place % 10) as u8])?;
            }
        }
        national.iter().try_for_each(|digits| text.push(digits))?;
        Some(text)
    }

    #[inline(always)]
    fn push(&mut self, bytes: &[u8]) -> Option<()> {
        let end = self.length + bytes.len();
        self.bytes.get_mut(self.length..end)?.copy_from_slice(bytes);
        self.length = end;
        Some(())
    }

    fn with_extension(mut self, extension: &str) -> Option<Self> {
        self.push(b";ext=")?;
        self.push(extension.as_bytes())?;
        Some(self)
    }

    #[inline]
    fn digits(&self) -> Option<&[u8]> {
        self.bytes.get(1..self.length)
    }

    #[inline(always)]
    fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.bytes).ok()?.get(..self.length)
    }
}
