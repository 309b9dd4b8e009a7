//! Errors of a store.

use std::error::Error;

use onefold_workspace::StateError;
use rusqlite::ErrorCode;

/// An error of a store. The messages show no value of a contact.
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
    /// The database is damaged: pages are missing, out of place, or have invalid content.
    #[error("the database is damaged")]
    Damaged,
    /// The rows do not form a workspace.
    #[error("the database does not hold a workspace: {0}")]
    Rows(#[from] StateError),
    /// Another process, or another store in this one, has the database open for writing.
    #[error("the database is open elsewhere, and has one writer at a time")]
    OtherWriter,
    /// The database was written by another process since it was opened, so the workspace is out of date.
    #[error("the database was written to by somebody else since it was opened; open it again")]
    Outdated,
    /// The file has several names (hard links). The lock and the log of a database belong to one name, so a program
    /// that opens it by another name would miss the latest writes.
    #[error("the database has several names (hard links); remove all but one, or copy the file instead of linking it")]
    Linked,
    /// The file at the path is not the one that was opened. It was moved, replaced or deleted.
    #[error("the database was moved, replaced or deleted since it was opened; open it again")]
    Moved,
    /// The log was never written into the database, and it cannot be read in a read-only folder.
    #[error(
        "the database was not closed, and its log cannot be read in a folder that cannot be written to; copy both into another folder"
    )]
    UnreadableLog,
    /// The disk is full.
    #[error("the disk is full")]
    DiskFull,
    /// The file cannot be read or written for another reason, which is the source of the error.
    #[error("the database cannot be read or written: {0}")]
    Failed(#[source] Box<dyn Error + Send + Sync>),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => Self::Foreign,
            Some(ErrorCode::DatabaseCorrupt) => Self::Damaged,
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::OtherWriter,
            Some(_) => Self::Failed(Box::new(error)),
            None if is_other_value(&error) => Self::Damaged,
            None => Self::Failed(Box::new(error)),
        }
    }
}

/// Returns true if a column holds a value that its type does not allow. In strict tables this happens only by damage.
fn is_other_value(error: &rusqlite::Error) -> bool {
    matches!(
        error,
        rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::Utf8Error(..)
            | rusqlite::Error::QueryReturnedNoRows
    )
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::StorageFull { Self::DiskFull } else { Self::Failed(Box::new(error)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cause_is_in_the_text_and_is_the_source() {
        let cause = std::io::Error::new(std::io::ErrorKind::PermissionDenied, "the folder is closed");
        let error = StoreError::from(cause);
        assert!(error.to_string().contains("the folder is closed"), "{error}");
        let source = error.source().expect("a source");
        assert!(source.is::<std::io::Error>(), "{source:?}");
        let no_table =
            rusqlite::Connection::open_in_memory().expect("a database").execute_batch("SELECT * FROM nobody");
        let error = StoreError::from(no_table.expect_err("there is no such table"));
        assert!(error.source().is_some_and(|source| source.is::<rusqlite::Error>()), "{error:?}");
        let rows = StoreError::from(StateError::Foreign);
        assert!(rows.source().is_some_and(|source| source.is::<StateError>()), "{rows:?}");
    }
}
