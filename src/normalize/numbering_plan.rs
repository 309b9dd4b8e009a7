//! The numbering plans of all countries, as automata that read a number digit by digit.
//!
//! They say what the phone library's patterns say, and are made from its metadata by `tests/numbering_plans.rs`, which
//! also tells how they are stored and fails when they are stale. Nothing here panics or guesses: what the tables do not
//! say is `None`.

use crate::normalize::Region;

const TABLES: &[u8] = include_bytes!("plans.bin");

/// The most digits that the automata read.
pub(super) const MAX_DIGITS_READ: usize = 17;

const TITLE_BYTES: usize = 64;
const CODES: usize = TITLE_BYTES + 2 * 2;
const REGIONS: usize = CODES + 1000 * 2;
const PLANS: usize = REGIONS + 26 * 26 * 2;
const PLAN_BYTES: usize = 8 * 2;
const STATES: usize = PLANS + PLAN_BYTES * u16::from_le_bytes([TABLES[TITLE_BYTES], TABLES[TITLE_BYTES + 1]]) as usize;
const STATE_BYTES: usize = 12 * 2;

const HAS_GENERAL_FORM: u16 = 1;
const IS_IN_USE: u16 = 2;
/// Of a prefix: other digits take its place.
const IS_REPLACED: u16 = 255;

/// The number that stands at a place of the tables.
#[inline]
fn entry(at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*TABLES.get(at..)?.first_chunk()?))
}

/// The automaton's last word on the digits, which are numbers from 0 to 9. O(n), n at most [`MAX_DIGITS_READ`].
#[inline]
fn walk(first: u16, digits: &[u8]) -> Option<u16> {
    if digits.len() > MAX_DIGITS_READ {
        return None;
    }
    let mut state = first;
    for digit in digits {
        if state == 0 {
            break;
        }
        let next = entry(STATES + usize::from(state) * STATE_BYTES + 2 + 2 * usize::from(*digit))?;
        if next == state {
            break;
        }
        state = next;
    }
    entry(STATES + usize::from(state) * STATE_BYTES)
}

/// How the length of a national number stands to those of its plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Length {
    Possible,
    /// Possible between two phones of one area.
    Local,
    TooShort,
    TooLong,
    /// Between those that are possible.
    Other,
}

/// The numbering plan of a region, or of a country code that belongs to none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    /// The country calling code.
    pub(super) code: u16,
    possible_lengths: u32,
    local_lengths: u32,
    numbers: u16,
    national_prefix: u16,
    international_prefix: u16,
}

impl Plan {
    fn numbered(number: u16) -> Option<Self> {
        let row = PLANS + PLAN_BYTES * usize::from(number.checked_sub(1)?);
        let wide = |at| Some(u32::from(entry(at)?) | u32::from(entry(at + 2)?) << 16);
        Some(Self {
            code: entry(row)?,
            possible_lengths: wide(row + 2)?,
            local_lengths: wide(row + 6)?,
            numbers: entry(row + 10)?,
            national_prefix: entry(row + 12)?,
            international_prefix: entry(row + 14)?,
        })
    }

    /// The plan of a region.
    #[inline]
    pub(super) fn of_region(region: Region) -> Option<Self> {
        let [first, second] = region.letters();
        let letter = |byte: u8| byte.checked_sub(b'A').filter(|letter| *letter < 26).map(usize::from);
        Self::numbered(entry(REGIONS + 2 * (letter(first)? * 26 + letter(second)?))?)
    }

    /// The plan that reads the numbers of the country code in front of the digits, and how long that code is.
    #[inline]
    pub(super) fn of_international(digits: &[u8]) -> Option<(Self, usize)> {
        let &[first, second, third, ..] = digits else { return None };
        let place = usize::from(first) * 100 + usize::from(second) * 10 + usize::from(third);
        let plan = Self::numbered(entry(CODES + 2 * place)?)?;
        Some((plan, plan.code_length()))
    }

    #[inline]
    pub(super) fn code_length(&self) -> usize {
        match self.code {
            0..=9 => 1,
            10..=99 => 2,
            _ => 3,
        }
    }

    /// What the digits begin with, if that is the country code: how long it is.
    #[inline]
    pub(super) fn code_in_front_of(&self, digits: &[u8]) -> Option<usize> {
        let length = self.code_length();
        let value = digits.get(..length)?.iter().fold(0, |value, digit| value * 10 + u16::from(*digit));
        (value == self.code).then_some(length)
    }

    #[inline]
    pub(super) fn length(&self, digits: usize) -> Length {
        let bit = 1u32.checked_shl(digits as u32).unwrap_or_default();
        if self.possible_lengths == 0 {
            Length::Other
        } else if self.local_lengths & bit != 0 {
            Length::Local
        } else if self.possible_lengths & bit != 0 {
            Length::Possible
        } else if bit != 0 && bit < self.possible_lengths & self.possible_lengths.wrapping_neg() {
            Length::TooShort
        } else if bit == 0 || bit > self.possible_lengths {
            Length::TooLong
        } else {
            Length::Other
        }
    }

    /// Whether a national number has the general form of those of the plan.
    #[inline]
    pub(super) fn has_general_form(&self, national: &[u8]) -> Option<bool> {
        Some(walk(self.numbers, national)? & HAS_GENERAL_FORM != 0)
    }

    /// Whether a national number is in use, in this region or in another one of its country code.
    #[inline]
    pub(super) fn is_in_use(&self, national: &[u8]) -> Option<bool> {
        Some(walk(self.numbers, national)? & IS_IN_USE != 0)
    }

    /// How many digits in front are dialled inside the country only; `None` also where others take their place.
    #[inline]
    pub(super) fn national_prefix(&self, digits: &[u8]) -> Option<usize> {
        walk(self.national_prefix, digits).filter(|length| *length != IS_REPLACED).map(usize::from)
    }

    /// How many digits in front are dialled to leave the country.
    #[inline]
    pub(super) fn international_prefix(&self, digits: &[u8]) -> Option<usize> {
        walk(self.international_prefix, digits).filter(|length| *length != IS_REPLACED).map(usize::from)
    }
}
