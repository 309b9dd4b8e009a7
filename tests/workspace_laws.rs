//! Whatever is done to a workspace: a refused operation changes nothing, an operation can be taken back, the rows it
//! names are those it wrote, what was written is read back, and the index is what it would be if built anew.
#![cfg(feature = "serde")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use onefold::{
    Act, Applied, Changes, ChannelKind, Contact, CustomType, Edits, Event, Existing, Field, Filter, Happened, Index,
    Later, MergePolicy, MergeRecord, MergeRequest, Normalizer, Resolved, Role, RowChange, Rules, Selection, Settings,
    StoredContact, Suggestion, UndoRequest, Value, Verdicts, Workspace, WorkspaceError,
};
use proptest::prelude::*;

type Id = u8;
const IDS: Id = 8;
const EMAILS: u8 = 4;

#[derive(Clone, Debug)]
enum Op {
    Add(Id, Draft),
    Edit(Id, Draft),
    Delete(Id),
    Block(Id, bool),
    Tell(Id, Id, bool),
    Clear(Id, Id),
    Merge(Id, Vec<Id>, bool),
    Undo(usize, Edits, Later, bool),
    Settings(u8),
    Drain,
    Around(u8, Id, u8),
}

/// How many operations there are around the contacts.
const AROUND: u8 = 19;

/// What a contact says, whoever it is.
#[derive(Clone, Debug)]
struct Draft {
    shared: Vec<u8>,
    own: u8,
    tags: Vec<u8>,
    plan: u8,
}

impl Draft {
    fn contact(&self, id: Id) -> Contact<Id> {
        let Self { shared, own, tags, plan } = self;
        let shared = shared.iter().map(|email| format!("shared-{email}@example.com"));
        // Of all that follows, no other contact has the same.
        let tags: Vec<String> = tags.iter().map(|tag| format!("own-tag-{id}-{tag}")).collect();
        let contact = shared.fold(Contact::new(id), Contact::with_email);
        let contact = contact.with_email(format!("own-{id}-{own}@example.com"));
        let contact = contact.with(Field::Tags, tags).with(Field::FirstName, format!("own-name-{id}-{own}"));
        match plan {
            0 => contact,
            1 => contact.with(Field::Custom("plan".into()), Value::Null),
            _ => contact.with(Field::Custom("plan".into()), format!("own-plan-{id}-{plan}")),
        }
    }
}

fn drafts() -> impl Strategy<Value = Draft> {
    let parts = (prop::collection::vec(0..EMAILS, 0..3), 0..3_u8, prop::collection::vec(0..3_u8, 0..3), 0..4_u8);
    parts.prop_map(|(shared, own, tags, plan)| Draft { shared, own, tags, plan })
}

fn operations() -> impl Strategy<Value = Op> {
    let edits = prop::sample::select(vec![Edits::Keep, Edits::Refuse, Edits::Overwrite]);
    let later = prop::sample::select(vec![Later::Refuse, Later::Undo, Later::Replay]);
    prop_oneof![
        4 => (0..IDS, drafts()).prop_map(|(id, draft)| Op::Add(id, draft)),
        4 => (0..IDS, drafts()).prop_map(|(id, draft)| Op::Edit(id, draft)),
        1 => (0..4 * IDS).prop_map(Op::Delete),
        2 => (0..IDS, any::<bool>()).prop_map(|(id, blocked)| Op::Block(id, blocked)),
        3 => (0..IDS, 0..IDS, any::<bool>()).prop_map(|(a, b, forever)| Op::Tell(a, b, forever)),
        1 => (0..IDS, 0..IDS).prop_map(|(a, b)| Op::Clear(a, b)),
        6 => (0..IDS, prop::collection::vec(0..IDS, 1..4), any::<bool>()).prop_map(|(a, b, all)| Op::Merge(a, b, all)),
        6 => (0..40_usize, edits, later, any::<bool>()).prop_map(|(n, edits, later, tell)| Op::Undo(n, edits, later, tell)),
        1 => (0..4_u8).prop_map(Op::Settings),
        1 => Just(Op::Drain),
        12 => (0..AROUND, 0..IDS, any::<u8>()).prop_map(|(what, id, number)| Op::Around(what, id, number)),
    ]
}

fn settings(number: u8) -> Settings {
    let normalizer = match number {
        0 => Normalizer::new(),
        1 => Normalizer::new().as_written(),
        2 => Normalizer::new().ignore(["shared-0@example.com"]),
        _ => Normalizer::new().plus_tags(),
    };
    let policy = MergePolicy::new().field(Field::Custom("plan".into()), onefold::FieldRule::MustAgree);
    let policy = if number == 3 { policy.expect("a rule") } else { MergePolicy::new() };
    Settings::new().normalizer(normalizer).rules(Rules::new().max_holders(2 + usize::from(number))).policy(policy)
}

fn carry_out(workspace: &mut Workspace<Id>, op: &Op, number: usize) -> Result<Changes<Id>, WorkspaceError<Id>> {
    fn changes<T>(applied: Applied<Id, T>) -> Changes<Id> {
        applied.changes
    }
    let act = Act::new(i64::try_from(number).expect("a small number") * 40_000_000, "somebody");
    let act = match number % 11 {
        0 => act.of_user(Role::Agent),
        1 => act.of_user(Role::Manager),
        2 => act.of_restricted_user(Role::Owner),
        _ => act,
    };
    // Contacts that are live, and now and then one that is not.
    let live: Vec<Id> = workspace.contacts().map(|contact| contact.id).chain([number as Id % IDS]).collect();
    let of = |id: &Id| live[usize::from(*id) % live.len()];
    match op {
        Op::Add(id, draft) => workspace.add(draft.contact(*id), &act).map(changes),
        Op::Edit(id, draft) => workspace.edit(draft.contact(of(id)), &act).map(changes),
        Op::Delete(id) => workspace.delete(id, &act).map(changes),
        Op::Block(id, true) => workspace.block(&of(id), &act).map(changes),
        Op::Block(id, false) => workspace.unblock(&of(id), &act).map(changes),
        Op::Tell(a, b, true) => workspace.tell_apart_forever(&of(a), &of(b), &act).map(changes),
        Op::Tell(a, b, false) => workspace.tell_apart(&of(a), &of(b), &act).map(changes),
        Op::Clear(a, b) => workspace.clear_apart(&of(a), &of(b), &act).map(changes),
        Op::Merge(into, retire, allows_all) => {
            let mut request = MergeRequest::new(format!("m{number}"));
            if *allows_all {
                request = request.allow_apart().allow_blocked().set(Field::LastName, "given");
            }
            // Mostly not into itself.
            let retire: BTreeSet<Id> =
                retire.iter().map(of).filter(|id| number.is_multiple_of(9) || *id != of(into)).collect();
            workspace.merge(&request, &of(into), &Vec::from_iter(retire), &act).map(changes)
        }
        Op::Undo(merge, edits, later, tells_apart) => {
            let mut request = UndoRequest::new().edits(*edits).later(*later);
            if *tells_apart {
                request = request.tell_apart();
            }
            // One that was made, mostly.
            let made = workspace.history().count();
            let nth = workspace.history().nth(merge % (made + 1)).map(|record| record.merge.clone());
            workspace.undo(&nth.unwrap_or_else(|| "none".into()), &request, &act).map(changes)
        }
        Op::Settings(number) => workspace.set_settings(settings(*number), &act).map(changes),
        Op::Drain => Ok(workspace.drain_events().changes),
        Op::Around(what, id, number) => carry_out_around(workspace, *what, &of(id), *number, &act),
    }
}

/// What is done to the tags, fields, channels, segments and deletions of a workspace.
fn carry_out_around(
    workspace: &mut Workspace<Id>,
    what: u8,
    id: &Id,
    number: u8,
    act: &Act,
) -> Result<Changes<Id>, WorkspaceError<Id>> {
    let tags = ["tag-a", "tag-b", "tag-c"];
    let (tag, other) = (tags[usize::from(number % 3)], tags[usize::from(number / 3 % 3)]);
    let account = ["wa", "mail", "web"][usize::from(number % 3)];
    let field = [Field::Phone, Field::FirstName, Field::Custom("plan".into()), Field::Avatar, Field::Email]
        [usize::from(number % 5)]
    .clone();
    let value = match number % 4 {
        0 => Value::from(vec![format!("+44 20 7946 09{:02}", number % 100)]),
        1 => Value::from(format!("own-name-{id}-{number}")),
        2 => Value::Null,
        _ => Value::from(vec![format!("own-{id}-{number}@example.com")]),
    };
    let filter = Filter::Any(vec![Filter::Tag(tag.into()), Filter::Blocked(number.is_multiple_of(2))]);
    let selection = match number % 3 {
        0 => Selection::Contacts(vec![*id, number % IDS]),
        1 => Selection::Filter(filter.clone()),
        _ => Selection::Segment("segment".into()),
    };
    match what {
        0 => workspace.assign_tags(&[*id, number % IDS], &[tag, other], act).map(|applied| applied.changes),
        1 => workspace.remove_tags(&[*id], &[tag], act).map(|applied| applied.changes),
        2 => workspace.rename_tag(tag, other, act).map(|applied| applied.changes),
        3 => workspace.delete_tag(tag, act).map(|applied| applied.changes),
        4 => workspace.create_tag(tag, act).map(|applied| applied.changes),
        5 => {
            let kind = [ChannelKind::WhatsApp, ChannelKind::Email, ChannelKind::Web][usize::from(number % 3)].clone();
            workspace.set_account(account, kind, "An account", act).map(|applied| applied.changes)
        }
        6 => workspace.remove_account(account, act).map(|applied| applied.changes),
        7 => workspace.send(id, account, act).map(|applied| applied.changes),
        8 => {
            let identity = format!("own-{id}-{number}@example.com");
            let through = (!number.is_multiple_of(4)).then_some((account, identity.as_str()));
            workspace.receive(&(number % IDS), through, act).map(|applied| applied.changes)
        }
        9 => workspace.remove_channel(id, account, act).map(|applied| applied.changes),
        10 => workspace.set_field(id, &field, value, act).map(|applied| applied.changes),
        11 => {
            let kind = if number.is_multiple_of(2) { CustomType::Text } else { CustomType::Number };
            workspace.define_field("plan", kind, act).map(|applied| applied.changes)
        }
        12 => workspace.remove_definition("plan", act).map(|applied| applied.changes),
        13 => workspace.order_fields(&[Field::Phone, field], act).map(|applied| applied.changes),
        14 => workspace.save_segment("segment", filter, act).map(|applied| applied.changes),
        15 => {
            let count = workspace.selected(&selection).map_or(0, |ids| ids.len());
            let confirmed = if number.is_multiple_of(7) { count + 1 } else { count };
            // Not so often that little is left.
            let confirmed = if number < 200 { usize::MAX } else { confirmed };
            workspace.begin_deletion(&selection, confirmed, act).map(|applied| applied.changes)
        }
        16 => workspace
            .continue_deletion(u64::from(number % 2), usize::from(number % 3), act)
            .map(|applied| applied.changes),
        17 => workspace.stop_deletion(u64::from(number % 2), act).map(|applied| applied.changes),
        _ => {
            let existing = if number.is_multiple_of(2) { Existing::Reject } else { Existing::Update };
            let draft = Draft { shared: vec![number % EMAILS], own: number % 3, tags: vec![], plan: number % 4 };
            let rows = [draft.contact(*id), draft.contact(number % IDS)];
            workspace.import(rows, existing, act).map(|applied| applied.changes)
        }
    }
}

/// All contacts, and then anything.
fn sequences() -> impl Strategy<Value = Vec<Op>> {
    let all = prop::collection::vec(drafts(), usize::from(IDS));
    let all = all.prop_map(|drafts| (0..).zip(drafts).map(|(id, draft)| Op::Add(id, draft)).collect::<Vec<_>>());
    (all, prop::collection::vec(operations(), 10..60)).prop_map(|(first, then)| [first, then].concat())
}

/// Everything that an index can be asked.
fn all_answers(index: &Index<Id>) -> impl PartialEq + std::fmt::Debug + use<> {
    let pairs: Vec<(Id, Id)> = (0..IDS).flat_map(|a| (0..IDS).map(move |b| (a, b))).collect();
    let apart: Vec<(Id, Id)> = pairs.into_iter().filter(|(a, b)| index.is_apart(a, b)).collect();
    let told: Vec<Vec<Id>> = (0..IDS).map(|id| index.apart_from(&id)).collect();
    let blocked: Vec<Id> = index.blocked_ids().copied().collect();
    let keys: Vec<usize> = (0..IDS).map(|id| index.keys_of(&id).len()).collect();
    (index.suggestions(), index.common_keys(), apart, told, blocked, keys, index.len())
}

/// A store that knows nothing but the rows it is told of.
#[derive(Default, PartialEq, Debug)]
struct Store {
    contacts: BTreeMap<Id, Arc<StoredContact<Id>>>,
    tombstones: BTreeMap<Id, Id>,
    deleted: BTreeMap<Id, ()>,
    verdicts: BTreeMap<(Id, Id), Arc<Verdicts>>,
    merges: BTreeMap<Box<str>, Arc<MergeRecord<Id>>>,
    events: BTreeMap<u64, Arc<Event<Id>>>,
    tags: BTreeMap<Box<str>, onefold::Tag>,
    blocks: BTreeMap<(Id, i64), onefold::Block>,
    deletions: BTreeMap<u64, onefold::Deletion>,
    to_delete: BTreeMap<(u64, u64), onefold::ToDelete<Id>>,
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
        rows(&mut self.verdicts, &changes.verdicts);
        rows(&mut self.merges, &changes.merges);
        rows(&mut self.events, &changes.events);
        rows(&mut self.tags, &changes.inbox.tags);
        rows(&mut self.blocks, &changes.inbox.blocks);
        rows(&mut self.deletions, &changes.inbox.deletions);
        rows(&mut self.to_delete, &changes.inbox.to_delete);
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
            let is_its = |(id, _): &(Id, i64)| made_of.contains(id);
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
            let told = changes.events.iter().filter_map(|change| change.after.as_ref());
            let told: Vec<Happened<Id>> = told.map(|event| event.what.clone()).collect();
            if told.contains(&Happened::SettingsChanged) {
                continue;
            }
            let of_it = told.iter().filter_map(|what| match what {
                Happened::SuggestionsChanged { contacts } => Some(contacts),
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
    let _ = workspace.tell_apart(&1, &2, &act).expect("live");
    let request = MergeRequest::new("m").allow_apart().set(Field::LastName, "canary");
    let merged = workspace.merge(&request, &1, &[2], &act).expect("live");
    let edited = workspace.get(&1).cloned().expect("live").with(Field::LastName, "canary too");
    let _ = workspace.edit(edited, &act).expect("live");
    let refused = workspace.undo("m", &UndoRequest::new().edits(Edits::Refuse), &act).expect_err("edited");
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
