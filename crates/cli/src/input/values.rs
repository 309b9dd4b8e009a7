//! The name of a contact for display.

use onefold::{Contact, Field, Value};

/// Returns the first and last name of a contact, or else its display name, or an empty text.
pub fn name_of<Id>(contact: &Contact<Id>) -> String {
    let text = |field| contact.get(&field).and_then(Value::as_text).unwrap_or_default().trim();
    let name = [text(Field::FirstName), text(Field::LastName)].join(" ");
    match name.trim() {
        "" => text(Field::DisplayName).to_owned(),
        name => name.to_owned(),
    }
}
