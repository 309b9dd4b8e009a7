//! The numbering plans of all countries, as automata that read a number digit by digit.
//!
//! They say what the phone library's patterns say. `tests/normalize/numbering_plans.rs` makes them from its metadata,
//! documents how they are stored and fails when they are stale. Nothing here panics: what the tables do not decide is
//! `None`.

use std::ops::Deref;

const TABLES: &[u8] = include_bytes!("plans.bin");

/// The most digits that the automata read.
pub(crate) const MAX_DIGITS_READ: usize = 17;

const TITLE_BYTES: usize = 64;
const CODES: usize = TITLE_BYTES + 2 * 4;
const REGIONS: usize = CODES + 1000 * 2;
const PLANS: usize = REGIONS + 26 * 26 * 2;
const PLAN_BYTES: usize = 10 * 2;
const REPLACEMENTS: usize = PLANS + PLAN_BYTES * count(0);
const REPLACEMENT_BYTES: usize = 4 * 2;
const TAILS: usize = REPLACEMENTS + REPLACEMENT_BYTES * count(1);
const TAIL_BYTES: usize = (MAX_DIGITS_READ + 1) * 2;
const STATES: usize = TAILS + TAIL_BYTES * count(2);
const STATE_BYTES: usize = 16 * 2;
/// States from here on are tails: what is said depends on the number of digits that are left, not on the digits.
const FIRST_TAIL: u16 = 0x8000;

const HAS_GENERAL_FORM: u16 = 1;
const IS_IN_USE: u16 = 2;
/// The unit in which the region of a number is counted, from 1.
const REGION: u16 = 4;
/// The columns of a plan, of which the first is the country code.
const POSSIBLE_LENGTHS: usize = 1;
const LOCAL_LENGTHS: usize = 3;
const NUMBERS: usize = 5;
const NATIONAL_PREFIX: usize = 6;
const INTERNATIONAL_PREFIX: usize = 7;
const MAIN: usize = 8;
const LETTERS: usize = 9;

/// Labels of prefixes from here on are replacements.
const FIRST_REPLACEMENT: u16 = 32;

const fn count(place: usize) -> usize {
    u16::from_le_bytes([TABLES[TITLE_BYTES + 2 * place], TABLES[TITLE_BYTES + 2 * place + 1]]) as usize
}

/// Returns the number at a byte offset of the tables.
#[inline]
fn entry(at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*TABLES.get(at..)?.first_chunk()?))
}

/// Returns the label of the state in which the automaton ends after the digits, which are in ASCII. O(n), n at most
/// [`MAX_DIGITS_READ`].
#[inline]
fn walk(first: u16, digits: &[u8]) -> Option<u16> {
    if digits.len() > MAX_DIGITS_READ {
        return None;
    }
    let mut state = first;
    let mut left = digits;
    loop {
        if let Some(tail) = state.checked_sub(FIRST_TAIL) {
            return entry(TAILS + usize::from(tail) * TAIL_BYTES + 2 * left.len());
        }
        let row = STATES + usize::from(state) * STATE_BYTES;
        let [digit, rest @ ..] = left else { return entry(row) };
        state = entry(row + 2 + 2 * usize::from(digit.wrapping_sub(b'0')))?;
        left = rest;
    }
}

/// Digits in ASCII, in place, as many as the automata read.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct PlanDigits {
    // Invariant: digits in ASCII, and zero bytes behind the length.
    bytes: [u8; MAX_DIGITS_READ],
    length: usize,
}

impl PlanDigits {
    /// Returns the digits of a text in which only blanks, dashes and round brackets stand beside them. Returns `None` for any
    /// other text, and where there is no room for the digits and a mark behind the last one. Branch-free for each byte, because
    /// the positions of marks are unpredictable. O(n).
    #[inline]
    pub(crate) fn of_marked(text: &[u8]) -> Option<Self> {
        const DIGIT: u8 = 1;
        const EXPECTED: u8 = 2;
        const KINDS: [u8; 256] = {
            let mut kinds = [0; 256];
            let mut byte = 0;
            while byte < 256 {
                kinds[byte] = match byte as u8 {
                    b'0'..=b'9' => DIGIT | EXPECTED,
                    b' ' | b'-' | b'(' | b')' => EXPECTED,
                    _ => 0,
                };
                byte += 1;
            }
            kinds
        };
        let mut digits = Self::default();
        let mut expected = EXPECTED;
        for byte in text {
            let kind = KINDS[usize::from(*byte)];
            // The next digit takes the place of a mark.
            *digits.bytes.get_mut(digits.length)? = *byte;
            digits.length += usize::from(kind & DIGIT);
            expected &= kind;
        }
        if let Some(behind) = digits.bytes.get_mut(digits.length) {
            *behind = 0;
        }
        (expected != 0).then_some(digits)
    }

    #[inline]
    pub(crate) fn push(&mut self, digit: u8) -> Option<()> {
        *self.bytes.get_mut(self.length)? = digit;
        self.length += 1;
        Some(())
    }
}

impl Deref for PlanDigits {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

/// The national prefix in front of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Prefix {
    /// So many digits that are dialled inside the country only, perhaps none.
    Length(usize),
    /// Digits that others take the place of, by the number of the replacement.
    Replaced(u16),
}

/// Returns the digits with others in the place of their prefix, by the number of the replacement.
pub(crate) fn replaced(number: u16, digits: &[u8]) -> Option<PlanDigits> {
    let row = REPLACEMENTS + REPLACEMENT_BYTES * usize::from(number);
    let place = |at: usize| entry(row + 2 * at).map(usize::from);
    let (new, kept, behind) = (entry(row)?, digits.get(place(1)?..place(2)?)?, digits.get(place(3)?..)?);
    // A 1 in front keeps the zeros of the digits that come in.
    let units = [10_000, 1000, 100, 10, 1].into_iter().skip_while(|unit| new / unit == 0).skip(1);
    let new = units.map(|unit| b'0' + (new / unit % 10) as u8);
    let mut changed = PlanDigits::default();
    new.chain(kept.iter().copied()).chain(behind.iter().copied()).try_for_each(|digit| changed.push(digit))?;
    Some(changed)
}

/// A length of national numbers, compared with those of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Length {
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
pub(crate) struct Plan {
    /// Where it stands in the tables.
    row: u32,
    /// The country calling code.
    pub(crate) code: u16,
}

impl Plan {
    #[inline]
    fn numbered(number: u16) -> Option<Self> {
        let row = PLANS + PLAN_BYTES * usize::from(number.checked_sub(1)?);
        Some(Self { row: u32::try_from(row).ok()?, code: entry(row)? })
    }

    #[inline]
    fn column(self, column: usize) -> Option<u16> {
        entry(self.row as usize + 2 * column)
    }

    /// Lengths, a bit for each.
    #[inline]
    fn lengths(self, column: usize) -> u32 {
        let half = |column| u32::from(self.column(column).unwrap_or_default());
        half(column) | half(column + 1) << 16
    }

    /// Returns the plan of a region, by the two letters of its code in upper case. O(1).
    #[inline]
    pub(crate) fn of_region([first, second]: [u8; 2]) -> Option<Self> {
        let letter = |byte: u8| byte.checked_sub(b'A').filter(|letter| *letter < 26).map(usize::from);
        Self::numbered(entry(REGIONS + 2 * (letter(first)? * 26 + letter(second)?))?)
    }

    /// Returns the plan that reads the numbers of the country code in front of the digits, and how long that code is. O(1).
    #[inline]
    pub(crate) fn of_international(digits: &[u8]) -> Option<(Self, usize)> {
        let &[first, second, third, ..] = digits else { return None };
        let digit = |byte: u8| usize::from(byte.wrapping_sub(b'0'));
        let place = digit(first) * 100 + digit(second) * 10 + digit(third);
        let plan = Self::numbered(entry(CODES + 2 * place)?)?;
        Some((plan, code_length(plan.code)))
    }

    /// Returns the plan that reads the international numbers of the same country code. O(1).
    #[inline]
    pub(crate) fn main(self) -> Option<Self> {
        match self.column(MAIN)? {
            0 => Some(self),
            main => Self::numbered(main),
        }
    }

    /// Returns the letters of the region that a national number is of: of several that share the country code, the first one
    /// that knows the number. The inner `None` is for a number of no region. O(n).
    pub(crate) fn region_of(self, national: &[u8]) -> Option<Option<[u8; 2]>> {
        let first = u16::try_from((self.row as usize - PLANS) / PLAN_BYTES).ok()? + 1;
        let is_shared = usize::from(first) < count(0) && Self::numbered(first + 1)?.column(MAIN) == Some(first);
        let place = if is_shared { (self.number(national)?.0 / REGION).checked_sub(1) } else { Some(0) };
        let Some(place) = place else { return Some(None) };
        let letters = Self::numbered(first + place)?.column(LETTERS)?;
        Some((letters != 0).then(|| letters.to_le_bytes()))
    }

    /// Returns how long the country code is, if the digits begin with it.
    #[inline]
    pub(crate) fn code_in_front_of(&self, digits: &[u8]) -> Option<usize> {
        begins_with_code(digits, self.code).then(|| code_length(self.code))
    }

    /// Compares a number of digits with the lengths of the plan. O(1).
    #[inline]
    pub(crate) fn length(&self, digits: usize) -> Length {
        let (possible, local) = (self.lengths(POSSIBLE_LENGTHS), self.lengths(LOCAL_LENGTHS));
        // No length of the tables is greater than the automata read.
        let bit = 1u32.checked_shl(digits as u32).unwrap_or(1 << 31);
        if possible == 0 {
            Length::Other
        } else if local & bit != 0 {
            Length::Local
        } else if possible & bit != 0 {
            Length::Possible
        } else if bit < possible & possible.wrapping_neg() {
            Length::TooShort
        } else if bit > possible {
            Length::TooLong
        } else {
            Length::Other
        }
    }

    /// Returns what the plan says of a national number. O(n).
    #[inline]
    pub(crate) fn number(&self, national: &[u8]) -> Option<NumberState> {
        walk(self.column(NUMBERS)?, national).map(NumberState)
    }

    /// Returns the national prefix in front of the digits. O(n).
    #[inline]
    pub(crate) fn national_prefix(&self, digits: &[u8]) -> Option<Prefix> {
        let label = walk(self.column(NATIONAL_PREFIX)?, digits)?;
        Some(match label.checked_sub(FIRST_REPLACEMENT) {
            None => Prefix::Length(usize::from(label)),
            Some(number) => Prefix::Replaced(number),
        })
    }

    /// Returns how many digits in front are dialled to leave the country. O(n).
    #[inline]
    pub(crate) fn international_prefix(&self, digits: &[u8]) -> Option<usize> {
        walk(self.column(INTERNATIONAL_PREFIX)?, digits).map(usize::from)
    }
}

/// What a plan says of a national number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NumberState(u16);

impl NumberState {
    /// Returns true if the number has the general form of the plan.
    #[inline]
    pub(crate) fn has_general_form(self) -> bool {
        self.0 & HAS_GENERAL_FORM != 0
    }

    /// Returns true if the number is in use, in this region or in another one of its country code.
    #[inline]
    pub(crate) fn is_in_use(self) -> bool {
        self.0 & IS_IN_USE != 0
    }
}

/// Returns the number of digits of a country code.
#[inline]
pub(crate) fn code_length(code: u16) -> usize {
    match code {
        0..=9 => 1,
        10..=99 => 2,
        _ => 3,
    }
}

/// Returns true if the digits, which are in ASCII, begin with a country code.
#[inline]
pub(crate) fn begins_with_code(digits: &[u8], code: u16) -> bool {
    let value = |front: &[u8]| front.iter().fold(0, |value, digit| value * 10 + u16::from(digit.wrapping_sub(b'0')));
    digits.get(..code_length(code)).is_some_and(|front| value(front) == code)
}

#[cfg(test)]
mod tests {
    use rlibphonenumber::{NumberLengthType, PHONE_NUMBER_UTIL, PhoneNumber, ValidationError};

    use super::*;

    #[test]
    fn every_region_and_country_code_of_the_phone_library_has_its_plan() {
        for region in PHONE_NUMBER_UTIL.get_supported_regions() {
            let letters = *format!("{region:?}").as_bytes().first_chunk().expect("two letters");
            let plan = Plan::of_region(letters).expect("a plan");
            assert_eq!(Some(i32::from(plan.code)), PHONE_NUMBER_UTIL.get_country_code_for_region(region));
            assert_eq!(plan.main().map(|main| main.code), Some(plan.code));
        }
        let codes: Vec<i32> = PHONE_NUMBER_UTIL.get_supported_calling_codes().collect();
        for start in 0..1000 {
            let digits = format!("{start:03}");
            let code = Plan::of_international(digits.as_bytes()).map(|(plan, _)| i32::from(plan.code));
            let expected = (1..=3).filter_map(|length| digits.get(..length)).find_map(|code| {
                let value = code.parse().ok().filter(|_| !code.starts_with('0'))?;
                codes.contains(&value).then_some(value)
            });
            assert_eq!(code, expected, "{digits}");
        }
    }

    #[test]
    fn lengths_are_judged_as_the_phone_library_judges_them() {
        for code in PHONE_NUMBER_UTIL.get_supported_calling_codes() {
            let (plan, _) = Plan::of_international(format!("{code}00").as_bytes()).expect("a plan");
            for length in 1..=MAX_DIGITS_READ {
                let national_number = "2".repeat(length).parse().expect("a number");
                let number = PhoneNumber { country_code: code, national_number, ..PhoneNumber::default() };
                let expected = match PHONE_NUMBER_UTIL.is_possible_number_with_reason(&number) {
                    Ok(NumberLengthType::IsPossible) => Length::Possible,
                    Ok(NumberLengthType::IsPossibleLocalOnly) => Length::Local,
                    Err(ValidationError::TooShort) => Length::TooShort,
                    Err(ValidationError::TooLong) => Length::TooLong,
                    Err(_) => Length::Other,
                };
                assert_eq!(plan.length(length), expected, "+{code} with {length} digits");
            }
            assert_eq!(plan.length(100), Length::TooLong);
        }
    }

    #[test]
    fn whatever_is_asked_there_is_an_answer_or_none() {
        let plan = Plan::of_region(*b"GB").expect("a plan");
        assert!(plan.number(b"2079460958").is_some_and(NumberState::is_in_use));
        assert!(plan.number(b"").is_some_and(|state| !state.is_in_use()));
        assert!(plan.number(&[b'1'; MAX_DIGITS_READ]).is_some());
        assert!(plan.number(&[b'1'; MAX_DIGITS_READ + 1]).is_none());
        for byte in 0..=255 {
            let _ = (plan.number(&[byte; 4]), plan.national_prefix(&[byte; 4]), plan.international_prefix(&[byte; 4]));
            let _ = (Plan::of_international(&[byte; 4]), plan.code_in_front_of(&[byte; 4]));
        }
        let _ = (replaced(0, b""), replaced(u16::MAX, b"1"), Plan::numbered(u16::MAX));
    }

    #[test]
    fn digits_among_marks_are_those_that_stand_there() {
        let mut state = 7_u64;
        let mut below = |n: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % n
        };
        let mut some = 0;
        for _ in 0..20_000 {
            // Sometimes something else, such as what stands beside digits and marks in ASCII.
            let bytes: &[u8] = if below(8) == 0 { b"0123456789 -()/:'+.a\xe9\0" } else { b"0123456789012345 -()" };
            let text: Vec<u8> = (0..below(24)).map(|_| bytes[below(bytes.len())]).collect();
            let digits: Vec<u8> = text.iter().copied().filter(u8::is_ascii_digit).collect();
            let is_marked = text.iter().all(|byte| byte.is_ascii_digit() || b" -()".contains(byte));
            match PlanDigits::of_marked(&text) {
                Some(found) => {
                    some += 1;
                    assert!(is_marked && *found == digits, "{text:?}");
                    assert!(found.bytes[digits.len()..].iter().all(|byte| *byte == 0), "{text:?}");
                }
                None => assert!(!is_marked || digits.len() >= MAX_DIGITS_READ, "{text:?}"),
            }
        }
        assert!(some > 10_000);
    }
}
