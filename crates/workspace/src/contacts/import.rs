//! Many contacts into a workspace at once.

use crate::act::Act;
use crate::applied::Applied;
use crate::contacts::add::check_names;
use crate::roles::Operation;
use crate::{Resolved, Workspace, WorkspaceError};
use onefold::contact::{Contact, ContactId, Field, Value};

/// What becomes of a row whose id a live contact has, or one that was merged into it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Existing {
    /// The row is rejected.
    #[default]
    Reject,
    /// The fields that the row has are written over those of the contact; the others stay. Whether it is blocked
    /// stays too, as blocking and unblocking are operations of their own: [`Imported::blocked_stays`] has the rows that say
    /// otherwise.
    ///
    /// Of a contact that took part in a merge, the row speaks of what it was by itself: what the row says otherwise than
    /// the contact did before the merge is written, and what others brought stays. A row of a contact that was merged away
    /// updates the one that it went into in the same way, as far as its values are there. Undoing the merge gives each
    /// contact back as its own row says.
    Update,
}

/// What an import has done.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Imported<Id> {
    /// How many contacts were added.
    pub added: usize,
    /// How many rows updated a live contact.
    pub updated: usize,
    /// The rows that were left out, in order.
    pub rejected: Vec<RejectedRow<Id>>,
    /// The rows that updated a contact and say otherwise than it whether it is blocked, in order. The contact stays as it was.
    /// A row that says nothing of that is read as not blocked.
    pub blocked_stays: Vec<BlockedStays<Id>>,
}

/// A row that says otherwise than its contact whether the contact is blocked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BlockedStays<Id> {
    /// Its place among the rows, from 0.
    pub row: usize,
    /// The id in it.
    pub id: Id,
    /// Whether the contact is blocked.
    pub blocked: bool,
}

/// A row that an import has left out.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RejectedRow<Id> {
    /// Its place among the rows, from 0.
    pub row: usize,
    /// The id in it.
    pub id: Id,
    /// Why.
    pub error: WorkspaceError<Id>,
}

impl<Id: ContactId> Workspace<Id> {
    /// Adds contacts. A bad row is rejected and never stops the others; one is bad if its id is taken, if a value of
    /// a custom field does not fit the field's definition, or if a field has a name that means something else. Phones and emails that give no key are no reason: they are
    /// kept as they stand. But a row of a user is judged as what the user adds with [`Workspace::add`], and writes with
    /// [`Workspace::set_field`]: the first value that may not be written is the reason, and what a live contact holds
    /// already is not judged again. Countries are derived as they are there. O(k log n) for k keys in all.
    ///
    /// # Errors
    /// [`WorkspaceError::NotAllowed`].
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

    /// Writes nothing if it fails.
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
    /// A live contact, which is blocked or not.
    Updated {
        is_blocked: bool,
    },
}
