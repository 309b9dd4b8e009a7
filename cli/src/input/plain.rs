//! The cells of a line that holds one whole record in a plain spelling, found without copying them.
//!
//! Plain is a line whose cells are bare, or in quotes from their first byte to their last. What a cell is does not depend
//! on the lines around it then, and is what `Records` would read.

use memchr::memchr2;
use wide::u8x16;

/// A cell, as a place in the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: u32,
    pub(super) end: u32,
    /// Whether two quotes stand for one in it.
    pub(super) has_quotes: bool,
}

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// It holds nothing but spaces, and is no record. The next line begins there.
    Blank(usize),
    /// It is a record in a plain spelling, and the next line begins there.
    Plain(usize),
    /// It may be a record, or a part of one.
    Other,
}

/// Reads the line of `content` that begins at `at`, which is not the end of the content. The places of its cells are
/// counted from `at`. O(n).
pub(super) fn read_line(content: &[u8], at: usize, delimiter: u8, cells: &mut Vec<Span>) -> Line {
    cells.clear();
    let line = content.get(at..).unwrap_or_default();
    if let Some(next) = blank(line) {
        return Line::Blank(at + next);
    }
    let mut start = 0;
    let mut marks = Marks::new(line, delimiter);
    loop {
        let cell = match line.get(start) {
            Some(b'"') => quoted(line, start + 1, delimiter),
            _ => bare(line, start, &mut marks),
        };
        let Some((span, after)) = cell else { return Line::Other };
        cells.push(span);
        match after {
            After::Cell(next) => start = next,
            After::Line(next) => return Line::Plain(at + next),
        }
    }
}

enum After {
    Cell(usize),
    Line(usize),
}

/// Where the next line begins, if this one is blank.
#[inline]
fn blank(line: &[u8]) -> Option<usize> {
    if !matches!(line.first(), Some(b' ' | b'\r' | b'\n')) {
        return None;
    }
    let spaces = line.iter().take_while(|byte| **byte == b' ').count();
    end_of_line(line, spaces)
}

/// Where the next line begins, if this one ends at `at` with what ends a line.
#[inline]
fn end_of_line(line: &[u8], at: usize) -> Option<usize> {
    let rest = line.get(at..).unwrap_or_default();
    let returns = rest.iter().take_while(|byte| **byte == b'\r').count();
    match rest.get(returns) {
        Some(b'\n') => Some(at + returns + 1),
        None => Some(at + returns),
        Some(_) => None,
    }
}

#[inline]
fn bare(line: &[u8], start: usize, marks: &mut Marks<'_>) -> Option<(Span, After)> {
    let end = marks.from(start);
    let span = |end: usize| Some(Span { start: start.try_into().ok()?, end: end.try_into().ok()?, has_quotes: false });
    if line.get(end).is_some_and(|mark| *mark != b'\n') {
        return Some((span(end)?, After::Cell(end + 1)));
    }
    let cell = line.get(start..end).unwrap_or_default();
    let returns = cell.iter().rev().take_while(|byte| **byte == b'\r').count();
    Some((span(end - returns)?, After::Line((end + 1).min(line.len()))))
}

fn quoted(line: &[u8], start: usize, delimiter: u8) -> Option<(Span, After)> {
    let mut has_quotes = false;
    let mut at = start;
    loop {
        at += memchr2(b'"', b'\n', line.get(at..)?)?;
        match (line.get(at), line.get(at + 1)) {
            (Some(b'"'), Some(b'"')) => {
                has_quotes = true;
                at += 2;
            }
            (Some(b'"'), _) => break,
            // The cell goes on in the next line.
            _ => return None,
        }
    }
    let span = Span { start: start.try_into().ok()?, end: at.try_into().ok()?, has_quotes };
    if line.get(at + 1) == Some(&delimiter) {
        return Some((span, After::Cell(at + 2)));
    }
    Some((span, After::Line(end_of_line(line, at + 1)?)))
}

/// How many bytes are looked at together.
const BLOCK: usize = 64;

/// Where delimiters and ends of lines stand in a line, found 64 bytes at a time, since most cells are shorter.
struct Marks<'a> {
    line: &'a [u8],
    delimiter: u8,
    // The block that was looked at last, and a bit for each of its marks.
    block: usize,
    marks: u64,
}

impl<'a> Marks<'a> {
    #[inline]
    fn new(line: &'a [u8], delimiter: u8) -> Self {
        Self { line, delimiter, block: 0, marks: marks(line, 0, delimiter) }
    }

    /// The first mark from `at` on, or the end. `at` never comes before an `at` of earlier.
    #[inline]
    fn from(&mut self, at: usize) -> usize {
        if at >= self.block + BLOCK {
            self.look_at(at);
        }
        let mut found = self.marks & (u64::MAX << (at - self.block));
        while found == 0 {
            if self.block + BLOCK >= self.line.len() {
                return self.line.len();
            }
            self.look_at(self.block + BLOCK);
            found = self.marks;
        }
        self.block + found.trailing_zeros() as usize
    }

    #[inline]
    fn look_at(&mut self, block: usize) {
        (self.block, self.marks) = (block, marks(self.line, block, self.delimiter));
    }
}

/// A bit for each delimiter and each end of a line among the 64 bytes from `at` on.
#[inline]
fn marks(line: &[u8], at: usize, delimiter: u8) -> u64 {
    let rest = line.get(at..).unwrap_or_default();
    match rest.first_chunk::<BLOCK>() {
        Some(block) => marks_of(block, delimiter),
        None => {
            let mut block = [0; BLOCK];
            block.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
            marks_of(&block, delimiter) & ((1 << rest.len()) - 1)
        }
    }
}

#[inline]
fn marks_of(block: &[u8; BLOCK], delimiter: u8) -> u64 {
    let (delimiters, feeds) = (u8x16::splat(delimiter), u8x16::splat(b'\n'));
    let (quarters, _) = block.as_chunks::<16>();
    quarters.iter().rev().fold(0, |marks, quarter| {
        let bytes = u8x16::new(*quarter);
        let found = bytes.simd_eq(delimiters) | bytes.simd_eq(feeds);
        marks << 16 | u64::from(found.to_bitmask())
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::input::lines::Lines;
    use crate::input::records::{Record, Records};

    proptest! {
        #[test]
        fn plain_lines_are_the_records_that_the_parser_reads(text in "[a\",\r\n ;\u{e9}]{0,24}") {
            let content = format!("a,b\n{text}");
            let content = content.as_bytes();
            let mut records = Records::new(Lines::new(content), b',');
            records.next(content);
            let mut at = 4;
            let mut cells = Vec::new();
            while at < content.len() {
                match read_line(content, at, b',', &mut cells) {
                    Line::Blank(next) => at = next,
                    Line::Plain(next) => {
                        let read = records.next(content);
                        prop_assert!(matches!(read, Some(Record::Read(_))));
                        prop_assert_eq!(records.span(), at..next);
                        let texts: Vec<Vec<u8>> = records.cells().map(<[u8]>::to_vec).collect();
                        let found: Vec<Vec<u8>> = cells.iter().map(|span| {
                            let cell = &content[at + span.start as usize..at + span.end as usize];
                            match span.has_quotes {
                                true => String::from_utf8_lossy(cell).replace("\"\"", "\"").into_bytes(),
                                false => cell.to_vec(),
                            }
                        }).collect();
                        prop_assert_eq!(found, texts);
                        at = next;
                    }
                    Line::Other => return Ok(()),
                }
            }
            prop_assert!(records.next(content).is_none());
        }
    }

    #[test]
    fn marks_are_found_wherever_they_stand() {
        for length in 0..200 {
            for place in 0..length {
                let mut line = vec![b'a'; length];
                line[place] = if place % 2 == 0 { b',' } else { b'\n' };
                let mut marks = Marks::new(&line, b',');
                assert_eq!((marks.from(place.min(3)), marks.from(place)), (place, place));
                assert_eq!(marks.from(place + 1), length);
            }
            assert_eq!(Marks::new(&vec![0xff; length], b',').from(0), length);
        }
    }
}
