//! Merges of live contacts.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::act::Act;
use crate::applied::Applied;
use crate::roles::Operation;
use crate::rows::contact_row::{ContactRow, MergeRecord, MergeState, UndoRecord};
use crate::rows::event::{EventKind, FieldChanges};
use crate::rows::tables::{MergeTable, TombstoneTable};
use crate::{Workspace, WorkspaceError};
use onefold::contact::{Contact, ContactId, Field, Time};
use onefold::merge::{Choice, Lost, Merge, MergeRequest};

/// The decisions of a merge.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Merged<Id> {
    /// The decision for each field, in order of the fields.
    pub choices: Vec<Choice<Id>>,
    /// Every value that is not in the survivor.
    pub lost: Vec<Lost<Id>>,
}

/// The position of a merge in the history.
pub(crate) struct MergeEntry {
    pub(crate) at: Time,
    pub(crate) by: Box<str>,
    pub(crate) order: u64,
}

impl<Id: ContactId> Workspace<Id> {
    /// Returns the result of [`Workspace::merge`] without changing anything.
    ///
    /// # Errors
    /// - Those of [`Workspace::merge`].
    pub fn preview_merge(
        &self,
        request: &MergeRequest<Id>,
        into: &Id,
        retire: &[Id],
        act: &Act,
    ) -> Result<Merge<Id>, WorkspaceError<Id>> {
        self.allow(act, Operation::Merge)?;
        let ids = self.check_merge(request, into, retire)?;
        self.check_choices(request, &ids, act)?;
        self.plan(request, &ids)
    }

    /// Merges the contacts `retire` into the contact `into`, by the policy in force.
    ///
    /// The survivor keeps its id, and the ids of the retired contacts resolve to it. Contacts that are distinct from
    /// one of the participants are distinct from the survivor. Distinct pairs in the request are ignored, because the
    /// workspace has its own. Cost: O(n log n) in the size of the contacts and the number of distinct marks on their
    /// original contacts.
    ///
    /// # Errors
    /// In this order:
    /// - [`WorkspaceError::NotAllowed`] if the role may not merge contacts.
    /// - [`WorkspaceError::DuplicateMergeId`] if a merge has this id, also an undone one.
    /// - [`WorkspaceError::NothingToMerge`] if `retire` is empty.
    /// - [`WorkspaceError::SameContact`] if a contact is given twice.
    /// - Those of [`Workspace::check_live`], for the survivor and then for the others in order.
    /// - [`WorkspaceError::Blocked`] or [`WorkspaceError::Distinct`] if the request does not allow such contacts.
    /// - For a user, [`WorkspaceError::NotAllowed`] if a participant is blocked and the role may not block contacts.
    /// - For a user, those of [`Workspace::set_field`] for a value given in the request.
    /// - [`WorkspaceError::Refused`] if the policy refuses the merge.
    pub fn merge(
        &mut self,
        request: &MergeRequest<Id>,
        into: &Id,
        retire: &[Id],
        act: &Act,
    ) -> Result<Applied<Id, Merged<Id>>, WorkspaceError<Id>> {
        self.allow(act, Operation::Merge)?;
        let ids = self.check_merge(request, into, retire)?;
        self.check_choices(request, &ids, act)?;
        let merge = self.plan(request, &ids)?;
        let entry = MergeEntry { at: act.at, by: act.by.clone(), order: self.rows.next_order() };
        self.transact(act, |workspace| Ok(workspace.carry_out(request, &ids, merge, entry, act)))
    }

    /// Returns the ids of the participants, the survivor first, the others in order.
    ///
    /// # Errors
    /// - [`WorkspaceError::DuplicateMergeId`], [`WorkspaceError::NothingToMerge`], [`WorkspaceError::SameContact`],
    ///   [`WorkspaceError::Blocked`], [`WorkspaceError::Distinct`] and those of [`Workspace::check_live`], as for
    ///   [`Workspace::merge`].
    fn check_merge(&self, request: &MergeRequest<Id>, into: &Id, retire: &[Id]) -> Result<Vec<Id>, WorkspaceError<Id>> {
        let merge = || Box::from(request.merge_id());
        if self.rows.merge(request.merge_id()).is_some() {
            return Err(WorkspaceError::DuplicateMergeId { merge: merge() });
        }
        if retire.is_empty() {
            return Err(WorkspaceError::NothingToMerge { merge: merge() });
        }
        let mut retired = retire.to_vec();
        retired.sort();
        let twice = retired.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| &pair[0]);
        if let Some(id) = twice.or_else(|| retired.iter().find(|id| *id == into)) {
            return Err(WorkspaceError::SameContact { id: id.clone() });
        }
        let ids: Vec<Id> = std::iter::once(into.clone()).chain(retired).collect();
        for id in &ids {
            self.check_live(id)?;
        }
        let mut blocked = ids.iter().filter(|id| self.index.is_blocked(id));
        if let (false, Some(id)) = (request.allows_blocked(), blocked.next()) {
            return Err(WorkspaceError::Blocked { id: id.clone() });
        }
        if let (false, Some(pair)) = (request.allows_distinct(), self.index.distinct_among(&ids).first()) {
            return Err(WorkspaceError::Distinct { a: pair.first().clone(), b: pair.second().clone() });
        }
        Ok(ids)
    }

    /// Checks that a user may write the values given in the request, so that a merge cannot bypass the checks of an
    /// edit.
    fn check_choices(&self, request: &MergeRequest<Id>, ids: &[Id], act: &Act) -> Result<(), WorkspaceError<Id>> {
        if act.may(Operation::WriteRaw) {
            return Ok(());
        }
        if ids.iter().any(|id| self.index.is_blocked(id)) {
            self.allow(act, Operation::Block)?;
        }
        for (field, given) in request.overridden() {
            match given {
                Some(value) => self.check_written(field, value, &[])?,
                None if *field == Field::Channels => {
                    return Err(WorkspaceError::NotEditable { field: field.clone() });
                }
                None => {}
            }
        }
        Ok(())
    }

    /// Returns the result of merging the live contacts `ids`.
    ///
    /// # Errors
    /// - [`WorkspaceError::Refused`] if the policy refuses the merge.
    pub(crate) fn plan(&self, request: &MergeRequest<Id>, ids: &[Id]) -> Result<Merge<Id>, WorkspaceError<Id>> {
        let contacts: Vec<Contact<Id>> = ids.iter().filter_map(|id| self.get(id)).cloned().collect();
        let settings = self.settings();
        // Blocked contacts and distinct pairs were checked before, by the workspace's own rows.
        let request = request.clone().allow_blocked().allow_distinct();
        let mut merge = settings.policy_in_force().merge(&contacts, &request, self.index.normalizer())?;
        let (before, after) = (merge.patch.survivor_unmerged(), merge.patch.survivor_merged());
        let mut closed = after.clone();
        self.close_if_blocked_now(&mut closed, before.blocked);
        if closed != *after {
            merge.patch = merge.patch.with_survivor_merged(closed);
        }
        Ok(merge)
    }

    /// Carries out the planned merge.
    pub(crate) fn carry_out(
        &mut self,
        request: &MergeRequest<Id>,
        ids: &[Id],
        merge: Merge<Id>,
        entry: MergeEntry,
        act: &Act,
    ) -> Merged<Id> {
        let strangers = self.index.strangers(ids);
        let Merge { choices, lost, patch, .. } = merge;
        let survivor = patch.survivor_id().clone();
        let retired: Vec<Id> = patch.retired().iter().map(|contact| contact.id.clone()).collect();
        let changes = FieldChanges::between(patch.survivor_unmerged(), patch.survivor_merged());
        let name: Box<str> = request.merge_id().into();

        let head = |id: &Id| self.rows.contact(id).and_then(|row| row.head.clone());
        let heads = patch.participants().map(head).collect();
        let withdrawn = |id: &Id| self.rows.contact(id).map(|row| row.withdrawn.clone()).unwrap_or_default();
        let mut withdrawn: Vec<BTreeSet<Field>> = patch.participants().map(withdrawn).collect();
        if withdrawn.iter().all(BTreeSet::is_empty) {
            withdrawn.clear();
        }
        for id in &retired {
            self.set_contact(id, None);
            self.rows.set::<TombstoneTable>(id.clone(), Some(survivor.clone()));
        }
        let contact = patch.survivor_merged().clone();
        self.set_contact(&survivor, Some(ContactRow::surviving(contact, name.clone())));
        // Keys that the merge itself brings together do not end a distinct mark.
        strangers.iter().for_each(|stranger| self.carry_mark(&survivor, stranger, &name));
        self.refresh_distinct(&survivor);
        let record = MergeRecord {
            merge: name.clone(),
            survivor: survivor.clone(),
            retired: retired.clone(),
            at: entry.at,
            by: entry.by,
            order: entry.order,
            state: MergeState::Stands(Box::new(UndoRecord {
                request: request.to_keep(),
                patch,
                heads,
                withdrawn,
                tags: Vec::new(),
            })),
        };
        self.rows.set::<MergeTable>(name.clone(), Some(Arc::new(record)));
        let value_owners = self.value_owners(&survivor, &changes);
        self.emit(act, value_owners, EventKind::ContactMerged { merge: name, survivor, retired, changes });
        Merged { choices, lost }
    }
}
