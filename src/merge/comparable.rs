//! Numbers, times and dates read from values, so that rules can compare them.

use rust_decimal::Decimal;

use crate::contact::{Time, Value};

/// A comparable quantity. Only quantities of the same kind are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Measure {
    /// A decimal number of at most 28 digits.
    Number(Decimal),
    /// A point in time.
    Time(Time),
    /// A calendar date.
    Date(jiff::civil::Date),
}

impl Measure {
    /// Returns the quantity in a value: a number, a text that is one, a time, or a date written as `YYYY-MM-DD`.
    pub(crate) fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Number(_) => number(value).map(Self::Number),
            Value::Time(time) => Some(Self::Time(time.time())),
            Value::Text(text) => {
                let text = text.trim();
                let date = || (text.len() == 10).then(|| text.parse().ok()).flatten().map(Self::Date);
                let time = || Time::parse(text).map(Self::Time);
                number(value).map(Self::Number).or_else(date).or_else(time)
            }
            _ => None,
        }
    }

    pub(crate) fn is_like(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

/// Returns the exact number in a value, if it has at most 28 digits and no exponent.
pub(crate) fn number(value: &Value) -> Option<Decimal> {
    let (Value::Number(_) | Value::Text(_)) = value else { return None };
    let text = value.as_written()?.trim();
    let is_plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'.'));
    if is_plain { Decimal::from_str_exact(text).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contact::Number;

    #[test]
    fn numbers_times_and_dates_compare_with_their_like() {
        let of = |text: &str| Measure::of(&Value::from(text)).expect("a measure");
        assert!(of("10") > of("9.5") && of("-1") < of("0") && of("0.10") == of("0.1"));
        assert!(of("2024-02-29") < of("2024-03-01"));
        assert!(of("2024-01-01T00:00:00+02:00") < of("2024-01-01T00:00:00Z"));
        assert!(!of("1").is_like(&of("2024-01-01")));
        for text in ["", "one", "1e3", "1,5", "1 2", "--1", "2023-02-29", "1_000", "+1", &"9".repeat(40)] {
            assert_eq!(Measure::of(&Value::from(text)), None, "{text}");
        }
        assert_eq!(Measure::of(&Value::Number(Number::parse("1e400").expect("a number"))), None);
    }
}
