//! Differences between the contacts after an undo and their images before the merge.

use std::fmt;

use crate::contact::{Field, Value};

/// A difference between a restored contact and its image before the merge, or between the survivor and the plain result
/// of the undo. It comes from a protection of the person that holds for all contacts, or from a change of a tag in the
/// workspace.
///
/// `Debug` shows no value.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(tag = "deviation", rename_all = "snake_case"))]
pub enum Deviation<Id> {
    /// A consent was withdrawn or an objection made on the survivor since the merge. It holds for this contact, too.
    Withdrawn {
        /// The contact that differs.
        contact: Id,
        /// The field under the contact's own name for it.
        field: Field,
        /// The value before the merge, or `None` if there was none.
        before: Option<Value>,
        /// The value after the undo, or `None` if there is none.
        now: Option<Value>,
    },
    /// The survivor was blocked or unblocked since the merge, and this contact with it. The conversation of a blocked
    /// contact is closed.
    Blocked {
        /// The contact that differs.
        contact: Id,
        /// True if the contact is blocked now.
        blocked: bool,
    },
    /// A tag of the contact was renamed since the merge.
    TagRenamed {
        /// The contact that differs.
        contact: Id,
        /// The former name of the tag.
        tag: Box<str>,
        /// The present name of the tag.
        to: Box<str>,
    },
    /// A tag of the contact was deleted from the workspace since the merge, and the contact no longer has it.
    TagDeleted {
        /// The contact that differs.
        contact: Id,
        /// The name of the deleted tag.
        tag: Box<str>,
    },
}

impl<Id> Deviation<Id> {
    /// Returns the contact that differs.
    pub fn contact(&self) -> &Id {
        match self {
            Self::Withdrawn { contact, .. }
            | Self::Blocked { contact, .. }
            | Self::TagRenamed { contact, .. }
            | Self::TagDeleted { contact, .. } => contact,
        }
    }

    /// Returns the difference in words without values, such as `custom.newsletter was withdrawn since`.
    fn what(&self) -> String {
        match self {
            Self::Withdrawn { field, .. } => format!("{field} was withdrawn since"),
            Self::Blocked { blocked: true, .. } => "blocked since".to_owned(),
            Self::Blocked { blocked: false, .. } => "unblocked since".to_owned(),
            Self::TagRenamed { .. } => "a tag was renamed since".to_owned(),
            Self::TagDeleted { .. } => "a tag was deleted since".to_owned(),
        }
    }
}

impl<Id: fmt::Debug> fmt::Debug for Deviation<Id> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Deviation").field("contact", self.contact()).field("what", &self.what()).finish()
    }
}

impl<Id: fmt::Debug> fmt::Display for Deviation<Id> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "contact {:?}: {}", self.contact(), self.what())
    }
}
