//! Reads the rows of all files of a run, and reports their problems.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use onefold::Contact;
use onefold_files::scan::ScannedFile;
use onefold_files::{
    ByteSize, Format, IdOrigin, InputError, InputShape, InputSource, Item, Options, Problem, Row, SeenIds, UnpackLimit,
};

use crate::arguments::input::{InputArguments, InputFormat, ValueArguments};
use crate::arguments::source_name::SourceName;
use crate::failure::Failure;
use crate::input::formula_guard::unguarded;
use crate::input::source_names;
use crate::report::Report;

/// A contact and its row.
pub struct RowRead {
    /// The contact, with its values as written.
    pub contact: Contact<String>,
    /// The first line of the row.
    pub line: u64,
    /// True if the row has a value for blocked.
    pub says_blocked: bool,
    /// Whether the id is the row's own or was generated.
    pub id_origin: IdOrigin,
    /// The name of the input.
    pub source: Rc<str>,
}

/// How generated ids are treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MadeIds {
    /// As ids: each is made unique in the run.
    Count,
    /// As meaningless: they never collide with other ids.
    MeanNothing,
}

/// How the rows of files are read.
pub struct RowOptions<'a> {
    /// The options of each file.
    pub options: Options,
    /// The names of the systems that files come from.
    pub sources: &'a [SourceName],
    /// How generated ids are treated.
    pub made: MadeIds,
    /// True if the command line names the identifiers, so that it is an error if no row has them.
    pub needs_identifiers: bool,
    /// True if the apostrophes are removed that `onefold db export` puts before cells.
    pub unguards: bool,
}

impl<'a> RowOptions<'a> {
    /// Returns the options for files whose rows belong to one workspace.
    pub fn of_values(arguments: &'a ValueArguments) -> Self {
        Self {
            options: options_of(arguments),
            sources: &arguments.source,
            made: MadeIds::Count,
            needs_identifiers: true,
            unguards: false,
        }
    }
}

/// The ids of the rows read so far.
struct Admission {
    seen: SeenIds,
    made: MadeIds,
}

impl Admission {
    fn admit(&mut self, row: &mut Row) -> Result<(), Problem> {
        match (row.id_origin, self.made) {
            (IdOrigin::Line, MadeIds::MeanNothing) => Ok(()),
            _ => self.seen.admit(row),
        }
    }
}

/// Reads every file and passes each contact to `take`. Rows without a contact, and rows whose id an earlier row has, are reported
/// and left out.
///
/// # Errors
/// A file cannot be used at all, none of the rows can, or `take` fails.
pub fn for_each_contact(
    files: &[PathBuf],
    how: &RowOptions<'_>,
    report: &mut Report,
    mut take: impl FnMut(RowRead, &mut Report) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut seen = Admission { seen: SeenIds::new(), made: how.made };
    let progress = progress();
    let fault = source_names::misplaced(files, how.sources).or_else(|| source_names::mixed(files, how.sources));
    if let Some(what) = fault {
        return Err(Failure::Usage(what));
    }
    let prefixes = source_names::id_prefixes(files, how.sources);
    let mut lacking = LackingIdentifiers::default();
    for (file, prefix) in files.iter().zip(&prefixes) {
        let mut scanned = ScannedFile::open(&InputSource::from_argument(file), &how.options).map_err(failure)?;
        if let [_] = files
            && how.needs_identifiers
            && let Some(identifier) = scanned.impossible_identifier()
        {
            return Err(nothing_has(identifier));
        }
        let unguards = how.unguards && is_export(scanned.shape());
        let source: Rc<str> = Rc::from(scanned.name());
        let about = InputAbout { source: &source, id_prefix: prefix.as_deref(), unguards };
        let read = scanned.for_each_item(|item| {
            progress.inc(1);
            match take_item(item, about, &mut seen, report) {
                Some(read) => take(read, report).map_err(ReadFailure::Failure),
                None => Ok(()),
            }
        });
        read.map_err(ReadFailure::failure)?;
        if how.needs_identifiers {
            lacking.add(&source, scanned.unseen_identifiers());
        }
    }
    progress.finish_and_clear();
    lacking.report(files.len(), report)?;
    check_fruits(report)
}

/// Returns the name of an input in messages.
pub fn name_of(file: &Path) -> String {
    InputSource::from_argument(file).to_string()
}

/// Why the rows of a file were not all read.
enum ReadFailure {
    Input(InputError),
    Failure(Failure),
}

impl From<InputError> for ReadFailure {
    fn from(error: InputError) -> Self {
        Self::Input(error)
    }
}

impl ReadFailure {
    fn failure(self) -> Failure {
        match self {
            Self::Input(error) => failure(error),
            Self::Failure(failure) => failure,
        }
    }
}

/// The identifiers of the command line, each with the files that lack it.
#[derive(Default)]
pub struct LackingIdentifiers(BTreeMap<String, Vec<String>>);

impl LackingIdentifiers {
    /// Adds the identifiers that a file lacks.
    pub fn add<'a>(&mut self, file: &str, identifiers: impl Iterator<Item = &'a str>) {
        for identifier in identifiers {
            self.0.entry(identifier.to_owned()).or_default().push(file.to_owned());
        }
    }

    /// Reports the files that lack an identifier which other files have.
    ///
    /// # Errors
    /// No file has one of the identifiers.
    pub fn report(self, files: usize, report: &mut Report) -> Result<(), Failure> {
        for (identifier, lacking) in &self.0 {
            if lacking.len() == files {
                return Err(nothing_has(identifier));
            }
            for file in lacking {
                report.problem(file, 0, &format!("nothing in the file has the identifier {identifier:?}"));
            }
        }
        Ok(())
    }
}

/// Returns the failure of a run in which no row has an identifier of the command line.
pub fn nothing_has(identifier: &str) -> Failure {
    Failure::Usage(format!("--identifier {identifier:?} names no column, member or property of the input"))
}

/// The name of an input in messages, the prefix of its ids, and whether its cells have guards.
#[derive(Clone, Copy)]
struct InputAbout<'a> {
    source: &'a Rc<str>,
    id_prefix: Option<&'a str>,
    unguards: bool,
}

/// Returns the contact of an item, unless it is none or an earlier row has its id, and reports its problems.
fn take_item(item: Item, about: InputAbout<'_>, seen: &mut Admission, report: &mut Report) -> Option<RowRead> {
    let InputAbout { source, id_prefix, unguards } = about;
    match item {
        Item::Contact(mut row) => {
            for problem in &row.problems {
                report.row_problem(source, row.line, problem);
            }
            if unguards {
                row.contact = unguarded(row.contact);
            }
            if let Some(prefix) = id_prefix {
                row.contact.id = format!("{prefix}:{}", row.contact.id);
            }
            if let Err(problem) = seen.admit(&mut row) {
                report.skipped(source, row.line, &problem);
                return None;
            }
            report.contacts += 1;
            let Row { line, contact, id_origin, says_blocked, .. } = row;
            return Some(RowRead { contact, line, says_blocked, id_origin, source: Rc::clone(source) });
        }
        Item::Skipped { line, problem } => report.skipped(source, line, &problem),
        Item::Notice { line, problem } => report.row_problem(source, line, &problem),
        _ => {}
    }
    None
}

/// Returns true if an input is a table that `onefold db export` wrote, or a spreadsheet's copy of one.
fn is_export(shape: &InputShape) -> bool {
    let header = String::from_utf8_lossy(&shape.header);
    let mut names = header.split([',', ';', '\t', '|']).map(|name| name.trim().trim_matches('"'));
    shape.format == Format::Csv && names.next() == Some("id") && names.next() == Some("blocked")
}

/// Checks that at least one row could be used.
///
/// # Errors
/// There were rows, and none could be used.
pub fn check_fruits(report: &Report) -> Result<(), Failure> {
    if report.is_fruitless() {
        Err(Failure::Input("no row could be used; is the input of another format? (--input-format)".to_owned()))
    } else {
        Ok(())
    }
}

/// Returns the reader options of the arguments.
pub fn options(arguments: &InputArguments) -> Options {
    Options { workspace_column: arguments.workspace_column.clone(), ..options_of(&arguments.values) }
}

/// Returns the reader options for files whose rows belong to one workspace.
pub fn options_of(arguments: &ValueArguments) -> Options {
    let format = arguments.input_format.map(|format| match format {
        InputFormat::Csv => Format::Csv,
        InputFormat::Jsonl => Format::JsonLines,
        InputFormat::Vcard => Format::VCard,
    });
    Options {
        format,
        map: arguments.map.clone(),
        identifiers: arguments.identifier.clone(),
        unpack_limit: unpack_limit(arguments.max_unpacked),
        ..Options::default()
    }
}

/// Returns the unpack limit for the size of the command line, or the default.
pub fn unpack_limit(max: Option<ByteSize>) -> UnpackLimit {
    max.map_or_else(UnpackLimit::default, |max| UnpackLimit::of_bytes(max.0))
}

/// Returns the failure of the run for an error of an input.
pub fn failure(error: InputError) -> Failure {
    match error {
        InputError::UnknownField { .. } | InputError::UnknownHeader { .. } | InputError::NotAMapping { .. } => {
            Failure::Usage(error.to_string())
        }
        _ => Failure::Input(error.to_string()),
    }
}

/// Returns a counter of rows on standard error, which is shown after one second if that is a terminal.
pub fn progress() -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
    }
    let style = ProgressStyle::with_template("{spinner} {human_pos} contacts, {per_sec}")
        .unwrap_or_else(|_| ProgressStyle::default_spinner());
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(4)).with_style(style);
    bar.enable_steady_tick(Duration::from_secs(1));
    bar
}
