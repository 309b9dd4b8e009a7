//! When two contacts are linked, and how a key spreads from one holder to the others.
//!
//! A key with h holders stands for up to h(h-1)/2 links. They are never listed: what a question needs
//! of them is found by taking holders off a list, each at most once, so a key costs O(h) and what was
//! marked distinct O(1) for each pair, however many hold the key.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::distinct::Known;
use crate::index::{Facts, Holding, Rules};
use crate::key::{Derivation, Strength};

/// Facts seen under the rules in force: what counts as a link.
#[derive(Clone, Copy)]
pub(crate) struct Links<'a> {
    pub(crate) facts: &'a Facts,
    pub(crate) rules: Rules,
    judged: &'a Judged,
}

/// The pairs that were judged while a question is answered: whether they are apart. A pair that shares many
/// keys comes up at each of them, and costs a look at all of them.
#[derive(Default)]
pub(crate) struct Judged(Mutex<HashMap<(u32, u32), bool>>);

impl<'a> Links<'a> {
    /// The facts under the rules, for one question.
    pub(crate) fn new(facts: &'a Facts, rules: Rules, judged: &'a Judged) -> Self {
        Self { facts, rules, judged }
    }

    /// Whether a key can join anyone: at least two active holders, and not too many.
    pub(crate) fn can_join(&self, key: u32) -> bool {
        let holders = self.facts.keys.active_len(key);
        holders >= 2 && !self.rules.is_common(holders)
    }

    /// How strongly a key links two active contacts that hold it in these ways, if strongly enough.
    pub(crate) fn strength(&self, a: Derivation, b: Derivation) -> Option<Strength> {
        a.link(b).filter(|strength| *strength >= self.rules.min_strength)
    }

    /// The holdings through which a contact may be joined to others.
    pub(crate) fn joining(&self, contact: u32) -> impl Iterator<Item = &'a Holding> {
        let links = *self;
        self.facts
            .holdings(contact)
            .iter()
            .filter(move |holding| links.counts(holding.derivation) && links.can_join(holding.key))
    }

    /// Whether a holding of this derivation links to a direct one.
    fn counts(&self, derivation: Derivation) -> bool {
        derivation.strength() >= self.rules.min_strength
    }

    /// Whether two contacts were marked distinct and nothing new has come up since: a key that links them
    /// now and that neither shared then opens the question again. O(k log k) for the keys of the two.
    pub(crate) fn is_distinct(&self, a: u32, b: u32) -> bool {
        if !self.facts.distinct.has_pair(a, b) {
            return false;
        }
        let pair = (a.min(b), a.max(b));
        // A thread that panicked has only ever added whole entries.
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
        // Of two active contacts the holders are at least two; a blocked one is judged by the same rule.
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
        self.facts.distinct.distinct_pairs(a, b).any(|known| match known {
            Known::Forever => true,
            Known::Keys(seen) => usable().all(|holding| seen.contains(&self.facts.keys.key(holding.key).digest())),
        })
    }

    /// The active holders of a key that can be linked through it.
    pub(crate) fn spread(&self, key: u32) -> Spread<'a> {
        self.spread_among(key, self.facts.keys.active(key))
    }

    /// The same for some of the active holders of a key.
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

/// The holders of one key that were not reached yet.
pub(crate) struct Spread<'a> {
    links: Links<'a>,
    key: u32,
    /// Holders that are linked to every other holder.
    pub(crate) direct: Vec<u32>,
    /// Holders that left an extension out: linked to the direct ones, not to one another.
    pub(crate) partial: Vec<u32>,
    /// Whether any of them was marked distinct from anyone.
    pub(crate) has_distinct: bool,
}

impl Spread<'_> {
    /// Whether the holders are linked all to all, so that no pair need be looked at.
    pub(crate) fn is_complete(&self) -> bool {
        self.partial.is_empty() && !self.has_distinct
    }

    /// Takes the holders off that `from`, a holder of the key, is linked to through it; `from` itself
    /// goes too. Holders that stay were marked distinct from `from`, or both left an extension out.
    pub(crate) fn take(&mut self, from: u32) -> Vec<u32> {
        self.take_but(from, |_| false)
    }

    /// The same, leaving also those for which `is_left` holds.
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

    /// A spanning forest of the links of this key, without the links for which `is_left` holds; each
    /// link is taken from the first of its two ends that the walk reaches. Empties the spread.
    /// O(h + p) for h holders and p pairs marked distinct or left out.
    pub(crate) fn forest(mut self, is_left: impl Fn(u32, u32) -> bool) -> Vec<(u32, u32)> {
        let mut links = Vec::new();
        let mut reached = Vec::new();
        // Direct holders come first: after one of them only those marked distinct from it are left.
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
