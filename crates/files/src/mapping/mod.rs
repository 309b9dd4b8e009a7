//! What columns, members and properties mean: headers, the user's own mappings, identifiers, what is not read.

pub(crate) mod header;
pub(crate) mod identifier;
pub(crate) mod late_mapping;
pub(crate) mod target;
pub(crate) mod unread_column;
