//! Pairs of contacts that were marked distinct, with the keys that both shared then.

use std::collections::{BTreeSet, HashMap};

use crate::contact::ContactId;
use crate::key::KeyDigest;

/// What was known when two contacts were marked distinct.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[doc(hidden)]
pub enum Known {
    /// Both shared these keys; another one is news and opens the question again. Digests, since a distinct mark may
    /// outlive everybody who held one of the keys.
    Keys(BTreeSet<KeyDigest>),
    /// Nothing will ever be news.
    Forever,
}

/// That two ids are two persons, and who says so. Ids keep their marks when they are merged away.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[doc(hidden)]
pub struct DistinctMark {
    /// What both shared then.
    pub known: Known,
    /// The merge that spread the mark from a contact it retired to its survivor, if it is no mark of its own. It goes when
    /// that merge is undone.
    pub carrier: Option<Box<str>>,
}

impl Known {
    /// An estimate of the heap bytes in use.
    pub(crate) fn memory(&self) -> usize {
        match self {
            Self::Keys(keys) => keys.len() * size_of::<KeyDigest>(),
            Self::Forever => 0,
        }
    }
}

/// What ids were merged into, and which pairs of original ids were marked as distinct, whoever keeps that: an index alone, or
/// the rows of a workspace. The distinct pairs of contacts follow from it.
#[doc(hidden)]
pub trait Ancestry<Id: ContactId> {
    /// What an id was merged into, if it was.
    fn survivor_of(&self, id: &Id) -> Option<&Id>;

    /// The ids that were merged into one.
    fn retired_into<'a>(&'a self, id: &Id) -> impl Iterator<Item = &'a Id>
    where
        Id: 'a;

    /// The ids that one was marked as distinct from.
    fn partners_of<'a>(&'a self, id: &Id) -> impl Iterator<Item = &'a Id>
    where
        Id: 'a;

    /// The marks of a pair.
    fn marks_between(&self, a: &Id, b: &Id) -> Option<&BTreeSet<DistinctMark>>;

    /// Puts marks in place of those of a pair; without any it is forgotten.
    fn set_marks(&mut self, a: &Id, b: &Id, marks: BTreeSet<DistinctMark>);

    /// The id that `id` goes by now: itself, unless it was merged away. O(m log n) for m merges on the way.
    fn current<'a>(&'a self, id: &'a Id) -> &'a Id {
        let mut at = id;
        while let Some(into) = self.survivor_of(at) {
            at = into;
        }
        at
    }

    /// The ids that a contact is made of: its own and all that were merged into it, in no order. O(m log n) for m of them.
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

    /// Adds a mark between two ids, whatever they are a part of.
    fn add_mark(&mut self, a: &Id, b: &Id, mark: DistinctMark) {
        let mut marks = self.marks_between(a, b).cloned().unwrap_or_default();
        if marks.insert(mark) {
            self.set_marks(a, b, marks);
        }
    }

    /// Marks two contacts as distinct, with all that they are made of.
    fn mark(&mut self, a: &Id, b: &Id, known: &Known) {
        let others = self.made_of(b);
        for part in self.made_of(a) {
            for other in &others {
                self.add_mark(&part, other, DistinctMark { known: known.clone(), carrier: None });
            }
        }
    }

    /// Forgets every mark between all that two contacts are made of.
    fn clear_marks(&mut self, a: &Id, b: &Id) {
        let others: BTreeSet<Id> = self.made_of(b).into_iter().collect();
        for part in self.made_of(a) {
            let partners: Vec<Id> = self.partners_of(&part).filter(|id| others.contains(id)).cloned().collect();
            partners.iter().for_each(|partner| self.set_marks(&part, partner, BTreeSet::new()));
        }
    }

    /// Forgets what a merge carried to its survivor.
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

    /// What is known of a contact and the others that it was marked as distinct from, by the ids that they go by now.
    /// O(v log n) for v marks on the ids that it is made of.
    fn marks_of(&self, id: &Id) -> Vec<(Id, Known)> {
        let mut marks = Vec::new();
        for part in self.made_of(id) {
            for partner in self.partners_of(&part) {
                let other = self.current(partner);
                let of_pair = self.marks_between(&part, partner).into_iter().flatten();
                if other != id {
                    marks.extend(of_pair.map(|mark| (other.clone(), mark.known.clone())));
                }
            }
        }
        marks
    }
}

/// The pairs that were marked distinct, over contact slots.
#[derive(Clone, Debug, Default)]
pub(crate) struct DistinctPairs {
    // Invariant: the smaller slot stands first, and no list is empty.
    distinct_pairs: HashMap<(u32, u32), BTreeSet<Known>>,
    // Invariant: `b` is a neighbour of `a` exactly when their pair has a distinct mark; no set is empty.
    neighbours: HashMap<u32, BTreeSet<u32>>,
}

impl DistinctPairs {
    /// Remembers that `a` and `b` are two. What one distinct mark says, another one can only add to.
    pub(crate) fn mark(&mut self, a: u32, b: u32, known: Known) {
        self.distinct_pairs.entry((a.min(b), a.max(b))).or_default().insert(known);
        self.neighbours.entry(a).or_default().insert(b);
        self.neighbours.entry(b).or_default().insert(a);
    }

    /// Forgets what was said of `a` and `b`; whether there was anything.
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

    /// Forgets every pair that `slot` is in.
    pub(crate) fn remove(&mut self, slot: u32) {
        for other in self.neighbours.get(&slot).cloned().unwrap_or_default() {
            self.clear(slot, other);
        }
    }

    /// Whether `slot` was marked distinct from anyone.
    pub(crate) fn has_any(&self, slot: u32) -> bool {
        !self.neighbours.is_empty() && self.neighbours.contains_key(&slot)
    }

    /// Whom `slot` was marked distinct from, in order.
    pub(crate) fn neighbours(&self, slot: u32) -> impl Iterator<Item = u32> {
        self.neighbours.get(&slot).into_iter().flatten().copied()
    }

    /// What was said of `a` and `b`, in a fixed order.
    pub(crate) fn distinct_pairs(&self, a: u32, b: u32) -> impl Iterator<Item = &Known> {
        self.distinct_pairs.get(&(a.min(b), a.max(b))).into_iter().flatten()
    }

    /// Whether anything was said of `a` and `b`.
    pub(crate) fn has_pair(&self, a: u32, b: u32) -> bool {
        self.distinct_pairs.contains_key(&(a.min(b), a.max(b)))
    }

    /// From how many contacts `slot` was marked distinct.
    pub(crate) fn neighbour_count(&self, slot: u32) -> usize {
        self.neighbours.get(&slot).map_or(0, BTreeSet::len)
    }

    /// Every pair with a distinct mark, in no order.
    #[cfg(feature = "serde")]
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (u32, u32)> {
        self.distinct_pairs.keys().copied()
    }

    /// An estimate of the heap bytes in use. O(n).
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
        assert!(distinct.distinct_pairs(2, 5).eq([&Known::Forever]) && distinct.has_pair(5, 2));
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
