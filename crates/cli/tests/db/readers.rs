//! Commands that only read a database hold nobody up, need no folder that can be written to, and change nothing.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::command::{CONTACTS, Folder, assert_says, text};

const READING: [&[&str]; 4] = [
    &["db", "suggest", "a.db", "--format", "jsonl"],
    &["db", "history", "a.db", "--format", "jsonl"],
    &["db", "export", "a.db"],
    &["db", "merge", "a.db", "--dry-run"],
];

/// `onefold replay`, waiting for its next line.
struct Replay {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Replay {
    fn start(folder: &Folder) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_onefold"));
        command.args(["replay", "-", "--db", "a.db"]).current_dir(folder.path(""));
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the command runs");
        let input = child.stdin.take().expect("an input");
        let output = BufReader::new(child.stdout.take().expect("an output"));
        Self { child, input, output }
    }

    fn answer(&mut self, line: &str) -> String {
        writeln!(self.input, "{line}").expect("it reads");
        let mut answer = String::new();
        self.output.read_line(&mut answer).expect("it answers");
        answer
    }

    fn end(self) {
        let Self { mut child, input, output } = self;
        drop((input, output));
        assert!(child.wait().expect("it ends").success());
    }
}

/// Another program that reads the database, and holds on to what it saw.
fn rusqlite_reader(folder: &Folder) -> rusqlite::Connection {
    let reader = rusqlite::Connection::open(folder.path("a.db")).expect("a reader");
    reader.execute_batch("BEGIN").expect("a transaction");
    let _: i64 = reader.query_row("SELECT count(*) FROM contact", [], |row| row.get(0)).expect("a number");
    reader
}

fn read_all(folder: &Folder) -> Vec<String> {
    let read = READING.iter().map(|arguments| {
        let output = folder.onefold(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
        text(&output.stdout)
    });
    read.collect()
}

#[test]
fn a_writer_that_runs_is_in_nobody_s_way() {
    let folder = Folder::new();
    folder.file("in.csv", CONTACTS);
    folder.done(&["db", "import", "a.db", "in.csv"]);
    let before = read_all(&folder);
    let mut replay = Replay::start(&folder);
    assert_says(&replay.answer(r#"{"op": "resolve", "id": "1"}"#), &["\"ok\":true"]);
    assert_eq!(read_all(&folder), before, "a writer is there");
    assert_says(&replay.answer(r#"{"op": "merge", "merge": "m1", "into": "1", "retire": ["2"]}"#), &["\"ok\":true"]);
    let merged = read_all(&folder);
    assert_says(&merged[1], &["\"merge\":\"m1\""]);
    assert_says(&replay.answer(r#"{"op": "delete", "id": "1"}"#), &["\"ok\":true"]);
    let deleted = read_all(&folder);
    assert!(!deleted[2].contains("\"1\"") && deleted[1].is_empty(), "{deleted:?}");
    // A writer is refused as before.
    let refused = folder.onefold(&["db", "import", "a.db", "in.csv"]);
    assert_says(&text(&refused.stderr), &["a.db", "one writer at a time"]);
    replay.end();
    assert_eq!(read_all(&folder), deleted);
}

#[test]
fn reading_leaves_all_files_as_they_were() {
    let folder = Folder::new();
    folder.file("in.csv", CONTACTS);
    folder.done(&["db", "import", "a.db", "in.csv"]);
    let bytes = fs::read(folder.path("a.db")).expect("a file");
    read_all(&folder);
    assert_eq!(folder.names(), ["a.db", "a.db-writer", "in.csv"]);
    assert_eq!(fs::read(folder.path("a.db")).expect("a file"), bytes);
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_to_can_be_read() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::os::unix::process::CommandExt;

    let (folder, program) = (Folder::new(), Folder::new());
    folder.file("in.csv", CONTACTS);
    folder.done(&["db", "import", "a.db", "in.csv"]);
    let before = read_all(&folder);
    let mode = |path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode");
    let is_root = fs::metadata(folder.path("in.csv")).expect("a file").uid() == 0;
    // Modes do not apply to root, so that somebody else reads; who may not be let into the folder of the program.
    let copy = program.path("onefold");
    fs::copy(env!("CARGO_BIN_EXE_onefold"), &copy).expect("a copy");
    mode(program.path(""), 0o755);
    mode(copy.clone(), 0o755);
    mode(folder.path("a.db"), 0o444);
    mode(folder.path(""), 0o555);
    let by_nobody = |arguments: &[&str]| {
        let mut command = Command::new(&copy);
        command.args(arguments).current_dir(folder.path("")).stdin(Stdio::null());
        if is_root {
            command.uid(65_534).gid(65_534);
        }
        command.output().expect("the command runs")
    };
    let refused = by_nobody(&["db", "import", "b.db", "in.csv"]);
    assert_eq!(refused.status.code(), Some(1), "nobody can write here");
    for (arguments, expected) in READING.iter().zip(&before) {
        let output = by_nobody(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
        assert_eq!(text(&output.stdout), *expected, "{arguments:?}");
    }
    // A writer of the folder's owner does not change that.
    mode(folder.path("a.db"), 0o644);
    mode(folder.path(""), 0o755);
    let mut replay = Replay::start(&folder);
    assert_says(&replay.answer(r#"{"op": "merge", "merge": "m1", "into": "1", "retire": ["2"]}"#), &["\"ok\":true"]);
    if is_root {
        let output = by_nobody(&["db", "history", "a.db", "--format", "jsonl"]);
        assert_says(&text(&output.stdout), &["\"merge\":\"m1\""]);
    }
    replay.end();
}

#[test]
fn an_answer_says_what_could_not_be_erased_yet() {
    let folder = Folder::new();
    folder.file("in.csv", CONTACTS);
    folder.done(&["db", "import", "a.db", "in.csv"]);
    let in_the_way = rusqlite_reader(&folder);
    let mut replay = Replay::start(&folder);
    let answer = replay.answer(r#"{"op": "delete", "id": "4"}"#);
    assert_says(&answer, &["\"ok\":true", "\"erased\":false"]);
    drop(in_the_way);
    let answer = replay.answer(r#"{"op": "delete", "id": "5"}"#);
    assert!(answer.contains("\"ok\":true") && !answer.contains("erased"), "{answer}");
    let holds =
        |name: &str| fs::read(folder.path(name)).is_ok_and(|bytes| bytes.windows(4).any(|bytes| bytes == b"bob@"));
    assert!(!holds("a.db") && !holds("a.db-wal"), "while the process runs");
    replay.end();
}

#[test]
fn a_second_name_is_refused_by_every_command() {
    let folder = Folder::new();
    folder.file("in.csv", CONTACTS);
    folder.done(&["db", "import", "a.db", "in.csv"]);
    fs::hard_link(folder.path("a.db"), folder.path("b.db")).expect("a link");
    for arguments in [
        &["db", "import", "b.db", "in.csv"] as &[&str],
        &["db", "history", "b.db"],
        &["db", "export", "b.db"],
        &["db", "suggest", "b.db"],
        &["replay", "in.csv", "--db", "b.db"],
    ] {
        folder.fails(arguments, 1, "several names");
    }
}
