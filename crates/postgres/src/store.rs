//! A workspace in a schema, and the start of each operation on it.

use onefold::index::KEY_RULES;
use onefold_workspace::{RowKind, StateError, StoredRow, Workspace};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{GenericClient, Row};

use crate::error::StoreError;
use crate::limits::MAX_WORKSPACE_NAME_BYTES;
use crate::schema::VERSION;
use crate::statements::{ALWAYS, ENTER, ENTER_ALONE, LOOK, RULES, of_schema};
use crate::stored_id::StoredId;

/// A handle of a workspace in a database of the host. It holds only names, so creating one costs nothing, and any
/// number of processes may use the same workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Store {
    schema: String,
    workspace: String,
}

/// The access to a workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// The workspace is read.
    Read,
    /// The workspace is written to, beside other writers.
    Shared,
    /// The workspace is written to, without other writers.
    Alone,
}

/// The key rules that an access to a workspace requires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyRules {
    /// The keys must follow this release's rules, because they are read or written.
    Own,
    /// Any rules: only rows are read, all keys are made again, or the workspace is removed.
    Any,
}

/// The facts that every operation loads first.
pub(crate) struct Entered {
    /// The number of the workspace.
    pub(crate) workspace: i32,
    /// The settings, the definitions of fields and the channel accounts.
    pub(crate) rows: Vec<StoredRow>,
    /// The keys of the requested contacts, which other transactions may change until they are locked.
    pub(crate) held: Vec<String>,
}

impl Store {
    /// Returns a handle of a workspace in a schema. Each use of the handle checks that both exist.
    ///
    /// The name of the schema has 1 to 63 bytes, and that of the workspace at most
    /// [`MAX_WORKSPACE_NAME_BYTES`](crate::MAX_WORKSPACE_NAME_BYTES). Any characters but NUL are allowed. With another
    /// name each use returns [`StoreError::SchemaName`] or [`StoreError::WorkspaceName`].
    pub fn new(schema: impl Into<String>, workspace: impl Into<String>) -> Self {
        Self { schema: schema.into(), workspace: workspace.into() }
    }

    /// Runs a statement of the store. It is not prepared, so nothing stays behind on the host's connection.
    ///
    /// # Errors
    /// - [`StoreError::SchemaName`] if the name cannot be the name of a schema.
    /// - Those of [`StoreError::of_own`].
    pub(crate) async fn ask(
        &self,
        client: &impl GenericClient,
        statement: &str,
        parameters: &[(&(dyn ToSql + Sync), Type)],
    ) -> Result<Vec<Row>, StoreError> {
        let asked = client.query_typed(&of_schema(statement, &self.schema)?, parameters).await;
        asked.map_err(|error| StoreError::of_own(error, &self.schema))
    }

    /// Runs a statement that selects rows of a workspace, like [`Store::ask`].
    ///
    /// # Errors
    /// - [`StoreError::Rows`] if a row has an unknown kind.
    /// - Those of [`Store::ask`].
    pub(crate) async fn ask_rows(
        &self,
        client: &impl GenericClient,
        statement: &str,
        parameters: &[(&(dyn ToSql + Sync), Type)],
    ) -> Result<Vec<StoredRow>, StoreError> {
        let rows = self.ask(client, statement, parameters).await?;
        rows.iter().map(stored).collect()
    }

    pub(crate) fn checked_name(&self) -> Result<&str, StoreError> {
        let name = self.workspace.as_str();
        if name.len() > MAX_WORKSPACE_NAME_BYTES || name.contains('\0') {
            Err(StoreError::WorkspaceName)
        } else {
            Ok(name)
        }
    }

    /// Returns the number of the workspace after the checks for the access. Every use of a workspace begins with this
    /// or with the gate alone.
    ///
    /// # Errors
    /// - [`StoreError::UnknownWorkspace`], [`StoreError::OtherKeyRules`], [`StoreError::OlderSchema`] or
    ///   [`StoreError::NewerSchema`] if the workspace cannot be used.
    /// - [`StoreError::Isolation`] if a writing transaction has another isolation level than `read committed`.
    /// - Those of [`Store::ask`].
    pub(crate) async fn number(
        &self,
        client: &impl GenericClient,
        access: Access,
        rules: KeyRules,
    ) -> Result<i32, StoreError> {
        let number = self.pass(client, access, rules).await?;
        // While this transaction waited, another one may have made the keys by other rules or removed the workspace.
        if access != Access::Read {
            let rows = self.ask(client, RULES, &[(&number, Type::INT4)]).await?;
            check_rules(rows.first().ok_or(StoreError::UnknownWorkspace)?.try_get(2)?, rules)?;
        }
        Ok(number)
    }

    /// Begins an operation beside other writers.
    ///
    /// # Errors
    /// - Those of [`Store::number`].
    pub(crate) async fn enter(&self, client: &impl GenericClient, ids: &[String]) -> Result<Entered, StoreError> {
        let workspace = self.pass(client, Access::Shared, KeyRules::Own).await?;
        self.always(client, workspace, ids).await
    }

    /// Begins a question.
    ///
    /// # Errors
    /// - Those of [`Store::number`].
    pub(crate) async fn look(&self, client: &impl GenericClient) -> Result<Entered, StoreError> {
        let workspace = self.pass(client, Access::Read, KeyRules::Own).await?;
        self.always(client, workspace, &[]).await
    }

    /// Returns the number of the workspace as selected before the gate was passed. The caller must check the key rules
    /// once more.
    ///
    /// # Errors
    /// - Those of [`Store::number`].
    async fn pass(&self, client: &impl GenericClient, access: Access, rules: KeyRules) -> Result<i32, StoreError> {
        let statement = match access {
            Access::Read => LOOK,
            Access::Shared => ENTER,
            Access::Alone => ENTER_ALONE,
        };
        let rows = self.ask(client, statement, &[(&self.checked_name()?, Type::TEXT)]).await?;
        let row = rows.first().ok_or(StoreError::Foreign)?;
        let (version, number): (i32, Option<i32>) = (row.try_get(0)?, row.try_get(1)?);
        match version {
            version if version > VERSION => return Err(StoreError::NewerSchema { version, known: VERSION }),
            version if version < VERSION => return Err(StoreError::OlderSchema { version, known: VERSION }),
            _ => {}
        }
        if access != Access::Read && row.try_get::<_, &str>(3)? != "read committed" {
            return Err(StoreError::Isolation);
        }
        let number = number.ok_or(StoreError::UnknownWorkspace)?;
        check_rules(row.try_get(2)?, rules)?;
        Ok(number)
    }

    async fn always(&self, client: &impl GenericClient, workspace: i32, ids: &[String]) -> Result<Entered, StoreError> {
        let parameters: [(&(dyn ToSql + Sync), Type); 2] = [(&workspace, Type::INT4), (&ids, Type::TEXT_ARRAY)];
        let mut entered = Entered { workspace, rows: Vec::new(), held: Vec::new() };
        let mut is_there = false;
        for row in self.ask(client, ALWAYS, &parameters).await? {
            match row.try_get(0)? {
                "key_rules" => {
                    check_rules(row.try_get(2)?, KeyRules::Own)?;
                    is_there = true;
                }
                "held" => entered.held.push(row.try_get(1)?),
                _ => entered.rows.push(stored(&row)?),
            }
        }
        if is_there { Ok(entered) } else { Err(StoreError::UnknownWorkspace) }
    }
}

fn check_rules(of_keys: &str, needed: KeyRules) -> Result<(), StoreError> {
    if needed == KeyRules::Own && of_keys != KEY_RULES { Err(StoreError::OtherKeyRules) } else { Ok(()) }
}

impl Entered {
    /// Returns a workspace without contacts, for its rules and its normaliser.
    pub(crate) fn empty<Id: StoredId>(&self) -> Result<Workspace<Id>, StoreError> {
        Workspace::from_part(self.rows.iter().cloned().map(Ok::<_, StoreError>))
    }
}

/// The row in which a workspace in memory keeps the number of its next event. Here it is a sequence.
pub(crate) const NEXT_EVENT_KEY: &str = "\"next_event\"";

pub(crate) fn stored(row: &Row) -> Result<StoredRow, StoreError> {
    let kind = RowKind::from_name(row.try_get(0)?);
    let kind = kind.ok_or(StateError::Inconsistent { what: "a row is of a kind that is not known" })?;
    Ok(StoredRow { kind, key: row.try_get(1)?, text: row.try_get(2)? })
}
