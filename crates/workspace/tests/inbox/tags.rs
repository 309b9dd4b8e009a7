//! Tags and events, as the users of an inbox know them: one rule a test.

use onefold::{Contact, Edits, Field, MergeRequest};
use onefold_workspace::{EventKind, Filter, UndoRequest, WorkspaceError};

use crate::filled_inbox::{act, happened, tags_of, with};

#[test]
fn tags_are_created_while_they_are_assigned() {
    let mut workspace = with([Contact::new(1), Contact::new(2).with(Field::Tags, vec!["vip"])]);
    let assigned = workspace.assign_tags(&[1, 2], &[" vip ", "new", "new"], &act(5)).expect("live").outcome;
    assert_eq!((assigned.created.len(), assigned.contacts), (2, 2));
    assert_eq!((tags_of(&workspace, 1), tags_of(&workspace, 2)), (vec!["vip", "new"], vec!["vip", "new"]));
    assert_eq!(workspace.get(&1).and_then(Contact::updated_at).map(onefold::Time::millis), Some(5));
    let events = happened(workspace.drain_events().outcome);
    let Some(EventKind::ContactUpdated { contact: 2, changes, .. }) = events.last() else { panic!("{events:?}") };
    assert_eq!((&*changes.tags_added, &*changes.tags_removed), (&["new".to_owned()][..], &[][..]));
    let again = workspace.assign_tags(&[1, 2], &["vip"], &act(6)).expect("live");
    assert!(again.changes.is_empty(), "they have it");
    let counts: Vec<(String, usize)> =
        workspace.find_tags("V").into_iter().map(|tag| (tag.tag.into(), tag.contacts)).collect();
    assert_eq!(counts, [("vip".to_owned(), 2)]);
}

#[test]
fn a_tag_that_is_removed_stays_on_the_list_and_one_that_is_deleted_does_not() {
    let mut workspace = with([Contact::new(1).with(Field::Tags, vec!["imported", "vip"]), Contact::new(2)]);
    assert!(workspace.tags().iter().all(|tag| !tag.is_listed));
    assert_eq!(workspace.remove_tags(&[1, 2], &["imported"], &act(1)).expect("live").outcome, 1);
    let tags: Vec<(String, bool, usize)> =
        workspace.tags().into_iter().map(|tag| (tag.tag.into(), tag.is_listed, tag.contacts)).collect();
    assert_eq!(tags, [("imported".to_owned(), true, 0), ("vip".to_owned(), false, 1)]);
    let affected = workspace.delete_tag("vip", &act(2)).expect("in use").outcome;
    assert_eq!((affected.contacts, tags_of(&workspace, 1)), (1, vec![]));
    assert_eq!(workspace.tags().len(), 1);
    assert_eq!(workspace.delete_tag("vip", &act(2)).map(drop), Err(WorkspaceError::UnknownTag { tag: "vip".into() }));
}

#[test]
fn a_renamed_tag_is_renamed_everywhere_and_keeps_its_place() {
    let mut workspace = with([
        Contact::new(1).with(Field::Tags, vec!["a", "vip", "z"]),
        Contact::new(2).with(Field::Tags, vec!["best"]),
    ]);
    let _ = workspace.save_segment("vips", Filter::Not(Box::new(Filter::Tag("vip".into()))), &act(0)).expect("small");
    let taken = WorkspaceError::DuplicateTag { tag: "best".into() };
    assert_eq!(workspace.rename_tag("vip", "best", &act(1)).map(drop), Err(taken));
    let affected = workspace.rename_tag("vip", "gold", &act(1)).expect("free").outcome;
    assert_eq!((affected.contacts, &*affected.segments), (1, &["vips".into()][..]));
    assert_eq!(tags_of(&workspace, 1), ["a", "gold", "z"]);
    assert!(*workspace.segment("vips").expect("saved") == Filter::Not(Box::new(Filter::Tag("gold".into()))));
    assert!(workspace.tagged("gold").eq(&[1]) && workspace.tagged("vip").next().is_none());
    for bad in ["", "  ", "a\u{7}b", &"x".repeat(257)] {
        assert!(matches!(workspace.create_tag(bad, &act(1)).map(drop), Err(WorkspaceError::BadName { .. })), "{bad:?}");
    }
    assert!(workspace.create_tag(&"x".repeat(256), &act(1)).is_ok());
}

#[test]
fn who_comes_back_by_an_undo_has_its_tags_by_their_names_of_now() {
    let retired = Contact::new(2).with(Field::Tags, vec!["vip"]).with_email("b@example.com");
    let mut workspace = with([Contact::new(1), retired.clone()]);
    let _ = workspace.merge(&MergeRequest::new("m"), &1, &[2], &act(1)).expect("live");
    let _ = workspace.rename_tag("vip", "gold", &act(2)).expect("free");
    assert_eq!(tags_of(&workspace, 1), ["gold"]);
    let _ = workspace.undo("m", &UndoRequest::new().with_edits(Edits::Keep), &act(3)).expect("stands");
    assert_eq!(workspace.get(&2), Some(&retired.with(Field::Tags, vec!["gold"])));
    assert_eq!(tags_of(&workspace, 1), [""; 0], "it has none of the other's");
}

#[test]
fn odd_tags_that_came_with_a_contact_can_be_taken_away() {
    let mut workspace = with([Contact::new(1).with(Field::Tags, vec![" sp", "", "own"])]);
    assert_eq!(workspace.remove_tags(&[1], &[" sp", ""], &act(1)).expect("live").outcome, 1);
    assert_eq!(tags_of(&workspace, 1), ["own"]);
    // The name of a tag that only a person had leaves the events with the person.
    let _ = workspace.delete_tag("own", &act(2)).expect("in use");
    let _ = workspace.delete(&1, &act(3)).expect("live");
    let events = happened(workspace.drain_events().outcome);
    assert!(events.contains(&EventKind::TagDeleted { tag: "".into() }), "{events:?}");
}

#[test]
fn contacts_and_tags_that_are_given_twice_count_once() {
    let mut workspace = with([Contact::new(1), Contact::new(2)]);
    let assigned = workspace.assign_tags(&[1, 1, 2, 1], &["vip", "vip"], &act(1)).expect("live").outcome;
    assert_eq!((assigned.contacts, assigned.created.len()), (2, 1));
    assert_eq!(tags_of(&workspace, 1), ["vip"]);
    assert_eq!(workspace.remove_tags(&[2, 2], &["vip", "vip"], &act(1)).expect("live").outcome, 1);
    let ids = vec![1; onefold_workspace::MAX_SELECTED + 1];
    assert!(workspace.assign_tags(&ids, &["new"], &act(1)).is_ok(), "one contact is selected");
}

/// What one row costs in events does not depend on how many others there are with the same key.
#[test]
fn a_key_that_too_many_hold_is_reported_once_and_not_for_all() {
    let mut workspace = with([]);
    let rows = (0..5_000).map(|id| Contact::new(id).with_email("office@example.com"));
    let _ = workspace.import(rows, onefold_workspace::Existing::Reject, &act(1)).expect("allowed");
    let marked = |events: Vec<EventKind<u32>>| -> usize {
        let of = |what: &EventKind<u32>| match what {
            EventKind::SuggestionsChanged { contacts } => contacts.len(),
            _ => 0,
        };
        events.iter().map(of).sum()
    };
    assert_eq!(marked(happened(workspace.drain_events().outcome)), 0, "it never joined anybody");
    let mut workspace = with([]);
    for id in 0..200 {
        let _ = workspace.add(Contact::new(id).with_email("office@example.com"), &act(1)).expect("new");
    }
    // 2 + 3 + .. + 25 while it joins, and 26 when it ceases to.
    assert_eq!(marked(happened(workspace.drain_events().outcome)), (2..=26).sum::<usize>());
}

#[test]
fn events_wait_until_they_are_acknowledged() {
    let mut workspace = with([Contact::new(1)]);
    let _ = workspace.block(&1, &act(1)).expect("live");
    let seen: Vec<u64> = workspace.events().map(|event| event.number).collect();
    assert_eq!(seen.len(), 4);
    let _ = workspace.acknowledge_events(seen[1]);
    assert!(workspace.events().map(|event| event.number).eq(seen[2..].iter().copied()));
}
