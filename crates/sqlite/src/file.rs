//! The file of a database.

use std::ffi::OsString;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::error::StoreError;

/// The file of a database, which has exactly one name.
///
/// SQLite puts the log beside a database's name, and so does this crate with the writer's lock. A second name (a hard
/// link) would have its own log and lock, so a file with several names is refused. Symbolic links are resolved.
#[derive(Debug)]
pub(crate) struct DatabaseFile {
    path: PathBuf,
    identity: FileIdentity,
}

/// The identity of a file, on systems where the standard library has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct FileIdentity {
    device: u64,
    inode: u64,
}

/// The properties that change with each write to a database: the sizes of its file and logs, and the time of its file.
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
    /// - [`StoreError::Linked`] if the file has several names.
    /// - [`StoreError::Failed`] if there is no such file.
    pub(crate) fn at(path: &Path) -> Result<Self, StoreError> {
        let path = path.canonicalize()?;
        let metadata = fs::metadata(&path)?;
        if metadata.is_file() && links(&metadata) > 1 {
            return Err(StoreError::Linked);
        }
        Ok(Self { identity: identity(&metadata), path })
    }

    /// Returns the path, without symbolic links.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the path of a file beside the database, which has the database's name with an ending.
    pub(crate) fn beside(&self, ending: &str) -> PathBuf {
        let mut name: OsString = self.path.clone().into_os_string();
        name.push(ending);
        PathBuf::from(name)
    }

    /// Checks that the path still leads to the opened file, and that this is its only name.
    ///
    /// # Errors
    /// - [`StoreError::Moved`] if the path leads to another file or to none.
    /// - [`StoreError::Linked`] if the file has several names.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        match fs::metadata(&self.path) {
            Ok(metadata) if identity(&metadata) != self.identity => Err(StoreError::Moved),
            Ok(metadata) if links(&metadata) > 1 => Err(StoreError::Linked),
            Ok(_) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(StoreError::Moved),
            Err(error) => Err(error.into()),
        }
    }

    /// Returns the present stamp of the file and its logs.
    ///
    /// # Errors
    /// - [`StoreError::Failed`] if the file does not exist.
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
    /// Returns true if a log may hold content that is not in the database's file.
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

// The standard library has no identity here, as of Rust 1.91.
#[cfg(not(unix))]
fn identity(_: &Metadata) -> FileIdentity {
    FileIdentity { device: 0, inode: 0 }
}

#[cfg(not(unix))]
fn links(_: &Metadata) -> u64 {
    1
}
