//! The merges of ids and the distinct pairs between original ids, so that merges and undos keep the pairs.

use std::collections::{BTreeMap, BTreeSet};

use crate::contact::ContactId;
use crate::distinct::{Ancestry, DistinctMark};

/// The original ids of the contacts of an index, and the distinct pairs between original ids.
///
/// The distinct pairs of contacts, which suggestions use, follow from these.
#[derive(Clone, Debug)]
pub(crate) struct Lineage<Id> {
    // The id that each retired id was merged into. Invariant: following these ends at a contact of the index.
    survivors: BTreeMap<Id, Id>,
    // Invariant: `retired[survivor]` holds the ids that `survivors` maps to it; no set is empty.
    retired: BTreeMap<Id, BTreeSet<Id>>,
    // Invariant: the smaller id comes first, and no set is empty.
    pairs: BTreeMap<(Id, Id), BTreeSet<DistinctMark>>,
    // Invariant: `b` is a partner of `a` exactly if `pairs` has their pair; no set is empty.
    partners: BTreeMap<Id, BTreeSet<Id>>,
}

impl<Id> Default for Lineage<Id> {
    fn default() -> Self {
        let (survivors, retired) = (BTreeMap::new(), BTreeMap::new());
        Self { survivors, retired, pairs: BTreeMap::new(), partners: BTreeMap::new() }
    }
}

impl<Id: ContactId> Ancestry<Id> for Lineage<Id> {
    fn survivor_of(&self, id: &Id) -> Option<&Id> {
        self.survivors.get(id)
    }

    fn retired_into<'a>(&'a self, id: &Id) -> impl Iterator<Item = &'a Id>
    where
        Id: 'a,
    {
        self.retired.get(id).into_iter().flatten()
    }

    fn partners_of<'a>(&'a self, id: &Id) -> impl Iterator<Item = &'a Id>
    where
        Id: 'a,
    {
        self.partners.get(id).into_iter().flatten()
    }

    fn marks_between(&self, a: &Id, b: &Id) -> Option<&BTreeSet<DistinctMark>> {
        self.pairs.get(&pair(a, b))
    }

    fn set_marks(&mut self, a: &Id, b: &Id, marks: BTreeSet<DistinctMark>) {
        for (from, to) in [(a, b), (b, a)] {
            if marks.is_empty() {
                remove_from(&mut self.partners, from, to);
            } else {
                self.partners.entry(from.clone()).or_default().insert(to.clone());
            }
        }
        if marks.is_empty() {
            self.pairs.remove(&pair(a, b));
        } else {
            self.pairs.insert(pair(a, b), marks);
        }
    }
}

impl<Id: ContactId> Lineage<Id> {
    /// Records that a contact was merged into another one.
    pub(super) fn retire(&mut self, id: &Id, survivor: &Id) {
        self.survivors.insert(id.clone(), survivor.clone());
        self.retired.entry(survivor.clone()).or_default().insert(id.clone());
    }

    /// Returns true if an id was merged into another one.
    pub(super) fn is_merged_away(&self, id: &Id) -> bool {
        self.survivors.contains_key(id)
    }

    /// Removes the record that a contact was merged, and returns the current id that it belonged to, or `None` if it
    /// was not merged.
    pub(super) fn restore(&mut self, id: &Id) -> Option<Id> {
        let current = self.current(id).clone();
        let survivor = self.survivors.remove(id)?;
        remove_from(&mut self.retired, &survivor, id);
        Some(current)
    }

    /// Removes the merges and the distinct pairs of all original ids of a contact.
    pub(super) fn forget(&mut self, id: &Id) {
        for part in self.made_of(id) {
            for partner in self.partners_of(&part).cloned().collect::<Vec<_>>() {
                self.set_marks(&part, &partner, BTreeSet::new());
            }
            self.retired.remove(&part);
            self.survivors.remove(&part);
        }
    }

    /// Returns an estimate of the heap bytes in use, without those that ids own. Cost: O(n).
    pub(super) fn memory(&self) -> usize {
        let marks = self.pairs.values().flatten().map(|mark| size_of::<DistinctMark>() + mark.known.memory());
        let ids = 2 * (self.survivors.len() + self.pairs.len()) + 2 * self.pairs.len();
        marks.sum::<usize>() + ids * size_of::<Id>()
    }
}

#[cfg(feature = "serde")]
impl<Id: ContactId> Lineage<Id> {
    /// Returns the retired ids with the ids that they were merged into, in order.
    pub(super) fn merged_away(&self) -> impl Iterator<Item = (&Id, &Id)> {
        self.survivors.iter()
    }

    /// Returns the distinct pairs of original ids, the smaller id first, in order.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&(Id, Id), &BTreeSet<DistinctMark>)> {
        self.pairs.iter()
    }

    /// Returns true if each retired id belongs to exactly one of `contacts`, and each pair consists of two different
    /// original ids of `contacts`.
    ///
    /// Cost: O(n log n).
    pub(super) fn is_of(&self, contacts: impl Iterator<Item = Id>) -> bool {
        let (mut known, mut is_twice) = (BTreeSet::new(), false);
        for id in contacts {
            for part in self.made_of(&id) {
                is_twice |= !known.insert(part);
            }
        }
        let are_known = self.survivors.keys().all(|id| known.contains(id));
        !is_twice && are_known && self.pairs.keys().all(|(a, b)| a != b && known.contains(a) && known.contains(b))
    }
}

/// Returns the two ids, the smaller one first.
fn pair<Id: ContactId>(a: &Id, b: &Id) -> (Id, Id) {
    if a <= b { (a.clone(), b.clone()) } else { (b.clone(), a.clone()) }
}

fn remove_from<Id: Ord>(sets: &mut BTreeMap<Id, BTreeSet<Id>>, key: &Id, item: &Id) {
    if let Some(set) = sets.get_mut(key) {
        set.remove(item);
        if set.is_empty() {
            sets.remove(key);
        }
    }
}
