//! The options that say how results are written.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

/// How results are written; the same for every command that writes records.
#[derive(Debug, Args)]
pub struct OutputArguments {
    /// The format of the output [default: a table on a terminal, else by the name of the output file, else jsonl]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub format: Option<OutputFormat>,
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

/// The formats of results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    /// A table for a terminal
    Table,
    /// One JSON object per line
    Jsonl,
    /// Comma separated values
    Csv,
}

impl OutputArguments {
    /// Returns the file to write to, or `None` for standard output.
    pub fn file(&self) -> Option<&Path> {
        self.output.as_deref().filter(|path| path.as_os_str() != "-")
    }
}
