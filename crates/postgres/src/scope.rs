//! The scope of an operation: the contacts and rows that it names, and its locks.

use std::collections::BTreeSet;

use onefold::{Contact, ContactId};
use onefold_workspace::RowKind;
use serde::Serialize;

use crate::names;

/// The need of an operation for whole groups, beyond the contacts that share a key with one it writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Groups {
    /// The operation writes no distinct mark and asks for no group.
    Never,
    /// The operation writes distinct marks if its contacts have some.
    IfMarkedDistinct,
    /// The operation always needs whole groups.
    Always,
}

/// The contacts and rows that an operation names.
pub(crate) struct Scope<'a, Id> {
    /// The contacts as the operation writes them.
    pub(crate) given: &'a [Contact<Id>],
    /// The ids of contacts, which may be live, retired or deleted.
    pub(crate) ids: BTreeSet<String>,
    /// The keys that a contact may come to hold.
    pub(crate) keys: BTreeSet<String>,
    /// The id of a merge, as JSON.
    pub(crate) merge: Option<String>,
    /// The tags that are created if they do not exist.
    pub(crate) tags: BTreeSet<String>,
    /// The kinds of rows about the contacts that the operation reads.
    pub(crate) about: Vec<RowKind>,
    pub(crate) groups: Groups,
    /// Whether it changes events that are there.
    pub(crate) redacts_events: bool,
    /// The least number of contacts that the operation writes.
    pub(crate) written: usize,
}

impl<'a, Id: ContactId + Serialize> Scope<'a, Id> {
    /// Returns the scope of an operation that reads only some contacts, their blocks, and the contacts that share a key
    /// with them.
    pub(crate) fn of<'i>(ids: impl IntoIterator<Item = &'i Id>) -> Self
    where
        Id: 'i,
    {
        Self {
            given: &[],
            ids: ids.into_iter().map(names::id).collect(),
            keys: BTreeSet::new(),
            merge: None,
            tags: BTreeSet::new(),
            about: vec![RowKind::Block],
            groups: Groups::Never,
            redacts_events: false,
            written: 1,
        }
    }

    /// Returns the scope of an operation that writes given contacts.
    pub(crate) fn of_contacts(given: &'a [Contact<Id>]) -> Self {
        Self { given, ..Self::of(given.iter().map(|contact| &contact.id)) }
    }

    /// Adds kinds of rows about the contacts.
    pub(crate) fn about(mut self, kinds: &[RowKind]) -> Self {
        self.about.extend(kinds);
        self
    }

    /// Adds distinct marks and groups.
    pub(crate) fn groups(mut self, groups: Groups) -> Self {
        self.about.push(RowKind::DistinctPair);
        self.groups = groups;
        self
    }

    /// Adds a merge.
    pub(crate) fn merge(mut self, merge: &str) -> Self {
        self.merge = Some(serde_json::to_string(merge).expect("a text is JSON"));
        self.about(&[RowKind::Merge])
    }

    /// Adds tags.
    pub(crate) fn tags(mut self, tags: &[&str]) -> Self {
        let names = tags.iter().map(|tag| serde_json::to_string(tag.trim()).expect("a text is JSON"));
        self.tags = names.collect();
        self
    }

    /// Changes events that tell values of the contacts.
    pub(crate) fn redacts_events(mut self) -> Self {
        self.redacts_events = true;
        self.about(&[RowKind::Event])
    }

    /// Returns the locks that are known before anything is loaded.
    pub(crate) fn locks(&self) -> Locks {
        let mut locks = Locks::default();
        self.ids.iter().for_each(|id| locks.contact(id));
        self.keys.iter().for_each(|key| locks.key(key));
        self.merge.iter().for_each(|merge| locks.add("merge", merge));
        self.tags.iter().for_each(|tag| locks.add("tag", tag));
        if self.redacts_events {
            locks.add("events", "");
        }
        locks
    }
}

/// The names that an operation locks.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Locks(BTreeSet<(&'static str, String)>);

impl Locks {
    pub(crate) fn contact(&mut self, id: &str) {
        self.add("contact", id);
    }

    pub(crate) fn key(&mut self, key: &str) {
        self.add("key", key);
    }

    pub(crate) fn add(&mut self, kind: &'static str, name: &str) {
        self.0.insert((kind, name.to_owned()));
    }

    pub(crate) fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    pub(crate) fn contains(&self, other: &Self) -> bool {
        other.0.is_subset(&self.0)
    }

    /// Returns the slots of the names, in order.
    pub(crate) fn slots(&self, workspace: i32) -> Vec<i32> {
        let slots: BTreeSet<i32> = self.0.iter().map(|(kind, name)| names::slot(workspace, kind, name)).collect();
        slots.into_iter().collect()
    }
}
