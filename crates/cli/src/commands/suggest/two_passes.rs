//! Suggestions of a table that is read twice: first for the keys of all rows, then for the rows of groups. Ids that are out of
//! order are read once more in between, unless the first pass collected them.

use onefold::Bulk;
use onefold_files::InputSource;
use onefold_files::scan::ChunkedFile;

use crate::arguments::suggest::SuggestArguments;
use crate::commands::suggest::chunk_keys::ChunkReader;
use crate::commands::suggest::counts::{Findings, SuggestionCounts};
use crate::commands::suggest::group_rows::{ContactSet, GroupRows};
use crate::commands::suggest::groups::TableGroups;
use crate::commands::suggest::row_ids::RowIds;
use crate::commands::suggest::table_chunks::TableChunks;
use crate::failure::Failure;
use crate::input::rows;
use crate::output::{Encoder, Output};
use crate::report::Report;

/// Finds the suggestions of one table and writes them to the output, if there is one. Returns `None`, and has written nothing, if
/// the input cannot be read in chunks.
///
/// # Errors
/// The file cannot be used, none of its rows can, or the result cannot be written.
pub fn run(
    arguments: &SuggestArguments,
    output: Option<&mut Output>,
    report: &mut Report,
) -> Result<Option<Findings>, Failure> {
    let ([file], []) = (arguments.files.as_slice(), arguments.input.values.identifier.as_slice()) else {
        return Ok(None);
    };
    if !arguments.input.values.source.is_empty() {
        return Ok(None);
    }
    let source = InputSource::from_argument(file);
    let options = rows::options(&arguments.input);
    let Some(table) = ChunkedFile::open(&source, &options).map_err(rows::failure)? else { return Ok(None) };
    let reads_country = arguments.input.values.region_from_country;
    let normalizer = arguments.input.normalizer();
    let mut keys = Bulk::new(normalizer.clone(), arguments.rules.rules());
    let no_keys = keys.part();
    let ids = RowIds::new();
    let reader = ChunkReader { table: &table, keys: &no_keys, ids: &ids, reads_country };
    let chunks = TableChunks::read(&reader, arguments.chunk_bytes, &mut keys).map_err(rows::failure)?;
    let Some(mut chunks) = chunks else { return Ok(None) };
    let contacts = keys.len();
    let Some(id_prefix) = chunks.id_prefix(&table).map_err(rows::failure)? else { return Ok(None) };

    let duplicates = chunks.duplicates(&reader).map_err(rows::failure)?;
    duplicates.iter().for_each(|&contact| keys.leave_out(contact));
    let groups = keys.groups();
    let common = groups.common_keys().iter().map(|common| common.contact);
    let described = if output.is_some() { groups.members() } else { &[] };
    let needed = described.iter().copied().chain(common).chain(duplicates.iter().copied());
    let needed = ContactSet::new(contacts, needed);
    let shows_names = output.as_ref().is_some_and(|output| output.encoder() == Encoder::Table);
    let group_rows = if shows_names {
        GroupRows::read_with_names(&table, &chunks, needed, &id_prefix)
    } else {
        GroupRows::read(&table, &chunks, needed, &id_prefix)
    };
    let group_rows = group_rows.map_err(rows::failure)?;

    let table_groups = TableGroups { table: &table, groups: &groups, rows: &group_rows, reads_country };
    let name = source.to_string();
    chunks.report_problems(&name, &duplicates, report);
    let of_duplicates = table_groups.rejections(&duplicates, &normalizer);
    for (reason, count) in chunks.rejections() {
        report.rejected_for(reason, count - of_duplicates.get(&reason).copied().unwrap_or_default());
    }
    for problem in table.unread().map_err(rows::failure)? {
        report.problem(&name, 0, &problem);
    }
    report.contacts += contacts - duplicates.len();
    rows::check_fruits(report)?;
    let (keys, suggestions, members) = (groups.key_count(), groups.len(), groups.members().len());
    let counts = SuggestionCounts { keys, suggestions, members, ..SuggestionCounts::default() };
    let mut findings = Findings { counts, ..Findings::default() };
    findings.add_common(table_groups.common_keys());
    output.map_or(Ok(()), |output| table_groups.write(output))?;
    Ok(Some(findings))
}
