//! Frequencies, shares among other people and the prior, counted on the contacts at hand.

use std::collections::HashMap;

use crate::similarity::candidates::CandidatePair;
use crate::similarity::comparable::{ComparableRow, Texts};
use crate::similarity::comparison::{self, Outcome, email, given};
use crate::similarity::field::{ComparedField, FIELDS, MAX_LEVELS};
use crate::similarity::fitted_model::{rounded, rounded_shares};
use crate::similarity::frequencies::{CountKind, Frequencies};
use crate::similarity::model::Model;
use crate::similarity::scoring::{Weights, has_unlike_given_names, probability, shares_a_household};
use crate::similarity::stable_hash::StableHash;

/// The most pairs that shares among other people are counted on.
const MAX_RANDOM_PAIRS: usize = 2_000_000;

/// The most candidate pairs that the prior and the shares are estimated on.
const MAX_ESTIMATED_PAIRS: usize = 400_000;

/// The rounds in which the prior is estimated.
const PRIOR_ROUNDS: usize = 12;

/// The rounds in which the shares are estimated anew, and the weight of the model's own shares in pairs.
const SHARE_ROUNDS: usize = 3;
const MODEL_PAIRS: f64 = 150.0;

/// Pairs with so many bits from all other fields are taken for one person when the shares of a field are estimated anew.
const SURE_BITS: f64 = 4.0;

/// The share of pairs of one household with unlike given names.
const UNLIKE_IN_HOUSEHOLD: f64 = 0.95;

/// The most holders of a phone or an email that are compared to count its people.
const MAX_COMPARED_HOLDERS: usize = 200;

/// LevelCounts the values of contacts. People are counted afterwards. Cost: O(v) for v values.
pub(crate) fn count_values(texts: &mut Texts, rows: &[&ComparableRow]) {
    let mut counted = Frequencies { contacts: rows.len() as u32, ..Frequencies::default() };
    counted.given = vec![0; texts.names.len()];
    counted.family = vec![0; texts.names.len()];
    counted.companies = vec![0; texts.companies.len()];
    counted.streets = vec![0; texts.streets.len()];
    counted.places = vec![0; texts.places.len()];
    let mut values: HashMap<u64, u32> = HashMap::with_capacity(rows.len());
    let mut add = |kind: CountKind, value: u64| *values.entry(kind.hash(value)).or_default() += 1;
    for row in rows {
        row.given().iter().for_each(|name| counted.given[*name as usize] += 1);
        row.family().iter().for_each(|name| counted.family[*name as usize] += 1);
        counted.companies[row.company as usize] += 1;
        counted.streets[row.street as usize] += 1;
        for place in [row.city, row.postcode, row.state] {
            counted.places[place as usize] += 1;
        }
        if row.birth_dates[0] > 0 {
            add(CountKind::BirthDate, row.birth_dates[0].into());
        }
        if row.country[0] > 0 {
            add(CountKind::Country, u64::from(row.country[0]) << 8 | u64::from(row.country[1]));
        }
        for email in row.emails() {
            let domain = texts.emails.text(*email).rsplit('@').next().unwrap_or_default();
            add(CountKind::Domain, texts.emails.hash_of(domain));
        }
        if row.name().len() > 1 {
            add(CountKind::WholeName, texts.whole_name(row));
        }
    }
    values.retain(|_, count| *count > 1);
    values.shrink_to_fit();
    counted.values = values;
    texts.frequencies = counted;
}

/// LevelCounts the people on each phone and email: the groups of unlike names among its holders, which must be in canonical
/// order. Cost: O(h g) for h holders and g groups.
pub(crate) fn count_people(texts: &mut Texts, rows: &[&ComparableRow]) {
    let count = |of: fn(&ComparableRow) -> &[u32], values: usize, texts: &Texts| {
        let mut holders: Vec<(u32, u32)> = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            holders.extend(of(row).iter().map(|value| (*value, at as u32)));
        }
        holders.sort_unstable();
        let mut people = vec![1; values];
        for run in holders.chunk_by(|a, b| a.0 == b.0) {
            if run.len() > 1 {
                people[run[0].0 as usize] = people_among(texts, run.iter().map(|(_, at)| rows[*at as usize]));
            }
        }
        people
    };
    let emails = count(ComparableRow::emails, texts.emails.len(), texts);
    let phones = count(ComparableRow::phones, texts.phones.len(), texts);
    texts.frequencies.email_people = emails;
    texts.frequencies.phone_people = phones;
}

/// Returns the number of people among the holders of one value, in canonical order.
pub(crate) fn people_among<'a>(texts: &Texts, holders: impl Iterator<Item = &'a ComparableRow>) -> u32 {
    let mut groups: Vec<&ComparableRow> = Vec::new();
    let (mut named, mut compared) = (0_u32, 0_u32);
    let mut named_holders: Vec<&ComparableRow> = holders.filter(|row| !row.name().is_empty()).collect();
    // The fullest names come first, since a single word agrees with many.
    named_holders.sort_by_key(|row| std::cmp::Reverse(row.name().len().min(3)));
    for row in named_holders {
        named += 1;
        if compared as usize >= MAX_COMPARED_HOLDERS {
            continue;
        }
        compared += 1;
        if !groups.iter().any(|group| comparison::are_alike(texts, group, row)) {
            groups.push(row);
        }
    }
    let groups = groups.len() as u64;
    u32::try_from(groups * u64::from(named) / u64::from(compared.max(1))).unwrap_or(u32::MAX).max(1)
}

/// Returns the shares of levels among random pairs of contacts, which must be in canonical order. Cost: O(p) for p pairs,
/// at most two million.
pub(crate) fn random_shares(model: &Model, texts: &Texts, rows: &[&ComparableRow]) -> [[f64; MAX_LEVELS]; FIELDS] {
    let contacts = rows.len();
    let wanted = MAX_RANDOM_PAIRS.min(contacts.saturating_mul(10).max(200_000));
    let all = contacts * contacts.saturating_sub(1) / 2;
    let counts = if all <= wanted {
        sum(contacts, &|a, counts: &mut LevelCounts| {
            for b in a + 1..contacts {
                counts.add(&comparison::compare(texts, rows[a], rows[b]));
            }
        })
    } else {
        let each = wanted.div_ceil(contacts);
        sum(contacts, &|a, counts: &mut LevelCounts| {
            for step in 0..each {
                let hash = StableHash::of(4).number(rows[a].content).number(step as u64).value();
                let b = ((u128::from(hash) * contacts as u128) >> 64) as usize;
                if a != b {
                    counts.add(&comparison::compare(texts, rows[a], rows[b]));
                }
            }
        })
    };
    let mut shares = [[0.0; MAX_LEVELS]; FIELDS];
    for field in ComparedField::ALL {
        let at = field as usize;
        if field.has_fixed_share() {
            shares[at] = model.others()[at];
            continue;
        }
        let levels = field.level_list().len();
        let total: u64 = counts.0[at].iter().sum();
        // A level that was not seen counts half a pair. Without any pair every level is as frequent as among pairs of one person.
        for (level, share) in shares[at].iter_mut().enumerate().take(levels) {
            *share = if total < 20 {
                model.shares()[at][level]
            } else {
                (counts.0[at][level] as f64 + 0.5) / (total as f64 + levels as f64 / 2.0)
            };
        }
    }
    // Mailboxes after the same name say no more than the name does.
    let after_name = &mut shares[ComparedField::Email as usize][usize::from(email::AFTER_NAME)];
    *after_name = model.shares()[ComparedField::Email as usize][usize::from(email::AFTER_NAME)] * 0.7;
    rounded_shares(&shares)
}

/// The number of pairs at each level.
#[derive(Clone)]
struct LevelCounts([[u64; MAX_LEVELS]; FIELDS]);

impl LevelCounts {
    fn add(&mut self, outcome: &Outcome) {
        for (field, level) in outcome.given() {
            self.0[field as usize][usize::from(level)] += 1;
        }
    }

    #[cfg(feature = "parallel")]
    fn plus(mut self, other: Self) -> Self {
        for (mine, theirs) in self.0.iter_mut().flatten().zip(other.0.into_iter().flatten()) {
            *mine += theirs;
        }
        self
    }
}

/// Adds the counts of all contacts. Whole numbers have one sum in any order.
fn sum(contacts: usize, add: &(dyn Fn(usize, &mut LevelCounts) + Sync)) -> LevelCounts {
    let none = || LevelCounts([[0; MAX_LEVELS]; FIELDS]);
    #[cfg(feature = "parallel")]
    {
        use rayon::prelude::*;
        let fold = |mut counts: LevelCounts, contact: usize| {
            add(contact, &mut counts);
            counts
        };
        (0..contacts).into_par_iter().with_min_len(64).fold(none, fold).reduce(none, LevelCounts::plus)
    }
    #[cfg(not(feature = "parallel"))]
    {
        let mut counts = none();
        (0..contacts).for_each(|contact| add(contact, &mut counts));
        counts
    }
}

/// Comparisons of candidate pairs, from which the prior and the shares are estimated.
pub(crate) struct PairSample {
    outcomes: Vec<(Outcome, u64)>,
    // The number of candidate pairs that each of these stands for.
    factor: f64,
    // The number of all pairs of contacts, candidates or not.
    all_pairs: f64,
}

impl PairSample {
    /// Compares a fixed part of the candidate pairs. Cost: O(p) for p pairs, at most 400,000.
    pub(crate) fn new(texts: &Texts, rows: &[&ComparableRow], pairs: &[CandidatePair]) -> Self {
        let part = pairs.len().div_ceil(MAX_ESTIMATED_PAIRS).max(1) as u64;
        let is_chosen = |pair: &&CandidatePair| {
            let hash = StableHash::of(5).number(rows[pair.a as usize].content ^ rows[pair.b as usize].content);
            hash.value().is_multiple_of(part)
        };
        let chosen: Vec<CandidatePair> = pairs.iter().filter(is_chosen).copied().collect();
        let compare = |pair: &CandidatePair| {
            let (a, b) = (rows[pair.a as usize], rows[pair.b as usize]);
            let outcome = comparison::compare(texts, a, b);
            let name = if outcome.is_same_name { texts.whole_name(a) } else { 0 };
            (outcome, name)
        };
        #[cfg(feature = "parallel")]
        let outcomes = {
            use rayon::prelude::*;
            chosen.par_iter().with_min_len(64).map(compare).collect()
        };
        #[cfg(not(feature = "parallel"))]
        let outcomes = chosen.iter().map(compare).collect();
        let contacts = rows.len() as f64;
        let factor = if chosen.is_empty() { 1.0 } else { pairs.len() as f64 / chosen.len() as f64 };
        Self { outcomes, factor, all_pairs: (contacts * (contacts - 1.0) / 2.0).max(1.0) }
    }

    /// Returns the log-odds, in bits, that two random contacts are one person, by expectation and maximisation.
    pub(crate) fn prior(&self, texts: &Texts, weights: &Weights) -> f64 {
        // At the start one pair for every four contacts.
        let contacts = (2.0 * self.all_pairs).sqrt();
        let mut matches = contacts / 4.0;
        let start = self.odds(matches);
        let weights = weights.without_learnt().with_prior(start);
        let of_fields = |(outcome, name): &(Outcome, u64)| weights.field_bits(texts, outcome, || *name).total() - start;
        let bits: Vec<f64> = self.outcomes.iter().map(of_fields).collect();
        for _ in 0..PRIOR_ROUNDS {
            let prior = self.odds(matches);
            matches = bits.iter().map(|bits| probability(bits + prior)).sum::<f64>() * self.factor;
        }
        rounded(self.odds(matches))
    }

    fn odds(&self, matches: f64) -> f64 {
        let share = (matches.max(0.5) / self.all_pairs).min(0.5);
        (share / (1.0 - share)).log2()
    }

    /// Returns the log-odds, in bits, for one person against two of one household among contacts who share a family name and
    /// a phone or an address: given names that are unlike more often than those of one person are of households.
    pub(crate) fn household(&self, model: &Model) -> f64 {
        let alike = |outcome: &&(Outcome, u64)| {
            outcome.0.level(ComparedField::Given).is_some() && shares_a_household(&outcome.0)
        };
        let shared = self.outcomes.iter().filter(alike).count() as f64;
        let unlike =
            self.outcomes.iter().filter(alike).filter(|(outcome, _)| has_unlike_given_names(outcome)).count() as f64;
        let given = &model.shares()[ComparedField::Given as usize];
        let of_one = given[usize::from(given::DIFFERENT)] + given[usize::from(given::SEVERAL)];
        // Twenty pairs of which one in ten is of a household stand for what is not seen.
        let share = (unlike + 20.0 * (of_one + 0.1 * (UNLIKE_IN_HOUSEHOLD - of_one))) / (shared + 20.0);
        let households = ((share - of_one) / (UNLIKE_IN_HOUSEHOLD - of_one)).clamp(0.0005, 0.9);
        rounded(((1.0 - households) / households).log2())
    }

    /// Returns the model with shares counted on the pairs that are surely one person, and the prior under it.
    pub(crate) fn shares(
        &self,
        model: &Model,
        texts: &Texts,
        others: &[[f64; MAX_LEVELS]; FIELDS],
        prior: f64,
    ) -> Model {
        let mut current = model.clone();
        let contacts = texts.frequencies.contacts;
        for _ in 0..SHARE_ROUNDS {
            let weights = Weights::new(&current, others, contacts, prior).without_learnt();
            let mut counts = [[0.0; MAX_LEVELS]; FIELDS];
            for (outcome, name) in &self.outcomes {
                let bits = weights.field_bits(texts, outcome, || *name);
                let total = bits.total();
                // What the other fields say is sure, so that the field itself has no part in it. Pairs that may be of one
                // household say nothing of the given names of one person.
                let is_household = shares_a_household(outcome);
                for (field, level) in outcome.given() {
                    let counts_here = !(is_household && field == ComparedField::Given);
                    if counts_here && total - bits.bits[field as usize] >= SURE_BITS {
                        counts[field as usize][usize::from(level)] += self.factor;
                    }
                }
            }
            let mut shares = *model.shares();
            for field in ComparedField::ALL.into_iter().filter(|field| !field.has_fixed_share()) {
                let at = field as usize;
                let total: f64 = counts[at].iter().sum::<f64>() + MODEL_PAIRS;
                for level in 0..field.level_list().len() {
                    shares[at][level] =
                        ((counts[at][level] + MODEL_PAIRS * model.shares()[at][level]) / total).max(1e-4);
                }
            }
            current = current.with_shares(shares);
        }
        current
    }
}
