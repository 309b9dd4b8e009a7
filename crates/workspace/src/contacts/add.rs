//! Operations that add contacts or write whole contacts for the host.

use std::collections::BTreeSet;

use crate::act::Act;
use crate::applied::Applied;
use crate::inbox::contact_page::items;
use crate::roles::Operation;
use crate::rows::contact_row::ContactRow;
use crate::rows::event::EventKind;
use crate::rows::tables::DeletedTable;
use crate::{Workspace, WorkspaceError};
use onefold::contact::{Contact, ContactId, Field, Value};

impl<Id: ContactId> Workspace<Id> {
    /// Adds a contact, which is blocked if it says so.
    ///
    /// A missing country is derived as in [`Workspace::set_field`]. Values from a user do not count as verified.
    /// Cost: O(k log n) for k keys.
    ///
    /// # Errors
    /// - [`WorkspaceError::NotAllowed`] if the role may not edit contacts, or may not block and the contact is blocked.
    /// - Those of [`Workspace::check_free`].
    /// - [`WorkspaceError::ReservedName`] if the name of an unknown field has another meaning in the JSON form.
    /// - For a user, those of [`Workspace::set_field`] for each field, apart from tags.
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

    /// Checks the values that a user gives for a new or a live contact, as when they are written one by one. Values
    /// that the live contact holds already are not checked. Marks values as not verified, unless the live contact has
    /// them verified. The host may give any values.
    ///
    /// # Errors
    /// - [`WorkspaceError::NotAllowed`] if a new contact is blocked and the role may not block contacts.
    /// - [`WorkspaceError::NotEditable`], [`WorkspaceError::UnknownField`], [`WorkspaceError::DoesNotFit`],
    ///   [`WorkspaceError::NoKey`] or [`WorkspaceError::BadName`] if a value may not be written.
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

    /// Replaces a live contact by the host's version, without the checks of a user's edit. The blocked state stays,
    /// because only blocking and unblocking change it. Cost: O(k log n) for k keys.
    ///
    /// # Errors
    /// - [`WorkspaceError::NotAllowed`] unless the host acts itself.
    /// - Those of [`Workspace::check_live`].
    /// - [`WorkspaceError::ReservedName`] if the name of an unknown field has another meaning in the JSON form.
    pub fn edit(&mut self, contact: Contact<Id>, act: &Act) -> Result<Applied<Id>, WorkspaceError<Id>> {
        self.edit_fields(contact, &BTreeSet::new(), act)
    }

    /// Replaces a live contact like [`Workspace::edit`], with the fields that the host writes. A field that again
    /// withdraws a consent or objects is recorded, because a later undo must know of a withdrawal after its merge.
    ///
    /// # Errors
    /// - Those of [`Workspace::edit`].
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

    /// Adds a contact under a free id.
    pub(crate) fn put_new(&mut self, mut contact: Contact<Id>, act: &Act) {
        self.derive_country(&mut contact, act);
        self.close_if_blocked_now(&mut contact, false);
        let id = contact.id.clone();
        self.rows.set::<DeletedTable>(id.clone(), None);
        self.set_contact(&id, Some(ContactRow::unmerged(contact)));
        self.emit(act, Vec::new(), EventKind::ContactAdded { contact: id, origin: act.origin() });
    }
}

/// Checks that the names of unknown fields have no other meaning in the JSON form, where a store would lose one of two
/// fields. Removes a field `provenance` that is `null`, because it holds nothing.
///
/// # Errors
/// - [`WorkspaceError::ReservedName`] if such a name has another meaning.
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
