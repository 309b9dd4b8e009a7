//! Files whose rows are read in parallel, in chunks.
//!
//! [`ScannedFile`] opens any input that [`read`](crate::read) reads. Each chunk of its rows is read on its own, on all cores, and
//! what the chunks gave comes back in their order. Most rows are lent as a [`KeyRow`], which holds the values that produce match
//! keys as they are written; only unusual rows are built as contacts.
//!
//! ```
//! use onefold_files::scan::{ScannedFile, TableRow};
//! use onefold_files::{InputError, Item, Options};
//!
//! let upload = b"id,email\n1,ada@example.com\n2,\"bob@example.com\"\n".to_vec();
//! let mut file = ScannedFile::of_bytes("upload.csv", upload, &Options::default())?;
//! let chunks = file.read_chunks(1 << 20, |rows| {
//!     let mut emails = 0;
//!     while let Some(next) = rows.read_next() {
//!         emails += match next.row {
//!             TableRow::Plain(row) => row.emails.len(),
//!             TableRow::Other(Item::Contact(row)) => row.contact.emails().count(),
//!             TableRow::Other(_) => 0,
//!         };
//!     }
//!     emails
//! })?;
//! assert_eq!(chunks.iter().map(|chunk| chunk.value).sum::<usize>(), 2);
//!
//! // Or every row as a contact, in the order of the file.
//! let mut ids = Vec::new();
//! file.for_each_item(|item| -> Result<(), InputError> {
//!     if let Item::Contact(row) = item {
//!         ids.push(row.contact.id);
//!     }
//!     Ok(())
//! })?;
//! assert_eq!(ids, ["1", "2"]);
//! # Ok::<(), InputError>(())
//! ```

pub(crate) mod chunk_borders;
pub(crate) mod chunk_rows;
pub(crate) mod custom_members;
pub(crate) mod file_items;
pub(crate) mod file_properties;
pub(crate) mod generated_ids;
pub(crate) mod key_row;
pub(crate) mod layout;
pub(crate) mod packed_key_row;
pub(crate) mod plain_object;
pub(crate) mod plain_rows;
pub(crate) mod row_facts;
pub(crate) mod scanned_file;

pub use crate::row::LinePrefixes;
pub use chunk_rows::{ChunkRow, ChunkRows, TableRow};
pub use key_row::{KeyRow, Values};
pub use scanned_file::{ScannedChunk, ScannedFile};
