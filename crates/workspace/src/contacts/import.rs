//! The import of many contacts at once.

use crate::act::Act;
use crate::applied::Applied;
use crate::contacts::add::check_names;
use crate::roles::Operation;
use crate::{Resolved, Workspace, WorkspaceError};
use onefold::contact::{Contact, ContactId, Field, Value};

/// The treatment of a row whose id belongs to a live or a retired contact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Existing {
    /// The row is rejected.
    #[default]
    Reject,
    /// The row's fields replace those of the contact, and its other fields stay. The blocked state stays, too, because
    /// only blocking and unblocking change it; differing rows are listed in [`Imported::blocked_stays`].
    ///
    /// A row describes its own contact without the contacts merged with it. For a contact that took part in a merge,
    /// only the differences from its image before the merge are written, and values from other contacts stay. A row of
    /// a retired contact updates the survivor in the same way, as far as the survivor holds its values. An undo of the
    /// merge restores each contact as its own row describes it.
    Update,
}

/// The result of an import.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Imported<Id> {
    /// The number of contacts added.
    pub added: usize,
    /// The number of rows that updated a live contact.
    pub updated: usize,
    /// The rejected rows, in order.
    pub rejected: Vec<RejectedRow<Id>>,
    /// The rows that updated a contact with another blocked state, in order. The contact's state stays. A row without a
    /// blocked state counts as not blocked.
    pub blocked_stays: Vec<BlockedStays<Id>>,
}

/// A row whose blocked state differs from the contact's.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BlockedStays<Id> {
    /// The position of the row, from 0.
    pub row: usize,
    /// The id in the row.
    pub id: Id,
    /// True if the contact is blocked.
    pub blocked: bool,
}

/// A row that an import rejected.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RejectedRow<Id> {
    /// The position of the row, from 0.
    pub row: usize,
    /// The id in the row.
    pub id: Id,
    /// The reason.
    pub error: WorkspaceError<Id>,
}

impl<Id: ContactId> Workspace<Id> {
    /// Adds or updates contacts. A bad row is rejected and does not affect the others.
    ///
    /// A row is rejected if its id is taken, a value does not fit the definition of its custom field, or the name of an
    /// unknown field has another meaning in the JSON form. From the host, phones and emails without a key are kept as
    /// they are. A row from a user must also pass the checks of [`Workspace::add`] and [`Workspace::set_field`], apart
    /// from values that the live contact holds already. The first value that may not be written is the reason.
    /// Countries are derived as in those methods. Cost: O(k log n) for k keys of all contacts.
    ///
    /// # Errors
    /// - [`WorkspaceError::NotAllowed`] if the role may not import contacts.
    pub fn import(
        &mut self,
        contacts: impl IntoIterator<Item = Contact<Id>>,
        existing: Existing,
        act: &Act,
    ) -> Result<Applied<Id, Imported<Id>>, WorkspaceError<Id>> {
        self.allow(act, Operation::Import)?;
        self.transact(act, |workspace| {
            let mut imported = Imported { added: 0, updated: 0, rejected: Vec::new(), blocked_stays: Vec::new() };
            for (row, contact) in contacts.into_iter().enumerate() {
                let (id, says_blocked) = (contact.id.clone(), contact.blocked);
                match workspace.import_one(contact, existing, act) {
                    Ok(Done::Added) => imported.added += 1,
                    Ok(Done::Updated { is_blocked }) => {
                        imported.updated += 1;
                        if is_blocked != says_blocked {
                            imported.blocked_stays.push(BlockedStays { row, id, blocked: is_blocked });
                        }
                    }
                    Err(error) => imported.rejected.push(RejectedRow { row, id, error }),
                }
            }
            Ok(imported)
        })
    }

    /// Adds or updates one contact.
    ///
    /// # Errors
    /// - The reason for which the row is rejected. Nothing is written then.
    fn import_one(
        &mut self,
        mut contact: Contact<Id>,
        existing: Existing,
        act: &Act,
    ) -> Result<Done, WorkspaceError<Id>> {
        let live_id = match self.resolve(&contact.id) {
            Resolved::Live(id) if existing == Existing::Update => Some(id),
            _ => None,
        };
        if live_id.is_none() {
            self.check_free(&contact.id)?;
        }
        check_names(&mut contact)?;
        let live = live_id.as_ref().and_then(|id| self.get(id));
        let is_blocked = live.map(|live| live.blocked);
        self.check_given(&mut contact, live, act)?;
        for (field, value) in &contact.fields {
            self.check_custom(field, value)?;
        }
        if let Some(is_blocked) = is_blocked {
            self.update_from_row(contact, act)?;
            return Ok(Done::Updated { is_blocked });
        }
        self.put_new(contact, act);
        Ok(Done::Added)
    }

    fn check_custom(&self, field: &Field, value: &Value) -> Result<(), WorkspaceError<Id>> {
        let Field::Custom(name) = field else { return Ok(()) };
        match self.rows.tables().definitions.rows().get(name) {
            Some(kind) if !value.is_empty() && !kind.fits(value) => {
                Err(WorkspaceError::DoesNotFit { field: field.clone(), position: 0, expected: kind.expected() })
            }
            _ => Ok(()),
        }
    }
}

enum Done {
    Added,
    /// A live contact was updated, whether it is blocked or not.
    Updated {
        is_blocked: bool,
    },
}
