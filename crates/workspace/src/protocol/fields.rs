//! The fields of contacts in the protocol, which are stricter than those in files.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::value::RawValue;

use crate::protocol::argument::{Argument, ArgumentKind, Fault, Id, Strictness, text};
use crate::protocol::refusal::Refusal;
use onefold::contact::{Contact, Field, Members, Time, Value, is_provenance};

/// Some fields of a contact, each of its kind.
pub(crate) struct ContactFields<'a> {
    members: BTreeMap<String, &'a RawValue>,
    strictness: Strictness,
}

impl<'a> ContactFields<'a> {
    /// The members of an object, if each is there once and can stand in its field.
    pub(crate) fn checked(json: &'a RawValue, strictness: Strictness) -> Result<Self, Fault> {
        let Members { by_name: members, duplicate } = Members::read(json.get()).ok_or(Fault::Kind)?;
        if let Some(name) = duplicate {
            return Err(Fault::of_field(&name, "is there twice"));
        }
        match members.iter().find(|(name, value)| !can_stand(name, value.get(), strictness)) {
            None => Ok(Self { members, strictness }),
            Some((name, _)) if name == "id" => Err(Fault::within("the id of a contact is no field of it")),
            Some((name, value)) => Err(Fault::of_field(name, fault_of(name, value.get()))),
        }
    }

    /// A new contact of these fields.
    pub(crate) fn contact<Id>(&self, id: Id) -> Result<Contact<Id>, Refusal> {
        let mut contact = Contact::new(id);
        self.write(&mut contact)?;
        Ok(contact)
    }

    /// Whether one of the fields is `blocked`.
    pub(crate) fn say_blocked(&self) -> bool {
        self.members.contains_key("blocked")
    }

    /// The fields that are given, the custom ones each.
    pub(crate) fn fields(&self) -> BTreeSet<Field> {
        let customs = self.members.get("custom").and_then(|json| Members::read_unique(json.get()));
        let customs = customs.into_iter().flatten().map(|(name, _)| Field::Custom(name.into()));
        self.members.keys().map(|name| named(name, self.strictness)).chain(customs).collect()
    }

    /// Writes the fields over those of a contact.
    pub(crate) fn write<Id>(&self, contact: &mut Contact<Id>) -> Result<(), Refusal> {
        for (name, json) in &self.members {
            let json = json.get();
            let millis = json.parse().ok().filter(|_| is_time(name));
            match millis {
                Some(millis) => {
                    contact.fields.insert(Field::from_name(name), Time::from_millis(millis).into());
                }
                None if singular(name, self.strictness).is_some() => {}
                None => put_member(contact, name, json)?,
            }
        }
        put_singulars(contact, &self.members, self.strictness)
    }
}

impl<'a> Argument<'a> for ContactFields<'a> {
    const KIND: ArgumentKind = ArgumentKind::Contact;

    fn read(json: &'a RawValue, strictness: Strictness) -> Result<Self, Fault> {
        Self::checked(json, strictness)
    }
}

impl Argument<'_> for Field {
    const KIND: ArgumentKind = ArgumentKind::Field;

    fn read(json: &RawValue, strictness: Strictness) -> Result<Self, Fault> {
        if let Some(name) = text(json) {
            return Ok(named(&name, strictness));
        }
        let members = Members::read_unique(json.get()).filter(|members| members.len() == 1).ok_or(Fault::Kind)?;
        let other = members.get("other").and_then(|name| text(name)).ok_or(Fault::Kind)?;
        Ok(Self::Other(other.into()))
    }
}

/// Fields with what each is given, in order of their names; no field twice.
pub(crate) struct Each<T>(pub(crate) Vec<(Field, T)>);

fn each<'a, T: Argument<'a>>(json: &'a RawValue, strictness: Strictness) -> Result<Each<T>, Fault> {
    let Members { by_name, duplicate } = Members::read(json.get()).ok_or(Fault::Kind)?;
    if let Some(name) = duplicate {
        return Err(Fault::of_field(&name, "is there twice"));
    }
    let (mut each, mut known) = (Vec::with_capacity(by_name.len()), BTreeSet::new());
    for (name, json) in by_name {
        let field = named(&name, strictness);
        if !known.insert(field.clone()) {
            return Err(Fault::of_field(field.name(), "is there twice, under two names"));
        }
        each.push((field, T::read(json, strictness)?));
    }
    Ok(Each(each))
}

impl Argument<'_> for Each<Value> {
    const KIND: ArgumentKind = ArgumentKind::FieldValues;

    fn read(json: &RawValue, strictness: Strictness) -> Result<Self, Fault> {
        let Each(mut each) = each::<Value>(json, strictness)?;
        for (field, value) in &mut each {
            // As in `set_field`: one text is a list of one.
            if let (Field::Email | Field::Phone, Value::Text(text)) = (&*field, &mut *value) {
                *value = Value::List(vec![Value::Text(std::mem::take(text))]);
            }
        }
        Ok(Self(each))
    }
}

impl Argument<'_> for Each<Id> {
    const KIND: ArgumentKind = ArgumentKind::FieldIds;

    fn read(json: &RawValue, strictness: Strictness) -> Result<Self, Fault> {
        each(json, strictness)
    }
}

/// Writes one member over what a contact has there. No provenance at all is `null` as well.
pub(crate) fn put_member<Id>(contact: &mut Contact<Id>, name: &str, json: &str) -> Result<(), Refusal> {
    if name == "provenance" && json == "null" {
        contact.unset_json(name);
        return Ok(());
    }
    contact.set_json(name, json).map_err(|error| Refusal::of_field(name, error.what))
}

/// Writes the members `email` and `phone` into their lists, and gives these what provenance says of them.
pub(crate) fn put_singulars<Id>(
    contact: &mut Contact<Id>,
    members: &BTreeMap<String, &RawValue>,
    strictness: Strictness,
) -> Result<(), Refusal> {
    for name in ["email", "phone"] {
        let Some(field) = singular(name, strictness) else { continue };
        if let Some(json) = members.get(name) {
            let said_too = members.contains_key(field.name());
            let value = Value::from_json(json.get()).map_err(|error| Refusal::of_field(name, error.what))?;
            put_first(contact, field.clone(), value, said_too);
        }
        if let Some(provenance) = contact.provenance.remove(&Field::from_name(name)) {
            contact.provenance.entry(field).or_insert(provenance);
        }
    }
    Ok(())
}

/// Makes the fields called `names` absent; `email` and `phone` are those of their lists too.
pub(crate) fn unset<Id>(contact: &mut Contact<Id>, names: &[String], strictness: Strictness) {
    for name in names {
        contact.unset_json(name);
        if let Some(field) = singular(name, strictness) {
            contact.unset_json(field.name());
        }
    }
}

/// The list whose first value a member such as `email` is.
pub(crate) fn singular(name: &str, strictness: Strictness) -> Option<Field> {
    match (strictness, name) {
        (Strictness::Normalized, "email") => Some(Field::Email),
        (Strictness::Normalized, "phone") => Some(Field::Phone),
        _ => None,
    }
}

/// The field that a name stands for: `email` and `phone` are those of their lists.
pub(crate) fn named(name: &str, strictness: Strictness) -> Field {
    singular(name, strictness).unwrap_or_else(|| Field::from_name(name))
}

/// Puts the value of a member such as `email` before those of its list, if `said_too` the list was given beside it.
fn put_first<Id>(contact: &mut Contact<Id>, field: Field, value: Value, said_too: bool) {
    let is_null = matches!(value, Value::Null);
    let mut first = match value {
        Value::Null => Vec::new(),
        Value::List(items) => items,
        one => vec![one],
    };
    let rest = match contact.fields.remove(&field).filter(|_| said_too) {
        Some(Value::List(items)) => items,
        Some(Value::Null) | None => Vec::new(),
        Some(one) => vec![one],
    };
    first.retain(|value| rest.is_empty() || !value.is_empty());
    let is_new = |value: &Value| !first.contains(value);
    let rest: Vec<Value> = rest.into_iter().filter(is_new).collect();
    first.extend(rest);
    let value = if is_null && first.is_empty() { Value::Null } else { Value::List(first) };
    contact.fields.insert(field, value);
}

fn can_stand(name: &str, json: &str, strictness: Strictness) -> bool {
    let is_null = json == "null";
    let is_normalized = strictness == Strictness::Normalized;
    match name {
        "id" => false,
        "emails" | "phones" | "tags" => is_null || is_list_of_texts(json),
        "custom" => {
            let values = Members::read_unique(json);
            is_null || values.is_some_and(|values| is_normalized || values.values().all(is_scalar))
        }
        "blocked" => matches!(json, "true" | "false") || (is_null && is_normalized),
        "channels" => is_null || items(json).is_some(),
        "provenance" => is_null || is_provenance(json),
        _ if is_time(name) => is_null || is_millis(json) || (is_normalized && is_rfc_3339(json)),
        _ if singular(name, strictness).is_some() => is_null || json.starts_with('"') || is_list_of_texts(json),
        _ if is_normalized && matches!(Field::from_name(name), Field::Other(_) | Field::Custom(_)) => true,
        _ => !json.starts_with(['[', '{']),
    }
}

/// What is wrong with a value that cannot stand in a field.
fn fault_of(name: &str, json: &str) -> &'static str {
    match name {
        "custom" if Members::read(json).is_some_and(|values| values.duplicate.is_some()) => "has a member twice",
        "provenance" => {
            "is no object that says where each value came from: its source, and if known changed_at and verified"
        }
        _ if is_time(name) && is_integer(json) => "is no time within 64 bits",
        _ => "does not take a value of that kind",
    }
}

fn is_time(name: &str) -> bool {
    matches!(name, "created_at" | "updated_at")
}

fn items(json: &str) -> Option<Vec<&RawValue>> {
    serde_json::from_str(json).ok()
}

fn is_list_of_texts(json: &str) -> bool {
    items(json).is_some_and(|items| items.iter().all(|item| item.get().starts_with('"')))
}

fn is_scalar(json: &&RawValue) -> bool {
    !json.get().starts_with(['[', '{'])
}

fn is_integer(json: &str) -> bool {
    json.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

/// Times are numbers of 64 bits.
fn is_millis(json: &str) -> bool {
    is_integer(json) && json.parse::<i64>().is_ok()
}

fn is_rfc_3339(json: &str) -> bool {
    serde_json::from_str::<String>(json).is_ok_and(|text| Time::parse(&text).is_some())
}
