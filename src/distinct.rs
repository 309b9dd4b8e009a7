//! Pairs of contacts that were told apart, with the keys that both shared then.

use std::collections::{BTreeSet, HashMap};

use crate::key::KeyDigest;

/// What was known when two contacts were told apart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Known {
    /// Both shared these keys; another one is news and opens the question again. Digests, since a verdict may
    /// outlive everybody who held one of the keys.
    Keys(BTreeSet<KeyDigest>),
    /// Nothing will ever be news.
    Forever,
}

/// That two ids are two persons, and who says so. Ids keep their marks when they are merged away.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct DistinctMark {
    /// What both shared then.
    pub(crate) known: Known,
    /// The merge that spread the mark from a contact it retired to its survivor, if it is no mark of its own. It goes when
    /// that merge is undone.
    pub(crate) carrier: Option<Box<str>>,
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

/// The pairs that were told apart, over contact slots.
#[derive(Clone, Debug, Default)]
pub(crate) struct ToldApart {
    // Invariant: the smaller slot stands first, and no list is empty.
    verdicts: HashMap<(u32, u32), BTreeSet<Known>>,
    // Invariant: `b` is a neighbour of `a` exactly when their pair has a verdict; no set is empty.
    neighbours: HashMap<u32, BTreeSet<u32>>,
}

impl ToldApart {
    /// Remembers that `a` and `b` are two. What one verdict says, another one can only add to.
    pub(crate) fn tell(&mut self, a: u32, b: u32, known: Known) {
        self.verdicts.entry((a.min(b), a.max(b))).or_default().insert(known);
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
        self.verdicts.remove(&(a.min(b), a.max(b))).is_some()
    }

    /// Forgets every pair that `slot` is in.
    pub(crate) fn remove(&mut self, slot: u32) {
        for other in self.neighbours.get(&slot).cloned().unwrap_or_default() {
            self.clear(slot, other);
        }
    }

    /// Whether `slot` was told apart from anyone.
    pub(crate) fn has_any(&self, slot: u32) -> bool {
        !self.neighbours.is_empty() && self.neighbours.contains_key(&slot)
    }

    /// Whom `slot` was told apart from, in order.
    pub(crate) fn neighbours(&self, slot: u32) -> impl Iterator<Item = u32> {
        self.neighbours.get(&slot).into_iter().flatten().copied()
    }

    /// What was said of `a` and `b`, in a fixed order.
    pub(crate) fn verdicts(&self, a: u32, b: u32) -> impl Iterator<Item = &Known> {
        self.verdicts.get(&(a.min(b), a.max(b))).into_iter().flatten()
    }

    /// Whether anything was said of `a` and `b`.
    pub(crate) fn has_pair(&self, a: u32, b: u32) -> bool {
        self.verdicts.contains_key(&(a.min(b), a.max(b)))
    }

    /// From how many contacts `slot` was told apart.
    pub(crate) fn neighbour_count(&self, slot: u32) -> usize {
        self.neighbours.get(&slot).map_or(0, BTreeSet::len)
    }

    /// Every pair with a verdict, in no order.
    #[cfg(feature = "serde")]
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (u32, u32)> {
        self.verdicts.keys().copied()
    }

    /// An estimate of the heap bytes in use. O(n).
    pub(crate) fn memory(&self) -> usize {
        let verdicts = self.verdicts.values().flatten().map(|known| size_of::<Known>() + known.memory());
        let neighbours = self.neighbours.values().map(|others| others.len() * size_of::<u32>() * 2);
        self.verdicts.capacity() * size_of::<((u32, u32), BTreeSet<Known>)>()
            + self.neighbours.capacity() * size_of::<(u32, BTreeSet<u32>)>()
            + verdicts.sum::<usize>()
            + neighbours.sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_are_unordered_pairs() {
        let mut apart = ToldApart::default();
        apart.tell(5, 2, Known::Forever);
        apart.tell(2, 5, Known::Forever);
        assert!(apart.verdicts(2, 5).eq([&Known::Forever]) && apart.has_pair(5, 2));
        assert_eq!(apart.neighbour_count(5), 1);
        assert_eq!(apart.neighbours(5).collect::<Vec<_>>(), [2]);
        assert!(apart.clear(2, 5) && !apart.clear(5, 2));
        assert!(!apart.has_any(2) && !apart.has_any(5));
    }

    #[test]
    fn a_removed_contact_leaves_nothing_behind() {
        let mut apart = ToldApart::default();
        apart.tell(1, 2, Known::Keys(BTreeSet::new()));
        apart.tell(1, 3, Known::Forever);
        apart.tell(2, 3, Known::Forever);
        apart.remove(1);
        assert_eq!(apart.pairs().collect::<Vec<_>>(), [(2, 3)]);
        assert!(!apart.has_any(1) && apart.has_any(2));
    }
}
