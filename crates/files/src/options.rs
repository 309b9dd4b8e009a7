//! How an input is to be read.

use crate::input::format::Format;
use crate::input::unpack::UnpackLimit;
use crate::mapping::target::Mapping;
use crate::values::zero_id::ZeroIds;

/// How an input is to be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The format; guessed if not given.
    pub format: Option<Format>,
    /// Columns whose meaning is given. Guesses fill in the fields that are not mapped.
    pub map: Vec<Mapping>,
    /// The column, JSON field or vCard property that names the workspace of a row.
    pub workspace_column: Option<String>,
    /// The columns, JSON fields or vCard properties that are identifiers of the host's own: each is read into the custom field
    /// of its name, whatever its header is taken for otherwise. A column that is the row's id too stays that.
    pub identifiers: Vec<String>,
    /// What ids of zeros alone are.
    pub zero_ids: ZeroIds,
    /// How much a packed input may unpack to.
    pub unpack_limit: UnpackLimit,
}
