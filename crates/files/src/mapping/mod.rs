//! The meaning of columns, JSON members and vCard properties: headers, mappings, identifiers, unread columns.

pub(crate) mod header;
pub(crate) mod identifier;
pub(crate) mod late_mapping;
pub(crate) mod target;
pub(crate) mod unread_column;
