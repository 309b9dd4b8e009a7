//! A large table or file of JSON Lines read in chunks, on all cores.

pub(crate) mod chunk;
pub(crate) mod key_row;
pub(crate) mod packed_key_row;
pub(crate) mod row_at;
pub(crate) mod table;
