//! Keeps a [`Workspace`](onefold_workspace::Workspace) in a SQLite database: one file, one transaction an operation.
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
//! An operation is on the disk once [`Store::apply`] returns: it outlives the process and, as far as the disk keeps its
//! word, the power. A process that is killed leaves what was applied, with or without the operation that was under way.
//!
//! **One writer.** A store holds a lock while it is open, in the file `NAME-writer` beside the database, which the system
//! gives back when the process ends, however it ends; another one that opens the same file is told
//! [`StoreError::OtherWriter`]. The lock and SQLite's log stand beside the name of the file, so that a file with several names (hard
//! links) is refused as [`StoreError::Linked`], and a store whose file was moved or replaced writes nothing more
//! ([`StoreError::Moved`]). Systems other than Unix do not say how many names a file has; there it is for you to see to it.
//!
//! **Readers.** [`Store::read`] reads what was committed last, while a writer runs or not, in a folder that can be written to or
//! not, and makes and changes no file. Only what a killed writer left in its log cannot be read where nobody can write
//! ([`StoreError::UnreadableLog`]).
//!
//! **Deleted is deleted.** When a write that deletes a person returns, no byte of that person is left in the database or in its log
//! (`NAME-wal`): values that leave a row are overwritten, the database is written anew without the copies that SQLite leaves where it
//! moves rows between pages, and the log is cut to nothing. This costs O(n), about ten microseconds a contact; a deletion of many
//! contacts in batches pays it once, with its last batch. A reader that still needs the log is waited for up to
//! [`Store::reader_wait`]; then [`Store::erasure`] is [`Erasure::Pending`], and the rest is done at the next chance: with the next
//! write, when the store is closed, or when the database is opened next, also after the process was killed.
//!
//! **Damage** is noticed when the database is opened: rows that are out of order or are not what their table holds, and indexes that
//! do not agree with their tables. What is read is bounded by the size of the file, whatever the pages say of each other.
//!
//! **The schema** can be read with the `sqlite3` tool: a table for each [`RowKind`](onefold_workspace::RowKind), with the key and the
//! row as JSON, so that `SELECT key, row ->> '$.contact.first_name' FROM contact` says who is there. Written by hand, it is read
//! when the store is opened next, and what does not agree is refused then.

#![warn(missing_docs)]

mod erasure;
mod error;
mod file;
mod patience;
mod reader;
mod rows;
mod schema;
mod store;
mod writer;

pub use error::StoreError;
pub use onefold_workspace::Erasure;
pub use schema::{APPLICATION_ID, migrations};
pub use store::Store;
