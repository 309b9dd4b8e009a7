//! What follows when a channel account comes to belong to another portfolio: the contacts on it get other keys, though
//! nobody wrote them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::Workspace;
use crate::rows::contact_row::DistinctMarks;
use onefold::contact::{Contact, ContactId};
use onefold::distinct::{Ancestry, DistinctMark, Known};
use onefold::key::{Key, KeyDigest};
use onefold::normalize::{ContactKey, Normalizer};

/// A contact that was given other keys.
#[derive(Clone)]
pub(crate) struct Rekeyed<Id> {
    pub(crate) id: Id,
    pub(crate) before: BTreeSet<ContactKey>,
    pub(crate) after: BTreeSet<ContactKey>,
}

/// The keys of everything that an id is or may come to be again.
struct IdKeys {
    /// Those that the live contact had that it is a part of.
    live_before: BTreeSet<Key>,
    /// All keys that one of the states has now.
    after: BTreeSet<Key>,
    /// The keys that a state has now and had not before.
    gained: BTreeSet<Key>,
}

impl<Id: ContactId> Workspace<Id> {
    /// Makes the keys anew of the contacts on some channel accounts, under what these belong to now, and gives the normaliser
    /// that read them before. O(n) to find them, and O(k log n) for the k keys of those whose keys are others.
    pub(crate) fn rekey(&mut self, accounts: &BTreeSet<&str>) -> Normalizer {
        let former = self.index.set_normalizer(self.normalizer_in_force());
        let normalizer = self.index.normalizer();
        let on_them = self.contacts().filter(|contact| is_on(contact, accounts));
        let rekeyed = on_them.filter_map(|contact| {
            let before: BTreeSet<ContactKey> = former.contact(contact).distinct().into_iter().collect();
            let after: BTreeSet<ContactKey> = normalizer.contact(contact).distinct().into_iter().collect();
            (before != after).then(|| Rekeyed { id: contact.id.clone(), before, after })
        });
        let rekeyed: Vec<Rekeyed<Id>> = rekeyed.collect();
        rekeyed.iter().for_each(|rekeyed| self.reindex(&rekeyed.id));
        self.rekeyed.extend(rekeyed);
        former
    }

    /// Adds what distinct pairs share only since contacts were rekeyed to what was known of them: it is no news, so that the
    /// pairs stay distinct. An id that was merged away counts with the images that an undo would bring back. `former` read
    /// the values before. O(v m log n) for v distinct pairs and the m merges on an id, and what the keys of those cost of which
    /// one was on the accounts.
    pub(crate) fn keep_distinct(&mut self, former: &Normalizer, accounts: &BTreeSet<&str>) {
        let mut concerned: BTreeMap<&Id, bool> = BTreeMap::new();
        for id in self.rows.distinct_pairs().keys().flat_map(|(a, b)| [a, b]) {
            concerned.entry(id).or_insert_with(|| self.states_of(id).iter().any(|state| is_on(state, accounts)));
        }
        let mut keys: BTreeMap<&Id, IdKeys> = BTreeMap::new();
        let mut renewed: Vec<(Id, Id, DistinctMarks)> = Vec::new();
        for ((a, b), distinct_pairs) in self.rows.distinct_pairs() {
            if !concerned[a] && !concerned[b] {
                continue;
            }
            for id in [a, b] {
                keys.entry(id).or_insert_with(|| self.keys_of_states(id, former));
            }
            let (a_keys, b_keys) = (&keys[a], &keys[b]);
            let is_gained = |key: &&Key| a_keys.gained.contains(*key) || b_keys.gained.contains(*key);
            let new: Vec<&Key> = a_keys.after.intersection(&b_keys.after).filter(is_gained).collect();
            // What has opened the question between the live contacts before stays news.
            let shared: BTreeSet<&Key> = a_keys.live_before.intersection(&b_keys.live_before).collect();
            let is_open = new.iter().any(|key| shared.contains(key)) && self.is_open(a, b, &shared);
            let new = new.into_iter().filter(|key| !(is_open && shared.contains(key)));
            let new: BTreeSet<KeyDigest> = new.map(Key::digest).collect();
            if !new.is_empty() {
                renewed.push((a.clone(), b.clone(), knowing(distinct_pairs, &new)));
            }
        }
        for (a, b, distinct_pairs) in renewed {
            self.rows.set_pair(&a, &b, Some(Arc::new(distinct_pairs)));
            self.refresh_distinct(&self.rows.current(&a).clone());
        }
    }

    /// Whether what the live contacts shared that two ids are a part of was news to all their marks.
    fn is_open(&self, a: &Id, b: &Id, shared: &BTreeSet<&Key>) -> bool {
        let (a, b) = (self.rows.current(a), self.rows.current(b));
        let is_common = |key: &Key| self.index.rules().is_common(self.index.active_holder_count(key));
        let usable: BTreeSet<KeyDigest> = shared.iter().filter(|key| !is_common(key)).map(|key| key.digest()).collect();
        let covers = |known: &Known| match known {
            Known::Keys(seen) => usable.is_subset(seen),
            Known::Forever => true,
        };
        a != b && !self.rows.marks_of(a).iter().any(|(other, known)| other == b && covers(known))
    }

    /// What an id may come to be again, the oldest first: its images before the merges that stand, and those of what it was
    /// merged into; and the live contact that it is a part of.
    fn states_of<'a>(&'a self, id: &'a Id) -> Vec<&'a Contact<Id>> {
        let (mut states, mut carrier) = (Vec::new(), id);
        for record in self.merges_since(id) {
            states.extend(record.patch().and_then(|patch| patch.image_before(carrier)));
            carrier = &record.survivor;
        }
        states.extend(self.get(self.rows.current(id)));
        states
    }

    fn keys_of_states(&self, id: &Id, former: &Normalizer) -> IdKeys {
        let of = |normalizer: &Normalizer, contact: &Contact<Id>| -> BTreeSet<Key> {
            normalizer.contact(contact).distinct().into_iter().map(|held| held.key).collect()
        };
        let mut keys = IdKeys { live_before: BTreeSet::new(), after: BTreeSet::new(), gained: BTreeSet::new() };
        for state in self.states_of(id) {
            let (before, after) = (of(former, state), of(self.index.normalizer(), state));
            keys.gained.extend(after.difference(&before).cloned());
            keys.after.extend(after);
            // The live contact is the last one.
            keys.live_before = before;
        }
        keys
    }
}

fn is_on<Id>(contact: &Contact<Id>, accounts: &BTreeSet<&str>) -> bool {
    contact.channels().iter().any(|channel| accounts.contains(channel.account.trim()))
}

/// The same marks, each of which knew these keys as well.
fn knowing(distinct_pairs: &DistinctMarks, new: &BTreeSet<KeyDigest>) -> DistinctMarks {
    let with_new = |mark: &DistinctMark| {
        let known = match &mark.known {
            Known::Keys(seen) => Known::Keys(seen.union(new).copied().collect()),
            Known::Forever => Known::Forever,
        };
        DistinctMark { known, carrier: mark.carrier.clone() }
    };
    DistinctMarks(distinct_pairs.0.iter().map(with_new).collect())
}
