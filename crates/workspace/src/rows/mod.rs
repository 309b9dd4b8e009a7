//! Everything that a workspace knows, as rows, and what can be looked up in them.
//!
//! Each row is written in one place, which keeps the look-ups right; what an operation wrote can be taken back or
//! handed to a store without knowing what the operation was.

pub(crate) mod changes;
pub(crate) mod contact_row;
pub(crate) mod inbox;
pub(crate) mod table;

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::events::event::Event;
use crate::rows::changes::Changes;
use crate::rows::contact_row::{ContactRow, DistinctMarks, MergeRecord, Way};
use crate::rows::inbox::{InboxRows, ToDelete};
use crate::rows::table::RowTable;
use crate::settings::Settings;
use onefold::contact::ContactId;
use onefold::distinct::{Ancestry, DistinctMark};

/// The rows of a workspace. Rows are shared, so that looking back costs nothing.
#[derive(Clone)]
pub(crate) struct WorkspaceRows<Id> {
    settings: RowTable<(), Arc<Settings>>,
    contacts: RowTable<Id, Arc<ContactRow<Id>>>,
    tombstones: RowTable<Id, Id>,
    deleted: RowTable<Id, ()>,
    distinct_pairs: RowTable<(Id, Id), Arc<DistinctMarks>>,
    merges: RowTable<Box<str>, Arc<MergeRecord<Id>>>,
    events: RowTable<u64, Arc<Event<Id>>>,
    /// What stands around the contacts.
    pub(crate) inbox: InboxRows<Id>,
    // Invariant: greater than the number of every event there has been.
    next_event: RowTable<(), u64>,
    // No merge from now on has a place before this one.
    first_order: u64,
    // What follows is derived from the rows above.
    children: BTreeMap<Id, BTreeSet<Id>>,
    partners: BTreeMap<Id, BTreeSet<Id>>,
    merges_of: BTreeMap<Id, BTreeSet<Box<str>>>,
    merges_in_order: BTreeMap<u64, Box<str>>,
    // The merges that stand whose images have a tag, by the name that it has now.
    merges_with_tag: BTreeMap<Box<str>, BTreeSet<Box<str>>>,
    blocked: BTreeSet<Id>,
    tagged: BTreeMap<Box<str>, BTreeSet<Id>>,
    to_delete: BTreeMap<Id, BTreeSet<(u64, u64)>>,
    // The events that tell values, by whose they may be.
    events_naming: BTreeMap<Id, BTreeSet<u64>>,
}

impl<Id: ContactId> WorkspaceRows<Id> {
    pub(crate) fn new(settings: Settings) -> Self {
        let mut rows = Self {
            settings: RowTable::default(),
            contacts: RowTable::default(),
            tombstones: RowTable::default(),
            deleted: RowTable::default(),
            distinct_pairs: RowTable::default(),
            merges: RowTable::default(),
            events: RowTable::default(),
            inbox: InboxRows::default(),
            next_event: RowTable::default(),
            first_order: 0,
            children: BTreeMap::new(),
            partners: BTreeMap::new(),
            merges_of: BTreeMap::new(),
            merges_in_order: BTreeMap::new(),
            merges_with_tag: BTreeMap::new(),
            blocked: BTreeSet::new(),
            tagged: BTreeMap::new(),
            to_delete: BTreeMap::new(),
            events_naming: BTreeMap::new(),
        };
        rows.set_settings(settings);
        rows.set_next_event(0);
        rows.forget_changes();
        rows
    }

    pub(crate) fn settings(&self) -> &Settings {
        self.settings.rows().get(&()).expect("a workspace has settings")
    }

    pub(crate) fn contacts(&self) -> &BTreeMap<Id, Arc<ContactRow<Id>>> {
        self.contacts.rows()
    }

    pub(crate) fn contact(&self, id: &Id) -> Option<&ContactRow<Id>> {
        self.contacts.rows().get(id).map(|row| &**row)
    }

    /// The contacts that the operation under way has written, each with the row that it had before.
    pub(crate) fn contacts_written(&self) -> &BTreeMap<Id, Option<Arc<ContactRow<Id>>>> {
        self.contacts.written()
    }

    /// The pairs whose distinct marks the operation under way has written.
    pub(crate) fn distinct_pairs_written(&self) -> impl Iterator<Item = &(Id, Id)> {
        self.distinct_pairs.written().keys()
    }

    /// Whether the operation under way has merged contacts, or has taken a merge back.
    pub(crate) fn has_written_tombstones(&self) -> bool {
        !self.tombstones.written().is_empty()
    }

    /// The blocked contacts.
    pub(crate) fn blocked(&self) -> &BTreeSet<Id> {
        &self.blocked
    }

    /// The tags that contacts have, each with its contacts; at least one.
    pub(crate) fn tagged(&self) -> &BTreeMap<Box<str>, BTreeSet<Id>> {
        &self.tagged
    }

    pub(crate) fn tombstones(&self) -> &BTreeMap<Id, Id> {
        self.tombstones.rows()
    }

    pub(crate) fn deleted(&self) -> &BTreeMap<Id, ()> {
        self.deleted.rows()
    }

    pub(crate) fn distinct_pairs(&self) -> &BTreeMap<(Id, Id), Arc<DistinctMarks>> {
        self.distinct_pairs.rows()
    }

    pub(crate) fn marks_of_pair(&self, a: &Id, b: &Id) -> Option<&DistinctMarks> {
        self.distinct_pairs.rows().get(&pair(a, b)).map(|row| &**row)
    }

    pub(crate) fn merges(&self) -> &BTreeMap<Box<str>, Arc<MergeRecord<Id>>> {
        self.merges.rows()
    }

    pub(crate) fn merge(&self, merge: &str) -> Option<&Arc<MergeRecord<Id>>> {
        self.merges.rows().get(merge)
    }

    pub(crate) fn events(&self) -> &BTreeMap<u64, Arc<Event<Id>>> {
        self.events.rows()
    }

    pub(crate) fn next_event(&self) -> u64 {
        *self.next_event.rows().get(&()).expect("a workspace says which event is the next")
    }

    pub(crate) fn settings_rows(&self) -> &BTreeMap<(), Arc<Settings>> {
        self.settings.rows()
    }

    pub(crate) fn next_event_rows(&self) -> &BTreeMap<(), u64> {
        self.next_event.rows()
    }

    /// The merges from the newest to the oldest.
    pub(crate) fn newest_merges(&self) -> impl Iterator<Item = &MergeRecord<Id>> {
        self.merges_in_order.values().rev().filter_map(|merge| self.merge(merge).map(|record| &**record))
    }

    /// The place of the next merge among all.
    pub(crate) fn next_order(&self) -> u64 {
        let after_last = self.merges_in_order.last_key_value().map_or(0, |(order, _)| order + 1);
        after_last.max(self.first_order)
    }

    /// Numbers events and merges from `number` on, which is greater than those of all there are.
    pub(crate) fn number_from(&mut self, number: u64) {
        self.first_order = number;
        self.set_next_event(number);
    }

    /// The merges that an id took part in, undone ones included.
    pub(crate) fn merges_of(&self, id: &Id) -> impl Iterator<Item = &str> {
        self.merges_of.get(id).into_iter().flatten().map(|merge| &**merge)
    }

    /// The merges that stand and have a tag in their images, by the name that it has now, in order of their names.
    pub(crate) fn merges_with_tag(&self, tag: &str) -> Vec<Box<str>> {
        self.merges_with_tag.get(tag).into_iter().flatten().cloned().collect()
    }

    pub(crate) fn set_settings(&mut self, settings: Settings) {
        self.settings.set((), Some(Arc::new(settings)));
    }

    /// Puts a live contact, or takes it out, and gives what it was.
    pub(crate) fn set_contact(&mut self, id: Id, row: Option<Arc<ContactRow<Id>>>) -> Option<Arc<ContactRow<Id>>> {
        let former = self.contacts.set(id.clone(), row.clone());
        let (before, after) = (tags_of(&former), tags_of(&row));
        before.difference(&after).for_each(|tag| remove_from(&mut self.tagged, *tag, &id));
        for tag in after.difference(&before) {
            self.tagged.entry((*tag).into()).or_default().insert(id.clone());
        }
        if row.as_ref().is_some_and(|row| row.contact.blocked) {
            self.blocked.insert(id)
        } else {
            self.blocked.remove(&id)
        };
        former
    }

    pub(crate) fn set_tombstone(&mut self, id: Id, into: Option<Id>) {
        if let Some(former) = self.tombstones.set(id.clone(), into.clone()) {
            remove_from(&mut self.children, &former, &id);
        }
        if let Some(into) = into {
            self.children.entry(into).or_default().insert(id);
        }
    }

    pub(crate) fn set_deleted(&mut self, id: Id, row: Option<()>) {
        self.deleted.set(id, row);
    }

    pub(crate) fn set_pair(&mut self, a: &Id, b: &Id, row: Option<Arc<DistinctMarks>>) {
        for (from, to) in [(a, b), (b, a)] {
            match &row {
                Some(_) => drop(self.partners.entry(from.clone()).or_default().insert(to.clone())),
                None => remove_from(&mut self.partners, from, to),
            }
        }
        self.distinct_pairs.set(pair(a, b), row);
    }

    pub(crate) fn set_merge(&mut self, merge: Box<str>, row: Option<Arc<MergeRecord<Id>>>) {
        if let Some(former) = self.merges.set(merge.clone(), row.clone()) {
            self.merges_in_order.remove(&former.order);
            former.participants().for_each(|id| remove_from(&mut self.merges_of, id, &merge));
            tags_of_merge(&former).into_iter().for_each(|tag| remove_from(&mut self.merges_with_tag, tag, &merge));
        }
        if let Some(record) = row {
            self.merges_in_order.insert(record.order, merge.clone());
            for id in record.participants() {
                self.merges_of.entry(id.clone()).or_default().insert(merge.clone());
            }
            for tag in tags_of_merge(&record) {
                self.merges_with_tag.entry(tag.into()).or_default().insert(merge.clone());
            }
        }
    }

    /// Appends an event, or changes one that nobody has taken yet, or takes it out.
    pub(crate) fn set_event(&mut self, number: u64, row: Option<Arc<Event<Id>>>) {
        if number >= self.next_event() {
            self.set_next_event(number + 1);
        }
        if let Some(former) = self.events.set(number, row.clone()) {
            former.values_of.iter().for_each(|id| remove_from(&mut self.events_naming, id, &number));
        }
        for id in row.iter().flat_map(|event| &event.values_of) {
            self.events_naming.entry(id.clone()).or_default().insert(number);
        }
    }

    /// The events that may tell a value of an id.
    pub(crate) fn events_telling(&self, id: &Id) -> impl Iterator<Item = u64> {
        self.events_naming.get(id).into_iter().flatten().copied()
    }

    /// Puts a contact that waits to be deleted, or takes it out.
    pub(crate) fn set_to_delete(&mut self, key: (u64, u64), row: Option<ToDelete<Id>>) {
        if let Some(former) = self.inbox.to_delete.set(key, row.clone()) {
            remove_from(&mut self.to_delete, &former.contact, &key);
        }
        if let Some(row) = row {
            self.to_delete.entry(row.contact).or_default().insert(key);
        }
    }

    /// Where a contact waits to be deleted.
    pub(crate) fn waiting_to_delete(&self, id: &Id) -> Vec<(u64, u64)> {
        self.to_delete.get(id).into_iter().flatten().copied().collect()
    }

    /// What was written since the last time this was asked.
    pub(crate) fn take_changes(&mut self) -> Changes<Id> {
        Changes {
            settings: self.settings.take_changes(),
            contacts: self.contacts.take_changes(),
            tombstones: self.tombstones.take_changes(),
            deleted: self.deleted.take_changes(),
            distinct_pairs: self.distinct_pairs.take_changes(),
            merges: self.merges.take_changes(),
            events: self.events.take_changes(),
            next_event: self.next_event.take_changes(),
            inbox: self.inbox.take_changes(),
        }
    }

    /// Takes what is put from now on for what there has always been, without noting it down: the tables of which there
    /// may be many rows. Until [`Rows::forget_changes`].
    pub(crate) fn load(&mut self) {
        self.contacts.load();
        self.tombstones.load();
        self.deleted.load();
        self.distinct_pairs.load();
        self.merges.load();
        self.events.load();
    }

    /// Takes what was written for what there has always been.
    pub(crate) fn forget_changes(&mut self) {
        self.settings.forget_changes();
        self.contacts.forget_changes();
        self.tombstones.forget_changes();
        self.deleted.forget_changes();
        self.distinct_pairs.forget_changes();
        self.merges.forget_changes();
        self.events.forget_changes();
        self.next_event.forget_changes();
        let _ = self.inbox.take_changes();
    }

    /// Puts every row that `changes` names back to what it was before. O(w log n) for w rows.
    pub(crate) fn revert(&mut self, changes: &Changes<Id>) {
        self.settings.revert(&changes.settings);
        for change in &changes.inbox.to_delete {
            self.set_to_delete(change.key, change.before.clone());
        }
        self.inbox.revert(&changes.inbox);
        changes.contacts.iter().for_each(|change| drop(self.set_contact(change.key.clone(), change.before.clone())));
        changes.tombstones.iter().for_each(|change| self.set_tombstone(change.key.clone(), change.before.clone()));
        changes.deleted.iter().for_each(|change| self.set_deleted(change.key.clone(), change.before));
        for change in &changes.distinct_pairs {
            self.set_pair(&change.key.0, &change.key.1, change.before.clone());
        }
        // Two merges may have changed places, so that all are taken out before any comes back.
        changes.merges.iter().for_each(|change| self.set_merge(change.key.clone(), None));
        changes.merges.iter().for_each(|change| self.set_merge(change.key.clone(), change.before.clone()));
        changes.events.iter().for_each(|change| self.set_event(change.key, change.before.clone()));
        self.next_event.revert(&changes.next_event);
        self.forget_changes();
    }

    pub(crate) fn set_next_event(&mut self, number: u64) {
        self.next_event.set((), Some(number));
    }
}

impl<Id: ContactId> Ancestry<Id> for WorkspaceRows<Id> {
    fn survivor_of(&self, id: &Id) -> Option<&Id> {
        self.tombstones.rows().get(id)
    }

    fn retired_into<'a>(&'a self, id: &Id) -> impl Iterator<Item = &'a Id>
    where
        Id: 'a,
    {
        self.children.get(id).into_iter().flatten()
    }

    fn partners_of<'a>(&'a self, id: &Id) -> impl Iterator<Item = &'a Id>
    where
        Id: 'a,
    {
        self.partners.get(id).into_iter().flatten()
    }

    fn marks_between(&self, a: &Id, b: &Id) -> Option<&BTreeSet<DistinctMark>> {
        self.marks_of_pair(a, b).map(|distinct_pairs| &distinct_pairs.0)
    }

    fn set_marks(&mut self, a: &Id, b: &Id, marks: BTreeSet<DistinctMark>) {
        self.set_pair(a, b, (!marks.is_empty()).then(|| Arc::new(DistinctMarks(marks))));
    }
}

/// The pair, the smaller id first.
pub(crate) fn pair<Id: ContactId>(a: &Id, b: &Id) -> (Id, Id) {
    if a <= b { (a.clone(), b.clone()) } else { (b.clone(), a.clone()) }
}

fn tags_of<Id>(row: &Option<Arc<ContactRow<Id>>>) -> BTreeSet<&str> {
    row.iter().flat_map(|row| row.contact.tags()).collect()
}

fn tags_of_merge<Id: ContactId>(record: &MergeRecord<Id>) -> BTreeSet<&str> {
    record.way().map(Way::tags_now).unwrap_or_default()
}

fn remove_from<Key, Name, Item>(sets: &mut BTreeMap<Key, BTreeSet<Item>>, key: &Name, item: &Item)
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
