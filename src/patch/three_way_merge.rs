//! The three-way merge of a survivor: after the merge, before it, and now.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::contact::{Channel, Contact, ContactId, CustomState, Field, Value};
use crate::patch::conflict::{Conflict, ConflictKind};

/// The survivor without what the merge did to it, and with what was done since; and what both did.
pub(crate) fn merge<Id: ContactId>(
    after: &Contact<Id>,
    before: &Contact<Id>,
    now: &Contact<Id>,
) -> (Contact<Id>, Vec<Conflict>) {
    // Most merges are taken back before anybody edits anything.
    if now == after {
        return (before.clone(), Vec::new());
    }
    let mut merged = Contact::new(now.id.clone());
    let mut conflicts = Vec::new();
    for field in all_fields([after, before, now]) {
        let images = Images { after: after.get(field), before: before.get(field), now: now.get(field) };
        let mut noted = Vec::new();
        if let Some(value) = images.merge(field, &mut noted) {
            merged.fields.insert(field.clone(), value);
        }
        if is_reported(field) {
            conflicts.append(&mut noted);
        }
    }
    merged.custom_state = custom_state(after, before, now);
    provenance(&mut merged, after, before, now);
    (merged, conflicts)
}

/// The fields of some contacts, in order.
pub(crate) fn all_fields<'a, Id: 'a>(contacts: impl IntoIterator<Item = &'a Contact<Id>>) -> BTreeSet<&'a Field> {
    contacts.into_iter().flat_map(|contact| contact.fields.keys()).collect()
}

/// Whether a conflict in the field is worth telling: the times of a record change with every edit.
pub(crate) fn is_reported(field: &Field) -> bool {
    !matches!(field, Field::CreatedAt | Field::UpdatedAt)
}

/// One field of the survivor.
#[derive(Clone, Copy)]
struct Images<'a> {
    after: Option<&'a Value>,
    before: Option<&'a Value>,
    now: Option<&'a Value>,
}

impl Images<'_> {
    fn merge(self, field: &Field, conflicts: &mut Vec<Conflict>) -> Option<Value> {
        if self.now == self.after {
            return self.before.cloned();
        }
        let merged = if let Some([after, before, now]) = self.as_lists() {
            Value::List(merge_lists(field, after, before, now, conflicts))
        } else if let Some([after, before, now]) = self.as_channels() {
            Value::Channels(merge_channels(field, after, before, now, conflicts))
        } else {
            return pick(field, self, conflicts);
        };
        // A list that nobody but the merge made goes with what the merge put into it.
        let was_emptied = merged.is_empty() && self.before.is_none() && !self.now.is_some_and(is_empty_list);
        (!was_emptied).then_some(merged)
    }

    /// The three as lists, if what is there is one everywhere.
    fn as_lists(&self) -> Option<[&[Value]; 3]> {
        let mut all = [&[][..]; 3];
        let mut has_list = false;
        for (place, value) in all.iter_mut().zip([self.after, self.before, self.now]) {
            match value {
                Some(Value::List(items)) => {
                    *place = items;
                    has_list = true;
                }
                Some(Value::Null) | None => {}
                _ => return None,
            }
        }
        has_list.then_some(all)
    }

    /// The three as channels, if what is there is that everywhere.
    fn as_channels(&self) -> Option<[&[Channel]; 3]> {
        let mut all = [&[][..]; 3];
        let mut has_channels = false;
        for (place, value) in all.iter_mut().zip([self.after, self.before, self.now]) {
            match value {
                Some(Value::Channels(channels)) => {
                    *place = channels;
                    has_channels = true;
                }
                Some(Value::Null) | None => {}
                _ => return None,
            }
        }
        has_channels.then_some(all)
    }
}

fn is_empty_list(value: &Value) -> bool {
    matches!(value, Value::List(_) | Value::Channels(_)) && value.is_empty()
}

/// What was edited since stays; the rest is as before.
fn pick(field: &Field, images: Images<'_>, conflicts: &mut Vec<Conflict>) -> Option<Value> {
    let Images { after, before, now } = images;
    if now == after {
        return before.cloned();
    }
    if now != before && after != before {
        conflicts.push(Conflict {
            field: field.clone(),
            kind: ConflictKind::Edited,
            before: before.cloned(),
            after: after.cloned(),
            now: now.cloned(),
        });
    }
    now.cloned()
}

/// Values added since stay, values that the merge brought leave, values removed since stay removed.
fn merge_lists(
    field: &Field,
    after: &[Value],
    before: &[Value],
    now: &[Value],
    conflicts: &mut Vec<Conflict>,
) -> Vec<Value> {
    let in_after: HashSet<&Value> = after.iter().collect();
    let in_before: HashSet<&Value> = before.iter().collect();
    let in_now: HashSet<&Value> = now.iter().collect();
    let kept = now.iter().filter(|value| in_before.contains(value) || !in_after.contains(value));
    // What the merge itself left out, such as a second spelling, comes back.
    let back = before.iter().filter(|value| !in_after.contains(value) && !in_now.contains(value));
    let merged = kept.chain(back).cloned().collect();
    for value in after.iter().filter(|value| !in_now.contains(value) && !in_before.contains(value)) {
        conflicts.push(removed(field, value.clone()));
    }
    merged
}

fn removed(field: &Field, value: Value) -> Conflict {
    Conflict { field: field.clone(), kind: ConflictKind::Removed, before: None, after: Some(value), now: None }
}

/// The same for channels, each of which is one thing with parts that may have been edited.
fn merge_channels(
    field: &Field,
    after: &[Channel],
    before: &[Channel],
    now: &[Channel],
    conflicts: &mut Vec<Conflict>,
) -> Vec<Channel> {
    type Named<'a> = BTreeMap<ChannelName<'a>, &'a Channel>;
    fn named(channels: &[Channel]) -> Named<'_> {
        // Of two under one name the first counts.
        channels.iter().rev().map(|channel| (name_of(channel), channel)).collect()
    }
    let (in_after, in_before, in_now) = (named(after), named(before), named(now));
    let one = |channel: &Channel| Value::Channels(vec![channel.clone()]);
    let mut merged = Vec::new();
    for channel in now {
        let name = name_of(channel);
        match (in_after.get(&name), in_before.get(&name)) {
            (Some(after), before) if *after == channel => merged.extend(before.map(|before| (*before).clone())),
            (Some(after), before) => {
                // Edited since: the edit stays.
                if before.is_none_or(|before| *before != channel && before != after) {
                    conflicts.push(Conflict {
                        field: field.clone(),
                        kind: ConflictKind::Edited,
                        before: before.map(|before| one(before)),
                        after: Some(one(after)),
                        now: Some(one(channel)),
                    });
                }
                merged.push(channel.clone());
            }
            (None, _) => merged.push(channel.clone()),
        }
    }
    let back = before.iter().filter(|channel| {
        let name = name_of(channel);
        !in_after.contains_key(&name) && !in_now.contains_key(&name)
    });
    merged.extend(back.cloned());
    for channel in after {
        let name = name_of(channel);
        if !in_now.contains_key(&name) && !in_before.contains_key(&name) {
            conflicts.push(removed(field, one(channel)));
        }
    }
    merged
}

/// What makes two channels one: kind, account and identity; for an element that says no identity, all of it.
#[doc(hidden)]
pub type ChannelName<'a> = (&'a str, &'a str, &'a str, Vec<(&'a str, &'a str)>);

#[doc(hidden)]
pub fn name_of(channel: &Channel) -> ChannelName<'_> {
    let other = if channel.identity.is_empty() {
        channel.other.iter().map(|(name, json)| (&**name, &**json)).collect()
    } else {
        Vec::new()
    };
    (channel.kind.name(), &channel.account, &channel.identity, other)
}

/// Whether the record has a place for custom fields, once it is seen what is left of them.
fn custom_state<Id: ContactId>(after: &Contact<Id>, before: &Contact<Id>, now: &Contact<Id>) -> CustomState {
    let states = [after, before, now].map(Contact::custom_state);
    let [in_after, in_before, in_now] = states;
    let is_untouched = in_now == in_after && now.customs().eq(after.customs());
    if is_untouched {
        return in_before;
    }
    if states.iter().all(|state| *state != CustomState::Present) {
        return in_now;
    }
    // An empty map that nobody but the merge made goes with what the merge put into it.
    let is_mine = in_now == CustomState::Present && is_bare(now);
    if in_before == CustomState::Absent && !is_mine { CustomState::Absent } else { CustomState::Present }
}

fn is_bare<Id>(contact: &Contact<Id>) -> bool {
    contact.customs().next().is_none()
}

/// Where a value is as it was found, so is its provenance; where it went back, its provenance does too.
fn provenance<Id: ContactId>(merged: &mut Contact<Id>, after: &Contact<Id>, before: &Contact<Id>, now: &Contact<Id>) {
    let fields: BTreeSet<&Field> =
        [after, before, now].into_iter().flat_map(|contact| contact.provenance.keys()).collect();
    for field in fields {
        let [in_after, in_before, in_now] = [after, before, now].map(|contact| contact.provenance.get(field));
        let value = merged.get(field);
        let kept = match (value == now.get(field), value == before.get(field)) {
            (true, true) if in_now == in_after => in_before,
            (true, _) => in_now,
            (false, _) => in_before,
        };
        if let Some(kept) = kept.cloned() {
            merged.provenance.insert(field.clone(), kept);
        }
    }
}
