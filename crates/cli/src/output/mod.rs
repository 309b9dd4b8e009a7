//! Writes results, record by record, as a table, as JSON Lines or as CSV.

mod escape;
mod json_text;
mod new_file;
mod ordered;
mod path;
mod synced_file;
mod table;
mod target;
mod temporary_file;

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

use onefold_workspace::guard_cell;

use crate::arguments::output::{OutputArguments, OutputFormat};
use crate::failure::Failure;
use crate::output::table::TextTable;
use crate::output::target::OutputTarget;

pub use escape::{json_line, plain, plain_json};
pub use json_text::{JsonText, write_json};
pub use new_file::{ExistingFile, Finished, NewFile};
pub use ordered::write_in_order;
pub use path::{check_are_two, check_is_no_input, database_files};
pub use temporary_file::TemporaryFile;
#[cfg(unix)]
pub use temporary_file::remove_all as remove_temporary_files;

/// A result that can be written in every format.
pub trait OutputRecord {
    /// The names of the CSV columns.
    const CSV_HEADER: &'static [&'static str];
    /// The names of the table's columns.
    const TABLE_HEADER: &'static [&'static str];

    /// Writes the record as one JSON object.
    fn write_json(&self, to: &mut Vec<u8>);

    /// Returns the rows of the record in CSV, a cell for each column.
    fn csv_rows(&self) -> Vec<Vec<String>>;

    /// Returns the rows of the record in a table, a cell for each column.
    fn table_rows(&self) -> Vec<Vec<String>>;
}

/// Writes records to the target and in the format of the arguments.
pub struct Output {
    name: String,
    form: OutputForm,
    shown: Shown,
}

/// How texts are escaped.
#[derive(Clone, Copy)]
struct Shown {
    /// The output is a terminal.
    on_terminal: bool,
    /// Cells of CSV that a spreadsheet would run as formulas get an apostrophe.
    guarded: bool,
}

enum OutputForm {
    Table(Box<TextTable>, OutputTarget),
    JsonLines(OutputTarget),
    Csv(Box<csv::Writer<OutputTarget>>),
}

/// Encodes records in the format of an output, on any thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoder {
    /// As JSON Lines.
    JsonLines,
    /// As the rows of a CSV file.
    Csv,
    /// As the rows of a table.
    Table,
}

/// Encoded records.
#[derive(Debug)]
pub enum Encoded {
    /// As lines.
    Lines(Vec<u8>),
    /// As rows of cells.
    Rows(Vec<Vec<String>>),
}

impl Encoder {
    /// Returns an empty buffer.
    pub fn start(self) -> Encoded {
        match self {
            Self::JsonLines => Encoded::Lines(Vec::new()),
            Self::Csv | Self::Table => Encoded::Rows(Vec::new()),
        }
    }

    /// Adds a record.
    pub fn add<R: OutputRecord>(self, record: &R, to: &mut Encoded) {
        match (self, to) {
            (_, Encoded::Lines(lines)) => {
                record.write_json(lines);
                lines.push(b'\n');
            }
            (Self::Csv, Encoded::Rows(rows)) => rows.extend(record.csv_rows()),
            (_, Encoded::Rows(rows)) => rows.extend(record.table_rows()),
        }
    }
}

impl Output {
    /// Opens the output for records of type `R` that are made from `inputs`.
    ///
    /// # Errors
    /// The file is an input, or exists and may not be replaced, or cannot be written.
    pub fn open<R: OutputRecord>(arguments: &OutputArguments, inputs: &[PathBuf]) -> Result<Self, Failure> {
        if let Some(path) = arguments.file() {
            check_is_no_input(path, inputs)?;
        }
        let shown = Shown {
            on_terminal: arguments.file().is_none() && io::stdout().is_terminal(),
            guarded: !arguments.no_guard,
        };
        let target = OutputTarget::open(arguments)?;
        let name = arguments.file().map_or("standard output".to_owned(), |path| path.display().to_string());
        let form = match target::format(arguments) {
            OutputFormat::Table => OutputForm::Table(Box::new(TextTable::new(R::TABLE_HEADER)), target),
            OutputFormat::Jsonl => OutputForm::JsonLines(target),
            OutputFormat::Csv => {
                let mut csv = csv::Writer::from_writer(target);
                csv.write_record(R::CSV_HEADER).map_err(|error| Failure::writing(&name, &of_csv(error)))?;
                OutputForm::Csv(Box::new(csv))
            }
        };
        Ok(Self { name, form, shown })
    }

    /// Writes a record.
    ///
    /// # Errors
    /// The target cannot be written.
    pub fn write<R: OutputRecord>(&mut self, record: &R) -> Result<(), Failure> {
        let written: io::Result<()> = match &mut self.form {
            OutputForm::Table(table, _) => {
                record.table_rows().into_iter().for_each(|row| table.add(row));
                Ok(())
            }
            OutputForm::JsonLines(target) => {
                let mut line = Vec::new();
                record.write_json(&mut line);
                line.push(b'\n');
                self.shown.write_lines(&line, target)
            }
            OutputForm::Csv(csv) => self.shown.write_rows(&record.csv_rows(), csv),
        };
        written.map_err(|error| Failure::writing(&self.name, &error))
    }

    /// Returns an encoder for this output, which works on any thread.
    pub fn encoder(&self) -> Encoder {
        match self.form {
            OutputForm::JsonLines(_) => Encoder::JsonLines,
            OutputForm::Csv(_) => Encoder::Csv,
            OutputForm::Table(..) => Encoder::Table,
        }
    }

    /// Writes records that an encoder of this output encoded.
    ///
    /// # Errors
    /// The target cannot be written.
    pub fn put(&mut self, records: Encoded) -> Result<(), Failure> {
        let written: io::Result<()> = match (records, &mut self.form) {
            (Encoded::Lines(lines), OutputForm::JsonLines(target)) => self.shown.write_lines(&lines, target),
            (Encoded::Rows(rows), OutputForm::Csv(csv)) => self.shown.write_rows(&rows, csv),
            (Encoded::Rows(rows), OutputForm::Table(table, _)) => {
                rows.into_iter().for_each(|row| table.add(row));
                Ok(())
            }
            (Encoded::Lines(_), _) | (Encoded::Rows(_), OutputForm::JsonLines(_)) => Ok(()),
        };
        written.map_err(|error| Failure::writing(&self.name, &error))
    }

    /// Writes what is buffered, and gives a file its name.
    ///
    /// # Errors
    /// The rest cannot be written, or the file cannot take its name.
    pub fn finish(self) -> Result<(), Failure> {
        let name = self.name;
        let target = match self.form {
            OutputForm::JsonLines(target) => target,
            OutputForm::Table(table, mut target) => {
                if !table.is_empty() {
                    writeln!(target, "{}", table.render()).map_err(|error| Failure::writing(&name, &error))?;
                }
                target
            }
            OutputForm::Csv(csv) => csv.into_inner().map_err(|error| Failure::writing(&name, error.error()))?,
        };
        target.finish(&name)
    }
}

impl Shown {
    fn write_lines(self, lines: &[u8], target: &mut OutputTarget) -> io::Result<()> {
        match (self.on_terminal, str::from_utf8(lines)) {
            (true, Ok(text)) => target.write_all(plain_json(text).as_bytes()),
            _ => target.write_all(lines),
        }
    }

    fn write_rows(self, rows: &[Vec<String>], csv: &mut csv::Writer<OutputTarget>) -> io::Result<()> {
        rows.iter()
            .try_for_each(|row| {
                for cell in row {
                    let cell = if self.guarded { guard_cell(cell) } else { cell.into() };
                    if self.on_terminal { csv.write_field(plain(&cell))? } else { csv.write_field(&*cell)? }
                }
                csv.write_record(None::<&[u8]>)
            })
            .map_err(of_csv)
    }
}

/// Returns the I/O error inside an error of a CSV writer, so that a closed pipe is recognised.
fn of_csv(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        _ => io::Error::other("rows of one table have different lengths"),
    }
}
