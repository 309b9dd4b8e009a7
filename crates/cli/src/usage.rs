//! What is said of a wrong command line.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};

use crate::arguments::Arguments;
use crate::output::plain;

/// Prints the error or the help that was asked for, and returns the exit status. Control characters of the arguments are escaped.
pub fn refused(error: clap::Error) -> ExitCode {
    let given: Vec<OsString> = std::env::args_os().collect();
    let error = match new_spelling(&given) {
        Some(new) if !is_display(&error) => {
            let what = format!("the commands on a database are now under `onefold db`: {new}");
            Arguments::command().error(ErrorKind::InvalidSubcommand, what)
        }
        _ => escaped(error, &given),
    };
    let _ = error.print();
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

/// Returns true if the error is help or a version that was asked for.
fn is_display(error: &clap::Error) -> bool {
    matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion)
}

/// Returns the command under `onefold db` that the arguments ask for by an earlier spelling, or `None` if there is none.
fn new_spelling(given: &[OsString]) -> Option<&'static str> {
    let options = || given.iter().skip(2).map_while(|argument| argument.to_str().filter(|text| *text != "--"));
    let names_database = options().any(|option| option == "--db" || option.starts_with("--db="));
    match given.get(1)?.to_str()? {
        "import" => Some("onefold db import DATABASE FILE..."),
        "history" => Some("onefold db history DATABASE"),
        "export" => Some("onefold db export DATABASE"),
        "suggest" if names_database => Some("onefold db suggest DATABASE"),
        "merge" if names_database => Some("onefold db merge DATABASE"),
        "undo" if names_database => Some("onefold db undo DATABASE MERGE..."),
        _ => None,
    }
}

/// Returns the error with the control characters of the arguments escaped.
fn escaped(error: clap::Error, given: &[OsString]) -> clap::Error {
    let given: Vec<String> = given.iter().map(|argument| argument.to_string_lossy().into_owned()).collect();
    let shown: Vec<String> = given.iter().map(|argument| plain(argument)).collect();
    // The message contains the arguments: parsing the escaped ones gives the same message, escaped.
    if shown == given {
        error
    } else {
        Arguments::try_parse_from(shown).err().unwrap_or_else(|| {
            clap::Error::raw(ErrorKind::ValueValidation, "the arguments contain control characters\n")
        })
    }
}
