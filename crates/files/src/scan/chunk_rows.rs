//! The rows of one chunk of a file.

use std::ops::Range;

use memchr::memchr;

use crate::Input;
use crate::csv::plain_record::{self, PlainLine};
use crate::csv::records::CsvRecord;
use crate::input::shape::LineEnd;
use crate::json::Json;
use crate::json::tokens::ElementsEnd;
use crate::options::Options;
use crate::problem::{InputError, Problem};
use crate::row::{IdOrigin, Item, LineIds};
use crate::scan::key_row::KeyRow;
use crate::scan::layout::Layout;
use crate::scan::plain_object::PlainObjects;
use crate::scan::plain_rows::{CellRows, ObjectRows};
use crate::scan::row_facts::RowFacts;
use crate::values::zero_id::ZeroIds;
use crate::vcard::VCards;

/// A row of a table or of JSON Lines.
#[derive(Debug)]
pub enum TableRow<'a> {
    /// A row without problems. It has its names only after [`ChunkRows::read_names`].
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

impl ChunkRow<'_> {
    /// Returns true if the row is a contact's and has no id.
    pub fn lacks_id(&self) -> bool {
        match &self.row {
            TableRow::Plain(row) => row.id.is_empty(),
            TableRow::Other(Item::Contact(row)) => row.id_origin == IdOrigin::Line,
            TableRow::Other(_) => false,
        }
    }
}

/// How a chunk ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChunkEnd {
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
    // The number of contacts read, if the rows cannot be read out of order.
    contacts: u32,
    layout: RowsOf<'a>,
    end: ChunkEnd,
    facts: RowFacts,
}

/// How the rows of a chunk are read.
enum RowsOf<'a> {
    Cells(Box<CellRows<'a>>),
    Objects(Box<ObjectRows<'a>>),
    Elements(Box<ObjectRows<'a>>),
    Cards(Box<VCards>),
    All(Box<Input>),
}

impl<'a> ChunkRows<'a> {
    /// Returns the rows of a chunk. Rows of another than the last chunk may go on in the next one.
    pub(crate) fn of_chunk(
        layout: &'a Layout,
        options: &Options,
        chunk: &'a [u8],
        is_last: bool,
        facts: RowFacts,
    ) -> Result<Self, InputError> {
        let text = simdutf8::basic::from_utf8(chunk).ok();
        Self::new(layout, options, chunk, text, is_last, facts)
    }

    /// Returns the vCards of a chunk.
    pub(crate) fn of_cards(cards: VCards, chunk: &'a [u8], is_last: bool, facts: RowFacts) -> Self {
        Self { is_last, ..Self::of(chunk, RowsOf::Cards(Box::new(cards)), facts) }
    }

    /// Returns the rows of a text of whole rows, of which only some are read: checking all of it for UTF-8 first would cost more
    /// than it saves.
    pub(crate) fn of_rows(
        layout: &'a Layout,
        options: &Options,
        chunk: &'a [u8],
        is_last: bool,
        facts: RowFacts,
    ) -> Result<Self, InputError> {
        Self::new(layout, options, chunk, None, is_last, facts)
    }

    /// Returns all rows of an input.
    pub(crate) fn of_input(input: Input, facts: RowFacts) -> Self {
        Self::of(&[], RowsOf::All(Box::new(input)), facts)
    }

    fn new(
        layout: &'a Layout,
        options: &Options,
        chunk: &'a [u8],
        text: Option<&'a str>,
        is_last: bool,
        facts: RowFacts,
    ) -> Result<Self, InputError> {
        let objects = |json: Json| -> Result<Box<ObjectRows<'a>>, InputError> {
            Ok(Box::new(ObjectRows {
                json,
                plain: PlainObjects::new(options)?,
                // The full reader finds mapped names.
                is_plain: options.map.is_empty(),
                text,
                key_row: KeyRow::default(),
            }))
        };
        let rows = match layout {
            Layout::Cells(cells) => RowsOf::Cells(Box::new(CellRows {
                cells,
                zero_ids: options.zero_ids,
                is_plain: true,
                text,
                records: None,
                spans: Vec::new(),
                key_row: KeyRow::default(),
                reads_names: false,
            })),
            Layout::Elements(_) => {
                RowsOf::Elements(objects(Json::elements_of_chunk(options, options.zero_ids, is_last)?)?)
            }
            Layout::Objects | Layout::Cards | Layout::OneChunk => {
                RowsOf::Objects(objects(Json::lines_of_chunks(options, options.zero_ids)?)?)
            }
        };
        Ok(Self { is_last, ..Self::of(chunk, rows, facts) })
    }

    fn of(chunk: &'a [u8], layout: RowsOf<'a>, facts: RowFacts) -> Self {
        Self { chunk, is_last: true, at: 0, line: 0, contacts: 0, layout, end: ChunkEnd::Whole, facts }
    }

    /// Also reads the names of contacts.
    pub fn read_names(&mut self) {
        match &mut self.layout {
            RowsOf::Cells(rows) => rows.reads_names = true,
            RowsOf::Objects(rows) | RowsOf::Elements(rows) => rows.plain.read_names(),
            RowsOf::Cards(_) | RowsOf::All(_) => {}
        }
    }

    /// From now on, builds the contact of every row.
    pub fn read_contacts(&mut self) {
        match &mut self.layout {
            RowsOf::Cells(rows) => rows.is_plain = false,
            RowsOf::Objects(rows) | RowsOf::Elements(rows) => rows.is_plain = false,
            RowsOf::Cards(_) | RowsOf::All(_) => {}
        }
    }

    /// Returns the line ends.
    pub fn line_end(&self) -> LineEnd {
        match &self.layout {
            RowsOf::All(input) => input.line_end(),
            RowsOf::Cells(_) | RowsOf::Objects(_) | RowsOf::Elements(_) | RowsOf::Cards(_) => LineEnd::Feed,
        }
    }

    /// Returns the number of lines read.
    pub fn lines(&self) -> u64 {
        self.line
    }

    /// Returns how the chunk ended. Meaningful after [`read_next`](Self::read_next) has returned `None`.
    pub(crate) fn end(&self) -> ChunkEnd {
        self.end
    }

    /// Returns true if a reader of the whole file took ids of zeros for placeholders.
    pub(crate) fn drops_zeros(&self) -> bool {
        matches!(&self.layout, RowsOf::All(input) if input.zero_ids() == ZeroIds::Placeholders)
    }

    /// Returns the facts about the rows read.
    pub(crate) fn take_facts(&mut self) -> RowFacts {
        if let RowsOf::Cards(cards) = &mut self.layout {
            self.facts.add_places(cards.take_places());
        }
        std::mem::take(&mut self.facts)
    }

    /// Returns the bytes of the chunk.
    pub fn text(&self) -> &[u8] {
        match &self.layout {
            RowsOf::All(input) => input.content(),
            RowsOf::Cells(_) | RowsOf::Objects(_) | RowsOf::Elements(_) | RowsOf::Cards(_) => self.chunk,
        }
    }

    /// Returns the row of the contact with this number in the chunk, which begins at offset `at`. Numbers must ascend.
    pub fn read_contact(&mut self, number: u32, at: usize) -> Option<ChunkRow<'_>> {
        match &mut self.layout {
            RowsOf::Cells(_) | RowsOf::Objects(_) => {
                self.at = at;
                return self.read_next();
            }
            RowsOf::Elements(rows) => {
                rows.json.go_to(at, 0);
                return self.read_next();
            }
            RowsOf::Cards(cards) => {
                cards.go_to(at);
                return self.read_next();
            }
            RowsOf::All(_) => {}
        }
        loop {
            let next = self.contacts;
            // Borrowed a second time, so that the loop may continue otherwise.
            let is_contact = |row: &ChunkRow<'_>| matches!(row.row, TableRow::Other(Item::Contact(_)));
            if next == number {
                let row = self.read_next()?;
                if is_contact(&row) {
                    let ChunkRow { span, line, row: TableRow::Other(item) } = row else { return None };
                    return Some(ChunkRow { span, line, row: TableRow::Other(item) });
                }
            } else {
                self.read_next()?;
            }
        }
    }

    /// Returns the next row, or `None` at the end of the chunk.
    pub fn read_next(&mut self) -> Option<ChunkRow<'_>> {
        match &mut self.layout {
            RowsOf::Cells(_) => self.next_of_cells(),
            RowsOf::Objects(_) => self.next_of_objects(),
            RowsOf::Elements(_) => self.next_of_elements(),
            RowsOf::Cards(cards) => {
                let item = cards.next_of(self.chunk);
                self.line = cards.line();
                if cards.is_cut() && !self.is_last {
                    return self.stop(ChunkEnd::Cut);
                }
                Some(self.of_item(item?))
            }
            RowsOf::All(input) => {
                let item = input.next();
                self.line = input.line();
                Some(self.of_item(item?))
            }
        }
    }

    fn of_item(&mut self, item: Item) -> ChunkRow<'a> {
        let (span, line) = match &item {
            Item::Contact(row) => {
                self.contacts += 1;
                self.facts.add(row);
                (row.span.clone(), row.line)
            }
            Item::Skipped { line, .. } | Item::Notice { line, .. } => (0..0, *line),
        };
        ChunkRow { span, line, row: TableRow::Other(item) }
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
            self.facts.add_plain(&rows.key_row);
            return Some(ChunkRow { span: start..next, line: self.line, row: TableRow::Plain(&rows.key_row) });
        }
        rows.json.go_to(start, self.line);
        let item = rows.json.next_of(self.chunk);
        (self.at, self.line) = rows.json.place();
        Some(self.of_item(item?))
    }

    fn next_of_elements(&mut self) -> Option<ChunkRow<'_>> {
        let RowsOf::Elements(rows) = &mut self.layout else { return None };
        let Some(object) = rows.json.next_object(self.chunk) else {
            let end = rows.json.elements_end(self.chunk);
            if end != ElementsEnd::Between && !self.is_last {
                return self.stop(ChunkEnd::Unclear);
            }
            let item = rows.json.next_of(self.chunk);
            self.line = rows.json.line().saturating_sub(1);
            return Some(self.of_item(item?));
        };
        if rows.json.elements_end(self.chunk) == ElementsEnd::Inside && !self.is_last {
            return self.stop(ChunkEnd::Cut);
        }
        let (span, line) = (object.span.clone(), object.line);
        self.line = rows.json.line().saturating_sub(1);
        if rows.read_element(&object) {
            // Borrowed a second time, so that the full reader may read the row otherwise.
            let RowsOf::Elements(rows) = &self.layout else { return None };
            self.facts.add_plain(&rows.key_row);
            return Some(ChunkRow { span, line, row: TableRow::Plain(&rows.key_row) });
        }
        let item = rows.json.item(object, self.chunk);
        Some(self.of_item(item))
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
                PlainLine::Plain(next) if rows.is_plain && !has_mark(self.chunk, self.at) => {
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
                let mut builder = cells.csv.builder(line, records);
                if rows.zero_ids == ZeroIds::Placeholders && builder.has_zero_id() {
                    builder.forget_id();
                }
                builder.finish(&mut LineIds::unchecked(), self.chunk, records.span())
            }
        };
        let (span, line) = (records.span(), self.line + 1);
        (self.at, self.line) = (records.lines().at(), records.line());
        if let Item::Contact(row) = &item {
            self.facts.add(row);
        }
        Some(ChunkRow { span, line, row: TableRow::Other(item) })
    }

    fn stop(&mut self, end: ChunkEnd) -> Option<ChunkRow<'_>> {
        self.at = self.chunk.len();
        self.end = end;
        None
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

/// Returns true if a row begins with a byte order mark, which the parser skips or not, depending on what it has read before.
fn has_mark(chunk: &[u8], start: usize) -> bool {
    chunk.get(start..).is_some_and(|rest| rest.starts_with(b"\xef\xbb\xbf"))
}
