//! What a store needs: rows to write after each operation, all rows at first, and a workspace from rows.

use std::sync::Arc;

use serde::Serialize;

use crate::rows::WorkspaceRows;
use crate::rows::kind::RowKind;
use crate::rows::lines::VERSION;
use crate::rows::row_table::RowTable;
use crate::rows::stored::{RowWrite, StoredRow};
use crate::rows::tables::{SettingsTable, Table, TableRow, json};
use crate::settings::Settings;
use crate::state::StateError;
use crate::state::header::version_of;
use crate::{RowChange, Workspace};
use onefold::contact::{ContactId, StoredId};

impl<Id: ContactId + Serialize> Workspace<Id> {
    /// All rows, for a store that has none yet. O(n).
    ///
    /// # Panics
    /// If an id cannot be serialised to JSON, which no ordinary type of id does.
    pub fn to_rows(&self) -> impl Iterator<Item = StoredRow> {
        self.rows.stored()
    }
}

impl<Id: StoredId> Workspace<Id> {
    /// Reads all rows that a store has kept, in any order: those of [`Workspace::to_rows`] with what
    /// [`Changes::writes`](crate::Changes::writes) has said since. They may come from anywhere: what does not agree is refused. Every contact
    /// is read again by the normaliser: O(k log n) for k keys in all.
    ///
    /// # Errors
    /// - Whatever error a row comes as.
    /// - [`StateError::NewerVersion`] if a later release wrote the rows.
    /// - [`StateError::MalformedRow`] if a row is none of its kind and key.
    /// - [`StateError::Inconsistent`] if rows are missing, or do not agree.
    pub fn from_rows<Error: From<StateError>>(
        rows: impl IntoIterator<Item = Result<StoredRow, Error>>,
    ) -> Result<Self, Error> {
        Ok(StoreReading::of_all(rows, |_| None)?.and_then(StoreReading::finish)?)
    }
}

impl<Id: ContactId + Serialize> Workspace<Id> {
    /// Keeps settings that say more than those which the workspace was stored under, and the same of what is in force; and
    /// gives what a store has to write. O(k log n) for k keys in all where values are read by another normaliser.
    pub(crate) fn keep_settings(&mut self, settings: Settings) -> Vec<RowWrite> {
        if settings == *self.settings() {
            return Vec::new();
        }
        let reads_otherwise = settings.normalizer != self.settings().normalizer;
        self.rows.set_settings(settings);
        if reads_otherwise {
            self.build_index();
        } else {
            self.index.set_rules(self.rows.settings().rules);
        }
        self.rows.forget_changes();
        let settings = self.rows.tables().settings.rows();
        settings.iter().map(|((), row)| RowWrite::Put(<SettingsTable as Table<Id>>::stored(&(), row))).collect()
    }
}

/// What was read of the rows so far.
pub(crate) struct StoreReading<Id> {
    pub(crate) rows: WorkspaceRows<Id>,
    pub(crate) settings: Option<Arc<Settings>>,
    next_event: Option<u64>,
    are_respelled: bool,
    // An id that a number and its text share.
    shared: Option<Box<str>>,
}

impl<Id: StoredId> StoreReading<Id> {
    /// What is in all rows: the outer error is one that a row came as, or that a later release wrote them. A row that cannot
    /// be read is read as `respell` spells it, if it does.
    pub(crate) fn of_all<Error: From<StateError>>(
        rows: impl IntoIterator<Item = Result<StoredRow, Error>>,
        mut respell: impl FnMut(&StoredRow) -> Option<StoredRow>,
    ) -> Result<Result<Self, StateError>, Error> {
        let rows_read = WorkspaceRows::new(Settings::new());
        let mut read = Self { rows: rows_read, settings: None, next_event: None, are_respelled: false, shared: None };
        read.rows.load();
        let mut refused = None;
        for row in rows {
            let row = row?;
            // A later release may spell any row in another way, which its settings say.
            let version = if row.kind == RowKind::Setting { version_of(&row.text) } else { None };
            if let Some(version) = version.filter(|version| *version != VERSION) {
                return Err(StateError::NewerVersion { version }.into());
            }
            let taken = read.take(&row, &mut respell);
            refused = refused.or(taken.err());
        }
        if read.are_respelled {
            read.shared = read.shared.take().or_else(|| shared_id(&read.rows));
        }
        let shared = read.shared.take().map(|id| StateError::SameId { id });
        Ok(shared.or(refused).map_or(Ok(read), Err))
    }

    fn take(
        &mut self,
        row: &StoredRow,
        respell: &mut impl FnMut(&StoredRow) -> Option<StoredRow>,
    ) -> Result<(), StateError> {
        let malformed = || StateError::MalformedRow { kind: row.kind };
        let read = TableRow::read(row.kind, &row.text).filter(|read| read.is_at(row.kind, &row.key));
        let is_new = match read {
            _ if row.kind == RowKind::Config => true,
            Some(TableRow::SettingsTable((), settings)) => self.settings.replace(settings).is_none(),
            Some(TableRow::NextEventTable((), number)) => self.next_event.replace(number).is_none(),
            Some(read) => self.put(read, &row.key),
            None => {
                let respelled = respell(row).ok_or_else(malformed)?;
                self.are_respelled = true;
                let read = TableRow::read(respelled.kind, &respelled.text).ok_or_else(malformed)?;
                self.put(read, &respelled.key)
            }
        };
        if is_new { Ok(()) } else { Err(StateError::Inconsistent { what: "a row is there twice" }) }
    }

    /// Puts a row that has a key. Returns true if there was none under it.
    fn put(&mut self, read: TableRow<Id>, key: &str) -> bool {
        let names_one_contact = names_one_contact(&read);
        let is_new = self.rows.put(read);
        if !is_new && self.are_respelled && names_one_contact {
            self.shared = Some(id_of_key(key));
        }
        is_new
    }

    pub(crate) fn finish(self) -> Result<Workspace<Id>, StateError> {
        let settings = self.settings.ok_or(StateError::Inconsistent { what: "there are no settings" })?;
        let next_event = self.next_event.ok_or(StateError::Inconsistent { what: "no event is the next one" })?;
        let mut rows = self.rows;
        rows.set_settings(Arc::unwrap_or_clone(settings));
        Workspace::of_rows(rows, next_event)
    }
}

/// Returns true if a row says what became of one contact.
fn names_one_contact<Id>(row: &TableRow<Id>) -> bool {
    matches!(row, TableRow::ContactTable(..) | TableRow::TombstoneTable(..) | TableRow::DeletedTable(..))
}

/// The id, as people read it, of which a number and its text are two contacts, if there is one. O(n log n).
fn shared_id<Id>(rows: &WorkspaceRows<Id>) -> Option<Box<str>>
where
    Id: ContactId + Serialize,
{
    let tombstones = rows.tombstones().keys().filter(|id| rows.contacts().contains_key(*id));
    let is_there = |id: &&Id| rows.contacts().contains_key(*id) || rows.tombstones().contains_key(*id);
    let deleted = rows.deleted().keys().filter(is_there);
    tombstones.chain(deleted).next().map(|id| id_of_key(&json(id)))
}

/// The text of an id, given the key of its row.
fn id_of_key(key: &str) -> Box<str> {
    serde_json::from_str(key).unwrap_or_else(|_| key.into())
}

/// What a store has to do so that it holds `after` where it holds `before`. O(n log n).
pub(crate) fn exchange(
    before: impl Iterator<Item = StoredRow>,
    after: impl Iterator<Item = StoredRow>,
) -> Vec<RowWrite> {
    let mut table = RowTable::default();
    before.for_each(|row| drop(table.set((row.kind, row.key), Some(row.text))));
    table.forget_changes();
    let old: Vec<(RowKind, String)> = table.rows().keys().cloned().collect();
    old.into_iter().for_each(|key| drop(table.set(key, None)));
    after.for_each(|row| drop(table.set((row.kind, row.key), Some(row.text))));
    let changes = table.take_changes().into_iter();
    let writes = changes.map(|RowChange { key: (kind, key), after, .. }| match after {
        Some(text) => RowWrite::Put(StoredRow { kind, key, text }),
        None => RowWrite::Delete { kind, key },
    });
    writes.collect()
}
