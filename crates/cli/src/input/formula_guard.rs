//! Removes the apostrophes that `onefold db export` puts before cells.

use onefold::{Contact, Field, Value};
use onefold_workspace::unguard_cell;

/// Returns the contact without the apostrophes that `onefold db export` puts before cells and column names which a spreadsheet would
/// run as formulas. In a list, the first text has the apostrophe of the cell.
pub fn unguarded(contact: Contact<String>) -> Contact<String> {
    let mut contact = contact.map_id(|id| unguard_cell(&id).to_owned());
    for (field, mut value) in std::mem::take(&mut contact.fields) {
        match &mut value {
            Value::List(items) => unguard_list(items),
            Value::Text(text) => *text = unguard_cell(text).to_owned(),
            _ => {}
        }
        let field = match field {
            Field::Other(name) => Field::from_name(unguard_cell(&name)),
            field => field,
        };
        contact.fields.insert(field, value);
    }
    contact
}

/// The guard stands before the first value of a list, and all of them said whether there is one.
fn unguard_list(items: &mut [Value]) {
    let cell = items.iter().filter_map(Value::as_text).collect::<Vec<_>>().join("; ");
    if unguard_cell(&cell).len() == cell.len() {
        return;
    }
    if let Some(Value::Text(first)) = items.first_mut() {
        first.remove(0);
    }
}

#[cfg(test)]
mod tests {
    use onefold_workspace::guard_cell;

    use super::*;

    #[test]
    fn lists_come_back_as_they_were() {
        for list in [
            &["+44 7400 123456", "+44 20 7946 0123 (Mum's)"][..],
            &["-2", "=x"],
            &["+1 202 555 0101", "+1 202 555 0102"],
            &["'=x", "y"],
            &["'t Hooft"],
            &[],
        ] {
            let mut texts: Vec<String> = guard_cell(&list.join("; ")).split("; ").map(str::to_owned).collect();
            texts.retain(|text| !text.is_empty());
            let contact = Contact::new("1".to_owned()).with(Field::Tags, texts);
            assert_eq!(unguarded(contact).tags().collect::<Vec<_>>(), list);
        }
    }
}
