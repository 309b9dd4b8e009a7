//! What is kept of a piece of a table when it is read for the first time.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use onefold::{Bulk, Reason};
use onefold_files::{ChunkedFile, IdOrigin, Item, PieceEnd, Problem, Row, TableRow};

use crate::commands::suggest::row_ids::{PieceIds, RowIds};
use crate::commands::suggest::row_keys::RowKeys;
use crate::report::{SHOWN_LINES, SHOWN_PROBLEMS};

/// A piece of a table and what its rows say.
pub struct Noted {
    pub piece: Range<usize>,
    pub end: PieceEnd,
    /// The keys of the contacts, by their numbers in the piece.
    pub keys: Bulk,
    pub ids: PieceIds,
    /// Where their rows begin.
    pub starts: Vec<u32>,
    /// Where the lines of rows run ahead of their numbers: from this contact on, by so many.
    pub ahead: Vec<(u32, u64)>,
    pub lines: u64,
    pub lacks_ids: bool,
    pub rejections: BTreeMap<Reason, usize>,
    pub problems: Vec<Met>,
    /// How many problems of each kind there were, and whether rows gave no contact for them.
    pub problem_counts: HashMap<(Problem, bool), usize>,
    /// Further problems, of more kinds than are shown.
    pub uncounted: Uncounted,
}

/// Problems of which only the number is known.
#[derive(Clone, Copy, Debug, Default)]
pub struct Uncounted {
    pub problems: usize,
    /// How many rows gave no contact for them.
    pub skipped: usize,
}

/// A row of a usual export has more bytes than this.
const ROW_BYTES: usize = 100;

/// A problem that was met.
pub struct Met {
    /// How many contacts of the piece came before; the problem may be of the next one.
    pub contact: u32,
    /// The line in the piece.
    pub line: u64,
    pub problem: Problem,
    /// Whether the row gave no contact for it.
    pub is_skip: bool,
}

/// How rows are read the first time.
pub struct Noting<'a> {
    pub table: &'a ChunkedFile,
    pub keys: &'a Bulk,
    pub ids: &'a RowIds,
    pub reads_country: bool,
}

impl Noting<'_> {
    /// Reads a piece, whose text is `text`.
    pub fn read(&self, piece: Range<usize>, text: &[u8], is_last: bool) -> Noted {
        let mut noted = Noted {
            piece,
            end: PieceEnd::Whole,
            keys: self.keys.part(),
            ids: self.ids.start(),
            starts: Vec::with_capacity(text.len() / ROW_BYTES),
            ahead: Vec::new(),
            lines: 0,
            lacks_ids: false,
            rejections: BTreeMap::new(),
            problems: Vec::new(),
            problem_counts: HashMap::new(),
            uncounted: Uncounted::default(),
        };
        let mut row_keys = RowKeys::new(self.reads_country);
        let mut rows = self.table.rows(text, is_last);
        while let Some((span, line, row)) = rows.read_next() {
            match row {
                TableRow::Plain(brief) => {
                    noted.add(span.start, line);
                    noted.lacks_ids |= brief.id.is_empty();
                    self.ids.add(brief.workspace, brief.id, &mut noted.ids);
                    row_keys.add(brief, &mut noted.keys);
                }
                TableRow::Other(Item::Contact(row)) => {
                    row.problems.iter().for_each(|problem| noted.meet(line, problem.clone(), false));
                    noted.add(span.start, line);
                    let id = given_id(&row);
                    noted.lacks_ids |= id.is_empty();
                    self.ids.add(row.workspace.as_deref(), id, &mut noted.ids);
                    row_keys.add_contact(row.workspace.as_deref(), row.contact, &mut noted.keys);
                }
                TableRow::Other(Item::Skipped { problem, .. }) => noted.meet(line, problem, true),
                TableRow::Other(_) => {}
            }
        }
        (noted.end, noted.lines) = (rows.end(), rows.lines());
        noted.rejections = row_keys.rejections;
        noted.keys.settle();
        noted.ids.settle();
        noted
    }

    /// The ids of a piece that was read before.
    pub fn read_ids(&self, noted: &Noted, text: &[u8]) -> Bulk {
        let mut ids = self.ids.noted();
        let mut rows = self.table.rows(text, true);
        for &start in &noted.starts {
            rows.go_to(start as usize);
            match rows.read_next() {
                Some((_, _, TableRow::Plain(brief))) => ids.add_text(brief.workspace, brief.id),
                Some((_, _, TableRow::Other(Item::Contact(row)))) => {
                    ids.add_text(row.workspace.as_deref(), given_id(&row));
                }
                // Only a file that was changed meanwhile has no contact there; the numbers of the others must stay.
                Some((_, _, TableRow::Other(_))) | None => ids.add_text(None, ""),
            }
        }
        ids.settle();
        ids
    }
}

/// The id that a row says, or nothing.
fn given_id(row: &Row) -> &str {
    if row.id_origin == IdOrigin::Given { row.contact.id.as_str() } else { "" }
}

impl Noted {
    fn add(&mut self, start: usize, line: u64) {
        let contact = u32::try_from(self.starts.len()).unwrap_or(u32::MAX);
        let ahead = line.saturating_sub(u64::from(contact));
        if self.ahead.last().is_none_or(|(_, last)| *last != ahead) {
            self.ahead.push((contact, ahead));
        }
        self.starts.push(u32::try_from(start).unwrap_or(u32::MAX));
    }

    fn meet(&mut self, line: u64, problem: Problem, is_skip: bool) {
        let kind = (problem.without_numbers(), is_skip);
        if self.problem_counts.len() >= SHOWN_PROBLEMS && !self.problem_counts.contains_key(&kind) {
            self.uncounted.problems += 1;
            self.uncounted.skipped += usize::from(is_skip);
            return;
        }
        let count = self.problem_counts.entry(kind).or_default();
        *count += 1;
        // The lines of more than these are never shown.
        if *count <= SHOWN_LINES {
            let contact = u32::try_from(self.starts.len()).unwrap_or(u32::MAX);
            self.problems.push(Met { contact, line, problem, is_skip });
        }
    }

    /// The line of a contact, by its number in the piece.
    pub fn line_of(&self, contact: u32) -> u64 {
        let place = self.ahead.partition_point(|(first, _)| *first <= contact);
        let ahead = place.checked_sub(1).and_then(|place| self.ahead.get(place));
        u64::from(contact) + ahead.map_or(0, |(_, ahead)| *ahead)
    }
}
