//! Merging and undoing live contacts, and marking them distinct.

pub(crate) mod distinct;
pub(crate) mod merge;
pub(crate) mod undo;
