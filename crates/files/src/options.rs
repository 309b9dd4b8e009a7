//! How an input is to be read.

use crate::format::Format;
use crate::target::Mapping;
use crate::unpack::UnpackLimit;

/// How an input is to be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The format; guessed if not given.
    pub format: Option<Format>,
    /// Columns whose meaning is given. Guesses fill in the fields that are not mapped.
    pub map: Vec<Mapping>,
    /// The column, JSON field or vCard property that names the workspace of a row.
    pub workspace_column: Option<String>,
    /// How much a packed input may unpack to.
    pub unpack_limit: UnpackLimit,
}
