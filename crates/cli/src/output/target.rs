//! The target of results: standard output, or a file that is written completely or not at all.

use std::io::{self, BufWriter, IsTerminal, Stdout, Write};

use crate::arguments::output::{OutputArguments, OutputFormat};
use crate::failure::Failure;
use crate::output::new_file::{ExistingFile, Finished, NewFile};

/// The target of results.
pub enum OutputTarget {
    /// Standard output.
    Standard(BufWriter<Stdout>),
    /// A file that is written completely or not at all.
    File(NewFile),
}

impl OutputTarget {
    /// Opens the target that the arguments name.
    ///
    /// # Errors
    /// The target exists and `--force` was not given, or its folder cannot be written to.
    pub fn open(arguments: &OutputArguments) -> Result<Self, Failure> {
        let Some(path) = arguments.file() else { return Ok(Self::Standard(BufWriter::new(io::stdout()))) };
        let existing = if arguments.force { ExistingFile::GivesWay } else { ExistingFile::Stays };
        NewFile::create(path, existing).map(Self::File)
    }

    /// Writes what is buffered, and gives a file its name. `name` is for messages.
    ///
    /// # Errors
    /// The rest could not be written, or the file could not take its name.
    pub fn finish(self, name: &str) -> Result<(), Failure> {
        let finished = match self {
            Self::Standard(mut output) => output.flush(),
            Self::File(file) => file.finish().and_then(Finished::persist),
        };
        finished.map_err(|error| Failure::writing(name, &error))
    }
}

impl Write for OutputTarget {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Standard(output) => output.write(bytes),
            Self::File(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Standard(output) => output.flush(),
            Self::File(file) => file.flush(),
        }
    }
}

/// Returns the format of the output: as asked, else by the name of the file, else a table on a terminal and JSON Lines elsewhere.
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
