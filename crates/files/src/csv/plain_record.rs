//! The cells of plain lines, which are read without copying.
//!
//! A line is plain if each cell is bare, or quoted from its first to its last byte. Its cells do not depend on other lines, and
//! `Records` would read the same.

use memchr::{memchr2, memchr3};
use wide::u8x16;

/// A cell, as offsets in the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CellSpan {
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// True if it has doubled quotes.
    pub(crate) has_quotes: bool,
    /// True if it has a comma, a semicolon or a colon, so that it may hold several values.
    pub(crate) may_be_several: bool,
}

/// The kind of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PlainLine {
    /// The line has only spaces. The next line begins at this offset.
    Blank(usize),
    /// The line is a plain record. The next line begins at this offset.
    Plain(usize),
    /// The line may be a record, or lie inside one.
    Other,
}

/// Reads the line of `content` that begins at `at`, which is not the end of the content. The places of its cells are
/// counted from `at`. O(n).
pub(crate) fn read_line(content: &[u8], at: usize, delimiter: u8, cells: &mut Vec<CellSpan>) -> PlainLine {
    cells.clear();
    let line = content.get(at..).unwrap_or_default();
    if let Some(next) = blank(line) {
        return PlainLine::Blank(at + next);
    }
    let mut start = 0;
    let mut marks = Marks::new(line, delimiter);
    loop {
        if line.get(start) == Some(&b'"') {
            let Some((span, after)) = quoted(line, start + 1, delimiter) else { return PlainLine::Other };
            cells.push(span);
            match after {
                After::Cell(next) => {
                    marks.go_to(next);
                    start = next;
                }
                After::Line(next) => return PlainLine::Plain(at + next),
            }
            continue;
        }
        let (end, may_be_several) = marks.next();
        let mut put = |end: usize| -> Option<()> {
            let (start, end) = (start as u32, u32::try_from(end).ok()?);
            cells.push(CellSpan { start, end, has_quotes: false, may_be_several });
            Some(())
        };
        if line.get(end).is_none_or(|mark| *mark == b'\n') {
            let cell = line.get(start..end).unwrap_or_default();
            let returns = cell.iter().rev().take_while(|byte| **byte == b'\r').count();
            return put(end - returns).map_or(PlainLine::Other, |()| PlainLine::Plain(at + (end + 1).min(line.len())));
        }
        if put(end).is_none() {
            return PlainLine::Other;
        }
        start = end + 1;
    }
}

enum After {
    Cell(usize),
    Line(usize),
}

/// Returns where the next line begins, if this one is blank.
#[inline]
fn blank(line: &[u8]) -> Option<usize> {
    if !matches!(line.first(), Some(b' ' | b'\r' | b'\n')) {
        return None;
    }
    let spaces = line.iter().take_while(|byte| **byte == b' ').count();
    end_of_line(line, spaces)
}

/// Returns where the next line begins, if this one ends at `at` with what ends a line.
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

fn quoted(line: &[u8], start: usize, delimiter: u8) -> Option<(CellSpan, After)> {
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
    let may_be_several = memchr3(b',', b';', b':', line.get(start..at)?).is_some();
    let span = CellSpan { start: start.try_into().ok()?, end: at.try_into().ok()?, has_quotes, may_be_several };
    if line.get(at + 1) == Some(&delimiter) {
        return Some((span, After::Cell(at + 2)));
    }
    Some((span, After::Line(end_of_line(line, at + 1)?)))
}

/// The number of bytes that are searched together.
const BLOCK: usize = 64;

/// Finds the delimiters and the end of a line, 64 bytes at a time, since most cells are shorter.
struct Marks<'a> {
    line: &'a [u8],
    delimiter: u8,
    // The block that was searched last.
    block: usize,
    cells: PlainCells,
}

/// The special bytes of a block, one bit for each byte.
#[derive(Clone, Copy, Default)]
struct PlainCells {
    /// A delimiter or an end of a line.
    marks: u64,
    /// A separator of values in a cell.
    separators: u64,
}

impl<'a> Marks<'a> {
    #[inline]
    fn new(line: &'a [u8], delimiter: u8) -> Self {
        Self { line, delimiter, block: 0, cells: PlainCells::at(line, 0, delimiter) }
    }

    /// Returns the next mark, or the end, and whether there is a separator on the way.
    #[inline]
    fn next(&mut self) -> (usize, bool) {
        let mut has_separator = false;
        while self.cells.marks == 0 {
            has_separator |= self.cells.separators != 0;
            if self.block + BLOCK >= self.line.len() {
                self.cells = PlainCells::default();
                return (self.line.len(), has_separator);
            }
            self.go_to(self.block + BLOCK);
        }
        let PlainCells { marks, separators } = self.cells;
        // The lowest bit, and those up to it.
        let up_to = marks ^ (marks - 1);
        let before = up_to >> 1;
        self.cells = PlainCells { marks: marks & !up_to, separators: separators & !up_to };
        (self.block + marks.trailing_zeros() as usize, has_separator | (separators & before != 0))
    }

    /// Goes on at a byte that is not before the block.
    #[inline]
    fn go_to(&mut self, at: usize) {
        (self.block, self.cells) = (at, PlainCells::at(self.line, at, self.delimiter));
    }
}

impl PlainCells {
    /// Returns what there is among the 64 bytes from `at` on.
    #[inline]
    fn at(line: &[u8], at: usize, delimiter: u8) -> Self {
        let rest = line.get(at..).unwrap_or_default();
        match rest.first_chunk::<BLOCK>() {
            Some(block) => Self::of(block, delimiter),
            None => {
                let mut block = [0; BLOCK];
                block.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
                let Self { marks, separators } = Self::of(&block, delimiter);
                let is_there = (1 << rest.len()) - 1;
                Self { marks: marks & is_there, separators: separators & is_there }
            }
        }
    }

    #[inline]
    fn of(block: &[u8; BLOCK], delimiter: u8) -> Self {
        let (delimiters, feeds) = (u8x16::splat(delimiter), u8x16::splat(b'\n'));
        // A colon and a semicolon differ in their last bit.
        let (commas, last_bits, semicolons) = (u8x16::splat(b','), u8x16::splat(1), u8x16::splat(b';'));
        let (quarters, _) = block.as_chunks::<16>();
        quarters.iter().rev().fold(Self::default(), |found, quarter| {
            let bytes = u8x16::new(*quarter);
            let marks = bytes.simd_eq(delimiters) | bytes.simd_eq(feeds);
            let separators = bytes.simd_eq(commas) | (bytes | last_bits).simd_eq(semicolons);
            Self {
                marks: found.marks << 16 | u64::from(marks.to_bitmask()),
                separators: found.separators << 16 | u64::from(separators.to_bitmask()),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::csv::records::{CsvRecord, Records};
    use crate::input::lines::Lines;

    proptest! {
        #[test]
        fn plain_lines_are_the_records_that_the_parser_reads(text in "[a\",\r\n ;:\u{e9}]{0,24}") {
            let content = format!("a,b\n{text}");
            let content = content.as_bytes();
            let mut records = Records::new(Lines::new(content), b',');
            records.next(content);
            let mut at = 4;
            let mut cells = Vec::new();
            while at < content.len() {
                match read_line(content, at, b',', &mut cells) {
                    PlainLine::Blank(next) => at = next,
                    PlainLine::Plain(next) => {
                        let read = records.next(content);
                        prop_assert!(matches!(read, Some(CsvRecord::Read(_))));
                        prop_assert_eq!(records.span(), at..next);
                        let texts: Vec<Vec<u8>> = records.cells().map(<[u8]>::to_vec).collect();
                        let found: Vec<Vec<u8>> = cells.iter().map(|span| {
                            let cell = &content[at + span.start as usize..at + span.end as usize];
                            assert_eq!(span.may_be_several, cell.iter().any(|byte| b",;:".contains(byte)));
                            if span.has_quotes { String::from_utf8_lossy(cell).replace("\"\"", "\"").into_bytes() } else { cell.to_vec() }
                        }).collect();
                        prop_assert_eq!(found, texts);
                        at = next;
                    }
                    PlainLine::Other => return Ok(()),
                }
            }
            prop_assert!(records.next(content).is_none());
        }
    }

    #[test]
    fn marks_are_found_wherever_they_stand() {
        let all = |line: &[u8], delimiter: u8, from: usize| {
            let mut marks = Marks::new(line, delimiter);
            marks.go_to(from);
            let mut found = vec![marks.next()];
            while found.last().is_some_and(|(at, _)| *at < line.len()) {
                found.push(marks.next());
            }
            found
        };
        for length in 0..200 {
            for place in 0..length {
                let mut line = vec![b'a'; length];
                line[place] = if place % 2 == 0 { b',' } else { b'\n' };
                for from in [0, place.min(3), place] {
                    assert_eq!(all(&line, b',', from), [(place, false), (length, false)]);
                }
                for separator in *b";:," {
                    let mut line = vec![b'a'; length];
                    line[place] = separator;
                    assert_eq!(all(&line, b'\t', 0), [(length, true)], "{place}");
                    assert_eq!(all(&line, b'\t', place), [(length, true)], "{place}");
                    assert_eq!(all(&line, b'\t', place + 1), [(length, false)], "{place}");
                    line.extend_from_slice(b"\ta");
                    assert_eq!(all(&line, b'\t', 0), [(length, true), (length + 2, false)], "{place}");
                    assert_eq!(all(&line, b'\t', place + 1), [(length, false), (length + 2, false)], "{place}");
                }
            }
            assert_eq!(Marks::new(&vec![0xff; length], b',').next(), (length, false));
        }
    }
}
