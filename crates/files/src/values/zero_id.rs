//! Ids of zeros alone, as systems write them for records that have none.

/// What an id of zeros alone is, such as `0` or the UUID of zeros.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ZeroIds {
    /// An id, unless several rows of the input have the same one: a database may count from zero.
    #[default]
    UnlessRepeated,
    /// No id.
    Placeholders,
}

/// Returns true if a text is made of zeros, perhaps with dashes between them. O(n).
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
