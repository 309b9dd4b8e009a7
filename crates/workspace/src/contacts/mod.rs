//! Contacts in and out of a workspace: adding, importing, updating from a source, deleting, exporting.

pub(crate) mod add;
pub(crate) mod csv_cell;
pub(crate) mod deletion;
pub(crate) mod export;
pub(crate) mod import;
pub(crate) mod source_row;
