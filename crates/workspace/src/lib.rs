//! The contact workspace around [`onefold`]: contacts, merges and distinct pairs, changed by operations that succeed as
//! a whole or change nothing.
//!
//! A workspace keeps facts as rows: live contacts, merges, deleted contacts and distinct pairs. The original ids of a
//! contact and the dependencies between merges follow from these rows. So does the [`Index`], which every operation
//! updates at a cost in proportion to the rows that it writes.

#![warn(missing_docs)]

mod act;
mod applied;
mod contacts;
mod dispatch;
mod error;
mod events;
pub(crate) mod filter;
mod inbox;
mod merges;
mod portfolio_keys;
mod protocol;
mod roles;
mod rows;
mod settings;
mod state;
mod transaction;

use std::fmt;

use crate::rows::WorkspaceRows;
use crate::rows::contact_row::ContactRow;
use crate::rows::rekeyed_contact::Rekeyed;
use onefold::contact::{Contact, ContactId};
use onefold::distinct::Ancestry;
use onefold::index::Index;

pub use act::{Act, Actor, Origin};
pub use applied::Applied;
pub use contacts::csv_cell::{CsvCells, guard_cell, unguard_cell};
pub use contacts::import::{BlockedStays, Existing, Imported, RejectedRow};
pub use error::WorkspaceError;
pub use filter::{ChannelStateName, Filter, MAX_FILTER_DEPTH, MAX_FILTER_PARTS, TimeSpan};
pub use inbox::blocking::BlockedContact;
pub use inbox::channels::{ChannelState, ContactChannel};
pub use inbox::contact_page::{Detail, Details, FieldType, MAX_TEXT_BYTES, MAX_WRITTEN_VALUES};
pub use inbox::custom_fields::DefinitionEffect;
pub use inbox::messages::{Received, Sender, Visibility};
pub use inbox::names::MAX_NAME_BYTES;
pub use inbox::selection::{MAX_SELECTED, Selection};
pub use inbox::tags::{Affected, Assigned, TagCount};
pub use merges::merge::Merged;
pub use merges::undo::{Later, Replayed, UndoRequest, Undone, UndoneMerge};
pub use protocol::{Protocol, RestoredProtocol};
pub use roles::{Needs, Operation, Role};
pub use rows::contact_row::{ContactRow as StoredContact, DistinctMarks, MergeRecord, MergeUndo};
pub use rows::event::{Event, EventKind, FieldChanges, Reaction};
pub use rows::inbox::{Activity, Block, ChannelAccount, Deletion, Tag, ToDelete};
pub use rows::kind::RowKind;
pub use rows::row_table::RowChange;
pub use rows::stored::{Erasure, IndexedWrite, RowWrite, StoredRow};
pub use rows::tables::Changes;
pub use settings::Settings;
pub use state::{StateError, Unnumbered};

/// The contacts of one workspace with their merges, distinct pairs and settings.
///
/// An operation that writes either succeeds and returns the changed rows, or returns an error and changes nothing. The
/// state of a workspace depends only on its operations and their order. A workspace reads no clock: times and names of
/// users come with the operations.
///
/// ```
/// use onefold::{Contact, MergeRequest, Time};
/// use onefold_workspace::{Act, Resolved, Settings, UndoRequest, Workspace};
///
/// let mut workspace = Workspace::new(Settings::new());
/// let act = Act::new(Time::from_millis(1_700_000_000_000), "import");
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
    // Invariant: equal to an index built from the live contacts and the distinct marks of their original ids.
    index: Index<Id>,
    // The contacts whose keys the current operation changed without writing their rows.
    rekeyed: Vec<Rekeyed<Id>>,
}

/// The current state of an id.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Resolved<Id> {
    /// A live contact: the contact of the id itself, or the contact that it was merged into.
    Live(Id),
    /// A deleted contact.
    Deleted(Id),
    /// An id that the workspace never had.
    Unknown,
}

impl<Id: ContactId> Workspace<Id> {
    /// Returns a workspace without contacts.
    pub fn new(settings: Settings) -> Self {
        let index = Index::new(settings.normalizer.clone()).with_rules(settings.rules);
        Self { rows: WorkspaceRows::new(settings), index, rekeyed: Vec::new() }
    }

    /// Returns the current settings.
    pub fn settings(&self) -> &Settings {
        self.rows.settings()
    }

    /// Replaces the settings. Existing merges do not change. If the normaliser differs, all contacts are normalised
    /// again and the index is rebuilt.
    ///
    /// Cost: O(k log n) for k keys in total if the normaliser differs.
    ///
    /// # Errors
    /// - [`WorkspaceError::NotAllowed`] if the actor may not change settings.
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

    /// Returns the index of the live contacts: suggestions, evidence, common keys, blocked contacts and distinct pairs.
    pub fn index(&self) -> &Index<Id> {
        &self.index
    }

    /// Returns a live contact. Cost: O(log n).
    pub fn get(&self, id: &Id) -> Option<&Contact<Id>> {
        self.rows.contact(id).map(|row| &row.contact)
    }

    /// Returns the live contacts, ordered by id.
    pub fn contacts(&self) -> impl Iterator<Item = &Contact<Id>> {
        self.rows.contacts().values().map(|row| &row.contact)
    }

    /// Returns the number of live contacts.
    pub fn len(&self) -> usize {
        self.rows.contacts().len()
    }

    /// Returns true if there is no live contact.
    pub fn is_empty(&self) -> bool {
        self.rows.contacts().is_empty()
    }

    /// Returns the current state of an id, through all merges that it took part in. Cost: O(m log n) for m merges on
    /// the way.
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

    /// Returns the original ids of a live contact in order: its own id and the ids that were merged into it.
    ///
    /// Cost: O(m log m) for m ids.
    ///
    /// # Errors
    /// The errors of [`Workspace::check_live`].
    pub fn made_of(&self, id: &Id) -> Result<Vec<Id>, WorkspaceError<Id>> {
        self.check_live(id)?;
        let mut lineage = self.rows.made_of(id);
        lineage.sort();
        Ok(lineage)
    }

    /// Returns all merges from the newest to the oldest, including undone ones.
    pub fn history(&self) -> impl Iterator<Item = &MergeRecord<Id>> {
        self.rows.newest_merges()
    }

    /// Returns the merge with this name. Cost: O(log n).
    pub fn merge_record(&self, merge: &str) -> Option<&MergeRecord<Id>> {
        self.rows.merge(merge).map(|record| &**record)
    }

    /// Checks that a contact is live. Every operation on a contact checks this first. Cost: O(log n).
    ///
    /// # Errors
    /// - [`WorkspaceError::MergedAway`] if it was merged into another contact.
    /// - [`WorkspaceError::Deleted`] if it was deleted.
    /// - [`WorkspaceError::UnknownContact`] if the workspace never had it.
    pub fn check_live(&self, id: &Id) -> Result<(), WorkspaceError<Id>> {
        self.row(id).map(|_| ())
    }

    /// Checks that an id is free for a new contact. The id of a deleted contact is free. Cost: O(log n).
    ///
    /// # Errors
    /// - [`WorkspaceError::DuplicateId`] if a live contact has the id.
    /// - [`WorkspaceError::MergedAway`] if the contact with this id was merged into another contact.
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
