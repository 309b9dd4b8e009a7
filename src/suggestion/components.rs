//! Groups of contacts connected by keys: the group of one contact, found from that contact alone, and all groups.

use std::collections::{HashMap, HashSet};

use crate::suggestion::links::{Links, Spread};

/// Finds the groups of contacts, one after the other.
///
/// A contact that was reached once is not walked again, so visiting every contact costs each key once.
pub(crate) struct Walk<'a> {
    links: Links<'a>,
    reached: HashSet<u32>,
    spreads: HashMap<u32, Spread<'a>>,
}

impl<'a> Walk<'a> {
    /// Returns a walk that has not reached any contact.
    pub(crate) fn new(links: Links<'a>) -> Self {
        Self { links, reached: HashSet::new(), spreads: HashMap::new() }
    }

    /// Returns the contacts that shared keys connect to `start`, in no order, with `start` itself.
    ///
    /// The result is `start` alone if no contact is linked to it or if it is blocked. It is empty if the walk has
    /// reached `start` before. Cost: O(p) for the p postings of the group's keys, however large the index is.
    pub(crate) fn group_of(&mut self, start: u32) -> Vec<u32> {
        let Self { links, reached, spreads } = self;
        if reached.contains(&start) {
            return Vec::new();
        }
        let mut group = vec![start];
        if links.facts.is_blocked(start) || links.joining(start).next().is_none() {
            return group;
        }
        reached.insert(start);
        let mut next = 0;
        while let Some(&from) = group.get(next) {
            next += 1;
            for holding in links.joining(from) {
                let spread = spreads.entry(holding.key).or_insert_with(|| links.spread(holding.key));
                group.extend(spread.take(from).into_iter().filter(|&to| reached.insert(to)));
            }
        }
        group
    }
}

/// Returns every group of two or more contacts, by union-find over the keys. Cost: O(n log n + p) for n contacts and p
/// postings.
pub(crate) fn all_groups(links: Links<'_>) -> Vec<Vec<u32>> {
    let mut sets = crate::union_find::UnionFind::new(links.facts.slots());
    for (a, b) in spanning_links(links) {
        sets.union(a, b);
    }
    let mut members: Vec<(u32, u32)> =
        (0..).take(links.facts.slots()).map(|contact| (sets.find(contact), contact)).collect();
    members.sort_unstable();
    let groups = members.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1);
    groups.map(|group| group.iter().map(|&(_, contact)| contact).collect()).collect()
}

/// Returns the links of a spanning forest for each key. They connect the same contacts as all links do.
fn spanning_links(links: Links<'_>) -> Vec<(u32, u32)> {
    let of_key = |key: u32| -> Vec<(u32, u32)> {
        if !links.facts.keys.is_held(key) || !links.can_join(key) {
            return Vec::new();
        }
        let spread = links.spread(key);
        if spread.is_complete() {
            spread.direct.windows(2).map(|pair| (pair[0], pair[1])).collect()
        } else {
            spread.forest(|_, _| false)
        }
    };
    let keys = u32::try_from(links.facts.keys.slots()).expect("slots are numbered in 32 bits");
    #[cfg(feature = "parallel")]
    {
        use rayon::prelude::*;
        (0..keys).into_par_iter().with_min_len(1024).flat_map_iter(of_key).collect()
    }
    #[cfg(not(feature = "parallel"))]
    {
        (0..keys).flat_map(of_key).collect()
    }
}
