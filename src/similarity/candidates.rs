//! The pairs of contacts that are compared: those that share block keys, the rarest first.

use crate::similarity::block_keys::block_keys;
use crate::similarity::comparable::{ComparableRow, Texts};
use crate::similarity::stable_hash::StableHash;

/// Blocks up to this size are compared in full.
pub(crate) const MAX_FULL_BLOCK: usize = 40;

/// Larger blocks are sorted, and each contact is compared with so many behind it.
pub(crate) const WINDOW: usize = 4;

/// Larger blocks are not used.
pub(crate) const MAX_BLOCK: usize = 5_000;

/// The parts in which contacts propose pairs.
const PARTS: u32 = 64;

/// The most pairs that each contact proposes.
pub(crate) const MAX_PROPOSALS: usize = 16;

/// Returns how rare a block of so many members is among all contacts, in bits. Blocks between two powers of two are equally
/// rare, so that a contact more rarely changes a block's rarity.
pub(crate) fn block_rarity(contacts: u32, members: usize) -> u32 {
    let bits = |number: u32| number.max(1).ilog2();
    (bits(contacts).saturating_sub(bits(members as u32)) * 4).max(1)
}

/// Two contacts by their positions in the canonical order, the smaller first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct CandidatePair {
    pub(crate) a: u32,
    pub(crate) b: u32,
}

/// Contacts that share a block key.
struct KeyBlock {
    // The members are `members[start..end]`.
    start: u32,
    end: u32,
    rarity: u32,
}

/// The blocks of some contacts.
pub(crate) struct Blocks {
    blocks: Vec<KeyBlock>,
    members: Vec<u32>,
    // The block of each member.
    block_of: Vec<u32>,
    // The places of each contact in `members`: `places[starts[contact]..starts[contact + 1]]`.
    starts: Vec<u32>,
    places: Vec<u32>,
}

impl Blocks {
    /// Groups contacts, which must be in canonical order. `contacts` is the number by which a block is rare. Cost: O(k log k)
    /// for k keys.
    pub(crate) fn new(texts: &Texts, rows: &[&ComparableRow], contacts: u32) -> Self {
        let mut postings = postings(texts, rows);
        sort(&mut postings);
        let mut blocks = Vec::new();
        let mut members = Vec::with_capacity(postings.len() / 2);
        let mut counts = vec![0_u32; rows.len() + 1];
        for run in postings.chunk_by(|a, b| a.0 == b.0) {
            if !(2..=MAX_BLOCK).contains(&run.len()) {
                continue;
            }
            let start = members.len() as u32;
            members.extend(run.iter().map(|(_, contact)| *contact));
            if run.len() > MAX_FULL_BLOCK {
                let order = |contact: &u32| window_order(texts, rows[*contact as usize]);
                members[start as usize..].sort_by_cached_key(|contact| (order(contact), *contact));
            }
            run.iter().for_each(|(_, contact)| counts[*contact as usize] += 1);
            let rarity = block_rarity(contacts, run.len());
            blocks.push(KeyBlock { start, end: members.len() as u32, rarity });
        }
        drop(postings);
        let mut starts = Vec::with_capacity(rows.len() + 1);
        let mut total = 0;
        for count in &counts {
            starts.push(total);
            total += count;
        }
        let mut next = starts.clone();
        let mut places = vec![0; total as usize];
        let mut block_of = vec![0; members.len()];
        for (number, block) in blocks.iter().enumerate() {
            for place in block.start..block.end {
                block_of[place as usize] = number as u32;
                let next = &mut next[members[place as usize] as usize];
                places[*next as usize] = place;
                *next += 1;
            }
        }
        Self { blocks, members, block_of, starts, places }
    }

    /// Returns the contacts that one proposes to be compared with: at most `limit`, those with the greatest sum of rarities
    /// over the shared blocks. Among equals the first in canonical order. `sums` has a zero for each contact, before and
    /// after.
    fn proposals(&self, contact: u32, limit: usize, sums: &mut [u32]) -> Vec<u32> {
        let mut others: Vec<u32> = Vec::with_capacity(64);
        let (from, to) = (self.starts[contact as usize], self.starts[contact as usize + 1]);
        for place in &self.places[from as usize..to as usize] {
            let block = &self.blocks[self.block_of[*place as usize] as usize];
            let members = &self.members[block.start as usize..block.end as usize];
            let near = if members.len() <= MAX_FULL_BLOCK {
                members
            } else {
                let at = (place - block.start) as usize;
                &members[at.saturating_sub(WINDOW)..(at + WINDOW + 1).min(members.len())]
            };
            for member in near {
                let sum = &mut sums[*member as usize];
                if *sum == 0 {
                    others.push(*member);
                }
                *sum += block.rarity;
            }
        }
        let mut ranked: Vec<(u32, u32)> = others
            .into_iter()
            .map(|member| (u32::MAX - std::mem::take(&mut sums[member as usize]), member))
            .filter(|(_, member)| *member != contact)
            .collect();
        if ranked.len() > limit {
            ranked.select_nth_unstable(limit);
            ranked.truncate(limit);
        }
        ranked.into_iter().map(|(_, member)| member).collect()
    }

    /// Returns the pairs that some contacts propose, in no order.
    fn proposed(&self, contacts: std::ops::Range<u32>, limit: usize) -> Vec<CandidatePair> {
        let mut sums = vec![0; self.starts.len() - 1];
        let mut pairs = Vec::with_capacity(contacts.len() * limit.min(MAX_PROPOSALS));
        for contact in contacts {
            let proposals = self.proposals(contact, limit, &mut sums);
            pairs.extend(
                proposals.into_iter().map(|other| CandidatePair { a: contact.min(other), b: contact.max(other) }),
            );
        }
        pairs
    }

    /// Returns all candidate pairs, in order. With the feature `parallel` all cores are used.
    pub(crate) fn pairs(&self, limit: usize) -> Vec<CandidatePair> {
        let contacts = (self.starts.len() - 1) as u32;
        // Each part has a sum for every contact, so there are few parts.
        let length = contacts.div_ceil(PARTS).max(1_024);
        let part = |number: u32| self.proposed(number * length..contacts.min((number + 1) * length), limit);
        let parts = contacts.div_ceil(length);
        #[cfg(feature = "parallel")]
        let mut pairs: Vec<CandidatePair> = {
            use rayon::prelude::*;
            (0..parts).into_par_iter().flat_map_iter(part).collect()
        };
        #[cfg(not(feature = "parallel"))]
        let mut pairs: Vec<CandidatePair> = (0..parts).flat_map(part).collect();
        #[cfg(feature = "parallel")]
        {
            use rayon::prelude::*;
            pairs.par_sort_unstable();
        }
        #[cfg(not(feature = "parallel"))]
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }
}

fn postings(texts: &Texts, rows: &[&ComparableRow]) -> Vec<(u64, u32)> {
    let of = |(number, row): (usize, &&ComparableRow)| {
        let mut keys = Vec::with_capacity(40);
        block_keys(texts, row, &mut keys);
        keys.into_iter().map(move |key| (key, number as u32))
    };
    #[cfg(feature = "parallel")]
    {
        use rayon::prelude::*;
        rows.par_iter().enumerate().with_min_len(64).flat_map_iter(of).collect()
    }
    #[cfg(not(feature = "parallel"))]
    rows.iter().enumerate().flat_map(of).collect()
}

fn sort(postings: &mut [(u64, u32)]) {
    #[cfg(feature = "parallel")]
    {
        use rayon::prelude::*;
        postings.par_sort_unstable();
    }
    #[cfg(not(feature = "parallel"))]
    postings.sort_unstable();
}

/// Returns the order of a contact in a block that is too large to be compared in full: by its name, then by its content.
pub(crate) fn window_order(texts: &Texts, row: &ComparableRow) -> (String, u64) {
    let name: Vec<&str> = row.family().iter().chain(row.given()).map(|name| texts.names.text(*name)).collect();
    (name.join(" "), StableHash::of(3).number(row.content).value())
}
