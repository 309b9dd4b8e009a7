//! Undoing any merge at any time, also one that others build on.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::act::Act;
use crate::applied::Applied;
use crate::events::event::{EventKind, FieldChanges};
use crate::merges::merge::MergeEntry;
use crate::roles::Operation;
use crate::rows::contact_row::{ContactRow, MergeRecord, MergeState};
use crate::rows::tables::{MergeTable, TombstoneTable};
use crate::{Workspace, WorkspaceError};
use onefold::contact::{Contact, ContactId, Field};
use onefold::distinct::{Ancestry, Known};
use onefold::field_names::consent;
use onefold::patch::{Conflict, Deviation, Edits, Patch, UndoError};

/// What is asked of one undo.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct UndoRequest {
    /// What becomes of values that were edited since the merge.
    pub edits: Edits,
    /// What becomes of merges that build on this one.
    pub later: Later,
    /// Whether the contacts are marked distinct once they are back: who undoes what a machine merged must, or it will
    /// do it again.
    pub marks_distinct: bool,
}

/// What becomes of merges that build on one that is undone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Later {
    /// If there is one, the undo is refused.
    #[default]
    Refuse,
    /// They are undone first, the newest first.
    Undo,
    /// They are undone, and made again without this one. What was edited since they were made stays, unless
    /// edits are to be overwritten.
    Replay,
}

/// What an undo did.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Undone<Id> {
    /// The merges that were undone, in the order of it: those that built on the one asked for come first. Of
    /// merges that were made again only if edits were overwritten.
    pub merges: Vec<UndoneMerge<Id>>,
    /// The merges that were made again, the oldest first.
    pub replayed: Vec<Replayed>,
}

/// A merge that was undone.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct UndoneMerge<Id> {
    /// Its name.
    pub merge: Box<str>,
    /// The survivor as the merge had left it.
    pub merged: Contact<Id>,
    /// The survivor as the undo found it.
    pub found: Contact<Id>,
    /// The values that both the merge and somebody after it changed.
    pub conflicts: Vec<Conflict>,
    /// How contacts differ from what they were before the merge: since what protects a person holds for all (see
    /// [`Patch::undo`]), and since tags were renamed or deleted. The survivor's first, then those of the retired in order.
    pub deviations: Vec<Deviation<Id>>,
}

/// A merge that was made again without one that it built on.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Replayed {
    /// Its name.
    pub merge: Box<str>,
    /// Whether its contacts were still suggested as one person, all of them, before it was made again.
    pub is_suggested: bool,
}

/// A merge that is to be made again.
struct ReplayedMerge<Id> {
    record: Arc<MergeRecord<Id>>,
    found: Contact<Id>,
}

impl UndoRequest {
    /// Edits stay, and the undo is refused if later merges build on this one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Does with values edited since what `edits` says.
    #[must_use]
    pub fn edits(mut self, edits: Edits) -> Self {
        self.edits = edits;
        self
    }

    /// Does with later merges what `later` says.
    #[must_use]
    pub fn later(mut self, later: Later) -> Self {
        self.later = later;
        self
    }

    /// Marks the contacts distinct once they are back.
    #[must_use]
    pub fn mark_distinct(mut self) -> Self {
        self.marks_distinct = true;
        self
    }
}

impl<Id: ContactId> Workspace<Id> {
    /// Undoes a merge: the retired come back exactly as they were, and the survivor without what the merge did to
    /// it. See [`Patch::undo`] for what becomes of values edited since, and of consents withdrawn since, which hold for all
    /// who come back, through any number of merges; whether consents and objections are known says the policy in force.
    /// Tags that were renamed since come back under their new names, and those deleted since do not. A country that the survivor
    /// was given since, derived from what it may not hold any more, is derived anew. O(n log n) in the size of the contacts of
    /// this merge and of those that build on it.
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

    /// Whether a merge stands and no other builds on it, so that it can be undone alone. O(log n).
    pub fn is_on_top(&self, merge: &str) -> bool {
        let survivor = self.rows.merge(merge).and_then(|record| self.rows.contact(&record.survivor));
        survivor.is_some_and(|row| row.head.as_deref() == Some(merge))
    }

    /// The merges that build on one that stands, the newest first. O(p log n) for their p participants.
    pub fn merges_built_on(&self, merge: &str) -> Vec<Box<str>> {
        self.rows.merge(merge).map(|record| self.built_on(record)).unwrap_or_default()
    }

    /// Whether whoever asks has made the merge, and its survivor is as the merge has left it: no other merge is on top
    /// of it, and its fields hold what they held then, whatever its tags are called now.
    fn is_at_once(&self, record: &MergeRecord<Id>, act: &Act) -> bool {
        let (Some(row), Some(way)) = (self.rows.contact(&record.survivor), record.undo_record()) else { return false };
        let is_on_top = row.head.as_deref() == Some(&*record.merge);
        record.by == act.by && is_on_top && row.contact == *way.patch_now().survivor_merged()
    }

    /// Walks down from the newest merge of the contact that the survivor has become.
    fn built_on(&self, record: &MergeRecord<Id>) -> Vec<Box<str>> {
        let mut above = Vec::new();
        // The survivor, and what it was merged into one after the other; the last one is live.
        let mut path: Vec<&Id> = vec![&record.survivor];
        while let Some(into) = path.last().and_then(|id| self.rows.tombstones().get(id)) {
            path.push(into);
        }
        // What is different from now when the merges in `above` are taken off.
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
            // What is edited since a merge that is made again stays, unless the caller does not want that.
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

    /// Undoes a merge that no other builds on.
    fn undo_top(&mut self, merge: &str, edits: Edits, act: &Act) -> Result<UndoneMerge<Id>, WorkspaceError<Id>> {
        const STANDS: &str = "a merge that stands has its way back and a live survivor";
        let record = self.rows.merge(merge).cloned().expect(STANDS);
        let way = record.undo_record().expect(STANDS);
        let survivor = &record.survivor;
        let row = self.rows.contact(survivor).cloned().expect(STANDS);
        let (patch, found) = (way.patch_now(), row.contact);
        let known = self.settings().policy_in_force().knows_flags().then_some(&row.withdrawn);
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
        // Who comes back blocked because the survivor was, is blocked since then.
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

    /// Makes a merge again that was taken back to undo one below it.
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

    /// What was edited since the first time stays edited.
    fn carry_edits(&mut self, survivor: &Id, first: &Patch<Id>, found: &Contact<Id>, act: &Act) {
        let Some(row) = self.rows.contact(survivor) else { return };
        let mut contact = first.carry_edits(&row.contact, found);
        if is_other_in(&contact, &row.contact, &Field::Country) {
            self.derive_country_anew(&mut contact, act);
        }
        self.rewrite(contact, act);
    }
}

/// Whether two states of a contact differ in a field, or in where its value came from.
fn is_other_in<Id>(a: &Contact<Id>, b: &Contact<Id>, field: &Field) -> bool {
    a.get(field) != b.get(field) || a.provenance.get(field) != b.provenance.get(field)
}
