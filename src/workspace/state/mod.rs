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
mod form;
mod inbox_form;

use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::contact::ContactId;
use crate::index::Index;
use crate::workspace::Workspace;
use crate::workspace::events::Event;
use crate::workspace::row::MergeRecord;
use crate::workspace::rows::Rows;
use crate::workspace::state::form::{
    ContactLine, ContactRead, DeletedLine, Header, MergeLine, TombstoneLine, VerdictLine,
};
use crate::workspace::state::inbox_form::InboxLine;

pub use error::StateError;

/// The version written, and the only one there has been.
const VERSION: u32 = 1;

/// The greatest number that a row is given: there is room for more after it.
const MAX_NUMBER: u64 = 1 << 62;
const TOO_LARGE: &str = "a number is larger than any that is given";

#[derive(Deserialize)]
struct VersionOnly {
    onefold_workspace: u32,
}

impl<Id: ContactId + Serialize + DeserializeOwned> Workspace<Id> {
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
            verdicts: rows.verdicts().len(),
            events: rows.events().len(),
            inbox: InboxLine::all(&rows.inbox).count(),
        };
        let mut text = String::new();
        write(&mut text, &header);
        rows.contacts().values().for_each(|row| write(&mut text, &ContactLine::of(row)));
        for (merged_away, into) in rows.tombstones() {
            write(&mut text, &TombstoneLine { merged_away, into });
        }
        rows.deleted().keys().for_each(|deleted| write(&mut text, &DeletedLine { deleted }));
        rows.merges().values().for_each(|record| write(&mut text, &MergeLine::of(record)));
        rows.verdicts().iter().for_each(|(pair, row)| write(&mut text, &VerdictLine::of(pair, row)));
        rows.events().values().for_each(|event| write(&mut text, &**event));
        InboxLine::all(&rows.inbox).for_each(|line| write(&mut text, &line));
        text
    }

    /// Reads what [`Workspace::to_state`] wrote. The text may come from anywhere: rows that do not agree with one
    /// another are refused. Every contact is read again by the normaliser: O(k log n) for k keys in all.
    ///
    /// # Errors
    /// - [`StateError::Foreign`] or [`StateError::NewerVersion`] if the first line is not that of a workspace.
    /// - [`StateError::Length`] if lines are missing, or too many.
    /// - [`StateError::Malformed`] if a line is not a row, [`StateError::Inconsistent`] if the rows do not agree.
    pub fn from_state(text: &str) -> Result<Self, StateError> {
        let mut lines = Lines { lines: text.lines(), read: 0 };
        let first = lines.lines.clone().next().unwrap_or_default();
        match serde_json::from_str::<VersionOnly>(first) {
            Ok(VersionOnly { onefold_workspace: VERSION }) => {}
            Ok(VersionOnly { onefold_workspace: version }) => return Err(StateError::NewerVersion { version }),
            Err(_) => return Err(StateError::Foreign),
        }
        let header: Header = lines.read("the first line of a workspace", Some)?;
        let counts =
            [header.contacts, header.merged_away, header.deleted, header.merges, header.verdicts, header.events];
        let expected =
            counts.iter().fold(1_usize.saturating_add(header.inbox), |sum, count| sum.saturating_add(*count));
        let found = text.lines().count();
        if expected != found {
            return Err(StateError::Length { expected, found });
        }
        let settings = header.settings.checked();
        let index = Index::new(settings.the_normalizer().clone());
        let mut workspace = Self { rows: Rows::new(settings), index };
        let rows = &mut workspace.rows;
        for _ in 0..header.contacts {
            let row = lines.read("a contact", |read: ContactRead<'_>| read.row::<Id>())?;
            rows.set_contact(row.contact.id.clone(), Some(Arc::new(row)));
        }
        for _ in 0..header.merged_away {
            let TombstoneLine { merged_away, into } = lines.read("a contact merged away", Some)?;
            rows.set_tombstone(merged_away, Some(into));
        }
        for _ in 0..header.deleted {
            let DeletedLine { deleted } = lines.read("a deleted contact", Some)?;
            rows.set_deleted(deleted, Some(()));
        }
        for _ in 0..header.merges {
            let record: MergeRecord<Id> = lines.read("a merge", MergeLine::record)?;
            if record.order > MAX_NUMBER {
                return Err(StateError::Inconsistent { what: TOO_LARGE });
            }
            rows.set_merge(record.merge.clone(), Some(Arc::new(record)));
        }
        for _ in 0..header.verdicts {
            let read = |line: VerdictLine<Id>| Some((line.apart.clone(), line.verdicts()?));
            let ((a, b), verdicts) = lines.read("a verdict", read)?;
            rows.set_verdicts(&a, &b, Some(Arc::new(verdicts)));
        }
        for _ in 0..header.events {
            let event: Event<Id> = lines.read("an event", Some)?;
            if event.number > MAX_NUMBER {
                return Err(StateError::Inconsistent { what: TOO_LARGE });
            }
            rows.set_event(event.number, Some(Arc::new(event)));
        }
        let mut are_new = true;
        for _ in 0..header.inbox {
            are_new &= lines.read("a row around the contacts", |line: InboxLine<Id>| Some(line.put(rows)))?;
        }
        if rows.lengths() != counts || !are_new {
            return Err(StateError::Inconsistent { what: "a row is there twice" });
        }
        if header.next_event > MAX_NUMBER || rows.next_order() > MAX_NUMBER {
            return Err(StateError::Inconsistent { what: TOO_LARGE });
        }
        if header.next_event < rows.next_event() {
            return Err(StateError::Inconsistent { what: "an event has a number that was not given yet" });
        }
        if let Some(what) = check::fault(rows).or_else(|| inbox_form::fault(&rows.inbox)) {
            return Err(StateError::Inconsistent { what });
        }
        rows.set_next_event(header.next_event);
        rows.forget_changes();
        workspace.build_index();
        Ok(workspace)
    }
}

/// The lines that were not read yet.
struct Lines<'a> {
    lines: std::str::Lines<'a>,
    read: usize,
}

impl<'a> Lines<'a> {
    /// The next line, as what `row` makes of it.
    fn read<Line: Deserialize<'a>, Row>(
        &mut self,
        expected: &'static str,
        row: impl FnOnce(Line) -> Option<Row>,
    ) -> Result<Row, StateError> {
        self.read += 1;
        let line = self.lines.next().and_then(|line| serde_json::from_str(line).ok());
        line.and_then(row).ok_or(StateError::Malformed { line: self.read, expected })
    }
}

fn write(text: &mut String, row: &impl Serialize) {
    text.push_str(&serde_json::to_string(row).expect("ids can be serialised to JSON"));
    text.push('\n');
}
