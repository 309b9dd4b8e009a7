//! Suggestions of a table that is read twice: once for the keys of all rows, once for the rows of groups. Ids that are out
//! of order are read once more in between, if they were not noted at once.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use onefold::{Bulk, Normalizer, Reason};
use onefold_files::{ChunkedFile, InputError, InputSource, LinePrefixes, PieceEnd, Problem};
use rayon::prelude::*;

use crate::arguments::suggest::SuggestArguments;
use crate::commands::suggest::chunk_keys::{Noted, Noting};
use crate::commands::suggest::counts::{Findings, SuggestionCounts};
use crate::commands::suggest::group_rows::{Gathered, Needed, RowRange};
use crate::commands::suggest::groups::FoundGroups;
use crate::commands::suggest::row_ids::{self, PieceIds, RowIds};
use crate::failure::Failure;
use crate::input::rows;
use crate::output::{Encoder, Output};
use crate::report::Report;

/// How many pieces are read together at most until it is clear where their rows end.
const MAX_JOINED: usize = 16;

/// Finds the suggestions of one table and writes them to the output, if there is one; `None`, before anything is written,
/// if the files are something else.
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
    if arguments.files.len() != 1 || !arguments.input.values.source.is_empty() {
        return Ok(None);
    }
    let source = InputSource::from_argument(file);
    let options = rows::options(&arguments.input);
    let Some(table) = ChunkedFile::open(&source, &options).map_err(rows::failure)? else { return Ok(None) };
    let reads_country = arguments.input.values.region_from_country;
    let normalizer = arguments.input.normalizer();
    let mut keys = Bulk::new(normalizer.clone(), arguments.rules.rules());
    let no_keys = keys.part();
    let noting = Noting { table: &table, keys: &no_keys, ids: &RowIds::new(table.has_cells()), reads_country };
    let Some(mut pieces) = note(&noting, arguments.chunk_bytes).map_err(rows::failure)? else { return Ok(None) };

    let mut firsts = Vec::with_capacity(pieces.len());
    for noted in &mut pieces {
        firsts.push(u32::try_from(keys.len()).unwrap_or(u32::MAX));
        keys.append(std::mem::replace(&mut noted.keys, no_keys.part()));
    }
    let contacts = keys.len();
    let prefix = if pieces.iter().any(|noted| noted.lacks_ids) {
        prefix(&table, &pieces).map_err(rows::failure)?
    } else {
        Some(String::new())
    };
    let Some(prefix) = prefix else { return Ok(None) };

    let again = again(&noting, &mut pieces).map_err(rows::failure)?;
    again.iter().for_each(|&contact| keys.leave_out(contact));
    let groups = keys.groups();
    let common = groups.common_keys().iter().map(|common| common.contact);
    let described = if output.is_some() { groups.members() } else { &[] };
    let needed = Needed::new(contacts, described.iter().copied().chain(common).chain(again.iter().copied()));
    let shows_names = output.as_ref().is_some_and(|output| output.encoder() == Encoder::Table);
    let gathered = gather((&table, shows_names), &pieces, &firsts, (needed, &prefix)).map_err(rows::failure)?;

    let found = FoundGroups { table: &table, groups: &groups, gathered: &gathered, reads_country };
    let rejections_again = found.rejections(&again, &normalizer);
    say(&table, &pieces, &firsts, (&again, rejections_again), (&source.to_string(), report));
    for problem in table.unread().map_err(rows::failure)? {
        report.problem(&source.to_string(), 0, &problem);
    }
    report.contacts += contacts - again.len();
    rows::check_fruits(report)?;
    let (keys, suggestions, members) = (groups.key_count(), groups.len(), groups.members().len());
    let counts = SuggestionCounts { keys, suggestions, members, ..SuggestionCounts::default() };
    let mut findings = Findings { counts, ..Findings::default() };
    findings.add_common(found.common_keys());
    output.map_or(Ok(()), |output| found.write(output))?;
    Ok(Some(findings))
}

/// Hands a part of the table to `take`.
fn with_text<T>(table: &ChunkedFile, part: Range<usize>, take: impl FnOnce(&[u8]) -> T) -> Result<T, InputError> {
    thread_local! {
        // What a thread reads into, used again and again.
        static SPACE: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    }
    let mut space = SPACE.take();
    let taken = table.read(part, &mut space).map(take);
    SPACE.set(space);
    taken
}

/// Reads all pieces; `None` if it is not clear where their rows end.
fn note(noting: &Noting<'_>, piece_bytes: usize) -> Result<Option<Vec<Noted>>, InputError> {
    let table = noting.table;
    let pieces = table.pieces(piece_bytes)?;
    let end = pieces.last().map_or(0, |last| last.end);
    let progress = rows::progress();
    let read = |piece: Range<usize>| -> Result<Noted, InputError> {
        let is_last = piece.end == end;
        let noted = with_text(table, piece.clone(), |text| noting.read(piece, text, is_last))?;
        progress.inc(noted.starts.len() as u64);
        Ok(noted)
    };
    let noted: Vec<Noted> = pieces.into_par_iter().map(read).collect::<Result<_, InputError>>()?;
    progress.finish_and_clear();
    let mut whole: Vec<Noted> = Vec::with_capacity(noted.len());
    let mut joined = 0;
    for next in noted {
        let next = match whole.pop_if(|last| last.end == PieceEnd::Cut) {
            // Where the next piece begins is inside of a row.
            Some(cut) => {
                joined += 1;
                let piece = cut.piece.start..next.piece.end;
                let is_last = piece.end == end;
                with_text(table, piece.clone(), |text| noting.read(piece, text, is_last))?
            }
            None => {
                joined = 0;
                next
            }
        };
        if next.end == PieceEnd::Unclear || joined > MAX_JOINED {
            return Ok(None);
        }
        whole.push(next);
    }
    Ok(Some(whole))
}

/// The contacts whose ids came before, in order.
fn again(noting: &Noting<'_>, pieces: &mut [Noted]) -> Result<Vec<u32>, InputError> {
    if row_ids::are_different(pieces.iter().map(|noted| &noted.ids)) {
        return Ok(Vec::new());
    }
    let ids_of = |noted: &mut Noted| match std::mem::replace(&mut noted.ids, PieceIds::Unread) {
        PieceIds::Noted(ids) => Ok(*ids),
        PieceIds::InOrder(_) | PieceIds::Unread => {
            with_text(noting.table, noted.piece.clone(), |text| noting.read_ids(noted, text))
        }
    };
    let ids: Vec<Bulk> = pieces.par_iter_mut().map(ids_of).collect::<Result<_, InputError>>()?;
    Ok(noting.ids.again(ids))
}

/// What made ids begin with; `None` if that cannot be said from the pieces.
fn prefix(table: &ChunkedFile, pieces: &[Noted]) -> Result<Option<String>, InputError> {
    let note = |noted: &Noted| -> Result<Option<LinePrefixes>, InputError> {
        with_text(table, noted.piece.clone(), |text| {
            let mut prefixes = LinePrefixes::default();
            prefixes.note(text);
            (!table.may_spell_ids_otherwise(text)).then_some(prefixes)
        })
    };
    let mut all = LinePrefixes::default();
    all.note(table.header());
    let of_pieces: Option<Vec<LinePrefixes>> = pieces.par_iter().map(note).collect::<Result<_, InputError>>()?;
    Ok(of_pieces.and_then(|of_pieces| of_pieces.into_iter().fold(all, LinePrefixes::and).prefix()))
}

fn gather(
    (table, shows_names): (&ChunkedFile, bool),
    pieces: &[Noted],
    firsts: &[u32],
    (needed, prefix): (Needed, &str),
) -> Result<Gathered, InputError> {
    let of_piece = |(noted, (first, lines)): (&Noted, (&u32, &u64))| {
        if !needed.has_any(*first, noted.starts.len()) {
            return Ok(RowRange::default());
        }
        with_text(table, noted.piece.clone(), |text| {
            RowRange::of((table, noted, text, shows_names), &needed, *first, (*lines, prefix))
        })
    };
    let lines = lines_before(table, pieces);
    let parts = pieces.par_iter().zip(firsts.par_iter().zip(&lines)).map(of_piece);
    let parts: Vec<RowRange> = parts.collect::<Result<_, InputError>>()?;
    Ok(Gathered::new(needed, parts))
}

/// How many lines stand before each piece.
fn lines_before(table: &ChunkedFile, pieces: &[Noted]) -> Vec<u64> {
    let mut lines = table.header_lines();
    let mut before = Vec::with_capacity(pieces.len());
    for noted in pieces {
        before.push(lines);
        lines += noted.lines;
    }
    before
}

/// Says what was wrong with the rows, in their order, and counts it. `again` are the contacts that came again.
fn say(
    table: &ChunkedFile,
    pieces: &[Noted],
    firsts: &[u32],
    (again, rejections_again): (&[u32], BTreeMap<Reason, usize>),
    (name, report): (&str, &mut Report),
) {
    let mut rejections: BTreeMap<Reason, usize> = BTreeMap::new();
    let mut again = again.iter().copied().peekable();
    for ((noted, &first), lines) in pieces.iter().zip(firsts).zip(lines_before(table, pieces)) {
        let mut duplicates_before = |contact: u32, report: &mut Report| {
            while let Some(duplicate) = again.next_if(|duplicate| *duplicate < contact) {
                report.skipped(name, lines + noted.line_of(duplicate - first), &Problem::DuplicateId);
            }
        };
        let mut shown: HashMap<(Problem, bool), usize> = HashMap::new();
        for met in &noted.problems {
            duplicates_before(first + met.contact, report);
            if met.is_skip {
                report.skipped(name, lines + met.line, &met.problem)
            } else {
                report.row_problem(name, lines + met.line, &met.problem)
            }
            *shown.entry((met.problem.without_numbers(), met.is_skip)).or_default() += 1;
        }
        for ((problem, is_skip), count) in &shown {
            let kind = (problem.clone(), *is_skip);
            let further = noted.problem_counts.get(&kind).map_or(0, |all| all - count);
            if further > 0 {
                report.further(name, problem, further, if *is_skip { further } else { 0 });
            }
        }
        report.not_shown(noted.uncounted.problems, noted.uncounted.skipped);
        duplicates_before(first.saturating_add(u32::try_from(noted.starts.len()).unwrap_or(u32::MAX)), report);
        for (reason, count) in &noted.rejections {
            *rejections.entry(*reason).or_default() += count;
        }
    }
    for (reason, count) in rejections {
        report.rejected_for(reason, count - rejections_again.get(&reason).copied().unwrap_or_default());
    }
}

impl FoundGroups<'_> {
    /// Why values of these contacts gave no key.
    fn rejections(&self, contacts: &[u32], normalizer: &Normalizer) -> BTreeMap<Reason, usize> {
        let (mut rejections, mut again) = (BTreeMap::new(), self.table.again());
        for contact in contacts.iter().filter_map(|&contact| self.contact(contact, &mut again)) {
            for rejection in normalizer.contact(&contact).rejections {
                *rejections.entry(rejection.reason).or_default() += 1;
            }
        }
        rejections
    }
}
