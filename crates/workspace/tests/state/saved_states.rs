//! A workspace that was written is read back by every later release, and what does not hold together is refused.

use onefold::contact::CustomType;
use onefold::{ChannelKind, Contact, Field, MergeRequest, Time, Value};
use onefold_workspace::{Act, Filter, Role, Selection, Sender, Settings, StateError, TimeSpan, UndoRequest, Workspace};

/// A workspace in which there is one of everything.
fn one_of_everything() -> Workspace<u32> {
    let mut workspace = Workspace::new(Settings::new());
    let act = Act::new(Time::from_millis(1_700_000_000_000), "ada");
    let contact = |id: u32| Contact::new(id).with_email(format!("person-{}@example.com", id % 2));
    for id in 1..=8 {
        let _ = workspace.add(contact(id), &act).expect("new");
    }
    let _ = workspace.drain_events();
    let _ = workspace.mark_distinct_forever(&1, &2, &act).expect("live");
    let _ = workspace.mark_distinct(&3, &5, &act).expect("live");
    let request = MergeRequest::new("m1").set(Field::CreatedAt, Time::from_millis(5)).take(Field::LastName, 3);
    let _ = workspace.merge(&request, &1, &[3], &act).expect("live");
    let _ = workspace.merge(&MergeRequest::new("m2"), &2, &[4], &act).expect("live");
    let _ = workspace
        .undo("m2", &UndoRequest::new(), &Act::new(Time::from_millis(1_700_000_000_001), "bob"))
        .expect("stands");
    let _ = workspace.delete(&8, &act.clone().of_user(Role::Owner)).expect("live");
    let _ = workspace.block(&7, &act).expect("live");
    let tagged = contact(6).with(Field::Tags, vec!["vip"]).with(Field::Other("custom.x".into()), Value::Null);
    let _ = workspace.edit(tagged, &act).expect("live");
    let _ = workspace.set_account("wa-1", ChannelKind::WhatsApp, "Sales", &act).expect("allowed");
    let _ = workspace.assign_tags(&[5], &["new", "vip"], &act).expect("live");
    let _ = workspace.receive(&5, Some(&Sender::new("wa-1", "12025550101")), &act).expect("live");
    let _ = workspace.receive(&7, None, &Act::new(Time::from_millis(1_700_000_000_002), "")).expect("live");
    let _ = workspace.define_field("plan", CustomType::List(vec!["pro".into(), "free".into()]), &act).expect("allowed");
    let _ = workspace.define_field("since", CustomType::Date, &act).expect("allowed");
    let _ = workspace.order_fields(&[Field::Phone, Field::Custom("plan".into())], &act).expect("known");
    let filter = Filter::All(vec![
        Filter::Tag("vip".into()),
        Filter::Not(Box::new(Filter::Contains { field: Field::FirstName, text: "ada".into() })),
        Filter::Created(TimeSpan { from: Some(Time::from_millis(1)), to: None }),
    ]);
    let _ = workspace.save_segment("best", filter, &act).expect("small");
    let deletion = workspace.begin_deletion(&Selection::Contacts(vec![2, 4, 7]), 3, &act).expect("three").outcome;
    let _ = workspace.continue_deletion(deletion, 1, &act).expect("begun");
    workspace
}

const GOLDEN: &str = include_str!("../golden/workspace_v1_country.jsonl");

/// What was written before messages gave a contact its country.
const WITHOUT_COUNTRY: &str = include_str!("../golden/workspace_v1_inbox.jsonl");

/// What was written before there was anything around the contacts.
const CONTACTS_ONLY: &str = include_str!("../golden/workspace_v1.jsonl");

#[test]
fn the_form_of_version_1_is_fixed() {
    let written = one_of_everything().to_state();
    if let Some(file) = std::env::var_os("ONEFOLD_WRITE_GOLDEN") {
        std::fs::write(file, &written).expect("a file that can be written");
    }
    for (place, (line, golden)) in written.lines().zip(GOLDEN.lines()).enumerate() {
        assert_eq!(line, golden, "line {}", place + 1);
    }
    assert_eq!(written, GOLDEN);
    let read = Workspace::<u32>::from_state(GOLDEN).expect("a workspace");
    assert_eq!(read.to_state(), GOLDEN);
    assert_eq!(read.index().suggestions(), one_of_everything().index().suggestions());
}

#[test]
fn earlier_forms_are_read() {
    let read = Workspace::<u32>::from_state(CONTACTS_ONLY).expect("a workspace");
    assert_eq!(read.to_state(), CONTACTS_ONLY);
    let without_country = Workspace::<u32>::from_state(WITHOUT_COUNTRY).expect("a workspace");
    assert_eq!(without_country.to_state(), WITHOUT_COUNTRY);
    assert!(read.tags().iter().all(|tag| !tag.is_listed) && read.tagged("vip").eq(&[6]));
    assert_eq!(read.blocked().map(|blocked| blocked.contact).collect::<Vec<_>>(), [7]);
}

#[test]
fn what_does_not_hold_together_is_refused() {
    let inconsistent = |what| StateError::Inconsistent { what };
    let malformed = |line, expected| StateError::Malformed { line, expected };
    let cases = [
        ("{\"onefold_workspace\":1,", "{\"onefold_workspace\":2,", StateError::NewerVersion { version: 2 }),
        ("{\"onefold_workspace\":1,", "{\"another\":1,", StateError::Foreign),
        ("\"contacts\":6,", "\"contacts\":5,", StateError::Length { expected: 18, found: 19 }),
        ("\"contacts\":6,", "\"contacts\":\"6\",", malformed(1, "the first line of a workspace")),
        ("\"contacts\":6,\"merged_away\":1", "\"contacts\":5,\"merged_away\":2", malformed(7, "a contact merged away")),
        ("{\"deleted\":8}", "{\"deleted\":8,\"x\":1}", malformed(9, "a deleted contact")),
        ("{\"deleted\":8}", "{\"deleted\":7}", inconsistent("a contact is deleted and is not")),
        ("{\"contact\":{\"id\":5", "{\"contact\":{\"id\":6", inconsistent("a row is there twice")),
        ("{\"merged_away\":3,", "{\"merged_away\":5,", inconsistent("a contact is live and was merged away")),
        (
            "{\"merged_away\":3,\"into\":1}",
            "{\"merged_away\":3,\"into\":9}",
            inconsistent("a merge has not retired its contacts"),
        ),
        (
            "{\"merged_away\":3,\"into\":1}",
            "{\"merged_away\":9,\"into\":1}",
            inconsistent("a distinct pair is not of two contacts of the workspace"),
        ),
        ("\"head\":\"m1\"", "\"head\":\"m2\"", inconsistent("a contact survived a merge that does not stand")),
        ("\"head\":\"m1\"", "\"head\":null", inconsistent("a contact was merged away by no merge")),
        (
            "\"merge\":\"m2\",\"survivor\":2,\"retired\":[4],\"at\":1700000000000,\"by\":\"ada\",\"order\":1",
            "\"merge\":\"m2\",\"survivor\":2,\"retired\":[4],\"at\":1700000000000,\"by\":\"ada\",\"order\":0",
            inconsistent("two merges have the same place in the history"),
        ),
        (
            "\"survivor\":2,\"retired\":[4]",
            "\"survivor\":4,\"retired\":[4]",
            inconsistent("a merge does not agree with its patch"),
        ),
        (
            "\"survivor\":1,\"retired\":[3]",
            "\"survivor\":1,\"retired\":[5]",
            inconsistent("a merge does not agree with its patch"),
        ),
        ("\"digest\":\"", "\"digest\":\"0", malformed(10, "a merge")),
        ("\"apart\":[1,2]", "\"apart\":[1,1]", malformed(12, "a distinct pair")),
        ("\"known\":null", "\"known\":[\"x\"]", malformed(12, "a distinct pair")),
        ("\"next_event\":5", "\"next_event\":2", inconsistent("an event has a number that was not given yet")),
    ];
    for (from, to, error) in cases {
        assert!(CONTACTS_ONLY.contains(from), "{from}");
        let text = CONTACTS_ONLY.replacen(from, to, 1);
        assert_eq!(Workspace::<u32>::from_state(&text).err(), Some(error), "{from} -> {to}");
    }
    assert_eq!(Workspace::<u32>::from_state("").err(), Some(StateError::Foreign));
    let around = [
        ("\"inbox\":", "\"inbox\":1", StateError::Length { expected: 0, found: 0 }),
        ("{\"tag\":[\"new\"", "{\"tag\":[\"vip\"", inconsistent("a row is there twice")),
        (
            "{\"deletion\":[0,{\"total\":3",
            "{\"deletion\":[0,{\"total\":4",
            inconsistent("a deletion does not count its contacts"),
        ),
        ("{\"to_delete\":[0,", "{\"to_delete\":[1,", inconsistent("a contact waits for a deletion that there is not")),
    ];
    for (from, to, error) in around {
        assert!(GOLDEN.contains(from), "{from}");
        let refused = Workspace::<u32>::from_state(&GOLDEN.replacen(from, to, 1)).err();
        match error {
            StateError::Length { .. } => assert!(matches!(refused, Some(StateError::Length { .. })), "{refused:?}"),
            error => assert_eq!(refused, Some(error), "{from} -> {to}"),
        }
    }
    let one_more = CONTACTS_ONLY.replacen("\"contacts\":6,\"merged_away\":1", "\"contacts\":6,\"merged_away\":2", 1);
    let row = "{\"merged_away\":3,\"into\":1}\n";
    let one_more = one_more.replacen(row, &format!("{row}{{\"merged_away\":77,\"into\":1}}\n"), 1);
    let of_no_merge = Some(inconsistent("a contact was merged away by no merge"));
    assert_eq!(Workspace::<u32>::from_state(&one_more).err(), of_no_merge);
    let cut_off: String = CONTACTS_ONLY.lines().take(9).map(|line| format!("{line}\n")).collect();
    assert_eq!(Workspace::<u32>::from_state(&cut_off).err(), Some(StateError::Length { expected: 19, found: 9 }));
}

/// Numbers are counted on from, so that there must be room after them.
#[test]
fn numbers_at_the_end_of_what_can_be_counted_are_refused() {
    let too_large = Some(StateError::Inconsistent { what: "a number is larger than any that is given" });
    let huge = u64::MAX.to_string();
    for (from, to) in [
        ("\"next_event\":38", format!("\"next_event\":{huge}")),
        ("{\"number\":14,", format!("{{\"number\":{huge},")),
        ("\"order\":0", format!("\"order\":{huge}")),
        ("{\"deletion\":[0,", format!("{{\"deletion\":[{huge},")),
    ] {
        assert!(GOLDEN.contains(from), "{from}");
        assert_eq!(Workspace::<u32>::from_state(&GOLDEN.replacen(from, &to, 1)).err(), too_large, "{to}");
    }
    for (number, error) in [(1_u64 << 62, None), ((1 << 62) + 1, too_large)] {
        let state = GOLDEN.replacen("\"next_event\":38", &format!("\"next_event\":{number}"), 1);
        assert_eq!(Workspace::<u32>::from_state(&state).err(), error, "{number}");
    }
}

#[test]
fn errors_say_what_is_wrong_and_show_nothing_of_it() {
    for (error, text) in [
        (StateError::Foreign, "not a workspace of onefold"),
        (
            StateError::NewerVersion { version: 2 },
            "version 2 of the workspace's form is not known; this release reads version 1",
        ),
        (StateError::Length { expected: 3, found: 2 }, "the workspace has 2 lines where its first line says 3"),
        (StateError::Malformed { line: 7, expected: "a merge" }, "line 7 of the workspace is not a merge"),
        (
            StateError::Inconsistent { what: "a row is there twice" },
            "the rows of the workspace do not agree: a row is there twice",
        ),
    ] {
        assert_eq!(error.to_string(), text);
    }
}

/// A change anywhere in the text gives an error or a workspace that works.
#[test]
fn damage_is_refused_or_harmless() {
    let mut random = 1_u64;
    let mut below = |end: usize| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) as usize % end
    };
    let mut read = 0;
    for _ in 0..3_000 {
        let mut bytes = GOLDEN.as_bytes().to_vec();
        for _ in 0..1 + below(2) {
            let at = below(bytes.len());
            match below(3) {
                0 => bytes[at] = b"0123456789\"{}[],:nm"[below(19)],
                1 => drop(bytes.remove(at)),
                _ => bytes.insert(at, b"0123456789"[below(10)]),
            }
        }
        let Ok(mut workspace) = Workspace::<u32>::from_state(&String::from_utf8_lossy(&bytes)) else { continue };
        read += 1;
        let names: Vec<Box<str>> = workspace.history().map(|record| record.merge.clone()).collect();
        for name in names {
            let _ = workspace.undo(&name, &UndoRequest::new(), &Act::default());
        }
        let ids: Vec<u32> = workspace.contacts().map(|contact| contact.id).collect();
        for id in ids {
            let _ = workspace.delete(&id, &Act::default());
        }
        assert_eq!(workspace.len(), 0);
    }
    assert!(read > 100, "{read}");
}

/// A merge carries with it who was marked distinct, so that a suggestion changes none of whose keys did.
#[test]
fn a_merge_tells_of_suggestions_that_only_its_distinct_marks_change() {
    let act = Act::new(Time::from_millis(1), "ada");
    let mut workspace = Workspace::new(Settings::new());
    for contact in
        [Contact::new(1).with_phone("+12025550101"), Contact::new(2), Contact::new(3).with_phone("+12025550101")]
    {
        let _ = workspace.add(contact, &act).expect("new");
    }
    let _ = workspace.mark_distinct_forever(&2, &3, &act).expect("live");
    assert_eq!(workspace.index().suggestions().len(), 1);
    let merged = workspace.merge(&MergeRequest::new("m"), &1, &[2], &act).expect("live");
    assert_eq!(workspace.index().suggestions(), []);
    assert_eq!(with_changed_suggestions(&merged.changes), [1, 3]);
    let undone = workspace.undo("m", &UndoRequest::new(), &act).expect("stands");
    assert_eq!(workspace.index().suggestions().len(), 1);
    assert!(with_changed_suggestions(&undone.changes).contains(&1));
}

/// The distinct mark was on somebody who was merged away then and is back, and so are those it was carried to.
#[test]
fn an_undo_tells_of_suggestions_that_only_its_distinct_marks_change() {
    let act = Act::new(Time::from_millis(1), "ada");
    let mut workspace = Workspace::new(Settings::new());
    for id in [1, 2, 3, 4] {
        let contact = Contact::new(id);
        let contact = if id < 3 { contact.with_phone("+12025550101") } else { contact };
        let _ = workspace.add(contact, &act).expect("new");
    }
    let _ = workspace.merge(&MergeRequest::new("m"), &3, &[1], &act).expect("live");
    let _ = workspace.mark_distinct_forever(&3, &4, &act).expect("live");
    let _ = workspace.merge(&MergeRequest::new("n"), &2, &[4], &act).expect("live");
    let _ = workspace.undo("m", &UndoRequest::new(), &act).expect("stands");
    assert_eq!(workspace.index().suggestions(), []);
    let undone = workspace.undo("n", &UndoRequest::new(), &act).expect("stands");
    assert_eq!(workspace.index().suggestions()[0].members, [1, 2]);
    let marked = with_changed_suggestions(&undone.changes);
    assert!(marked.contains(&1) || marked.contains(&2), "{marked:?}");
}

/// The contacts whose suggestions changed, by the events.
fn with_changed_suggestions(changes: &onefold_workspace::Changes<u32>) -> Vec<u32> {
    let events = changes.events.iter().filter_map(|change| change.after.as_ref());
    let contacts = events.filter_map(|event| match &event.kind {
        onefold_workspace::EventKind::SuggestionsChanged { contacts } => Some(contacts.clone()),
        _ => None,
    });
    contacts.flatten().collect()
}

#[test]
fn whoever_comes_back_may_be_marked_distinct() {
    let act = Act::new(Time::from_millis(1), "ada");
    for (request, suggestions) in [(UndoRequest::new(), 1), (UndoRequest::new().mark_distinct(), 0)] {
        let mut workspace = Workspace::new(Settings::new());
        for id in [1, 2] {
            let _ = workspace.add(Contact::new(id).with_email("ada@example.com"), &act).expect("new");
        }
        let _ = workspace.merge(&MergeRequest::new("m"), &1, &[2], &act).expect("live");
        let _ = workspace.undo("m", &request, &act).expect("stands");
        assert_eq!(workspace.index().suggestions().len(), suggestions);
    }
}
