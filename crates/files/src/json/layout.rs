//! The layout of objects in a JSON text: one per line, one after the other, or in a list inside one object.
//!
//! One rule: an object without a phone, email or channel of its own is the envelope of the one list of objects in it, at any depth;
//! if it has several lists of objects, it is refused and they are named.

use memchr::memchr2;
use serde_json::value::RawValue;

use crate::json::tokens::{JsonRows, ObjectMembers};
use crate::mapping::header;
use crate::mapping::late_mapping::Mapped;
use crate::mapping::target::MappingTarget;
use crate::problem::InputError;

/// Members that hold the fields of a contact, as exporters nest them.
const CONTAINERS: [&str; 4] = ["properties", "attributes", "fields", "node"];

/// The depth to which lists are searched. Each level costs one more pass.
const MAX_DEPTH: usize = 32;

/// The number of objects that are examined to find a contact among several.
const SAMPLED_OBJECTS: usize = 100;

/// The layout of a text that begins with an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JsonLayout {
    /// One object per line.
    Lines,
    /// Objects one after the other, over any number of lines.
    Stream,
    /// In the list whose bracket is at this offset.
    List { start: usize },
}

/// Returns true if the members of an object under that name are the contact's own.
pub(crate) fn is_container(name: &str) -> bool {
    CONTAINERS.contains(&name)
}

impl JsonLayout {
    /// Returns the layout of `content`; `name` is the name of the input. Costs one pass over the first object, and one more for each
    /// level in it if it is not a contact.
    ///
    /// # Errors
    /// The first object is not a contact, and has several lists of objects or contacts in another form.
    pub(crate) fn of(name: &str, content: &[u8], mapped: &Mapped) -> Result<Self, InputError> {
        let Some((first, rest)) = first_object(content) else { return Ok(Self::Lines) };
        let is_only = rest.trim_ascii().is_empty();
        let is_on_its_line = memchr2(b'\n', b'\r', first.as_bytes()).is_none()
            && !matches!(rest.iter().find(|byte| !matches!(byte, b' ' | b'\t')), Some(b'{' | b','));
        let layout = if is_on_its_line { Self::Lines } else { Self::Stream };
        let Ok(ObjectMembers(fields)) = serde_json::from_str(first) else { return Ok(layout) };
        if identifies(&fields, mapped) {
            return Ok(layout);
        }
        let inside = Inside::of(&fields, mapped);
        if !is_only {
            return inside.check_one_of_several(name, content, JsonRows::stream(), mapped).map(|()| layout);
        }
        let may_be_contact = has_name_or_id(&fields);
        match inside.lists.as_slice() {
            [] if may_be_contact => Ok(layout),
            [] if inside.is_map_of_contacts => Err(InputError::ContactsByName { name: name.to_owned() }),
            [] => match (inside.odd, inside.empty) {
                (Some(path), _) => Err(InputError::NoListInside { name: name.to_owned(), member: path }),
                (None, Some(list)) => Ok(list_of(list, content).unwrap_or(layout)),
                (None, None) => Ok(layout),
            },
            lists if may_be_contact && !lists.iter().any(|list| list.holds_contacts) => Ok(layout),
            [list] => Ok(list_of(list.text, content).unwrap_or(layout)),
            _ => Err(InputError::ListsInside { name: name.to_owned(), lists: inside.paths() }),
        }
    }

    /// Checks the objects of the array at the start of `content`.
    ///
    /// # Errors
    /// The objects are not contacts but contain lists of contacts.
    pub(crate) fn check_array(name: &str, content: &[u8], mapped: &Mapped) -> Result<(), InputError> {
        let first = JsonRows::elements(content, 0).next(content);
        let fields = first.and_then(|object| serde_json::from_slice::<ObjectMembers<'_>>(object.text).ok());
        let Some(ObjectMembers(fields)) = fields else { return Ok(()) };
        let is_contact = identifies(&fields, mapped);
        let inside = if is_contact { Inside::default() } else { Inside::of(&fields, mapped) };
        inside.check_one_of_several(name, content, JsonRows::elements(content, 0), mapped)
    }

    /// Returns true if a text with this start has one object per line, judged by its first line: it is a complete object, more lines
    /// follow, and it is a contact or contains nothing that could be contacts.
    pub(crate) fn is_lines(head: &[u8], mapped: &Mapped) -> bool {
        let text = head.trim_ascii_start();
        let Some(end) = memchr::memchr(b'\n', text) else { return false };
        let (line, rest) = text.split_at(end);
        if !text.starts_with(b"{") {
            return true;
        }
        let Some((first, behind)) = first_object(line) else { return false };
        if !behind.trim_ascii().is_empty() {
            return false;
        }
        let Ok(ObjectMembers(fields)) = serde_json::from_str(first) else { return false };
        let inside = || Inside::of(&fields, mapped);
        !rest.trim_ascii().is_empty() && (identifies(&fields, mapped) || inside().is_nothing())
    }
}

/// Returns the layout of a list inside `content`.
fn list_of(list: &str, content: &[u8]) -> Option<JsonLayout> {
    let start = (list.as_ptr() as usize).checked_sub(content.as_ptr() as usize)?;
    Some(JsonLayout::List { start })
}

/// Returns the object at the start of a text, and the text after it.
fn first_object(content: &[u8]) -> Option<(&str, &[u8])> {
    let text = content.trim_ascii_start();
    if !text.starts_with(b"{") {
        return None;
    }
    let mut values = serde_json::Deserializer::from_slice(text).into_iter::<&RawValue>();
    let first = values.next()?.ok()?;
    Some((first.get(), text.get(values.byte_offset()..)?))
}

type LayoutMember<'a> = (String, &'a RawValue);

/// Returns true if an object has a member that can produce a key.
fn identifies(fields: &[LayoutMember<'_>], mapped: &Mapped) -> bool {
    let means = |name: &str| mapped.peek(name).or_else(|| header::guess_one(name));
    let says = |json: &str| !matches!(json, "null" | "\"\"");
    let mut targets = fields.iter().filter(|(_, value)| says(value.get())).filter_map(|(name, _)| means(name));
    if targets.any(|target| header::identifies(&target) || target == MappingTarget::ChannelIdentity) {
        return true;
    }
    fields.iter().any(|(name, value)| {
        (is_container(name) || mapped.reaches_into(name))
            && members(value).is_some_and(|inner| {
                inner.iter().any(|(inner, _)| {
                    let guess = if is_container(name) { header::guess_one(inner) } else { None };
                    let target = mapped.peek(&format!("{name}.{inner}")).or(guess);
                    target.is_some_and(|target| header::identifies(&target))
                })
            })
    })
}

fn has_name_or_id(fields: &[LayoutMember<'_>]) -> bool {
    use onefold::Field::{DisplayName, FirstName, LastName};
    fields.iter().filter_map(|(name, _)| header::guess_one(name)).any(|target| match target {
        MappingTarget::Id => true,
        MappingTarget::Field(field) => matches!(field, FirstName | LastName | DisplayName),
        _ => false,
    })
}

fn members(value: &RawValue) -> Option<Vec<LayoutMember<'_>>> {
    if !value.get().starts_with('{') {
        return None;
    }
    serde_json::from_str(value.get()).ok().map(|ObjectMembers(fields)| fields)
}

/// Returns true if members of an object are contacts: two of them, or one whose name is a number. Objects whose names mean something
/// belong to the object around them.
fn are_contacts(fields: &[LayoutMember<'_>], mapped: &Mapped) -> bool {
    let has_meaning = |name: &str| is_container(name) || name == "provenance" || header::guess_one(name).is_some();
    let is_contact = |(name, value): &&LayoutMember<'_>| {
        !has_meaning(name)
            && members(value).is_some_and(|fields| identifies(&fields, mapped) || has_name_or_id(&fields))
    };
    let is_number = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
    let mut contacts = fields.iter().filter(is_contact);
    let first = contacts.next();
    contacts.next().is_some() || first.is_some_and(|(name, _)| is_number(name))
}

/// Returns true if a value is a text in which the JSON of objects stands.
fn is_text_of_objects(value: &RawValue) -> bool {
    let json = value.get();
    if !json.starts_with('"') || !json.contains('{') {
        return false;
    }
    let Ok(text) = serde_json::from_str::<String>(json) else { return false };
    let is_object = |value: &&RawValue| value.get().starts_with('{');
    match text.trim_start().as_bytes().first() {
        Some(b'[') => serde_json::from_str::<Vec<&RawValue>>(&text).is_ok_and(|items| items.iter().any(is_object)),
        Some(b'{') => serde_json::from_str::<&RawValue>(&text).is_ok(),
        _ => false,
    }
}

/// The contents of an object.
#[derive(Default)]
struct Inside<'a> {
    /// The lists of objects.
    lists: Vec<List<'a>>,
    /// A list of lists, or an object of several contacts.
    odd: Option<String>,
    /// A list without elements.
    empty: Option<&'a str>,
    /// True if several members of the object itself are contacts.
    is_map_of_contacts: bool,
}

struct List<'a> {
    path: String,
    text: &'a str,
    holds_contacts: bool,
}

impl<'a> Inside<'a> {
    fn of(fields: &[LayoutMember<'a>], mapped: &Mapped) -> Self {
        let is_map_of_contacts = !has_name_or_id(fields) && are_contacts(fields, mapped);
        let mut inside = Self { is_map_of_contacts, ..Self::default() };
        let mut level: Vec<(String, &'a RawValue)> =
            fields.iter().map(|(name, value)| (name.clone(), *value)).collect();
        for _ in 0..MAX_DEPTH {
            let mut next = Vec::new();
            for (path, value) in level {
                inside.look_at_list(&path, value, mapped);
                let Some(members) = members(value) else { continue };
                if are_contacts(&members, mapped) {
                    inside.odd.get_or_insert_with(|| path.clone());
                }
                next.extend(members.into_iter().map(|(name, value)| (format!("{path}.{name}"), value)));
            }
            if next.is_empty() {
                break;
            }
            level = next;
        }
        inside
    }

    fn look_at_list(&mut self, path: &str, value: &'a RawValue, mapped: &Mapped) {
        if is_text_of_objects(value) {
            self.odd.get_or_insert_with(|| path.to_owned());
        }
        if !value.get().starts_with('[') {
            return;
        }
        let Ok(items) = serde_json::from_str::<Vec<&'a RawValue>>(value.get()) else { return };
        if items.iter().any(|item| item.get().starts_with('{')) {
            let holds_contacts =
                items.iter().take(100).filter_map(|item| members(item)).any(|fields| identifies(&fields, mapped));
            // A list of other values is an ordinary value of the object.
            if holds_contacts || items.iter().all(|item| item.get().starts_with('{')) {
                self.lists.push(List { path: path.to_owned(), text: value.get(), holds_contacts });
            }
        } else if items.iter().any(|item| item.get().starts_with('[')) {
            self.odd.get_or_insert_with(|| path.to_owned());
        } else if items.is_empty() {
            self.empty.get_or_insert(value.get());
        }
    }

    /// Returns true if the contents of the first of several objects show that it is not a contact. Others may be.
    fn check_one_of_several(
        &self,
        name: &str,
        content: &[u8],
        mut texts: JsonRows,
        mapped: &Mapped,
    ) -> Result<(), InputError> {
        let has_list = self.lists.iter().any(|list| list.holds_contacts);
        if !has_list && !self.is_map_of_contacts {
            return Ok(());
        }
        for _ in 0..SAMPLED_OBJECTS {
            let Some(object) = texts.next(content) else { break };
            let fields = serde_json::from_slice::<ObjectMembers<'_>>(object.text);
            if fields.is_ok_and(|ObjectMembers(fields)| identifies(&fields, mapped)) {
                return Ok(());
            }
        }
        if !has_list {
            return Err(InputError::ContactsByName { name: name.to_owned() });
        }
        Err(InputError::ListInside { name: name.to_owned(), lists: self.paths() })
    }

    /// Returns the names of the lists, in order.
    fn paths(&self) -> String {
        let mut paths: Vec<&str> = self.lists.iter().take(10).map(|list| list.path.as_str()).collect();
        if self.lists.len() > paths.len() {
            paths.push("others");
        }
        paths.join(", ")
    }

    fn is_nothing(&self) -> bool {
        self.lists.is_empty() && self.odd.is_none() && !self.is_map_of_contacts
    }
}
