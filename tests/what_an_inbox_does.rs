//! Tags, channels, messages and blocks, as the users of an inbox know them: one rule a test.

use onefold::{
    Act, Channel, ChannelKind, ChannelState, Contact, Edits, Event, Field, Filter, Happened, MergeRequest, Normalizer,
    Role, Sender, Settings, Source, UndoRequest, Value, Visibility, Workspace, WorkspaceError,
};

const DAY: i64 = 24 * 60 * 60 * 1000;

fn act(at: i64) -> Act {
    Act::new(at, "ada")
}

fn with(contacts: impl IntoIterator<Item = Contact<u32>>) -> Workspace<u32> {
    let mut workspace = Workspace::new(Settings::new().normalizer(Normalizer::new()));
    for contact in contacts {
        let _ = workspace.add(contact, &act(0)).expect("new");
    }
    let _ = workspace.drain_events();
    workspace
}

fn tags_of(workspace: &Workspace<u32>, id: u32) -> Vec<&str> {
    workspace.get(&id).expect("live").tags().collect()
}

fn happened(events: Vec<Event<u32>>) -> Vec<Happened<u32>> {
    events.into_iter().map(|event| event.what).collect()
}

#[test]
fn tags_are_created_while_they_are_assigned() {
    let mut workspace = with([Contact::new(1), Contact::new(2).with(Field::Tags, vec!["vip"])]);
    let assigned = workspace.assign_tags(&[1, 2], &[" vip ", "new", "new"], &act(5)).expect("live").outcome;
    assert_eq!((assigned.created.len(), assigned.contacts), (2, 2));
    assert_eq!((tags_of(&workspace, 1), tags_of(&workspace, 2)), (vec!["vip", "new"], vec!["vip", "new"]));
    assert_eq!(workspace.get(&1).and_then(Contact::updated_at), Some(5));
    let events = happened(workspace.drain_events().outcome);
    let Some(Happened::ContactUpdated { contact: 2, changes, .. }) = events.last() else { panic!("{events:?}") };
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
    let _ = workspace.undo("m", &UndoRequest::new().edits(Edits::Keep), &act(3)).expect("stands");
    assert_eq!(workspace.get(&2), Some(&retired.with(Field::Tags, vec!["gold"])));
    assert_eq!(tags_of(&workspace, 1), [""; 0], "it has none of the other's");
}

fn inbox() -> Workspace<u32> {
    let connected = |identity: &str, at| {
        let mut channel = Channel::new(ChannelKind::Facebook, "page", identity);
        channel.connected_at = Some(onefold::Time::from_millis(at));
        channel
    };
    let mut workspace = with([
        Contact::new(1)
            .with_phone("+44 20 7946 0958")
            .with_channel(connected("psid-b", 9))
            .with_channel(connected("psid-a", 3)),
        Contact::new(2).with_email("info@example.com"),
        Contact::new(3).with_phone("not a phone"),
    ]);
    for (account, kind) in [
        ("wa", ChannelKind::WhatsApp),
        ("sms", ChannelKind::Sms),
        ("mail", ChannelKind::Email),
        ("page", ChannelKind::Facebook),
        ("web", ChannelKind::Web),
    ] {
        let _ = workspace.set_account(account, kind, account, &act(0)).expect("allowed");
    }
    workspace
}

fn states(workspace: &Workspace<u32>, id: u32) -> Vec<(String, String)> {
    let name = |state: &ChannelState| match state {
        ChannelState::Active { channels } => {
            let identities: Vec<&str> = channels.iter().map(|channel| channel.identity.as_str()).collect();
            format!("active {}", identities.join(" "))
        }
        ChannelState::Inactive { identity } => format!("inactive {identity}"),
        _ => "unavailable".to_owned(),
    };
    let channels = workspace.channels_of(&id).expect("live");
    channels.iter().map(|channel| (channel.account.to_string(), name(&channel.state))).collect()
}

#[test]
fn an_account_is_active_inactive_or_unavailable_to_a_contact() {
    let workspace = inbox();
    let of = |id| {
        states(&workspace, id).into_iter().map(|(account, state)| format!("{account}: {state}")).collect::<Vec<_>>()
    };
    assert_eq!(
        of(1),
        [
            "mail: unavailable",
            "page: active psid-a psid-b",
            "sms: inactive +442079460958",
            "wa: inactive +442079460958",
            "web: unavailable"
        ]
    );
    assert_eq!(
        of(2),
        [
            "mail: inactive info@example.com",
            "page: unavailable",
            "sms: unavailable",
            "wa: unavailable",
            "web: unavailable"
        ]
    );
    assert!(of(3).iter().all(|state| state.ends_with("unavailable")), "{:?}", of(3));
}

#[test]
fn a_first_message_connects_what_was_inactive() {
    let mut workspace = inbox();
    let _ = workspace.drain_events();
    let _ = workspace.send(&1, "wa", &act(7)).expect("inactive");
    assert!(states(&workspace, 1).contains(&("wa".to_owned(), "active +442079460958".to_owned())));
    let events = happened(workspace.drain_events().outcome);
    assert!(events.contains(&Happened::ChannelConnected { contact: 1, account: "wa".into() }), "{events:?}");
    let _ = workspace.send(&1, "wa", &act(8)).expect("active");
    assert_eq!(happened(workspace.drain_events().outcome), [], "it was connected");
    let unavailable = WorkspaceError::ChannelUnavailable { id: 1, account: "web".into() };
    assert_eq!(workspace.send(&1, "web", &act(8)).map(drop), Err(unavailable));
    let unknown = WorkspaceError::UnknownAccount { account: "fax".into() };
    assert_eq!(workspace.send(&1, "fax", &act(8)).map(drop), Err(unknown));
}

#[test]
fn who_writes_first_connects_what_was_unavailable() {
    let mut workspace = inbox();
    let received = workspace.receive(&3, Some(&Sender::new("web", "visitor-1")), &act(7)).expect("live").outcome;
    assert_eq!((received.contact, received.visibility), (3, Visibility::Shown));
    assert!(states(&workspace, 3).contains(&("web".to_owned(), "active visitor-1".to_owned())));
    // Under an id that was merged away since.
    let _ = workspace.merge(&MergeRequest::new("m"), &1, &[3], &act(8)).expect("live");
    let received = workspace.receive(&3, Some(&Sender::new("web", "visitor-1")), &act(9)).expect("live").outcome;
    assert_eq!(received.contact, 1);
    let _ = workspace.delete(&1, &act(10)).expect("live");
    assert_eq!(workspace.receive(&3, None, &act(11)).map(drop), Err(WorkspaceError::Deleted { id: 3 }));
}

#[test]
fn a_removed_channel_takes_its_key_out_of_the_index() {
    let channel = Channel::new(ChannelKind::WhatsApp, "wa", "12025550101@s.whatsapp.net");
    let mut workspace = with([Contact::new(1).with_channel(channel), Contact::new(2).with_phone("+1 202 555 0101")]);
    assert_eq!(workspace.index().suggestions().len(), 1);
    let agent = act(1).of_user(Role::Agent);
    assert!(matches!(
        workspace.remove_channel(&1, "wa", None, &agent).map(drop),
        Err(WorkspaceError::NotAllowed { .. })
    ));
    let _ = workspace.remove_channel(&1, "wa", None, &act(1).of_user(Role::Manager)).expect("it has one");
    assert_eq!(workspace.index().suggestions().len(), 0);
    let gone = WorkspaceError::UnknownChannel { id: 1, account: "wa".into() };
    assert_eq!(workspace.remove_channel(&1, "wa", None, &act(1)).map(drop), Err(gone));
}

#[test]
fn blocking_closes_locks_stops_and_hides_and_unblocking_reverts() {
    let mut workspace = inbox();
    let _ = workspace.drain_events();
    let _ = workspace.block(&1, &act(5)).expect("live");
    assert_eq!(
        happened(workspace.drain_events().outcome),
        [
            Happened::ContactBlocked { contact: 1 },
            Happened::ConversationClosed { contact: 1 },
            Happened::ConversationLocked { contact: 1 },
            Happened::WorkflowsStopped { contact: 1 },
        ]
    );
    assert!(workspace.block(&1, &act(6)).expect("live").changes.is_empty(), "twice is no news");
    assert_eq!(workspace.blocked().map(|one| (one.contact, one.since)).collect::<Vec<_>>(), [(1, 5)]);
    let before = workspace.get(&1).cloned();
    let hidden = workspace.receive(&1, Some(&Sender::new("web", "visitor")), &act(7)).expect("live").outcome;
    assert_eq!((hidden.visibility, workspace.get(&1).cloned()), (Visibility::Hidden, before), "nothing is connected");
    assert_eq!(workspace.send(&1, "wa", &act(7)).map(drop), Err(WorkspaceError::Blocked { id: 1 }));
    let _ = workspace.unblock(&1, &act(8)).expect("live");
    assert_eq!(
        happened(workspace.drain_events().outcome),
        [Happened::ContactUnblocked { contact: 1 }, Happened::ConversationUnlocked { contact: 1 }]
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
        workspace.monthly_active(from, to)
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
    let _ = workspace.forget_activity(cycle(2).0, &in_cycle(3, 5)).expect("allowed");
    assert_eq!(workspace.monthly_active(cycle(1).0, cycle(1).1), 1, "what was hidden is kept with the block");
    let _ = workspace.delete(&2, &in_cycle(3, 6)).expect("live");
    assert_eq!([1, 3].map(|number| active(&workspace, number)), [1, 1], "what was counted stays counted");
    let _ = workspace.forget_activity(cycle(4).0, &in_cycle(4, 1)).expect("allowed");
    assert_eq!([1, 3].map(|number| active(&workspace, number)), [0, 0]);
}

#[test]
fn a_merge_does_not_make_a_block_younger() {
    let mut workspace = inbox();
    let cycle = |number: i64| act(number * 30 * DAY + DAY);
    let _ = workspace.block(&3, &cycle(1)).expect("live");
    let _ = workspace.merge(&MergeRequest::new("m").allow_blocked(), &2, &[3], &cycle(4)).expect("live");
    assert_eq!(workspace.blocked().map(|one| (one.contact, one.since)).collect::<Vec<_>>(), [(2, 31 * DAY)]);
    let _ = workspace.receive(&2, None, &cycle(4)).expect("live");
    assert_eq!(workspace.monthly_active(4 * 30 * DAY, 5 * 30 * DAY), 0, "blocked in an earlier cycle");
    let _ = workspace.undo("m", &UndoRequest::new(), &cycle(5)).expect("stands");
    assert_eq!(workspace.blocked().map(|one| (one.contact, one.since)).collect::<Vec<_>>(), [(3, 31 * DAY)]);
}

#[test]
fn activity_belongs_to_the_id_that_wrote() {
    let mut workspace = inbox();
    let _ = workspace.merge(&MergeRequest::new("m"), &1, &[2], &act(1)).expect("live");
    let _ = workspace.receive(&2, None, &act(2 * DAY)).expect("merged away");
    let _ = workspace.undo("m", &UndoRequest::new(), &act(3 * DAY)).expect("stands");
    let _ = workspace.delete(&1, &act(3 * DAY)).expect("live");
    assert_eq!(workspace.monthly_active(0, 30 * DAY), 1);
    let _ = workspace.delete(&2, &act(3 * DAY)).expect("live");
    assert_eq!(workspace.monthly_active(0, 30 * DAY), 1, "deleting nobody takes it off the bill");
}

#[test]
fn who_is_blocked_by_an_undo_is_so_since_the_survivor_was() {
    let mut workspace = inbox();
    let _ = workspace.merge(&MergeRequest::new("m"), &1, &[2], &act(1)).expect("live");
    let _ = workspace.block(&1, &Act::new(10, "eve")).expect("live");
    let _ = workspace.undo("m", &UndoRequest::new(), &act(40 * DAY)).expect("stands");
    let blocked: Vec<(u32, i64, Box<str>)> = workspace.blocked().map(|one| (one.contact, one.since, one.by)).collect();
    assert_eq!(blocked, [(1, 10, "eve".into()), (2, 10, "eve".into())]);
}

/// Who was blocked before the merge stays so since then; and a survivor whose block was its own passes it to nobody.
#[test]
fn who_is_not_blocked_by_an_undo_takes_over_no_block() {
    let mut workspace = inbox();
    let _ = workspace.block(&1, &Act::new(10, "eve")).expect("live");
    let _ = workspace.merge(&MergeRequest::new("m").allow_blocked(), &1, &[2], &act(20)).expect("live");
    let _ = workspace.undo("m", &UndoRequest::new(), &act(30)).expect("stands");
    assert_eq!(workspace.blocked().map(|one| (one.contact, one.since)).collect::<Vec<_>>(), [(1, 10)]);
    // Nothing of a block is left behind the contact that could come to light with the next one.
    let _ = workspace.block(&2, &act(40)).expect("live");
    assert_eq!(workspace.blocked().map(|one| (one.contact, one.since)).collect::<Vec<_>>(), [(1, 10), (2, 40)]);
}

#[test]
fn a_block_at_the_same_moment_is_the_same_block() {
    let mut workspace = inbox();
    for _ in 0..2 {
        let _ = workspace.block(&1, &act(5)).expect("live");
        let _ = workspace.receive(&1, None, &act(5)).expect("live");
        assert_eq!(workspace.monthly_active(0, DAY * 30), 1);
        let _ = workspace.unblock(&1, &act(5)).expect("live");
    }
    let _ = workspace.block(&1, &act(5)).expect("live");
    assert_eq!(workspace.monthly_active(0, DAY * 30), 1);
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
    assert!(events.contains(&Happened::TagDeleted { tag: "".into() }), "{events:?}");
}

#[test]
fn an_account_keeps_its_kind() {
    let mut workspace = inbox();
    let other = WorkspaceError::OtherKind { account: "wa".into() };
    assert_eq!(workspace.set_account("wa", ChannelKind::Sms, "x", &act(1)).map(drop), Err(other));
    assert!(workspace.set_account("wa", ChannelKind::WhatsApp, "Support", &act(1)).is_ok());
    assert!(matches!(
        workspace.receive(&1, Some(&Sender::new("wa", " ")), &act(1)).map(drop),
        Err(WorkspaceError::BadName { .. })
    ));
}

/// What one row costs in events does not depend on how many others there are with the same key.
#[test]
fn a_key_that_too_many_hold_is_told_once_and_not_for_all() {
    let mut workspace = with([]);
    let rows = (0..5_000).map(|id| Contact::new(id).with_email("office@example.com"));
    let _ = workspace.import(rows, onefold::Existing::Reject, &act(1)).expect("allowed");
    let told = |events: Vec<Happened<u32>>| -> usize {
        let of = |what: &Happened<u32>| match what {
            Happened::SuggestionsChanged { contacts } => contacts.len(),
            _ => 0,
        };
        events.iter().map(of).sum()
    };
    assert_eq!(told(happened(workspace.drain_events().outcome)), 0, "it never joined anybody");
    let mut workspace = with([]);
    for id in 0..200 {
        let _ = workspace.add(Contact::new(id).with_email("office@example.com"), &act(1)).expect("new");
    }
    // 2 + 3 + .. + 25 while it joins, and 26 when it ceases to.
    assert_eq!(told(happened(workspace.drain_events().outcome)), (2..=26).sum::<usize>());
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
        assert_eq!(workspace.monthly_active(from, to), ids.len(), "{from} to {to}");
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
        assert_eq!(workspace.monthly_active(0, 30 * DAY), 1);
        assert_eq!(workspace.monthly_active(8 * DAY, 30 * DAY), 1);
        let _ = workspace.delete(&1, &act(10 * DAY));
    }
}

#[test]
fn a_channel_brings_a_name_a_picture_a_link_and_a_country() {
    let mut workspace = inbox();
    let sender = Sender::new("wa", "5511987654321@s.whatsapp.net");
    let sender = sender.display_name("Bia").avatar("https://example.com/bia.png").url("https://example.com/chat/1");
    let _ = workspace.receive(&3, Some(&sender), &act(7)).expect("live");
    let contact = workspace.get(&3).expect("live");
    assert_eq!(contact.get(&Field::DisplayName), Some(&"Bia".into()));
    assert_eq!(contact.get(&Field::Avatar), Some(&"https://example.com/bia.png".into()));
    assert_eq!(contact.channels()[0].url.as_deref(), Some("https://example.com/chat/1"));
    assert_eq!(contact.country(), Some("BR"));
    assert_eq!(contact.provenance[&Field::DisplayName].source, Source::Channel(ChannelKind::WhatsApp));
    assert_eq!(contact.provenance[&Field::Country].source, Source::Derived);
    // The same again changes nothing; what is new is taken, and what is not said stays.
    let before = contact.clone();
    let _ = workspace.receive(&3, Some(&sender), &act(8)).expect("live");
    assert_eq!(workspace.get(&3), Some(&before));
    let later = Sender::new("wa", sender.identity).display_name("Beatriz").url("https://example.com/chat/2");
    let _ = workspace.receive(&3, Some(&later), &act(9)).expect("live");
    let contact = workspace.get(&3).expect("live");
    assert_eq!(contact.get(&Field::DisplayName), Some(&"Beatriz".into()));
    assert_eq!(contact.get(&Field::Avatar), before.get(&Field::Avatar));
    assert_eq!(contact.channels()[0].url.as_deref(), Some("https://example.com/chat/2"));
    assert_eq!(contact.channels()[0].connected_at, before.channels()[0].connected_at);
    let long = "x".repeat(onefold::MAX_TEXT_BYTES + 1);
    let refused = workspace.receive(&3, Some(&Sender::new("wa", "1").display_name(&long)), &act(9)).map(drop);
    assert!(matches!(refused, Err(WorkspaceError::DoesNotFit { field: Field::DisplayName, .. })));
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

#[test]
fn contacts_and_tags_that_are_given_twice_count_once() {
    let mut workspace = with([Contact::new(1), Contact::new(2)]);
    let assigned = workspace.assign_tags(&[1, 1, 2, 1], &["vip", "vip"], &act(1)).expect("live").outcome;
    assert_eq!((assigned.contacts, assigned.created.len()), (2, 1));
    assert_eq!(tags_of(&workspace, 1), ["vip"]);
    assert_eq!(workspace.remove_tags(&[2, 2], &["vip", "vip"], &act(1)).expect("live").outcome, 1);
    let ids = vec![1; onefold::MAX_SELECTED + 1];
    assert!(workspace.assign_tags(&ids, &["new"], &act(1)).is_ok(), "one contact is selected");
}

#[test]
fn one_identity_of_an_account_can_be_removed() {
    let channel = |identity: &str| Channel::new(ChannelKind::Web, "web", identity);
    let mut workspace = with([Contact::new(1).with_channel(channel("a")).with_channel(channel("b"))]);
    let gone = WorkspaceError::UnknownChannel { id: 1, account: "web".into() };
    assert_eq!(workspace.remove_channel(&1, "web", Some("c"), &act(1)).map(drop), Err(gone));
    let _ = workspace.remove_channel(&1, "web", Some("a"), &act(1)).expect("it has it");
    assert_eq!(workspace.get(&1).expect("live").channels(), [channel("b")]);
}
