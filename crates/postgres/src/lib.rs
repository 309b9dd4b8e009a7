//! Stores onefold workspaces in PostgreSQL, inside the transactions of the host.
//!
//! ```no_run
//! use onefold::{Contact, MergeRequest, Time};
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
//!     let act = Act::new(Time::from_millis(1_700_000_000_000), "sign-up");
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
//! **The host's transaction.** Every operation works inside a transaction of the host, with the isolation level
//! `read committed`, which is PostgreSQL's default. The host's rows and the workspace therefore change together. The
//! client is `tokio-postgres`, because it demands the least: no pool, no macros and no TLS library. Anything that
//! derefs to its `Client` or `Transaction` works, such as a pooled one. Statements are sent unnamed, so nothing stays
//! behind on a connection, and a pooler may give each transaction another connection.
//!
//! **Nothing is kept between calls.** An operation locks the rows that it may touch, loads them into a small
//! [`Workspace`](onefold_workspace::Workspace), runs there as in memory, and writes the changes. It loads the contacts
//! that it names with their original ids, and the contacts that share a key with one of them. If needed, it also loads
//! their distinct marks and whole groups. [`Store::whole`] runs all other operations on all rows, with the workspace
//! locked for other writers: settings, tags of the workspace, custom fields, segments, and deletions of many contacts.
//! This includes removing a tag from a contact, which needs to know the tag's other contacts.
//!
//! **Many processes.** Operations on unrelated contacts do not wait for each other. Each operation locks in one global
//! order, so transactions with one operation each cannot deadlock on these locks. Several operations in one transaction
//! lock one after the other, and PostgreSQL may end such a transaction so that another can continue. The error is then
//! [`StoreError::Conflict`], and [`retry`] repeats the whole transaction.
//!
//! **The host's errors** are left to the host. [`retry`] repeats a transaction if a statement of the host failed
//! because of other transactions (serialization failures and deadlocks). It returns any other error at once, such as a
//! unique violation, as [`StoreError::Failed`] with the error of `tokio-postgres` as its source.
//!
//! **Limits.** An index of PostgreSQL accepts rows of up to 2,704 bytes. An id therefore has at most [`MAX_ID_BYTES`],
//! and any other indexed text at most [`MAX_INDEXED_BYTES`]. Longer texts are [`StoreError::TooLong`] before anything
//! is written.
//!
//! **Differences from a workspace in memory**: numbers of events and places of merges come from sequences and may
//! become visible out of order ([`Store::events`]), and pages of suggestions are in the order of the ids' texts
//! ([`Store::suggestions_page`]).
//!
//! **The schema** is created by [`MIGRATIONS`]. The table `row` holds everything by workspace, kind and key, as JSON.
//! The other tables are derived from it: `key` holds the keys of each contact, and `about` the rows that refer to each
//! contact. They may be read freely. If they are written by hand they may become inconsistent, which operations refuse
//! as [`StoreError::Rows`] where they notice it. Advisory locks (`pg_advisory_xact_lock`) with the first number
//! 826698852 belong to onefold.

#![warn(missing_docs)]

mod error;
mod events;
mod lifecycle;
mod limits;
mod loaded_part;
mod names;
mod operation_run;
mod operations;
mod queries;
mod retry;
mod schema;
mod scope;
mod statements;
mod store;
mod stored_id;
mod write;

pub use error::{Error, IndexedText, IsConflict, StoreError};
pub use limits::{MAX_ID_BYTES, MAX_INDEXED_BYTES, MAX_WORKSPACE_NAME_BYTES};
pub use queries::{HistoryPage, SuggestionPage};
pub use retry::retry;
pub use schema::{MIGRATIONS, migrate};
pub use store::Store;
pub use stored_id::StoredId;
