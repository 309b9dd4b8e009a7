//! The shortest chain of evidence between two members of a group.

use std::collections::{HashMap, VecDeque};

use crate::contact::ContactId;
use crate::index::{Holding, Index};
use crate::key::{Key, Strength};
use crate::normalize::Place;
use crate::suggestion::links::{Judged, Spread};

/// One link of a chain of evidence: two contacts and the key that both hold.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Step<Id> {
    /// The contact nearer to the start of the chain.
    pub from: Id,
    /// The contact nearer to its end.
    pub to: Id,
    /// The key that both hold.
    pub key: Key,
    /// How strongly it links the two.
    pub strength: Strength,
    /// The value of `from` that gave the key.
    pub from_place: Place,
    /// The value of `to` that gave the key.
    pub to_place: Place,
}

impl<Id: ContactId> Index<Id> {
    /// Why two contacts are in one suggestion: a chain of links from `a` to `b` that no other chain is
    /// shorter than. Of equally short ones, keys that come first are preferred, then ids. `None` if no
    /// chain joins the two; empty if they are one. Costs at most what the group costs.
    pub fn why(&self, a: &Id, b: &Id) -> Option<Vec<Step<Id>>> {
        let (start, goal) = (self.slot(a).ok()?, self.slot(b).ok()?);
        if start == goal {
            return Some(Vec::new());
        }
        if self.facts.is_blocked(start) || self.facts.is_blocked(goal) {
            return None;
        }
        // Breadth first; a contact remembers from whom, and through which key, it was reached.
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
