//! `onefold merge`, and which suggestions a merge takes.

use std::path::PathBuf;

use clap::Args;

use crate::arguments::input::InputArguments;
use crate::arguments::rules::RulesArguments;

/// `onefold merge`.
#[derive(Debug, Args)]
pub struct MergeArguments {
    /// The file to read: CSV, JSON Lines or vCard, plain, gzip or zstd; - is standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// How the file is read
    #[command(flatten)]
    pub input: InputArguments,
    /// Which contacts are joined
    #[command(flatten)]
    pub rules: RulesArguments,
    /// Which suggestions are merged
    #[command(flatten)]
    pub choice: ChoiceArguments,
    /// Write the contacts to OUT, in the format of FILE: one row or card per person
    #[arg(short, long, value_name = "OUT", required_unless_present = "dry_run")]
    pub output: Option<PathBuf>,
    /// Write the patches for undo to PATCHES; an existing file is never replaced
    #[arg(long, value_name = "PATCHES", required_unless_present = "dry_run")]
    pub patches: Option<PathBuf>,
    /// Read the merge policy, which says who survives and which values win, from a TOML or JSON file [default: the first
    /// row survives, and its values win]
    #[arg(long, value_name = "POLICY")]
    pub policy: Option<PathBuf>,
    /// Show what would be merged and what needs review, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Replace OUT if it exists
    #[arg(long)]
    pub force: bool,
    /// The largest part of a table that one thread reads at a time
    #[arg(long, value_name = "BYTES", hide = true, default_value_t = 4 << 20)]
    pub chunk_bytes: usize,
}

/// Which suggestions are merged; without an option, those that pass all rules.
#[derive(Debug, Args)]
pub struct ChoiceArguments {
    /// Merge only the suggestion ID (at least its first 8 digits), even if it needs review; may be repeated
    #[arg(long, value_name = "ID", num_args = 1..)]
    pub only: Vec<String>,
    /// Merge all contacts with the same key or a country's alternative spelling of it, even if their names or birth dates
    /// differ [default: leave those for review]
    #[arg(long, conflicts_with = "only")]
    pub all: bool,
}
