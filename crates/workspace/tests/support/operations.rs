//! Sequences of anything that can be done to a workspace.

#![allow(dead_code, reason = "each test uses some of it")]

use std::collections::BTreeSet;

use onefold::contact::CustomType;
use onefold::normalize::AccountPortfolio;
use onefold::{ChannelKind, Contact, Edits, Field, MergePolicy, MergeRequest, Normalizer, Rules, Time, Value};
use onefold_workspace::{
    Act, Applied, Changes, ChannelAccount, Existing, Filter, Later, Role, Selection, Sender, Settings, UndoRequest,
    Workspace, WorkspaceError,
};
use proptest::prelude::*;

pub type Id = u8;
pub const IDS: Id = 8;
pub const EMAILS: u8 = 4;

#[derive(Clone, Debug)]
pub enum Op {
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
pub const AROUND: u8 = 19;

/// What a contact says, whoever it is.
#[derive(Clone, Debug)]
pub struct Draft {
    shared: Vec<u8>,
    own: u8,
    tags: Vec<u8>,
    plan: u8,
}

impl Draft {
    pub fn contact(&self, id: Id) -> Contact<Id> {
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

pub fn drafts() -> impl Strategy<Value = Draft> {
    let parts = (prop::collection::vec(0..EMAILS, 0..3), 0..3_u8, prop::collection::vec(0..3_u8, 0..3), 0..4_u8);
    parts.prop_map(|(shared, own, tags, plan)| Draft { shared, own, tags, plan })
}

pub fn operations() -> impl Strategy<Value = Op> {
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

pub fn settings(number: u8) -> Settings {
    let normalizer = match number {
        0 => Normalizer::new(),
        1 => Normalizer::builder().as_written().build(),
        2 => Normalizer::builder().ignore(["shared-0@example.com"]).build(),
        _ => Normalizer::builder().plus_tags().build(),
    };
    let policy = MergePolicy::builder()
        .field(Field::Custom("plan".into()), onefold::FieldRule::MustAgree)
        .build()
        .expect("a legal policy");
    let policy = if number == 3 { policy } else { MergePolicy::new() };
    Settings::new()
        .with_normalizer(normalizer)
        .with_rules(Rules::new().with_max_holders(2 + usize::from(number)))
        .with_policy(policy)
}

/// Who does the operation of a number, and when.
pub fn act(number: usize) -> Act {
    let act = Act::new(Time::from_millis(i64::try_from(number).expect("a small number") * 40_000_000), "somebody");
    match number % 11 {
        0 => act.of_user(Role::Agent),
        1 => act.of_user(Role::Manager),
        2 => act.of_restricted_user(Role::Owner),
        _ => act,
    }
}

/// Contacts that are live, and now and then one that is not.
pub fn some_contacts(workspace: &Workspace<Id>, number: usize) -> Vec<Id> {
    workspace.contacts().map(|contact| contact.id).chain([number as Id % IDS]).collect()
}

pub fn merge_request(number: usize, allows_all: bool) -> MergeRequest<Id> {
    let request = MergeRequest::new(format!("m{number}"));
    if allows_all { request.allow_distinct().allow_blocked().set(Field::LastName, "given") } else { request }
}

/// Who is merged away: mostly nobody into himself.
pub fn to_retire(into: Id, retire: impl Iterator<Item = Id>, number: usize) -> Vec<Id> {
    let retire: BTreeSet<Id> = retire.filter(|id| number.is_multiple_of(9) || *id != into).collect();
    Vec::from_iter(retire)
}

pub fn undo_request(edits: Edits, later: Later, marks_distinct: bool) -> UndoRequest {
    let request = UndoRequest::new().with_edits(edits).with_later(later);
    if marks_distinct { request.mark_distinct() } else { request }
}

/// One that was made, mostly.
pub fn some_merge(workspace: &Workspace<Id>, merge: usize) -> Box<str> {
    let made = workspace.history().count();
    let nth = workspace.history().nth(merge % (made + 1)).map(|record| record.merge.clone());
    nth.unwrap_or_else(|| "none".into())
}

pub fn carry_out(workspace: &mut Workspace<Id>, op: &Op, number: usize) -> Result<Changes<Id>, WorkspaceError<Id>> {
    fn changes<T>(applied: Applied<Id, T>) -> Changes<Id> {
        applied.changes
    }
    let act = act(number);
    let live = some_contacts(workspace, number);
    let of = |id: &Id| live[usize::from(*id) % live.len()];
    match op {
        Op::Add(id, draft) => workspace.add(draft.contact(*id), &act).map(changes),
        Op::Edit(id, draft) => workspace.edit(draft.contact(of(id)), &act).map(changes),
        Op::Delete(id) => workspace.delete(id, &act).map(changes),
        Op::Block(id, true) => workspace.block(&of(id), &act).map(changes),
        Op::Block(id, false) => workspace.unblock(&of(id), &act).map(changes),
        Op::Tell(a, b, true) => workspace.mark_distinct_forever(&of(a), &of(b), &act).map(changes),
        Op::Tell(a, b, false) => workspace.mark_distinct(&of(a), &of(b), &act).map(changes),
        Op::Clear(a, b) => workspace.clear_distinct(&of(a), &of(b), &act).map(changes),
        Op::Merge(into, retire, allows_all) => {
            let (request, into) = (merge_request(number, *allows_all), of(into));
            workspace.merge(&request, &into, &to_retire(into, retire.iter().map(of), number), &act).map(changes)
        }
        Op::Undo(merge, edits, later, marks_distinct) => {
            let merge = some_merge(workspace, *merge);
            workspace.undo(&merge, &undo_request(*edits, *later, *marks_distinct), &act).map(changes)
        }
        Op::Settings(number) => workspace.set_settings(settings(*number), &act).map(changes),
        Op::Drain => Ok(workspace.drain_events().changes),
        Op::Around(what, id, number) => carry_out_around(workspace, *what, &of(id), *number, &act).map(changes),
    }
}

/// What an operation around the contacts names.
pub struct Given {
    pub tag: &'static str,
    pub other: &'static str,
    pub account: &'static str,
    pub field: Field,
    pub value: Value,
}

pub fn given(id: &Id, number: u8) -> Given {
    let tags = ["tag-a", "tag-b", "tag-c"];
    let fields = [Field::Phone, Field::FirstName, Field::Custom("plan".into()), Field::Avatar, Field::Email];
    let value = match number % 4 {
        0 => Value::from(vec![format!("+44 20 7946 09{:02}", number % 100)]),
        1 => Value::from(format!("own-name-{id}-{number}")),
        2 => Value::Null,
        _ => Value::from(vec![format!("own-{id}-{number}@example.com")]),
    };
    Given {
        tag: tags[usize::from(number % 3)],
        other: tags[usize::from(number / 3 % 3)],
        account: ["wa", "mail", "web"][usize::from(number % 3)],
        field: fields[usize::from(number % 5)].clone(),
        value,
    }
}

/// Some are ids of WhatsApp users, which several contacts have, on several accounts.
pub fn identity(id: &Id, number: u8) -> String {
    match number % 3 {
        0 => format!("US.{}", number % 2),
        1 => format!("US.ENT.{}", number % 2),
        _ => format!("own-{id}-{number}@example.com"),
    }
}

pub fn imported(id: &Id, number: u8) -> Vec<Contact<Id>> {
    let draft = Draft { shared: vec![number % EMAILS], own: number % 3, tags: vec![], plan: number % 4 };
    vec![draft.contact(*id), draft.contact(number % IDS)]
}

/// What is done to the tags, fields, channels, segments and deletions of a workspace.
pub fn carry_out_around(
    workspace: &mut Workspace<Id>,
    what: u8,
    id: &Id,
    number: u8,
    act: &Act,
) -> Result<Applied<Id>, WorkspaceError<Id>> {
    let Given { tag, other, account, field, value } = given(id, number);
    let filter = Filter::Any(vec![Filter::Tag(tag.into()), Filter::Blocked(number.is_multiple_of(2))]);
    let selection = match number % 3 {
        0 => Selection::Contacts(vec![*id, number % IDS]),
        1 => Selection::Filter(filter.clone()),
        _ => Selection::Segment("segment".into()),
    };
    match what {
        0 => workspace.assign_tags(&[*id, number % IDS], &[tag, other], act).map(|applied| applied.map(drop)),
        1 => workspace.remove_tags(&[*id], &[tag], act).map(|applied| applied.map(drop)),
        2 => workspace.rename_tag(tag, other, act).map(|applied| applied.map(drop)),
        3 => workspace.delete_tag(tag, act).map(|applied| applied.map(drop)),
        4 => workspace.create_tag(tag, act).map(|applied| applied.map(drop)),
        5 => {
            let kind = [ChannelKind::WhatsApp, ChannelKind::Email, ChannelKind::Web][usize::from(number % 3)].clone();
            let portfolio = ["", "acme", "other"][usize::from(number / 3 % 3)];
            let belongs_to = AccountPortfolio::new().portfolio(portfolio).portfolio_group(portfolio);
            workspace.put_account(account, ChannelAccount::new(kind, "An account").belongs_to(belongs_to), act)
        }
        6 => workspace.remove_account(account, act).map(|applied| applied.map(drop)),
        7 => workspace.send(id, account, act).map(|applied| applied.map(drop)),
        8 => {
            let identity = identity(id, number);
            let through = (!number.is_multiple_of(4)).then(|| Sender::new(account, &identity));
            workspace.receive(&(number % IDS), through.as_ref(), act).map(|applied| applied.map(drop))
        }
        9 => workspace.remove_channel(id, account, None, act).map(|applied| applied.map(drop)),
        10 => workspace.set_field(id, &field, value, act).map(|applied| applied.map(drop)),
        11 => {
            let kind = if number.is_multiple_of(2) { CustomType::Text } else { CustomType::Number };
            workspace.define_field("plan", kind, act).map(|applied| applied.map(drop))
        }
        12 => workspace.remove_definition("plan", act).map(|applied| applied.map(drop)),
        13 => workspace.order_fields(&[Field::Phone, field], act).map(|applied| applied.map(drop)),
        14 => workspace.save_segment("segment", filter, act).map(|applied| applied.map(drop)),
        15 => {
            let count = workspace.selected(&selection).map_or(0, |ids| ids.len());
            let confirmed = if number.is_multiple_of(7) { count + 1 } else { count };
            // Not so often that little is left.
            let confirmed = if number < 200 { usize::MAX } else { confirmed };
            workspace.begin_deletion(&selection, confirmed, act).map(|applied| applied.map(drop))
        }
        16 => workspace
            .continue_deletion(u64::from(number % 2), usize::from(number % 3), act)
            .map(|applied| applied.map(drop)),
        17 => workspace.stop_deletion(u64::from(number % 2), act).map(|applied| applied.map(drop)),
        _ => {
            let existing = if number.is_multiple_of(2) { Existing::Reject } else { Existing::Update };
            workspace.import(imported(id, number), existing, act).map(|applied| applied.map(drop))
        }
    }
}

/// All contacts, and then anything.
pub fn sequences() -> impl Strategy<Value = Vec<Op>> {
    let all = prop::collection::vec(drafts(), usize::from(IDS));
    let all = all.prop_map(|drafts| (0..).zip(drafts).map(|(id, draft)| Op::Add(id, draft)).collect::<Vec<_>>());
    (all, prop::collection::vec(operations(), 10..60)).prop_map(|(first, then)| [first, then].concat())
}
