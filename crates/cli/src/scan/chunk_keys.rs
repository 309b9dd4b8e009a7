//! The keys, ids and problems of one chunk of a table, which remain of it after the first pass.

use std::collections::{BTreeMap, HashMap};

use indicatif::ProgressBar;
use onefold::{Bulk, Reason};
use onefold_files::scan::{ChunkRows, TableRow};
use onefold_files::{IdOrigin, Item, LineEnd, Problem, Row};

use crate::report::{SHOWN_LINES, SHOWN_PROBLEMS};
use crate::scan::row_ids::{ChunkIds, RowIds};
use crate::scan::row_keys::RowKeys;

/// What the first pass reads from a chunk.
pub struct ChunkKeys {
    /// The keys of the contacts, by their numbers in the chunk.
    pub keys: Bulk,
    /// The ids of the contacts.
    pub ids: ChunkIds,
    /// The offsets at which the rows of the contacts begin.
    pub starts: Vec<u32>,
    // From which contact on the line number differs from the contact's number, and by how much.
    line_offsets: Vec<(u32, i64)>,
    // From which contact on the number of lines that belong to no row is this.
    gap_lines: Vec<(u32, u64)>,
    // The number of lines behind the last contact.
    last_lines: u64,
    /// True if a contact has no id.
    pub lacks_ids: bool,
    /// The number of values without a key, by the reason.
    pub rejections: BTreeMap<Reason, usize>,
    /// The problems to show, in the order of their rows.
    pub problems: Vec<RowProblem>,
    /// The number of problems of each kind.
    pub problem_counts: HashMap<ProblemKind, usize>,
    /// The number of problems of further kinds.
    pub uncounted: UncountedProblems,
}

/// A problem without its numbers, and whether it made rows be skipped.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProblemKind {
    /// The problem without its numbers.
    pub problem: Problem,
    /// True if the row gave no contact.
    pub is_skip: bool,
}

/// Problems of more kinds than are shown, of which only the number is known.
#[derive(Clone, Copy, Debug, Default)]
pub struct UncountedProblems {
    /// The number of problems.
    pub problems: usize,
    /// The number of those for which a row gave no contact.
    pub skipped: usize,
}

/// A usual row has more bytes than this.
const ROW_BYTES: usize = 100;

/// A problem of a row.
pub struct RowProblem {
    /// The number of contacts of the chunk before the problem; it may be a problem of the next one.
    pub contact: u32,
    /// The line in the chunk.
    pub line: u64,
    /// The problem.
    pub problem: Problem,
    /// True if the row gave no contact.
    pub is_skip: bool,
}

impl RowProblem {
    /// Returns the kind of the problem.
    pub fn kind(&self) -> ProblemKind {
        ProblemKind { problem: self.problem.without_numbers(), is_skip: self.is_skip }
    }
}

/// Reads the chunks of files in the first pass.
pub struct ChunkReader<'a> {
    /// An empty list of keys with the settings of the run.
    pub keys: &'a Bulk,
    /// The identifiers of the options.
    pub identifiers: &'a [String],
    /// True if a contact's country says how its numbers are read.
    pub reads_country: bool,
    /// Counts the contacts for the person who waits.
    pub progress: &'a ProgressBar,
}

impl ChunkReader<'_> {
    /// Reads the rows of a chunk. O(n), and O(k log k) for its k keys.
    pub fn read(&self, rows: &mut ChunkRows<'_>, ids: &RowIds) -> ChunkKeys {
        let mut chunk = ChunkKeys {
            keys: self.keys.part(),
            ids: ids.start(),
            starts: Vec::with_capacity(rows.text().len() / ROW_BYTES),
            line_offsets: Vec::new(),
            gap_lines: Vec::new(),
            last_lines: 0,
            lacks_ids: false,
            rejections: BTreeMap::new(),
            problems: Vec::new(),
            problem_counts: HashMap::new(),
            uncounted: UncountedProblems::default(),
        };
        let mut row_keys = RowKeys::new(self.reads_country, self.identifiers);
        let mut row_end = 0;
        while let Some(next) = rows.read_next() {
            let (line, span) = (next.line, next.span.clone());
            let is_contact = match next.row {
                TableRow::Plain(row) => {
                    chunk.add_contact(span.start, line);
                    chunk.lacks_ids |= row.id.is_empty();
                    ids.add(row.workspace, row.id, &mut chunk.ids);
                    row_keys.add(row, &mut chunk.keys);
                    true
                }
                TableRow::Other(Item::Contact(row)) => {
                    row.problems.iter().for_each(|problem| chunk.add_problem(line, problem.clone(), false));
                    chunk.add_contact(span.start, line);
                    let id = given_id(&row);
                    chunk.lacks_ids |= id.is_empty();
                    ids.add(row.workspace.as_deref(), id, &mut chunk.ids);
                    row_keys.add_contact(row.workspace.as_deref(), row.contact, &mut chunk.keys);
                    true
                }
                TableRow::Other(Item::Skipped { problem, .. }) => {
                    chunk.add_problem(line, problem, true);
                    false
                }
                TableRow::Other(Item::Notice { problem, .. }) => {
                    chunk.add_problem(line, problem, false);
                    false
                }
                TableRow::Other(_) => false,
            };
            if is_contact {
                if span.start > row_end {
                    let lines = line_count(rows.text().get(row_end..span.start).unwrap_or_default(), rows.line_end());
                    chunk.add_gap(lines);
                }
                row_end = span.end;
            }
        }
        chunk.last_lines = line_count(rows.text().get(row_end..).unwrap_or_default(), rows.line_end());
        self.progress.inc(chunk.starts.len() as u64);
        chunk.rejections = row_keys.rejections;
        chunk.keys.settle();
        chunk.ids.settle();
        chunk
    }

    /// Reads the ids of a chunk again, whose contacts begin at `starts`.
    pub fn read_ids(&self, rows: &mut ChunkRows<'_>, starts: &[u32], ids: &RowIds) -> Bulk {
        let mut read = ids.empty();
        for (number, &start) in (0..).zip(starts) {
            match rows.read_contact(number, start as usize).map(|next| next.row) {
                Some(TableRow::Plain(row)) => read.add_text(row.workspace, row.id),
                Some(TableRow::Other(Item::Contact(row))) => {
                    read.add_text(row.workspace.as_deref(), given_id(&row));
                }
                // Only if the file was changed meanwhile. The numbers of the other contacts must stay.
                Some(TableRow::Other(_)) | None => read.add_text(None, ""),
            }
        }
        read.settle();
        read
    }
}

/// Returns the number of lines of a text, of which the last one may have no line end. O(n).
pub fn line_count(text: &[u8], line_end: LineEnd) -> u64 {
    let end = match line_end {
        LineEnd::Feed => b'\n',
        LineEnd::Return => b'\r',
    };
    let open = text.last().is_some_and(|last| *last != end);
    memchr::memchr_iter(end, text).count() as u64 + u64::from(open)
}

/// Returns the id of a row, or an empty text if it was generated.
fn given_id(row: &Row) -> &str {
    if row.id_origin == IdOrigin::Given { row.contact.id.as_str() } else { "" }
}

impl ChunkKeys {
    fn add_contact(&mut self, start: usize, line: u64) {
        let contact = u32::try_from(self.starts.len()).unwrap_or(u32::MAX);
        let offset = line.cast_signed().saturating_sub(i64::from(contact));
        if self.line_offsets.last().is_none_or(|(_, last)| *last != offset) {
            self.line_offsets.push((contact, offset));
        }
        self.starts.push(u32::try_from(start).unwrap_or(u32::MAX));
    }

    /// Counts more lines before the last contact that belong to no row.
    fn add_gap(&mut self, lines: u64) {
        let before = self.gap_lines.last().map_or(0, |(_, before)| *before);
        self.gap_lines.push((self.contacts().saturating_sub(1), before + lines));
    }

    /// Returns the number of rows and other lines of the chunk.
    pub fn places(&self) -> u64 {
        u64::from(self.contacts()) + self.gap_lines.last().map_or(0, |(_, lines)| *lines) + self.last_lines
    }

    /// Returns the number of rows and other lines of the chunk before a contact, by its number in the chunk.
    pub fn place_of(&self, contact: u32) -> u64 {
        let next = self.gap_lines.partition_point(|(first, _)| *first <= contact);
        let gap = next.checked_sub(1).and_then(|last| self.gap_lines.get(last));
        u64::from(contact) + gap.map_or(0, |(_, lines)| *lines)
    }

    fn add_problem(&mut self, line: u64, problem: Problem, is_skip: bool) {
        let contact = u32::try_from(self.starts.len()).unwrap_or(u32::MAX);
        let problem = RowProblem { contact, line, problem, is_skip };
        let kind = problem.kind();
        if self.problem_counts.len() >= SHOWN_PROBLEMS && !self.problem_counts.contains_key(&kind) {
            self.uncounted.problems += 1;
            self.uncounted.skipped += usize::from(is_skip);
            return;
        }
        let count = self.problem_counts.entry(kind).or_default();
        *count += 1;
        // The lines of more than these are never shown.
        if *count <= SHOWN_LINES {
            self.problems.push(problem);
        }
    }

    /// Returns the number of contacts.
    pub fn contacts(&self) -> u32 {
        u32::try_from(self.starts.len()).unwrap_or(u32::MAX)
    }

    /// Returns the line of a contact in the chunk, by its number in the chunk.
    pub fn line_of(&self, contact: u32) -> u64 {
        let next = self.line_offsets.partition_point(|(first, _)| *first <= contact);
        let offset = next.checked_sub(1).and_then(|last| self.line_offsets.get(last));
        u64::from(contact).saturating_add_signed(offset.map_or(0, |(_, offset)| *offset))
    }
}
