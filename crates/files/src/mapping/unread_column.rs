//! Finds columns, members and properties that are not read although they contain phones or emails.

use onefold::KeyKind;
use onefold::field_names::role::ValueRole;
use onefold::unread_field::UnreadField;

use crate::problem::Problem;

/// The number of rows in the sample.
pub(crate) const SAMPLED_ROWS: usize = 2_000;

/// The number of bytes in the sample.
pub(crate) const SAMPLED_BYTES: usize = 512 * 1024;

/// The largest number of names in the sample.
const MAX_NAMES: usize = 1_000;

/// The values of unread names in a sample of rows.
#[derive(Default)]
pub(crate) struct UnreadNames(Vec<UnreadName>);

struct UnreadName {
    name: String,
    field: UnreadField,
    values: usize,
    emails: usize,
    phones: usize,
}

impl UnreadNames {
    /// Adds a value of `name`. O(n) in its length and the number of names.
    pub(crate) fn look_at(&mut self, name: &str, value: &str) {
        let value = value.trim();
        if !value.chars().any(char::is_alphanumeric) || matches!(value.to_ascii_lowercase().as_str(), "n/a" | "null") {
            return;
        }
        let place = match self.0.iter().position(|known| known.name == name) {
            Some(place) => place,
            None if self.0.len() < MAX_NAMES => {
                let field = UnreadField::new(name);
                self.0.push(UnreadName { name: name.to_owned(), field, values: 0, emails: 0, phones: 0 });
                self.0.len() - 1
            }
            None => return,
        };
        let Some(known) = self.0.get_mut(place) else { return };
        known.values += 1;
        match known.field.kind_of(value, None) {
            Some(KeyKind::Email) => known.emails += 1,
            Some(_) => known.phones += 1,
            None => {}
        }
    }

    /// Returns a problem for each name if a fifth of its values are emails, or half of them are emails or phones.
    pub(crate) fn problems(self) -> Vec<Problem> {
        let holds_some = |name: &UnreadName| {
            (name.emails > 0 && name.emails * 5 >= name.values) || (name.emails + name.phones) * 2 >= name.values
        };
        let is_of_somebody = |name: &UnreadName| name.field.role() != ValueRole::Unreachable;
        self.0.into_iter().filter(|name| holds_some(name) && is_of_somebody(name)).map(UnreadName::problem).collect()
    }
}

impl UnreadName {
    fn problem(self) -> Problem {
        let is_shared = self.field.role() == ValueRole::Shared;
        let (kind, field, count) = if self.emails >= self.phones {
            ("email", if is_shared { "custom.company_email" } else { "email" }, self.emails)
        } else {
            ("phone", if is_shared { "custom.company_phone" } else { "phone" }, self.phones)
        };
        Problem::UnreadValues { header: self.name, kind, field, count }
    }
}

/// Returns the first lines of `content`, which are the sample.
pub(crate) fn sample(content: &[u8]) -> &[u8] {
    match content.get(..SAMPLED_BYTES) {
        None => content,
        Some(start) => {
            let end = memchr::memrchr(b'\n', start).or_else(|| memchr::memrchr(b'\r', start));
            start.get(..end.map_or(0, |end| end + 1)).unwrap_or_default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_said_once_if_enough_of_its_values_are_phones_or_emails() {
        let mut names = UnreadNames::default();
        for value in ["-", "n/a", "", "ada@example.com"] {
            names.look_at("Adres", value);
        }
        for value in ["call +447400123456", "see ada@example.com", "likes tea"] {
            names.look_at("note", value);
        }
        names.look_at("Gruppo", "+44 7400 123456");
        names.look_at("Fax (Zentrale)", "+44 7400 123456");
        names.look_at("Zentrale", "442079460100");
        names.look_at("Zentrale", "442079460101");
        names.look_at("Kundennummer", "442079460101");
        let unread =
            |header: &str, kind, field, count| Problem::UnreadValues { header: header.to_owned(), kind, field, count };
        let said = [
            unread("Adres", "email", "email", 1),
            unread("Gruppo", "phone", "phone", 1),
            unread("Zentrale", "phone", "custom.company_phone", 2),
        ];
        assert_eq!(names.problems(), said);
    }
}
