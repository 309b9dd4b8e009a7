//! `onefold db export`: the contacts of a database as a file.

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use onefold_workspace::{CsvCells, Selection};

use crate::arguments::db::{ExportArguments, ExportFormatArgument};
use crate::commands::db::database::{self, act};
use crate::failure::Failure;
use crate::output::{ExistingFile, NewFile, check_is_no_input, database_files, plain, plain_json};
use crate::report::Report;

/// Runs the command.
///
/// # Errors
/// The database cannot be used, or the file not be written.
pub fn run(arguments: &ExportArguments) -> Result<(), Failure> {
    let file = arguments.output.as_deref().filter(|path| path.as_os_str() != "-");
    let target = match file {
        Some(path) => {
            check_is_no_input(path, &database_files(&arguments.database))?;
            let existing = if arguments.force { ExistingFile::GivesWay } else { ExistingFile::Stays };
            Some((NewFile::create(path, existing)?, path))
        }
        None => None,
    };
    let mut report = Report::start_without_values();
    let workspace = database::read(&arguments.database)?;
    report.contacts = workspace.len();
    let format = arguments.format.unwrap_or_else(|| format_of(file));
    let cells = if arguments.no_guard { CsvCells::AsWritten } else { CsvCells::Guarded };
    let exported = match format {
        ExportFormatArgument::Jsonl => workspace.export_json_lines(&Selection::All, &act()),
        ExportFormatArgument::Csv => workspace.export_csv_as(cells, &Selection::All, &act()),
    };
    let text = exported.map_err(|error| Failure::Input(error.to_string()))?;
    match target {
        Some((mut new, path)) => {
            let written = new.write_all(text.as_bytes()).and_then(|()| new.finish()?.persist());
            written.map_err(|error| Failure::writing(&path.display().to_string(), &error))?;
        }
        None => {
            let text = match format {
                _ if !io::stdout().is_terminal() => text,
                ExportFormatArgument::Jsonl => plain_json(&text),
                ExportFormatArgument::Csv => text.split("\r\n").map(plain).collect::<Vec<_>>().join("\r\n"),
            };
            let written = io::stdout().lock().write_all(text.as_bytes());
            written.map_err(|error| Failure::writing("standard output", &error))?;
        }
    }
    report.finish(&[]);
    Ok(())
}

fn format_of(file: Option<&Path>) -> ExportFormatArgument {
    let extension = file.and_then(Path::extension);
    if extension.is_some_and(|extension| extension.eq_ignore_ascii_case("csv")) {
        ExportFormatArgument::Csv
    } else {
        ExportFormatArgument::Jsonl
    }
}
