//! `onefold import`: the contacts of files into a database.

use onefold::{Act, Contact, Normalizer, RowKind, RowWrite, Rules};
use onefold_cli::input::country;

use crate::arguments::database::ImportArguments;
use crate::db::id::Id;
use crate::db::{Database, act, settings};
use crate::failure::Failure;
use crate::reading::{self, Read};
use crate::report::Report;

/// How many contacts are put on the disk together.
const BATCH: usize = 10_000;

/// What a run has done.
struct Import<'a> {
    arguments: &'a ImportArguments,
    act: Act,
    // Opened with the first batch, so that a file that cannot be read leaves no empty database.
    database: Option<Database>,
    waiting: Vec<(u64, Contact<Id>)>,
    added: usize,
    updated: usize,
    rejected: usize,
}

/// Runs the command. Each batch of contacts is imported whole or not at all. Events are for programs that drive a database with
/// `onefold replay`: where nobody has left any, an import leaves none.
///
/// # Errors
/// A file cannot be used, or the database not be written.
pub fn run(arguments: &ImportArguments) -> Result<(), Failure> {
    if arguments.input.workspace_column.is_some() {
        let what = "a database holds one workspace; import the rows of each into a database of its own";
        return Err(Failure::Usage(what.to_owned()));
    }
    let mut report = Report::start();
    let mut import =
        Import { arguments, act: act(), database: None, waiting: Vec::new(), added: 0, updated: 0, rejected: 0 };
    let by_country = arguments.input.region_from_country;
    reading::for_each_contact(
        &arguments.files,
        &arguments.input,
        &mut report,
        |Read { contact, line, .. }, report| {
            let contact = if by_country { country::with_code(contact) } else { contact };
            import.waiting.push((line, contact.map_id(|id| Id::text(&id))));
            match import.waiting.len() < BATCH {
                true => Ok(()),
                false => import.take_waiting(report),
            }
        },
    )?;
    import.take_waiting(&mut report)?;
    let Import { added, updated, rejected, database, .. } = import;
    let all = database.map_or(0, |database| database.workspace.len());
    report.finish(&[
        ("contacts added", added),
        ("contacts updated", updated),
        ("contacts refused", rejected),
        ("contacts in all", all),
    ]);
    Ok(())
}

impl Import<'_> {
    fn take_waiting(&mut self, report: &mut Report) -> Result<(), Failure> {
        if self.database.is_none() {
            self.database = Some(open(self.arguments)?);
        }
        let Some(database) = &mut self.database else { return Ok(()) };
        let (lines, contacts): (Vec<u64>, Vec<Contact<Id>>) = std::mem::take(&mut self.waiting).into_iter().unzip();
        let normalizer = database.workspace.index().normalizer();
        contacts.iter().for_each(|contact| report.rejected(&normalizer.contact(contact).rejections));
        let leaves_events = database.workspace.events().next().is_some();
        let applied = database.workspace.import(contacts, self.arguments.existing.into(), &self.act);
        let applied = applied.map_err(|error| Failure::Input(error.to_string()))?;
        let is_event = |write: &RowWrite| matches!(write, RowWrite::Put(row) if row.kind == RowKind::Event);
        let writes = applied.changes.writes().filter(|write| leaves_events || !is_event(write));
        if let Err(error) = database.store()?.write(writes) {
            database.workspace.revert(applied.changes);
            return Err(database.unwritten(error));
        }
        if !leaves_events {
            // Never written, so that there is nothing to take out.
            let _ = database.workspace.drain_events();
        }
        self.added += applied.outcome.added;
        self.updated += applied.outcome.updated;
        self.rejected += applied.outcome.rejected.len();
        let name = match self.arguments.files.as_slice() {
            [file] => reading::name_of(file),
            _ => "a file".to_owned(),
        };
        for rejected in &applied.outcome.rejected {
            let line = lines.get(rejected.row).copied().unwrap_or(0);
            report.problem(&name, line, &format!("the contact is not imported: {}", rejected.error));
        }
        Ok(())
    }
}

/// Opens the database. A new one takes the settings that the arguments say; another one has settings already.
fn open(arguments: &ImportArguments) -> Result<Database, Failure> {
    if !arguments.db.exists() {
        settings::make(&arguments.db, &arguments.input, &arguments.rules)?;
        return Database::open(&arguments.db);
    }
    let database = Database::open(&arguments.db)?;
    let (normalizer, rules) = (arguments.input.normalizer(), arguments.rules.rules());
    let index = database.workspace.index();
    let differs = (normalizer != Normalizer::new() && normalizer != *index.normalizer())
        || (rules != Rules::new() && rules != index.rules());
    match differs {
        true => Err(Failure::Usage(format!(
            "{} reads values or joins contacts by other options, which it was made with",
            database.name
        ))),
        false => Ok(database),
    }
}
