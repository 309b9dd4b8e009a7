//! `onefold db import`: the contacts of files into a database.

use std::collections::HashSet;
use std::path::Path;
use std::rc::Rc;

use onefold::{Contact, Normalizer, Rules};
use onefold_files::{IdOrigin, country};
use onefold_workspace::{Act, Existing, Resolved, RowKind, RowWrite};

use crate::arguments::db::ImportArguments;
use crate::commands::db::database::{Database, StoredContactId, act};
use crate::commands::db::settings;
use crate::failure::Failure;
use crate::input::rows::{self, MadeIds, RowOptions, RowRead};
use crate::output::{check_is_no_input, database_files};
use crate::report::Report;

/// The number of contacts that are stored together.
const BATCH: usize = 10_000;

/// The state of a run.
struct Import<'a> {
    arguments: &'a ImportArguments,
    act: Act,
    // Opened with the first batch, so that a file that cannot be read leaves no empty database.
    database: Option<Database>,
    waiting: Vec<PendingRows>,
    // Contacts without an id come last, so that their generated ids do not collide with given ones.
    without_id: Vec<PendingRows>,
    made: HashSet<StoredContactId>,
    added: usize,
    updated: usize,
    rejected: usize,
}

/// A contact to import.
struct PendingRows {
    source: Rc<str>,
    line: u64,
    says_blocked: bool,
    contact: Contact<String>,
}

/// The position of a contact's row, and whether it has a value for blocked.
struct ImportedRow {
    source: Rc<str>,
    line: u64,
    says_blocked: bool,
}

/// Runs the command. Each batch of contacts is imported completely or not at all. A contact without an id is a new one and gets an
/// unused id: the file's name, the line, and a number if needed. Events are for programs that use the database with `onefold
/// replay`: if it has none, an import adds none.
///
/// # Errors
/// A file cannot be used, or the database not be written.
pub fn run(arguments: &ImportArguments) -> Result<(), Failure> {
    for file in database_files(&arguments.database) {
        check_is_no_input(&file, &arguments.files)?;
    }
    let mut report = Report::start();
    let mut import = Import {
        arguments,
        act: act(),
        database: None,
        waiting: Vec::new(),
        without_id: Vec::new(),
        made: HashSet::new(),
        added: 0,
        updated: 0,
        rejected: 0,
    };
    let mut how = RowOptions {
        made: MadeIds::MeanNothing,
        unguards: !arguments.no_guard,
        ..RowOptions::of_values(&arguments.values)
    };
    if arguments.database.exists() {
        let normalizer = import.open()?.workspace.index().normalizer();
        let identifiers = normalizer.settings().identifiers.iter().map(|name| name.to_string());
        how.options.identifiers = identifiers.collect();
        how.needs_identifiers = !arguments.values.identifier.is_empty();
    }
    rows::for_each_contact(&arguments.files, &how, &mut report, |read, report| import.take(read, report))?;
    import.take_waiting(&mut report)?;
    import.take_without_id(&mut report)?;
    let Import { added, updated, rejected, made, database, .. } = import;
    let all = database.map_or(0, |database| database.workspace.len());
    let mut counts = vec![("contacts added", added), ("contacts updated", updated), ("contacts refused", rejected)];
    if !made.is_empty() {
        counts.push(("ids made", made.len()));
    }
    counts.push(("contacts in all", all));
    report.finish(&counts);
    Ok(())
}

impl Import<'_> {
    fn take(&mut self, read: RowRead, report: &mut Report) -> Result<(), Failure> {
        let RowRead { contact, line, id_origin, source, says_blocked, .. } = read;
        let contact = if self.arguments.values.region_from_country { country::with_code(contact) } else { contact };
        let waiting = PendingRows { source, line, says_blocked, contact };
        match id_origin {
            IdOrigin::Given => self.waiting.push(waiting),
            IdOrigin::Line => self.without_id.push(waiting),
        }
        if self.waiting.len() < BATCH { Ok(()) } else { self.take_waiting(report) }
    }

    /// Imports the waiting contacts with ids.
    fn take_waiting(&mut self, report: &mut Report) -> Result<(), Failure> {
        let waiting = std::mem::take(&mut self.waiting);
        let ids = waiting.iter().map(|waiting| StoredContactId::from(&*waiting.contact.id)).collect();
        self.import(waiting, ids, self.arguments.existing.into(), report)
    }

    /// Imports the contacts without ids of their own, each as a new one.
    fn take_without_id(&mut self, report: &mut Report) -> Result<(), Failure> {
        let mut all = std::mem::take(&mut self.without_id).into_iter();
        loop {
            let waiting: Vec<PendingRows> = all.by_ref().take(BATCH).collect();
            if waiting.is_empty() {
                return Ok(());
            }
            self.open()?;
            let ids: Vec<StoredContactId> = waiting.iter().map(|waiting| self.free_id(waiting)).collect();
            self.import(waiting, ids, Existing::Reject, report)?;
        }
    }

    /// Returns an id that no contact has or had, in the database or in this run.
    fn free_id(&mut self, waiting: &PendingRows) -> StoredContactId {
        let name = Path::new(&*waiting.source).file_name().unwrap_or_default().to_string_lossy();
        let wanted = format!("{name}-line-{}", waiting.line);
        let names = std::iter::once(wanted.clone()).chain((2_u64..).map(|number| format!("{wanted}-{number}")));
        let is_free = |id: &StoredContactId| {
            let in_database = self.database.as_ref().map(|database| database.workspace.resolve(id));
            in_database.is_none_or(|resolved| resolved == Resolved::Unknown) && !self.made.contains(id)
        };
        let id = names.map(|name| StoredContactId::from(&*name)).find(is_free).expect("some number is free");
        self.made.insert(id.clone());
        id
    }

    fn open(&mut self) -> Result<&mut Database, Failure> {
        let database = match self.database.take() {
            Some(database) => database,
            None => open(self.arguments)?,
        };
        Ok(self.database.insert(database))
    }

    fn import(
        &mut self,
        waiting: Vec<PendingRows>,
        ids: Vec<StoredContactId>,
        existing: Existing,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let act = self.act.clone();
        let database = self.open()?;
        let mut places: Vec<ImportedRow> = Vec::with_capacity(waiting.len());
        let mut contacts: Vec<Contact<StoredContactId>> = Vec::with_capacity(waiting.len());
        for (PendingRows { source, line, says_blocked, contact }, id) in waiting.into_iter().zip(ids) {
            places.push(ImportedRow { source, line, says_blocked });
            contacts.push(contact.map_id(|_| id));
        }
        let normalizer = database.workspace.index().normalizer();
        contacts.iter().for_each(|contact| report.rejected(&normalizer.contact(contact).rejections));
        let leaves_events = database.workspace.events().next().is_some();
        let applied = database.workspace.import(contacts, existing, &act);
        let applied = applied.map_err(|error| Failure::Input(error.to_string()))?;
        let is_event = |write: &RowWrite| matches!(write, RowWrite::Put(row) if row.kind == RowKind::Event);
        let writes = applied.changes.writes().filter(|write| leaves_events || !is_event(write));
        if let Err(error) = database.store()?.write(writes) {
            database.workspace.revert(applied.changes);
            return Err(database.unwritten(error));
        }
        if !leaves_events {
            // The events were never stored, so there is nothing to remove.
            let _ = database.workspace.drain_events();
        }
        self.added += applied.outcome.added;
        self.updated += applied.outcome.updated;
        self.rejected += applied.outcome.rejected.len();
        for rejected in &applied.outcome.rejected {
            let Some(ImportedRow { source: name, line, .. }) = places.get(rejected.row) else { continue };
            let what = format!("the contact is not imported: {}", rejected.error);
            report.problem_of_kind(rejected.error.code(), name, *line, &what);
        }
        for stays in &applied.outcome.blocked_stays {
            let Some(place) = places.get(stays.row).filter(|place| place.says_blocked) else { continue };
            let (row, contact) = if stays.blocked { ("false", "is blocked") } else { ("true", "is not blocked") };
            let what =
                format!("blocked is {row} in the row, but the contact {contact}, and stays so: block or unblock it");
            report.problem(&place.source, place.line, &what);
        }
        Ok(())
    }
}

/// Opens the database. A new one gets the settings of the arguments; an existing one must have the same.
fn open(arguments: &ImportArguments) -> Result<Database, Failure> {
    if !arguments.database.exists() {
        return settings::make(&arguments.database, &arguments.values, &arguments.rules);
    }
    let database = Database::open(&arguments.database)?;
    let (normalizer, rules) = (arguments.values.normalizer(), arguments.rules.rules());
    let is_given = normalizer != Normalizer::new();
    let index = database.workspace.index();
    // The portfolios of accounts are not set by options.
    let mut options = normalizer.settings().clone();
    options.portfolios = index.normalizer().settings().portfolios.clone();
    let normalizer = Normalizer::from(options);
    let differs = (is_given && normalizer != *index.normalizer()) || (rules != Rules::new() && rules != index.rules());
    if differs {
        Err(Failure::Usage(format!(
            "{} reads values or joins contacts by other options, which it was made with",
            database.name
        )))
    } else {
        Ok(database)
    }
}
