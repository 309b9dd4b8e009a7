//! What is looked up in the rows of a workspace. All of it follows from them: each table keeps its own look-ups right
//! (`Table::look_up`).

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};

/// The look-ups. No set in them is empty.
#[derive(Clone)]
pub(crate) struct Lookups<Id> {
    /// The ids that were merged into an id.
    pub(crate) children: BTreeMap<Id, BTreeSet<Id>>,
    /// The ids that an id was marked distinct from.
    pub(crate) partners: BTreeMap<Id, BTreeSet<Id>>,
    /// The merges that an id took part in, undone ones included.
    pub(crate) merges_of: BTreeMap<Id, BTreeSet<Box<str>>>,
    /// The merges by their place among all.
    pub(crate) merges_in_order: BTreeMap<u64, Box<str>>,
    /// The merges that stand whose images have a tag, by the name that it has now.
    pub(crate) merges_with_tag: BTreeMap<Box<str>, BTreeSet<Box<str>>>,
    /// The blocked contacts.
    pub(crate) blocked: BTreeSet<Id>,
    /// The live contacts that have a tag.
    pub(crate) tagged: BTreeMap<Box<str>, BTreeSet<Id>>,
    /// The deletions that a contact waits for, each with its place there.
    pub(crate) waiting_to_delete: BTreeMap<Id, BTreeSet<(u64, u64)>>,
    /// The events that show values, by the contacts whose values they may be.
    pub(crate) events_with_values_of: BTreeMap<Id, BTreeSet<u64>>,
}

impl<Id> Default for Lookups<Id> {
    fn default() -> Self {
        Self {
            children: BTreeMap::new(),
            partners: BTreeMap::new(),
            merges_of: BTreeMap::new(),
            merges_in_order: BTreeMap::new(),
            merges_with_tag: BTreeMap::new(),
            blocked: BTreeSet::new(),
            tagged: BTreeMap::new(),
            waiting_to_delete: BTreeMap::new(),
            events_with_values_of: BTreeMap::new(),
        }
    }
}

/// Adds an item to the set of a key.
pub(crate) fn add_to<Key: Ord, Item: Ord>(sets: &mut BTreeMap<Key, BTreeSet<Item>>, key: impl Into<Key>, item: Item) {
    sets.entry(key.into()).or_default().insert(item);
}

/// Takes an item out of the set of a key.
pub(crate) fn remove_from<Key, Name, Item>(sets: &mut BTreeMap<Key, BTreeSet<Item>>, key: &Name, item: &Item)
where
    Key: Ord + Borrow<Name>,
    Name: Ord + ?Sized,
    Item: Ord,
{
    if let Some(set) = sets.get_mut(key) {
        set.remove(item);
        if set.is_empty() {
            sets.remove(key);
        }
    }
}
