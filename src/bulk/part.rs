//! From the postings of one part of the keys to links and common keys.

use crate::bulk::fingerprint::Fingerprint;
use crate::bulk::posting::{Posting, Segment};
use crate::index::Rules;
use crate::key::Derivation;

/// A key that too many active contacts hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Common {
    pub(super) key: Fingerprint,
    /// The first of its active holders.
    pub(super) contact: u32,
    pub(super) holders: usize,
}

/// What the keys of one part say.
#[derive(Default)]
pub(super) struct Found {
    /// How many different keys there are.
    pub(super) keys: usize,
    /// Links that connect what the keys connect.
    pub(super) links: Vec<(u32, u32)>,
    pub(super) common: Vec<Common>,
}

impl Found {
    /// What the postings of a part say. O(n log n).
    pub(super) fn of(segments: &[Segment], part: usize, left_out: &[u32], rules: Rules) -> Self {
        let mut postings = Vec::with_capacity(segments.iter().map(|segment| segment.part(part).len()).sum());
        segments.iter().for_each(|segment| postings.extend(segment.part(part)));
        if !left_out.is_empty() {
            postings.retain(|posting: &Posting| left_out.binary_search(&posting.contact()).is_err());
        }
        let all = postings.len();
        keep_repeated(&mut postings);
        let mut found = Self { keys: all - postings.len(), ..Self::default() };
        postings.sort_unstable();
        // A contact may hold a key through several values, of which the most direct one counts.
        postings.dedup_by_key(|posting| (posting.key(), posting.contact()));
        for holders in postings.chunk_by(|a, b| a.key() == b.key()) {
            found.keys += 1;
            found.join(holders, rules);
        }
        found
    }

    fn join(&mut self, holders: &[Posting], rules: Rules) {
        let active = || holders.iter().filter(|posting| !posting.is_blocked());
        let count = active().count();
        let Some(first) = active().next().filter(|_| count > 1) else { return };
        if rules.is_common(count) {
            self.common.push(Common { key: first.key(), contact: first.contact(), holders: count });
            return;
        }
        let counting = || active().filter(|posting| posting.derivation().strength() >= rules.min_strength);
        // Who left an extension out is linked to those who did not, and through them to the others.
        if counting().any(|posting| posting.derivation() != Derivation::WithoutExtension) {
            let contacts = counting().map(|posting| posting.contact());
            self.links.extend(contacts.clone().zip(contacts.skip(1)));
        }
    }
}

/// Leaves out postings whose keys nobody else holds, so that the others are all that is sorted. Some of such keys stay,
/// but no key that comes twice goes. O(n).
fn keep_repeated(postings: &mut Vec<Posting>) {
    const BITS_PER_POSTING: usize = 8;
    let bits = (postings.len() * BITS_PER_POSTING).next_power_of_two().max(64);
    let shift = u64::BITS - bits.ilog2();
    let (mut seen, mut repeated) = (vec![0_u64; bits / 64], vec![0_u64; bits / 64]);
    let bit = |posting: &Posting| {
        let bit = (posting.place_in_part() >> shift) as usize;
        (bit / 64, 1_u64 << (bit % 64))
    };
    for posting in &*postings {
        let (word, bit) = bit(posting);
        repeated[word] |= seen[word] & bit;
        seen[word] |= bit;
    }
    postings.retain(|posting| {
        let (word, bit) = bit(posting);
        repeated[word] & bit != 0
    });
}
