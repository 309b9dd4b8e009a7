//! The facts that suggestions are derived from, over dense slots: who holds which key, who is blocked,
//! and who was told apart.

use crate::contact::Field;
use crate::distinct::ToldApart;
use crate::index::keys::KeyTable;
use crate::key::{Derivation, KeyKind};
use crate::normalize::{ContactKey, MAX_VALUES_PER_FIELD, Place};

const _: () = assert!(MAX_VALUES_PER_FIELD <= u16::MAX as usize, "a position fits its 16 bits");

/// That a contact holds a key, and through which of its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Holding {
    /// The slot of the key.
    pub(crate) key: u32,
    /// By which rule the value gave the key.
    pub(crate) derivation: Derivation,
    field: HoldingField,
    // At most `MAX_VALUES_PER_FIELD`.
    position: u16,
}

/// Which field a key came from; the name of a custom field is the scope of its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum HoldingField {
    Phone,
    Email,
    Channels,
    Custom,
}

/// Everything that is known, over slots. Slots of removed contacts are used again.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    contacts: Vec<ContactSlot>,
    free: Vec<u32>,
    /// The keys and their holders.
    pub(crate) keys: KeyTable,
    /// The pairs that were told apart.
    pub(crate) apart: ToldApart,
}

#[derive(Clone, Debug, Default)]
struct ContactSlot {
    // Invariant: ordered by key slot, each key once.
    holdings: Box<[Holding]>,
    is_blocked: bool,
}

impl Facts {
    /// Adds a contact that holds `keys` and gives its slot. O(k log n) for k keys.
    pub(crate) fn insert(&mut self, keys: Vec<ContactKey>) -> u32 {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.contacts.push(ContactSlot::default());
            u32::try_from(self.contacts.len() - 1).expect("slots are numbered in 32 bits")
        });
        self.hold(slot, keys);
        slot
    }

    /// Takes a contact out, with everything that was said of it. O(k log n).
    pub(crate) fn remove(&mut self, slot: u32) {
        self.apart.remove(slot);
        self.let_go(slot);
        self.contacts[slot as usize] = ContactSlot::default();
        self.free.push(slot);
    }

    /// Gives a contact other keys; whether it is blocked or told apart stays. O(k log n).
    pub(crate) fn update(&mut self, slot: u32, keys: Vec<ContactKey>) {
        // Interning comes before letting go, so that a key that stays keeps its slot.
        let holdings = self.intern(keys);
        let former = std::mem::replace(&mut self.contacts[slot as usize].holdings, holdings);
        for holding in &former {
            let held = self.keys.get_mut(holding.key);
            held.active.remove(slot);
            held.blocked.remove(slot);
        }
        self.post(slot);
        former.iter().for_each(|holding| self.keys.release_if_unheld(holding.key));
    }

    /// Blocks a contact; whether it was not. O(k log n).
    pub(crate) fn block(&mut self, slot: u32) -> bool {
        self.set_blocked(slot, true)
    }

    /// Unblocks a contact; whether it was blocked. O(k log n).
    pub(crate) fn unblock(&mut self, slot: u32) -> bool {
        self.set_blocked(slot, false)
    }

    /// Whether a contact is blocked.
    pub(crate) fn is_blocked(&self, slot: u32) -> bool {
        self.contacts[slot as usize].is_blocked
    }

    /// What a contact holds, ordered by key slot.
    pub(crate) fn holdings(&self, slot: u32) -> &[Holding] {
        &self.contacts[slot as usize].holdings
    }

    /// How a contact holds a key, if it does.
    pub(crate) fn holding(&self, slot: u32, key: u32) -> Option<&Holding> {
        let holdings = self.holdings(slot);
        holdings.binary_search_by_key(&key, |holding| holding.key).ok().map(|place| &holdings[place])
    }

    /// The number of contact slots, in use or not.
    pub(crate) fn slots(&self) -> usize {
        self.contacts.len()
    }

    /// Which value of the contact gave a holding.
    pub(crate) fn place(&self, holding: &Holding) -> Place {
        let field = match holding.field {
            HoldingField::Phone => Field::Phone,
            HoldingField::Email => Field::Email,
            HoldingField::Channels => Field::Channels,
            HoldingField::Custom => Field::Custom(self.keys.get(holding.key).key.scope().into()),
        };
        Place { field, position: holding.position.into() }
    }

    /// An estimate of the heap bytes in use. O(n).
    pub(crate) fn memory(&self) -> usize {
        self.contacts.capacity() * size_of::<ContactSlot>()
            + self.contacts.iter().map(|contact| contact.holdings.len() * size_of::<Holding>()).sum::<usize>()
            + self.free.capacity() * size_of::<u32>()
            + self.keys.memory()
            + self.apart.memory()
    }

    fn set_blocked(&mut self, slot: u32, blocked: bool) -> bool {
        let contact = &mut self.contacts[slot as usize];
        if contact.is_blocked == blocked {
            return false;
        }
        contact.is_blocked = blocked;
        for holding in &contact.holdings {
            let held = self.keys.get_mut(holding.key);
            held.active.remove(slot);
            held.blocked.remove(slot);
        }
        self.post(slot);
        true
    }

    fn hold(&mut self, slot: u32, keys: Vec<ContactKey>) {
        self.contacts[slot as usize].holdings = self.intern(keys);
        self.post(slot);
    }

    fn intern(&mut self, keys: Vec<ContactKey>) -> Box<[Holding]> {
        let mut holdings: Vec<Holding> = keys.into_iter().map(|key| self.holding_of(key)).collect();
        holdings.sort_by_key(|holding| holding.key);
        holdings.into()
    }

    fn holding_of(&mut self, ContactKey { key, derivation, place }: ContactKey) -> Holding {
        let field = match (place.field, key.kind()) {
            (Field::Phone, _) => HoldingField::Phone,
            (Field::Email, _) => HoldingField::Email,
            (_, KeyKind::Custom) => HoldingField::Custom,
            _ => HoldingField::Channels,
        };
        let position = u16::try_from(place.position).expect("a field has at most MAX_VALUES_PER_FIELD values");
        Holding { key: self.keys.intern(key), derivation, field, position }
    }

    fn post(&mut self, slot: u32) {
        let Self { contacts, keys, .. } = self;
        let contact = &contacts[slot as usize];
        for holding in &contact.holdings {
            let held = keys.get_mut(holding.key);
            let postings = if contact.is_blocked { &mut held.blocked } else { &mut held.active };
            postings.insert(slot);
        }
    }

    fn let_go(&mut self, slot: u32) {
        for holding in std::mem::take(&mut self.contacts[slot as usize].holdings) {
            let held = self.keys.get_mut(holding.key);
            held.active.remove(slot);
            held.blocked.remove(slot);
            self.keys.release_if_unheld(holding.key);
        }
    }
}
