//! Adding, editing, blocking and deleting contacts.

use std::collections::BTreeSet;

use crate::contact::{Contact, ContactId};
use crate::workspace::act::Act;
use crate::workspace::changes::Applied;
use crate::workspace::events::{FieldChanges, Happened};
use crate::workspace::row::ContactRow;
use crate::workspace::{Workspace, WorkspaceError};

impl<Id: ContactId> Workspace<Id> {
    /// Adds a contact, blocked if it says so. O(k log n) for k keys.
    ///
    /// # Errors
    /// As [`Workspace::check_free`].
    pub fn add(&mut self, contact: Contact<Id>, _act: &Act) -> Result<Applied<Id>, WorkspaceError<Id>> {
        self.check_free(&contact.id)?;
        self.transact(|workspace| {
            let id = contact.id.clone();
            workspace.rows.set_deleted(id.clone(), None);
            workspace.set_contact(&id, Some(ContactRow { contact, head: None }));
            Ok(())
        })
    }

    /// Writes a live contact anew, as the host has it. Whether it is blocked stays: that is a decision, not a
    /// value. O(k log n) for k keys.
    ///
    /// # Errors
    /// As [`Workspace::check_live`].
    pub fn edit(&mut self, mut contact: Contact<Id>, act: &Act) -> Result<Applied<Id>, WorkspaceError<Id>> {
        let row = self.row(&contact.id)?;
        contact.blocked = row.contact.blocked;
        let head = row.head.clone();
        let changes = FieldChanges::between(&row.contact, &contact);
        let is_same = row.contact == contact;
        self.transact(|workspace| {
            if !is_same {
                let id = contact.id.clone();
                workspace.set_contact(&id, Some(ContactRow { contact, head }));
                let values_of = workspace.values_of(&id, &changes);
                workspace.tell(act, values_of, Happened::ContactUpdated { contact: id, origin: act.origin, changes });
            }
            Ok(())
        })
    }

    /// Blocks a live contact: until it is unblocked, suggestions are as if it were not there. Blocking it twice is
    /// no error. O(k log n) for k keys.
    ///
    /// # Errors
    /// As [`Workspace::check_live`].
    pub fn block(&mut self, id: &Id, _act: &Act) -> Result<Applied<Id>, WorkspaceError<Id>> {
        self.set_blocked(id, true)
    }

    /// Unblocks a live contact, which brings everything back. O(k log n) for k keys.
    ///
    /// # Errors
    /// As [`Workspace::check_live`].
    pub fn unblock(&mut self, id: &Id, _act: &Act) -> Result<Applied<Id>, WorkspaceError<Id>> {
        self.set_blocked(id, false)
    }

    fn set_blocked(&mut self, id: &Id, blocked: bool) -> Result<Applied<Id>, WorkspaceError<Id>> {
        let mut row = self.row(id)?.clone();
        self.transact(|workspace| {
            row.contact.blocked = blocked;
            workspace.set_contact(id, Some(row));
            Ok(())
        })
    }

    /// Deletes a live contact for good, with every contact that was merged into it: their values leave the merge
    /// history, every patch in it and every event that nobody has taken yet. The bare ids remain, so that they
    /// answer [`Deleted`](crate::Resolved::Deleted). The merges they took part in cannot be undone any more, and
    /// their names are free again. O(m log n) for the m ids, merges and verdicts, and the events that wait.
    ///
    /// # Errors
    /// As [`Workspace::check_live`].
    pub fn delete(&mut self, id: &Id, act: &Act) -> Result<Applied<Id>, WorkspaceError<Id>> {
        self.check_live(id)?;
        self.transact(|workspace| {
            let ids: BTreeSet<Id> = workspace.rows.lineage(id).into_iter().collect();
            workspace.set_contact(id, None);
            for part in &ids {
                workspace.forget(part);
            }
            workspace.silence_events(&ids);
            let ids = ids.into_iter().collect();
            let deleted = Happened::ContactDeleted { contact: id.clone(), ids, origin: act.origin };
            workspace.tell(act, Vec::new(), deleted);
            Ok(())
        })
    }

    /// Takes everything out that refers to an id, and leaves a tombstone.
    fn forget(&mut self, id: &Id) {
        let merges: Vec<Box<str>> = self.rows.merges_of(id).map(Box::from).collect();
        merges.into_iter().for_each(|merge| self.rows.set_merge(merge, None));
        let partners: Vec<Id> = self.rows.partners(id).cloned().collect();
        partners.iter().for_each(|partner| self.rows.set_verdicts(id, partner, None));
        self.rows.set_tombstone(id.clone(), None);
        self.rows.set_deleted(id.clone(), Some(()));
    }
}
