//! The part of a workspace that an operation may touch, loaded from the database.

use std::collections::{BTreeMap, BTreeSet};

use onefold_workspace::{RowKind, StoredRow, Workspace};
use tokio_postgres::GenericClient;
use tokio_postgres::types::{ToSql, Type};

use crate::error::StoreError;
use crate::names;
use crate::scope::{Groups, Locks, Scope};
use crate::statements::{PERSONS, REACHED, ROWS};
use crate::store::{Entered, Store};
use crate::stored_id::StoredId;

/// A loaded part of a workspace.
pub(crate) struct LoadedPart {
    pub(crate) rows: LoadedRows,
    /// The locks that keep the part unchanged.
    pub(crate) locks: Locks,
    /// The keys whose active holders are loaded: all of them, or more than the limit for a key that joins.
    pub(crate) keys: BTreeSet<String>,
    /// The number of contacts that may be written before `keys` may be incomplete.
    pub(crate) written: usize,
}

/// Rows by kind and key.
#[derive(Default)]
pub(crate) struct LoadedRows(BTreeMap<(RowKind, String), String>);

/// The active holders of keys: `members` hold a key that joins, `others` only common keys.
struct Reached {
    keys: BTreeSet<String>,
    members: BTreeSet<String>,
    others: BTreeSet<String>,
}

impl LoadedRows {
    pub(crate) fn extend(&mut self, rows: impl IntoIterator<Item = StoredRow>) {
        self.0.extend(rows.into_iter().map(|row| ((row.kind, row.key), row.text)));
    }

    pub(crate) fn contains(&self, kind: RowKind, key: &str) -> bool {
        self.0.contains_key(&(kind, key.to_owned()))
    }

    /// Returns the keys of the rows of a kind.
    pub(crate) fn keys(&self, kind: RowKind) -> impl Iterator<Item = &str> {
        self.0.keys().filter(move |(of, _)| *of == kind).map(|(_, key)| key.as_str())
    }

    /// Returns the workspace that the rows form.
    ///
    /// # Errors
    /// - [`StoreError::Rows`] if the rows are not consistent.
    pub(crate) fn workspace<Id: StoredId>(self) -> Result<Workspace<Id>, StoreError> {
        let rows = self.0.into_iter().map(|((kind, key), text)| StoredRow { kind, key, text });
        Workspace::from_part(rows.map(Ok::<_, StoreError>))
    }
}

/// Loads the part of a workspace for an operation or a question.
pub(crate) struct Loader<'a, Client> {
    pub(crate) store: &'a Store,
    pub(crate) client: &'a Client,
    pub(crate) workspace: i32,
}

impl<Client: GenericClient> Loader<'_, Client> {
    /// Loads everything that an operation may touch, in its present state.
    ///
    /// # Errors
    /// - [`StoreError::Rows`] if a row is not valid.
    /// - Those of every statement of the store.
    pub(crate) async fn part<Id: StoredId>(
        &self,
        entered: &Entered,
        scope: &Scope<'_, Id>,
    ) -> Result<LoadedPart, StoreError> {
        let empty = entered.empty::<Id>()?;
        let mut rows = LoadedRows::default();
        rows.extend(entered.rows.iter().cloned());
        let (mut ids, mut keys) = (scope.ids.clone(), scope.keys.clone());
        if let Some(merge) = &scope.merge {
            for row in self.rows(&[(RowKind::Merge, merge.clone())]).await? {
                let record = row.merge_record::<Id>()?;
                ids.insert(names::id(&record.survivor));
                let patch = record.patch().into_iter();
                let images = patch.flat_map(|patch| patch.retired().iter().chain([patch.survivor_unmerged()]));
                for contact in images {
                    let held = empty.index().normalizer().contact(contact).distinct();
                    keys.extend(held.iter().map(|held| names::key(&held.key)));
                }
                rows.extend([row]);
            }
        }
        rows.extend(self.persons(&ids, &scope.about).await?);
        let tags = scope.tags.iter().map(|tag| (RowKind::Tag, tag.clone()));
        let deletions = rows.keys(RowKind::ToDelete).filter_map(|key| {
            let (number, _) = key.trim_start_matches('[').split_once(',')?;
            Some((RowKind::Deletion, number.to_owned()))
        });
        let named: Vec<(RowKind, String)> = tags.chain(deletions).collect();
        rows.extend(self.rows(&named).await?);

        // The contacts of the operation with all their original ids.
        let mut locks = scope.locks();
        ids.iter()
            .chain(rows.0.keys().filter(|(kind, _)| is_of_person(*kind)).map(|(_, key)| key))
            .for_each(|id| locks.contact(id));
        rows.keys(RowKind::Deletion).for_each(|number| locks.add("deletion", number));
        let made_of = rows.keys(RowKind::Contact).count() + rows.keys(RowKind::Tombstone).count();
        let written = scope.written.max(scope.ids.len()).max(made_of);

        let mut strangers = BTreeSet::new();
        for pair in rows.keys(RowKind::DistinctPair) {
            let (a, b): (Id, Id) = serde_json::from_str(pair)
                .map_err(|_| onefold_workspace::StateError::MalformedRow { kind: RowKind::DistinctPair })?;
            strangers.extend([names::id(&a), names::id(&b)].into_iter().filter(|id| !is_there(&rows, id)));
        }
        let has_distinct_pairs = rows.keys(RowKind::DistinctPair).next().is_some();
        let with_groups =
            scope.groups == Groups::Always || scope.groups == Groups::IfMarkedDistinct && has_distinct_pairs;
        if !strangers.is_empty() {
            let distinct_persons = self.persons(&strangers, &[RowKind::DistinctPair]).await?;
            distinct_persons.iter().filter(|row| is_of_person(row.kind)).for_each(|row| locks.contact(&row.key));
            rows.extend(distinct_persons);
        }

        let seeds: BTreeSet<String> = rows.keys(RowKind::Contact).map(str::to_owned).collect();
        let limit = empty.index().rules().max_holders.map(|limit| limit + written);
        let reached = self.reached(&seeds, &keys, limit, with_groups).await?;
        reached.keys.iter().for_each(|key| locks.key(key));
        let not_there = |ids: BTreeSet<String>, rows: &LoadedRows| -> BTreeSet<String> {
            ids.into_iter().filter(|id| !rows.contains(RowKind::Contact, id)).collect()
        };
        let members = not_there(reached.members, &rows);
        let mut others = not_there(reached.others, &rows);
        if with_groups {
            members.iter().for_each(|id| locks.contact(id));
            rows.extend(self.persons(&members, &[RowKind::DistinctPair]).await?);
        } else {
            others.extend(members)
        }
        let others: Vec<(RowKind, String)> = others.into_iter().map(|id| (RowKind::Contact, id)).collect();
        rows.extend(self.rows(&others).await?);
        Ok(LoadedPart { rows, locks, keys: reached.keys, written })
    }

    /// Loads the groups of some contacts, as far as suggestions need them.
    ///
    /// # Errors
    /// - [`StoreError::Rows`] if the rows are not consistent.
    /// - Those of every statement of the store.
    pub(crate) async fn group_workspace<Id: StoredId>(
        &self,
        entered: &Entered,
        ids: BTreeSet<String>,
    ) -> Result<Workspace<Id>, StoreError> {
        let mut rows = LoadedRows::default();
        rows.extend(entered.rows.iter().cloned());
        let rules = entered.empty::<Id>()?.index().rules();
        let reached = self.reached(&ids, &BTreeSet::new(), rules.max_holders, true).await?;
        let members: BTreeSet<String> = reached.members.into_iter().chain(ids).collect();
        rows.extend(self.persons(&members, &[RowKind::DistinctPair]).await?);
        let others = reached.others.into_iter().filter(|id| !rows.contains(RowKind::Contact, id));
        let others: Vec<(RowKind, String)> = others.map(|id| (RowKind::Contact, id)).collect();
        rows.extend(self.rows(&others).await?);
        rows.workspace()
    }

    /// Loads rows by kind and key.
    pub(crate) async fn rows(&self, named: &[(RowKind, String)]) -> Result<Vec<StoredRow>, StoreError> {
        if named.is_empty() {
            return Ok(Vec::new());
        }
        let kinds: Vec<&str> = named.iter().map(|(kind, _)| kind.name()).collect();
        let keys: Vec<&str> = named.iter().map(|(_, key)| key.as_str()).collect();
        let parameters: [(&(dyn ToSql + Sync), Type); 3] =
            [(&self.workspace, Type::INT4), (&kinds, Type::TEXT_ARRAY), (&keys, Type::TEXT_ARRAY)];
        self.store.ask_rows(self.client, ROWS, &parameters).await
    }

    /// Loads the live contacts of ids, all their original ids, and the rows of some kinds about them.
    pub(crate) async fn persons(
        &self,
        ids: &BTreeSet<String>,
        about: &[RowKind],
    ) -> Result<Vec<StoredRow>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let about: Vec<&str> = about.iter().map(|kind| kind.name()).collect();
        let parameters: [(&(dyn ToSql + Sync), Type); 3] =
            [(&self.workspace, Type::INT4), (&ids, Type::TEXT_ARRAY), (&about, Type::TEXT_ARRAY)];
        self.store.ask_rows(self.client, PERSONS, &parameters).await
    }

    /// Loads the holders of the contacts' keys and of further keys. For a key with more than `limit` holders, one more
    /// than `limit` are loaded.
    async fn reached(
        &self,
        ids: &BTreeSet<String>,
        keys: &BTreeSet<String>,
        limit: Option<usize>,
        with_groups: bool,
    ) -> Result<Reached, StoreError> {
        let mut reached = Reached { keys: BTreeSet::new(), members: BTreeSet::new(), others: BTreeSet::new() };
        if ids.is_empty() && keys.is_empty() {
            return Ok(reached);
        }
        let limit = holder_limit(limit);
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        let parameters: [(&(dyn ToSql + Sync), Type); 5] = [
            (&self.workspace, Type::INT4),
            (&ids, Type::TEXT_ARRAY),
            (&keys, Type::TEXT_ARRAY),
            (&limit, Type::INT8),
            (&with_groups, Type::BOOL),
        ];
        let mut holders: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for row in self.store.ask(self.client, REACHED, &parameters).await? {
            let holder: Option<String> = row.try_get(1)?;
            holders.entry(row.try_get(0)?).or_default().extend(holder);
        }
        for (key, holders) in holders {
            let is_common = i64::try_from(holders.len()).is_ok_and(|count| count > limit);
            let of = if is_common { &mut reached.others } else { &mut reached.members };
            of.extend(holders);
            reached.keys.insert(key);
        }
        Ok(reached)
    }
}

/// Returns the limit of holders of a key as the statements take it.
pub(crate) fn holder_limit(limit: Option<usize>) -> i64 {
    const UNLIMITED: i64 = u32::MAX as i64;
    limit.and_then(|limit| i64::try_from(limit).ok()).map_or(UNLIMITED, |limit| limit.min(UNLIMITED))
}

fn is_of_person(kind: RowKind) -> bool {
    matches!(kind, RowKind::Contact | RowKind::Tombstone | RowKind::Deleted)
}

fn is_there(rows: &LoadedRows, id: &str) -> bool {
    rows.contains(RowKind::Contact, id) || rows.contains(RowKind::Tombstone, id)
}
