//! Temporary files. They hold values of contacts, so only the user may read them, and an interrupted program removes them.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::NamedTempFile;

/// The existing temporary files. Its lock is held while one is created, renamed or removed.
static FILES: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

fn files() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    FILES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A temporary file that only its owner can read. It is removed when dropped, and by [`remove_all`].
pub struct TemporaryFile {
    // None after it got its name.
    file: Option<NamedTempFile>,
}

impl TemporaryFile {
    /// Creates an empty file in `folder`.
    ///
    /// # Errors
    /// The folder cannot be written to.
    pub fn create_in(folder: &Path) -> io::Result<Self> {
        let mut files = files();
        // Its mode is 0600.
        let file = tempfile::Builder::new().prefix(".onefold-").tempfile_in(folder)?;
        files.insert(file.path().to_owned());
        Ok(Self { file: Some(file) })
    }

    /// Returns its path.
    pub fn path(&self) -> &Path {
        self.file.as_ref().map_or(Path::new(""), NamedTempFile::path)
    }

    /// Returns the open file.
    ///
    /// # Errors
    /// The file has already got its name.
    pub fn as_file(&self) -> io::Result<&File> {
        self.file.as_ref().map(NamedTempFile::as_file).ok_or_else(gone)
    }

    /// Gives the file its name. An existing file of that name is replaced.
    ///
    /// # Errors
    /// The file cannot get the name; it is then removed.
    pub fn replace(self, path: &Path) -> io::Result<()> {
        self.rename(|file| file.persist(path))
    }

    /// Gives the file its name.
    ///
    /// # Errors
    /// A file of that name exists, or the file cannot get the name; it is then removed.
    pub fn persist_new(self, path: &Path) -> io::Result<()> {
        self.rename(|file| file.persist_noclobber(path))
    }

    fn rename(mut self, rename: impl FnOnce(NamedTempFile) -> Result<File, tempfile::PersistError>) -> io::Result<()> {
        let mut files = files();
        let file = self.file.take().ok_or_else(gone)?;
        let former = file.path().to_owned();
        let named = rename(file);
        // The error owns the file, which is removed with it.
        let named = named.map(drop).map_err(|error| error.error);
        files.remove(&former);
        named
    }
}

impl Drop for TemporaryFile {
    fn drop(&mut self) {
        let Some(file) = self.file.take() else { return };
        let mut files = files();
        files.remove(file.path());
        drop(file);
    }
}

impl Write for TemporaryFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.as_mut().ok_or_else(gone)?.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().ok_or_else(gone)?.flush()
    }
}

fn gone() -> io::Error {
    io::Error::other("the temporary file has got its name")
}

/// Removes all temporary files. While the returned guard is held, none can be created or renamed.
#[cfg(unix)]
pub fn remove_all() -> impl Drop {
    let files = files();
    for path in files.iter() {
        let _ = std::fs::remove_file(path);
    }
    files
}

/// Returns the mode that a new file in `folder` gets from the user's mask.
///
/// # Errors
/// The mask is unknown because the folder cannot be written to.
#[cfg(unix)]
pub fn usual_mode(folder: &Path) -> io::Result<u32> {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt;

    const EVERYBODY: u32 = 0o666;
    // Linux has it in a file; on other systems an empty file shows it.
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("Umask:"));
    if let Some(mask) = mask.and_then(|mask| u32::from_str_radix(mask.trim(), 8).ok()) {
        return Ok(EVERYBODY & !mask);
    }
    // Held so that an interruption waits until the file is removed.
    let _files = files();
    let mut builder = tempfile::Builder::new();
    let probe = builder.permissions(Permissions::from_mode(EVERYBODY)).tempfile_in(folder)?;
    Ok(probe.as_file().metadata()?.permissions().mode() & 0o7777)
}
