//! The contacts that already hold one of a contact's keys, and the common keys.

use std::collections::{BTreeMap, BTreeSet};

use crate::contact::{Contact, ContactId};
use crate::index::Index;
use crate::key::{Key, Strength};
use crate::normalize::{ContactKey, Place};
use crate::suggestion::group::Suggestion;

/// A contact of the index that holds keys of the requested contact.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Alike<Id> {
    /// The contact of the index.
    pub contact: Id,
    /// The keys that both contacts hold, in order; at least one.
    pub shared: Vec<SharedKey>,
}

/// A key that two contacts hold.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SharedKey {
    /// The key.
    pub key: Key,
    /// The strength of the link between the two contacts.
    pub strength: Strength,
    /// The value of the requested contact that gave the key.
    pub asked: Place,
    /// The value of the contact of the index that gave the key.
    pub held: Place,
}

/// A common key: too many active contacts hold it, so it joins no contacts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct CommonKey {
    /// The key.
    pub key: Key,
    /// The number of active contacts that hold it.
    pub holders: usize,
}

#[derive(Clone, Copy)]
enum Among {
    Active,
    Blocked,
}

impl<Id: ContactId> Index<Id> {
    /// Returns the active contacts that share a key with `contact` under the current rules, ordered by id.
    ///
    /// Use it for a contact that is not in the index yet, for example from a form or an import. A contact with the same
    /// id is skipped, and common keys do not count. Cost: O(k log n + m log m) for k keys and m matches.
    ///
    /// ```
    /// use onefold::{Contact, Index, Normalizer};
    ///
    /// let mut index = Index::new(Normalizer::new());
    /// index.insert(&Contact::new("7").with_email("ada@example.com"))?;
    /// let sign_up = Contact::new("new").with_email("ADA@example.com");
    /// assert_eq!(index.contacts_like(&sign_up)[0].contact, "7");
    /// # Ok::<(), onefold::IndexError<&str>>(())
    /// ```
    pub fn contacts_like(&self, contact: &Contact<Id>) -> Vec<Alike<Id>> {
        self.alike(contact, Among::Active)
    }

    /// Returns the blocked contacts that share a key with `contact`, ordered by id.
    ///
    /// A host can use it to recognise that a blocked person has come back. Common keys count here as well.
    pub fn matches_blocked(&self, contact: &Contact<Id>) -> Vec<Alike<Id>> {
        self.alike(contact, Among::Blocked)
    }

    /// Returns the common keys under the current rules, in order.
    ///
    /// A key counts as evidence again once fewer active contacts hold it. Cost: O(k log k) for k keys in the index.
    pub fn common_keys(&self) -> Vec<CommonKey> {
        let rules = self.rules();
        let mut common: Vec<CommonKey> = self
            .facts
            .keys
            .iter()
            .filter(|slot| rules.is_common(self.facts.keys.active_len(*slot)))
            .map(|slot| CommonKey { key: self.facts.keys.key(slot), holders: self.facts.keys.active_len(slot) })
            .collect();
        common.sort_unstable();
        common
    }

    /// Returns the active contacts that hold a key of a suggestion but are not members of it, in order.
    ///
    /// They hold the key too weakly, or they are marked distinct from its other holders. `rules::judge` takes them into
    /// account. Cost: O(p log p) for p holders.
    pub fn other_holders(&self, suggestion: &Suggestion<Id>) -> Vec<Id> {
        let slots = suggestion.evidence.iter().filter_map(|evidence| self.facts.keys.find(&evidence.key));
        let holders = slots.flat_map(|slot| self.facts.keys.active(slot)).map(|contact| self.id(contact));
        let others: BTreeSet<&Id> = holders.filter(|id| suggestion.members.binary_search(id).is_err()).collect();
        others.into_iter().cloned().collect()
    }

    fn alike(&self, contact: &Contact<Id>, among: Among) -> Vec<Alike<Id>> {
        let rules = self.rules();
        let mut alike: BTreeMap<&Id, Vec<SharedKey>> = BTreeMap::new();
        for ContactKey { key, derivation, place, .. } in self.normalizer().contact(contact).distinct() {
            let Some(slot) = self.facts.keys.find(&key) else { continue };
            let holders: Vec<u32> = match among {
                Among::Active if rules.is_common(self.facts.keys.active_len(slot)) => continue,
                Among::Active => self.facts.keys.active(slot).collect(),
                Among::Blocked => self.facts.keys.blocked(slot).collect(),
            };
            for other in holders.into_iter().filter(|&other| *self.id(other) != contact.id) {
                let Some(holding) = self.facts.holding(other, slot) else { continue };
                let link = derivation.link(holding.derivation).filter(|strength| *strength >= rules.min_strength);
                let Some(strength) = link else { continue };
                let held = self.facts.place(|| other, holding);
                let shared = SharedKey { key: key.clone(), strength, asked: place.clone(), held };
                alike.entry(self.id(other)).or_default().push(shared);
            }
        }
        alike.into_iter().map(|(id, shared)| Alike { contact: id.clone(), shared }).collect()
    }
}
