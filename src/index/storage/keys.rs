//! The keys of an index, each with its holders.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::RandomState;

use hashbrown::HashTable;

use crate::index::storage::key_store::{KeyStore, Sought};
use crate::index::storage::postings::Postings;
use crate::key::Key;

/// The number of likely slots that are compared before the key is looked up by its hash.
const MOST_LIKELY: usize = 4;

/// The keys that contacts hold, by slot and by value. The slot of a key without holders is reused.
///
/// Blocked holders are stored apart from active ones, so that they cannot influence a suggestion.
#[derive(Clone, Debug, Default)]
pub(crate) struct KeyTable {
    store: KeyStore,
    free: Vec<u32>,
    // Keys come from outside, so each table has a hash seed of its own: nobody can prepare keys that collide.
    by_key: HashTable<u32>,
    seed: RandomState,
    active: Postings,
    // A map, because few keys have a blocked holder. Invariant: no set is empty.
    blocked: BTreeMap<u32, BTreeSet<u32>>,
    // The buffer into which emails are packed, kept to avoid an allocation for each look-up.
    packed: Vec<u8>,
}

impl KeyTable {
    /// Returns the slot of `key`, which is a new one if no contact holds the key yet.
    ///
    /// `likely` are slots in use that are compared first. A contact that is updated usually keeps its keys, and their
    /// slots are read anyway.
    pub(crate) fn intern(&mut self, key: &Key, likely: impl Iterator<Item = u32>) -> u32 {
        let mut packed = std::mem::take(&mut self.packed);
        let sought = Sought::new(key, &mut packed);
        let mut likely = likely.take(MOST_LIKELY);
        let slot = match likely.find(|&slot| self.store.is(slot, &sought)) {
            Some(slot) => slot,
            None => self.intern_sought(&sought),
        };
        self.packed = packed;
        slot
    }

    fn intern_sought(&mut self, sought: &Sought<'_>) -> u32 {
        let hash = sought.hash(&self.seed);
        let Self { store, free, by_key, seed, active, .. } = self;
        if let Some(&slot) = by_key.find(hash, |&slot| store.is(slot, sought)) {
            return slot;
        }
        let slot = free.pop().unwrap_or_else(|| {
            active.add_key();
            store.add_slot()
        });
        store.put(slot, sought);
        by_key.insert_unique(hash, slot, |&other| store.hash_of(other, seed));
        slot
    }

    /// Returns the slot of `key`, if a contact holds it.
    pub(crate) fn find(&self, key: &Key) -> Option<u32> {
        let mut packed = Vec::new();
        let sought = Sought::new(key, &mut packed);
        self.by_key.find(sought.hash(&self.seed), |&slot| self.store.is(slot, &sought)).copied()
    }

    /// Returns the key in a slot in use. Cost: O(n) in its length.
    pub(crate) fn key(&self, slot: u32) -> Key {
        self.store.get(slot).expect("a key slot in use holds a key")
    }

    /// Returns the active holders of a key, in order.
    pub(crate) fn active(&self, slot: u32) -> impl Iterator<Item = u32> {
        self.active.iter(slot)
    }

    /// Returns the number of active holders of a key. Cost: O(1).
    pub(crate) fn active_len(&self, slot: u32) -> usize {
        self.active.len(slot)
    }

    /// Returns the blocked holders of a key, in order.
    pub(crate) fn blocked(&self, slot: u32) -> impl Iterator<Item = u32> {
        self.blocked.get(&slot).into_iter().flatten().copied()
    }

    /// Adds an active holder.
    pub(crate) fn post(&mut self, slot: u32, contact: u32) {
        self.active.insert(slot, contact);
    }

    /// Adds a blocked holder.
    pub(crate) fn post_blocked(&mut self, slot: u32, contact: u32) {
        self.blocked.entry(slot).or_default().insert(contact);
    }

    /// Removes a holder, active or blocked.
    pub(crate) fn unpost(&mut self, slot: u32, contact: u32) {
        self.active.remove(slot, contact);
        if let Some(blocked) = self.blocked.get_mut(&slot) {
            blocked.remove(&contact);
            if blocked.is_empty() {
                self.blocked.remove(&slot);
            }
        }
    }

    /// Frees the slot if its key has no holder left.
    pub(crate) fn release_if_unheld(&mut self, slot: u32) {
        if self.active.len(slot) > 0 || self.blocked.contains_key(&slot) || !self.store.is_used(slot) {
            return;
        }
        let hash = self.store.hash_of(slot, &self.seed);
        if let Ok(entry) = self.by_key.find_entry(hash, |&other| other == slot) {
            entry.remove();
        }
        self.store.remove(slot);
        self.free.push(slot);
    }

    /// Returns the slots in use. Callers must not let their order show.
    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> {
        (0..).take(self.slots()).filter(|slot| self.is_held(*slot))
    }

    /// Returns the number of keys that contacts hold.
    pub(crate) fn len(&self) -> usize {
        self.slots() - self.free.len()
    }

    /// Returns the number of slots, including unused ones.
    pub(crate) fn slots(&self) -> usize {
        self.store.slots()
    }

    /// Returns true if a slot is in use.
    pub(crate) fn is_held(&self, slot: u32) -> bool {
        self.store.is_used(slot)
    }

    /// Returns an estimate of the heap bytes in use. Cost: O(n).
    pub(crate) fn memory(&self) -> usize {
        let blocked = self.blocked.values().map(|blocked| blocked.len().div_ceil(7) * 56 + 48);
        self.store.memory()
            + self.active.memory()
            + self.by_key.allocation_size()
            + self.free.capacity() * size_of::<u32>()
            + blocked.sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::KeyKind;

    #[test]
    fn nobody_can_prepare_keys_that_collide() {
        let place = |table: &KeyTable| {
            let key = Key::new(KeyKind::Email, "", "ada@example.com");
            Sought::new(&key, &mut Vec::new()).hash(&table.seed)
        };
        assert_ne!(place(&KeyTable::default()), place(&KeyTable::default()), "each table has a seed of its own");
    }

    #[test]
    fn slots_are_used_again_once_nobody_holds_the_key() {
        let key = |value: &str| Key::new(KeyKind::Email, "", value);
        let mut table = KeyTable::default();
        let a = table.intern(&key("a"), std::iter::empty());
        assert_eq!(table.intern(&key("a"), std::iter::empty()), a);
        table.post(a, 1);
        table.post_blocked(a, 2);
        table.unpost(a, 1);
        table.release_if_unheld(a);
        assert_eq!(table.find(&key("a")), Some(a), "a blocked contact holds it");
        table.unpost(a, 2);
        table.release_if_unheld(a);
        assert_eq!(table.find(&key("a")), None);
        assert_eq!(table.intern(&key("b"), std::iter::empty()), a);
        assert_eq!((table.len(), table.slots()), (1, 1));
    }
}
