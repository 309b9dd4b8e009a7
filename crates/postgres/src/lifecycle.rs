//! The beginning and the end of a workspace in a database.

use onefold::index::KEY_RULES;
use onefold_workspace::{RowWrite, Settings, Workspace};
use tokio_postgres::Transaction;
use tokio_postgres::types::{ToSql, Type};

use crate::error::StoreError;
use crate::store::{Access, KeyRules, NEXT_EVENT_KEY, Store};
use crate::write::Writes;

impl Store {
    /// Makes the workspace, without contacts.
    ///
    /// # Errors
    /// [`StoreError::DuplicateWorkspace`], [`StoreError::NoSchema`], or what the database says.
    pub async fn create(&self, transaction: &mut Transaction<'_>, settings: Settings) -> Result<(), StoreError> {
        let name = self.checked_name()?;
        let insert =
            "INSERT INTO $.workspace (name, key_rules) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING number";
        let parameters: [(&(dyn ToSql + Sync), Type); 2] = [(&name, Type::TEXT), (&KEY_RULES, Type::TEXT)];
        let rows = self.ask(transaction, insert, &parameters).await?;
        let number: i32 = rows.first().ok_or(StoreError::DuplicateWorkspace)?.try_get(0)?;
        let empty = Workspace::<u64>::new(settings);
        let rows = empty.to_rows().filter(|row| row.key != NEXT_EVENT_KEY).map(RowWrite::Put);
        Writes::of_rows(rows).write(self, transaction, number).await
    }

    /// Takes the workspace out of the database with all that belongs to it, by whatever rules its keys were made. O(n).
    ///
    /// # Errors
    /// [`StoreError::UnknownWorkspace`], or what the database says.
    pub async fn remove(&self, transaction: &mut Transaction<'_>) -> Result<(), StoreError> {
        let number = self.number(transaction, Access::Alone, KeyRules::Any).await?;
        for (table, column) in
            [("row", "workspace"), ("about", "workspace"), ("key", "workspace"), ("workspace", "number")]
        {
            let delete = format!("DELETE FROM $.{table} WHERE {column} = $1");
            self.ask(transaction, &delete, &[(&number, Type::INT4)]).await?;
        }
        Ok(())
    }
}
