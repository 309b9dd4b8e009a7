//! What can be asked of a database on the command line.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use onefold_workspace::{Existing, Later};

use crate::arguments::{OutputArguments, RulesArguments, ValueArguments, not_blank};

/// `onefold merge --db`.
#[derive(Debug, Args)]
pub struct MergeInDatabase {
    /// Merge contacts of this database; every merge is on the disk when it is told, and can be undone at any time
    #[arg(long, value_name = "DATABASE", conflicts_with_all = ["file", "InputArguments", "ValueArguments", "RulesArguments", "output", "patches", "force"])]
    pub db: Option<PathBuf>,
    /// Merge these contacts, the first one survives unless the policy says otherwise
    #[arg(long, value_name = "ID", num_args = 2.., value_parser = not_blank, conflicts_with_all = ["file", "only"])]
    pub members: Vec<String>,
    /// What the merge is called, to undo it by [default: the id of the suggestion]
    #[arg(long, value_name = "NAME", value_parser = not_blank, conflicts_with = "file")]
    pub name: Option<String>,
    /// Give FIELD this value in the survivor; may be repeated
    #[arg(long, value_name = "FIELD=VALUE", conflicts_with = "file")]
    pub set: Vec<String>,
    /// Take FIELD from the contact ID; may be repeated
    #[arg(long, value_name = "FIELD=ID", conflicts_with = "file")]
    pub take: Vec<String>,
    /// Merge contacts that were marked distinct, too
    #[arg(long, conflicts_with = "file")]
    pub allow_distinct: bool,
    /// Merge blocked contacts, too: the survivor is blocked then
    #[arg(long, conflicts_with = "file")]
    pub allow_blocked: bool,
}

/// `onefold import`.
#[derive(Debug, Args)]
pub struct ImportArguments {
    /// The files to read: CSV, JSON Lines or vCard, plain, gzip or zstd; - is standard input
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// The database; a new one goes on reading values and joining contacts as the other options say
    #[arg(long, value_name = "DATABASE")]
    pub db: PathBuf,
    /// How to read the files
    #[command(flatten)]
    pub values: ValueArguments,
    /// Who is joined to whom
    #[command(flatten)]
    pub rules: RulesArguments,
    /// What becomes of a row whose id a contact of the database has; a row without an id is a new contact
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = ExistingArgument::Reject)]
    pub existing: ExistingArgument,
    /// Take apostrophes before cells as they are: for CSV that was exported with --no-guard
    #[arg(long)]
    pub no_guard: bool,
}

/// What becomes of a row whose id a contact has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExistingArgument {
    /// It is reported and left out
    Reject,
    /// The fields that it has are written over those of the contact; what came by a merge stays, and whether it is blocked
    Update,
}

impl From<ExistingArgument> for Existing {
    fn from(existing: ExistingArgument) -> Self {
        match existing {
            ExistingArgument::Reject => Self::Reject,
            ExistingArgument::Update => Self::Update,
        }
    }
}

/// `onefold history`.
#[derive(Debug, Args)]
pub struct HistoryArguments {
    /// The database
    #[arg(long, value_name = "DATABASE")]
    pub db: PathBuf,
    /// How to write the result
    #[command(flatten)]
    pub output: OutputArguments,
}

/// `onefold export`.
#[derive(Debug, Args)]
pub struct ExportArguments {
    /// The database
    #[arg(long, value_name = "DATABASE")]
    pub db: PathBuf,
    /// The form of the output [default: by the name of the output file, else jsonl]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub format: Option<ExportFormatArgument>,
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

/// The forms of contacts that are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportFormatArgument {
    /// One JSON object a line: all of a contact
    Jsonl,
    /// Comma separated values, without provenance
    Csv,
}

/// `onefold undo --db`.
#[derive(Debug, Args)]
pub struct UndoInDatabase {
    /// Take back merges of this database
    #[arg(long, value_name = "DATABASE", requires = "merge", conflicts_with_all = ["file", "patches", "output", "force"])]
    pub db: Option<PathBuf>,
    /// What becomes of merges that build on it
    #[arg(long, value_enum, value_name = "WHAT", conflicts_with = "file", default_value_t = LaterArgument::Refuse)]
    pub later: LaterArgument,
    /// Tell the contacts apart, so that nobody suggests them again
    #[arg(long, conflicts_with = "file")]
    pub mark_distinct: bool,
}

/// What becomes of merges that build on one that is taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LaterArgument {
    /// If there is one, nothing is undone
    Refuse,
    /// They are taken back first
    Undo,
    /// They are taken back, and made again without this one
    Replay,
}

impl From<LaterArgument> for Later {
    fn from(later: LaterArgument) -> Self {
        match later {
            LaterArgument::Refuse => Self::Refuse,
            LaterArgument::Undo => Self::Undo,
            LaterArgument::Replay => Self::Replay,
        }
    }
}
