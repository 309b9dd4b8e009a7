//! Stores a [`Workspace`](onefold_workspace::Workspace) in a SQLite database: one file, and one transaction per
//! operation.
//!
//! ```
//! use onefold::Contact;
//! use onefold_workspace::Act;
//! use onefold_sqlite::Store;
//!
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("contacts.db");
//! let (mut store, mut workspace) = Store::open::<u64>(&path)?;
//! let added = workspace.add(Contact::new(1).with_email("ada@example.com"), &Act::default())?;
//! if let Err(error) = store.apply(&added.changes) {
//!     workspace.revert(added.changes);
//!     return Err(error.into());
//! }
//! # drop(store);
//! # let (_, again) = Store::open::<u64>(&path)?;
//! # assert_eq!(again.to_state(), workspace.to_state());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! An operation is on disk when [`Store::apply`] returns. It survives a crash of the process, and a power failure if
//! the disk honours its flushes. After a killed process the database holds all applied operations, and the one in
//! progress wholly or not at all.
//!
//! **One writer.** An open store holds a lock on the file `NAME-writer` beside the database. The system releases it
//! when the process ends in any way. Another writer of the same file gets [`StoreError::OtherWriter`]. The lock and
//! SQLite's log belong to the file's name. A file with several names (hard links) is therefore refused as
//! [`StoreError::Linked`], and a store whose file was moved or replaced writes nothing more ([`StoreError::Moved`]).
//! Systems other than Unix do not report the number of names, so the host must ensure it there.
//!
//! **Readers.** [`Store::read`] reads the last committed state, with or without a running writer and also in a
//! read-only folder. It creates and changes no file. The only exception is a log left by a killed writer, which cannot
//! be read in a read-only folder ([`StoreError::UnreadableLog`]).
//!
//! **Deletion is complete.** When a write that deletes a person returns, the database and its log (`NAME-wal`) contain
//! no byte of that person's values. Values that leave a row are overwritten, the database is rewritten without the
//! copies that SQLite leaves when it moves rows between pages, and the log is truncated. This costs O(n), about ten
//! microseconds per contact; a deletion of many contacts in batches pays it once, with its last batch. A reader that
//! still needs the log is waited for up to [`Store::reader_wait`]. After that [`Store::erasure`] is
//! [`Erasure::Pending`], and the rest is erased at the next chance: with the next write, when the store is closed, or
//! when the database is next opened, even after the process was killed.
//!
//! **Damage** is detected when the database is opened: rows that are out of order or invalid in their table, and
//! indexes that disagree with their tables. The number of rows read is bounded by the size of the file, whatever its
//! pages contain.
//!
//! **The schema** can be read with the `sqlite3` tool. It has a table for each [`RowKind`](onefold_workspace::RowKind),
//! with the key and the row as JSON. For example, `SELECT key, row ->> '$.contact.first_name' FROM contact` lists the
//! contacts. Rows written by hand are read when the store is next opened, and refused if they are inconsistent.

#![warn(missing_docs)]

mod erasure;
mod error;
mod file;
mod lock_timeout;
mod reader;
mod rows;
mod schema;
mod store;
mod writer_lock;

pub use error::StoreError;
pub use onefold_workspace::Erasure;
pub use schema::{APPLICATION_ID, migrations};
pub use store::Store;
