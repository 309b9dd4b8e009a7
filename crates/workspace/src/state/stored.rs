//! Rows as plain data: what a store keeps.

use std::fmt;

/// The tables that a store keeps for a workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum RowKind {
    /// The settings, the number of the next event and the order of the fields, each under its name.
    Setting,
    /// Live contacts, by id.
    Contact,
    /// What the ids that were merged away were merged into.
    Tombstone,
    /// The ids that were deleted.
    Deleted,
    /// Merges, by name.
    Merge,
    /// Pairs that were marked distinct, the smaller id first.
    DistinctPair,
    /// Events that nobody has taken yet, by number.
    Event,
    /// The tags of the workspace's list, by name.
    Tag,
    /// Channel accounts, by name.
    Account,
    /// The types of custom fields, by name.
    Definition,
    /// Segments, by name.
    Segment,
    /// Blocks, by contact and when they began.
    Block,
    /// Activity, by contact and week.
    Activity,
    /// Deletions, by number.
    Deletion,
    /// The contacts that a deletion has not come to yet, by its number and their place in it.
    ToDelete,
    /// How `onefold replay` was configured; no part of a workspace.
    Config,
}

impl RowKind {
    /// Every kind, in the order in which rows are written.
    pub const ALL: [Self; 16] = [
        Self::Setting,
        Self::Contact,
        Self::Tombstone,
        Self::Deleted,
        Self::Merge,
        Self::DistinctPair,
        Self::Event,
        Self::Tag,
        Self::Account,
        Self::Definition,
        Self::Segment,
        Self::Block,
        Self::Activity,
        Self::Deletion,
        Self::ToDelete,
        Self::Config,
    ];

    /// The name of the kind, for a store to keep: lower-case letters and underscores. It never changes.
    pub fn name(self) -> &'static str {
        match self {
            Self::Setting => "setting",
            Self::Contact => "contact",
            Self::Tombstone => "tombstone",
            Self::Deleted => "deleted",
            Self::Merge => "merge",
            Self::DistinctPair => "verdict",
            Self::Event => "event",
            Self::Tag => "tag",
            Self::Account => "account",
            Self::Definition => "definition",
            Self::Segment => "segment",
            Self::Block => "block",
            Self::Activity => "activity",
            Self::Deletion => "deletion",
            Self::ToDelete => "to_delete",
            Self::Config => "config",
        }
    }

    /// The kind of a name; `None` if this release knows none.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

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

/// Whether something of deleted persons is left in the files of a store.
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
