//! Reasons for which a patch cannot be read, applied or undone.

use crate::patch::conflict::Conflict;

/// The reason for which an undo was refused. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UndoError<Id> {
    /// The contact given is not the patch's survivor.
    #[error("the merge was into contact {expected:?}, not into contact {found:?}")]
    OtherSurvivor {
        /// The id of the patch's survivor.
        expected: Id,
        /// The id of the contact given.
        found: Id,
    },
    /// Values were edited since the merge, and the undo was called with [`Edits::Refuse`](crate::Edits::Refuse).
    #[error("{} values of contact {survivor:?} were edited since the merge", conflicts.len())]
    EditedSince {
        /// The id of the survivor.
        survivor: Id,
        /// The conflicts, at least one.
        conflicts: Vec<Conflict>,
    },
    /// The patch is the inverse of a merge and contains no merge to undo. [`Patch::apply`](crate::Patch::apply) carries
    /// an inverse out.
    #[error("the patch is itself the inverse of a merge")]
    Inverse,
}

/// The reason for which a patch was not applied. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ApplyError<Id> {
    /// A contact that the patch changes does not exist.
    #[error("contact {id:?} is not there")]
    Missing {
        /// The id of the missing contact.
        id: Id,
    },
    /// A contact does not equal the image that the patch expects.
    #[error("contact {id:?} was changed since")]
    Changed {
        /// The id of the contact.
        id: Id,
    },
    /// A contact that the patch restores exists already.
    #[error("contact {id:?} is there already")]
    Exists {
        /// The id of the contact.
        id: Id,
    },
}

/// The reason for which bytes or text cannot be read as a patch. The message shows nothing of their content.
#[cfg(feature = "serde")]
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PatchError {
    /// The input does not begin like a patch.
    #[error("not a patch of onefold")]
    Foreign,
    /// A later release wrote the patch.
    #[error("version {version} of the patch's form is not known; this release reads versions 1 and 2")]
    NewerVersion {
        /// The version of the patch.
        version: u32,
    },
    /// The input was cut off or altered, since it does not match its digest.
    #[error("the patch is damaged: it does not agree with its digest")]
    Damaged,
    /// The digest matches, but the content is no patch, or one with another type of id.
    #[error("the patch is malformed: {what}")]
    Malformed {
        /// The description of the fault.
        what: &'static str,
    },
    /// The input is longer than any patch.
    #[error("the patch has {bytes} bytes, more than {limit}")]
    TooLarge {
        /// The length of the input, in bytes.
        bytes: usize,
        /// The greatest length, in bytes.
        limit: usize,
    },
    /// A value in the patch is nested too deeply.
    #[error("a value of the patch is nested deeper than {limit} levels")]
    TooDeep {
        /// The greatest depth, in levels.
        limit: usize,
    },
    /// The patch belongs to another workspace than the expected one.
    #[error("the patch belongs to another workspace")]
    OtherWorkspace,
}
