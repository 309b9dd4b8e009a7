//! Contacts that are compared with each other: scores, clusters, and why.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::contact::{Contact, ContactId, ContactPair};
use crate::normalize::Normalizer;
use crate::similarity::candidates::{Blocks, CandidatePair, MAX_PROPOSALS};
use crate::similarity::clusters::{self, ScoredLink};
use crate::similarity::comparable::{ComparableForm, ComparableRow, FieldRoles, Texts};
use crate::similarity::estimation::{self, PairSample};
use crate::similarity::explanation::{Band, Explanation, SimilarityScore, explanation};
use crate::similarity::field::{FIELDS, MAX_LEVELS};
use crate::similarity::model::Model;
use crate::similarity::nicknames::Nicknames;
use crate::similarity::scoring::{SCORE_BIT, Weights, in_units};
use crate::union_find::UnionFind;

/// Pairs below so many bits are not kept.
const KEPT_BITS: f64 = -4.0;

/// The re-estimated shares are dropped if they make the ratio of pairs by connected components to pairs by average link
/// grow more than this.
const MAX_GROWTH: f64 = 1.5;

/// A contact in a workspace. Contacts of different workspaces are never compared.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ScopedContact<'a, Id> {
    /// The workspace, or `None` if there is only one.
    pub workspace: Option<&'a str>,
    /// The contact.
    pub contact: &'a Contact<Id>,
}

impl<'a, Id> ScopedContact<'a, Id> {
    /// Returns a contact in a workspace.
    pub fn new(workspace: Option<&'a str>, contact: &'a Contact<Id>) -> Self {
        Self { workspace, contact }
    }
}

/// Contacts with their scored pairs. `Debug` shows counts only.
pub struct Similarity<Id> {
    pub(crate) normalizer: Normalizer,
    pub(crate) model: Model,
    pub(crate) texts: Texts,
    pub(crate) weights: Weights,
    pub(crate) others: [[f64; MAX_LEVELS]; FIELDS],
    // In canonical order: by content, then by id.
    pub(crate) ids: Vec<Id>,
    pub(crate) rows: Vec<ComparableRow>,
    pub(crate) places: BTreeMap<Id, u32>,
    // In order.
    pub(crate) links: Vec<ScoredLink>,
    pub(crate) distinct: BTreeSet<ContactPair<Id>>,
}

/// Contacts that are taken for one person.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SimilarSuggestion<Id> {
    /// The contacts, in order of their ids.
    pub members: Vec<Id>,
    /// The mean of the scores of all pairs of members.
    pub score: SimilarityScore,
    /// The band of the score.
    pub band: Band,
    /// The pairs that hold the suggestion together: a tree over the members, of the greatest scores.
    pub links: Vec<ScoredPair<Id>>,
}

/// Two contacts and their score.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ScoredPair<Id> {
    /// The two contacts.
    pub pair: ContactPair<Id>,
    /// Their score.
    pub score: SimilarityScore,
}

impl<Id: ContactId> Similarity<Id> {
    /// Compares contacts with the default normaliser. See [`Similarity::fit_with`].
    pub fn fit(contacts: &[Contact<Id>], model: &Model) -> Self {
        Self::fit_with(contacts, &Normalizer::new(), model)
    }

    /// Compares contacts: finds the pairs that may be one person, counts the frequencies of values, and scores the pairs.
    ///
    /// Blocked contacts are left out. Of contacts with the same id the last one counts. The result depends on the contacts
    /// alone, not on their order. With the feature `parallel` all cores are used. Cost: O(n log n) for n contacts, since
    /// each is compared with at most 16 others that it proposes.
    pub fn fit_with(contacts: &[Contact<Id>], normalizer: &Normalizer, model: &Model) -> Self {
        let contacts: Vec<ScopedContact<'_, Id>> =
            contacts.iter().map(|contact| ScopedContact::new(None, contact)).collect();
        Self::fit_scoped(&contacts, normalizer, model)
    }

    /// Like [`Similarity::fit_with`], with each contact in its workspace. Contacts of different workspaces are never
    /// compared. Frequencies are counted over all.
    pub fn fit_scoped(contacts: &[ScopedContact<'_, Id>], normalizer: &Normalizer, model: &Model) -> Self {
        let mut similarity = Self::unscored(contacts, normalizer, model);
        let rows: Vec<&ComparableRow> = similarity.rows.iter().collect();
        estimation::count_values(&mut similarity.texts, &rows);
        estimation::count_people(&mut similarity.texts, &rows);
        let texts = &similarity.texts;
        let contacts = rows.len() as u32;
        let others = estimation::random_shares(model, texts, &rows);
        let pairs = Blocks::new(texts, &rows, contacts).pairs(MAX_PROPOSALS);
        let sample = PairSample::new(texts, &rows, &pairs);
        let weights = Weights::new(model, &others, contacts, 0.0);
        let prior = sample.prior(texts, &weights);
        let weights = weights.with_prior(prior);
        let links = scored(&weights, texts, &rows, &pairs);
        drop(rows);
        similarity.others = others;
        similarity.weights = weights;
        similarity.links = links;
        let estimated = sample.shares(model, &similarity.texts, &similarity.others, prior);
        let weights = Weights::new(&estimated, &similarity.others, contacts, 0.0);
        let prior = sample.prior(&similarity.texts, &weights);
        let weights = weights.with_prior(prior);
        let rows: Vec<&ComparableRow> = similarity.rows.iter().collect();
        let links = scored(&weights, &similarity.texts, &rows, &pairs);
        drop(rows);
        let before = similarity.ratio();
        let default = (
            std::mem::replace(&mut similarity.weights, weights),
            std::mem::replace(&mut similarity.links, links),
            std::mem::replace(&mut similarity.model, estimated),
        );
        if similarity.ratio() > MAX_GROWTH * before {
            (similarity.weights, similarity.links, similarity.model) = default;
        }
        similarity
    }

    /// Returns contacts with their comparable forms, in canonical order, before anything is counted.
    fn unscored(contacts: &[ScopedContact<'_, Id>], normalizer: &Normalizer, model: &Model) -> Self {
        let mut last: BTreeMap<&Id, &ScopedContact<'_, Id>> = BTreeMap::new();
        for scoped in contacts {
            last.insert(&scoped.contact.id, scoped);
        }
        let active: Vec<&ScopedContact<'_, Id>> = last.into_values().filter(|scoped| !scoped.contact.blocked).collect();
        let mut workspaces: BTreeMap<&str, u32> = BTreeMap::new();
        for scoped in &active {
            workspaces.entry(scoped.workspace.unwrap_or_default()).or_default();
        }
        // A workspace has a number by its order, which does not depend on that of the contacts.
        for (number, of_workspace) in (0..).zip(workspaces.values_mut()) {
            *of_workspace = number;
        }
        let mut texts = Texts::new();
        let nicknames = Nicknames::shipped();
        let mut rows: Vec<(ComparableRow, &Id)> = Vec::with_capacity(active.len());
        for chunk in active.chunks(4_096) {
            for (form, scoped) in forms(chunk, normalizer).iter().zip(chunk) {
                let workspace = workspaces.get(scoped.workspace.unwrap_or_default()).copied().unwrap_or_default();
                rows.push((texts.row(form, workspace, &nicknames), &scoped.contact.id));
            }
        }
        rows.sort_unstable_by(|(a, a_id), (b, b_id)| (a.content, a_id).cmp(&(b.content, b_id)));
        let mut similarity = Self {
            normalizer: normalizer.clone(),
            model: model.clone(),
            texts,
            weights: Weights::new(model, model.shares(), 2, 0.0),
            others: *model.shares(),
            ids: Vec::with_capacity(rows.len()),
            rows: Vec::with_capacity(rows.len()),
            places: BTreeMap::new(),
            links: Vec::new(),
            distinct: BTreeSet::new(),
        };
        for (place, (row, id)) in (0..).zip(rows) {
            similarity.places.insert(id.clone(), place);
            similarity.ids.push(id.clone());
            similarity.rows.push(row);
        }
        similarity
    }

    /// Returns the ratio of pairs by connected components to pairs by average link, at the threshold.
    fn ratio(&self) -> f64 {
        let least = self.least_units(self.model.threshold());
        let pairs = |groups: &[Vec<u32>]| groups.iter().map(|group| group.len() * (group.len() - 1) / 2).sum::<usize>();
        let components = self.components(least);
        let by_components: usize = components
            .iter()
            .map(|links| {
                let members: BTreeSet<u32> = links.iter().flat_map(|link| [link.a, link.b]).collect();
                members.len() * (members.len() - 1) / 2
            })
            .sum();
        by_components as f64 / pairs(&self.clusters_at(least)).max(1) as f64
    }

    fn least_units(&self, score: f64) -> i32 {
        let score = score.clamp(1e-6, 1.0 - 1e-6);
        in_units((score / (1.0 - score)).log2()).max(in_units(KEPT_BITS))
    }

    /// Returns the links of at least so many units, by component.
    fn components(&self, least: i32) -> Vec<Vec<ScoredLink>> {
        let links: Vec<ScoredLink> = self.links.iter().filter(|link| link.score >= least).copied().collect();
        let mut sets = UnionFind::new(self.rows.len());
        for link in &links {
            sets.union(link.a, link.b);
        }
        let mut rooted: Vec<(u32, ScoredLink)> = links.into_iter().map(|link| (sets.find(link.a), link)).collect();
        rooted.sort_by_key(|(root, link)| (*root, link.a, link.b));
        rooted.chunk_by(|a, b| a.0 == b.0).map(|chunk| chunk.iter().map(|(_, link)| *link).collect()).collect()
    }

    fn clusters_at(&self, least: i32) -> Vec<Vec<u32>> {
        let components = self.components(least);
        let cluster = |links: &Vec<ScoredLink>| {
            if let [link] = links.as_slice() {
                return if self.is_distinct_at(link.a, link.b) { Vec::new() } else { vec![vec![link.a, link.b]] };
            }
            let score = |a: u32, b: u32| self.score_at(a, b);
            clusters::clusters(links, &score, &|a, b| self.is_distinct_at(a, b), least)
        };
        #[cfg(feature = "parallel")]
        {
            use rayon::prelude::*;
            components.par_iter().with_min_len(16).flat_map_iter(cluster).collect()
        }
        #[cfg(not(feature = "parallel"))]
        components.iter().flat_map(cluster).collect()
    }

    fn score_at(&self, a: u32, b: u32) -> i32 {
        self.weights.score(&self.texts, &self.rows[a as usize], &self.rows[b as usize])
    }

    fn is_distinct_at(&self, a: u32, b: u32) -> bool {
        let id = |place: u32| self.ids[place as usize].clone();
        !self.distinct.is_empty() && self.distinct.contains(&ContactPair::new(id(a), id(b)))
    }

    /// Returns the suggestions at the model's threshold, ordered by their smallest member. They are disjoint.
    pub fn suggestions(&self) -> Vec<SimilarSuggestion<Id>> {
        self.suggestions_from(self.model.threshold())
    }

    /// Returns the suggestions whose clusters have at least this score, from 0 to 1. Scores below 1/17 are not kept, so
    /// that a lower one gives the same. Cost: O(l log l) for l kept pairs, and the scores of all pairs inside a cluster.
    pub fn suggestions_from(&self, score: f64) -> Vec<SimilarSuggestion<Id>> {
        let mut suggestions: Vec<SimilarSuggestion<Id>> =
            self.clusters_at(self.least_units(score)).iter().map(|members| self.described(members)).collect();
        suggestions.sort_by(|a, b| a.members.cmp(&b.members));
        suggestions
    }

    fn described(&self, members: &[u32]) -> SimilarSuggestion<Id> {
        let mut pairs = Vec::new();
        for (at, a) in members.iter().enumerate() {
            pairs.extend(members.iter().skip(at + 1).map(|b| ScoredLink {
                a: *a,
                b: *b,
                score: self.score_at(*a, *b),
            }));
        }
        let sum: i64 = pairs.iter().map(|link| i64::from(link.score)).sum();
        let score = SimilarityScore::of_bits(sum as f64 / pairs.len().max(1) as f64 / SCORE_BIT);
        pairs.sort_by_key(|link| (std::cmp::Reverse(link.score), link.a, link.b));
        let place = |contact: u32| members.iter().position(|member| *member == contact).unwrap_or_default() as u32;
        let mut sets = UnionFind::new(members.len());
        let tree = pairs.iter().filter(|link| sets.union(place(link.a), place(link.b)));
        let mut links: Vec<ScoredPair<Id>> = tree.map(|link| self.scored_pair(link)).collect();
        links.sort_by(|a, b| a.pair.cmp(&b.pair));
        let mut members: Vec<Id> = members.iter().map(|place| self.ids[*place as usize].clone()).collect();
        members.sort();
        SimilarSuggestion { members, score, band: score.band(), links }
    }

    fn scored_pair(&self, link: &ScoredLink) -> ScoredPair<Id> {
        let id = |place: u32| self.ids[place as usize].clone();
        ScoredPair { pair: ContactPair::new(id(link.a), id(link.b)), score: SimilarityScore::of_units(link.score) }
    }

    /// Returns the score of two contacts, whether or not they are in one suggestion. `None` if one is not here, or if they
    /// are in two workspaces. Cost: that of one comparison.
    pub fn score(&self, a: &Id, b: &Id) -> Option<SimilarityScore> {
        let (a, b) = self.two(a, b)?;
        Some(SimilarityScore::of_units(self.weights.score(&self.texts, a, b)))
    }

    /// Returns why two contacts have their score. `None` if one is not here, or if they are in two workspaces.
    pub fn why(&self, a: &Id, b: &Id) -> Option<Explanation> {
        let (a, b) = self.two(a, b)?;
        Some(explanation(&self.weights, &self.texts, a, b))
    }

    fn two(&self, a: &Id, b: &Id) -> Option<(&ComparableRow, &ComparableRow)> {
        let row = |id: &Id| self.rows.get(*self.places.get(id)? as usize);
        let (a, b) = (row(a)?, row(b)?);
        (a.workspace == b.workspace).then_some((a, b))
    }

    /// Returns the pairs whose answer would teach most: those with scores nearest to the threshold that are not marked
    /// distinct, at most `count`.
    pub fn uncertain(&self, count: usize) -> Vec<ScoredPair<Id>> {
        let least = self.least_units(self.model.threshold());
        let mut links: Vec<&ScoredLink> =
            self.links.iter().filter(|link| !self.is_distinct_at(link.a, link.b)).collect();
        links.sort_by_key(|link| ((link.score - least).abs(), link.a, link.b));
        links.into_iter().take(count).map(|link| self.scored_pair(link)).collect()
    }

    /// Marks two contacts as not the same person. No suggestion has both. Contacts that are not here may be marked too.
    pub fn mark_distinct(&mut self, a: Id, b: Id) {
        self.distinct.insert(ContactPair::new(a, b));
    }

    /// Removes the mark from two contacts, and returns true if they had one.
    pub fn clear_distinct(&mut self, a: Id, b: Id) -> bool {
        self.distinct.remove(&ContactPair::new(a, b))
    }

    /// Returns the model, with the shares that were estimated on the contacts.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Returns the pairs that are kept, in canonical order. For the program that measures.
    #[doc(hidden)]
    pub fn kept_pairs(&self) -> impl Iterator<Item = ScoredPair<Id>> {
        self.links.iter().map(|link| self.scored_pair(link))
    }

    /// Returns the log-odds in bits that two contacts are one person before they are compared.
    pub fn prior_bits(&self) -> f64 {
        self.weights.prior()
    }

    /// Returns the number of contacts that are compared.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Returns true if there is no contact.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Returns an estimate of the heap bytes in use, without those of ids.
    pub fn memory(&self) -> usize {
        let rows: usize = self.rows.iter().map(ComparableRow::memory).sum();
        self.texts.memory()
            + rows
            + self.rows.capacity() * size_of::<ComparableRow>()
            + self.links.capacity() * size_of::<ScoredLink>()
            + self.ids.capacity() * size_of::<Id>() * 5 / 2
    }
}

impl<Id> fmt::Debug for Similarity<Id> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (contacts, links) = (self.rows.len(), self.links.len());
        f.debug_struct("Similarity").field("contacts", &contacts).field("links", &links).finish_non_exhaustive()
    }
}

fn forms<Id: ContactId>(contacts: &[&ScopedContact<'_, Id>], normalizer: &Normalizer) -> Vec<ComparableForm> {
    #[cfg(feature = "parallel")]
    {
        use rayon::prelude::*;
        let form = |roles: &mut FieldRoles, scoped: &&ScopedContact<'_, Id>| {
            ComparableForm::with_roles(scoped.contact, normalizer, roles)
        };
        contacts.par_iter().with_min_len(64).map_init(FieldRoles::default, form).collect()
    }
    #[cfg(not(feature = "parallel"))]
    {
        let mut roles = FieldRoles::default();
        contacts.iter().map(|scoped| ComparableForm::with_roles(scoped.contact, normalizer, &mut roles)).collect()
    }
}

/// Returns the candidate pairs that score at least [`KEPT_BITS`], in order.
fn scored(weights: &Weights, texts: &Texts, rows: &[&ComparableRow], pairs: &[CandidatePair]) -> Vec<ScoredLink> {
    let least = in_units(KEPT_BITS);
    let score = |pair: &CandidatePair| {
        let score = weights.score(texts, rows[pair.a as usize], rows[pair.b as usize]);
        (score >= least).then_some(ScoredLink { a: pair.a, b: pair.b, score })
    };
    #[cfg(feature = "parallel")]
    {
        use rayon::prelude::*;
        pairs.par_iter().with_min_len(256).filter_map(score).collect()
    }
    #[cfg(not(feature = "parallel"))]
    pairs.iter().filter_map(score).collect()
}
