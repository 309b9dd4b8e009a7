//! What can be wrong with a request.

/// Why an index refused a request; nothing has changed then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IndexError<Id> {
    /// A contact with this id is in the index already.
    #[error("contact {id:?} is in the index already")]
    DuplicateContact {
        /// The id.
        id: Id,
    },
    /// No contact with this id is in the index.
    #[error("contact {id:?} is not in the index")]
    UnknownContact {
        /// The id.
        id: Id,
    },
    /// A request about two contacts names one twice.
    #[error("contact {id:?} cannot be marked distinct from itself")]
    SameContact {
        /// The id.
        id: Id,
    },
    /// An undo that is given with a patch is not that of its merge.
    #[error("the undo is not that of the merge into {survivor:?}")]
    OtherUndo {
        /// The survivor of the patch.
        survivor: Id,
    },
    /// A contact that an undo brings back was not merged into the survivor, or was merged on since.
    #[error("contact {id:?} is not merged into {survivor:?}")]
    NotMerged {
        /// The contact.
        id: Id,
        /// The survivor.
        survivor: Id,
    },
}
