//! What can be asked on the command line.

pub mod database;
mod strength;

use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};
use onefold::{Edits, Normalizer, Region, Rules};
use onefold_files::{ByteSize, Mapping};

use crate::arguments::database::{ExportArguments, HistoryArguments, ImportArguments, MergeInDatabase, UndoInDatabase};
use crate::arguments::strength::MinStrength;
use crate::input::source_names::SourceName;

/// Finds the contacts in a file that are the same person.
#[derive(Debug, Parser)]
#[command(name = "onefold", version, propagate_version = true, about, arg_required_else_help = true)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const EXAMPLES: &str = "\
Examples:
  onefold suggest contacts.csv                         who is there twice, as a table
  onefold suggest contacts.csv --region BR -o out.jsonl
                                                       national numbers are Brazilian; JSON Lines to a file
  onefold suggest crm.csv.gz --map email='Contact mail' --region-from-country
  zstdcat export.jsonl.zst | onefold suggest -         from standard input
  onefold keys contacts.vcf --format jsonl             every value with its key, or the reason why it has none
  onefold merge crm.csv --dry-run                      what merging would do, and why
  onefold merge crm.csv --output merged.csv --patches patches.jsonl
                                                       one row for each person; the patches take it all back
  onefold undo merged.csv --patches patches.jsonl --output crm-again.csv
  onefold import crm.csv --db contacts.db --region BR  keep the contacts in a database, with what is done to them
  onefold merge --db contacts.db --members 17 42       merge two of them; suggest, undo, history and export as well
  onefold replay operations.jsonl                      add, merge, undo, ...: one JSON operation a line
  onefold replay --db contacts.db                      the same from standard input, and every answer is kept

Exit status: 0 done, 1 the input could not be used, 2 the command line is wrong, 129, 130 or 143 interrupted.";

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Suggest which contacts are the same person, with the evidence
    Suggest(SuggestArguments),
    /// Show every phone, email and identifier with its key, or why it has none
    Keys(KeysArguments),
    /// Put the contacts of files into a database, which is made if it is not there
    Import(ImportArguments),
    /// Merge the contacts that are the same person into one row each
    Merge(MergeArguments),
    /// Take merges back, whole or one by one, whatever was edited since
    Undo(UndoCommandArguments),
    /// Show the merges in a database, from the newest to the oldest
    History(HistoryArguments),
    /// Write the contacts of a database to a file, as JSON Lines or CSV
    Export(ExportArguments),
    /// Carry out operations on a workspace, one JSON object a line, and answer each with one
    Replay(ReplayArguments),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// How files are read; the same for every command on files.
#[derive(Debug, Args)]
pub struct InputArguments {
    /// The options for values
    #[command(flatten)]
    pub values: ValueArguments,
    /// The column that names the tenant or account; contacts of different ones never meet
    #[arg(long, value_name = "HEADER", value_parser = not_blank)]
    pub workspace_column: Option<String>,
}

/// How values are read, from files or into a database.
#[derive(Debug, Args)]
pub struct ValueArguments {
    /// The form of the input, when neither its name nor its content tells
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub input_format: Option<InputFormat>,
    /// Read the column HEADER as FIELD (emails, phones, first_name, custom.plan, ...); may be repeated
    #[arg(long, value_name = "FIELD=HEADER")]
    pub map: Vec<Mapping>,
    /// Contacts of FILE are those of the system NAME: 17 is NAME:17; may be repeated. With several files, a file without a
    /// name goes by its own: files of the same name in two runs are one source
    #[arg(long, value_name = "NAME=FILE")]
    pub source: Vec<SourceName>,
    /// Unpack gzip and zstd up to SIZE (512M, 8G, ...), which is held in memory [default: 4G, and 1000 times the packed size
    /// once that is more than 64M]
    #[arg(long, value_name = "SIZE")]
    pub max_unpacked: Option<ByteSize>,
    /// Read numbers without country code as numbers of this region (BR, US, ...)
    #[arg(long, value_name = "REGION")]
    pub region: Option<Region>,
    /// Read a contact's numbers without country code as numbers of its own country
    #[arg(long)]
    pub region_from_country: bool,
    /// Leave out the other spellings of Brazilian, Mexican and Argentine mobile numbers
    #[arg(long)]
    pub no_variants: bool,
    /// Match ada+news@example.com with ada@example.com, as a variant
    #[arg(long)]
    pub plus_tags: bool,
    /// Match Gmail addresses whatever their dots, and googlemail.com with gmail.com, as a variant
    #[arg(long)]
    pub gmail_dots: bool,
    /// Match contacts by the column, member or custom field NAME, such as a customer number; may be repeated
    #[arg(long, value_name = "NAME", value_parser = not_blank)]
    pub identifier: Vec<String>,
    /// Give no key to VALUE, such as the number of your own front desk; may be repeated
    #[arg(long, value_name = "VALUE", value_parser = not_blank)]
    pub ignore: Vec<String>,
}

/// A text that says something.
///
/// # Errors
/// There is nothing but spaces in it.
pub fn not_blank(text: &str) -> Result<String, String> {
    if text.trim().is_empty() { Err("it is empty".to_owned()) } else { Ok(text.to_owned()) }
}

impl InputArguments {
    /// The normaliser that the arguments ask for.
    pub fn normalizer(&self) -> Normalizer {
        self.values.normalizer()
    }
}

impl ValueArguments {
    /// The normaliser that the arguments ask for.
    pub fn normalizer(&self) -> Normalizer {
        let mut builder = Normalizer::builder().ignore(&self.ignore);
        if let Some(region) = self.region {
            builder = builder.region(region);
        }
        if self.region_from_country {
            builder = builder.region_from_country();
        }
        if self.no_variants {
            builder = builder.without_variants();
        }
        if self.plus_tags {
            builder = builder.plus_tags();
        }
        if self.gmail_dots {
            builder = builder.gmail_dots();
        }
        let identifiers = self.identifier.iter();
        identifiers.fold(builder, |builder, name| builder.identifier(name.as_str())).build()
    }
}

impl OutputArguments {
    /// The file to write to, if it is not standard output.
    pub fn file(&self) -> Option<&Path> {
        self.output.as_deref().filter(|path| path.as_os_str() != "-")
    }
}

/// How results are written; the same for every command.
#[derive(Debug, Args)]
pub struct OutputArguments {
    /// The form of the output [default: a table on a terminal, else by the name of the output file, else jsonl]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub format: Option<OutputFormat>,
    /// Write to FILE, whole or not at all; - is standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Replace the output file if there is one
    #[arg(long)]
    pub force: bool,
    /// Write the cells of CSV as they are, also what a spreadsheet would take for a formula
    #[arg(long)]
    pub no_guard: bool,
}

/// `onefold suggest`.
#[derive(Debug, Args)]
pub struct SuggestArguments {
    /// The files to read: CSV, JSON Lines or vCard, plain, gzip or zstd; - is standard input
    #[arg(required_unless_present = "db", value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Suggest among the contacts of this database, by its own settings
    #[arg(long, value_name = "DATABASE", conflicts_with_all = ["files", "InputArguments", "ValueArguments", "RulesArguments"])]
    pub db: Option<PathBuf>,
    /// Only count the suggestions and the contacts in them
    #[arg(long)]
    pub count: bool,
    /// How to read them
    #[command(flatten)]
    pub input: InputArguments,
    /// How to write the result
    #[command(flatten)]
    pub output: OutputArguments,
    /// Who is joined to whom
    #[command(flatten)]
    pub rules: RulesArguments,
    /// How much of a table is read at a time at most
    #[arg(long, value_name = "BYTES", hide = true, default_value_t = 4 << 20)]
    pub piece_bytes: usize,
}

/// Which contacts are joined; the same for every command that finds groups.
#[derive(Debug, Args)]
pub struct RulesArguments {
    /// A value that more contacts than this share joins nobody and is reported; 0 is no limit
    #[arg(long, value_name = "N", default_value_t = 25)]
    pub max_holders: usize,
    /// A suggestion with more members than this is marked as oversized
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub max_members: usize,
    /// The weakest evidence that joins contacts
    #[arg(long, value_enum, value_name = "STRENGTH", default_value_t = MinStrength::Variant)]
    pub min_strength: MinStrength,
}

impl RulesArguments {
    /// The rules that the arguments ask for.
    pub fn rules(&self) -> Rules {
        let rules = Rules::new().with_max_members(self.max_members).with_min_strength(self.min_strength.into());
        match self.max_holders {
            0 => rules.with_unlimited_holders(),
            limit => rules.with_max_holders(limit),
        }
    }
}

/// `onefold keys`.
#[derive(Debug, Args)]
pub struct KeysArguments {
    /// The file to read: CSV, JSON Lines or vCard, plain, gzip or zstd; - is standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// How to read it
    #[command(flatten)]
    pub input: InputArguments,
    /// How to write the result
    #[command(flatten)]
    pub output: OutputArguments,
}

/// `onefold merge`.
#[derive(Debug, Args)]
pub struct MergeArguments {
    /// The file to read: CSV or JSON Lines, plain, gzip or zstd; - is standard input
    #[arg(value_name = "FILE", required_unless_present = "db")]
    pub file: Option<PathBuf>,
    /// What is merged in a database
    #[command(flatten)]
    pub database: MergeInDatabase,
    /// How to read it
    #[command(flatten)]
    pub input: InputArguments,
    /// Who is joined to whom
    #[command(flatten)]
    pub rules: RulesArguments,
    /// Write the contacts to OUT, in the form of FILE: a row for each person
    #[arg(short, long, value_name = "OUT", required_unless_present_any = ["dry_run", "db"])]
    pub output: Option<PathBuf>,
    /// Write what undo needs to PATCHES; a file of that name is never replaced
    #[arg(long, value_name = "PATCHES", required_unless_present_any = ["dry_run", "db"])]
    pub patches: Option<PathBuf>,
    /// Who survives and who wins each field, in TOML or JSON [default: the first row, then the others]; a database keeps
    /// it for later merges
    #[arg(long, value_name = "POLICY")]
    pub policy: Option<PathBuf>,
    /// Merge this suggestion only, by its id or the first 8 digits of it or more, however weakly it is joined; may be repeated
    #[arg(long, value_name = "ID", num_args = 1..)]
    pub only: Vec<String>,
    /// Merge whatever exact keys or a country's own spellings connect, also where names or birth dates contradict each
    /// other; without it, such suggestions are for review
    #[arg(long, conflicts_with_all = ["only", "members"])]
    pub all: bool,
    /// Show what would be done and what is for review, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Replace OUT if there is one
    #[arg(long)]
    pub force: bool,
}

impl MergeArguments {
    /// The file to read, where there is no database.
    pub fn file(&self) -> &Path {
        self.file.as_deref().unwrap_or(Path::new("-"))
    }
}

/// `onefold undo`.
#[derive(Debug, Args)]
pub struct UndoCommandArguments {
    /// The file that merge wrote, edited since or not
    #[arg(value_name = "OUT", required_unless_present = "db")]
    pub file: Option<PathBuf>,
    /// What is taken back in a database
    #[command(flatten)]
    pub database: UndoInDatabase,
    /// The patches that merge wrote; repeated for merges one after the other, the first one first
    #[arg(long, required_unless_present = "db", value_name = "PATCHES")]
    pub patches: Vec<PathBuf>,
    /// Unpack gzip and zstd up to SIZE (512M, 8G, ...), which is held in memory [default: 4G, and 1000 times the packed size
    /// once that is more than 64M]
    #[arg(long, value_name = "SIZE", conflicts_with = "db")]
    pub max_unpacked: Option<ByteSize>,
    /// Take back this merge only, by its id or the first 8 digits of it or more; may be repeated
    #[arg(long, value_name = "ID", num_args = 1..)]
    pub merge: Vec<String>,
    /// What becomes of values that were edited since
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = EditsArgument::Keep)]
    pub edits: EditsArgument,
    /// Write the contacts to BACK
    #[arg(short, long, required_unless_present = "db", value_name = "BACK")]
    pub output: Option<PathBuf>,
    /// Replace BACK if there is one
    #[arg(long)]
    pub force: bool,
}

impl UndoCommandArguments {
    /// The file to read, where there is no database.
    pub fn file(&self) -> &Path {
        self.file.as_deref().unwrap_or(Path::new("-"))
    }

    /// The file to write, where there is no database.
    pub fn output(&self) -> &Path {
        self.output.as_deref().unwrap_or(Path::new("-"))
    }
}

/// What becomes of values that were edited since a merge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum EditsArgument {
    /// They stay, and are listed
    Keep,
    /// If there is one that the merge had changed too, nothing is undone
    Refuse,
    /// They are overwritten, and are listed
    Overwrite,
}

impl From<EditsArgument> for Edits {
    fn from(edits: EditsArgument) -> Self {
        match edits {
            EditsArgument::Keep => Self::Keep,
            EditsArgument::Refuse => Self::Refuse,
            EditsArgument::Overwrite => Self::Overwrite,
        }
    }
}

/// `onefold replay`.
#[derive(Debug, Args)]
pub struct ReplayArguments {
    /// The file of operations; - is standard input
    #[arg(value_name = "FILE", default_value = "-")]
    pub file: PathBuf,
    /// Keep the workspace in this database, which is made if it is not there: each operation is on the disk before it is
    /// answered, and the next run goes on from there
    #[arg(long, value_name = "DATABASE")]
    pub db: Option<PathBuf>,
    /// Show the whole state after each operation, not only after check
    #[arg(long)]
    pub each: bool,
    /// Refuse operations that say no actor and have no act before them that does
    #[arg(long)]
    pub require_actor: bool,
}

/// The forms of input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum InputFormat {
    /// Comma, semicolon, tab or bar separated values with a header line
    Csv,
    /// One JSON object a line
    Jsonl,
    /// vCard 2.1, 3.0 or 4.0
    Vcard,
}

/// The forms of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    /// A table to look at
    Table,
    /// One JSON object a line
    Jsonl,
    /// Comma separated values
    Csv,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }
}
