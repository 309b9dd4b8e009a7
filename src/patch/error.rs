//! Why a patch cannot be read, applied or undone.

use crate::patch::conflict::Conflict;

/// Why an undo was refused; nothing has changed then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UndoError<Id> {
    /// The contact given is another one than the patch's survivor.
    #[error("the merge was into contact {expected:?}, not into contact {found:?}")]
    OtherSurvivor {
        /// The survivor.
        expected: Id,
        /// The contact given.
        found: Id,
    },
    /// Values were edited since the merge, and [`Edits::Refuse`](crate::Edits::Refuse) was asked for.
    #[error("{} values of contact {survivor:?} were edited since the merge", conflicts.len())]
    EditedSince {
        /// The survivor.
        survivor: Id,
        /// Which ones; at least one.
        conflicts: Vec<Conflict>,
    },
    /// The patch takes a merge back, which [`Patch::apply`](crate::Patch::apply) does; there is no merge in
    /// it to undo.
    #[error("the patch is itself the inverse of a merge")]
    Inverse,
}

/// Why a patch was not applied; nothing has changed then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ApplyError<Id> {
    /// A contact that should change is not there.
    #[error("contact {id:?} is not there")]
    Missing {
        /// The contact.
        id: Id,
    },
    /// A contact is not as the patch expects it.
    #[error("contact {id:?} was changed since")]
    Changed {
        /// The contact.
        id: Id,
    },
    /// A contact that should come back is there already.
    #[error("contact {id:?} is there already")]
    Exists {
        /// The contact.
        id: Id,
    },
}

/// Why bytes or text are no patch. The text of the error shows nothing of them.
#[cfg(feature = "serde")]
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PatchError {
    /// It does not begin as a patch does.
    #[error("not a patch of onefold")]
    Foreign,
    /// A later release made it.
    #[error("version {version} of the patch's form is not known; this release reads versions 1 and 2")]
    NewerVersion {
        /// The version.
        version: u32,
    },
    /// It was cut off or altered: it does not agree with its digest.
    #[error("the patch is damaged: it does not agree with its digest")]
    Damaged,
    /// It agrees with its digest and yet is no patch, or one of another type of id.
    #[error("the patch is malformed: {what}")]
    Malformed {
        /// What is wrong.
        what: &'static str,
    },
    /// It is longer than any patch can be.
    #[error("the patch has {bytes} bytes, more than {limit}")]
    TooLarge {
        /// Its length.
        bytes: usize,
        /// The greatest length.
        limit: usize,
    },
    /// A value in it is nested too deeply.
    #[error("a value of the patch is nested deeper than {limit} levels")]
    TooDeep {
        /// The greatest depth.
        limit: usize,
    },
    /// It belongs to another workspace than the one expected.
    #[error("the patch belongs to another workspace")]
    OtherWorkspace,
}
