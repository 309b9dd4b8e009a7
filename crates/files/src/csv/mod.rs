//! Reads a table with a header as rows.

mod column_groups;
pub(crate) mod columns;
mod list_columns;
pub(crate) mod plain_record;
mod raw_cells;
mod record_end;
pub(crate) mod records;
mod writer;

use std::collections::BTreeSet;

use std::sync::Arc;

use onefold::Field;

use crate::csv::column_groups::ColumnGroups;
use crate::csv::columns::{Column, Columns};
use crate::csv::records::{CsvRecord, Records};
use crate::decoded_text;
use crate::input::lines::Lines;
use crate::mapping::header;
use crate::mapping::target::MappingTarget;
use crate::mapping::unread_column::{self, UnreadNames};
use crate::options::Options;
use crate::problem::{InputError, Problem};
use crate::row::{Item, LineIds, Row};
use crate::row_builder::RowBuilder;
use crate::values::zero_id::{self, ZeroIds};

pub(crate) const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

pub(crate) struct Csv {
    content: Arc<Vec<u8>>,
    records: Records,
    // Reads single rows.
    alone: Option<Records>,
    // Where the rows begin.
    header_end: usize,
    columns: Vec<Column>,
    // The same in groups, once a row has been written.
    groups: Option<ColumnGroups>,
    ids: LineIds,
    // Whether ids of zeros are ids; None until a row has one.
    zero_ids: Option<ZeroIds>,
    // The identifiers that no column has.
    lacking: Vec<String>,
    // The columns that are read as identifiers instead of their usual meaning.
    replaced: Vec<Problem>,
    // A header that is not a record, which is reported before the first row.
    unread: Option<Item>,
}

impl Csv {
    /// Reads the header of `content`, which has at least one line that is not blank.
    pub(crate) fn new(name: &str, content: Arc<Vec<u8>>, options: &Options) -> Result<Self, InputError> {
        let (lines, delimiter) = delimiter(&content);
        let mut records = Records::new(lines, delimiter);
        let unread = match records.next(&content) {
            Some(CsvRecord::Unbalanced(line)) => Some(Item::Skipped { line, problem: Problem::UnbalancedQuote }),
            _ => None,
        };
        if unread.is_some() {
            records.next(&content);
        }
        records.expect_same_width();
        let headers = headers(&records);
        let Columns { columns, lacking, replaced } = Columns::new(name, headers, options)?;
        let header_end = records.span().end;
        let zero_ids = Some(options.zero_ids).filter(|zero_ids| *zero_ids == ZeroIds::Placeholders);
        let ids = LineIds::default();
        Ok(Self {
            content,
            records,
            alone: None,
            header_end,
            columns,
            groups: None,
            ids,
            zero_ids,
            lacking,
            replaced,
            unread,
        })
    }

    /// Returns the number of the last line that was read.
    pub(crate) fn line(&self) -> u64 {
        self.records.line()
    }

    /// Returns the text of the table.
    pub(crate) fn content(&self) -> &[u8] {
        &self.content
    }

    /// Returns the lines before the first row.
    pub(crate) fn header(&self) -> &[u8] {
        self.content.get(..self.header_end).unwrap_or_default()
    }

    /// Returns the lines of the rows.
    pub(crate) fn rows(&self) -> &[u8] {
        self.content.get(self.header_end..).unwrap_or_default()
    }

    /// Returns a problem for each unread column with phones or emails, judged by the first of `rows`. O(n) in the sample.
    pub(crate) fn unread_in(&self, rows: &[u8]) -> Vec<Problem> {
        let mut names = UnreadNames::default();
        let replaced = self.replaced.iter().cloned();
        if self.columns.iter().any(Column::is_unread) {
            let sample = unread_column::sample(rows);
            let mut records = self.records.restarted();
            for _ in 0..unread_column::SAMPLED_ROWS {
                let Some(record) = records.next(sample) else { break };
                if matches!(record, CsvRecord::Unbalanced(_)) {
                    continue;
                }
                for (column, cell) in self.columns.iter().zip(records.cells()) {
                    if column.is_unread() && !cell.is_empty() {
                        names.look_at(&column.header, &decoded_text::read_silently(cell));
                    }
                }
            }
        }
        replaced.chain(names.problems()).collect()
    }

    /// Returns the identifiers of the options that have no column. They may still be in a column of all custom fields.
    pub(crate) fn lacking(&self) -> &[String] {
        &self.lacking
    }

    /// Returns true if the first line is no record, so that the header is the second one.
    pub(crate) fn begins_unread(&self) -> bool {
        self.unread.is_some()
    }

    /// Returns true if a column holds all custom fields.
    pub(crate) fn has_custom_fields(&self) -> bool {
        self.columns.iter().any(|column| column.target == Some(MappingTarget::CustomFields))
    }

    /// Returns whether ids of zeros are ids, as far as it is known.
    pub(crate) fn zero_ids(&self) -> ZeroIds {
        self.zero_ids.unwrap_or_default()
    }

    /// Returns true if the id of the last row consists of zeros and such ids are placeholders. The first call reads the remaining rows
    /// once.
    fn drops_zero_id(&mut self, builder: &RowBuilder) -> bool {
        if !builder.has_zero_id() {
            return false;
        }
        let zero_ids = self.zero_ids.unwrap_or_else(|| {
            if self.is_zero_repeated(&builder.contact.id) { ZeroIds::Placeholders } else { ZeroIds::UnlessRepeated }
        });
        self.zero_ids = Some(zero_ids);
        zero_ids == ZeroIds::Placeholders
    }

    /// Returns true if two rows have the same id of zeros: the row with the id `first` and the remaining ones.
    fn is_zero_repeated(&self, first: &str) -> bool {
        let is_id = |column: &Column| column.target == Some(MappingTarget::Id);
        let ids: Vec<usize> = (0..self.columns.len()).filter(|at| self.columns.get(*at).is_some_and(is_id)).collect();
        let mut zeros = BTreeSet::from([first.to_owned()]);
        let mut records = self.records.restarted();
        records.go_to(self.records.lines().at(), self.records.line());
        while let Some(record) = records.next(&self.content) {
            let cells = ids.iter().filter_map(|id| records.cells().nth(*id)).map(decoded_text::read_silently);
            let zero = cells.into_iter().find(|cell| zero_id::is_zero(cell));
            if matches!(record, CsvRecord::Read(_)) && zero.is_some_and(|zero| !zeros.insert(zero.into_owned())) {
                return true;
            }
        }
        false
    }

    /// Returns the columns in their order.
    pub(crate) fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Returns the reader of the table's records.
    pub(crate) fn records(&self) -> &Records {
        &self.records
    }

    /// Reads `segment` as a row of this table, or returns `None` if it is not exactly one row.
    pub(crate) fn reread(&mut self, segment: &[u8]) -> Option<Row> {
        let mut builder = self.with_record(segment, |csv, records, line| csv.builder(line, records))?;
        if builder.has_zero_id() && self.zero_ids() == ZeroIds::Placeholders {
            builder.forget_id();
        }
        match builder.finish(&mut LineIds::default(), segment, 0..segment.len()) {
            Item::Contact(row) => Some(row),
            _ => None,
        }
    }

    /// Returns what `take` makes of the record that `segment` is, if it is one and nothing else.
    pub(crate) fn with_record<T>(&mut self, segment: &[u8], take: impl FnOnce(&Self, &Records, u64) -> T) -> Option<T> {
        let mut records = self.alone.take().unwrap_or_else(|| self.records.restarted());
        records.restart();
        let taken = match records.next(segment) {
            Some(CsvRecord::Read(line)) if records.span() == (0..segment.len()) => Some(take(self, &records, line)),
            _ => None,
        };
        self.alone = Some(records);
        taken
    }

    pub(crate) fn next(&mut self) -> Option<Item> {
        if let Some(item) = self.unread.take() {
            return Some(item);
        }
        let line = match self.records.next(&self.content)? {
            CsvRecord::Read(line) => line,
            CsvRecord::Unbalanced(line) => return Some(Item::Skipped { line, problem: Problem::UnbalancedQuote }),
        };
        let mut builder = self.builder(line, &self.records);
        if self.drops_zero_id(&builder) {
            builder.forget_id();
        }
        Some(builder.finish(&mut self.ids, &self.content, self.records.span()))
    }

    /// Returns the values of the last record.
    pub(crate) fn builder(&self, line: u64, records: &Records) -> RowBuilder {
        let mut builder = RowBuilder::new(line);
        let mut extra = 0;
        for (index, cell) in records.cells().enumerate() {
            // Most cells of an export are empty.
            if cell.is_empty() {
                continue;
            }
            let text = decoded_text::read(cell, &mut builder);
            let Some(column) = self.columns.get(index) else {
                extra += usize::from(!text.trim().is_empty());
                continue;
            };
            if column.names_workspace && !text.trim().is_empty() {
                builder.workspace = Some(text.clone().into_owned());
            }
            if let Some(field) = &column.identifier {
                builder.put(Some(&MappingTarget::Field(field.clone())), &column.header, &text);
            }
            let label = column.label.and_then(|label| records.cells().nth(label)).map(decoded_text::read_silently);
            match (&column.target, label) {
                (Some(MappingTarget::Field(field)), Some(label)) => {
                    builder.put_labelled(field, &column.header, &label, &text);
                }
                (Some(MappingTarget::Field(field @ Field::Phone)), None) if column.is_whatsapp => {
                    let values = column.values(field, &text).into_iter();
                    values.for_each(|value| builder.put(column.target.as_ref(), &column.header, &value));
                }
                (None, _) if text.trim().is_empty() => {}
                (None, _) => builder.keep_as(column.unmapped.clone(), text.into_owned().into()),
                (target, _) => builder.put(target.as_ref(), &column.header, &text),
            }
        }
        if extra > 0 {
            builder.report(Problem::ExtraCells { count: extra });
        }
        builder
    }
}

/// Returns the position of the header and the delimiter: the one of a first line `sep=;`, as spreadsheets write it, or else the
/// one that gives the most known headers, or else the most headers.
fn delimiter(content: &[u8]) -> (Lines, u8) {
    let mut lines = Lines::new(content);
    if let Some(delimiter) = lines.peek(content).and_then(|line| said_delimiter(line.text(content))) {
        lines.next(content);
        return (lines, delimiter);
    }
    let known = |delimiter: u8| {
        let mut records = Records::new(lines.clone(), delimiter);
        records.next(content);
        let headers = headers(&records);
        (header::guess(&headers).iter().flatten().count(), headers.len())
    };
    // Of equals the last one wins, and a comma should.
    let best = DELIMITERS.into_iter().rev().max_by_key(|delimiter| known(*delimiter)).unwrap_or(b',');
    (lines, best)
}

/// Returns the delimiter of a first line `sep=;`, as spreadsheets write it: in any case, in quotes, or followed by more delimiters
/// if the line was saved as a row.
pub(crate) fn said_delimiter(line: &[u8]) -> Option<u8> {
    let line = line.trim_ascii_end();
    let (said, rest) = match line.strip_prefix(b"\"") {
        Some(quoted) => quoted.split_at_checked(quoted.iter().position(|byte| *byte == b'"')?)?,
        None => line.split_at_checked(5).unwrap_or((line, b"")),
    };
    let is_sep = said.get(..4)?.eq_ignore_ascii_case(b"sep=");
    let delimiter = match said.get(4..)? {
        [delimiter] => *delimiter,
        // The blanks behind a tab are cut off.
        [] if line.len() == 4 => b'\t',
        _ => return None,
    };
    let is_rest = |byte: &u8| matches!(byte, b'"') || *byte == delimiter || DELIMITERS.contains(byte);
    (is_sep && rest.iter().all(is_rest)).then_some(delimiter)
}

fn headers(records: &Records) -> Vec<String> {
    records.cells().map(|cell| decoded_text::read_silently(cell).into_owned()).collect()
}
