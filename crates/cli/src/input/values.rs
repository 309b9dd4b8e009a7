//! The values of a contact that evidence shows, as written.

use onefold::normalize::Place;
use onefold::{Contact, Field, Value};

/// The name of a contact and the values that gave keys, in little memory for runs of many contacts.
pub struct EvidenceValues {
    name: Box<str>,
    values: Box<[(Field, u32, Box<str>)]>,
}

impl EvidenceValues {
    /// Returns the values of a contact at the places that gave keys.
    pub fn of<'a, Id>(contact: &Contact<Id>, places: impl IntoIterator<Item = &'a Place>) -> Self {
        let mut values: Vec<(Field, u32, Box<str>)> = Vec::new();
        for place in places {
            let position = u32::try_from(place.position).unwrap_or(u32::MAX);
            if !values.iter().any(|(field, at, _)| *field == place.field && *at == position) {
                values.push((place.field.clone(), position, place.value_in(contact).unwrap_or_default().into()));
            }
        }
        Self { name: name_of(contact).into(), values: values.into() }
    }

    /// Returns the contact's name for display, or an empty text.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the value at a place, or an empty text.
    pub fn value(&self, place: &Place) -> &str {
        let at = self
            .values
            .iter()
            .find(|(field, position, _)| *field == place.field && *position as usize == place.position);
        at.map_or("", |(_, _, value)| value)
    }
}

/// Returns the first and last name of a contact, or else its display name, or an empty text.
pub fn name_of<Id>(contact: &Contact<Id>) -> String {
    let text = |field| contact.get(&field).and_then(Value::as_text).unwrap_or_default().trim();
    let name = [text(Field::FirstName), text(Field::LastName)].join(" ");
    match name.trim() {
        "" => text(Field::DisplayName).to_owned(),
        name => name.to_owned(),
    }
}
