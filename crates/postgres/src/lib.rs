//! Keeps onefold workspaces in PostgreSQL, inside the transactions of the host.
//!
//! ```no_run
//! use onefold::{Contact, MergeRequest};
//! use onefold_workspace::{Act, Settings, UndoRequest};
//! use onefold_postgres::{Error, Store, migrate, retry};
//! use tokio_postgres::{Client, Transaction};
//!
//! async fn example(client: &mut Client) -> Result<(), Error<u64>> {
//!     let store = Store::new("onefold", "inbox");
//!     // Once, and after an update of onefold.
//!     retry(client, 5, async |transaction| migrate(transaction, "onefold").await).await?;
//!     retry(client, 5, async |transaction| store.create(transaction, Settings::new()).await).await?;
//!
//!     // The contact and the host's own row are there together, or neither is.
//!     let act = Act::new(1_700_000_000_000, "sign-up");
//!     retry(client, 5, async |transaction: &mut Transaction<'_>| {
//!         let contact = Contact::new(1).with_email("ada@example.com");
//!         transaction.execute("INSERT INTO account (id) VALUES (1)", &[]).await?;
//!         store.add(transaction, contact, &act).await
//!     })
//!     .await?;
//!
//!     if let Some(group) = store.suggestion_for(client, &1).await? {
//!         let (into, retire) = (&group.members[0], &group.members[1..]);
//!         let request = MergeRequest::new("m1");
//!         retry(client, 5, async |transaction| store.merge(transaction, &request, into, retire, &act).await).await?;
//!         let request = UndoRequest::new();
//!         retry(client, 5, async |transaction| store.undo::<u64>(transaction, "m1", &request, &act).await).await?;
//!     }
//!     Ok(())
//! }
//!
//! // All futures of this crate can be spawned.
//! fn start(mut client: Client) -> tokio::task::JoinHandle<Result<(), Error<u64>>> {
//!     tokio::spawn(async move { example(&mut client).await })
//! }
//! ```
//!
//! **The host's transaction.** Every operation works inside a transaction that the host has opened, of the isolation level
//! `read committed`, which is PostgreSQL's own default: the host's rows and the workspace change together. `tokio-postgres` is the
//! client since it asks the least of a host: no pool, no macros, no TLS library, and whatever derefs to its `Client` or
//! `Transaction`, such as a pooled one, will do. Statements are sent unnamed, so that nothing stays behind on a
//! connection and a pooler in between may give each transaction another one.
//!
//! **Nothing is kept between calls.** An operation locks what it touches, loads these rows into a small
//! [`Workspace`](onefold_workspace::Workspace), does there what it does in memory, and writes what has changed. What is loaded is the
//! contacts it names with all they are made of, and whoever shares a key with one of them; distinct marks on them and whole groups where
//! the operation asks for these. [`Store::whole`] does anything else, on all rows and alone: settings, tags of the workspace,
//! custom fields, segments, and deletions of many contacts. Taking a tag from a contact is among them, as it asks who else has it.
//!
//! **Many processes.** Operations on contacts that have nothing to do with one another do not wait for each other. Others lock in
//! one order, so that a transaction of one operation is in nobody's way for good; of several operations in one transaction
//! each has an order of its own, and PostgreSQL may end one transaction so that another can go on. Then the error is
//! [`StoreError::Conflict`], and [`retry`] does the whole transaction again.
//!
//! **The host's errors** stay the host's: of its own statements, [`retry`] repeats those that failed since others were in the way
//! (serialization failures and deadlocks), and returns any other at once, such as a unique violation, as [`StoreError::Failed`] with the
//! error of `tokio-postgres` as its source.
//!
//! **Limits.** An index of PostgreSQL takes rows of 2,704 bytes. So an id has at most [`MAX_ID_BYTES`], any other text that an index
//! holds at most [`MAX_INDEXED_BYTES`]; what is longer is [`StoreError::TooLong`], before anything is written.
//!
//! **What is different from a workspace in memory**: numbers of events come from a sequence and may be seen out of order
//! ([`Store::events`]), and so do places of merges in the history; pages of suggestions are in the order of the ids' texts
//! ([`Store::suggestions_page`]).
//!
//! **The schema** is the one that [`MIGRATIONS`] write: a table `row` with everything by workspace, kind and key, as JSON, and tables
//! beside it that follow from the rows (`key`: who holds which key; `about`: which rows tell of whom). Reading them is free;
//! written by hand they may come to disagree, which operations refuse as [`StoreError::Rows`] where they see it. Locks with the
//! first number 826698852 (`pg_advisory_xact_lock`) are onefold's own.

#![warn(missing_docs)]

mod error;
mod events;
mod lifecycle;
mod limits;
mod names;
mod operate;
mod operations;
mod part;
mod questions;
mod retry;
mod schema;
mod scope;
mod statements;
mod store;
mod stored_id;
mod write;

pub use error::{Error, IndexedText, IsConflict, StoreError};
pub use limits::{MAX_ID_BYTES, MAX_INDEXED_BYTES, MAX_WORKSPACE_NAME_BYTES};
pub use questions::{HistoryPage, SuggestionPage};
pub use retry::retry;
pub use schema::{MIGRATIONS, migrate};
pub use store::Store;
pub use stored_id::StoredId;
