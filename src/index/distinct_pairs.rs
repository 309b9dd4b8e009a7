//! Pairs marked as distinct, and merges and undos that carry them.

use std::collections::BTreeSet;

use crate::contact::{Contact, ContactId};
use crate::distinct::{Ancestry, DistinctMark, Known};
use crate::index::Index;
use crate::index::error::IndexError;
use crate::key::KeyDigest;
use crate::patch::{Patch, Undo};

impl<Id: ContactId> Index<Id> {
    /// Remembers that two contacts are two persons. It cuts the link between the two until a key that
    /// is neither common nor known now comes to be shared by both; what others share with both of them
    /// still joins a group, which is then contested. It is kept between all the ids that the two are made of. O(p log n)
    /// for the p pairs of these, and O(k) for the keys of the two.
    ///
    /// # Errors
    /// [`IndexError::UnknownContact`] for an id that is not in the index, [`IndexError::SameContact`]
    /// if the two are one.
    pub fn mark_distinct(&mut self, a: &Id, b: &Id) -> Result<(), IndexError<Id>> {
        let (slot_a, slot_b) = self.pair(a, b)?;
        let known = Known::Keys(self.shared_keys(slot_a, slot_b));
        self.lineage.mark(a, b, &known);
        self.facts.distinct.mark(slot_a, slot_b, known);
        Ok(())
    }

    /// Remembers that two contacts are two persons, whatever they may come to share.
    ///
    /// # Errors
    /// As [`Index::mark_distinct`].
    pub fn mark_distinct_forever(&mut self, a: &Id, b: &Id) -> Result<(), IndexError<Id>> {
        let (slot_a, slot_b) = self.pair(a, b)?;
        self.lineage.mark(a, b, &Known::Forever);
        self.facts.distinct.mark(slot_a, slot_b, Known::Forever);
        Ok(())
    }

    /// Forgets that two contacts were marked distinct, with all that they are made of; whether they were.
    ///
    /// # Errors
    /// As [`Index::mark_distinct`].
    pub fn clear_distinct(&mut self, a: &Id, b: &Id) -> Result<bool, IndexError<Id>> {
        let (slot_a, slot_b) = self.pair(a, b)?;
        self.lineage.clear_marks(a, b);
        Ok(self.facts.distinct.clear(slot_a, slot_b))
    }

    /// Carries out what a merge did to the contacts: takes the retired out, and gives the survivor its values and its
    /// block. Whom one of them was marked distinct from, the survivor is too, and what the merge itself brings together is no
    /// news. O(k log n) for k keys, and the distinct pairs of all that the contacts are made of.
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

    /// Carries out what undoing a merge did to the contacts: puts the retired back, and gives all their values and their
    /// blocks. Every distinct pair is where it was before the merge, and those that were marked since hold for all that
    /// come back. To undo a merge that others build on, undo those first. Costs what [`Index::apply_merge`] does.
    ///
    /// # Errors
    /// [`IndexError::OtherUndo`] if `undo` is not that of the patch's merge, [`IndexError::UnknownContact`] if the survivor is
    /// not in the index, [`IndexError::DuplicateContact`] if one of the retired is, [`IndexError::NotMerged`] if one of them
    /// was merged into another contact; nothing changes then.
    pub fn apply_undo(&mut self, patch: &Patch<Id>, undo: &Undo<Id>) -> Result<(), IndexError<Id>> {
        let survivor = patch.survivor_id();
        let given = std::iter::once(&undo.survivor).chain(&undo.retired).map(|contact| &contact.id);
        if !given.eq(patch.participants()) {
            return Err(IndexError::OtherUndo { survivor: survivor.clone() });
        }
        self.slot(survivor)?;
        for Contact { id, .. } in &undo.retired {
            self.check_absent(id)?;
            // An index that was built anew knows of no merge.
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

    /// What two contacts share now; nothing if one of them is not in the index.
    #[doc(hidden)]
    pub fn known_now(&self, a: &Id, b: &Id) -> Known {
        match self.pair(a, b) {
            Ok((a, b)) => Known::Keys(self.shared_keys(a, b)),
            Err(_) => Known::Keys(BTreeSet::new()),
        }
    }

    /// The contacts beside `ids` that one of them is marked distinct from, nothing new having come up since.
    #[doc(hidden)]
    pub fn strangers(&self, ids: &[Id]) -> BTreeSet<Id> {
        let marked = ids.iter().flat_map(|id| self.distinct_from(id).into_iter().map(move |other| (id, other)));
        let are_distinct = |(id, other): &(&Id, Id)| !ids.contains(other) && self.is_distinct(id, other);
        marked.filter(are_distinct).map(|(_, other)| other).collect()
    }

    /// Puts `told` in place of all that was said of `id` and others, for a host that keeps the pairs of original ids itself.
    /// Contacts that are not in the index are passed over. O(p log n) for p distinct marks.
    #[doc(hidden)]
    pub fn set_distinct_from(&mut self, id: &Id, marked: impl IntoIterator<Item = (Id, Known)>) {
        let Ok(slot) = self.slot(id) else { return };
        self.facts.distinct.remove(slot);
        for (other, known) in marked {
            if let Some(&other) = self.slots.get(&other).filter(|other| **other != slot) {
                self.facts.distinct.mark(slot, other, known);
            }
        }
    }

    /// Says of a contact that was put back by hand, and of the one that it was merged into, what follows from the pairs of
    /// original ids.
    pub(super) fn return_from_merge(&mut self, id: &Id) {
        if let Some(current) = self.lineage.restore(id) {
            self.derive_pairs(id);
            self.derive_pairs(&current);
        }
    }

    /// Makes the pairs of a contact those that follow from the pairs of original ids.
    fn derive_pairs(&mut self, id: &Id) {
        let marks = self.lineage.marks_of(id);
        self.set_distinct_from(id, marks);
    }

    /// Gives a contact of the index its values and its block.
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
