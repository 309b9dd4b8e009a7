//! The three-way merge of a survivor: its images after the merge and before it, and its present state.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::contact::{Channel, Contact, ContactId, CustomState, Field, Value};
use crate::patch::conflict::{Conflict, ConflictKind};

/// Returns the survivor without the changes of the merge but with later edits, and the conflicts: values that both
/// changed.
pub(crate) fn merge<Id: ContactId>(
    after: &Contact<Id>,
    before: &Contact<Id>,
    now: &Contact<Id>,
) -> (Contact<Id>, Vec<Conflict>) {
    // The usual case: nothing was edited between the merge and its undo.
    if now == after {
        return (before.clone(), Vec::new());
    }
    let mut merged = Contact::new(now.id.clone());
    let mut conflicts = Vec::new();
    for field in all_fields([after, before, now]) {
        let images = Images { after: after.get(field), before: before.get(field), now: now.get(field) };
        let mut found = Vec::new();
        if let Some(value) = images.merge(field, &mut found) {
            merged.fields.insert(field.clone(), value);
        }
        if is_reported(field) {
            conflicts.append(&mut found);
        }
    }
    merged.custom_state = custom_state(after, before, now);
    provenance(&mut merged, after, before, now);
    (merged, conflicts)
}

/// Returns the fields of the contacts, in order.
pub(crate) fn all_fields<'a, Id: 'a>(contacts: impl IntoIterator<Item = &'a Contact<Id>>) -> BTreeSet<&'a Field> {
    contacts.into_iter().flat_map(|contact| contact.fields.keys()).collect()
}

/// Returns true if conflicts in the field are reported. Every edit changes the times of a record, so these are not.
pub(crate) fn is_reported(field: &Field) -> bool {
    !matches!(field, Field::CreatedAt | Field::UpdatedAt)
}

/// The three states of one field of the survivor.
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
        // A list that only the merge created is removed together with the values that the merge put into it.
        let was_emptied = merged.is_empty() && self.before.is_none() && !self.now.is_some_and(is_empty_list);
        (!was_emptied).then_some(merged)
    }

    /// Returns the three states as lists, or `None` if one of them is another kind of value.
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

    /// Returns the three states as channels, or `None` if one of them is another kind of value.
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

/// Returns the edited value if the field was edited since the merge, and else the value before it.
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

/// Merges lists value by value: values added since the merge stay, values added by the merge leave, and values removed
/// since stay removed.
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
    // Values that the merge itself left out, such as a second spelling, return.
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

/// Merges channels in the same way. A channel counts as one value, of which attributes may have been edited.
fn merge_channels(
    field: &Field,
    after: &[Channel],
    before: &[Channel],
    now: &[Channel],
    conflicts: &mut Vec<Conflict>,
) -> Vec<Channel> {
    type Named<'a> = BTreeMap<ChannelName<'a>, &'a Channel>;
    fn named(channels: &[Channel]) -> Named<'_> {
        // The first of several channels with the same name counts.
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
                // The channel was edited since the merge, and the edit stays.
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

/// The attributes by which two channels are equal: kind, account and identity. A channel without an identity is
/// compared by its other attributes.
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

/// Returns the state of the survivor's custom fields after the three-way merge.
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
    // An empty map that only the merge created is removed together with the fields that the merge put into it.
    let is_mine = in_now == CustomState::Present && is_bare(now);
    if in_before == CustomState::Absent && !is_mine { CustomState::Absent } else { CustomState::Present }
}

fn is_bare<Id>(contact: &Contact<Id>) -> bool {
    contact.customs().next().is_none()
}

/// Sets the provenance of each value: the present one for a value that stays, the former one for a restored value.
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
