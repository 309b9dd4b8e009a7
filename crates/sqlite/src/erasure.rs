//! The erasure of deleted values from the files.

use std::time::Duration;

use onefold_workspace::{Erasure, RowKind, RowWrite, StoredRow};
use rusqlite::Connection;

use crate::error::StoreError;
use crate::lock_timeout::PATIENCE;

/// The time that the deletion of a person waits for readers of the log, unless the host sets another one.
pub(crate) const READER_WAIT: Duration = Duration::from_secs(2);

/// The places where values of deleted persons may remain, although no row holds them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Remains {
    /// No place.
    Nothing,
    /// The log beside the database.
    Log,
    /// The log and the free space of pages. SQLite overwrites deleted values, but not the copies that it leaves when it
    /// moves rows between pages.
    FreeSpace,
}

/// The deletions in one transaction.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Deletes {
    /// True if the transaction deletes a person.
    person: bool,
    /// True if the transaction removes contacts from a deletion of many contacts: as one of its batches, because the
    /// deletion is stopped, or because a contact is deleted alone.
    from_many: bool,
    /// True if the transaction is a batch of a deletion that continues after it.
    goes_on: bool,
}

impl Deletes {
    /// Records one write, before it is written.
    ///
    /// # Errors
    /// - [`StoreError::Damaged`] or [`StoreError::Failed`] if the deletion's present row cannot be read.
    pub(crate) fn see(&mut self, write: &RowWrite, connection: &Connection) -> Result<(), StoreError> {
        match write {
            RowWrite::Put(StoredRow { kind: RowKind::Deleted, .. }) => self.person = true,
            RowWrite::Put(StoredRow { kind: RowKind::Deletion, key, text }) => {
                self.goes_on |= is_batch_before_the_end(connection, key, text)?;
            }
            RowWrite::Delete { kind: RowKind::ToDelete, .. } => self.from_many = true,
            _ => {}
        }
        Ok(())
    }
}

/// Erases the remains of deleted persons from the files at the first possible time.
#[derive(Debug)]
pub(crate) struct Eraser {
    remains: Remains,
    wait: Duration,
}

impl Eraser {
    /// Returns an eraser for files without remains.
    pub(crate) fn new() -> Self {
        Self { remains: Remains::Nothing, wait: READER_WAIT }
    }

    pub(crate) fn set_wait(&mut self, wait: Duration) {
        self.wait = wait;
    }

    pub(crate) fn erasure(&self) -> Erasure {
        if self.remains == Remains::Nothing { Erasure::Complete } else { Erasure::Pending }
    }

    /// Returns true if a deletion of many contacts has begun and is not finished.
    ///
    /// # Errors
    /// - [`StoreError::Damaged`] or [`StoreError::Failed`] if the database cannot be read.
    pub(crate) fn is_amid_a_deletion(&self, connection: &Connection) -> Result<bool, StoreError> {
        Ok(exists(connection, RowKind::ToDelete)? && exists(connection, RowKind::Deleted)?)
    }

    /// Erases remains after a database was opened with a log that is not empty, or amid a deletion. The process before
    /// may have been killed between a deletion and its erasure.
    pub(crate) fn take_over(&mut self, connection: &Connection) {
        let has_deleted = exists(connection, RowKind::Deleted).unwrap_or(true);
        self.remains = if has_deleted { Remains::FreeSpace } else { Remains::Log };
        // A failed erasure is repeated at the next chance.
        let _ = self.erase(connection);
    }

    /// Erases remains after a transaction. A failed erasure is repeated at the next chance, because the transaction is
    /// already committed.
    pub(crate) fn after(&mut self, deletes: Deletes, connection: &Connection) {
        // A deletion in batches rewrites the database only once, after its last batch or when it is stopped.
        let goes_on = deletes.goes_on;
        let ends = deletes.from_many && !goes_on;
        if deletes.person || ends {
            self.remains = Remains::FreeSpace;
        }
        if self.remains == Remains::Nothing {
            return;
        }
        let wait = if deletes.person || ends { self.wait } else { Duration::ZERO };
        let _ = if goes_on { truncate_log(connection, wait).map(drop) } else { self.erase_within(connection, wait) };
    }

    /// Erases the remains. Waits up to the limit for readers that are in the way.
    ///
    /// # Errors
    /// - [`StoreError::DiskFull`], [`StoreError::Damaged`] or [`StoreError::Failed`] if the database cannot be
    ///   rewritten.
    pub(crate) fn erase(&mut self, connection: &Connection) -> Result<(), StoreError> {
        self.erase_within(connection, self.wait)
    }

    fn erase_within(&mut self, connection: &Connection, wait: Duration) -> Result<(), StoreError> {
        if self.remains == Remains::FreeSpace {
            connection.execute_batch("VACUUM")?;
            self.remains = Remains::Log;
        }
        if self.remains == Remains::Log && truncate_log(connection, wait)? {
            self.remains = Remains::Nothing;
        }
        Ok(())
    }
}

/// Writes the log into the database and truncates it. Returns false if a reader still needs the log after the time
/// limit.
///
/// # Errors
/// - [`StoreError::DiskFull`], [`StoreError::Damaged`] or [`StoreError::Failed`] if the log cannot be written.
fn truncate_log(connection: &Connection, wait: Duration) -> Result<bool, StoreError> {
    connection.busy_timeout(wait)?;
    let is_busy = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
    connection.busy_timeout(PATIENCE)?;
    Ok(is_busy? == 0)
}

/// Returns true if a deletion's new row counts more deleted contacts than the present one, but not yet all.
///
/// # Errors
/// - [`StoreError::Damaged`] or [`StoreError::Failed`] if the present row cannot be read.
fn is_batch_before_the_end(connection: &Connection, key: &str, text: &str) -> Result<bool, StoreError> {
    const SELECT: &str = "SELECT EXISTS (SELECT 1 FROM deletion WHERE key = ?1 \
        AND ?2 ->> '$.deletion[1].deleted' > row ->> '$.deletion[1].deleted' \
        AND ?2 ->> '$.deletion[1].deleted' + ?2 ->> '$.deletion[1].skipped' < ?2 ->> '$.deletion[1].total')";
    Ok(connection.prepare_cached(SELECT)?.query_row([key, text], |row| row.get(0))?)
}

fn exists(connection: &Connection, kind: RowKind) -> Result<bool, StoreError> {
    let select = format!("SELECT EXISTS (SELECT 1 FROM {})", kind.name());
    Ok(connection.query_row(&select, [], |row| row.get(0))?)
}
