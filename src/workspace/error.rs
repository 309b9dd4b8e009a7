//! Why a workspace refused an operation.

use crate::merge::MergeError;
use crate::patch::Conflict;

/// Why a workspace refused an operation; nothing has changed then. The text names contacts, merges and fields,
/// never a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WorkspaceError<Id> {
    /// A live contact has this id already.
    #[error("contact {id:?} is there already")]
    DuplicateId {
        /// The id.
        id: Id,
    },
    /// The contact was merged into another one.
    #[error("contact {id:?} was merged into contact {into:?}")]
    MergedAway {
        /// The id.
        id: Id,
        /// What it was merged into, which may have been merged away itself since.
        into: Id,
    },
    /// The contact was deleted.
    #[error("contact {id:?} was deleted")]
    Deleted {
        /// The id.
        id: Id,
    },
    /// There has never been such a contact.
    #[error("there is no contact {id:?}")]
    UnknownContact {
        /// The id.
        id: Id,
    },
    /// A request about several contacts names one twice.
    #[error("contact {id:?} was given twice")]
    SameContact {
        /// The id.
        id: Id,
    },
    /// There has been a merge of this name.
    #[error("merge {merge:?} is there already")]
    DuplicateMergeId {
        /// The name.
        merge: Box<str>,
    },
    /// A merge without anybody to retire.
    #[error("merge {merge:?} retires nobody")]
    NothingToMerge {
        /// The name.
        merge: Box<str>,
    },
    /// A contact is blocked, and the request does not allow that.
    #[error("contact {id:?} is blocked")]
    Blocked {
        /// The contact.
        id: Id,
    },
    /// Two contacts were told apart, and the request does not allow that.
    #[error("contacts {a:?} and {b:?} were told apart")]
    Apart {
        /// One.
        a: Id,
        /// The other.
        b: Id,
    },
    /// The policy does not make this merge.
    #[error(transparent)]
    Refused(#[from] MergeError<Id>),
    /// There is no merge of this name, or one of its contacts was deleted.
    #[error("there is no merge {merge:?}")]
    UnknownMerge {
        /// The name.
        merge: Box<str>,
    },
    /// The merge was undone before.
    #[error("merge {merge:?} was undone already")]
    AlreadyUndone {
        /// The name.
        merge: Box<str>,
    },
    /// Later merges build on this one, and the request does not say what becomes of them.
    #[error("merge {merge:?} is built on by {}", names(by))]
    Superseded {
        /// The merge to undo.
        merge: Box<str>,
        /// The merges that build on it, the newest first.
        by: Vec<Box<str>>,
    },
    /// Values were edited since a merge, and the request does not allow to undo it then.
    #[error("{} values of contact {survivor:?} were edited since merge {merge:?}", conflicts.len())]
    EditedSince {
        /// The merge.
        merge: Box<str>,
        /// The contact that survived it.
        survivor: Id,
        /// Which values; at least one.
        conflicts: Vec<Conflict>,
    },
}

impl<Id> WorkspaceError<Id> {
    /// The error's name in the protocol of `onefold replay`: that of the variant; `BadRequest` for a merge that
    /// the policy does not make.
    pub fn code(&self) -> &'static str {
        match self {
            Self::DuplicateId { .. } => "DuplicateId",
            Self::MergedAway { .. } => "MergedAway",
            Self::Deleted { .. } => "Deleted",
            Self::UnknownContact { .. } => "UnknownContact",
            Self::SameContact { .. } => "SameContact",
            Self::DuplicateMergeId { .. } => "DuplicateMergeId",
            Self::NothingToMerge { .. } => "NothingToMerge",
            Self::Blocked { .. } => "Blocked",
            Self::Apart { .. } => "Apart",
            Self::Refused(_) => "BadRequest",
            Self::UnknownMerge { .. } => "UnknownMerge",
            Self::AlreadyUndone { .. } => "AlreadyUndone",
            Self::Superseded { .. } => "Superseded",
            Self::EditedSince { .. } => "EditedSince",
        }
    }
}

fn names(merges: &[Box<str>]) -> String {
    let names: Vec<String> = merges.iter().map(|merge| format!("{merge:?}")).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_name_the_thing() {
        let merge = || Box::from("m1");
        for (error, text) in [
            (WorkspaceError::DuplicateId { id: 7 }, "contact 7 is there already"),
            (WorkspaceError::MergedAway { id: 7, into: 8 }, "contact 7 was merged into contact 8"),
            (WorkspaceError::Deleted { id: 7 }, "contact 7 was deleted"),
            (WorkspaceError::UnknownContact { id: 7 }, "there is no contact 7"),
            (WorkspaceError::SameContact { id: 7 }, "contact 7 was given twice"),
            (WorkspaceError::DuplicateMergeId { merge: merge() }, "merge \"m1\" is there already"),
            (WorkspaceError::NothingToMerge { merge: merge() }, "merge \"m1\" retires nobody"),
            (WorkspaceError::Blocked { id: 7 }, "contact 7 is blocked"),
            (WorkspaceError::Apart { a: 7, b: 8 }, "contacts 7 and 8 were told apart"),
            (
                WorkspaceError::Refused(MergeError::TooMany { given: 60, most: 50 }),
                "60 contacts are more than the 50 that the policy merges at once",
            ),
            (WorkspaceError::UnknownMerge { merge: merge() }, "there is no merge \"m1\""),
            (WorkspaceError::AlreadyUndone { merge: merge() }, "merge \"m1\" was undone already"),
            (
                WorkspaceError::Superseded { merge: merge(), by: vec!["m3".into(), "m2".into()] },
                "merge \"m1\" is built on by \"m3\", \"m2\"",
            ),
            (
                WorkspaceError::EditedSince { merge: merge(), survivor: 7, conflicts: Vec::new() },
                "0 values of contact 7 were edited since merge \"m1\"",
            ),
        ] {
            assert_eq!(error.to_string(), text);
        }
    }
}
