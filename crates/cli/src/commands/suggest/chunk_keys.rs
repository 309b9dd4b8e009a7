//! The keys, ids and problems of one chunk of a table, which remain of it after the first pass.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use onefold::{Bulk, Reason};
use onefold_files::scan::{ChunkEnd, ChunkedFile, TableRow};
use onefold_files::{IdOrigin, Item, Problem, Row};

use crate::commands::suggest::row_ids::{ChunkIds, RowIds};
use crate::commands::suggest::row_keys::RowKeys;
use crate::report::{SHOWN_LINES, SHOWN_PROBLEMS};

/// What the first pass reads from a chunk.
pub struct ChunkKeys {
    /// The bytes of the chunk in the table.
    pub range: Range<usize>,
    /// How the chunk ended.
    pub end: ChunkEnd,
    /// The keys of the contacts, by their numbers in the chunk.
    pub keys: Bulk,
    /// The ids of the contacts.
    pub ids: ChunkIds,
    /// The offsets at which the rows of the contacts begin.
    pub starts: Vec<u32>,
    // From which contact on the line number exceeds the contact's number, and by how much.
    line_offsets: Vec<(u32, u64)>,
    /// The number of lines.
    pub lines: u64,
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

/// Reads the chunks of a table in the first pass.
pub struct ChunkReader<'a> {
    /// The table.
    pub table: &'a ChunkedFile,
    /// An empty list of keys with the settings of the run.
    pub keys: &'a Bulk,
    /// How ids are compared.
    pub ids: &'a RowIds,
    /// True if a contact's country says how its numbers are read.
    pub reads_country: bool,
}

impl ChunkReader<'_> {
    /// Reads the chunk at `range`, whose text is `text`. O(n), and O(k log k) for its k keys.
    pub fn read(&self, range: Range<usize>, text: &[u8]) -> ChunkKeys {
        let mut rows = self.table.rows(&range, text);
        let mut chunk = ChunkKeys {
            range,
            end: ChunkEnd::Whole,
            keys: self.keys.part(),
            ids: self.ids.start(),
            starts: Vec::with_capacity(text.len() / ROW_BYTES),
            line_offsets: Vec::new(),
            lines: 0,
            lacks_ids: false,
            rejections: BTreeMap::new(),
            problems: Vec::new(),
            problem_counts: HashMap::new(),
            uncounted: UncountedProblems::default(),
        };
        let mut row_keys = if self.reads_country { RowKeys::by_country() } else { RowKeys::new() };
        while let Some(next) = rows.read_next() {
            let line = next.line;
            match next.row {
                TableRow::Plain(row) => {
                    chunk.add_contact(next.span.start, line);
                    chunk.lacks_ids |= row.id.is_empty();
                    self.ids.add(row.workspace, row.id, &mut chunk.ids);
                    row_keys.add(row, &mut chunk.keys);
                }
                TableRow::Other(Item::Contact(row)) => {
                    row.problems.iter().for_each(|problem| chunk.add_problem(line, problem.clone(), false));
                    chunk.add_contact(next.span.start, line);
                    let id = given_id(&row);
                    chunk.lacks_ids |= id.is_empty();
                    self.ids.add(row.workspace.as_deref(), id, &mut chunk.ids);
                    row_keys.add_contact(row.workspace.as_deref(), row.contact, &mut chunk.keys);
                }
                TableRow::Other(Item::Skipped { problem, .. }) => chunk.add_problem(line, problem, true),
                TableRow::Other(_) => {}
            }
        }
        (chunk.end, chunk.lines) = (rows.end(), rows.lines());
        chunk.rejections = row_keys.rejections;
        chunk.keys.settle();
        chunk.ids.settle();
        chunk
    }

    /// Reads the ids of a chunk that was read before.
    pub fn read_ids(&self, chunk: &ChunkKeys, text: &[u8]) -> Bulk {
        let mut ids = self.ids.empty();
        let mut rows = self.table.rows(&chunk.range, text);
        for &start in &chunk.starts {
            rows.go_to(start as usize);
            match rows.read_next().map(|next| next.row) {
                Some(TableRow::Plain(row)) => ids.add_text(row.workspace, row.id),
                Some(TableRow::Other(Item::Contact(row))) => {
                    ids.add_text(row.workspace.as_deref(), given_id(&row));
                }
                // Only if the file was changed meanwhile. The numbers of the other contacts must stay.
                Some(TableRow::Other(_)) | None => ids.add_text(None, ""),
            }
        }
        ids.settle();
        ids
    }
}

/// Returns the id of a row, or an empty text if it was generated.
fn given_id(row: &Row) -> &str {
    if row.id_origin == IdOrigin::Given { row.contact.id.as_str() } else { "" }
}

impl ChunkKeys {
    fn add_contact(&mut self, start: usize, line: u64) {
        let contact = u32::try_from(self.starts.len()).unwrap_or(u32::MAX);
        let offset = line.saturating_sub(u64::from(contact));
        if self.line_offsets.last().is_none_or(|(_, last)| *last != offset) {
            self.line_offsets.push((contact, offset));
        }
        self.starts.push(u32::try_from(start).unwrap_or(u32::MAX));
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
        u64::from(contact) + offset.map_or(0, |(_, offset)| *offset)
    }
}
