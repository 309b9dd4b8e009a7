//! `onefold db suggest`: which contacts of a database are the same person, with the evidence.

use onefold::normalize::Place;
use onefold_workspace::Workspace;

use crate::arguments::db::DatabaseSuggestArguments;
use crate::commands::db::database::{self, StoredContactId};
use crate::commands::suggest::counts::{Findings, SuggestionCounts};
use crate::commands::suggest::suggestion_line::SuggestionLine;
use crate::failure::Failure;
use crate::input::values::name_of;
use crate::output::{Output, database_files};
use crate::report::Report;

/// Runs the command.
///
/// # Errors
/// The database cannot be used, or the result not be written.
pub fn run(arguments: &DatabaseSuggestArguments) -> Result<(), Failure> {
    let inputs = &database_files(&arguments.database);
    let mut report = Report::start();
    let mut findings = Findings::default();
    let mut read = || -> Result<Workspace<StoredContactId>, Failure> {
        let workspace = database::read(&arguments.database)?;
        report.contacts = workspace.len();
        let normalizer = workspace.index().normalizer();
        workspace.contacts().for_each(|contact| report.rejected(&normalizer.contact(contact).rejections));
        findings.count(workspace.index());
        findings.counts.contacts = report.contacts;
        Ok(workspace)
    };
    if arguments.count {
        let mut output = Output::open::<SuggestionCounts>(&arguments.output, inputs)?;
        read()?;
        output.write(&findings.counts)?;
        output.finish()?;
    } else {
        let mut output = Output::open::<SuggestionLine<'_, StoredContactId>>(&arguments.output, inputs)?;
        let workspace = read()?;
        write(&workspace, &mut output)?;
        output.finish()?;
    }
    findings.report(&mut report);
    Ok(())
}

fn write(workspace: &Workspace<StoredContactId>, output: &mut Output) -> Result<(), Failure> {
    let value = |id: &StoredContactId, place: &Place| {
        workspace.get(id).and_then(|contact| place.value_in(contact)).unwrap_or("")
    };
    let name = |id: &StoredContactId| workspace.get(id).map(name_of).unwrap_or_default();
    for suggestion in &workspace.index().suggestions() {
        output.write(&SuggestionLine { workspace: None, suggestion, value: &value, name: &name })?;
    }
    Ok(())
}
