//! How the rows of each table are spelled: their keys and their texts.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::events::event::Event;
use crate::inbox::filter::Filter;
use crate::rows::contact_row::{ContactRow, DistinctMarks, MergeRecord};
use crate::rows::inbox::{Activity, Block, ChannelAccount, Deletion, Tag, ToDelete};
use crate::rows::table::RowChange;
use crate::settings::Settings;
use crate::state::form::{
    ContactLine, DeletedLine, DistinctPairLine, MergeLine, NextEventLine, SettingsLine, TombstoneLine,
};
use crate::state::inbox_form::InboxLine;
use crate::state::stored::{RowKind, RowWrite, StoredRow};
use onefold::contact::{ContactId, CustomType, Field};

/// The names under which the settings of a workspace stand.
pub(crate) const SETTINGS: &str = "settings";
pub(crate) const NEXT_EVENT: &str = "next_event";
pub(crate) const FIELD_ORDER: &str = "field_order";

/// What users or hosts call something.
type RowName = Box<str>;

/// How the rows of one table are spelled.
pub(crate) struct TableForm<Key, Row> {
    kind: RowKind,
    key: fn(&Key) -> String,
    text: fn(&Key, &Row) -> String,
}

impl<Key, Row> TableForm<Key, Row> {
    /// The rows of a table, in order of their keys.
    pub(crate) fn rows(self, rows: &BTreeMap<Key, Row>) -> impl Iterator<Item = StoredRow> {
        rows.iter().map(move |(key, row)| self.row(key, row))
    }

    /// What a store does to take rows for what they are after an operation.
    pub(crate) fn writes(self, changes: &[RowChange<Key, Row>]) -> impl Iterator<Item = RowWrite> {
        changes.iter().map(move |change| match &change.after {
            Some(row) => RowWrite::Put(self.row(&change.key, row)),
            None => RowWrite::Delete { kind: self.kind, key: (self.key)(&change.key) },
        })
    }

    fn row(&self, key: &Key, row: &Row) -> StoredRow {
        StoredRow { kind: self.kind, key: (self.key)(key), text: (self.text)(key, row) }
    }
}

pub(crate) fn settings() -> TableForm<(), Arc<Settings>> {
    TableForm { kind: RowKind::Setting, key: |()| json(&SETTINGS), text: |(), row| json(&SettingsLine::of(row)) }
}

pub(crate) fn next_event() -> TableForm<(), u64> {
    let text = |(): &(), number: &u64| json(&NextEventLine { next_event: *number });
    TableForm { kind: RowKind::Setting, key: |()| json(&NEXT_EVENT), text }
}

pub(crate) fn contacts<Id: ContactId + Serialize>() -> TableForm<Id, Arc<ContactRow<Id>>> {
    TableForm { kind: RowKind::Contact, key: json, text: |_, row| json(&ContactLine::of(row)) }
}

pub(crate) fn tombstones<Id: ContactId + Serialize>() -> TableForm<Id, Id> {
    let text = |merged_away: &Id, into: &Id| json(&TombstoneLine { merged_away, into });
    TableForm { kind: RowKind::Tombstone, key: json, text }
}

pub(crate) fn deleted<Id: ContactId + Serialize>() -> TableForm<Id, ()> {
    TableForm { kind: RowKind::Deleted, key: json, text: |deleted, ()| json(&DeletedLine { deleted }) }
}

pub(crate) fn merges<Id: ContactId + Serialize>() -> TableForm<RowName, Arc<MergeRecord<Id>>> {
    TableForm { kind: RowKind::Merge, key: json, text: |_, record| json(&MergeLine::of(record)) }
}

pub(crate) fn distinct_pairs<Id: ContactId + Serialize>() -> TableForm<(Id, Id), Arc<DistinctMarks>> {
    TableForm { kind: RowKind::DistinctPair, key: json, text: |pair, row| json(&DistinctPairLine::of(pair, row)) }
}

pub(crate) fn events<Id: ContactId + Serialize>() -> TableForm<u64, Arc<Event<Id>>> {
    TableForm { kind: RowKind::Event, key: json, text: |_, event| json(&**event) }
}

pub(crate) fn tags() -> TableForm<RowName, Tag> {
    let text = |tag: &RowName, row: &Tag| line(&InboxLine::Tag(tag.clone(), row.clone()));
    TableForm { kind: RowKind::Tag, key: json, text }
}

pub(crate) fn accounts() -> TableForm<RowName, ChannelAccount> {
    let text = |name: &RowName, row: &ChannelAccount| {
        line(&InboxLine::Account(name.clone(), row.kind.name().into(), row.title.clone(), row.belongs_to.clone()))
    };
    TableForm { kind: RowKind::Account, key: json, text }
}

pub(crate) fn definitions() -> TableForm<RowName, CustomType> {
    let text = |name: &RowName, kind: &CustomType| line(&InboxLine::Definition(name.clone(), kind.clone()));
    TableForm { kind: RowKind::Definition, key: json, text }
}

pub(crate) fn field_order() -> TableForm<(), Arc<[Field]>> {
    let text = |(): &(), order: &Arc<[Field]>| line(&InboxLine::FieldOrder(order.to_vec()));
    TableForm { kind: RowKind::Setting, key: |()| json(&FIELD_ORDER), text }
}

pub(crate) fn segments() -> TableForm<RowName, Filter> {
    let text = |name: &RowName, filter: &Filter| line(&InboxLine::Segment(name.clone(), filter.clone()));
    TableForm { kind: RowKind::Segment, key: json, text }
}

pub(crate) fn blocks<Id: ContactId + Serialize>() -> TableForm<(Id, i64), Block> {
    let text = |(id, since): &(Id, i64), row: &Block| json(&InboxLine::Block(id.clone(), *since, row.clone()));
    TableForm { kind: RowKind::Block, key: json, text }
}

pub(crate) fn activity<Id: ContactId + Serialize>() -> TableForm<(Id, i64), Activity> {
    let text = |(id, week): &(Id, i64), row: &Activity| json(&InboxLine::Activity(id.clone(), *week, *row));
    TableForm { kind: RowKind::Activity, key: json, text }
}

pub(crate) fn deletions() -> TableForm<u64, Deletion> {
    let text = |number: &u64, row: &Deletion| line(&InboxLine::Deletion(*number, row.clone()));
    TableForm { kind: RowKind::Deletion, key: json, text }
}

pub(crate) fn to_delete<Id: ContactId + Serialize>() -> TableForm<(u64, u64), ToDelete<Id>> {
    let text = |(number, place): &(u64, u64), row: &ToDelete<Id>| {
        json(&InboxLine::ToDelete(*number, *place, row.contact.clone(), row.head.clone()))
    };
    TableForm { kind: RowKind::ToDelete, key: json, text }
}

/// A value as JSON on one line.
pub(crate) fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("ids can be serialised to JSON")
}

/// A line that names no contact.
fn line(line: &InboxLine<()>) -> String {
    json(line)
}
