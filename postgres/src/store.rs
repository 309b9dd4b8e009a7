//! A workspace in a schema: where it is, and what an operation begins with.

use onefold::{KEY_RULES, RowKind, RowWrite, Settings, StateError, StoredRow, Workspace};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{GenericClient, Row, Transaction};

use crate::error::StoreError;
use crate::schema::VERSION;
use crate::statements::{ALWAYS, ENTER, LOOK, of_schema, quoted};
use crate::stored_id::StoredId;
use crate::write::Writes;

/// A workspace in the database of a host. It holds names only, so that making one costs nothing, and any number of processes may
/// have one of the same workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Store {
    schema: String,
    workspace: String,
}

/// What every operation knows before it loads anything.
pub(crate) struct Entered {
    /// The number of the workspace.
    pub(crate) workspace: i32,
    /// The settings, the definitions of fields and the channel accounts.
    pub(crate) rows: Vec<StoredRow>,
    /// The keys of the contacts asked for, as far as nobody is changing them.
    pub(crate) held: Vec<String>,
}

impl Store {
    /// The workspace of a name in a schema; whether they are there is seen when it is used.
    pub fn new(schema: impl Into<String>, workspace: impl Into<String>) -> Self {
        Self { schema: schema.into(), workspace: workspace.into() }
    }

    /// Makes the workspace, without contacts.
    ///
    /// # Errors
    /// [`StoreError::DuplicateWorkspace`], [`StoreError::NoSchema`], or what the database says.
    pub async fn create(&self, transaction: &mut Transaction<'_>, settings: Settings) -> Result<(), StoreError> {
        let insert =
            "INSERT INTO $.workspace (name, key_rules) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING number";
        let insert = of_schema(insert, &self.schema);
        let row = transaction.query_opt(&insert, &[&self.workspace, &KEY_RULES]).await?;
        let number: i32 = row.ok_or(StoreError::DuplicateWorkspace)?.try_get(0)?;
        let empty = Workspace::<u64>::new(settings);
        let rows = empty.to_rows().filter(|row| row.key != NEXT_EVENT_KEY).map(RowWrite::Put);
        Writes::of_rows(rows).write(self, transaction, number).await
    }

    /// Takes the workspace out of the database with all that belongs to it. O(n).
    ///
    /// # Errors
    /// [`StoreError::UnknownWorkspace`], or what the database says.
    pub async fn remove(&self, transaction: &mut Transaction<'_>) -> Result<(), StoreError> {
        let number = self.number(transaction, crate::statements::ENTER_ALONE).await?;
        let schema = quoted(&self.schema);
        for (table, column) in
            [("row", "workspace"), ("about", "workspace"), ("key", "workspace"), ("workspace", "number")]
        {
            let delete = format!("DELETE FROM {schema}.{table} WHERE {column} = $1");
            transaction.execute(&delete, &[&number]).await?;
        }
        Ok(())
    }

    /// Runs a statement once, without leaving anything prepared behind on a connection that is the host's.
    pub(crate) async fn ask(
        &self,
        client: &impl GenericClient,
        statement: &str,
        parameters: &[(&(dyn ToSql + Sync), Type)],
    ) -> Result<Vec<Row>, StoreError> {
        Ok(client.query_typed(&of_schema(statement, &self.schema), parameters).await?)
    }

    /// The same for a statement that gives rows of a workspace.
    pub(crate) async fn ask_rows(
        &self,
        client: &impl GenericClient,
        statement: &str,
        parameters: &[(&(dyn ToSql + Sync), Type)],
    ) -> Result<Vec<StoredRow>, StoreError> {
        let rows = self.ask(client, statement, parameters).await?;
        rows.iter().map(stored).collect()
    }

    /// The number of the workspace, by a statement that finds it.
    pub(crate) async fn number(&self, client: &impl GenericClient, statement: &str) -> Result<i32, StoreError> {
        let rows = self.ask(client, statement, &[(&self.workspace, Type::TEXT)]).await?;
        let row = rows.first().ok_or(StoreError::Foreign)?;
        let (version, number): (i32, Option<i32>) = (row.try_get(0)?, row.try_get(1)?);
        match version {
            version if version > VERSION => return Err(StoreError::NewerSchema { version, known: VERSION }),
            version if version < VERSION => return Err(StoreError::OlderSchema { version, known: VERSION }),
            _ => {}
        }
        let isolation: &str = row.try_get(2)?;
        if statement != LOOK && isolation != "read committed" {
            return Err(StoreError::Isolation);
        }
        number.ok_or(StoreError::UnknownWorkspace)
    }

    /// Begins an operation, which shares the workspace with others.
    pub(crate) async fn enter(&self, client: &impl GenericClient, ids: &[String]) -> Result<Entered, StoreError> {
        let workspace = self.number(client, ENTER).await?;
        self.always(client, workspace, ids).await
    }

    /// Begins a question.
    pub(crate) async fn look(&self, client: &impl GenericClient) -> Result<Entered, StoreError> {
        let workspace = self.number(client, LOOK).await?;
        self.always(client, workspace, &[]).await
    }

    async fn always(&self, client: &impl GenericClient, workspace: i32, ids: &[String]) -> Result<Entered, StoreError> {
        let parameters: [(&(dyn ToSql + Sync), Type); 2] = [(&workspace, Type::INT4), (&ids, Type::TEXT_ARRAY)];
        let mut entered = Entered { workspace, rows: Vec::new(), held: Vec::new() };
        for row in self.ask(client, ALWAYS, &parameters).await? {
            match row.try_get(0)? {
                "key_rules" if row.try_get::<_, &str>(2)? != KEY_RULES => return Err(StoreError::OtherKeyRules),
                "key_rules" => {}
                "held" => entered.held.push(row.try_get(1)?),
                _ => entered.rows.push(stored(&row)?),
            }
        }
        Ok(entered)
    }
}

impl Entered {
    /// A workspace in which nobody is: for its rules and its normaliser.
    pub(crate) fn empty<Id: StoredId>(&self) -> Result<Workspace<Id>, StoreError> {
        Workspace::from_part(self.rows.iter().cloned().map(Ok::<_, StoreError>))
    }
}

/// The row under which a workspace in memory keeps the number of its next event; here it is a sequence.
pub(crate) const NEXT_EVENT_KEY: &str = "\"next_event\"";

pub(crate) fn stored(row: &Row) -> Result<StoredRow, StoreError> {
    let kind = RowKind::from_name(row.try_get(0)?);
    let kind = kind.ok_or(StateError::Inconsistent { what: "a row is of a kind that is not known" })?;
    Ok(StoredRow { kind, key: row.try_get(1)?, text: row.try_get(2)? })
}
