//! Keeps a [`Workspace`](onefold::Workspace) in a SQLite database: one file, one transaction an operation.
//!
//! ```
//! use onefold::{Act, Contact};
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
//! [`StoreError::OtherWriter`]. Whoever only reads the database is never held up and holds nobody up.
//!
//! **Deleted is deleted.** Values that leave a row are overwritten in the database. SQLite may have left copies where it moved rows
//! between pages, and the log beside it (`NAME-wal`) holds older pages until the store is closed: after that, `VACUUM` with the
//! `sqlite3` tool leaves nothing.
//!
//! **The schema** can be read with the `sqlite3` tool: a table for each [`RowKind`](onefold::RowKind), with the key and the
//! row as JSON, so that `SELECT key, row ->> '$.contact.first_name' FROM contact` says who is there. Written by hand, it is read
//! when the store is opened next, and what does not agree is refused then.

#![warn(missing_docs)]

mod error;
mod rows;
mod schema;
mod store;
mod writer;

pub use error::StoreError;
pub use schema::{APPLICATION_ID, MIGRATIONS};
pub use store::Store;
