//! `onefold suggest`: which contacts of files are the same person, with the evidence.
//!
//! The files are read twice: first for the keys of all rows, then for the rows of groups. Ids that are out of order are read once
//! more in between, unless the first pass collected them. With `--similar`, all rows are read as contacts in between.

pub mod counts;
mod groups;
mod similar_groups;
mod similar_line;
pub mod suggestion_line;

use std::path::PathBuf;
use std::sync::Arc;

use onefold::similarity::PairDecision;

use crate::arguments::similarity::SimilarArguments;
use crate::arguments::suggest::SuggestArguments;
use crate::commands::similarity::contact_list::ContactList;
use crate::commands::similarity::decision_file::DecisionFile;
use crate::commands::similarity::model_file;
use crate::commands::suggest::counts::{Findings, SuggestionCounts};
use crate::commands::suggest::groups::TableGroups;
use crate::commands::suggest::similar_groups::SimilarGroups;
use crate::commands::suggest::similar_line::SimilarLine;
use crate::commands::suggest::suggestion_line::SuggestionLine;
use crate::failure::Failure;
use crate::input::rows;
use crate::output::{Encoder, Output};
use crate::report::Report;
use crate::scan::group_rows::{ContactSet, GroupRows, RowStorage};
use crate::scan::key_scan::{FileScan, KeyScan, ScanSettings};

/// Runs the command.
///
/// # Errors
/// A file cannot be used, or the result not be written.
pub fn run(arguments: &SuggestArguments) -> Result<(), Failure> {
    let mut report = Report::start();
    let similar = &arguments.similar;
    let find = if similar.similar { find_similar } else { find };
    let inputs: Vec<PathBuf> = arguments.files.iter().chain(&similar.model).chain(&similar.distinct).cloned().collect();
    let mut findings = if arguments.count {
        let mut output = Output::open::<SuggestionCounts>(&arguments.output, &inputs)?;
        let mut findings = find(arguments, None, &mut report)?;
        findings.counts.contacts = report.contacts;
        output.write(&findings.counts)?;
        output.finish()?;
        findings
    } else {
        let mut output = if similar.similar {
            Output::open::<SimilarLine<'_>>(&arguments.output, &inputs)?
        } else {
            Output::open::<SuggestionLine<'_, Arc<str>>>(&arguments.output, &inputs)?
        };
        let findings = find(arguments, Some(&mut output), &mut report)?;
        output.finish()?;
        findings
    };
    findings.report(&mut report);
    Ok(())
}

/// Finds the suggestions by keys and writes them to the output, if there is one.
fn find(arguments: &SuggestArguments, output: Option<&mut Output>, report: &mut Report) -> Result<Findings, Failure> {
    let scan = KeyScan::read(&arguments.files, settings(arguments))?;
    let groups = &scan.groups;
    let described = if output.is_some() { groups.members() } else { &[] };
    let rows = read_rows(&scan, described, output.as_deref())?;
    let table_groups = table_groups(arguments, &scan, &rows);
    report_scan(&scan, &table_groups, report)?;
    let (keys, suggestions, members) = (groups.key_count(), groups.len(), groups.members().len());
    let counts = SuggestionCounts { keys, suggestions, members, ..SuggestionCounts::default() };
    let mut findings = Findings { counts, ..Findings::default() };
    findings.add_common(table_groups.common_keys());
    output.map_or(Ok(()), |output| table_groups.write(output))?;
    scan.check_unchanged()?;
    Ok(findings)
}

/// Finds the suggestions by similarity and writes them to the output, if there is one.
fn find_similar(
    arguments: &SuggestArguments,
    output: Option<&mut Output>,
    report: &mut Report,
) -> Result<Findings, Failure> {
    let SimilarArguments { at_least, model, distinct, .. } = &arguments.similar;
    // Files that cannot be used are refused before contacts are read.
    let model = model_file::read(model.as_deref())?;
    let distinct = distinct.as_deref().map(DecisionFile::read).transpose()?;
    let scan = KeyScan::read(&arguments.files, settings(arguments))?;
    let groups = &scan.groups;
    let contacts = ContactList::read(&scan)?;
    let mut similarity = contacts.fit(groups.normalizer(), &model);
    let decided = distinct.map(|file| file.resolve(&contacts, report)).unwrap_or_default();
    for (pair, _) in decided.iter().filter(|(_, decision)| *decision == PairDecision::Distinct) {
        similarity.mark_distinct(*pair.first(), *pair.second());
    }
    let names = contacts.into_names();
    let least = at_least.unwrap_or(model.threshold());
    let similar = SimilarGroups::find(&names, &similarity, least, arguments.rules.max_members);
    let members = similar.members();
    let rows = read_rows(&scan, if output.is_some() { &members } else { &[] }, output.as_deref())?;
    let table_groups = table_groups(arguments, &scan, &rows);
    report_scan(&scan, &table_groups, report)?;
    let (keys, suggestions, members) = (groups.key_count(), similar.len(), members.len());
    let counts = SuggestionCounts { keys, suggestions, members, ..SuggestionCounts::default() };
    let mut findings = Findings { counts, shared_keys: similar.shared_keys(), ..Findings::default() };
    findings.add_common(table_groups.common_keys());
    output.map_or(Ok(()), |output| similar.write(&table_groups, output))?;
    scan.check_unchanged()?;
    Ok(findings)
}

fn settings(arguments: &SuggestArguments) -> ScanSettings<'_> {
    ScanSettings { input: &arguments.input, rules: arguments.rules.rules(), chunk_bytes: arguments.chunk_bytes }
}

/// Reads the rows of the described contacts, and those that common keys and duplicates are reported by.
fn read_rows(scan: &KeyScan, described: &[u32], output: Option<&Output>) -> Result<GroupRows, Failure> {
    let common = scan.groups.common_keys().iter().map(|common| common.contact);
    let needed = described.iter().copied().chain(common).chain(scan.duplicates.iter().copied());
    let needed = ContactSet::new(scan.contacts, needed);
    let reads_names = output.is_some_and(|output| output.encoder() == Encoder::Table);
    GroupRows::read(scan, needed, RowStorage::KeyValues { reads_names }).map_err(rows::failure)
}

fn table_groups<'a>(arguments: &'a SuggestArguments, scan: &'a KeyScan, rows: &'a GroupRows) -> TableGroups<'a> {
    TableGroups {
        groups: &scan.groups,
        rows,
        reads_country: arguments.input.values.region_from_country,
        identifiers: &arguments.input.values.identifier,
        keeps_ids: scan.files.iter().all(FileScan::keeps_ids),
    }
}

/// Reports the problems of the files, and the values without a key.
fn report_scan(scan: &KeyScan, table_groups: &TableGroups<'_>, report: &mut Report) -> Result<(), Failure> {
    let of_duplicates = table_groups.rejections(&scan.duplicates);
    for (reason, count) in scan.rejections() {
        report.rejected_for(reason, count.saturating_sub(of_duplicates.get(&reason).copied().unwrap_or_default()));
    }
    scan.report(report)
}
