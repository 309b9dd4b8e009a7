//! The file of patches: everything that a run of `merge` did to the rows of a file, so that `undo` needs nothing else.
//!
//! The format is JSON Lines: for each run a header line and a line for each merge. A file may hold several runs.

mod form;
mod json_bytes;
mod line;
mod merge_run;
mod reader;

pub use form::RunHeader;
pub use line::{PatchLine, RowLine, alike_member};
pub use merge_run::{FileMerge, MergeRun, Original, TextDigest};
pub use reader::read;
