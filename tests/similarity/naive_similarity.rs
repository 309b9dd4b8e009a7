//! Similarity against a program that looks at all pairs: naive blocking and naive clustering over the same scores.

use std::collections::{BTreeMap, BTreeSet};

use onefold::contact::ContactPair;
use onefold::similarity::{Model, Similarity};
use proptest::prelude::*;

use crate::generated_people::{contacts, people};

/// The most pairs that each contact proposes, as the documentation says.
const PROPOSALS: usize = 16;

/// The units in which scores are added.
const UNITS: f64 = 1_024.0;

/// Returns the contacts in canonical order.
fn canonical(similarity: &Similarity<u32>, ids: &[u32]) -> Vec<u32> {
    let mut order: Vec<u32> = ids.iter().copied().filter(|id| similarity.content_hash(id).is_some()).collect();
    order.sort_by_key(|id| (similarity.content_hash(id), *id));
    order
}

fn naive_candidates(similarity: &Similarity<u32>, order: &[u32]) -> BTreeSet<ContactPair<u32>> {
    let keys: BTreeMap<u32, BTreeSet<u64>> =
        order.iter().map(|id| (*id, similarity.block_keys(id).into_iter().collect())).collect();
    let size = |key: &u64| keys.values().filter(|of| of.contains(key)).count() as u32;
    let mut pairs = BTreeSet::new();
    for a in order {
        let mut others: Vec<(u32, usize, u32)> = Vec::new();
        for (rank, b) in order.iter().enumerate().filter(|(_, b)| *b != a) {
            let shared: Vec<&u64> = keys[a].intersection(&keys[b]).collect();
            let rarity = |key: &&u64| ((order.len() as u32).ilog2().saturating_sub(size(key).ilog2()) * 4).max(1);
            if !shared.is_empty() {
                others.push((shared.iter().map(rarity).sum(), rank, *b));
            }
        }
        others.sort_by_key(|(sum, rank, _)| (std::cmp::Reverse(*sum), *rank));
        pairs.extend(others.iter().take(PROPOSALS).map(|(_, _, b)| ContactPair::new(*a, *b)));
    }
    pairs
}

fn units(similarity: &Similarity<u32>, a: u32, b: u32) -> i64 {
    (similarity.score(&a, &b).expect("both are compared").bits * UNITS).round() as i64
}

/// Joins the two groups with the greatest mean of average and best pair, again and again.
fn naive_clusters(
    similarity: &Similarity<u32>,
    order: &[u32],
    candidates: &BTreeSet<ContactPair<u32>>,
    distinct: &BTreeSet<ContactPair<u32>>,
) -> Vec<Vec<u32>> {
    let least = (2.0 * UNITS) as i64;
    let mut groups: Vec<Vec<usize>> = (0..order.len()).map(|rank| vec![rank]).collect();
    loop {
        let mut best: Option<(f64, usize, usize)> = None;
        for a in 0..groups.len() {
            for b in a + 1..groups.len() {
                let cross = || groups[a].iter().flat_map(|x| groups[b].iter().map(move |y| (order[*x], order[*y])));
                let is_linked = cross()
                    .any(|(x, y)| candidates.contains(&ContactPair::new(x, y)) && units(similarity, x, y) >= least);
                if !is_linked || cross().any(|(x, y)| distinct.contains(&ContactPair::new(x, y))) {
                    continue;
                }
                let scores: Vec<i64> = cross().map(|(x, y)| units(similarity, x, y)).collect();
                let average = scores.iter().sum::<i64>() as f64 / scores.len() as f64;
                let mean = (average + *scores.iter().max().expect("a pair") as f64) / 2.0;
                if mean >= least as f64 && best.is_none_or(|(greatest, ..)| mean > greatest) {
                    best = Some((mean, a, b));
                }
            }
        }
        let Some((_, a, b)) = best else { break };
        let taken = groups.remove(b);
        groups[a].extend(taken);
        groups[a].sort_unstable();
        // A group stands where its first member stands.
        groups.sort();
    }
    let mut clusters: Vec<Vec<u32>> = groups
        .into_iter()
        .filter(|group| group.len() > 1)
        .map(|group| {
            let mut ids: Vec<u32> = group.into_iter().map(|rank| order[rank]).collect();
            ids.sort_unstable();
            ids
        })
        .collect();
    clusters.sort();
    clusters
}

fn found(similarity: &Similarity<u32>) -> Vec<Vec<u32>> {
    similarity.suggestions().into_iter().map(|suggestion| suggestion.members).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn suggestions_are_those_of_the_naive_program(parts in people(1..36), marks in prop::collection::vec((0..36_u32, 0..36_u32), 0..4)) {
        let contacts = contacts(&parts);
        let ids: Vec<u32> = contacts.iter().map(|contact| contact.id).collect();
        // A low threshold, so that many groups are judged.
        let mut similarity = Similarity::fit(&contacts, &Model::shipped());
        let mut distinct = BTreeSet::new();
        for (a, b) in marks.into_iter().filter(|(a, b)| a != b) {
            similarity.mark_distinct(a, b);
            distinct.insert(ContactPair::new(a, b));
        }
        let order = canonical(&similarity, &ids);
        let candidates = naive_candidates(&similarity, &order);
        prop_assert_eq!(similarity.candidates(PROPOSALS).into_iter().collect::<BTreeSet<_>>(), candidates.clone());
        prop_assert_eq!(found(&similarity), naive_clusters(&similarity, &order, &candidates, &distinct));
    }
}
