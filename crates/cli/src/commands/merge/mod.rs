//! `onefold merge`: one row per person, and the patches that undo it.
//!
//! ```text
//! key_scan -> group_rows -> suggested_group -> step (batches of groups, all threads)
//!     -> patch_lines, row_changes (in order) -> merged_text (chunk by chunk) -> targets
//! ```

mod merged_text;
mod patch_lines;
mod preview;
mod row_changes;
pub mod selection;
mod step;
mod suggested_group;
mod targets;

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};
use std::thread;

use onefold_files::scan::ScannedFile;
use onefold_files::{Format, Input, InputError, Options, like};
use rayon::prelude::*;

use crate::arguments::merge::MergeArguments;
use crate::commands::id_lists;
use crate::commands::merge::merged_text::MergedText;
use crate::commands::merge::patch_lines::PatchLines;
use crate::commands::merge::row_changes::RowChanges;
use crate::commands::merge::selection::{Skipped, SuggestionSelection};
use crate::commands::merge::step::{MergeOutcome, MergeSettings, MergeStep};
use crate::commands::merge::suggested_group::GroupReader;
use crate::commands::merge::targets::{RunInput, Targets};
use crate::failure::Failure;
use crate::input::{policy_file, rows};
use crate::patch_file::TextDigest;
use crate::report::Report;
use crate::scan::group_order::{self, SortedGroup};
use crate::scan::group_rows::{ContactSet, GroupRows, RowStorage};
use crate::scan::key_scan::{FileScan, KeyScan, ScanSettings};

/// How many groups one thread merges at a time.
const BATCH: usize = 32;

/// How many batches are merged before they are written.
const BATCHES: usize = 64;

/// How many bytes of the text are added to its digest at a time.
const DIGESTED: usize = 1 << 20;

/// Runs the command.
///
/// # Errors
/// The file cannot be used or has a format that cannot be written, the policy cannot be read, an id names no suggestion, or the
/// results cannot be written.
pub fn run(arguments: &MergeArguments) -> Result<(), Failure> {
    let targets = Targets::open(arguments)?;
    let policy = policy_file::load(arguments.policy.as_deref())?;
    let settings =
        ScanSettings { input: &arguments.input, rules: arguments.rules.rules(), chunk_bytes: arguments.chunk_bytes };
    let mut report = Report::start();
    let scan = KeyScan::read_one(&arguments.file, settings, &check_form)?;
    let Some(file) = scan.files.first() else { return Ok(()) };
    // All rows may show that the file is of another form than its beginning.
    check_form(&file.file)?;
    let run = FileRun { scan: &scan, file, options: file.file.options(), readers: Mutex::new(Vec::new()) };
    let groups = &scan.groups;
    let others = groups.iter().flat_map(|group| groups.other_holders(group));
    let needed = groups.members().iter().copied().chain(others).chain(scan.duplicates.iter().copied());
    let rows = GroupRows::read(&scan, ContactSet::new(scan.contacts, needed), RowStorage::Bytes);
    let rows = rows.map_err(rows::failure)?;
    run.report_rows(&rows, &mut report)?;
    let sorted = group_order::sorted(groups, &rows);
    let selection = SuggestionSelection::of(&arguments.choice);
    let named = match selection {
        SuggestionSelection::Named => id_lists::named(&arguments.choice.only, &run.ids(&rows, &sorted)?, "suggestion")?,
        SuggestionSelection::Rules | SuggestionSelection::Keys => BTreeSet::new(),
    };
    let settings = MergeSettings {
        policy,
        normalizer: arguments.input.normalizer(),
        by_country: arguments.input.values.region_from_country,
        selection,
        named,
        shows: arguments.dry_run,
        left_out: left_out(&scan, &rows),
    };
    let mut results = MergeResults {
        name: file.file.name(),
        scan: &scan,
        selection,
        lines: targets.as_ref().map(Targets::patch_lines).transpose()?,
        targets: targets.as_ref(),
        changes: RowChanges::default(),
        skipped: Skipped::default(),
        merges: 0,
        lost: 0,
        report: &mut report,
    };
    let is_written = targets.is_some();
    let digest = thread::scope(|scope| {
        let digest = is_written.then(|| scope.spawn(|| digest_of(&file.file)));
        run.carry_out(&settings, &rows, &sorted, &mut results)?;
        let digest = digest.map(|digest| digest.join().expect("reading a file does not panic"));
        digest.transpose().map_err(rows::failure)
    })?;
    let MergeResults { lines, changes, skipped, merges, lost, .. } = results;
    let changes = changes.in_order();
    if let (Some(targets), Some(lines), Some(digest)) = (targets, lines, digest) {
        let made: Vec<u32> = lines.alike().iter().map(|place| place.contact).collect();
        if let Some(text) = MergedText::new(&scan, &rows, &changes, made.into_iter()) {
            targets.write(&text, lines, RunInput { file, options: run.options, digest })?;
        }
    }
    let mut counts = vec![("merges", merges), ("contacts retired", changes.retired()), ("values lost", lost)];
    counts.extend(skipped.counts());
    report.finish(&counts);
    Ok(())
}

/// Refuses formats whose rows cannot be replaced.
fn check_form(file: &ScannedFile) -> Result<(), Failure> {
    let what = match file.format() {
        _ if file.is_damaged() => "is damaged, and what is missing would be lost",
        Format::Csv | Format::VCard => return Ok(()),
        Format::JsonLines if file.was_recoded() => "is JSON Lines in UTF-16; save it as UTF-8",
        Format::JsonLines => return Ok(()),
        Format::JsonArray => "is a JSON array; merge reads one object a line (jq -c '.[]' makes such a file)",
        _ => "is of a format that merge cannot write",
    };
    Err(Failure::Input(format!("{} {what}", file.name())))
}

/// Returns the digest of the text of a file.
fn digest_of(file: &ScannedFile) -> Result<String, InputError> {
    let mut digest = TextDigest::default();
    for start in (0..file.text_len()).step_by(DIGESTED) {
        let end = file.text_len().min(start + DIGESTED);
        file.with_text(start..end, |text| digest.add(text))?;
    }
    Ok(digest.finish())
}

/// Returns the number of rows that were left out, by the workspace and the id of the first row.
fn left_out<'a>(scan: &KeyScan, rows: &'a GroupRows) -> HashMap<(Option<&'a str>, &'a str), usize> {
    let mut left_out = HashMap::new();
    for &contact in &scan.duplicates {
        *left_out.entry(rows.name(contact)).or_default() += 1;
    }
    left_out
}

/// A run on a file after the first pass.
struct FileRun<'a> {
    scan: &'a KeyScan,
    file: &'a FileScan,
    options: &'a Options,
    // Readers of single rows that no thread uses. Reading the header is as costly as merging many groups.
    readers: Mutex<Vec<Input>>,
}

impl<'a> FileRun<'a> {
    /// Passes a reader of single rows to `read`.
    ///
    /// # Errors
    /// The file has no columns.
    fn with_reader<T>(&self, rows: &'a GroupRows, read: impl FnOnce(&mut GroupReader<'a>) -> T) -> Result<T, Failure> {
        let free = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let made = || like(self.file.file.shape(), self.options).map_err(rows::failure);
        let input =
            free.map_or_else(|| made().map(|input| input.with_normalizer(self.scan.groups.normalizer().clone())), Ok)?;
        let mut reader = GroupReader { scan: self.scan, rows, input };
        let value = read(&mut reader);
        self.readers.lock().unwrap_or_else(PoisonError::into_inner).push(reader.input);
        Ok(value)
    }

    /// Reports the problems of all rows and the values without a key.
    fn report_rows(&self, rows: &'a GroupRows, report: &mut Report) -> Result<(), Failure> {
        let duplicates = &self.scan.duplicates;
        let of_duplicates = match duplicates.as_slice() {
            [] => Default::default(),
            duplicates => self.with_reader(rows, |reader| reader.rejections(duplicates))?,
        };
        for (reason, count) in self.scan.rejections() {
            report.rejected_for(reason, count.saturating_sub(of_duplicates.get(&reason).copied().unwrap_or_default()));
        }
        self.scan.report(report)
    }

    /// Returns the ids of all suggestions.
    fn ids(&self, rows: &'a GroupRows, sorted: &[SortedGroup<'a>]) -> Result<BTreeSet<String>, Failure> {
        let of_batch = |batch: &[SortedGroup<'a>]| {
            self.with_reader(rows, |reader| {
                let suggestions = batch.iter().flat_map(|group| reader.suggestions(group));
                suggestions.map(|suggested| suggested.suggestion.id.to_string()).collect::<Vec<String>>()
            })
        };
        let ids = sorted.par_chunks(BATCH).map(of_batch).collect::<Result<Vec<Vec<String>>, Failure>>()?;
        Ok(ids.into_iter().flatten().collect())
    }

    /// Makes the merges, on all threads, and passes what became of each suggestion to `results`, in order.
    fn carry_out(
        &self,
        settings: &MergeSettings<'_>,
        rows: &'a GroupRows,
        sorted: &[SortedGroup<'a>],
        results: &mut MergeResults<'_>,
    ) -> Result<(), Failure> {
        let of_batch = |batch: &&[SortedGroup<'a>]| {
            self.with_reader(rows, |reader| {
                let mut outcomes = Vec::with_capacity(batch.len());
                for group in *batch {
                    for suggested in reader.suggestions(group) {
                        outcomes.push(settings.outcome(suggested, reader));
                    }
                }
                outcomes
            })
        };
        let batches = group_order::batches(sorted, BATCH);
        // The previous batches are written while the next ones are merged.
        let mut merged: Vec<Vec<MergeOutcome>> = Vec::new();
        for batches in batches.chunks(BATCHES) {
            let (taken, next) = rayon::join(
                || merged.into_iter().flatten().try_for_each(|outcome| results.take(outcome)),
                || batches.par_iter().map(of_batch).collect::<Result<Vec<Vec<MergeOutcome>>, Failure>>(),
            );
            taken?;
            merged = next?;
        }
        merged.into_iter().flatten().try_for_each(|outcome| results.take(outcome))
    }
}

/// The results of the suggestions of a run, in their order.
struct MergeResults<'a> {
    name: &'a str,
    scan: &'a KeyScan,
    selection: SuggestionSelection,
    // None in a dry run.
    lines: Option<PatchLines>,
    targets: Option<&'a Targets>,
    changes: RowChanges,
    skipped: Skipped,
    merges: usize,
    lost: usize,
    report: &'a mut Report,
}

impl MergeResults<'_> {
    /// Takes the next result. Merges that need review by the rules are skipped and, unless they were named, merges that the policy
    /// refuses.
    fn take(&mut self, outcome: MergeOutcome) -> Result<(), Failure> {
        match outcome {
            MergeOutcome::Made(step) => self.take_step(&step)?,
            MergeOutcome::Review { reason, preview } => {
                self.skipped.review(&reason);
                if !preview.is_empty() {
                    preview::write(&preview)?;
                }
            }
            MergeOutcome::Skipped(reason) => self.skipped.skip(reason),
            MergeOutcome::Refused { suggestion, refusal } if self.selection == SuggestionSelection::Named => {
                return Err(Failure::Input(format!("suggestion {suggestion} cannot be merged: {refusal}")));
            }
            MergeOutcome::Refused { suggestion, refusal } => {
                self.report.problem(self.name, 0, &format!("suggestion {suggestion} is not merged: {refusal}"));
                self.skipped.skip("refused");
            }
        }
        Ok(())
    }

    fn take_step(&mut self, step: &MergeStep) -> Result<(), Failure> {
        if !step.misfits.is_empty() || !step.left_out.is_empty() {
            let line = self.scan.chunk_of(step.survivor).map_or(0, |(chunk, number)| chunk.line_of(number));
            let survivor = &step.survivor_id;
            for field in &step.misfits {
                let what = "is not in the row, which has no place for it; the patch has it";
                self.report.problem(self.name, line, &format!("{field} of contact {survivor:?} {what}"));
            }
            for name in &step.left_out {
                let what = "is not in the row, which has one already or cannot hold it; the patch has it";
                self.report.problem(self.name, line, &format!("{name} of another card of contact {survivor:?} {what}"));
            }
        }
        if !step.preview.is_empty() {
            preview::write(&step.preview)?;
        }
        self.changes.add(step);
        self.merges += 1;
        self.lost += step.lost;
        if let (Some(lines), Some(targets)) = (&mut self.lines, self.targets) {
            lines.add(step).map_err(|error| targets.patches_failure(&error))?;
        }
        Ok(())
    }
}
