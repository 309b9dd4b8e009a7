//! Who reads a database sees what was committed last, changes nothing, and is never held up.

use std::fs;

use onefold_sqlite::{Store, StoreError};
use onefold_workspace::Act;

use crate::database::{Folder, contact, database, reader};

/// All files with their bytes.
fn files(folder: &Folder) -> Vec<(String, Vec<u8>)> {
    let read = |name: String| {
        let bytes = fs::read(folder.path(&name)).expect("a file");
        (name, bytes)
    };
    folder.names().into_iter().map(read).collect()
}

#[test]
fn a_reader_sees_each_commit_while_the_writer_runs() {
    let folder = Folder::new();
    let path = folder.path("a.db");
    let (mut store, mut workspace) = database(&path, 5);
    for id in 10..40 {
        let added = workspace.add(contact(id, &"word ".repeat(200)), &Act::default()).expect("new");
        store.apply(&added.changes).expect("written");
        assert_eq!(Store::read::<u64>(&path).expect("a writer runs").to_state(), workspace.to_state());
        if id % 10 == 0 {
            // The log is empty then, and the store open.
            let deleted = workspace.delete(&id, &Act::default()).expect("live");
            store.apply(&deleted.changes).expect("written");
            assert_eq!(Store::read::<u64>(&path).expect("a writer runs").to_state(), workspace.to_state());
        }
    }
    drop(store);
    assert_eq!(Store::read::<u64>(&path).expect("closed").to_state(), workspace.to_state());
}

#[test]
fn reading_changes_no_file_and_makes_none() {
    let folder = Folder::new();
    let path = folder.path("a b?mode=rw#%20.db");
    let (store, workspace) = database(&path, 20);
    drop(store);
    let before = files(&folder);
    assert_eq!(Store::read::<u64>(&path).expect("closed").to_state(), workspace.to_state());
    assert_eq!(files(&folder), before);
    for name in ["none.db", "text.db", "empty.db"] {
        match name {
            "text.db" => fs::write(folder.path(name), "Call Ada back. ".repeat(100)).expect("a file"),
            "empty.db" => fs::write(folder.path(name), "").expect("a file"),
            _ => {}
        }
        let before = files(&folder);
        let refused = Store::read::<u64>(&folder.path(name)).expect_err("no database");
        assert!(matches!(refused, StoreError::Foreign | StoreError::Failed(_)), "{name}: {refused:?}");
        assert_eq!(files(&folder), before);
    }
}

#[test]
fn what_a_killed_process_committed_is_read_as_well() {
    let (folder, after_kill) = (Folder::new(), Folder::new());
    let path = folder.path("a.db");
    let (_store, workspace) = database(&path, 20);
    let _holds_the_log = reader(&path);
    folder.copy_to(&after_kill, "a.db");
    let read = Store::read::<u64>(&after_kill.path("a.db")).expect("what was committed");
    assert_eq!(read.to_state(), workspace.to_state());
}
