//! `onefold replay --db`: killed at any point, it has lost nothing that it answered, and whatever else it kept is a whole
//! operation.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::command::Folder;
use onefold_sqlite::Store;
use onefold_workspace::Protocol;

const KILLS: usize = 100;
const LINES: usize = 240;

/// Numbers that look random and are the same on each run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % limit
    }
}

fn line(number: usize, numbers: &mut Numbers) -> String {
    let (id, other, email) = (numbers.below(12), numbers.below(12), numbers.below(6));
    match numbers.below(14) {
        0..=3 => format!(
            r#"{{"op": "add", "id": {id}, "contact": {{"first_name": "Person {number}", "emails": ["{email}@example.com"]}}}}"#
        ),
        4 | 5 => format!(r#"{{"op": "edit", "id": {id}, "set": {{"last_name": "Person {number}"}}}}"#),
        6 | 7 => format!(
            r#"{{"op": "merge", "merge": "m{number}", "into": {id}, "retire": [{other}], "allow_apart": true}}"#
        ),
        8 => format!(r#"{{"op": "undo", "merge": "m{}", "later": "undo"}}"#, number.saturating_sub(id)),
        9 => format!(r#"{{"op": "mark_distinct", "a": {id}, "b": {other}}}"#),
        10 => format!(r#"{{"op": "assign_tags", "contacts": [{id}], "tags": ["tag {other}"]}}"#),
        11 => format!(r#"{{"op": "config", "max_holders": {}}}"#, id + 2),
        12 => format!(r#"{{"op": "delete", "id": {id}}}"#),
        _ => format!(r#"{{"op": "events", "limit": {other}}}"#),
    }
}

fn lines() -> Vec<String> {
    let mut numbers = Numbers(7);
    (0..LINES).map(|number| line(number, &mut numbers)).collect()
}

/// What the workspace holds after each number of operations.
fn states(lines: &[String]) -> Vec<String> {
    let mut protocol = Protocol::new();
    let mut states = vec![protocol.workspace().to_state()];
    for line in lines {
        let _ = protocol.answer(line);
        states.push(protocol.workspace().to_state());
    }
    states
}

fn replay(database: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_onefold"));
    command.arg("replay").arg("--db").arg(database);
    command
}

/// Gives the program some lines, kills it when it has answered so many and a moment has passed, and says how many it
/// has answered by then.
fn kill_after(database: &Path, lines: &[String], answers: usize, moment: Duration) -> usize {
    let mut child: Child =
        replay(database).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the program runs");
    let (mut stdin, input) = (child.stdin.take().expect("a pipe"), lines.join("\n") + "\n");
    // It may be dead before it has read all.
    let writer = thread::spawn(move || drop(stdin.write_all(input.as_bytes())));
    let mut output = BufReader::new(child.stdout.take().expect("a pipe"));
    for _ in 0..answers {
        assert!(output.read_line(&mut String::new()).expect("an answer") > 0, "as many answers as lines");
    }
    thread::sleep(moment);
    child.kill().expect("killed");
    child.wait().expect("it ends");
    writer.join().expect("the writer ends");
    let mut rest = String::new();
    output.read_to_string(&mut rest).expect("UTF-8");
    answers + rest.matches('\n').count()
}

fn held_by(database: &Path) -> String {
    let (_, protocol) = Store::open_protocol(database).expect("what was left");
    protocol.workspace().to_state()
}

#[test]
fn whenever_it_is_killed_nothing_that_was_answered_is_lost() {
    let (lines, folder) = (lines(), Folder::new());
    let states = states(&lines);
    let mut numbers = Numbers(11);
    let (mut database, mut from) = (folder.path("0.db"), 0);
    for kill in 0..KILLS {
        if from + 12 > lines.len() {
            (database, from) = (folder.path(&format!("{kill}.db")), 0);
        }
        let (answers, moment) = (numbers.below(10), Duration::from_micros(numbers.below(3000) as u64));
        let answered = from + kill_after(&database, &lines[from..], answers, moment);
        let held = held_by(&database);
        let after = (answered..states.len()).find(|after| states[*after] == held);
        from = after.unwrap_or_else(|| panic!("kill {kill}: not the state after {answered} operations or more"));
    }
}

#[test]
fn a_journal_that_was_cut_short_gives_an_earlier_state() {
    let (lines, folder) = (lines(), Folder::new());
    let states = states(&lines[..60]);
    let database = folder.path("whole.db");
    let (mut store, mut protocol) = Store::open_protocol(&database).expect("new");
    for line in &lines[..60] {
        let _ = protocol.answer_stored(line, |writes| store.write(writes));
    }
    let (main, journal) = (folder.path("cut.db"), folder.path("cut.db-wal"));
    let whole = fs::read(folder.path("whole.db-wal")).expect("a journal");
    let mut latest = 0;
    for part in 0..=20 {
        let _ = fs::remove_file(folder.path("cut.db-shm"));
        fs::copy(&database, &main).expect("a copy");
        fs::write(&journal, &whole[..whole.len() * part / 20]).expect("a copy");
        let held = match Store::open_protocol(&main) {
            Ok((_, protocol)) => protocol.workspace().to_state(),
            Err(error) => panic!("part {part}: {error}"),
        };
        let after = states.iter().rposition(|state| *state == held).expect("the state after some operations");
        assert!(after >= latest, "a longer journal has more");
        latest = after;
    }
    assert_eq!(latest, 60);
}

#[test]
fn the_next_run_goes_on() {
    let folder = Folder::new();
    let lines: Vec<String> = lines().into_iter().take(90).collect();
    for part in lines.chunks(30) {
        let operations = folder.file("operations.jsonl", part.join("\n"));
        let output = replay(&folder.path("a.db")).arg(operations).output().expect("the program runs");
        assert!(output.status.success() && output.stderr.is_empty());
    }
    assert_eq!(Some(&held_by(&folder.path("a.db"))), states(&lines).last());
    assert_eq!(folder.names(), ["a.db", "a.db-writer", "operations.jsonl"], "one file, and one that is empty");
}

#[test]
fn a_second_writer_and_another_file_are_refused() {
    let folder = Folder::new();
    let database = folder.path("a.db");
    let (store, _) = Store::open_protocol(&database).expect("new");
    let refused = |path: &Path| {
        let output = replay(path).stdin(Stdio::null()).output().expect("the program runs");
        assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
        String::from_utf8(output.stderr).expect("UTF-8")
    };
    let said = refused(&database);
    assert!(said.contains("the database is open elsewhere, and has one writer at a time"), "{said}");
    drop(store);
    let said = refused(&folder.file("notes.txt", "Call Ada back, and ask her about the new offer.\n".repeat(40)));
    assert!(said.contains("not a database of onefold"), "{said}");
    assert_eq!(folder.names(), ["a.db", "a.db-writer", "notes.txt"]);
}

/// A limit on the size of files stands in for a disk that is full.
#[cfg(unix)]
#[test]
fn what_cannot_be_written_is_refused_and_not_done() {
    let (lines, folder) = (lines(), Folder::new());
    let database = folder.path("a.db");
    drop(Store::open_protocol(&database).expect("new"));
    let operations = folder.file("operations.jsonl", lines.join("\n"));
    let limited = "trap '' XFSZ; ulimit -f 800; exec \"$0\" replay --db \"$1\" \"$2\"";
    let mut command = Command::new("sh");
    command.arg("-c").arg(limited).arg(env!("CARGO_BIN_EXE_onefold")).arg(&database).arg(operations);
    let output = command.output().expect("the program runs");
    let answers = String::from_utf8(output.stdout).expect("UTF-8");
    let mut protocol = Protocol::new();
    let mut refused = 0;
    for (line, answer) in lines.iter().zip(answers.lines()) {
        if answer.contains("\"error\":\"NotStored\"") { refused += 1 } else { drop(protocol.answer(line)) }
    }
    assert_eq!(answers.lines().count(), lines.len());
    assert!(refused > 0, "the limit is too high to be met");
    assert_eq!(held_by(&database), protocol.workspace().to_state());
}
