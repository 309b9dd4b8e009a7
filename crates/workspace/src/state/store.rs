//! What a store needs: rows to write after each operation, all rows at first, and a workspace from rows.

use serde::Serialize;

use crate::rows::WorkspaceRows;
use crate::rows::changes::Changes;
use crate::settings::Settings;
use crate::state::form::{NextEventLine, SettingsLine, version_of};
use crate::state::number_ids::{id_of_key, shared_id};
use crate::state::read_row::ReadRow;
use crate::state::stored::{RowKind, RowWrite, StoredRow};
use crate::state::table_form::{self, NEXT_EVENT, SETTINGS, json};
use crate::state::{StateError, VERSION};
use crate::{RowChange, Workspace};
use onefold::contact::{ContactId, StoredId};

impl<Id: ContactId + Serialize> Changes<Id> {
    /// What a store has to do, in one transaction, to hold what the workspace holds after the operation. No row is
    /// named twice. O(w) for w rows and what they hold.
    ///
    /// # Panics
    /// If an id cannot be serialised to JSON, which no ordinary type of id does.
    pub fn writes(&self) -> impl Iterator<Item = RowWrite> {
        let settings = table_form::settings().writes(&self.settings);
        let settings = settings.chain(table_form::next_event().writes(&self.next_event));
        let contacts = table_form::contacts().writes(&self.contacts);
        let contacts = contacts.chain(table_form::tombstones().writes(&self.tombstones));
        let contacts = contacts.chain(table_form::deleted().writes(&self.deleted));
        let history = table_form::merges().writes(&self.merges);
        let history = history.chain(table_form::distinct_pairs().writes(&self.distinct_pairs));
        let history = history.chain(table_form::events().writes(&self.events));
        let inbox = &self.inbox;
        let around = table_form::tags().writes(&inbox.tags);
        let around = around.chain(table_form::accounts().writes(&inbox.accounts));
        let around = around.chain(table_form::definitions().writes(&inbox.definitions));
        let around = around.chain(table_form::field_order().writes(&inbox.field_order));
        let around = around.chain(table_form::segments().writes(&inbox.segments));
        let around = around.chain(table_form::blocks().writes(&inbox.blocks));
        let around = around.chain(table_form::activity().writes(&inbox.activity));
        let around = around.chain(table_form::deletions().writes(&inbox.deletions));
        let around = around.chain(table_form::to_delete().writes(&inbox.to_delete));
        settings.chain(contacts).chain(history).chain(around)
    }
}

impl<Id: ContactId + Serialize> Workspace<Id> {
    /// All rows, for a store that has none yet. O(n).
    ///
    /// # Panics
    /// If an id cannot be serialised to JSON, which no ordinary type of id does.
    pub fn to_rows(&self) -> impl Iterator<Item = StoredRow> {
        let settings = table_form::settings().rows(self.rows.settings_rows());
        let next_event = table_form::next_event().rows(self.rows.next_event_rows());
        settings.chain(next_event).chain(self.rows.facts())
    }
}

impl<Id: ContactId + Serialize> WorkspaceRows<Id> {
    /// All rows but the settings and the number of the next event, in the order of [`Workspace::to_state`].
    pub(crate) fn facts(&self) -> impl Iterator<Item = StoredRow> {
        let contacts = table_form::contacts().rows(self.contacts());
        let contacts = contacts.chain(table_form::tombstones().rows(self.tombstones()));
        let contacts = contacts.chain(table_form::deleted().rows(self.deleted()));
        let history = table_form::merges().rows(self.merges());
        let history = history.chain(table_form::distinct_pairs().rows(self.distinct_pairs()));
        let history = history.chain(table_form::events().rows(self.events()));
        contacts.chain(history).chain(self.around())
    }

    /// The rows around the contacts.
    pub(crate) fn around(&self) -> impl Iterator<Item = StoredRow> {
        let inbox = &self.inbox;
        let around = table_form::tags().rows(inbox.tags.rows());
        let around = around.chain(table_form::accounts().rows(inbox.accounts.rows()));
        let around = around.chain(table_form::definitions().rows(inbox.definitions.rows()));
        let around = around.chain(table_form::field_order().rows(inbox.field_order.rows()));
        let around = around.chain(table_form::segments().rows(inbox.segments.rows()));
        let around = around.chain(table_form::blocks().rows(inbox.blocks.rows()));
        let around = around.chain(table_form::activity().rows(inbox.activity.rows()));
        let around = around.chain(table_form::deletions().rows(inbox.deletions.rows()));
        around.chain(table_form::to_delete().rows(inbox.to_delete.rows()))
    }
}

impl<Id: StoredId> Workspace<Id> {
    /// Reads all rows that a store has kept, in any order: those of [`Workspace::to_rows`] with what
    /// [`Changes::writes`] has said since. They may come from anywhere: what does not agree is refused. Every contact
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
        table_form::settings().rows(self.rows.settings_rows()).map(RowWrite::Put).collect()
    }
}

/// What was read of the rows so far.
pub(crate) struct StoreReading<Id> {
    pub(crate) rows: WorkspaceRows<Id>,
    pub(crate) settings: Option<Settings>,
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
        let malformed = StateError::MalformedRow { kind: row.kind };
        let is_new = if row.kind == RowKind::Config {
            true
        } else if row.kind == RowKind::Setting && row.key == json(&SETTINGS) {
            let line: SettingsLine = serde_json::from_str(&row.text).map_err(|_| malformed)?;
            self.settings.replace(line.settings).is_none()
        } else if row.kind == RowKind::Setting && row.key == json(&NEXT_EVENT) {
            let line: NextEventLine = serde_json::from_str(&row.text).map_err(|_| malformed)?;
            self.next_event.replace(line.next_event).is_none()
        } else {
            let read = ReadRow::read(row.kind, &row.text).filter(|read| read.is_at(row.kind, &row.key));
            let respelled = if read.is_none() { respell(row) } else { None };
            self.are_respelled |= respelled.is_some();
            let again = || respelled.as_ref().and_then(|row| ReadRow::read(row.kind, &row.text));
            let put = read.or_else(again).ok_or(malformed)?.put(&mut self.rows);
            let is_new = put.map_err(|what| StateError::Inconsistent { what })?;
            if !is_new && self.are_respelled && names_one_contact(row.kind) {
                self.shared = Some(id_of_key(&respelled.as_ref().unwrap_or(row).key));
            }
            is_new
        };
        if is_new { Ok(()) } else { Err(StateError::Inconsistent { what: "a row is there twice" }) }
    }

    pub(crate) fn finish(self) -> Result<Workspace<Id>, StateError> {
        let settings = self.settings.ok_or(StateError::Inconsistent { what: "there are no settings" })?;
        let next_event = self.next_event.ok_or(StateError::Inconsistent { what: "no event is the next one" })?;
        let mut rows = self.rows;
        rows.set_settings(settings);
        Workspace::of_rows(rows, next_event)
    }
}

/// Whether rows of a kind say what became of one contact each.
fn names_one_contact(kind: RowKind) -> bool {
    matches!(kind, RowKind::Contact | RowKind::Tombstone | RowKind::Deleted)
}

/// What a store has to do so that it holds `after` where it holds `before`. O(n log n).
pub(crate) fn exchange(
    before: impl Iterator<Item = StoredRow>,
    after: impl Iterator<Item = StoredRow>,
) -> Vec<RowWrite> {
    let mut table = crate::rows::table::RowTable::default();
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
