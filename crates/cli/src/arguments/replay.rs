//! `onefold replay`.

use std::path::PathBuf;

use clap::Args;

/// `onefold replay`.
#[derive(Debug, Args)]
pub struct ReplayArguments {
    /// The file of operations; - is standard input
    #[arg(value_name = "FILE", default_value = "-")]
    pub file: PathBuf,
    /// Keep the workspace in this database, which is created if it does not exist: each operation is stored before it is
    /// answered, and the next run continues from there
    #[arg(long, value_name = "DATABASE")]
    pub db: Option<PathBuf>,
    /// Show the whole state after each operation, not only after check
    #[arg(long)]
    pub each: bool,
    /// Refuse operations that have no actor and follow no act that names one
    #[arg(long)]
    pub require_actor: bool,
}
