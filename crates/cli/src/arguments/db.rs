//! `onefold db`: the commands on a database.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use onefold_workspace::{Existing, Later};

use crate::arguments::input::{ValueArguments, not_blank};
use crate::arguments::merge::ChoiceArguments;
use crate::arguments::output::OutputArguments;
use crate::arguments::rules::RulesArguments;
use crate::arguments::undo::EditsArgument;

/// The commands on a database.
#[derive(Debug, Subcommand)]
pub enum DatabaseCommand {
    /// Add the contacts of files to a database; create it if it does not exist
    Import(ImportArguments),
    /// Suggest which contacts of a database are the same person, by the settings stored in it
    Suggest(DatabaseSuggestArguments),
    /// Merge contacts of a database; every merge is stored and can be undone at any time
    Merge(DatabaseMergeArguments),
    /// Undo merges of a database, even if contacts were edited since
    Undo(DatabaseUndoArguments),
    /// Show the merges of a database, the newest first
    History(HistoryArguments),
    /// Write the contacts of a database to a file, as JSON Lines or CSV
    Export(ExportArguments),
}

/// `onefold db import`.
#[derive(Debug, Args)]
pub struct ImportArguments {
    /// The database; a new one stores the options for reading values and joining contacts as its settings
    #[arg(value_name = "DATABASE")]
    pub database: PathBuf,
    /// The files to read: CSV, JSON Lines or vCard, plain, gzip or zstd; - is standard input
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// How the files are read
    #[command(flatten)]
    pub values: ValueArguments,
    /// Which contacts are joined
    #[command(flatten)]
    pub rules: RulesArguments,
    /// Reject rows whose id the database has, or update the contact with it; rows without an id are always added
    #[arg(long, value_enum, value_name = "ACTION", default_value_t = ExistingArgument::Reject)]
    pub existing: ExistingArgument,
    /// Keep apostrophes at the start of cells, for CSV that was exported with --no-guard
    #[arg(long)]
    pub no_guard: bool,
}

/// The treatment of an imported row whose id belongs to a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExistingArgument {
    /// Report the row and leave it out
    Reject,
    /// Replace the fields of the contact; values that came by a merge stay, and a blocked contact stays blocked
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

/// `onefold db suggest`.
#[derive(Debug, Args)]
pub struct DatabaseSuggestArguments {
    /// The database
    #[arg(value_name = "DATABASE")]
    pub database: PathBuf,
    /// Only count the suggestions and the contacts in them
    #[arg(long)]
    pub count: bool,
    /// How the result is written
    #[command(flatten)]
    pub output: OutputArguments,
}

/// `onefold db merge`.
#[derive(Debug, Args)]
pub struct DatabaseMergeArguments {
    /// The database
    #[arg(value_name = "DATABASE")]
    pub database: PathBuf,
    /// Merge these contacts; the first one survives unless the policy says otherwise
    #[arg(long, value_name = "ID", num_args = 2.., value_parser = not_blank, conflicts_with_all = ["only", "all"])]
    pub members: Vec<String>,
    /// Which suggestions are merged
    #[command(flatten)]
    pub choice: ChoiceArguments,
    /// Read the merge policy, which says who survives and which values win, from a TOML or JSON file; the database keeps
    /// it for later merges
    #[arg(long, value_name = "POLICY")]
    pub policy: Option<PathBuf>,
    /// Give the merge a NAME for undo [default: the id of the suggestion]
    #[arg(long, value_name = "NAME", value_parser = not_blank)]
    pub name: Option<String>,
    /// Set FIELD of the survivor to VALUE; may be repeated
    #[arg(long, value_name = "FIELD=VALUE")]
    pub set: Vec<String>,
    /// Take FIELD from the contact ID; may be repeated
    #[arg(long, value_name = "FIELD=ID")]
    pub take: Vec<String>,
    /// Also merge contacts that were marked distinct
    #[arg(long)]
    pub allow_distinct: bool,
    /// Also merge blocked contacts; the survivor is then blocked
    #[arg(long)]
    pub allow_blocked: bool,
    /// Show what would be merged and what needs review, and write nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// `onefold db undo`.
#[derive(Debug, Args)]
pub struct DatabaseUndoArguments {
    /// The database
    #[arg(value_name = "DATABASE")]
    pub database: PathBuf,
    /// The merges to undo, in this order: their names, or at least the first 8 digits of their ids
    #[arg(required = true, value_name = "MERGE")]
    pub merges: Vec<String>,
    /// Keep or overwrite values that were edited after the merge, or refuse to undo it
    #[arg(long, value_enum, value_name = "ACTION", default_value_t = EditsArgument::Keep)]
    pub edits: EditsArgument,
    /// Undo or replay later merges of the same contacts, or refuse to undo
    #[arg(long, value_enum, value_name = "ACTION", default_value_t = LaterArgument::Refuse)]
    pub later: LaterArgument,
    /// Mark the contacts as distinct, so that they are not suggested again
    #[arg(long)]
    pub mark_distinct: bool,
}

/// The treatment of later merges that build on the undone merge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LaterArgument {
    /// Undo nothing if there is a later merge
    Refuse,
    /// Undo the later merges first
    Undo,
    /// Undo the later merges first, and make them again without this one
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

/// `onefold db history`.
#[derive(Debug, Args)]
pub struct HistoryArguments {
    /// The database
    #[arg(value_name = "DATABASE")]
    pub database: PathBuf,
    /// How the result is written
    #[command(flatten)]
    pub output: OutputArguments,
}

/// `onefold db export`.
#[derive(Debug, Args)]
pub struct ExportArguments {
    /// The database
    #[arg(value_name = "DATABASE")]
    pub database: PathBuf,
    /// The format of the output [default: by the name of the output file, else jsonl]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub format: Option<ExportFormatArgument>,
    /// Write to FILE, completely or not at all; - is standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Replace the output file if it exists
    #[arg(long)]
    pub force: bool,
    /// Write CSV cells unchanged, even if a spreadsheet would run them as formulas
    #[arg(long)]
    pub no_guard: bool,
}

/// The formats in which contacts are exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportFormatArgument {
    /// One JSON object per line, with all fields of a contact
    Jsonl,
    /// Comma separated values, without provenance
    Csv,
}
