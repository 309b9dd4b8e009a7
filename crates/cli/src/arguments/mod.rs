//! The command line: one struct of arguments for each command.

pub mod db;
pub mod input;
pub mod merge;
pub mod output;
pub mod replay;
pub mod rules;
pub mod similarity;
pub mod source_name;
pub mod suggest;
pub mod undo;

use clap::{Parser, Subcommand};

use crate::arguments::db::DatabaseCommand;
use crate::arguments::merge::MergeArguments;
use crate::arguments::replay::ReplayArguments;
use crate::arguments::similarity::LearnArguments;
use crate::arguments::suggest::{KeysArguments, SuggestArguments};
use crate::arguments::undo::UndoCommandArguments;

/// Finds duplicate contacts, merges them, and undoes merges.
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
  onefold suggest contacts.csv                         show duplicate contacts as a table
  onefold suggest contacts.csv --region BR -o out.jsonl
                                                       national numbers are Brazilian; JSON Lines to a file
  onefold suggest crm.csv.gz --map email='Contact mail' --region-from-country
  zstdcat export.jsonl.zst | onefold suggest -         from standard input
  onefold keys contacts.vcf --format jsonl             every value with its key, or the reason why it has none
  onefold suggest crm.csv --similar                    also the same person without a shared phone or email
  onefold learn crm.csv --ask 20                       the pairs whose decision would teach most
  onefold merge crm.csv --dry-run                      show what would be merged, and why
  onefold merge crm.csv --output merged.csv --patches patches.jsonl
                                                       one row per person, and the patches that undo it
  onefold undo merged.csv --patches patches.jsonl --output restored.csv
  onefold db import contacts.db crm.csv --region BR    keep contacts and their merges in a database
  onefold db merge contacts.db --members 17 42         merge two of them under a name
  onefold db undo contacts.db m1                       undo that merge
  onefold replay operations.jsonl                      add, merge, undo, ...: one JSON operation per line
  onefold replay --db contacts.db                      the same from standard input, stored in a database

Exit status: 0 done, 1 the input could not be used, 2 the command line is wrong, 129, 130 or 143 interrupted.";

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Suggest which contacts of files are the same person, with the evidence
    Suggest(SuggestArguments),
    /// Show every phone, email and identifier of a file with its key, or why it has none
    Keys(KeysArguments),
    /// Learn from decisions about pairs how contacts are compared, and ask for those that teach most
    Learn(LearnArguments),
    /// Merge the contacts of a file that are the same person into one row each
    Merge(MergeArguments),
    /// Undo all or some merges of a file, even if it was edited since
    Undo(UndoCommandArguments),
    /// Import contacts into a database, and suggest, merge, undo and export there
    #[command(subcommand)]
    Db(DatabaseCommand),
    /// Run operations on a workspace: read and answer one JSON object per line
    Replay(ReplayArguments),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page of a command
    #[command(hide = true)]
    Man {
        /// The command, such as "db import"; without it, the page of onefold
        #[arg(value_name = "COMMAND")]
        command: Vec<String>,
    },
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
