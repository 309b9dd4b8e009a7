//! The values behind keys, as written.

use onefold::normalize::Place;
use onefold::{Contact, Field, Value};

/// The values of a contact that keys can come from, and nothing else of it: what evidence shows, kept
/// small for runs of many contacts.
pub struct KeptValues {
    name: Box<str>,
    places: Box<[(Field, u32, Box<str>)]>,
}

impl KeptValues {
    /// What is kept of a contact, given the places that gave keys.
    pub fn of<'a, Id>(contact: &Contact<Id>, places: impl IntoIterator<Item = &'a Place>) -> Self {
        let mut kept: Vec<(Field, u32, Box<str>)> = Vec::new();
        for place in places {
            let position = u32::try_from(place.position).unwrap_or(u32::MAX);
            if !kept.iter().any(|(field, at, _)| *field == place.field && *at == position) {
                kept.push((place.field.clone(), position, place.value_in(contact).unwrap_or_default().into()));
            }
        }
        Self { name: name_of(contact).into(), places: kept.into() }
    }

    /// The contact's name, for people to look at; empty if it has none.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The value at a place.
    pub fn value(&self, place: &Place) -> &str {
        let at = self
            .places
            .iter()
            .find(|(field, position, _)| *field == place.field && *position as usize == place.position);
        at.map_or("", |(_, _, value)| value)
    }
}

/// First and last name, or the name that a channel shows.
pub fn name_of<Id>(contact: &Contact<Id>) -> String {
    let text = |field| contact.get(&field).and_then(Value::as_text).unwrap_or_default().trim();
    let name = [text(Field::FirstName), text(Field::LastName)].join(" ");
    match name.trim() {
        "" => text(Field::DisplayName).to_owned(),
        name => name.to_owned(),
    }
}
