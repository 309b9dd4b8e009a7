//! The command `onefold`.

mod arguments;
mod commands;
mod failure;
mod input;
mod output;
mod patch_file;
mod report;
mod scan;
mod signals;
mod usage;

use std::process::ExitCode;

use clap::Parser;

use crate::arguments::{Arguments, Command};
use crate::failure::Failure;

/// A merge makes and frees millions of small values on all threads, which most systems' allocators are slow at.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return usage::refused(error),
    };
    if let Err(error) = signals::watch() {
        report::say(&format!("onefold: an interruption may leave temporary files behind: {error}"));
    }
    match run(&arguments.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::OutputClosed) => ExitCode::SUCCESS,
        Err(failure) => {
            report::say(&format!("onefold: {failure}"));
            failure.exit_code()
        }
    }
}

fn run(command: &Command) -> Result<(), Failure> {
    match command {
        Command::Suggest(arguments) => commands::suggest::run(arguments),
        Command::Keys(arguments) => commands::keys::run(arguments),
        Command::Learn(arguments) => commands::learn::run(arguments),
        Command::Merge(arguments) => commands::merge::run(arguments),
        Command::Undo(arguments) => commands::undo::run(arguments),
        Command::Db(command) => commands::db::run(command),
        Command::Replay(arguments) => commands::replay::run(arguments),
        Command::Completions { shell } => commands::completions::run(*shell),
        Command::Man { command } => commands::man::run(command),
    }
}
