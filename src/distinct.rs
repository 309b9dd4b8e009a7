//! Pairs of contacts that were marked distinct, with the keys that they shared at that time.

use std::collections::{BTreeSet, HashMap};

use crate::contact::ContactId;
use crate::key::KeyDigest;

/// The shared keys that were known when two contacts were marked distinct.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[doc(hidden)]
pub enum Known {
    /// The keys that both contacts shared. If they come to share another key, the mark no longer holds. Digests are
    /// stored because a mark may outlive all contacts that held a key.
    Keys(BTreeSet<KeyDigest>),
    /// The mark holds for good, whatever the contacts come to share.
    Forever,
}

/// A mark that two ids are different people. An id keeps its marks when its contact is merged into another one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[doc(hidden)]
pub struct DistinctMark {
    /// The keys that both shared when the mark was made.
    pub known: Known,
    /// The id of the merge that copied this mark from a retired contact to the survivor, or `None` for a mark that a
    /// user made. Undoing that merge removes the mark.
    pub carrier: Option<Box<str>>,
}

impl Known {
    /// Returns an estimate of the heap bytes in use.
    pub(crate) fn memory(&self) -> usize {
        match self {
            Self::Keys(keys) => keys.len() * size_of::<KeyDigest>(),
            Self::Forever => 0,
        }
    }
}

/// A distinct mark of a contact.
#[derive(Clone, Debug, PartialEq, Eq)]
#[doc(hidden)]
pub struct PartnerMark<Id> {
    /// The current id of the other contact.
    pub partner: Id,
    /// The keys that both shared when the mark was made.
    pub known: Known,
}

/// The merges of ids and the distinct marks between original ids, from which the distinct pairs of the current contacts
/// follow.
///
/// An index keeps them in memory; a workspace keeps them in its rows.
#[doc(hidden)]
pub trait Ancestry<Id: ContactId> {
    /// Returns the id that `id` was merged into, or `None` if it was not merged.
    fn survivor_of(&self, id: &Id) -> Option<&Id>;

    /// Returns the ids that were merged directly into `id`.
    fn retired_into<'a>(&'a self, id: &Id) -> impl Iterator<Item = &'a Id>
    where
        Id: 'a;

    /// Returns the ids that `id` was marked distinct from.
    fn partners_of<'a>(&'a self, id: &Id) -> impl Iterator<Item = &'a Id>
    where
        Id: 'a;

    /// Returns the marks between two ids.
    fn marks_between(&self, a: &Id, b: &Id) -> Option<&BTreeSet<DistinctMark>>;

    /// Replaces the marks between two ids. An empty set removes the pair.
    fn set_marks(&mut self, a: &Id, b: &Id, marks: BTreeSet<DistinctMark>);

    /// Returns the id of the contact that `id` belongs to now: the last survivor of its merges, or `id` itself if it
    /// was not merged.
    ///
    /// Cost: O(m log n) for m merges on the way.
    fn current<'a>(&'a self, id: &'a Id) -> &'a Id {
        let mut at = id;
        while let Some(into) = self.survivor_of(at) {
            at = into;
        }
        at
    }

    /// Returns the original ids of a contact, in no order: its own id and every id that was merged into it, directly or
    /// not.
    ///
    /// Cost: O(m log n) for m ids.
    fn made_of(&self, id: &Id) -> Vec<Id> {
        let mut ids = vec![id.clone()];
        let mut at = 0;
        while let Some(parent) = ids.get(at) {
            let retired: Vec<Id> = self.retired_into(parent).cloned().collect();
            ids.extend(retired);
            at += 1;
        }
        ids
    }

    /// Adds a mark between two original ids.
    fn add_mark(&mut self, a: &Id, b: &Id, mark: DistinctMark) {
        let mut marks = self.marks_between(a, b).cloned().unwrap_or_default();
        if marks.insert(mark) {
            self.set_marks(a, b, marks);
        }
    }

    /// Marks two contacts as distinct: every original id of one from every original id of the other.
    fn mark(&mut self, a: &Id, b: &Id, known: &Known) {
        let others = self.made_of(b);
        for part in self.made_of(a) {
            for other in &others {
                self.add_mark(&part, other, DistinctMark { known: known.clone(), carrier: None });
            }
        }
    }

    /// Removes all marks between the original ids of two contacts.
    fn clear_marks(&mut self, a: &Id, b: &Id) {
        let others: BTreeSet<Id> = self.made_of(b).into_iter().collect();
        for part in self.made_of(a) {
            let partners: Vec<Id> = self.partners_of(&part).filter(|id| others.contains(id)).cloned().collect();
            partners.iter().for_each(|partner| self.set_marks(&part, partner, BTreeSet::new()));
        }
    }

    /// Removes the marks that the merge `carrier` copied to its survivor.
    fn drop_carried(&mut self, survivor: &Id, carrier: &str) {
        let partners: Vec<Id> = self.partners_of(survivor).cloned().collect();
        for partner in partners {
            let Some(marks) = self.marks_between(survivor, &partner) else { continue };
            let is_own = |mark: &&DistinctMark| mark.carrier.as_deref() != Some(carrier);
            let own: BTreeSet<DistinctMark> = marks.iter().filter(is_own).cloned().collect();
            if own.len() < marks.len() {
                self.set_marks(survivor, &partner, own);
            }
        }
    }

    /// Returns the distinct marks of a contact.
    ///
    /// Cost: O(v log n) for v marks on the original ids of the contact.
    fn marks_of(&self, id: &Id) -> Vec<PartnerMark<Id>> {
        let mut marks = Vec::new();
        for part in self.made_of(id) {
            for partner in self.partners_of(&part) {
                let other = self.current(partner);
                let of_pair = self.marks_between(&part, partner).into_iter().flatten();
                if other != id {
                    marks.extend(of_pair.map(|mark| PartnerMark { partner: other.clone(), known: mark.known.clone() }));
                }
            }
        }
        marks
    }
}

/// The distinct pairs of an index, over contact slots.
#[derive(Clone, Debug, Default)]
pub(crate) struct DistinctPairs {
    // Invariant: the smaller slot comes first, and no set is empty.
    distinct_pairs: HashMap<(u32, u32), BTreeSet<Known>>,
    // Invariant: `b` is a neighbour of `a` exactly if their pair has a distinct mark; no set is empty.
    neighbours: HashMap<u32, BTreeSet<u32>>,
}

impl DistinctPairs {
    /// Marks `a` and `b` as distinct. A further mark of the same pair is added to the former ones.
    pub(crate) fn mark(&mut self, a: u32, b: u32, known: Known) {
        self.distinct_pairs.entry((a.min(b), a.max(b))).or_default().insert(known);
        self.neighbours.entry(a).or_default().insert(b);
        self.neighbours.entry(b).or_default().insert(a);
    }

    /// Removes the marks of `a` and `b`, and returns true if there were any.
    pub(crate) fn clear(&mut self, a: u32, b: u32) -> bool {
        for (from, to) in [(a, b), (b, a)] {
            if let Some(others) = self.neighbours.get_mut(&from) {
                others.remove(&to);
                if others.is_empty() {
                    self.neighbours.remove(&from);
                }
            }
        }
        self.distinct_pairs.remove(&(a.min(b), a.max(b))).is_some()
    }

    /// Removes every pair that contains `slot`.
    pub(crate) fn remove(&mut self, slot: u32) {
        for other in self.neighbours.get(&slot).cloned().unwrap_or_default() {
            self.clear(slot, other);
        }
    }

    /// Returns true if `slot` has a distinct mark.
    pub(crate) fn has_any(&self, slot: u32) -> bool {
        !self.neighbours.is_empty() && self.neighbours.contains_key(&slot)
    }

    /// Returns the slots that `slot` was marked distinct from, in order.
    pub(crate) fn neighbours(&self, slot: u32) -> impl Iterator<Item = u32> {
        self.neighbours.get(&slot).into_iter().flatten().copied()
    }

    /// Returns the marks of `a` and `b`, in a fixed order.
    pub(crate) fn marks(&self, a: u32, b: u32) -> impl Iterator<Item = &Known> {
        self.distinct_pairs.get(&(a.min(b), a.max(b))).into_iter().flatten()
    }

    /// Returns true if `a` and `b` were marked distinct.
    pub(crate) fn has_pair(&self, a: u32, b: u32) -> bool {
        self.distinct_pairs.contains_key(&(a.min(b), a.max(b)))
    }

    /// Returns the number of contacts that `slot` was marked distinct from.
    pub(crate) fn neighbour_count(&self, slot: u32) -> usize {
        self.neighbours.get(&slot).map_or(0, BTreeSet::len)
    }

    /// Returns every pair with a distinct mark, in no order.
    #[cfg(feature = "serde")]
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (u32, u32)> {
        self.distinct_pairs.keys().copied()
    }

    /// Returns an estimate of the heap bytes in use. Cost: O(n).
    pub(crate) fn memory(&self) -> usize {
        let distinct_pairs = self.distinct_pairs.values().flatten().map(|known| size_of::<Known>() + known.memory());
        let neighbours = self.neighbours.values().map(|others| others.len() * size_of::<u32>() * 2);
        self.distinct_pairs.capacity() * size_of::<((u32, u32), BTreeSet<Known>)>()
            + self.neighbours.capacity() * size_of::<(u32, BTreeSet<u32>)>()
            + distinct_pairs.sum::<usize>()
            + neighbours.sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distinct_pairs_are_unordered() {
        let mut distinct = DistinctPairs::default();
        distinct.mark(5, 2, Known::Forever);
        distinct.mark(2, 5, Known::Forever);
        assert!(distinct.marks(2, 5).eq([&Known::Forever]) && distinct.has_pair(5, 2));
        assert_eq!(distinct.neighbour_count(5), 1);
        assert_eq!(distinct.neighbours(5).collect::<Vec<_>>(), [2]);
        assert!(distinct.clear(2, 5) && !distinct.clear(5, 2));
        assert!(!distinct.has_any(2) && !distinct.has_any(5));
    }

    #[test]
    fn a_removed_contact_leaves_nothing_behind() {
        let mut distinct = DistinctPairs::default();
        distinct.mark(1, 2, Known::Keys(BTreeSet::new()));
        distinct.mark(1, 3, Known::Forever);
        distinct.mark(2, 3, Known::Forever);
        distinct.remove(1);
        assert_eq!(distinct.pairs().collect::<Vec<_>>(), [(2, 3)]);
        assert!(!distinct.has_any(1) && distinct.has_any(2));
    }
}
