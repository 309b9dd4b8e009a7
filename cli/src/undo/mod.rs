//! `onefold undo`.
use crate::arguments::UndoArguments;
use crate::failure::Failure;

/// Runs the command.
pub fn run(_arguments: &UndoArguments) -> Result<(), Failure> {
    Ok(())
}
