//! An operation: locks what it can touch, loads that, does what the workspace in memory does, and writes the changes.

use std::collections::BTreeSet;

use onefold::ContactId;
use onefold_workspace::{Applied, Resolved, StateError, Unnumbered, Workspace, WorkspaceError};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{GenericClient, Transaction};

use crate::error::{Error, StoreError};
use crate::names;
use crate::part::{LoadedPart, Loader};
use crate::scope::{Locks, Scope};
use crate::statements::{EVERYTHING, LOCK, NEXT_EVENT, NUMBERS};
use crate::store::{Access, KeyRules, NEXT_EVENT_KEY, Store};
use crate::stored_id::StoredId;
use crate::write::Writes;

/// How often an operation that turns out to touch more than it has locked begins again. What it touches grows only while others
/// commit what it comes upon.
const MAX_ROUNDS: usize = 20;

/// What came of an operation; the inner error is the workspace's own.
pub(crate) type OperationOutcome<Id, T> = Result<Result<Applied<Id, T>, WorkspaceError<Id>>, StoreError>;

impl Store {
    /// Carries out an operation on what it can touch. `work` may be done several times, each time on a fresh part.
    pub(crate) async fn operate<Id, T>(
        &self,
        transaction: &mut Transaction<'_>,
        scope: Scope<'_, Id>,
        work: impl Fn(&mut Workspace<Id>) -> Result<Applied<Id, T>, WorkspaceError<Id>>,
    ) -> Result<Applied<Id, T>, Error<Id>>
    where
        Id: StoredId,
    {
        transaction.batch_execute("SAVEPOINT onefold").await?;
        let done = self.attempt(transaction, scope, work).await;
        conclude(transaction, done).await
    }

    /// Carries out an operation on the whole workspace, while nobody else writes to it: any method of
    /// [`Workspace`], such as those on settings, tags, fields, segments and deletions. All rows are loaded: O(n), so that it is for
    /// what is done seldom.
    ///
    /// # Errors
    /// As `work`, or what is wrong with the store; in both cases the workspace is as before.
    pub async fn whole<Id, T>(
        &self,
        transaction: &mut Transaction<'_>,
        work: impl FnOnce(&mut Workspace<Id>) -> Result<Applied<Id, T>, WorkspaceError<Id>>,
    ) -> Result<Applied<Id, T>, Error<Id>>
    where
        Id: StoredId,
    {
        transaction.batch_execute("SAVEPOINT onefold").await?;
        let done = self.attempt_whole(transaction, work).await;
        conclude(transaction, done).await
    }

    /// All rows, as those of a workspace in memory: for a copy, or to begin with one. No keys are among them, so that it does not matter
    /// by which rules those in the database were made. O(n log n).
    ///
    /// # Errors
    /// What is wrong with the store.
    pub async fn rows(&self, client: &impl GenericClient) -> Result<Vec<onefold_workspace::StoredRow>, StoreError> {
        let number = self.number(client, Access::Read, KeyRules::Any).await?;
        self.rows_of(client, number).await
    }

    pub(crate) async fn rows_of(
        &self,
        client: &impl GenericClient,
        number: i32,
    ) -> Result<Vec<onefold_workspace::StoredRow>, StoreError> {
        let mut rows = self.ask_rows(client, EVERYTHING, &[(&number, Type::INT4)]).await?;
        let next = self.ask(client, NEXT_EVENT, &[]).await?;
        let next: i64 = next.first().ok_or(StoreError::Foreign)?.try_get(0)?;
        let (kind, key) = (onefold_workspace::RowKind::Setting, NEXT_EVENT_KEY.to_owned());
        rows.push(onefold_workspace::StoredRow { kind, key, text: format!("{{\"next_event\":{next}}}") });
        rows.sort();
        Ok(rows)
    }

    async fn attempt<Id, T>(
        &self,
        transaction: &Transaction<'_>,
        mut scope: Scope<'_, Id>,
        work: impl Fn(&mut Workspace<Id>) -> Result<Applied<Id, T>, WorkspaceError<Id>>,
    ) -> OperationOutcome<Id, T>
    where
        Id: StoredId,
    {
        let ids: Vec<String> = scope.ids.iter().cloned().collect();
        let entered = self.enter(transaction, &ids).await?;
        let empty = entered.empty::<Id>()?;
        for contact in scope.given {
            let held = empty.index().normalizer().contact(contact).distinct();
            scope.keys.extend(held.iter().map(|held| names::key(&held.key)));
        }
        let mut locks = scope.locks();
        entered.held.iter().for_each(|key| locks.key(key));
        // After the gate, which stays shared while locks are given back.
        transaction.batch_execute("SAVEPOINT onefold_locks").await?;
        for round in 0..MAX_ROUNDS {
            if round > 0 {
                // All locks are given back, so that they can be taken in order again.
                transaction.batch_execute("ROLLBACK TO SAVEPOINT onefold_locks").await?;
            }
            let loader = Loader { store: self, client: transaction, workspace: entered.workspace };
            self.lock(transaction, &locks, entered.workspace).await?;
            let part = loader.part::<Id>(&entered, &scope).await?;
            let is_locked = locks.contains(&part.locks);
            locks.extend(part.locks.clone());
            if !is_locked {
                continue;
            }
            let LoadedPart { rows, keys, written, .. } = part;
            let mut workspace: Workspace<Id> = rows.workspace()?;
            let mut applied = match work(&mut workspace) {
                Ok(applied) => applied,
                Err(refused) => return Ok(Err(refused)),
            };
            let touched = Touched::by(&workspace, &applied);
            let gained: Vec<String> = touched.keys.difference(&keys).cloned().collect();
            if !gained.is_empty() || touched.written > written {
                gained.iter().for_each(|key| locks.key(key));
                scope.keys.extend(gained);
                scope.written = scope.written.max(touched.written);
                continue;
            }
            if !locks.contains(&touched.locks) {
                let what = "an operation touches contacts that no row tells of";
                return Err(StateError::Inconsistent { what }.into());
            }
            self.number_changes(transaction, &mut applied).await?;
            let writes = Writes::of(&applied.changes, workspace.index().normalizer());
            writes.write(self, transaction, entered.workspace).await?;
            return Ok(Ok(applied));
        }
        Err(StoreError::Conflict { source: None })
    }

    async fn attempt_whole<Id, T>(
        &self,
        transaction: &Transaction<'_>,
        work: impl FnOnce(&mut Workspace<Id>) -> Result<Applied<Id, T>, WorkspaceError<Id>>,
    ) -> OperationOutcome<Id, T>
    where
        Id: StoredId,
    {
        let number = self.number(transaction, Access::Alone, KeyRules::Own).await?;
        let rows = self.rows_of(transaction, number).await?;
        let workspace: Workspace<Id> = Workspace::from_rows(rows.into_iter().map(Ok::<_, StoreError>))?;
        let mut workspace = workspace.without_numbers();
        let normalizer = workspace.index().normalizer().clone();
        let mut applied = match work(&mut workspace) {
            Ok(applied) => applied,
            Err(refused) => return Ok(Err(refused)),
        };
        self.number_changes(transaction, &mut applied).await?;
        let index = workspace.index();
        let keys =
            (*index.normalizer() != normalizer).then(|| Writes::of_keys(workspace.contacts(), index.normalizer()));
        // Before anything is written.
        keys.as_ref().map_or(Ok(()), Writes::check)?;
        Writes::of(&applied.changes, &normalizer).write(self, transaction, number).await?;
        if let Some(keys) = keys {
            self.replace_keys(transaction, keys, number).await?;
        }
        Ok(Ok(applied))
    }

    async fn lock(&self, transaction: &Transaction<'_>, locks: &Locks, workspace: i32) -> Result<(), StoreError> {
        let slots = locks.slots(workspace);
        self.ask(transaction, LOCK, &[(&slots, Type::INT4_ARRAY)]).await.map(drop)
    }

    /// Gives events and merges their numbers, which come from sequences: nobody waits for anybody else's.
    async fn number_changes<Id: ContactId, T>(
        &self,
        transaction: &Transaction<'_>,
        applied: &mut Applied<Id, T>,
    ) -> Result<(), StoreError> {
        let Unnumbered { events, merges, .. } = applied.changes.without_number();
        let (mut event_numbers, mut merge_places) = (Vec::new(), Vec::new());
        if events + merges > 0 {
            let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
            let (events, merges) = (count(events), count(merges));
            let parameters: [(&(dyn ToSql + Sync), Type); 2] = [(&events, Type::INT8), (&merges, Type::INT8)];
            for row in self.ask(transaction, NUMBERS, &parameters).await? {
                let number = u64::try_from(row.try_get::<_, i64>(1)?).unwrap_or(0);
                match row.try_get(0)? {
                    "event" => event_numbers.push(number),
                    _ => merge_places.push(number),
                }
            }
        }
        event_numbers.sort_unstable();
        merge_places.sort_unstable();
        let (mut events, mut merges) = (event_numbers.into_iter(), merge_places.into_iter());
        const ENOUGH: &str = "there is a number for each";
        applied.changes.number(|| events.next().expect(ENOUGH), || merges.next().expect(ENOUGH));
        Ok(())
    }
}

/// What an operation has touched, as its changes say.
struct Touched {
    locks: Locks,
    keys: BTreeSet<String>,
    written: usize,
}

impl Touched {
    fn by<Id, T>(workspace: &Workspace<Id>, applied: &Applied<Id, T>) -> Self
    where
        Id: StoredId,
    {
        let changes = &applied.changes;
        let mut touched = Self { locks: Locks::default(), keys: BTreeSet::new(), written: changes.contacts.len() };
        for change in &changes.contacts {
            touched.locks.contact(&names::id(&change.key));
            for row in change.before.iter().chain(&change.after) {
                let held = workspace.index().normalizer().contact(&row.contact).distinct();
                touched.keys.extend(held.iter().map(|held| names::key(&held.key)));
            }
        }
        touched.keys.iter().for_each(|key| touched.locks.key(key));
        for id in changes.distinct_pairs.iter().flat_map(|change| [&change.key.0, &change.key.1]) {
            if let Resolved::Live(live) = workspace.resolve(id) {
                touched.locks.contact(&names::id(&live));
            }
        }
        touched
    }
}

/// Ends what a savepoint was made for: with what was written, or without.
async fn conclude<Id: ContactId, T>(
    transaction: &Transaction<'_>,
    done: OperationOutcome<Id, T>,
) -> Result<Applied<Id, T>, Error<Id>> {
    match done {
        // What was refused stays true until the transaction ends, so that the locks stay.
        Ok(done) => {
            transaction.batch_execute("RELEASE SAVEPOINT onefold").await?;
            Ok(done?)
        }
        Err(error) => {
            // If this fails as well, the transaction is lost and so is all that was written in it.
            let _ = transaction.batch_execute("ROLLBACK TO SAVEPOINT onefold; RELEASE SAVEPOINT onefold").await;
            Err(error.into())
        }
    }
}
