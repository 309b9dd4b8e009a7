//! The index of a workspace: the keys of each contact, the blocked contacts and the distinct pairs.
//!
//! The index is the only state of duplicate detection. It keeps facts, and groups are derived from them on each
//! request, because a fact can be removed, but a union of groups cannot.

mod batch;
mod distinct_marks;
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

pub use batch::{Built, ContactRejection, Extended};
pub use error::IndexError;
pub(crate) use facts::Facts;
pub use rules::Rules;
#[cfg(feature = "serde")]
pub use snapshot::KEY_RULES;
pub(crate) use storage::holdings::Holding;

/// The outcome of inserting or updating a contact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Inserted {
    /// The number of different keys that the contact holds.
    pub keys: usize,
    /// The values that gave no key, each with the reason.
    pub rejections: Vec<Rejection>,
}

/// The contacts of one workspace with the keys that they hold.
///
/// The results depend on the facts only. The order of the calls that built the index, the number of threads and the
/// hash seed have no visible effect.
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
    // An ordered map, because pages start at any id, and because ids from outside cannot collide in it.
    slots: BTreeMap<Id, u32>,
    // Invariant: `ids[slot]` is the id that `slots` maps to `slot`. For an unused slot, it is the id of its last
    // contact.
    ids: Pages<Id>,
    // Invariant: `facts.distinct` follows from it, unless a host keeps the pairs of original ids itself.
    lineage: Lineage<Id>,
    pub(crate) facts: Facts,
}

impl<Id: ContactId> Index<Id> {
    /// Returns an index without contacts that reads values with `normalizer` and has the default rules.
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

    /// Returns the index with other rules.
    ///
    /// Rules are applied when suggestions are requested, so changing them costs nothing.
    #[must_use]
    pub fn with_rules(mut self, rules: Rules) -> Self {
        self.rules = rules;
        self
    }

    /// Replaces the rules of the index.
    pub fn set_rules(&mut self, rules: Rules) {
        self.rules = rules;
    }

    /// Returns the rules of the index.
    pub fn rules(&self) -> Rules {
        self.rules
    }

    /// Replaces the normaliser and returns the former one.
    ///
    /// The caller must update all contacts whose values the new normaliser reads differently.
    #[doc(hidden)]
    pub fn set_normalizer(&mut self, normalizer: Normalizer) -> Normalizer {
        std::mem::replace(&mut self.normalizer, normalizer)
    }

    /// Returns the normaliser that reads the values.
    pub fn normalizer(&self) -> &Normalizer {
        &self.normalizer
    }

    /// Adds a contact, and blocks it if its record says so. Cost: O(k log n) for k keys.
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

    /// Adds a contact by its phones and emails alone, for a host that streams rows.
    ///
    /// `region` takes precedence over the default region of the normaliser. Cost: O(k log n) for k keys.
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

    /// Replaces the values of a contact. Its block and its distinct pairs stay, since they are decisions and not
    /// values.
    ///
    /// Cost: O(k log n) for k keys.
    ///
    /// # Errors
    /// [`IndexError::UnknownContact`] if the id is not in the index.
    pub fn update(&mut self, contact: &Contact<Id>) -> Result<Inserted, IndexError<Id>> {
        let slot = self.slot(&contact.id)?;
        Ok(self.update_keys(slot, self.normalizer.contact(contact)))
    }

    /// Like [`Index::update`], with phones and emails alone.
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

    /// Removes a deleted contact with its block, its distinct pairs and its original ids.
    ///
    /// For a contact that was merged into another one, use [`Index::apply_merge`]. Cost: O(k log n) for k keys.
    ///
    /// # Errors
    /// [`IndexError::UnknownContact`] if the id is not in the index.
    pub fn remove(&mut self, id: &Id) -> Result<(), IndexError<Id>> {
        self.take_out(id)?;
        self.lineage.forget(id);
        Ok(())
    }

    /// Removes a contact and its facts, but keeps the lineage of its id.
    fn take_out(&mut self, id: &Id) -> Result<(), IndexError<Id>> {
        let slot = self.slot(id)?;
        self.slots.remove(id);
        self.facts.remove(slot);
        Ok(())
    }

    /// Blocks a contact, and returns true if it was not blocked before.
    ///
    /// Suggestions are as if a blocked contact were not in the index. Cost: O(k log n) for k keys.
    ///
    /// # Errors
    /// [`IndexError::UnknownContact`] if the id is not in the index.
    pub fn block(&mut self, id: &Id) -> Result<bool, IndexError<Id>> {
        self.slot(id).map(|slot| self.facts.block(slot))
    }

    /// Unblocks a contact with all its keys and distinct pairs, and returns true if it was blocked before.
    ///
    /// Cost: O(k log n) for k keys.
    ///
    /// # Errors
    /// [`IndexError::UnknownContact`] if the id is not in the index.
    pub fn unblock(&mut self, id: &Id) -> Result<bool, IndexError<Id>> {
        self.slot(id).map(|slot| self.facts.unblock(slot))
    }

    /// Returns true if the contact is in the index and blocked.
    pub fn is_blocked(&self, id: &Id) -> bool {
        self.slots.get(id).is_some_and(|&slot| self.facts.is_blocked(slot))
    }

    /// Returns the active contacts that hold a key, in no order.
    #[doc(hidden)]
    pub fn active_holders(&self, key: &Key) -> impl Iterator<Item = &Id> {
        let slot = self.facts.keys.find(key);
        let holders = slot.into_iter().flat_map(|slot| self.facts.keys.active(slot));
        holders.map(|holder| self.id(holder))
    }

    /// Returns the number of active contacts that hold a key. Cost: O(1).
    #[doc(hidden)]
    pub fn active_holder_count(&self, key: &Key) -> usize {
        self.facts.keys.find(key).map_or(0, |slot| self.facts.keys.active_len(slot))
    }

    /// Returns true if the index has a contact with this id.
    pub fn contains(&self, id: &Id) -> bool {
        self.slots.contains_key(id)
    }

    /// Returns the number of contacts, including blocked ones.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Returns true if the index has no contact.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Returns the number of different keys that the contacts hold, including those of blocked contacts.
    pub fn key_count(&self) -> usize {
        self.facts.keys.len()
    }

    /// Returns the ids of the blocked contacts, in order. Cost: O(n).
    pub fn blocked_ids(&self) -> impl Iterator<Item = &Id> {
        self.slots.iter().filter(|(_, slot)| self.facts.is_blocked(**slot)).map(|(id, _)| id)
    }

    /// Returns the ids of all contacts, in order.
    pub fn ids(&self) -> impl Iterator<Item = &Id> {
        self.slots.keys()
    }

    /// Returns the keys of a contact in order, each with the value that gives it most directly.
    ///
    /// There are none if the id is not in the index.
    pub fn keys_of(&self, id: &Id) -> Vec<ContactKey> {
        let Some(&slot) = self.slots.get(id) else { return Vec::new() };
        let mut keys: Vec<ContactKey> =
            self.facts.holdings(slot).iter().map(|holding| self.contact_key(slot, holding)).collect();
        keys.sort();
        keys
    }

    /// Returns an estimate of the bytes in use, without heap bytes that ids own, such as long texts. Cost: O(n).
    pub fn memory(&self) -> usize {
        // A node of a `BTreeMap` has 11 entries and 16 further bytes, and is about three quarters full.
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

    /// Returns the id of a slot in use.
    pub(crate) fn id(&self, slot: u32) -> &Id {
        self.ids.get(slot).expect("a contact slot has an id")
    }

    /// Returns the slots of the contacts in order of their ids, starting after `after` or, without it, at the first id.
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

    /// Adds a contact with the keys of its values. Does nothing if the id is in the index already.
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
