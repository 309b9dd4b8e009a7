//! The apostrophes that `onefold export` puts before cells.

use onefold::{Contact, Field, Value, unguard_cell};

/// The contact without the apostrophes that `onefold export` puts before what a spreadsheet would run: before a cell, which is a
/// text or the first one of a list, or before the name of a column.
pub fn unguarded(contact: Contact<String>) -> Contact<String> {
    let mut contact = contact.map_id(|id| unguard_cell(&id).to_owned());
    for (field, mut value) in std::mem::take(&mut contact.fields) {
        let first = match &mut value {
            Value::List(items) => items.first_mut(),
            one => Some(one),
        };
        if let Some(Value::Text(text)) = first {
            *text = unguard_cell(text).to_owned();
        }
        let field = match field {
            Field::Other(name) => Field::from_name(unguard_cell(&name)),
            field => field,
        };
        contact.fields.insert(field, value);
    }
    contact
}
