//! The contacts that hold each key, in four bytes for the usual key with one holder.

use std::collections::BTreeSet;

use crate::index::storage::pages::{Pages, Slab};

/// The mark of a key without a holder.
const NOBODY: u32 = u32::MAX;
/// The bit that is set if a key has several holders. The other bits are then the number of their list in the slab.
const SEVERAL: u32 = 1 << 31;
/// The greatest number of holders that are stored as a list. More are stored as a tree.
const FEW: usize = 3;

/// The holders of keys, by key slot. Adding or removing a holder costs O(log n) for n holders.
///
/// A key slot takes 4 bytes, since most keys have one holder:
///
/// ```text
///  bit  31   30 ........................ 0
///      +----+-----------------------------+
///      | 0  | contact slot                |   one holder
///      +----+-----------------------------+
///      | 1  | number of the list, slab    |   two holders or more
///      +----+-----------------------------+
///      | all bits are set                 |   no holder (NOBODY)
///      +----------------------------------+
/// ```
#[derive(Clone, Debug, Default)]
pub(crate) struct Postings {
    // Invariant: `NOBODY`, the slot of one contact, or `SEVERAL` with the number of two or more holders.
    holders: Pages<u32>,
    several: Slab<Several>,
}

const _: () = assert!(size_of::<Option<Several>>() == 16);

/// Two holders or more, in order.
///
/// Most keys with several holders have two or three, which fit in the 16 bytes of this enum. The tree is behind a
/// pointer, so that it does not make the enum larger.
#[derive(Clone, Debug)]
#[allow(clippy::box_collection)]
enum Several {
    Few { count: u8, slots: [u32; FEW] },
    Many(Box<BTreeSet<u32>>),
}

impl Postings {
    /// Adds a key slot without holders.
    pub(crate) fn add_key(&mut self) {
        self.holders.push(NOBODY);
    }

    /// Adds a holder, unless the contact is one already.
    pub(crate) fn insert(&mut self, key: u32, contact: u32) {
        debug_assert!(contact < SEVERAL);
        let Self { holders, several } = self;
        let Some(held) = holders.get_mut(key) else { return };
        match *held {
            NOBODY => *held = contact,
            number if number & SEVERAL != 0 => {
                if let Some(several) = several.get_mut(number & !SEVERAL) {
                    several.insert(contact);
                }
            }
            one if one == contact => {}
            one => {
                let mut slots = [0; FEW];
                (slots[0], slots[1]) = (one.min(contact), one.max(contact));
                *held = SEVERAL | several.put(Several::Few { count: 2, slots });
            }
        }
    }

    /// Removes a holder, if the contact is one.
    pub(crate) fn remove(&mut self, key: u32, contact: u32) {
        let Self { holders, several } = self;
        let Some(held) = holders.get_mut(key) else { return };
        match *held {
            NOBODY => {}
            number if number & SEVERAL != 0 => {
                let number = number & !SEVERAL;
                let last = several.get_mut(number).and_then(|of_key| of_key.remove(contact));
                if let Some(last) = last {
                    several.take(number);
                    *held = last;
                }
            }
            one if one == contact => *held = NOBODY,
            _ => {}
        }
    }

    /// Returns the number of holders of a key. Cost: O(1).
    pub(crate) fn len(&self, key: u32) -> usize {
        match self.holders.get(key) {
            None | Some(&NOBODY) => 0,
            Some(number) if number & SEVERAL != 0 => self.several.get(number & !SEVERAL).map_or(0, Several::len),
            Some(_) => 1,
        }
    }

    /// Returns the holders of a key, in order.
    pub(crate) fn iter(&self, key: u32) -> impl Iterator<Item = u32> {
        let held = self.holders.get(key).copied().unwrap_or(NOBODY);
        let (one, several) = match held {
            NOBODY => (None, None),
            number if number & SEVERAL != 0 => (None, self.several.get(number & !SEVERAL)),
            one => (Some(one), None),
        };
        let (few, many) = match several {
            Some(Several::Few { count, slots }) => (&slots[..usize::from(*count)], None),
            Some(Several::Many(slots)) => (&[][..], Some(slots.iter())),
            None => (&[][..], None),
        };
        one.into_iter().chain(few.iter().copied()).chain(many.into_iter().flatten().copied())
    }

    /// Returns an estimate of the heap bytes in use. Cost: O(n).
    pub(crate) fn memory(&self) -> usize {
        // A leaf of a `BTreeSet<u32>` takes 56 bytes, holds up to 11 slots and is two thirds full on average.
        let many = |several: &Several| match several {
            Several::Few { .. } => 0,
            Several::Many(slots) => slots.len().div_ceil(7) * 56 + size_of::<BTreeSet<u32>>(),
        };
        self.holders.memory() + self.several.memory() + self.several.iter().map(many).sum::<usize>()
    }
}

impl Several {
    fn len(&self) -> usize {
        match self {
            Self::Few { count, .. } => usize::from(*count),
            Self::Many(slots) => slots.len(),
        }
    }

    fn insert(&mut self, contact: u32) {
        match self {
            Self::Many(slots) => drop(slots.insert(contact)),
            Self::Few { count, slots } => {
                let Err(place) = slots[..usize::from(*count)].binary_search(&contact) else { return };
                if usize::from(*count) == FEW {
                    let all = slots.iter().copied().chain([contact]).collect();
                    *self = Self::Many(Box::new(all));
                    return;
                }
                slots.copy_within(place..usize::from(*count), place + 1);
                slots[place] = contact;
                *count += 1;
            }
        }
    }

    /// Removes a holder, and returns the last holder if only one is left.
    fn remove(&mut self, contact: u32) -> Option<u32> {
        match self {
            Self::Many(all) => {
                all.remove(&contact);
                // A tree becomes a list only when fewer than `FEW` holders are left. If it did so at `FEW`, a holder
                // that is added and removed in turn would cost a tree each time.
                if all.len() < FEW {
                    let mut slots = [0; FEW];
                    let count = all.len();
                    slots.iter_mut().zip(all.iter()).for_each(|(slot, contact)| *slot = *contact);
                    *self = Self::Few { count: u8::try_from(count).expect("few fit a byte"), slots };
                }
                None
            }
            Self::Few { count, slots } => {
                if let Ok(place) = slots[..usize::from(*count)].binary_search(&contact) {
                    slots.copy_within(place + 1..usize::from(*count), place);
                    *count -= 1;
                }
                (*count == 1).then_some(slots[0])
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grows_and_shrinks_through_every_form() {
        let mut postings = Postings::default();
        postings.add_key();
        postings.add_key();
        let mut wanted = BTreeSet::new();
        // Grows to a tree and shrinks to no holder, in an order of its own.
        for step in 0..40_u32 {
            let contact = step * 7 % 20;
            if step < 20 {
                postings.insert(1, contact);
                postings.insert(1, contact);
                wanted.insert(contact);
            } else {
                postings.remove(1, contact);
                postings.remove(1, contact);
                wanted.remove(&contact);
            }
            assert!(postings.iter(1).eq(wanted.iter().copied()), "{step}");
            assert_eq!((postings.len(1), postings.len(0)), (wanted.len(), 0));
        }
        assert_eq!(postings.several.iter().count(), 0, "what is not used is given back");
    }
}
