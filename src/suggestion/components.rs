//! Groups: that of one contact, found from that contact alone, and all of them.

use std::collections::{HashMap, HashSet};

use crate::suggestion::links::{Links, Spread};

/// Finds groups one after the other. What it has reached it does not walk again, so that meeting every
/// contact costs each key once.
pub(crate) struct Walk<'a> {
    links: Links<'a>,
    reached: HashSet<u32>,
    spreads: HashMap<u32, Spread<'a>>,
}

impl<'a> Walk<'a> {
    /// A walk that has reached nobody.
    pub(crate) fn new(links: Links<'a>) -> Self {
        Self { links, reached: HashSet::new(), spreads: HashMap::new() }
    }

    /// The contacts that `start` is connected to through shared keys, itself included, in no order: only
    /// itself if there are no others, or if it is blocked; nobody if the walk has reached it before.
    /// O(postings of its keys and of its group), however many contacts there are outside.
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

/// Every group of two or more, by union-find over the keys. O(n + postings).
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

/// Links that connect what is connected: a spanning forest for each key.
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
