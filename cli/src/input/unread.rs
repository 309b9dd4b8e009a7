//! Columns, members and properties that are not read although phones or emails stand in them.

use onefold::ValueRole;

use crate::input::problem::Problem;

/// How many rows are looked at from the beginning of an input on.
pub(super) const SAMPLED_ROWS: usize = 2_000;

/// How much of an input is looked at.
pub(super) const SAMPLED_BYTES: usize = 512 * 1024;

/// How many names are looked at.
const MAX_NAMES: usize = 1_000;

/// What stands under names that are not read, in a sample of rows.
#[derive(Default)]
pub(super) struct UnreadNames(Vec<UnreadName>);

#[derive(Default)]
struct UnreadName {
    name: String,
    values: usize,
    emails: usize,
    phones: usize,
}

impl UnreadNames {
    /// Looks at a value that stands under `name`. O(n) in its length and the number of names.
    pub(super) fn look_at(&mut self, name: &str, value: &str) {
        let value = value.trim();
        if !value.chars().any(char::is_alphanumeric) || matches!(value.to_ascii_lowercase().as_str(), "n/a" | "null") {
            return;
        }
        let place = match self.0.iter().position(|known| known.name == name) {
            Some(place) => place,
            None if self.0.len() < MAX_NAMES => {
                self.0.push(UnreadName { name: name.to_owned(), ..UnreadName::default() });
                self.0.len() - 1
            }
            None => return,
        };
        let Some(known) = self.0.get_mut(place) else { return };
        known.values += 1;
        known.emails += usize::from(is_email(value));
        known.phones += usize::from(is_phone(value));
    }

    /// Returns a problem for each name of which a fifth of the values are emails, or half of them are emails or phones.
    pub(super) fn problems(self) -> Vec<Problem> {
        let holds_some = |name: &UnreadName| {
            (name.emails > 0 && name.emails * 5 >= name.values) || (name.emails + name.phones) * 2 >= name.values
        };
        let is_own = |name: &UnreadName| ValueRole::of_label(&name.name) == ValueRole::Personal;
        let problem = |name: UnreadName| Problem::UnreadValues {
            field: if name.emails >= name.phones { "email" } else { "phone" },
            header: name.name,
        };
        self.0.into_iter().filter(|name| holds_some(name) && is_own(name)).map(problem).collect()
    }
}

/// The part of `content` that is looked at: whole lines.
pub(super) fn sample(content: &[u8]) -> &[u8] {
    match content.get(..SAMPLED_BYTES) {
        None => content,
        Some(start) => {
            let end = memchr::memrchr(b'\n', start).or_else(|| memchr::memrchr(b'\r', start));
            start.get(..end.map_or(0, |end| end + 1)).unwrap_or_default()
        }
    }
}

/// Whether a value is one email address or several, and nothing else but names.
fn is_email(value: &str) -> bool {
    let is_one = |piece: &str| {
        // A name may stand before an address in angle brackets.
        let piece = piece.trim();
        let piece = piece.strip_suffix('>').and_then(|named| named.rsplit('<').next()).unwrap_or(piece);
        let Some((local, domain)) = piece.rsplit_once('@') else { return false };
        let is_local = |c: char| c.is_alphanumeric() || ".!#$%&'*+-/=?^_`{|}~".contains(c);
        let (host, top) = domain.rsplit_once('.').unwrap_or_default();
        !local.is_empty()
            && !local.contains("//")
            && local.chars().all(is_local)
            && !host.is_empty()
            && host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'))
            && top.chars().count() >= 2
            && top.chars().all(char::is_alphanumeric)
    };
    value.split([';', ',']).map(str::trim).filter(|piece| !piece.is_empty()).all(is_one)
}

/// Whether a value is a phone number by the way it is written, and nothing else by that: no date, amount, postcode, id.
fn is_phone(value: &str) -> bool {
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '(' | ')' | '.' | '/' | '\u{a0}');
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    if !value.chars().all(is_part) || !(7..=15).contains(&digits) {
        return false;
    }
    if value.starts_with('+') || value.starts_with("(+") {
        return digits >= 8 && !value.contains('/');
    }
    let groups: Vec<&str> = value.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty()).collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    let begins_with_zero = value.trim_start_matches('(').starts_with('0');
    // Dates and times.
    if matches!(lengths.as_slice(), [4, 1 | 2, 1 | 2, ..] | [1 | 2, 1 | 2, 4, ..] | [8, 4 | 6]) {
        return false;
    }
    if value.starts_with('(') && value.contains(')') {
        return digits >= 8;
    }
    match lengths.as_slice() {
        // An international number with the prefix that is dialled, or a national one with the digit in front.
        [10 | 11] => begins_with_zero && !value.starts_with("00"),
        [_] => false,
        // As in North America.
        [3, 3, 4] | [1, 3, 3, 4] => true,
        _ => begins_with_zero && digits >= 9 && lengths.iter().all(|length| *length <= 8) && !value.contains('.'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emails_and_phones_are_known_by_the_way_they_are_written() {
        for value in ["ada@example.com", "Ada <ada@example.com>", "a@example.com; b@example.org"] {
            assert!(is_email(value), "{value}");
        }
        for value in ["", "@ada", "ada@", "ada@example", "Ada ada@x.example.com", "https://a@example.com/x", "ada"] {
            assert!(value.is_empty() || !is_email(value), "{value}");
        }
        for value in [
            "+447400123456",
            "+44 7400 123456",
            "(11) 98765-4321",
            "07400 123456",
            "07400123456",
            "0171/1234567",
            "202-555-0101",
            "1-202-555-0101",
            "030 1234567",
        ] {
            assert!(is_phone(value), "{value}");
        }
        for value in [
            "2024-05-01",
            "01.05.2024",
            "01/05/2024 10:00",
            "2024-05-01 10:00",
            "20240501 101500",
            "1 234 567",
            "1.234.567,89",
            "12 345 678",
            "12345-678",
            "12345-6789",
            "123-45-6789",
            "123.456.789-09",
            "12.345.678/0001-95",
            "1700000000000",
            "5511987654321",
            "0012345678",
            "192.168.100.10",
            "978-3-16-148410-0",
            "4111 1111 1111 1111",
            "1234567",
            "A1234567",
        ] {
            assert!(!is_phone(value), "{value}");
        }
    }

    #[test]
    fn a_name_is_said_once_if_enough_of_its_values_are_phones_or_emails() {
        let mut names = UnreadNames::default();
        for value in ["-", "n/a", "", "ada@example.com"] {
            names.look_at("Adres", value);
        }
        for value in ["call +447400123456", "see ada@example.com", "+44 7400 123456"] {
            names.look_at("note", value);
        }
        names.look_at("Gruppo", "+44 7400 123456");
        names.look_at("Fax (Zentrale)", "+44 7400 123456");
        let unread = |header: &str, field| Problem::UnreadValues { header: header.to_owned(), field };
        assert_eq!(names.problems(), [unread("Adres", "email"), unread("Gruppo", "phone")]);
    }
}
