//! A file that is written completely or not at all.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::output::path::{folder_of, followed, is_descriptor};
use crate::output::synced_file::Synced;
use crate::output::temporary_file::TemporaryFile;

/// The treatment of an existing file of the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExistingFile {
    /// It stays, and the run ends before it starts.
    Stays,
    /// It is replaced. The new file gets its mode and, if possible, its owner.
    GivesWay,
    /// It stays, which is an error unless it has the same content.
    IsTheSame,
}

/// A file that is written under a temporary name in the same folder. Devices, pipes and sockets cannot be replaced and are written
/// directly. If the name is a symbolic link, its target is replaced and the link stays.
pub struct NewFile {
    body: FileBody,
}

enum FileBody {
    Beside { file: BufWriter<Synced>, place: FilePlace },
    Direct(BufWriter<File>),
}

/// Where a complete file goes.
struct FilePlace {
    path: PathBuf,
    existing: ExistingFile,
    looks: Looks,
}

/// The owner and the mode of the new file.
#[cfg_attr(not(unix), allow(dead_code))]
enum Looks {
    Like(Box<Metadata>),
    Mode(u32),
}

impl NewFile {
    /// Creates a temporary file beside `path`, so that an interrupted run does not change `path`.
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
        let folder = folder_of(&path);
        if !folder.is_dir() {
            return Err(Failure::Input(format!("cannot write in {}: the folder does not exist", folder.display())));
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

    /// Returns true if the target is written directly, so that a reader sees the content at once.
    pub fn is_direct(&self) -> bool {
        matches!(self.body, FileBody::Direct(_))
    }

    /// Returns the folder of the file, or `None` if it is written directly.
    pub fn folder(&self) -> Option<&Path> {
        match &self.body {
            FileBody::Beside { place, .. } => Some(folder_of(&place.path)),
            FileBody::Direct(_) => None,
        }
    }

    /// Syncs the temporary file to the disk.
    ///
    /// # Errors
    /// The file cannot be written.
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

/// A complete file under its temporary name.
pub struct Finished {
    waiting: Option<PendingFile>,
}

struct PendingFile {
    file: TemporaryFile,
    place: FilePlace,
}

impl Finished {
    /// Returns true if an existing file prevents the new name.
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
    /// The file cannot get the name.
    pub fn persist(self) -> io::Result<()> {
        let Some(waiting) = self.waiting else { return Ok(()) };
        if waiting.place.existing == ExistingFile::IsTheSame && waiting.place.path.exists() && waiting.is_there()? {
            return Ok(());
        }
        let PendingFile { file, place: FilePlace { path, existing, looks } } = waiting;
        dress(file.as_file()?, &looks)?;
        if existing == ExistingFile::GivesWay { file.replace(&path) } else { file.persist_new(&path) }
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
            // Only the superuser may change the owner; others may change the group to one of their own.
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
