//! The bridges of a group: the links without which the group would fall into two.
//!
//! For each key, two spanning forests without a common link are taken, the second one from the links that the first one
//! leaves. If a key has two links across a cut, the two forests hold two of them. So the union of the forests of all
//! keys has exactly the bridges of the whole group (the sparse certificate of H. Nagamochi and T. Ibaraki, 1992). This
//! costs O(h) for a key with h holders, instead of its h(h-1)/2 links.

use std::collections::HashSet;

use crate::suggestion::links::{Links, Spread};

/// Returns links of a key that preserve its bridges: at most two forests of them. `holders` are the members of the
/// group that hold the key.
pub(crate) fn certificate(links: Links<'_>, key: u32, holders: &[u32]) -> Vec<(u32, u32)> {
    let spread = || links.spread_among(key, holders.iter().copied());
    let first = spread();
    if first.is_complete() {
        return ring(&first);
    }
    let first = first.forest(|_, _| false);
    let used: HashSet<(u32, u32)> = first.iter().map(|&link| ordered(link)).collect();
    let second = spread().forest(|a, b| used.contains(&ordered((a, b))));
    first.into_iter().chain(second).collect()
}

/// Returns a ring of the holders. A ring of three or more has no bridge, and neither has a complete graph of them.
fn ring(spread: &Spread<'_>) -> Vec<(u32, u32)> {
    let mut links: Vec<(u32, u32)> = spread.direct.windows(2).map(|pair| (pair[0], pair[1])).collect();
    if let (Some(&first), Some(&last), true) = (spread.direct.first(), spread.direct.last(), spread.direct.len() > 2) {
        links.push((last, first));
    }
    links
}

fn ordered(link: (u32, u32)) -> (u32, u32) {
    (link.0.min(link.1), link.0.max(link.1))
}

/// Returns the bridges of a graph over `0..n`, each with its smaller end first, in order.
///
/// Repeated links count as one link. Cost: O(n + m log m) for m links, without recursion.
pub(crate) fn bridges(n: usize, mut links: Vec<(u32, u32)>) -> Vec<(u32, u32)> {
    links.iter_mut().for_each(|link| *link = ordered(*link));
    links.sort_unstable();
    links.dedup();
    let (starts, ends) = adjacency(n, &links);
    let neighbours = |at: u32| &ends[starts[at as usize]..starts[at as usize + 1]];

    // Depth-first search: `low` is the earliest contact that the subtree of a contact reaches without the link by which
    // the contact was entered. If that is the contact itself, this link is a bridge.
    const UNSEEN: u32 = u32::MAX;
    let (mut order, mut low, mut next) = (vec![UNSEEN; n], vec![UNSEEN; n], starts.clone());
    let mut clock = 0;
    let mut found = Vec::new();
    for start in (0..).take(n) {
        if order[start as usize] != UNSEEN {
            continue;
        }
        let mut path = vec![(start, UNSEEN)];
        while let Some(&(at, parent)) = path.last() {
            let here = at as usize;
            if order[here] == UNSEEN {
                (order[here], low[here]) = (clock, clock);
                clock += 1;
            }
            match neighbours(at).get(next[here] - starts[here]) {
                Some(&to) => {
                    next[here] += 1;
                    if order[to as usize] == UNSEEN {
                        path.push((to, at));
                    } else if to != parent {
                        low[here] = low[here].min(order[to as usize]);
                    }
                }
                None => {
                    path.pop();
                    if parent != UNSEEN {
                        low[parent as usize] = low[parent as usize].min(low[here]);
                        if low[here] > order[parent as usize] {
                            found.push(ordered((parent, at)));
                        }
                    }
                }
            }
        }
    }
    found.sort_unstable();
    found
}

/// Returns the start of each contact's neighbours, and the neighbours of all contacts in one list.
fn adjacency(n: usize, links: &[(u32, u32)]) -> (Vec<usize>, Vec<u32>) {
    let mut both: Vec<(u32, u32)> = links.iter().flat_map(|&(a, b)| [(a, b), (b, a)]).collect();
    both.sort_unstable();
    let mut starts = vec![0; n + 1];
    both.iter().for_each(|&(from, _)| starts[from as usize + 1] += 1);
    for at in 0..n {
        starts[at + 1] += starts[at];
    }
    (starts, both.into_iter().map(|(_, to)| to).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bridge_is_a_link_on_no_ring() {
        // A triangle, a bridge from it to a pair, the link of the pair given twice, and a contact without links.
        let links = vec![(0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (4, 3)];
        assert_eq!(bridges(6, links), [(2, 3), (3, 4)]);
        assert_eq!(bridges(2, vec![(1, 0)]), [(0, 1)]);
        assert_eq!(bridges(0, vec![]), []);
    }

    #[test]
    fn a_long_chain_needs_no_stack() {
        let links: Vec<(u32, u32)> = (0..199_999).map(|at| (at, at + 1)).collect();
        assert_eq!(bridges(200_000, links.clone()), links);
    }

    #[test]
    fn random_graphs_agree_with_removing_each_link() {
        let mut state = 7_u64;
        let mut random = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((state >> 33) % below) as u32
        };
        for _ in 0..500 {
            let n = 2 + random(6);
            let links: Vec<(u32, u32)> =
                (0..random(9)).map(|_| (random(n.into()), random(n.into()))).filter(|(a, b)| a != b).collect();
            let parts = |without: Option<(u32, u32)>| {
                let mut sets = crate::union_find::UnionFind::new(n as usize);
                links.iter().filter(|&&link| Some(ordered(link)) != without).for_each(|&(a, b)| {
                    sets.union(a, b);
                });
                (0..n).filter(|&at| sets.find(at) == at).count()
            };
            let mut expected: Vec<(u32, u32)> =
                links.iter().map(|&link| ordered(link)).filter(|&link| parts(Some(link)) > parts(None)).collect();
            expected.sort_unstable();
            expected.dedup();
            assert_eq!(bridges(n as usize, links.clone()), expected, "{links:?}");
        }
    }
}
