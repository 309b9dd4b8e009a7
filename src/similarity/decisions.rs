//! What people said about pairs of contacts: the same person, or two.

use std::collections::BTreeMap;

use crate::contact::{ContactId, ContactPair};

/// What a person said about two contacts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum PairDecision {
    /// The two are one person.
    Same,
    /// The two are different people.
    Distinct,
}

impl PairDecision {
    /// Returns the decision's name in JSON and CSV.
    pub fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Distinct => "distinct",
        }
    }

    /// Returns the decision with a name, or `None`.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Same, Self::Distinct].into_iter().find(|decision| decision.name() == name)
    }
}

/// Decisions that do not contradict each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decisions<Id> {
    // Invariant: no distinct pair is connected by pairs that are the same.
    pairs: BTreeMap<ContactPair<Id>, PairDecision>,
}

/// The reason why decisions were refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecisionError<Id: ContactId> {
    /// The two contacts are said to be one person and to be two, directly or through others.
    #[error(
        "contacts {:?} and {:?} are said to be distinct and, by way of {chain:?}, the same",
        pair.first(),
        pair.second()
    )]
    Contradiction {
        /// The pair.
        pair: ContactPair<Id>,
        /// The contacts that lead from one to the other, each the same as the next.
        chain: Vec<Id>,
    },
    /// A decision names one contact twice.
    #[error("contact {id:?} cannot be compared with itself")]
    SameContact {
        /// The contact.
        id: Id,
    },
}

impl<Id> Default for Decisions<Id> {
    fn default() -> Self {
        Self { pairs: BTreeMap::new() }
    }
}

impl<Id: ContactId> Decisions<Id> {
    /// Returns no decisions.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns decisions about pairs: those that are one person, and those that are two. Cost: O(n log n) for n pairs.
    ///
    /// # Errors
    /// - [`DecisionError::SameContact`] if a pair has one contact twice.
    /// - [`DecisionError::Contradiction`] if pairs that are the same connect a distinct pair. The first in order is named.
    pub fn from_pairs(
        same: impl IntoIterator<Item = ContactPair<Id>>,
        distinct: impl IntoIterator<Item = ContactPair<Id>>,
    ) -> Result<Self, DecisionError<Id>> {
        let (mut pairs, mut both) = (BTreeMap::new(), None);
        pairs.extend(same.into_iter().map(|pair| (pair, PairDecision::Same)));
        for pair in distinct {
            let is_same = pairs.get(&pair) == Some(&PairDecision::Same);
            both = both.into_iter().chain(is_same.then(|| pair.clone())).min();
            pairs.entry(pair).or_insert(PairDecision::Distinct);
        }
        if let Some(pair) = both {
            let chain = pair.ids().map(Clone::clone).into();
            return Err(DecisionError::Contradiction { pair, chain });
        }
        Self { pairs }.checked()
    }

    /// Returns these decisions and one more, which replaces an earlier one about the same pair.
    ///
    /// # Errors
    /// As [`Decisions::from_pairs`].
    pub fn with(mut self, a: Id, b: Id, decision: PairDecision) -> Result<Self, DecisionError<Id>> {
        self.pairs.insert(ContactPair::new(a, b), decision);
        self.checked()
    }

    fn checked(self) -> Result<Self, DecisionError<Id>> {
        if let Some(pair) = self.pairs.keys().find(|pair| pair.first() == pair.second()) {
            return Err(DecisionError::SameContact { id: pair.first().clone() });
        }
        match self.contradiction() {
            Some(error) => Err(error),
            None => Ok(self),
        }
    }

    /// Returns the pairs with a decision, in order.
    pub fn pairs(&self, decision: PairDecision) -> impl Iterator<Item = &ContactPair<Id>> {
        self.pairs.iter().filter(move |(_, of_pair)| **of_pair == decision).map(|(pair, _)| pair)
    }

    /// Returns the decision about two contacts, or `None`.
    pub fn decision(&self, pair: &ContactPair<Id>) -> Option<PairDecision> {
        self.pairs.get(pair).copied()
    }

    /// Returns the number of decisions.
    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Returns true if there are none.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    fn contradiction(&self) -> Option<DecisionError<Id>> {
        let mut same: BTreeMap<&Id, Vec<&Id>> = BTreeMap::new();
        for (pair, _) in self.pairs.iter().filter(|(_, decision)| **decision == PairDecision::Same) {
            same.entry(pair.first()).or_default().push(pair.second());
            same.entry(pair.second()).or_default().push(pair.first());
        }
        // Each contact's group, by its first contact.
        let mut groups: BTreeMap<&Id, &Id> = BTreeMap::new();
        for start in same.keys() {
            let mut open = if groups.contains_key(start) { vec![] } else { vec![*start] };
            while let Some(id) = open.pop() {
                if groups.insert(id, start).is_none() {
                    open.extend(same.get(id).into_iter().flatten().copied());
                }
            }
        }
        let is_one = |pair: &ContactPair<Id>| {
            let group = groups.get(pair.first());
            group.is_some() && group == groups.get(pair.second())
        };
        let mut distinct = self.pairs.iter().filter(|(_, decision)| **decision == PairDecision::Distinct);
        let (pair, _) = distinct.find(|(pair, _)| is_one(pair))?;
        Some(DecisionError::Contradiction { pair: pair.clone(), chain: chain(&same, pair.first(), pair.second()) })
    }
}

/// Returns the shortest way between two contacts of one group, with both ends.
fn chain<Id: ContactId>(same: &BTreeMap<&Id, Vec<&Id>>, from: &Id, to: &Id) -> Vec<Id> {
    let mut before: BTreeMap<&Id, &Id> = BTreeMap::new();
    let mut open = vec![from];
    while !open.is_empty() && !before.contains_key(to) {
        let mut next = Vec::new();
        for id in open {
            for other in same.get(id).into_iter().flatten() {
                if *other != from && !before.contains_key(other) {
                    before.insert(other, id);
                    next.push(*other);
                }
            }
        }
        open = next;
    }
    let mut chain = vec![to.clone()];
    let mut at = to;
    while let Some(earlier) = before.get(at) {
        chain.push((*earlier).clone());
        at = earlier;
    }
    chain.reverse();
    chain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(a: u32, b: u32) -> ContactPair<u32> {
        ContactPair::new(a, b)
    }

    #[test]
    fn contradicting_decisions_are_named() {
        let decisions = Decisions::from_pairs([pair(1, 2), pair(2, 3)], [pair(4, 5), pair(3, 1)]);
        let error = DecisionError::Contradiction { pair: pair(1, 3), chain: vec![1, 2, 3] };
        assert_eq!(decisions, Err(error.clone()));
        assert_eq!(error.to_string(), "contacts 1 and 3 are said to be distinct and, by way of [1, 2, 3], the same");
        assert_eq!(Decisions::from_pairs([pair(7, 7)], []), Err(DecisionError::SameContact { id: 7 }));
        let both = Decisions::from_pairs([pair(1, 2)], [pair(2, 1)]);
        assert_eq!(both, Err(DecisionError::Contradiction { pair: pair(1, 2), chain: vec![1, 2] }));
    }

    #[test]
    fn a_later_decision_replaces_an_earlier_one() {
        let decisions = Decisions::new().with(1, 2, PairDecision::Same);
        let decisions = decisions.and_then(|decisions| decisions.with(2, 1, PairDecision::Distinct));
        let decisions = decisions.expect("no contradiction");
        assert_eq!(decisions.decision(&pair(1, 2)), Some(PairDecision::Distinct));
        assert_eq!((decisions.len(), decisions.pairs(PairDecision::Same).count()), (1, 0));
    }
}
