//! Suggestions by similarity: clusters of contacts, with the pairs that hold them together.

use std::cmp::Reverse;

use crate::contact::{ContactId, ContactPair};
use crate::similarity::clusters::ScoredLink;
use crate::similarity::explanation::{Band, SimilarityScore};
use crate::similarity::linkage::{Linkage, units_of};
use crate::similarity::scoring::SCORE_BIT;
use crate::similarity::similarity_index::{ScoredPair, Similarity};
use crate::union_find::UnionFind;

/// Larger clusters are described by the pairs of so many of their members.
const MAX_DESCRIBED: usize = 200;

/// Contacts that are taken for one person.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SimilarSuggestion<Id> {
    /// The contacts, in order of their ids.
    pub members: Vec<Id>,
    /// The mean of the scores of all pairs of members, in bits. In a suggestion of more than 200 members the mean over the
    /// first 200.
    pub score: SimilarityScore,
    /// The band of the score.
    pub band: Band,
    /// The pairs that hold the suggestion together: a tree over the members, of the greatest scores. [`Similarity::why`] tells
    /// the evidence of each.
    pub links: Vec<ScoredPair<Id>>,
}

impl<Id: ContactId> Similarity<Id> {
    /// Returns the suggestions at the model's threshold, ordered by their smallest member. They are disjoint.
    ///
    /// Two groups become one while the mean of their average and their greatest pair is above the threshold. A pair that is
    /// marked distinct is never in one. Cost: O(l log l) for l kept pairs, and the scores of all pairs inside a suggestion.
    pub fn suggestions(&self) -> Vec<SimilarSuggestion<Id>> {
        self.suggestions_from(self.given.threshold())
    }

    /// Returns the suggestions at another threshold, a score from 0 to 1. Pairs below 1/17 are not kept, so that a lower
    /// threshold gives the same.
    pub fn suggestions_from(&self, score: f64) -> Vec<SimilarSuggestion<Id>> {
        let linkage = self.linkage();
        let clusters = linkage.clusters(units_of(score));
        let mut suggestions: Vec<_> = clusters.iter().map(|cluster| self.described(&linkage, cluster)).collect();
        suggestions.sort_by(|a, b| a.members.cmp(&b.members));
        suggestions
    }

    /// Returns the suggestion that a contact is a member of, or `None`. Cost: a pass over the kept pairs for each step away
    /// from the contact, however many contacts there are.
    pub fn suggestion_for(&self, id: &Id) -> Option<SimilarSuggestion<Id>> {
        let linkage = self.linkage();
        let cluster = linkage.cluster_of(self.set.slot(id)?, units_of(self.given.threshold()))?;
        Some(self.described(&linkage, &cluster))
    }

    /// Returns the pairs whose answer would teach most: those with scores nearest to the threshold that are not marked
    /// distinct, at most `count`. Cost: O(l log l) for l kept pairs.
    pub fn uncertain(&self, count: usize) -> Vec<ScoredPair<Id>> {
        let least = units_of(self.given.threshold());
        let mut pairs: Vec<(u32, ScoredPair<Id>)> = self
            .links
            .iter()
            .map(|link| (link.score.abs_diff(least), self.scored_pair(link)))
            .filter(|(_, scored)| !self.distinct.contains(&scored.pair))
            .collect();
        pairs.sort_by(|(a_distance, a), (b_distance, b)| (a_distance, &a.pair).cmp(&(b_distance, &b.pair)));
        pairs.into_iter().take(count).map(|(_, scored)| scored).collect()
    }

    /// Returns the pairs that are kept, those of the smallest ids first: all candidates with a score of at least 1/17. Cost:
    /// O(l log l) for l pairs.
    pub fn pairs(&self) -> Vec<ScoredPair<Id>> {
        let mut pairs: Vec<ScoredPair<Id>> = self.links.iter().map(|link| self.scored_pair(link)).collect();
        pairs.sort_by(|a, b| a.pair.cmp(&b.pair));
        pairs
    }

    pub(crate) fn linkage(&self) -> Linkage<'_, Id> {
        Linkage { set: &self.set, links: &self.links, weights: &self.weights, distinct: &self.distinct }
    }

    fn described(&self, linkage: &Linkage<'_, Id>, cluster: &[u32]) -> SimilarSuggestion<Id> {
        let mut members: Vec<u32> = cluster.to_vec();
        members.sort_by_key(|slot| self.set.id(*slot));
        let described = members.get(..MAX_DESCRIBED).unwrap_or(&members);
        let mut pairs = Vec::with_capacity(described.len() * described.len() / 2);
        for (a, a_slot) in (0..).zip(described) {
            for (b, b_slot) in (0..).zip(described).skip(a as usize + 1) {
                pairs.push(ScoredLink { a, b, score: linkage.score(*a_slot, *b_slot) });
            }
        }
        let sum: i64 = pairs.iter().map(|link| i64::from(link.score)).sum();
        let score = SimilarityScore::of_bits(sum as f64 / pairs.len().max(1) as f64 / SCORE_BIT);
        pairs.sort_by_key(|link| (Reverse(link.score), link.a, link.b));
        let mut sets = UnionFind::new(described.len());
        let slot = |place: u32| described[place as usize];
        let tree = pairs.iter().filter(|link| sets.union(link.a, link.b));
        let mut links: Vec<ScoredPair<Id>> =
            tree.map(|link| self.scored_pair(&ScoredLink { a: slot(link.a), b: slot(link.b), ..*link })).collect();
        links.sort_by(|a, b| a.pair.cmp(&b.pair));
        let members = members.into_iter().map(|slot| self.set.id(slot).clone()).collect();
        SimilarSuggestion { members, score, band: score.band(), links }
    }

    fn scored_pair(&self, link: &ScoredLink) -> ScoredPair<Id> {
        let pair = ContactPair::new(self.set.id(link.a).clone(), self.set.id(link.b).clone());
        ScoredPair { pair, score: SimilarityScore::of_units(link.score) }
    }
}
