//! What can be wrong with a store, and with an operation on it.

use std::error;
use std::fmt;

use onefold::ContactId;
use onefold_workspace::{RowKind, StateError, WorkspaceError};
use tokio_postgres::error::SqlState;

use crate::limits::{MAX_SCHEMA_NAME_BYTES, MAX_WORKSPACE_NAME_BYTES};

/// What can be wrong with a store. The texts show no value of a contact; the `source` is what the database client said, and
/// the detail of the server in it may show a row.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The name cannot be the name of a schema: PostgreSQL cuts longer ones off without an error.
    #[error("the name of a schema has 1 to {MAX_SCHEMA_NAME_BYTES} bytes, none of them NUL")]
    SchemaName,
    /// The name cannot be the name of a workspace.
    #[error("the name of a workspace has at most {MAX_WORKSPACE_NAME_BYTES} bytes, none of them NUL")]
    WorkspaceName,
    /// The schema is not there.
    #[error("there is no schema of onefold by this name; make it first")]
    NoSchema {
        /// Which table or schema the server did not find.
        source: tokio_postgres::Error,
    },
    /// There is a schema of this name, and it is another application's.
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
    /// There is no such workspace in the schema.
    #[error("there is no workspace of this name in the schema")]
    UnknownWorkspace,
    /// There is such a workspace already.
    #[error("there is a workspace of this name in the schema already")]
    DuplicateWorkspace,
    /// A release with other rules has made the keys in the database. Only [`Store::rows`](crate::Store::rows),
    /// [`Store::remove`](crate::Store::remove) and [`Store::rebuild_keys`](crate::Store::rebuild_keys) work on it.
    #[error("the keys in the database were made by other rules than this release's; make them anew")]
    OtherKeyRules,
    /// The transaction does not see what others commit while it waits for them.
    #[error("an operation needs a transaction of the isolation level `read committed`")]
    Isolation,
    /// A text that an index of the database holds is too long for it. Nothing was written.
    #[error("{text} is too long for an index of the database: {bytes} bytes as JSON, and at most {max} fit")]
    TooLong {
        /// Which text.
        text: IndexedText,
        /// How long it is, as JSON.
        bytes: usize,
        /// How long it may be.
        max: usize,
    },
    /// The rows are no workspace: somebody has written to them by hand, or they are damaged.
    #[error("the database does not hold a workspace: {0}")]
    Rows(#[from] StateError),
    /// Others were in the way, and nothing was written: do the whole transaction again, as [`retry`](crate::retry) does.
    #[error("others were in the way; do the transaction again")]
    Conflict {
        /// What the server said; `None` if an operation came upon something new in every round.
        source: Option<tokio_postgres::Error>,
    },
    /// The connection is lost. What was not committed has not happened; of a commit that was under way nobody knows.
    #[error("the connection to the database is lost")]
    ConnectionLost {
        /// How it was lost.
        source: tokio_postgres::Error,
    },
    /// The database refuses a statement for another reason: one of the store's, or one of the host's own in the same transaction, such
    /// as a unique violation in a table of the host.
    #[error("the database refuses: {}", message(.0))]
    Failed(#[source] tokio_postgres::Error),
}

/// A text that an index of the database holds.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum IndexedText {
    /// The id of a contact.
    ContactId {
        /// How it begins.
        start: String,
    },
    /// A match key, which follows from a value of a contact.
    MatchKey {
        /// The id of the contact, as JSON.
        contact: String,
        /// The kind of the key, by its name.
        kind: String,
    },
    /// What a row of this kind is found by, such as the name of a tag.
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

/// What can be wrong with an operation.
#[derive(Debug, thiserror::Error)]
pub enum Error<Id: ContactId> {
    /// The workspace refuses it. What it was refused for holds until the transaction ends.
    #[error(transparent)]
    Refused(#[from] WorkspaceError<Id>),
    /// The store could not carry it out, or the database refused a statement of the host in the same transaction.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What may be cured by doing the whole transaction again.
pub trait IsConflict {
    /// Whether others were in the way, and nothing was written.
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

/// The error of a statement of anybody, the host as well. Only what ends any transaction for the sake of others is a conflict: a
/// serialization failure or a deadlock. A unique violation or a lock that was not waited for is the error of whoever asked.
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
    /// The error of a statement of the store's own. `schema` is the one that the store writes to.
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

/// Returns true if a unique violation is about a table of the schema, or about the names of schemas. A trigger of the host on a
/// table of the store may violate a constraint of the host.
fn violates_own(error: &tokio_postgres::Error, schema: &str) -> bool {
    let Some(error) = error.as_db_error() else { return false };
    match (error.schema(), error.table()) {
        (Some(of), Some("version" | "workspace" | "row" | "about" | "key" | "slot")) => of == schema,
        (Some("pg_catalog"), Some(_)) => true,
        _ => false,
    }
}

/// Returns true if there is no connection any more.
fn is_lost(error: &tokio_postgres::Error) -> bool {
    match error.code() {
        Some(code) => {
            [&SqlState::ADMIN_SHUTDOWN, &SqlState::CRASH_SHUTDOWN, &SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT]
                .contains(&code)
        }
        // No answer of the server: the connection broke, or a value did not fit its type.
        None => error.is_closed() || error::Error::source(error).is_some_and(|source| source.is::<std::io::Error>()),
    }
}

/// The message of the server: it names tables and constraints, while its detail may show a row.
fn message(error: &tokio_postgres::Error) -> String {
    error.as_db_error().map_or_else(|| error.to_string(), |error| error.message().to_owned())
}
