//! From kept pairs to clusters, component by component.

use std::collections::{BTreeMap, BTreeSet};

use crate::contact::{ContactId, ContactPair};
use crate::similarity::clusters::{self, ScoredLink};
use crate::similarity::compared_contacts::ComparedContacts;
use crate::similarity::live_blocks::CanonicalOrder;
use crate::similarity::scoring::{Weights, in_units};
use crate::union_find::UnionFind;

/// The kept pairs of contacts, and what scores the others.
pub(crate) struct Linkage<'a, Id> {
    pub(crate) set: &'a ComparedContacts<Id>,
    pub(crate) links: &'a [ScoredLink],
    pub(crate) weights: &'a Weights,
    pub(crate) distinct: &'a BTreeSet<ContactPair<Id>>,
}

/// Returns the units of a score from 0 to 1.
pub(crate) fn units_of(score: f64) -> i32 {
    let score = score.clamp(1e-6, 1.0 - 1e-6);
    in_units((score / (1.0 - score)).log2())
}

impl<Id: ContactId> Linkage<'_, Id> {
    /// Returns the clusters of at least so many units, as slots. With the feature `parallel` all cores are used.
    pub(crate) fn clusters(&self, least: i32) -> Vec<Vec<u32>> {
        let components = self.components(least);
        let cluster = |links: &Vec<ScoredLink>| self.clusters_of(links, least);
        #[cfg(feature = "parallel")]
        {
            use rayon::prelude::*;
            components.par_iter().with_min_len(16).flat_map_iter(cluster).collect()
        }
        #[cfg(not(feature = "parallel"))]
        components.iter().flat_map(cluster).collect()
    }

    /// Returns the cluster of a contact, at the cost of the component of pairs around it.
    pub(crate) fn cluster_of(&self, slot: u32, least: i32) -> Option<Vec<u32>> {
        let mut links = BTreeMap::new();
        let mut seen = BTreeSet::from([slot]);
        let mut open = vec![slot];
        while !open.is_empty() {
            let at: BTreeSet<u32> = open.drain(..).collect();
            for link in self.links.iter().filter(|link| link.score >= least) {
                if at.contains(&link.a) || at.contains(&link.b) {
                    links.insert((link.a, link.b), *link);
                    open.extend([link.a, link.b].into_iter().filter(|contact| seen.insert(*contact)));
                }
            }
        }
        let links: Vec<ScoredLink> = links.into_values().collect();
        self.clusters_of(&links, least).into_iter().find(|cluster| cluster.contains(&slot))
    }

    /// Returns the ratio of pairs by connected components to pairs in clusters.
    pub(crate) fn component_ratio(&self, least: i32) -> f64 {
        let pairs = |members: usize| members * members.saturating_sub(1) / 2;
        let by_components: usize = self.components(least).iter().map(|links| pairs(members(links).len())).sum();
        let in_clusters: usize = self.clusters(least).iter().map(|cluster| pairs(cluster.len())).sum();
        by_components as f64 / in_clusters.max(1) as f64
    }

    /// Returns the links of at least so many units, by connected component.
    fn components(&self, least: i32) -> Vec<Vec<ScoredLink>> {
        let links: Vec<ScoredLink> = self.links.iter().filter(|link| link.score >= least).copied().collect();
        let mut sets = UnionFind::new(self.set.rows().len());
        for link in &links {
            sets.union(link.a, link.b);
        }
        let mut rooted: Vec<(u32, ScoredLink)> = links.into_iter().map(|link| (sets.find(link.a), link)).collect();
        rooted.sort_by_key(|(root, link)| (*root, link.a, link.b));
        rooted.chunk_by(|a, b| a.0 == b.0).map(|chunk| chunk.iter().map(|(_, link)| *link).collect()).collect()
    }

    /// Returns the clusters of one component.
    fn clusters_of(&self, links: &[ScoredLink], least: i32) -> Vec<Vec<u32>> {
        if let [link] = links {
            return if self.is_distinct(link.a, link.b) { Vec::new() } else { vec![vec![link.a, link.b]] };
        }
        // Slots say nothing of the order of contacts, so the members have numbers in canonical order.
        let mut order: Vec<u32> = members(links).into_iter().collect();
        order.sort_by(|a, b| self.set.rank(*a).cmp(&self.set.rank(*b)));
        let numbers: BTreeMap<u32, u32> = order.iter().copied().zip(0..).collect();
        let numbered = links.iter().filter_map(|link| {
            let (a, b) = (*numbers.get(&link.a)?, *numbers.get(&link.b)?);
            Some(ScoredLink { a: a.min(b), b: a.max(b), score: link.score })
        });
        let mut numbered: Vec<ScoredLink> = numbered.collect();
        numbered.sort_by_key(|link| (link.a, link.b));
        let slot = |number: u32| order[number as usize];
        let score = |a: u32, b: u32| self.score(slot(a), slot(b));
        let is_distinct = |a: u32, b: u32| self.is_distinct(slot(a), slot(b));
        let clusters = clusters::clusters(&numbered, &score, &is_distinct, least);
        clusters.into_iter().map(|cluster| cluster.into_iter().map(slot).collect()).collect()
    }

    /// Returns the score of two contacts.
    pub(crate) fn score(&self, a: u32, b: u32) -> i32 {
        self.weights.score(&self.set.texts, self.set.row(a), self.set.row(b))
    }

    pub(crate) fn is_distinct(&self, a: u32, b: u32) -> bool {
        let pair = || ContactPair::new(self.set.id(a).clone(), self.set.id(b).clone());
        !self.distinct.is_empty() && self.distinct.contains(&pair())
    }
}

fn members(links: &[ScoredLink]) -> BTreeSet<u32> {
    links.iter().flat_map(|link| [link.a, link.b]).collect()
}
