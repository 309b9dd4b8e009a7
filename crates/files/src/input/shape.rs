//! What the rows of an input have in common.

use crate::input::format::Format;

/// What the rows of an input have in common: with it and the options, one row can be read without the others.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InputShape {
    /// The format of the input.
    pub format: Format,
    /// The lines of a table before its first row; empty in other formats.
    pub header: Vec<u8>,
    /// What ends a line.
    pub line_end: LineEnd,
}

impl InputShape {
    /// The shape of an input in this format.
    pub fn new(format: Format, header: Vec<u8>, line_end: LineEnd) -> Self {
        Self { format, header, line_end }
    }
}

/// What ends a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineEnd {
    /// A line feed, perhaps with carriage returns before it.
    Feed,
    /// A carriage return, in a text that has no line feed at all.
    Return,
}
