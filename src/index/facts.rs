//! The facts that suggestions are derived from, over dense slots: the keys of each contact, the blocked contacts and
//! the distinct pairs.

use std::collections::HashMap;

use crate::contact::Field;
use crate::distinct::DistinctPairs;
use crate::index::storage::holdings::{Holding, HoldingField, Holdings};
use crate::index::storage::keys::KeyTable;
use crate::key::KeyKind;
use crate::normalize::{ContactKey, Place};

/// All facts of an index, by contact slot. The slots of removed contacts are reused.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    holdings: Holdings,
    free: Vec<u32>,
    // One bit for each contact slot, in words of 64.
    blocked: Vec<u64>,
    // The fields of the holdings that are `HoldingField::Named`, by contact slot and key slot.
    named: HashMap<(u32, u32), Field>,
    /// The keys with their holders.
    pub(crate) keys: KeyTable,
    /// The distinct pairs.
    pub(crate) distinct: DistinctPairs,
}

impl Facts {
    /// Adds a contact that holds `keys` and returns its slot. Cost: O(k log n) for k keys.
    pub(crate) fn insert(&mut self, keys: Vec<ContactKey>) -> u32 {
        let slot = self.free.pop().unwrap_or_else(|| self.holdings.add_slot());
        let holdings = self.intern(slot, keys, &[]);
        self.post(slot, &holdings);
        self.holdings.set(slot, holdings);
        slot
    }

    /// Removes a contact with its block and its distinct pairs. Cost: O(k log n) for k keys.
    pub(crate) fn remove(&mut self, slot: u32) {
        self.distinct.remove(slot);
        let former = self.holdings.get(slot).to_vec();
        self.holdings.set(slot, Vec::new());
        self.forget_names(slot, &former);
        self.let_go(slot, &former);
        self.mark_blocked(slot, false);
        self.free.push(slot);
    }

    /// Replaces the keys of a contact. Its block and its distinct pairs stay. Cost: O(k log n) for k keys.
    pub(crate) fn update(&mut self, slot: u32, keys: Vec<ContactKey>) {
        // New keys are interned before old ones are released, so that a key that stays keeps its slot.
        let former = self.holdings.get(slot).to_vec();
        self.forget_names(slot, &former);
        let holdings = self.intern(slot, keys, &former);
        let holds = |all: &[Holding], key: u32| all.binary_search_by_key(&key, |holding| holding.key).is_ok();
        let gained = holdings.iter().filter(|holding| !holds(&former, holding.key));
        let gained: Vec<Holding> = gained.copied().collect();
        let lost: Vec<Holding> = former.into_iter().filter(|holding| !holds(&holdings, holding.key)).collect();
        self.holdings.set(slot, holdings);
        self.post(slot, &gained);
        self.let_go(slot, &lost);
    }

    /// Blocks a contact, and returns true if it was not blocked. Cost: O(k log n) for k keys.
    pub(crate) fn block(&mut self, slot: u32) -> bool {
        self.set_blocked(slot, true)
    }

    /// Unblocks a contact, and returns true if it was blocked. Cost: O(k log n) for k keys.
    pub(crate) fn unblock(&mut self, slot: u32) -> bool {
        self.set_blocked(slot, false)
    }

    /// Returns true if a contact is blocked.
    pub(crate) fn is_blocked(&self, slot: u32) -> bool {
        self.blocked.get(slot as usize / 64).is_some_and(|bits| bits >> (slot % 64) & 1 == 1)
    }

    /// Returns the holdings of a contact, ordered by key slot.
    pub(crate) fn holdings(&self, slot: u32) -> &[Holding] {
        self.holdings.get(slot)
    }

    /// Returns the holding of a key by a contact, if the contact holds the key.
    pub(crate) fn holding(&self, slot: u32, key: u32) -> Option<&Holding> {
        let holdings = self.holdings(slot);
        holdings.binary_search_by_key(&key, |holding| holding.key).ok().map(|place| &holdings[place])
    }

    /// Returns the number of contact slots, including unused ones.
    pub(crate) fn slots(&self) -> usize {
        self.holdings.slots()
    }

    /// Returns the field and position of the value that gave a holding.
    ///
    /// `slot` is called only for the rare fields whose names are stored apart from the holdings.
    pub(crate) fn place(&self, slot: impl FnOnce() -> u32, holding: &Holding) -> Place {
        let field = match holding.field {
            HoldingField::Phone => Field::Phone,
            HoldingField::Email => Field::Email,
            HoldingField::Channels => Field::Channels,
            HoldingField::Custom => Field::Custom(self.keys.key(holding.key).scope().into()),
            HoldingField::Named => {
                self.named.get(&(slot(), holding.key)).cloned().expect("the field of a named holding is known")
            }
        };
        Place { field, position: holding.position() }
    }

    /// Returns an estimate of the heap bytes in use. Cost: O(n).
    pub(crate) fn memory(&self) -> usize {
        self.holdings.memory()
            + self.free.capacity() * size_of::<u32>()
            + self.blocked.capacity() * size_of::<u64>()
            + self.named.capacity() * size_of::<((u32, u32), Field)>()
            + self.keys.memory()
            + self.distinct.memory()
    }

    fn set_blocked(&mut self, slot: u32, blocked: bool) -> bool {
        if self.is_blocked(slot) == blocked {
            return false;
        }
        self.mark_blocked(slot, blocked);
        let held = self.holdings.get(slot).to_vec();
        held.iter().for_each(|holding| self.keys.unpost(holding.key, slot));
        self.post(slot, &held);
        true
    }

    fn mark_blocked(&mut self, slot: u32, blocked: bool) {
        let word = slot as usize / 64;
        if blocked && self.blocked.len() <= word {
            self.blocked.resize(word + 1, 0);
        }
        if let Some(bits) = self.blocked.get_mut(word) {
            *bits = *bits & !(1 << (slot % 64)) | u64::from(blocked) << (slot % 64);
        }
    }

    fn forget_names(&mut self, slot: u32, former: &[Holding]) {
        for holding in former.iter().filter(|holding| holding.field == HoldingField::Named) {
            self.named.remove(&(slot, holding.key));
        }
    }

    fn intern(&mut self, slot: u32, keys: Vec<ContactKey>, former: &[Holding]) -> Vec<Holding> {
        let mut holdings: Vec<Holding> = keys.into_iter().map(|key| self.holding_of(slot, key, former)).collect();
        holdings.sort_by_key(|holding| holding.key);
        holdings
    }

    fn holding_of(&mut self, slot: u32, held: ContactKey, former: &[Holding]) -> Holding {
        let ContactKey { key, derivation, place, verified } = held;
        let field = match (&place.field, key.kind()) {
            (Field::Phone, _) => HoldingField::Phone,
            (Field::Email, _) => HoldingField::Email,
            (_, KeyKind::Custom) => HoldingField::Custom,
            (Field::Custom(_) | Field::Other(_), _) => HoldingField::Named,
            _ => HoldingField::Channels,
        };
        let key = self.keys.intern(&key, former.iter().map(|holding| holding.key));
        if field == HoldingField::Named {
            self.named.insert((slot, key), place.field);
        }
        Holding::new(key, derivation, field, (place.position, verified))
    }

    fn post(&mut self, slot: u32, holdings: &[Holding]) {
        let is_blocked = self.is_blocked(slot);
        for holding in holdings {
            if is_blocked { self.keys.post_blocked(holding.key, slot) } else { self.keys.post(holding.key, slot) }
        }
    }

    fn let_go(&mut self, slot: u32, former: &[Holding]) {
        for holding in former {
            self.keys.unpost(holding.key, slot);
            self.keys.release_if_unheld(holding.key);
        }
    }
}
