//! The values of a contact that a filter compares.

use onefold::contact::{Contact, Field, Number, Value};

/// Returns the values of a field as written: the elements of a list, or the identities of channels.
pub(crate) fn values_of<'a, Id>(contact: &'a Contact<Id>, field: &Field) -> impl Iterator<Item = &'a str> {
    let value = contact.get(field);
    let items = match value {
        Some(Value::List(items)) => items.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    let channels = match value {
        Some(Value::Channels(channels)) => channels.as_slice(),
        _ => &[],
    };
    let written = items.iter().filter_map(|item| match item {
        Value::Bool(true) => Some("true"),
        Value::Bool(false) => Some("false"),
        item => item.as_written(),
    });
    written.chain(channels.iter().map(|channel| channel.identity.as_str()))
}

/// Returns the numbers in a field, and `with_texts` also the texts that are numbers.
pub(crate) fn numbers_of<Id>(contact: &Contact<Id>, field: &Field, with_texts: bool) -> Vec<Number> {
    let items = match contact.get(field) {
        Some(Value::List(items)) => items.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    let number = |item: &Value| match item {
        Value::Number(number) => Some(number.clone()),
        Value::Text(text) if with_texts => Number::parse(text.trim()),
        _ => None,
    };
    items.iter().filter_map(number).collect()
}
