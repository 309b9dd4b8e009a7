//! Rows of an input, and contacts that are merged from them.

use onefold::contact::CustomState;
use onefold::{Contact, Field, Value};
use onefold_files::{Input, Item, Options, Row, read_bytes};
use proptest::sample::Index;

/// Opens an input and reads its rows; `None` if it cannot be read.
pub fn open(name: &str, text: &[u8], options: &Options) -> Option<(Input, Vec<Row>)> {
    let mut input = read_bytes(name, text.to_vec(), options).ok()?;
    let items: Vec<Item> = input.by_ref().collect();
    let rows = items.into_iter().filter_map(|item| if let Item::Contact(row) = item { Some(row) } else { None });
    Some((input, rows.collect()))
}

/// Fields of all, lists united: much like a merge, with nothing of one.
pub fn united(rows: &[&Row], winners: &[Index]) -> Contact<String> {
    let mut merged = rows[0].contact.clone();
    for (place, row) in rows.iter().enumerate().skip(1) {
        for (number, (field, value)) in row.contact.fields.iter().enumerate() {
            let held = merged.fields.get_mut(field);
            let takes =
                winners.get(number % winners.len().max(1)).is_some_and(|winner| winner.index(rows.len()) == place);
            match (held, value) {
                (Some(Value::List(held)), Value::List(more)) if !matches!(field, Field::Other(_)) => {
                    more.iter().for_each(|value| {
                        if !held.contains(value) {
                            held.push(value.clone());
                        }
                    })
                }
                (Some(Value::Channels(held)), Value::Channels(more)) => held.extend(more.iter().cloned()),
                (None, value) => drop(merged.fields.insert(field.clone(), value.clone())),
                (Some(held), value) if takes => *held = value.clone(),
                _ => {}
            }
        }
        if row.contact.custom_state == CustomState::Present {
            merged.custom_state = CustomState::Present;
        }
        merged.provenance.extend(row.contact.provenance.clone());
    }
    merged
}

/// Returns a card of some lines.
pub fn card(version: &str, lines: &str, end: &str) -> String {
    format!("BEGIN:VCARD\nVERSION:{version}\n{lines}END:VCARD\n").replace('\n', end)
}
