//! What the workspace keeps: a live contact, a distinct mark, a merge.

use std::collections::BTreeSet;
use std::fmt;

use onefold::contact::{Contact, Field, Time};
use onefold::distinct::DistinctMark;
use onefold::merge::MergeRequest;
use onefold::patch::Patch;

/// A live contact.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContactRow<Id> {
    /// The contact; `blocked` says whether it is.
    pub contact: Contact<Id>,
    /// The newest merge that it survived and that was not undone.
    pub head: Option<Box<str>>,
    /// The fields in which a consent was withdrawn since that merge, or an objection made. Invariant: empty without a
    /// head.
    pub(crate) withdrawn: BTreeSet<Field>,
}

impl<Id> ContactRow<Id> {
    /// A contact that has survived no merge.
    pub(crate) fn unmerged(contact: Contact<Id>) -> Self {
        Self { contact, head: None, withdrawn: BTreeSet::new() }
    }

    /// The survivor of a merge that was made just now.
    pub(crate) fn surviving(contact: Contact<Id>, merge: Box<str>) -> Self {
        Self { contact, head: Some(merge), withdrawn: BTreeSet::new() }
    }
}

/// All that was said of one pair of ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DistinctMarks(
    // Invariant: not empty.
    pub(crate) BTreeSet<DistinctMark>,
);

/// A merge, as the history keeps it: ids only, once it was undone.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MergeRecord<Id> {
    /// The name that the host gave it.
    pub merge: Box<str>,
    /// The contact that survived.
    pub survivor: Id,
    /// The contacts that were merged away, in order.
    pub retired: Vec<Id>,
    /// When it was made, as the host said.
    pub at: Time,
    /// Who made it, as the host said.
    pub by: Box<str>,
    /// Its place among all merges, from the oldest on.
    pub(crate) order: u64,
    pub(crate) state: MergeState<Id>,
}

/// The undo of a merge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MergeUndo<'a> {
    /// When it was undone, as the host said.
    pub at: Time,
    /// Who undid it, as the host said.
    pub by: &'a str,
}

/// The state of a merge.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum MergeState<Id> {
    /// It stands, and this undoes it.
    Stands(Box<UndoRecord<Id>>),
    /// It was undone.
    Undone { at: Time, by: Box<str> },
}

/// What undoes a merge.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct UndoRecord<Id> {
    /// What was asked, for making the merge again.
    pub(crate) request: MergeRequest<Id>,
    pub(crate) patch: Patch<Id>,
    /// The heads of the participants before, in their order: the survivor's first.
    pub(crate) heads: Vec<Option<Box<str>>>,
    /// The same for the fields in which a consent had been withdrawn since, or an objection made; nothing at all if there
    /// was none.
    pub(crate) withdrawn: Vec<BTreeSet<Field>>,
    /// What was done since to tags that one of the images has, the oldest change first.
    pub(crate) tags: Vec<TagChange>,
}

/// What was done to a tag of the workspace.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TagChange {
    /// The name that it had.
    pub(crate) tag: Box<str>,
    /// The name that it has now; `None` if it was deleted.
    pub(crate) to: Option<Box<str>>,
}

impl<Id: Clone> MergeRecord<Id> {
    /// The same merge in another state.
    pub(crate) fn in_state(&self, state: MergeState<Id>) -> Self {
        let (merge, survivor, retired) = (self.merge.clone(), self.survivor.clone(), self.retired.clone());
        Self { merge, survivor, retired, at: self.at, by: self.by.clone(), order: self.order, state }
    }
}

impl<Id> MergeRecord<Id> {
    /// Returns when the merge was undone and by whom; `None` if it stands.
    pub fn undone(&self) -> Option<MergeUndo<'_>> {
        match &self.state {
            MergeState::Stands(_) => None,
            MergeState::Undone { at, by } => Some(MergeUndo { at: *at, by }),
        }
    }

    /// Its place among all merges: a later one has a greater one.
    pub fn place(&self) -> u64 {
        self.order
    }

    /// What takes the merge back; `None` if that was done.
    pub fn patch(&self) -> Option<&Patch<Id>> {
        self.undo_record().map(|way| &way.patch)
    }

    /// The ids of all contacts that took part, the survivor's first.
    pub fn participants(&self) -> impl Iterator<Item = &Id> {
        std::iter::once(&self.survivor).chain(&self.retired)
    }

    pub(crate) fn undo_record(&self) -> Option<&UndoRecord<Id>> {
        match &self.state {
            MergeState::Stands(way) => Some(way),
            MergeState::Undone { .. } => None,
        }
    }

    /// The participants with the heads they had before; none if the merge was undone.
    pub(crate) fn heads_before(&self) -> impl Iterator<Item = (&Id, Option<&str>)> {
        let heads = self.undo_record().into_iter().flat_map(|way| way.heads.iter().map(Option::as_deref));
        self.participants().zip(heads)
    }
}

impl<Id: fmt::Debug> fmt::Debug for MergeRecord<Id> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MergeRecord")
            .field("merge", &self.merge)
            .field("survivor", &self.survivor)
            .field("retired", &self.retired)
            .field("at", &self.at)
            .field("by", &self.by)
            .field("undone", &self.undone())
            .finish()
    }
}
