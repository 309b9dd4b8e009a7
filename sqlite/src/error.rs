//! What can be wrong with a store.

use std::error::Error;

use onefold::StateError;
use rusqlite::ErrorCode;

/// What can be wrong with a store. The texts show no value of a contact.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The file is no database, or one of another application.
    #[error("not a database of onefold")]
    Foreign,
    /// A later release wrote the database.
    #[error("version {version} of the database's schema is not known; this release reads up to {known}")]
    NewerSchema {
        /// The version of the database.
        version: i64,
        /// The newest version that this release reads.
        known: i64,
    },
    /// The database is damaged: pages are missing, or hold what they cannot hold.
    #[error("the database is damaged")]
    Damaged,
    /// The rows are no workspace.
    #[error("the database does not hold a workspace: {0}")]
    Rows(#[from] StateError),
    /// Another process, or another store of this one, has the database open to write to it.
    #[error("the database is open elsewhere, and has one writer at a time")]
    OtherWriter,
    /// Somebody else has written to the database since it was opened, so that the workspace is not what it holds.
    #[error("the database was written to by somebody else since it was opened; open it again")]
    Outdated,
    /// There is no room on the disk.
    #[error("the disk is full")]
    DiskFull,
    /// The file cannot be read or written for another reason.
    #[error("the database cannot be read or written: {0}")]
    Failed(Box<dyn Error + Send + Sync>),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => Self::Foreign,
            Some(ErrorCode::DatabaseCorrupt) => Self::Damaged,
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::OtherWriter,
            _ => Self::Failed(Box::new(error)),
        }
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull => Self::DiskFull,
            _ => Self::Failed(Box::new(error)),
        }
    }
}
