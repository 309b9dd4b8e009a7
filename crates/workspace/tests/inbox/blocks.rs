//! Blocks and activity, as the users of an inbox know them: one rule a test.

use onefold::{Contact, Field, MergeRequest, Time, Value};
use onefold_workspace::{Act, EventKind, Reaction, Sender, UndoRequest, Visibility, Workspace, WorkspaceError};

use crate::filled_inbox::{act, happened, inbox, with};

const DAY: i64 = 24 * 60 * 60 * 1000;

fn active_contacts(workspace: &Workspace<u32>, from: i64, to: i64) -> usize {
    workspace.monthly_active(Time::from_millis(from), Time::from_millis(to))
}

#[test]
fn blocking_closes_locks_stops_and_hides_and_unblocking_reverts() {
    let mut workspace = inbox();
    let _ = workspace.drain_events();
    let _ = workspace.block(&1, &act(5)).expect("live");
    assert_eq!(
        happened(workspace.drain_events().outcome),
        [
            EventKind::ContactBlocked { contact: 1 },
            EventKind::Reaction(Reaction::ConversationClosed { contact: 1 }),
            EventKind::Reaction(Reaction::ConversationLocked { contact: 1 }),
            EventKind::Reaction(Reaction::WorkflowsStopped { contact: 1 }),
        ]
    );
    assert!(workspace.block(&1, &act(6)).expect("live").changes.is_empty(), "twice is no news");
    assert_eq!(workspace.blocked().map(|one| (one.contact, one.since.millis())).collect::<Vec<_>>(), [(1, 5)]);
    let before = workspace.get(&1).cloned();
    let hidden = workspace.receive(&1, Some(&Sender::new("web", "visitor")), &act(7)).expect("live").outcome;
    assert_eq!((hidden.visibility, workspace.get(&1).cloned()), (Visibility::Hidden, before), "nothing is connected");
    assert_eq!(workspace.send(&1, "wa", &act(7)).map(drop), Err(WorkspaceError::Blocked { id: 1 }));
    let _ = workspace.unblock(&1, &act(8)).expect("live");
    assert_eq!(
        happened(workspace.drain_events().outcome),
        [
            EventKind::ContactUnblocked { contact: 1 },
            EventKind::Reaction(Reaction::ConversationUnlocked { contact: 1 })
        ]
    );
    assert_eq!(workspace.receive(&1, None, &act(9)).expect("live").outcome.visibility, Visibility::Shown);
    assert_eq!(workspace.blocked().count(), 0);
}

#[test]
fn hidden_messages_count_in_the_cycle_of_the_block_and_not_later() {
    let mut workspace = inbox();
    let cycle = |number: i64| (number * 30 * DAY, (number + 1) * 30 * DAY);
    let active = |workspace: &Workspace<u32>, number| {
        let (from, to) = cycle(number);
        active_contacts(workspace, from, to)
    };
    let in_cycle = |number: i64, day: i64| act(cycle(number).0 + day * DAY);
    let _ = workspace.receive(&2, None, &in_cycle(1, 0)).expect("live");
    let _ = workspace.receive(&2, None, &in_cycle(1, 29)).expect("live");
    let _ = workspace.block(&1, &in_cycle(1, 3)).expect("live");
    let _ = workspace.receive(&1, None, &in_cycle(1, 4)).expect("live");
    let _ = workspace.receive(&1, None, &in_cycle(2, 4)).expect("live");
    assert_eq!([0, 1, 2, 3].map(|number| active(&workspace, number)), [0, 2, 0, 0]);
    // A second block, in a later cycle.
    let _ = workspace.unblock(&1, &in_cycle(3, 1)).expect("live");
    let _ = workspace.block(&1, &in_cycle(3, 2)).expect("live");
    assert_eq!(active(&workspace, 3), 0, "nothing was written");
    let _ = workspace.receive(&1, None, &in_cycle(3, 3)).expect("live");
    assert_eq!([1, 2, 3].map(|number| active(&workspace, number)), [2, 0, 1]);
    // One person counts once.
    let request = MergeRequest::new("m").allow_blocked();
    let _ = workspace.merge(&request, &2, &[1], &in_cycle(3, 4)).expect("live");
    assert_eq!([1, 3].map(|number| active(&workspace, number)), [1, 1]);
    let _ = workspace.forget_activity(Time::from_millis(cycle(2).0), &in_cycle(3, 5)).expect("allowed");
    assert_eq!(active_contacts(&workspace, cycle(1).0, cycle(1).1), 1, "what was hidden is kept with the block");
    let _ = workspace.delete(&2, &in_cycle(3, 6)).expect("live");
    assert_eq!([1, 3].map(|number| active(&workspace, number)), [1, 1], "what was counted stays counted");
    let _ = workspace.forget_activity(Time::from_millis(cycle(4).0), &in_cycle(4, 1)).expect("allowed");
    assert_eq!([1, 3].map(|number| active(&workspace, number)), [0, 0]);
}

#[test]
fn a_merge_does_not_make_a_block_younger() {
    let mut workspace = inbox();
    let cycle = |number: i64| act(number * 30 * DAY + DAY);
    let _ = workspace.block(&3, &cycle(1)).expect("live");
    let _ = workspace.merge(&MergeRequest::new("m").allow_blocked(), &2, &[3], &cycle(4)).expect("live");
    assert_eq!(workspace.blocked().map(|one| (one.contact, one.since.millis())).collect::<Vec<_>>(), [(2, 31 * DAY)]);
    let _ = workspace.receive(&2, None, &cycle(4)).expect("live");
    assert_eq!(active_contacts(&workspace, 4 * 30 * DAY, 5 * 30 * DAY), 0, "blocked in an earlier cycle");
    let _ = workspace.undo("m", &UndoRequest::new(), &cycle(5)).expect("stands");
    assert_eq!(workspace.blocked().map(|one| (one.contact, one.since.millis())).collect::<Vec<_>>(), [(3, 31 * DAY)]);
}

#[test]
fn activity_belongs_to_the_id_that_wrote() {
    let mut workspace = inbox();
    let _ = workspace.merge(&MergeRequest::new("m"), &1, &[2], &act(1)).expect("live");
    let _ = workspace.receive(&2, None, &act(2 * DAY)).expect("merged away");
    let _ = workspace.undo("m", &UndoRequest::new(), &act(3 * DAY)).expect("stands");
    let _ = workspace.delete(&1, &act(3 * DAY)).expect("live");
    assert_eq!(active_contacts(&workspace, 0, 30 * DAY), 1);
    let _ = workspace.delete(&2, &act(3 * DAY)).expect("live");
    assert_eq!(active_contacts(&workspace, 0, 30 * DAY), 1, "deleting nobody takes it off the bill");
}

#[test]
fn who_is_blocked_by_an_undo_is_so_since_the_survivor_was() {
    let mut workspace = inbox();
    let _ = workspace.merge(&MergeRequest::new("m"), &1, &[2], &act(1)).expect("live");
    let _ = workspace.block(&1, &Act::new(Time::from_millis(10), "eve")).expect("live");
    let _ = workspace.undo("m", &UndoRequest::new(), &act(40 * DAY)).expect("stands");
    let blocked: Vec<(u32, i64, Box<str>)> =
        workspace.blocked().map(|one| (one.contact, one.since.millis(), one.by)).collect();
    assert_eq!(blocked, [(1, 10, "eve".into()), (2, 10, "eve".into())]);
}

/// Who was blocked before the merge stays so since then; and a survivor whose block was its own passes it to nobody.
#[test]
fn who_is_not_blocked_by_an_undo_takes_over_no_block() {
    let mut workspace = inbox();
    let _ = workspace.block(&1, &Act::new(Time::from_millis(10), "eve")).expect("live");
    let _ = workspace.merge(&MergeRequest::new("m").allow_blocked(), &1, &[2], &act(20)).expect("live");
    let _ = workspace.undo("m", &UndoRequest::new(), &act(30)).expect("stands");
    assert_eq!(workspace.blocked().map(|one| (one.contact, one.since.millis())).collect::<Vec<_>>(), [(1, 10)]);
    // Nothing of a block is left behind the contact that could come to light with the next one.
    let _ = workspace.block(&2, &act(40)).expect("live");
    assert_eq!(
        workspace.blocked().map(|one| (one.contact, one.since.millis())).collect::<Vec<_>>(),
        [(1, 10), (2, 40)]
    );
}

#[test]
fn a_block_at_the_same_moment_is_the_same_block() {
    let mut workspace = inbox();
    for _ in 0..2 {
        let _ = workspace.block(&1, &act(5)).expect("live");
        let _ = workspace.receive(&1, None, &act(5)).expect("live");
        assert_eq!(active_contacts(&workspace, 0, DAY * 30), 1);
        let _ = workspace.unblock(&1, &act(5)).expect("live");
    }
    let _ = workspace.block(&1, &act(5)).expect("live");
    assert_eq!(active_contacts(&workspace, 0, DAY * 30), 1);
}

/// Against counting every message, for cycles of a week and more.
#[test]
fn activity_by_weeks_answers_as_a_list_of_all_messages_does() {
    let mut workspace = with((0..20).map(Contact::new));
    let mut random = 7_u64;
    let mut below = |end: u64| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from((random >> 33) % end).expect("small")
    };
    let mut messages = Vec::new();
    for _ in 0..60 {
        let (id, at) = (u32::try_from(below(20)).expect("small"), below(200) * DAY / 2 - 40 * DAY);
        let _ = workspace.receive(&id, None, &act(at)).expect("live");
        messages.push((id, at));
    }
    for _ in 0..500 {
        let from = below(140) * DAY / 2 - 45 * DAY;
        let to = from + 7 * DAY + below(40) * DAY / 3;
        let mut ids: Vec<u32> = messages.iter().filter(|(_, at)| (from..to).contains(at)).map(|(id, _)| *id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(active_contacts(&workspace, from, to), ids.len(), "{from} to {to}");
    }
}

#[test]
fn whoever_is_deleted_counts_once_for_all_that_it_was_made_of() {
    let mut workspace = inbox();
    for id in [1, 2] {
        let _ = workspace.receive(&id, None, &act(2 * DAY)).expect("live");
    }
    let _ = workspace.merge(&MergeRequest::new("m"), &1, &[2], &act(3 * DAY)).expect("live");
    let _ = workspace.receive(&2, None, &act(9 * DAY)).expect("merged away");
    for _ in 0..2 {
        assert_eq!(active_contacts(&workspace, 0, 30 * DAY), 1);
        assert_eq!(active_contacts(&workspace, 8 * DAY, 30 * DAY), 1);
        let _ = workspace.delete(&1, &act(10 * DAY));
    }
}

#[test]
fn blocking_closes_the_conversation_and_unblocking_does_not_open_it() {
    let status = |status: &str| Contact::new(1).with(Field::ConversationStatus, status);
    let of = |workspace: &Workspace<u32>, id: u32| {
        workspace.get(&id).expect("live").get(&Field::ConversationStatus).cloned()
    };
    let mut workspace =
        with([status("open"), Contact::new(2), Contact::new(3).with(Field::ConversationStatus, Value::Null)]);
    for id in 1..=3 {
        let _ = workspace.block(&id, &act(1)).expect("live");
        let _ = workspace.unblock(&id, &act(2)).expect("live");
    }
    assert_eq!([1, 2, 3].map(|id| of(&workspace, id)), [Some("closed".into()), None, Some(Value::Null)]);
    // Whom an undo brings back blocked, it brings back with a conversation that is closed.
    let mut workspace = with([status("open"), status("pending").map_id(|_| 2)]);
    let _ = workspace.merge(&MergeRequest::new("m"), &1, &[2], &act(1)).expect("live");
    let _ = workspace.block(&1, &act(2)).expect("live");
    let _ = workspace.undo("m", &UndoRequest::new(), &act(3)).expect("stands");
    assert_eq!([1, 2].map(|id| of(&workspace, id)), [Some("closed".into()), Some("closed".into())]);
}

#[test]
fn who_is_added_blocked_or_merged_with_who_is_has_a_closed_conversation() {
    let open = |id: u32| Contact::new(id).with(Field::ConversationStatus, "open");
    let mut workspace = with([open(1).blocked(), open(2)]);
    let of = |workspace: &Workspace<u32>, id: u32| {
        workspace.get(&id).expect("live").get(&Field::ConversationStatus).cloned()
    };
    assert_eq!([1, 2].map(|id| of(&workspace, id)), [Some("closed".into()), Some("open".into())]);
    let _ = workspace.merge(&MergeRequest::new("m").allow_blocked(), &2, &[1], &act(1)).expect("allowed");
    assert_eq!(of(&workspace, 2), Some("closed".into()));
    let _ = workspace.undo("m", &UndoRequest::new(), &act(2)).expect("nothing was edited since");
    assert_eq!([1, 2].map(|id| of(&workspace, id)), [Some("closed".into()), Some("open".into())]);
}
