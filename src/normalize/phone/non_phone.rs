//! Texts of digits that are no phone numbers: dates, amounts, decimals, IPv4 addresses.
//!
//! With a region the phone library reads a key into many of them, and two persons born on one day would be
//! one. Only whole texts are judged, and only those without a plus.

/// Returns true if a text, from its first digit on, is a date, a decimal, an amount or an IPv4 address. `before` is what
/// stands before the first digit. O(n).
pub(crate) fn is_something_else(before: &str, text: &str) -> bool {
    is_amount(before, text) || is_decimal(before, text) || is_date(text) || is_ip_address(text)
}

/// `R$ 48,00`, `66%`.
fn is_amount(before: &str, text: &str) -> bool {
    let is_currency = |c: char| matches!(c, '$' | '\u{a2}'..='\u{a5}' | '\u{20a0}'..='\u{20cf}');
    before.contains(is_currency) || text.contains(is_currency) || text.trim_end().ends_with('%')
}

/// `52713130913.9`, `-33.07479801`. What begins with a zero may be an area code with a dot behind it.
fn is_decimal(before: &str, text: &str) -> bool {
    let Some((whole, fraction)) = text.split_once('.') else { return false };
    let are_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    // A fraction of zeros is what a spreadsheet adds to a whole number.
    let is_long = whole.len() > 4 && fraction.len() < 4 && !whole.starts_with('0') && fraction.contains(|c| c != '0');
    are_digits(whole) && are_digits(fraction) && (is_long || before.ends_with('-'))
}

/// `1951-07-21`, `21.07.1951`, `21. 07. 1951`, `7/21/1951`, with or without a time behind it.
fn is_date(text: &str) -> bool {
    let text = text.replace(". ", ".");
    let date = text.split([' ', 'T', ',', ')']).next().unwrap_or_default().trim_end_matches('.');
    let parts = |separator: char| date.split(separator).map(number).collect::<Option<Vec<_>>>();
    let is_day_of_month = |a: u32, b: u32| (1..=12).contains(&a.min(b)) && (1..=31).contains(&a.max(b));
    let is_year = |(year, digits): (u32, usize)| digits == 4 && (1900..2100).contains(&year);
    ['-', '.', '/'].into_iter().filter_map(parts).any(|parts| match parts.as_slice() {
        [year, a, b] | [a, b, year] if is_year(*year) => a.1 <= 2 && b.1 <= 2 && is_day_of_month(a.0, b.0),
        _ => false,
    })
}

/// `192.168.1.100`. Four pairs of digits with dots are a number of Denmark or Norway, and a group with a zero in
/// front is part of a phone.
fn is_ip_address(text: &str) -> bool {
    let octet = |part| number(part).filter(|(value, digits)| value.to_string().len() == *digits);
    let parts: Option<Vec<(u32, usize)>> = text.split('.').map(octet).collect();
    parts.is_some_and(|parts| {
        parts.len() == 4 && parts.iter().all(|part| part.0 < 256) && parts.iter().any(|part| part.1 != 2)
    })
}

/// A number of one to four digits, and how many they are.
fn number(text: &str) -> Option<(u32, usize)> {
    let is_short = (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_short).map(|value| (value, text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_amounts_decimals_and_addresses_are_no_phones() {
        for (before, text) in [
            ("", "1951-07-21"),
            ("", "21.07.1951"),
            ("Geb. ", "7/21/1951"),
            ("", "2029-02-21T10:00:00Z"),
            ("", "21.07.2024 10:30"),
            ("R$ ", "489.389.350,55"),
            ("", "1200 \u{20ac}"),
            ("", "66208201%"),
            ("", "52713130913.9"),
            ("", "7074992.150"),
            ("-", "33.07479801"),
            ("(", "21.07.1951)"),
            ("", "21. 07. 1951"),
            ("", "2024.06.11."),
            ("", "192.168.1.100"),
            ("", "10.0.0.1"),
        ] {
            assert!(is_something_else(before, text), "{before}{text}");
        }
    }

    #[test]
    fn numbers_of_phones_are_left_alone() {
        for text in [
            "030.1234567",
            "021.234.56.22",
            "074.001.217.04",
            "061.222.001.1",
            "212.555.0142",
            "020.7946.0958",
            "20.12.34.56",
            "22.22.22.22",
            "01.99.00.12.34",
            "2025550142",
            "442079460958.0",
            "1951-07-2155",
            "1951-007-21",
            "1951-07-45",
            "1951-00-21",
            "1951-07-021",
            "021-07-1951",
            "21-007-1951",
            "07-21-19511",
            "212-555-0142",
            "0171/1234567",
            "11 98765-4321",
            "12.34",
            "2012.2345",
        ] {
            assert!(!is_something_else("", text), "{text}");
        }
    }
}
