//! A folder with a database, and what its files hold.

use std::fs;
use std::path::{Path, PathBuf};

use onefold::{Contact, Field};
use onefold_sqlite::Store;
use onefold_workspace::{Act, Workspace};
use rusqlite::Connection;

/// A folder that goes with the test.
pub struct Folder(tempfile::TempDir);

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    /// The path of a file.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The names of all files, in order.
    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).expect("a folder");
        let names = entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"));
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }

    /// All bytes of a database's files, and those of its log first.
    pub fn holds(&self, text: &str) -> bool {
        self.names().iter().any(|name| {
            let bytes = fs::read(self.path(name)).expect("a file");
            bytes.windows(text.len()).any(|window| window == text.as_bytes())
        })
    }

    /// Copies the files of a database, as a process that is killed now leaves them.
    pub fn copy_to(&self, other: &Self, name: &str) {
        for ending in ["", "-wal"] {
            let name = format!("{name}{ending}");
            if self.path(&name).exists() {
                fs::copy(self.path(&name), other.path(&name)).expect("a copy");
            }
        }
    }
}

/// A contact with a long note.
pub fn contact(id: u64, note: &str) -> Contact<u64> {
    let contact = Contact::new(id).with_email(format!("{id}@example.com")).with(Field::FirstName, format!("Ada {id}"));
    contact.with(Field::Custom("note".into()), note)
}

/// A database with contacts of some hundred bytes, some of which were edited and merged: rows moved from page to page.
pub fn database(path: &Path, contacts: u64) -> (Store, Workspace<u64>) {
    let (mut store, mut workspace) = Store::open(path).expect("new");
    for id in 0..contacts {
        let added = workspace.add(contact(id, &"word ".repeat(60)), &Act::default()).expect("new");
        store.apply(&added.changes).expect("written");
    }
    (store, workspace)
}

/// Another program that reads the database, and holds on to what it saw.
pub fn reader(path: &Path) -> Connection {
    let reader = Connection::open(path).expect("a reader");
    reader.execute_batch("BEGIN").expect("a reader's transaction");
    let _: i64 = reader.query_row("SELECT count(*) FROM contact", [], |row| row.get(0)).expect("a number");
    reader
}
