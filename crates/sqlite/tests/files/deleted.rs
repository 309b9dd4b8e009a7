//! Nothing is left of a person once the deletion is answered, while the process still runs.

use std::time::{Duration, Instant};

use onefold::{Field, MergeRequest};
use onefold_sqlite::{Erasure, Store};
use onefold_workspace::{Act, Selection, UndoRequest, Workspace};

use crate::database::{Folder, contact, database, reader};

const CANARY: &str = "canary-7f3a";

/// Gives contact 17 values that are found nowhere else, again and again, among edits of others that move rows.
fn write_canaries(store: &mut Store, workspace: &mut Workspace<u64>) {
    let act = Act::default();
    for round in 0..12 {
        for id in 10..30 {
            let word = if id == 17 { format!("{CANARY}-{round} ") } else { format!("other-{id}-{round} ") };
            let edited = contact(id, &word.repeat(3 + (round * 7 + usize::try_from(id).expect("small")) % 60));
            store.apply(&workspace.edit(edited, &act).expect("live").changes).expect("written");
        }
    }
    let merged = workspace.merge(&MergeRequest::new("m1"), &17, &[18], &act).expect("live");
    store.apply(&merged.changes).expect("written");
    let undone = workspace.undo("m1", &UndoRequest::new(), &act).expect("it stands");
    store.apply(&undone.changes).expect("written");
    store.apply(&workspace.drain_events().changes).expect("written");
    let merged = workspace.merge(&MergeRequest::new("m2"), &19, &[17], &act).expect("live");
    store.apply(&merged.changes).expect("written");
}

fn delete(store: &mut Store, workspace: &mut Workspace<u64>, id: u64) {
    let deleted = workspace.delete(&id, &Act::default()).expect("live");
    store.apply(&deleted.changes).expect("written");
}

#[test]
fn nothing_is_left_when_the_deletion_is_answered() {
    let folder = Folder::new();
    let path = folder.path("a.db");
    let (mut store, mut workspace) = database(&path, 300);
    write_canaries(&mut store, &mut workspace);
    assert!(folder.holds(CANARY) && folder.holds("other-20"));
    delete(&mut store, &mut workspace, 19);
    assert_eq!(store.erasure(), Erasure::Complete);
    assert!(!folder.holds(CANARY), "while the store is open");
    assert!(folder.holds("other-20"));
    // Another one at once.
    delete(&mut store, &mut workspace, 20);
    assert!(!folder.holds("other-20") && folder.holds("other-21"));
    drop(store);
    assert!(!folder.holds(CANARY));
    assert_eq!(Store::open::<u64>(&path).expect("closed").1.to_state(), workspace.to_state());
}

#[test]
fn a_reader_in_the_way_is_waited_for_and_then_the_rest_is_done_at_the_next_chance() {
    let folder = Folder::new();
    let path = folder.path("a.db");
    let (store, mut workspace) = database(&path, 60);
    let limit = Duration::from_millis(100);
    let mut store = store.reader_wait(limit);
    write_canaries(&mut store, &mut workspace);
    let in_the_way = reader(&path);
    let began = Instant::now();
    delete(&mut store, &mut workspace, 19);
    assert!(began.elapsed() >= limit, "{:?}", began.elapsed());
    assert_eq!(store.erasure(), Erasure::Pending);
    assert!(folder.holds(CANARY), "somebody still reads it");
    let edited = workspace.edit(contact(30, "new"), &Act::default()).expect("live");
    store.apply(&edited.changes).expect("a reader holds up no writer");
    assert_eq!(store.erase().expect("nothing is wrong"), Erasure::Pending);
    drop(in_the_way);
    let edited = workspace.edit(contact(30, "newer"), &Act::default()).expect("live");
    store.apply(&edited.changes).expect("written");
    assert_eq!(store.erasure(), Erasure::Complete);
    assert!(!folder.holds(CANARY));
}

#[test]
fn what_a_killed_process_left_is_erased_when_the_database_is_opened_next() {
    let (folder, after_kill) = (Folder::new(), Folder::new());
    let path = folder.path("a.db");
    let (store, mut workspace) = database(&path, 60);
    let mut store = store.reader_wait(Duration::ZERO);
    write_canaries(&mut store, &mut workspace);
    let in_the_way = reader(&path);
    delete(&mut store, &mut workspace, 19);
    folder.copy_to(&after_kill, "a.db");
    assert!(after_kill.holds(CANARY));
    let (opened, read) = Store::open::<u64>(&after_kill.path("a.db")).expect("what was committed");
    assert_eq!(opened.erasure(), Erasure::Complete);
    assert!(!after_kill.holds(CANARY), "while it is open");
    assert_eq!(read.to_state(), workspace.to_state());
    // The store that could not erase it before it was closed does so then.
    drop(in_the_way);
    drop(store);
    assert!(!folder.holds(CANARY));
}

#[test]
fn who_is_deleted_alone_is_gone_at_once_while_a_deletion_of_many_waits() {
    let folder = Folder::new();
    let path = folder.path("a.db");
    let (mut store, mut workspace) = database(&path, 60);
    let act = Act::default();
    let all = workspace.contacts().count();
    let asked = workspace.begin_deletion(&Selection::All, all, &act).expect("confirmed");
    store.apply(&asked.changes).expect("written");
    let batch = workspace.continue_deletion(asked.outcome, 10, &act).expect("it is there");
    store.apply(&batch.changes).expect("written");
    assert_eq!(store.erasure(), Erasure::Pending, "the deletion goes on");
    let one = workspace.contacts().next().expect("some are left").id;
    let deleted = workspace.delete(&one, &act).expect("live");
    store.apply(&deleted.changes).expect("written");
    assert_eq!(store.erasure(), Erasure::Complete);
    let stopped = workspace.stop_deletion(asked.outcome, &act).expect("it is there");
    store.apply(&stopped.changes).expect("written");
    assert_eq!(store.erasure(), Erasure::Complete);
}

#[test]
fn a_deletion_in_batches_leaves_nothing_at_its_end() {
    let folder = Folder::new();
    let path = folder.path("a.db");
    let (mut store, mut workspace) = database(&path, 120);
    write_canaries(&mut store, &mut workspace);
    let act = Act::default();
    let all = workspace.contacts().count();
    let asked = workspace.begin_deletion(&Selection::All, all, &act).expect("confirmed");
    store.apply(&asked.changes).expect("written");
    let deletion = asked.outcome;
    let mut pending = 0;
    loop {
        let batch = workspace.continue_deletion(deletion, 25, &act).expect("it is there");
        store.apply(&batch.changes).expect("written");
        if batch.outcome.is_finished() {
            break;
        }
        pending += usize::from(store.erasure() == Erasure::Pending);
    }
    assert!(pending > 1, "the database is written anew once");
    assert_eq!(store.erasure(), Erasure::Complete);
    assert!(!folder.holds(CANARY) && !folder.holds("@example.com"));
    assert_eq!(workspace.contacts().filter(|contact| contact.get(&Field::FirstName).is_some()).count(), 0);
}
