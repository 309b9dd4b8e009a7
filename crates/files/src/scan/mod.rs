//! Files whose rows are read in parallel, in chunks.
//!
//! [`ScannedFile`] opens any input that [`read`](crate::read) reads. Each chunk of its rows is read on its own, on all cores, and
//! what the chunks gave comes back in their order. Most rows are lent as a [`KeyRow`], which holds the values that produce match
//! keys as they are written; only unusual rows are built as contacts.

pub(crate) mod chunk_rows;
pub(crate) mod key_row;
pub(crate) mod layout;
pub(crate) mod packed_key_row;
pub(crate) mod plain_object;
pub(crate) mod row_facts;
pub(crate) mod scanned_file;

pub use crate::row::LinePrefixes;
pub use chunk_rows::{ChunkRow, ChunkRows, TableRow};
pub use key_row::{KeyRow, Values};
pub use scanned_file::{ScannedChunk, ScannedFile};
