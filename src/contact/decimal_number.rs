//! Numbers that keep the digits in which they were written.

use std::fmt;

/// A JSON number that keeps its digits: `1e400`, `-0.0` and integers of 30 digits survive.
///
/// Two numbers are equal if they are written alike. `Debug` does not show the digits.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Number(
    // Invariant: a number by the grammar of RFC 8259, section 6.
    Box<str>,
);

impl Number {
    /// Returns the number written in `text`, or `None` if the text is not a number by RFC 8259, section 6. Cost: O(n).
    pub fn parse(text: &str) -> Option<Self> {
        let mut rest = text.strip_prefix('-').unwrap_or(text);
        let whole = leading_digits(&mut rest)?;
        if whole.len() > 1 && whole.starts_with('0') {
            return None;
        }
        if let Some(fraction) = rest.strip_prefix('.') {
            rest = fraction;
            leading_digits(&mut rest)?;
        }
        if let Some(exponent) = rest.strip_prefix(['e', 'E']) {
            rest = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            leading_digits(&mut rest)?;
        }
        rest.is_empty().then(|| Self(text.into()))
    }

    /// Returns true if both numbers have the same value, as `10`, `10.0` and `1e1` do.
    ///
    /// Exponents that do not fit 64 bits are compared as texts. Cost: O(n).
    #[doc(hidden)]
    pub fn is_equal_to(&self, other: &Self) -> bool {
        let (own, theirs) = (Decimal::of(self), Decimal::of(other));
        own.digits == theirs.digits && (own.digits.is_empty() || own == theirs)
    }

    /// Returns the number as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The value of a number: its digits without zeros at either end, and the power of ten of the last digit.
#[derive(PartialEq, Eq)]
struct Decimal<'a> {
    is_negative: bool,
    digits: String,
    // If the written exponent does not fit 64 bits, it is left out here and kept in `large_exponent`.
    exponent: i128,
    large_exponent: Option<&'a str>,
}

impl<'a> Decimal<'a> {
    fn of(number: &'a Number) -> Self {
        let (is_negative, text) = match number.0.strip_prefix('-') {
            Some(text) => (true, text),
            None => (false, &*number.0),
        };
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
        let (sign, power) = if exponent.starts_with('-') { exponent.split_at(1) } else { ("", exponent) };
        let power = power.trim_start_matches('0');
        let (small, large_exponent) = match format!("{sign}0{power}").parse::<i64>() {
            Ok(small) => (i128::from(small), None),
            Err(_) => (0, Some(exponent)),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{fraction}");
        let digits = all.trim_start_matches('0').trim_end_matches('0').to_owned();
        let zeros = all.len() - all.trim_end_matches('0').len();
        let places = |length: usize| i128::try_from(length).unwrap_or(i128::MAX);
        let exponent = small.saturating_sub(places(fraction.len())).saturating_add(places(zeros));
        Self { is_negative, digits, exponent, large_exponent }
    }
}

/// Removes the digits at the start of `rest` and returns them, or `None` if there is no digit.
fn leading_digits<'a>(rest: &mut &'a str) -> Option<&'a str> {
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (digits, tail) = rest.split_at(end);
    *rest = tail;
    (!digits.is_empty()).then_some(digits)
}

impl From<i64> for Number {
    fn from(number: i64) -> Self {
        Self(number.to_string().into())
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Number(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_digits() {
        for text in ["0", "-0", "-0.0", "12345678901234567890123", "1e400", "0.10", "9E-3"] {
            assert_eq!(Number::parse(text).expect(text).as_str(), text);
        }
        let equal = |a: &str, b: &str| Number::parse(a).expect(a).is_equal_to(&Number::parse(b).expect(b));
        for (a, b) in
            [("10", "10.0"), ("10", "1e1"), ("0.10", "1E-1"), ("0", "-0.00"), ("1e400", "10e399"), ("-2", "-2.0")]
        {
            assert!(equal(a, b), "{a} {b}");
        }
        let long = "123456789012345678901234567890.1";
        assert!(equal("1e10000000000000000000000", "1.0e10000000000000000000000") && equal("1e007", "1E+7"));
        for (a, b) in [
            ("10", "100"),
            ("1", "-1"),
            ("1e400", "1e401"),
            ("0", "1"),
            ("1e10000000000000000000000", "1e10000000000000000000001"),
            (long, "123456789012345678901234567890.2"),
        ] {
            assert!(!equal(a, b), "{a} {b}");
        }
        for text in ["", "-", "01", "1.", ".5", "1e", "+1", "1 ", "0x1", "NaN"] {
            assert_eq!(Number::parse(text), None, "{text}");
        }
    }
}
