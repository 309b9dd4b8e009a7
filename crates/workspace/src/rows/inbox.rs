//! The rows of what stands around the contacts: tags, channel accounts, blocks, activity and deletions.

use onefold::contact::{ChannelKind, Time};
use onefold::normalize::AccountPortfolio;

/// A tag of the workspace's list.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tag {
    /// When it was created, as the host said.
    pub created_at: Time,
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
    pub until: Option<Time>,
    /// When the first message was hidden since.
    pub first_hidden: Option<Time>,
}

/// When a contact and the workspace wrote to each other within seven days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Activity {
    /// The first time.
    pub first: Time,
    /// The last time.
    pub last: Time,
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
    pub at: Time,
    /// Who began it, as the host said.
    pub by: Box<str>,
    /// True if somebody stopped it.
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
    /// Returns true if nothing is left to do.
    pub fn is_finished(&self) -> bool {
        self.is_stopped || self.deleted + self.skipped >= self.total
    }
}
