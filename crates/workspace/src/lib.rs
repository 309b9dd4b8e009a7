//! The contact workspace around [`onefold`]: contacts, merges and distinct pairs in one place, where every operation is done
//! whole or not at all.
//!
//! The workspace keeps facts, as rows: live contacts, what was merged into what, what was deleted, who was told
//! apart, which merges there were. What a contact is made of, and which merges build on which, follows from them.
//! Its [`Index`] follows from them too, and is kept exact at the cost of what an operation touches.

#![warn(missing_docs)]

mod act;
mod applied;
mod contacts;
mod dispatch;
mod error;
mod events;
mod inbox;
mod key_changes;
mod merges;
mod protocol;
mod roles;
mod rows;
mod settings;
mod state;
mod transaction;

use std::fmt;

use crate::key_changes::Rekeyed;
use crate::rows::WorkspaceRows;
use crate::rows::contact_row::ContactRow;
use onefold::contact::{Contact, ContactId};
use onefold::distinct::Ancestry;
use onefold::index::Index;

pub use act::{Act, Actor, Origin};
pub use applied::Applied;
pub use contacts::csv_cell::{CsvCells, guard_cell, unguard_cell};
pub use contacts::import::{BlockedStays, Existing, Imported, RejectedRow};
pub use error::WorkspaceError;
pub use events::event::{Event, EventKind, FieldChanges, Reaction};
pub use inbox::blocking::BlockedContact;
pub use inbox::channels::{ChannelState, ContactChannel};
pub use inbox::definitions::DefinitionEffect;
pub use inbox::details::{Detail, Details, FieldType, MAX_TEXT_BYTES, MAX_WRITTEN_VALUES};
pub use inbox::filter::{ChannelStateName, Filter, MAX_FILTER_DEPTH, MAX_FILTER_PARTS, TimeSpan};
pub use inbox::messages::{Received, Sender, Visibility};
pub use inbox::names::MAX_NAME_BYTES;
pub use inbox::selection::{MAX_SELECTED, Selection};
pub use inbox::tags::{Affected, Assigned, TagCount};
pub use merges::merge::Merged;
pub use merges::undo::{Later, Replayed, UndoRequest, Undone, UndoneMerge};
pub use protocol::{Protocol, RestoredProtocol};
pub use roles::{Needs, Operation, Role};
pub use rows::contact_row::{ContactRow as StoredContact, DistinctMarks, MergeRecord, MergeUndo};
pub use rows::inbox::{Activity, Block, ChannelAccount, Deletion, Tag, ToDelete};
pub use rows::kind::RowKind;
pub use rows::stored::{Erasure, IndexedWrite, RowWrite, StoredRow};
pub use rows::table::RowChange;
pub use rows::tables::Changes;
pub use settings::Settings;
pub use state::{StateError, Unnumbered};

/// The examples of the documents that are not part of the API's, so that they compile and hold.
#[cfg(doctest)]
mod documents {
    #[doc = include_str!("../../../docs/stores.md")]
    pub struct Stores;
}

/// The contacts of one workspace, with everything that was ever decided about them.
///
/// Each operation that writes is done whole, and says which rows it wrote; or it is refused and has changed
/// nothing. What a workspace holds depends only on the operations that were done, in their order: it reads no
/// clock, and times and names of users come with the operations.
///
/// ```
/// use onefold::{Contact, MergeRequest};
/// use onefold_workspace::{Act, Resolved, Settings, UndoRequest, Workspace};
///
/// let mut workspace = Workspace::new(Settings::new());
/// let act = Act::new(1_700_000_000_000, "import");
/// workspace.add(Contact::new(1).with_email("ada@example.com"), &act)?;
/// workspace.add(Contact::new(2).with_email("Ada@example.com").with_phone("+1 202 555 0101"), &act)?;
/// assert_eq!(workspace.index().suggestions()[0].members, [1, 2]);
///
/// workspace.merge(&MergeRequest::new("m1"), &1, &[2], &act)?;
/// assert_eq!(workspace.resolve(&2), Resolved::Live(1));
///
/// workspace.undo("m1", &UndoRequest::new(), &act)?;
/// assert_eq!(workspace.get(&2).map(|contact| contact.phones().count()), Some(1));
/// # Ok::<(), onefold_workspace::WorkspaceError<i32>>(())
/// ```
#[derive(Clone)]
pub struct Workspace<Id> {
    rows: WorkspaceRows<Id>,
    // Invariant: what an index of the live contacts would say, with the distinct marks of all they are made of.
    index: Index<Id>,
    // The contacts to which the operation under way gave other keys without writing them.
    rekeyed: Vec<Rekeyed<Id>>,
}

/// What an id stands for by now.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Resolved<Id> {
    /// A live contact: its own, or the one it was merged into.
    Live(Id),
    /// A contact that was deleted.
    Deleted(Id),
    /// Nothing: there has never been such a contact.
    Unknown,
}

impl<Id: ContactId> Workspace<Id> {
    /// A workspace without contacts.
    pub fn new(settings: Settings) -> Self {
        let index = Index::new(settings.normalizer.clone()).with_rules(settings.rules);
        Self { rows: WorkspaceRows::new(settings), index, rekeyed: Vec::new() }
    }

    /// The settings in force.
    pub fn settings(&self) -> &Settings {
        self.rows.settings()
    }

    /// Puts the workspace under other settings. Merges that were made stay as they are. Under another normaliser
    /// all contacts are read again, which costs O(k log n) for k keys in all.
    ///
    /// # Errors
    /// [`WorkspaceError::NotAllowed`].
    pub fn set_settings(&mut self, settings: Settings, act: &Act) -> Result<Applied<Id>, WorkspaceError<Id>> {
        self.allow(act, Operation::ChangeSettings)?;
        let reads_otherwise = settings.normalizer != self.settings().normalizer;
        let is_same = settings == *self.settings();
        self.transact(act, |workspace| {
            workspace.rows.set_settings(settings);
            if reads_otherwise {
                workspace.build_index()
            } else {
                workspace.index.set_rules(workspace.rows.settings().rules)
            }
            if !is_same {
                workspace.emit(act, Vec::new(), EventKind::SettingsChanged);
            }
            Ok(())
        })
    }

    /// Who shares what: suggestions, evidence, common keys, who is blocked and who is marked distinct.
    pub fn index(&self) -> &Index<Id> {
        &self.index
    }

    /// A live contact. O(log n).
    pub fn get(&self, id: &Id) -> Option<&Contact<Id>> {
        self.rows.contact(id).map(|row| &row.contact)
    }

    /// The live contacts, in order of their ids.
    pub fn contacts(&self) -> impl Iterator<Item = &Contact<Id>> {
        self.rows.contacts().values().map(|row| &row.contact)
    }

    /// How many live contacts there are.
    pub fn len(&self) -> usize {
        self.rows.contacts().len()
    }

    /// Whether there is no live contact.
    pub fn is_empty(&self) -> bool {
        self.rows.contacts().is_empty()
    }

    /// What an id stands for by now, however often it was merged. O(m log n) for m merges on the way.
    pub fn resolve(&self, id: &Id) -> Resolved<Id> {
        let current = self.rows.current(id);
        if self.rows.contact(current).is_some() {
            Resolved::Live(current.clone())
        } else if self.rows.deleted().contains_key(current) {
            Resolved::Deleted(current.clone())
        } else {
            Resolved::Unknown
        }
    }

    /// The ids that a live contact is made of, in order: its own and those that were merged into it. O(m log m).
    ///
    /// # Errors
    /// As [`Workspace::check_live`].
    pub fn made_of(&self, id: &Id) -> Result<Vec<Id>, WorkspaceError<Id>> {
        self.check_live(id)?;
        let mut lineage = self.rows.made_of(id);
        lineage.sort();
        Ok(lineage)
    }

    /// The merges, from the newest to the oldest, undone ones included.
    pub fn history(&self) -> impl Iterator<Item = &MergeRecord<Id>> {
        self.rows.newest_merges()
    }

    /// The merge of a name. O(log n).
    pub fn merge_record(&self, merge: &str) -> Option<&MergeRecord<Id>> {
        self.rows.merge(merge).map(|record| &**record)
    }

    /// Checks that a contact is live, as every operation on it does first. O(log n).
    ///
    /// # Errors
    /// - [`WorkspaceError::MergedAway`] if it was merged into another one.
    /// - [`WorkspaceError::Deleted`] if it was deleted.
    /// - [`WorkspaceError::UnknownContact`] if there has never been one.
    pub fn check_live(&self, id: &Id) -> Result<(), WorkspaceError<Id>> {
        self.row(id).map(|_| ())
    }

    /// Checks that an id is free for a new contact. That of a deleted one is. O(log n).
    ///
    /// # Errors
    /// - [`WorkspaceError::DuplicateId`] if a live contact has it.
    /// - [`WorkspaceError::MergedAway`] if the contact was merged into another one.
    pub fn check_free(&self, id: &Id) -> Result<(), WorkspaceError<Id>> {
        match (self.rows.contact(id), self.rows.tombstones().get(id)) {
            (Some(_), _) => Err(WorkspaceError::DuplicateId { id: id.clone() }),
            (None, Some(into)) => Err(WorkspaceError::MergedAway { id: id.clone(), into: into.clone() }),
            (None, None) => Ok(()),
        }
    }

    fn row(&self, id: &Id) -> Result<&ContactRow<Id>, WorkspaceError<Id>> {
        let row = self.rows.contact(id);
        row.ok_or_else(|| match self.rows.tombstones().get(id) {
            Some(into) => WorkspaceError::MergedAway { id: id.clone(), into: into.clone() },
            None if self.rows.deleted().contains_key(id) => WorkspaceError::Deleted { id: id.clone() },
            None => WorkspaceError::UnknownContact { id: id.clone() },
        })
    }
}

impl<Id> fmt::Debug for Workspace<Id> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workspace").field("index", &self.index).finish_non_exhaustive()
    }
}
