//! The commands: one folder or file for each.

pub(crate) mod completions;
pub(crate) mod db;
pub(crate) mod id_lists;
pub(crate) mod keys;
pub(crate) mod learn;
pub(crate) mod man;
pub(crate) mod merge;
pub(crate) mod replay;
pub(crate) mod similarity;
pub(crate) mod suggest;
pub(crate) mod undo;
