//! A workspace in a schema: where it is, and what an operation begins with.

use onefold::KEY_RULES;
use onefold_workspace::{RowKind, StateError, StoredRow, Workspace};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{GenericClient, Row};

use crate::error::StoreError;
use crate::limits::MAX_WORKSPACE_NAME_BYTES;
use crate::schema::VERSION;
use crate::statements::{ALWAYS, ENTER, ENTER_ALONE, LOOK, RULES, of_schema};
use crate::stored_id::StoredId;

/// A workspace in the database of a host. It holds names only, so that making one costs nothing, and any number of processes may
/// have one of the same workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Store {
    schema: String,
    workspace: String,
}

/// How a workspace is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// It is read.
    Read,
    /// It is written to, beside others.
    Shared,
    /// It is written to while nobody else does.
    Alone,
}

/// Whether a use of a workspace needs keys of this release's rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyRules {
    /// It does, or it may write rows from which keys follow.
    Own,
    /// It reads rows alone, or makes the keys anew, or takes the workspace out.
    Any,
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
    /// The workspace of a name in a schema; whether they are there is seen when it is used. The name of the schema has 1 to 63 bytes,
    /// that of the workspace at most [`MAX_WORKSPACE_NAME_BYTES`](crate::MAX_WORKSPACE_NAME_BYTES), and otherwise any characters but
    /// NUL; each use says [`StoreError::SchemaName`] or [`StoreError::WorkspaceName`] if they have not.
    pub fn new(schema: impl Into<String>, workspace: impl Into<String>) -> Self {
        Self { schema: schema.into(), workspace: workspace.into() }
    }

    /// Runs a statement once, without leaving anything prepared behind on a connection that is the host's.
    pub(crate) async fn ask(
        &self,
        client: &impl GenericClient,
        statement: &str,
        parameters: &[(&(dyn ToSql + Sync), Type)],
    ) -> Result<Vec<Row>, StoreError> {
        let asked = client.query_typed(&of_schema(statement, &self.schema)?, parameters).await;
        asked.map_err(|error| StoreError::of_own(error, &self.schema))
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

    pub(crate) fn checked_name(&self) -> Result<&str, StoreError> {
        let name = self.workspace.as_str();
        if name.len() > MAX_WORKSPACE_NAME_BYTES || name.contains('\0') {
            Err(StoreError::WorkspaceName)
        } else {
            Ok(name)
        }
    }

    /// The number of the workspace, once it may be used as it is asked. Everything that is done with a workspace begins here.
    pub(crate) async fn number(
        &self,
        client: &impl GenericClient,
        access: Access,
        rules: KeyRules,
    ) -> Result<i32, StoreError> {
        let number = self.pass(client, access, rules).await?;
        // Whoever was waited for may have made the keys by other rules, or taken the workspace out.
        if access != Access::Read {
            let rows = self.ask(client, RULES, &[(&number, Type::INT4)]).await?;
            check_rules(rows.first().ok_or(StoreError::UnknownWorkspace)?.try_get(2)?, rules)?;
        }
        Ok(number)
    }

    /// Begins an operation, which shares the workspace with others.
    pub(crate) async fn enter(&self, client: &impl GenericClient, ids: &[String]) -> Result<Entered, StoreError> {
        let workspace = self.pass(client, Access::Shared, KeyRules::Own).await?;
        self.always(client, workspace, ids).await
    }

    /// Begins a question.
    pub(crate) async fn look(&self, client: &impl GenericClient) -> Result<Entered, StoreError> {
        let workspace = self.pass(client, Access::Read, KeyRules::Own).await?;
        self.always(client, workspace, &[]).await
    }

    /// The number of the workspace as it was before the gate was passed: its rules are to be looked at once more then.
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
