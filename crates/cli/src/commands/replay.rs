//! `onefold replay`: a workspace that is driven line by line, by a file or by another program.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;

use onefold_sqlite::Store;
use onefold_workspace::Protocol;

use crate::arguments::replay::ReplayArguments;
use crate::failure::Failure;
use crate::output::json_line;

/// What stands for a line that is no text.
const NOT_TEXT: &str = "\u{fffd}";

/// Runs the command. Each answer is written out before the next line is read, and what it answers is in the database
/// before that, if there is one.
///
/// # Errors
/// The database cannot be opened, the operations not be read, or the answers not be written.
pub fn run(arguments: &ReplayArguments) -> Result<(), Failure> {
    let (mut store, mut protocol) = match &arguments.db {
        Some(path) => {
            let opened = Store::open_protocol(path);
            let (store, protocol) =
                opened.map_err(|error| Failure::caused(format!("cannot open {}", path.display()), error))?;
            (Some(store), protocol)
        }
        None => (None, Protocol::new()),
    };
    if arguments.each {
        protocol = protocol.with_state();
    }
    if arguments.require_actor {
        protocol = protocol.requiring_actor();
    }
    let is_stdin = arguments.file.as_os_str() == "-";
    let name = if is_stdin { "standard input".to_owned() } else { arguments.file.display().to_string() };
    let unreadable = |error: &io::Error| Failure::Input(format!("cannot read {name}: {error}"));
    let mut input = open(&arguments.file, is_stdin).map_err(|error| unreadable(&error))?;
    let mut output = io::stdout().lock();
    let mut lines = Vec::new();
    while input.read_until(b'\n', &mut lines).map_err(|error| unreadable(&error))? > 0 {
        // A carriage return ends a line as well; the blank line between the two is passed over.
        for line in lines.split(|byte| matches!(byte, b'\n' | b'\r')) {
            let line = str::from_utf8(line).unwrap_or(NOT_TEXT);
            let answer = match &mut store {
                Some(store) => protocol.answer_erased(line, |writes| store.write(writes).map(|()| store.erasure())),
                None => protocol.answer(line),
            };
            if let Some(answer) = answer {
                let written = writeln!(output, "{}", json_line(answer)).and_then(|()| output.flush());
                written.map_err(|error| Failure::writing("standard output", &error))?;
            }
        }
        lines.clear();
    }
    Ok(())
}

fn open(file: &Path, is_stdin: bool) -> io::Result<Box<dyn BufRead>> {
    if is_stdin { Ok(Box::new(io::stdin().lock())) } else { Ok(Box::new(BufReader::new(File::open(file)?))) }
}
