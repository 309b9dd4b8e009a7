//! Postings of 16 bytes, each for a key that a contact holds, and segments of them grouped by part.

use crate::bulk::fingerprint::{CHECK_BITS, Fingerprint};
use crate::key::Derivation;

const CONTACT_BITS: u32 = u32::BITS;
const HOLDING_BITS: u32 = 5;
/// The number of derivations that four bits can tell apart.
const DERIVATIONS: usize = 16;
const _: () = assert!(CHECK_BITS + CONTACT_BITS + HOLDING_BITS == u64::BITS, "a posting takes two words");
const _: () = assert!(Derivation::ALL.len() <= DERIVATIONS, "a derivation takes four bits");

/// The number of parts into which the fingerprints are divided, by their first bits.
pub(super) const PARTS: usize = 1 << PART_BITS;
const PART_BITS: u32 = 9;

/// A key that a contact holds, in two words:
///
/// ```text
///  bit    63 .......... 55   54 ................................. 0
///        +-----------------+---------------------------------------+
///  place | part (9)        | place within the part (55)            |
///        +-----------------+---------------------------------------+
///
///  bit    63 ........ 37   36 .......... 5   4 ........ 1    0
///        +---------------+-----------------+----------------+-------+
///  rest  | check (27)    | contact (32)    | derivation (4) | block |
///        +---------------+-----------------+----------------+-------+
/// ```
///
/// - `place` and `check` are the fingerprint of the key. The check has all bits that the others leave.
/// - Contacts are numbered in 32 bits. Nine derivations take four bits.
/// - The lowest bit is set if the contact is blocked.
///
/// Sorting puts the holders of a key next to each other, in the order of their numbers, with the most direct derivation
/// of each holder first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Posting {
    place: u64,
    // From the top: check, contact, derivation, block.
    rest: u64,
}

impl Posting {
    #[inline]
    pub(super) fn new(key: Fingerprint, contact: u32, derivation: Derivation, blocked: bool) -> Self {
        let holding = (derivation as u64) << 1 | u64::from(blocked);
        let check = u64::from(key.check) << (CONTACT_BITS + HOLDING_BITS);
        Self { place: key.place, rest: check | u64::from(contact) << HOLDING_BITS | holding }
    }

    /// Returns the posting with `more` added to the number of the contact.
    #[inline]
    fn moved(self, more: u32) -> Self {
        Self { rest: self.rest + (u64::from(more) << HOLDING_BITS), ..self }
    }

    #[inline]
    pub(super) fn key(self) -> Fingerprint {
        Fingerprint { place: self.place, check: (self.rest >> (CONTACT_BITS + HOLDING_BITS)) as u32 }
    }

    #[inline]
    pub(super) fn contact(self) -> u32 {
        (self.rest >> HOLDING_BITS) as u32
    }

    #[inline]
    pub(super) fn derivation(self) -> Derivation {
        Derivation::ALL[(self.rest >> 1) as usize % DERIVATIONS]
    }

    #[inline]
    pub(super) fn is_blocked(self) -> bool {
        self.rest & 1 == 1
    }

    /// Returns the place of the key within its part, shifted to the highest bits.
    #[inline]
    pub(super) fn place_in_part(self) -> u64 {
        self.place << PART_BITS
    }

    #[inline]
    fn part(self) -> usize {
        (self.place >> (u64::BITS - PART_BITS)) as usize
    }
}

/// Postings grouped by part.
pub(super) struct Segment {
    // The number that is added to the numbers of the contacts.
    base: u32,
    // The start of each part, and the end of the last one.
    starts: Box<[u32]>,
    postings: Box<[Posting]>,
}

impl Segment {
    /// Groups postings by part. Cost: O(n).
    pub(super) fn new(postings: &[Posting]) -> Self {
        let mut starts = vec![0_u32; PARTS + 1];
        for posting in postings {
            starts[posting.part() + 1] += 1;
        }
        for part in 0..PARTS {
            starts[part + 1] += starts[part];
        }
        let mut ordered = vec![Posting::default(); postings.len()];
        let mut next = starts.clone();
        for posting in postings {
            let place = &mut next[posting.part()];
            ordered[*place as usize] = *posting;
            *place += 1;
        }
        Self { base: 0, starts: starts.into(), postings: ordered.into() }
    }

    /// Returns the segment with `more` added to the numbers of the contacts.
    pub(super) fn moved(mut self, more: u32) -> Self {
        self.base += more;
        self
    }

    /// Returns the postings of a part.
    pub(super) fn part(&self, part: usize) -> impl ExactSizeIterator<Item = Posting> {
        let range = self.starts[part] as usize..self.starts[part + 1] as usize;
        self.postings[range].iter().map(|posting| posting.moved(self.base))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_posting_keeps_what_is_put_in() {
        for (check, contact, derivation) in [
            (0, 0, Derivation::Direct),
            ((1 << CHECK_BITS) - 1, u32::MAX, Derivation::WithoutExtension),
            (5, 7, Derivation::GmailDots),
        ] {
            for blocked in [false, true] {
                let key = Fingerprint { place: u64::MAX - 3, check };
                let posting = Posting::new(key, contact, derivation, blocked);
                assert_eq!((posting.key(), posting.contact()), (key, contact));
                assert_eq!((posting.derivation(), posting.is_blocked()), (derivation, blocked));
            }
        }
    }

    #[test]
    fn a_segment_gives_each_part_its_postings() {
        let posting =
            |place: u64, contact| Posting::new(Fingerprint { place, check: 1 }, contact, Derivation::Direct, false);
        let postings: Vec<Posting> =
            (0..1000).map(|n| posting(u64::from(n).wrapping_mul(0x9e37_79b9_7f4a_7c15), n)).collect();
        let segment = Segment::new(&postings).moved(10);
        let mut found: Vec<u32> = Vec::new();
        for part in 0..PARTS {
            found.extend(segment.part(part).inspect(|posting| assert_eq!(posting.part(), part)).map(Posting::contact));
        }
        found.sort_unstable();
        assert_eq!(found, (10..1010).collect::<Vec<u32>>());
    }
}
