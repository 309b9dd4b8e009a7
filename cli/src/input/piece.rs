//! The rows of a piece of a table, one by one.

use std::ops::Range;

use crate::input::brief::Brief;
use crate::input::plain::{self, Line, Span};
use crate::input::problem::Problem;
use crate::input::records::{Record, Records};
use crate::input::row::{Item, LineIds};
use crate::input::table::Table;

/// A row of a table.
#[derive(Debug)]
pub enum TableRow<'a> {
    /// A row in which nothing is wrong.
    Plain(&'a Brief<'a>),
    /// Any other row. Its lines are counted from the piece's first one, which is 1, and an id that is made from a line
    /// means nothing.
    Other(Item),
}

/// How a piece ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PieceEnd {
    /// Where its last row ends.
    Whole,
    /// Perhaps inside of a row, so that nothing that was read counts.
    Cut,
    /// With something that only a reader of the whole table can judge.
    Unclear,
}

/// The rows of a piece that were not read yet.
pub struct Rows<'a> {
    table: &'a Table,
    piece: &'a [u8],
    // The same, if all of it is UTF-8.
    text: Option<&'a str>,
    is_last: bool,
    at: usize,
    // How many lines were read.
    line: u64,
    records: Option<Records>,
    cells: Vec<Span>,
    brief: Brief<'a>,
    end: PieceEnd,
}

impl<'a> Rows<'a> {
    pub(super) fn new(table: &'a Table, piece: &'a [u8], is_last: bool) -> Self {
        let (cells, brief) = (Vec::new(), Brief::default());
        let text = std::str::from_utf8(piece).ok();
        Self { table, piece, text, is_last, at: 0, line: 0, records: None, cells, brief, end: PieceEnd::Whole }
    }

    /// How many lines were read.
    pub fn lines(&self) -> u64 {
        self.line
    }

    /// How the piece ended, once there is no next row.
    pub fn end(&self) -> PieceEnd {
        self.end
    }

    /// Goes to the row that begins at `at`.
    pub fn go_to(&mut self, at: usize) {
        self.at = at;
    }

    /// The next row, with its bytes and its first line.
    pub fn read_next(&mut self) -> Option<(Range<usize>, u64, TableRow<'_>)> {
        let start = loop {
            if self.at >= self.piece.len() {
                return None;
            }
            match plain::read_line(self.piece, self.at, self.table.csv.records().delimiter(), &mut self.cells) {
                Line::Blank(next) => {
                    self.at = next;
                    self.line += 1;
                }
                Line::Plain(next) if !self.has_mark(self.at) => {
                    let span = self.at..next;
                    let text = match self.text {
                        Some(text) => text.get(span.clone()),
                        None => std::str::from_utf8(self.piece.get(span.clone()).unwrap_or_default()).ok(),
                    };
                    if text.is_some_and(|text| self.brief.read(text, &self.cells, &self.table.roles)) {
                        self.at = next;
                        self.line += 1;
                        return Some((span, self.line, TableRow::Plain(&self.brief)));
                    }
                    break self.at;
                }
                Line::Plain(_) | Line::Other => break self.at,
            }
        };
        self.other(start)
    }

    /// A row that is read by all rules.
    fn other(&mut self, start: usize) -> Option<(Range<usize>, u64, TableRow<'_>)> {
        if self.has_mark(start) {
            return self.stop(PieceEnd::Unclear);
        }
        let records = self.records.get_or_insert_with(|| self.table.csv.records().again());
        records.go_to(start, self.line);
        let item = match records.next(self.piece)? {
            Record::Unbalanced(_) if records.ran_out() && !self.is_last => return self.stop(PieceEnd::Cut),
            Record::Unbalanced(line) => Item::Skipped { line, problem: Problem::UnbalancedQuote },
            Record::Read(line) => {
                let draft = self.table.csv.draft(line, records);
                draft.finish(&mut LineIds::unchecked(), self.piece, records.span())
            }
        };
        let (span, line) = (records.span(), self.line + 1);
        (self.at, self.line) = (records.lines().at(), records.line());
        Some((span, line, TableRow::Other(item)))
    }

    /// Whether a row begins with a byte order mark. The parser would pass over it or not, by what it has read before.
    fn has_mark(&self, start: usize) -> bool {
        self.piece.get(start..).is_some_and(|rest| rest.starts_with(b"\xef\xbb\xbf"))
    }

    fn stop(&mut self, end: PieceEnd) -> Option<(Range<usize>, u64, TableRow<'_>)> {
        self.at = self.piece.len();
        self.end = end;
        None
    }

    /// Writes the cells that decide about the row that was read last, which was plain, as a row of the same table.
    pub fn write_plain(&self, span: &Range<usize>, to: &mut Vec<u8>) {
        let line = self.piece.get(span.clone()).unwrap_or_default();
        let mut column = 0;
        for (index, _) in &self.table.roles.of {
            let Some(cell) = self.cells.get(*index) else { break };
            let delimiters = index - column;
            to.extend(std::iter::repeat_n(self.table.csv.records().delimiter(), delimiters));
            column = *index;
            // With the quotes around it.
            let (start, end) = (cell.start as usize, cell.end as usize);
            let is_quoted = start > 0 && line.get(end) == Some(&b'"') && line.get(start - 1) == Some(&b'"');
            let around = usize::from(is_quoted);
            to.extend_from_slice(line.get(start - around..end + around).unwrap_or_default());
        }
        to.push(b'\n');
    }
}
