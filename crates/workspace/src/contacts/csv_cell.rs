//! Cells for spreadsheets, which run some texts as formulas.

use std::borrow::Cow;

/// The mark before a text that a spreadsheet would run.
const GUARD: char = '\'';

/// The form of texts in the cells of a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CsvCells {
    /// Texts that a spreadsheet would run get an apostrophe, as by [`guard_cell`].
    #[default]
    Guarded,
    /// Texts are written unchanged, for programs.
    AsWritten,
}

/// Returns a text as a cell that no spreadsheet runs as a formula.
///
/// A text gets an apostrophe in front if it begins with `=`, `@`, a tab, a carriage return or a line feed, or with `+`
/// or `-` without a number after it. Full-width forms of these signs count, and so do signs after white space. Numbers,
/// also those of phones, stay as they are. A text that begins with apostrophes before such a sign gets one more, so
/// that [`unguard_cell`] returns every text unchanged. Cost: O(n).
///
/// ```
/// use onefold_workspace::{guard_cell, unguard_cell};
///
/// assert_eq!(guard_cell("=HYPERLINK(A1)"), "'=HYPERLINK(A1)");
/// assert_eq!(guard_cell("+44 20 7946 0958"), "+44 20 7946 0958");
/// assert_eq!(unguard_cell(&guard_cell("'=A1")), "'=A1");
/// ```
pub fn guard_cell(text: &str) -> Cow<'_, str> {
    if runs(text.trim_start_matches(GUARD)) { Cow::Owned(format!("{GUARD}{text}")) } else { Cow::Borrowed(text) }
}

/// Returns the text from which [`guard_cell`] made the cell. Cost: O(n).
pub fn unguard_cell(cell: &str) -> &str {
    match cell.strip_prefix(GUARD) {
        Some(text) if runs(text.trim_start_matches(GUARD)) => text,
        _ => cell,
    }
}

/// Returns true if a spreadsheet would run a text as a formula.
fn runs(text: &str) -> bool {
    if text.starts_with(['\t', '\r', '\n']) {
        return true;
    }
    let mut chars = text.trim_start().chars();
    match chars.next() {
        Some('=' | '@' | '\u{ff1d}' | '\u{ff20}') => true,
        Some('+' | '-' | '\u{ff0b}' | '\u{ff0d}') => !is_number(chars.as_str()),
        _ => false,
    }
}

/// Returns true if the text after a sign is empty or a number of any kind. A phone may have an extension or a label.
fn is_number(text: &str) -> bool {
    let mut chars = text.chars().skip_while(|char| char.is_whitespace() || matches!(char, '(' | '-' | '.'));
    if chars.next().is_some_and(|char| !char.is_numeric()) {
        return false;
    }
    // Only formulas contain quotes, operators, names of sheets and programs, or calls of functions.
    let is_call = |pair: &[u8]| matches!(pair, [name, b'('] if name.is_ascii_alphanumeric() && !name.is_ascii_digit());
    let without_extension = text.replace("ext=", "");
    !without_extension.contains(['=', '|', '!', '"', '\'', '&', '*', '^', '<', '>', '$', '{', '[', '@', '%', '\\'])
        && !text.as_bytes().windows(2).any(is_call)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_is_guarded() {
        for text in [
            "=1+1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "+cmd|' /C calc'!A0",
            "+1+cmd|' /C calc'!A0",
            "+1+SUM(A1)",
            "-1-HYPERLINK(\"http://x.example\")",
            "+1;ext=9=A1",
            "-cmd",
            " =1",
            "\u{ff1d}1",
            "@handle",
            "- a note",
        ] {
            assert_eq!(guard_cell(text), format!("'{text}"));
        }
        for text in [
            "",
            "-",
            "-1.5",
            "+44 20 7946 0958",
            "+44 (0)20-7946/0958",
            "+(44) 20 7946 0958",
            "+12025550101;ext=123",
            "+1 202 555 0101 ext. 9",
            "+55 11 98765-4321 (WhatsApp)",
            "+1 202 555 0101 ::: +1 202 555 0102",
            "a=b",
            "ada@example.com",
            "'t Hooft",
            "1-2",
        ] {
            assert_eq!(guard_cell(text), text);
            assert_eq!(unguard_cell(text), text);
        }
    }

    #[test]
    fn every_text_comes_back() {
        let parts = ["", "'", "=", "+", "-", "@", "a", "1", " ", "\t"];
        for a in parts {
            for b in parts {
                for c in parts {
                    let text = [a, b, c].concat();
                    assert_eq!(unguard_cell(&guard_cell(&text)), text);
                }
            }
        }
    }
}
