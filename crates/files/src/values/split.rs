//! From one cell that holds several values to the values.
//!
//! A value that stands alone is kept as written; pieces of a split cell lose the spaces around them.

use std::borrow::Cow;

use onefold::Field;

use crate::values::bracket_list::{CellList, may_be_list};

/// What Google's exports put between the values of one cell.
pub(crate) const GOOGLE: &str = " ::: ";

/// The values of a list field in a cell: the elements of a list that the cell spells with brackets, or else the pieces that
/// [`emails`], [`phones`] or [`tags`] find. O(n).
pub(crate) fn values<'a>(field: &Field, cell: &'a str) -> Vec<Cow<'a, str>> {
    if may_be_list(cell)
        && let Some(list) = CellList::parse(cell)
    {
        return list.elements.into_iter().map(Cow::Owned).collect();
    }
    let pieces = match field {
        Field::Email => emails(cell),
        Field::Phone => phones(cell),
        _ => tags(cell),
    };
    pieces.into_iter().map(Cow::Borrowed).collect()
}

/// A part of a cell and the label that says whose its values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LabelledPart<'a> {
    /// The label, without the spaces around it.
    pub(crate) label: &'a str,
    /// The text of the part.
    pub(crate) text: &'a str,
}

/// The parts of a cell, each with its label. Of labels between Google's separators each is that of the value in its position.
/// Where there are more labels than values, or fewer, nobody knows whose each is: all of them are that of the whole cell. O(n).
pub(crate) fn labelled<'a>(cell: &'a str, label: &'a str) -> Vec<LabelledPart<'a>> {
    let labels: Vec<&str> = label.split(GOOGLE.trim()).map(str::trim).collect();
    if labels.len() == 1 || labels.len() != cell.split(GOOGLE).count() {
        return vec![LabelledPart { label: label.trim(), text: cell }];
    }
    labels.into_iter().zip(cell.split(GOOGLE)).map(|(label, text)| LabelledPart { label, text }).collect()
}

/// The addresses in a cell. Semicolons, commas and line breaks separate only where every piece holds an
/// `@`, so a display name such as `"Doe; Ada" <ada@example.com>` stays in one piece. O(n).
pub(crate) fn emails(cell: &str) -> Vec<&str> {
    if cell.contains(GOOGLE) {
        return cell.split(GOOGLE).flat_map(emails).map(str::trim).filter(|piece| !piece.is_empty()).collect();
    }
    let cell = without_empty_ends(cell);
    let pieces = pieces(cell, &[';', ',', '\n']);
    match pieces.len() > 1 && pieces.iter().all(|piece| piece.contains('@')) {
        true => pieces,
        false if cell.is_empty() => Vec::new(),
        false => vec![cell],
    }
}

/// The numbers in a cell. A semicolon, a line break or a comma with a space or a plus behind it separates only
/// where a number follows: six digits of any script or more (behind a comma, which also dials extensions, eight),
/// and no `=`, as in `;ext=12` and the other parameters of a `tel:` address. O(n).
pub(crate) fn phones(cell: &str) -> Vec<&str> {
    if cell.contains(GOOGLE) {
        return cell.split(GOOGLE).flat_map(phones).map(str::trim).filter(|piece| !piece.is_empty()).collect();
    }
    let cell = without_empty_ends(cell);
    let mut pieces = Vec::new();
    let mut start = 0;
    for (at, separator) in cell.match_indices([';', '\n', ',']) {
        let (before, after) = (&cell[start..at], &cell[at + separator.len()..]);
        let next = after.split([';', '\n', ',']).next().unwrap_or_default();
        let min = if separator == "," { 8 } else { 6 };
        let separates = separator != "," || next.starts_with([' ', '+']);
        // What stands before is looked at last, so that a long cell costs one pass.
        if separates && has_digits(next, min) && !next.contains('=') && has_digits(before, min) {
            pieces.push(before.trim());
            start = at + separator.len();
        }
    }
    match pieces.is_empty() {
        true if cell.is_empty() => Vec::new(),
        true => vec![cell],
        false => {
            pieces.push(cell[start..].trim());
            pieces
        }
    }
}

/// The tags in a cell: separated by semicolons or, where there are none, by commas. O(n).
pub(crate) fn tags(cell: &str) -> Vec<&str> {
    if cell.contains(GOOGLE) {
        return cell.split(GOOGLE).map(str::trim).filter(|piece| !piece.is_empty()).collect();
    }
    let separator = if cell.contains(';') { ';' } else { ',' };
    if cell.contains(separator) { pieces(cell, &[separator]) } else { vec![cell] }
}

/// The channels in three cells, each as its kind, identity and account: several, if all cells hold equally
/// many pieces (accounts may be left out), each kind and identity says something. O(n).
pub(crate) fn channels<'a>(kind: &'a str, identity: &'a str, account: &'a str) -> Vec<(&'a str, &'a str, &'a str)> {
    let (kinds, identities): (Vec<&str>, Vec<&str>) = (kind.split(GOOGLE).collect(), identity.split(GOOGLE).collect());
    let accounts: Vec<&str> = match account {
        "" => vec![""; kinds.len()],
        account => account.split(GOOGLE).collect(),
    };
    let are_said = kinds.iter().chain(&identities).all(|piece| !piece.trim().is_empty());
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

/// A number of a WhatsApp account: digits alone begin with the code of the country, and the user's id holds its number. Any
/// other text stays, also more digits than that, as hidden ids have. O(n).
pub(crate) fn international(text: &str) -> Cow<'_, str> {
    let trimmed = text.trim();
    let number = trimmed.strip_suffix("@s.whatsapp.net").or_else(|| trimmed.strip_suffix("@c.us")).unwrap_or(trimmed);
    let is_bare = (8..=13).contains(&number.len())
        && !number.starts_with('0')
        && number.bytes().all(|byte| byte.is_ascii_digit());
    if is_bare { Cow::Owned(format!("+{number}")) } else { Cow::Borrowed(text) }
}

/// A cell without the first and the last elements of a list that are empty: `a@example.com;`. A cell that has none stays as
/// written; of one that has nothing else nothing is left.
fn without_empty_ends(cell: &str) -> &str {
    let is_end = |letter: char| matches!(letter, ';' | ',') || letter.is_whitespace();
    let text = cell.trim();
    let inner = text.strip_suffix(GOOGLE.trim()).unwrap_or(text);
    let inner = inner.strip_prefix(GOOGLE.trim()).unwrap_or(inner).trim_matches(is_end);
    if inner.len() == text.len() { cell } else { inner }
}

fn pieces<'a>(cell: &'a str, separators: &[char]) -> Vec<&'a str> {
    cell.split(separators).map(str::trim).filter(|piece| !piece.is_empty()).collect()
}

fn has_digits(piece: &str, min: usize) -> bool {
    piece.chars().filter(|c| c.is_numeric()).take(min).count() == min
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emails_are_split_where_every_piece_is_one() {
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
