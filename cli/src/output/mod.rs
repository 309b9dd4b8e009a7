//! How results are written: one record after the other, as a table, as JSON Lines or as CSV.

mod json_text;
mod new_file;
mod synced;
mod table;
mod target;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::arguments::{OutputArguments, OutputFormat};
use crate::failure::Failure;
use crate::output::table::Table;
use crate::output::target::Target;

pub use json_text::{JsonText, write_json};
pub use new_file::{Existing, NewFile};
pub use table::plain;

/// A result that can be written in every form.
pub trait Record {
    /// The names of the CSV columns.
    const CSV_HEADER: &'static [&'static str];
    /// The names of the table's columns.
    const TABLE_HEADER: &'static [&'static str];

    /// Writes the record as one JSON object.
    fn write_json(&self, to: &mut Vec<u8>);

    /// The rows of the record in CSV, a cell for each column.
    fn csv_rows(&self) -> Vec<Vec<String>>;

    /// The rows of the record in a table, a cell for each column.
    fn table_rows(&self) -> Vec<Vec<String>>;
}

/// Writes records to where the arguments say.
pub struct Output {
    name: String,
    form: Form,
}

enum Form {
    Table(Box<Table>, Target),
    JsonLines(Target),
    Csv(Box<csv::Writer<Target>>),
}

/// Brings records into the form of an output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoder {
    /// As JSON Lines.
    JsonLines,
    /// As the rows of a CSV file.
    Csv,
    /// As the rows of a table.
    Table,
}

/// Records in the form of an output.
#[derive(Debug)]
pub enum Encoded {
    /// As lines.
    Lines(Vec<u8>),
    /// As rows of cells.
    Rows(Vec<Vec<String>>),
}

impl Encoder {
    /// Nothing yet.
    pub fn start(self) -> Encoded {
        match self {
            Self::JsonLines => Encoded::Lines(Vec::new()),
            Self::Csv | Self::Table => Encoded::Rows(Vec::new()),
        }
    }

    /// Adds a record.
    pub fn add<R: Record>(self, record: &R, to: &mut Encoded) {
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
    pub fn open<R: Record>(arguments: &OutputArguments, inputs: &[PathBuf]) -> Result<Self, Failure> {
        if let Some(path) = arguments.file() {
            check_is_no_input(path, inputs)?;
        }
        let target = Target::open(arguments)?;
        let name = arguments.file().map_or("standard output".to_owned(), |path| path.display().to_string());
        let form = match target::format(arguments) {
            OutputFormat::Table => Form::Table(Box::new(Table::new(R::TABLE_HEADER)), target),
            OutputFormat::Jsonl => Form::JsonLines(target),
            OutputFormat::Csv => {
                let mut csv = csv::Writer::from_writer(target);
                csv.write_record(R::CSV_HEADER).map_err(|error| Failure::writing(&name, &of_csv(error)))?;
                Form::Csv(Box::new(csv))
            }
        };
        Ok(Self { name, form })
    }

    /// Writes a record.
    ///
    /// # Errors
    /// The target cannot be written.
    pub fn write<R: Record>(&mut self, record: &R) -> Result<(), Failure> {
        let written: io::Result<()> = match &mut self.form {
            Form::Table(table, _) => {
                record.table_rows().into_iter().for_each(|row| table.add(row));
                Ok(())
            }
            Form::JsonLines(target) => {
                let mut line = Vec::new();
                record.write_json(&mut line);
                line.push(b'\n');
                target.write_all(&line)
            }
            Form::Csv(csv) => record.csv_rows().iter().try_for_each(|row| csv.write_record(row)).map_err(of_csv),
        };
        written.map_err(|error| Failure::writing(&self.name, &error))
    }

    /// What brings records into the form of this output, on any thread.
    pub fn encoder(&self) -> Encoder {
        match self.form {
            Form::JsonLines(_) => Encoder::JsonLines,
            Form::Csv(_) => Encoder::Csv,
            Form::Table(..) => Encoder::Table,
        }
    }

    /// Writes records that an encoder of this output made.
    ///
    /// # Errors
    /// The target cannot be written.
    pub fn put(&mut self, records: Encoded) -> Result<(), Failure> {
        let written: io::Result<()> = match (records, &mut self.form) {
            (Encoded::Lines(lines), Form::JsonLines(target)) => target.write_all(&lines),
            (Encoded::Rows(rows), Form::Csv(csv)) => {
                rows.iter().try_for_each(|row| csv.write_record(row)).map_err(of_csv)
            }
            (Encoded::Rows(rows), Form::Table(table, _)) => {
                rows.into_iter().for_each(|row| table.add(row));
                Ok(())
            }
            (Encoded::Lines(_), _) | (Encoded::Rows(_), Form::JsonLines(_)) => Ok(()),
        };
        written.map_err(|error| Failure::writing(&self.name, &error))
    }

    /// Makes what was written last.
    ///
    /// # Errors
    /// The rest cannot be written, or the file cannot take its name.
    pub fn finish(self) -> Result<(), Failure> {
        let name = self.name;
        let target = match self.form {
            Form::JsonLines(target) => target,
            Form::Table(table, mut target) => {
                if !table.is_empty() {
                    writeln!(target, "{}", table.render()).map_err(|error| Failure::writing(&name, &error))?;
                }
                target
            }
            Form::Csv(csv) => csv.into_inner().map_err(|error| Failure::writing(&name, error.error()))?,
        };
        target.finish(&name)
    }
}

/// The error of the file behind an error of a CSV writer, so that a pipe whose reader has gone is known as one.
fn of_csv(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        _ => io::Error::other("rows of one table have different lengths"),
    }
}

/// Refuses to write to a file that is read.
///
/// # Errors
/// `path` is one of `inputs`, under whatever name.
pub fn check_is_no_input(path: &Path, inputs: &[PathBuf]) -> Result<(), Failure> {
    match inputs.iter().any(|input| is_same_file(path, input)) {
        true => Err(Failure::Usage(format!("{} is also the input, which is never replaced", path.display()))),
        false => Ok(()),
    }
}

fn is_same_file(a: &Path, b: &Path) -> bool {
    match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    }
}
