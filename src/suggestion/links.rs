//! The links between contacts, and the way in which a key connects one holder to the others.
//!
//! A key with h holders stands for up to h(h-1)/2 links, which are never listed. A request removes holders from a list,
//! each of them at most once. So a key costs O(h), and each distinct pair O(1), however many contacts hold the key.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::distinct::Known;
use crate::index::{Facts, Holding, Rules};
use crate::key::{Derivation, Strength};

/// The links that follow from the facts under the current rules.
#[derive(Clone, Copy)]
pub(crate) struct Links<'a> {
    pub(crate) facts: &'a Facts,
    pub(crate) rules: Rules,
    judged: &'a Judged,
}

/// The pairs of contacts for which a request has found out whether they are distinct.
///
/// A pair that shares many keys comes up at each of them, and judging it reads all keys of both contacts.
#[derive(Default)]
pub(crate) struct Judged(Mutex<HashMap<(u32, u32), bool>>);

impl<'a> Links<'a> {
    /// Returns the links for one request.
    pub(crate) fn new(facts: &'a Facts, rules: Rules, judged: &'a Judged) -> Self {
        Self { facts, rules, judged }
    }

    /// Returns true if a key can join contacts: it has two or more active holders and is not common.
    pub(crate) fn can_join(&self, key: u32) -> bool {
        let holders = self.facts.keys.active_len(key);
        holders >= 2 && !self.rules.is_common(holders)
    }

    /// Returns the strength of the link that a key with these derivations makes between two active contacts, or `None`
    /// if the rules require more.
    pub(crate) fn strength(&self, a: Derivation, b: Derivation) -> Option<Strength> {
        a.link(b).filter(|strength| *strength >= self.rules.min_strength)
    }

    /// Returns the holdings of a contact that may link it to other contacts.
    pub(crate) fn joining(&self, contact: u32) -> impl Iterator<Item = &'a Holding> {
        let links = *self;
        self.facts
            .holdings(contact)
            .iter()
            .filter(move |holding| links.counts(holding.derivation) && links.can_join(holding.key))
    }

    /// Returns true if a holding with this derivation is linked to a direct one.
    fn counts(&self, derivation: Derivation) -> bool {
        derivation.strength() >= self.rules.min_strength
    }

    /// Returns true if two contacts are distinct: they were marked distinct, and the mark still holds.
    ///
    /// A mark no longer holds if a key links the two contacts now that they did not share when they were marked. Cost:
    /// O(k log k) for the k keys of the two contacts.
    pub(crate) fn is_distinct(&self, a: u32, b: u32) -> bool {
        if !self.facts.distinct.has_pair(a, b) {
            return false;
        }
        let pair = (a.min(b), a.max(b));
        // The map is valid even after a panic, because threads only insert whole entries.
        let judged = || self.judged.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(&is_distinct) = judged().get(&pair) {
            return is_distinct;
        }
        let is_distinct = self.judge(a, b);
        judged().insert(pair, is_distinct);
        is_distinct
    }

    fn judge(&self, a: u32, b: u32) -> bool {
        let (a, b) = if self.facts.holdings(a).len() <= self.facts.holdings(b).len() { (a, b) } else { (b, a) };
        // Two active contacts that share a key are two holders of it. Blocked contacts are judged by the same rule.
        let is_usable = |holding: &&Holding| {
            let holders = self.facts.keys.active_len(holding.key);
            self.counts(holding.derivation) && !self.rules.is_common(holders)
        };
        let usable = || {
            self.facts.holdings(a).iter().filter(is_usable).filter(|holding| {
                let other = self.facts.holding(b, holding.key);
                other.is_some_and(|other| self.strength(holding.derivation, other.derivation).is_some())
            })
        };
        self.facts.distinct.marks(a, b).any(|known| match known {
            Known::Forever => true,
            Known::Keys(seen) => usable().all(|holding| seen.contains(&self.facts.keys.key(holding.key).digest())),
        })
    }

    /// Returns the active holders that a key can link.
    pub(crate) fn spread(&self, key: u32) -> Spread<'a> {
        self.spread_among(key, self.facts.keys.active(key))
    }

    /// Like [`Links::spread`], for some of the active holders of a key.
    pub(crate) fn spread_among(&self, key: u32, holders: impl Iterator<Item = u32>) -> Spread<'a> {
        let mut spread = Spread { links: *self, key, direct: Vec::new(), partial: Vec::new(), has_distinct: false };
        for contact in holders {
            let Some(holding) = self.facts.holding(contact, key) else { continue };
            if !self.counts(holding.derivation) {
                continue;
            }
            spread.has_distinct |= self.facts.distinct.has_any(contact);
            match holding.derivation {
                Derivation::WithoutExtension => spread.partial.push(contact),
                _ => spread.direct.push(contact),
            }
        }
        spread
    }
}

/// The holders of one key that have not been reached yet.
pub(crate) struct Spread<'a> {
    links: Links<'a>,
    key: u32,
    /// The holders that are linked to every other holder.
    pub(crate) direct: Vec<u32>,
    /// The holders whose derivation removed an extension. They are linked to the direct ones, but not to each other.
    pub(crate) partial: Vec<u32>,
    /// True if one of the holders has a distinct mark.
    pub(crate) has_distinct: bool,
}

impl Spread<'_> {
    /// Returns true if every two holders are linked, so that no pair needs to be checked.
    pub(crate) fn is_complete(&self) -> bool {
        self.partial.is_empty() && !self.has_distinct
    }

    /// Removes and returns the holders that the key links to its holder `from`. `from` is removed as well.
    ///
    /// A holder stays if it is distinct from `from`, or if the derivations of both removed an extension.
    pub(crate) fn take(&mut self, from: u32) -> Vec<u32> {
        self.take_but(from, |_| false)
    }

    /// Like [`Spread::take`], but the holders for which `is_left` returns true stay as well.
    pub(crate) fn take_but(&mut self, from: u32, is_left: impl Fn(u32) -> bool) -> Vec<u32> {
        let Self { links, key, direct, partial, .. } = self;
        let has_distinct = links.facts.distinct.has_any(from);
        let mut taken = Vec::new();
        let mut take = |contact: &u32| {
            let stays = is_left(*contact) || (has_distinct && links.is_distinct(from, *contact));
            if !stays && *contact != from {
                taken.push(*contact);
            }
            stays && *contact != from
        };
        direct.retain(&mut take);
        let holding = links.facts.holding(from, *key);
        if holding.is_some_and(|holding| holding.derivation != Derivation::WithoutExtension) {
            partial.retain(&mut take);
        }
        taken
    }

    /// Returns a spanning forest of the links of this key, without the links for which `is_left` returns true.
    ///
    /// The first contact of each link is the one that the walk reached first. Cost: O(h + p) for h holders and p pairs
    /// that are distinct or left out.
    pub(crate) fn forest(mut self, is_left: impl Fn(u32, u32) -> bool) -> Vec<(u32, u32)> {
        let mut links = Vec::new();
        let mut reached = Vec::new();
        // Direct holders come first: after one of them, only those that are distinct from it are left.
        while let Some(start) = self.direct.pop().or_else(|| self.partial.pop()) {
            reached.push(start);
            while let Some(from) = reached.pop() {
                let taken = self.take_but(from, |to| is_left(from, to));
                links.extend(taken.iter().map(|&to| (from, to)));
                reached.extend(taken);
            }
        }
        links
    }
}
