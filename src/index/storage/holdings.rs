//! The keys that each contact holds, in 16 bytes for the usual contact with at most two keys.

use crate::index::storage::pages::{Pages, Slab};
use crate::key::Derivation;
use crate::normalize::MAX_VALUES_PER_FIELD;

/// The key of an empty place.
const ABSENT: u32 = u32::MAX;
/// The first key of a contact with more than two keys. The second key is then the number of their list in the slab.
const MANY: u32 = u32::MAX - 1;

/// A key that a contact holds, and the value that gave it.
///
/// A holding takes 8 bytes, so that two of them fill 16, the size of an entry of [`Holdings`]:
///
/// ```text
///  bits  32         8            8       1          15
///       +----------+------------+-------+----------+----------+
///       | key slot | derivation | field | verified | position |
///       +----------+------------+-------+----------+----------+
/// ```
///
/// The compiler chooses the order of the fields. 15 bits suffice for a position, since a field has at most
/// `MAX_VALUES_PER_FIELD` (10,000) values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Holding {
    /// The slot of the key.
    pub(crate) key: u32,
    /// The rule by which the value gave the key.
    pub(crate) derivation: Derivation,
    pub(crate) field: HoldingField,
    // Less than `MAX_VALUES_PER_FIELD`. The highest bit is set if the value was verified.
    position: u16,
}

/// The bit of a position that is set if the value was verified.
const VERIFIED: u16 = 1 << 15;
const _: () = assert!(MAX_VALUES_PER_FIELD <= VERIFIED as usize, "a position and a bit fit in two bytes");

impl Holding {
    /// Returns the holding of `key` through a value. `place` is the position of the value in its field, and true if the
    /// value was verified.
    pub(crate) fn new(key: u32, derivation: Derivation, field: HoldingField, place: (usize, bool)) -> Self {
        let (position, verified) = place;
        let position = u16::try_from(position).expect("a field has at most MAX_VALUES_PER_FIELD values");
        Self { key, derivation, field, position: position | if verified { VERIFIED } else { 0 } }
    }

    /// Returns the position of the value in its field.
    pub(crate) fn position(&self) -> usize {
        (self.position & !VERIFIED).into()
    }

    /// Returns true if the value was verified.
    pub(crate) fn is_verified(&self) -> bool {
        self.position & VERIFIED != 0
    }
}

/// The field that a key came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HoldingField {
    Phone,
    Email,
    Channels,
    /// The custom field whose name is the scope of the key.
    Custom,
    /// A field whose name says that it holds phones or emails. The facts store that name.
    Named,
}

const NOTHING: Holding =
    Holding { key: ABSENT, derivation: Derivation::Direct, field: HoldingField::Phone, position: 0 };

const _: () = assert!(size_of::<[Holding; 2]>() == 16);

/// The holdings of contacts, by contact slot. The holdings of a contact are ordered by key slot, and each key occurs
/// once.
///
/// Most contacts have at most two keys, which are stored in place. Longer lists are in a slab:
///
/// ```text
///  keys      first holding   second holding
///  0         key = ABSENT    unused
///  1         holding         key = ABSENT
///  2         holding         holding
///  3 ..      key = MANY      key = number of the list in the slab
/// ```
#[derive(Clone, Debug, Default)]
pub(crate) struct Holdings {
    two: Pages<[Holding; 2]>,
    many: Slab<Box<[Holding]>>,
}

impl Holdings {
    /// Returns the number of slots.
    pub(crate) fn slots(&self) -> usize {
        self.two.len()
    }

    /// Adds a slot without holdings and returns it.
    pub(crate) fn add_slot(&mut self) -> u32 {
        self.two.push([NOTHING; 2]);
        // The highest bit of a slot must be free, because postings use it as a mark.
        let slot = i32::try_from(self.two.len() - 1).expect("slots of contacts are numbered in 31 bits");
        slot.unsigned_abs()
    }

    /// Returns the holdings of a contact, ordered by key slot.
    pub(crate) fn get(&self, slot: u32) -> &[Holding] {
        match self.two.get(slot) {
            None | Some([Holding { key: ABSENT, .. }, _]) => &[],
            Some([Holding { key: MANY, .. }, number]) => self.many.get(number.key).map_or(&[], |many| &many[..]),
            Some(one @ [_, Holding { key: ABSENT, .. }]) => &one[..1],
            Some(two) => two,
        }
    }

    /// Replaces the holdings of a contact. They must be ordered by key slot.
    pub(crate) fn set(&mut self, slot: u32, holdings: Vec<Holding>) {
        let Some(two) = self.two.get_mut(slot) else { return };
        if two[0].key == MANY {
            self.many.take(two[1].key);
        }
        *two = match *holdings {
            [] => [NOTHING; 2],
            [one] => [one, NOTHING],
            [first, second] => [first, second],
            _ => {
                let number = self.many.put(holdings.into());
                [Holding { key: MANY, ..NOTHING }, Holding { key: number, ..NOTHING }]
            }
        };
    }

    /// Returns the heap bytes in use. Cost: O(n).
    pub(crate) fn memory(&self) -> usize {
        let many = self.many.iter().map(|many| many.len() * size_of::<Holding>());
        self.two.memory() + self.many.memory() + many.sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_holding_keeps_its_position_and_whether_it_was_verified() {
        for place in [(0, false), (0, true), (MAX_VALUES_PER_FIELD - 1, false), (MAX_VALUES_PER_FIELD - 1, true)] {
            let holding = Holding::new(7, Derivation::Direct, HoldingField::Email, place);
            assert_eq!((holding.position(), holding.is_verified()), place);
        }
    }

    #[test]
    fn any_number_of_holdings_comes_back() {
        let mut holdings = Holdings::default();
        let of = |count: u32| (0..count).map(|key| Holding { key, ..NOTHING }).collect::<Vec<_>>();
        let (a, b) = (holdings.add_slot(), holdings.add_slot());
        for count in [0, 1, 2, 3, 9, 2, 5, 0] {
            holdings.set(a, of(count));
            assert_eq!((holdings.get(a), holdings.get(b)), (&of(count)[..], &[][..]));
        }
        assert_eq!(holdings.many.iter().count(), 0, "what is not used is given back");
    }
}
