//! Points in time, as files write them.

use onefold::Time;
use onefold::contact::WrittenTime;

/// Smaller numbers are no times: they are years, day numbers of spreadsheets, or zero.
const MIN_SECONDS: i64 = 100_000_000;
/// From here on a number counts milliseconds, as seconds would be past the year 5138.
const MIN_MILLIS: i64 = 100_000_000_000;
/// From here on a number counts microseconds.
const MIN_MICROS: i64 = 100_000_000_000_000;
/// From here on a number counts nanoseconds.
const MIN_NANOS: i64 = 100_000_000_000_000_000;

/// Returns the time of a number. Its size gives the unit: seconds below 10^11, then milliseconds, microseconds from 10^14 and
/// nanoseconds from 10^17 on. Returns `None` for numbers below 10^8 (years, day numbers, zero), for digits of a date and time
/// (`20240229173000`), whose time zone is unknown, and for everything that is not a whole number.
pub(crate) fn from_number(text: &str) -> Option<Time> {
    let digits = text.strip_suffix(".0").unwrap_or(text);
    if is_date_in_one(digits) {
        return None;
    }
    let number: i64 = digits.parse().ok()?;
    let millis = match number {
        ..MIN_SECONDS => return None,
        MIN_SECONDS..MIN_MILLIS => number * 1_000,
        MIN_MILLIS..MIN_MICROS => number,
        MIN_MICROS..MIN_NANOS => number / 1_000,
        MIN_NANOS.. => number / 1_000_000,
    };
    Some(Time::from_millis(millis))
}

/// Returns true if the digits are a date and time: year, month, day, hour, minute, and optionally second.
fn is_date_in_one(digits: &str) -> bool {
    if !matches!(digits.len(), 12 | 14) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let number =
        |from: usize, to: usize| digits.get(from..to).and_then(|digits| digits.parse::<u32>().ok()).unwrap_or(0);
    (1900..=2100).contains(&number(0, 4))
        && (1..=12).contains(&number(4, 6))
        && (1..=31).contains(&number(6, 8))
        && number(8, 10) < 24
        && number(10, 12) < 60
        && number(12, digits.len()) < 60
}

/// Returns the time in a cell, or `None` for a text without an offset, whose time zone is unknown.
pub(crate) fn from_cell(text: &str) -> Option<WrittenTime> {
    let text = text.trim();
    from_number(text).map(WrittenTime::from).or_else(|| WrittenTime::parse(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_of_a_number_tells_its_unit() {
        let millis = Some(1_700_000_000_000);
        for text in ["1700000000", "1700000000.0", "1700000000000", "1700000000000999", "1700000000000999999"] {
            assert_eq!(from_number(text).map(|time| time.millis()), millis, "{text}");
        }
        for text in [
            "",
            "0",
            "-1700000000",
            "2024",
            "45291",
            "20200101120000",
            "202001011200",
            "99999999",
            "1e9",
            "x",
            "17000000000000000000000",
        ] {
            assert_eq!(from_number(text), None, "{text}");
        }
        assert_eq!(from_number("99999999999").map(|time| time.millis()), Some(99_999_999_999_000));
        assert_eq!(from_cell(" 2023-11-14T22:13:20Z ").map(|time| time.time().millis()), millis);
        assert_eq!(from_cell("2023-11-14 22:13"), None);
    }
}
