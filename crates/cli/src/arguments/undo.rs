//! `onefold undo`, and what an undo does with later edits.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use onefold::Edits;
use onefold_files::ByteSize;

/// `onefold undo`.
#[derive(Debug, Args)]
pub struct UndoCommandArguments {
    /// The file that merge wrote, which may have been edited since
    #[arg(value_name = "OUT")]
    pub file: PathBuf,
    /// The patches that merge wrote; repeated for several merges of one file, the first merge first
    #[arg(long, required = true, value_name = "PATCHES")]
    pub patches: Vec<PathBuf>,
    /// Unpack gzip and zstd up to SIZE (512M, 8G, ...) in memory [default: 4G, or 1000 times the packed size if that is more
    /// than 64M]
    #[arg(long, value_name = "SIZE")]
    pub max_unpacked: Option<ByteSize>,
    /// Undo only this merge: its id or at least the first 8 digits; may be repeated
    #[arg(long, value_name = "ID", num_args = 1..)]
    pub merge: Vec<String>,
    /// What happens to values that were edited after the merge
    #[arg(long, value_enum, value_name = "ACTION", default_value_t = EditsArgument::Keep)]
    pub edits: EditsArgument,
    /// Write the contacts to BACK
    #[arg(short, long, value_name = "BACK")]
    pub output: PathBuf,
    /// Replace BACK if it exists
    #[arg(long)]
    pub force: bool,
}

/// What happens to values that were edited after a merge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum EditsArgument {
    /// They stay, and are listed
    Keep,
    /// If the merge had changed one of them, nothing is undone
    Refuse,
    /// They are overwritten, and are listed
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
