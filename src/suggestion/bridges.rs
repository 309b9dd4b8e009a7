//! The links of a group whose removal would split it.
//!
//! For each key two forests without a common link are taken, the second from what the first leaves. Of
//! every cut they hold two links if the key has two across it, so that their union over the keys has the
//! bridges of the whole group and no others (the sparse certificate of H. Nagamochi and T. Ibaraki, 1992),
//! at O(h) for a key with h holders, instead of its h(h-1)/2 links.

use std::collections::HashSet;

use crate::suggestion::links::{Links, Spread};

/// Links of a key that keep its bridges: at most two forests of them. `holders` are the members of the
/// group that hold it.
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

/// All to all has no bridge from three on, and neither has a ring.
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

/// The bridges of a graph over `0..n`, each with its smaller end first, in order. A link that is listed
/// several times is one link. O(n + m log m) for m links; no recursion.
pub(crate) fn bridges(n: usize, mut links: Vec<(u32, u32)>) -> Vec<(u32, u32)> {
    links.iter_mut().for_each(|link| *link = ordered(*link));
    links.sort_unstable();
    links.dedup();
    let (starts, ends) = adjacency(n, &links);
    let neighbours = |at: u32| &ends[starts[at as usize]..starts[at as usize + 1]];

    // Depth-first search: `low` is the earliest contact that a contact's subtree reaches by a link that
    // is not the one it was entered by; where that is the subtree itself, the entry is a bridge.
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

/// The neighbours of each contact one after the other, and where each contact's begin.
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
        // A triangle, a bridge to a pair joined twice by name but by one link, and a loner.
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
