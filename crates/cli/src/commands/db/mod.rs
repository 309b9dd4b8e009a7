//! `onefold db`: the commands on a database, a workspace that keeps its contacts and their merges.

mod database;
mod export;
mod history;
mod import;
mod merge;
mod settings;
mod suggest;
mod undo;

use crate::arguments::db::DatabaseCommand;
use crate::failure::Failure;

/// Runs a command on a database.
///
/// # Errors
/// The database or another file cannot be used, or the result not be written.
pub fn run(command: &DatabaseCommand) -> Result<(), Failure> {
    match command {
        DatabaseCommand::Import(arguments) => import::run(arguments),
        DatabaseCommand::Suggest(arguments) => suggest::run(arguments),
        DatabaseCommand::Merge(arguments) => merge::run(arguments),
        DatabaseCommand::Undo(arguments) => undo::run(arguments),
        DatabaseCommand::History(arguments) => history::run(arguments),
        DatabaseCommand::Export(arguments) => export::run(arguments),
    }
}
