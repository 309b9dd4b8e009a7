//! The undo of any merge at any time, also of one with later merges on top of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::act::Act;
use crate::applied::Applied;
use crate::merges::merge::MergeEntry;
use crate::roles::Operation;
use crate::rows::contact_row::{ContactRow, MergeRecord, MergeState};
use crate::rows::event::{EventKind, FieldChanges};
use crate::rows::tables::{MergeTable, TombstoneTable};
use crate::{Workspace, WorkspaceError};
use onefold::contact::{Contact, ContactId, Field};
use onefold::distinct::{Ancestry, Known};
use onefold::field_names::consent;
use onefold::patch::{Conflict, Deviation, Edits, Patch, UndoError};

/// The options of one undo.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UndoRequest {
    edits: Edits,
    later: Later,
    marks_distinct: bool,
}

/// The treatment of later merges that build on the undone one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Later {
    /// The undo is refused if there is one.
    #[default]
    Refuse,
    /// Later merges are undone first, the newest first.
    Undo,
    /// Later merges are undone and then repeated without the undone one. Edits made after them stay, unless edits are
    /// overwritten.
    Replay,
}

/// The result of an undo.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Undone<Id> {
    /// The merges that were undone, in the order of it: those that built on the one asked for come first. Of
    /// merges that were made again only if edits were overwritten.
    pub merges: Vec<UndoneMerge<Id>>,
    /// The repeated merges, the oldest first.
    pub replayed: Vec<Replayed>,
}

/// A merge that was undone.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct UndoneMerge<Id> {
    /// The id of the merge.
    pub merge: Box<str>,
    /// The survivor as the merge left it.
    pub merged: Contact<Id>,
    /// The survivor before the undo.
    pub found: Contact<Id>,
    /// The values that the merge changed and that were edited since.
    pub conflicts: Vec<Conflict>,
    /// The differences from the contacts before the merge: protections of a person that hold for all (see
    /// [`Patch::undo`]), and tags renamed or deleted since. The survivor's are first, then those of the retired
    /// contacts in order.
    pub deviations: Vec<Deviation<Id>>,
}

/// A merge that was repeated without one that it built on.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Replayed {
    /// The id of the merge.
    pub merge: Box<str>,
    /// True if all its contacts were still suggested as one person before it was repeated.
    pub is_suggested: bool,
}

/// A merge to repeat.
struct ReplayedMerge<Id> {
    record: Arc<MergeRecord<Id>>,
    found: Contact<Id>,
}

impl UndoRequest {
    /// Returns the default options: edits stay, and the undo is refused if later merges build on the merge.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the treatment of values edited since the merge.
    #[must_use]
    pub fn with_edits(mut self, edits: Edits) -> Self {
        self.edits = edits;
        self
    }

    /// Sets the treatment of later merges that build on the undone one.
    #[must_use]
    pub fn with_later(mut self, later: Later) -> Self {
        self.later = later;
        self
    }

    /// Marks the contacts distinct once they are back. An undo of an automatic merge needs this, or the contacts are
    /// merged again.
    #[must_use]
    pub fn mark_distinct(mut self) -> Self {
        self.marks_distinct = true;
        self
    }

    /// Returns the treatment of values edited since the merge.
    pub fn edits(&self) -> Edits {
        self.edits
    }

    /// Returns the treatment of later merges that build on the undone one.
    pub fn later(&self) -> Later {
        self.later
    }

    /// Returns true if the contacts are marked distinct once they are back.
    pub fn marks_distinct(&self) -> bool {
        self.marks_distinct
    }
}

impl<Id: ContactId> Workspace<Id> {
    /// Undoes a merge.
    ///
    /// - The retired contacts are restored exactly as they were, and the survivor loses the changes of the merge.
    /// - Edits and withdrawals of consents since the merge are treated as by [`Patch::undo`]. Withdrawals hold for
    ///   every restored contact, also through several merges. The policy in force says if consents and objections are
    ///   recognised.
    /// - Tags that were renamed since have their new names, and tags deleted since are gone.
    /// - A country derived since the merge is derived again, because the survivor may have lost the phone that it came
    ///   from.
    ///
    /// Cost: O(n log n) in the size of the contacts of this merge and of the later ones that build on it.
    ///
    /// # Errors
    /// In this order:
    /// - [`WorkspaceError::UnknownMerge`] if there is none of this name, or one of its contacts was deleted.
    /// - [`WorkspaceError::AlreadyUndone`] if that was done before.
    /// - [`WorkspaceError::NotAllowed`]: who has made the merge may undo it as long as nobody has touched the
    ///   survivor since; at any other time that is for those who may undo from the history.
    /// - [`WorkspaceError::Superseded`] if other merges build on it, and `request` does not say what becomes of
    ///   them.
    /// - [`WorkspaceError::EditedSince`] if values were edited since, and `request` does not allow that.
    /// - [`WorkspaceError::Refused`] if the policy does not make a later merge again.
    pub fn undo(
        &mut self,
        merge: &str,
        request: &UndoRequest,
        act: &Act,
    ) -> Result<Applied<Id, Undone<Id>>, WorkspaceError<Id>> {
        let name = || Box::from(merge);
        let record = self.rows.merge(merge).ok_or_else(|| WorkspaceError::UnknownMerge { merge: name() })?;
        if record.undone().is_some() {
            return Err(WorkspaceError::AlreadyUndone { merge: name() });
        }
        let is_at_once = self.is_at_once(record, act);
        self.allow(act, if is_at_once { Operation::UndoAtOnce } else { Operation::UndoFromHistory })?;
        let above = self.built_on(record);
        if !above.is_empty() && request.later == Later::Refuse {
            return Err(WorkspaceError::Superseded { merge: name(), by: above });
        }
        self.transact(act, |workspace| workspace.undo_through(merge, &above, request, act))
    }

    /// Returns true if a merge is in force and no other one builds on it, so that it can be undone alone.
    /// Cost: O(log n).
    pub fn is_on_top(&self, merge: &str) -> bool {
        let survivor = self.rows.merge(merge).and_then(|record| self.rows.contact(&record.survivor));
        survivor.is_some_and(|row| row.head.as_deref() == Some(merge))
    }

    /// Returns the merges that build on a merge in force, the newest first. Cost: O(p log n) for their p participants.
    pub fn merges_built_on(&self, merge: &str) -> Vec<Box<str>> {
        self.rows.merge(merge).map(|record| self.built_on(record)).unwrap_or_default()
    }

    /// Returns true if `act` is by the user who made the merge, and the survivor is unchanged since: no other merge is
    /// on top, and the fields are the same apart from renamed and deleted tags.
    fn is_at_once(&self, record: &MergeRecord<Id>, act: &Act) -> bool {
        let (Some(row), Some(way)) = (self.rows.contact(&record.survivor), record.undo_record()) else { return false };
        let is_on_top = row.head.as_deref() == Some(&*record.merge);
        record.by == act.by && is_on_top && row.contact == *way.patch_now().survivor_merged()
    }

    /// Returns the merges on top of a merge, the newest first. The search goes down from the newest merge of the live
    /// contact that holds the survivor.
    fn built_on(&self, record: &MergeRecord<Id>) -> Vec<Box<str>> {
        let mut above = Vec::new();
        // The survivor and the contacts that it was merged into one after the other. The last one is live.
        let mut path: Vec<&Id> = vec![&record.survivor];
        while let Some(into) = path.last().and_then(|id| self.rows.tombstones().get(id)) {
            path.push(into);
        }
        // The newest merge of each contact after the merges in `above` are undone, where it differs from the present
        // one.
        let mut heads: BTreeMap<&Id, Option<&str>> = BTreeMap::new();
        let mut back: BTreeSet<&Id> = BTreeSet::new();
        while let Some(live) = path.last().copied() {
            let now = || self.rows.contact(live).and_then(|row| row.head.as_deref());
            let head = heads.get(live).copied().unwrap_or_else(now);
            let Some(top) = head.filter(|head| **head != *record.merge).and_then(|head| self.rows.merge(head)) else {
                break;
            };
            above.push(top.merge.clone());
            heads.extend(top.heads_before());
            back.extend(&top.retired);
            if path.len() > 1 && path.get(path.len() - 2).is_some_and(|id| back.contains(id)) {
                path.pop();
            }
        }
        above
    }

    fn undo_through(
        &mut self,
        merge: &str,
        above: &[Box<str>],
        request: &UndoRequest,
        act: &Act,
    ) -> Result<Undone<Id>, WorkspaceError<Id>> {
        let is_replay = request.later == Later::Replay;
        let mut undone = Undone { merges: Vec::new(), replayed: Vec::new() };
        let mut again = Vec::new();
        for name in above {
            let record = self.rows.merge(name).cloned();
            let edits = if is_replay { Edits::Overwrite } else { request.edits };
            let undone_merge = self.undo_top(name, edits, act)?;
            if let (true, Some(record)) = (is_replay, record) {
                again.push(ReplayedMerge { record, found: undone_merge.found.clone() });
            }
            // Edits made after a repeated merge stay, so its undo is not reported, unless edits are overwritten.
            if !is_replay || request.edits == Edits::Overwrite {
                undone.merges.push(undone_merge);
            }
        }
        undone.merges.push(self.undo_top(merge, request.edits, act)?);
        if request.marks_distinct {
            self.mark_participants_distinct(merge);
        }
        for again in again.into_iter().rev() {
            undone.replayed.push(self.replay(again, request.edits, act)?);
        }
        Ok(undone)
    }

    /// Undoes a merge that no other merge builds on.
    ///
    /// # Errors
    /// - [`WorkspaceError::EditedSince`] if values were edited since and `edits` refuses that.
    fn undo_top(&mut self, merge: &str, edits: Edits, act: &Act) -> Result<UndoneMerge<Id>, WorkspaceError<Id>> {
        const STANDS: &str = "a merge that stands has its way back and a live survivor";
        let record = self.rows.merge(merge).cloned().expect(STANDS);
        let way = record.undo_record().expect(STANDS);
        let survivor = &record.survivor;
        let row = self.rows.contact(survivor).cloned().expect(STANDS);
        let (patch, found) = (way.patch_now(), row.contact);
        let known = self.settings().policy_in_force().flags().then_some(&row.withdrawn);
        let mut undo = patch.undo_knowing(&found, edits, known).map_err(|error| match error {
            UndoError::EditedSince { survivor, conflicts } => {
                WorkspaceError::EditedSince { merge: merge.into(), survivor, conflicts }
            }
            _ => unreachable!("{STANDS}"),
        })?;
        if is_other_in(&undo.survivor, patch.survivor_unmerged(), &Field::Country) {
            let kept = undo.survivor.get(&Field::Country).cloned();
            self.derive_country_anew(&mut undo.survivor, act);
            if kept.as_ref() != undo.survivor.get(&Field::Country) {
                undo.conflicts.retain(|conflict| conflict.field != Field::Country);
            }
        }
        undo.deviations.extend(way.tag_deviations());
        undo.sort_deviations();
        let withdrawn = known.map(|known| patch.withdrawn_since(&found, known)).unwrap_or_default();
        let changes = FieldChanges::between(&found, &undo.survivor);
        // While the retired are still a part of it.
        let value_owners = self.value_owners(survivor, &changes);
        let open = self.open_blocks(survivor);
        self.rows.drop_carried(survivor, merge);
        let contacts = std::iter::once(undo.survivor).chain(undo.retired);
        for (place, (contact, head)) in contacts.zip(&way.heads).enumerate() {
            let (id, head) = (contact.id.clone(), head.clone());
            let mut before = way.withdrawn.get(place).cloned().unwrap_or_default();
            if head.is_some() {
                before.extend(consent::fields_of(&contact, &withdrawn).cloned());
            }
            self.rows.set::<TombstoneTable>(id.clone(), None);
            self.set_contact(&id, Some(ContactRow { contact, head, withdrawn: before }));
        }
        record.participants().for_each(|id| self.refresh_distinct(id));
        // A contact that comes back blocked because of its survivor is blocked since the survivor's block.
        record.retired.iter().for_each(|id| self.copy_blocks(&open, id));
        let state = MergeState::Undone { at: act.at, by: act.by.clone() };
        self.rows.set::<MergeTable>(merge.into(), Some(Arc::new(record.in_state(state))));
        let restored = record.retired.clone();
        let undone = EventKind::MergeUndone { merge: merge.into(), survivor: survivor.clone(), restored, changes };
        self.emit(act, value_owners, undone);
        Ok(UndoneMerge {
            merge: merge.into(),
            merged: patch.survivor_merged().clone(),
            found,
            conflicts: undo.conflicts,
            deviations: undo.deviations,
        })
    }

    fn mark_participants_distinct(&mut self, merge: &str) {
        let record = self.rows.merge(merge).cloned();
        let ids: Vec<Id> = record.iter().flat_map(|record| record.participants()).cloned().collect();
        for (place, a) in ids.iter().enumerate() {
            for b in ids.iter().skip(place + 1) {
                let known: Known = self.index.known_now(a, b);
                self.say_distinct(a, b, &known);
            }
        }
    }

    /// Repeats a merge that was undone together with one below it.
    ///
    /// # Errors
    /// - [`WorkspaceError::Refused`] if the policy refuses the merge.
    fn replay(&mut self, again: ReplayedMerge<Id>, edits: Edits, act: &Act) -> Result<Replayed, WorkspaceError<Id>> {
        let ReplayedMerge { record, found } = again;
        let Some(way) = record.undo_record() else { unreachable!("a merge to be made again stood") };
        let request = way.request.clone().map_given(&Field::Tags, |tags| way.retag_value(tags));
        let ids: Vec<Id> = record.participants().cloned().collect();
        let suggestion = self.index.suggestion_for(&record.survivor);
        let is_suggested = suggestion.is_some_and(|group| ids.iter().all(|id| group.members.contains(id)));
        let entry = MergeEntry { at: record.at, by: record.by.clone(), order: record.order };
        let plan = self.plan(&request, &ids)?;
        self.rows.set::<MergeTable>(record.merge.clone(), None);
        self.carry_out(&request, &ids, plan, entry, act);
        if edits != Edits::Overwrite {
            self.carry_edits(&record.survivor, &way.patch_now(), &found, act);
        }
        Ok(Replayed { merge: record.merge.clone(), is_suggested })
    }

    /// Applies the edits made after the first merge to the survivor of the repeated one.
    fn carry_edits(&mut self, survivor: &Id, first: &Patch<Id>, found: &Contact<Id>, act: &Act) {
        let Some(row) = self.rows.contact(survivor) else { return };
        let mut contact = first.carry_edits(&row.contact, found);
        if is_other_in(&contact, &row.contact, &Field::Country) {
            self.derive_country_anew(&mut contact, act);
        }
        self.rewrite(contact, act);
    }
}

/// Returns true if two states of a contact differ in the value of a field or in its provenance.
fn is_other_in<Id>(a: &Contact<Id>, b: &Contact<Id>, field: &Field) -> bool {
    a.get(field) != b.get(field) || a.provenance.get(field) != b.provenance.get(field)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_can_be_read_back() {
        let read = |request: UndoRequest| (request.edits(), request.later(), request.marks_distinct());
        assert_eq!(read(UndoRequest::new()), (Edits::default(), Later::Refuse, false));
        let request = UndoRequest::new().with_edits(Edits::Overwrite).with_later(Later::Replay).mark_distinct();
        assert_eq!(read(request), (Edits::Overwrite, Later::Replay, true));
    }
}
