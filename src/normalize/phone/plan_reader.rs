//! Digits to a number by the tables of numbering plans, where their answer is sure to be the phone library's.
//!
//! The steps are those of the library: take the international prefix or the plus away, then the country code, then the
//! national prefix, each only under the conditions that the library sets. `None` is no answer: the library is asked.

use crate::normalize::Region;
use crate::normalize::phone::numbering_plan::{Length, NumberState, Plan, PlanDigits, Prefix, replaced};

/// What says the country of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CodeFrom {
    /// The international prefix of the region.
    Prefix,
    /// The country code of the region in front of the number, without a plus.
    Digits,
    /// The region alone.
    Region,
}

/// A number as the tables read it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PlanReading<'a> {
    /// The plan that international numbers of the country code are read by.
    pub(crate) plan: Plan,
    /// The national number.
    pub(crate) national: &'a [u8],
    /// What is known of the national number, if it was looked up to read it.
    state: Option<NumberState>,
    /// Whether digits of a national prefix were left out or others took their place.
    pub(crate) is_cut: bool,
}

/// The digits give no number: no country has the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoCountry;

impl<'a> PlanReading<'a> {
    /// A number by the digits behind its plus. Where no country has the code, the library looks for the region's
    /// prefixes behind the plus, so that there is an answer without region only. `space` is for a number whose digits
    /// are not all among those given.
    #[inline]
    pub(crate) fn international(
        digits: &'a [u8],
        region: Option<Region>,
        space: &'a mut PlanDigits,
    ) -> Option<Result<Self, NoCountry>> {
        match Plan::of_international(digits) {
            Some((plan, length)) => Self::of_plan(plan, digits.get(length..)?, space).map(Ok),
            None => (region.is_none() && digits.len() >= 3).then_some(Err(NoCountry)),
        }
    }

    /// A number by digits that stand without a plus in the region.
    #[inline]
    pub(crate) fn national(
        digits: &'a [u8],
        region: Region,
        space: &'a mut PlanDigits,
    ) -> Option<Result<(Self, CodeFrom), NoCountry>> {
        let plan = Plan::of_region(region)?;
        let prefix = plan.international_prefix(digits)?;
        let behind = digits.get(prefix..)?;
        // No country code begins with a zero, so that it was no international prefix.
        if prefix > 0 && behind.first() != Some(&b'0') {
            return match Plan::of_international(behind) {
                Some((plan, length)) => {
                    Some(Ok((Self::of_plan(plan, behind.get(length..)?, space)?, CodeFrom::Prefix)))
                }
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
                return Some(Ok((Self::of_plan(plan.main()?, rest, space)?, CodeFrom::Digits)));
            }
        }
        let reading = Self::of_plan(plan, digits, space)?;
        Some(Ok((Self { plan: plan.main()?, ..reading }, CodeFrom::Region)))
    }

    #[inline]
    fn of_plan(plan: Plan, digits: &'a [u8], space: &'a mut PlanDigits) -> Option<Self> {
        let reading = match cut_to_length(&plan, digits)? {
            PrefixCut::Nothing => Self { plan, national: digits, state: None, is_cut: false },
            PrefixCut::Length(length, state) => {
                Self { plan, national: digits.get(length..)?, state: Some(state), is_cut: true }
            }
            PrefixCut::Replaced(number) => {
                *space = replaced(number, digits)?;
                Self { plan, national: space, state: None, is_cut: true }
            }
        };
        (reading.national.len() >= 2).then_some(reading)
    }

    /// Whether the number is in use.
    #[inline]
    pub(crate) fn is_in_use(&self) -> Option<bool> {
        let state = match self.state {
            Some(state) => state,
            None => self.plan.number(self.national)?,
        };
        Some(state.is_in_use())
    }

    /// Whether the plan has numbers of this length.
    #[inline]
    pub(crate) fn has_possible_length(&self) -> bool {
        self.plan.length(self.national.len()) == Length::Possible
    }

    /// Whether the number with its plus would be read as itself. Where nothing was cut it has just been.
    #[inline]
    pub(crate) fn is_read_as_itself(&self) -> Option<bool> {
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

/// How the national prefix is taken away.
enum PrefixCut {
    /// There is none.
    Nothing,
    /// So many digits are left out, and this is known of the others.
    Length(usize, NumberState),
    Replaced(u16),
}

/// What is to be done about the national prefix. What has the general form keeps it.
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

/// The same, where what is left must be long enough for a number.
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
