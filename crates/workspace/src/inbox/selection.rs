//! Several contacts at once: which are meant, and what is offered for them.

use std::collections::BTreeSet;

use crate::act::Act;
use crate::inbox::filter::Filter;
use crate::roles::Operation;
use crate::{Workspace, WorkspaceError};
use onefold::contact::ContactId;

/// How many contacts can be selected at once for assigning tags and for exporting.
pub const MAX_SELECTED: usize = 100;

/// Which contacts an operation on several is about.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Selection<Id> {
    /// Those that a user has selected one by one.
    Contacts(Vec<Id>),
    /// Those whom a filter means.
    Filter(Filter),
    /// Those of a segment.
    Segment(Box<str>),
    /// All live contacts.
    All,
}

impl<Id: ContactId> Workspace<Id> {
    /// The live contacts that are selected, each once, in order. O(s log n) for those selected one by one, as
    /// [`Workspace::select`] for a filter.
    ///
    /// # Errors
    /// As [`Workspace::check_live`] for a contact that was selected, [`WorkspaceError::UnknownSegment`], or
    /// [`WorkspaceError::FilterTooLarge`].
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

    /// What is offered to whoever has selected so many contacts: assigning and removing tags and exporting for at most
    /// [`MAX_SELECTED`], merging for two and more as far as the policy goes, and deleting for any number; each only to
    /// those who may. Blocking is an operation on one contact.
    pub fn offered(&self, selected: usize, act: &Act) -> Vec<Operation> {
        let is_offered = |operation: &Operation| match operation {
            Operation::Tag | Operation::Export => (1..=MAX_SELECTED).contains(&selected),
            Operation::Merge => (2..=self.settings().policy.max_contacts()).contains(&selected),
            Operation::Delete => selected > 0,
            _ => false,
        };
        let all = Operation::TABLE.into_iter().map(|(operation, _)| operation);
        all.filter(|operation| is_offered(operation) && act.may(*operation)).collect()
    }
}
