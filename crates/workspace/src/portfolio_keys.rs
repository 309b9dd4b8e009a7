//! Key changes by a channel account that moves to another portfolio: the contacts on the account get other keys,
//! although no operation writes them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::Workspace;
use crate::rows::contact_row::DistinctMarks;
use crate::rows::rekeyed_contact::Rekeyed;
use onefold::contact::{Contact, ContactId, ContactPair};
use onefold::distinct::{Ancestry, DistinctMark, Known};
use onefold::key::{Key, KeyDigest};
use onefold::normalize::{ContactKey, Normalizer};

/// The keys of all states of an id, as in `states_of`.
struct IdKeys {
    /// The former keys of the live contact that the id belongs to.
    live_before: BTreeSet<Key>,
    /// The current keys of all states.
    after: BTreeSet<Key>,
    /// The keys that a state has now and did not have before.
    gained: BTreeSet<Key>,
}

impl<Id: ContactId> Workspace<Id> {
    /// Recomputes the keys of the contacts on `accounts` after a change of portfolios, and returns the former
    /// normaliser.
    ///
    /// Cost: O(n) to find the contacts, plus O(k log n) for the k keys of the contacts whose keys changed.
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

    /// Adds the keys that distinct pairs share only since the rekeying to the known keys of their marks, so that the
    /// pairs stay distinct. An id that was merged counts with the images that an undo would restore. `former` is the
    /// normaliser before the rekeying.
    ///
    /// Cost: O(v m log n) for v distinct pairs and m merges on an id, plus the normalisation of the states of each pair
    /// with a state on `accounts`.
    pub(crate) fn keep_distinct(&mut self, former: &Normalizer, accounts: &BTreeSet<&str>) {
        let mut concerned: BTreeMap<&Id, bool> = BTreeMap::new();
        for id in self.rows.distinct_pairs().keys().flat_map(ContactPair::ids) {
            concerned.entry(id).or_insert_with(|| self.states_of(id).iter().any(|state| is_on(state, accounts)));
        }
        let mut keys: BTreeMap<&Id, IdKeys> = BTreeMap::new();
        let mut renewed: Vec<(Id, Id, DistinctMarks)> = Vec::new();
        for (pair, distinct_pairs) in self.rows.distinct_pairs() {
            let [a, b] = pair.ids();
            if !concerned[a] && !concerned[b] {
                continue;
            }
            for id in [a, b] {
                keys.entry(id).or_insert_with(|| self.keys_of_states(id, former));
            }
            let (a_keys, b_keys) = (&keys[a], &keys[b]);
            let is_gained = |key: &&Key| a_keys.gained.contains(*key) || b_keys.gained.contains(*key);
            let new: Vec<&Key> = a_keys.after.intersection(&b_keys.after).filter(is_gained).collect();
            // A key that made the pair open before the rekeying stays unknown to its marks.
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

    /// Returns true if no mark of the pair covers all keys in `shared`, the keys that its live contacts shared before.
    /// Common keys do not count.
    fn is_open(&self, a: &Id, b: &Id, shared: &BTreeSet<&Key>) -> bool {
        let (a, b) = (self.rows.current(a), self.rows.current(b));
        let is_common = |key: &Key| self.index.rules().is_common(self.index.active_holder_count(key));
        let usable: BTreeSet<KeyDigest> = shared.iter().filter(|key| !is_common(key)).map(|key| key.digest()).collect();
        let covers = |known: &Known| match known {
            Known::Keys(seen) => usable.is_subset(seen),
            Known::Forever => true,
        };
        a != b && !self.rows.marks_of(a).iter().any(|mark| mark.partner == *b && covers(&mark.known))
    }

    /// Returns the possible states of an id, the oldest first: its images before the merges that stand, the images of
    /// the contacts that it was merged into, and the live contact that it belongs to.
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
            // The live contact is the last state.
            keys.live_before = before;
        }
        keys
    }
}

fn is_on<Id>(contact: &Contact<Id>, accounts: &BTreeSet<&str>) -> bool {
    contact.channels().iter().any(|channel| accounts.contains(channel.account.trim()))
}

/// Returns the marks with `new` added to the known keys of each.
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
