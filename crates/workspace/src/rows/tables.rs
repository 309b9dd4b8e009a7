//! The tables of a workspace: the list of them, and of each what a store keeps and what is looked up in it.
//!
//! A table is an entry of the list and an implementation of [`Table`]. What an operation has changed, how it is undone, what
//! a store reads and writes, and how many rows there are follows from these two.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::events::event::Event;
use crate::inbox::filter::Filter;
use crate::rows::contact_row::{ContactRow, DistinctMarks, MergeRecord};
use crate::rows::inbox::{Activity, Block, ChannelAccount, Deletion, Tag, ToDelete};
use crate::rows::lines::{NextEventLine, SettingsLine};
use crate::rows::lookups::{Lookups, add_to, remove_from};
use crate::rows::stored::{IndexedWrite, RowWrite, StoredRow};
use crate::rows::table::{RowChange, RowTable};
use crate::rows::table_list::tables;
use crate::settings::Settings;
use onefold::contact::{ChannelKind, ContactId, CustomType, Field, StoredId};
use onefold::normalize::AccountPortfolio;

/// What users or hosts call something.
pub(crate) type RowName = Box<str>;

tables! {
    /// The settings; one row.
    settings: SettingsTable(() => Arc<Settings>), Setting;
    /// The number of the next event; one row.
    next_event: NextEventTable(() => u64), Setting;
    /// The live contacts, by id.
    contacts: ContactTable(Id => Arc<ContactRow<Id>>), Contact = "contact" since 1;
    /// What the ids that were merged away were merged into.
    tombstones: TombstoneTable(Id => Id), Tombstone = "tombstone" since 1;
    /// The ids that were deleted.
    deleted: DeletedTable(Id => ()), Deleted = "deleted" since 1;
    /// The merges, by name.
    merges: MergeTable(RowName => Arc<MergeRecord<Id>>), Merge = "merge" since 1;
    /// The pairs that were marked distinct, the smaller id first.
    distinct_pairs: DistinctPairTable((Id, Id) => Arc<DistinctMarks>), DistinctPair = "verdict" since 1;
    /// The events that nobody has taken yet, by number.
    events: EventTable(u64 => Arc<Event<Id>>), Event = "event" since 1;
    /// The tags of the workspace's list, by name.
    tags: TagTable(RowName => Tag), Tag = "tag" since 1;
    /// The channel accounts, by the name that contacts' channels have them under.
    accounts: AccountTable(RowName => ChannelAccount), Account = "account" since 1;
    /// The types of custom fields, by name.
    definitions: DefinitionTable(RowName => CustomType), Definition = "definition" since 1;
    /// The order of the fields; at most one row.
    field_order: FieldOrderTable(() => Arc<[Field]>), Setting;
    /// The segments, by name.
    segments: SegmentTable(RowName => Filter), Segment = "segment" since 1;
    /// The blocks, by contact and when they began.
    blocks: BlockTable((Id, i64) => Block), Block = "block" since 1;
    /// The activity, by contact and week: number 0 begins at the Unix epoch.
    activity: ActivityTable((Id, i64) => Activity), Activity = "activity" since 1;
    /// The deletions of many contacts, by number.
    deletions: DeletionTable(u64 => Deletion), Deletion = "deletion" since 1;
    /// The contacts that a deletion has not come to yet, by its number and their place in it.
    to_delete: ToDeleteTable((u64, u64) => ToDelete<Id>), ToDelete = "to_delete" since 1;
}

/// What the list says of a table.
pub(crate) trait TableRows<Id: ContactId> {
    /// What a row is found under.
    type Key: Clone + Ord;
    /// What is kept.
    type Row: Clone + PartialEq;

    /// The kind under which a store keeps the rows.
    const KIND: RowKind;

    /// Returns the table among all.
    fn of_mut(tables: &mut Tables<Id>) -> &mut RowTable<Self::Key, Self::Row>;
}

/// A table: how a store spells its rows, and what is looked up in them.
pub(crate) trait Table<Id: ContactId>: TableRows<Id> {
    /// Returns the text of a row: one line, which [`Table::read`] reads back.
    fn text(key: &Self::Key, row: &Self::Row) -> String
    where
        Id: Serialize;

    /// Reads the text of a row with its key; `None` if it is none.
    fn read(text: &str) -> Option<(Self::Key, Self::Row)>
    where
        Id: StoredId;

    /// Returns the key as a store has it: one text for one key.
    fn stored_key(key: &Self::Key) -> String
    where
        Self::Key: Serialize,
    {
        json(key)
    }

    /// Brings look-ups up to date after a row was put, changed or taken out.
    fn look_up(_: &mut Lookups<Id>, _: &Self::Key, _before: Option<&Self::Row>, _after: Option<&Self::Row>) {}

    /// Returns the contacts that a row is about, beside the one whose id is its key.
    fn about<'a>(_: &'a Self::Key, _: &'a Self::Row) -> Vec<&'a Id> {
        Vec::new()
    }

    /// Returns the place of a row where rows have an order beside that of their keys.
    fn place(_: &Self::Key, _: &Self::Row) -> Option<u64> {
        None
    }

    /// Puts a row, or takes it out, with what is looked up in it, and returns the one that was there. O(log n).
    fn set(
        tables: &mut Tables<Id>,
        lookups: &mut Lookups<Id>,
        key: Self::Key,
        row: Option<Self::Row>,
    ) -> Option<Self::Row> {
        let before = Self::of_mut(tables).set(key.clone(), row.clone());
        Self::look_up(lookups, &key, before.as_ref(), row.as_ref());
        before
    }

    /// Returns a row as a store keeps it.
    fn stored(key: &Self::Key, row: &Self::Row) -> StoredRow
    where
        Self::Key: Serialize,
        Id: Serialize,
    {
        StoredRow { kind: Self::KIND, key: Self::stored_key(key), text: Self::text(key, row) }
    }

    /// Returns what a store does to take a row for what it is after an operation.
    fn write(change: &RowChange<Self::Key, Self::Row>) -> RowWrite
    where
        Self::Key: Serialize,
        Id: Serialize,
    {
        match &change.after {
            Some(row) => RowWrite::Put(Self::stored(&change.key, row)),
            None => RowWrite::Delete { kind: Self::KIND, key: Self::stored_key(&change.key) },
        }
    }

    /// Returns the same with what a store may look the row up by.
    fn indexed_write(change: &RowChange<Self::Key, Self::Row>) -> IndexedWrite<'_, Id>
    where
        Self::Key: Serialize,
        Id: Serialize,
    {
        let about = |row| Self::about(&change.key, row);
        let before: BTreeSet<&Id> = change.before.iter().flat_map(about).collect();
        let after: BTreeSet<&Id> = change.after.iter().flat_map(about).collect();
        IndexedWrite {
            write: Self::write(change),
            place: change.after.as_ref().and_then(|row| Self::place(&change.key, row)),
            about_added: after.difference(&before).copied().collect(),
            about_removed: before.difference(&after).copied().collect(),
        }
    }
}

/// Returns a value as JSON on one line.
pub(crate) fn json(value: &(impl Serialize + ?Sized)) -> String {
    serde_json::to_string(value).expect("ids can be serialised to JSON")
}

/// Reads a line of JSON.
pub(crate) fn line<Line: DeserializeOwned>(text: &str) -> Option<Line> {
    serde_json::from_str(text).ok()
}

impl<Id: ContactId> Table<Id> for SettingsTable {
    fn stored_key((): &()) -> String {
        json("settings")
    }

    fn text((): &(), row: &Arc<Settings>) -> String {
        json(&SettingsLine::of(row))
    }

    fn read(text: &str) -> Option<((), Arc<Settings>)> {
        line(text).map(|SettingsLine { settings, .. }| ((), Arc::new(settings)))
    }
}

impl<Id: ContactId> Table<Id> for NextEventTable {
    fn stored_key((): &()) -> String {
        json("next_event")
    }

    fn text((): &(), number: &u64) -> String {
        json(&NextEventLine { next_event: *number })
    }

    fn read(text: &str) -> Option<((), u64)> {
        line(text).map(|NextEventLine { next_event }| ((), next_event))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum TagLine {
    Tag(RowName, Tag),
}

impl<Id: ContactId> Table<Id> for TagTable {
    fn text(name: &RowName, row: &Tag) -> String {
        json(&TagLine::Tag(name.clone(), row.clone()))
    }

    fn read(text: &str) -> Option<(RowName, Tag)> {
        line(text).map(|TagLine::Tag(name, row)| (name, row))
    }
}

/// The name of an account, the name of its kind, its title, and what it belongs to.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum AccountLine {
    Account(
        RowName,
        Box<str>,
        Box<str>,
        #[serde(default, skip_serializing_if = "AccountPortfolio::is_empty")] AccountPortfolio,
    ),
}

impl<Id: ContactId> Table<Id> for AccountTable {
    fn text(name: &RowName, row: &ChannelAccount) -> String {
        let ChannelAccount { kind, title, belongs_to } = row.clone();
        json(&AccountLine::Account(name.clone(), kind.name().into(), title, belongs_to))
    }

    fn read(text: &str) -> Option<(RowName, ChannelAccount)> {
        let AccountLine::Account(name, kind, title, belongs_to) = line(text)?;
        Some((name, ChannelAccount { kind: ChannelKind::from_name(&kind), title, belongs_to }))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum DefinitionLine {
    Definition(RowName, CustomType),
}

impl<Id: ContactId> Table<Id> for DefinitionTable {
    fn text(name: &RowName, row: &CustomType) -> String {
        json(&DefinitionLine::Definition(name.clone(), row.clone()))
    }

    fn read(text: &str) -> Option<(RowName, CustomType)> {
        line(text).map(|DefinitionLine::Definition(name, row)| (name, row))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum FieldOrderLine {
    FieldOrder(Vec<Field>),
}

impl<Id: ContactId> Table<Id> for FieldOrderTable {
    fn stored_key((): &()) -> String {
        json("field_order")
    }

    fn text((): &(), order: &Arc<[Field]>) -> String {
        json(&FieldOrderLine::FieldOrder(order.to_vec()))
    }

    fn read(text: &str) -> Option<((), Arc<[Field]>)> {
        line(text).map(|FieldOrderLine::FieldOrder(order)| ((), order.into()))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum SegmentLine {
    Segment(RowName, Filter),
}

impl<Id: ContactId> Table<Id> for SegmentTable {
    fn text(name: &RowName, filter: &Filter) -> String {
        json(&SegmentLine::Segment(name.clone(), filter.clone()))
    }

    fn read(text: &str) -> Option<(RowName, Filter)> {
        line(text).map(|SegmentLine::Segment(name, filter)| (name, filter))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum BlockLine<Id> {
    Block(Id, i64, Block),
}

impl<Id: ContactId> Table<Id> for BlockTable {
    fn text((id, since): &(Id, i64), row: &Block) -> String
    where
        Id: Serialize,
    {
        json(&BlockLine::Block(id, *since, row.clone()))
    }

    fn read(text: &str) -> Option<((Id, i64), Block)>
    where
        Id: StoredId,
    {
        line(text).map(|BlockLine::Block(id, since, row)| ((id, since), row))
    }

    fn about<'a>((id, _): &'a (Id, i64), _: &'a Block) -> Vec<&'a Id> {
        vec![id]
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ActivityLine<Id> {
    Activity(Id, i64, Activity),
}

impl<Id: ContactId> Table<Id> for ActivityTable {
    fn text((id, week): &(Id, i64), row: &Activity) -> String
    where
        Id: Serialize,
    {
        json(&ActivityLine::Activity(id, *week, *row))
    }

    fn read(text: &str) -> Option<((Id, i64), Activity)>
    where
        Id: StoredId,
    {
        line(text).map(|ActivityLine::Activity(id, week, row)| ((id, week), row))
    }

    fn about<'a>((id, _): &'a (Id, i64), _: &'a Activity) -> Vec<&'a Id> {
        vec![id]
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum DeletionLine {
    Deletion(u64, Deletion),
}

impl<Id: ContactId> Table<Id> for DeletionTable {
    fn text(number: &u64, row: &Deletion) -> String {
        json(&DeletionLine::Deletion(*number, row.clone()))
    }

    fn read(text: &str) -> Option<(u64, Deletion)> {
        line(text).map(|DeletionLine::Deletion(number, row)| (number, row))
    }
}

/// The number of a deletion, a place in it, the contact there, and its newest merge.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ToDeleteLine<Id> {
    ToDelete(u64, u64, Id, #[serde(default)] Option<Box<str>>),
}

impl<Id: ContactId> Table<Id> for ToDeleteTable {
    fn text((number, place): &(u64, u64), row: &ToDelete<Id>) -> String
    where
        Id: Serialize,
    {
        json(&ToDeleteLine::ToDelete(*number, *place, &row.contact, row.head.clone()))
    }

    fn read(text: &str) -> Option<((u64, u64), ToDelete<Id>)>
    where
        Id: StoredId,
    {
        line(text)
            .map(|ToDeleteLine::ToDelete(number, place, contact, head)| ((number, place), ToDelete { contact, head }))
    }

    fn look_up(
        lookups: &mut Lookups<Id>,
        key: &(u64, u64),
        before: Option<&ToDelete<Id>>,
        after: Option<&ToDelete<Id>>,
    ) {
        before.iter().for_each(|row| remove_from(&mut lookups.waiting_to_delete, &row.contact, key));
        after.iter().for_each(|row| add_to(&mut lookups.waiting_to_delete, row.contact.clone(), *key));
    }

    fn about<'a>(_: &'a (u64, u64), row: &'a ToDelete<Id>) -> Vec<&'a Id> {
        vec![&row.contact]
    }
}
