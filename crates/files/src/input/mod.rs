//! Loads files: format, unpacking, encoding, lines.

pub(crate) mod content;
pub(crate) mod format;
pub(crate) mod lines;
pub(crate) mod shape;
pub(crate) mod stored_text;
pub(crate) mod unpack;
