//! Conflicts between a merge and later edits.

use std::fmt;

use crate::contact::{Field, Value};

/// The treatment of values that were edited since the merge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Edits {
    /// The edits stay on the survivor and are listed.
    #[default]
    Keep,
    /// The undo is refused if an edited value was also changed by the merge.
    Refuse,
    /// The survivor becomes its image before the merge, and the overwritten edits are listed.
    Overwrite,
}

/// A value that was changed by the merge and edited since. `Debug` shows no value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Conflict {
    /// The field of the value.
    pub field: Field,
    /// The outcome for the edit.
    pub kind: ConflictKind,
    /// The value before the merge; for one value of a list, `None` if it was not in the list.
    pub before: Option<Value>,
    /// The value as the merge left it.
    pub after: Option<Value>,
    /// The value that the undo found.
    pub now: Option<Value>,
}

/// The outcome for a value that was edited since the merge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ConflictKind {
    /// The value was edited since the merge, and the edit stays.
    Edited,
    /// A value that the merge added to a list was removed since. It returns to the contact that it came from.
    Removed,
    /// The value was edited since the merge, and the edit is overwritten.
    Overwritten,
}

impl ConflictKind {
    /// Returns the kind in words: `edited since`, `removed since` or `overwritten`.
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
