//! How contacts that an undo brings back differ from what they were.

use std::fmt;

use crate::contact::{Field, Value};

/// How a contact that an undo brings back differs from what it was before the merge, or the survivor from what the undo
/// would have made of it: what protects a person holds, and what a workspace did to a tag since.
///
/// `Debug` shows no value.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(tag = "deviation", rename_all = "snake_case"))]
pub enum Deviation<Id> {
    /// A consent was withdrawn, or an objection made, on the survivor since the merge: it holds for this contact as well.
    Withdrawn {
        /// The contact.
        contact: Id,
        /// The field, by the name that the contact has it by.
        field: Field,
        /// What the contact had there; `None` if nothing.
        before: Option<Value>,
        /// What it has now; `None` if nothing.
        now: Option<Value>,
    },
    /// The survivor was blocked or unblocked since the merge, and so is this contact. If it is blocked, its conversation is
    /// closed.
    Blocked {
        /// The contact.
        contact: Id,
        /// Whether it is blocked now.
        blocked: bool,
    },
    /// A tag of the contact was renamed since the merge.
    TagRenamed {
        /// The contact.
        contact: Id,
        /// The name that the tag had.
        tag: Box<str>,
        /// The name that it has now.
        to: Box<str>,
    },
    /// A tag of the contact was deleted from the workspace since the merge: the contact does not have it any more.
    TagDeleted {
        /// The contact.
        contact: Id,
        /// The name that the tag had.
        tag: Box<str>,
    },
}

impl<Id> Deviation<Id> {
    /// The contact that is not as it was.
    pub fn contact(&self) -> &Id {
        match self {
            Self::Withdrawn { contact, .. }
            | Self::Blocked { contact, .. }
            | Self::TagRenamed { contact, .. }
            | Self::TagDeleted { contact, .. } => contact,
        }
    }

    /// What is not as it was, in words that show no value: `custom.newsletter was withdrawn since`.
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
