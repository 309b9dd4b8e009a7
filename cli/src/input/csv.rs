//! From a table with a header to rows.

use std::borrow::Cow;

use onefold::{Field, ValueRole, fold_name};

use crate::input::draft::{Draft, kept_as};
use crate::input::header;
use crate::input::lines::Lines;
use crate::input::options::Options;
use crate::input::problem::{InputError, Problem};
use crate::input::records::{Record, Records};
use crate::input::row::{Item, LineIds, Row};
use crate::input::split;
use crate::input::target::Target;
use crate::input::text;
use crate::input::unread::{self, UnreadNames};

pub(super) const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

pub(super) struct Csv {
    content: Vec<u8>,
    records: Records,
    // Reads single rows.
    alone: Option<Records>,
    // Where the rows begin.
    header_end: usize,
    columns: Vec<Column>,
    ids: LineIds,
    // A header that is no record, found before the first row.
    unread: Option<Item>,
}

/// A column of the table.
pub(super) struct Column {
    /// Its name, made up for a column without one.
    pub(super) header: String,
    /// What its cells mean.
    pub(super) target: Option<Target>,
    /// Whether its cells name the workspace.
    pub(super) names_workspace: bool,
    /// The column that says whose its values are.
    pub(super) label: Option<usize>,
    /// Whether a key comes from it under its own name: it is of a firm, or a fax.
    pub(super) has_role: bool,
    /// Whether its numbers are those of WhatsApp accounts.
    pub(super) is_whatsapp: bool,
}

impl Column {
    /// The values of a list field that a cell of the column holds. O(n).
    pub(super) fn values<'a>(&self, field: &Field, cell: &'a str) -> Vec<Cow<'a, str>> {
        let mut values = split::values(field, cell);
        if self.is_whatsapp {
            for value in &mut values {
                if let Cow::Owned(number) = split::international(value) {
                    *value = Cow::Owned(number);
                }
            }
        }
        values
    }

    /// Whether nothing is known of what it means, or it is a custom field that gives no keys.
    fn is_unread(&self) -> bool {
        let gives_none = matches!(self.target, None | Some(Target::Field(Field::Custom(_)))) && !self.has_role;
        gives_none && !self.names_workspace
    }
}

impl Csv {
    /// Reads the header of `content`, which has at least one line that is not blank.
    pub(super) fn new(name: &str, content: Vec<u8>, options: &Options) -> Result<Self, InputError> {
        let (lines, delimiter) = delimiter(&content);
        let mut records = Records::new(lines, delimiter);
        let unread = match records.next(&content) {
            Some(Record::Unbalanced(line)) => Some(Item::Skipped { line, problem: Problem::UnbalancedQuote }),
            _ => None,
        };
        if unread.is_some() {
            records.next(&content);
        }
        records.expect_same_width();
        let headers = headers(&records);
        let columns = columns(name, headers, options)?;
        let header_end = records.span().end;
        Ok(Self { content, records, alone: None, header_end, columns, ids: LineIds::default(), unread })
    }

    /// The number of the last line that was read.
    pub(super) fn line(&self) -> u64 {
        self.records.line()
    }

    /// The text of the table.
    pub(super) fn content(&self) -> &[u8] {
        &self.content
    }

    /// The lines before the first row.
    pub(super) fn header(&self) -> &[u8] {
        self.content.get(..self.header_end).unwrap_or_default()
    }

    /// The lines of the rows.
    pub(super) fn rows(&self) -> &[u8] {
        self.content.get(self.header_end..).unwrap_or_default()
    }

    /// What is to be said of columns that are not read, by the first rows of `rows`, the lines of the table's rows. O(n) in
    /// the sample.
    pub(super) fn unread_in(&self, rows: &[u8]) -> Vec<Problem> {
        let mut names = UnreadNames::default();
        if self.columns.iter().any(Column::is_unread) {
            let sample = unread::sample(rows);
            let mut records = self.records.again();
            for _ in 0..unread::SAMPLED_ROWS {
                let Some(record) = records.next(sample) else { break };
                if matches!(record, Record::Unbalanced(_)) {
                    continue;
                }
                for (column, cell) in self.columns.iter().zip(records.cells()) {
                    if column.is_unread() && !cell.is_empty() {
                        names.look_at(&column.header, &text::read_silently(cell));
                    }
                }
            }
        }
        names.problems()
    }

    /// The columns in their order.
    pub(super) fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// What tells the records of this table apart.
    pub(super) fn records(&self) -> &Records {
        &self.records
    }

    /// The row that `segment` would be in this table, if it is one row and nothing else.
    pub(super) fn reread(&mut self, segment: &[u8]) -> Option<Row> {
        let draft = self.with_record(segment, |csv, records, line| csv.draft(line, records))?;
        match draft.finish(&mut LineIds::default(), segment, 0..segment.len()) {
            Item::Contact(row) => Some(row),
            _ => None,
        }
    }

    /// What `take` makes of the record that `segment` is, if it is one and nothing else.
    pub(super) fn with_record<T>(&mut self, segment: &[u8], take: impl FnOnce(&Self, &Records, u64) -> T) -> Option<T> {
        let mut records = self.alone.take().unwrap_or_else(|| self.records.again());
        records.restart();
        let taken = match records.next(segment) {
            Some(Record::Read(line)) if records.span() == (0..segment.len()) => Some(take(self, &records, line)),
            _ => None,
        };
        self.alone = Some(records);
        taken
    }

    pub(super) fn next(&mut self) -> Option<Item> {
        if let Some(item) = self.unread.take() {
            return Some(item);
        }
        let line = match self.records.next(&self.content)? {
            Record::Read(line) => line,
            Record::Unbalanced(line) => return Some(Item::Skipped { line, problem: Problem::UnbalancedQuote }),
        };
        let draft = self.draft(line, &self.records);
        Some(draft.finish(&mut self.ids, &self.content, self.records.span()))
    }

    /// What the record that was read last says.
    pub(super) fn draft(&self, line: u64, records: &Records) -> Draft {
        let mut draft = Draft::new(line);
        let mut extra = 0;
        for (index, cell) in records.cells().enumerate() {
            // Most cells of an export are empty.
            if cell.is_empty() {
                continue;
            }
            let text = text::read(cell, &mut draft);
            let Some(column) = self.columns.get(index) else {
                extra += usize::from(!text.trim().is_empty());
                continue;
            };
            if column.names_workspace && !text.trim().is_empty() {
                draft.workspace = Some(text.clone().into_owned());
            }
            let label = column.label.and_then(|label| records.cells().nth(label)).map(text::read_silently);
            match (&column.target, label) {
                (Some(Target::Field(field)), Some(label)) => {
                    draft.put_labelled(field, &column.header, &label, &text);
                }
                (Some(Target::Field(field @ Field::Phone)), None) if column.is_whatsapp => {
                    let values = column.values(field, &text).into_iter();
                    values.for_each(|value| draft.put(column.target.as_ref(), &column.header, &value));
                }
                (target, _) => draft.put(target.as_ref(), &column.header, &text),
            }
        }
        if extra > 0 {
            draft.report(Problem::ExtraCells { count: extra });
        }
        draft
    }
}

/// Where the header is and what stands between its cells: what `sep=` says in a first line, as
/// spreadsheets write it, or else what gives the most headers that are known, or else the most headers.
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

/// What a first line says to stand between cells, as spreadsheets write it: `sep=;`, in any case, in quotes, or with more
/// delimiters behind it where the line was saved as a row.
pub(super) fn said_delimiter(line: &[u8]) -> Option<u8> {
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
    records.cells().map(|cell| text::read_silently(cell).into_owned()).collect()
}

fn columns(name: &str, headers: Vec<String>, options: &Options) -> Result<Vec<Column>, InputError> {
    let mut targets = header::guess(&headers);
    for mapping in &options.map {
        let target = mapping.target()?;
        targets.iter_mut().filter(|guess| guess.as_ref() == Some(&target)).for_each(|guess| *guess = None);
    }
    for mapping in &options.map {
        for index in find(name, &headers, &mapping.header)? {
            if let Some(target) = targets.get_mut(index) {
                *target = Some(mapping.target()?);
            }
        }
    }
    let workspace = match &options.workspace_column {
        Some(header) => find(name, &headers, header)?.first().copied(),
        None => None,
    };
    let has_role = |header: &str, target: &Option<Target>| match target {
        None => ValueRole::of_field(&kept_as(header)).is_some(),
        Some(Target::Field(field @ Field::Custom(_))) => ValueRole::of_field(field).is_some(),
        Some(_) => false,
    };
    let has = |part: &Target| targets.iter().flatten().any(|target| target == part);
    let has_channel = has(&Target::ChannelKind) && has(&Target::ChannelIdentity);
    let has_roles = headers.iter().zip(&targets).any(|(header, target)| has_role(header, target));
    if !has_channel && !has_roles && !targets.iter().flatten().any(header::identifies) {
        let looks_like_data =
            |header: &String| header.contains('@') || header.chars().filter(|c| c.is_numeric()).take(7).count() == 7;
        return Err(match headers.iter().any(looks_like_data) {
            // Values of a person are not shown.
            true => InputError::NoHeader { name: name.to_owned() },
            false => InputError::NoUsableColumn { name: name.to_owned(), headers: list(&headers) },
        });
    }
    let labels: Vec<Option<usize>> = targets
        .iter()
        .enumerate()
        .map(|(index, target)| match target {
            Some(Target::Field(Field::Email | Field::Phone)) => header::label_of(index, &headers),
            _ => None,
        })
        .collect();
    let column = |(index, (header, target)): (usize, (String, Option<Target>))| Column {
        label: labels.get(index).copied().flatten(),
        has_role: has_role(&header, &target),
        is_whatsapp: target == Some(Target::Field(Field::Phone)) && header::is_whatsapp(&header),
        header: if header.trim().is_empty() { format!("column {}", index + 1) } else { header },
        target,
        names_workspace: workspace == Some(index),
    };
    Ok(headers.into_iter().zip(targets).enumerate().map(column).collect())
}

/// The columns with a header: those that are written exactly so, or else those that differ in case,
/// accents, spaces and punctuation only.
fn find(name: &str, headers: &[String], wanted: &str) -> Result<Vec<usize>, InputError> {
    let all = |same: &dyn Fn(&str) -> bool| -> Vec<usize> {
        headers.iter().enumerate().filter(|(_, header)| same(header)).map(|(index, _)| index).collect()
    };
    let exact = all(&|header| header == wanted);
    let found = match exact.is_empty() {
        true => all(&|header| fold_name(header) == fold_name(wanted)),
        false => exact,
    };
    match found.is_empty() {
        true => {
            Err(InputError::UnknownHeader { name: name.to_owned(), header: wanted.to_owned(), headers: list(headers) })
        }
        false => Ok(found),
    }
}

fn list(headers: &[String]) -> String {
    let mut names: Vec<_> = headers.iter().take(10).map(|header| format!("{header:?}")).collect();
    if headers.len() > names.len() {
        names.push("others".to_owned());
    }
    names.join(", ")
}
