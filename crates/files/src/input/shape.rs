//! The shape of an input: its format, header and line ends.

use crate::input::format::Format;

/// The format, header and line ends of an input. With it and the options, [`like`](crate::like) reads single rows.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InputShape {
    /// The format of the input.
    pub format: Format,
    /// The lines of a table before its first row; empty for other formats.
    pub header: Vec<u8>,
    /// The line ends.
    pub line_end: LineEnd,
}

impl InputShape {
    /// Returns a shape of these values.
    pub fn new(format: Format, header: Vec<u8>, line_end: LineEnd) -> Self {
        Self { format, header, line_end }
    }
}

/// The line ends of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineEnd {
    /// A line feed, with or without carriage returns before it.
    Feed,
    /// A carriage return, in a text without any line feed.
    Return,
}
