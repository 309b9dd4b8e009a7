//! Carrying out an operation: lock and load what it may touch, run it in memory, and write the changes.

use std::collections::BTreeSet;

use onefold::ContactId;
use onefold_workspace::{Applied, Resolved, StateError, Unnumbered, Workspace, WorkspaceError};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{GenericClient, Transaction};

use crate::error::{Error, StoreError};
use crate::loaded_part::{LoadedPart, Loader};
use crate::names;
use crate::scope::{Locks, Scope};
use crate::statements::{EVERYTHING, LOCK, NEXT_EVENT, NUMBERS};
use crate::store::{Access, KeyRules, NEXT_EVENT_KEY, Store};
use crate::stored_id::StoredId;
use crate::write::Writes;

/// The limit of rounds in which an operation finds that it touches more than it has locked. Each round locks more, and
/// another one is needed only if other transactions commit related rows.
const MAX_ROUNDS: usize = 20;

/// The outcome of an operation. The inner error is that of the workspace.
pub(crate) type OperationOutcome<Id, T> = Result<Result<Applied<Id, T>, WorkspaceError<Id>>, StoreError>;

impl Store {
    /// Carries out an operation on the part of the workspace that it may touch. `work` may run several times, each time
    /// on a freshly loaded part.
    ///
    /// # Errors
    /// - [`Error::Refused`] if the workspace refuses the operation.
    /// - [`Error::Store`] if the store fails. Nothing is written then.
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

    /// Carries out an operation on the whole workspace, with all other writers locked out.
    ///
    /// It can be any method of [`Workspace`], such as those on settings, tags, fields, segments and deletions. All rows
    /// are loaded, so use it only for rare operations. Cost: O(n) for n rows.
    ///
    /// # Errors
    /// The workspace is unchanged on an error.
    /// - [`Error::Refused`] with the error of `work`.
    /// - [`Error::Store`] if the store fails.
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

    /// Returns all rows, in the form of a workspace in memory, for example for a copy. They contain no keys, so they
    /// can be read whatever rules made the keys in the database. Cost: O(n log n) for n rows.
    ///
    /// # Errors
    /// - Those of every question to a store, such as [`StoreError::UnknownWorkspace`].
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
        // The savepoint comes after the gate, which stays locked (shared) when the other locks are released.
        transaction.batch_execute("SAVEPOINT onefold_locks").await?;
        for round in 0..MAX_ROUNDS {
            if round > 0 {
                // All locks are released, so that the larger set can be locked in order.
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
        // The keys are checked before anything is written.
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

    /// Sets the numbers of new events and merges. They come from sequences, so transactions do not wait for each
    /// other's numbers.
    ///
    /// # Errors
    /// - Those of every statement of the store.
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

/// The contacts and keys that an operation has touched, taken from its changes.
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
        for id in changes.distinct_pairs.iter().flat_map(|change| change.key.ids()) {
            if let Resolved::Live(live) = workspace.resolve(id) {
                touched.locks.contact(&names::id(&live));
            }
        }
        touched
    }
}

/// Ends the savepoint of an operation: keeps its changes if it succeeded, or reverts them.
///
/// # Errors
/// - [`Error::Refused`] or [`Error::Store`], as in `done`.
async fn conclude<Id: ContactId, T>(
    transaction: &Transaction<'_>,
    done: OperationOutcome<Id, T>,
) -> Result<Applied<Id, T>, Error<Id>> {
    match done {
        // The locks of a refused operation stay, so that the reason for the refusal stays true until the transaction
        // ends.
        Ok(done) => {
            transaction.batch_execute("RELEASE SAVEPOINT onefold").await?;
            Ok(done?)
        }
        Err(error) => {
            // If this fails as well, the transaction is lost together with everything written in it.
            let _ = transaction.batch_execute("ROLLBACK TO SAVEPOINT onefold; RELEASE SAVEPOINT onefold").await;
            Err(error.into())
        }
    }
}
