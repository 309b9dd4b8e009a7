//! Where results go: standard output, or a file that is there whole or not at all.

use std::fs::Permissions;
use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::arguments::{OutputArguments, OutputFormat};
use crate::failure::Failure;

/// Where results go.
pub enum Target {
    /// Standard output.
    Standard(BufWriter<StdoutLock<'static>>),
    /// A file beside the one it will become.
    File {
        /// What is written so far.
        file: BufWriter<NamedTempFile>,
        /// The name it will have.
        path: PathBuf,
        /// Whether a file of that name gives way.
        force: bool,
    },
}

impl Target {
    /// Opens what the arguments name. A file is made beside its target under another name, so that an
    /// interrupted run leaves the target as it was.
    ///
    /// # Errors
    /// The target exists and `--force` was not given, or its folder cannot be written to.
    pub fn open(arguments: &OutputArguments) -> Result<Self, Failure> {
        let Some(path) = arguments.file() else { return Ok(Self::Standard(BufWriter::new(io::stdout().lock()))) };
        if path.exists() && !arguments.force {
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
        Ok(Self::File { file: BufWriter::new(file), path: path.to_owned(), force: arguments.force })
    }

    /// Makes what was written last. `name` is for messages.
    ///
    /// # Errors
    /// The rest could not be written, or the file could not take its name.
    pub fn finish(self, name: &str) -> Result<(), Failure> {
        let finished = match self {
            Self::Standard(mut output) => output.flush(),
            Self::File { file, path, force } => {
                file.into_inner().map_err(|error| error.into_error()).and_then(|file| {
                    file.as_file().sync_all()?;
                    let kept = if force { file.persist(&path) } else { file.persist_noclobber(&path) };
                    kept.map(drop).map_err(|error| error.error)
                })
            }
        };
        finished.map_err(|error| Failure::writing(name, &error))
    }
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Standard(output) => output.write(bytes),
            Self::File { file, .. } => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Standard(output) => output.flush(),
            Self::File { file, .. } => file.flush(),
        }
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

/// The form of the output: as asked, else by the name of the file, else a table on a terminal and JSON
/// Lines elsewhere.
pub fn format(arguments: &OutputArguments) -> OutputFormat {
    if let Some(format) = arguments.format {
        return format;
    }
    match arguments.file() {
        Some(path) if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv")) => {
            OutputFormat::Csv
        }
        None if io::stdout().is_terminal() => OutputFormat::Table,
        _ => OutputFormat::Jsonl,
    }
}
