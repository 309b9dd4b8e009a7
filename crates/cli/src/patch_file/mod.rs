//! The file of patches: what a run of `merge` did to the rows of a file, whole, so that `undo` needs nothing else.
//!
//! It is JSON Lines. A run is a header line and a line for each merge; the runs of several merges one after the
//! other may stand in one file.

mod form;
mod json_bytes;
mod reader;

use onefold::Patch;
use onefold_files::{InputShape, Options};
use sha2::{Digest, Sha256};

pub use reader::read;

/// One run of `merge`.
pub struct MergeRun {
    /// What the rows of its input have in common.
    pub shape: InputShape,
    /// How its input was read.
    pub options: Options,
    /// A digest of the text that it read.
    pub read: String,
    /// A digest of the text that it wrote.
    pub written: String,
    /// Its merges, in the order in which they were made.
    pub merges: Vec<FileMerge>,
}

/// One merge, and the rows it was made of.
#[derive(Clone)]
pub struct FileMerge {
    /// What it did to the contacts.
    pub patch: Patch<String>,
    /// The row of the survivor as it was.
    pub survivor: Original,
    /// The row of the survivor as it was written.
    pub written: Vec<u8>,
    /// The rows that went, in the order of the patch.
    pub retired: Vec<Original>,
}

/// A row before a merge.
#[derive(Clone)]
pub struct Original {
    /// How many rows, and lines that are none, stood before it.
    pub place: usize,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Whether its id was made from the number of its line.
    pub is_made: bool,
    /// How many rows that are left have the same id, or if it has none, the same bytes.
    pub alike: usize,
}

impl FileMerge {
    /// The id of the merge.
    pub fn id(&self) -> &str {
        self.patch.merge_id()
    }

    /// The rows that it was made of, each with the id of its contact, the survivor's first.
    pub fn rows(&self) -> impl Iterator<Item = (&str, &Original)> {
        let originals = std::iter::once(&self.survivor).chain(&self.retired);
        self.patch.participants().map(String::as_str).zip(originals)
    }
}

impl MergeRun {
    /// The lines of the run.
    pub fn to_lines(&self) -> String {
        form::lines(self)
    }
}

/// The digest of a text by which runs know what came before them.
pub fn digest(text: &[u8]) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}
