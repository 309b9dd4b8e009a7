//! Digits to a number by the tables of numbering plans, where their answer is sure to be the phone library's.
//!
//! The steps are those of the library: take the international prefix or the plus away, then the country code, then the
//! national prefix, each only under the conditions that the library sets. `None` is no answer: the library is asked.

use crate::normalize::Region;
use crate::normalize::numbering_plan::{Digits, Length, NumberState, Plan, Prefix};

/// What says the country of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CodeFrom {
    /// The international prefix of the region.
    Prefix,
    /// The country code of the region in front of the number, without a plus.
    Digits,
    /// The region alone.
    Region,
}

/// A number as the tables read it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reading {
    /// The plan that international numbers of the country code are read by.
    pub(super) plan: Plan,
    /// The national number.
    pub(super) national: Digits,
    /// What is known of the national number, if it was looked up to read it.
    state: Option<NumberState>,
    is_cut: bool,
}

/// The digits give no number: no country has the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NoCountry;

impl Reading {
    /// A number by the digits behind its plus. Where no country has the code, the library looks for the region's
    /// prefixes behind the plus, so that there is an answer without region only.
    #[inline]
    pub(super) fn international(digits: &[u8], region: Option<Region>) -> Option<Result<Self, NoCountry>> {
        match Plan::of_international(digits) {
            Some((plan, length)) => Self::of_plan(plan, digits.get(length..)?).map(Ok),
            None => (region.is_none() && digits.len() >= 3).then_some(Err(NoCountry)),
        }
    }

    /// A number by digits that stand without a plus in the region.
    #[inline]
    pub(super) fn national(digits: &[u8], region: Region) -> Option<Result<(Self, CodeFrom), NoCountry>> {
        let plan = Plan::of_region(region)?;
        let prefix = plan.international_prefix(digits)?;
        let behind = digits.get(prefix..)?;
        // No country code begins with a zero, so that it was no international prefix.
        if prefix > 0 && behind.first() != Some(&b'0') {
            return match Plan::of_international(behind) {
                Some((plan, length)) => Some(Ok((Self::of_plan(plan, behind.get(length..)?)?, CodeFrom::Prefix))),
                None => (behind.len() >= 3).then_some(Err(NoCountry)),
            };
        }
        if let Some(length) = plan.code_in_front_of(digits) {
            let rest = digits.get(length..)?;
            let rest = match cut(&plan, rest)? {
                Cut::Nothing => Digits::of(rest)?,
                Cut::Prefix(rest, _) => rest,
            };
            let has_form = |digits: &[u8]| plan.number(digits).map(NumberState::has_general_form);
            if (!has_form(digits)? && has_form(&rest)?) || plan.length(digits.len()) == Length::TooLong {
                return Some(Ok((Self::of_plan(plan.main()?, &rest)?, CodeFrom::Digits)));
            }
        }
        let reading = Self::of_plan(plan, digits)?;
        Some(Ok((Self { plan: plan.main()?, ..reading }, CodeFrom::Region)))
    }

    #[inline]
    fn of_plan(plan: Plan, digits: &[u8]) -> Option<Self> {
        let reading = match cut_to_length(&plan, digits)? {
            Cut::Nothing => Self { plan, national: Digits::of(digits)?, state: None, is_cut: false },
            Cut::Prefix(national, state) => Self { plan, national, state: Some(state), is_cut: true },
        };
        (reading.national.len() >= 2).then_some(reading)
    }

    /// Whether the number is in use.
    #[inline]
    pub(super) fn is_in_use(&self) -> Option<bool> {
        let state = match self.state {
            Some(state) => state,
            None => self.plan.number(&self.national)?,
        };
        Some(state.is_in_use())
    }

    /// Whether the plan has numbers of this length.
    #[inline]
    pub(super) fn has_possible_length(&self) -> bool {
        self.plan.length(self.national.len()) == Length::Possible
    }

    /// Whether the number with its plus would be read as itself. Where nothing was cut it has just been.
    #[inline]
    pub(super) fn is_read_as_itself(&self) -> Option<bool> {
        if !self.is_cut {
            return Some(true);
        }
        Some(match cut_to_length(&self.plan, &self.national)? {
            Cut::Nothing => true,
            Cut::Prefix(national, _) => national == self.national,
        })
    }
}

/// What is left of digits without their national prefix.
enum Cut {
    Nothing,
    Prefix(Digits, NumberState),
}

/// Takes the national prefix away. What has the general form keeps it.
#[inline]
fn cut(plan: &Plan, digits: &[u8]) -> Option<Cut> {
    let prefix = plan.national_prefix(digits)?;
    if prefix == Prefix::Length(0) {
        return Some(Cut::Nothing);
    }
    let rest = prefix.cut_from(digits)?;
    let state = plan.number(&rest)?;
    let loses_form = !state.has_general_form() && plan.number(digits)?.has_general_form();
    Some(if loses_form { Cut::Nothing } else { Cut::Prefix(rest, state) })
}

/// The same, where what is left must be long enough for a number.
#[inline]
fn cut_to_length(plan: &Plan, digits: &[u8]) -> Option<Cut> {
    let Cut::Prefix(rest, state) = cut(plan, digits)? else { return Some(Cut::Nothing) };
    match plan.length(rest.len()) {
        Length::Possible | Length::TooLong => Some(Cut::Prefix(rest, state)),
        Length::Local | Length::TooShort | Length::Other => Some(Cut::Nothing),
    }
}
