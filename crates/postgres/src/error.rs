//! Errors of a store and of its operations.

use std::error;
use std::fmt;

use onefold::ContactId;
use onefold_workspace::{RowKind, StateError, WorkspaceError};
use tokio_postgres::error::SqlState;

use crate::limits::{MAX_SCHEMA_NAME_BYTES, MAX_WORKSPACE_NAME_BYTES};

/// An error of a store. The messages show no value of a contact. The `source` is the database client's error, and the
/// server's detail in it may show a row.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The name cannot be the name of a schema. PostgreSQL would cut a longer one off without an error.
    #[error("the name of a schema has 1 to {MAX_SCHEMA_NAME_BYTES} bytes, none of them NUL")]
    SchemaName,
    /// The name cannot be the name of a workspace.
    #[error("the name of a workspace has at most {MAX_WORKSPACE_NAME_BYTES} bytes, none of them NUL")]
    WorkspaceName,
    /// The schema does not exist.
    #[error("there is no schema of onefold by this name; make it first")]
    NoSchema {
        /// The server's error, which names the missing table or schema.
        source: tokio_postgres::Error,
    },
    /// The schema exists, but belongs to another application.
    #[error("the schema is not one of onefold")]
    Foreign,
    /// A later release wrote the schema.
    #[error("version {version} of the schema is not known; this release reads up to {known}")]
    NewerSchema {
        /// The version of the schema.
        version: i32,
        /// The newest version that this release reads.
        known: i32,
    },
    /// An earlier release wrote the schema.
    #[error("the schema has version {version}, and this release needs {known}; migrate it first")]
    OlderSchema {
        /// The version of the schema.
        version: i32,
        /// The version that this release needs.
        known: i32,
    },
    /// The schema has no such workspace.
    #[error("there is no workspace of this name in the schema")]
    UnknownWorkspace,
    /// The schema has such a workspace already.
    #[error("there is a workspace of this name in the schema already")]
    DuplicateWorkspace,
    /// A release with other key rules made the keys in the database. Only [`Store::rows`](crate::Store::rows),
    /// [`Store::remove`](crate::Store::remove) and [`Store::rebuild_keys`](crate::Store::rebuild_keys) work on it.
    #[error("the keys in the database were made by other rules than this release's; make them anew")]
    OtherKeyRules,
    /// The transaction's isolation level does not show what other transactions commit while it waits for them.
    #[error("an operation needs a transaction of the isolation level `read committed`")]
    Isolation,
    /// A text is too long for an index of the database. Nothing was written.
    #[error("{text} is too long for an index of the database: {bytes} bytes as JSON, and at most {max} fit")]
    TooLong {
        /// The kind of the text.
        text: IndexedText,
        /// Its length as JSON, in bytes.
        bytes: usize,
        /// The limit of its length, in bytes.
        max: usize,
    },
    /// The rows do not form a workspace, because they were written by hand or are damaged.
    #[error("the database does not hold a workspace: {0}")]
    Rows(#[from] StateError),
    /// Other transactions were in the way, and nothing was written. Repeat the whole transaction, as
    /// [`retry`](crate::retry) does.
    #[error("others were in the way; do the transaction again")]
    Conflict {
        /// The server's error, or `None` if an operation found new rows to lock in every round.
        source: Option<tokio_postgres::Error>,
    },
    /// The connection is lost. Uncommitted changes have not happened. The outcome of a commit in progress is unknown.
    #[error("the connection to the database is lost")]
    ConnectionLost {
        /// The client's error.
        source: tokio_postgres::Error,
    },
    /// The database refuses a statement for another reason. The statement is one of the store's, or one of the host's
    /// in the same transaction, such as a unique violation in a table of the host.
    #[error("the database refuses: {}", message(.0))]
    Failed(#[source] tokio_postgres::Error),
}

/// A text in an index of the database.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum IndexedText {
    /// The id of a contact.
    ContactId {
        /// The beginning of the id.
        start: String,
    },
    /// A match key made from a value of a contact.
    MatchKey {
        /// The id of the contact, as JSON.
        contact: String,
        /// The name of the key's kind.
        kind: String,
    },
    /// The key of a row of this kind, such as the name of a tag.
    RowKey(RowKind),
}

impl fmt::Display for IndexedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ContactId { start } => write!(f, "the id of a contact, which begins with {start:?},"),
            Self::MatchKey { contact, kind } => write!(f, "a match key of contact {contact}, of kind {kind},"),
            Self::RowKey(kind) => write!(f, "the key of a row of kind {}", kind.name()),
        }
    }
}

/// An error of an operation.
#[derive(Debug, thiserror::Error)]
pub enum Error<Id: ContactId> {
    /// The workspace refuses the operation. The reason stays true until the transaction ends.
    #[error(transparent)]
    Refused(#[from] WorkspaceError<Id>),
    /// The store failed, or the database refused a statement of the host in the same transaction.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Errors that a repetition of the whole transaction may resolve.
pub trait IsConflict {
    /// Returns true if other transactions were in the way and nothing was written.
    fn is_conflict(&self) -> bool;
}

impl IsConflict for StoreError {
    fn is_conflict(&self) -> bool {
        matches!(self, Self::Conflict { .. })
    }
}

impl<Id: ContactId> IsConflict for Error<Id> {
    fn is_conflict(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_conflict())
    }
}

impl<Id: ContactId> From<tokio_postgres::Error> for Error<Id> {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Store(error.into())
    }
}

impl<Id: ContactId> From<StateError> for Error<Id> {
    fn from(error: StateError) -> Self {
        Self::Store(error.into())
    }
}

/// Converts the error of any statement, also one of the host. Only a serialization failure or a deadlock is a conflict,
/// because these end a transaction for the sake of others. A unique violation or a lock without waiting is the
/// statement's own error.
impl From<tokio_postgres::Error> for StoreError {
    fn from(source: tokio_postgres::Error) -> Self {
        if is_lost(&source) {
            return Self::ConnectionLost { source };
        }
        match source.code() {
            Some(&SqlState::T_R_SERIALIZATION_FAILURE | &SqlState::T_R_DEADLOCK_DETECTED) => {
                Self::Conflict { source: Some(source) }
            }
            _ => Self::Failed(source),
        }
    }
}

impl StoreError {
    /// Converts the error of one of the store's own statements. `schema` is the store's schema.
    pub(crate) fn of_own(source: tokio_postgres::Error, schema: &str) -> Self {
        match source.code() {
            Some(&SqlState::UNDEFINED_TABLE | &SqlState::INVALID_SCHEMA_NAME) => Self::NoSchema { source },
            Some(&SqlState::LOCK_NOT_AVAILABLE) => Self::Conflict { source: Some(source) },
            Some(&SqlState::UNIQUE_VIOLATION) if violates_own(&source, schema) => {
                Self::Conflict { source: Some(source) }
            }
            _ => source.into(),
        }
    }
}

/// Returns true if a unique violation is in a table of the schema, or in the names of schemas. It can also be in a
/// table of the host, if a trigger of the host on a table of the store writes there.
fn violates_own(error: &tokio_postgres::Error, schema: &str) -> bool {
    let Some(error) = error.as_db_error() else { return false };
    match (error.schema(), error.table()) {
        (Some(of), Some("version" | "workspace" | "row" | "about" | "key" | "slot")) => of == schema,
        (Some("pg_catalog"), Some(_)) => true,
        _ => false,
    }
}

/// Returns true if the connection is lost.
fn is_lost(error: &tokio_postgres::Error) -> bool {
    match error.code() {
        Some(code) => {
            [&SqlState::ADMIN_SHUTDOWN, &SqlState::CRASH_SHUTDOWN, &SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT]
                .contains(&code)
        }
        // Without an answer of the server the connection broke, or a value did not fit its type.
        None => error.is_closed() || error::Error::source(error).is_some_and(|source| source.is::<std::io::Error>()),
    }
}

/// Returns the server's message, which names tables and constraints. Its detail may show a row and is left out.
fn message(error: &tokio_postgres::Error) -> String {
    error.as_db_error().map_or_else(|| error.to_string(), |error| error.message().to_owned())
}
