//! Blocking and unblocking of contacts.

use crate::act::Act;
use crate::applied::Applied;
use crate::roles::Operation;
use crate::rows::inbox::Block;
use crate::rows::tables::BlockTable;
use crate::{Workspace, WorkspaceError};
use onefold::contact::{Contact, ContactId, Time};
use onefold::distinct::Ancestry;

/// A blocked contact.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[derive(serde::Serialize)]
pub struct BlockedContact<Id> {
    /// The id of the contact.
    pub contact: Id,
    /// The time of the block, as given by the host. For a merged contact it is the earliest block of its original
    /// contacts.
    pub since: Time,
    /// The user who blocked it, as given by the host.
    pub by: Box<str>,
}

impl<Id: ContactId> Workspace<Id> {
    /// Blocks a live contact.
    ///
    /// Until it is unblocked, suggestions ignore it, its messages are hidden, and no message can be sent to it. The
    /// status of its conversation becomes `closed`, if it has one. Events tell the host to close the conversation, then
    /// to lock it, and to stop its workflows. Blocking a blocked contact changes nothing and creates no event.
    /// Cost: O(k log n) for k keys.
    ///
    /// # Errors
    /// - [`WorkspaceError::NotAllowed`] if the role may not block contacts.
    /// - Those of [`Workspace::check_live`].
    pub fn block(&mut self, id: &Id, act: &Act) -> Result<Applied<Id>, WorkspaceError<Id>> {
        self.allow(act, Operation::Block)?;
        self.set_blocked(id, true, act)
    }

    /// Unblocks a live contact.
    ///
    /// It takes part in suggestions again, its conversation is unlocked, and new messages are shown. Messages hidden
    /// before stay hidden, and the conversation stays closed. Cost: O(k log n) for k keys.
    ///
    /// # Errors
    /// - [`WorkspaceError::NotAllowed`] if the role may not unblock contacts.
    /// - Those of [`Workspace::check_live`].
    pub fn unblock(&mut self, id: &Id, act: &Act) -> Result<Applied<Id>, WorkspaceError<Id>> {
        self.allow(act, Operation::Unblock)?;
        self.set_blocked(id, false, act)
    }

    /// Returns the blocked contacts, in order. Cost: O(b m log n) for b blocked contacts made of m original ids each.
    pub fn blocked(&self) -> impl Iterator<Item = BlockedContact<Id>> {
        self.rows.blocked().iter().map(|id| {
            let first = self.open_blocks(id).into_iter().min_by_key(|(_, since)| *since);
            let block = first.as_ref().and_then(|key| self.rows.tables().blocks.rows().get(key));
            let (since, by) =
                (first.as_ref().map(|(_, since)| *since).unwrap_or_default(), block.map(|block| block.by.clone()));
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

    /// Closes the conversation of a newly blocked contact, whatever operation blocked it, so that it agrees with the
    /// events. No field changes if the normaliser takes values as written.
    pub(crate) fn close_if_blocked_now(&self, contact: &mut Contact<Id>, was_blocked: bool) {
        if contact.blocked && !was_blocked && !self.settings().normalizer.is_as_written() {
            contact.close_conversation();
        }
    }

    /// Returns the open blocks of all original contacts that a live contact is made of.
    pub(crate) fn open_blocks(&self, id: &Id) -> Vec<(Id, Time)> {
        let lineage = self.rows.made_of(id);
        let blocks = lineage.iter().flat_map(|part| self.rows.tables().blocks.range_of(part));
        blocks.filter(|(_, block)| block.until.is_none()).map(|(key, _)| key.clone()).collect()
    }

    /// Opens a block for a contact, unless one of its original contacts has an open block.
    pub(crate) fn open_block(&mut self, id: &Id, act: &Act) {
        if self.open_blocks(id).is_empty() {
            let key = (id.clone(), act.at);
            // Unblocked and blocked again at the same moment, it is the same block.
            let first_hidden = self.rows.tables().blocks.rows().get(&key).and_then(|block| block.first_hidden);
            let block = Block { by: act.by.clone(), until: None, first_hidden };
            self.rows.set::<BlockTable>(key, Some(block));
        }
    }

    /// Copies the blocks `open` of another contact to a blocked contact without an open block.
    pub(crate) fn copy_blocks(&mut self, open: &[(Id, Time)], id: &Id) {
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

    /// Ends the open blocks of a contact.
    pub(crate) fn close_blocks(&mut self, id: &Id, act: &Act) {
        for key in self.open_blocks(id) {
            if let Some(block) = self.rows.tables().blocks.rows().get(&key).cloned() {
                self.rows.set::<BlockTable>(key, Some(Block { until: Some(act.at), ..block }));
            }
        }
    }
}
