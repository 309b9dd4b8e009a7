//! What comes out of a pass over many contacts: who belongs together, and how to describe it.

use std::collections::HashMap;
use std::fmt;

use crate::bulk::concurrent_sets::SharedSets;
use crate::bulk::fingerprint::{Fingerprint, Secret};
use crate::bulk::group_description::BulkGroup;
use crate::bulk::partition::{Common, PartitionGroups};
use crate::contact::{Contact, ContactId};
use crate::index::Rules;
use crate::key::Key;
use crate::normalize::{LentKey, Normalizer};
use crate::suggestion::{CommonKey, Suggestion};

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

/// The settings by which groups are found and described.
pub(super) struct GroupSettings {
    pub(super) normalizer: Normalizer,
    pub(super) rules: Rules,
    pub(super) secret: Secret,
}

impl fmt::Debug for BulkGroups {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BulkGroups")
            .field("groups", &self.ends.len())
            .field("contacts", &self.members.len())
            .field("common_keys", &self.common.len())
            .finish_non_exhaustive()
    }
}

impl BulkGroups {
    /// Brings together what the parts say of `contacts` contacts, and whom they joined. O(n log n) for the n contacts in
    /// groups.
    pub(super) fn new(settings: GroupSettings, contacts: u32, found: Vec<PartitionGroups>, sets: SharedSets) -> Self {
        let GroupSettings { normalizer, rules, secret } = settings;
        let mut common: Vec<Common> = found.iter().flat_map(|found| &found.common).copied().collect();
        let keys = found.iter().map(|found| found.keys).sum();
        drop(found);
        common.sort_unstable_by_key(|common| (common.contact, common.holders, common.key));

        // A group is represented by its first contact, which is not listed among the others.
        let others = others(contacts, |contact| Other::new(sets.find(contact), contact));
        drop(sets);
        let (mut members, mut ends) = (Vec::new(), Vec::new());
        for group in others.chunk_by(|a, b| a.first() == b.first()) {
            members.push(group[0].first());
            members.extend(group.iter().map(Other::contact));
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

    /// The contacts of a group, none yet, to be described.
    pub fn group<Id: ContactId>(&self) -> BulkGroup<'_, Id> {
        BulkGroup::new(self)
    }

    /// The suggestions that the contacts of a group make: what an index of all contacts would suggest of them. `contacts`
    /// must be all the contacts of the group, and of nobody else those that share a key with them. O(k log k) for k keys.
    pub fn describe<Id: ContactId>(&self, workspace: Option<&str>, contacts: &[Contact<Id>]) -> Vec<Suggestion<Id>> {
        let mut group = self.group();
        for contact in contacts.iter().filter(|contact| !contact.blocked) {
            let mut member = group.add(contact.id.clone());
            self.normalizer.contact(contact).keys.iter().for_each(|key| member.key(key));
        }
        group.take_suggestions(workspace)
    }

    pub(super) fn has_common_keys(&self) -> bool {
        !self.common.is_empty()
    }

    /// Whether too many active contacts of a workspace hold a key. O(1).
    pub(super) fn is_common(&self, workspace: Option<&str>, key: LentKey<'_>) -> bool {
        self.holders_of_common.contains_key(&self.secret.of_parts(workspace, key.kind, key.scope, key.value))
    }
}

/// A contact behind the first one of its group, both in one number, which is sorted faster than two.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Other(u64);

impl Other {
    fn new(first: u32, contact: u32) -> Option<Self> {
        (first != contact).then_some(Self(u64::from(first) << 32 | u64::from(contact)))
    }

    fn first(&self) -> u32 {
        (self.0 >> 32) as u32
    }

    fn contact(&self) -> u32 {
        self.0 as u32
    }
}

/// What `other` gives for the numbers below `contacts`, in order.
#[cfg(feature = "parallel")]
fn others(contacts: u32, other: impl Fn(u32) -> Option<Other> + Send + Sync) -> Vec<Other> {
    use rayon::prelude::*;
    let mut others: Vec<Other> = (0..contacts).into_par_iter().filter_map(other).collect();
    others.par_sort_unstable();
    others
}

#[cfg(not(feature = "parallel"))]
fn others(contacts: u32, other: impl Fn(u32) -> Option<Other>) -> Vec<Other> {
    let mut others: Vec<Other> = (0..contacts).filter_map(other).collect();
    others.sort_unstable();
    others
}
