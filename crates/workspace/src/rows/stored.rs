//! Rows as plain data: what a store keeps.

use std::collections::BTreeSet;
use std::fmt;

use crate::rows::kind::RowKind;

/// A row as plain data: a store keeps its text under its kind and key, and needs to look into none of them.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct StoredRow {
    /// Which table the row is in.
    pub kind: RowKind,
    /// Its key there, as JSON: one spelling for one key.
    pub key: String,
    /// The row, as JSON on one line: the same as in [`Workspace::to_state`](crate::Workspace::to_state).
    pub text: String,
}

/// What a store does to one row.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum RowWrite {
    /// It puts the row, in place of the one that has its key if there is one.
    Put(StoredRow),
    /// It takes the row out.
    Delete {
        /// Which table the row is in.
        kind: RowKind,
        /// Its key there.
        key: String,
    },
}

impl RowWrite {
    /// Returns which table the row is in.
    pub fn kind(&self) -> RowKind {
        match self {
            Self::Put(row) => row.kind,
            Self::Delete { kind, .. } => *kind,
        }
    }

    /// Returns the row's key there.
    pub fn key(&self) -> &str {
        match self {
            Self::Put(row) => &row.key,
            Self::Delete { key, .. } => key,
        }
    }
}

/// A write of a row, with what a store may look the row up by.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct IndexedWrite<'a, Id> {
    /// What the store does to the row.
    pub write: RowWrite,
    /// The number of an event, or a merge's place among all; `None` for a row that is taken out, or of another kind.
    pub place: Option<u64>,
    /// The contacts that the row is about now and was not about before, beside the one whose id is its key.
    pub about_added: BTreeSet<&'a Id>,
    /// The contacts that the row was about before and is not about now.
    pub about_removed: BTreeSet<&'a Id>,
}

/// What a deletion has left of deleted persons in the files of a store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Erasure {
    /// Nothing is left.
    #[default]
    Complete,
    /// Something is left, since somebody still reads an older state, or since a deletion of many contacts goes on. The store erases
    /// it at the next chance.
    Pending,
}

// What stands in a row are values of contacts.
impl fmt::Debug for StoredRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredRow").field("kind", &self.kind).field("key", &self.key).finish_non_exhaustive()
    }
}

impl fmt::Debug for RowWrite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Put(row) => f.debug_tuple("Put").field(row).finish(),
            Self::Delete { kind, key } => f.debug_struct("Delete").field("kind", kind).field("key", key).finish(),
        }
    }
}
