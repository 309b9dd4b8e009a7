//! `onefold suggest` and `onefold keys`: what is read from files and only shown.

use std::path::PathBuf;

use clap::Args;

use crate::arguments::input::InputArguments;
use crate::arguments::output::OutputArguments;
use crate::arguments::rules::RulesArguments;
use crate::arguments::similarity::SimilarArguments;

/// `onefold suggest`.
#[derive(Debug, Args)]
pub struct SuggestArguments {
    /// The files to read: CSV, JSON Lines or vCard, plain, gzip or zstd; - is standard input
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Only count the suggestions and the contacts in them
    #[arg(long)]
    pub count: bool,
    /// How the files are read
    #[command(flatten)]
    pub input: InputArguments,
    /// How the result is written
    #[command(flatten)]
    pub output: OutputArguments,
    /// Which contacts are joined
    #[command(flatten)]
    pub rules: RulesArguments,
    /// How contacts without a shared key are compared
    #[command(flatten)]
    pub similar: SimilarArguments,
    /// The largest part of a table that one thread reads at a time
    #[arg(long, value_name = "BYTES", hide = true, default_value_t = 4 << 20)]
    pub chunk_bytes: usize,
}

/// `onefold keys`.
#[derive(Debug, Args)]
pub struct KeysArguments {
    /// The file to read: CSV, JSON Lines or vCard, plain, gzip or zstd; - is standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Show the comparable form of each contact instead, which `onefold suggest --similar` compares
    #[arg(long)]
    pub similar: bool,
    /// How the file is read
    #[command(flatten)]
    pub input: InputArguments,
    /// How the result is written
    #[command(flatten)]
    pub output: OutputArguments,
}
