//! The contacts of an operation on several, and the operations offered for them.

use std::collections::BTreeSet;

use crate::act::Act;
use crate::filter::Filter;
use crate::roles::Operation;
use crate::{Workspace, WorkspaceError};
use onefold::contact::ContactId;

/// The limit of selected contacts for assigning tags and for exporting.
pub const MAX_SELECTED: usize = 100;

/// The contacts of an operation on several.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Selection<Id> {
    /// Contacts that a user selected one by one.
    Contacts(Vec<Id>),
    /// The contacts that match a filter.
    Filter(Filter),
    /// The contacts of a segment.
    Segment(Box<str>),
    /// All live contacts.
    All,
}

impl<Id: ContactId> Workspace<Id> {
    /// Returns the selected live contacts, each once, in order. Cost: O(s log n) for s contacts selected one by one,
    /// and that of [`Workspace::select`] for a filter.
    ///
    /// # Errors
    /// - Those of [`Workspace::check_live`] for a contact selected one by one.
    /// - [`WorkspaceError::UnknownSegment`] if there is no such segment.
    /// - [`WorkspaceError::FilterTooLarge`] if the filter has too many parts or levels.
    pub fn selected(&self, selection: &Selection<Id>) -> Result<Vec<Id>, WorkspaceError<Id>> {
        let meant = |filter| Ok(self.select(filter)?.map(|contact| contact.id.clone()).collect());
        match selection {
            Selection::Contacts(ids) => {
                ids.iter().try_for_each(|id| self.check_live(id))?;
                Ok(ids.iter().collect::<BTreeSet<_>>().into_iter().cloned().collect())
            }
            Selection::Filter(filter) => meant(filter),
            Selection::Segment(segment) => meant(self.segment(segment)?),
            Selection::All => Ok(self.contacts().map(|contact| contact.id.clone()).collect()),
        }
    }

    /// Returns the operations offered for a number of selected contacts, as far as the role permits them.
    ///
    /// Tags and export are offered for 1 to [`MAX_SELECTED`] contacts, merging from two up to the policy's limit, and
    /// deletion for any number. Blocking is offered only on a single contact's page.
    pub fn offered(&self, selected: usize, act: &Act) -> Vec<Operation> {
        let is_offered = |operation: &Operation| match operation {
            Operation::Tag | Operation::Export => (1..=MAX_SELECTED).contains(&selected),
            Operation::Merge => (2..=self.settings().policy.max_contacts()).contains(&selected),
            Operation::Delete => selected > 0,
            _ => false,
        };
        Operation::ALL.into_iter().filter(|operation| is_offered(operation) && act.may(*operation)).collect()
    }
}
