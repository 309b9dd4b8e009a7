//! Fields of contacts in the protocol, which are stricter than those in files.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use serde_json::value::RawValue;

use crate::contact::{Contact, Field, Time, Value};
use crate::workspace::protocol::arguments::{elements, is_yes};
use crate::workspace::protocol::id::JsonId;
use crate::workspace::protocol::refusal::{BAD_REQUEST, Refusal};

/// A contact from the protocol, blocked if it says anything that counts as a yes.
pub(super) fn contact(id: JsonId, json: &RawValue) -> Result<Contact<JsonId>, Refusal> {
    let members = checked(json)?;
    let mut contact = Contact::new(id);
    if let Some(blocked) = members.get("blocked") {
        contact.blocked = is_yes(&serde_json::from_str(blocked.get()).map_err(|_| BAD_REQUEST)?);
    }
    set(&mut contact, members.into_iter().filter(|(name, _)| name != "blocked"))?;
    Ok(contact)
}

/// Writes fields over those of a contact, and takes others out. Whether a contact is blocked is no field to edit.
pub(super) fn edit(
    contact: &mut Contact<JsonId>,
    fields: Option<&RawValue>,
    unset: Option<Json>,
) -> Result<(), Refusal> {
    let members = fields.map(checked).transpose()?.unwrap_or_default();
    let names_blocked = match &unset {
        Some(Json::String(text)) => text.contains("blocked"),
        _ => false,
    };
    let unset = unset.map(elements).transpose()?.unwrap_or_default();
    let is_name = |value: &Json| !value.is_array() && !value.is_object();
    if members.contains_key("blocked") || names_blocked || unset.iter().any(|name| name == "blocked") {
        return Err(BAD_REQUEST);
    }
    if !unset.iter().all(is_name) {
        return Err(BAD_REQUEST);
    }
    set(contact, members)?;
    unset.iter().filter_map(Json::as_str).for_each(|name| contact.unset_json(name));
    Ok(())
}

fn set<'a>(
    contact: &mut Contact<JsonId>,
    members: impl IntoIterator<Item = (String, &'a RawValue)>,
) -> Result<(), Refusal> {
    for (name, value) in members {
        let millis = value.get().parse().ok().filter(|_| is_time(&name));
        match millis {
            Some(millis) => {
                contact.fields.insert(Field::from_name(&name), Value::Time(Time::from_millis(millis)));
            }
            None => contact.set_json(&name, value.get()).map_err(|_| BAD_REQUEST)?,
        }
    }
    Ok(())
}

/// The members of an object, if each can stand in its field.
fn checked(json: &RawValue) -> Result<BTreeMap<String, &RawValue>, Refusal> {
    let members: BTreeMap<String, &RawValue> = serde_json::from_str(json.get()).map_err(|_| BAD_REQUEST)?;
    match members.iter().all(|(name, value)| can_stand(name, value.get())) {
        true => Ok(members),
        false => Err(BAD_REQUEST),
    }
}

fn can_stand(name: &str, json: &str) -> bool {
    let is_null = json == "null";
    match name {
        "id" => false,
        "emails" | "phones" | "tags" => is_null || items(json).is_some_and(|items| items.iter().all(is_text)),
        "custom" => is_null || values(json).is_some_and(|values| values.iter().all(is_scalar)),
        "channels" => is_null || items(json).is_some(),
        "provenance" => is_null || values(json).is_some(),
        _ if is_time(name) => is_null || is_integer(json),
        _ => !json.starts_with(['[', '{']),
    }
}

fn is_time(name: &str) -> bool {
    matches!(name, "created_at" | "updated_at")
}

fn items(json: &str) -> Option<Vec<&RawValue>> {
    serde_json::from_str(json).ok()
}

fn values(json: &str) -> Option<Vec<&RawValue>> {
    let members: BTreeMap<String, &RawValue> = serde_json::from_str(json).ok()?;
    Some(members.into_values().collect())
}

fn is_text(json: &&RawValue) -> bool {
    json.get().starts_with('"')
}

fn is_scalar(json: &&RawValue) -> bool {
    !json.get().starts_with(['[', '{'])
}

fn is_integer(json: &str) -> bool {
    json.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}
