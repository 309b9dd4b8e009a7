//! `onefold suggest`: which contacts of files are the same person, with the evidence.
//!
//! The files are read twice: first for the keys of all rows, then for the rows of groups. Ids that are out of order are read once
//! more in between, unless the first pass collected them.

pub mod counts;
mod groups;
pub mod suggestion_line;

use std::sync::Arc;

use crate::arguments::suggest::SuggestArguments;
use crate::commands::suggest::counts::{Findings, SuggestionCounts};
use crate::commands::suggest::groups::TableGroups;
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
    let mut findings = if arguments.count {
        let mut output = Output::open::<SuggestionCounts>(&arguments.output, &arguments.files)?;
        let mut findings = find(arguments, None, &mut report)?;
        findings.counts.contacts = report.contacts;
        output.write(&findings.counts)?;
        output.finish()?;
        findings
    } else {
        let mut output = Output::open::<SuggestionLine<'_, Arc<str>>>(&arguments.output, &arguments.files)?;
        let findings = find(arguments, Some(&mut output), &mut report)?;
        output.finish()?;
        findings
    };
    findings.report(&mut report);
    Ok(())
}

/// Finds the suggestions and writes them to the output, if there is one.
fn find(arguments: &SuggestArguments, output: Option<&mut Output>, report: &mut Report) -> Result<Findings, Failure> {
    let settings =
        ScanSettings { input: &arguments.input, rules: arguments.rules.rules(), chunk_bytes: arguments.chunk_bytes };
    let scan = KeyScan::read(&arguments.files, settings)?;
    let groups = &scan.groups;
    let common = groups.common_keys().iter().map(|common| common.contact);
    let described = if output.is_some() { groups.members() } else { &[] };
    let needed = described.iter().copied().chain(common).chain(scan.duplicates.iter().copied());
    let needed = ContactSet::new(scan.contacts, needed);
    let shows_names = output.as_ref().is_some_and(|output| output.encoder() == Encoder::Table);
    let rows =
        GroupRows::read(&scan, needed, RowStorage::KeyValues { reads_names: shows_names }).map_err(rows::failure)?;
    let table_groups = TableGroups {
        groups,
        rows: &rows,
        reads_country: arguments.input.values.region_from_country,
        identifiers: &arguments.input.values.identifier,
        keeps_ids: scan.files.iter().all(FileScan::keeps_ids),
    };
    let of_duplicates = table_groups.rejections(&scan.duplicates);
    for (reason, count) in scan.rejections() {
        report.rejected_for(reason, count.saturating_sub(of_duplicates.get(&reason).copied().unwrap_or_default()));
    }
    scan.report(report)?;
    let (keys, suggestions, members) = (groups.key_count(), groups.len(), groups.members().len());
    let counts = SuggestionCounts { keys, suggestions, members, ..SuggestionCounts::default() };
    let mut findings = Findings { counts, ..Findings::default() };
    findings.add_common(table_groups.common_keys());
    output.map_or(Ok(()), |output| table_groups.write(output))?;
    scan.check_unchanged()?;
    Ok(findings)
}
