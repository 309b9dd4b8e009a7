//! Points in time that keep the form in which they were written.

use std::fmt;

/// A point in time with millisecond precision that keeps the form in which it was written.
///
/// Times are ordered by the point in time. Of two forms of one time, the number comes first.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time {
    millis: i64,
    // Invariant: an RFC 3339 text that denotes `millis` (with finer parts cut off), or `None` for a number.
    written: Option<Box<str>>,
}

impl Time {
    /// Returns the time at `millis` milliseconds since the Unix epoch, written as a number.
    pub fn from_millis(millis: i64) -> Self {
        Self { millis, written: None }
    }

    /// Returns the time that an RFC 3339 text with an offset denotes, or `None` if the text is not one.
    ///
    /// Fractions of a millisecond do not count, but stay in the text.
    pub fn parse(text: &str) -> Option<Self> {
        let timestamp: jiff::Timestamp = text.parse().ok()?;
        Some(Self { millis: timestamp.as_millisecond(), written: Some(text.into()) })
    }

    /// Returns the time in milliseconds since the Unix epoch.
    pub fn millis(&self) -> i64 {
        self.millis
    }

    /// Returns the text that the time was read from, or `None` if it was given as a number.
    pub fn written(&self) -> Option<&str> {
        self.written.as_deref()
    }
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Time(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_any_offset_and_remember_their_text() {
        let time = Time::parse("2023-08-14T21:52:33+02:00").expect("RFC 3339");
        assert_eq!(time.millis(), 1_692_042_753_000);
        assert_eq!(time.written(), Some("2023-08-14T21:52:33+02:00"));
        for text in ["", "yesterday", "2023-08-14", "2023-08-14T21:52:33", "2023-13-14T21:52:33Z"] {
            assert_eq!(Time::parse(text), None, "{text}");
        }
    }
}
