//! The keys of an index, each with its holders.

use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;

use crate::index::postings::Postings;
use crate::key::Key;

/// One key and who holds it. Blocked holders stand apart, so that they have no influence by construction.
#[derive(Clone, Debug)]
pub(crate) struct KeySlot {
    /// The key.
    pub(crate) key: Key,
    /// The holders that are not blocked.
    pub(crate) active: Postings,
    /// The holders that are blocked.
    pub(crate) blocked: Postings,
}

/// The keys that somebody holds, by slot and by value. Slots are used again once nobody holds a key.
#[derive(Clone, Debug, Default)]
pub(crate) struct KeyTable {
    slots: Vec<Option<KeySlot>>,
    free: Vec<u32>,
    // Keys come from outside, so the hash is seeded anew for each table: nobody can prepare collisions.
    by_key: HashTable<u32>,
    hasher: RandomState,
}

impl KeyTable {
    /// The slot of `key`, a new one if nobody holds it yet.
    pub(crate) fn intern(&mut self, key: Key) -> u32 {
        let hash = self.hasher.hash_one(&key);
        let Self { slots, free, by_key, hasher } = self;
        let is_same = |&slot: &u32| slots[slot as usize].as_ref().is_some_and(|held| held.key == key);
        if let Some(&slot) = by_key.find(hash, is_same) {
            return slot;
        }
        let slot = free.pop().unwrap_or_else(|| {
            slots.push(None);
            u32::try_from(slots.len() - 1).expect("slots are numbered in 32 bits")
        });
        slots[slot as usize] = Some(KeySlot { key, active: Postings::default(), blocked: Postings::default() });
        by_key.insert_unique(hash, slot, |&other| hasher.hash_one(&expect_held(slots, other).key));
        slot
    }

    /// The slot of `key`, if somebody holds it.
    pub(crate) fn find(&self, key: &Key) -> Option<u32> {
        let is_same = |&slot: &u32| self.get(slot).key == *key;
        self.by_key.find(self.hasher.hash_one(key), is_same).copied()
    }

    /// The key in a slot that is in use.
    pub(crate) fn get(&self, slot: u32) -> &KeySlot {
        expect_held(&self.slots, slot)
    }

    /// The same, to change its holders.
    pub(crate) fn get_mut(&mut self, slot: u32) -> &mut KeySlot {
        self.slots[slot as usize].as_mut().expect("a key slot in use holds a key")
    }

    /// Gives the slot back if nobody holds its key any more.
    pub(crate) fn release_if_unheld(&mut self, slot: u32) {
        let held = self.get(slot);
        if held.active.len() + held.blocked.len() > 0 {
            return;
        }
        let hash = self.hasher.hash_one(&held.key);
        if let Ok(entry) = self.by_key.find_entry(hash, |&other| other == slot) {
            entry.remove();
        }
        self.slots[slot as usize] = None;
        self.free.push(slot);
    }

    /// The slots in use, with their keys, in no order that a caller may see.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &KeySlot)> {
        (0..).zip(&self.slots).filter_map(|(slot, held)| held.as_ref().map(|held| (slot, held)))
    }

    /// The number of keys that somebody holds.
    pub(crate) fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    /// The number of slots, in use or not.
    pub(crate) fn slots(&self) -> usize {
        self.slots.len()
    }

    /// The key in a slot, if it is in use.
    pub(crate) fn get_if_held(&self, slot: u32) -> Option<&KeySlot> {
        self.slots.get(slot as usize)?.as_ref()
    }

    /// An estimate of the heap bytes in use. O(n).
    pub(crate) fn memory(&self) -> usize {
        let held = self.iter().map(|(_, held)| {
            held.key.value().len() + held.key.scope().len() + held.active.memory() + held.blocked.memory()
        });
        self.slots.capacity() * size_of::<Option<KeySlot>>()
            + self.by_key.capacity() * (size_of::<u32>() + 1)
            + self.free.capacity() * size_of::<u32>()
            + held.sum::<usize>()
    }
}

fn expect_held(slots: &[Option<KeySlot>], slot: u32) -> &KeySlot {
    slots[slot as usize].as_ref().expect("a key slot in use holds a key")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::KeyKind;

    #[test]
    fn slots_are_used_again_once_nobody_holds_the_key() {
        let key = |value: &str| Key::new(KeyKind::Email, "", value);
        let mut table = KeyTable::default();
        let a = table.intern(key("a"));
        assert_eq!(table.intern(key("a")), a);
        table.get_mut(a).active.insert(1);
        table.release_if_unheld(a);
        assert_eq!(table.find(&key("a")), Some(a));
        table.get_mut(a).active.remove(1);
        table.release_if_unheld(a);
        assert_eq!(table.find(&key("a")), None);
        assert_eq!(table.intern(key("b")), a);
        assert_eq!((table.len(), table.slots()), (1, 1));
    }
}
