//! The command `onefold`.

mod arguments;
mod commands;
mod failure;
mod input;
mod output;
mod patch_file;
mod report;
mod signals;
mod usage;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use crate::arguments::{Arguments, Command};
use crate::failure::Failure;

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
        Command::Suggest(arguments) if arguments.db.is_some() => commands::db::suggest::run(arguments),
        Command::Suggest(arguments) => commands::suggest::run(arguments),
        Command::Keys(arguments) => commands::keys::run(arguments),
        Command::Import(arguments) => commands::db::import::run(arguments),
        Command::Merge(arguments) if arguments.database.db.is_some() => commands::db::merge::run(arguments),
        Command::Merge(arguments) => commands::merge::run(arguments),
        Command::Undo(arguments) if arguments.database.db.is_some() => commands::db::undo::run(arguments),
        Command::Undo(arguments) => commands::undo::run(arguments),
        Command::History(arguments) => commands::db::history::run(arguments),
        Command::Export(arguments) => commands::db::export::run(arguments),
        Command::Replay(arguments) => commands::replay::run(arguments),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Arguments::command(), "onefold", &mut script);
            let written = std::io::Write::write_all(&mut std::io::stdout(), &script);
            written.map_err(|error| Failure::writing("standard output", &error))
        }
    }
}
