//! Points in time as files write them.

use onefold::Time;

/// Below this, in either unit, a number is no time of a contact: a year, a day number of a spreadsheet, or nothing.
const MIN_SECONDS: i64 = 100_000_000;
/// From here on a number of seconds would be past the year 5138, so that it counts milliseconds.
const MIN_MILLIS: i64 = 100_000_000_000;
/// The same for milliseconds, so that the number counts microseconds.
const MIN_MICROS: i64 = 100_000_000_000_000;
/// The same for microseconds, so that the number counts nanoseconds.
const MIN_NANOS: i64 = 100_000_000_000_000_000;

/// The time that a number of a file says, in the unit that its size tells: seconds below 10^11, then milliseconds,
/// microseconds from 10^14 and nanoseconds from 10^17 on. `None` for less than 10^8, which is no time but a year, a day
/// number or zero, for a date and time written in one (`20240229173000`), whose zone nobody knows, and for anything that is
/// no whole number.
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

/// Whether digits are a year, a month, a day, an hour, a minute and perhaps a second.
fn is_date_in_one(digits: &str) -> bool {
    if !matches!(digits.len(), 12 | 14) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let part = |from: usize, to: usize| digits.get(from..to).and_then(|part| part.parse::<u32>().ok()).unwrap_or(0);
    (1900..=2100).contains(&part(0, 4))
        && (1..=12).contains(&part(4, 6))
        && (1..=31).contains(&part(6, 8))
        && part(8, 10) < 24
        && part(10, 12) < 60
        && part(12, digits.len()) < 60
}

/// The time that a cell says; a text without an offset is none, as nobody knows its zone.
pub(crate) fn from_cell(text: &str) -> Option<Time> {
    let text = text.trim();
    from_number(text).or_else(|| Time::parse(text))
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
        assert_eq!(from_cell(" 2023-11-14T22:13:20Z ").map(|time| time.millis()), millis);
        assert_eq!(from_cell("2023-11-14 22:13"), None);
    }
}
