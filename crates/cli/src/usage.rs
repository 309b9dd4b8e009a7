//! What is said of a command line that is wrong.

use std::process::ExitCode;

use clap::Parser;

use crate::arguments::Arguments;
use crate::output::plain;

/// Says what is wrong, or the help that was asked for, and gives the exit status. What the arguments say comes escaped.
pub fn refused(error: clap::Error) -> ExitCode {
    let given: Vec<String> = std::env::args_os().map(|argument| argument.to_string_lossy().into_owned()).collect();
    let shown: Vec<String> = given.iter().map(|argument| plain(argument)).collect();
    // The message has the arguments in it: one about the same arguments, escaped, says the same.
    let error = if shown == given {
        error
    } else {
        Arguments::try_parse_from(shown).err().unwrap_or_else(|| {
            clap::Error::raw(
                clap::error::ErrorKind::ValueValidation,
                "the arguments have characters that show nothing\n",
            )
        })
    };
    let _ = error.print();
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}
