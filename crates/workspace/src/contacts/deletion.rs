//! Deleting contacts for good: one at once, or many in batches.

use std::collections::BTreeSet;

use crate::act::Act;
use crate::applied::Applied;
use crate::events::event::EventKind;
use crate::inbox::selection::Selection;
use crate::roles::Operation;
use crate::rows::inbox::{Activity, Block, Deletion, ToDelete};
use crate::rows::tables::{
    ActivityTable, BlockTable, DeletedTable, DeletionTable, MergeTable, ToDeleteTable, TombstoneTable,
};
use crate::{Workspace, WorkspaceError};
use onefold::contact::ContactId;
use onefold::distinct::Ancestry;

impl<Id: ContactId> Workspace<Id> {
    /// Deletes a live contact for good, with every contact that was merged into it: their values leave the merge
    /// history, every patch in it and every event that nobody has taken yet; blocks and distinct marks go too. The
    /// bare ids remain, so that they answer [`Deleted`](crate::Resolved::Deleted), and when the contact was active, so that
    /// [`Workspace::monthly_active`] counts it still, until [`Workspace::forget_activity`]. The merges they took part in cannot
    /// be undone any more, and their names are free again. Events tell the host to delete the conversations. Tags on
    /// the workspace's list stay, as do segments. O(m log n) for the m ids, merges and distinct marks, and the events that
    /// tell of them.
    ///
    /// # Errors
    /// [`WorkspaceError::NotAllowed`], and as [`Workspace::check_live`].
    pub fn delete(&mut self, id: &Id, act: &Act) -> Result<Applied<Id>, WorkspaceError<Id>> {
        self.allow(act, Operation::Delete)?;
        self.check_live(id)?;
        self.transact(act, |workspace| {
            workspace.delete_now(&BTreeSet::from([id.clone()]), act);
            Ok(())
        })
    }

    /// Begins to delete many contacts, and gives the number of the deletion. Nothing is deleted before
    /// [`Workspace::continue_deletion`] comes to it. `confirmed` is how many contacts the user has agreed to delete.
    /// O(s log n) for the s contacts selected.
    ///
    /// ```
    /// use onefold::Contact;
    /// use onefold_workspace::{Act, Selection, Settings, Workspace};
    ///
    /// let mut workspace = Workspace::new(Settings::new());
    /// let act = Act::default();
    /// for id in 0..5 {
    ///     workspace.add(Contact::new(id), &act)?;
    /// }
    /// let deletion = workspace.begin_deletion(&Selection::All, 5, &act)?.outcome;
    /// while !workspace.continue_deletion(deletion, 2, &act)?.outcome.is_finished() {}
    /// assert!(workspace.is_empty());
    /// # Ok::<(), onefold_workspace::WorkspaceError<i32>>(())
    /// ```
    ///
    /// # Errors
    /// [`WorkspaceError::NotAllowed`], as [`Workspace::selected`], and [`WorkspaceError::NotConfirmed`] if another number
    /// of contacts was confirmed.
    pub fn begin_deletion(
        &mut self,
        selection: &Selection<Id>,
        confirmed: usize,
        act: &Act,
    ) -> Result<Applied<Id, u64>, WorkspaceError<Id>> {
        self.allow(act, Operation::Delete)?;
        let ids = self.selected(selection)?;
        if ids.len() != confirmed {
            return Err(WorkspaceError::NotConfirmed { contacts: ids.len(), confirmed });
        }
        let last = self.rows.tables().deletions.rows().last_key_value();
        let number = last.map_or(0, |(number, _)| number + 1);
        self.transact(act, |workspace| {
            let (at, by) = (act.at, act.by.clone());
            let deletion = Deletion { total: ids.len(), deleted: 0, skipped: 0, at, by, is_stopped: false };
            workspace.rows.set::<DeletionTable>(number, Some(deletion));
            let is_finished = ids.is_empty();
            for (place, contact) in (0..).zip(ids) {
                let head = workspace.rows.contact(&contact).and_then(|row| row.head.clone());
                workspace.rows.set::<ToDeleteTable>((number, place), Some(ToDelete { contact, head }));
            }
            if is_finished {
                workspace.emit(act, Vec::new(), EventKind::DeletionFinished { deletion: number });
            }
            Ok(number)
        })
    }

    /// Deletes the next contacts of a deletion, at most `limit` but one at least, and says how far it has come. A
    /// contact is passed over if it was deleted since, merged into another one, or another one into it: nobody has
    /// agreed to delete that other one. A deletion that is finished stays so. O(b log n) for a batch of b, and the
    /// events that wait.
    ///
    /// # Errors
    /// [`WorkspaceError::NotAllowed`], or [`WorkspaceError::UnknownDeletion`].
    pub fn continue_deletion(
        &mut self,
        deletion: u64,
        limit: usize,
        act: &Act,
    ) -> Result<Applied<Id, Deletion>, WorkspaceError<Id>> {
        self.allow(act, Operation::Delete)?;
        let mut progress = self.deletion(deletion)?.clone();
        let next: Vec<((u64, u64), ToDelete<Id>)> =
            self.left_of(deletion).take(limit.max(1)).map(|(key, row)| (*key, row.clone())).collect();
        self.transact(act, |workspace| {
            let has_left = !next.is_empty();
            let mut live = BTreeSet::new();
            for (key, ToDelete { contact, head }) in next {
                workspace.rows.set::<ToDeleteTable>(key, None);
                if workspace.rows.contact(&contact).is_some_and(|row| row.head == head) {
                    live.insert(contact);
                } else {
                    progress.skipped += 1
                }
            }
            progress.deleted += live.len();
            let has_come_to_its_end = progress.is_finished() && has_left;
            workspace.rows.set::<DeletionTable>(deletion, Some(progress.clone()));
            workspace.delete_now(&live, act);
            if has_come_to_its_end {
                workspace.emit(act, Vec::new(), EventKind::DeletionFinished { deletion });
            }
            Ok(progress)
        })
    }

    /// Stops a deletion: the contacts that it has not come to stay. O(l log n) for the l that are left.
    ///
    /// # Errors
    /// As [`Workspace::continue_deletion`].
    pub fn stop_deletion(&mut self, deletion: u64, act: &Act) -> Result<Applied<Id, Deletion>, WorkspaceError<Id>> {
        self.allow(act, Operation::Delete)?;
        let mut progress = self.deletion(deletion)?.clone();
        let left: Vec<(u64, u64)> = self.left_of(deletion).map(|(key, _)| *key).collect();
        self.transact(act, |workspace| {
            for key in left {
                workspace.rows.set::<ToDeleteTable>(key, None);
            }
            if !progress.is_finished() {
                progress.is_stopped = true;
                workspace.emit(act, Vec::new(), EventKind::DeletionFinished { deletion });
            }
            workspace.rows.set::<DeletionTable>(deletion, Some(progress.clone()));
            Ok(progress)
        })
    }

    /// The deletions of many contacts, finished ones included, from the oldest on. They hold no ids.
    pub fn deletions(&self) -> impl Iterator<Item = (u64, &Deletion)> {
        self.rows.tables().deletions.rows().iter().map(|(number, deletion)| (*number, deletion))
    }

    fn deletion(&self, deletion: u64) -> Result<&Deletion, WorkspaceError<Id>> {
        let row = self.rows.tables().deletions.rows().get(&deletion);
        row.ok_or(WorkspaceError::UnknownDeletion { deletion })
    }

    fn left_of(&self, deletion: u64) -> impl Iterator<Item = (&(u64, u64), &ToDelete<Id>)> {
        self.rows.tables().to_delete.rows_of(deletion)
    }

    /// Deletes live contacts, with all that they are made of.
    fn delete_now(&mut self, contacts: &BTreeSet<Id>, act: &Act) {
        let made_of: Vec<(Id, BTreeSet<Id>)> =
            contacts.iter().map(|id| (id.clone(), self.rows.made_of(id).into_iter().collect())).collect();
        for (id, ids) in &made_of {
            self.set_contact(id, None);
            self.gather_activity(id, ids, act);
            ids.iter().for_each(|part| self.forget(part));
        }
        self.redact_events(&made_of.iter().flat_map(|(_, ids)| ids).cloned().collect());
        for (contact, ids) in made_of {
            let ids: Vec<Id> = ids.into_iter().collect();
            self.emit(act, Vec::new(), EventKind::ContactDeleted { contact, ids, origin: act.origin() });
        }
    }

    /// Passes over an id in every deletion that has not come to it: whoever has it later is another person.
    fn skip_in_deletions(&mut self, id: &Id) {
        for key in self.rows.waiting_to_delete(id) {
            self.rows.set::<ToDeleteTable>(key, None);
            if let Some(mut deletion) = self.rows.tables().deletions.rows().get(&key.0).cloned() {
                deletion.skipped += 1;
                self.rows.set::<DeletionTable>(key.0, Some(deletion));
            }
        }
    }

    /// Puts the activity of all that a contact is made of under its own id: what a billing cycle counts, and no more.
    fn gather_activity(&mut self, id: &Id, ids: &BTreeSet<Id>, act: &Act) {
        for part in ids {
            let tables = self.rows.tables();
            let active: Vec<(i64, Activity)> =
                tables.activity.range_of(part).map(|((_, week), active)| (*week, *active)).collect();
            let hidden = tables.blocks.range_of(part);
            let hidden = hidden.filter_map(|((_, since), block)| Some((*since, block.first_hidden?, block.until)));
            let hidden: Vec<(i64, i64, Option<i64>)> = hidden.collect();
            self.rows.remove_all_of::<ActivityTable>(part);
            self.rows.remove_all_of::<BlockTable>(part);
            for (week, active) in active {
                let key = (id.clone(), week);
                let known = self.rows.tables().activity.rows().get(&key).copied().unwrap_or(active);
                let (first, last) = (known.first.min(active.first), known.last.max(active.last));
                self.rows.set::<ActivityTable>(key, Some(Activity { first, last }));
            }
            for (since, first_hidden, until) in hidden {
                let block = Block { by: "".into(), until: until.or(Some(act.at)), first_hidden: Some(first_hidden) };
                self.rows.set::<BlockTable>((id.clone(), since), Some(block));
            }
        }
    }

    /// Takes everything out that refers to an id, and leaves a tombstone.
    fn forget(&mut self, id: &Id) {
        let merges: Vec<Box<str>> = self.rows.merges_of(id).map(Box::from).collect();
        merges.into_iter().for_each(|merge| drop(self.rows.set::<MergeTable>(merge, None)));
        let partners: Vec<Id> = self.rows.partners_of(id).cloned().collect();
        partners.iter().for_each(|partner| self.rows.set_pair(id, partner, None));
        self.skip_in_deletions(id);
        self.rows.set::<TombstoneTable>(id.clone(), None);
        self.rows.set::<DeletedTable>(id.clone(), Some(()));
    }
}
