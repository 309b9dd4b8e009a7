//! Fillers that people type when they have no value.

/// Whether a text is a word for nothing.
pub(super) fn is_null_word(text: &str) -> bool {
    ["n/a", "null", "undefined", "none", "-", "-1"].iter().any(|word| text.eq_ignore_ascii_case(word))
}
