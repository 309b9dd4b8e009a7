//! `onefold db undo`: undoes merges of a database.

use std::collections::BTreeSet;

use onefold_workspace::UndoRequest;

use crate::arguments::db::DatabaseUndoArguments;
use crate::commands::db::database::{Database, act};
use crate::commands::id_lists;
use crate::failure::Failure;
use crate::input::rows;
use crate::report::Report;

/// Runs the command: one merge after the other, in the order in which they were named, each whole or not at all.
///
/// # Errors
/// The database cannot be used, a merge is not there, or cannot be undone.
pub fn run(arguments: &DatabaseUndoArguments) -> Result<(), Failure> {
    let mut report = Report::start_without_values();
    let mut database = Database::open(&arguments.database)?;
    let mut request = UndoRequest::new().with_edits(arguments.edits.into()).with_later(arguments.later.into());
    if arguments.mark_distinct {
        request = request.mark_distinct();
    }
    let names: BTreeSet<String> = database.workspace.history().map(|record| record.merge.to_string()).collect();
    let (mut undone, mut replayed, mut conflicts) = (0, 0, 0);
    for typed in &arguments.merges {
        // Names are the user's own; those of suggestions may be cut short.
        let name = if names.contains(typed) {
            typed.clone()
        } else {
            let found = id_lists::named(std::slice::from_ref(typed), &names, "merge")?;
            found.into_iter().next().unwrap_or_default()
        };
        let done = database.carry_out(|workspace| workspace.undo(&name, &request, &act()))?;
        let done = done.map_err(|refused| Failure::Input(format!("{name} cannot be undone: {refused}")))?;
        undone += done.merges.len();
        replayed += done.replayed.len();
        for deviation in done.merges.iter().flat_map(|merge| &merge.deviations) {
            report.problem(&rows::name_of(&arguments.database), 0, deviation);
        }
        conflicts += done.merges.iter().map(|merge| merge.conflicts.len()).sum::<usize>();
    }
    report.contacts = database.workspace.len();
    report.finish(&[("merges undone", undone), ("merges replayed", replayed), ("values edited since", conflicts)]);
    Ok(())
}
