//! Bulk insertion: values are normalised on all cores, and the facts are added in the given order.

#[cfg(feature = "parallel")]
use rayon::prelude::*;

use crate::contact::{Contact, ContactId};
use crate::index::Index;
use crate::normalize::{ContactKeys, Normalizer, Rejection};

/// The number of contacts that are normalised before their facts are added: enough to keep all cores busy, and few
/// enough that the keys waiting to be added stay small.
const BATCH: usize = 16_384;

/// The outcome of adding many contacts at once.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Extended<Id> {
    /// The number of contacts that were added.
    pub inserted: usize,
    /// The ids that were in the index already or that occur more than once. The first record of an id is kept, and
    /// later ones are left out.
    pub duplicates: Vec<Id>,
    /// The values that gave no key, in the given order.
    pub rejections: Vec<ContactRejection<Id>>,
}

/// A value of a contact that gave no key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContactRejection<Id> {
    /// The contact.
    pub contact: Id,
    /// The value, and the reason why it gave no key.
    pub rejection: Rejection,
}

/// An index that was built from contacts, with a report on them.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Built<Id> {
    /// The index.
    pub index: Index<Id>,
    /// The number of contacts, the duplicate ids and the values that gave no key.
    pub extended: Extended<Id>,
}

impl<Id: ContactId> Index<Id> {
    /// Builds an index of `contacts`: [`Index::new`] followed by [`Index::extend`].
    pub fn build<'a>(normalizer: Normalizer, contacts: impl IntoIterator<Item = &'a Contact<Id>>) -> Built<Id>
    where
        Id: 'a,
    {
        let mut index = Self::new(normalizer);
        let extended = index.extend(contacts);
        Built { index, extended }
    }

    /// Adds contacts. The result is the same as that of inserting them one by one, for any number of threads.
    ///
    /// An id that is in the index already is left out and reported, because one bad row must not stop the others. Cost:
    /// O(k log n) for k keys in all.
    pub fn extend<'a>(&mut self, contacts: impl IntoIterator<Item = &'a Contact<Id>>) -> Extended<Id>
    where
        Id: 'a,
    {
        let mut extended = Extended { inserted: 0, duplicates: Vec::new(), rejections: Vec::new() };
        let mut contacts = contacts.into_iter();
        let before = self.len();
        loop {
            let batch: Vec<&Contact<Id>> = contacts.by_ref().take(BATCH).collect();
            if batch.is_empty() {
                if extended.inserted > before {
                    // A map collected from sorted entries has full nodes.
                    self.slots = std::mem::take(&mut self.slots).into_iter().collect();
                }
                return extended;
            }
            let found = normalize(&self.normalizer, &batch);
            for (contact, found) in batch.into_iter().zip(found) {
                if self.contains(&contact.id) {
                    extended.duplicates.push(contact.id.clone());
                    continue;
                }
                let inserted = self.insert_keys(contact.id.clone(), found);
                if let (true, Ok(slot)) = (contact.blocked, self.slot(&contact.id)) {
                    self.facts.block(slot);
                }
                extended.inserted += 1;
                let of_contact = |rejection| ContactRejection { contact: contact.id.clone(), rejection };
                extended.rejections.extend(inserted.rejections.into_iter().map(of_contact));
            }
        }
    }
}

#[cfg(feature = "parallel")]
fn normalize<Id: ContactId>(normalizer: &Normalizer, batch: &[&Contact<Id>]) -> Vec<ContactKeys> {
    batch.par_iter().with_min_len(64).map(|contact| normalizer.contact(contact)).collect()
}

#[cfg(not(feature = "parallel"))]
fn normalize<Id: ContactId>(normalizer: &Normalizer, batch: &[&Contact<Id>]) -> Vec<ContactKeys> {
    batch.iter().map(|contact| normalizer.contact(contact)).collect()
}
