//! A slow finder that is right because it is simple: it looks at every pair. It shares no code with the
//! library, and even the keys of the values it knows are written down by hand.

pub mod operations;

use std::collections::{BTreeMap, BTreeSet};

/// How a value holds a key, from the surest to the least sure; `Partial` left out an extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hold {
    Direct,
    Variant,
    Weak,
    Partial,
}

pub type KeyText = &'static str;
pub type Id = u8;

/// The values that the tests use, with their keys. Phones start with `+`.
pub const VALUES: &[(&str, &[(KeyText, Hold)])] = &[
    ("a@example.com", &[("a@example.com", Hold::Direct)]),
    ("B@example.com", &[("b@example.com", Hold::Direct)]),
    ("c@example.com", &[("c@example.com", Hold::Direct)]),
    ("info@example.com", &[("info@example.com", Hold::Weak)]),
    ("+1 202 555 0101", &[("+12025550101", Hold::Direct)]),
    ("+12025550101 ext. 7", &[("+12025550101;ext=7", Hold::Direct), ("+12025550101", Hold::Partial)]),
    ("+12025550101 ext. 8", &[("+12025550101;ext=8", Hold::Direct), ("+12025550101", Hold::Partial)]),
    ("+55 11 98765-0001", &[("+5511987650001", Hold::Direct)]),
    ("+55 11 8765-0001", &[("+551187650001", Hold::Direct), ("+5511987650001", Hold::Variant)]),
    ("+54 9 11 2345-6789", &[("+5491123456789", Hold::Direct), ("+541123456789", Hold::Weak)]),
    ("+54 11 2345-6789", &[("+541123456789", Hold::Direct)]),
];

/// 1 weak, 2 variant, 3 exact.
pub type Rank = u8;

fn rank(hold: Hold) -> Rank {
    match hold {
        Hold::Direct => 3,
        Hold::Variant => 2,
        Hold::Weak | Hold::Partial => 1,
    }
}

fn link(a: Hold, b: Hold) -> Option<Rank> {
    (a != Hold::Partial || b != Hold::Partial).then(|| rank(a).min(rank(b)))
}

#[derive(Clone, Debug)]
pub struct DistinctPair {
    pub pair: (Id, Id),
    /// `None` holds forever.
    pub seen: Option<BTreeSet<KeyText>>,
}

#[derive(Clone, Debug)]
pub struct Naive {
    pub contacts: BTreeMap<Id, Vec<usize>>,
    pub blocked: BTreeSet<Id>,
    pub distinct_pairs: Vec<DistinctPair>,
    pub max_holders: Option<usize>,
    pub max_members: usize,
    pub min_rank: Rank,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub members: Vec<Id>,
    /// Key, strength, holders.
    pub evidence: Vec<(KeyText, Rank, Vec<Id>)>,
    pub distinct: Vec<(Id, Id)>,
    pub bridges: Vec<(Id, Id)>,
    pub oversized: bool,
    /// 1 low, 2 medium, 3 high.
    pub confidence: u8,
}

fn pairs(ids: &[Id]) -> Vec<(Id, Id)> {
    ids.iter().flat_map(|&a| ids.iter().map(move |&b| (a, b))).filter(|(a, b)| a < b).collect()
}

/// The parts into which `ids` fall when only `edges` join them.
fn components(ids: &[Id], edges: &BTreeSet<(Id, Id)>) -> Vec<Vec<Id>> {
    let mut parts: Vec<BTreeSet<Id>> = ids.iter().map(|&id| BTreeSet::from([id])).collect();
    for (a, b) in edges {
        let first = parts.iter().position(|part| part.contains(a)).expect("an edge joins ids");
        if !parts[first].contains(b) {
            let second = parts.iter().position(|part| part.contains(b)).expect("an edge joins ids");
            let taken = parts[second].clone();
            parts[first].extend(taken);
            parts.remove(second);
        }
    }
    let mut parts: Vec<Vec<Id>> = parts.into_iter().map(|part| part.into_iter().collect()).collect();
    parts.sort();
    parts
}

impl Naive {
    pub fn keys_of_values(values: &[usize]) -> BTreeMap<KeyText, Hold> {
        let mut keys = BTreeMap::new();
        for &(key, hold) in values.iter().flat_map(|&value| VALUES[value].1) {
            let best = keys.entry(key).or_insert(hold);
            *best = hold.min(*best);
        }
        keys
    }

    pub fn keys(&self, id: Id) -> BTreeMap<KeyText, Hold> {
        Self::keys_of_values(&self.contacts[&id])
    }

    pub fn active(&self) -> Vec<Id> {
        self.contacts.keys().copied().filter(|id| !self.blocked.contains(id)).collect()
    }

    fn holders(&self, key: &str) -> Vec<Id> {
        self.active().into_iter().filter(|&id| self.keys(id).contains_key(key)).collect()
    }

    pub fn is_common(&self, key: &str) -> bool {
        self.max_holders.is_some_and(|limit| self.holders(key).len() > limit)
    }

    pub fn common_keys(&self) -> BTreeMap<KeyText, usize> {
        let keys: BTreeSet<KeyText> = self.active().iter().flat_map(|&id| self.keys(id).into_keys()).collect();
        keys.into_iter().filter(|key| self.is_common(key)).map(|key| (key, self.holders(key).len())).collect()
    }

    /// How a key links two contacts, marked distinct or not.
    pub fn key_link(&self, key: &str, a: Id, b: Id) -> Option<Rank> {
        let (a, b) = (self.keys(a), self.keys(b));
        let rank = link(*a.get(key)?, *b.get(key)?)?;
        (rank >= self.min_rank && !self.is_common(key)).then_some(rank)
    }

    fn shared(&self, a: Id, b: Id) -> BTreeSet<KeyText> {
        let other = self.keys(b);
        self.keys(a).into_keys().filter(|key| other.contains_key(key)).collect()
    }

    pub fn mark_distinct(&mut self, a: Id, b: Id, forever: bool) {
        let seen = (!forever).then(|| self.shared(a, b));
        self.distinct_pairs.push(DistinctPair { pair: (a.min(b), a.max(b)), seen });
    }

    pub fn is_distinct(&self, a: Id, b: Id) -> bool {
        let news: BTreeSet<KeyText> =
            self.shared(a, b).into_iter().filter(|key| self.key_link(key, a, b).is_some()).collect();
        let of_pair = self.distinct_pairs.iter().filter(|mark| mark.pair == (a.min(b), a.max(b)));
        of_pair.into_iter().any(|mark| mark.seen.as_ref().is_none_or(|seen| news.is_subset(seen)))
    }

    /// The strongest link between two active contacts that were not marked distinct.
    pub fn edge(&self, a: Id, b: Id) -> Option<Rank> {
        if self.blocked.contains(&a) || self.blocked.contains(&b) || self.is_distinct(a, b) {
            return None;
        }
        self.shared(a, b).into_iter().filter_map(|key| self.key_link(key, a, b)).max()
    }

    pub fn edges(&self) -> BTreeSet<(Id, Id)> {
        pairs(&self.active()).into_iter().filter(|&(a, b)| self.edge(a, b).is_some()).collect()
    }

    pub fn groups(&self) -> Vec<Group> {
        let edges = self.edges();
        components(&self.active(), &edges)
            .into_iter()
            .filter(|members| members.len() > 1)
            .map(|members| self.group(members, &edges))
            .collect()
    }

    fn group(&self, members: Vec<Id>, edges: &BTreeSet<(Id, Id)>) -> Group {
        let keys: BTreeSet<KeyText> = members.iter().flat_map(|&id| self.keys(id).into_keys()).collect();
        let mut evidence = Vec::new();
        for key in keys.into_iter().filter(|key| !self.is_common(key)) {
            let holders: Vec<Id> = members
                .iter()
                .copied()
                .filter(|&id| self.keys(id).get(key).is_some_and(|&hold| rank(hold) >= self.min_rank))
                .collect();
            let linked: Vec<(Id, Id)> =
                pairs(&holders).into_iter().filter(|&(a, b)| self.key_link(key, a, b).is_some()).collect();
            if linked.iter().any(|pair| edges.contains(pair)) {
                let strength = linked.iter().filter_map(|&(a, b)| self.key_link(key, a, b)).max().expect("linked");
                evidence.push((key, strength, holders));
            }
        }
        evidence.sort_by_key(|(key, ..)| (key.starts_with('+'), *key));

        let inside: BTreeSet<(Id, Id)> = edges.iter().copied().filter(|(a, _)| members.contains(a)).collect();
        let splits = |edge: &(Id, Id)| {
            let rest: BTreeSet<(Id, Id)> = inside.iter().copied().filter(|other| other != edge).collect();
            components(&members, &rest).len() > 1
        };
        let bridges: Vec<(Id, Id)> = inside.iter().copied().filter(splits).collect();
        let distinct: Vec<(Id, Id)> = pairs(&members).into_iter().filter(|&(a, b)| self.is_distinct(a, b)).collect();
        let exact: BTreeSet<(Id, Id)> = inside.iter().copied().filter(|&(a, b)| self.edge(a, b) == Some(3)).collect();
        let oversized = members.len() > self.max_members;
        let confidence = if oversized || !distinct.is_empty() || components(&members, &exact).len() > 1 {
            1
        } else if pairs(&members).iter().all(|pair| exact.contains(pair)) {
            3
        } else {
            2
        };
        Group { members, evidence, distinct, bridges, oversized, confidence }
    }

    /// The number of links on the shortest chain from one contact to every other that can be reached.
    pub fn distances(&self, start: Id) -> BTreeMap<Id, usize> {
        let edges = self.edges();
        let mut far = BTreeMap::from([(start, 0)]);
        loop {
            let next: Vec<(Id, usize)> = edges
                .iter()
                .flat_map(|&(a, b)| [(a, b), (b, a)])
                .filter(|(from, to)| far.contains_key(from) && !far.contains_key(to))
                .map(|(from, to)| (to, far[&from] + 1))
                .collect();
            let Some(nearest) = next.iter().map(|(_, far)| *far).min() else { return far };
            far.extend(next.into_iter().filter(|(_, far)| *far == nearest));
        }
    }

    /// The contacts among `ids` that share keys with these values, with the strengths.
    pub fn alike(&self, asked: Id, values: &[usize], ids: &[Id], skip_common: bool) -> Vec<(Id, Vec<(KeyText, Rank)>)> {
        let asked_keys = Self::keys_of_values(values);
        let mut alike = Vec::new();
        for &id in ids.iter().filter(|&&id| id != asked) {
            let held = self.keys(id);
            let mut shared: Vec<(KeyText, Rank)> = asked_keys
                .iter()
                .filter(|(key, _)| !skip_common || !self.is_common(key))
                .filter_map(|(key, hold)| Some((*key, link(*hold, *held.get(key)?)?)))
                .filter(|(_, rank)| *rank >= self.min_rank)
                .collect();
            shared.sort_by_key(|(key, _)| (key.starts_with('+'), *key));
            if !shared.is_empty() {
                alike.push((id, shared));
            }
        }
        alike
    }
}
