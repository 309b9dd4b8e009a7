//! The command `onefold`.

mod arguments;
mod db;
mod failure;
mod guard;
mod ids;
mod keys;
mod merge;
mod output;
mod patches;
mod policy;
mod reading;
mod replay;
mod report;
mod rows;
mod signals;
mod source_names;
mod suggest;
mod undo;
mod usage;
mod values;

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
        Command::Suggest(arguments) if arguments.db.is_some() => db::suggest::run(arguments),
        Command::Suggest(arguments) => suggest::run(arguments),
        Command::Keys(arguments) => keys::run(arguments),
        Command::Import(arguments) => db::import::run(arguments),
        Command::Merge(arguments) if arguments.database.db.is_some() => db::merge::run(arguments),
        Command::Merge(arguments) => merge::run(arguments),
        Command::Undo(arguments) if arguments.database.db.is_some() => db::undo::run(arguments),
        Command::Undo(arguments) => undo::run(arguments),
        Command::History(arguments) => db::history::run(arguments),
        Command::Export(arguments) => db::export::run(arguments),
        Command::Replay(arguments) => replay::run(arguments),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Arguments::command(), "onefold", &mut script);
            let written = std::io::Write::write_all(&mut std::io::stdout(), &script);
            written.map_err(|error| Failure::writing("standard output", &error))
        }
    }
}
