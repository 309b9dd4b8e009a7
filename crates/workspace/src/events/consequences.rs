//! What follows from an operation, whatever it was: blocks begin and end, and suggestions change.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::Workspace;
use crate::act::Act;
use crate::rows::contact_row::ContactRow;
use crate::rows::event::EventKind;
use crate::rows::rekeyed_contact::Rekeyed;
use onefold::contact::{Contact, ContactId};
use onefold::distinct::Ancestry;
use onefold::key::Key;
use onefold::normalize::ContactKey;

/// A contact that an operation has written.
struct WrittenContacts<Id> {
    id: Id,
    before: Option<Arc<ContactRow<Id>>>,
    after: Option<Arc<ContactRow<Id>>>,
}

/// What an operation changed of who holds a key.
struct Changed<'a, Id> {
    gained: usize,
    lost: usize,
    /// The contacts that gained or lost it and are live.
    live: Vec<&'a Id>,
}

impl<Id> Default for Changed<'_, Id> {
    fn default() -> Self {
        Self { gained: 0, lost: 0, live: Vec::new() }
    }
}

impl<Id: ContactId> Workspace<Id> {
    /// Ends an operation that was carried out. Costs what the contacts cost that it wrote, and those that share a
    /// key with one of them.
    pub(crate) fn settle(&mut self, act: &Act) {
        let after = |id: &Id| self.rows.contacts().get(id).cloned();
        let written: Vec<WrittenContacts<Id>> = self
            .rows
            .contacts_written()
            .iter()
            .map(|(id, before)| WrittenContacts { id: id.clone(), before: before.clone(), after: after(id) })
            .collect();
        written.iter().for_each(|written| self.settle_block(written, act));
        let rekeyed = std::mem::take(&mut self.rekeyed);
        let contacts = self.suggested_otherwise(&written, &rekeyed);
        if !contacts.is_empty() {
            let contacts = contacts.into_iter().collect();
            self.emit(act, Vec::new(), EventKind::SuggestionsChanged { contacts });
        }
    }

    fn settle_block(&mut self, written: &WrittenContacts<Id>, act: &Act) {
        let Some(after) = &written.after else { return };
        let contact = written.id.clone();
        let was_blocked = written.before.as_ref().map(|row| row.contact.blocked);
        match (was_blocked, after.contact.blocked) {
            (Some(false) | None, true) => {
                self.open_block(&contact, act);
                self.emit(act, Vec::new(), EventKind::ContactBlocked { contact });
            }
            (Some(true), false) => {
                self.close_blocks(&contact, act);
                self.emit(act, Vec::new(), EventKind::ContactUnblocked { contact });
            }
            _ => {}
        }
    }

    /// The contacts that a suggestion which is another one now has in it.
    fn suggested_otherwise<'a>(&self, written: &'a [WrittenContacts<Id>], rekeyed: &'a [Rekeyed<Id>]) -> BTreeSet<Id> {
        // Each key that a contact gained or lost, with how many hold it more than before, and how many less.
        let mut changed: BTreeMap<Key, Changed<'a, Id>> = BTreeMap::new();
        let mut note = |id: &'a Id, before: &BTreeSet<ContactKey>, after: &BTreeSet<ContactKey>, is_live: bool| {
            for key in before.symmetric_difference(after) {
                let of_key = changed.entry(key.key.clone()).or_default();
                if after.contains(key) {
                    of_key.gained += 1
                } else {
                    of_key.lost += 1
                }
                if is_live {
                    of_key.live.push(id);
                }
            }
        };
        for WrittenContacts { id, before, after } in written {
            let (before, after) = (before.as_ref().map(|row| &row.contact), after.as_ref().map(|row| &row.contact));
            if let (Some(before), Some(after)) = (before, after)
                && before.is_found_as(after)
            {
                continue;
            }
            note(id, &self.joining_keys(before), &self.joining_keys(after), after.is_some());
        }
        for Rekeyed { id, before, after } in rekeyed.iter().filter(|rekeyed| !self.index.is_blocked(&rekeyed.id)) {
            note(id, before, after, true);
        }
        let mut contacts = BTreeSet::new();
        for (key, Changed { gained, lost, live }) in changed {
            let now = self.index.active_holder_count(&key);
            let before = (now + lost).saturating_sub(gained);
            let joins = |holders: usize| holders >= 2 && !self.index.rules().is_common(holders);
            if joins(now) || joins(before) {
                contacts.extend(self.index.active_holders(&key).cloned());
                contacts.extend(live.into_iter().cloned());
            }
        }
        for pair in self.rows.distinct_pairs_written() {
            let [a, b] = pair.ids().map(|id| self.rows.current(id));
            if self.index.contains(a) && self.index.contains(b) && a != b && self.are_together(a, b) {
                contacts.extend([a.clone(), b.clone()]);
            }
        }
        // A merge and its undo carry distinct marks with them, which are written nowhere.
        let merged = written.iter().filter(|written| written.before.is_none() != written.after.is_none());
        if merged.count() > 0 && self.rows.has_written_tombstones() {
            let live = written.iter().filter(|written| written.after.is_some());
            contacts.extend(live.map(|written| written.id.clone()));
        }
        contacts
    }

    /// The keys through which a contact may be joined to others: none if it is blocked or not there.
    fn joining_keys(&self, contact: Option<&Contact<Id>>) -> BTreeSet<ContactKey> {
        let normalizer = self.index.normalizer();
        let active = contact.filter(|contact| !contact.blocked);
        active.map(|contact| normalizer.contact(contact).distinct()).into_iter().flatten().collect()
    }

    /// Returns true if two contacts share a key, or are members of one suggestion.
    fn are_together(&self, a: &Id, b: &Id) -> bool {
        let keys: BTreeSet<_> = self.index.keys_of(a).into_iter().map(|held| held.key).collect();
        self.index.keys_of(b).iter().any(|held| keys.contains(&held.key))
            || self.index.suggestion_for(a).is_some_and(|group| group.members.contains(b))
    }
}
