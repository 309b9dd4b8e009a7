//! What can be wrong with a store, and with an operation on it.

use std::error;

use onefold::{ContactId, StateError, WorkspaceError};
use tokio_postgres::error::SqlState;

/// What can be wrong with a store. The texts show no value of a contact.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The schema is not there.
    #[error("there is no schema of onefold by this name; make it first")]
    NoSchema,
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
    /// A release with other rules has made the keys in the database.
    #[error("the keys in the database were made by other rules than this release's; make them anew")]
    OtherKeyRules,
    /// The transaction does not see what others commit while it waits for them.
    #[error("an operation needs a transaction of the isolation level `read committed`")]
    Isolation,
    /// The rows are no workspace: somebody has written to them by hand, or they are damaged.
    #[error("the database does not hold a workspace: {0}")]
    Rows(#[from] StateError),
    /// Others were in the way, and nothing was written: do the whole transaction again, as [`retry`](crate::retry) does.
    #[error("others were in the way; do the transaction again")]
    Conflict,
    /// The connection is lost. What was not committed has not happened; of a commit that was under way nobody knows.
    #[error("the connection to the database is lost")]
    ConnectionLost,
    /// The database refuses for another reason.
    #[error("the database refuses: {0}")]
    Failed(Box<dyn error::Error + Send + Sync>),
}

/// What can be wrong with an operation.
#[derive(Debug, thiserror::Error)]
pub enum Error<Id: ContactId> {
    /// The workspace refuses it. What it was refused for holds until the transaction ends.
    #[error(transparent)]
    Refused(#[from] WorkspaceError<Id>),
    /// The store could not carry it out.
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
        matches!(self, Self::Conflict)
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

impl From<tokio_postgres::Error> for StoreError {
    fn from(error: tokio_postgres::Error) -> Self {
        if error.is_closed() {
            return Self::ConnectionLost;
        }
        let Some(state) = error.code().cloned() else {
            // No answer of the server: the connection broke, or a value did not fit its type.
            let is_io = error::Error::source(&error).is_some_and(|source| source.is::<std::io::Error>());
            return if is_io { Self::ConnectionLost } else { Self::Failed(Box::new(error)) };
        };
        let conflicts = [
            SqlState::T_R_SERIALIZATION_FAILURE,
            SqlState::T_R_DEADLOCK_DETECTED,
            SqlState::LOCK_NOT_AVAILABLE,
            SqlState::UNIQUE_VIOLATION,
        ];
        let lost = [SqlState::ADMIN_SHUTDOWN, SqlState::CRASH_SHUTDOWN, SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT];
        let missing = [SqlState::UNDEFINED_TABLE, SqlState::INVALID_SCHEMA_NAME];
        match state {
            state if conflicts.contains(&state) => Self::Conflict,
            state if lost.contains(&state) => Self::ConnectionLost,
            state if missing.contains(&state) => Self::NoSchema,
            // The server's own words: they name tables and rules, while its detail may show a row.
            _ => {
                Self::Failed(error.as_db_error().map_or_else(|| "no reason given".into(), |told| told.message().into()))
            }
        }
    }
}
