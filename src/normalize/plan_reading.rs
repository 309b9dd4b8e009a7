//! Digits to a number by the tables of numbering plans, where their answer is sure to be the phone library's.
//!
//! The steps are those of the library: take the international prefix or the plus away, then the country code, then the
//! national prefix, each only under the conditions that the library sets. `None` is no answer: the library is asked.

use crate::normalize::Region;
use crate::normalize::numbering_plan::{Length, Plan};

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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reading<'a> {
    /// The plan that international numbers of the country code are read by.
    pub(super) plan: Plan,
    /// The national number, by its digits: numbers from 0 to 9.
    pub(super) national: &'a [u8],
    is_cut: bool,
}

/// The digits give no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// There is no such country code.
    Code,
}

impl<'a> Reading<'a> {
    /// A number by the digits behind its plus. Where no country has the code, the library looks for the region's
    /// prefixes behind the plus, so that there is an answer without region only.
    #[inline]
    pub(super) fn international(digits: &'a [u8], region: Option<Region>) -> Option<Result<Self, Fault>> {
        match Plan::of_international(digits) {
            Some((plan, length)) => Self::of_plan(plan, digits.get(length..)?).map(Ok),
            None => (region.is_none() && digits.len() >= 3).then_some(Err(Fault::Code)),
        }
    }

    /// A number by digits that stand without a plus in the region.
    #[inline]
    pub(super) fn national(digits: &'a [u8], region: Region) -> Option<Result<(Self, CodeFrom), Fault>> {
        let plan = Plan::of_region(region)?;
        let prefix = plan.international_prefix(digits)?;
        let behind = digits.get(prefix..)?;
        // No country code begins with a zero, so that it was no international prefix.
        if prefix > 0 && behind.first() != Some(&0) {
            return match Plan::of_international(behind) {
                Some((plan, length)) => Some(Ok((Self::of_plan(plan, behind.get(length..)?)?, CodeFrom::Prefix))),
                None => (behind.len() >= 3).then_some(Err(Fault::Code)),
            };
        }
        let main = Self::main_plan(&plan)?;
        if let Some(length) = plan.code_in_front_of(digits) {
            let rest = digits.get(length..)?;
            let rest = rest.get(trunk_length(&plan, rest)?..)?;
            let is_better = !plan.has_general_form(digits)? && plan.has_general_form(rest)?;
            if is_better || plan.length(digits.len()) == Length::TooLong {
                return Some(Ok((Self::of_plan(main, rest)?, CodeFrom::Digits)));
            }
        }
        let reading = Self::of_plan(plan, digits)?;
        Some(Ok((Self { plan: main, ..reading }, CodeFrom::Region)))
    }

    /// The plan of the country code, which may be another region's.
    fn main_plan(plan: &Plan) -> Option<Plan> {
        let digit = |place: u16| (plan.code / place % 10) as u8;
        let code = [digit(100), digit(10), digit(1)];
        let code = code.get(3 - plan.code_length()..)?;
        let mut digits = [0; 3];
        digits.get_mut(..code.len())?.copy_from_slice(code);
        Plan::of_international(&digits).map(|(plan, _)| plan)
    }

    #[inline]
    fn of_plan(plan: Plan, digits: &'a [u8]) -> Option<Self> {
        let cut = cut_length(&plan, digits)?;
        let national = digits.get(cut..).filter(|national| national.len() >= 2)?;
        Some(Self { plan, national, is_cut: cut > 0 })
    }

    /// Whether the number is in use.
    #[inline]
    pub(super) fn is_in_use(&self) -> Option<bool> {
        self.plan.is_in_use(self.national)
    }

    /// Whether the plan has numbers of this length.
    #[inline]
    pub(super) fn has_possible_length(&self) -> bool {
        self.plan.length(self.national.len()) == Length::Possible
    }

    /// Whether the number with its plus would be read as itself. Where nothing was cut it has just been.
    #[inline]
    pub(super) fn is_read_as_itself(&self) -> Option<bool> {
        Some(!self.is_cut || cut_length(&self.plan, self.national)? == 0)
    }
}

/// How many digits of the national prefix to take away. What has the general form keeps it.
#[inline]
fn trunk_length(plan: &Plan, digits: &[u8]) -> Option<usize> {
    let length = plan.national_prefix(digits)?;
    if length == 0 {
        return Some(0);
    }
    let loses_form = plan.has_general_form(digits)? && !plan.has_general_form(digits.get(length..)?)?;
    Some(if loses_form { 0 } else { length })
}

/// The same, where what is left must be long enough for a number.
#[inline]
fn cut_length(plan: &Plan, digits: &[u8]) -> Option<usize> {
    let length = trunk_length(plan, digits)?;
    if length == 0 {
        return Some(0);
    }
    match plan.length(digits.len() - length) {
        Length::Possible | Length::TooLong => Some(length),
        Length::Local | Length::TooShort | Length::Other => Some(0),
    }
}
