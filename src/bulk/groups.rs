//! What comes out of a pass over many contacts: who belongs together, and how to describe it.

use std::collections::HashMap;

use crate::bulk::fingerprint::{Fingerprint, Secret};
use crate::bulk::part::{Common, Found};
use crate::bulk::shared_sets::SharedSets;
use crate::contact::{Contact, ContactId};
use crate::index::{Index, Rules};
use crate::key::{Derivation, Key};
use crate::normalize::{ContactKey, ContactKeys, Normalizer};
use crate::suggestion::{BareKey, CommonKey, Suggestion, describe_bare};

/// Who belongs together, by numbers of contacts.
pub struct BulkGroups {
    pub(super) normalizer: Normalizer,
    pub(super) rules: Rules,
    pub(super) secret: Secret,
    keys: usize,
    common: Vec<BulkCommonKey>,
    holders_of_common: HashMap<Fingerprint, usize>,
    // The groups one after the other.
    members: Vec<u32>,
    // Where each group ends.
    ends: Vec<u32>,
}

/// A key that too many active contacts hold, so that it joins nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BulkCommonKey {
    /// The number of a contact that holds it.
    pub contact: u32,
    /// How many active contacts hold it.
    pub holders: usize,
}

impl BulkGroups {
    /// Brings together what the parts say of `contacts` contacts, and whom they joined. O(n log n) for the n contacts in
    /// groups.
    pub(super) fn new(
        (normalizer, rules, secret): (Normalizer, Rules, Secret),
        contacts: u32,
        found: Vec<Found>,
        sets: SharedSets,
    ) -> Self {
        let mut common: Vec<Common> = found.iter().flat_map(|found| &found.common).copied().collect();
        let keys = found.iter().map(|found| found.keys).sum();
        drop(found);
        common.sort_unstable_by_key(|common| (common.contact, common.holders, common.key));

        // A group is represented by its first contact, which is not listed among the others.
        let others =
            others(contacts, |contact| Some((sets.find(contact), contact)).filter(|(first, other)| first != other));
        drop(sets);
        let (mut members, mut ends) = (Vec::new(), Vec::new());
        for group in others.chunk_by(|a, b| a.0 == b.0) {
            members.push(group[0].0);
            members.extend(group.iter().map(|&(_, contact)| contact));
            ends.push(u32::try_from(members.len()).expect("contacts are numbered in 32 bits"));
        }
        Self {
            normalizer,
            rules,
            secret,
            keys,
            holders_of_common: common.iter().map(|common| (common.key, common.holders)).collect(),
            common: common.iter().map(|&Common { contact, holders, .. }| BulkCommonKey { contact, holders }).collect(),
            members,
            ends,
        }
    }

    /// The number of groups.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no group.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The groups: the numbers of two contacts or more, in order. Groups are ordered by their first contact.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[u32]> {
        (0..self.ends.len()).map(|group| {
            let start = group.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
            &self.members[start..self.ends[group] as usize]
        })
    }

    /// The contacts in groups.
    pub fn members(&self) -> &[u32] {
        &self.members
    }

    /// How many different keys the contacts hold, those of blocked ones included.
    pub fn key_count(&self) -> usize {
        self.keys
    }

    /// The keys that too many active contacts hold by the rules.
    pub fn common_keys(&self) -> &[BulkCommonKey] {
        &self.common
    }

    /// The normaliser that read the values.
    pub fn normalizer(&self) -> &Normalizer {
        &self.normalizer
    }

    /// A key of a workspace, if too many active contacts hold it, with their number. O(1).
    pub fn common_key(&self, workspace: Option<&str>, key: &Key) -> Option<CommonKey> {
        let holders = *self.holders_of_common.get(&self.secret.fingerprint(workspace, key))?;
        Some(CommonKey { key: key.clone(), holders })
    }

    /// The suggestions that the contacts of a group make: what an index of all contacts would suggest of them. `contacts`
    /// must be all the contacts of the group, and of nobody else those that share a key with them. O(k log k) for k keys.
    pub fn describe<Id: ContactId>(&self, workspace: Option<&str>, contacts: &[Contact<Id>]) -> Vec<Suggestion<Id>> {
        let found = |contact: &Contact<Id>| (contact.id.clone(), self.normalizer.contact(contact).keys);
        self.describe_keys(workspace, contacts.iter().filter(|contact| !contact.blocked).map(found).collect())
    }

    /// The same, by the keys that the values of each contact gave, for a host that has them at hand; blocked contacts
    /// are left out.
    pub fn describe_keys<Id: ContactId>(
        &self,
        workspace: Option<&str>,
        mut contacts: Vec<(Id, Vec<ContactKey>)>,
    ) -> Vec<Suggestion<Id>> {
        if !self.common.is_empty() {
            // In the group they may have few holders.
            let is_common = |key: &ContactKey| self.common_key(workspace, &key.key).is_some();
            contacts.iter_mut().for_each(|(_, keys)| keys.retain(|key| !is_common(key)));
        }
        contacts.sort_by(|a, b| a.0.cmp(&b.0));
        contacts.dedup_by(|later, earlier| later.0 == earlier.0);
        match self.describe_bare(&contacts) {
            Some(suggestion) => vec![suggestion],
            None => self.describe_by_index(contacts),
        }
    }

    /// The suggestion of a group without anything unusual.
    fn describe_bare<'a, Id: ContactId>(&'a self, contacts: &'a [(Id, Vec<ContactKey>)]) -> Option<Suggestion<Id>> {
        // Most keys are held once, so that numbers are sorted in place of keys.
        let number = |held: &ContactKey| self.secret.fingerprint(None, &held.key).place;
        let of_member = |(member, (_, keys)): (u32, &'a (Id, Vec<ContactKey>))| {
            keys.iter().map(move |held| (number(held), member, held))
        };
        let mut held: Vec<(u64, u32, &ContactKey)> = (0..).zip(contacts).flat_map(of_member).collect();
        held.sort_unstable_by(|(a, member_a, of_a), (b, member_b, of_b)| {
            let by_key = (a, member_a).cmp(&(b, member_b));
            by_key.then_with(|| (of_a.derivation, &of_a.place).cmp(&(of_b.derivation, &of_b.place)))
        });
        // Of several values that give a contact the same key the most direct one counts.
        held.dedup_by(|(_, b, of_b), (_, a, of_a)| a == b && of_a.key == of_b.key);
        let mut keys = Vec::new();
        for holders in held.chunk_by(|(a, ..), (b, ..)| a == b).filter(|holders| holders.len() > 1) {
            let key = &holders[0].2.key;
            let is_same = holders.iter().skip(1).all(|(.., held)| held.key == *key);
            // Who left an extension out is not linked to everybody.
            let is_partial = holders.iter().any(|(.., held)| held.derivation == Derivation::WithoutExtension);
            if !is_same || is_partial || self.rules.is_common(holders.len()) {
                return None;
            }
            let counting = holders.iter().filter(|(.., held)| held.derivation.strength() >= self.rules.min_strength);
            let counting: Vec<_> = counting.map(|&(_, member, held)| (member, held)).collect();
            if counting.len() > 1 {
                keys.push(BareKey { key, holders: counting });
            }
        }
        keys.sort_unstable_by(|a, b| a.key.cmp(b.key));
        describe_bare(contacts.iter().map(|(id, _)| id.clone()).collect(), &keys, self.rules)
    }

    fn describe_by_index<Id: ContactId>(&self, contacts: Vec<(Id, Vec<ContactKey>)>) -> Vec<Suggestion<Id>> {
        let mut index = Index::new(self.normalizer.clone()).with_rules(self.rules);
        for (id, keys) in contacts {
            index.insert_found(id, ContactKeys { keys, rejections: Vec::new() });
        }
        index.suggestions()
    }
}

/// What `other` gives for the numbers below `contacts`, in order.
#[cfg(feature = "parallel")]
fn others(contacts: u32, other: impl Fn(u32) -> Option<(u32, u32)> + Send + Sync) -> Vec<(u32, u32)> {
    use rayon::prelude::*;
    let mut others: Vec<(u32, u32)> = (0..contacts).into_par_iter().filter_map(other).collect();
    others.par_sort_unstable();
    others
}

#[cfg(not(feature = "parallel"))]
fn others(contacts: u32, other: impl Fn(u32) -> Option<(u32, u32)>) -> Vec<(u32, u32)> {
    let mut others: Vec<(u32, u32)> = (0..contacts).filter_map(other).collect();
    others.sort_unstable();
    others
}
