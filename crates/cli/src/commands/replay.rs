//! `onefold replay`: runs the operations of a file or of another program on a workspace.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;

use onefold_sqlite::Store;
use onefold_workspace::Protocol;

use crate::arguments::replay::ReplayArguments;
use crate::failure::Failure;
use crate::output::json_line;

/// The line that is answered in place of one that is not UTF-8.
const NOT_TEXT: &str = "\u{fffd}";

/// Runs the command. Each operation is stored in the database, if there is one, before its answer is written, and its answer is
/// written before the next line is read.
///
/// # Errors
/// The database cannot be opened, the operations cannot be read, or the answers cannot be written.
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
        // A carriage return also ends a line; the empty line of CRLF is skipped.
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
