//! The rows of what stands around the contacts: tags, channel accounts, fields, segments, blocks, activity and
//! deletions. Nothing is derived from them but which deletions a contact waits for, so that each other table is written
//! as it is.

use std::sync::Arc;

use crate::inbox::filter::Filter;
use crate::rows::table::{RowChange, RowTable};
use onefold::contact::{ChannelKind, ContactId, CustomType, Field};
use onefold::normalize::AccountPortfolio;

/// A tag of the workspace's list.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tag {
    /// When it was created, as the host said.
    pub created_at: i64,
    /// Who created it, as the host said.
    pub created_by: Box<str>,
}

/// A channel account of the workspace: a number, a page, a mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChannelAccount {
    /// What carries its messages.
    pub kind: ChannelKind,
    /// What users call it.
    pub title: Box<str>,
    /// The portfolio and the group of portfolios that it belongs to.
    pub belongs_to: AccountPortfolio,
}

impl ChannelAccount {
    /// An account that belongs to no portfolio.
    pub fn new(kind: ChannelKind, title: impl Into<Box<str>>) -> Self {
        Self { kind, title: title.into(), belongs_to: AccountPortfolio::new() }
    }

    /// It belongs to this.
    #[must_use]
    pub fn belongs_to(self, belongs_to: AccountPortfolio) -> Self {
        Self { belongs_to, ..self }
    }
}

/// One time that a contact was blocked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Block {
    /// Who blocked it, as the host said.
    pub by: Box<str>,
    /// When it was unblocked; `None` while it is blocked.
    pub until: Option<i64>,
    /// When the first message was hidden since.
    pub first_hidden: Option<i64>,
}

/// When a contact and the workspace wrote to each other within seven days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Activity {
    /// The first time.
    pub first: i64,
    /// The last time.
    pub last: i64,
}

/// The deletion of many contacts, which is done in batches.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deletion {
    /// How many contacts were to be deleted.
    pub total: usize,
    /// How many were deleted by now.
    pub deleted: usize,
    /// How many were passed over, since they were merged into another contact or deleted meanwhile.
    pub skipped: usize,
    /// When it was begun, as the host said.
    pub at: i64,
    /// Who began it, as the host said.
    pub by: Box<str>,
    /// Whether somebody stopped it.
    #[serde(default, rename = "stopped")]
    pub is_stopped: bool,
}

/// A contact that a deletion has not come to yet.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ToDelete<Id> {
    /// The contact.
    pub contact: Id,
    /// The newest merge that it had survived when the deletion was confirmed: nobody has agreed to delete what was
    /// merged into it since.
    pub head: Option<Box<str>>,
}

impl Deletion {
    /// Whether nothing is left to do.
    pub fn is_finished(&self) -> bool {
        self.is_stopped || self.deleted + self.skipped >= self.total
    }
}

/// The tables.
#[derive(Clone)]
pub(crate) struct InboxRows<Id> {
    pub(crate) tags: RowTable<Box<str>, Tag>,
    pub(crate) accounts: RowTable<Box<str>, ChannelAccount>,
    pub(crate) definitions: RowTable<Box<str>, CustomType>,
    pub(crate) field_order: RowTable<(), Arc<[Field]>>,
    pub(crate) segments: RowTable<Box<str>, Filter>,
    // By contact and the time of the block.
    pub(crate) blocks: RowTable<(Id, i64), Block>,
    // By contact and the number of the week.
    pub(crate) activity: RowTable<(Id, i64), Activity>,
    pub(crate) deletions: RowTable<u64, Deletion>,
    // The contacts that a deletion has not come to yet, by its number and their place in it.
    pub(crate) to_delete: RowTable<(u64, u64), ToDelete<Id>>,
}

/// The rows that an operation wrote around the contacts, each before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InboxChanges<Id> {
    /// The tags of the workspace's list, by name.
    pub tags: Vec<RowChange<Box<str>, Tag>>,
    /// The channel accounts, by the name that contacts' channels have them under.
    pub accounts: Vec<RowChange<Box<str>, ChannelAccount>>,
    /// The types of custom fields, by name.
    pub definitions: Vec<RowChange<Box<str>, CustomType>>,
    /// The order of the fields; at most one change.
    pub field_order: Vec<RowChange<(), Arc<[Field]>>>,
    /// The segments, by name.
    pub segments: Vec<RowChange<Box<str>, Filter>>,
    /// The blocks, by contact and when they began.
    pub blocks: Vec<RowChange<(Id, i64), Block>>,
    /// The activity, by contact and week: number 0 begins at the Unix epoch.
    pub activity: Vec<RowChange<(Id, i64), Activity>>,
    /// The deletions, by number.
    pub deletions: Vec<RowChange<u64, Deletion>>,
    /// The contacts that a deletion has not come to yet, by its number and their place in it.
    pub to_delete: Vec<RowChange<(u64, u64), ToDelete<Id>>>,
}

impl<Id> Default for InboxRows<Id> {
    fn default() -> Self {
        Self {
            tags: RowTable::default(),
            accounts: RowTable::default(),
            definitions: RowTable::default(),
            field_order: RowTable::default(),
            segments: RowTable::default(),
            blocks: RowTable::default(),
            activity: RowTable::default(),
            deletions: RowTable::default(),
            to_delete: RowTable::default(),
        }
    }
}

impl<Id: ContactId> InboxRows<Id> {
    /// What was written since the last time this was asked.
    pub(crate) fn take_changes(&mut self) -> InboxChanges<Id> {
        InboxChanges {
            tags: self.tags.take_changes(),
            accounts: self.accounts.take_changes(),
            definitions: self.definitions.take_changes(),
            field_order: self.field_order.take_changes(),
            segments: self.segments.take_changes(),
            blocks: self.blocks.take_changes(),
            activity: self.activity.take_changes(),
            deletions: self.deletions.take_changes(),
            to_delete: self.to_delete.take_changes(),
        }
    }

    /// Puts every row that `changes` names back to what it was before, and takes that for what there has always
    /// been.
    pub(crate) fn revert(&mut self, changes: &InboxChanges<Id>) {
        self.tags.revert(&changes.tags);
        self.accounts.revert(&changes.accounts);
        self.definitions.revert(&changes.definitions);
        self.field_order.revert(&changes.field_order);
        self.segments.revert(&changes.segments);
        self.blocks.revert(&changes.blocks);
        self.activity.revert(&changes.activity);
        self.deletions.revert(&changes.deletions);
        // Those that wait to be deleted are put back with what is derived from them.
        let _ = self.take_changes();
    }
}

impl<Id> InboxChanges<Id> {
    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        self.tags.is_empty()
            && self.accounts.is_empty()
            && self.definitions.is_empty()
            && self.field_order.is_empty()
            && self.segments.is_empty()
            && self.blocks.is_empty()
            && self.activity.is_empty()
            && self.deletions.is_empty()
            && self.to_delete.is_empty()
    }
}
