//! Which contact holds which key: insert, update, remove, block, mark distinct.
//!
//! The index is the only state of detection. It keeps facts; groups are derived from them each time, since
//! a union cannot be taken back and a fact can.

mod batch;
mod distinct_pairs;
mod error;
mod facts;
mod lineage;
mod rules;
#[cfg(feature = "serde")]
mod snapshot;
mod storage;

use std::collections::BTreeMap;
use std::fmt;

use crate::contact::{Contact, ContactId};
use crate::index::lineage::Lineage;
use crate::index::storage::pages::Pages;
use crate::key::Key;
use crate::normalize::{ContactKey, ContactKeys, Normalizer, Region, Rejection};

pub use batch::{Built, Extended};
pub use error::IndexError;
pub(crate) use facts::Facts;
pub use rules::Rules;
#[cfg(feature = "serde")]
pub use snapshot::KEY_RULES;
pub(crate) use storage::holdings::Holding;

/// What became of a contact that was inserted or updated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Inserted {
    /// How many different keys the contact holds.
    pub keys: usize,
    /// The values that gave no key, and why.
    pub rejections: Vec<Rejection>,
}

/// The contacts of one workspace and the keys they hold.
///
/// What an index answers depends on its facts only: the order of the calls that brought it to where it
/// is, the number of threads and the hash seed change nothing that a caller can see.
///
/// ```
/// use onefold::{Contact, Index, Normalizer};
///
/// let mut index = Index::new(Normalizer::new());
/// index.insert(&Contact::new(1).with_email("ada@example.com"))?;
/// index.insert(&Contact::new(2).with_email("Ada@Example.com").with_phone("+44 20 7946 0958"))?;
/// index.insert(&Contact::new(3).with_phone("+442079460958"))?;
/// let suggestions = index.suggestions();
/// assert_eq!(suggestions[0].members, [1, 2, 3]);
///
/// index.mark_distinct(&1, &2)?;
/// assert_eq!(index.suggestions()[0].members, [2, 3]);
/// # Ok::<(), onefold::IndexError<i32>>(())
/// ```
#[derive(Clone)]
pub struct Index<Id> {
    normalizer: Normalizer,
    rules: Rules,
    // An ordered map: pages start at any id, and ids from outside cannot collide in it.
    slots: BTreeMap<Id, u32>,
    // Invariant: `ids[slot]` is the key of `slots` that maps to `slot`; of a slot not in use, whose it was.
    ids: Pages<Id>,
    // Invariant: `facts.apart` follows from it, unless a host keeps the pairs of original ids itself.
    lineage: Lineage<Id>,
    pub(crate) facts: Facts,
}

impl<Id: ContactId> Index<Id> {
    /// An index without contacts that reads values with `normalizer`, by the default rules.
    pub fn new(normalizer: Normalizer) -> Self {
        Self {
            normalizer,
            rules: Rules::new(),
            slots: BTreeMap::new(),
            ids: Pages::default(),
            lineage: Lineage::default(),
            facts: Facts::default(),
        }
    }

    /// The same index under other rules. Rules are read when a question is asked, so changing them
    /// costs nothing.
    #[must_use]
    pub fn with_rules(mut self, rules: Rules) -> Self {
        self.rules = rules;
        self
    }

    /// Puts the index under other rules.
    pub fn set_rules(&mut self, rules: Rules) {
        self.rules = rules;
    }

    /// The rules in force.
    pub fn rules(&self) -> Rules {
        self.rules
    }

    /// Reads values with another normaliser from now on, and gives the one before. The caller updates the contacts that it
    /// reads otherwise.
    #[doc(hidden)]
    pub fn set_normalizer(&mut self, normalizer: Normalizer) -> Normalizer {
        std::mem::replace(&mut self.normalizer, normalizer)
    }

    /// The normaliser that reads the values.
    pub fn normalizer(&self) -> &Normalizer {
        &self.normalizer
    }

    /// Adds a contact, blocked if it says so. O(k log n) for k keys.
    ///
    /// # Errors
    /// [`IndexError::DuplicateContact`] if the id is in the index already; nothing changes then.
    pub fn insert(&mut self, contact: &Contact<Id>) -> Result<Inserted, IndexError<Id>> {
        self.check_absent(&contact.id)?;
        let inserted = self.insert_keys(contact.id.clone(), self.normalizer.contact(contact));
        if contact.blocked {
            self.block(&contact.id)?;
        }
        Ok(inserted)
    }

    /// Adds a contact by its bare phones and emails, for a host that streams rows. `region` comes before
    /// the normaliser's default region. O(k log n) for k keys.
    ///
    /// # Errors
    /// As [`Index::insert`].
    pub fn insert_values(
        &mut self,
        id: Id,
        phones: &[&str],
        emails: &[&str],
        region: Option<Region>,
    ) -> Result<Inserted, IndexError<Id>> {
        self.check_absent(&id)?;
        Ok(self.insert_keys(id, self.normalizer.values(phones, emails, region)))
    }

    /// Takes a contact's new values in place of its old ones. Whether it is blocked and whom it was told
    /// apart from stays: those are decisions, not values. O(k log n) for k keys.
    ///
    /// # Errors
    /// [`IndexError::UnknownContact`] if the id is not in the index.
    pub fn update(&mut self, contact: &Contact<Id>) -> Result<Inserted, IndexError<Id>> {
        let slot = self.slot(&contact.id)?;
        Ok(self.update_keys(slot, self.normalizer.contact(contact)))
    }

    /// The same as [`Index::update`], by bare phones and emails.
    ///
    /// # Errors
    /// As [`Index::update`].
    pub fn update_values(
        &mut self,
        id: &Id,
        phones: &[&str],
        emails: &[&str],
        region: Option<Region>,
    ) -> Result<Inserted, IndexError<Id>> {
        let slot = self.slot(id)?;
        Ok(self.update_keys(slot, self.normalizer.values(phones, emails, region)))
    }

    /// Takes a contact out, with its block, whom it was marked distinct from, and all that it is made of: one that was deleted.
    /// For one that was merged into another one there is [`Index::apply_merge`]. O(k log n) for k keys.
    ///
    /// # Errors
    /// [`IndexError::UnknownContact`] if the id is not in the index.
    pub fn remove(&mut self, id: &Id) -> Result<(), IndexError<Id>> {
        self.take_out(id)?;
        self.lineage.forget(id);
        Ok(())
    }

    /// Takes a contact out; what is known of its id stays.
    fn take_out(&mut self, id: &Id) -> Result<(), IndexError<Id>> {
        let slot = self.slot(id)?;
        self.slots.remove(id);
        self.facts.remove(slot);
        Ok(())
    }

    /// Blocks a contact: until it is unblocked, suggestions are as if it were not there. Whether it was
    /// not blocked before. O(k log n) for k keys.
    ///
    /// # Errors
    /// [`IndexError::UnknownContact`] if the id is not in the index.
    pub fn block(&mut self, id: &Id) -> Result<bool, IndexError<Id>> {
        self.slot(id).map(|slot| self.facts.block(slot))
    }

    /// Unblocks a contact, which brings everything back. Whether it was blocked before. O(k log n) for k
    /// keys.
    ///
    /// # Errors
    /// [`IndexError::UnknownContact`] if the id is not in the index.
    pub fn unblock(&mut self, id: &Id) -> Result<bool, IndexError<Id>> {
        self.slot(id).map(|slot| self.facts.unblock(slot))
    }

    /// Whether a contact is blocked; `false` if it is not in the index.
    pub fn is_blocked(&self, id: &Id) -> bool {
        self.slots.get(id).is_some_and(|&slot| self.facts.is_blocked(slot))
    }

    /// The active contacts that hold a key, in no order.
    #[doc(hidden)]
    pub fn active_holders(&self, key: &Key) -> impl Iterator<Item = &Id> {
        let slot = self.facts.keys.find(key);
        let holders = slot.into_iter().flat_map(|slot| self.facts.keys.active(slot));
        holders.map(|holder| self.id(holder))
    }

    /// How many active contacts hold a key. O(1).
    #[doc(hidden)]
    pub fn active_holder_count(&self, key: &Key) -> usize {
        self.facts.keys.find(key).map_or(0, |slot| self.facts.keys.active_len(slot))
    }

    /// Whether a contact is in the index.
    pub fn contains(&self, id: &Id) -> bool {
        self.slots.contains_key(id)
    }

    /// The number of contacts, blocked ones included.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether there is no contact.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// The number of different keys that the contacts hold, those of blocked ones included.
    pub fn key_count(&self) -> usize {
        self.facts.keys.len()
    }

    /// The ids of the blocked contacts, in order. O(n).
    pub fn blocked_ids(&self) -> impl Iterator<Item = &Id> {
        self.slots.iter().filter(|(_, slot)| self.facts.is_blocked(**slot)).map(|(id, _)| id)
    }

    /// The ids in order.
    pub fn ids(&self) -> impl Iterator<Item = &Id> {
        self.slots.keys()
    }

    /// The keys of a contact, ordered by key, each with the value that gives it most directly; none if
    /// it is not in the index.
    pub fn keys_of(&self, id: &Id) -> Vec<ContactKey> {
        let Some(&slot) = self.slots.get(id) else { return Vec::new() };
        let mut keys: Vec<ContactKey> =
            self.facts.holdings(slot).iter().map(|holding| self.contact_key(slot, holding)).collect();
        keys.sort();
        keys
    }

    /// An estimate of the bytes in use, those behind ids (such as long texts) apart. O(n).
    pub fn memory(&self) -> usize {
        // A node of a `BTreeMap` has 11 entries and 16 bytes beside them, and is about three quarters full.
        let node = 11 * (size_of::<Id>() + size_of::<u32>()) + 16;
        size_of::<Self>()
            + self.slots.len() * node * 4 / (3 * 11)
            + self.ids.memory()
            + self.facts.memory()
            + self.lineage.memory()
    }

    pub(crate) fn slot(&self, id: &Id) -> Result<u32, IndexError<Id>> {
        self.slots.get(id).copied().ok_or_else(|| IndexError::UnknownContact { id: id.clone() })
    }

    /// The id in a slot that is in use.
    pub(crate) fn id(&self, slot: u32) -> &Id {
        self.ids.get(slot).expect("a contact slot has an id")
    }

    /// The ids after `after`, or all of them, in order, with their slots.
    pub(crate) fn slots_after(&self, after: Option<&Id>) -> impl Iterator<Item = u32> {
        use std::ops::Bound::{Excluded, Unbounded};
        self.slots.range((after.map_or(Unbounded, Excluded), Unbounded)).map(|(_, &slot)| slot)
    }

    fn contact_key(&self, slot: u32, holding: &Holding) -> ContactKey {
        let key = self.facts.keys.key(holding.key);
        let (derivation, verified) = (holding.derivation, holding.is_verified());
        ContactKey { key, derivation, place: self.facts.place(|| slot, holding), verified }
    }

    fn check_absent(&self, id: &Id) -> Result<(), IndexError<Id>> {
        if self.contains(id) { Err(IndexError::DuplicateContact { id: id.clone() }) } else { Ok(()) }
    }

    /// Adds a contact by what its values gave; one that is there already stays as it is.
    pub(crate) fn insert_found(&mut self, id: Id, found: ContactKeys) {
        if !self.contains(&id) {
            self.insert_keys(id, found);
        }
    }

    fn insert_keys(&mut self, id: Id, found: ContactKeys) -> Inserted {
        let rejections = found.rejections.clone();
        let keys = found.distinct();
        let count = keys.len();
        let slot = self.facts.insert(keys);
        match self.ids.get_mut(slot) {
            Some(former) => *former = id.clone(),
            None => self.ids.push(id.clone()),
        }
        let returning = self.lineage.is_merged_away(&id).then(|| id.clone());
        self.slots.insert(id, slot);
        if let Some(id) = returning {
            self.return_from_merge(&id);
        }
        Inserted { keys: count, rejections }
    }

    fn update_keys(&mut self, slot: u32, found: ContactKeys) -> Inserted {
        let rejections = found.rejections.clone();
        let keys = found.distinct();
        let count = keys.len();
        self.facts.update(slot, keys);
        Inserted { keys: count, rejections }
    }
}

impl<Id> fmt::Debug for Index<Id> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (contacts, keys) = (self.slots.len(), self.facts.keys.len());
        f.debug_struct("Index").field("contacts", &contacts).field("keys", &keys).finish_non_exhaustive()
    }
}
