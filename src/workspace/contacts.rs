//! Adding contacts, and writing them as the host has them.

use crate::contact::{Contact, ContactId};
use crate::workspace::act::Act;
use crate::workspace::applied::Applied;
use crate::workspace::events::Happened;
use crate::workspace::roles::Operation;
use crate::workspace::row::ContactRow;
use crate::workspace::{Workspace, WorkspaceError};

impl<Id: ContactId> Workspace<Id> {
    /// Adds a contact, blocked if it says so. O(k log n) for k keys.
    ///
    /// # Errors
    /// [`WorkspaceError::NotAllowed`], and as [`Workspace::check_free`]; if a user adds it, also as
    /// [`Workspace::set_field`] for each of its fields, tags apart.
    pub fn add(&mut self, contact: Contact<Id>, act: &Act) -> Result<Applied<Id>, WorkspaceError<Id>> {
        self.allow(act, Operation::EditContact)?;
        self.check_free(&contact.id)?;
        if !act.may(Operation::WriteRaw) {
            if contact.blocked {
                self.allow(act, Operation::Block)?;
            }
            contact.fields.iter().try_for_each(|(field, value)| self.check_written(field, value, &[]))?;
        }
        self.transact(act, |workspace| {
            workspace.put_new(contact, act);
            Ok(())
        })
    }

    /// Writes a live contact anew, as the host has it: past all that is checked when a user edits a field. Whether it
    /// is blocked stays: that is a decision, not a value. O(k log n) for k keys.
    ///
    /// # Errors
    /// [`WorkspaceError::NotAllowed`] unless the host does it, and as [`Workspace::check_live`].
    pub fn edit(&mut self, mut contact: Contact<Id>, act: &Act) -> Result<Applied<Id>, WorkspaceError<Id>> {
        self.allow(act, Operation::WriteRaw)?;
        contact.blocked = self.row(&contact.id)?.contact.blocked;
        self.transact(act, |workspace| {
            workspace.rewrite(contact, act);
            Ok(())
        })
    }

    /// Puts a contact under an id that is free.
    pub(super) fn put_new(&mut self, contact: Contact<Id>, act: &Act) {
        let id = contact.id.clone();
        self.rows.set_deleted(id.clone(), None);
        self.set_contact(&id, Some(ContactRow { contact, head: None }));
        self.tell(act, Vec::new(), Happened::ContactAdded { contact: id, origin: act.origin() });
    }
}
