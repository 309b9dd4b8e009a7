//! A file that is there whole or not at all.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::output::path::{followed, is_descriptor};
use crate::output::synced_file::Synced;
use crate::output::temporary_file::TemporaryFile;

/// What is done with a file that has the name already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExistingFile {
    /// It stays, and the run ends before anything is done.
    Stays,
    /// It gives way; the new one has its mode, and its owner where that is possible.
    GivesWay,
    /// It stays, and is as good as the new one if it holds the same.
    IsTheSame,
}

/// A file that is written beside the one it will become. A device, a pipe or a socket is none that could be replaced: it is
/// written to directly. Where the name is a symbolic link, the file that it leads to is replaced, and the link stays.
pub struct NewFile {
    body: FileBody,
}

enum FileBody {
    Beside { file: BufWriter<Synced>, place: FilePlace },
    Direct(BufWriter<File>),
}

/// Where a file goes once it is whole.
struct FilePlace {
    path: PathBuf,
    existing: ExistingFile,
    looks: Looks,
}

/// Whose it will be, and who may read it.
#[cfg_attr(not(unix), allow(dead_code))]
enum Looks {
    Like(Box<Metadata>),
    Mode(u32),
}

impl NewFile {
    /// Makes a file beside `path` under another name, so that an interrupted run leaves `path` as it was.
    ///
    /// # Errors
    /// The file exists and stays, or its folder cannot be written to.
    pub fn create(path: &Path, existing: ExistingFile) -> Result<Self, Failure> {
        let about = fs::metadata(path).ok();
        if about.as_ref().is_some_and(Metadata::is_dir) {
            return Err(Failure::Usage(format!("{} is a folder", path.display())));
        }
        let is_special = about.as_ref().is_some_and(|about| !about.is_file());
        if is_special || is_descriptor(path) {
            let file = OpenOptions::new().write(true).append(is_descriptor(path)).open(path);
            let file = file.map_err(|error| Failure::writing(&path.display().to_string(), &error))?;
            return Ok(Self { body: FileBody::Direct(BufWriter::new(file)) });
        }
        if existing == ExistingFile::Stays && about.is_some() {
            return Err(Failure::Usage(format!("{} exists already; --force replaces it", path.display())));
        }
        let path = followed(path);
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !folder.is_dir() {
            return Err(Failure::Input(format!("cannot write in {}: there is no such folder", folder.display())));
        }
        let unwritable = |error: io::Error| Failure::Input(format!("cannot write in {}: {error}", folder.display()));
        let looks = match about.filter(|_| existing == ExistingFile::GivesWay) {
            Some(about) => Looks::Like(Box::new(about)),
            None => Looks::Mode(usual_mode(folder).map_err(unwritable)?),
        };
        let file = TemporaryFile::create_in(folder).map_err(unwritable)?;
        let file = BufWriter::new(Synced::new(file));
        Ok(Self { body: FileBody::Beside { file, place: FilePlace { path, existing, looks } } })
    }

    /// Returns true if what is written is read by somebody at once.
    pub fn is_direct(&self) -> bool {
        matches!(self.body, FileBody::Direct(_))
    }

    /// Puts what was written on the disk, still under the other name.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn finish(self) -> io::Result<Finished> {
        let waiting = match self.body {
            FileBody::Beside { file, place } => {
                let file = file.into_inner().map_err(|error| error.into_error())?.finish()?;
                Some(PendingFile { file, place })
            }
            FileBody::Direct(mut file) => {
                file.flush()?;
                None
            }
        };
        Ok(Finished { waiting })
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.body {
            FileBody::Beside { file, .. } => file.write(bytes),
            FileBody::Direct(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.body {
            FileBody::Beside { file, .. } => file.flush(),
            FileBody::Direct(file) => file.flush(),
        }
    }
}

/// A file that is all written and waits for its name, if it needs one.
pub struct Finished {
    waiting: Option<PendingFile>,
}

struct PendingFile {
    file: TemporaryFile,
    place: FilePlace,
}

impl Finished {
    /// Whether a file of the name is in the way.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn is_blocked(&self) -> io::Result<bool> {
        let Some(waiting) = &self.waiting else { return Ok(false) };
        let is_there = waiting.place.path.exists();
        match waiting.place.existing {
            ExistingFile::GivesWay => Ok(false),
            ExistingFile::Stays => Ok(is_there),
            ExistingFile::IsTheSame => Ok(is_there && !waiting.is_there()?),
        }
    }

    /// Gives the file its name.
    ///
    /// # Errors
    /// It cannot take the name.
    pub fn persist(self) -> io::Result<()> {
        let Some(waiting) = self.waiting else { return Ok(()) };
        if waiting.place.existing == ExistingFile::IsTheSame && waiting.place.path.exists() && waiting.is_there()? {
            return Ok(());
        }
        let PendingFile { file, place: FilePlace { path, existing, looks } } = waiting;
        dress(file.as_file()?, &looks)?;
        file.persist(&path, existing == ExistingFile::GivesWay)
    }
}

impl PendingFile {
    fn is_there(&self) -> io::Result<bool> {
        let path = &self.place.path;
        Ok(fs::metadata(path)?.len() == self.file.as_file()?.metadata()?.len()
            && fs::read(path)? == fs::read(self.file.path())?)
    }
}

#[cfg(unix)]
fn dress(file: &File, looks: &Looks) -> io::Result<()> {
    use std::fs::Permissions;
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};

    let mode = match looks {
        Looks::Mode(mode) => *mode,
        Looks::Like(about) => {
            // Only the superuser may give files away, and others only to groups of their own.
            let _ = fchown(file, None, Some(about.gid()));
            let _ = fchown(file, Some(about.uid()), None);
            about.permissions().mode() & 0o7777
        }
    };
    file.set_permissions(Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn dress(file: &File, looks: &Looks) -> io::Result<()> {
    match looks {
        Looks::Like(about) => file.set_permissions(about.permissions()),
        Looks::Mode(_) => Ok(()),
    }
}

#[cfg(unix)]
use crate::output::temporary_file::usual_mode;

#[cfg(not(unix))]
fn usual_mode(_: &Path) -> io::Result<u32> {
    Ok(0)
}
