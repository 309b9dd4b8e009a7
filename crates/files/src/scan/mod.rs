//! A large table or file of JSON Lines, read in chunks on all cores.
//!
//! The command line finds duplicates in files that do not fit in memory with it. It is hidden from the documentation and no
//! part of the public interface: a chunk is read on its own, so its result is right only together with those of its neighbours
//! ([`ChunkEnd`]), which the types cannot express.

pub(crate) mod chunk_rows;
pub(crate) mod chunked_file;
pub(crate) mod key_row;
pub(crate) mod layout;
pub(crate) mod packed_key_row;
pub(crate) mod plain_object;
pub(crate) mod row_reader;

pub use crate::row::LinePrefixes;
pub use chunk_rows::{ChunkEnd, ChunkRow, ChunkRows, TableRow};
pub use chunked_file::ChunkedFile;
pub use key_row::KeyRow;
pub use row_reader::SingleRowReader;
