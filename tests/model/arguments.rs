//! Which arguments an operation takes, and what counts as what.

use serde_json::{Map, Value};

use super::{BAD_REQUEST, Code, Record, need};

/// Names behind a `?` may be left out.
const OPERATIONS: &[(&str, &str)] = &[
    ("add", "id contact"),
    ("edit", "id set? unset?"),
    ("delete", "id"),
    ("block", "id"),
    ("unblock", "id"),
    ("mark_distinct", "a b forever?"),
    ("clear_distinct", "a b"),
    ("resolve", "id"),
    ("merge", "merge into retire allow_apart? allow_blocked?"),
    ("undo", "merge edits? later? distinct?"),
    ("config", "max_holders? max_members? ignore? normalize?"),
    ("check", ""),
];

pub struct Arguments(Map<String, Value>);

/// An id: a text, or some other scalar that no contact has.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Id {
    Text(String),
    Nobody,
}

impl Arguments {
    pub fn of(op: &str, members: Map<String, Value>) -> Result<Self, Code> {
        let (_, takes) = OPERATIONS.iter().find(|(name, _)| *name == op).ok_or(BAD_REQUEST)?;
        let takes: Vec<&str> = takes.split_whitespace().collect();
        let names: Vec<&str> = takes.iter().map(|name| name.trim_end_matches('?')).collect();
        need(members.keys().all(|name| names.contains(&name.as_str())), BAD_REQUEST)?;
        need(takes.iter().all(|name| name.ends_with('?') || members.contains_key(*name)), BAD_REQUEST)?;
        Ok(Self(members))
    }

    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    pub fn id(&self, name: &str) -> Result<Id, Code> {
        id(&self.0[name])
    }
}

pub fn id(value: &Value) -> Result<Id, Code> {
    match value {
        Value::String(text) => Ok(Id::Text(text.clone())),
        Value::Array(_) | Value::Object(_) => Err(BAD_REQUEST),
        _ => Ok(Id::Nobody),
    }
}

/// Whether a value counts as a yes.
pub fn yes(value: Option<&Value>) -> bool {
    let no = [Value::Null, false.into(), 0.into(), "".into(), Value::Array(vec![]), Value::Object(Map::new())];
    value.is_some_and(|value| !no.contains(value))
}

/// Several names: the texts of a list, the names in an object, the letters of a text.
pub fn names(value: Option<&Value>) -> Result<Vec<String>, Code> {
    match value {
        None => Ok(Vec::new()),
        Some(Value::String(text)) => {
            need(!text.contains("blocked"), BAD_REQUEST)?;
            Ok(text.chars().map(String::from).collect())
        }
        Some(Value::Object(members)) => Ok(members.keys().cloned().collect()),
        Some(Value::Array(items)) => {
            need(items.iter().all(|item| !item.is_array() && !item.is_object()), BAD_REQUEST)?;
            Ok(items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect())
        }
        Some(_) => Err(BAD_REQUEST),
    }
}

/// The ids that are to go, in order.
pub fn retired(value: &Value) -> Result<Vec<Id>, Code> {
    let items: Vec<Value> = match value {
        Value::Array(items) => items.clone(),
        other => names(Some(other))?.into_iter().map(Value::String).collect(),
    };
    let are_texts = items.iter().all(Value::is_string);
    let are_numbers = items.iter().all(|item| item.is_number() || item.is_boolean());
    need(are_texts || are_numbers || items.len() == 1, BAD_REQUEST)?;
    let mut ids = items.iter().map(id).collect::<Result<Vec<_>, _>>()?;
    ids.sort();
    Ok(ids)
}

/// The fields of a contact, if each may hold what it holds.
pub fn checked(contact: Option<&Value>) -> Result<Record, Code> {
    let fields = contact.and_then(Value::as_object).ok_or(BAD_REQUEST)?;
    let is_scalar = |value: &Value| !value.is_array() && !value.is_object();
    for (name, value) in fields {
        let fits = match name.as_str() {
            "emails" | "phones" | "tags" => {
                value.as_array().is_none_or(|items| items.iter().all(Value::is_string))
                    && (value.is_array() || value.is_null())
            }
            "custom" => value.is_null() || value.as_object().is_some_and(|map| map.values().all(is_scalar)),
            "created_at" | "updated_at" => value.is_null() || value.is_i64() || value.is_u64(),
            _ => is_scalar(value),
        };
        need(fits, BAD_REQUEST)?;
    }
    Ok(fields.clone())
}
