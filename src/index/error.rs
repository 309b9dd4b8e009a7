//! The errors of an index.

/// The reason why an index refused a request. A refused request changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IndexError<Id> {
    /// The index already has a contact with this id.
    #[error("contact {id:?} is in the index already")]
    DuplicateContact {
        /// The id of the contact.
        id: Id,
    },
    /// The index has no contact with this id.
    #[error("contact {id:?} is not in the index")]
    UnknownContact {
        /// The unknown id.
        id: Id,
    },
    /// A request about two contacts names the same contact twice.
    #[error("contact {id:?} cannot be marked distinct from itself")]
    SameContact {
        /// The repeated id.
        id: Id,
    },
    /// The undo given with a patch belongs to another merge.
    #[error("the undo is not that of the merge into {survivor:?}")]
    OtherUndo {
        /// The survivor of the patch.
        survivor: Id,
    },
    /// A contact that an undo would restore is not merged into the survivor, or was merged into another contact since.
    #[error("contact {id:?} is not merged into {survivor:?}")]
    NotMerged {
        /// The contact that the undo would restore.
        id: Id,
        /// The survivor of the undone merge.
        survivor: Id,
    },
}
