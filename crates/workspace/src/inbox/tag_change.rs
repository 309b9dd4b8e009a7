//! Changes of tags since a merge, whose images hold the former names.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::Workspace;
use crate::inbox::tags::retag_contact;
use crate::rows::contact_row::{MergeState, TagChange, UndoRecord};
use crate::rows::tables::MergeTable;
use onefold::contact::{Contact, ContactId, Field, Value};
use onefold::patch::{Deviation, Patch};

impl TagChange {
    /// Returns a list of tags after the change. A tag that is renamed to another tag in the list becomes one with it.
    pub(crate) fn apply(&self, had: &[Value]) -> Vec<Value> {
        let is_changed = |item: &Value| item.as_text() == Some(&*self.tag);
        let is_there = |to: &str| had.iter().any(|item| item.as_text() == Some(to));
        let renamed = had.iter().filter_map(|item| match (&self.to, is_changed(item)) {
            (_, false) => Some(item.clone()),
            (Some(to), true) if !is_there(to) => Some(Value::from(&**to)),
            (_, true) => None,
        });
        renamed.collect()
    }
}

/// Returns the name of a tag after some changes, or `None` if it was deleted.
fn name_after<'a>(changes: &'a [TagChange], tag: &'a str) -> Option<&'a str> {
    changes.iter().try_fold(tag, |tag, change| if *change.tag == *tag { change.to.as_deref() } else { Some(tag) })
}

impl<Id: ContactId> UndoRecord<Id> {
    /// Returns the patch with the present names of the tags in its images and without deleted tags.
    pub(crate) fn patch_now(&self) -> Cow<'_, Patch<Id>> {
        if self.tags.is_empty() {
            Cow::Borrowed(&self.patch)
        } else {
            Cow::Owned(self.patch.map_images(|contact| self.retag(contact)))
        }
    }

    /// Returns a list of tags with their present names and without deleted tags.
    pub(crate) fn retag_value(&self, value: &Value) -> Value {
        let mut holder = Contact::new(()).with(Field::Tags, value.clone());
        self.retag(&mut holder);
        holder.fields.remove(&Field::Tags).unwrap_or(Value::Null)
    }

    fn retag<Other>(&self, contact: &mut Contact<Other>) {
        for change in &self.tags {
            retag_contact(contact, |had| change.apply(had));
        }
    }

    /// Returns the differences between the tags of restored contacts and their tags before the merge.
    pub(crate) fn tag_deviations(&self) -> impl Iterator<Item = Deviation<Id>> {
        let contacts = std::iter::once(self.patch.survivor_unmerged()).chain(self.patch.retired());
        let all = contacts.flat_map(|contact| contact.tags().map(|tag| (contact.id.clone(), tag)));
        all.filter_map(|(contact, tag)| match name_after(&self.tags, tag) {
            Some(to) if to == tag => None,
            Some(to) => Some(Deviation::TagRenamed { contact, tag: tag.into(), to: to.into() }),
            None => Some(Deviation::TagDeleted { contact, tag: tag.into() }),
        })
    }

    /// Returns the tags of all images, by their present names.
    pub(crate) fn tags_now(&self) -> BTreeSet<&str> {
        let contacts = [self.patch.survivor_unmerged(), self.patch.survivor_merged()];
        let tags = contacts.into_iter().chain(self.patch.retired()).flat_map(Contact::tags);
        tags.filter_map(|held| name_after(&self.tags, held)).collect()
    }
}

impl<Id: ContactId> Workspace<Id> {
    /// Records a change in each merge whose images have the tag. Cost: O(s) in the size of these merges.
    pub(crate) fn record_tag_change(&mut self, change: TagChange) {
        for merge in self.rows.merges_with_tag(&change.tag) {
            let Some(record) = self.rows.merge(&merge).cloned() else { continue };
            let Some(mut way) = record.undo_record().cloned() else { continue };
            way.tags.push(change.clone());
            self.rows.set::<MergeTable>(merge, Some(Arc::new(record.in_state(MergeState::Stands(Box::new(way))))));
        }
    }
}
