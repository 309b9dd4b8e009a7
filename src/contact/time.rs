//! Points in time, and times that keep the form in which they were written.

use std::fmt;

/// A point in time, as a number of milliseconds since the Unix epoch. The default is the epoch itself.
///
/// The serialised form is the number. A value that was written as text is a [`WrittenTime`].
///
/// ```
/// use onefold::Time;
///
/// let time = Time::parse("2023-11-14T23:13:20+01:00").expect("RFC 3339");
/// assert_eq!(time, Time::from_millis(1_700_000_000_000));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub struct Time(i64);

impl Time {
    /// The earliest time that can be represented.
    pub const MIN: Self = Self(i64::MIN);
    /// The latest time that can be represented.
    pub const MAX: Self = Self(i64::MAX);

    /// Returns the time at `millis` milliseconds since the Unix epoch.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Returns the time that an RFC 3339 text with an offset denotes, or `None` if the text is not one.
    ///
    /// Fractions of a millisecond are cut off.
    pub fn parse(text: &str) -> Option<Self> {
        let timestamp: jiff::Timestamp = text.parse().ok()?;
        Some(Self(timestamp.as_millisecond()))
    }

    /// Returns the number of milliseconds since the Unix epoch.
    pub const fn millis(self) -> i64 {
        self.0
    }
}

/// A point in time with the form in which it was written: a number of milliseconds, or an RFC 3339 text.
///
/// Times are ordered by the point in time. Of two forms of one time, the number comes first. `Debug` does not show the
/// time.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WrittenTime {
    time: Time,
    // Invariant: an RFC 3339 text that denotes `time`, or `None` for a number.
    text: Option<Box<str>>,
}

impl WrittenTime {
    /// Returns the time that an RFC 3339 text with an offset denotes, with the text, or `None` if the text is not one.
    ///
    /// Fractions of a millisecond do not count, but stay in the text.
    pub fn parse(text: &str) -> Option<Self> {
        Time::parse(text).map(|time| Self { time, text: Some(text.into()) })
    }

    /// Returns the point in time.
    pub fn time(&self) -> Time {
        self.time
    }

    /// Returns the text that the time was read from, or `None` if it was written as a number.
    pub fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }
}

impl From<Time> for WrittenTime {
    /// Returns the time, written as a number.
    fn from(time: Time) -> Self {
        Self { time, text: None }
    }
}

impl fmt::Debug for WrittenTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WrittenTime(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_any_offset_and_remember_their_text() {
        let time = WrittenTime::parse("2023-08-14T21:52:33+02:00").expect("RFC 3339");
        assert_eq!(time.time().millis(), 1_692_042_753_000);
        assert_eq!(time.text(), Some("2023-08-14T21:52:33+02:00"));
        for text in ["", "yesterday", "2023-08-14", "2023-08-14T21:52:33", "2023-13-14T21:52:33Z"] {
            assert_eq!(WrittenTime::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_text_does_not_belong_to_the_point_in_time() {
        let written = WrittenTime::parse("2024-01-01T00:00:00Z").expect("RFC 3339");
        let number = WrittenTime::from(Time::from_millis(1_704_067_200_000));
        assert_eq!(written.time(), number.time());
        assert!(number < written && written < Time::from_millis(1_704_067_200_001).into());
    }

    #[cfg(feature = "serde")]
    #[test]
    fn a_time_is_serialised_as_its_number() {
        let time = Time::from_millis(-5);
        assert_eq!(serde_json::to_string(&Some(time)).expect("JSON"), "-5");
        assert_eq!(serde_json::from_str::<Time>("-5").expect("a number"), time);
        assert!(serde_json::from_str::<Time>("\"1970-01-01T00:00:00Z\"").is_err());
    }
}
