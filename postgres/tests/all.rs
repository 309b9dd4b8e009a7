//! The tests of the store: one program, so that it is linked once. They need a server: `tests/server` makes one, and ONEFOLD_POSTGRES
//! says where it is.

mod database;
#[path = "../../tests/operations/mod.rs"]
mod operations;
mod random_operations;
