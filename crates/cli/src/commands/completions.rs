//! `onefold completions`: a completion script for a shell.

use std::io::{self, Write};

use clap::CommandFactory;
use clap_complete::Shell;

use crate::arguments::Arguments;
use crate::failure::Failure;

/// Writes the completion script of a shell to standard output.
///
/// # Errors
/// The script cannot be written.
pub fn run(shell: Shell) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "onefold", &mut script);
    io::stdout().write_all(&script).map_err(|error| Failure::writing("standard output", &error))
}
