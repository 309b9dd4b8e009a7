//! The rows around the contacts as lines of JSON.

use serde::{Deserialize, Serialize};

use crate::inbox::filter::Filter;
use crate::rows::WorkspaceRows;
use crate::rows::inbox::{Activity, Block, ChannelAccount, Deletion, InboxRows, Tag, ToDelete};
use crate::state::stored::RowKind;
use crate::state::table_form::{FIELD_ORDER, json};
use crate::state::{MAX_NUMBER, TOO_LARGE};
use onefold::contact::{ChannelKind, ContactId, CustomType, Field};
use onefold::normalize::AccountPortfolio;

/// A line: the kind of row, its key, and the row.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum InboxLine<Id> {
    Tag(Box<str>, Tag),
    Account(
        Box<str>,
        Box<str>,
        Box<str>,
        #[serde(default, skip_serializing_if = "AccountPortfolio::is_empty")] AccountPortfolio,
    ),
    Definition(Box<str>, CustomType),
    FieldOrder(Vec<Field>),
    Segment(Box<str>, Filter),
    Block(Id, i64, Block),
    Activity(Id, i64, Activity),
    Deletion(u64, Deletion),
    ToDelete(u64, u64, Id, #[serde(default)] Option<Box<str>>),
}

impl<Id: ContactId> InboxLine<Id> {
    /// Puts the row of the line; whether there was none under its key.
    pub(crate) fn put(self, all: &mut WorkspaceRows<Id>) -> bool {
        let rows = &mut all.inbox;
        match self {
            Self::Tag(tag, row) => rows.tags.set(tag, Some(row)).is_none(),
            Self::Account(name, kind, title, belongs_to) => {
                let row = ChannelAccount { kind: ChannelKind::from_name(&kind), title, belongs_to };
                rows.accounts.set(name, Some(row)).is_none()
            }
            Self::Definition(name, kind) => rows.definitions.set(name, Some(kind)).is_none(),
            Self::FieldOrder(order) => rows.field_order.set((), Some(order.into())).is_none(),
            Self::Segment(name, filter) => rows.segments.set(name, Some(filter)).is_none(),
            Self::Block(id, since, block) => rows.blocks.set((id, since), Some(block)).is_none(),
            Self::Activity(id, week, active) => rows.activity.set((id, week), Some(active)).is_none(),
            Self::Deletion(number, deletion) => rows.deletions.set(number, Some(deletion)).is_none(),
            Self::ToDelete(number, place, contact, head) => {
                let is_new = !rows.to_delete.rows().contains_key(&(number, place));
                all.set_to_delete((number, place), Some(ToDelete { contact, head }));
                is_new
            }
        }
    }
}

impl<Id: ContactId + Serialize> InboxLine<Id> {
    /// Of which kind the row is, and its key.
    pub(crate) fn place(&self) -> (RowKind, String) {
        match self {
            Self::Tag(tag, _) => (RowKind::Tag, json(tag)),
            Self::Account(name, ..) => (RowKind::Account, json(name)),
            Self::Definition(name, _) => (RowKind::Definition, json(name)),
            Self::FieldOrder(_) => (RowKind::Setting, json(&FIELD_ORDER)),
            Self::Segment(name, _) => (RowKind::Segment, json(name)),
            Self::Block(id, since, _) => (RowKind::Block, json(&(id, since))),
            Self::Activity(id, week, _) => (RowKind::Activity, json(&(id, week))),
            Self::Deletion(number, _) => (RowKind::Deletion, json(number)),
            Self::ToDelete(number, place, ..) => (RowKind::ToDelete, json(&(number, place))),
        }
    }
}

/// What is wrong with the rows, if anything is. O(n).
pub(crate) fn fault<Id: ContactId>(rows: &InboxRows<Id>) -> Option<&'static str> {
    let counts = rows.deletions.rows().iter().all(|(number, deletion)| {
        let left = rows.to_delete.rows_of(*number).count();
        if deletion.is_stopped { left == 0 } else { left_of(deletion) == Some(left) }
    });
    row_fault(rows).or_else(|| (!counts).then_some(MISCOUNTED))
}

/// The same for rows of which others may be missing.
pub(crate) fn part_fault<Id: ContactId>(rows: &InboxRows<Id>) -> Option<&'static str> {
    let counts = rows.deletions.rows().iter().all(|(number, deletion)| {
        let left = rows.to_delete.rows_of(*number).count();
        if deletion.is_stopped { left == 0 } else { left_of(deletion) >= Some(left) }
    });
    row_fault(rows).or_else(|| (!counts).then_some(MISCOUNTED))
}

const MISCOUNTED: &str = "a deletion does not count its contacts";

/// How many contacts a deletion has not come to yet, by its own count.
fn left_of(deletion: &Deletion) -> Option<usize> {
    deletion.total.checked_sub(deletion.deleted)?.checked_sub(deletion.skipped)
}

fn row_fault<Id: ContactId>(rows: &InboxRows<Id>) -> Option<&'static str> {
    if !rows.segments.rows().values().all(Filter::is_within_limits) {
        return Some("a filter is larger than a filter may be");
    }
    if rows.deletions.rows().keys().any(|number| *number > MAX_NUMBER) {
        return Some(TOO_LARGE);
    }
    if rows.to_delete.rows().keys().any(|(number, _)| !rows.deletions.rows().contains_key(number)) {
        return Some("a contact waits for a deletion that there is not");
    }
    None
}
