//! Whatever is done to a workspace: a refused operation changes nothing, an operation can be taken back, the rows it
//! names are those it wrote, what was written is read back, and the index is what it would be if built anew.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use onefold::contact::ContactPair;
use onefold::{Contact, Edits, Field, Index, MergeRequest, Suggestion, Time};
use onefold_workspace::{
    Act, Changes, DistinctMarks, Event, EventKind, MergeRecord, Resolved, RowChange, Settings, StoredContact,
    UndoRequest, Workspace,
};
use proptest::prelude::*;

use crate::operations::{IDS, Id, Op, carry_out, sequences, settings};

/// Everything that an index can be asked.
fn all_answers(index: &Index<Id>) -> impl PartialEq + std::fmt::Debug + use<> {
    let pairs: Vec<(Id, Id)> = (0..IDS).flat_map(|a| (0..IDS).map(move |b| (a, b))).collect();
    let distinct: Vec<(Id, Id)> = pairs.into_iter().filter(|(a, b)| index.is_distinct(a, b)).collect();
    let marked: Vec<Vec<Id>> = (0..IDS).map(|id| index.distinct_from(&id)).collect();
    let blocked: Vec<Id> = index.blocked_ids().copied().collect();
    let keys: Vec<usize> = (0..IDS).map(|id| index.keys_of(&id).len()).collect();
    (index.suggestions(), index.common_keys(), distinct, marked, blocked, keys, index.len())
}

/// A store that knows nothing but the rows that it is given.
#[derive(Default, PartialEq, Debug)]
struct Store {
    contacts: BTreeMap<Id, Arc<StoredContact<Id>>>,
    tombstones: BTreeMap<Id, Id>,
    deleted: BTreeMap<Id, ()>,
    distinct_pairs: BTreeMap<ContactPair<Id>, Arc<DistinctMarks>>,
    merges: BTreeMap<Box<str>, Arc<MergeRecord<Id>>>,
    events: BTreeMap<u64, Arc<Event<Id>>>,
    tags: BTreeMap<Box<str>, onefold_workspace::Tag>,
    blocks: BTreeMap<(Id, Time), onefold_workspace::Block>,
    deletions: BTreeMap<u64, onefold_workspace::Deletion>,
    to_delete: BTreeMap<(u64, u64), onefold_workspace::ToDelete<Id>>,
}

impl Store {
    fn apply(&mut self, changes: &Changes<Id>) {
        fn rows<Key: Ord + Clone, Row: Clone + PartialEq>(
            rows: &mut BTreeMap<Key, Row>,
            changes: &[RowChange<Key, Row>],
        ) {
            for RowChange { key, before, after, .. } in changes {
                assert!(rows.get(key) == before.as_ref(), "a change starts from what there is");
                assert!(before != after, "a change changes something");
                match after {
                    Some(row) => drop(rows.insert(key.clone(), row.clone())),
                    None => drop(rows.remove(key)),
                }
            }
        }
        rows(&mut self.contacts, &changes.contacts);
        rows(&mut self.tombstones, &changes.tombstones);
        rows(&mut self.deleted, &changes.deleted);
        rows(&mut self.distinct_pairs, &changes.distinct_pairs);
        rows(&mut self.merges, &changes.merges);
        rows(&mut self.events, &changes.events);
        rows(&mut self.tags, &changes.tags);
        rows(&mut self.blocks, &changes.blocks);
        rows(&mut self.deletions, &changes.deletions);
        rows(&mut self.to_delete, &changes.to_delete);
    }

    fn check(&self, workspace: &Workspace<Id>) {
        assert!(self.contacts.values().map(|row| &row.contact).eq(workspace.contacts()));
        assert!(self.events.values().map(|event| &**event).eq(workspace.events()));
        assert_eq!(self.merges.len(), workspace.history().count());
        let listed = workspace.tags().into_iter().filter(|tag| tag.is_listed).map(|tag| tag.tag);
        assert!(self.tags.keys().cloned().eq(listed));
        assert!(self.deletions.iter().map(|(number, row)| (*number, row)).eq(workspace.deletions()));
        let blocked: Vec<Id> = self.contacts.iter().filter(|(_, row)| row.contact.blocked).map(|(id, _)| *id).collect();
        assert!(workspace.blocked().map(|blocked| blocked.contact).eq(blocked));
        for blocked in workspace.blocked() {
            let made_of = workspace.made_of(&blocked.contact).expect("live");
            let is_its = |(id, _): &(Id, Time)| made_of.contains(id);
            let open = self.blocks.iter().filter(|(key, block)| is_its(key) && block.until.is_none());
            assert_eq!(open.map(|((_, since), _)| *since).min(), Some(blocked.since), "since when");
        }
        for tag in workspace.tags() {
            let has = |row: &&Arc<StoredContact<Id>>| row.contact.tags().any(|held| *held == *tag.tag);
            assert!(self.contacts.values().filter(has).map(|row| &row.contact.id).eq(workspace.tagged(&tag.tag)));
        }
        assert!(workspace.history().all(|record| *self.merges[&record.merge] == *record));
        for id in 0..IDS {
            let mut at = id;
            while let Some(into) = self.tombstones.get(&at) {
                at = *into;
            }
            let resolved = match (self.contacts.contains_key(&at), self.deleted.contains_key(&at)) {
                (true, _) => Resolved::Live(at),
                (false, true) => Resolved::Deleted(at),
                (false, false) => Resolved::Unknown,
            };
            assert_eq!(workspace.resolve(&id), resolved);
        }
    }
}

/// The values that `contact` alone has, as far as their texts say.
fn own_values(id: Id) -> [String; 4] {
    [format!("own-{id}-"), format!("own-tag-{id}-"), format!("own-name-{id}-"), format!("own-plan-{id}-")]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn operations_are_whole_or_nothing(ops in sequences()) {
        let mut workspace = Workspace::new(settings(0));
        let mut store = Store::default();
        for (number, op) in ops.iter().enumerate() {
            let before = (workspace.to_state(), all_answers(workspace.index()));
            match carry_out(&mut workspace, op, number) {
                Err(_) => prop_assert!(before == (workspace.to_state(), all_answers(workspace.index())), "{op:?}"),
                Ok(changes) => {
                    let after = (workspace.to_state(), all_answers(workspace.index()));
                    prop_assert_eq!(changes.is_empty(), before.0 == after.0);
                    store.apply(&changes);
                    store.check(&workspace);
                    workspace.revert(changes);
                    prop_assert!(before == (workspace.to_state(), all_answers(workspace.index())), "revert {op:?}");
                    let _ = carry_out(&mut workspace, op, number).expect("it was done before");
                    prop_assert!(after == (workspace.to_state(), all_answers(workspace.index())), "again {op:?}");
                }
            }
            // Serialise, read, go on: makes no difference.
            let read = Workspace::<Id>::from_state(&workspace.to_state()).expect("what was written");
            prop_assert_eq!(all_answers(read.index()), all_answers(workspace.index()), "{:?}", op);
            prop_assert_eq!(read.to_state(), workspace.to_state());
            if number % 3 == 0 {
                workspace = read;
            }
        }
    }

    #[test]
    fn nobody_leaves_a_trace(ops in sequences()) {
        let mut workspace = Workspace::new(settings(0));
        for (number, op) in ops.iter().enumerate() {
            let gone: BTreeSet<Id> = match op {
                Op::Delete(id) => workspace.made_of(id).unwrap_or_default().into_iter().collect(),
                _ => BTreeSet::new(),
            };
            let done = carry_out(&mut workspace, op, number);
            let held: String = workspace.contacts().map(|contact| serde_json::to_string(contact).expect("JSON")).collect();
            let state = workspace.to_state();
            for id in gone.into_iter().filter(|_| done.is_ok()) {
                prop_assert_eq!(workspace.resolve(&id), Resolved::Deleted(id));
                for value in own_values(id) {
                    prop_assert!(held.contains(&value) || !state.contains(&value), "{} of {} is left", value, id);
                }
            }
        }
    }
}

/// The suggestions that are in one of two lists and not in the other.
fn different(before: &[Suggestion<Id>], after: &[Suggestion<Id>]) -> Vec<Suggestion<Id>> {
    let only = |here: &[Suggestion<Id>], there: &[Suggestion<Id>]| -> Vec<_> {
        here.iter().filter(|group| !there.contains(group)).cloned().collect()
    };
    [only(before, after), only(after, before)].concat()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn events_tell_which_suggestions_changed(ops in sequences()) {
        let mut workspace = Workspace::new(settings(0));
        for (number, op) in ops.iter().enumerate() {
            let before = workspace.index().suggestions();
            let Ok(changes) = carry_out(&mut workspace, op, number) else { continue };
            let marked = changes.events.iter().filter_map(|change| change.after.as_ref());
            let marked: Vec<EventKind<Id>> = marked.map(|event| event.kind.clone()).collect();
            if marked.contains(&EventKind::SettingsChanged) {
                continue;
            }
            let of_it = marked.iter().filter_map(|what| match what {
                EventKind::SuggestionsChanged { contacts } => Some(contacts),
                _ => None,
            });
            let mut contacts: BTreeSet<Id> = if matches!(op, Op::Drain) { BTreeSet::new() } else { of_it.flatten().copied().collect() };
            contacts.extend((0..4 * IDS).filter(|id| workspace.get(id).is_none()));
            for group in different(&before, &workspace.index().suggestions()) {
                prop_assert!(group.members.iter().any(|id| contacts.contains(id)), "{op:?}: {group:?} not in {contacts:?}");
            }
        }
    }

    #[test]
    fn the_accepted_operations_make_the_same_workspace_again(ops in sequences()) {
        let mut workspace = Workspace::new(settings(0));
        let numbered = || ops.iter().enumerate();
        let accepted: Vec<bool> = numbered().map(|(number, op)| carry_out(&mut workspace, op, number).is_ok()).collect();
        let mut again = Workspace::new(settings(0));
        for ((number, op), _) in numbered().zip(&accepted).filter(|(_, accepted)| **accepted) {
            prop_assert!(carry_out(&mut again, op, number).is_ok(), "{op:?}");
        }
        prop_assert_eq!(again.to_state(), workspace.to_state());
    }
}

#[test]
fn debug_shows_no_value() {
    let mut workspace = Workspace::new(Settings::new());
    let act = Act::default();
    for id in [1, 2] {
        let contact = Contact::new(id).with_email("canary@example.com").with(Field::FirstName, format!("canary {id}"));
        let _ = workspace.add(contact.with(Field::Tags, vec![format!("canary {id}")]), &act).expect("new");
    }
    let _ = workspace.mark_distinct(&1, &2, &act).expect("live");
    let request = MergeRequest::new("m").allow_distinct().set(Field::LastName, "canary");
    let merged = workspace.merge(&request, &1, &[2], &act).expect("live");
    let edited = workspace.get(&1).cloned().expect("live").with(Field::LastName, "canary too");
    let _ = workspace.edit(edited, &act).expect("live");
    let refused = workspace.undo("m", &UndoRequest::new().with_edits(Edits::Refuse), &act).expect_err("edited");
    let shown = format!(
        "{workspace:?} {merged:?} {refused:?} {refused} {:?} {:?}",
        workspace.settings(),
        workspace.events().collect::<Vec<_>>()
    );
    let undone = workspace.undo("m", &UndoRequest::new(), &act).expect("stands");
    let shown = format!("{shown} {undone:?} {:?}", workspace.history().collect::<Vec<_>>());
    assert!(!shown.contains("canary"), "{shown}");
    assert!(shown.contains("EditedSince") && shown.contains("ContactMerged"));
}
