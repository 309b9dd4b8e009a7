//! A change of contacts as data, and taking it back.
//!
//! A patch holds the image of every contact that took part, before and after, so that its inverse needs
//! nothing else and cannot fail. It is meant to be stored with the merge and used weeks later.

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
pub use limits::{MAX_MERGE_BYTES, MAX_MERGE_ID_BYTES, MAX_NESTING, MAX_PATCH_BYTES};
pub(crate) use limits::{bytes_of, nesting_of};
#[doc(hidden)]
pub use three_way_merge::{ChannelName, name_of};
pub use undo::Undo;

/// What a merge changed, whole: every contact that took part, before and after.
///
/// Patches are equal when they do the same to the same contacts. `Debug` shows ids, never a value.
#[derive(Clone, PartialEq, Eq)]
pub struct Patch<Id> {
    // Invariant: at most MAX_MERGE_ID_BYTES.
    merge: Box<str>,
    workspace: Option<Box<str>>,
    direction: Direction,
    // Whether consents and objections are known by their names.
    knows_flags: bool,
    // Invariant: the same id.
    before: Contact<Id>,
    after: Contact<Id>,
    // Invariant: at least one, in order of their ids, each once, and none with the survivor's id.
    retired: Vec<Contact<Id>>,
}

/// Whether a patch merges, or takes a merge back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    Merge,
    Inverse,
}

/// What a patch does to one contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change<'a, Id> {
    /// The contact before; `None` if it is made.
    pub before: Option<&'a Contact<Id>>,
    /// The contact after; `None` if it goes.
    pub after: Option<&'a Contact<Id>>,
}

impl<Id: ContactId> Patch<Id> {
    /// The patch of a merge. The caller keeps the invariants of the fields.
    #[doc(hidden)]
    pub fn new(
        merge: Box<str>,
        workspace: Option<Box<str>>,
        survivor: (Contact<Id>, Contact<Id>),
        retired: Vec<Contact<Id>>,
    ) -> Self {
        let (before, after) = survivor;
        Self { merge, workspace, direction: Direction::Merge, knows_flags: true, before, after, retired }
    }

    /// The same patch, of a merge that leaves the survivor as `merged`.
    #[doc(hidden)]
    pub fn with_survivor_merged(&self, merged: Contact<Id>) -> Self {
        Self { after: merged, ..self.clone() }
    }

    /// The same patch, whose undo treats consents and objections as any other fields unless `knows_flags`.
    #[doc(hidden)]
    pub fn with_flags(mut self, knows_flags: bool) -> Self {
        self.knows_flags = knows_flags;
        self
    }

    /// Whether an undo knows consents and objections by their names.
    #[doc(hidden)]
    pub fn knows_flags(&self) -> bool {
        self.knows_flags
    }

    /// The same patch with other images: what the contacts would have been if what `change` does had been done before the
    /// merge. It is to be used at once, and never stored.
    #[doc(hidden)]
    pub fn map_images(&self, change: impl Fn(&mut Contact<Id>)) -> Self {
        let mut mapped = self.clone();
        let images = [&mut mapped.before, &mut mapped.after].into_iter().chain(&mut mapped.retired);
        images.for_each(change);
        mapped
    }

    /// The same patch of contacts with other ids: two that differ before must differ after.
    #[cfg(feature = "serde")]
    #[doc(hidden)]
    pub fn map_ids<Other: ContactId>(self, other: impl Fn(Id) -> Other) -> Patch<Other> {
        let Self { merge, workspace, direction, knows_flags, before, after, retired } = self;
        let mut retired: Vec<_> = retired.into_iter().map(|contact| contact.map_id(&other)).collect();
        retired.sort_by(|a, b| a.id.cmp(&b.id));
        let (before, after) = (before.map_id(&other), after.map_id(&other));
        Patch { merge, workspace, direction, knows_flags, before, after, retired }
    }

    /// The name of the merge, as the host gave it.
    pub fn merge_id(&self) -> &str {
        &self.merge
    }

    /// The workspace that the merge was made in, if the host said one.
    pub fn workspace(&self) -> Option<&str> {
        self.workspace.as_deref()
    }

    /// The id of the contact that survived.
    pub fn survivor_id(&self) -> &Id {
        &self.before.id
    }

    /// The survivor as the merge found it, whichever way the patch goes.
    pub fn survivor_unmerged(&self) -> &Contact<Id> {
        &self.before
    }

    /// The survivor as the merge left it, whichever way the patch goes.
    pub fn survivor_merged(&self) -> &Contact<Id> {
        &self.after
    }

    /// The contacts that were merged away, as they were, in order of their ids.
    pub fn retired(&self) -> &[Contact<Id>] {
        &self.retired
    }

    /// A contact as the merge found it; `None` if it took no part. O(n) for n contacts.
    #[doc(hidden)]
    pub fn image_before(&self, id: &Id) -> Option<&Contact<Id>>
    where
        Id: PartialEq,
    {
        std::iter::once(&self.before).chain(&self.retired).find(|image| image.id == *id)
    }

    /// The ids of all contacts that took part, the survivor's first.
    pub fn participants(&self) -> impl Iterator<Item = &Id> {
        std::iter::once(self.survivor_id()).chain(self.retired.iter().map(|contact| &contact.id))
    }

    /// Whether the patch takes a merge back.
    pub fn is_inverse(&self) -> bool {
        self.direction == Direction::Inverse
    }

    /// The patch that takes this one back: before and after swapped. Its inverse is the patch itself.
    #[must_use]
    pub fn inverse(mut self) -> Self {
        self.direction = match self.direction {
            Direction::Merge => Direction::Inverse,
            Direction::Inverse => Direction::Merge,
        };
        self
    }

    /// What happens to each contact, the survivor first.
    pub fn changes(&self) -> impl Iterator<Item = Change<'_, Id>> {
        let survivor = Change { before: Some(&self.before), after: Some(&self.after) };
        let retired = self.retired.iter().map(|contact| Change { before: Some(contact), after: None });
        std::iter::once(survivor).chain(retired).map(|Change { before, after }| match self.direction {
            Direction::Merge => Change { before, after },
            Direction::Inverse => Change { before: after, after: before },
        })
    }

    /// What the survivor of a merge that was made again becomes, so that what was edited since the first time
    /// stays: `self` is the patch of the first time, `again` the survivor now, `edited` the survivor as it was
    /// found when the first merge was taken back. Whether it is blocked is as in `again`. O(n log n).
    #[doc(hidden)]
    pub fn carry_edits(&self, again: &Contact<Id>, edited: &Contact<Id>) -> Contact<Id> {
        let (mut carried, _) = three_way_merge::merge(&self.after, again, edited);
        carried.blocked = again.blocked;
        carried
    }

    /// Carries the patch out on contacts that are exactly as it expects them: all of it or nothing. To take
    /// a merge back after edits, use [`Patch::undo`]. O(n log n) in the size of the patch.
    ///
    /// # Errors
    /// - [`ApplyError::Missing`] if a contact that should change is not there.
    /// - [`ApplyError::Changed`] if it is there and not as it should be.
    /// - [`ApplyError::Exists`] if a contact that should come back is there already.
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
