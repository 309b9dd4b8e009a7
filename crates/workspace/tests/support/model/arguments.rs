//! Which arguments an operation takes, and what each must be.

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

impl Arguments {
    pub fn of(op: &str, mut members: Map<String, Value>) -> Result<Self, Code> {
        let (_, takes) = OPERATIONS.iter().find(|(name, _)| *name == op).ok_or(BAD_REQUEST)?;
        members.remove("request");
        let (now, actor) = (members.remove("now"), members.remove("actor"));
        need(now.is_none_or(|now| now.is_i64()) && actor.is_none_or(|actor| is_actor(&actor)), BAD_REQUEST)?;
        let takes: Vec<&str> = takes.split_whitespace().collect();
        let names: Vec<&str> = takes.iter().map(|name| name.trim_end_matches('?')).collect();
        need(members.keys().all(|name| names.contains(&name.as_str())), BAD_REQUEST)?;
        need(takes.iter().all(|name| name.ends_with('?') || members.contains_key(*name)), BAD_REQUEST)?;
        need(members.iter().all(|(name, value)| fits(name, value)), BAD_REQUEST)?;
        Ok(Self(members))
    }

    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// A flag, which is off where it is not given.
    pub fn says(&self, name: &str) -> bool {
        self.get(name) == Some(&Value::Bool(true))
    }

    /// A text that must be given, or an integer as one.
    pub fn id(&self, name: &str) -> String {
        id(&self.0[name])
    }

    /// The texts or ids of a list, none where it is not given.
    pub fn list(&self, name: &str) -> Vec<String> {
        self.get(name).and_then(Value::as_array).into_iter().flatten().map(id).collect()
    }

    /// The fields of an object, none where it is not given.
    pub fn fields(&self, name: &str) -> Record {
        self.get(name).and_then(Value::as_object).cloned().unwrap_or_default()
    }
}

fn id(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn is_actor(value: &Value) -> bool {
    let Value::Object(members) = value else { return false };
    members.contains_key("name")
        && members.iter().all(|(name, value)| match name.as_str() {
            "name" => value.is_string(),
            "role" => ["agent", "manager", "owner"].iter().any(|role| value == role),
            "restricted" => value.is_boolean(),
            _ => false,
        })
}

/// Whether an argument is what its name says.
fn fits(name: &str, value: &Value) -> bool {
    let is_list_of = |is: fn(&Value) -> bool| value.as_array().is_some_and(|items| items.iter().all(is));
    let is_one_of = |words: &[&str]| words.iter().any(|word| value == word);
    match name {
        "id" | "a" | "b" | "into" => is_id(value),
        "retire" => is_list_of(is_id),
        "merge" => value.as_str().is_some_and(|name| (1..=256).contains(&name.len())),
        "contact" | "set" => is_contact(value),
        "unset" | "ignore" => is_list_of(Value::is_string),
        "edits" => is_one_of(&["keep", "refuse", "overwrite"]),
        "later" => is_one_of(&["refuse", "undo", "replay"]),
        "max_holders" | "max_members" => value.as_u64().is_some_and(|limit| limit > 0),
        _ => value.is_boolean(),
    }
}

fn is_id(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.is_empty()) || value.is_i64() || value.is_u64()
}

/// Whether each field may hold what it holds.
fn is_contact(value: &Value) -> bool {
    let is_scalar = |value: &Value| !value.is_array() && !value.is_object();
    let fits = |(name, value): (&String, &Value)| match name.as_str() {
        "emails" | "phones" | "tags" => {
            value.is_null() || value.as_array().is_some_and(|items| items.iter().all(Value::is_string))
        }
        "custom" => value.is_null() || value.as_object().is_some_and(|map| map.values().all(is_scalar)),
        "blocked" => value.is_boolean(),
        "created_at" | "updated_at" => value.is_null() || value.is_i64() || value.is_u64(),
        _ => is_scalar(value),
    };
    value.as_object().is_some_and(|fields| fields.iter().all(fits))
}
