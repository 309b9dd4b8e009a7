//! Reads the values of JSON members.

use onefold::field_names::consent::is_consent;
use onefold::field_names::role::ValueRole;
use onefold::{Field, Value, rules};
use serde_json::value::RawValue;

use crate::json::tokens::ObjectMembers;
use crate::mapping::header;
use crate::mapping::target::MappingTarget;
use crate::problem::Problem;
use crate::row_builder::{RowBuilder, role_name};
use crate::values::object_value::ObjectValue;
use crate::values::split;
use crate::values::timestamp;

/// Adds the value of the field `name`, whose JSON text is `json`.
pub(crate) fn put(builder: &mut RowBuilder, target: Option<&MappingTarget>, name: &str, json: &str, value: Value) {
    match (target, value) {
        (Some(MappingTarget::Id), value) if !builder.has_id() => match value.as_written() {
            Some(id) => builder.set_id(id),
            None if value == Value::Null => {}
            None => builder.report(Problem::IdNotText),
        },
        (Some(MappingTarget::Blocked), Value::Bool(blocked)) => builder.add_blocked(blocked),
        (Some(MappingTarget::Blocked), Value::Null) => {}
        (Some(MappingTarget::Blocked), value) => builder.set_blocked(value.as_written().unwrap_or("?")),
        (Some(MappingTarget::CustomFields), value) => {
            let has_custom = builder.contact.custom_state != onefold::contact::CustomState::Absent;
            let is_map = name == "custom" || matches!(value, Value::Json(_) | Value::Null);
            if has_custom || !is_map || builder.set_custom(json).is_err() {
                builder.keep(name, value);
            }
        }
        (
            Some(
                target @ (MappingTarget::ChannelKind | MappingTarget::ChannelIdentity | MappingTarget::ChannelAccount),
            ),
            value,
        ) => {
            builder.put_channel_value(Some(target), name, value);
        }
        (Some(MappingTarget::Field(field)), value) => put_field(builder, field, name, json, value),
        (None | Some(MappingTarget::Id), value) => match name {
            // Holds the provenance of values.
            "provenance" => drop(builder.contact.set_json(name, json)),
            _ => builder.keep(name, value),
        },
    }
}

/// Returns the custom field of phones or emails whose label says that they are not the contact's own. Objects have their own
/// labels.
pub(crate) fn role_beside(field: &Field, label: Option<&str>, value: &Value) -> Option<String> {
    role_name(field, label?).filter(|_| !has_objects(value))
}

/// Adds phones or emails that are not the contact's own as custom fields named after their role.
pub(crate) fn keep_role(builder: &mut RowBuilder, field: &Field, role: &str, value: Value) {
    let items = match value {
        Value::List(items) => items,
        value => vec![value],
    };
    for item in items {
        match item {
            Value::Null => {}
            Value::Text(text) => {
                for value in split::values(field, &text).into_iter().filter(|value| !value.trim().is_empty()) {
                    builder.keep(role, value.into_owned().into());
                }
            }
            item => builder.keep(role, item),
        }
    }
}

/// Adds a value of a nested object, unless the contact itself has one.
pub(crate) fn put_from_inside(builder: &mut RowBuilder, target: &MappingTarget, path: &str, value: Value) {
    match (target, value) {
        (_, Value::Null) => {}
        (MappingTarget::Id, value) if !builder.has_id() => builder.set_id(value.as_written().unwrap_or_default()),
        (MappingTarget::Id, _) => {}
        (MappingTarget::Blocked, Value::Bool(blocked)) => builder.add_blocked(blocked),
        (MappingTarget::Blocked, value) if !builder.contact.blocked => {
            builder.set_blocked(value.as_written().unwrap_or("?"))
        }
        (MappingTarget::Field(field @ (Field::Email | Field::Phone)), value) => {
            for value in values_of(builder, field, value) {
                let is_held = match builder.contact.get(field) {
                    Some(Value::List(held)) => held.contains(&value),
                    held => held == Some(&value),
                };
                if !is_held {
                    builder.push(field.clone(), value);
                }
            }
        }
        (MappingTarget::Field(field), value @ (Value::Text(_) | Value::Number(_)))
            if builder.contact.get(field).is_none_or(Value::is_empty) =>
        {
            match value.as_written() {
                Some(text) if is_time(field) => builder.put(Some(target), path, text),
                _ => builder.set(field.clone(), path, value),
            }
        }
        _ => {}
    }
}

/// Returns the members of an object, or of each object in a list, including members of equal names.
pub(crate) fn objects(json: &str) -> Vec<Vec<(String, &RawValue)>> {
    let objects: Vec<&RawValue> = match json.as_bytes().first() {
        Some(b'{') => serde_json::from_str(json).into_iter().collect(),
        Some(b'[') => serde_json::from_str(json).unwrap_or_default(),
        _ => Vec::new(),
    };
    let objects = objects.into_iter().filter(|object| object.get().starts_with('{'));
    objects.filter_map(|object| serde_json::from_str(object.get()).ok()).map(|ObjectMembers(fields)| fields).collect()
}

/// Returns true if the name of a field alone gives its values a meaning: company phones, consents, birth dates.
pub(crate) fn means_by_name(field: &Field) -> bool {
    ValueRole::of_field(field).is_some() || is_consent(field) || rules::compares(field)
}

/// Returns the values of a list of phones or emails, which may be in objects. Values whose label says company or fax become custom
/// fields.
fn values_of(builder: &mut RowBuilder, field: &Field, value: Value) -> Vec<Value> {
    let items = match value {
        Value::List(items) => items,
        value => vec![value],
    };
    let mut values = Vec::with_capacity(items.len());
    for item in items {
        let found = if let Value::Json(json) = &item { ObjectValue::parse(json) } else { None };
        match found {
            None => values.push(item),
            Some(found) => match role_name(field, &found.label) {
                None => values.push(found.text.into()),
                Some(name) => builder.keep(&name, found.text.into()),
            },
        }
    }
    values
}

/// Returns true if a value is an object, or a list with objects in it.
fn has_objects(value: &Value) -> bool {
    match value {
        Value::Json(json) => json.starts_with('{'),
        Value::List(items) => items.iter().any(has_objects),
        _ => false,
    }
}

fn put_field(builder: &mut RowBuilder, field: &Field, name: &str, json: &str, value: Value) {
    let is_list = matches!(field, Field::Email | Field::Phone | Field::Tags);
    let is_own = field.name() == name;
    let held = builder.contact.get(field).is_some_and(|held| !held.is_empty());
    match (is_list, value) {
        (true, value) if *field != Field::Tags && has_objects(&value) => {
            for value in values_of(builder, field, value) {
                builder.push(field.clone(), value);
            }
        }
        // The lists of our own form are kept exactly.
        (true, value) if is_own && !held => drop(builder.contact.fields.insert(field.clone(), value)),
        (true, Value::List(items)) => items.into_iter().for_each(|item| builder.push(field.clone(), item)),
        (true, Value::Text(text)) if *field == Field::Phone && header::is_whatsapp(name) => {
            builder.put(Some(&MappingTarget::Field(field.clone())), name, &split::international(&text));
        }
        (true, Value::Number(number)) if *field == Field::Phone && header::is_whatsapp(name) => {
            builder.push(field.clone(), split::international(number.as_str()).into_owned().into());
        }
        (true, Value::Text(text)) => builder.put(Some(&MappingTarget::Field(field.clone())), name, &text),
        (true, Value::Null) => {}
        (true, value) => builder.push(field.clone(), value),
        (false, value) if held => builder.keep(name, value),
        (false, value @ Value::Number(_)) if is_time(field) => builder.set(field.clone(), name, time_or_number(value)),
        // Reads times and channels.
        (false, value) => {
            if matches!(field, Field::Custom(_)) || builder.contact.set_json(field.name(), json).is_err() {
                builder.set(field.clone(), name, value);
            }
        }
    }
}

/// Returns true if the values of a field are points in time.
pub(crate) fn is_time(field: &Field) -> bool {
    matches!(field, Field::CreatedAt | Field::UpdatedAt)
}

/// Returns the time of a number, or `None` if the value is not one.
pub(crate) fn time_or_number(value: Value) -> Value {
    let Value::Number(number) = &value else { return value };
    timestamp::from_number(number.as_str()).map_or(value.clone(), Value::from)
}
