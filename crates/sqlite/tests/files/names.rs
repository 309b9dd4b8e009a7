//! A database is written under one name.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;

use onefold_sqlite::{Store, StoreError};
use onefold_workspace::Act;

use crate::database::{Folder, contact, database};

#[test]
fn a_second_writer_through_a_hard_link_is_refused_and_nothing_is_lost() {
    let (folder, other) = (Folder::new(), Folder::new());
    let path = folder.path("a.db");
    let (mut store, mut workspace) = database(&path, 20);
    let links = [folder.path("link.db"), other.path("a.db")];
    for link in &links {
        fs::hard_link(&path, link).expect("a link");
        for result in [Store::open::<u64>(link).map(drop), Store::read::<u64>(link).map(drop)] {
            assert!(matches!(result, Err(StoreError::Linked)), "{result:?}");
        }
        // The writer that was there first cannot know who has opened the other name.
        let added = workspace.add(contact(100, ""), &Act::default()).expect("new");
        assert!(matches!(store.apply(&added.changes), Err(StoreError::Linked)));
        workspace.revert(added.changes);
        fs::remove_file(link).expect("a link");
    }
    let added = workspace.add(contact(101, ""), &Act::default()).expect("new");
    store.apply(&added.changes).expect("there is one name again");
    drop(store);
    assert_eq!(other.names(), [""; 0], "nothing is left beside a link");
    assert_eq!(folder.names(), ["a.db", "a.db-writer"]);
    assert_eq!(Store::open::<u64>(&path).expect("closed").1.to_state(), workspace.to_state());
}

#[test]
fn a_second_writer_through_a_symbolic_link_is_refused() {
    let (folder, other) = (Folder::new(), Folder::new());
    let path = folder.path("a.db");
    let (store, workspace) = database(&path, 20);
    symlink(&path, other.path("link.db")).expect("a link");
    assert!(matches!(Store::open::<u64>(&other.path("link.db")), Err(StoreError::OtherWriter)));
    assert_eq!(Store::read::<u64>(&other.path("link.db")).expect("readers may").to_state(), workspace.to_state());
    drop(store);
    assert_eq!(Store::open::<u64>(&other.path("link.db")).expect("closed").1.to_state(), workspace.to_state());
}

#[test]
fn a_writer_notices_that_its_file_was_moved_or_replaced() {
    let folder = Folder::new();
    let (path, moved) = (folder.path("a.db"), folder.path("b.db"));
    let (mut store, mut workspace) = database(&path, 20);
    fs::rename(&path, &moved).expect("it is moved");
    let added = workspace.add(contact(100, ""), &Act::default()).expect("new");
    assert!(matches!(store.apply(&added.changes), Err(StoreError::Moved)));
    fs::copy(&moved, &path).expect("a copy in its place");
    assert!(matches!(store.apply(&added.changes), Err(StoreError::Moved)));
    fs::rename(&moved, &path).expect("it is moved back");
    store.apply(&added.changes).expect("it is where it was");
    drop(store);
    assert_eq!(Store::open::<u64>(&path).expect("closed").1.to_state(), workspace.to_state());
}
