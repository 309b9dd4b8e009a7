//! Taking a merge back: the retired come back exactly, the survivor by a three-way merge.

use std::collections::BTreeSet;

use crate::contact::{Contact, ContactId, Field};
use crate::field_names::consent::{self, Permission};
use crate::patch::conflict::{Conflict, ConflictKind, Edits};
use crate::patch::deviation::Deviation;
use crate::patch::error::UndoError;
use crate::patch::three_way_merge;
use crate::patch::{Direction, Patch};

/// The contacts after an undo.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Undo<Id> {
    /// The survivor: what the merge did to it is gone, what was edited since is as the call asked.
    pub survivor: Contact<Id>,
    /// The contacts that had been merged away, exactly as they were but for `deviations`, in order of their ids.
    pub retired: Vec<Contact<Id>>,
    /// The values that both the merge and somebody after it changed, in order of the fields.
    pub conflicts: Vec<Conflict>,
    /// How contacts differ from what they were before the merge, since what protects a person holds for all: the
    /// survivor's first, then those of the retired in order.
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
    /// Takes the merge back, however long ago it was. `survivor` is the surviving contact as it is now.
    ///
    /// The retired contacts come back exactly as they were. Of the survivor, what nobody touched since the
    /// merge goes back; what was edited since is treated as `edits` says. Lists work value by value: values
    /// added since stay, values that came with a retired contact leave, values removed since stay removed.
    /// Every contact is blocked as it was before the merge, unless the survivor was blocked or unblocked
    /// since: that decision then holds for all.
    ///
    /// What protects a person holds for all as well: where a consent was withdrawn on the survivor since, or an objection
    /// made, it is so on every contact that comes back, whatever `edits` says, also on one that has no such field. (Fields
    /// are known as consents and objections by the words in
    /// [docs/policy.md](https://docs.rs/crate/onefold/latest/source/docs/policy.md). A consent is withdrawn where the field
    /// says no, or is empty where it said yes. What was permitted since holds for nobody else.) Each such change is among
    /// [`Undo::deviations`]. A patch that was made under [`MergePolicy::without_flags`](crate::MergePolicy::without_flags)
    /// treats them as any other field; patches of releases that did not note that down know them.
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
        let none = BTreeSet::new();
        self.undo_knowing(survivor, edits, self.knows_flags.then_some(&none))
    }

    /// The same for somebody who knows in which fields of the survivor a consent was withdrawn since, or an objection made,
    /// whatever became of it later: `withdrawn`, beside those that the survivor shows. `None` treats consents and
    /// objections as any other fields.
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

    /// What was withdrawn since the merge, as far as nobody has permitted it again: what the survivor shows, and what of
    /// `known` it still says.
    #[doc(hidden)]
    pub fn withdrawn_since(&self, survivor: &Contact<Id>, known: &BTreeSet<Field>) -> BTreeSet<Permission> {
        self.withdrawals(survivor, known).into_iter().map(|(permission, _)| permission).collect()
    }

    fn withdrawals<'a>(
        &'a self,
        survivor: &'a Contact<Id>,
        known: &'a BTreeSet<Field>,
    ) -> Vec<(Permission, &'a Field)> {
        let mut withdrawals = consent::withdrawn_between(&self.after, survivor);
        withdrawals.extend(known.iter().filter_map(|field| consent::still_withdrawn(field, survivor)));
        withdrawals
    }

    /// What was edited since the merge and does not outlive an undo that overwrites.
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
    /// Blocks every contact, or unblocks it.
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

    /// Makes withdrawals hold for every contact. `now` is the survivor that shows them.
    fn withdraw(&mut self, withdrawals: &[(Permission, &Field)], now: &Contact<Id>) {
        for contact in std::iter::once(&mut self.survivor).chain(&mut self.retired) {
            for (permission, field) in withdrawals {
                for (field, before) in consent::withdraw(contact, permission, field, now) {
                    let (id, now) = (contact.id.clone(), contact.get(&field).cloned());
                    self.deviations.push(Deviation::Withdrawn { contact: id, field, before, now });
                }
            }
        }
        // What holds is not overwritten.
        let survivor = &self.survivor;
        let holds =
            |field: &Field| withdrawals.iter().any(|(_, held)| *held == field) && survivor.get(field) == now.get(field);
        self.conflicts.retain(|conflict| conflict.kind != ConflictKind::Overwritten || !holds(&conflict.field));
    }

    /// Puts the deviations in order: the survivor's first, then those of the retired in order.
    #[doc(hidden)]
    pub fn sort_deviations(&mut self) {
        let survivor = &self.survivor.id;
        self.deviations.sort_by_key(|deviation| {
            let contact = deviation.contact();
            (contact != survivor).then(|| contact.clone())
        });
    }
}
