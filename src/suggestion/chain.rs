//! The shortest chain of evidence between two members of a group.

use std::collections::{HashMap, VecDeque};

use crate::contact::ContactId;
use crate::index::{Holding, Index};
use crate::key::{Key, Strength};
use crate::normalize::Place;
use crate::suggestion::links::{Judged, Spread};

/// One link of a chain of evidence: two contacts and a key that both hold.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Step<Id> {
    /// The contact nearer to the start of the chain.
    pub from: Id,
    /// The contact nearer to the end of the chain.
    pub to: Id,
    /// The key that both contacts hold.
    pub key: Key,
    /// The strength of the link between the two contacts.
    pub strength: Strength,
    /// The value of `from` that gave the key.
    pub from_place: Place,
    /// The value of `to` that gave the key.
    pub to_place: Place,
}

impl<Id: ContactId> Index<Id> {
    /// Returns a shortest chain of links from `a` to `b`, which shows why both are in one suggestion.
    ///
    /// Among chains of the same length, smaller keys are preferred, then smaller ids. The chain is empty if both ids
    /// are the same, and `None` if no chain connects them. The cost is at most that of the whole group.
    pub fn why(&self, a: &Id, b: &Id) -> Option<Vec<Step<Id>>> {
        let (start, goal) = (self.slot(a).ok()?, self.slot(b).ok()?);
        if start == goal {
            return Some(Vec::new());
        }
        if self.facts.is_blocked(start) || self.facts.is_blocked(goal) {
            return None;
        }
        // Breadth-first search. For each contact, `reached` has the contact and the key through which it was reached.
        let judged = Judged::default();
        let links = self.links(&judged);
        let mut reached: HashMap<u32, (u32, u32)> = HashMap::from([(start, (start, 0))]);
        let mut spreads: HashMap<u32, Spread<'_>> = HashMap::new();
        let mut queue = VecDeque::from([start]);
        while let Some(from) = queue.pop_front().filter(|_| !reached.contains_key(&goal)) {
            let mut holdings: Vec<&Holding> = links.joining(from).collect();
            holdings.sort_by_cached_key(|holding| self.facts.keys.key(holding.key));
            for holding in holdings {
                let spread = spreads.entry(holding.key).or_insert_with(|| links.spread(holding.key));
                let mut taken = spread.take(from);
                taken.retain(|to| !reached.contains_key(to));
                taken.sort_unstable_by(|&a, &b| self.id(a).cmp(self.id(b)));
                reached.extend(taken.iter().map(|&to| (to, (from, holding.key))));
                queue.extend(taken);
            }
        }
        let mut steps = Vec::new();
        let mut at = goal;
        while at != start {
            let &(from, key) = reached.get(&at)?;
            steps.push(self.step(from, at, key));
            at = from;
        }
        steps.reverse();
        Some(steps)
    }

    fn step(&self, from: u32, to: u32, key: u32) -> Step<Id> {
        let holding = |contact| self.facts.holding(contact, key).expect("both ends of a link hold its key");
        let (from_holding, to_holding) = (holding(from), holding(to));
        Step {
            from: self.id(from).clone(),
            to: self.id(to).clone(),
            key: self.facts.keys.key(key),
            strength: from_holding.derivation.link(to_holding.derivation).expect("both ends of a link are linked"),
            from_place: self.facts.place(|| from, from_holding),
            to_place: self.facts.place(|| to, to_holding),
        }
    }
}
