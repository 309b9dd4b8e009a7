//! Splits a cell with several values into the values.
//!
//! A single value is kept as written; the values of a split cell lose the spaces around them.

use std::borrow::Cow;

use onefold::Field;

use crate::values::bracket_list::{CellList, may_be_list};

/// The separator of values in one cell of Google's exports.
pub(crate) const GOOGLE: &str = " ::: ";

/// Returns the values of a list field in a cell: the elements of a list that the cell spells with brackets, or else what [`emails`],
/// [`phones`] or [`tags`] return. O(n).
pub(crate) fn values<'a>(field: &Field, cell: &'a str) -> Vec<Cow<'a, str>> {
    if may_be_list(cell)
        && let Some(list) = CellList::parse(cell)
    {
        return list.elements.into_iter().map(Cow::Owned).collect();
    }
    let values = match field {
        Field::Email => emails(cell),
        Field::Phone => phones(cell),
        _ => tags(cell),
    };
    values.into_iter().map(Cow::Borrowed).collect()
}

/// A value of a cell and its label, such as "Work" or "Fax".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LabelledText<'a> {
    /// The label, without the spaces around it.
    pub(crate) label: &'a str,
    /// The text of the value.
    pub(crate) text: &'a str,
}

/// Returns the values of a cell, each with its label. Labels between Google's separators belong to the values in the same positions. If
/// there are more labels than values, or fewer, the whole label cell is the label of the whole cell. O(n).
pub(crate) fn labelled<'a>(cell: &'a str, label: &'a str) -> Vec<LabelledText<'a>> {
    let labels: Vec<&str> = label.split(GOOGLE.trim()).map(str::trim).collect();
    if labels.len() == 1 || labels.len() != cell.split(GOOGLE).count() {
        return vec![LabelledText { label: label.trim(), text: cell }];
    }
    labels.into_iter().zip(cell.split(GOOGLE)).map(|(label, text)| LabelledText { label, text }).collect()
}

/// Returns the addresses in a cell. Semicolons, commas and line breaks separate only if every value contains
/// `@`, so that `"Doe; Ada" <ada@example.com>` is not split. O(n).
pub(crate) fn emails(cell: &str) -> Vec<&str> {
    if cell.contains(GOOGLE) {
        return cell.split(GOOGLE).flat_map(emails).map(str::trim).filter(|value| !value.is_empty()).collect();
    }
    let cell = without_empty_ends(cell);
    let values = separated(cell, &[';', ',', '\n']);
    if values.len() > 1 && values.iter().all(|value| value.contains('@')) { values } else { whole(cell) }
}

/// Returns the numbers in a cell. A semicolon, a line break, or a comma before a space or a plus separates only if a number
/// follows: at least six digits of any script (eight after a comma, which also dials extensions) and no `=`, as in `;ext=12`
/// and other parameters of `tel:` addresses. O(n).
pub(crate) fn phones(cell: &str) -> Vec<&str> {
    if cell.contains(GOOGLE) {
        return cell.split(GOOGLE).flat_map(phones).map(str::trim).filter(|value| !value.is_empty()).collect();
    }
    let cell = without_empty_ends(cell);
    let mut values = Vec::new();
    let mut start = 0;
    for (at, separator) in cell.match_indices([';', '\n', ',']) {
        let (before, after) = (&cell[start..at], &cell[at + separator.len()..]);
        let next = after.split([';', '\n', ',']).next().unwrap_or_default();
        let min = if separator == "," { 8 } else { 6 };
        let separates = separator != "," || next.starts_with([' ', '+']);
        // The text before is checked last, so that a long cell costs one pass.
        if separates && has_digits(next, min) && !next.contains('=') && has_digits(before, min) {
            values.push(before.trim());
            start = at + separator.len();
        }
    }
    if values.is_empty() {
        return whole(cell);
    }
    values.push(cell[start..].trim());
    values
}

/// Returns the tags in a cell, separated by semicolons, or by commas if it has no semicolon. O(n).
pub(crate) fn tags(cell: &str) -> Vec<&str> {
    if cell.contains(GOOGLE) {
        return cell.split(GOOGLE).map(str::trim).filter(|value| !value.is_empty()).collect();
    }
    let separator = if cell.contains(';') { ';' } else { ',' };
    if cell.contains(separator) { separated(cell, &[separator]) } else { vec![cell] }
}

/// Returns the channels in three cells, each as its kind, identity and account: several, if all cells hold equally
/// many values (accounts may be left out) and no kind or identity is blank. O(n).
pub(crate) fn channels<'a>(kind: &'a str, identity: &'a str, account: &'a str) -> Vec<(&'a str, &'a str, &'a str)> {
    let (kinds, identities): (Vec<&str>, Vec<&str>) = (kind.split(GOOGLE).collect(), identity.split(GOOGLE).collect());
    let accounts: Vec<&str> = match account {
        "" => vec![""; kinds.len()],
        account => account.split(GOOGLE).collect(),
    };
    let are_said = kinds.iter().chain(&identities).all(|value| !value.trim().is_empty());
    if !are_said || kinds.len() != identities.len() || kinds.len() != accounts.len() {
        return vec![(kind, identity, account)];
    }
    kinds
        .into_iter()
        .zip(identities)
        .zip(accounts)
        .map(|((kind, identity), account)| (kind, identity, account))
        .collect()
}

/// Returns the number of a WhatsApp account with a plus: bare digits begin with the country code, and a user id contains the
/// number. Any other text is returned unchanged, such as the longer digits of hidden ids. O(n).
pub(crate) fn international(text: &str) -> Cow<'_, str> {
    let trimmed = text.trim();
    let number = trimmed.strip_suffix("@s.whatsapp.net").or_else(|| trimmed.strip_suffix("@c.us")).unwrap_or(trimmed);
    let is_bare = (8..=13).contains(&number.len())
        && !number.starts_with('0')
        && number.bytes().all(|byte| byte.is_ascii_digit());
    if is_bare { Cow::Owned(format!("+{number}")) } else { Cow::Borrowed(text) }
}

/// Returns a cell without empty first and last elements: `a@example.com` of `a@example.com;`.
fn without_empty_ends(cell: &str) -> &str {
    let is_end = |letter: char| matches!(letter, ';' | ',') || letter.is_whitespace();
    let text = cell.trim();
    let inner = text.strip_suffix(GOOGLE.trim()).unwrap_or(text);
    let inner = inner.strip_prefix(GOOGLE.trim()).unwrap_or(inner).trim_matches(is_end);
    if inner.len() == text.len() { cell } else { inner }
}

/// Returns the cell as its only value, or nothing if it is empty.
fn whole(cell: &str) -> Vec<&str> {
    if cell.is_empty() { Vec::new() } else { vec![cell] }
}

fn separated<'a>(cell: &'a str, separators: &[char]) -> Vec<&'a str> {
    cell.split(separators).map(str::trim).filter(|value| !value.is_empty()).collect()
}

fn has_digits(value: &str, min: usize) -> bool {
    value.chars().filter(|c| c.is_numeric()).take(min).count() == min
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emails_are_split_where_every_value_is_one() {
        assert_eq!(emails(" a@example.com"), [" a@example.com"]);
        assert_eq!(emails("a@example.com ::: b@example.com"), ["a@example.com", "b@example.com"]);
        assert_eq!(emails("a@example.com;b@example.com; "), ["a@example.com", "b@example.com"]);
        assert_eq!(emails("a@example.com, b@example.com"), ["a@example.com", "b@example.com"]);
        assert_eq!(emails("\"Doe; Ada\" <a@example.com>"), ["\"Doe; Ada\" <a@example.com>"]);
        assert_eq!(emails("Doe, Ada <a@example.com>"), ["Doe, Ada <a@example.com>"]);
    }

    #[test]
    fn phones_are_split_where_another_number_follows() {
        assert_eq!(phones("+1 202 555 0101 "), ["+1 202 555 0101 "]);
        assert_eq!(phones("(11) 98765-4321 ::: (11) 3234-5678"), ["(11) 98765-4321", "(11) 3234-5678"]);
        assert_eq!(phones("+12025550101; +12025550102"), ["+12025550101", "+12025550102"]);
        assert_eq!(phones("+12025550101;ext=12"), ["+12025550101;ext=12"]);
        assert_eq!(phones("2025550101;12"), ["2025550101;12"]);
        assert_eq!(phones("+12025550101;ext=12;+12025550102"), ["+12025550101;ext=12", "+12025550102"]);
        assert_eq!(phones("tel:5550101;phone-context=+12025550101"), ["tel:5550101;phone-context=+12025550101"]);
        assert_eq!(phones("+12025550101, +12025550102"), ["+12025550101", "+12025550102"]);
        assert_eq!(phones("+12025550101, 7654321"), ["+12025550101, 7654321"]);
        assert_eq!(phones("+12025550101,,123456789"), ["+12025550101,,123456789"]);
        assert_eq!(phones("+12025550101,+12025550102"), ["+12025550101", "+12025550102"]);
        assert_eq!(phones("+12025550101\n+12025550102"), ["+12025550101", "+12025550102"]);
    }

    #[test]
    fn channels_are_split_where_all_cells_hold_equally_many() {
        assert_eq!(channels("sms", "a ::: b", "x"), [("sms", "a ::: b", "x")]);
        assert_eq!(channels("sms ::: web", "a ::: b", ""), [("sms", "a", ""), ("web", "b", "")]);
        assert_eq!(channels("sms ::: web", "a ::: b", " ::: y"), [("sms", "a", ""), ("web", "b", "y")]);
        assert_eq!(channels("sms ::: web", "a ::: b", "y"), [("sms ::: web", "a ::: b", "y")]);
        assert_eq!(channels("sms ::: ", "a ::: b", ""), [("sms ::: ", "a ::: b", "")]);
    }

    #[test]
    fn labels_are_those_of_the_values_in_their_positions() {
        let parts =
            |cell, label| labelled(cell, label).into_iter().map(|part| (part.label, part.text)).collect::<Vec<_>>();
        assert_eq!(parts("a ::: b", "Work ::: Home Fax"), [("Work", "a"), ("Home Fax", "b")]);
        assert_eq!(parts("a ::: b", " ::: Home Fax"), [("", "a"), ("Home Fax", "b")]);
        assert_eq!(parts("a ::: b", "Home Fax"), [("Home Fax", "a ::: b")]);
        assert_eq!(parts("a ::: b", "Work ::: Home ::: Fax"), [("Work ::: Home ::: Fax", "a ::: b")]);
        assert_eq!(parts("a", "Work ::: Fax"), [("Work ::: Fax", "a")]);
    }

    #[test]
    fn empty_first_and_last_elements_are_nothing() {
        for cell in ["a@example.com;", "a@example.com ;", ";a@example.com", "a@example.com,; ", " , a@example.com"] {
            assert_eq!(emails(cell), ["a@example.com"], "{cell}");
        }
        assert_eq!(emails("a@example.com ::: b@example.com;"), ["a@example.com", "b@example.com"]);
        for cell in ["+12025550101;", "+12025550101, ", ";+12025550101", "+12025550101;;"] {
            assert_eq!(phones(cell), ["+12025550101"], "{cell}");
        }
        assert_eq!(phones("+12025550101;ext=12;"), ["+12025550101;ext=12"]);
        assert_eq!(
            (emails("a@example.com :::"), phones("::: +12025550101")),
            (vec!["a@example.com"], vec!["+12025550101"])
        );
        assert_eq!((emails(";"), phones(" , ")), (vec![], vec![]));
    }

    #[test]
    fn tags_are_split_at_semicolons_or_else_at_commas() {
        assert_eq!(tags("vip"), ["vip"]);
        assert_eq!(tags("a;b, c"), ["a", "b, c"]);
        assert_eq!(tags("a, b"), ["a", "b"]);
        assert_eq!(tags("* myContacts ::: * Home"), ["* myContacts", "* Home"]);
    }
}
