//! `onefold suggest`: which contacts are the same person, with the evidence.
//!
//! There are two ways to the same answer. One keeps all contacts in an index and takes any input; the other reads a
//! table twice and keeps of most rows a few numbers only (`table`).

mod found;
mod gathered;
pub mod line;
mod noted;
mod row_keys;
mod table;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use onefold::{CommonKey, Contact, Index, Place, Rules};
use onefold_cli::input::country;

use crate::arguments::{InputArguments, SuggestArguments};
use crate::failure::Failure;
use crate::output::{Output, plain};
use crate::reading::{self, Read};
use crate::report::{self, Report};
use crate::suggest::line::SuggestionLine;
use crate::values::Kept;

/// How many contacts are read before the index takes them, on all cores.
const BATCH: usize = 16_384;

/// How many common keys are named in the summary.
const NAMED_COMMON_KEYS: usize = 10;

/// An id that the index and the values kept for evidence share.
type Id = Arc<str>;

/// The contacts of one workspace.
struct Workspace {
    index: Index<Id>,
    waiting: Vec<Contact<Id>>,
    kept: HashMap<Id, Kept>,
}

/// How many of what a run met.
#[derive(Default)]
struct Counts {
    keys: usize,
    suggestions: usize,
    members: usize,
    common: Vec<CommonKey>,
}

/// Runs the command.
///
/// # Errors
/// A file cannot be used, or the result not be written.
pub fn run(arguments: &SuggestArguments) -> Result<(), Failure> {
    let mut output = Output::open::<SuggestionLine<'_>>(&arguments.output, &arguments.files)?;
    let mut report = Report::start();
    let mut counts = match table::run(arguments, &mut output, &mut report)? {
        Some(counts) => counts,
        None => run_by_index(arguments, &mut output, &mut report)?,
    };
    output.finish()?;
    name_common_keys(&mut counts.common);
    report.finish(&[
        ("keys", counts.keys),
        ("suggestions", counts.suggestions),
        ("contacts in them", counts.members),
        ("common keys", counts.common.len()),
    ]);
    Ok(())
}

fn run_by_index(arguments: &SuggestArguments, output: &mut Output, report: &mut Report) -> Result<Counts, Failure> {
    let mut counts = Counts::default();
    for (name, workspace) in &read(arguments, report)? {
        counts.keys += workspace.index.key_count();
        counts.common.extend(workspace.index.common_keys());
        for suggestion in workspace.index.suggestions() {
            counts.suggestions += 1;
            counts.members += suggestion.members.len();
            let value = |id: &Id, place: &Place| workspace.kept.get(id).map_or("", |kept| kept.value(place));
            let name_of = |id: &Id| workspace.kept.get(id).map_or("", Kept::name).to_owned();
            output.write(&SuggestionLine::new(name.as_deref(), &suggestion, value, name_of))?;
        }
    }
    Ok(counts)
}

fn read(arguments: &SuggestArguments, report: &mut Report) -> Result<BTreeMap<Option<String>, Workspace>, Failure> {
    let mut workspaces: BTreeMap<Option<String>, Workspace> = BTreeMap::new();
    let rules = arguments.rules.rules();
    reading::for_each_contact(
        &arguments.files,
        &arguments.input,
        report,
        |Read { contact, workspace, .. }, report| {
            let workspace = workspaces.entry(workspace).or_insert_with(|| Workspace::new(&arguments.input, rules));
            workspace.waiting.push(country::with_code(contact).map_id(Id::from));
            if workspace.waiting.len() >= BATCH {
                workspace.take_waiting(report);
            }
            Ok(())
        },
    )?;
    workspaces.values_mut().for_each(|workspace| workspace.take_waiting(report));
    Ok(workspaces)
}

impl Workspace {
    fn new(arguments: &InputArguments, rules: Rules) -> Self {
        Self { index: Index::new(arguments.normalizer()).with_rules(rules), waiting: Vec::new(), kept: HashMap::new() }
    }

    fn take_waiting(&mut self, report: &mut Report) {
        let extended = self.index.extend(&self.waiting);
        report.rejected(extended.rejections.iter().map(|(_, rejection)| rejection));
        for contact in self.waiting.drain(..) {
            let keys = self.index.keys_of(&contact.id);
            let kept = Kept::of(&contact, keys.iter().map(|key| &key.place));
            self.kept.insert(contact.id, kept);
        }
    }
}

/// Says which values too many share, those that most share first.
pub fn name_common_keys(common: &mut [CommonKey]) {
    common.sort_by(|a, b| b.holders.cmp(&a.holders).then_with(|| a.key.cmp(&b.key)));
    for CommonKey { key, holders, .. } in common.iter().take(NAMED_COMMON_KEYS) {
        report::say(&format!("not used: {} {} is shared by {holders} contacts", key.kind().name(), plain(key.value())));
    }
}
