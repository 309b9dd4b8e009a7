//! The file of a database, whatever it is called.

use std::ffi::OsString;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::error::StoreError;

/// The file of a database, which has one name.
///
/// SQLite keeps the log beside the name of a database, and the writer's lock is a file there as well. A second name (a hard
/// link) would have a log and a lock of its own: so a file with several names is refused. Symbolic links are resolved.
#[derive(Debug)]
pub(crate) struct DatabaseFile {
    path: PathBuf,
    identity: FileIdentity,
}

/// Which file it is, on systems where the standard library says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct FileIdentity {
    device: u64,
    inode: u64,
}

/// What changes when somebody writes to the database: the size and the time of its file and of the files of its logs.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    identity: FileIdentity,
    database: (u64, Option<SystemTime>),
    log_bytes: u64,
}

impl DatabaseFile {
    /// Finds the file at a path, which must exist.
    ///
    /// # Errors
    /// [`StoreError::Linked`] if it has several names; [`StoreError::Failed`] if it is not there.
    pub(crate) fn at(path: &Path) -> Result<Self, StoreError> {
        let path = path.canonicalize()?;
        let metadata = fs::metadata(&path)?;
        if metadata.is_file() && links(&metadata) > 1 {
            return Err(StoreError::Linked);
        }
        Ok(Self { identity: identity(&metadata), path })
    }

    /// The path, without symbolic links.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The path of a file beside the database: its name with an ending.
    pub(crate) fn beside(&self, ending: &str) -> PathBuf {
        let mut name: OsString = self.path.clone().into_os_string();
        name.push(ending);
        PathBuf::from(name)
    }

    /// Checks that the file is still the only name of what was opened.
    ///
    /// # Errors
    /// [`StoreError::Moved`] or [`StoreError::Linked`].
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        match fs::metadata(&self.path) {
            Ok(metadata) if identity(&metadata) != self.identity => Err(StoreError::Moved),
            Ok(metadata) if links(&metadata) > 1 => Err(StoreError::Linked),
            Ok(_) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(StoreError::Moved),
            Err(error) => Err(error.into()),
        }
    }

    /// What the file and its logs look like now.
    ///
    /// # Errors
    /// [`StoreError::Failed`] if the file is not there.
    pub(crate) fn stamp(&self) -> Result<Stamp, StoreError> {
        let database = fs::metadata(&self.path)?;
        let bytes = |ending| fs::metadata(self.beside(ending)).map_or(0, |log| log.len());
        Ok(Stamp {
            identity: identity(&database),
            database: (database.len(), database.modified().ok()),
            log_bytes: bytes("-wal") + bytes("-journal"),
        })
    }
}

impl Stamp {
    /// Returns true if there is something in a log that may not be in the file of the database.
    pub(crate) fn has_log(&self) -> bool {
        self.log_bytes > 0
    }
}

#[cfg(unix)]
fn identity(metadata: &Metadata) -> FileIdentity {
    use std::os::unix::fs::MetadataExt;
    FileIdentity { device: metadata.dev(), inode: metadata.ino() }
}

#[cfg(unix)]
fn links(metadata: &Metadata) -> u64 {
    use std::os::unix::fs::MetadataExt;
    metadata.nlink()
}

// The standard library does not say, as of Rust 1.91.
#[cfg(not(unix))]
fn identity(_: &Metadata) -> FileIdentity {
    FileIdentity { device: 0, inode: 0 }
}

#[cfg(not(unix))]
fn links(_: &Metadata) -> u64 {
    1
}
