//! `onefold replay`.

use std::path::PathBuf;

use clap::Args;

/// `onefold replay`.
#[derive(Debug, Args)]
pub struct ReplayArguments {
    /// The file of operations; - is standard input
    #[arg(value_name = "FILE", default_value = "-")]
    pub file: PathBuf,
    /// Keep the workspace in this database, created if it does not exist; each operation is stored before it is answered
    #[arg(long, value_name = "DATABASE")]
    pub db: Option<PathBuf>,
    /// Show the whole state in every answer, not only in that of check
    #[arg(long)]
    pub each: bool,
    /// Refuse operations without an actor until act has named one
    #[arg(long)]
    pub require_actor: bool,
}
