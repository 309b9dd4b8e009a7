//! The undo of a merge: retired contacts are restored exactly, the survivor by a three-way merge.

use std::collections::BTreeSet;

use crate::contact::{Contact, ContactId, Field};
use crate::field_names::consent::{self, Permission, Withdrawal};
use crate::patch::conflict::{Conflict, ConflictKind, Edits};
use crate::patch::deviation::Deviation;
use crate::patch::error::UndoError;
use crate::patch::three_way_merge;
use crate::patch::{Direction, Patch};

/// The contacts after an undo.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Undo<Id> {
    /// The survivor without the changes of the merge. Edits since the merge are treated as requested.
    pub survivor: Contact<Id>,
    /// The retired contacts as they were before the merge, apart from `deviations`, in order of their ids.
    pub retired: Vec<Contact<Id>>,
    /// The values that the merge changed and that were edited since, in order of the fields.
    pub conflicts: Vec<Conflict>,
    /// The differences from the contacts before the merge, because protections of a person hold for all contacts: the
    /// survivor's first, then those of the retired contacts in order.
    pub deviations: Vec<Deviation<Id>>,
}

impl<Id: std::fmt::Debug> std::fmt::Debug for Undo<Id> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Undo")
            .field("survivor", &self.survivor)
            .field("retired", &self.retired)
            .field("conflicts", &self.conflicts)
            .field("deviations", &self.deviations)
            .finish()
    }
}

impl<Id: ContactId> Patch<Id> {
    /// Undoes the merge, at any time after it. `survivor` is the present state of the surviving contact.
    ///
    /// - The retired contacts are restored exactly as they were.
    /// - The survivor's values return to those before the merge if they were not edited since. Edited values are
    ///   treated as `edits` says.
    /// - Lists are merged value by value: values added since the merge stay, values from a retired contact leave, and
    ///   values removed since stay removed.
    /// - Every contact is blocked as before the merge. If the survivor was blocked or unblocked since, that holds for
    ///   all.
    /// - Protections of the person hold for all contacts. If a consent was withdrawn or an objection made on the
    ///   survivor since the merge, every contact gets it, whatever `edits` says, also one without such a field. A
    ///   permission given since is not passed on. Each such change is listed in [`Undo::deviations`].
    ///
    /// Fields are recognised as consents and objections by the words in
    /// [docs/policy.md](https://docs.rs/crate/onefold/latest/source/docs/policy.md). A consent is withdrawn if its
    /// field says no, or is empty after it said yes. A patch made under
    /// [`MergePolicyBuilder::without_flags`](crate::merge::policy::MergePolicyBuilder::without_flags) treats them like any other field. A patch that
    /// does not record this setting recognises them.
    ///
    /// The caller must know if the merge was undone before: the patch records the images, not the present state.
    /// Cost: O(n log n) in the size of the contacts.
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
        let none = BTreeSet::new();
        self.undo_knowing(survivor, edits, self.knows_flags.then_some(&none))
    }

    /// Undoes the merge like [`Patch::undo`], for a caller that has recorded withdrawals. `withdrawn` lists fields of
    /// the survivor in which a consent was withdrawn or an objection made since the merge, in addition to those that
    /// the survivor shows. `None` treats consents and objections like any other field.
    ///
    /// # Errors
    /// - Those of [`Patch::undo`].
    #[doc(hidden)]
    pub fn undo_knowing(
        &self,
        survivor: &Contact<Id>,
        edits: Edits,
        withdrawn: Option<&BTreeSet<Field>>,
    ) -> Result<Undo<Id>, UndoError<Id>> {
        if self.direction == Direction::Inverse {
            return Err(UndoError::Inverse);
        }
        if survivor.id != self.before.id {
            return Err(UndoError::OtherSurvivor { expected: self.before.id.clone(), found: survivor.id.clone() });
        }
        let (unmerged, conflicts) = match edits {
            Edits::Overwrite => (self.before.clone(), self.overwritten(survivor)),
            Edits::Keep | Edits::Refuse => three_way_merge::merge(&self.after, &self.before, survivor),
        };
        if edits == Edits::Refuse && !conflicts.is_empty() {
            return Err(UndoError::EditedSince { survivor: survivor.id.clone(), conflicts });
        }
        let mut undo = Undo { survivor: unmerged, retired: self.retired.clone(), conflicts, deviations: Vec::new() };
        undo.survivor.blocked = self.before.blocked;
        if survivor.blocked != self.after.blocked {
            undo.decide_block(survivor.blocked);
        }
        if let Some(known) = withdrawn {
            undo.withdraw(&self.withdrawals(survivor, known), survivor);
        }
        undo.sort_deviations();
        Ok(undo)
    }

    /// Returns the permissions that were withdrawn since the merge and not given again: those that the survivor shows,
    /// and those in `known` that it still shows as withdrawn.
    #[doc(hidden)]
    pub fn withdrawn_since(&self, survivor: &Contact<Id>, known: &BTreeSet<Field>) -> BTreeSet<Permission> {
        self.withdrawals(survivor, known).into_iter().map(|withdrawal| withdrawal.permission).collect()
    }

    fn withdrawals<'a>(&'a self, survivor: &'a Contact<Id>, known: &'a BTreeSet<Field>) -> Vec<Withdrawal<'a>> {
        let known = known.iter().filter_map(|field| consent::still_withdrawn(field, survivor));
        consent::withdrawn_between(&self.after, survivor).chain(known).collect()
    }

    /// Returns the edits since the merge that an undo with [`Edits::Overwrite`] discards.
    fn overwritten(&self, now: &Contact<Id>) -> Vec<Conflict> {
        let fields = three_way_merge::all_fields([&self.after, now]);
        let is_edited = |field: &_| three_way_merge::is_reported(field) && now.get(field) != self.after.get(field);
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

impl<Id: ContactId> Undo<Id> {
    /// Blocks or unblocks every contact.
    fn decide_block(&mut self, blocked: bool) {
        for contact in std::iter::once(&mut self.survivor).chain(&mut self.retired) {
            if contact.blocked != blocked {
                contact.blocked = blocked;
                if blocked {
                    contact.close_conversation();
                }
                self.deviations.push(Deviation::Blocked { contact: contact.id.clone(), blocked });
            }
        }
    }

    /// Applies withdrawals to every contact. `now` is the survivor that shows them.
    fn withdraw(&mut self, withdrawals: &[Withdrawal<'_>], now: &Contact<Id>) {
        for contact in std::iter::once(&mut self.survivor).chain(&mut self.retired) {
            for withdrawal in withdrawals {
                for (field, before) in consent::withdraw(contact, withdrawal, now) {
                    let (id, now) = (contact.id.clone(), contact.get(&field).cloned());
                    self.deviations.push(Deviation::Withdrawn { contact: id, field, before, now });
                }
            }
        }
        // A withdrawal that holds for the survivor is not overwritten, so it is no conflict.
        let survivor = &self.survivor;
        let holds = |field: &Field| {
            withdrawals.iter().any(|withdrawal| withdrawal.field == field) && survivor.get(field) == now.get(field)
        };
        self.conflicts.retain(|conflict| conflict.kind != ConflictKind::Overwritten || !holds(&conflict.field));
    }

    /// Sorts the deviations: the survivor's first, then those of the retired contacts in order.
    #[doc(hidden)]
    pub fn sort_deviations(&mut self) {
        let survivor = &self.survivor.id;
        self.deviations.sort_by_key(|deviation| {
            let contact = deviation.contact();
            (contact != survivor).then(|| contact.clone())
        });
    }
}
