//! The update of a contact from a later row of its source.
//!
//! A source does not know about merges, so its row describes its own contact as it was before them. The row is compared
//! with that contact's image in the oldest merge (the base), and only the differences are news. They are written into
//! each later image of the contact and into the live contact. Values from other contacts therefore stay, and an undo
//! restores the contact as the row describes it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::act::Act;
use crate::rows::contact_row::{MergeRecord, MergeState, UndoRecord};
use crate::rows::tables::MergeTable;
use crate::{Workspace, WorkspaceError};
use onefold::contact::{Channel, Contact, ContactId, Field, Value};
use onefold::distinct::Ancestry;
use onefold::field_names::consent::{Permission, as_flag};
use onefold::key::Key;
use onefold::merge::{check_sizes, items};
use onefold::normalize::{Normalizer, Region};
use onefold::patch::{ChannelName, Patch, SurvivorImages, name_of};

impl<Id: ContactId> Workspace<Id> {
    /// Writes a row into the contact `row.id`, which is live or retired by a merge. Cost: O(m n log n) for m merges of
    /// the contact with n values in them.
    ///
    /// # Errors
    /// Nothing is written on an error.
    /// - Those of [`Workspace::check_live`].
    /// - [`WorkspaceError::Refused`] if a merge cannot hold the values of the row.
    pub(crate) fn update_from_row(&mut self, row: Contact<Id>, act: &Act) -> Result<(), WorkspaceError<Id>> {
        let live_id = self.rows.current(&row.id).clone();
        self.check_live(&live_id)?;
        let Some(live) = self.get(&live_id).cloned() else { return Ok(()) };
        let records = self.merges_since(&row.id);
        let first = records.first().and_then(|record| record.patch());
        let Some(base) = first.and_then(|patch| patch.image_before(&row.id)) else {
            let mut updated = overwritten(&live, &row);
            self.derive_country_of_row(&mut updated, &row, act);
            self.rewrite_now(updated, act);
            return Ok(());
        };
        let derived = |mut image: Contact<Id>| {
            self.derive_country_of_row(&mut image, &row, act);
            image
        };
        let knows_flags = self.settings().policy_in_force().flags();
        let news = News { base, row: &row, normalizer: self.index.normalizer(), knows_flags };
        let mut brought = news.nothing_brought();
        let mut updated: Vec<Arc<MergeRecord<Id>>> = Vec::new();
        let mut carrier = &row.id;
        for (place, record) in records.iter().enumerate() {
            let Some(way) = record.undo_record() else { break };
            let patch = &way.patch;
            let renew = |image: &Contact<Id>| match image.id == *carrier {
                true if place == 0 => stamped(derived(overwritten(image, &row)), image, act),
                true => stamped(derived(news.apply(image, &brought)), image, act),
                false => image.clone(),
            };
            let before = renew(patch.survivor_unmerged());
            let retired: Vec<Contact<Id>> = patch.retired().iter().map(renew).collect();
            let images = std::iter::once(patch.survivor_unmerged()).chain(patch.retired());
            images.filter(|image| image.id != *carrier).for_each(|image| brought.add(image));
            carrier = &record.survivor;
            let merged = patch.survivor_merged();
            let after = stamped(derived(news.apply(merged, &brought)), merged, act);
            let contacts: Vec<Contact<Id>> = std::iter::once(&before).chain(&retired).cloned().collect();
            check_sizes(&contacts)?;
            let images = Patch::new(
                patch.merge_id().into(),
                patch.workspace().map(Box::from),
                SurvivorImages { before, after },
                retired,
            );
            let way = UndoRecord { patch: images.with_flags(patch.knows_flags()), ..way.clone() };
            updated.push(Arc::new(record.in_state(MergeState::Stands(Box::new(way)))));
        }
        let live = derived(news.apply(&live, &brought));
        for record in updated {
            self.rows.set::<MergeTable>(record.merge.clone(), Some(record));
        }
        self.rewrite_now(live, act);
        Ok(())
    }

    /// Derives the country again if the row has phones or channels.
    fn derive_country_of_row(&self, contact: &mut Contact<Id>, row: &Contact<Id>, act: &Act) {
        if [Field::Phone, Field::Channels].iter().any(|field| row.fields.contains_key(field)) {
            self.derive_country(contact, act);
        }
    }

    /// Returns the merges in force in which a contact took part, itself or as part of a survivor, the oldest first.
    pub(crate) fn merges_since<'a>(&'a self, id: &'a Id) -> Vec<&'a Arc<MergeRecord<Id>>> {
        let mut path = vec![id];
        while let Some(into) = path.last().and_then(|id| self.rows.tombstones().get(id)) {
            path.push(into);
        }
        let mut records = Vec::new();
        let Some(mut carrier) = path.pop() else { return records };
        let mut head: Option<&str> = self.rows.contact(carrier).and_then(|row| row.head.as_deref());
        while let Some(record) = head.and_then(|head| self.rows.merge(head)) {
            if path.last().is_some_and(|below| record.retired.contains(below)) {
                carrier = path.pop().unwrap_or(carrier);
            }
            let before = record.heads_before().find(|(participant, _)| *participant == carrier);
            head = before.and_then(|(_, head)| head);
            records.push(record);
        }
        records.reverse();
        records
    }
}

/// Returns a contact with the fields of a row in place of its own.
fn overwritten<Id: ContactId>(contact: &Contact<Id>, row: &Contact<Id>) -> Contact<Id> {
    let mut updated = contact.clone();
    updated.fields.extend(row.fields.clone());
    take_provenance(&mut updated, contact, row);
    updated
}

/// Sets the provenance of the fields in a row to that given by the row. The former provenance, such as verified or
/// derived, does not hold for a changed value. A country in a row counts as given, even if the value is the same.
fn take_provenance<Id: ContactId>(updated: &mut Contact<Id>, before: &Contact<Id>, row: &Contact<Id>) {
    for field in row.fields.keys() {
        if updated.get(field) != before.get(field) || (*field == Field::Country && updated.get(field) == row.get(field))
        {
            updated.provenance.remove(field);
        }
        if let (Some(provenance), true) = (row.provenance.get(field), updated.get(field) == row.get(field)) {
            updated.provenance.insert(field.clone(), provenance.clone());
        }
    }
}

/// Returns a changed contact with the time of `act` as its update time, and an unchanged one as it is.
fn stamped<Id: ContactId>(mut contact: Contact<Id>, before: &Contact<Id>, act: &Act) -> Contact<Id> {
    if contact != *before && contact.updated_at().unwrap_or_default() < act.at {
        contact.fields.insert(Field::UpdatedAt, act.at.into());
    }
    contact
}

/// A row of a contact and the contact's image before its first merge.
struct News<'a, Id> {
    base: &'a Contact<Id>,
    row: &'a Contact<Id>,
    normalizer: &'a Normalizer,
    // True if consents and objections are recognised, so that their strictest value wins.
    knows_flags: bool,
}

/// The values of other contacts in the fields that a row changes, added merge by merge. A row therefore costs one pass
/// over the contact's merges.
struct Brought<'a> {
    fields: Vec<BroughtField<'a>>,
    channels: HashSet<ChannelName<'a>>,
}

struct BroughtField<'a> {
    held: HeldValues<'a>,
    // Set only for a consent or an objection.
    permission: Option<Permission>,
    is_protected: bool,
}

impl<'a> Brought<'a> {
    fn add<Id: ContactId>(&mut self, contact: &'a Contact<Id>) {
        for BroughtField { held, permission, is_protected } in &mut self.fields {
            held.add(contact);
            *is_protected |=
                permission.as_ref().is_some_and(|permission| permission.is_protected_by(contact.get(held.field)));
        }
        self.channels.extend(contact.channels().iter().map(name_of));
    }

    fn of(&self, field: &Field) -> Option<&BroughtField<'a>> {
        self.fields.iter().find(|brought| brought.held.field == field)
    }

    fn has(&self, field: &Field, value: &Value, region: Option<Region>) -> bool {
        self.of(field).is_some_and(|brought| brought.held.has(value, region))
    }

    /// Returns true if a contact withdrew the consent or objected.
    fn protects(&self, field: &Field) -> bool {
        self.of(field).is_some_and(|brought| brought.is_protected)
    }
}

impl<'a, Id: ContactId> News<'a, Id> {
    /// Returns the fields in which the row differs from the base.
    fn changed(&self) -> impl Iterator<Item = (&'a Field, &'a Value)> {
        let base = self.base;
        self.row.fields.iter().filter(move |(field, value)| !says_the_same(base.get(field), Some(value)))
    }

    fn nothing_brought(&self) -> Brought<'a> {
        let fields = self.changed().map(|(field, _)| BroughtField {
            held: HeldValues::new(field, self.normalizer),
            permission: Permission::of(field),
            is_protected: false,
        });
        Brought { fields: fields.collect(), channels: HashSet::new() }
    }

    /// Returns a later image of the contact with the news. `brought` holds the values of the contacts merged with it
    /// until then.
    fn apply(&self, image: &Contact<Id>, brought: &Brought<'_>) -> Contact<Id> {
        let mut updated = image.clone();
        for (field, value) in self.changed() {
            let now = image.get(field);
            let next = match ListShape::of(field, [self.base.get(field), Some(value), now]) {
                ListShape::One => self.takes_over(field, value, image, brought).then(|| value.clone()),
                ListShape::List => Some(self.list(field, value, image, brought)),
                ListShape::Channels => Some(self.channels(value, image, brought)),
            };
            updated.fields.extend(next.map(|next| (field.clone(), next)));
        }
        take_provenance(&mut updated, image, self.row);
        updated
    }

    /// Returns true if the image is of the contact itself, not of a survivor.
    fn is_own(&self, image: &Contact<Id>) -> bool {
        image.id == self.row.id
    }

    /// Returns true if a value of the row replaces the one in an image.
    fn takes_over(&self, field: &Field, value: &Value, image: &Contact<Id>, brought: &Brought<'_>) -> bool {
        let now = image.get(field);
        if let Some(permission) = Permission::of(field).filter(|_| self.knows_flags) {
            let protects = |value: Option<&Value>| permission.is_protected_by(value);
            if protects(Some(value)) && !protects(now) {
                return true;
            }
            // A permission of one contact does not lift the refusal of another.
            if !protects(Some(value)) && brought.protects(field) {
                return false;
            }
        }
        let is_untouched = self.says_the_same(field, now, self.base.get(field));
        match field {
            // The survivor of a merge has the earliest creation time and the latest update time.
            Field::CreatedAt => is_untouched,
            Field::UpdatedAt => value.as_time() > now.and_then(Value::as_time),
            // An emptied value in the source does not remove values from other contacts.
            _ => is_untouched || (self.is_own(image) && !value.is_empty()),
        }
    }

    /// Returns true if two values of a field are equal. Consents and objections are compared by their meaning.
    fn says_the_same(&self, field: &Field, a: Option<&Value>, b: Option<&Value>) -> bool {
        let flag = |value: Option<&Value>| value.and_then(as_flag);
        says_the_same(a, b)
            || (self.knows_flags && Permission::of(field).is_some() && flag(a).is_some() && flag(a) == flag(b))
    }

    fn list(&self, field: &Field, value: &Value, image: &Contact<Id>, brought: &Brought<'_>) -> Value {
        let values = |contact: &Contact<Id>| contact.get(field).map(items).unwrap_or_default().to_vec();
        let [base, row, now] =
            [self.base, self.row, image].map(|contact| HeldValues::of(field, contact, self.normalizer));
        let region = |contact: &Contact<Id>| self.normalizer.region_of(contact.country());
        let (row_region, now_region) = (region(self.row), region(image));
        let is_gone = |value: &Value| {
            base.has(value, now_region) && !row.has(value, now_region) && !brought.has(field, value, now_region)
        };
        let (theirs, mut ours) = (items(value).to_vec(), values(image));
        ours.retain(|value| !is_gone(value));
        let mut merged: Vec<Value> = if self.is_own(image) {
            // The values of the row come first, in its order.
            ours.retain(|value| !row.has(value, now_region));
            let is_meant = |value: &Value| now.has(value, row_region) || !base.has(value, row_region);
            theirs.into_iter().filter(is_meant).chain(ours).collect()
        } else {
            let is_new = |value: &Value| !now.has(value, row_region) && !base.has(value, row_region);
            ours.into_iter().chain(theirs.into_iter().filter(is_new)).collect()
        };
        match (merged.len(), value) {
            (0, value) if value.is_empty() => value.clone(),
            (1, Value::List(_)) | (0, _) => Value::List(merged),
            (1, _) => merged.remove(0),
            _ => Value::List(merged),
        }
    }

    fn channels(&self, value: &Value, image: &Contact<Id>, brought: &Brought<'_>) -> Value {
        let (base, row, now) = (named(self.base.channels()), named(self.row.channels()), named(image.channels()));
        let written = |channel: &Channel| {
            let name = name_of(channel);
            match (base.get(&name), now.get(&name)) {
                // The row has not changed the channel, which may have been removed from the contact since.
                (Some(before), now) if **before == *channel => now.map(|now| (*now).clone()),
                (None, Some(now)) if !self.is_own(image) => Some((*now).clone()),
                _ => Some(channel.clone()),
            }
        };
        let is_left = |channel: &&Channel| {
            let name = name_of(channel);
            !row.contains_key(&name) && (!base.contains_key(&name) || brought.channels.contains(&name))
        };
        let theirs = self.row.channels().iter().filter_map(written);
        let merged: Vec<Channel> = theirs.chain(image.channels().iter().filter(is_left).cloned()).collect();
        if merged.is_empty() && value.is_empty() { value.clone() } else { Value::Channels(merged) }
    }
}

/// The way in which the values of a field are compared.
enum ListShape {
    One,
    List,
    Channels,
}

impl ListShape {
    fn of(field: &Field, values: [Option<&Value>; 3]) -> Self {
        let mut values = values.into_iter().flatten().filter(|value| **value != Value::Null);
        if *field == Field::Channels && values.clone().all(|value| matches!(value, Value::Channels(_))) {
            return Self::Channels;
        }
        let is_list = matches!(field, Field::Email | Field::Phone | Field::Tags);
        if is_list || values.any(|value| matches!(value, Value::List(_))) { Self::List } else { Self::One }
    }
}

/// Returns true if two values are equal or both empty.
fn says_the_same(a: Option<&Value>, b: Option<&Value>) -> bool {
    let says_nothing = |value: Option<&Value>| value.is_none_or(Value::is_empty);
    a == b || (says_nothing(a) && says_nothing(b))
}

/// The values of one field in several contacts, compared by their keys.
struct HeldValues<'a> {
    field: &'a Field,
    normalizer: &'a Normalizer,
    values: HashSet<&'a Value>,
    keys: HashSet<Key>,
}

impl<'a> HeldValues<'a> {
    fn new(field: &'a Field, normalizer: &'a Normalizer) -> Self {
        Self { field, normalizer, values: HashSet::new(), keys: HashSet::new() }
    }

    /// Returns the values of one contact.
    fn of<Id: ContactId>(field: &'a Field, contact: &'a Contact<Id>, normalizer: &'a Normalizer) -> Self {
        let mut held = Self::new(field, normalizer);
        held.add(contact);
        held
    }

    fn add<Id: ContactId>(&mut self, contact: &'a Contact<Id>) {
        let region = self.normalizer.region_of(contact.country());
        for value in contact.get(self.field).map(items).unwrap_or_default() {
            self.keys.extend(self.key(value, region));
            self.values.insert(value);
        }
    }

    fn has(&self, value: &Value, region: Option<Region>) -> bool {
        self.values.contains(value) || self.key(value, region).is_some_and(|key| self.keys.contains(&key))
    }

    fn key(&self, value: &Value, region: Option<Region>) -> Option<Key> {
        let text = value.as_written()?;
        let keys = match self.field {
            Field::Phone => self.normalizer.phone(text, region),
            Field::Email => self.normalizer.email(text),
            _ => return None,
        };
        keys.ok()?.into_iter().next().map(|derived| derived.key)
    }
}

fn named(channels: &[Channel]) -> HashMap<ChannelName<'_>, &Channel> {
    channels.iter().map(|channel| (name_of(channel), channel)).collect()
}
