//! The tests of the store: one program, so that it is linked once. They need a server: `tests/server` makes one, and ONEFOLD_POSTGRES
//! says where it is.

mod database;
mod host_errors;
mod key_rules;
mod many_at_once;
mod names_and_limits;
#[path = "../../workspace/tests/operations/mod.rs"]
mod operations;
mod random_operations;
mod spawn;
mod what_is_no_store;
