//! Contacts that are compared with each other, with the pairs that may be one person.

use std::collections::BTreeSet;
use std::fmt;

use crate::contact::{Contact, ContactId, ContactPair};
use crate::normalize::Normalizer;
use crate::similarity::block_keys::block_keys;
use crate::similarity::candidates::{Blocks, CandidatePair, MAX_PROPOSALS};
use crate::similarity::clusters::ScoredLink;
use crate::similarity::comparable::{ComparableForm, ComparableRow};
use crate::similarity::compared_contacts::{ComparedContacts, ScopedContact};
use crate::similarity::decisions::{Decisions, PairDecision};
use crate::similarity::estimation::{self, PairSample};
use crate::similarity::explanation::{Explanation, SimilarityScore, explanation};
use crate::similarity::fitted_model::FittedModel;
use crate::similarity::learning::{self, DecidedPair};
use crate::similarity::linkage::{self, Linkage};
use crate::similarity::live_blocks::LiveBlocks;
use crate::similarity::model::Model;
use crate::similarity::scoring::{Weights, in_units};

/// Pairs below so many bits are not kept.
pub(crate) const KEPT_BITS: f64 = -4.0;

/// Shares that were estimated anew are dropped if they make the ratio of pairs by connected components to pairs in clusters
/// grow more than this.
const MAX_GROWTH: f64 = 1.5;

/// Contacts with their scores: which may be one person, and why.
///
/// [`Similarity::fit`] makes it from contacts and a [`Model`]. It is a value like an index: [`Similarity::update`] and
/// [`Similarity::remove`] keep it up to date, and the questions change nothing. It holds comparable forms, which are
/// personal values; `Debug` shows counts only.
///
/// ```
/// use onefold::similarity::{Model, Similarity};
/// use onefold::{Contact, Field};
///
/// let named = |id, first, last| Contact::new(id).with(Field::FirstName, first).with(Field::LastName, last);
/// let contacts = [
///     named(1, "Katharina", "Musterfeld").with_email("k.musterfeld17421@example.com"),
///     named(2, "Kathi", "Musterfeld").with_email("k.musterfeld17421@example.org"),
///     named(3, "Ben", "Beispiel").with_phone("+1 202 555 0143"),
/// ];
/// let similarity = Similarity::fit(&contacts, &Model::shipped());
/// let why = similarity.why(&1, &2).expect("both are compared");
/// assert_eq!(why.fields[0].level, "nickname");
/// assert!(similarity.score(&1, &2) > similarity.score(&1, &3));
/// ```
#[derive(Clone)]
pub struct Similarity<Id> {
    pub(crate) set: ComparedContacts<Id>,
    /// The model as it was given.
    pub(crate) given: Model,
    pub(crate) fitted: FittedModel,
    pub(crate) weights: Weights,
    /// The pairs that are kept, in order of their slots.
    pub(crate) links: Vec<ScoredLink>,
    pub(crate) distinct: BTreeSet<ContactPair<Id>>,
    /// Made when the first contact changes.
    pub(crate) blocks: Option<LiveBlocks>,
    /// The changes since the frequencies were counted.
    pub(crate) changes: usize,
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

    /// Compares contacts: counts how frequent their values are, finds the pairs that may be one person, and scores them.
    ///
    /// Blocked contacts are left out. Of contacts with the same id the last one counts. The result depends on the contacts
    /// alone, not on their order; ids only break ties. With the feature `parallel` all cores are used. Cost: O(n log n) for
    /// n contacts, since each is compared with at most 16 others that it proposes.
    pub fn fit_with(contacts: &[Contact<Id>], normalizer: &Normalizer, model: &Model) -> Self {
        Self::fit_scoped(&unscoped(contacts), normalizer, model)
    }

    /// Like [`Similarity::fit_with`], with each contact in its workspace. Contacts of different workspaces are never
    /// compared. Frequencies are counted over all.
    pub fn fit_scoped(contacts: &[ScopedContact<'_, Id>], normalizer: &Normalizer, model: &Model) -> Self {
        let mut similarity = Self::without_links(ComparedContacts::new(contacts, normalizer), model);
        similarity.estimate();
        similarity
    }

    /// Compares contacts by a model that was fitted on others: nothing is counted but the people on each phone and email.
    /// Otherwise like [`Similarity::fit_scoped`].
    pub fn with_fitted(contacts: &[ScopedContact<'_, Id>], normalizer: &Normalizer, fitted: &FittedModel) -> Self {
        let mut similarity = Self::without_links(ComparedContacts::new(contacts, normalizer), fitted.given());
        similarity.set.texts.frequencies = fitted.frequencies(&similarity.set.texts);
        similarity.weights = fitted.weights();
        similarity.fitted = fitted.clone();
        let (texts, rows) = similarity.set.texts_and_rows();
        estimation::count_people(texts, &rows);
        let pairs = similarity.candidate_pairs(MAX_PROPOSALS);
        let [links] = similarity.scored_by(&pairs, [&similarity.weights]);
        similarity.links = links;
        similarity
    }

    fn without_links(set: ComparedContacts<Id>, model: &Model) -> Self {
        Self {
            set,
            given: model.clone(),
            fitted: FittedModel::unfitted(model),
            weights: Weights::new(model, model.shares(), 2, 0.0),
            links: Vec::new(),
            distinct: BTreeSet::new(),
            blocks: None,
            changes: 0,
        }
    }

    /// Counts and estimates everything anew, and scores all pairs. The slots must be in canonical order.
    pub(crate) fn estimate(&mut self) {
        let model = self.given.clone();
        let (texts, rows) = self.set.texts_and_rows();
        estimation::count_values(texts, &rows);
        estimation::count_people(texts, &rows);
        let contacts = rows.len() as u32;
        let others = estimation::random_shares(&model, texts, &rows);
        let pairs = Blocks::new(texts, &rows, contacts).pairs(MAX_PROPOSALS);
        let sample = PairSample::new(texts, &rows, &pairs);
        let prior = sample.prior(texts, &Weights::new(&model, &others, contacts, 0.0));
        let estimated = sample.shares(&model, texts, &others, prior);
        let household = sample.household(&estimated);
        let default = Weights::new(&model, &others, contacts, prior).with_household(household);
        let prior = sample.prior(texts, &Weights::new(&estimated, &others, contacts, 0.0));
        let anew = Weights::new(&estimated, &others, contacts, prior).with_household(household);
        drop((rows, sample));
        let ratio = |links: &[ScoredLink], weights: &Weights| {
            let least = linkage::units_of(model.threshold());
            Linkage { set: &self.set, links, weights, distinct: &BTreeSet::new() }.component_ratio(least)
        };
        let [by_default, by_anew] = self.scored_by(&pairs, [&default, &anew]);
        let is_drifting = ratio(&by_anew, &anew) > MAX_GROWTH * ratio(&by_default, &default);
        let (links, weights, model) =
            if is_drifting { (by_default, default, model) } else { (by_anew, anew, estimated) };
        self.links = links;
        self.fitted = FittedModel::new(&self.given, &model, &others, &weights, &self.set.texts);
        self.weights = weights;
        self.blocks = None;
        self.changes = 0;
    }

    /// Returns the candidate pairs, in order of their slots, which must be in canonical order.
    pub(crate) fn candidate_pairs(&self, limit: usize) -> Vec<CandidatePair> {
        let rows: Vec<&ComparableRow> = self.set.rows().iter().collect();
        Blocks::new(&self.set.texts, &rows, self.fitted.contacts()).pairs(limit)
    }

    /// Returns the pairs that score at least [`KEPT_BITS`] by each of some weights, in order.
    fn scored_by<const N: usize>(&self, pairs: &[CandidatePair], weights: [&Weights; N]) -> [Vec<ScoredLink>; N] {
        let least = in_units(KEPT_BITS);
        let (texts, rows) = (&self.set.texts, self.set.rows());
        let score = |pairs: &[CandidatePair]| {
            let mut links = weights.map(|_| Vec::new());
            for pair in pairs {
                let (a, b) = (&rows[pair.a as usize], &rows[pair.b as usize]);
                let scores = Weights::scores(weights, texts, a, b);
                for (links, score) in links.iter_mut().zip(scores) {
                    if score >= least {
                        links.push(ScoredLink { a: pair.a, b: pair.b, score });
                    }
                }
            }
            links
        };
        #[cfg(feature = "parallel")]
        let parts: Vec<[Vec<ScoredLink>; N]> = {
            use rayon::prelude::*;
            pairs.par_chunks(4_096).map(score).collect()
        };
        #[cfg(not(feature = "parallel"))]
        let parts: Vec<[Vec<ScoredLink>; N]> = pairs.chunks(4_096).map(score).collect();
        let mut all = weights.map(|_| Vec::new());
        for part in parts {
            all.iter_mut().zip(part).for_each(|(all, part)| all.extend(part));
        }
        all
    }

    /// Returns the score of two contacts, whether or not they are in one suggestion. `None` if one is not here, or if they
    /// are in two workspaces. Cost: that of one comparison.
    pub fn score(&self, a: &Id, b: &Id) -> Option<SimilarityScore> {
        let (a, b) = self.two(a, b)?;
        Some(SimilarityScore::of_units(self.weights.score(&self.set.texts, a, b)))
    }

    /// Returns why two contacts have their score. `None` if one is not here, or if they are in two workspaces.
    pub fn why(&self, a: &Id, b: &Id) -> Option<Explanation> {
        let (a, b) = self.two(a, b)?;
        Some(explanation(&self.weights, &self.set.texts, a, b))
    }

    pub(crate) fn two(&self, a: &Id, b: &Id) -> Option<(&ComparableRow, &ComparableRow)> {
        let row = |id: &Id| self.set.rows().get(self.set.slot(id)? as usize);
        let (a, b) = (row(a)?, row(b)?);
        (a.workspace == b.workspace).then_some((a, b))
    }

    /// Returns the comparable form of a contact, or `None` if it is not here.
    pub fn comparable(&self, id: &Id) -> Option<ComparableForm> {
        let row = self.set.rows().get(self.set.slot(id)? as usize)?;
        Some(self.set.texts.form(row))
    }

    /// Returns the model with coefficients and calibration learnt from decisions. Decisions about contacts that are not here
    /// are left out. Compare the contacts again with it ([`Similarity::fit`]).
    ///
    /// The coefficients are the more likely ones under a logistic model, each drawn towards 1. From a hundred decisions on,
    /// with ten of each kind, scores become probabilities. Cost: O(d) for d decisions.
    pub fn learn(&self, decisions: &Decisions<Id>) -> Model {
        let plain = self.weights.without_learnt();
        let decided = |decision: PairDecision| {
            decisions.pairs(decision).filter_map(move |pair| Some((self.two(pair.first(), pair.second())?, decision)))
        };
        let decided: Vec<DecidedPair> = decided(PairDecision::Same)
            .chain(decided(PairDecision::Distinct))
            .map(|((a, b), decision)| DecidedPair {
                bits: plain.bits_of(&self.set.texts, a, b).bits,
                is_same: decision == PairDecision::Same,
            })
            .collect();
        let learnt = learning::learn(&decided, plain.prior());
        self.given.clone().with_learnt(learnt.coefficients, learnt.calibration, decided.len() as u32)
    }

    /// Marks two contacts as not the same person: no suggestion has both. Contacts that are not here may be marked too.
    pub fn mark_distinct(&mut self, a: Id, b: Id) {
        self.distinct.insert(ContactPair::new(a, b));
    }

    /// Removes the mark from two contacts, and returns true if they had one.
    pub fn clear_distinct(&mut self, a: Id, b: Id) -> bool {
        self.distinct.remove(&ContactPair::new(a, b))
    }

    /// Returns the pairs that are marked distinct, in order.
    pub fn distinct_pairs(&self) -> impl Iterator<Item = &ContactPair<Id>> {
        self.distinct.iter()
    }

    /// Returns the model as it was given.
    pub fn model(&self) -> &Model {
        &self.given
    }

    /// Returns what was counted and estimated on the contacts.
    pub fn fitted(&self) -> &FittedModel {
        &self.fitted
    }

    /// Returns the candidate pairs of contacts in canonical order, with at most `limit` proposed by each. For tests and the
    /// program that measures.
    #[doc(hidden)]
    pub fn candidates(&self, limit: usize) -> Vec<ContactPair<Id>> {
        let id = |slot: u32| self.set.id(slot).clone();
        let pairs = self.candidate_pairs(limit).into_iter().map(|pair| ContactPair::new(id(pair.a), id(pair.b)));
        let mut pairs: Vec<ContactPair<Id>> = pairs.collect();
        pairs.sort();
        pairs
    }

    /// Returns the keys of a contact's blocks. For tests.
    #[doc(hidden)]
    pub fn block_keys(&self, id: &Id) -> Vec<u64> {
        let mut keys = Vec::new();
        if let Some(slot) = self.set.slot(id) {
            block_keys(&self.set.texts, &self.set.rows()[slot as usize], &mut keys);
        }
        keys
    }

    /// Returns the number by which contacts are in canonical order, but for ties. For tests.
    #[doc(hidden)]
    pub fn content_hash(&self, id: &Id) -> Option<u64> {
        Some(self.set.rows().get(self.set.slot(id)? as usize)?.content)
    }

    /// Returns the number of contacts that are compared.
    pub fn len(&self) -> usize {
        self.set.len()
    }

    /// Returns true if there is no contact.
    pub fn is_empty(&self) -> bool {
        self.set.len() == 0
    }

    /// Returns an estimate of the heap bytes in use, without what ids own.
    pub fn memory(&self) -> usize {
        self.set.memory() + self.links.capacity() * size_of::<ScoredLink>()
    }
}

impl<Id> fmt::Debug for Similarity<Id> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Similarity").field("links", &self.links.len()).finish_non_exhaustive()
    }
}

pub(crate) fn unscoped<Id>(contacts: &[Contact<Id>]) -> Vec<ScopedContact<'_, Id>> {
    contacts.iter().map(|contact| ScopedContact::new(None, contact)).collect()
}
