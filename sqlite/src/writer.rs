//! The lock of the one writer.

use std::ffi::OsString;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use crate::error::StoreError;

/// The lock, which is held until it is dropped or the process ends.
///
/// It is on a file beside the database, since SQLite's own locks on the database go when any handle to that file is
/// closed. The file stays there: whoever took it away could take it from under somebody who is about to lock it.
#[derive(Debug)]
pub(crate) struct Writer {
    _held: File,
}

impl Writer {
    /// Takes the lock of a database, which exists.
    ///
    /// # Errors
    /// [`StoreError::OtherWriter`] if somebody has it.
    pub(crate) fn lock(database: &Path) -> Result<Self, StoreError> {
        // Links to one file have one lock.
        let mut name: OsString = database.canonicalize()?.into_os_string();
        name.push("-writer");
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(Path::new(&name))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _held: file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::OtherWriter),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }
}
