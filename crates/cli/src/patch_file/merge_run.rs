//! A run of `merge`: its merges, with the rows before and after them.

use onefold::Patch;
use onefold_files::{InputShape, Options};
use sha2::{Digest, Sha256};

/// One run of `merge`.
pub struct MergeRun {
    /// The shape of the input.
    pub shape: InputShape,
    /// The options of the input.
    pub options: Options,
    /// A digest of the text that was read.
    pub read: String,
    /// A digest of the text that was written.
    pub written: String,
    /// The merges, in the order in which they were made.
    pub merges: Vec<FileMerge>,
}

/// One merge and its rows.
#[derive(Clone)]
pub struct FileMerge {
    /// The patch of the contacts.
    pub patch: Patch<String>,
    /// The survivor's row before the merge.
    pub survivor: Original,
    /// The survivor's row after the merge.
    pub written: Vec<u8>,
    /// The retired rows, in the order of the patch.
    pub retired: Vec<Original>,
}

/// A row before a merge.
#[derive(Clone)]
pub struct Original {
    /// The number of rows and other lines before it.
    pub place: usize,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// True if the id was generated from the line number.
    pub is_made: bool,
    /// The number of remaining rows with the same id or, if it has none, the same bytes.
    pub alike: usize,
}

impl FileMerge {
    /// Returns the id of the merge.
    pub fn id(&self) -> &str {
        self.patch.merge_id()
    }

    /// Returns the rows before the merge, each with the id of its contact, the survivor's first.
    pub fn rows(&self) -> impl Iterator<Item = (&str, &Original)> {
        let originals = std::iter::once(&self.survivor).chain(&self.retired);
        self.patch.participants().map(String::as_str).zip(originals)
    }
}

/// The digest of a text that is given in pieces.
#[derive(Clone, Default)]
pub struct TextDigest(Sha256);

impl TextDigest {
    /// Adds the next piece of the text.
    pub fn add(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    /// Returns the digest, by which runs are put in order.
    pub fn finish(self) -> String {
        self.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
