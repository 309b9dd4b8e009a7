//! `onefold suggest --db`: who of a database's contacts is the same person.

use onefold::Place;

use crate::arguments::SuggestArguments;
use crate::db::Database;
use crate::db::id::Id;
use crate::failure::Failure;
use crate::output::Output;
use crate::report::Report;
use crate::suggest::line::SuggestionLine;
use crate::suggest::name_common_keys;
use crate::values::name_of;

/// Runs the command.
///
/// # Errors
/// The database cannot be used, or the result not be written.
pub fn run(arguments: &SuggestArguments) -> Result<(), Failure> {
    let path = arguments.db.as_deref().unwrap_or("".as_ref());
    let mut output = Output::open::<SuggestionLine<'_>>(&arguments.output, &[path.to_owned()])?;
    let mut report = Report::start();
    let database = Database::open(path)?;
    let (workspace, index) = (&database.workspace, database.workspace.index());
    report.contacts = workspace.len();
    let suggestions = index.suggestions();
    let value = |id: &Id, place: &Place| workspace.get(id).and_then(|contact| place.value_in(contact)).unwrap_or("");
    let name = |id: &Id| workspace.get(id).map(name_of).unwrap_or_default();
    for suggestion in &suggestions {
        output.write(&SuggestionLine::new(None, suggestion, value, name))?;
    }
    output.finish()?;
    let mut common = index.common_keys();
    name_common_keys(&mut common);
    report.finish(&[
        ("keys", index.key_count()),
        ("suggestions", suggestions.len()),
        ("contacts in them", suggestions.iter().map(|suggestion| suggestion.members.len()).sum()),
        ("common keys", common.len()),
    ]);
    Ok(())
}
