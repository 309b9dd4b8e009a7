//! Pairs of contacts marked distinct, and the merges and undos that keep them up to date.

use std::collections::BTreeSet;

use crate::contact::{Contact, ContactId};
use crate::distinct::{Ancestry, DistinctMark, Known, PartnerMark};
use crate::index::Index;
use crate::index::error::IndexError;
use crate::key::KeyDigest;
use crate::patch::{Patch, Undo};

impl<Id: ContactId> Index<Id> {
    /// Marks two contacts as distinct, which means that they are different people.
    ///
    /// The mark removes the link between the two contacts. It holds until they come to share another key, one that is
    /// not common and that they did not share when they were marked. Other contacts may still link both of them to one
    /// group, which is then contested. The mark applies to all original ids of the two contacts, so that merges and
    /// undos keep it.
    ///
    /// Cost: O(p log n) for p pairs of original ids, and O(k) for the k keys of the two contacts.
    ///
    /// # Errors
    /// - [`IndexError::UnknownContact`] if an id is not in the index.
    /// - [`IndexError::SameContact`] if both ids are the same.
    pub fn mark_distinct(&mut self, a: &Id, b: &Id) -> Result<(), IndexError<Id>> {
        let (slot_a, slot_b) = self.pair(a, b)?;
        let known = Known::Keys(self.shared_keys(slot_a, slot_b));
        self.lineage.mark(a, b, &known);
        self.facts.distinct.mark(slot_a, slot_b, known);
        Ok(())
    }

    /// Marks two contacts as distinct, whatever keys they may come to share.
    ///
    /// # Errors
    /// As [`Index::mark_distinct`].
    pub fn mark_distinct_forever(&mut self, a: &Id, b: &Id) -> Result<(), IndexError<Id>> {
        let (slot_a, slot_b) = self.pair(a, b)?;
        self.lineage.mark(a, b, &Known::Forever);
        self.facts.distinct.mark(slot_a, slot_b, Known::Forever);
        Ok(())
    }

    /// Removes the distinct marks of two contacts and of all their original ids, and returns true if there were any.
    ///
    /// # Errors
    /// As [`Index::mark_distinct`].
    pub fn clear_distinct(&mut self, a: &Id, b: &Id) -> Result<bool, IndexError<Id>> {
        let (slot_a, slot_b) = self.pair(a, b)?;
        self.lineage.clear_marks(a, b);
        Ok(self.facts.distinct.clear(slot_a, slot_b))
    }

    /// Applies a merge to the index: removes the retired contacts and gives the survivor its merged values and its
    /// block.
    ///
    /// The survivor is distinct from every contact that one of the members was marked distinct from. A key that two
    /// such contacts share only because of the merge counts as known. Cost: O(k log n) for k keys, plus the distinct
    /// pairs of all original ids of the members.
    ///
    /// ```
    /// use onefold::{Contact, Edits, Index, MergePolicy, MergeRequest, Normalizer};
    ///
    /// let contacts = [1, 2, 3].map(|id| Contact::new(id).with_email("desk@example.com"));
    /// let mut index = Index::build(Normalizer::new(), &contacts).index;
    /// index.mark_distinct(&2, &3)?;
    ///
    /// let request = MergeRequest::new("m1").marked_distinct(index.distinct_among(&[1, 2]));
    /// let merge = MergePolicy::new().merge(&contacts[..2], &request, index.normalizer())?;
    /// index.apply_merge(&merge.patch)?;
    /// assert!(index.is_distinct(&1, &3));
    ///
    /// let undo = merge.patch.undo(merge.survivor(), Edits::Keep)?;
    /// index.apply_undo(&merge.patch, &undo)?;
    /// assert!(index.is_distinct(&2, &3) && !index.is_distinct(&1, &3));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`IndexError::UnknownContact`] if a contact of the merge is not in the index; nothing changes then.
    pub fn apply_merge(&mut self, patch: &Patch<Id>) -> Result<(), IndexError<Id>> {
        let ids: Vec<Id> = patch.participants().cloned().collect();
        ids.iter().try_for_each(|id| self.slot(id).map(drop))?;
        let (survivor, strangers) = (patch.survivor_id(), self.strangers(&ids));
        for retired in ids.iter().skip(1) {
            self.take_out(retired)?;
            self.lineage.retire(retired, survivor);
        }
        self.put(patch.survivor_merged())?;
        for stranger in &strangers {
            let (known, carrier) = (self.known_now(survivor, stranger), Some(patch.merge_id().into()));
            self.lineage.add_mark(survivor, stranger, DistinctMark { known, carrier });
        }
        self.derive_pairs(survivor);
        Ok(())
    }

    /// Applies the undo of a merge to the index: adds the retired contacts again and gives every contact its values and
    /// block.
    ///
    /// The distinct pairs from before the merge are restored. Pairs that were marked since then hold for all contacts
    /// that the undo restores. If other merges build on this one, undo those first. The cost is that of
    /// [`Index::apply_merge`].
    ///
    /// # Errors
    /// Nothing changes if one of these is returned:
    /// - [`IndexError::OtherUndo`] if `undo` does not belong to the merge of the patch;
    /// - [`IndexError::UnknownContact`] if the survivor is not in the index;
    /// - [`IndexError::DuplicateContact`] if a retired contact is in the index;
    /// - [`IndexError::NotMerged`] if a retired contact was merged into another contact.
    pub fn apply_undo(&mut self, patch: &Patch<Id>, undo: &Undo<Id>) -> Result<(), IndexError<Id>> {
        let survivor = patch.survivor_id();
        let given = std::iter::once(&undo.survivor).chain(&undo.retired).map(|contact| &contact.id);
        if !given.eq(patch.participants()) {
            return Err(IndexError::OtherUndo { survivor: survivor.clone() });
        }
        self.slot(survivor)?;
        for Contact { id, .. } in &undo.retired {
            self.check_absent(id)?;
            // An index that was built again from its contacts knows of no merge.
            if self.lineage.survivor_of(id).is_some_and(|into| into != survivor) {
                return Err(IndexError::NotMerged { id: id.clone(), survivor: survivor.clone() });
            }
        }
        self.lineage.drop_carried(survivor, patch.merge_id());
        self.put(&undo.survivor)?;
        for contact in &undo.retired {
            self.insert(contact)?;
        }
        self.derive_pairs(survivor);
        Ok(())
    }

    /// Returns the keys that two contacts share now. There are none if one of the ids is not in the index.
    #[doc(hidden)]
    pub fn known_now(&self, a: &Id, b: &Id) -> Known {
        match self.pair(a, b) {
            Ok((a, b)) => Known::Keys(self.shared_keys(a, b)),
            Err(_) => Known::Keys(BTreeSet::new()),
        }
    }

    /// Returns the contacts outside `ids` that are distinct from one of `ids` (see [`Index::is_distinct`]).
    #[doc(hidden)]
    pub fn strangers(&self, ids: &[Id]) -> BTreeSet<Id> {
        let marked = ids.iter().flat_map(|id| self.distinct_from(id).into_iter().map(move |other| (id, other)));
        let are_distinct = |(id, other): &(&Id, Id)| !ids.contains(other) && self.is_distinct(id, other);
        marked.filter(are_distinct).map(|(_, other)| other).collect()
    }

    /// Replaces all distinct marks of `id` by `marked`, for a host that keeps the pairs of original ids itself.
    ///
    /// Contacts that are not in the index are skipped. Cost: O(p log n) for p marks.
    #[doc(hidden)]
    pub fn set_distinct_from(&mut self, id: &Id, marked: impl IntoIterator<Item = PartnerMark<Id>>) {
        let Ok(slot) = self.slot(id) else { return };
        self.facts.distinct.remove(slot);
        for PartnerMark { partner, known } in marked {
            if let Some(&other) = self.slots.get(&partner).filter(|other| **other != slot) {
                self.facts.distinct.mark(slot, other, known);
            }
        }
    }

    /// Derives the distinct pairs of a contact that was inserted again after a merge, and those of its former survivor.
    pub(super) fn return_from_merge(&mut self, id: &Id) {
        if let Some(current) = self.lineage.restore(id) {
            self.derive_pairs(id);
            self.derive_pairs(&current);
        }
    }

    /// Replaces the distinct pairs of a contact by those that follow from the pairs of original ids.
    fn derive_pairs(&mut self, id: &Id) {
        let marks = self.lineage.marks_of(id);
        self.set_distinct_from(id, marks);
    }

    /// Updates the values and the block of a contact of the index.
    fn put(&mut self, contact: &Contact<Id>) -> Result<(), IndexError<Id>> {
        self.update(contact)?;
        if contact.blocked { self.block(&contact.id) } else { self.unblock(&contact.id) }.map(drop)
    }

    fn pair(&self, a: &Id, b: &Id) -> Result<(u32, u32), IndexError<Id>> {
        let (slot_a, slot_b) = (self.slot(a)?, self.slot(b)?);
        if slot_a == slot_b { Err(IndexError::SameContact { id: a.clone() }) } else { Ok((slot_a, slot_b)) }
    }

    fn shared_keys(&self, a: u32, b: u32) -> BTreeSet<KeyDigest> {
        let shared = self.facts.holdings(a).iter().filter(|holding| self.facts.holding(b, holding.key).is_some());
        shared.map(|holding| self.facts.keys.key(holding.key).digest()).collect()
    }
}
