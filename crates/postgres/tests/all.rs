//! The tests of the store: one program, so that it is linked once. They need a server: `tests/server.sh` makes one, and ONEFOLD_POSTGRES
//! says where it is.

#[path = "support/database.rs"]
mod database;
#[path = "../../workspace/tests/support/operations.rs"]
mod operations;

mod concurrency;
mod host_errors;
mod key_rules;
mod names_and_limits;
mod random_operations;
mod refusals;
mod spawn;
