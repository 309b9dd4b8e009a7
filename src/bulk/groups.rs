//! The result of a pass over many contacts: the groups and the common keys, with the means to describe the groups.

use std::collections::HashMap;
use std::fmt;

use crate::bulk::concurrent_sets::SharedSets;
use crate::bulk::fingerprint::{Fingerprint, Secret};
use crate::bulk::partition::{Common, OutsideHolder, PartitionGroups};
use crate::index::Rules;
use crate::key::Key;
use crate::normalize::{LentKey, Normalizer};
use crate::suggestion::CommonKey;

/// The groups of a [`Bulk`](crate::Bulk), as numbers of contacts.
pub struct BulkGroups {
    pub(super) normalizer: Normalizer,
    pub(super) rules: Rules,
    pub(super) secret: Secret,
    keys: usize,
    common: Vec<BulkCommonKey>,
    holders_of_common: HashMap<Fingerprint, usize>,
    // The holders of keys of groups that are not members, each with the first contact of the group, in order.
    outside: Vec<OutsideHolder>,
    // The members of all groups, one group after the other.
    members: Vec<u32>,
    // The end of each group in `members`.
    ends: Vec<u32>,
}

/// A common key: too many active contacts hold it, so it joins no contacts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BulkCommonKey {
    /// The number of a contact that holds the key.
    pub contact: u32,
    /// The number of active contacts that hold the key.
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
    /// Collects the groups of `contacts` contacts from `sets`, and the keys of all partitions. Cost: O(n log n) for n
    /// contacts in groups.
    pub(super) fn new(settings: GroupSettings, contacts: u32, found: Vec<PartitionGroups>, sets: SharedSets) -> Self {
        let GroupSettings { normalizer, rules, secret } = settings;
        let mut common: Vec<Common> = found.iter().flat_map(|found| &found.common).copied().collect();
        let keys = found.iter().map(|found| found.keys).sum();
        // Another key may put the holder into the group.
        let of_group = |&OutsideHolder { linked, holder }: &OutsideHolder| {
            let first = sets.find(linked);
            (sets.find(holder) != first).then_some(OutsideHolder { linked: first, holder })
        };
        let mut outside: Vec<OutsideHolder> =
            found.iter().flat_map(|found| &found.outside).filter_map(of_group).collect();
        drop(found);
        outside.sort_unstable();
        outside.dedup();
        common.sort_unstable_by_key(|common| (common.contact, common.holders, common.key));

        // The first contact of a group represents it and is not listed among the others.
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
            outside,
            members,
            ends,
        }
    }

    /// Returns the number of groups.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Returns true if there is no group.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Returns the groups, ordered by their first contact. A group has the numbers of two or more contacts, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[u32]> {
        (0..self.ends.len()).map(|group| {
            let start = group.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
            &self.members[start..self.ends[group] as usize]
        })
    }

    /// Returns the numbers of the active contacts outside a group that hold one of its keys, in order.
    ///
    /// They hold the key too weakly to be linked by it, so under the default rules there are none for most groups.
    /// [`judge_with`](crate::rules::judge_with) takes them into account. `group` must be one of [`BulkGroups::iter`]. Cost: O(log h)
    /// for the h such contacts of all groups.
    ///
    /// ```
    /// use onefold::{Bulk, Normalizer, Rules, Strength};
    ///
    /// let mut bulk = Bulk::new(Normalizer::new(), Rules::new().with_min_strength(Strength::Exact));
    /// for phone in ["+1 202 555 0101", "+12025550101", "+12025550101 x7"] {
    ///     bulk.add_values(None, false).phone(phone, None)?;
    /// }
    /// let groups = bulk.groups();
    /// let group = groups.iter().next().expect("two contacts with one number");
    /// assert_eq!((group, groups.other_holders(group).collect::<Vec<u32>>()), (&[0, 1][..], vec![2]));
    /// # Ok::<(), onefold::Reason>(())
    /// ```
    pub fn other_holders(&self, group: &[u32]) -> impl Iterator<Item = u32> {
        let first = group.first().copied().unwrap_or(u32::MAX);
        let start = self.outside.partition_point(|outside| outside.linked < first);
        let of_group = self.outside[start..].iter().take_while(move |outside| outside.linked == first);
        of_group.map(|outside| outside.holder)
    }

    /// Returns the numbers of all contacts in groups, one group after the other.
    pub fn members(&self) -> &[u32] {
        &self.members
    }

    /// Returns the number of different keys that the contacts hold, including those of blocked contacts.
    pub fn key_count(&self) -> usize {
        self.keys
    }

    /// Returns the common keys under the rules.
    pub fn common_keys(&self) -> &[BulkCommonKey] {
        &self.common
    }

    /// Returns the normaliser that read the values.
    pub fn normalizer(&self) -> &Normalizer {
        &self.normalizer
    }

    /// Returns a key of a workspace with the number of its active holders, if it is common. Cost: O(1).
    pub fn common_key(&self, workspace: Option<&str>, key: &Key) -> Option<CommonKey> {
        let holders = *self.holders_of_common.get(&self.secret.fingerprint(workspace, key))?;
        Some(CommonKey { key: key.clone(), holders })
    }

    pub(super) fn has_common_keys(&self) -> bool {
        !self.common.is_empty()
    }

    /// Returns true if a key is common in a workspace. Cost: O(1).
    pub(super) fn is_common(&self, workspace: Option<&str>, key: LentKey<'_>) -> bool {
        self.holders_of_common.contains_key(&self.secret.of_parts(workspace, key.kind, key.scope, key.value))
    }
}

/// A contact of a group that is not its first one.
///
/// ```text
///  bit  63 ................... 32   31 .................... 0
///      +---------------------------+-------------------------+
///      | first contact (32)        | contact (32)            |
///      +---------------------------+-------------------------+
/// ```
///
/// Both numbers are in one word, because a word is sorted faster than a pair. The order is by group, then by contact.
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

/// Returns the results of `other` for all numbers below `contacts`, in order.
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
