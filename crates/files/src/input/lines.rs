//! The physical lines of a text, with their numbers.

use std::ops::Range;

use memchr::memchr;

use crate::input::shape::{InputShape, LineEnd};

/// One line of the content, as byte offsets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// The line number; the first line is 1.
    pub(crate) number: u64,
    /// Where the line begins.
    pub(crate) start: usize,
    /// Where its text ends and its line end begins.
    pub(crate) end: usize,
    /// Where the next line begins.
    pub(crate) next: usize,
}

/// Reads the lines of a text.
///
/// Lines end with LF or CRLF, or with CR if the text has no LF at all. All carriage returns before a LF belong to the line end.
#[derive(Clone, Debug)]
pub(crate) struct Lines {
    at: usize,
    number: u64,
    end: u8,
}

impl Lines {
    /// Returns the lines of `content`.
    pub(crate) fn new(content: &[u8]) -> Self {
        let end = if memchr(b'\n', content).is_some() { b'\n' } else { b'\r' };
        Self { at: 0, number: 0, end }
    }

    /// Returns the lines of a text with these line ends.
    pub(crate) fn ending_in(end: LineEnd) -> Self {
        let end = match end {
            LineEnd::Feed => b'\n',
            LineEnd::Return => b'\r',
        };
        Self { at: 0, number: 0, end }
    }

    /// Returns the lines of other content with the same line ends, from its first line on.
    pub(crate) fn restarted(&self) -> Self {
        Self { at: 0, number: 0, end: self.end }
    }

    /// Continues with the line that begins at `at`, after `lines` lines.
    pub(crate) fn go_to(&mut self, at: usize, lines: u64) {
        (self.at, self.number) = (at, lines);
    }

    /// Returns the kind of line ends.
    pub(crate) fn end(&self) -> LineEnd {
        if self.end == b'\n' { LineEnd::Feed } else { LineEnd::Return }
    }

    /// Returns where the next line begins.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// Returns the number of the last line that was returned.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Returns the next line, if there is one.
    pub(crate) fn next(&mut self, content: &[u8]) -> Option<Line> {
        let line = self.peek(content)?;
        self.at = line.next;
        self.number = line.number;
        Some(line)
    }

    /// Returns the next line without advancing.
    pub(crate) fn peek(&self, content: &[u8]) -> Option<Line> {
        let rest = content.get(self.at..).filter(|rest| !rest.is_empty())?;
        let (text, length) = match memchr(self.end, rest) {
            Some(end) => (rest.get(..end).unwrap_or_default(), end + 1),
            None => (rest, rest.len()),
        };
        let returns = text.iter().rev().take_while(|byte| **byte == b'\r').count();
        Some(Line {
            number: self.number + 1,
            start: self.at,
            end: self.at + text.len() - returns,
            next: self.at + length,
        })
    }
}

impl Line {
    /// Returns the text of the line, without its line end.
    pub(crate) fn text<'a>(&self, content: &'a [u8]) -> &'a [u8] {
        content.get(self.start..self.end).unwrap_or_default()
    }

    /// Returns the line end, which is empty for the last line of some texts.
    pub(crate) fn ending<'a>(&self, content: &'a [u8]) -> &'a [u8] {
        content.get(self.end..self.next).unwrap_or_default()
    }
}

impl InputShape {
    /// Returns the lines of a text with these line ends, each with its line end.
    pub fn lines<'a>(&self, text: &'a [u8]) -> impl Iterator<Item = Range<usize>> + use<'a> {
        let mut lines = Lines::ending_in(self.line_end);
        std::iter::from_fn(move || lines.next(text).map(|line| line.start..line.next))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(content: &[u8], expected: &[&str]) {
        let mut lines = Lines::new(content);
        for (index, text) in expected.iter().enumerate() {
            let line = lines.next(content).expect("a line");
            assert_eq!((line.number, line.text(content)), (index as u64 + 1, text.as_bytes()));
        }
        assert_eq!(lines.next(content), None);
    }

    #[test]
    fn every_kind_of_line_end_is_known() {
        check(b"", &[]);
        check(b"a", &["a"]);
        check(b"a\nb\n", &["a", "b"]);
        check(b"a\r\n\r\nb", &["a", "", "b"]);
        check(b"a\rb\r", &["a", "b"]);
        check(b"a\rb\nc\r\r\nd", &["a\rb", "c", "d"]);
    }
}
