//! The lock of the one writer.

use std::fs::{File, OpenOptions, TryLockError};
use std::thread;
use std::time::Duration;

use crate::error::StoreError;
use crate::file::DatabaseFile;

/// How often a lock that somebody has is tried again, and how long after the time before.
const WAITS: u32 = 25;
const WAIT: Duration = Duration::from_millis(10);

/// The lock, which is held until it is dropped or the process ends.
///
/// It is on a file beside the database, since SQLite's own locks on the database go when any handle to that file is
/// closed. The file stays there: whoever took it away could take it from under somebody who is about to lock it.
#[derive(Debug)]
pub(crate) struct Writer {
    _held: File,
}

impl Writer {
    /// Takes the lock of a database, which exists. Waits up to a quarter of a second for it: a process that was killed,
    /// or one that was forked and has not begun its own program yet, holds it for a moment longer.
    ///
    /// # Errors
    /// [`StoreError::OtherWriter`] if somebody has it.
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
