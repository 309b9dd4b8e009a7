//! From the postings of one part of the keys to links between contacts, and to the common keys.

use crate::bulk::concurrent_sets::SharedSets;
use crate::bulk::fingerprint::Fingerprint;
use crate::bulk::posting::{Posting, Segment};
use crate::index::Rules;
use crate::key::Derivation;

/// A key that too many active contacts hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Common {
    pub(crate) key: Fingerprint,
    /// The number of its first active holder.
    pub(crate) contact: u32,
    pub(crate) holders: usize,
}

/// The results for the keys of one part.
#[derive(Default)]
pub(crate) struct PartitionGroups {
    /// The number of different keys.
    pub(crate) keys: usize,
    pub(crate) common: Vec<Common>,
    pub(crate) outside: Vec<OutsideHolder>,
}

/// An active contact that holds a key too weakly to be linked by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct OutsideHolder {
    /// The first of the contacts that the key links.
    pub(crate) linked: u32,
    pub(crate) holder: u32,
}

/// The number of postings above which a part is checked for a key that has most of them.
const LARGE: usize = 262_144;

/// The number of links that one thread joins at a time.
const LINKS_PER_CHUNK: usize = 65_536;

impl PartitionGroups {
    /// Reads the postings of a part and joins the contacts that its keys link in `sets`. Cost: O(n log n).
    pub(crate) fn of(segments: &[Segment], part: usize, left_out: &[u32], rules: Rules, sets: &SharedSets) -> Self {
        let mut postings = Vec::with_capacity(segments.iter().map(|segment| segment.part(part).len()).sum());
        segments.iter().for_each(|segment| postings.extend(segment.part(part)));
        if !left_out.is_empty() {
            postings.retain(|posting: &Posting| left_out.binary_search(&posting.contact()).is_err());
        }
        let mut found = Self::default();
        if postings.len() > LARGE {
            found.take(take_majority(&mut postings), rules, sets);
        }
        let all = postings.len();
        keep_repeated(&mut postings);
        found.keys += all - postings.len();
        found.take(in_order(&postings), rules, sets);
        found
    }

    /// Counts the keys of postings that are in order, and joins the contacts that they link.
    fn take(&mut self, mut postings: Vec<Posting>, rules: Rules, sets: &SharedSets) {
        // A contact may hold a key through several values, of which the most direct one counts.
        postings.dedup_by_key(|posting| (posting.key(), posting.contact()));
        let mut links = Vec::new();
        for holders in postings.chunk_by(|a, b| a.key() == b.key()) {
            self.keys += 1;
            self.link(holders, rules, &mut links);
        }
        in_chunks(&links, |links| sets.union_all(links));
    }

    fn link(&mut self, holders: &[Posting], rules: Rules, links: &mut Vec<(u32, u32)>) {
        let active = || holders.iter().filter(|posting| !posting.is_blocked());
        let count = active().count();
        let Some(first) = active().next().filter(|_| count > 1) else { return };
        if rules.is_common(count) {
            self.common.push(Common { key: first.key(), contact: first.contact(), holders: count });
            return;
        }
        let counting = || active().filter(|posting| posting.derivation().strength() >= rules.min_strength);
        // A holder whose derivation removed an extension is linked to the others, and through them to its like. If
        // there are no others, the key links no contacts.
        if counting().any(|posting| posting.derivation() != Derivation::WithoutExtension) {
            let mut contacts = counting().map(|posting| posting.contact());
            let Some(first) = contacts.next() else { return };
            let before = links.len();
            links.extend(contacts.map(|contact| (first, contact)));
            let linked = links.len() - before + 1;
            if linked > 1 && linked < count {
                let weak = active().filter(|posting| posting.derivation().strength() < rules.min_strength);
                self.outside.extend(weak.map(|posting| OutsideHolder { linked: first, holder: posting.contact() }));
            }
        }
    }
}

/// Removes and returns the postings of the key that more than half of them have, if there is one.
///
/// They are in the order of their contacts already, so sorting them costs next to nothing. Cost: O(n).
fn take_majority(postings: &mut Vec<Posting>) -> Vec<Posting> {
    // The majority vote of Boyer and Moore (1981): two different keys cancel each other out, so only a key with a
    // majority can be left.
    let (_, candidate) = postings.iter().fold((0_usize, None), |(votes, candidate), posting| match candidate {
        Some(key) if key == posting.key() => (votes + 1, candidate),
        Some(_) if votes > 0 => (votes - 1, candidate),
        _ => (1, Some(posting.key())),
    });
    let Some(key) = candidate else { return Vec::new() };
    if postings.iter().filter(|posting| posting.key() == key).count() <= postings.len() / 2 {
        return Vec::new();
    }
    let others: Vec<Posting> = postings.extract_if(.., |posting| posting.key() != key).collect();
    let mut held = std::mem::replace(postings, others);
    held.sort_unstable();
    held
}

/// Removes postings whose keys have no other holder, so that fewer postings are sorted.
///
/// Some of these postings may stay, but a key that occurs twice is never removed. Cost: O(n).
fn keep_repeated(postings: &mut Vec<Posting>) {
    const BITS_PER_POSTING: usize = 8;
    let bits = (postings.len() * BITS_PER_POSTING).next_power_of_two().max(64);
    let shift = u64::BITS - bits.ilog2();
    // For each bit, whether it was seen once, and whether it was seen again, in adjacent words.
    let mut words = vec![[0_u64; 2]; bits / 64];
    let bit = |posting: &Posting| {
        let bit = (posting.place_in_part() >> shift) as usize;
        (bit / 64, bit % 64)
    };
    for posting in &*postings {
        let (word, bit) = bit(posting);
        let [seen, repeated] = &mut words[word];
        *repeated |= *seen & 1 << bit;
        *seen |= 1 << bit;
    }
    // Branch-free, because it is unpredictable which postings stay: each one is written, and the next one overwrites it
    // if it is removed.
    let mut kept = 0;
    for place in 0..postings.len() {
        let posting = postings[place];
        let (word, bit) = bit(&posting);
        postings[kept] = posting;
        kept += (words[word][1] >> bit & 1) as usize;
    }
    postings.truncate(kept);
}

/// Returns the postings in order.
///
/// The places of different keys are spread evenly, so a place already determines approximately where its postings
/// belong. What is left to sort are a few neighbours, or the holders of one key, which are in order already. Cost: O(n)
/// for n postings of keys with few holders each, and O(n log n) in any case.
fn in_order(postings: &[Posting]) -> Vec<Posting> {
    let buckets = postings.len().next_power_of_two().max(2);
    let shift = u64::BITS - buckets.ilog2();
    let bucket = |posting: &Posting| (posting.place_in_part() >> shift) as usize;
    let mut starts = vec![0_u32; buckets + 1];
    postings.iter().for_each(|posting| starts[bucket(posting) + 1] += 1);
    (0..buckets).for_each(|bucket| starts[bucket + 1] += starts[bucket]);
    let mut ordered = vec![Posting::default(); postings.len()];
    for posting in postings {
        let next = &mut starts[bucket(posting)];
        ordered[*next as usize] = *posting;
        *next += 1;
    }
    // After the loop above, the entry for the start of a bucket has its end.
    let mut start = 0;
    for &end in starts.iter().take(buckets) {
        if end - start > 1 {
            ordered[start as usize..end as usize].sort_unstable();
        }
        start = end;
    }
    ordered
}

/// Passes the links to `take`, in chunks on all threads if there are many.
#[cfg(feature = "parallel")]
fn in_chunks(links: &[(u32, u32)], take: impl Fn(&[(u32, u32)]) + Send + Sync) {
    use rayon::prelude::*;
    match links.len() {
        0..=LINKS_PER_CHUNK => take(links),
        _ => links.par_chunks(LINKS_PER_CHUNK).for_each(take),
    }
}

#[cfg(not(feature = "parallel"))]
fn in_chunks(links: &[(u32, u32)], take: impl Fn(&[(u32, u32)])) {
    links.chunks(LINKS_PER_CHUNK).for_each(take);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::union_find::UnionFind;

    /// The postings of one part: most contacts hold one key, some of them in two ways, and groups of them hold further
    /// keys.
    fn postings(contacts: u32, max_held_by: u32) -> Vec<Posting> {
        let key = |number: u64| Fingerprint { place: number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 9, check: 5 };
        let mut postings = Vec::new();
        for contact in 0..contacts {
            let chance = contact.wrapping_mul(2_654_435_761) >> 16;
            let blocked = chance.is_multiple_of(11);
            if contact % 100 < max_held_by {
                let derivation =
                    if chance.is_multiple_of(3) { Derivation::WithoutExtension } else { Derivation::GmailDots };
                postings.push(Posting::new(key(0), contact, derivation, blocked));
                if chance.is_multiple_of(5) {
                    postings.push(Posting::new(key(0), contact, Derivation::Direct, blocked));
                }
            } else {
                postings.push(Posting::new(key(u64::from(contact / 300) + 1), contact, Derivation::Direct, blocked));
            }
        }
        postings
    }

    /// The sets, the number of keys and the common keys, computed with maps.
    fn naive(postings: &[Posting], contacts: u32, rules: Rules) -> (Vec<u32>, usize, Vec<Common>) {
        let mut holders: BTreeMap<Fingerprint, BTreeMap<u32, Posting>> = BTreeMap::new();
        for posting in postings {
            let held = holders.entry(posting.key()).or_default().entry(posting.contact()).or_insert(*posting);
            *held = (*held).min(*posting);
        }
        let (mut sets, mut common) = (UnionFind::new(contacts as usize), Vec::new());
        for (key, holders) in &holders {
            let active: Vec<&Posting> = holders.values().filter(|posting| !posting.is_blocked()).collect();
            if active.len() > 1 && rules.is_common(active.len()) {
                common.push(Common { key: *key, contact: active[0].contact(), holders: active.len() });
                continue;
            }
            let counting = active.iter().filter(|posting| posting.derivation().strength() >= rules.min_strength);
            let (without, with): (Vec<&&Posting>, Vec<&&Posting>) =
                counting.partition(|posting| posting.derivation() == Derivation::WithoutExtension);
            for (a, b) in with.iter().flat_map(|a| with.iter().chain(&without).take(1).map(move |b| (a, b))) {
                sets.union(a.contact(), b.contact());
            }
            for (a, b) in with.iter().take(1).flat_map(|a| without.iter().map(move |b| (a, b))) {
                sets.union(a.contact(), b.contact());
            }
        }
        ((0..contacts).map(|contact| sets.find(contact)).collect(), holders.len(), common)
    }

    #[test]
    fn large_parts_and_small_ones_say_what_maps_say() {
        for (contacts, max_held_by) in [(1, 99), (2_000, 90), (2_000, 10), (300_000, 97), (300_000, 30)] {
            let postings = postings(contacts, max_held_by);
            assert_eq!(postings.len() > LARGE, contacts == 300_000);
            let segments: Vec<Segment> = postings.chunks(50_000).map(Segment::new).collect();
            for rules in [Rules::new(), Rules::new().with_unlimited_holders()] {
                let sets = SharedSets::new(contacts);
                let mut found = PartitionGroups::of(&segments, 0, &[], rules, &sets);
                found.common.sort_unstable_by_key(|common| common.key);
                let roots: Vec<u32> = (0..contacts).map(|contact| sets.find(contact)).collect();
                assert!(
                    (roots, found.keys, found.common) == naive(&postings, contacts, rules),
                    "{contacts} {max_held_by}"
                );
            }
        }
    }

    #[test]
    fn a_majority_is_taken_out_and_nothing_else() {
        let key = |posting: &Posting| posting.key();
        for (contacts, max_held_by) in [(0, 0), (1, 99), (3_000, 90), (3_000, 45), (3_000, 30)] {
            let all = postings(contacts, max_held_by);
            let max_held = all.iter().filter(|posting| Some(key(posting)) == all.first().map(key)).count();
            let mut others = all.clone();
            let held = take_majority(&mut others);
            assert_eq!(held.len(), if max_held * 2 > all.len() { max_held } else { 0 }, "{contacts} {max_held_by}");
            assert!(held.is_sorted() && held.len() + others.len() == all.len());
            assert!(held.first().is_none_or(|first| others.iter().all(|other| key(other) != key(first))));
        }
        // Every second posting has the same key, and the one in the middle has another.
        let number =
            |n: u64| Posting::new(Fingerprint { place: n << 20, check: 1 }, n as u32, Derivation::Direct, false);
        let mut alternating: Vec<Posting> = (0..11).map(|n| if n % 2 == 0 { number(0) } else { number(n) }).collect();
        assert_eq!(take_majority(&mut alternating).len(), 6);
    }

    #[test]
    fn in_order_is_sorted() {
        for (contacts, max_held_by) in [(0, 0), (1, 0), (1, 99), (3_000, 0), (3_000, 50)] {
            let mut sorted = postings(contacts, max_held_by);
            let ordered = in_order(&sorted);
            sorted.sort_unstable();
            assert!(ordered == sorted);
        }
    }
}
