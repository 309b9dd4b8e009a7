//! From scored pairs to clusters: the best links first, with a veto of distinct pairs.
//!
//! Two clusters are joined while the mean of their average and their best cross pair is above the threshold. The average
//! alone leaves out copies with few fields, since the log-odds of a pair without evidence are those of strangers; the best
//! pair alone joins all that one wrong link connects.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap};

/// The most cross pairs of two clusters that are scored. Larger clusters are judged by so many of them, evenly spread.
pub(crate) const MAX_CROSS_PAIRS: usize = 1_024;

/// A scored pair of contacts, by their positions in the canonical order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ScoredLink {
    pub(crate) a: u32,
    pub(crate) b: u32,
    pub(crate) score: i32,
}

/// Two clusters that can be joined, the greatest mean first.
#[derive(Clone, Copy, PartialEq)]
struct Union {
    mean: f64,
    a: u32,
    b: u32,
    // The sizes at the time of this entry, by which an outdated one is known.
    a_size: u32,
    b_size: u32,
}

impl Eq for Union {}

impl PartialOrd for Union {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Union {
    fn cmp(&self, other: &Self) -> Ordering {
        self.mean.total_cmp(&other.mean).then_with(|| (other.a, other.b).cmp(&(self.a, self.b)))
    }
}

/// The sum of the scores of all cross pairs of two clusters, and the greatest of them.
#[derive(Clone, Copy)]
struct CrossSum {
    sum: i64,
    best: i32,
}

/// The clusters of one component.
struct Clustering<'a> {
    members: BTreeMap<u32, Vec<u32>>,
    sums: HashMap<u32, BTreeMap<u32, CrossSum>>,
    score: &'a dyn Fn(u32, u32) -> i32,
    is_distinct: &'a dyn Fn(u32, u32) -> bool,
    least: f64,
    heap: BinaryHeap<Union>,
}

/// Returns the clusters of two or more contacts among those that `links` connect, each in order. `score` scores any pair,
/// and clusters whose mean score is at least `least` are joined, the greatest mean first and among equals the first in
/// order. Two clusters with a distinct pair between them are not joined.
///
/// `links` must be connected, and none of their scores below `least`. Cost: O(l log l) for l links, and the scores of all
/// pairs of a cluster, at most [`MAX_CROSS_PAIRS`] for two that are joined.
pub(crate) fn clusters(
    links: &[ScoredLink],
    score: &dyn Fn(u32, u32) -> i32,
    is_distinct: &dyn Fn(u32, u32) -> bool,
    least: i32,
) -> Vec<Vec<u32>> {
    let mut clustering = Clustering {
        members: BTreeMap::new(),
        sums: HashMap::new(),
        score,
        is_distinct,
        least: f64::from(least),
        heap: BinaryHeap::new(),
    };
    for link in links {
        for contact in [link.a, link.b] {
            clustering.members.entry(contact).or_insert_with(|| vec![contact]);
        }
        if !is_distinct(link.a, link.b) {
            let sum = CrossSum { sum: link.score.into(), best: link.score };
            clustering.sums.entry(link.a).or_default().insert(link.b, sum);
            clustering.sums.entry(link.b).or_default().insert(link.a, sum);
            clustering.offer(link.a, link.b, sum);
        }
    }
    clustering.run();
    clustering.members.into_values().filter(|members| members.len() > 1).collect()
}

impl Clustering<'_> {
    fn size(&self, cluster: u32) -> u32 {
        self.members.get(&cluster).map_or(0, |members| members.len() as u32)
    }

    fn offer(&mut self, a: u32, b: u32, cross: CrossSum) {
        let (a, b) = (a.min(b), a.max(b));
        let (a_size, b_size) = (self.size(a), self.size(b));
        let average = cross.sum as f64 / (f64::from(a_size) * f64::from(b_size));
        let mean = (average + f64::from(cross.best)) / 2.0;
        if mean >= self.least {
            self.heap.push(Union { mean, a, b, a_size, b_size });
        }
    }

    fn run(&mut self) {
        while let Some(union) = self.heap.pop() {
            let is_current = self.size(union.a) == union.a_size && self.size(union.b) == union.b_size;
            let is_open = || self.sums.get(&union.a).is_some_and(|sums| sums.contains_key(&union.b));
            if is_current && is_open() {
                self.join(union.a, union.b);
            }
        }
    }

    /// Joins two clusters under the number of the first.
    fn join(&mut self, a: u32, b: u32) {
        let of_a = self.sums.remove(&a).unwrap_or_default();
        let of_b = self.sums.remove(&b).unwrap_or_default();
        let neighbours: BTreeSet<u32> =
            of_a.keys().chain(of_b.keys()).copied().filter(|other| *other != a && *other != b).collect();
        let mut joined = BTreeMap::new();
        for other in neighbours {
            let sum = |known: Option<&CrossSum>, cluster: u32| match known {
                Some(known) => Some(*known),
                None => self.cross_sum(cluster, other),
            };
            let (from_a, from_b) = (sum(of_a.get(&other), a), sum(of_b.get(&other), b));
            if let Some(sums) = self.sums.get_mut(&other) {
                sums.remove(&a);
                sums.remove(&b);
            }
            // Without a sum the two have a distinct pair between them.
            if let (Some(from_a), Some(from_b)) = (from_a, from_b) {
                joined.insert(other, CrossSum { sum: from_a.sum + from_b.sum, best: from_a.best.max(from_b.best) });
            }
        }
        let taken = self.members.remove(&b).unwrap_or_default();
        let members = self.members.entry(a).or_default();
        members.extend(taken);
        members.sort_unstable();
        for (other, sum) in &joined {
            self.sums.entry(*other).or_default().insert(a, *sum);
        }
        let offers: Vec<(u32, CrossSum)> = joined.iter().map(|(other, sum)| (*other, *sum)).collect();
        self.sums.insert(a, joined);
        for (other, sum) in offers {
            self.offer(a, other, sum);
        }
    }

    /// Returns the sum of the scores between two clusters, or `None` if a distinct pair is between them.
    fn cross_sum(&self, a: u32, b: u32) -> Option<CrossSum> {
        let (a, b) = (self.members.get(&a)?, self.members.get(&b)?);
        let all = a.len() * b.len();
        let pair = |at: usize| (a[at / b.len()], b[at % b.len()]);
        if (0..all).any(|at| (self.is_distinct)(pair(at).0, pair(at).1)) {
            return None;
        }
        let compared = all.min(MAX_CROSS_PAIRS);
        let scores = (0..compared).map(|at| pair(at * all / compared)).map(|(a, b)| (self.score)(a, b));
        let (sum, best) =
            scores.fold((0, i32::MIN), |(sum, best), score| (sum + i64::from(score), i32::max(best, score)));
        Some(CrossSum { sum: sum * all as i64 / compared as i64, best })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(a: u32, b: u32, score: i32) -> ScoredLink {
        ScoredLink { a, b, score }
    }

    #[test]
    fn a_bridge_does_not_join_two_groups_that_are_unlike() {
        let links = [link(0, 1, 100), link(1, 2, 60), link(2, 3, 100)];
        let score = |a: u32, b: u32| match (a.min(b), a.max(b)) {
            (0, 1) | (2, 3) => 100,
            (1, 2) => 60,
            _ => -200,
        };
        assert_eq!(clusters(&links, &score, &|_, _| false, 20), [vec![0, 1], vec![2, 3]]);
        let joins = |_, _| 60;
        assert_eq!(clusters(&links, &joins, &|_, _| false, 20), [vec![0, 1, 2, 3]]);
    }

    #[test]
    fn distinct_pairs_stay_in_two_clusters() {
        let links = [link(0, 1, 100), link(1, 2, 90)];
        let is_distinct = |a: u32, b: u32| (a.min(b), a.max(b)) == (0, 2);
        assert_eq!(clusters(&links, &|_, _| 100, &is_distinct, 20), [vec![0, 1]]);
    }
}
