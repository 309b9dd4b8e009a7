//! After a deletion nothing of the person is left, however many were deleted at once.

use onefold::contact::CustomType;
use onefold::{Channel, ChannelKind, Contact, Field, MergeRequest, Time, Value};
use onefold_workspace::{
    Act, EventKind, Protocol, Reaction, Resolved, Selection, Sender, Settings, UndoRequest, Workspace, WorkspaceError,
};
use serde_json::json;

fn act() -> Act {
    Act::new(Time::from_millis(1_700_000_000_000), "ada")
}

/// A contact of whose values each has a word of its own in it.
fn person(id: u32) -> Contact<u32> {
    let word = |what: &str| format!("canary{id}{what}");
    Contact::new(id)
        .with(Field::FirstName, word("first"))
        .with(Field::LastName, word("last"))
        .with(Field::DisplayName, word("display"))
        .with(Field::Tags, vec![word("tag"), "shared".to_owned()])
        .with(Field::Custom("plan".into()), word("plan"))
        .with(Field::from_name("nickname"), Value::Json(format!("[\"{}\"]", word("nick")).into()))
        .with_email(format!("{}@example.com", word("email")))
        .with_phone(format!("+1 202 555 01{id:02}"))
        .with_channel(Channel::new(ChannelKind::Telegram, "bot", word("channel")))
}

#[test]
fn nothing_is_left_after_merges_undos_and_edits() {
    let mut workspace = Workspace::new(Settings::new());
    for id in 1..=6 {
        let _ = workspace.add(person(id), &act()).expect("new");
    }
    let _ = workspace.set_account("web", ChannelKind::Web, "Site", &act()).expect("allowed");
    let _ = workspace.define_field("plan", CustomType::Text, &act()).expect("allowed");
    let _ = workspace.receive(&3, Some(&Sender::new("web", "canary3visitor")), &act()).expect("live");
    let _ = workspace.assign_tags(&[3], &["assigned"], &act()).expect("live");
    let _ = workspace.merge(&MergeRequest::new("m1"), &1, &[2], &act()).expect("live");
    let _ =
        workspace.merge(&MergeRequest::new("m2").set(Field::LastName, "canary3given"), &3, &[1], &act()).expect("live");
    let _ = workspace.set_field(&3, &Field::LastName, "canary3edited".into(), &act()).expect("live");
    let _ = workspace.merge(&MergeRequest::new("m3"), &4, &[5], &act()).expect("live");
    let _ = workspace.undo("m3", &UndoRequest::new(), &act()).expect("stands");
    let _ = workspace.block(&3, &act()).expect("live");
    let _ = workspace.receive(&3, None, &act()).expect("live");
    let rows_about = |state: &str| {
        ["{\"block\":[3,", "{\"activity\":[3,"].map(|row| state.lines().filter(|line| line.starts_with(row)).count())
    };
    assert_eq!(rows_about(&workspace.to_state()), [1, 1]);
    let state = workspace.to_state();
    assert!((1..=6).all(|id| state.contains(&format!("canary{id}"))));
    let deletion = workspace.begin_deletion(&Selection::Contacts(vec![3, 4]), 2, &act()).expect("two").outcome;
    let progress = workspace.continue_deletion(deletion, 100, &act()).expect("begun").outcome;
    assert_eq!((progress.deleted, progress.skipped, progress.is_finished()), (2, 0, true));
    let state = workspace.to_state();
    assert_eq!(rows_about(&state), [1, 1], "when it was active is counted still");
    for gone in [1, 2, 3, 4] {
        assert!(!state.contains(&format!("canary{gone}")), "{state}");
        assert!(!state.contains(&format!("+1 202 555 01{gone:02}")), "{state}");
        assert!(!state.contains(&format!("+120255501{gone:02}")), "{state}");
        assert_eq!(workspace.resolve(&gone), Resolved::Deleted(gone));
    }
    assert!(state.contains("canary5first") && state.contains("canary6first"));
    let events = serde_json::to_string(&workspace.drain_events().outcome).expect("JSON");
    assert!(!["canary1", "canary2", "canary3", "canary4"].iter().any(|word| events.contains(word)), "{events}");
    assert!(workspace.history().all(|record| record.patch().is_none()));
    for name in ["m1", "m2", "m3"] {
        let error = workspace.undo(name, &UndoRequest::new(), &act()).map(drop).expect_err("nothing to undo");
        assert_eq!(error, WorkspaceError::UnknownMerge { merge: name.into() });
    }
}

#[test]
fn batches_are_counted_and_go_on_after_a_restart() {
    let mut workspace = Workspace::new(Settings::new());
    for id in 1..=10 {
        let _ = workspace.add(person(id), &act()).expect("new");
    }
    let unconfirmed = workspace.begin_deletion(&Selection::All, 9, &act()).map(drop);
    assert_eq!(unconfirmed, Err(WorkspaceError::NotConfirmed { contacts: 10, confirmed: 9 }));
    let number = workspace.begin_deletion(&Selection::All, 10, &act()).expect("all").outcome;
    assert_eq!(workspace.len(), 10, "begun is not done");
    let progress = workspace.continue_deletion(number, 3, &act()).expect("begun").outcome;
    assert_eq!((progress.total, progress.deleted, progress.is_finished()), (10, 3, false));
    let _ = workspace.add(person(11), &act()).expect("new");
    let _ = workspace.merge(&MergeRequest::new("m"), &11, &[4], &act()).expect("live");
    let _ = workspace.delete(&5, &act()).expect("live");
    let mut workspace = Workspace::<u32>::from_state(&workspace.to_state()).expect("a state");
    let mut batches = 0;
    let last = loop {
        batches += 1;
        let progress = workspace.continue_deletion(number, 3, &act()).expect("begun").outcome;
        if progress.is_finished() {
            break progress;
        }
    };
    assert_eq!((last.deleted, last.skipped, batches), (8, 2, 2), "one was merged away, one was deleted before");
    assert_eq!(workspace.contacts().map(|contact| contact.id).collect::<Vec<_>>(), [11]);
    let events: Vec<EventKind<u32>> = workspace.drain_events().outcome.into_iter().map(|event| event.kind).collect();
    let finished = events.iter().filter(|what| **what == EventKind::DeletionFinished { deletion: number });
    assert_eq!(finished.count(), 1);
    let histories =
        events.iter().filter(|what| matches!(what, EventKind::Reaction(Reaction::ConversationHistoryDeleted { .. })));
    assert_eq!(histories.count(), 9);
    assert!(workspace.continue_deletion(number, 3, &act()).expect("finished").changes.is_empty());
    assert_eq!(
        workspace.continue_deletion(7, 3, &act()).map(drop),
        Err(WorkspaceError::UnknownDeletion { deletion: 7 })
    );
}

#[test]
fn nobody_is_deleted_whom_nobody_has_confirmed() {
    let mut workspace = Workspace::new(Settings::new());
    for id in 1..=4 {
        let _ = workspace.add(person(id), &act()).expect("new");
    }
    let number = workspace.begin_deletion(&Selection::Contacts(vec![1, 2]), 2, &act()).expect("two").outcome;
    // Another person is merged into one of them, and a new person has the id of the other.
    let _ = workspace.merge(&MergeRequest::new("m"), &1, &[3], &act()).expect("live");
    let _ = workspace.delete(&2, &act()).expect("live");
    let _ = workspace.add(person(2), &act()).expect("new");
    let last = workspace.continue_deletion(number, 0, &act()).expect("begun").outcome;
    assert_eq!((last.deleted, last.skipped, last.is_finished()), (0, 2, true));
    assert_eq!(workspace.len(), 3);
    let none = workspace.begin_deletion(&Selection::Contacts(vec![]), 0, &act()).expect("none").outcome;
    assert!(workspace.deletions().any(|(known, deletion)| known == none && deletion.is_finished()));
}

#[test]
fn a_stopped_deletion_leaves_the_rest() {
    let mut workspace = Workspace::new(Settings::new());
    for id in 1..=4 {
        let _ = workspace.add(person(id), &act()).expect("new");
    }
    let number = workspace.begin_deletion(&Selection::All, 4, &act()).expect("all").outcome;
    let _ = workspace.continue_deletion(number, 1, &act()).expect("begun");
    assert!(workspace.stop_deletion(number, &act()).expect("begun").outcome.is_stopped);
    let _ = workspace.continue_deletion(number, 100, &act()).expect("stopped");
    assert_eq!(workspace.len(), 3);
    assert_eq!(workspace.deletions().count(), 1);
    let another = workspace.begin_deletion(&Selection::All, 3, &act()).expect("all").outcome;
    assert_eq!(another, number + 1);
}

/// The same through the protocol, where everything that the engine hands out is text.
#[test]
fn no_answer_tells_of_a_deleted_person() {
    let mut protocol = Protocol::new();
    let mut ask = |line: serde_json::Value| protocol.answer(&line.to_string()).expect("an answer");
    for id in ["a", "b"] {
        let email = format!("canary-{id}@example.com");
        let contact = json!({"first_name": format!("canary-{id}"), "emails": [email, "shared@example.com"], "tags": [format!("canary-{id}")]});
        let _ = ask(json!({"op": "add", "id": id, "contact": contact}));
    }
    let _ = ask(json!({"op": "merge", "merge": "m", "into": "a", "retire": ["b"]}));
    let _ = ask(json!({"op": "edit", "id": "a", "set": {"tags": ["canary-a", "canary-c"]}}));
    let _ = ask(json!({"op": "delete", "id": "a"}));
    for line in [
        json!({"op": "undo", "merge": "m"}),
        json!({"op": "get", "id": "a"}),
        json!({"op": "details", "id": "b"}),
        json!({"op": "receive", "id": "b"}),
        json!({"op": "merge", "merge": "n", "into": "a", "retire": ["b"]}),
        json!({"op": "history"}),
        json!({"op": "tags"}),
        json!({"op": "export", "format": "csv", "all": true}),
        json!({"op": "check"}),
        json!({"op": "state"}),
        json!({"op": "events"}),
    ] {
        let answer = ask(line.clone());
        assert!(!answer.contains("canary"), "{line}: {answer}");
    }
}

#[test]
fn a_deletion_that_was_stopped_is_read_back() {
    let (mut workspace, act) = (Workspace::new(Settings::new()), Act::new(Time::from_millis(0), "somebody"));
    for id in 1..4 {
        let _ = workspace.add(Contact::new(id).with(Field::Tags, Value::Null), &act).expect("new");
    }
    let _ = workspace.assign_tags(&[3], &["vip"], &act).expect("a contact whose tags were cleared");
    assert_eq!(workspace.get(&3).expect("live").tags().collect::<Vec<_>>(), ["vip"]);
    let _ = workspace.begin_deletion(&Selection::Contacts(vec![1, 2]), 2, &act).expect("two are confirmed");
    let number = workspace.deletions().next().expect("a deletion").0;
    let _ = workspace.continue_deletion(number, 1, &act).expect("one of two");
    let _ = workspace.stop_deletion(number, &act).expect("the other stays");
    let state = workspace.to_state();
    let read = Workspace::<u32>::from_state(&state).expect("what was written");
    assert_eq!((read.len(), read.to_state()), (2, state));
}
