//! Checks that verified values connect the contacts of a merge.

use std::collections::BTreeMap;

use crate::contact::{Contact, ContactId};
use crate::key::{Derivation, Key, Strength};
use crate::merge::MergeError;
use crate::normalize::Normalizer;
use crate::union_find::UnionFind;

/// Checks that the contacts form one group, connected by keys that both sides hold through verified values and that
/// link more strongly than [`Strength::Weak`]. Cost: O(k log k) for k keys.
///
/// # Errors
/// - [`MergeError::NotVerified`] with the smallest contact that is not connected to the smallest one.
pub(crate) fn check<Id: ContactId>(contacts: &[Contact<Id>], normalizer: &Normalizer) -> Result<(), MergeError<Id>> {
    let mut contacts: Vec<&Contact<Id>> = contacts.iter().collect();
    contacts.sort_by(|a, b| a.id.cmp(&b.id));
    let mut holders: BTreeMap<Key, Vec<(Derivation, u32)>> = BTreeMap::new();
    for (place, contact) in (0..).zip(&contacts) {
        let found = normalizer.contact(contact).keys.into_iter();
        for key in found.filter(|key| key.verified) {
            holders.entry(key.key).or_default().push((key.derivation, place));
        }
    }
    let mut sets = UnionFind::new(contacts.len());
    for mut holders in holders.into_values() {
        // The most direct holder of a key links to every contact that any other holder links to.
        holders.sort_unstable();
        let Some((&(derivation, first), others)) = holders.split_first() else { continue };
        for &(other, place) in others {
            if derivation.link(other).is_some_and(|strength| strength > Strength::Weak) {
                sets.union(first, place);
            }
        }
    }
    match (0..).zip(&contacts).find(|(place, _)| sets.find(*place) != 0) {
        Some((_, unconnected)) => Err(MergeError::NotVerified { id: unconnected.id.clone() }),
        None => Ok(()),
    }
}
