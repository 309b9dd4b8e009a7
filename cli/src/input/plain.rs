//! The cells of a line that holds one whole record in a plain spelling, found without copying them.
//!
//! Plain is a line whose cells are bare, or in quotes from their first byte to their last. What a cell is does not depend
//! on the lines around it then, and is what `Records` would read.

use memchr::memchr2;

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
    loop {
        let cell = match line.get(start) {
            Some(b'"') => quoted(line, start + 1, delimiter),
            _ => bare(line, start, delimiter),
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
fn bare(line: &[u8], start: usize, delimiter: u8) -> Option<(Span, After)> {
    let end = find_either(line, start, delimiter, b'\n');
    let span = |end: usize| Some(Span { start: start.try_into().ok()?, end: end.try_into().ok()?, has_quotes: false });
    if line.get(end) == Some(&delimiter) {
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

/// Where the first of two bytes stands from `at` on; the end, if there is none. Cells are short, so that eight bytes at a
/// time are faster than a search that must be set up.
#[inline]
fn find_either(line: &[u8], mut at: usize, one: u8, other: u8) -> usize {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGHS: u64 = u64::from_le_bytes([0x80; 8]);
    let (ones, others) = (u64::from(one) * ONES, u64::from(other) * ONES);
    // The lowest bit that is set belongs to the first byte that is zero.
    let zeros = |word: u64| word.wrapping_sub(ONES) & !word & HIGHS;
    while let Some(eight) = line.get(at..at + 8).and_then(|eight| <[u8; 8]>::try_from(eight).ok()) {
        let word = u64::from_le_bytes(eight);
        let found = zeros(word ^ ones) | zeros(word ^ others);
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    let rest = line.get(at..).unwrap_or_default();
    at + rest.iter().position(|byte| *byte == one || *byte == other).unwrap_or(rest.len())
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
    fn bytes_are_found_wherever_they_stand() {
        for length in 0..30 {
            for place in 0..length {
                let mut line = vec![b'a'; length];
                line[place] = b',';
                assert_eq!(find_either(&line, 0, b',', b'\n'), place);
                assert_eq!(find_either(&line, place.min(3), b'\n', b','), place);
            }
            assert_eq!(find_either(&vec![0xff; length], 0, b',', b'\n'), length);
        }
    }
}
