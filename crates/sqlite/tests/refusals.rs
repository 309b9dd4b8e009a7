//! What cannot be opened is refused with one error each, and left as it was.

use std::fs;
use std::path::Path;

use onefold::Contact;
use onefold_sqlite::{APPLICATION_ID, Store, StoreError};
use onefold_workspace::{Act, Workspace};
use rusqlite::Connection;

fn open(path: &Path) -> Result<(Store, Workspace<u64>), StoreError> {
    Store::open(path)
}

/// A database with some contacts, closed.
fn database(path: &Path) -> Workspace<u64> {
    let (mut store, mut workspace) = open(path).expect("new");
    for id in 0..200 {
        let added =
            workspace.add(Contact::new(id).with_email(format!("{id}@example.com")), &Act::default()).expect("new");
        store.apply(&added.changes).expect("written");
    }
    workspace
}

/// Changes a database as another program may.
fn by_hand(path: &Path, statements: &str) {
    Connection::open(path).and_then(|connection| connection.execute_batch(statements)).expect("it is carried out");
}

#[test]
fn another_application_s_database_is_foreign() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.db");
    by_hand(&path, "CREATE TABLE notes (text TEXT)");
    let before = fs::read(&path).expect("a file");
    assert!(matches!(open(&path), Err(StoreError::Foreign)));
    by_hand(&path, "PRAGMA application_id = 7");
    assert!(matches!(open(&path), Err(StoreError::Foreign)));
    by_hand(&path, "PRAGMA application_id = 0");
    assert_eq!(fs::read(&path).expect("a file").len(), before.len());
    let text = folder.path().join("notes.txt");
    fs::write(&text, "Call Ada back, and ask her about the new offer.\n".repeat(100)).expect("a file");
    assert!(matches!(open(&text), Err(StoreError::Foreign)));
    assert!(matches!(open(folder.path()), Err(StoreError::Failed(_))), "a folder");
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 2, "nothing is left beside them");
}

#[test]
fn a_newer_schema_is_reported() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.db");
    database(&path);
    by_hand(&path, "PRAGMA user_version = 9");
    assert!(matches!(open(&path), Err(StoreError::NewerSchema { version: 9, known: 1 })));
    by_hand(
        &path,
        "PRAGMA user_version = 1; UPDATE setting SET row = '{\"onefold_workspace\":4}' WHERE key = '\"settings\"'",
    );
    let message = open(&path).expect_err("rows of a later release").to_string();
    assert!(message.contains("version 4 of the workspace's form is not known"), "{message}");
}

#[test]
fn a_file_that_was_cut_short_is_damaged() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, cut) = (folder.path().join("a.db"), folder.path().join("cut.db"));
    let workspace = database(&path);
    let whole = fs::read(&path).expect("a file");
    for part in 1..40 {
        fs::write(&cut, &whole[..whole.len() * part / 40]).expect("a file");
        assert!(matches!(open(&cut), Err(StoreError::Damaged)), "part {part}");
    }
    fs::write(&cut, &whole[..40]).expect("a file");
    assert!(matches!(open(&cut), Err(StoreError::Foreign | StoreError::Damaged)));
    fs::write(&cut, &whole).expect("a file");
    assert_eq!(open(&cut).expect("whole").1.to_state(), workspace.to_state());
}

#[test]
fn overwritten_pages_are_never_taken_for_a_workspace_in_silence() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, damaged) = (folder.path().join("a.db"), folder.path().join("damaged.db"));
    let workspace = database(&path);
    let whole = fs::read(&path).expect("a file");
    let page = 4096;
    for start in (page..whole.len()).step_by(page) {
        let mut bytes = whole.clone();
        bytes[start..start + page].fill(0xA5);
        fs::write(&damaged, &bytes).expect("a file");
        match open(&damaged) {
            Err(StoreError::Damaged | StoreError::Rows(_) | StoreError::Failed(_)) => {}
            // A page that nothing is read from.
            Ok((_, read)) => assert_eq!(read.to_state(), workspace.to_state()),
            Err(error) => panic!("{error:?}"),
        }
    }
}

#[test]
fn rows_that_do_not_agree_are_reported() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.db");
    database(&path);
    by_hand(&path, "UPDATE contact SET key = '1000' WHERE key = '7'");
    assert!(matches!(open(&path), Err(StoreError::Rows(_))));
    by_hand(&path, "UPDATE contact SET key = '7' WHERE key = '1000'; DROP TABLE tag");
    assert!(matches!(open(&path), Err(StoreError::Failed(_))));
}

#[test]
fn an_error_shows_no_value() {
    let folder = tempfile::tempdir().expect("a folder");
    for (number, spoilt) in [
        "UPDATE contact SET row = '{\"canary' WHERE key = '7'",
        "UPDATE contact SET row = 'canary' WHERE key = '7'",
        "UPDATE setting SET row = '{\"onefold_workspace\":1,\"settings\":\"canary\"}'",
    ]
    .into_iter()
    .enumerate()
    {
        let path = folder.path().join(format!("{number}.db"));
        database(&path);
        by_hand(&path, spoilt);
        let error = open(&path).expect_err("it was spoilt");
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("canary"), "{shown}");
    }
}

#[test]
fn one_writer_at_a_time_and_readers_at_any() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.db");
    let (mut store, mut workspace) = open(&path).expect("new");
    let reader = Connection::open(&path).expect("a reader");
    reader.execute_batch("BEGIN").expect("a reader's transaction");
    let count = |reader: &Connection| -> i64 {
        reader.query_row("SELECT count(*) FROM contact", [], |row| row.get(0)).expect("a number")
    };
    assert_eq!(count(&reader), 0);
    for id in 0..3 {
        assert!(matches!(open(&path), Err(StoreError::OtherWriter)));
        let added = workspace.add(Contact::new(id).with_email("ada@example.com"), &Act::default()).expect("new");
        store.apply(&added.changes).expect("a reader holds up nobody");
        assert_eq!(count(&reader), 0, "a reader sees what there was when it began");
    }
    reader.execute_batch("COMMIT").expect("the end");
    assert_eq!(count(&reader), 3);
    drop(store);
    assert_eq!(open(&path).expect("free again").1.to_state(), workspace.to_state());
}

#[test]
fn a_writer_notices_another_one_that_took_no_lock() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.db");
    let (mut store, mut workspace) = open(&path).expect("new");
    let added = workspace.add(Contact::new(1), &Act::default()).expect("new");
    by_hand(&path, "UPDATE revision SET number = number + 1");
    assert!(matches!(store.apply(&added.changes), Err(StoreError::Outdated)));
    workspace.revert(added.changes);
    drop(store);
    assert_eq!(open(&path).expect("closed").1.to_state(), workspace.to_state());
}

#[test]
fn nothing_is_left_of_a_deleted_contact_after_a_vacuum() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.db");
    let mut workspace = database(&path);
    let holds = |text: &str| {
        let files = fs::read_dir(folder.path()).expect("a folder").map(|entry| entry.expect("an entry").path());
        let bytes: Vec<u8> = files.flat_map(|file| fs::read(file).expect("a file")).collect();
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    };
    assert!(holds("\"17@example.com"));
    let (mut store, _) = open(&path).expect("closed");
    for changes in [workspace.delete(&17, &Act::default()).expect("live").changes, workspace.drain_events().changes] {
        store.apply(&changes).expect("written");
    }
    drop(store);
    by_hand(&path, "VACUUM");
    assert!(!holds("\"17@example.com") && holds("117@example.com"));
    assert_eq!(open(&path).expect("vacuumed").1.to_state(), workspace.to_state());
}

#[test]
fn the_schema_can_be_read_by_a_person() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.db");
    database(&path);
    let reader = Connection::open(&path).expect("a reader");
    let select = "SELECT row ->> '$.contact.emails[0]' FROM contact WHERE key = '17'";
    let email: String = reader.query_row(select, [], |row| row.get(0)).expect("a contact");
    assert_eq!(email, "17@example.com");
    let application: i32 = reader.pragma_query_value(None, "application_id", |row| row.get(0)).expect("a number");
    assert_eq!(application, APPLICATION_ID);
    let loose =
        "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite%' AND strict = 0";
    assert_eq!(reader.query_row(loose, [], |row| row.get::<_, i64>(0)).expect("a number"), 0);
}
