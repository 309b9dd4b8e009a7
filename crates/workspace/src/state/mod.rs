//! The serialised form of a workspace: lines of JSON, one a row.
//!
//! ```json
//! {"onefold_workspace": 1, "settings": {..}, "next_event": 0, "contacts": 1, "merged_away": 1, ..}
//! {"contact": {"id": "a", ..}, "head": "m1"}
//! {"merged_away": "b", "into": "a"}
//! {"merge": "m1", "survivor": "a", "retired": ["b"], .., "stands": {"heads": [..], "request": {..}, "patch": {..}}}
//! ```

mod check;
mod error;
mod header;
mod number_ids;
mod partial_workspace;
mod store;

use serde::Serialize;

use crate::Workspace;
use crate::rows::WorkspaceRows;
use crate::rows::kind::RowKind;
use crate::rows::lines::VERSION;
use crate::rows::tables::{TableRow, json};
use crate::state::check::{MAX_NUMBER, TOO_LARGE};
use crate::state::header::{Header, version_of};
use onefold::contact::{ContactId, StoredId};
use onefold::index::Index;

pub use error::StateError;
pub use partial_workspace::Unnumbered;

pub(crate) use store::exchange;

impl<Id: ContactId + Serialize> Workspace<Id> {
    /// Everything that the workspace holds, as text: one line of JSON a row, events that nobody has taken yet
    /// included. Equal workspaces give equal texts, however they came to be. The index is not written, since it
    /// follows from the rest. O(n).
    ///
    /// # Panics
    /// If an id cannot be serialised to JSON, which no ordinary type of id does.
    pub fn to_state(&self) -> String {
        let rows = &self.rows;
        let header = Header {
            onefold_workspace: VERSION,
            settings: rows.settings().clone(),
            next_event: rows.next_event(),
            contacts: rows.contacts().len(),
            merged_away: rows.tombstones().len(),
            deleted: rows.deleted().len(),
            merges: rows.merges().len(),
            distinct_pairs: rows.distinct_pairs().len(),
            events: rows.events().len(),
            inbox: 0,
        };
        let own_line = [header.contacts, header.merged_away, header.deleted, header.merges, header.distinct_pairs];
        let counted = HEADER_ROWS + own_line.iter().sum::<usize>() + header.events;
        let header = Header { inbox: rows.tables().row_count() - counted, ..header };
        let mut text = json(&header);
        text.push('\n');
        for row in rows.stored().skip(HEADER_ROWS) {
            text.push_str(&row.text);
            text.push('\n');
        }
        text
    }
}

impl<Id: StoredId> Workspace<Id> {
    /// Reads what [`Workspace::to_state`] wrote. The text may come from anywhere: rows that do not agree with one
    /// another are refused. Every contact is read again by the normaliser: O(k log n) for k keys in all.
    ///
    /// # Errors
    /// - [`StateError::Foreign`] or [`StateError::NewerVersion`] if the first line is not that of a workspace.
    /// - [`StateError::Length`] if lines are missing, or too many.
    /// - [`StateError::Malformed`] if a line is not a row, [`StateError::Inconsistent`] if the rows do not agree.
    pub fn from_state(text: &str) -> Result<Self, StateError> {
        let mut lines = StateLines { lines: text.lines(), read: 0 };
        let first = lines.lines.clone().next().unwrap_or_default();
        match version_of(first) {
            Some(VERSION) => {}
            Some(version) => return Err(StateError::NewerVersion { version }),
            None => return Err(StateError::Foreign),
        }
        let header: Header = lines.read("the first line of a workspace", |line| serde_json::from_str(line).ok())?;
        let counts =
            [header.contacts, header.merged_away, header.deleted, header.merges, header.distinct_pairs, header.events];
        let expected =
            counts.iter().fold(1_usize.saturating_add(header.inbox), |sum, count| sum.saturating_add(*count));
        let found = text.lines().count();
        if expected != found {
            return Err(StateError::Length { expected, found });
        }
        let mut rows = WorkspaceRows::new(header.settings);
        rows.load();
        let mut are_new = true;
        for (kind, count, expected) in [
            (Some(RowKind::Contact), header.contacts, "a contact"),
            (Some(RowKind::Tombstone), header.merged_away, "a contact merged away"),
            (Some(RowKind::Deleted), header.deleted, "a deleted contact"),
            (Some(RowKind::Merge), header.merges, "a merge"),
            (Some(RowKind::DistinctPair), header.distinct_pairs, "a distinct pair"),
            (Some(RowKind::Event), header.events, "an event"),
            (None, header.inbox, "a row around the contacts"),
        ] {
            for _ in 0..count {
                let row = lines.read(expected, |line| TableRow::read(kind.or_else(|| inbox_kind(line))?, line))?;
                are_new &= rows.put(row);
            }
        }
        if are_new {
            Self::of_rows(rows, header.next_event)
        } else {
            Err(StateError::Inconsistent { what: "a row is there twice" })
        }
    }

    /// The workspace of rows that came from outside, if they agree with one another.
    fn of_rows(mut rows: WorkspaceRows<Id>, next_event: u64) -> Result<Self, StateError> {
        let last_event = rows.events().last_key_value().map(|(number, _)| *number);
        if next_event > MAX_NUMBER || last_event > Some(MAX_NUMBER) {
            return Err(StateError::Inconsistent { what: TOO_LARGE });
        }
        if last_event.is_some_and(|last| next_event <= last) {
            return Err(StateError::Inconsistent { what: "an event has a number that was not given yet" });
        }
        if let Some(what) = check::fault(&rows) {
            return Err(StateError::Inconsistent { what });
        }
        rows.set_next_event(next_event);
        Ok(Self::of_checked(rows))
    }

    /// The workspace of rows that agree with one another.
    fn of_checked(mut rows: WorkspaceRows<Id>) -> Self {
        rows.forget_changes();
        let index = Index::new(rows.settings().normalizer.clone());
        let mut workspace = Self { rows, index, rekeyed: Vec::new() };
        workspace.build_index();
        workspace
    }
}

/// How many rows stand in the first line, before all others: the settings and the number of the next event.
const HEADER_ROWS: usize = 2;

/// Returns the kind of a row around the contacts, whose line has one member with the name of its kind; `None` if it is
/// none.
fn inbox_kind(line: &str) -> Option<RowKind> {
    let name = line.split('"').nth(1)?;
    let kind = if name == "field_order" { RowKind::Setting } else { RowKind::from_name(name)? };
    (kind == RowKind::Setting || kind > RowKind::Event).then_some(kind)
}

/// The lines that were not read yet.
struct StateLines<'a> {
    lines: std::str::Lines<'a>,
    read: usize,
}

impl<'a> StateLines<'a> {
    /// The next line, as what `row` makes of it.
    fn read<Row>(
        &mut self,
        expected: &'static str,
        row: impl FnOnce(&'a str) -> Option<Row>,
    ) -> Result<Row, StateError> {
        self.read += 1;
        self.lines.next().and_then(row).ok_or(StateError::Malformed { line: self.read, expected })
    }
}
