//! The rows of all files of a run, one after the other, with what was wrong with them.

use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use onefold::Contact;
use onefold_cli::input::{self, Format, InputError, Item, Options, SeenIds, Source};

use crate::arguments::{InputArguments, InputFormat};
use crate::failure::Failure;
use crate::report::Report;

/// A contact, and the workspace that the input says it belongs to.
pub struct Read {
    /// The contact, with its values as written.
    pub contact: Contact<String>,
    /// Its workspace, if a column names one.
    pub workspace: Option<String>,
}

/// Reads every file and hands its contacts to `take`. Rows that give no contact, or one that was there
/// before, are reported and left out.
///
/// # Errors
/// A file cannot be used at all, none of the rows can, or `take` fails.
pub fn for_each_contact(
    files: &[PathBuf],
    arguments: &InputArguments,
    report: &mut Report,
    mut take: impl FnMut(Read, &mut Report) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let options = options(arguments);
    let mut seen = SeenIds::new();
    let progress = progress();
    for file in files {
        let source = Source::from_argument(file);
        let name = source.to_string();
        for item in input::read(&source, &options).map_err(failure)? {
            match item {
                Item::Contact(mut row) => {
                    progress.inc(1);
                    for problem in &row.problems {
                        progress.suspend(|| report.problem(&name, row.line, problem));
                    }
                    match seen.admit(&mut row) {
                        Ok(()) => {
                            report.contacts += 1;
                            take(Read { contact: row.contact, workspace: row.workspace }, report)?;
                        }
                        Err(problem) => progress.suspend(|| report.skipped(&name, row.line, &problem)),
                    }
                }
                Item::Skipped { line, problem } => progress.suspend(|| report.skipped(&name, line, &problem)),
                Item::Notice { line, problem } => progress.suspend(|| report.problem(&name, line, &problem)),
                _ => {}
            }
        }
    }
    progress.finish_and_clear();
    match report.is_fruitless() {
        true => {
            Err(Failure::Input("no row could be used; is the input of another format? (--input-format)".to_owned()))
        }
        false => Ok(()),
    }
}

fn options(arguments: &InputArguments) -> Options {
    let format = arguments.input_format.map(|format| match format {
        InputFormat::Csv => Format::Csv,
        InputFormat::Jsonl => Format::JsonLines,
        InputFormat::Vcard => Format::VCard,
    });
    Options { format, map: arguments.map.clone(), workspace_column: arguments.workspace_column.clone() }
}

fn failure(error: InputError) -> Failure {
    match error {
        InputError::UnknownField { .. } | InputError::UnknownHeader { .. } | InputError::NotAMapping { .. } => {
            Failure::Usage(error.to_string())
        }
        _ => Failure::Input(error.to_string()),
    }
}

/// A count of rows on standard error, where that is a terminal, from one second on.
fn progress() -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
    }
    let style = ProgressStyle::with_template("{spinner} {human_pos} contacts, {per_sec}")
        .unwrap_or_else(|_| ProgressStyle::default_spinner());
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(4)).with_style(style);
    bar.enable_steady_tick(Duration::from_secs(1));
    bar
}
