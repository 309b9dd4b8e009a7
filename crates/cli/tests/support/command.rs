//! The command as a user runs it, and a folder for its files.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

/// A file of which contacts 1, 2, 3 and 5 are one person.
pub const CONTACTS: &str = "\
id,first_name,email,phone,account\r
1,Ada,ada@example.com,,a\r
\r
2,\"A. \"\"B\"\"\",ADA@example.com,+1 202 555 0101,a\r
\"open quote,x,y\r
3,,,+12025550101,a\r
4,Bob,bob@example.com,,a\r
5,Ada,ada@example.com,,b";

/// Merges whatever keys connect in `in.csv`.
pub const MERGE: [&str; 7] = ["merge", "in.csv", "--all", "--output", "out.csv", "--patches", "patches"];
/// Takes back what [`MERGE`] did.
pub const UNDO: [&str; 6] = ["undo", "out.csv", "--patches", "patches", "--output", "back.csv"];

/// A folder that goes with the test.
pub struct Folder(tempfile::TempDir);

impl Folder {
    /// An empty folder.
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    /// A new file.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, content).expect("a file");
        path
    }

    /// The path of a file.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// What a file holds.
    #[track_caller]
    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("a file")
    }

    /// The names of all files, in order.
    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).expect("a folder");
        let mut names: Vec<String> =
            entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8")).collect();
        names.sort();
        names
    }

    /// Runs the command in the folder.
    pub fn onefold(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_onefold"));
        command.args(arguments).current_dir(self.0.path()).stdin(Stdio::null());
        command.output().expect("the command runs")
    }

    /// Runs the command in the folder, which must go well, and gives what it says.
    #[track_caller]
    pub fn done(&self, arguments: &[&str]) -> String {
        let output = self.onefold(arguments);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{said}");
        said
    }

    /// Runs the command in the folder, which must end with this status and in this sentence, and write nothing.
    #[track_caller]
    pub fn fails(&self, arguments: &[&str], status: i32, sentence: &str) {
        let names = self.names();
        let output = self.onefold(arguments);
        let said = text(&output.stderr);
        assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(status), ""), "{said}");
        assert!(said.contains(sentence), "{said}");
        assert_eq!(self.names(), names, "nothing is left behind");
    }
}

/// Bytes as text.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// Arguments and more of them.
pub fn with<'a>(arguments: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    [arguments, more].concat()
}

/// The ids of the merges in a file of patches, in order.
pub fn merges(folder: &Folder, name: &str) -> Vec<String> {
    let lines = folder.read(name);
    let merges = lines.lines().filter_map(|line| line.strip_prefix("{\"merge\":\""));
    merges.map(|line| line.split('"').next().expect("an id").to_owned()).collect()
}

/// All of `parts` were said.
#[track_caller]
pub fn assert_says(said: &str, parts: &[&str]) {
    for part in parts {
        assert!(said.contains(part), "{part} is not in {said}");
    }
}
