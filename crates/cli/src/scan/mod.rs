//! The scan that all commands on files stand on: the keys of all rows in chunks on all cores, and then the rows of groups.
//!
//! ```text
//! files -> chunk_keys (each chunk, all threads) -> key_scan -> groups of contact numbers -> group_rows (the rows of groups only)
//! ```

pub mod chunk_keys;
pub mod contact_rows;
pub mod group_order;
pub mod group_rows;
pub mod key_scan;
pub mod row_bytes;
pub mod row_ids;
pub mod row_keys;
