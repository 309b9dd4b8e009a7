//! Deleted values, and what is left of them in the files.

use std::time::Duration;

use onefold_workspace::{Erasure, RowKind, RowWrite, StoredRow};
use rusqlite::Connection;

use crate::error::StoreError;
use crate::patience::PATIENCE;

/// How long the deletion of a person waits for readers that still need the log, unless the host says otherwise.
pub(crate) const READER_WAIT: Duration = Duration::from_secs(2);

/// Where values of deleted persons may still stand, although no row holds them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Remains {
    /// Nowhere.
    Nothing,
    /// In the log beside the database.
    Log,
    /// In the log, and in the free space of pages: SQLite overwrites what is deleted, but not the copies that it left where it
    /// moved rows from page to page.
    FreeSpace,
}

/// What a transaction means for what is left of deleted persons.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Deletes {
    /// A person is deleted.
    person: bool,
    /// The transaction takes contacts out of a deletion of many contacts: as a batch of it, since it is stopped, or since one of
    /// them is deleted alone.
    from_many: bool,
    /// It is a batch of a deletion that is not at its end.
    goes_on: bool,
}

impl Deletes {
    /// Takes notice of one write, before it is written.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] or [`StoreError::Failed`].
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

/// Takes what is left of deleted persons out of the files, as soon as that can be done.
#[derive(Debug)]
pub(crate) struct Eraser {
    remains: Remains,
    wait: Duration,
}

impl Eraser {
    /// Nothing is left of anybody.
    pub(crate) fn new() -> Self {
        Self { remains: Remains::Nothing, wait: READER_WAIT }
    }

    pub(crate) fn set_wait(&mut self, wait: Duration) {
        self.wait = wait;
    }

    pub(crate) fn erasure(&self) -> Erasure {
        if self.remains == Remains::Nothing { Erasure::Complete } else { Erasure::Pending }
    }

    /// Returns true if a deletion of many contacts has begun and not come to its end.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] or [`StoreError::Failed`].
    pub(crate) fn is_amid_a_deletion(&self, connection: &Connection) -> Result<bool, StoreError> {
        Ok(exists(connection, RowKind::ToDelete)? && exists(connection, RowKind::Deleted)?)
    }

    /// After a database was opened whose log was not empty, or that is amid a deletion: whoever had it open before may have been
    /// killed before it erased what it had deleted.
    pub(crate) fn take_over(&mut self, connection: &Connection) {
        let has_deleted = exists(connection, RowKind::Deleted).unwrap_or(true);
        self.remains = if has_deleted { Remains::FreeSpace } else { Remains::Log };
        // What fails is done at the next chance.
        let _ = self.erase(connection);
    }

    /// After a transaction. What fails is done at the next chance: the transaction is committed whatever happens here.
    pub(crate) fn after(&mut self, deletes: Deletes, connection: &Connection) {
        // A deletion in batches writes the database anew once, with its last batch or when it is stopped.
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

    /// Erases what is left. A reader in the way is waited for up to the limit.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`], [`StoreError::Damaged`] or [`StoreError::Failed`].
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

/// Writes the log back and cuts it to nothing; false if a reader that needs it has not gone within the limit.
fn truncate_log(connection: &Connection, wait: Duration) -> Result<bool, StoreError> {
    connection.busy_timeout(wait)?;
    let is_busy = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
    connection.busy_timeout(PATIENCE)?;
    Ok(is_busy? == 0)
}

/// Whether the row of a deletion that is about to be written has deleted more contacts than the one that stands, and not all yet.
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
