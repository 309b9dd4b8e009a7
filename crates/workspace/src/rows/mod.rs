//! Everything that a workspace knows, as rows of tables, and what can be looked up in them.
//!
//! Each row is written in one place, which keeps the look-ups right; what an operation wrote can be undone or
//! handed to a store without knowing what the operation was.

pub(crate) mod contact_row;
mod contact_tables;
pub(crate) mod event;
pub(crate) mod inbox;
mod inbox_tables;
pub(crate) mod kind;
pub(crate) mod lines;
mod lookups;
pub(crate) mod rekeyed_contact;
pub(crate) mod row_table;
pub(crate) mod stored;
mod table_list;
pub(crate) mod tables;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Serialize;

use crate::rows::contact_row::{ContactRow, DistinctMarks, MergeRecord};
use crate::rows::event::Event;
use crate::rows::lookups::Lookups;
use crate::rows::row_table::KeyPart;
use crate::rows::stored::StoredRow;
use crate::rows::tables::{
    Changes, DistinctPairTable, EventTable, NextEventTable, SettingsTable, Table, TableRow, Tables,
};
use crate::settings::Settings;
use onefold::contact::{ContactId, ContactPair, StoredId};
use onefold::distinct::{Ancestry, DistinctMark};

/// The rows of a workspace. Large rows are shared, so that noting down what one was costs nothing.
#[derive(Clone)]
pub(crate) struct WorkspaceRows<Id> {
    tables: Tables<Id>,
    lookups: Lookups<Id>,
    // No merge from now on has a place before this one.
    first_order: u64,
}

impl<Id: ContactId> WorkspaceRows<Id> {
    pub(crate) fn new(settings: Settings) -> Self {
        let mut rows = Self { tables: Tables::default(), lookups: Lookups::default(), first_order: 0 };
        rows.set_settings(settings);
        rows.set_next_event(0);
        rows.forget_changes();
        rows
    }

    /// All tables, to be read.
    pub(crate) fn tables(&self) -> &Tables<Id> {
        &self.tables
    }

    /// Puts a row of a table, or takes it out, and returns the one that was there. O(log n).
    pub(crate) fn set<Of: Table<Id>>(&mut self, key: Of::Key, row: Option<Of::Row>) -> Option<Of::Row> {
        Of::set(&mut self.tables, &mut self.lookups, key, row)
    }

    pub(crate) fn settings(&self) -> &Settings {
        self.tables.settings.rows().get(&()).expect("a workspace has settings")
    }

    pub(crate) fn contacts(&self) -> &BTreeMap<Id, Arc<ContactRow<Id>>> {
        self.tables.contacts.rows()
    }

    pub(crate) fn contact(&self, id: &Id) -> Option<&ContactRow<Id>> {
        self.tables.contacts.rows().get(id).map(|row| &**row)
    }

    /// Returns the contacts that the operation under way has written, each with the row that it had before.
    pub(crate) fn contacts_written(&self) -> &BTreeMap<Id, Option<Arc<ContactRow<Id>>>> {
        self.tables.contacts.written()
    }

    /// Returns the pairs whose distinct marks the operation under way has written.
    pub(crate) fn distinct_pairs_written(&self) -> impl Iterator<Item = &ContactPair<Id>> {
        self.tables.distinct_pairs.written().keys()
    }

    /// Returns true if the operation under way has merged contacts, or has undone a merge.
    pub(crate) fn has_written_tombstones(&self) -> bool {
        !self.tables.tombstones.written().is_empty()
    }

    /// The blocked contacts.
    pub(crate) fn blocked(&self) -> &BTreeSet<Id> {
        &self.lookups.blocked
    }

    /// The tags that contacts have, each with its contacts; at least one.
    pub(crate) fn tagged(&self) -> &BTreeMap<Box<str>, BTreeSet<Id>> {
        &self.lookups.tagged
    }

    pub(crate) fn tombstones(&self) -> &BTreeMap<Id, Id> {
        self.tables.tombstones.rows()
    }

    pub(crate) fn deleted(&self) -> &BTreeMap<Id, ()> {
        self.tables.deleted.rows()
    }

    pub(crate) fn distinct_pairs(&self) -> &BTreeMap<ContactPair<Id>, Arc<DistinctMarks>> {
        self.tables.distinct_pairs.rows()
    }

    pub(crate) fn marks_of_pair(&self, a: &Id, b: &Id) -> Option<&DistinctMarks> {
        self.tables.distinct_pairs.rows().get(&ContactPair::new(a.clone(), b.clone())).map(|row| &**row)
    }

    pub(crate) fn merges(&self) -> &BTreeMap<Box<str>, Arc<MergeRecord<Id>>> {
        self.tables.merges.rows()
    }

    pub(crate) fn merge(&self, merge: &str) -> Option<&Arc<MergeRecord<Id>>> {
        self.tables.merges.rows().get(merge)
    }

    pub(crate) fn events(&self) -> &BTreeMap<u64, Arc<Event<Id>>> {
        self.tables.events.rows()
    }

    pub(crate) fn next_event(&self) -> u64 {
        *self.tables.next_event.rows().get(&()).expect("a workspace says which event is the next")
    }

    /// The merges from the newest to the oldest.
    pub(crate) fn newest_merges(&self) -> impl Iterator<Item = &MergeRecord<Id>> {
        self.lookups.merges_in_order.values().rev().filter_map(|merge| self.merge(merge).map(|record| &**record))
    }

    /// The place of the next merge among all.
    pub(crate) fn next_order(&self) -> u64 {
        let after_last = self.lookups.merges_in_order.last_key_value().map_or(0, |(order, _)| order + 1);
        after_last.max(self.first_order)
    }

    /// Numbers events and merges from `number` on, which is greater than those of all there are.
    pub(crate) fn number_from(&mut self, number: u64) {
        self.first_order = number;
        self.set_next_event(number);
    }

    /// The merges that an id took part in, undone ones included.
    pub(crate) fn merges_of(&self, id: &Id) -> impl Iterator<Item = &str> {
        self.lookups.merges_of.get(id).into_iter().flatten().map(|merge| &**merge)
    }

    /// The merges that stand and have a tag in their images, by the name that it has now, in order of their names.
    pub(crate) fn merges_with_tag(&self, tag: &str) -> Vec<Box<str>> {
        self.lookups.merges_with_tag.get(tag).into_iter().flatten().cloned().collect()
    }

    pub(crate) fn set_settings(&mut self, settings: Settings) {
        self.set::<SettingsTable>((), Some(Arc::new(settings)));
    }

    pub(crate) fn set_next_event(&mut self, number: u64) {
        self.set::<NextEventTable>((), Some(number));
    }

    /// Puts what was said of a pair, in whatever order its ids are given.
    pub(crate) fn set_pair(&mut self, a: &Id, b: &Id, row: Option<Arc<DistinctMarks>>) {
        self.set::<DistinctPairTable>(ContactPair::new(a.clone(), b.clone()), row);
    }

    /// Takes out all rows of one contact from a table whose keys begin with a contact.
    pub(crate) fn remove_all_of<Of: Table<Id, Key = (Id, Part)>, Part: KeyPart>(&mut self, id: &Id) {
        let keys: Vec<(Id, Part)> = Of::of_mut(&mut self.tables).range_of(id).map(|(key, _)| key.clone()).collect();
        keys.into_iter().for_each(|key| drop(self.set::<Of>(key, None)));
    }

    /// Appends an event, or changes one that nobody has taken yet, or takes it out.
    pub(crate) fn set_event(&mut self, number: u64, row: Option<Arc<Event<Id>>>) {
        if number >= self.next_event() {
            self.set_next_event(number + 1);
        }
        self.set::<EventTable>(number, row);
    }

    /// The events that may show a value of an id.
    pub(crate) fn events_with_values_of(&self, id: &Id) -> impl Iterator<Item = u64> {
        self.lookups.events_with_values_of.get(id).into_iter().flatten().copied()
    }

    /// Where a contact waits to be deleted: the numbers of deletions, with its place in each.
    pub(crate) fn waiting_to_delete(&self, id: &Id) -> Vec<(u64, u64)> {
        self.lookups.waiting_to_delete.get(id).into_iter().flatten().copied().collect()
    }

    /// What was written since the last time this was asked.
    pub(crate) fn take_changes(&mut self) -> Changes<Id> {
        self.tables.take_changes()
    }

    /// Takes what is put from now on for what there has always been, until [`WorkspaceRows::forget_changes`].
    pub(crate) fn load(&mut self) {
        self.tables.load();
    }

    /// Takes what was written for what there has always been.
    pub(crate) fn forget_changes(&mut self) {
        self.tables.forget_changes();
    }

    /// Puts every row that `changes` names back to what it was before. O(w log n) for w rows.
    pub(crate) fn revert(&mut self, changes: &Changes<Id>) {
        changes.revert(&mut self.tables, &mut self.lookups);
        self.forget_changes();
    }
}

impl<Id: ContactId + Serialize> WorkspaceRows<Id> {
    /// All rows as a store keeps them, those of the settings and of the next event first.
    pub(crate) fn stored(&self) -> impl Iterator<Item = StoredRow> {
        self.tables.stored()
    }
}

impl<Id: StoredId> WorkspaceRows<Id> {
    /// Puts a row that was read. Returns true if there was none under its key.
    pub(crate) fn put(&mut self, row: TableRow<Id>) -> bool {
        row.put(&mut self.tables, &mut self.lookups)
    }
}

impl<Id: ContactId> Ancestry<Id> for WorkspaceRows<Id> {
    fn survivor_of(&self, id: &Id) -> Option<&Id> {
        self.tombstones().get(id)
    }

    fn retired_into<'a>(&'a self, id: &Id) -> impl Iterator<Item = &'a Id>
    where
        Id: 'a,
    {
        self.lookups.children.get(id).into_iter().flatten()
    }

    fn partners_of<'a>(&'a self, id: &Id) -> impl Iterator<Item = &'a Id>
    where
        Id: 'a,
    {
        self.lookups.partners.get(id).into_iter().flatten()
    }

    fn marks_between(&self, a: &Id, b: &Id) -> Option<&BTreeSet<DistinctMark>> {
        self.marks_of_pair(a, b).map(|marks| &marks.0)
    }

    fn set_marks(&mut self, a: &Id, b: &Id, marks: BTreeSet<DistinctMark>) {
        let row = (!marks.is_empty()).then(|| Arc::new(DistinctMarks(marks)));
        self.set_pair(a, b, row);
    }
}
