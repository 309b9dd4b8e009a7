//! The rows of a piece of a table or of JSON Lines, one by one.

use std::ops::Range;

use crate::csv::plain_record::{self, CellSpan, PlainLine};
use crate::csv::records::{CsvRecord, Records};
use crate::json::Json;
use crate::problem::Problem;
use crate::row::{IdOrigin, Item, LineIds, Row};
use crate::scan::key_row::KeyRow;
use crate::scan::table::{CellReader, ChunkedFile, Layout};
use crate::values::zero_id;

/// A row of a table.
#[derive(Debug)]
pub enum TableRow<'a> {
    /// A row in which nothing is wrong; only who asked for names has them in the brief.
    Plain(&'a KeyRow<'a>),
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
pub struct ChunkRows<'a> {
    piece: &'a [u8],
    is_last: bool,
    at: usize,
    // How many lines were read.
    line: u64,
    layout: RowsOf<'a>,
    end: PieceEnd,
}

/// How the rows of a piece are read.
enum RowsOf<'a> {
    Cells(Box<CellRows<'a>>),
    Objects(Box<Json>),
}

struct CellRows<'a> {
    cells: &'a CellReader,
    // The piece, if it is known that all of it is UTF-8.
    text: Option<&'a str>,
    records: Option<Records>,
    spans: Vec<CellSpan>,
    brief: KeyRow<'a>,
    reads_names: bool,
}

impl<'a> ChunkRows<'a> {
    pub(crate) fn new(table: &'a ChunkedFile, (piece, text): (&'a [u8], Option<&'a str>), is_last: bool) -> Self {
        let layout = match &table.layout {
            Layout::Cells(cells) => RowsOf::Cells(Box::new(CellRows {
                cells,
                text,
                records: None,
                spans: Vec::new(),
                brief: KeyRow::default(),
                reads_names: false,
            })),
            Layout::Objects { workspace } => RowsOf::Objects(Box::new(Json::lines_of_pieces(workspace.clone()))),
        };
        Self { piece, is_last, at: 0, line: 0, layout, end: PieceEnd::Whole }
    }

    /// The same with the names of contacts, which are left out of briefs otherwise.
    #[must_use]
    pub fn with_names(mut self) -> Self {
        if let RowsOf::Cells(rows) = &mut self.layout {
            rows.reads_names = true;
        }
        self
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

    /// The next row, with its bytes and its first line. The bytes of a row that gives no contact may be none.
    pub fn read_next(&mut self) -> Option<(Range<usize>, u64, TableRow<'_>)> {
        match &mut self.layout {
            RowsOf::Cells(_) => self.next_of_cells(),
            RowsOf::Objects(json) => {
                json.go_to(self.at, self.line);
                let item = json.next_of(self.piece);
                (self.at, self.line) = json.place();
                if let Some(Item::Contact(row)) = &item
                    && has_zero_id(row)
                {
                    return self.stop(PieceEnd::Unclear);
                }
                let (span, line) = match item.as_ref()? {
                    Item::Contact(row) => (row.span.clone(), row.line),
                    Item::Skipped { line, .. } | Item::Notice { line, .. } => (0..0, *line),
                };
                item.map(|item| (span, line, TableRow::Other(item)))
            }
        }
    }

    fn next_of_cells(&mut self) -> Option<(Range<usize>, u64, TableRow<'_>)> {
        let start = loop {
            if self.at >= self.piece.len() {
                return None;
            }
            let RowsOf::Cells(rows) = &mut self.layout else { return None };
            match plain_record::read_line(self.piece, self.at, rows.cells.delimiter(), &mut rows.spans) {
                PlainLine::Blank(next) => {
                    self.at = next;
                    self.line += 1;
                }
                PlainLine::Plain(next) if !has_mark(self.piece, self.at) => {
                    let span = self.at..next;
                    if rows.reads_brief(self.piece, &span) {
                        self.at = next;
                        self.line += 1;
                        // Borrowed once more, so that the loop may go on otherwise.
                        let RowsOf::Cells(rows) = &self.layout else { return None };
                        return Some((span, self.line, TableRow::Plain(&rows.brief)));
                    }
                    break self.at;
                }
                PlainLine::Plain(_) | PlainLine::Other => break self.at,
            }
        };
        self.other(start)
    }

    /// A row that is read by all rules.
    fn other(&mut self, start: usize) -> Option<(Range<usize>, u64, TableRow<'_>)> {
        if has_mark(self.piece, start) {
            return self.stop(PieceEnd::Unclear);
        }
        let RowsOf::Cells(rows) = &mut self.layout else { return None };
        let cells = rows.cells;
        let records = rows.records.get_or_insert_with(|| cells.csv.records().again());
        records.go_to(start, self.line);
        let item = match records.next(self.piece)? {
            CsvRecord::Unbalanced(_) if records.ran_out() && !self.is_last => return self.stop(PieceEnd::Cut),
            CsvRecord::Unbalanced(line) => Item::Skipped { line, problem: Problem::UnbalancedQuote },
            CsvRecord::Read(line) => {
                let draft = cells.csv.draft(line, records);
                if draft.has_zero_id() {
                    return self.stop(PieceEnd::Unclear);
                }
                draft.finish(&mut LineIds::unchecked(), self.piece, records.span())
            }
        };
        let (span, line) = (records.span(), self.line + 1);
        (self.at, self.line) = (records.lines().at(), records.line());
        Some((span, line, TableRow::Other(item)))
    }

    fn stop(&mut self, end: PieceEnd) -> Option<(Range<usize>, u64, TableRow<'_>)> {
        self.at = self.piece.len();
        self.end = end;
        None
    }
}

impl<'a> CellRows<'a> {
    /// Whether the plain line that was found last says what a brief can hold.
    fn reads_brief(&mut self, piece: &'a [u8], span: &Range<usize>) -> bool {
        let text = match self.text {
            Some(text) => text.get(span.clone()),
            None => std::str::from_utf8(piece.get(span.clone()).unwrap_or_default()).ok(),
        };
        let roles = &self.cells.roles;
        text.is_some_and(|text| {
            if self.reads_names {
                self.brief.read(text, &self.spans, roles)
            } else {
                self.brief.read_nameless(text, &self.spans, roles)
            }
        })
    }
}

/// Whether the id of a row is of zeros alone: whether it is one depends on all rows.
fn has_zero_id(row: &Row) -> bool {
    row.id_origin == IdOrigin::Given && zero_id::is_zero(&row.contact.id)
}

/// Whether a row begins with a byte order mark. The parser would pass over it or not, by what it has read before.
fn has_mark(piece: &[u8], start: usize) -> bool {
    piece.get(start..).is_some_and(|rest| rest.starts_with(b"\xef\xbb\xbf"))
}
