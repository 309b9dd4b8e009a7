//! The contacts that are compared, with their comparable forms.

use std::collections::{BTreeMap, BTreeSet};

use crate::contact::{Contact, ContactId};
use crate::normalize::Normalizer;
use crate::similarity::comparable::{ComparableForm, ComparableRow, FieldRoles, Texts};
use crate::similarity::live_blocks::CanonicalOrder;
use crate::similarity::nicknames::Nicknames;
use crate::similarity::stable_hash::StableHash;

/// A contact in a workspace. Contacts of different workspaces are never compared.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ScopedContact<'a, Id> {
    /// The workspace, or `None` if there is only one.
    pub workspace: Option<&'a str>,
    /// The contact.
    pub contact: &'a Contact<Id>,
}

impl<'a, Id> ScopedContact<'a, Id> {
    /// Returns a contact in a workspace.
    pub fn new(workspace: Option<&'a str>, contact: &'a Contact<Id>) -> Self {
        Self { workspace, contact }
    }
}

/// Contacts by slots, with all that their comparison needs but the weights.
#[derive(Clone)]
pub(crate) struct ComparedContacts<Id> {
    pub(crate) normalizer: Normalizer,
    nicknames: Nicknames,
    pub(crate) texts: Texts,
    slots: BTreeMap<Id, u32>,
    // The id and the row of each slot. A slot whose contact was removed is free, and its row empty.
    ids: Vec<Id>,
    rows: Vec<ComparableRow>,
    free: Vec<u32>,
}

impl<Id: ContactId> ComparedContacts<Id> {
    /// Reads contacts. Blocked ones are left out, and of contacts with one id the last counts. Slots are in canonical
    /// order. Cost: O(n log n) for n contacts. With the feature `parallel` all cores read.
    pub(crate) fn new(contacts: &[ScopedContact<'_, Id>], normalizer: &Normalizer) -> Self {
        let mut by_id: BTreeMap<&Id, &ScopedContact<'_, Id>> = BTreeMap::new();
        for scoped in contacts {
            by_id.insert(&scoped.contact.id, scoped);
        }
        let active: Vec<&ScopedContact<'_, Id>> =
            by_id.into_values().filter(|scoped| !scoped.contact.blocked).collect();
        let mut set = Self {
            normalizer: normalizer.clone(),
            nicknames: Nicknames::shipped(),
            texts: Texts::new(),
            slots: BTreeMap::new(),
            ids: Vec::with_capacity(active.len()),
            rows: Vec::with_capacity(active.len()),
            free: Vec::new(),
        };
        for chunk in active.chunks(8_192) {
            for (form, scoped) in forms(chunk, normalizer).iter().zip(chunk) {
                set.rows.push(set.texts.row(form, workspace_number(scoped.workspace), &set.nicknames));
                set.ids.push(scoped.contact.id.clone());
            }
        }
        set.sort();
        set
    }

    /// Brings the slots into canonical order, and closes the free ones.
    pub(crate) fn sort(&mut self) {
        let free: BTreeSet<u32> = self.free.drain(..).collect();
        let ids = std::mem::take(&mut self.ids);
        let rows = std::mem::take(&mut self.rows);
        let mut both: Vec<(ComparableRow, Id)> = (0..)
            .zip(rows.into_iter().zip(ids))
            .filter(|(slot, _)| !free.contains(slot))
            .map(|(_, both)| both)
            .collect();
        both.sort_unstable_by(|(a, a_id), (b, b_id)| (a.content, a_id).cmp(&(b.content, b_id)));
        (self.rows, self.ids) = both.into_iter().unzip();
        self.slots = (0..).zip(&self.ids).map(|(slot, id)| (id.clone(), slot)).collect();
    }

    /// Puts a contact in the place of the one with its id, or in a new one. Returns its slot.
    pub(crate) fn set(&mut self, scoped: &ScopedContact<'_, Id>) -> u32 {
        let form = ComparableForm::of(scoped.contact, &self.normalizer);
        let row = self.texts.row(&form, workspace_number(scoped.workspace), &self.nicknames);
        let id = &scoped.contact.id;
        if let Some(slot) = self.slots.get(id) {
            self.rows[*slot as usize] = row;
            return *slot;
        }
        let slot = match self.free.pop() {
            Some(slot) => {
                self.rows[slot as usize] = row;
                self.ids[slot as usize] = id.clone();
                slot
            }
            None => {
                self.rows.push(row);
                self.ids.push(id.clone());
                u32::try_from(self.rows.len() - 1).expect("contacts are numbered in 32 bits")
            }
        };
        self.slots.insert(id.clone(), slot);
        slot
    }

    /// Frees the slot of a contact.
    pub(crate) fn clear(&mut self, slot: u32) {
        self.slots.remove(&self.ids[slot as usize]);
        self.rows[slot as usize] = ComparableRow::default();
        self.free.push(slot);
    }

    pub(crate) fn slot(&self, id: &Id) -> Option<u32> {
        self.slots.get(id).copied()
    }

    pub(crate) fn id(&self, slot: u32) -> &Id {
        &self.ids[slot as usize]
    }

    /// Returns the texts, to be counted, with the rows by slot.
    pub(crate) fn texts_and_rows(&mut self) -> (&mut Texts, Vec<&ComparableRow>) {
        (&mut self.texts, self.rows.iter().collect())
    }

    /// Returns the rows by slot, free ones included.
    pub(crate) fn rows(&self) -> &[ComparableRow] {
        &self.rows
    }

    /// Returns the slots in use, in order of the ids.
    pub(crate) fn slots(&self) -> impl Iterator<Item = u32> {
        self.slots.values().copied()
    }

    pub(crate) fn len(&self) -> usize {
        self.slots.len()
    }

    /// Returns an estimate of the heap bytes in use, without what ids own.
    pub(crate) fn memory(&self) -> usize {
        let rows: usize = self.rows.iter().map(ComparableRow::memory).sum();
        let of_ids = (self.ids.capacity() + self.slots.len() * 3 / 2) * size_of::<Id>();
        self.texts.memory() + rows + self.rows.capacity() * size_of::<ComparableRow>() + of_ids
    }
}

impl<Id: ContactId> CanonicalOrder for ComparedContacts<Id> {
    fn row(&self, slot: u32) -> &ComparableRow {
        &self.rows[slot as usize]
    }

    fn rank(&self, slot: u32) -> impl Ord {
        (self.rows[slot as usize].content, &self.ids[slot as usize])
    }
}

/// Returns the number of a workspace. It has no part in anything but the equality of two.
fn workspace_number(workspace: Option<&str>) -> u64 {
    workspace.map_or(0, |workspace| StableHash::of(7).bytes(workspace.as_bytes()).value().max(1))
}

fn forms<Id: ContactId>(contacts: &[&ScopedContact<'_, Id>], normalizer: &Normalizer) -> Vec<ComparableForm> {
    #[cfg(feature = "parallel")]
    {
        use rayon::prelude::*;
        let form = |roles: &mut FieldRoles, scoped: &&ScopedContact<'_, Id>| {
            ComparableForm::with_roles(scoped.contact, normalizer, roles)
        };
        contacts.par_iter().with_min_len(64).map_init(FieldRoles::default, form).collect()
    }
    #[cfg(not(feature = "parallel"))]
    {
        let mut roles = FieldRoles::default();
        contacts.iter().map(|scoped| ComparableForm::with_roles(scoped.contact, normalizer, &mut roles)).collect()
    }
}
