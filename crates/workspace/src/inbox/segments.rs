//! Segments, which are filters saved under a name.

use crate::act::Act;
use crate::applied::Applied;
use crate::filter::{ChannelStateName, Filter, MAX_FILTER_DEPTH, MAX_FILTER_PARTS, Surroundings};
use crate::inbox::names;
use crate::roles::Operation;
use crate::rows::tables::SegmentTable;
use crate::{Workspace, WorkspaceError};
use onefold::contact::{Contact, ContactId, CustomType, Field};

impl<Id: ContactId> Workspace<Id> {
    /// Returns the segments, by name.
    pub fn segments(&self) -> impl Iterator<Item = (&str, &Filter)> {
        self.rows.tables().segments.rows().iter().map(|(segment, filter)| (&**segment, filter))
    }

    /// Returns the filter of a segment. Cost: O(log s) for s segments.
    ///
    /// # Errors
    /// - [`WorkspaceError::UnknownSegment`] if there is no such segment.
    pub fn segment(&self, segment: &str) -> Result<&Filter, WorkspaceError<Id>> {
        let filter = self.rows.tables().segments.rows().get(segment);
        filter.ok_or_else(|| WorkspaceError::UnknownSegment { segment: segment.into() })
    }

    /// Saves a segment and replaces one with the same name.
    ///
    /// It is evaluated on each use. The values in its filter belong to the workspace and stay when a contact with the
    /// same value is deleted. Cost: O(log s) for s segments.
    ///
    /// # Errors
    /// - [`WorkspaceError::NotAllowed`] if the role may not change settings.
    /// - [`WorkspaceError::BadName`] if the name is not valid.
    /// - [`WorkspaceError::FilterTooLarge`] if the filter has too many parts or levels.
    pub fn save_segment(
        &mut self,
        segment: &str,
        filter: Filter,
        act: &Act,
    ) -> Result<Applied<Id>, WorkspaceError<Id>> {
        self.allow(act, Operation::ChangeSettings)?;
        let segment = names::checked(segment, "segment")?;
        check(&filter)?;
        self.transact(act, |workspace| {
            workspace.rows.set::<SegmentTable>(segment, Some(filter));
            Ok(())
        })
    }

    /// Deletes a segment. Its contacts stay. Cost: O(log s) for s segments.
    ///
    /// # Errors
    /// - [`WorkspaceError::NotAllowed`] if the role may not change settings.
    /// - [`WorkspaceError::UnknownSegment`] if there is no such segment.
    pub fn delete_segment(&mut self, segment: &str, act: &Act) -> Result<Applied<Id>, WorkspaceError<Id>> {
        self.allow(act, Operation::ChangeSettings)?;
        self.segment(segment)?;
        self.transact(act, |workspace| {
            workspace.rows.set::<SegmentTable>(segment.into(), None);
            Ok(())
        })
    }

    /// Returns the live contacts that match a filter, in order.
    ///
    /// Cost: O(n p) for n contacts and p parts with their values. If the filter is a tag, or requires one, n is only
    /// the number of contacts with the tag.
    ///
    /// # Errors
    /// - [`WorkspaceError::FilterTooLarge`] if the filter has too many parts or levels.
    pub fn select<'a>(
        &'a self,
        filter: &'a Filter,
    ) -> Result<impl Iterator<Item = &'a Contact<Id>>, WorkspaceError<Id>> {
        check(filter)?;
        let tag = match filter {
            Filter::All(parts) => parts.iter().find_map(tag_of),
            filter => tag_of(filter),
        };
        let everybody = tag.is_none().then(|| self.contacts()).into_iter().flatten();
        let tagged = tag.into_iter().flat_map(|tag| self.tagged(tag)).filter_map(|id| self.get(id));
        Ok(everybody.chain(tagged).filter(|contact| filter.matches(contact, self)))
    }

    /// Returns the names of the segments whose filter satisfies `is_one`.
    pub(crate) fn segments_that(&self, is_one: impl Fn(&Filter) -> bool) -> Vec<Box<str>> {
        let segments = self.rows.tables().segments.rows().iter();
        segments.filter(|(_, filter)| is_one(filter)).map(|(segment, _)| segment.clone()).collect()
    }
}

impl<Id: ContactId> Surroundings<Id> for Workspace<Id> {
    fn is_in_state(&self, contact: &Contact<Id>, account: &str, asked: ChannelStateName) -> bool {
        let Ok(row) = self.account(account) else { return false };
        let state = self.state_of(contact, account, &row.kind);
        state.state_name() == asked
    }

    fn holds_numbers(&self, field: &Field) -> bool {
        let Field::Custom(name) = field else { return false };
        self.rows.tables().definitions.rows().get(name) == Some(&CustomType::Number)
    }
}

fn tag_of(filter: &Filter) -> Option<&str> {
    match filter {
        Filter::Tag(tag) => Some(tag),
        _ => None,
    }
}

fn check<Id>(filter: &Filter) -> Result<(), WorkspaceError<Id>> {
    if filter.is_within_limits() {
        Ok(())
    } else {
        Err(WorkspaceError::FilterTooLarge { max_parts: MAX_FILTER_PARTS, max_depth: MAX_FILTER_DEPTH })
    }
}
