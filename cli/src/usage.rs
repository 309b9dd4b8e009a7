//! What is said of a command line that is wrong.

use std::process::ExitCode;

use crate::output::plain;

/// Says what is wrong, or the help that was asked for, and gives the exit status. What the arguments say comes escaped.
pub fn refused(error: &clap::Error) -> ExitCode {
    let hidden: Vec<String> = std::env::args_os()
        .map(|argument| argument.to_string_lossy().into_owned())
        .flat_map(|argument| {
            // The message may have the value of an option alone.
            let value = argument.split_once('=').map(|(_, value)| value.to_owned());
            [Some(argument), value].into_iter().flatten()
        })
        .filter(|argument| plain(argument) != *argument)
        .collect();
    let code = ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
    if hidden.is_empty() {
        let _ = error.print();
        return code;
    }
    let text = hidden.iter().fold(error.render().to_string(), |text, hidden| text.replace(hidden, &plain(hidden)));
    text.lines().for_each(crate::report::say);
    code
}
