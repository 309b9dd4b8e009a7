//! The options of a reader.

use crate::input::format::Format;
use crate::input::unpack::UnpackLimit;
use crate::mapping::target::Mapping;
use crate::values::zero_id::ZeroIds;

/// The options of [`read`](crate::read). Every value is legal; the default guesses everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The format, or `None` to guess it.
    pub format: Option<Format>,
    /// The columns of given fields. The columns of other fields are guessed.
    pub map: Vec<Mapping>,
    /// The column, JSON field or vCard property that names the workspace of a row.
    pub workspace_column: Option<String>,
    /// The columns, JSON fields or vCard properties that are identifiers. Each is read into the custom field of its name, whatever
    /// its header means otherwise; only the column of the row's id is read as both.
    pub identifiers: Vec<String>,
    /// Whether ids of zeros are ids.
    pub zero_ids: ZeroIds,
    /// The largest size that a packed input may unpack to.
    pub unpack_limit: UnpackLimit,
}
