//! `onefold undo`, and what an undo does with later edits.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use onefold::Edits;
use onefold_files::ByteSize;

/// `onefold undo`.
#[derive(Debug, Args)]
pub struct UndoCommandArguments {
    /// The file that merge wrote; it may have been edited since
    #[arg(value_name = "OUT")]
    pub file: PathBuf,
    /// The patches that merge wrote; for several merges of one file, repeat the option, the first merge first
    #[arg(long, required = true, value_name = "PATCHES")]
    pub patches: Vec<PathBuf>,
    /// Refuse gzip and zstd files that unpack to more than SIZE (512M, 8G, ...) [default: 4G, and beyond 64M also 1000 times
    /// the packed size]
    #[arg(long, value_name = "SIZE")]
    pub max_unpacked: Option<ByteSize>,
    /// Undo only the merge ID (at least its first 8 digits); may be repeated
    #[arg(long, value_name = "ID", num_args = 1..)]
    pub merge: Vec<String>,
    /// Keep or overwrite values that were edited after the merge, or refuse to undo it
    #[arg(long, value_enum, value_name = "ACTION", default_value_t = EditsArgument::Keep)]
    pub edits: EditsArgument,
    /// Write the contacts to BACK
    #[arg(short, long, value_name = "BACK")]
    pub output: PathBuf,
    /// Replace BACK if it exists
    #[arg(long)]
    pub force: bool,
}

/// The treatment of values that were edited after a merge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum EditsArgument {
    /// Keep the edited values and list them
    Keep,
    /// Undo nothing if a value that the merge had changed was edited
    Refuse,
    /// Overwrite the edited values and list them
    Overwrite,
}

impl From<EditsArgument> for Edits {
    fn from(edits: EditsArgument) -> Self {
        match edits {
            EditsArgument::Keep => Self::Keep,
            EditsArgument::Refuse => Self::Refuse,
            EditsArgument::Overwrite => Self::Overwrite,
        }
    }
}
