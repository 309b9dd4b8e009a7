//! What an operation wrote, row by row.

use std::sync::Arc;

use crate::events::event::Event;
use crate::rows::contact_row::{ContactRow, DistinctMarks, MergeRecord};
use crate::rows::inbox::InboxChanges;
use crate::rows::table::RowChange;
use crate::settings::Settings;

/// The rows that an operation wrote, each before and after: a store that applies exactly these, in one
/// transaction, holds what the workspace holds.
///
/// If the store fails, [`Workspace::revert`](crate::Workspace::revert) takes the operation back.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Changes<Id> {
    /// The settings; at most one change.
    pub settings: Vec<RowChange<(), Arc<Settings>>>,
    /// The live contacts, by id.
    pub contacts: Vec<RowChange<Id, Arc<ContactRow<Id>>>>,
    /// What the ids that were merged away were merged into.
    pub tombstones: Vec<RowChange<Id, Id>>,
    /// The ids that were deleted.
    pub deleted: Vec<RowChange<Id, ()>>,
    /// The pairs that were marked distinct, the smaller id first.
    pub distinct_pairs: Vec<RowChange<(Id, Id), Arc<DistinctMarks>>>,
    /// The merges, by name.
    pub merges: Vec<RowChange<Box<str>, Arc<MergeRecord<Id>>>>,
    /// The events that nobody has taken yet, by number.
    pub events: Vec<RowChange<u64, Arc<Event<Id>>>>,
    /// The number of the next event; at most one change.
    pub next_event: Vec<RowChange<(), u64>>,
    /// What stands around the contacts.
    pub inbox: InboxChanges<Id>,
}

impl<Id> Changes<Id> {
    /// Whether the operation wrote nothing.
    pub fn is_empty(&self) -> bool {
        self.settings.is_empty()
            && self.contacts.is_empty()
            && self.tombstones.is_empty()
            && self.deleted.is_empty()
            && self.distinct_pairs.is_empty()
            && self.merges.is_empty()
            && self.events.is_empty()
            && self.next_event.is_empty()
            && self.inbox.is_empty()
    }
}
