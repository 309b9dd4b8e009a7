//! Blocking contacts and unblocking them.

use crate::act::Act;
use crate::applied::Applied;
use crate::roles::Operation;
use crate::rows::inbox::Block;
use crate::rows::tables::BlockTable;
use crate::{Workspace, WorkspaceError};
use onefold::contact::{Contact, ContactId};
use onefold::distinct::Ancestry;

/// A blocked contact.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[derive(serde::Serialize)]
pub struct BlockedContact<Id> {
    /// The contact.
    pub contact: Id,
    /// Since when, as the host said. Of a contact that others were merged into, since the first of them was.
    pub since: i64,
    /// Who blocked it, as the host said.
    pub by: Box<str>,
}

impl<Id: ContactId> Workspace<Id> {
    /// Blocks a live contact: until it is unblocked, suggestions are as if it were not there, its messages are
    /// hidden, and it cannot be written to. The status of its conversation is `closed`, if it has one, and events tell the
    /// host to close and then to lock its conversation and to stop its workflows. Blocking it twice is no error and tells nothing. O(k log n) for k keys.
    ///
    /// # Errors
    /// [`WorkspaceError::NotAllowed`], and as [`Workspace::check_live`].
    pub fn block(&mut self, id: &Id, act: &Act) -> Result<Applied<Id>, WorkspaceError<Id>> {
        self.allow(act, Operation::Block)?;
        self.set_blocked(id, true, act)
    }

    /// Unblocks a live contact, which reverts all that: its suggestions are back, its conversation is unlocked, and
    /// its messages are shown from now on. What was hidden stays hidden, and the conversation stays closed. O(k log n) for k keys.
    ///
    /// # Errors
    /// [`WorkspaceError::NotAllowed`], and as [`Workspace::check_live`].
    pub fn unblock(&mut self, id: &Id, act: &Act) -> Result<Applied<Id>, WorkspaceError<Id>> {
        self.allow(act, Operation::Unblock)?;
        self.set_blocked(id, false, act)
    }

    /// The blocked contacts, in order. O(b m log n) for b of them, made of m ids each.
    pub fn blocked(&self) -> impl Iterator<Item = BlockedContact<Id>> {
        self.rows.blocked().iter().map(|id| {
            let first = self.open_blocks(id).into_iter().min_by_key(|(_, since)| *since);
            let block = first.as_ref().and_then(|key| self.rows.tables().blocks.rows().get(key));
            let (since, by) = (first.as_ref().map_or(0, |(_, since)| *since), block.map(|block| block.by.clone()));
            BlockedContact { contact: id.clone(), since, by: by.unwrap_or_default() }
        })
    }

    fn set_blocked(&mut self, id: &Id, blocked: bool, act: &Act) -> Result<Applied<Id>, WorkspaceError<Id>> {
        let mut row = self.row(id)?.clone();
        self.transact(act, |workspace| {
            let was_blocked = std::mem::replace(&mut row.contact.blocked, blocked);
            workspace.close_if_blocked_now(&mut row.contact, was_blocked);
            workspace.set_contact(id, Some(row));
            Ok(())
        })
    }

    /// Closes the conversation of a contact that is blocked from now on, however that came: what events then say of it is
    /// true. Where values are as written, no field changes.
    pub(crate) fn close_if_blocked_now(&self, contact: &mut Contact<Id>, was_blocked: bool) {
        if contact.blocked && !was_blocked && !self.settings().normalizer.is_as_written() {
            contact.close_conversation();
        }
    }

    /// The blocks of all that a live contact is made of that have not ended.
    pub(crate) fn open_blocks(&self, id: &Id) -> Vec<(Id, i64)> {
        let lineage = self.rows.made_of(id);
        let blocks = lineage.iter().flat_map(|part| self.rows.tables().blocks.range_of(part));
        blocks.filter(|(_, block)| block.until.is_none()).map(|(key, _)| key.clone()).collect()
    }

    /// Notes that a contact is blocked from now on, if that is not known of one that it is made of.
    pub(crate) fn open_block(&mut self, id: &Id, act: &Act) {
        if self.open_blocks(id).is_empty() {
            let key = (id.clone(), act.at);
            // Unblocked and blocked again at the same moment, it is the same block.
            let first_hidden = self.rows.tables().blocks.rows().get(&key).and_then(|block| block.first_hidden);
            let block = Block { by: act.by.clone(), until: None, first_hidden };
            self.rows.set::<BlockTable>(key, Some(block));
        }
    }

    /// Notes the blocks `open` of another contact for a blocked one, if none is known of it.
    pub(crate) fn copy_blocks(&mut self, open: &[(Id, i64)], id: &Id) {
        let is_blocked = self.get(id).is_some_and(|contact| contact.blocked);
        if !is_blocked || !self.open_blocks(id).is_empty() {
            return;
        }
        for key in open {
            if let Some(block) = self.rows.tables().blocks.rows().get(key).cloned() {
                self.rows.set::<BlockTable>((id.clone(), key.1), Some(Block { first_hidden: None, ..block }));
            }
        }
    }

    /// Notes that a contact is not blocked any more.
    pub(crate) fn close_blocks(&mut self, id: &Id, act: &Act) {
        for key in self.open_blocks(id) {
            if let Some(block) = self.rows.tables().blocks.rows().get(&key).cloned() {
                self.rows.set::<BlockTable>(key, Some(Block { until: Some(act.at), ..block }));
            }
        }
    }
}
