//! Adding contacts, and writing them as the host has them.

use std::collections::BTreeSet;

use crate::act::Act;
use crate::applied::Applied;
use crate::events::event::EventKind;
use crate::inbox::details::items;
use crate::roles::Operation;
use crate::rows::contact_row::ContactRow;
use crate::rows::tables::DeletedTable;
use crate::{Workspace, WorkspaceError};
use onefold::contact::{Contact, ContactId, Field, Value};

impl<Id: ContactId> Workspace<Id> {
    /// Adds a contact, blocked if it says so. Its country is derived as [`Workspace::set_field`] does, where it has none.
    /// What a user adds is not taken for verified. O(k log n) for k keys.
    ///
    /// # Errors
    /// [`WorkspaceError::NotAllowed`], as [`Workspace::check_free`], and [`WorkspaceError::ReservedName`] if a field of it
    /// could not be kept; if a user adds it, also as [`Workspace::set_field`] for each of its fields, tags apart.
    pub fn add(&mut self, mut contact: Contact<Id>, act: &Act) -> Result<Applied<Id>, WorkspaceError<Id>> {
        self.allow(act, Operation::EditContact)?;
        self.check_free(&contact.id)?;
        check_names(&mut contact)?;
        self.check_given(&mut contact, None, act)?;
        self.transact(act, |workspace| {
            workspace.put_new(contact, act);
            Ok(())
        })
    }

    /// Checks what a user gives for a contact, new or live, as when it is written by hand; what the live one holds already is
    /// not judged again, and nothing that a user gives was verified. The host may give anything.
    pub(crate) fn check_given(
        &self,
        contact: &mut Contact<Id>,
        live: Option<&Contact<Id>>,
        act: &Act,
    ) -> Result<(), WorkspaceError<Id>> {
        if act.may(Operation::WriteRaw) {
            return Ok(());
        }
        if contact.blocked && live.is_none() {
            self.allow(act, Operation::Block)?;
        }
        for (field, value) in &contact.fields {
            let held = live.and_then(|live| live.get(field));
            if held != Some(value) {
                self.check_written(field, value, held.map(items).unwrap_or_default())?;
            }
        }
        let known = |field: &Field| live.and_then(|live| live.provenance.get(field));
        for (field, provenance) in &mut contact.provenance {
            let is_kept = known(field) == Some(&*provenance)
                && live.and_then(|live| live.get(field)) == contact.fields.get(field);
            provenance.verified &= is_kept;
        }
        Ok(())
    }

    /// Writes a live contact anew, as the host has it: past all that is checked when a user edits a field. Whether it
    /// is blocked stays: that is a decision, not a value. O(k log n) for k keys.
    ///
    /// # Errors
    /// [`WorkspaceError::NotAllowed`] unless the host does it, as [`Workspace::check_live`], and
    /// [`WorkspaceError::ReservedName`] if a field of it could not be kept.
    pub fn edit(&mut self, contact: Contact<Id>, act: &Act) -> Result<Applied<Id>, WorkspaceError<Id>> {
        self.edit_fields(contact, &BTreeSet::new(), act)
    }

    /// The same for a host that says which fields it writes. To write again what withdraws a consent, or objects, says once
    /// more that it was withdrawn, which an undo asks.
    pub(crate) fn edit_fields(
        &mut self,
        mut contact: Contact<Id>,
        written: &BTreeSet<Field>,
        act: &Act,
    ) -> Result<Applied<Id>, WorkspaceError<Id>> {
        self.allow(act, Operation::WriteRaw)?;
        contact.blocked = self.row(&contact.id)?.contact.blocked;
        check_names(&mut contact)?;
        let id = contact.id.clone();
        self.transact(act, |workspace| {
            workspace.rewrite(contact, act);
            workspace.withdraw_again(&id, written);
            Ok(())
        })
    }

    /// Puts a contact under an id that is free.
    pub(crate) fn put_new(&mut self, mut contact: Contact<Id>, act: &Act) {
        self.derive_country(&mut contact, act);
        self.close_if_blocked_now(&mut contact, false);
        let id = contact.id.clone();
        self.rows.set::<DeletedTable>(id.clone(), None);
        self.set_contact(&id, Some(ContactRow::unmerged(contact)));
        self.emit(act, Vec::new(), EventKind::ContactAdded { contact: id, origin: act.origin() });
    }
}

/// Checks that no field of its own has a name that means something else in the JSON form: a store would lose one of the two.
/// `null` in the place of all provenance says nothing, and is taken out.
pub(crate) fn check_names<Id: ContactId>(contact: &mut Contact<Id>) -> Result<(), WorkspaceError<Id>> {
    let provenance = Field::Other("provenance".into());
    if contact.get(&provenance) == Some(&Value::Null) {
        contact.fields.remove(&provenance);
    }
    match contact.misnamed_field() {
        Some(field) => Err(WorkspaceError::ReservedName { id: contact.id.clone(), field: field.clone() }),
        None => Ok(()),
    }
}
