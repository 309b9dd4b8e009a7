//! The rows of the files of a run, and the files of settings.

pub(crate) mod formula_guard;
pub(crate) mod policy_file;
pub(crate) mod row_text;
pub(crate) mod rows;
pub(crate) mod source_names;
pub(crate) mod values;
