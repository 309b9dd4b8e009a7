//! Reads digits as a number by the tables of numbering plans, where their answer is sure to be the phone library's.
//!
//! The steps are those of the library: take the international prefix or the plus away, then the country code, then the
//! national prefix, each only under the conditions that the library sets. `None` leaves the question to the library.

use crate::key::Reason;
use crate::normalize::phone::number_facts::{CodeOrigin, NumberFacts, Reading};
use crate::normalize::region::Region;
use crate::numbering_plan::{Length, MAX_DIGITS_READ, NumberState, Plan, PlanDigits, Prefix, replaced};

/// The phone library takes a text with fewer digits for no number, unless it is two digits and nothing else.
pub(crate) const MIN_DIGITS: usize = 3;
/// The least number of digits in a national number.
const MIN_NATIONAL_DIGITS: usize = 2;

/// Digits with or without a plus in front.
#[derive(Clone, Copy)]
pub(crate) struct TypedDigits<'a> {
    pub(crate) digits: &'a [u8],
    pub(crate) has_plus: bool,
}

impl<'a> TypedDigits<'a> {
    #[inline(always)]
    pub(crate) fn read(self, region: Option<Region>, space: &'a mut PlanDigits) -> Reading<PlanReading<'a>> {
        if self.digits.len() > MAX_DIGITS_READ {
            return reason_of_many(self, region, MAX_DIGITS_READ).map(Err);
        }
        if self.has_plus {
            return PlanReading::international(self.digits, region, space);
        }
        let Some(region) = region else { return Some(Err(Reason::NoCountryCode)) };
        PlanReading::national(self.digits, region, space)
    }
}

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

impl<'a> PlanReading<'a> {
    /// Reads the digits behind a plus. `space` is for a number whose digits are not all among those given. O(n).
    #[inline(always)]
    pub(crate) fn international(digits: &'a [u8], region: Option<Region>, space: &'a mut PlanDigits) -> Reading<Self> {
        match Plan::of_international(digits) {
            Some((plan, length)) => Self::of_plan(plan, CodeOrigin::Plus, digits.get(length..)?, space),
            None => Self::behind_unknown_code(digits, region, space),
        }
    }

    /// Reads the digits behind a plus where no country has the code: only an international prefix of the region may follow
    /// the plus then, as in `+00 44`.
    #[cold]
    fn behind_unknown_code(digits: &'a [u8], region: Option<Region>, space: &'a mut PlanDigits) -> Reading<Self> {
        let Some(region) = region.filter(|_| digits.len() >= MIN_DIGITS) else { return Some(Err(Reason::NotPossible)) };
        let behind = behind_international_prefix(Plan::of_region(region.letters())?, digits)?;
        let found = behind.and_then(|behind| Some((behind, Plan::of_international(behind)?)));
        let Some((behind, (plan, length))) = found else { return Some(Err(Reason::NotPossible)) };
        Self::of_plan(plan, CodeOrigin::Prefix, behind.get(length..)?, space)
    }

    /// Reads digits that stand without a plus in the region. O(n).
    #[inline]
    pub(crate) fn national(digits: &'a [u8], region: Region, space: &'a mut PlanDigits) -> Reading<Self> {
        let plan = Plan::of_region(region.letters())?;
        if let Some(behind) = behind_international_prefix(plan, digits)? {
            return match Plan::of_international(behind) {
                Some((plan, length)) => Self::of_plan(plan, CodeOrigin::Prefix, behind.get(length..)?, space),
                None if behind.len() < MIN_DIGITS => Some(Err(Reason::NotPossible)),
                None => Some(Err(Reason::NoCountryCode)),
            };
        }
        match plan.code_in_front_of(digits) {
            None => Self::of_region(plan, digits, space),
            Some(length) => Self::of_code_or_region(plan, digits, length, space),
        }
    }

    /// Reads digits without a plus that begin with the country code of the region, `length` digits long.
    fn of_code_or_region(plan: Plan, digits: &'a [u8], length: usize, space: &'a mut PlanDigits) -> Reading<Self> {
        let rest = digits.get(length..)?;
        let is_better = |rest: &[u8]| {
            let has_form = |digits: &[u8]| plan.number(digits).map(NumberState::has_general_form);
            Some((!has_form(digits)? && has_form(rest)?) || plan.length(digits.len()) == Length::TooLong)
        };
        let rest = match cut(&plan, rest)? {
            PrefixCut::Nothing => rest,
            PrefixCut::Length(length, _) => rest.get(length..)?,
            PrefixCut::Replaced(number) => {
                let changed = replaced(number, rest)?;
                if is_better(&changed)? {
                    *space = changed;
                    return Self::of_space(plan.main()?, CodeOrigin::Digits, space);
                }
                return Self::of_region(plan, digits, space);
            }
        };
        if is_better(rest)? {
            return Self::of_plan(plan.main()?, CodeOrigin::Digits, rest, space);
        }
        Self::of_region(plan, digits, space)
    }

    #[inline(always)]
    fn of_region(plan: Plan, digits: &'a [u8], space: &'a mut PlanDigits) -> Reading<Self> {
        let main = plan.main()?;
        Some(Self::of_plan(plan, CodeOrigin::Region, digits, space)?.map(|reading| Self { plan: main, ..reading }))
    }

    #[inline(always)]
    fn of_plan(plan: Plan, code_origin: CodeOrigin, digits: &'a [u8], space: &'a mut PlanDigits) -> Reading<Self> {
        if digits.len() < MIN_NATIONAL_DIGITS {
            return Some(Err(Reason::NotPossible));
        }
        let (national, state, is_cut) = match cut_to_length(&plan, digits)? {
            PrefixCut::Nothing => (digits, None, false),
            PrefixCut::Length(length, state) => (digits.get(length..)?, Some(state), true),
            PrefixCut::Replaced(number) => {
                *space = replaced(number, digits)?;
                (&**space, None, true)
            }
        };
        Some(Self { plan, code_origin, national, state, is_cut }.if_long_enough())
    }

    /// Like [`Self::of_plan`], for digits that are in `space` already.
    #[cold]
    fn of_space(plan: Plan, code_origin: CodeOrigin, space: &'a mut PlanDigits) -> Reading<Self> {
        if space.len() < MIN_NATIONAL_DIGITS {
            return Some(Err(Reason::NotPossible));
        }
        let start = match cut_to_length(&plan, space)? {
            PrefixCut::Nothing => 0,
            PrefixCut::Length(length, _) => length,
            PrefixCut::Replaced(number) => {
                *space = replaced(number, space)?;
                0
            }
        };
        let space: &'a PlanDigits = space;
        Some(Self { plan, code_origin, national: space.get(start..)?, state: None, is_cut: true }.if_long_enough())
    }

    #[inline]
    fn if_long_enough(self) -> Result<Self, Reason> {
        if self.national.len() < MIN_NATIONAL_DIGITS { Err(Reason::NotPossible) } else { Ok(self) }
    }

    /// Returns true if digits of a national prefix were left out or others took their place.
    #[inline]
    pub(crate) fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// Returns the letters of the region that the number is of, or the inner `None` if it is of none.
    pub(crate) fn region(&self) -> Option<Option<[u8; 2]>> {
        self.plan.region_of(self.national)
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

/// Returns the reason why more digits than the automata read are no number, or `None` if they may be one of at most `longest`
/// digits without their prefixes. The beginning of the digits decides about prefixes, since no prefix is as long as what the
/// automata read. O(1).
pub(crate) fn reason_of_many(digits: TypedDigits<'_>, region: Option<Region>, longest: usize) -> Option<Reason> {
    let TypedDigits { digits, has_plus } = digits;
    let plan = region.and_then(|region| Plan::of_region(region.letters()));
    let international = |digits: &[u8]| match Plan::of_international(digits) {
        Some((plan, length)) => Some(Ok(without_national_prefix(plan, digits.get(length..)?)?.len())),
        None => Some(Err(Reason::NoCountryCode)),
    };
    let least = match (has_plus, plan) {
        (true, _) => international(digits).filter(Result::is_ok)?,
        (false, None) => Err(Reason::NoCountryCode),
        (false, Some(plan)) => match behind_international_prefix(plan, digits.get(..MAX_DIGITS_READ)?)? {
            Some(behind) => international(digits.get(MAX_DIGITS_READ - behind.len()..)?)?,
            None => {
                let rest = plan.code_in_front_of(digits).and_then(|length| digits.get(length..)).unwrap_or(digits);
                let once = without_national_prefix(plan, rest)?;
                let twice = without_national_prefix(plan.main()?, once)?
                    .len()
                    .min(without_national_prefix(plan.main()?, rest)?.len());
                Ok(twice.min(without_national_prefix(plan, digits)?.len()))
            }
        },
    };
    match least {
        Ok(least) => (least > longest).then_some(Reason::NotPossible),
        Err(reason) => Some(reason),
    }
}

/// Returns what follows the national prefix of the plan, or as many digits as are left if others take the place of the prefix.
fn without_national_prefix(plan: Plan, digits: &[u8]) -> Option<&[u8]> {
    let start = digits.get(..MAX_DIGITS_READ).unwrap_or(digits);
    let prefix = match plan.national_prefix(start)? {
        Prefix::Length(length) => length,
        Prefix::Replaced(number) => start.len().saturating_sub(replaced(number, start)?.len()),
    };
    digits.get(prefix..)
}

/// Returns what follows the international prefix of the plan, if the digits begin with one. No country code begins with a
/// zero: in front of one it was no international prefix.
#[inline]
fn behind_international_prefix(plan: Plan, digits: &[u8]) -> Option<Option<&[u8]>> {
    let prefix = plan.international_prefix(digits)?;
    let behind = digits.get(prefix..)?;
    Some((prefix > 0 && behind.first() != Some(&b'0')).then_some(behind))
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
#[inline(always)]
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
