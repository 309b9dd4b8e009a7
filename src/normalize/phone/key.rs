//! From a number to its keys: this file decides which phone numbers are equal.
//!
//! Two numbers are equal if they share a key. The direct key is the number in E.164, with its extension behind `;ext=`. A
//! number with an extension also has the weaker key without it. A number that its country also writes in another way has a
//! variant: it leads in one direction only, from the old or longer spelling to the one in use today, so that two spellings
//! meet in one key and a number in today's spelling has that one key.

use crate::key::Derivation;
use crate::normalize::outcome::{LentKey, Take};
use crate::normalize::phone::number_facts::{FactSource, FactsOf, NumberFacts, WrittenNumber};
use crate::normalize::placeholder;

/// Which keys a number gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spellings {
    /// Those of the number as written.
    AsWritten,
    /// Also those of its other spellings.
    WithVariants,
}

const BRAZIL: u16 = 55;
const MEXICO: u16 = 52;
const ARGENTINA: u16 = 54;

/// Hands the keys of a number as written to `take`: all of them, or none where the source leaves a question open. The direct
/// key comes first; a number with an extension has no variants, since those are about mobiles.
#[inline(always)]
pub(crate) fn each_written_key<W: WrittenNumber>(
    written: &W,
    facts: &FactsOf<'_, W>,
    spellings: Spellings,
    take: Take<'_>,
) -> Option<()> {
    let extension = written.extension();
    if extension.is_empty() {
        return each_number_key::<W::Source>(facts, written.written_key(facts), spellings, take);
    }
    let text = E164::of(facts.country_code(), &[facts.national()])?;
    let with_extension = text.with_extension(extension)?;
    let (with_extension, without) = (with_extension.as_str()?, text.as_str()?);
    take(LentKey::phone(with_extension, Derivation::Direct));
    take(LentKey::phone(without, Derivation::WithoutExtension));
    Some(())
}

/// Hands the keys of a number without extension to `take`, like [`each_written_key`]. `written` is its text in E.164, if it is
/// at hand.
#[inline(always)]
pub(crate) fn each_number_key<S: FactSource>(
    facts: &S::Facts<'_>,
    written: Option<&str>,
    spellings: Spellings,
    take: Take<'_>,
) -> Option<()> {
    let code = facts.country_code();
    let variant = match spellings {
        Spellings::WithVariants if matches!(code, BRAZIL | MEXICO | ARGENTINA) => variant::<S>(facts)?,
        _ => None,
    };
    match written {
        Some(text) => take(LentKey::phone(text, Derivation::Direct)),
        None => take(LentKey::phone(E164::of(code, &[facts.national()])?.as_str()?, Derivation::Direct)),
    }
    if let Some((derivation, text)) = variant {
        take(LentKey::phone(text.as_str()?, derivation));
    }
    Some(())
}

/// Returns true if the number has the `1` behind `+52` that Mexico gave up in 2019: no length is possible with it, yet many
/// systems still write it.
#[inline]
pub(crate) fn has_mexican_one(facts: &impl NumberFacts) -> bool {
    facts.country_code() == MEXICO && matches!(facts.national(), [b'1', rest @ ..] if rest.len() == 10)
}

/// Returns the other spelling of a number if its country has one which is in use and no filler: a filler gives no key by
/// itself either.
fn variant<S: FactSource>(facts: &S::Facts<'_>) -> Option<Option<(Derivation, E164)>> {
    let code = facts.country_code();
    let (derivation, text) = match (code, facts.national()) {
        (BRAZIL, [first, second, subscriber @ ..])
            if subscriber.len() == 8 && matches!(subscriber, [b'6'..=b'9', ..]) =>
        {
            (Derivation::BrazilNinthDigit, E164::of(code, &[&[*first, *second, b'9'], subscriber])?)
        }
        (MEXICO, [b'1', rest @ ..]) if rest.len() == 10 => (Derivation::MexicoMobileOne, E164::of(code, &[rest])?),
        (ARGENTINA, [b'9', rest @ ..]) if rest.len() == 10 => {
            (Derivation::ArgentinaMobileNine, E164::of(code, &[rest])?)
        }
        _ => return Some(None),
    };
    let is_given = match S::international(text.digits()?, &mut S::Space::default())? {
        Ok(facts) => facts.is_in_use()? && !placeholder::is_filler_number(facts.national()),
        Err(_) => false,
    };
    Some(is_given.then_some((derivation, text)))
}

/// The text of a key, built in place: a number in E.164, perhaps with an extension. Whole and aligned, zero bytes included, it
/// is quickly known to be UTF-8. There is room for the longest number of the phone library (three digits of a country code and
/// seventeen others) with its longest extension (twenty digits); what does not fit is `None`.
#[derive(Clone, Copy)]
#[repr(align(16))]
struct E164 {
    bytes: [u8; 48],
    length: usize,
}

impl E164 {
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

    /// Returns what stands behind the plus.
    #[inline]
    fn digits(&self) -> Option<&[u8]> {
        self.bytes.get(1..self.length)
    }

    #[inline(always)]
    fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.bytes).ok()?.get(..self.length)
    }
}
