//! Ids that consist of zeros, as some systems write them for records without an id.

/// Whether ids that consist of zeros, such as `0` or the nil UUID, are ids.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ZeroIds {
    /// They are ids, unless several rows of the input have the same one: a database may count from zero.
    #[default]
    UnlessRepeated,
    /// They are not ids.
    Placeholders,
}

/// Returns true if a text consists of zeros and dashes. O(n).
pub(crate) fn is_zero(id: &str) -> bool {
    let id = id.trim().as_bytes();
    id.first() == Some(&b'0') && id.iter().all(|byte| matches!(byte, b'0' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_are_found_whatever_their_number() {
        for id in ["0", " 000 ", "00000000-0000-0000-0000-000000000000"] {
            assert!(is_zero(id), "{id}");
        }
        for id in ["", "-", "10", "01", "0x0", "o"] {
            assert!(!is_zero(id), "{id}");
        }
    }
}
