//! A run of `merge`: its merges, with the rows before and after them.

use onefold::Patch;
use onefold::patch::PatchError;
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
    /// The id of the merge.
    pub id: Box<str>,
    /// The workspace of the contacts.
    pub workspace: Option<Box<str>>,
    /// The survivor's row before the merge.
    pub survivor: Original,
    /// The survivor's row after the merge.
    pub written: Vec<u8>,
    /// The retired rows, in the order of the patch.
    pub retired: Vec<Original>,
    /// The patch of the contacts, in JSON. It is read only where a row is not as it was before or after the merge.
    pub patch: Box<str>,
}

/// A row before a merge.
#[derive(Clone)]
pub struct Original {
    /// The id of its contact.
    pub contact: String,
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
    /// Returns the rows before the merge, the survivor's first.
    pub fn rows(&self) -> impl Iterator<Item = &Original> {
        std::iter::once(&self.survivor).chain(&self.retired)
    }

    /// Returns the patch of the contacts.
    ///
    /// # Errors
    /// An image cannot be read, though the digest of the patch is right.
    pub fn patch(&self) -> Result<Patch<String>, PatchError> {
        Patch::from_json(&self.patch)
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
