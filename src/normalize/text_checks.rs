//! Checks of a text before it is read as an identifier of any kind.

use crate::key::Reason;
use crate::normalize::placeholder;

/// Checks a trimmed text of at most `limit` bytes. Cost: O(n).
///
/// # Errors
/// - [`Reason::Empty`] if the text is empty.
/// - [`Reason::TooLong`] if it has more than `limit` bytes.
/// - [`Reason::ControlCharacter`] if it contains a control character.
/// - [`Reason::Placeholder`] if it is a word for a missing value.
pub(crate) fn check(text: &str, limit: usize) -> Result<(), Reason> {
    if text.is_empty() {
        Err(Reason::Empty)
    } else if text.len() > limit {
        Err(Reason::TooLong)
    } else if text.chars().any(char::is_control) {
        Err(Reason::ControlCharacter)
    } else if placeholder::is_null_word(text) {
        Err(Reason::Placeholder)
    } else {
        Ok(())
    }
}

/// Returns true if a character is invisible: zero-width characters and marks for the direction of text.
pub(crate) fn is_without_width(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fault_has_its_reason_and_the_limit_itself_is_none() {
        assert_eq!(check("", 5), Err(Reason::Empty));
        assert_eq!(check("123456", 5), Err(Reason::TooLong));
        assert_eq!(check("1\u{0}2", 5), Err(Reason::ControlCharacter));
        assert_eq!(check("n/a", 5), Err(Reason::Placeholder));
        assert_eq!(check("12345", 5), Ok(()));
    }
}
