//! The changes of an operation as one statement.

use std::collections::BTreeMap;

use onefold::{Contact, ContactId, Normalizer};
use onefold_workspace::{Changes, IndexedWrite, RowKind, RowWrite, StoredRow};
use serde::Serialize;
use tokio_postgres::GenericClient;
use tokio_postgres::types::{ToSql, Type};

use crate::error::{IndexedText, StoreError};
use crate::limits::{MAX_ID_BYTES, MAX_INDEXED_BYTES};
use crate::names;
use crate::statements::WRITE;
use crate::store::Store;

/// The limit of rows in each column of one statement.
const BATCH: usize = 10_000;

/// The rows to write, column by column.
#[derive(Default)]
pub(crate) struct Writes {
    put: RowsToWrite,
    gone: (Vec<&'static str>, Vec<String>),
    about_added: About,
    about_removed: About,
    held: (Vec<String>, Vec<String>, Vec<bool>),
    lost: (Vec<String>, Vec<String>),
}

/// The rows to insert or replace.
#[derive(Default)]
struct RowsToWrite {
    kinds: Vec<&'static str>,
    keys: Vec<String>,
    texts: Vec<String>,
    places: Vec<Option<i64>>,
}

/// The contacts of the rows about them: contact, kind and key.
#[derive(Default)]
struct About(Vec<String>, Vec<&'static str>, Vec<String>);

impl Writes {
    /// Returns the writes of rows that are about no contact.
    pub(crate) fn of_rows(rows: impl IntoIterator<Item = RowWrite>) -> Self {
        let mut writes = Self::default();
        rows.into_iter().for_each(|row| writes.row(row, None));
        writes
    }

    /// Returns the writes of an operation whose events and merges have their numbers.
    pub(crate) fn of<Id: ContactId + Serialize>(changes: &Changes<Id>, normalizer: &Normalizer) -> Self {
        let mut writes = Self::default();
        for IndexedWrite { write, place, about_added, about_removed, .. } in changes.indexed_writes() {
            let (kind, key) = (write.kind(), write.key());
            about_added.into_iter().for_each(|id| writes.about_added.push(names::id(id), kind.name(), key));
            about_removed.into_iter().for_each(|id| writes.about_removed.push(names::id(id), kind.name(), key));
            writes.row(write, place.and_then(|place| i64::try_from(place).ok()));
        }
        for change in &changes.contacts {
            let (before, after) = (change.before.as_deref(), change.after.as_deref());
            let (before, after) = (before.map(|row| &row.contact), after.map(|row| &row.contact));
            writes.contact(&names::id(&change.key), before, after, normalizer);
        }
        writes
    }

    /// Returns the writes of all keys of contacts, into an empty table of keys.
    pub(crate) fn of_keys<'a, Id: ContactId + Serialize + 'a>(
        contacts: impl IntoIterator<Item = &'a Contact<Id>>,
        normalizer: &Normalizer,
    ) -> Self {
        let mut writes = Self::default();
        for contact in contacts {
            for (key, blocked) in keys(Some(contact), normalizer) {
                writes.hold(key, &names::id(&contact.id), blocked);
            }
        }
        writes
    }

    fn row(&mut self, row: RowWrite, place: Option<i64>) {
        match row {
            RowWrite::Put(StoredRow { kind, key, text }) => {
                self.put.kinds.push(kind.name());
                self.put.keys.push(key);
                self.put.texts.push(text);
                self.put.places.push(place);
            }
            RowWrite::Delete { kind, key } => {
                self.gone.0.push(kind.name());
                self.gone.1.push(key);
            }
        }
    }

    fn hold(&mut self, key: String, contact: &str, blocked: bool) {
        self.held.0.push(key);
        self.held.1.push(contact.to_owned());
        self.held.2.push(blocked);
    }

    fn contact<Id>(
        &mut self,
        id: &str,
        before: Option<&Contact<Id>>,
        after: Option<&Contact<Id>>,
        normalizer: &Normalizer,
    ) {
        let (had, has) = (keys(before, normalizer), keys(after, normalizer));
        for (key, blocked) in has.iter().filter(|(key, blocked)| had.get(*key) != Some(*blocked)) {
            self.hold(key.clone(), id, *blocked);
        }
        for key in had.keys().filter(|key| !has.contains_key(*key)) {
            self.lost.0.push(key.clone());
            self.lost.1.push(id.to_owned());
        }
        let is_blocked = |contact: Option<&Contact<Id>>| contact.is_some_and(|contact| contact.blocked);
        match (is_blocked(before), is_blocked(after)) {
            (false, true) => self.about_added.push(id.to_owned(), "blocked", id),
            (true, false) => self.about_removed.push(id.to_owned(), "blocked", id),
            _ => {}
        }
    }

    /// Checks that all texts fit into the indexes of the database.
    ///
    /// # Errors
    /// - [`StoreError::TooLong`] if one does not.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        for (kind, key) in self.put.kinds.iter().zip(&self.put.keys) {
            match RowKind::from_name(kind) {
                Some(RowKind::Contact | RowKind::Tombstone | RowKind::Deleted) => check_id(key)?,
                // The key of a distinct mark is two ids, which are checked among the contacts that rows refer to.
                Some(RowKind::DistinctPair) | None => {}
                Some(kind) => check_text(key, || IndexedText::RowKey(kind))?,
            }
        }
        for (key, contact) in self.held.0.iter().zip(&self.held.1) {
            check_id(contact)?;
            check_text(key, || {
                let kind = key.split(':').next().unwrap_or_default().to_owned();
                IndexedText::MatchKey { contact: contact.clone(), kind }
            })?;
        }
        self.about_added.0.iter().try_for_each(|contact| check_id(contact))
    }

    /// Writes everything, in independent batches.
    ///
    /// # Errors
    /// - Those of [`Self::check`], before anything is written.
    /// - Those of every statement of the store.
    pub(crate) async fn write(
        mut self,
        store: &Store,
        client: &impl GenericClient,
        workspace: i32,
    ) -> Result<(), StoreError> {
        self.check()?;
        while let Some(batch) = self.next() {
            batch.write_at_once(store, client, workspace).await?;
        }
        Ok(())
    }

    /// Takes the next batch. Each row is in one batch only, so their order does not matter.
    fn next(&mut self) -> Option<Self> {
        let batch = Self {
            put: self.put.some(),
            gone: (some(&mut self.gone.0), some(&mut self.gone.1)),
            about_added: self.about_added.some(),
            about_removed: self.about_removed.some(),
            held: (some(&mut self.held.0), some(&mut self.held.1), some(&mut self.held.2)),
            lost: (some(&mut self.lost.0), some(&mut self.lost.1)),
        };
        let sizes = [batch.put.kinds.len(), batch.gone.0.len(), batch.about_added.0.len(), batch.about_removed.0.len()];
        let sizes = sizes.into_iter().chain([batch.held.0.len(), batch.lost.0.len()]);
        (sizes.sum::<usize>() > 0).then_some(batch)
    }

    async fn write_at_once(
        &self,
        store: &Store,
        client: &impl GenericClient,
        workspace: i32,
    ) -> Result<(), StoreError> {
        let Self { put, gone, about_added, about_removed, held, lost } = self;
        let texts = Type::TEXT_ARRAY;
        let parameters: [(&(dyn ToSql + Sync), Type); 18] = [
            (&workspace, Type::INT4),
            (&put.kinds, texts.clone()),
            (&put.keys, texts.clone()),
            (&put.texts, texts.clone()),
            (&put.places, Type::INT8_ARRAY),
            (&gone.0, texts.clone()),
            (&gone.1, texts.clone()),
            (&about_added.0, texts.clone()),
            (&about_added.1, texts.clone()),
            (&about_added.2, texts.clone()),
            (&about_removed.0, texts.clone()),
            (&about_removed.1, texts.clone()),
            (&about_removed.2, texts.clone()),
            (&held.0, texts.clone()),
            (&held.1, texts.clone()),
            (&held.2, Type::BOOL_ARRAY),
            (&lost.0, texts.clone()),
            (&lost.1, texts),
        ];
        store.ask(client, WRITE, &parameters).await.map(drop)
    }
}

impl RowsToWrite {
    fn some(&mut self) -> Self {
        Self {
            kinds: some(&mut self.kinds),
            keys: some(&mut self.keys),
            texts: some(&mut self.texts),
            places: some(&mut self.places),
        }
    }
}

impl About {
    fn push(&mut self, contact: String, kind: &'static str, key: &str) {
        self.0.push(contact);
        self.1.push(kind);
        self.2.push(key.to_owned());
    }

    fn some(&mut self) -> Self {
        Self(some(&mut self.0), some(&mut self.1), some(&mut self.2))
    }
}

fn check_id(id: &str) -> Result<(), StoreError> {
    check(id, MAX_ID_BYTES, || IndexedText::ContactId { start: id.chars().take(40).collect() })
}

fn check_text(text: &str, what: impl FnOnce() -> IndexedText) -> Result<(), StoreError> {
    check(text, MAX_INDEXED_BYTES, what)
}

fn check(text: &str, max: usize, what: impl FnOnce() -> IndexedText) -> Result<(), StoreError> {
    let bytes = text.len();
    if bytes > max { Err(StoreError::TooLong { text: what(), bytes, max }) } else { Ok(()) }
}

/// Takes rows from the end of a column, as many as one statement writes.
fn some<Item>(column: &mut Vec<Item>) -> Vec<Item> {
    column.split_off(column.len().saturating_sub(BATCH))
}

/// Returns the keys of a contact, each with true if the contact is blocked.
fn keys<Id>(contact: Option<&Contact<Id>>, normalizer: &Normalizer) -> BTreeMap<String, bool> {
    let of = |contact: &Contact<Id>| {
        let held = normalizer.contact(contact).distinct();
        held.iter().map(|held| (names::key(&held.key), contact.blocked)).collect()
    };
    contact.map(of).unwrap_or_default()
}
