//! The events of a workspace, read and acknowledged by the host, and the rebuilding of its keys.

use onefold::ContactId;
use onefold_workspace::{Event, RowKind, StateError, Workspace};
use serde::de::DeserializeOwned;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{GenericClient, Transaction};

use crate::error::StoreError;
use crate::scope::Scope;
use crate::statements::{ACKNOWLEDGE, EVENTS, LOCK};
use crate::store::{Access, KeyRules, Store};
use crate::stored_id::StoredId;
use crate::write::Writes;

impl Store {
    /// Returns the unacknowledged events in order of their numbers, at most `limit`.
    ///
    /// Events about one contact are in order. Of two events about unrelated contacts, the one with the greater number
    /// may become visible first, because numbers are given by operations and become visible when their transactions
    /// end. Acknowledge the events that were read, never all below a number.
    ///
    /// # Errors
    /// - [`StoreError::Rows`] if a row is no event.
    /// - Those of every question to a store, such as [`StoreError::UnknownWorkspace`].
    pub async fn events<Id>(&self, client: &impl GenericClient, limit: u32) -> Result<Vec<Event<Id>>, StoreError>
    where
        Id: ContactId + DeserializeOwned,
    {
        let workspace = self.number(client, Access::Read, KeyRules::Own).await?;
        let limit = i64::from(limit);
        let parameters: [(&(dyn ToSql + Sync), Type); 2] = [(&workspace, Type::INT4), (&limit, Type::INT8)];
        let rows = self.ask_rows(client, EVENTS, &parameters).await?;
        let event = |text: &str| serde_json::from_str(text);
        let events: Result<Vec<Event<Id>>, _> = rows.iter().map(|row| event(&row.text)).collect();
        Ok(events.map_err(|_| StateError::MalformedRow { kind: RowKind::Event })?)
    }

    /// Removes events by their numbers and returns how many existed.
    ///
    /// # Errors
    /// - Those of every operation on a store, such as [`StoreError::Conflict`].
    pub async fn acknowledge(&self, transaction: &mut Transaction<'_>, numbers: &[u64]) -> Result<u64, StoreError> {
        let workspace = self.number(transaction, Access::Shared, KeyRules::Own).await?;
        // Not while a deletion takes the values out of them.
        let slots = Scope::<u64>::of([]).redacts_events().locks().slots(workspace);
        self.ask(transaction, LOCK, &[(&slots, Type::INT4_ARRAY)]).await?;
        let keys: Vec<String> = numbers.iter().map(u64::to_string).collect();
        let parameters: [(&(dyn ToSql + Sync), Type); 2] = [(&workspace, Type::INT4), (&keys, Type::TEXT_ARRAY)];
        let gone = self.ask(transaction, ACKNOWLEDGE, &parameters).await?;
        let gone: i64 = gone.first().ok_or(StoreError::Foreign)?.try_get(0)?;
        Ok(u64::try_from(gone).unwrap_or(0))
    }

    /// Makes all keys again, after [`StoreError::OtherKeyRules`] from a release with other key rules. No other
    /// transaction can write to the workspace meanwhile. Cost: O(n) for n contacts.
    ///
    /// # Errors
    /// The keys are unchanged on an error.
    /// - [`StoreError::TooLong`] if a key is too long for an index.
    /// - Those of every operation on a store, such as [`StoreError::Conflict`].
    pub async fn rebuild_keys<Id: StoredId>(&self, transaction: &mut Transaction<'_>) -> Result<(), StoreError> {
        let number = self.number(transaction, Access::Alone, KeyRules::Any).await?;
        let rows = self.rows_of(transaction, number).await?;
        let workspace: Workspace<Id> = Workspace::from_rows(rows.into_iter().map(Ok::<_, StoreError>))?;
        let keys = Writes::of_keys(workspace.contacts(), workspace.index().normalizer());
        self.replace_keys(transaction, keys, number).await
    }

    /// Replaces the keys of all contacts.
    ///
    /// # Errors
    /// - [`StoreError::TooLong`] if a key is too long for an index, before anything is written.
    /// - Those of every statement of the store.
    pub(crate) async fn replace_keys(
        &self,
        transaction: &Transaction<'_>,
        keys: Writes,
        number: i32,
    ) -> Result<(), StoreError> {
        keys.check()?;
        self.ask(transaction, "DELETE FROM $.key WHERE workspace = $1", &[(&number, Type::INT4)]).await?;
        keys.write(self, transaction, number).await?;
        let update = "UPDATE $.workspace SET key_rules = $2 WHERE number = $1";
        let parameters: [(&(dyn ToSql + Sync), Type); 2] =
            [(&number, Type::INT4), (&onefold::index::KEY_RULES, Type::TEXT)];
        self.ask(transaction, update, &parameters).await.map(drop)
    }
}
