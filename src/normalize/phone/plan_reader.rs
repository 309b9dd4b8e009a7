//! Reads digits as a number by the tables of numbering plans, where their answer is sure to be the phone library's.
//!
//! The steps are those of the library: take the international prefix or the plus away, then the country code, then the
//! national prefix, each only under the conditions that the library sets. `None` leaves the question to the library.

use crate::normalize::phone::number_facts::{CodeOrigin, NumberFacts};
use crate::normalize::phone::numbering_plan::{Length, NumberState, Plan, PlanDigits, Prefix, replaced};
use crate::normalize::region::Region;

/// A number as the tables read it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PlanReading<'a> {
    /// The plan that international numbers of the country code are read by.
    plan: Plan,
    code_origin: CodeOrigin,
    national: &'a [u8],
    /// What is known of the national number, if it was looked up to read it.
    state: Option<NumberState>,
    is_cut: bool,
}

/// The digits are no number, because no country has the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoCountry;

impl<'a> PlanReading<'a> {
    /// Reads the digits behind a plus. Where no country has the code, the library looks for the region's prefixes behind the
    /// plus, so that there is an answer without region only. `space` is for a number whose digits are not all among those
    /// given. O(n).
    #[inline]
    pub(crate) fn international(
        digits: &'a [u8],
        region: Option<Region>,
        space: &'a mut PlanDigits,
    ) -> Option<Result<Self, NoCountry>> {
        match Plan::of_international(digits) {
            Some((plan, length)) => Self::of_plan(plan, CodeOrigin::Plus, digits.get(length..)?, space).map(Ok),
            None => (region.is_none() && digits.len() >= 3).then_some(Err(NoCountry)),
        }
    }

    /// Reads digits that stand without a plus in the region. O(n).
    #[inline]
    pub(crate) fn national(
        digits: &'a [u8],
        region: Region,
        space: &'a mut PlanDigits,
    ) -> Option<Result<Self, NoCountry>> {
        let plan = Plan::of_region(region)?;
        let prefix = plan.international_prefix(digits)?;
        let behind = digits.get(prefix..)?;
        // No country code begins with a zero, so that it was no international prefix.
        if prefix > 0 && behind.first() != Some(&b'0') {
            return match Plan::of_international(behind) {
                Some((plan, length)) => Self::of_plan(plan, CodeOrigin::Prefix, behind.get(length..)?, space).map(Ok),
                None => (behind.len() >= 3).then_some(Err(NoCountry)),
            };
        }
        if let Some(length) = plan.code_in_front_of(digits) {
            let rest = digits.get(length..)?;
            let rest = match cut(&plan, rest)? {
                PrefixCut::Nothing => rest,
                PrefixCut::Length(length, _) => rest.get(length..)?,
                PrefixCut::Replaced(_) => return None,
            };
            let has_form = |digits: &[u8]| plan.number(digits).map(NumberState::has_general_form);
            if (!has_form(digits)? && has_form(rest)?) || plan.length(digits.len()) == Length::TooLong {
                return Self::of_plan(plan.main()?, CodeOrigin::Digits, rest, space).map(Ok);
            }
        }
        let reading = Self::of_plan(plan, CodeOrigin::Region, digits, space)?;
        Some(Ok(Self { plan: plan.main()?, ..reading }))
    }

    #[inline]
    fn of_plan(plan: Plan, code_origin: CodeOrigin, digits: &'a [u8], space: &'a mut PlanDigits) -> Option<Self> {
        let (national, state, is_cut) = match cut_to_length(&plan, digits)? {
            PrefixCut::Nothing => (digits, None, false),
            PrefixCut::Length(length, state) => (digits.get(length..)?, Some(state), true),
            PrefixCut::Replaced(number) => {
                *space = replaced(number, digits)?;
                (&**space, None, true)
            }
        };
        (national.len() >= 2).then_some(Self { plan, code_origin, national, state, is_cut })
    }

    /// Returns true if digits of a national prefix were left out or others took their place.
    #[inline]
    pub(crate) fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// Returns true if the number with its plus would be read as itself. Where nothing was cut it has just been.
    #[inline]
    fn is_read_as_itself(&self) -> Option<bool> {
        if !self.is_cut {
            return Some(true);
        }
        Some(match cut_to_length(&self.plan, self.national)? {
            PrefixCut::Nothing => true,
            PrefixCut::Length(..) => false,
            PrefixCut::Replaced(number) => *replaced(number, self.national)? == *self.national,
        })
    }
}

impl NumberFacts for PlanReading<'_> {
    #[inline]
    fn country_code(&self) -> u16 {
        self.plan.code
    }

    #[inline]
    fn code_origin(&self) -> CodeOrigin {
        self.code_origin
    }

    #[inline]
    fn national(&self) -> &[u8] {
        self.national
    }

    #[inline]
    fn has_possible_length(&self) -> bool {
        self.plan.length(self.national.len()) == Length::Possible
    }

    #[inline]
    fn is_in_use(&self) -> Option<bool> {
        let state = match self.state {
            Some(state) => state,
            None => self.plan.number(self.national)?,
        };
        Some(state.is_in_use())
    }

    #[inline]
    fn is_in_use_or_read_as_itself(&self) -> Option<bool> {
        Some(self.is_read_as_itself()? || self.is_in_use()?)
    }
}

/// How the national prefix is taken away.
enum PrefixCut {
    /// It stays, or there is none.
    Nothing,
    /// So many digits are left out, and this is known of the others.
    Length(usize, NumberState),
    /// Other digits take its place, by the number of the replacement.
    Replaced(u16),
}

/// Returns how the national prefix is taken away. Digits that have the general form of the plan lose it only if what is left
/// has that form too.
#[inline]
fn cut(plan: &Plan, digits: &[u8]) -> Option<PrefixCut> {
    let keeps_form = |state: NumberState| Some(state.has_general_form() || !plan.number(digits)?.has_general_form());
    Some(match plan.national_prefix(digits)? {
        Prefix::Length(0) => PrefixCut::Nothing,
        Prefix::Length(length) => {
            let state = plan.number(digits.get(length..)?)?;
            if keeps_form(state)? { PrefixCut::Length(length, state) } else { PrefixCut::Nothing }
        }
        Prefix::Replaced(number) => {
            let state = plan.number(&replaced(number, digits)?)?;
            if keeps_form(state)? { PrefixCut::Replaced(number) } else { PrefixCut::Nothing }
        }
    })
}

/// Like [`cut`], but takes nothing away if what is left is too short for a number.
#[inline]
fn cut_to_length(plan: &Plan, digits: &[u8]) -> Option<PrefixCut> {
    let cut = cut(plan, digits)?;
    let length = match cut {
        PrefixCut::Nothing => return Some(cut),
        PrefixCut::Length(length, _) => digits.len().checked_sub(length)?,
        PrefixCut::Replaced(number) => replaced(number, digits)?.len(),
    };
    Some(match plan.length(length) {
        Length::Possible | Length::TooLong => cut,
        Length::Local | Length::TooShort | Length::Other => PrefixCut::Nothing,
    })
}
