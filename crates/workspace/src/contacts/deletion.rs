//! The permanent deletion of contacts, at once or in batches.

use std::collections::BTreeSet;

use crate::act::Act;
use crate::applied::Applied;
use crate::inbox::selection::Selection;
use crate::roles::Operation;
use crate::rows::event::EventKind;
use crate::rows::inbox::{Activity, Block, Deletion, ToDelete};
use crate::rows::tables::{
    ActivityTable, BlockTable, DeletedTable, DeletionTable, MergeTable, ToDeleteTable, TombstoneTable,
};
use crate::{Workspace, WorkspaceError};
use onefold::contact::{ContactId, Time};
use onefold::distinct::Ancestry;

impl<Id: ContactId> Workspace<Id> {
    /// Deletes a live contact permanently, together with all contacts merged into it.
    ///
    /// - Their values are removed from the merge history, from every patch in it and from every event not yet taken.
    ///   Their blocks and distinct marks are removed, too.
    /// - The bare ids stay, so that they resolve to [`Deleted`](crate::Resolved::Deleted). The times of activity stay
    ///   for [`Workspace::monthly_active`] until [`Workspace::forget_activity`] removes them.
    /// - Their merges can no longer be undone, and the ids of the merges are free again.
    /// - Tags on the workspace's list and segments stay.
    /// - Events tell the host to delete the conversations.
    ///
    /// Cost: O(m log n) for the m ids, merges and distinct marks of the contact, and the events about them.
    ///
    /// # Errors
    /// - [`WorkspaceError::NotAllowed`] if the role may not delete contacts.
    /// - Those of [`Workspace::check_live`].
    pub fn delete(&mut self, id: &Id, act: &Act) -> Result<Applied<Id>, WorkspaceError<Id>> {
        self.allow(act, Operation::Delete)?;
        self.check_live(id)?;
        self.transact(act, |workspace| {
            workspace.delete_now(&BTreeSet::from([id.clone()]), act);
            Ok(())
        })
    }

    /// Starts the deletion of many contacts and returns its number.
    ///
    /// The contacts are deleted only by calls of [`Workspace::continue_deletion`]. `confirmed` is the number of
    /// contacts that the user has agreed to delete. Cost: O(s log n) for s selected contacts.
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
    /// - [`WorkspaceError::NotAllowed`] if the role may not delete contacts.
    /// - Those of [`Workspace::selected`].
    /// - [`WorkspaceError::NotConfirmed`] if `confirmed` is not the number of selected contacts.
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

    /// Deletes the next contacts of a deletion, at least one and at most `limit`, and returns the progress.
    ///
    /// A contact is skipped if it was deleted or took part in a merge since the start, because the user has not agreed
    /// to delete the other contacts of the merge. A finished deletion stays finished. Cost: O(b log n) for a batch of b
    /// contacts, plus the events not yet taken.
    ///
    /// # Errors
    /// - [`WorkspaceError::NotAllowed`] if the role may not delete contacts.
    /// - [`WorkspaceError::UnknownDeletion`] if there is no such deletion.
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

    /// Stops a deletion. The contacts that are not yet deleted stay. Cost: O(l log n) for l contacts not yet deleted.
    ///
    /// # Errors
    /// - Those of [`Workspace::continue_deletion`].
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

    /// Returns the deletions of many contacts, the oldest first, including finished ones. They contain no contact ids.
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

    /// Deletes live contacts with all their original contacts.
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

    /// Skips an id in every deletion that has not reached it, because a later contact with this id is another person.
    fn skip_in_deletions(&mut self, id: &Id) {
        for key in self.rows.waiting_to_delete(id) {
            self.rows.set::<ToDeleteTable>(key, None);
            if let Some(mut deletion) = self.rows.tables().deletions.rows().get(&key.0).cloned() {
                deletion.skipped += 1;
                self.rows.set::<DeletionTable>(key.0, Some(deletion));
            }
        }
    }

    /// Moves the activity of a contact's original ids to its own id, reduced to what a billing cycle counts.
    fn gather_activity(&mut self, id: &Id, ids: &BTreeSet<Id>, act: &Act) {
        for part in ids {
            let tables = self.rows.tables();
            let active: Vec<(i64, Activity)> =
                tables.activity.range_of(part).map(|((_, week), active)| (*week, *active)).collect();
            let hidden = tables.blocks.range_of(part);
            let hidden = hidden.filter_map(|((_, since), block)| Some((*since, block.first_hidden?, block.until)));
            let hidden: Vec<(Time, Time, Option<Time>)> = hidden.collect();
            self.rows.remove_all_of::<ActivityTable, _>(part);
            self.rows.remove_all_of::<BlockTable, _>(part);
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

    /// Removes all rows that refer to an id, and marks the id as deleted.
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
