//! Keeps onefold workspaces in PostgreSQL, inside the transactions of the host.

#![warn(missing_docs)]

mod error;
mod events;
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
mod write;

pub use error::{Error, IsConflict, StoreError};
pub use questions::{History, Page};
pub use retry::retry;
pub use schema::{MIGRATIONS, migrate};
pub use store::Store;
