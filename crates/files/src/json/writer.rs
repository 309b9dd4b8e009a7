//! Writes a merged contact as a line of JSON.
//!
//! Unchanged members keep their text and position. A changed field is written under the name that the survivor's object has for it,
//! or else under the name in another object.

use std::collections::{BTreeMap, BTreeSet};

use onefold::contact::CustomState;
use onefold::{Contact, Field, Value};

use crate::decoded_text;
use crate::input::shape::LineEnd;
use crate::json::Json;
use crate::json::fields::time_or_number;
use crate::json::members::{self, ObjectText};
use crate::mapping::target::MappingTarget;
use crate::merged_row::{Composed, Likeness, changed_fields, custom_state, differences};
use crate::row::IdOrigin;
use crate::row_builder::role_name;
use crate::values::cell_assignment::{Room, assign};
use crate::values::object_value::ObjectValue;

const LISTS: [Field; 3] = [Field::Email, Field::Phone, Field::Tags];

impl Json {
    /// Returns the line of `merged`, which replaces the first of `segments`; the others are the lines of the other merged contacts.
    /// Returns `None` if the first is not one row.
    pub(crate) fn compose(&mut self, segments: &[&[u8]], merged: &Contact<String>) -> Option<Composed> {
        let first = *segments.first()?;
        let survivor = self.reread(first)?;
        let objects: Vec<ObjectText> =
            segments.iter().filter_map(|segment| ObjectText::parse(&text_of(segment))).collect();
        let canonical = ObjectText::parse(&serde_json::to_string(merged).ok()?)?;
        let mut best: Option<Composed> = None;
        // If writing the changed fields is not enough, the whole object is written.
        for object in [Self::edited, Self::anew] {
            let edit = MemberEdit { objects: &objects, canonical: &canonical, survivor: &survivor.contact, merged };
            let object = object(self, &edit, survivor.id_origin);
            let segment = self.framed(first, &object.render());
            let Some(read) = self.reread(&segment) else { continue };
            let stays = (&read.workspace, read.id_origin, &read.contact.id)
                == (&survivor.workspace, survivor.id_origin, &survivor.contact.id);
            let misfits = differences(&read.contact, merged, Likeness::Exact);
            if stays && best.as_ref().is_none_or(|best| misfits.len() < best.misfits.len()) {
                best = Some(Composed { segment, misfits });
            }
            if best.as_ref().is_some_and(|best| best.misfits.is_empty()) {
                break;
            }
        }
        best.or_else(|| {
            let misfits = differences(&survivor.contact, merged, Likeness::Exact);
            Some(Composed { segment: first.to_vec(), misfits })
        })
    }

    /// Returns the survivor's object with the changed fields.
    fn edited(&mut self, edit: &MemberEdit<'_>, _: IdOrigin) -> ObjectText {
        let MemberEdit { survivor, merged, canonical, .. } = edit;
        let mut object = edit.objects.first().map_or_else(ObjectText::empty, ObjectText::clone);
        let changed: BTreeSet<&Field> = changed_fields(survivor, merged, Likeness::Exact).collect();
        for field in changed {
            match field {
                Field::Other(name) => put(&mut object, name, edit.copy(name, field).or(canonical.get(name))),
                Field::Custom(_) if self.names_of(&object, &MappingTarget::Field(field.clone())).is_empty() => {}
                field if LISTS.contains(field) => self.write_list(&mut object, edit, field),
                field => self.write_single(&mut object, edit, field),
            }
        }
        self.write_custom(&mut object, edit);
        if survivor.blocked != merged.blocked {
            let name = self.name_in(&object, edit, &MappingTarget::Blocked);
            object.set(&name, if merged.blocked { "true" } else { "false" });
        }
        if survivor.provenance != merged.provenance {
            put(&mut object, "provenance", canonical.get("provenance"));
        }
        object
    }

    /// Returns the object in our own form, except for the id and mapped names.
    fn anew(&mut self, edit: &MemberEdit<'_>, id: IdOrigin) -> ObjectText {
        let mut object = ObjectText::empty();
        let survivor = edit.objects.first();
        let ids = survivor.map_or_else(Vec::new, |object| self.names_of(object, &MappingTarget::Id));
        if let (IdOrigin::Given, Some(survivor)) = (id, survivor) {
            for name in ids {
                put(&mut object, &name, survivor.get(&name));
            }
        }
        for (name, value) in edit.canonical.iter().filter(|(name, _)| *name != "id") {
            let target = MappingTarget::from_name(name).or_else(|| match Field::from_name(name) {
                Field::Other(_) => None,
                field => Some(MappingTarget::Field(field)),
            });
            let mapped = target.and_then(|target| self.mapped_name(&target).map(str::to_owned));
            object.set(mapped.as_deref().unwrap_or(name), value);
        }
        object
    }

    /// Returns the survivor's line with the text of another object.
    fn framed(&self, first: &[u8], object: &str) -> Vec<u8> {
        let start = first.len() - first.trim_ascii_start().len();
        let end = first.trim_ascii_end().len();
        // Line breaks in the text are white space, since strings escape theirs.
        let blank = |byte: u8| match (byte, self.line_end()) {
            (b'\n', _) | (b'\r', LineEnd::Return) => b' ',
            (byte, _) => byte,
        };
        let before = first.get(..start).unwrap_or_default().iter().copied();
        before.chain(object.bytes().map(blank)).chain(first.get(end..).unwrap_or_default().iter().copied()).collect()
    }

    /// Returns the names in an object that mean `target`, in the order in which they are read.
    fn names_of(&mut self, object: &ObjectText, target: &MappingTarget) -> Vec<String> {
        let mut names = Vec::new();
        let mut seen = BTreeSet::new();
        // The last of several members with the same name counts.
        for (place, name) in object.names().enumerate().collect::<Vec<_>>().into_iter().rev() {
            let meaning = self.meaning(name);
            if meaning.target.as_ref() == Some(target) && seen.insert(name) {
                names.push((meaning.sureness, place, name.to_owned()));
            }
        }
        names.sort();
        names.into_iter().map(|(_, _, name)| name).collect()
    }

    /// Returns the name of `target` in the object, or else in another object, or else in the options.
    fn name_in(&mut self, object: &ObjectText, edit: &MemberEdit<'_>, target: &MappingTarget) -> String {
        let others = edit.objects.iter().skip(1);
        let found =
            std::iter::once(object).chain(others).find_map(|object| self.names_of(object, target).into_iter().next());
        found.or_else(|| self.mapped_name(target).map(str::to_owned)).unwrap_or_else(|| match target {
            MappingTarget::Field(field) => field.to_string(),
            MappingTarget::Blocked => "blocked".to_owned(),
            _ => "custom".to_owned(),
        })
    }

    fn write_single(&mut self, object: &mut ObjectText, edit: &MemberEdit<'_>, field: &Field) {
        let target = MappingTarget::Field(field.clone());
        let names = self.names_of(object, &target);
        let value = edit.merged.get(field).and_then(|value| serde_json::to_string(value).ok());
        if *field == Field::Channels {
            // The three members of one channel have no room for several channels.
            for part in [MappingTarget::ChannelKind, MappingTarget::ChannelIdentity, MappingTarget::ChannelAccount] {
                self.names_of(object, &part).iter().for_each(|name| object.remove(name));
            }
        }
        let Some(value) = value else {
            names.iter().for_each(|name| object.remove(name));
            return;
        };
        // The first member with a value counts.
        let says = |name: &&String| object.get(name).is_some_and(|json| !matches!(json, "null" | "\"\"" | "[]" | "{}"));
        let name = names.iter().find(says).or_else(|| names.first()).cloned();
        let name = name.unwrap_or_else(|| self.name_in(object, edit, &target));
        object.set(&name, edit.copy(&name, field).unwrap_or(&value));
    }

    fn write_list(&mut self, object: &mut ObjectText, edit: &MemberEdit<'_>, field: &Field) {
        let target = MappingTarget::Field(field.clone());
        let mut names = self.names_of(object, &target);
        if names.is_empty() {
            names.push(self.name_in(object, edit, &target));
        }
        let items = match edit.merged.get(field) {
            Some(Value::List(items)) if !items.is_empty() => items.as_slice(),
            // Nothing, or not a list: written as it is under our own name.
            value => {
                let json = value.and_then(|value| serde_json::to_string(value).ok());
                let mut json = json.as_deref();
                names.iter().for_each(|name| put(object, name, json.take().or_else(|| edit.nothing(name))));
                return;
            }
        };
        let held: Vec<Vec<Value>> = names.iter().map(|name| object.get(name).map_or_else(Vec::new, elements)).collect();
        let stays = |value: usize, cell: usize| {
            items.get(value).is_some_and(|item| held.get(cell).is_some_and(|held| held.contains(item)))
        };
        let rooms = vec![Room::Many; names.len()];
        let places = assign(items.len(), &rooms, |value, cell| if stays(value, cell) { 8 } else { 0 });
        for (cell, name) in names.iter().enumerate() {
            let placed = items.iter().zip(&places).filter(|(_, place)| **place == Some(cell));
            let placed: Vec<&Value> = placed.map(|(item, _)| item).collect();
            let was_text = object.get(name).is_none_or(|json| json.starts_with('"'));
            let copy = edit.objects.iter().filter_map(|object| object.get(name));
            let copy = copy.into_iter().find(|json| elements(json).iter().eq(placed.iter().copied()));
            let as_objects = list_of_objects(field, name, edit, &placed);
            let json = match placed.as_slice() {
                _ if as_objects.is_some() => as_objects,
                [] => edit.nothing(name).map(str::to_owned),
                // An equal value of another line is copied.
                _ if copy.is_some() => copy.map(str::to_owned),
                [Value::Text(text)] if was_text && name != field.name() => Some(members::text(text)),
                several => serde_json::to_string(several).ok(),
            };
            put(object, name, json.as_deref());
        }
    }

    /// Writes the custom fields without a member into the object of all custom fields.
    fn write_custom(&mut self, object: &mut ObjectText, edit: &MemberEdit<'_>) {
        let MemberEdit { survivor, merged, canonical, .. } = edit;
        let mut changed: Vec<&Field> = changed_fields(survivor, merged, Likeness::Exact)
            .filter(|field| matches!(field, Field::Custom(_)))
            .filter(|field| self.names_of(object, &MappingTarget::Field((*field).clone())).is_empty())
            .collect();
        changed.sort_unstable();
        let state = custom_state(merged, Likeness::Exact);
        if changed.is_empty() && state == custom_state(survivor, Likeness::Exact) {
            return;
        }
        let name = self.name_in(object, edit, &MappingTarget::CustomFields);
        if state != CustomState::Present {
            put(object, &name, (state == CustomState::Cleared).then_some("null"));
            return;
        }
        let mut customs = object.get(&name).and_then(ObjectText::parse).unwrap_or_else(ObjectText::empty);
        let values: BTreeMap<String, String> = canonical
            .get("custom")
            .and_then(ObjectText::parse)
            .map(|customs| customs.iter().map(|(name, json)| (name.to_owned(), json.to_owned())).collect())
            .unwrap_or_default();
        for field in changed {
            put(&mut customs, field.name(), values.get(field.name()).map(String::as_str));
        }
        object.set(&name, &customs.render());
    }
}

/// The sources of a line.
struct MemberEdit<'a> {
    // The survivor's is the first.
    objects: &'a [ObjectText],
    // The merged contact in our own form.
    canonical: &'a ObjectText,
    survivor: &'a Contact<String>,
    merged: &'a Contact<String>,
}

impl<'a> MemberEdit<'a> {
    /// Returns the text of an empty list in another line.
    fn nothing(&self, name: &str) -> Option<&'a str> {
        let found = self.objects.iter().skip(1).filter_map(|object| object.get(name));
        let says_nothing = |json: &&str| matches!(Value::from_json(json), Ok(value) if value.is_empty());
        found.into_iter().find(says_nothing)
    }

    /// Returns the text of a member in another line, if it has the merged contact's value.
    fn copy(&self, name: &str, field: &Field) -> Option<&'a str> {
        let wanted = self.merged.get(field)?;
        let found = self.objects.iter().skip(1).filter_map(|object| object.get(name));
        let read = |json: &str| match (Value::from_json(json).ok()?, wanted) {
            (value @ Value::Number(_), Value::Time(_)) => Some(time_or_number(value)),
            (value, _) => Some(value),
        };
        found.into_iter().find(|json| read(json).as_ref() == Some(wanted))
    }
}

fn put(object: &mut ObjectText, name: &str, json: Option<&str>) {
    match json {
        Some(json) => object.set(name, json),
        None => object.remove(name),
    }
}

fn text_of(segment: &[u8]) -> String {
    decoded_text::read_silently(segment.trim_ascii()).into_owned()
}

/// Returns the elements of a list, or the value itself, with the values of objects.
fn elements(json: &str) -> Vec<Value> {
    let items = match Value::from_json(json) {
        Ok(Value::List(items)) => items,
        Ok(value) => vec![value],
        Err(_) => Vec::new(),
    };
    let plain = |item| match item {
        Value::Json(json) => match ObjectValue::parse(&json) {
            Some(found) => found.text.into(),
            None => Value::Json(json),
        },
        item => item,
    };
    items.into_iter().map(plain).collect()
}

/// Returns the objects of a list, each with its value.
fn objects(json: &str) -> Vec<(ObjectValue, Box<str>)> {
    let items = match Value::from_json(json) {
        Ok(Value::List(items)) => items,
        Ok(value) => vec![value],
        Err(_) => Vec::new(),
    };
    let object = |item| if let Value::Json(json) = item { Some((ObjectValue::parse(&json)?, json)) } else { None };
    items.into_iter().filter_map(object).collect()
}

/// Returns a list of objects for the values of `placed`: the object that has the value in a line, or else a copy of the first one.
/// The survivor's objects that are custom fields stay. Returns `None` if no line has objects there.
fn list_of_objects(field: &Field, name: &str, edit: &MemberEdit<'_>, placed: &[&Value]) -> Option<String> {
    let of_line = |object: &ObjectText| object.get(name).map_or_else(Vec::new, objects);
    let lines: Vec<Vec<(ObjectValue, Box<str>)>> = edit.objects.iter().map(of_line).collect();
    if lines.iter().all(Vec::is_empty) {
        return None;
    }
    let is_own = |found: &ObjectValue| role_name(field, &found.label).is_none();
    let written = |value: &&Value| {
        let text = value.as_written().unwrap_or_default();
        let held = lines.iter().flatten().find(|(found, _)| is_own(found) && found.text == text);
        held.map_or_else(|| format!("{{\"value\":{}}}", members::text(text)), |(_, json)| json.to_string())
    };
    let others = lines.first().into_iter().flatten().filter(|(found, _)| !is_own(found));
    let all: Vec<String> = placed.iter().map(written).chain(others.map(|(_, json)| json.to_string())).collect();
    Some(format!("[{}]", all.join(",")))
}
