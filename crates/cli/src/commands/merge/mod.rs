//! `onefold merge`: one row per person, and the patches that undo it.

mod file_rows;
mod merged_text;
mod preview;
pub mod selection;
mod step;

use std::io::Write;

use onefold::rules::Judgement;
use onefold_files::{Format, Input, like};

use crate::arguments::merge::MergeArguments;
use crate::commands::merge::file_rows::Sheet;
use crate::commands::merge::merged_text::Rewrite;
use crate::commands::merge::selection::{Chosen, Skipped, SuggestionSelection};
use crate::commands::merge::step::{MergeStep, Merging};
use crate::failure::Failure;
use crate::input::policy_file;
use crate::input::rows;
use crate::output::{ExistingFile, Finished, NewFile, check_are_two, check_is_no_input};
use crate::patch_file::{self, MergeRun, digest};
use crate::report::Report;

/// The two files that a run writes.
struct Targets {
    output: NewFile,
    output_name: String,
    patches: NewFile,
    patches_name: String,
}

/// Runs the command.
///
/// # Errors
/// The file cannot be used or has a format that cannot be written, the policy cannot be read, an id names no suggestion, or the
/// results cannot be written.
pub fn run(arguments: &MergeArguments) -> Result<(), Failure> {
    let targets = Targets::open(arguments)?;
    let policy = policy_file::load(arguments.policy.as_deref())?;
    let name = rows::name_of(&arguments.file);
    let mut options = rows::options(&arguments.input);
    let mut input = rows::open(&arguments.file, &options)?;
    check_form(&input, &name)?;
    let mut report = Report::start();
    let sheet = Sheet::read(&mut input, arguments, &mut report)?;
    // Whether ids of zeros are ids is known after reading all rows, and applies when rows are read again.
    options.zero_ids = input.zero_ids();
    let mut skipped = Skipped::default();
    let chosen =
        selection::choose(&sheet, SuggestionSelection::of(&arguments.choice), &arguments.choice.only, &mut skipped)?;
    // A file without rows has no columns to write.
    let steps = if chosen.is_empty() {
        Vec::new()
    } else {
        let merging = Merging {
            content: input.content(),
            sheet: &sheet,
            rows: like(&input.shape(), &options).map_err(rows::failure)?,
            policy,
            normalizer: arguments.input.normalizer(),
            by_country: arguments.input.values.region_from_country,
        };
        carry_out(merging, &chosen, arguments, &mut skipped, &mut report)?
    };
    let (merges, away) = (steps.len(), steps.iter().map(|step| step.retired.len()).sum());
    let lost = steps.iter().map(|step| step.merge.lost.len()).sum();
    if let Some(targets) = targets {
        targets.write(&input, &sheet, steps, options)?;
    }
    let mut counts = vec![("merges", merges), ("contacts retired", away), ("values lost", lost)];
    counts.extend(skipped.counts());
    report.finish(&counts);
    Ok(())
}

/// Makes the merges one by one. Skips merges that need review by the rules and, unless they were named, merges that the policy
/// refuses.
fn carry_out(
    mut merging: Merging<'_>,
    chosen: &[Chosen],
    arguments: &MergeArguments,
    skipped: &mut Skipped,
    report: &mut Report,
) -> Result<Vec<MergeStep>, Failure> {
    let name = rows::name_of(&arguments.file);
    let selection = SuggestionSelection::of(&arguments.choice);
    let mut steps = Vec::new();
    for chosen in chosen {
        let id = chosen.suggestion.id;
        let step = merging.contacts(chosen).and_then(|contacts| {
            if selection == SuggestionSelection::Rules
                && let Judgement::Review(reason) = merging.judge(chosen, &contacts)?
            {
                return Ok(Err(reason));
            }
            merging.step(chosen, &contacts).map(Ok)
        });
        match step {
            Ok(Ok(step)) => {
                let line = merging.sheet.rows.get(step.survivor).map_or(0, |row| row.line);
                for field in &step.misfits {
                    let what = "is not in the row, which has no place for it; the patch has it";
                    let survivor = step.merge.patch.survivor_id();
                    report.problem(&name, line, &format!("{field} of contact {survivor:?} {what}"));
                }
                if arguments.dry_run {
                    preview::write(&step)?;
                }
                steps.push(step);
            }
            Ok(Err(reason)) => {
                skipped.review(&reason);
                if arguments.dry_run {
                    preview::write_review(chosen, &reason)?;
                }
            }
            Err(refusal) if selection == SuggestionSelection::Named => {
                return Err(Failure::Input(format!("suggestion {id} cannot be merged: {refusal}")));
            }
            Err(refusal) => {
                report.problem(&name, 0, &format!("suggestion {id} is not merged: {refusal}"));
                skipped.skip("refused");
            }
        }
    }
    Ok(steps)
}

/// Refuses formats whose rows cannot be replaced.
fn check_form(input: &Input, name: &str) -> Result<(), Failure> {
    let what = match input.format() {
        _ if input.is_damaged() => "is damaged, and what is missing would be lost",
        Format::Csv => return Ok(()),
        Format::JsonLines if input.was_recoded() => "is JSON Lines in UTF-16; save it as UTF-8",
        Format::JsonLines => return Ok(()),
        Format::JsonArray => "is a JSON array; merge reads one object a line (jq -c '.[]' makes such a file)",
        _ => "is a vCard file; merge reads CSV and JSON Lines",
    };
    Err(Failure::Input(format!("{name} {what}")))
}

impl Targets {
    /// Opens the files to write, or returns `None` for a dry run.
    fn open(arguments: &MergeArguments) -> Result<Option<Self>, Failure> {
        let (Some(output), Some(patches), false) = (&arguments.output, &arguments.patches, arguments.dry_run) else {
            return Ok(None);
        };
        let mut inputs = vec![arguments.file.clone()];
        inputs.extend(arguments.policy.clone());
        for path in [output, patches] {
            if path.as_os_str() == "-" {
                return Err(Failure::Usage("merge writes two files, and none to standard output".to_owned()));
            }
            check_is_no_input(path, &inputs)?;
        }
        check_are_two(output, patches, "the contacts and the patches")?;
        let existing = if arguments.force { ExistingFile::GivesWay } else { ExistingFile::Stays };
        Ok(Some(Self {
            output: NewFile::create(output, existing)?,
            output_name: output.display().to_string(),
            patches: NewFile::create(patches, ExistingFile::IsTheSame)?,
            patches_name: patches.display().to_string(),
        }))
    }

    /// Writes both files, the patches first, so that merged contacts never exist without the patches that undo them.
    fn write(
        mut self,
        input: &Input,
        sheet: &Sheet,
        steps: Vec<MergeStep>,
        options: onefold_files::Options,
    ) -> Result<(), Failure> {
        let rewrite = Rewrite::new(input.content(), sheet, &steps);
        rewrite.check(input, sheet, &options)?;
        let mut merges: Vec<_> = steps.into_iter().map(|step| step.merged).collect();
        rewrite.count_alike(sheet, &mut merges);
        let run = MergeRun {
            shape: input.shape(),
            options,
            read: digest(input.content()),
            written: digest(&rewrite.text),
            merges,
        };
        let written = self.patches.write_all(patch_file::lines(&run).as_bytes());
        let patches = written.and_then(|()| self.patches.finish());
        let patches = patches.map_err(|error| Failure::writing(&self.patches_name, &error))?;
        if patches.is_blocked().map_err(|error| Failure::writing(&self.patches_name, &error))? {
            let name = &self.patches_name;
            return Err(Failure::Usage(format!(
                "{name} exists already and holds something else; it is never replaced"
            )));
        }
        let name_patches =
            |patches: Finished| patches.persist().map_err(|error| Failure::writing(&self.patches_name, &error));
        // A reader of a pipe sees the contacts at once, so the patches must exist before.
        let patches = if self.output.is_direct() { name_patches(patches).map(|()| None)? } else { Some(patches) };
        // UTF-16 input has a byte order mark, so the UTF-8 output gets one too.
        let prefix: &[u8] = if input.was_recoded() { b"\xef\xbb\xbf" } else { input.prefix() };
        let written = self.output.write_all(prefix).and_then(|()| self.output.write_all(&rewrite.text));
        let output =
            written.and_then(|()| self.output.finish()).map_err(|e| Failure::writing(&self.output_name, &e))?;
        if output.is_blocked().map_err(|error| Failure::writing(&self.output_name, &error))? {
            return Err(Failure::Usage(format!("{} exists already; --force replaces it", self.output_name)));
        }
        patches.map_or(Ok(()), name_patches)?;
        output.persist().map_err(|error| Failure::writing(&self.output_name, &error))
    }
}
