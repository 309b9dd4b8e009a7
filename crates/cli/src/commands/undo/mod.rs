//! `onefold undo`: undoes merges of a file, whatever was edited since.

mod current_rows;
mod history;
mod row_positions;
mod survivor;

use std::io::{BufWriter, Write};
use std::path::PathBuf;

use onefold_files::scan::ScannedFile;
use onefold_files::{InputSource, Options, like};

use crate::arguments::undo::UndoCommandArguments;
use crate::commands::undo::current_rows::{CurrentRows, ends_line};
use crate::commands::undo::history::{File, MergeHistory};
use crate::commands::undo::survivor::split_ending;
use crate::failure::Failure;
use crate::input::rows;
use crate::output::{ExistingFile, NewFile, check_is_no_input};
use crate::patch_file::{self, MergeRun};
use crate::report::Report;

/// How many bytes of the result are written together.
const BUFFERED_BYTES: usize = 1 << 20;

/// Runs the command.
///
/// # Errors
/// The file or the patches cannot be used, a merge cannot be undone, or the result cannot be written.
pub fn run(arguments: &UndoCommandArguments) -> Result<(), Failure> {
    let mut inputs: Vec<PathBuf> = arguments.patches.clone();
    inputs.push(arguments.file.clone());
    if arguments.output.as_os_str() == "-" {
        return Err(Failure::Usage("undo writes a file, and nothing to standard output".to_owned()));
    }
    check_is_no_input(&arguments.output, &inputs)?;
    let existing = if arguments.force { ExistingFile::GivesWay } else { ExistingFile::Stays };
    let mut output = NewFile::create(&arguments.output, existing)?;
    let mut report = Report::start_without_values();
    let mut runs = Vec::new();
    for path in &arguments.patches {
        runs.extend(patch_file::read(path)?);
    }
    check_order(&runs)?;
    let name = rows::name_of(&arguments.file);
    let mut input = open(arguments, &runs, &name)?;
    input.load().map_err(rows::failure)?;
    let current = CurrentRows::read(&mut input, &runs).map_err(rows::failure)?;
    let content = input.text().map_err(rows::failure)?;
    report.contacts = current.rows;
    let mut history = MergeHistory::new(&runs, arguments)?;
    let prefix: &[u8] = if input.was_recoded() { b"\xef\xbb\xbf" } else { input.prefix() };
    let mut buffered = BufWriter::with_capacity(BUFFERED_BYTES, &mut output);
    let written = match runs.iter().find(|run| !run.merges.is_empty()) {
        None => buffered.write_all(prefix).and_then(|()| buffered.write_all(&content)),
        Some(run) => {
            // The line ends of the merged file apply, even if one line is left.
            let rows = like(&run.shape, &run.options).map_err(rows::failure)?;
            let mut file = File { current, content: &content, rows, name: &name };
            history.undo_all(&mut file, &mut report)?;
            if history.is_doubtful() {
                report.problem(&name, 0, &"no row is as the merges wrote it; are these the patches of this file?");
            }
            let ending = ending(&input, &content, run);
            let written = buffered.write_all(prefix);
            written.and_then(|()| file.current.write(file.content, &history.gone(), &ending, &mut buffered))
        }
    };
    let written = written.and_then(|()| buffered.flush());
    drop(buffered);
    let finished = written.and_then(|()| output.finish()?.persist());
    finished.map_err(|error| Failure::writing(&arguments.output.display().to_string(), &error))?;
    report.finish(&history.counts());
    Ok(())
}

/// Opens the merged file with the options of the merge.
fn open(arguments: &UndoCommandArguments, runs: &[MergeRun], name: &str) -> Result<ScannedFile, Failure> {
    let mut with_merges = runs.iter().filter(|run| !run.merges.is_empty());
    let first = with_merges.next().or(runs.first());
    let options = first.map_or_else(Options::default, |run| run.options.clone());
    let options = Options { unpack_limit: rows::unpack_limit(arguments.max_unpacked), ..options };
    let source = InputSource::from_argument(&arguments.file);
    let input = ScannedFile::open(&source, &options).map_err(rows::failure)?;
    if input.is_damaged() {
        return Err(Failure::Input(format!("{name} is damaged, and what is missing would be lost")));
    }
    if let Some(first) = first.filter(|run| !run.merges.is_empty()) {
        if with_merges.any(|run| run.options != first.options) {
            let what = "the patches are of files that were read with other options (--map, --identifier, \
                        --workspace-column); undo them one after the other, the last one first";
            return Err(Failure::Input(what.to_owned()));
        }
        let others = runs.iter().filter(|run| !run.merges.is_empty());
        // A program that saves the file may change its line ends.
        let lines = |header: &[u8]| header.iter().copied().filter(|byte| *byte != b'\r').collect::<Vec<u8>>();
        let header = lines(&input.shape().header);
        if others.map(|run| lines(&run.shape.header)).any(|other| other != header) {
            return Err(Failure::Input(format!(
                "the first line of {name} is not the one that merge wrote; undo needs the columns as they were"
            )));
        }
    }
    Ok(input)
}

/// Refuses patches in an impossible order.
fn check_order(runs: &[MergeRun]) -> Result<(), Failure> {
    let runs: Vec<&MergeRun> = runs.iter().filter(|run| !run.merges.is_empty()).collect();
    for (place, run) in runs.iter().enumerate() {
        let later = runs.iter().skip(place + 1);
        let comes_before = |later: &&&MergeRun| later.written == run.read && run.written != later.read;
        if later.into_iter().any(|later| comes_before(&later)) {
            let what = "the patches are not in the order in which they were made; give the first ones first";
            return Err(Failure::Input(what.to_owned()));
        }
    }
    Ok(())
}

/// Returns the line end of the file, for a row that was the last one before.
fn ending(input: &ScannedFile, content: &[u8], run: &MergeRun) -> Vec<u8> {
    let line_end = run.shape.line_end;
    let rows = run.merges.iter().flat_map(|merged| merged.rows()).map(|row| row.bytes.as_slice());
    let header = std::iter::once(run.shape.header.as_slice());
    let lines = input.shape().lines(content).take(1);
    let lines = lines.map(|line| content.get(line).unwrap_or_default());
    let ended = header.chain(rows).chain(lines).find(|line| ends_line(line, line_end));
    ended.map_or_else(|| b"\n".to_vec(), |line| split_ending(line, line_end).1.to_vec())
}
