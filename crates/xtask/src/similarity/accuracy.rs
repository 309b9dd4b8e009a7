//! Clusters and scores against the truth.

use std::collections::{BTreeMap, HashMap};

use onefold::contact::ContactPair;
use onefold::similarity::Similarity;

use crate::similarity::data_set::DataSet;

/// How well clusters agree with the truth.
#[derive(Default)]
pub struct Accuracy {
    pub precision: f64,
    pub recall: f64,
    pub f1: f64,
    pub b_cubed: f64,
    /// False pairs by what makes them hard.
    pub false_by_hazard: BTreeMap<String, u64>,
    /// Missing pairs by what makes them hard.
    pub missing_by_hazard: BTreeMap<String, u64>,
}

/// Returns the harmonic mean of two shares.
pub fn f1(precision: f64, recall: f64) -> f64 {
    if precision + recall > 0.0 { 2.0 * precision * recall / (precision + recall) } else { 0.0 }
}

/// Compares clusters with the truth of a set.
pub fn accuracy(set: &DataSet, clusters: &[Vec<u32>]) -> Accuracy {
    let mut of = vec![0_u32; set.contacts.len()];
    // Contacts that are in no cluster are alone.
    let places: HashMap<u32, usize> = set.contacts.iter().enumerate().map(|(at, contact)| (contact.id, at)).collect();
    for (number, members) in (1..).zip(clusters) {
        members.iter().for_each(|member| of[places[member]] = number);
    }
    let mut result = Accuracy::default();
    let (mut found, mut right) = (0_u64, 0_u64);
    for members in clusters {
        for (at, a) in members.iter().enumerate() {
            for b in &members[at + 1..] {
                found += 1;
                let (a, b) = (places[a], places[b]);
                if set.people[a] == set.people[b] {
                    right += 1;
                } else {
                    *result.false_by_hazard.entry(hazard(set, a, b)).or_default() += 1;
                }
            }
        }
    }
    let truth = set.true_pairs();
    result.precision = right as f64 / found.max(1) as f64;
    result.recall = right as f64 / truth.max(1) as f64;
    result.f1 = f1(result.precision, result.recall);
    let mut people: HashMap<(u32, &str), Vec<usize>> = HashMap::new();
    for (at, person) in set.people.iter().enumerate() {
        people.entry((*person, &set.workspaces[at])).or_default().push(at);
    }
    let (mut b_precision, mut b_recall) = (0.0, 0.0);
    for members in people.values() {
        let mut shared: HashMap<u32, u64> = HashMap::new();
        for at in members {
            let is_alone = of[*at] == 0;
            let together = if is_alone {
                1
            } else {
                *shared
                    .entry(of[*at])
                    .or_insert_with(|| members.iter().filter(|other| of[**other] == of[*at]).count() as u64)
            };
            let size = if is_alone { 1 } else { clusters[of[*at] as usize - 1].len() as u64 };
            b_precision += together as f64 / size as f64;
            b_recall += together as f64 / members.len() as f64;
        }
        for (at, a) in members.iter().enumerate() {
            for b in &members[at + 1..] {
                if of[*a] == 0 || of[*a] != of[*b] {
                    *result.missing_by_hazard.entry(hazard(set, *a, *b)).or_default() += 1;
                }
            }
        }
    }
    let count = set.contacts.len().max(1) as f64;
    result.b_cubed = f1(b_precision / count, b_recall / count);
    result
}

/// Pairs of contacts, as places in a set.
pub type PairsOfPlaces = Vec<(usize, usize)>;

/// Returns the false and the missing pairs of clusters.
pub fn wrong_pairs(set: &DataSet, clusters: &[Vec<u32>]) -> (PairsOfPlaces, PairsOfPlaces) {
    let places: HashMap<u32, usize> = set.contacts.iter().enumerate().map(|(at, contact)| (contact.id, at)).collect();
    let mut of: Vec<usize> = (0..set.contacts.len()).map(|at| at + clusters.len()).collect();
    for (number, members) in clusters.iter().enumerate() {
        members.iter().for_each(|member| of[places[member]] = number);
    }
    let groups = |key: &dyn Fn(usize) -> String, unlike: &dyn Fn(usize, usize) -> bool| {
        let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        (0..set.contacts.len()).for_each(|at| groups.entry(key(at)).or_default().push(at));
        let mut pairs = Vec::new();
        for members in groups.values() {
            for (at, a) in members.iter().enumerate() {
                pairs.extend(members[at + 1..].iter().filter(|b| unlike(*a, **b)).map(|b| (*a, *b)));
            }
        }
        pairs
    };
    let person = |at: usize| format!("{} {}", set.people[at], set.workspaces[at]);
    let cluster = |at: usize| of[at].to_string();
    (groups(&cluster, &|a, b| person(a) != person(b)), groups(&person, &|a, b| of[a] != of[b]))
}

/// Returns what makes a pair hard, by the truth.
fn hazard(set: &DataSet, a: usize, b: usize) -> String {
    const HAZARDS: [&str; 8] = [
        "jr_sr",
        "household",
        "front_desk_phone",
        "role_email",
        "recycled_phone",
        "phone_typo",
        "email_typo",
        "same_name",
    ];
    let has = |name: &&&str| [a, b].iter().any(|at| set.hazards[*at].split(';').any(|hazard| hazard == **name));
    HAZARDS.iter().find(has).map_or("none", |hazard| hazard).to_owned()
}

/// A band of scores with the number of pairs in it and of those that are right.
pub struct ScoreBand {
    pub from: f64,
    pub pairs: u64,
    pub right: u64,
}

/// Returns the kept pairs by their scores, and the recall of all pairs down to the score at which 999 of 1,000 are right.
pub fn calibration(set: &DataSet, similarity: &Similarity<u32>) -> (Vec<ScoreBand>, f64) {
    let places: HashMap<u32, usize> = set.contacts.iter().enumerate().map(|(at, contact)| (contact.id, at)).collect();
    let is_right = |pair: &ContactPair<u32>| set.people[places[pair.first()]] == set.people[places[pair.second()]];
    let mut pairs: Vec<(f64, bool)> =
        similarity.pairs().iter().map(|scored| (scored.score.bits, is_right(&scored.pair))).collect();
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut right, mut best) = (0_u64, 0_u64);
    for (at, (_, is_right)) in pairs.iter().enumerate() {
        right += u64::from(*is_right);
        if right as f64 >= 0.999 * (at + 1) as f64 {
            best = right;
        }
    }
    let bands = [0.999, 0.95, 0.8, 0.5, 0.2, 0.0];
    let mut upper = f64::INFINITY;
    let bands = bands.map(|from: f64| {
        let bits = (from / (1.0 - from)).log2();
        let inside = pairs.iter().filter(|(score, _)| *score >= bits && *score < upper);
        let band = ScoreBand {
            from,
            pairs: inside.clone().count() as u64,
            right: inside.filter(|(_, is_right)| *is_right).count() as u64,
        };
        upper = bits;
        band
    });
    (bands.into(), best as f64 / set.true_pairs().max(1) as f64)
}
