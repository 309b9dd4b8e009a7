//! Taking a merge back: the retired come back exactly, the survivor by a three-way merge.

use crate::contact::{Contact, ContactId};
use crate::patch::conflict::{Conflict, ConflictKind, Edits};
use crate::patch::error::UndoError;
use crate::patch::{Direction, Patch, three_way};

/// The contacts after an undo.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Undo<Id> {
    /// The survivor: what the merge did to it is gone, what was edited since is as the call asked.
    pub survivor: Contact<Id>,
    /// The contacts that had been merged away, exactly as they were, in order of their ids.
    pub retired: Vec<Contact<Id>>,
    /// The values that both the merge and somebody after it changed, in order of the fields.
    pub conflicts: Vec<Conflict>,
}

impl<Id: std::fmt::Debug> std::fmt::Debug for Undo<Id> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Undo")
            .field("survivor", &self.survivor)
            .field("retired", &self.retired)
            .field("conflicts", &self.conflicts)
            .finish()
    }
}

impl<Id: ContactId> Patch<Id> {
    /// Takes the merge back, however long ago it was. `survivor` is the surviving contact as it is now.
    ///
    /// The retired contacts come back exactly as they were. Of the survivor, what nobody touched since the
    /// merge goes back; what was edited since is treated as `edits` says. Lists work value by value: values
    /// added since stay, values that came with a retired contact leave, values removed since stay removed.
    /// Every contact is blocked as it was before the merge, unless the survivor was blocked or unblocked
    /// since: that decision then holds for all.
    ///
    /// Whether a merge was taken back already is for the caller to know: its patch says what was, not what
    /// is. O(n log n) in the size of the contacts.
    ///
    /// ```
    /// use onefold::{Contact, Edits, Field, MergePolicy, MergeRequest, Normalizer};
    ///
    /// let contacts = [
    ///     Contact::new(1).with_email("ada@example.com"),
    ///     Contact::new(2).with(Field::FirstName, "Ada").with_phone("+1 202 555 0101"),
    /// ];
    /// let request = MergeRequest::new("merge-1");
    /// let merge = MergePolicy::new().merge(&contacts, &request, &Normalizer::new())?;
    ///
    /// let edited = merge.survivor().clone().with(Field::LastName, "Doe");
    /// let undo = merge.patch.undo(&edited, Edits::Keep)?;
    /// assert_eq!(undo.survivor, contacts[0].clone().with(Field::LastName, "Doe"));
    /// assert_eq!(undo.retired, contacts[1..]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// - [`UndoError::Inverse`] if the patch is the inverse of a merge.
    /// - [`UndoError::OtherSurvivor`] if `survivor` is another contact.
    /// - [`UndoError::EditedSince`] if `edits` is [`Edits::Refuse`] and there is a conflict.
    pub fn undo(&self, survivor: &Contact<Id>, edits: Edits) -> Result<Undo<Id>, UndoError<Id>> {
        if self.direction == Direction::Inverse {
            return Err(UndoError::Inverse);
        }
        if survivor.id != self.before.id {
            return Err(UndoError::OtherSurvivor { expected: self.before.id.clone(), found: survivor.id.clone() });
        }
        let (mut unmerged, conflicts) = match edits {
            Edits::Overwrite => (self.before.clone(), self.overwritten(survivor)),
            Edits::Keep | Edits::Refuse => three_way::merge(&self.after, &self.before, survivor),
        };
        if edits == Edits::Refuse && !conflicts.is_empty() {
            return Err(UndoError::EditedSince { survivor: survivor.id.clone(), conflicts });
        }
        let mut retired = self.retired.clone();
        unmerged.blocked = self.before.blocked;
        if survivor.blocked != self.after.blocked {
            unmerged.blocked = survivor.blocked;
            retired.iter_mut().for_each(|contact| contact.blocked = survivor.blocked);
        }
        Ok(Undo { survivor: unmerged, retired, conflicts })
    }

    /// What was edited since the merge and does not outlive an undo that overwrites.
    fn overwritten(&self, now: &Contact<Id>) -> Vec<Conflict> {
        let fields = three_way::all_fields([&self.after, now]);
        let is_edited = |field: &_| three_way::is_told(field) && now.get(field) != self.after.get(field);
        let conflict = |field: &crate::contact::Field| Conflict {
            field: field.clone(),
            kind: ConflictKind::Overwritten,
            before: self.before.get(field).cloned(),
            after: self.after.get(field).cloned(),
            now: now.get(field).cloned(),
        };
        fields.into_iter().filter(|field| is_edited(field)).map(conflict).collect()
    }
}
