//! Numbers in the digits they were written with.

use std::fmt;

/// A number as JSON writes one, kept in its digits: `1e400`, `-0.0` and 30-digit integers survive.
///
/// Two numbers are equal when they are written alike. `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Number(
    // Invariant: a number by the grammar of RFC 8259, section 6.
    Box<str>,
);

impl Number {
    /// The number that `text` writes, or `None` if it is not one by RFC 8259, section 6. O(n).
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

    /// Whether another number has the same value: `10`, `10.0` and `1e1` do. O(n).
    pub(crate) fn is_equal_to(&self, other: &Self) -> bool {
        let (own, theirs) = (Decimal::of(self), Decimal::of(other));
        own.digits == theirs.digits && (own.digits.is_empty() || own == theirs)
    }

    /// The number as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a number is worth: its digits without zeros at either end, and the power of ten of the last one. Exponents that no
/// integer holds are the greatest that one does.
#[derive(PartialEq, Eq)]
struct Decimal {
    is_negative: bool,
    digits: String,
    exponent: i64,
}

impl Decimal {
    fn of(number: &Number) -> Self {
        let (is_negative, text) = match number.0.strip_prefix('-') {
            Some(text) => (true, text),
            None => (false, &*number.0),
        };
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let greatest = if exponent.starts_with('-') { i64::MIN } else { i64::MAX };
        let exponent: i64 = exponent.parse().unwrap_or(greatest);
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{fraction}");
        let digits = all.trim_start_matches('0').trim_end_matches('0').to_owned();
        let zeros = all.len() - all.trim_end_matches('0').len();
        let places = |length: usize| i64::try_from(length).unwrap_or(i64::MAX);
        let exponent = exponent.saturating_sub(places(fraction.len())).saturating_add(places(zeros));
        Self { is_negative, digits, exponent }
    }
}

/// Takes the digits at the start of `rest` off it, of which there must be one.
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
        for (a, b) in
            [("10", "100"), ("1", "-1"), ("1e400", "1e401"), ("0", "1"), (long, "123456789012345678901234567890.2")]
        {
            assert!(!equal(a, b), "{a} {b}");
        }
        for text in ["", "-", "01", "1.", ".5", "1e", "+1", "1 ", "0x1", "NaN"] {
            assert_eq!(Number::parse(text), None, "{text}");
        }
    }
}
