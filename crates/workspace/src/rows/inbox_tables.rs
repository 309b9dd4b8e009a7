//! The tables around the contacts, and those of one row.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::filter::Filter;
use crate::rows::inbox::{Activity, Block, ChannelAccount, Deletion, Tag, ToDelete};
use crate::rows::lines::{NextEventLine, SettingsLine};
use crate::rows::lookups::{Lookups, add_to, remove_from};
use crate::rows::tables::{
    AccountTable, ActivityTable, BlockTable, DefinitionTable, DeletionTable, FieldOrderTable, NextEventTable, RowName,
    SegmentTable, SettingsTable, Table, TagTable, ToDeleteTable, json, line,
};
use crate::settings::Settings;
use onefold::contact::{ChannelKind, ContactId, CustomType, Field, StoredId, Time};
use onefold::normalize::AccountPortfolio;

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
    Block(Id, Time, Block),
}

impl<Id: ContactId> Table<Id> for BlockTable {
    fn text((id, since): &(Id, Time), row: &Block) -> String
    where
        Id: Serialize,
    {
        json(&BlockLine::Block(id, *since, row.clone()))
    }

    fn read(text: &str) -> Option<((Id, Time), Block)>
    where
        Id: StoredId,
    {
        line(text).map(|BlockLine::Block(id, since, row)| ((id, since), row))
    }

    fn about<'a>((id, _): &'a (Id, Time), _: &'a Block) -> Vec<&'a Id> {
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
