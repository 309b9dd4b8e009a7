//! Which contacts hold a key: inline for one holder, an ordered set for more.

use std::collections::BTreeSet;

/// A set of contact slots. Most keys have one holder, which needs no allocation; adding and removing
/// cost O(log n) however many there are.
#[derive(Clone, Debug, Default)]
pub(crate) enum Postings {
    /// Nobody.
    #[default]
    Nobody,
    /// One contact.
    One(u32),
    /// Several.
    // Invariant: at least two.
    Several(BTreeSet<u32>),
}

impl Postings {
    /// Adds `slot`, unless it is there.
    pub(crate) fn insert(&mut self, slot: u32) {
        match self {
            Self::Nobody => *self = Self::One(slot),
            Self::One(one) if *one == slot => {}
            Self::One(one) => *self = Self::Several(BTreeSet::from([*one, slot])),
            Self::Several(slots) => drop(slots.insert(slot)),
        }
    }

    /// Takes `slot` out, if it is there.
    pub(crate) fn remove(&mut self, slot: u32) {
        match self {
            Self::One(one) if *one == slot => *self = Self::Nobody,
            Self::Several(slots) => {
                slots.remove(&slot);
                if let (1, Some(&one)) = (slots.len(), slots.first()) {
                    *self = Self::One(one);
                }
            }
            Self::Nobody | Self::One(_) => {}
        }
    }

    /// How many there are. O(1).
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Nobody => 0,
            Self::One(_) => 1,
            Self::Several(slots) => slots.len(),
        }
    }

    /// The slots in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> {
        let (one, several) = match self {
            Self::Nobody => (None, None),
            Self::One(one) => (Some(*one), None),
            Self::Several(slots) => (None, Some(slots.iter().copied())),
        };
        one.into_iter().chain(several.into_iter().flatten())
    }

    /// An estimate of the heap bytes in use.
    pub(crate) fn memory(&self) -> usize {
        match self {
            Self::Nobody | Self::One(_) => 0,
            // A leaf of a `BTreeSet<u32>` takes 56 bytes, holds 11 and is two thirds full on average.
            Self::Several(slots) => slots.len().div_ceil(7) * 56,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grows_and_shrinks_through_every_form() {
        let mut postings = Postings::default();
        for slot in [5, 3, 5, 9] {
            postings.insert(slot);
        }
        assert_eq!(postings.iter().collect::<Vec<_>>(), [3, 5, 9]);
        postings.remove(5);
        postings.remove(5);
        postings.remove(3);
        assert!(matches!(postings, Postings::One(9)));
        postings.insert(9);
        postings.remove(4);
        assert_eq!(postings.len(), 1);
        postings.remove(9);
        assert_eq!(postings.iter().next(), None);
    }
}
