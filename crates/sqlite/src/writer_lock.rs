//! The lock of the single writer.

use std::fs::{File, OpenOptions, TryLockError};
use std::thread;
use std::time::Duration;

use crate::error::StoreError;
use crate::file::DatabaseFile;

/// The number of attempts to take a lock that is held, and the time between them.
const WAITS: u32 = 25;
const WAIT: Duration = Duration::from_millis(10);

/// The writer's lock, held until it is dropped or the process ends.
///
/// It locks a file beside the database, because SQLite's own locks are released when any handle to the database is
/// closed. The file is never removed, because another process may be about to lock it.
#[derive(Debug)]
pub(crate) struct Writer {
    _held: File,
}

impl Writer {
    /// Takes the lock of an existing database. Waits up to a quarter of a second, because a killed process, or a forked
    /// one that has not started its own program yet, holds the lock a moment longer.
    ///
    /// # Errors
    /// - [`StoreError::OtherWriter`] if another writer holds the lock.
    /// - [`StoreError::Failed`] if the file cannot be opened.
    pub(crate) fn lock(database: &DatabaseFile) -> Result<Self, StoreError> {
        let name = database.beside("-writer");
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(name)?;
        let mut left = WAITS;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _held: file }),
                Err(TryLockError::WouldBlock) if left > 0 => {
                    left -= 1;
                    thread::sleep(WAIT);
                }
                Err(TryLockError::WouldBlock) => return Err(StoreError::OtherWriter),
                Err(TryLockError::Error(error)) => return Err(error.into()),
            }
        }
    }
}
