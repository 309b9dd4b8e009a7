//! Merges of live contacts, their undo, and distinct pairs.

pub(crate) mod distinct;
pub(crate) mod merge;
pub(crate) mod undo;
