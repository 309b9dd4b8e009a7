//! A merge as data: the images of its contacts before and after, and their restoration.
//!
//! A patch holds both images of every contact that took part, so its inverse needs nothing else and cannot fail. Store
//! it with the merge; it can be undone weeks later.

#[cfg(feature = "serde")]
mod binary;
mod conflict;
#[cfg(feature = "serde")]
mod contact_record;
mod deviation;
#[cfg(feature = "serde")]
mod digest;
mod error;
#[cfg(feature = "serde")]
mod json;
#[cfg(feature = "serde")]
mod json_text;
mod limits;
mod three_way_merge;
mod undo;

use std::collections::BTreeMap;
use std::fmt;

use crate::contact::{Contact, ContactId};

pub use conflict::{Conflict, ConflictKind, Edits};
pub use deviation::Deviation;
#[cfg(feature = "serde")]
pub use digest::PatchDigest;
#[cfg(feature = "serde")]
pub use error::PatchError;
pub use error::{ApplyError, UndoError};
#[cfg(feature = "serde")]
#[doc(hidden)]
pub use json_text::PatchText;
pub use limits::{MAX_MERGE_BYTES, MAX_MERGE_ID_BYTES, MAX_NESTING, MAX_PATCH_BYTES};
pub(crate) use limits::{bytes_of, nesting_of};
#[doc(hidden)]
pub use three_way_merge::{ChannelName, name_of};
pub use undo::Undo;

/// The change made by a merge: every contact that took part, before and after.
///
/// Patches are equal if they make the same change to the same contacts. `Debug` shows ids, never a value.
#[derive(Clone, PartialEq, Eq)]
pub struct Patch<Id> {
    // Invariant: at most MAX_MERGE_ID_BYTES.
    merge: Box<str>,
    workspace: Option<Box<str>>,
    direction: Direction,
    // True if an undo recognises consents and objections by their names.
    knows_flags: bool,
    // Invariant: both images have the same id.
    before: Contact<Id>,
    after: Contact<Id>,
    // Invariant: at least one contact, in order of their ids, each once, and none with the survivor's id.
    retired: Vec<Contact<Id>>,
}

/// The direction of a patch: a merge, or its inverse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    Merge,
    Inverse,
}

/// The change that a patch makes to one contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change<'a, Id> {
    /// The contact before the change, or `None` if it is created.
    pub before: Option<&'a Contact<Id>>,
    /// The contact after the change, or `None` if it is removed.
    pub after: Option<&'a Contact<Id>>,
}

/// The survivor before and after a merge.
#[doc(hidden)]
pub struct SurvivorImages<Id> {
    /// The survivor before the merge.
    pub before: Contact<Id>,
    /// The survivor after the merge, under the same id.
    pub after: Contact<Id>,
}

impl<Id: ContactId> Patch<Id> {
    /// Returns the patch of a merge. The caller must keep the invariants of the fields.
    #[doc(hidden)]
    pub fn new(
        merge: Box<str>,
        workspace: Option<Box<str>>,
        survivor: SurvivorImages<Id>,
        retired: Vec<Contact<Id>>,
    ) -> Self {
        let SurvivorImages { before, after } = survivor;
        Self { merge, workspace, direction: Direction::Merge, knows_flags: true, before, after, retired }
    }

    /// Returns the patch of a merge that leaves the survivor as `merged`.
    #[doc(hidden)]
    pub fn with_survivor_merged(&self, merged: Contact<Id>) -> Self {
        Self { after: merged, ..self.clone() }
    }

    /// Returns the patch with an undo that recognises consents and objections only if `knows_flags`.
    #[doc(hidden)]
    pub fn with_flags(mut self, knows_flags: bool) -> Self {
        self.knows_flags = knows_flags;
        self
    }

    /// Returns true if an undo recognises consents and objections by their names.
    #[doc(hidden)]
    pub fn knows_flags(&self) -> bool {
        self.knows_flags
    }

    /// Returns the patch with `change` applied to all images, as if `change` had happened before the merge. The result
    /// is for immediate use and must not be stored.
    #[doc(hidden)]
    pub fn map_images(&self, change: impl Fn(&mut Contact<Id>)) -> Self {
        let mut mapped = self.clone();
        let images = [&mut mapped.before, &mut mapped.after].into_iter().chain(&mut mapped.retired);
        images.for_each(change);
        mapped
    }

    /// Returns the patch with other ids. `other` must map different ids to different ids.
    #[cfg(feature = "serde")]
    #[doc(hidden)]
    pub fn map_ids<Other: ContactId>(self, other: impl Fn(Id) -> Other) -> Patch<Other> {
        let Self { merge, workspace, direction, knows_flags, before, after, retired } = self;
        let mut retired: Vec<_> = retired.into_iter().map(|contact| contact.map_id(&other)).collect();
        retired.sort_by(|a, b| a.id.cmp(&b.id));
        let (before, after) = (before.map_id(&other), after.map_id(&other));
        Patch { merge, workspace, direction, knows_flags, before, after, retired }
    }

    /// Returns the id of the merge, as given by the host.
    pub fn merge_id(&self) -> &str {
        &self.merge
    }

    /// Returns the workspace of the merge, if the host gave one.
    pub fn workspace(&self) -> Option<&str> {
        self.workspace.as_deref()
    }

    /// Returns the id of the survivor.
    pub fn survivor_id(&self) -> &Id {
        &self.before.id
    }

    /// Returns the survivor before the merge, in either direction of the patch.
    pub fn survivor_unmerged(&self) -> &Contact<Id> {
        &self.before
    }

    /// Returns the survivor after the merge, in either direction of the patch.
    pub fn survivor_merged(&self) -> &Contact<Id> {
        &self.after
    }

    /// Returns the retired contacts as they were before the merge, in order of their ids.
    pub fn retired(&self) -> &[Contact<Id>] {
        &self.retired
    }

    /// Returns a contact before the merge, or `None` if it took no part. Cost: O(n) for n contacts.
    #[doc(hidden)]
    pub fn image_before(&self, id: &Id) -> Option<&Contact<Id>>
    where
        Id: PartialEq,
    {
        std::iter::once(&self.before).chain(&self.retired).find(|image| image.id == *id)
    }

    /// Returns the ids of all contacts that took part, the survivor's first.
    pub fn participants(&self) -> impl Iterator<Item = &Id> {
        std::iter::once(self.survivor_id()).chain(self.retired.iter().map(|contact| &contact.id))
    }

    /// Returns true if the patch is the inverse of a merge.
    pub fn is_inverse(&self) -> bool {
        self.direction == Direction::Inverse
    }

    /// Returns the inverse patch, with before and after swapped. The inverse of the inverse is the patch itself.
    #[must_use]
    pub fn inverse(mut self) -> Self {
        self.direction = match self.direction {
            Direction::Merge => Direction::Inverse,
            Direction::Inverse => Direction::Merge,
        };
        self
    }

    /// Returns the change of each contact, the survivor first.
    pub fn changes(&self) -> impl Iterator<Item = Change<'_, Id>> {
        let survivor = Change { before: Some(&self.before), after: Some(&self.after) };
        let retired = self.retired.iter().map(|contact| Change { before: Some(contact), after: None });
        std::iter::once(survivor).chain(retired).map(|Change { before, after }| match self.direction {
            Direction::Merge => Change { before, after },
            Direction::Inverse => Change { before: after, after: before },
        })
    }

    /// Returns the survivor of a repeated merge with the edits that were made after the first one. `self` is the patch
    /// of the first merge, `again` the survivor of the repeated one, and `edited` the survivor found when the first
    /// merge was undone. The blocked state is that of `again`. Cost: O(n log n).
    #[doc(hidden)]
    pub fn carry_edits(&self, again: &Contact<Id>, edited: &Contact<Id>) -> Contact<Id> {
        let (mut carried, _) = three_way_merge::merge(&self.after, again, edited);
        carried.blocked = again.blocked;
        carried
    }

    /// Applies the patch to contacts that equal the images it expects: either all changes or none. To undo a merge
    /// after edits, use [`Patch::undo`]. Cost: O(n log n) in the size of the patch.
    ///
    /// # Errors
    /// - [`ApplyError::Missing`] if a contact that the patch changes does not exist.
    /// - [`ApplyError::Changed`] if a contact does not equal its expected image.
    /// - [`ApplyError::Exists`] if a contact that the patch restores exists already.
    pub fn apply(&self, contacts: &mut BTreeMap<Id, Contact<Id>>) -> Result<(), ApplyError<Id>> {
        for change in self.changes() {
            let Some(id) = change.before.or(change.after).map(|contact| contact.id.clone()) else { continue };
            match (change.before, contacts.get(&id)) {
                (Some(_), None) => return Err(ApplyError::Missing { id }),
                (None, Some(_)) => return Err(ApplyError::Exists { id }),
                (Some(before), Some(now)) if before != now => return Err(ApplyError::Changed { id }),
                _ => {}
            }
        }
        for change in self.changes() {
            match (change.before, change.after) {
                (_, Some(after)) => drop(contacts.insert(after.id.clone(), after.clone())),
                (Some(before), None) => drop(contacts.remove(&before.id)),
                (None, None) => {}
            }
        }
        Ok(())
    }
}

impl<Id: fmt::Debug> fmt::Debug for Patch<Id> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let retired: Vec<&Id> = self.retired.iter().map(|contact| &contact.id).collect();
        f.debug_struct("Patch")
            .field("merge", &self.merge)
            .field("direction", &self.direction)
            .field("survivor", &self.before.id)
            .field("retired", &retired)
            .finish_non_exhaustive()
    }
}
