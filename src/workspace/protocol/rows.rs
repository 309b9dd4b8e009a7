//! The rows of an import: contacts with their ids, as lenient as in files.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use crate::contact::{Contact, Value};
use crate::workspace::protocol::argument::{self, Id, Strictness};
use crate::workspace::protocol::fields::{put_first, singular};
use crate::workspace::protocol::refusal::Refusal;

/// The contact of a row.
///
/// # Errors
/// The row is no object, has no id, or says of `blocked` neither yes nor no.
pub(super) fn contact(json: &str, strictness: Strictness) -> Result<Contact<Id>, Refusal> {
    let not_object = |_| Refusal::bad_request("the row is no object");
    let members: BTreeMap<String, &RawValue> = serde_json::from_str(json).map_err(not_object)?;
    let id = members.get("id").ok_or_else(|| Refusal::bad_request("the row has no id"))?;
    let id =
        argument::id(id).ok_or_else(|| Refusal::bad_request("the id of the row is neither a text nor an integer"))?;
    let mut contact = Contact::new(id);
    let bad = |error: crate::contact::JsonError| Refusal::bad_request(error.what);
    for (name, json) in members.iter().filter(|(name, _)| *name != "id") {
        if singular(name, strictness).is_none() {
            contact.set_json(name, json.get()).map_err(bad)?;
        }
    }
    for (name, json) in &members {
        if let Some(field) = singular(name, strictness) {
            let said_too = members.contains_key(field.name());
            put_first(&mut contact, field, Value::from_json(json.get()).map_err(bad)?, said_too);
        }
    }
    Ok(contact)
}
