//! A row that was read, whatever table it is of.

use std::sync::Arc;

use crate::events::event::Event;
use crate::rows::contact_row::{ContactRow, DistinctMarks, MergeRecord};
use crate::rows::{WorkspaceRows, pair};
use crate::state::form::{ContactRead, DeletedLine, DistinctPairLine, MergeLine, TombstoneLine};
use crate::state::inbox_form::InboxLine;
use crate::state::stored::RowKind;
use crate::state::table_form::json;
use crate::state::{MAX_NUMBER, TOO_LARGE};
use onefold::contact::StoredId;

/// A row that was read.
pub(crate) enum ReadRow<Id> {
    Contact(Box<ContactRow<Id>>),
    Tombstone(Id, Id),
    Deleted(Id),
    Merge(Box<MergeRecord<Id>>),
    DistinctPair((Id, Id), DistinctMarks),
    Event(Box<Event<Id>>),
    Around(InboxLine<Id>),
}

impl<Id: StoredId> ReadRow<Id> {
    /// Reads a row of a kind. For rows around the contacts the text says which kind it is.
    pub(crate) fn read(kind: RowKind, text: &str) -> Option<Self> {
        match kind {
            RowKind::Contact => {
                let read: ContactRead<'_> = serde_json::from_str(text).ok()?;
                Some(Self::Contact(Box::new(read.row()?)))
            }
            RowKind::Tombstone => {
                let TombstoneLine { merged_away, into } = serde_json::from_str(text).ok()?;
                Some(Self::Tombstone(merged_away, into))
            }
            RowKind::Deleted => {
                let DeletedLine { deleted } = serde_json::from_str(text).ok()?;
                Some(Self::Deleted(deleted))
            }
            RowKind::Merge => {
                let line: MergeLine<Id> = serde_json::from_str(text).ok()?;
                Some(Self::Merge(Box::new(line.record()?)))
            }
            RowKind::DistinctPair => {
                let line: DistinctPairLine<Id> = serde_json::from_str(text).ok()?;
                Some(Self::DistinctPair(pair(&line.pair.0, &line.pair.1), line.marks()?))
            }
            RowKind::Event => Some(Self::Event(serde_json::from_str(text).ok()?)),
            _ => Some(Self::Around(serde_json::from_str(text).ok()?)),
        }
    }

    /// Whether the row is of a kind and has a key.
    pub(crate) fn is_at(&self, kind: RowKind, key: &str) -> bool {
        let (own_kind, own_key) = match self {
            Self::Contact(row) => (RowKind::Contact, json(&row.contact.id)),
            Self::Tombstone(merged_away, _) => (RowKind::Tombstone, json(merged_away)),
            Self::Deleted(deleted) => (RowKind::Deleted, json(deleted)),
            Self::Merge(record) => (RowKind::Merge, json(&record.merge)),
            Self::DistinctPair(pair, _) => (RowKind::DistinctPair, json(pair)),
            Self::Event(event) => (RowKind::Event, json(&event.number)),
            Self::Around(line) => line.place(),
        };
        own_kind == kind && own_key == key
    }

    /// Puts the row; whether there was none under its key.
    pub(crate) fn put(self, rows: &mut WorkspaceRows<Id>) -> Result<bool, &'static str> {
        match self {
            Self::Contact(row) => Ok(rows.set_contact(row.contact.id.clone(), Some(Arc::new(*row))).is_none()),
            Self::Tombstone(merged_away, into) => {
                let is_new = !rows.tombstones().contains_key(&merged_away);
                rows.set_tombstone(merged_away, Some(into));
                Ok(is_new)
            }
            Self::Deleted(deleted) => {
                let is_new = !rows.deleted().contains_key(&deleted);
                rows.set_deleted(deleted, Some(()));
                Ok(is_new)
            }
            Self::Merge(record) if record.order > MAX_NUMBER => Err(TOO_LARGE),
            Self::Merge(record) => {
                let is_new = rows.merge(&record.merge).is_none();
                rows.set_merge(record.merge.clone(), Some(Arc::new(*record)));
                Ok(is_new)
            }
            Self::DistinctPair((a, b), distinct_pairs) => {
                let is_new = rows.marks_of_pair(&a, &b).is_none();
                rows.set_pair(&a, &b, Some(Arc::new(distinct_pairs)));
                Ok(is_new)
            }
            Self::Event(event) if event.number > MAX_NUMBER => Err(TOO_LARGE),
            Self::Event(event) => {
                let is_new = !rows.events().contains_key(&event.number);
                rows.set_event(event.number, Some(Arc::new(*event)));
                Ok(is_new)
            }
            Self::Around(line) => Ok(line.put(rows)),
        }
    }
}
