//! `onefold suggest`: which contacts of files are the same person, with the evidence.
//!
//! Two programs give the same answer. One holds all contacts in an index and takes any input. The other (`two_passes`) reads a
//! single table twice and holds only a few numbers for most rows.
//!
//! ```text
//! table -> chunk_keys (each chunk, all threads) -> table_chunks -> groups of contact numbers
//!       -> group_rows (the rows of groups only) -> groups -> suggestion_line
//! ```

mod chunk_keys;
pub mod counts;
mod group_rows;
mod groups;
mod row_ids;
mod row_keys;
pub mod suggestion_line;
mod table_chunks;
mod two_passes;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use onefold::normalize::Place;
use onefold::{Contact, Index};
use onefold_files::country;

use crate::arguments::suggest::SuggestArguments;
use crate::commands::suggest::counts::{Findings, SuggestionCounts};
use crate::commands::suggest::suggestion_line::SuggestionLine;
use crate::failure::Failure;
use crate::input::rows::{self, RowOptions, RowRead};
use crate::input::values::EvidenceValues;
use crate::output::Output;
use crate::report::Report;

/// How many contacts are read before the index takes them, on all cores.
const BATCH: usize = 16_384;

/// An id, shared by the index and the evidence values.
type IndexedId = Arc<str>;

/// The contacts of one workspace.
struct WorkspaceIndex {
    index: Index<IndexedId>,
    waiting: Vec<Contact<IndexedId>>,
    /// The values that evidence shows of each contact; `None` if only counts are written.
    values: Option<HashMap<IndexedId, EvidenceValues>>,
}

/// Runs the command.
///
/// # Errors
/// A file cannot be used, or the result not be written.
pub fn run(arguments: &SuggestArguments) -> Result<(), Failure> {
    let mut report = Report::start();
    let mut findings = if arguments.count {
        let mut output = Output::open::<SuggestionCounts>(&arguments.output, &arguments.files)?;
        let mut findings = find(arguments, None, &mut report)?;
        findings.counts.contacts = report.contacts;
        output.write(&findings.counts)?;
        output.finish()?;
        findings
    } else {
        let mut output = Output::open::<SuggestionLine<'_, IndexedId>>(&arguments.output, &arguments.files)?;
        let findings = find(arguments, Some(&mut output), &mut report)?;
        output.finish()?;
        findings
    };
    findings.report(&mut report);
    Ok(())
}

/// Finds the suggestions and writes them to the output, if there is one.
fn find(
    arguments: &SuggestArguments,
    mut output: Option<&mut Output>,
    report: &mut Report,
) -> Result<Findings, Failure> {
    match two_passes::run(arguments, output.as_deref_mut(), report)? {
        Some(findings) => Ok(findings),
        None => run_by_index(arguments, output, report),
    }
}

fn run_by_index(
    arguments: &SuggestArguments,
    mut output: Option<&mut Output>,
    report: &mut Report,
) -> Result<Findings, Failure> {
    let mut findings = Findings::default();
    for (name, workspace) in &read(arguments, report)? {
        findings.count(&workspace.index);
        let Some(output) = &mut output else { continue };
        let values_of = |id: &IndexedId| workspace.values.as_ref().and_then(|values| values.get(id));
        let value = |id: &IndexedId, place: &Place| values_of(id).map_or("", |values| values.value(place));
        let name_of = |id: &IndexedId| values_of(id).map_or("", EvidenceValues::name).to_owned();
        for suggestion in &workspace.index.suggestions() {
            let workspace = name.as_deref();
            output.write(&SuggestionLine { workspace, suggestion, value: &value, name: &name_of })?;
        }
    }
    Ok(findings)
}

fn read(
    arguments: &SuggestArguments,
    report: &mut Report,
) -> Result<BTreeMap<Option<String>, WorkspaceIndex>, Failure> {
    let mut workspaces: BTreeMap<Option<String>, WorkspaceIndex> = BTreeMap::new();
    rows::for_each_contact(
        &arguments.files,
        &RowOptions::of(&arguments.input),
        report,
        |RowRead { contact, workspace, .. }, report| {
            let workspace = workspaces.entry(workspace).or_insert_with(|| WorkspaceIndex::new(arguments));
            workspace.waiting.push(country::with_code(contact).map_id(IndexedId::from));
            if workspace.waiting.len() >= BATCH {
                workspace.take_waiting(report);
            }
            Ok(())
        },
    )?;
    workspaces.values_mut().for_each(|workspace| workspace.take_waiting(report));
    Ok(workspaces)
}

impl WorkspaceIndex {
    fn new(arguments: &SuggestArguments) -> Self {
        let index = Index::new(arguments.input.normalizer()).with_rules(arguments.rules.rules());
        Self { index, waiting: Vec::new(), values: (!arguments.count).then(HashMap::new) }
    }

    fn take_waiting(&mut self, report: &mut Report) {
        let extended = self.index.extend(&self.waiting);
        report.rejected(extended.rejections.iter().map(|of_contact| &of_contact.rejection));
        let waiting = self.waiting.drain(..);
        let Some(values) = &mut self.values else { return };
        for contact in waiting {
            let keys = self.index.keys_of(&contact.id);
            let of_contact = EvidenceValues::of(&contact, keys.iter().map(|key| &key.place));
            values.insert(contact.id, of_contact);
        }
    }
}
