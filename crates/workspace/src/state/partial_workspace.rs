//! A part of a workspace: for a store that keeps the whole in a database and loads what an operation can touch.

use std::sync::Arc;

use crate::rows::contact_row::MergeRecord;
use crate::rows::kind::RowKind;
use crate::rows::stored::StoredRow;
use crate::rows::tables::{Changes, TableRow};
use crate::state::check::MAX_NUMBER;
use crate::state::store::StoreReading;
use crate::state::{StateError, check};
use crate::{RowChange, Workspace};
use onefold::contact::{ContactId, StoredId};

/// The first number that a part gives to an event or a merge: greater than all that are given in earnest.
const FIRST_OF_PART: u64 = MAX_NUMBER + 1;

impl<Id: StoredId> Workspace<Id> {
    /// Reads some of the rows that a store has kept, the settings among them, in any order: a workspace in which an
    /// operation does what it would do in the whole one, as far as all is there that the operation looks at. The caller must
    /// ensure this.
    ///
    /// A part does not know which event and which merge are the next ones: see [`Changes::number`]. Merges that stand
    /// are there with all that was made of their contacts since, and what was merged away with the contact that it went
    /// into; contacts that are only looked at may be there alone. O(k log n) for k keys in all.
    ///
    /// # Errors
    /// As [`Workspace::from_rows`], for what does not agree within the part.
    pub fn from_part<Error: From<StateError>>(
        rows: impl IntoIterator<Item = Result<StoredRow, Error>>,
    ) -> Result<Self, Error> {
        Ok(StoreReading::of_all(rows, |_| None)?.and_then(StoreReading::finish_part)?)
    }

    /// The same workspace, whose next events and merges get their numbers from [`Changes::number`]: for an operation on
    /// all rows of a store that gives the numbers itself.
    #[must_use]
    pub fn without_numbers(mut self) -> Self {
        self.rows.number_from(FIRST_OF_PART);
        self.rows.forget_changes();
        self
    }
}

impl<Id: StoredId> StoreReading<Id> {
    fn finish_part(self) -> Result<Workspace<Id>, StateError> {
        let mut rows = self.rows;
        let settings = self.settings.ok_or(StateError::Inconsistent { what: "there are no settings" })?;
        rows.set_settings(Arc::unwrap_or_clone(settings));
        if let Some(what) = check::part_fault(&rows) {
            return Err(StateError::Inconsistent { what });
        }
        Ok(Workspace::of_checked(rows).without_numbers())
    }
}

/// How many rows an operation on a part has left without a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unnumbered {
    /// The events.
    pub events: usize,
    /// The merges.
    pub merges: usize,
}

impl<Id: ContactId> Changes<Id> {
    /// Returns how many events and how many merges an operation on a part has left without a number.
    pub fn without_number(&self) -> Unnumbered {
        let events = self.events.iter().filter(|change| change.key >= FIRST_OF_PART);
        let merges = self.merges.iter().filter(|change| is_without(change));
        Unnumbered { events: events.count(), merges: merges.count() }
    }

    /// Numbers what an operation on a part has left without a number, events and merges from the oldest on: each
    /// number greater than that of every event, or merge, that the operation could see. What is the number of the next
    /// event is then the store's to know, and is no row any more. O(w) for w rows.
    pub fn number(&mut self, mut next_event: impl FnMut() -> u64, mut next_merge: impl FnMut() -> u64) {
        for change in self.events.iter_mut().filter(|change| change.key >= FIRST_OF_PART) {
            change.key = next_event();
            if let Some(event) = &mut change.after {
                Arc::make_mut(event).number = change.key;
            }
        }
        let mut merges: Vec<_> = self.merges.iter_mut().filter(|change| is_without(change)).collect();
        merges.sort_by_key(|change| change.after.as_ref().map(|record| record.order));
        for record in merges.into_iter().filter_map(|change| change.after.as_mut()) {
            Arc::make_mut(record).order = next_merge();
        }
        self.next_event.clear();
    }
}

fn is_without<Id>(change: &RowChange<Box<str>, Arc<MergeRecord<Id>>>) -> bool {
    change.after.as_ref().is_some_and(|record| record.order >= FIRST_OF_PART)
}

impl StoredRow {
    /// The merge that a row of [`RowKind::Merge`] tells of, with its patch: for a page of the history.
    ///
    /// # Errors
    /// [`StateError::MalformedRow`] if the row is none of its kind and key.
    pub fn merge_record<Id>(&self) -> Result<MergeRecord<Id>, StateError>
    where
        Id: StoredId,
    {
        let read = TableRow::read(self.kind, &self.text).filter(|read| read.is_at(RowKind::Merge, &self.key));
        match read {
            Some(TableRow::MergeTable(_, record)) => Ok(Arc::unwrap_or_clone(record)),
            _ => Err(StateError::MalformedRow { kind: self.kind }),
        }
    }
}
