//! A file that is there whole or not at all.

use std::fs::{self, Permissions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::failure::Failure;
use crate::output::synced::Synced;

/// What is done with a file that has the name already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// It stays, and the run ends before anything is done.
    Stays,
    /// It gives way.
    GivesWay,
    /// It stays, and is as good as the new one if it holds the same.
    IsTheSame,
}

/// A file that is written beside the one it will become.
pub struct NewFile {
    file: BufWriter<Synced>,
    path: PathBuf,
    existing: Existing,
}

impl NewFile {
    /// Makes a file beside `path` under another name, so that an interrupted run leaves `path` as it was.
    ///
    /// # Errors
    /// The file exists and stays, or its folder cannot be written to.
    pub fn create(path: &Path, existing: Existing) -> Result<Self, Failure> {
        if existing == Existing::Stays && path.exists() {
            return Err(Failure::Usage(format!("{} exists already; --force replaces it", path.display())));
        }
        if path.is_dir() {
            return Err(Failure::Usage(format!("{} is a folder", path.display())));
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !folder.is_dir() {
            return Err(Failure::Input(format!("cannot write in {}: there is no such folder", folder.display())));
        }
        let mut builder = tempfile::Builder::new();
        let builder = builder.prefix(".onefold-");
        let file = readable_like_others(builder)
            .tempfile_in(folder)
            .map_err(|error| Failure::Input(format!("cannot write in {}: {error}", folder.display())))?;
        Ok(Self { file: BufWriter::new(Synced::new(file)), path: path.to_owned(), existing })
    }

    /// Puts what was written on the disk, still under the other name.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn finish(self) -> io::Result<Finished> {
        let file = self.file.into_inner().map_err(|error| error.into_error())?.finish()?;
        Ok(Finished { file, path: self.path, existing: self.existing })
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// A file that is all written and waits for its name.
pub struct Finished {
    file: NamedTempFile,
    path: PathBuf,
    existing: Existing,
}

impl Finished {
    /// Whether a file of the name is in the way.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn is_blocked(&self) -> io::Result<bool> {
        match self.existing {
            Existing::GivesWay => Ok(false),
            Existing::Stays => Ok(self.path.exists()),
            Existing::IsTheSame => Ok(self.path.exists() && !self.is_there()?),
        }
    }

    fn is_there(&self) -> io::Result<bool> {
        Ok(fs::metadata(&self.path)?.len() == self.file.as_file().metadata()?.len()
            && fs::read(&self.path)? == fs::read(self.file.path())?)
    }

    /// Gives the file its name.
    ///
    /// # Errors
    /// It cannot take the name.
    pub fn persist(self) -> io::Result<()> {
        let kept = match self.existing {
            Existing::GivesWay => self.file.persist(&self.path),
            Existing::IsTheSame if self.path.exists() && self.is_there()? => return Ok(()),
            Existing::Stays | Existing::IsTheSame => self.file.persist_noclobber(&self.path),
        };
        kept.map(drop).map_err(|error| error.error)
    }
}

/// Temporary files are private; a result is as readable as any other file of the user.
#[cfg(unix)]
fn readable_like_others<'a, 'b>(builder: &'a mut tempfile::Builder<'b, 'b>) -> &'a mut tempfile::Builder<'b, 'b> {
    use std::os::unix::fs::PermissionsExt;
    builder.permissions(Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn readable_like_others<'a, 'b>(builder: &'a mut tempfile::Builder<'b, 'b>) -> &'a mut tempfile::Builder<'b, 'b> {
    builder
}
