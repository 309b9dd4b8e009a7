//! What an operation names, and what it locks.

use std::collections::BTreeSet;

use onefold::{Contact, ContactId};
use onefold_workspace::RowKind;
use serde::Serialize;

use crate::names;

/// Whether an operation looks at whole groups, and not only at who shares a key with a contact that it writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Groups {
    /// It writes no distinct mark and asks for no group.
    Never,
    /// It writes distinct marks if there are some on its contacts.
    IfMarkedDistinct,
    /// It does.
    Always,
}

/// What an operation names.
pub(crate) struct Scope<'a, Id> {
    /// Contacts as they are to be.
    pub(crate) given: &'a [Contact<Id>],
    /// Contacts, whatever has become of them.
    pub(crate) ids: BTreeSet<String>,
    /// Keys that a contact may come to hold.
    pub(crate) keys: BTreeSet<String>,
    /// A merge.
    pub(crate) merge: Option<String>,
    /// Tags that are created if they are not there.
    pub(crate) tags: BTreeSet<String>,
    /// Which rows about the contacts it looks at.
    pub(crate) about: Vec<RowKind>,
    pub(crate) groups: Groups,
    /// Whether it changes events that are there.
    pub(crate) redacts_events: bool,
    /// How many contacts it writes, at least.
    pub(crate) written: usize,
}

impl<'a, Id: ContactId + Serialize> Scope<'a, Id> {
    /// An operation on contacts that looks at nothing but them, their blocks and who shares a key with them.
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

    /// The same for an operation that writes contacts as they are given.
    pub(crate) fn of_contacts(given: &'a [Contact<Id>]) -> Self {
        Self { given, ..Self::of(given.iter().map(|contact| &contact.id)) }
    }

    /// Also looks at these rows about the contacts.
    pub(crate) fn about(mut self, kinds: &[RowKind]) -> Self {
        self.about.extend(kinds);
        self
    }

    /// Looks at distinct marks, and at groups.
    pub(crate) fn groups(mut self, groups: Groups) -> Self {
        self.about.push(RowKind::DistinctPair);
        self.groups = groups;
        self
    }

    /// Names a merge.
    pub(crate) fn merge(mut self, merge: &str) -> Self {
        self.merge = Some(serde_json::to_string(merge).expect("a text is JSON"));
        self.about(&[RowKind::Merge])
    }

    /// Names tags.
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

    /// What is to be locked as far as it is known before anything was loaded.
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

/// What an operation locks, by name.
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

    /// The slots that stand for it, in order.
    pub(crate) fn slots(&self, workspace: i32) -> Vec<i32> {
        let slots: BTreeSet<i32> = self.0.iter().map(|(kind, name)| names::slot(workspace, kind, name)).collect();
        slots.into_iter().collect()
    }
}
