//! Contacts in and out: adding, importing, a source's later rows, deleting, exporting.

pub(crate) mod add;
pub(crate) mod csv_cell;
pub(crate) mod deletion;
pub(crate) mod export;
pub(crate) mod import;
pub(crate) mod source_row;
