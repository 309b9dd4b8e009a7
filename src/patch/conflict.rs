//! What an undo found edited since the merge.

use std::fmt;

use crate::contact::{Field, Value};

/// What an undo does with values that were edited since the merge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Edits {
    /// They stay on the survivor and are listed.
    #[default]
    Keep,
    /// If there is one that the merge had changed too, the undo is refused.
    Refuse,
    /// The survivor becomes what it was before the merge; what was edited is listed.
    Overwrite,
}

/// A value that both the merge and somebody after it changed. `Debug` shows no value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Conflict {
    /// The field.
    pub field: Field,
    /// What became of it.
    pub kind: ConflictKind,
    /// Before the merge; for one value of a list `None` if it was not there.
    pub before: Option<Value>,
    /// As the merge left it.
    pub after: Option<Value>,
    /// What the undo found.
    pub now: Option<Value>,
}

/// What became of a value that was edited since the merge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ConflictKind {
    /// It was edited since, and the edit stays.
    Edited,
    /// One value of a list, which the merge brought, was removed since; it comes back on the contact that
    /// it came from.
    Removed,
    /// It was edited since, and the edit is overwritten.
    Overwritten,
}

impl ConflictKind {
    /// The kind in words: `edited since`, `removed since`, `overwritten`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Edited => "edited since",
            Self::Removed => "removed since",
            Self::Overwritten => "overwritten",
        }
    }
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.kind.name())
    }
}
