//! That a contact holds a key, in 16 bytes, and many of these in the order in which groups are found from them.

use crate::bulk::fingerprint::{CHECK_BITS, Fingerprint};
use crate::key::Derivation;

const CONTACT_BITS: u32 = u32::BITS;
const HOLDING_BITS: u32 = 5;
/// How many derivations a posting can tell from one another.
const DERIVATIONS: usize = 16;
const _: () = assert!(CHECK_BITS + CONTACT_BITS + HOLDING_BITS == u64::BITS, "a posting takes two words");
const _: () = assert!(Derivation::ALL.len() <= DERIVATIONS, "a derivation takes four bits");

/// How many parts the fingerprints are divided into, by their first bits.
pub(super) const PARTS: usize = 1 << PART_BITS;
const PART_BITS: u32 = 9;

/// That a contact holds a key. The order puts the holders of a key together, each with its most direct holding first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Posting {
    place: u64,
    // From the top: the check, the contact, the derivation, whether the contact is blocked.
    rest: u64,
}

impl Posting {
    #[inline]
    pub(super) fn new(key: Fingerprint, contact: u32, derivation: Derivation, blocked: bool) -> Self {
        let holding = (derivation as u64) << 1 | u64::from(blocked);
        let check = u64::from(key.check) << (CONTACT_BITS + HOLDING_BITS);
        Self { place: key.place, rest: check | u64::from(contact) << HOLDING_BITS | holding }
    }

    /// The same for a contact whose number is higher by `more`.
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

    /// Where in its part the key belongs.
    #[inline]
    pub(super) fn place_in_part(self) -> u64 {
        self.place << PART_BITS
    }

    #[inline]
    fn part(self) -> usize {
        (self.place >> (u64::BITS - PART_BITS)) as usize
    }
}

/// Postings that were brought in order of their parts.
pub(super) struct Segment {
    // What the numbers of the contacts begin at.
    base: u32,
    // Where each part begins, and where the last one ends.
    starts: Box<[u32]>,
    postings: Box<[Posting]>,
}

impl Segment {
    /// Brings postings in order. O(n).
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

    /// The same for contacts whose numbers are higher by `more`.
    pub(super) fn moved(mut self, more: u32) -> Self {
        self.base += more;
        self
    }

    /// The postings of a part.
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
