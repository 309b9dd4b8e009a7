//! The rows of one chunk of a table or of JSON Lines.

use std::ops::Range;

use memchr::memchr;

use crate::csv::plain_record::{self, CellSpan, PlainLine};
use crate::csv::records::{CsvRecord, Records};
use crate::json::Json;
use crate::problem::Problem;
use crate::row::{IdOrigin, Item, LineIds, Row};
use crate::scan::key_row::KeyRow;
use crate::scan::layout::{CellReader, Layout};
use crate::scan::plain_object::PlainObjects;
use crate::values::zero_id;

/// A row of a table or of JSON Lines.
#[derive(Debug)]
pub enum TableRow<'a> {
    /// A row without problems. It has its names only after [`ChunkRows::with_names`].
    Plain(&'a KeyRow<'a>),
    /// Any other row. Its line numbers count from the first line of the chunk, which is 1, and an id that was made from a line
    /// number is meaningless.
    Other(Item),
}

/// A row and its position in the chunk.
#[derive(Debug)]
pub struct ChunkRow<'a> {
    /// The bytes of the row; may be empty for a row that gives no contact.
    pub span: Range<usize>,
    /// The first line of the row; the first line of the chunk is 1.
    pub line: u64,
    /// The row.
    pub row: TableRow<'a>,
}

/// How a chunk ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChunkEnd {
    /// The chunk ends where its last row ends.
    Whole,
    /// The chunk may end inside a row, so no row of it counts.
    Cut,
    /// Only a reader of the whole file can judge a row of the chunk, so no row of it counts.
    Unclear,
}

/// Reads the rows of a chunk one by one.
pub struct ChunkRows<'a> {
    chunk: &'a [u8],
    is_last: bool,
    at: usize,
    // The number of lines read.
    line: u64,
    layout: RowsOf<'a>,
    end: ChunkEnd,
}

/// How the rows of a chunk are read.
enum RowsOf<'a> {
    Cells(Box<CellRows<'a>>),
    Objects(Box<ObjectRows<'a>>),
}

struct CellRows<'a> {
    cells: &'a CellReader,
    // The chunk, if all of it is known to be UTF-8.
    text: Option<&'a str>,
    records: Option<Records>,
    spans: Vec<CellSpan>,
    key_row: KeyRow<'a>,
    reads_names: bool,
}

struct ObjectRows<'a> {
    json: Json,
    plain: PlainObjects,
    // The chunk, if all of it is known to be UTF-8.
    text: Option<&'a str>,
    key_row: KeyRow<'a>,
}

impl<'a> ChunkRows<'a> {
    /// Returns the rows of a chunk that is followed by another one.
    pub(crate) fn of_chunk(layout: &'a Layout, chunk: &'a [u8]) -> Self {
        Self { is_last: false, ..Self::of_last_chunk(layout, chunk) }
    }

    /// Returns the rows of the last chunk of a file.
    pub(crate) fn of_last_chunk(layout: &'a Layout, chunk: &'a [u8]) -> Self {
        Self::new(layout, chunk, simdutf8::basic::from_utf8(chunk).ok())
    }

    /// Returns the rows of a text of whole rows, of which only some are read: checking all of it for UTF-8 first would cost more
    /// than it saves.
    pub(crate) fn of_rows(layout: &'a Layout, chunk: &'a [u8]) -> Self {
        Self::new(layout, chunk, None)
    }

    fn new(layout: &'a Layout, chunk: &'a [u8], text: Option<&'a str>) -> Self {
        let layout = match layout {
            Layout::Cells(cells) => RowsOf::Cells(Box::new(CellRows {
                cells,
                text,
                records: None,
                spans: Vec::new(),
                key_row: KeyRow::default(),
                reads_names: false,
            })),
            Layout::Objects { workspace } => RowsOf::Objects(Box::new(ObjectRows {
                json: Json::lines_of_chunks(workspace.clone()),
                plain: PlainObjects::new(workspace.clone()),
                text,
                key_row: KeyRow::default(),
            })),
        };
        Self { chunk, is_last: true, at: 0, line: 0, layout, end: ChunkEnd::Whole }
    }

    /// Also reads the names of contacts.
    #[must_use]
    pub fn with_names(mut self) -> Self {
        match &mut self.layout {
            RowsOf::Cells(rows) => rows.reads_names = true,
            RowsOf::Objects(rows) => rows.plain.read_names(),
        }
        self
    }

    /// Returns the number of lines read.
    pub fn lines(&self) -> u64 {
        self.line
    }

    /// Returns how the chunk ended. Meaningful after [`read_next`](Self::read_next) has returned `None`.
    pub fn end(&self) -> ChunkEnd {
        self.end
    }

    /// Continues with the row that begins at offset `at`.
    pub fn go_to(&mut self, at: usize) {
        self.at = at;
    }

    /// Returns the next row, or `None` at the end of the chunk.
    pub fn read_next(&mut self) -> Option<ChunkRow<'_>> {
        match self.layout {
            RowsOf::Cells(_) => self.next_of_cells(),
            RowsOf::Objects(_) => self.next_of_objects(),
        }
    }

    fn next_of_objects(&mut self) -> Option<ChunkRow<'_>> {
        while let Some(next) = blank_line(self.chunk, self.at) {
            self.at = next;
            self.line += 1;
        }
        let start = self.at;
        let RowsOf::Objects(rows) = &mut self.layout else { return None };
        if let Some(next) = rows.read_key_row(self.chunk, start) {
            self.at = next;
            self.line += 1;
            // Borrowed a second time, so that the full reader may read the row otherwise.
            let RowsOf::Objects(rows) = &self.layout else { return None };
            return Some(ChunkRow { span: start..next, line: self.line, row: TableRow::Plain(&rows.key_row) });
        }
        rows.json.go_to(start, self.line);
        let item = rows.json.next_of(self.chunk);
        (self.at, self.line) = rows.json.place();
        if let Some(Item::Contact(row)) = &item
            && has_zero_id(row)
        {
            return self.stop(ChunkEnd::Unclear);
        }
        let (span, line) = match item.as_ref()? {
            Item::Contact(row) => (row.span.clone(), row.line),
            Item::Skipped { line, .. } | Item::Notice { line, .. } => (0..0, *line),
        };
        item.map(|item| ChunkRow { span, line, row: TableRow::Other(item) })
    }

    fn next_of_cells(&mut self) -> Option<ChunkRow<'_>> {
        let start = loop {
            if self.at >= self.chunk.len() {
                return None;
            }
            let RowsOf::Cells(rows) = &mut self.layout else { return None };
            match plain_record::read_line(self.chunk, self.at, rows.cells.delimiter(), &mut rows.spans) {
                PlainLine::Blank(next) => {
                    self.at = next;
                    self.line += 1;
                }
                PlainLine::Plain(next) if !has_mark(self.chunk, self.at) => {
                    let span = self.at..next;
                    if rows.reads_key_row(self.chunk, &span) {
                        self.at = next;
                        self.line += 1;
                        // Borrowed a second time, so that the loop may continue otherwise.
                        let RowsOf::Cells(rows) = &self.layout else { return None };
                        return Some(ChunkRow { span, line: self.line, row: TableRow::Plain(&rows.key_row) });
                    }
                    break self.at;
                }
                PlainLine::Plain(_) | PlainLine::Other => break self.at,
            }
        };
        self.other(start)
    }

    /// Reads the row at `start` by all rules of a table.
    fn other(&mut self, start: usize) -> Option<ChunkRow<'_>> {
        if has_mark(self.chunk, start) {
            return self.stop(ChunkEnd::Unclear);
        }
        let RowsOf::Cells(rows) = &mut self.layout else { return None };
        let cells = rows.cells;
        let records = rows.records.get_or_insert_with(|| cells.csv.records().restarted());
        records.go_to(start, self.line);
        let item = match records.next(self.chunk)? {
            CsvRecord::Unbalanced(_) if records.ran_out() && !self.is_last => return self.stop(ChunkEnd::Cut),
            CsvRecord::Unbalanced(line) => Item::Skipped { line, problem: Problem::UnbalancedQuote },
            CsvRecord::Read(line) => {
                let builder = cells.csv.builder(line, records);
                if builder.has_zero_id() {
                    return self.stop(ChunkEnd::Unclear);
                }
                builder.finish(&mut LineIds::unchecked(), self.chunk, records.span())
            }
        };
        let (span, line) = (records.span(), self.line + 1);
        (self.at, self.line) = (records.lines().at(), records.line());
        Some(ChunkRow { span, line, row: TableRow::Other(item) })
    }

    fn stop(&mut self, end: ChunkEnd) -> Option<ChunkRow<'_>> {
        self.at = self.chunk.len();
        self.end = end;
        None
    }
}

impl<'a> CellRows<'a> {
    /// Reads the plain line at `span`. Returns false if the line must be read by all rules.
    fn reads_key_row(&mut self, chunk: &'a [u8], span: &Range<usize>) -> bool {
        let text = match self.text {
            Some(text) => text.get(span.clone()),
            None => std::str::from_utf8(chunk.get(span.clone()).unwrap_or_default()).ok(),
        };
        let roles = &self.cells.roles;
        text.is_some_and(|text| {
            if self.reads_names {
                self.key_row.read(text, &self.spans, roles)
            } else {
                self.key_row.read_nameless(text, &self.spans, roles)
            }
        })
    }
}

impl<'a> ObjectRows<'a> {
    /// Reads the line at `start` if it is plain, and returns where the next one begins.
    fn read_key_row(&mut self, chunk: &'a [u8], start: usize) -> Option<usize> {
        let text = match self.text {
            Some(text) => text.get(start..)?,
            None => {
                let rest = chunk.get(start..)?;
                let line = memchr(b'\n', rest).map_or(rest, |feed| rest.get(..=feed).unwrap_or_default());
                std::str::from_utf8(line).ok()?
            }
        };
        self.plain.read(text, &mut self.key_row).map(|length| start + length)
    }
}

/// Returns where the next line begins, if the line of JSON Lines at `start` is blank.
fn blank_line(chunk: &[u8], start: usize) -> Option<usize> {
    let rest = chunk.get(start..)?;
    if !rest.first()?.is_ascii_whitespace() {
        return None;
    }
    let end = memchr(b'\n', rest);
    let line = end.map_or(rest, |end| rest.get(..end).unwrap_or_default());
    line.trim_ascii().is_empty().then(|| start + end.map_or(rest.len(), |end| end + 1))
}

/// Returns true if the id of a row consists of zeros. Whether such an id counts depends on all rows.
fn has_zero_id(row: &Row) -> bool {
    row.id_origin == IdOrigin::Given && zero_id::is_zero(&row.contact.id)
}

/// Returns true if a row begins with a byte order mark, which the parser skips or not, depending on what it has read before.
fn has_mark(chunk: &[u8], start: usize) -> bool {
    chunk.get(start..).is_some_and(|rest| rest.starts_with(b"\xef\xbb\xbf"))
}
