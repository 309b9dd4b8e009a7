//! The rows of an import: contacts with their ids, as lenient as in files.

use crate::protocol::argument::{self, Id, Strictness};
use crate::protocol::fields::{put_member, put_singulars, singular};
use crate::protocol::refusal::Refusal;
use onefold::contact::{Contact, Members, is_provenance};

/// The contact of a row.
///
/// # Errors
/// The row is no object, has no id or a member twice, says of `blocked` neither yes nor no, or `custom` or `provenance` is
/// not what it is in a contact. The refusal names the contact where its id can be read, and the field.
pub(crate) fn contact(json: &str, strictness: Strictness) -> Result<Contact<Id>, Refusal> {
    let Members { by_name: mut members, duplicate } =
        Members::read(json).ok_or_else(|| Refusal::bad_request("the row is no object"))?;
    if duplicate.as_deref() == Some("id") {
        return Err(Refusal::bad_request("the row has two ids"));
    }
    let id = members.remove("id").ok_or_else(|| Refusal::bad_request("the row has no id"))?;
    let id =
        argument::id(id).ok_or_else(|| Refusal::bad_request("the id of the row is neither a text nor an integer"))?;
    let of_row = |refusal: Refusal| refusal.about(&id);
    if let Some(name) = duplicate {
        return Err(of_row(Refusal::of_field(&name, "it is there twice")));
    }
    for (name, json) in &members {
        if let Some(what) = fault_of(name, json.get()) {
            return Err(of_row(Refusal::of_field(name, what)));
        }
    }
    let mut contact = Contact::new(id.clone());
    for (name, json) in members.iter().filter(|(name, _)| singular(name, strictness).is_none()) {
        put_member(&mut contact, name, json.get()).map_err(of_row)?;
    }
    put_singulars(&mut contact, &members, strictness).map_err(of_row)?;
    Ok(contact)
}

/// What is wrong with a member that would be lost beside the fields that it should hold.
fn fault_of(name: &str, json: &str) -> Option<&'static str> {
    match name {
        _ if json == "null" => None,
        "custom" if Members::read_unique(json).is_none() => Some("it is no object, or has a member twice"),
        "provenance" if !is_provenance(json) => Some("it does not say where values came from"),
        _ => None,
    }
}
