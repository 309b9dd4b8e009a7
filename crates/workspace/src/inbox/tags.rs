//! The tags of a workspace and of its contacts.

use std::collections::BTreeSet;

use crate::act::Act;
use crate::applied::Applied;
use crate::inbox::names;
use crate::inbox::selection::MAX_SELECTED;
use crate::roles::Operation;
use crate::rows::contact_row::TagChange;
use crate::rows::event::EventKind;
use crate::rows::inbox::Tag;
use crate::rows::tables::{SegmentTable, TagTable};
use crate::{Workspace, WorkspaceError};
use onefold::contact::{Contact, ContactId, Field, Value};
use onefold::distinct::Ancestry;

/// A tag with the number of its contacts.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[derive(serde::Serialize)]
pub struct TagCount {
    /// The name of the tag.
    pub tag: Box<str>,
    /// True if the tag is on the workspace's list. A tag that came in with a contact is not.
    #[serde(rename = "listed")]
    pub is_listed: bool,
    /// The number of live contacts with the tag.
    pub contacts: usize,
}

/// The result of assigning tags.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Assigned {
    /// The tags newly added to the workspace's list, in order.
    pub created: Vec<Box<str>>,
    /// The number of contacts that received at least one new tag.
    pub contacts: usize,
}

/// The contacts and segments affected by a change of a tag or a custom field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
#[derive(serde::Serialize)]
pub struct Affected {
    /// The number of live contacts with the tag or a value in the field.
    pub contacts: usize,
    /// The segments that refer to it, in order.
    pub segments: Vec<Box<str>>,
}

impl<Id: ContactId> Workspace<Id> {
    /// Returns all tags with the number of their contacts, by name: those on the workspace's list, and those that came
    /// in with a contact. Cost: O(t) for t tags.
    pub fn tags(&self) -> Vec<TagCount> {
        let (listed, used) = (self.rows.tables().tags.rows(), self.rows.tagged());
        let names: BTreeSet<&str> = listed.keys().chain(used.keys()).map(|tag| &**tag).collect();
        let count = |tag: &str| TagCount {
            tag: tag.into(),
            is_listed: listed.contains_key(tag),
            contacts: used.get(tag).map_or(0, BTreeSet::len),
        };
        names.into_iter().map(count).collect()
    }

    /// Returns the tags whose name contains `text`, in any case, by name. Cost: O(t) for t tags.
    pub fn find_tags(&self, text: &str) -> Vec<TagCount> {
        let text = text.trim().to_lowercase();
        self.tags().into_iter().filter(|found| found.tag.to_lowercase().contains(&text)).collect()
    }

    /// Returns the live contacts with a tag, in order, including blocked ones.
    pub fn tagged(&self, tag: &str) -> impl Iterator<Item = &Id> {
        self.rows.tagged().get(tag).into_iter().flatten()
    }

    /// Adds a tag to the workspace's list. Cost: O(log t) for t tags.
    ///
    /// # Errors
    /// - [`WorkspaceError::NotAllowed`] if the role may not change tags.
    /// - [`WorkspaceError::BadName`] if the name is not valid.
    /// - [`WorkspaceError::DuplicateTag`] if the tag is on the list.
    pub fn create_tag(&mut self, tag: &str, act: &Act) -> Result<Applied<Id>, WorkspaceError<Id>> {
        self.allow(act, Operation::Tag)?;
        let tag = names::checked(tag, "tag")?;
        if self.is_listed(&tag) {
            return Err(WorkspaceError::DuplicateTag { tag });
        }
        self.transact(act, |workspace| {
            workspace.list_tag(&tag, act);
            Ok(())
        })
    }

    /// Appends tags to those of live contacts. A tag that is not on the workspace's list is added to it.
    /// Cost: O(c log n) for c contacts.
    ///
    /// # Errors
    /// - [`WorkspaceError::NotAllowed`] if the role may not change tags.
    /// - [`WorkspaceError::TooManySelected`] for more than [`MAX_SELECTED`] contacts.
    /// - Those of [`Workspace::check_live`].
    /// - [`WorkspaceError::BadName`] if a name is not valid.
    pub fn assign_tags(
        &mut self,
        ids: &[Id],
        tags: &[&str],
        act: &Act,
    ) -> Result<Applied<Id, Assigned>, WorkspaceError<Id>> {
        self.check_tagging(ids, act)?;
        let tags = tags.iter().map(|tag| names::checked(tag, "tag")).collect::<Result<Vec<_>, _>>()?;
        self.transact(act, |workspace| {
            let created: BTreeSet<Box<str>> = tags.iter().filter(|tag| !workspace.is_listed(tag)).cloned().collect();
            created.iter().for_each(|tag| workspace.list_tag(tag, act));
            let contacts = workspace.retag_all(ids, act, |had| {
                let known: BTreeSet<&str> = had.iter().filter_map(Value::as_text).collect();
                let mut new = BTreeSet::new();
                let added = tags.iter().filter(|tag| !known.contains(&***tag) && new.insert(*tag));
                let added: Vec<Value> = added.map(|tag| Value::from(&**tag)).collect();
                had.iter().cloned().chain(added).collect()
            });
            Ok(Assigned { created: created.into_iter().collect(), contacts })
        })
    }

    /// Removes tags from live contacts by their exact names and returns the number of contacts that had one. The tags
    /// stay on the workspace's list. Cost: O(c log n) for c contacts.
    ///
    /// # Errors
    /// - Those of [`Workspace::assign_tags`], apart from [`WorkspaceError::BadName`].
    pub fn remove_tags(
        &mut self,
        ids: &[Id],
        tags: &[&str],
        act: &Act,
    ) -> Result<Applied<Id, usize>, WorkspaceError<Id>> {
        self.check_tagging(ids, act)?;
        self.transact(act, |workspace| {
            let is_new = |tag: &&&str| !workspace.is_listed(tag) && workspace.is_used(tag);
            let unlisted: BTreeSet<Box<str>> = tags.iter().filter(is_new).map(|tag| Box::from(*tag)).collect();
            unlisted.iter().for_each(|tag| workspace.list_tag(tag, act));
            let is_gone = |item: &Value| item.as_text().is_some_and(|text| tags.contains(&text));
            Ok(workspace.retag_all(ids, act, |had| had.iter().filter(|item| !is_gone(item)).cloned().collect()))
        })
    }

    /// Renames a tag on the workspace's list, on its contacts, and in the segments that refer to it.
    ///
    /// Patches of merges keep the former name. A contact restored by an undo has the new one, which is listed in
    /// [`UndoneMerge::deviations`](crate::UndoneMerge::deviations). Cost: O(c log n) for c contacts with the tag, plus the
    /// size of the merges that have it.
    ///
    /// # Errors
    /// - [`WorkspaceError::NotAllowed`] if the role may not change tags.
    /// - [`WorkspaceError::UnknownTag`] if there is no such tag.
    /// - [`WorkspaceError::BadName`] if the new name is not valid.
    /// - [`WorkspaceError::DuplicateTag`] if a tag on the list or on a contact has the new name.
    pub fn rename_tag(&mut self, tag: &str, to: &str, act: &Act) -> Result<Applied<Id, Affected>, WorkspaceError<Id>> {
        self.allow(act, Operation::Tag)?;
        let affected = self.affected_by_tag(tag)?;
        let to = names::checked(to, "tag")?;
        if self.is_listed(&to) || self.is_used(&to) {
            return Err(WorkspaceError::DuplicateTag { tag: to });
        }
        let value_owners = self.whose_tag(tag);
        self.transact(act, |workspace| {
            let row = workspace.rows.set::<TagTable>(tag.into(), None);
            let row = row.unwrap_or_else(|| Tag { created_at: act.at, created_by: act.by.clone() });
            workspace.rows.set::<TagTable>(to.clone(), Some(row));
            let change = TagChange { tag: tag.into(), to: Some(to.clone()) };
            workspace.change_tag(change, act);
            for segment in &affected.segments {
                if let Some(filter) = workspace.rows.tables().segments.rows().get(segment).cloned() {
                    workspace.rows.set::<SegmentTable>(segment.clone(), Some(filter.with_tag_renamed(tag, &to)));
                }
            }
            workspace.emit(act, value_owners, EventKind::TagRenamed { tag: tag.into(), to });
            Ok(affected)
        })
    }

    /// Deletes a tag from the workspace's list and from its contacts.
    ///
    /// Segments that refer to the tag stay, but no contact matches it. A contact restored by an undo no longer has the
    /// tag, which is listed in [`UndoneMerge::deviations`](crate::UndoneMerge::deviations). Cost: O(c log n) for c contacts
    /// with the tag, plus the size of the merges that have it.
    ///
    /// # Errors
    /// - [`WorkspaceError::NotAllowed`] if the role may not change tags.
    /// - [`WorkspaceError::UnknownTag`] if there is no such tag.
    pub fn delete_tag(&mut self, tag: &str, act: &Act) -> Result<Applied<Id, Affected>, WorkspaceError<Id>> {
        self.allow(act, Operation::Tag)?;
        let affected = self.affected_by_tag(tag)?;
        let value_owners = self.whose_tag(tag);
        self.transact(act, |workspace| {
            workspace.rows.set::<TagTable>(tag.into(), None);
            workspace.change_tag(TagChange { tag: tag.into(), to: None }, act);
            workspace.emit(act, value_owners, EventKind::TagDeleted { tag: tag.into() });
            Ok(affected)
        })
    }

    /// Returns the contacts and segments affected by renaming or deleting a tag. Cost: O(s) in the size of the
    /// segments.
    ///
    /// # Errors
    /// - [`WorkspaceError::UnknownTag`] if the tag is neither on the workspace's list nor on a contact.
    pub fn affected_by_tag(&self, tag: &str) -> Result<Affected, WorkspaceError<Id>> {
        if !self.is_listed(tag) && !self.is_used(tag) {
            return Err(WorkspaceError::UnknownTag { tag: tag.into() });
        }
        Ok(Affected {
            contacts: self.tagged(tag).count(),
            segments: self.segments_that(|filter| filter.asks_for_tag(tag)),
        })
    }

    /// Returns the original contacts to whom the name of a tag belongs as a personal value. The name of a listed tag
    /// belongs to the workspace.
    fn whose_tag(&self, tag: &str) -> Vec<Id> {
        if self.is_listed(tag) {
            return Vec::new();
        }
        let parts: BTreeSet<Id> = self.tagged(tag).flat_map(|id| self.rows.made_of(id)).collect();
        parts.into_iter().collect()
    }

    fn is_listed(&self, tag: &str) -> bool {
        self.rows.tables().tags.rows().contains_key(tag)
    }

    fn is_used(&self, tag: &str) -> bool {
        self.rows.tagged().contains_key(tag)
    }

    fn check_tagging(&self, ids: &[Id], act: &Act) -> Result<(), WorkspaceError<Id>> {
        self.allow(act, Operation::Tag)?;
        let selected = ids.iter().collect::<BTreeSet<_>>().len();
        if selected > MAX_SELECTED {
            return Err(WorkspaceError::TooManySelected { selected, limit: MAX_SELECTED });
        }
        ids.iter().try_for_each(|id| self.check_live(id))
    }

    fn list_tag(&mut self, tag: &str, act: &Act) {
        let row = Tag { created_at: act.at, created_by: act.by.clone() };
        self.rows.set::<TagTable>(tag.into(), Some(row));
        self.emit(act, Vec::new(), EventKind::TagCreated { tag: tag.into() });
    }

    /// Replaces the tags of live contacts by the result of `retag`. Returns the number of contacts whose tags changed.
    fn retag_all(&mut self, ids: &[Id], act: &Act, retag: impl Fn(&[Value]) -> Vec<Value>) -> usize {
        let ids: BTreeSet<&Id> = ids.iter().collect();
        let before: Vec<Contact<Id>> = ids.into_iter().filter_map(|id| self.get(id)).cloned().collect();
        let mut changed = 0;
        for mut contact in before {
            if retag_contact(&mut contact, &retag) {
                changed += 1;
                self.rewrite_now(contact, act);
            }
        }
        changed
    }

    /// Changes a tag of all its contacts and in every merge that can be undone. The contacts do not count as edited.
    fn change_tag(&mut self, change: TagChange, act: &Act) {
        let holders: Vec<Id> = self.tagged(&change.tag).cloned().collect();
        for id in holders {
            let Some(mut contact) = self.get(&id).cloned() else { continue };
            if retag_contact(&mut contact, |had| change.apply(had)) {
                self.rewrite(contact, act);
            }
        }
        self.record_tag_change(change);
    }
}

/// Replaces the tags of a contact by the result of `retag`. Returns true if they changed.
pub(crate) fn retag_contact<Id>(contact: &mut Contact<Id>, retag: impl Fn(&[Value]) -> Vec<Value>) -> bool {
    let had: &[Value] = match contact.fields.get(&Field::Tags) {
        Some(Value::List(items)) => items,
        Some(one @ Value::Text(_)) => std::slice::from_ref(one),
        None => &[],
        Some(value) if value.is_empty() => &[],
        // The field holds another kind of value, which stays as it is.
        Some(_) => return false,
    };
    let has = retag(had);
    let is_changed = has != had;
    if is_changed {
        contact.fields.insert(Field::Tags, Value::List(has));
    }
    is_changed
}
