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

    /// The number as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
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
        for text in ["", "-", "01", "1.", ".5", "1e", "+1", "1 ", "0x1", "NaN"] {
            assert_eq!(Number::parse(text), None, "{text}");
        }
    }
}
