//! The tests of the store in one program, so that it is linked once.

#[path = "support/database.rs"]
mod database;
#[path = "../../workspace/tests/support/operations.rs"]
mod operations;

mod random_operations;
mod refusals;

/// The files of a database: what is left of the deleted, what damage does, who may read and write them by which name.
mod files {
    mod damaged;
    mod deleted;
    mod names;
    mod readers;
}
