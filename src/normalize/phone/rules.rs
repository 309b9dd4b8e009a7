//! The rules that decide whether a number gives keys, over any source of facts.
//!
//! A number with its country code needs a length that is possible there, since metadata lags behind real numbering plans and
//! the same text is the same number. A number whose country comes from the region given must be in use there, since a wrong
//! guess makes a wrong number. A filler, two numbers in one text and a number that can be read in two ways give no key.

use crate::key::Reason;
use crate::normalize::outcome::Take;
use crate::normalize::phone::key::{self, Spellings, has_mexican_one};
use crate::normalize::phone::number_facts::{
    CodeOrigin, FactSource, FactsOf, MAX_DIGITS, NumberFacts, PhoneOutcome, Reading, SpaceOf, WrittenNumber,
};
use crate::normalize::placeholder;
use crate::normalize::region::Region;
use crate::numbering_plan::{begins_with_code, code_length};

/// Hands the keys of a number as written to `take`, the most direct one first. O(n).
#[inline]
pub(crate) fn each_key<W: WrittenNumber>(
    written: &W,
    region: Option<Region>,
    spellings: Spellings,
    take: Take<'_>,
) -> PhoneOutcome {
    match read(written, region, &mut SpaceOf::<W>::default())? {
        Ok(facts) => key::each_written_key(written, &facts, spellings, take).map(Ok),
        Err(reason) => Some(Err(reason)),
    }
}

/// Hands the keys of a number to `take` behind which words were cut that may have been part of it, as in `1-800-FLOWERS`: what
/// is left must be in use, and must be the only reading of the `whole` text that is. O(n).
pub(crate) fn each_doubtful_key<W: WrittenNumber>(
    cut: &W,
    whole: &str,
    region: Option<Region>,
    spellings: Spellings,
    take: Take<'_>,
) -> PhoneOutcome {
    match read(cut, region, &mut SpaceOf::<W>::default())? {
        Ok(facts) if !facts.is_in_use()? || W::Source::is_other_number(&facts, whole, region)? => {
            Some(Err(Reason::HasLetters))
        }
        Ok(facts) => key::each_written_key(cut, &facts, spellings, take).map(Ok),
        Err(reason) => Some(Err(reason_in_doubt(reason))),
    }
}

/// Returns the reason why a number gives no key, where words behind it may have been part of it.
pub(crate) fn reason_in_doubt(reason: Reason) -> Reason {
    match reason {
        Reason::NotPossible | Reason::NotValid | Reason::Malformed => Reason::HasLetters,
        reason => reason,
    }
}

/// Returns true if a number is in use and another one than `facts`.
pub(crate) fn is_other_in_use<F: NumberFacts>(facts: &F, other: &F) -> Option<bool> {
    let is_same = facts.country_code() == other.country_code() && facts.national() == other.national();
    if is_same { Some(false) } else { other.is_in_use() }
}

/// Returns the facts of a number as written if it gives keys, and otherwise the reason why it gives none. Inlined, since moving
/// the facts costs as much as some of the checks. O(n).
#[inline(always)]
pub(crate) fn read<'a, W: WrittenNumber>(
    written: &'a W,
    region: Option<Region>,
    space: &'a mut SpaceOf<W>,
) -> Reading<FactsOf<'a, W>> {
    let digits = written.digits();
    // With a plus the first digits are a country code and no part of the national number.
    if !written.has_plus() && !digits.is_empty() && placeholder::is_filler_number(digits) {
        return written.refusal(Reason::Placeholder, region).map(Err);
    }
    if written.begins_with_number_in_use(region)? {
        return Some(Err(Reason::SeveralValues));
    }
    let facts = match written.read(region, space)? {
        Ok(facts) => facts,
        Err(reason) => return written.refusal(reason, region).map(Err),
    };
    let national = facts.national();
    if placeholder::is_filler_number(national) {
        return Some(Err(Reason::Placeholder));
    }
    if code_length(facts.country_code()) + national.len() > MAX_DIGITS {
        return Some(Err(Reason::NotPossible));
    }
    if facts.code_origin() == CodeOrigin::Plus {
        if !is_possible(&facts)? {
            return Some(Err(Reason::NotPossible));
        }
    } else if !facts.is_in_use()? {
        return Some(Err(Reason::NotValid));
    } else if has_other_reading::<W::Source>(&facts, digits)? {
        return Some(Err(Reason::Ambiguous));
    }
    Some(without_one_digit(facts))
}

/// Hands the keys of an international number to `take`, by its digits with the country code in front and without a plus, as
/// identities and links have them. Such digits are canonical already: where a national prefix would be cut out of them, they
/// are no number. O(n).
#[inline]
pub(crate) fn each_canonical_key<S: FactSource>(digits: &[u8], spellings: Spellings, take: Take<'_>) -> PhoneOutcome {
    if digits.len() > MAX_DIGITS {
        return Some(Err(Reason::NotPossible));
    }
    if !digits.is_empty() && placeholder::is_filler_number(digits) {
        return Some(Err(Reason::Placeholder));
    }
    let mut space = S::Space::default();
    let facts = match S::international(digits, &mut space)? {
        Ok(facts) => facts,
        Err(reason) => return Some(Err(reason)),
    };
    if placeholder::is_filler_number(facts.national()) {
        return Some(Err(Reason::Placeholder));
    }
    let is_canonical = digits.get(code_length(facts.country_code())..) == Some(facts.national());
    if !(is_canonical && is_possible(&facts)?) {
        return Some(Err(Reason::NotPossible));
    }
    each_key_of::<S>(facts, spellings, take)
}

/// Hands the keys of a number to `take` that only the region makes sense of: it must be in use. O(n).
pub(crate) fn each_regional_key<S: FactSource>(
    facts: S::Facts<'_>,
    spellings: Spellings,
    take: Take<'_>,
) -> PhoneOutcome {
    if placeholder::is_filler_number(facts.national()) {
        return Some(Err(Reason::Placeholder));
    }
    if !facts.is_in_use()? {
        return Some(Err(Reason::NotValid));
    }
    each_key_of::<S>(facts, spellings, take)
}

#[inline]
fn each_key_of<S: FactSource>(facts: S::Facts<'_>, spellings: Spellings, take: Take<'_>) -> PhoneOutcome {
    match without_one_digit(facts) {
        Ok(facts) => key::each_number_key::<S>(&facts, None, spellings, take).map(Ok),
        Err(reason) => Some(Err(reason)),
    }
}

/// Returns the facts, unless all digits of the number are the same: a number as short as its country has them is a filler then
/// too.
#[inline(always)]
fn without_one_digit<F: NumberFacts>(facts: F) -> Result<F, Reason> {
    if placeholder::is_one_digit(facts.national()) { Err(Reason::Placeholder) } else { Ok(facts) }
}

/// Returns true if the country has numbers of this length and the number in E.164 is read as itself again: a national prefix
/// left in it would be cut by the next reader.
#[inline(always)]
fn is_possible(facts: &impl NumberFacts) -> Option<bool> {
    let has_length = facts.has_possible_length() || has_mexican_one(facts);
    Some(has_length && facts.is_in_use_or_read_as_itself()?)
}

/// Returns true if the digits could as well be read from the plus on, and would be another number: `0055...` where the region
/// takes `00` for something else, or `49...` in Germany, where long national numbers start so too.
#[inline]
fn has_other_reading<S: FactSource>(facts: &S::Facts<'_>, digits: &[u8]) -> Option<bool> {
    let code = facts.country_code();
    let other = match (digits, facts.code_origin()) {
        (_, CodeOrigin::Plus | CodeOrigin::Context) => return Some(false),
        ([b'0', b'0', rest @ ..], _) => rest,
        (_, CodeOrigin::Region) if begins_with_code(digits, code) => digits,
        _ => return Some(false),
    };
    match S::international(other, &mut S::Space::default())? {
        Ok(other) if other.country_code() == code && other.national() == facts.national() => Some(false),
        Ok(other) => other.is_in_use(),
        Err(_) => Some(false),
    }
}
