//! From a file or standard input to its text and its lines: format, unpacking, encoding.

pub(crate) mod content;
pub(crate) mod format;
pub(crate) mod lines;
pub(crate) mod shape;
pub(crate) mod text;
pub(crate) mod unpack;
