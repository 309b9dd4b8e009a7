//! A store that knows nothing but rows of text holds what the workspace holds, and gives it back.

use std::collections::BTreeMap;

use onefold::{Contact, Field, MergePolicy, MergeRequest, Normalizer, Time};
use onefold_workspace::{
    Act, Erasure, Protocol, RestoredProtocol, RowKind, RowWrite, Selection, Settings, StateError, StoredRow,
    Unnumbered, Workspace,
};
use proptest::prelude::*;

use crate::operations::{Id, carry_out, sequences, settings};

/// Rows of text by kind and key.
#[derive(Clone, Default, PartialEq, Debug)]
struct Store(BTreeMap<(RowKind, String), String>);

impl Store {
    fn of(rows: impl Iterator<Item = StoredRow>) -> Self {
        let mut store = Self::default();
        store.write(rows.map(RowWrite::Put));
        store
    }

    fn write(&mut self, writes: impl IntoIterator<Item = RowWrite>) {
        for write in writes {
            match write {
                RowWrite::Put(StoredRow { kind, key, text }) => drop(self.0.insert((kind, key), text)),
                RowWrite::Delete { kind, key } => {
                    assert!(self.0.remove(&(kind, key)).is_some(), "only what is there is taken out");
                }
            }
        }
    }

    /// Writes, as a store that never fails.
    fn take(&mut self, writes: Vec<RowWrite>) -> Result<(), String> {
        self.write(writes);
        Ok(())
    }

    /// The rows, the last first: their order must make no difference.
    fn rows(&self) -> impl Iterator<Item = Result<StoredRow, StateError>> {
        self.0
            .iter()
            .rev()
            .map(|((kind, key), text)| Ok(StoredRow { kind: *kind, key: key.clone(), text: text.clone() }))
    }

    fn workspace(&self) -> Result<Workspace<Id>, StateError> {
        Workspace::from_rows(self.rows())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_part_with_all_rows_does_what_the_whole_does(ops in sequences()) {
        let mut workspace = Workspace::new(settings(0));
        for (number, op) in ops.iter().enumerate() {
            let next_event = Store::of(workspace.to_rows()).0[&(RowKind::Setting, "\"next_event\"".to_owned())].clone();
            let next_event: u64 = next_event.trim_matches(|c: char| !c.is_ascii_digit()).parse().expect("a number");
            let next_merge = workspace.history().map(|record| record.place() + 1).max().unwrap_or(0);
            let rows = Store::of(workspace.to_rows());
            let mut part: Workspace<Id> = Workspace::from_part(rows.rows()).expect("all rows are there");
            let done = carry_out(&mut part, op, number);
            let expected = carry_out(&mut workspace, op, number);
            prop_assert_eq!(done.is_ok(), expected.is_ok(), "{:?}", op);
            if let (Ok(mut changes), Ok(expected)) = (done, expected) {
                let Unnumbered { events, merges, .. } = changes.without_number();
                let (mut event_numbers, mut merge_places) = (next_event.., next_merge..);
                changes.number(|| event_numbers.next().expect("endless"), || merge_places.next().expect("endless"));
                prop_assert_eq!(changes.without_number(), Unnumbered::default());
                prop_assert_eq!(event_numbers.next(), Some(next_event + events as u64));
                prop_assert_eq!(merge_places.next(), Some(next_merge + merges as u64));
                let is_next_event = |write: &RowWrite| matches!(write, RowWrite::Put(row) if row.key == "\"next_event\"");
                let expected: Vec<RowWrite> = expected.writes().filter(|write| !is_next_event(write)).collect();
                prop_assert_eq!(changes.writes().collect::<Vec<_>>(), expected, "{:?}", op);
            }
        }
    }

    #[test]
    fn a_store_of_rows_holds_the_workspace(ops in sequences()) {
        let mut workspace = Workspace::new(settings(0));
        let mut store = Store::of(workspace.to_rows());
        for (number, op) in ops.iter().enumerate() {
            if let Ok(changes) = carry_out(&mut workspace, op, number) {
                store.write(changes.writes());
            }
            prop_assert_eq!(&store, &Store::of(workspace.to_rows()), "{:?}", op);
            let read = store.workspace().expect("what was written");
            prop_assert_eq!(read.to_state(), workspace.to_state(), "{:?}", op);
            if number % 3 == 0 {
                workspace = read;
            }
        }
    }
}

const LINES: [&str; 12] = [
    r#"{"op": "config", "max_holders": 7}"#,
    r#"{"op": "add", "id": "a", "contact": {"emails": ["ada@example.com"]}}"#,
    r#"{"op": "add", "id": 2, "contact": {"emails": ["ada@example.com"], "tags": ["x"]}}"#,
    r#"{"op": "mark_distinct", "a": "a", "b": 2}"#,
    r#"{"op": "settings", "region": "GB", "plus_tags": true}"#,
    r#"{"op": "merge", "merge": "m", "into": "a", "retire": [2], "allow_apart": true}"#,
    r#"{"op": "events", "limit": 3}"#,
    r#"{"op": "undo", "merge": "m"}"#,
    r#"{"op": "block", "id": 2}"#,
    r#"{"op": "order_fields", "fields": ["phones"]}"#,
    r#"{"op": "delete", "id": "nobody"}"#,
    r#"{"op": "events"}"#,
];

/// The settings as earlier releases kept them beside those of the workspace.
const CONFIG: &str = r#"{"onefold_protocol":1,"config":{"max_holders":25,"max_members":50,"ignore":["Office@Example.com "],"normalize":true,"region":"GB","region_from_country":false,"plus_tags":false,"gmail_dots":false,"identifiers":[],"min_strength":"variant","policy":{"max_contacts":1000}}}"#;

/// A workspace under such settings, with numbers as ids: rows of an earlier release.
fn of_an_earlier_release() -> Store {
    let normalizer =
        Normalizer::builder().region("GB".parse().expect("a region")).ignore(["office@example.com"]).build();
    let policy = MergePolicy::builder().max_contacts(1000).build().expect("possible");
    let mut workspace = Workspace::<i64>::new(Settings::new().with_normalizer(normalizer).with_policy(policy));
    let act = Act::new(Time::from_millis(5), "import");
    for id in [2, 10, -3, 9, 7] {
        let contact = Contact::new(id).with_email("ada@example.com").with_phone("020 7946 0958");
        let _ = workspace.add(contact.with(Field::Tags, vec![format!("t{id}")]), &act).expect("new");
    }
    let _ = workspace.mark_distinct(&2, &7, &act).expect("live");
    let _ = workspace.merge(&MergeRequest::new("m"), &2, &[10, -3, 9], &act).expect("live");
    let _ = workspace.block(&7, &act).expect("live");
    let _ = workspace.receive(&7, None, &act).expect("live");
    let _ = workspace.add(Contact::new(8), &act).expect("new");
    let _ = workspace.begin_deletion(&Selection::Contacts(vec![8]), 1, &act).expect("live");
    let mut store = Store::of(workspace.to_rows());
    drop(store.0.insert((RowKind::Config, "\"protocol\"".to_owned()), CONFIG.to_owned()));
    store
}

#[test]
fn rows_with_numbers_as_ids_are_read_as_texts() {
    let mut store = of_an_earlier_release();
    let RestoredProtocol { mut protocol, writes, .. } =
        Protocol::from_rows(store.rows()).expect("of an earlier release");
    store.write(writes);
    assert_eq!(store, Store::of(protocol.to_rows()), "what is to be written is all that differs");
    let RestoredProtocol { protocol: again, writes, .. } = Protocol::from_rows(store.rows()).expect("of this one");
    assert!(writes.is_empty() && again.workspace().to_state() == protocol.workspace().to_state());
    let made_of = protocol.workspace().made_of(&"2".into()).expect("live");
    assert_eq!(made_of.iter().map(|id| &**id).collect::<Vec<&str>>(), ["-3", "10", "2", "9"]);
    for (line, wanted) in [
        (r#"{"op": "get_settings"}"#, r#""ignore":["Office@Example.com "]"#),
        (r#"{"op": "undo", "merge": "m"}"#, r#""ok":true"#),
        (r#"{"op": "get", "id": 10}"#, r#""tags":["t10"]"#),
        (r#"{"op": "get", "id": "-3"}"#, r#""tags":["t-3"]"#),
        (r#"{"op": "unblock", "id": "7"}"#, r#""ok":true"#),
        (r#"{"op": "suggestion", "id": 2}"#, r#""distinct":[["2","7"]]"#),
        (r#"{"op": "continue_deletion", "deletion": 0, "limit": 9}"#, r#""deleted":1"#),
    ] {
        let answer = protocol.answer_stored(line, |writes| store.take(writes)).expect("an operation");
        assert!(answer.contains(wanted), "{line}: {answer}");
    }
    assert_eq!(store, Store::of(protocol.to_rows()));
}

#[test]
fn a_state_with_numbers_as_ids_is_loaded_as_texts() {
    let workspace = Workspace::<i64>::from_rows(of_an_earlier_release().rows()).expect("rows");
    let config: serde_json::Value = serde_json::from_str(CONFIG).expect("JSON");
    let load = serde_json::json!({"op": "load", "state": workspace.to_state(), "config": config["config"]}).to_string();
    let mut protocol = Protocol::new();
    assert!(protocol.answer(&load).is_some_and(|answer| answer.contains("\"ok\":true")));
    let other = Protocol::from_rows(of_an_earlier_release().rows()).expect("of an earlier release").protocol;
    assert_eq!(protocol.workspace().to_state(), other.workspace().to_state());
}

#[test]
fn a_number_and_its_text_are_refused_by_name() {
    let texts = |id: &str| {
        let mut protocol = Protocol::new();
        let _ = protocol.answer(&format!(r#"{{"op": "add", "id": {id:?}, "contact": {{}}}}"#));
        let _ = protocol.answer(r#"{"op": "add", "id": "x", "contact": {}}"#);
        let _ = protocol.answer(&format!(r#"{{"op": "merge", "merge": "t", "into": "x", "retire": [{id:?}]}}"#));
        Store::of(protocol.to_rows())
    };
    for id in ["7", "10", "8", "2"] {
        let mut both = of_an_earlier_release();
        let about_contacts = |kind: &RowKind| matches!(kind, RowKind::Contact | RowKind::Tombstone | RowKind::Merge);
        both.0.extend(texts(id).0.into_iter().filter(|((kind, _), _)| about_contacts(kind)));
        let same = StateError::SameId { id: id.into() };
        assert_eq!(Protocol::from_rows(both.rows()).err(), Some(same), "merged away");
        let mut both = of_an_earlier_release();
        both.0.insert((RowKind::Contact, format!("{id:?}")), format!(r#"{{"contact":{{"id":{id:?}}}}}"#));
        let same = StateError::SameId { id: id.into() };
        assert_eq!(Protocol::from_rows(both.rows()).err(), Some(same), "live");
    }
    let message = StateError::SameId { id: "7".into() }.to_string();
    assert_eq!(message, "contact 7 is there twice, as a number and as a text; give one of the two another id");
}

/// Everything that a host can ask for.
fn state(protocol: &mut Protocol) -> Option<String> {
    let answer = protocol.answer(r#"{"op": "state"}"#)?;
    answer.split_once("\"i\":").map(|(before, _)| before.to_owned() + answer.split("\"ok\"").last().unwrap_or(""))
}

#[test]
fn the_protocol_goes_on_from_a_store() {
    let mut protocol = Protocol::new();
    let mut store = Store::of(protocol.to_rows());
    for line in LINES {
        let _ = protocol.answer_stored(line, |writes| store.take(writes));
        let RestoredProtocol { protocol: mut read, writes, .. } =
            Protocol::from_rows(store.rows()).expect("what was written");
        assert!(writes.is_empty(), "{line}");
        assert_eq!(state(&mut read), state(&mut protocol), "{line}");
        assert_eq!(store, Store::of(protocol.to_rows()), "{line}");
        protocol = read;
    }
}

#[test]
fn what_a_store_does_not_take_was_not_done() {
    let mut protocol = Protocol::new();
    for line in LINES {
        let before = state(&mut protocol);
        let mut asked = 0;
        let answer = protocol.answer_stored(line, |writes| {
            asked += 1;
            assert!(!writes.is_empty());
            Err("no space")
        });
        let answer = answer.expect("an operation");
        assert_eq!(state(&mut protocol), before, "{line}");
        if line.contains("nobody") {
            assert_eq!((asked, answer.contains("\"error\":\"UnknownContact\"")), (0, true), "{answer}")
        } else {
            assert!(answer.ends_with(",\"why\":\"no space\"}") && asked == 1, "{line}: {answer}")
        }
        assert!(
            !answer.contains("\"ok\"") && !answer.contains("\"lost\"") && !answer.contains("\"events\":"),
            "{answer}"
        );
        let _ = protocol.answer(line);
    }
}

#[test]
fn loading_replaces_every_row() {
    let mut other = Protocol::new();
    LINES.iter().take(6).for_each(|line| drop(other.answer(line)));
    let saved: serde_json::Value =
        serde_json::from_str(&other.answer(r#"{"op": "state"}"#).expect("an operation")).expect("JSON");
    let load = serde_json::json!({"op": "load", "state": saved["state"], "config": saved["config"]}).to_string();
    let mut protocol = Protocol::new();
    let mut store = Store::of(protocol.to_rows());
    for line in [LINES[2], &load, LINES[7]] {
        let before = store.clone();
        let answer = protocol.answer_stored(line, |_| Err("no space"));
        assert!(answer.is_some_and(|answer| answer.contains("NotStored")), "{line}");
        assert_eq!(Store::of(protocol.to_rows()), before);
        let answer = protocol.answer_stored(line, |writes| store.take(writes));
        assert!(answer.is_some_and(|answer| answer.contains("\"ok\":true")), "{line}");
        assert_eq!(Store::of(protocol.to_rows()), store);
    }
}

#[test]
fn an_answer_says_what_a_store_has_not_erased_yet() {
    for (erasure, says_so) in [(Erasure::Pending, true), (Erasure::Complete, false)] {
        let mut protocol = Protocol::new();
        let line = r#"{"op": "add", "id": "a", "contact": {}}"#;
        let answer = protocol.answer_erased(line, |_| Ok::<_, String>(erasure)).expect("an operation");
        assert_eq!(answer.contains("\"erased\":false"), says_so, "{answer}");
        let answer = protocol.answer_erased(r#"{"op": "resolve", "id": "a"}"#, |_| Ok::<_, String>(erasure));
        assert!(answer.is_some_and(|answer| !answer.contains("erased")), "nothing was written");
        let answer = protocol.answer_erased(line, |_| Ok::<_, String>(erasure));
        assert!(answer.is_some_and(|answer| !answer.contains("erased")), "it is refused");
    }
}

#[test]
fn rows_that_do_not_agree_are_refused() {
    let mut workspace = Workspace::<Id>::new(Settings::new());
    for id in [1, 2] {
        let _ = workspace.add(Contact::new(id).with_email("ada@example.com"), &Act::default()).expect("new");
    }
    let _ = workspace.mark_distinct(&1, &2, &Act::default()).expect("live");
    let whole = Store::of(workspace.to_rows());
    let inconsistent = |what| StateError::Inconsistent { what };
    let malformed = |kind| StateError::MalformedRow { kind };
    let put = |kind, key: &str, text: &str| ((kind, key.to_owned()), Some(text.to_owned()));
    let delete = |kind, key: &str| ((kind, key.to_owned()), None);
    let contact = &whole.0[&(RowKind::Contact, "1".to_owned())];
    for ((place, text), wanted) in [
        (delete(RowKind::Setting, "\"settings\""), inconsistent("there are no settings")),
        (delete(RowKind::Setting, "\"next_event\""), inconsistent("no event is the next one")),
        (delete(RowKind::Contact, "1"), inconsistent("a distinct pair is not of two contacts of the workspace")),
        (put(RowKind::Setting, "\"settings\"", r#"{"onefold_workspace": 2}"#), StateError::NewerVersion { version: 2 }),
        (put(RowKind::Setting, "\"other\"", "{}"), malformed(RowKind::Setting)),
        (put(RowKind::Contact, "3", contact), malformed(RowKind::Contact)),
        (put(RowKind::Contact, "\"1\"", contact), malformed(RowKind::Contact)),
        (put(RowKind::Tombstone, "1", contact), malformed(RowKind::Tombstone)),
        (put(RowKind::Contact, "1", "{"), malformed(RowKind::Contact)),
        (put(RowKind::Tag, "1", r#"{"deletion":[1,{}]}"#), malformed(RowKind::Tag)),
        (
            put(RowKind::Setting, "\"next_event\"", r#"{"next_event":0}"#),
            inconsistent("an event has a number that was not given yet"),
        ),
    ] {
        let mut store = whole.clone();
        match text {
            Some(text) => drop(store.0.insert(place, text)),
            None => drop(store.0.remove(&place)),
        }
        assert_eq!(store.workspace().err(), Some(wanted));
    }
    let twice = whole.rows().chain(whole.rows());
    assert_eq!(Workspace::<Id>::from_rows(twice).err(), Some(inconsistent("a row is there twice")));
    // Settings of another release tell more than a row that cannot be read.
    let mut newer = whole.clone();
    drop(newer.0.insert((RowKind::ToDelete, "1".to_owned()), "{}".to_owned()));
    assert_eq!(newer.workspace().err(), Some(malformed(RowKind::ToDelete)));
    drop(newer.0.insert((RowKind::Setting, "\"settings\"".to_owned()), r#"{"onefold_workspace":9}"#.to_owned()));
    assert_eq!(newer.workspace().err(), Some(StateError::NewerVersion { version: 9 }));
    // What an earlier release kept for the protocol is nothing that a workspace has to know.
    let mut configured = whole.clone();
    drop(configured.0.insert((RowKind::Config, "\"protocol\"".to_owned()), CONFIG.replace("true", "false")));
    assert!(configured.workspace().is_ok());
    let refused = Protocol::from_rows(configured.rows()).err();
    assert_eq!(refused, Some(inconsistent("the settings are not those of the config")));
}

#[test]
fn a_part_may_lack_rows_and_has_none_that_lead_astray() {
    let mut workspace = Workspace::<Id>::new(Settings::new());
    let act = Act::default();
    for id in 1..=4 {
        let _ = workspace.add(Contact::new(id).with_email("ada@example.com"), &act).expect("new");
    }
    let _ = workspace.mark_distinct(&1, &4, &act).expect("live");
    let _ = workspace.merge(&onefold::MergeRequest::new("m1"), &1, &[2], &act).expect("merged");
    let whole = Store::of(workspace.to_rows());
    let part = |store: &Store| Workspace::<Id>::from_part(store.rows());
    let without = |kind, key: &str| {
        let mut store = whole.clone();
        assert!(store.0.remove(&(kind, key.to_owned())).is_some());
        store
    };
    // The other one of a distinct mark, the merge of a contact that is only looked at, and the number of the next event.
    for (kind, key) in [
        (RowKind::Contact, "4"),
        (RowKind::Merge, "\"m1\""),
        (RowKind::Setting, "\"next_event\""),
        (RowKind::Contact, "3"),
    ] {
        assert!(part(&without(kind, key)).is_ok(), "{key}");
    }
    let inconsistent = |what| Some(StateError::Inconsistent { what });
    assert_eq!(
        part(&without(RowKind::Contact, "1")).err(),
        inconsistent("a contact was merged into none that is live")
    );
    assert_eq!(part(&without(RowKind::Tombstone, "2")).err(), inconsistent("a merge has not retired its contacts"));
    assert_eq!(part(&without(RowKind::Setting, "\"settings\"")).err(), inconsistent("there are no settings"));
    let mut circle = whole.clone();
    let tombstone = |from: u8, into: u8| format!("{{\"merged_away\":{from},\"into\":{into}}}");
    for (from, into) in [(5, 6), (6, 5)] {
        circle.0.insert((RowKind::Tombstone, from.to_string()), tombstone(from, into));
    }
    assert_eq!(part(&circle).err(), inconsistent("a contact was merged into none that is live"));
    circle.0.insert((RowKind::Tombstone, "1".to_owned()), tombstone(1, 5));
    assert_eq!(part(&circle).err(), inconsistent("a contact is live and was merged away"));
    let merge = (RowKind::Merge, "\"m1\"".to_owned());
    let row = StoredRow { kind: merge.0, key: merge.1.clone(), text: whole.0[&merge].clone() };
    assert_eq!(row.merge_record::<Id>().expect("a merge"), *workspace.merge_record("m1").expect("a merge"));
    let other = StoredRow { key: "\"m2\"".to_owned(), ..row };
    assert_eq!(other.merge_record::<Id>(), Err(StateError::MalformedRow { kind: RowKind::Merge }));
}

#[test]
fn kinds_have_names() {
    for kind in RowKind::ALL {
        assert_eq!(RowKind::from_name(kind.name()), Some(*kind));
        assert!(kind.name().bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'));
    }
    assert_eq!(RowKind::from_name("contacts"), None);
}

#[test]
fn debug_shows_no_value() {
    let mut workspace = Workspace::new(Settings::new());
    let changes =
        workspace.add(Contact::new(1).with_email("canary@example.com"), &Act::default()).expect("new").changes;
    let shown = format!("{:?} {:?}", changes.writes().collect::<Vec<_>>(), workspace.to_rows().collect::<Vec<_>>());
    assert!(shown.contains("Contact") && !shown.contains("canary"), "{shown}");
}
