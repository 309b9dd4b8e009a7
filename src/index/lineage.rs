//! What was merged into what, and the distinct pairs between original ids: so that a merge and its undo keep them.

use std::collections::{BTreeMap, BTreeSet};

use crate::contact::ContactId;
use crate::distinct::{DistinctMark, Known};

/// The ids that contacts of an index are made of, and the pairs of them that were marked as distinct. Pairs of contacts,
/// which suggestions ask for, follow from it.
#[derive(Clone, Debug)]
pub(crate) struct Lineage<Id> {
    // What ids were merged into. Invariant: following it ends at a contact of the index.
    survivors: BTreeMap<Id, Id>,
    // Invariant: `retired[survivor]` are the ids that `survivors` maps to it; no set is empty.
    retired: BTreeMap<Id, BTreeSet<Id>>,
    // Invariant: the smaller id stands first, and no set is empty.
    pairs: BTreeMap<(Id, Id), BTreeSet<DistinctMark>>,
    // Invariant: `b` is a partner of `a` exactly when `pairs` has their pair; no set is empty.
    partners: BTreeMap<Id, BTreeSet<Id>>,
}

impl<Id> Default for Lineage<Id> {
    fn default() -> Self {
        let (survivors, retired) = (BTreeMap::new(), BTreeMap::new());
        Self { survivors, retired, pairs: BTreeMap::new(), partners: BTreeMap::new() }
    }
}

impl<Id: ContactId> Lineage<Id> {
    /// The id that `id` goes by now: itself, unless it was merged away. O(m log n) for m merges on the way.
    pub(super) fn current<'a>(&'a self, id: &'a Id) -> &'a Id {
        let mut at = id;
        while let Some(into) = self.survivors.get(at) {
            at = into;
        }
        at
    }

    /// The ids that a contact is made of: its own and all that were merged into it. O(m log n) for m of them.
    pub(super) fn made_of(&self, id: &Id) -> Vec<Id> {
        let mut ids = vec![id.clone()];
        let mut at = 0;
        while let Some(parent) = ids.get(at) {
            let retired: Vec<Id> = self.retired.get(parent).into_iter().flatten().cloned().collect();
            ids.extend(retired);
            at += 1;
        }
        ids
    }

    /// Remembers that a contact was merged into another one.
    pub(super) fn retire(&mut self, id: &Id, survivor: &Id) {
        self.survivors.insert(id.clone(), survivor.clone());
        self.retired.entry(survivor.clone()).or_default().insert(id.clone());
    }

    /// What an id was merged into, if it is known to have been.
    pub(super) fn survivor_of(&self, id: &Id) -> Option<&Id> {
        self.survivors.get(id)
    }

    /// Whether an id was merged into another one.
    pub(super) fn is_merged_away(&self, id: &Id) -> bool {
        self.survivors.contains_key(id)
    }

    /// Forgets that a contact was merged away; the id that it goes by until then, if it was.
    pub(super) fn restore(&mut self, id: &Id) -> Option<Id> {
        let current = self.current(id).clone();
        let survivor = self.survivors.remove(id)?;
        remove_from(&mut self.retired, &survivor, id);
        Some(current)
    }

    /// Marks two contacts as distinct, with all that they are made of.
    pub(super) fn mark(&mut self, a: &Id, b: &Id, known: &Known) {
        let others = self.made_of(b);
        for part in self.made_of(a) {
            for other in &others {
                self.add(&part, other, DistinctMark { known: known.clone(), carrier: None });
            }
        }
    }

    /// Adds a mark between two ids, whatever they are a part of.
    pub(super) fn add(&mut self, a: &Id, b: &Id, mark: DistinctMark) {
        self.pairs.entry(pair(a, b)).or_default().insert(mark);
        self.partners.entry(a.clone()).or_default().insert(b.clone());
        self.partners.entry(b.clone()).or_default().insert(a.clone());
    }

    /// Forgets every mark between all that two contacts are made of.
    pub(super) fn clear(&mut self, a: &Id, b: &Id) {
        let others: BTreeSet<Id> = self.made_of(b).into_iter().collect();
        for part in self.made_of(a) {
            let partners: Vec<Id> = self.partners_of(&part).filter(|id| others.contains(id)).cloned().collect();
            partners.iter().for_each(|partner| self.forget_pair(&part, partner));
        }
    }

    /// Forgets what a merge carried to its survivor.
    pub(super) fn drop_carried(&mut self, survivor: &Id, carrier: &str) {
        for partner in self.partners_of(survivor).cloned().collect::<Vec<_>>() {
            let Some(marks) = self.pairs.get_mut(&pair(survivor, &partner)) else { continue };
            marks.retain(|mark| mark.carrier.as_deref() != Some(carrier));
            if marks.is_empty() {
                self.forget_pair(survivor, &partner);
            }
        }
    }

    /// Forgets a contact with all that it is made of.
    pub(super) fn forget(&mut self, id: &Id) {
        for part in self.made_of(id) {
            for partner in self.partners_of(&part).cloned().collect::<Vec<_>>() {
                self.forget_pair(&part, &partner);
            }
            self.retired.remove(&part);
            self.survivors.remove(&part);
        }
    }

    /// What is known of a contact and the others that it was marked as distinct from, by the ids that they go by now.
    pub(super) fn marks_of(&self, id: &Id) -> Vec<(Id, Known)> {
        let mut marks = Vec::new();
        for part in self.made_of(id) {
            for partner in self.partners_of(&part) {
                let other = self.current(partner);
                let of_pair = self.pairs.get(&pair(&part, partner)).into_iter().flatten();
                if other != id {
                    marks.extend(of_pair.map(|mark| (other.clone(), mark.known.clone())));
                }
            }
        }
        marks
    }

    /// An estimate of the heap bytes in use, those behind ids apart. O(n).
    pub(super) fn memory(&self) -> usize {
        let marks = self.pairs.values().flatten().map(|mark| size_of::<DistinctMark>() + mark.known.memory());
        let ids = 2 * (self.survivors.len() + self.pairs.len()) + 2 * self.pairs.len();
        marks.sum::<usize>() + ids * size_of::<Id>()
    }

    fn partners_of(&self, id: &Id) -> impl Iterator<Item = &Id> {
        self.partners.get(id).into_iter().flatten()
    }

    fn forget_pair(&mut self, a: &Id, b: &Id) {
        self.pairs.remove(&pair(a, b));
        remove_from(&mut self.partners, a, b);
        remove_from(&mut self.partners, b, a);
    }
}

#[cfg(feature = "serde")]
impl<Id: ContactId> Lineage<Id> {
    /// The ids that were merged away with what they were merged into, in order.
    pub(super) fn merged_away(&self) -> impl Iterator<Item = (&Id, &Id)> {
        self.survivors.iter()
    }

    /// The pairs that were marked as distinct, the smaller id first, in order.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&(Id, Id), &BTreeSet<DistinctMark>)> {
        self.pairs.iter()
    }

    /// Whether every id that was merged away belongs to one of `contacts`, and every pair is of two different ones that do.
    /// O(n log n).
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

/// The pair, the smaller id first.
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
