//! Rows that are written for merged contacts: the common rules of all formats.

use std::collections::BTreeSet;

use onefold::contact::CustomState;
use onefold::{Contact, Field, Value};

/// A row that was written for a merged contact.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Composed {
    /// The bytes of the row, with the line end of the row that it replaces.
    pub segment: Vec<u8>,
    /// The names of the fields whose values in the row differ from the contact, because the row has no column for them; usually
    /// none.
    pub misfits: Vec<String>,
}

/// How strictly a row is compared with its contact.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Likeness {
    /// Values are equal.
    Exact,
    /// The cells show the same text. Types, empty values and provenance are ignored, since cells cannot hold them.
    InCells,
}

/// Returns the fields in which two contacts differ, those of `a` first.
pub(crate) fn changed_fields<'a>(
    a: &'a Contact<String>,
    b: &'a Contact<String>,
    likeness: Likeness,
) -> impl Iterator<Item = &'a Field> {
    let differ = move |field: &Field, a: Option<&Value>, b: Option<&Value>| match likeness {
        Likeness::Exact => a != b,
        // A table may have custom fields in a JSON object, which has types.
        Likeness::InCells if matches!(field, Field::Custom(_)) => a != b,
        Likeness::InCells => !shows_the_same(a, b),
    };
    let own = a.fields.iter().filter(move |(field, value)| differ(field, Some(value), b.get(field)));
    let added =
        b.fields.iter().filter(move |(field, value)| a.get(field).is_none() && differ(field, None, Some(value)));
    own.chain(added).map(|(field, _)| field)
}

/// Returns the names of the fields and other members in which two contacts differ.
pub(crate) fn differences(a: &Contact<String>, b: &Contact<String>, likeness: Likeness) -> Vec<String> {
    let is_one = |field: &&Field| likeness == Likeness::Exact || !shows_the_same(a.get(field), b.get(field));
    let fields: BTreeSet<&Field> = changed_fields(a, b, likeness).filter(is_one).collect();
    let mut names: Vec<String> = fields.into_iter().map(Field::to_string).collect();
    if a.blocked != b.blocked {
        names.push("blocked".to_owned());
    }
    if custom_state(a, likeness) != custom_state(b, likeness) {
        names.push("custom".to_owned());
    }
    if likeness == Likeness::Exact && a.provenance != b.provenance {
        names.push("provenance".to_owned());
    }
    names
}

/// Returns true if a contact has a place for custom fields, as every contact with custom fields has.
pub(crate) fn custom_state(contact: &Contact<String>, likeness: Likeness) -> CustomState {
    match contact.custom_state {
        _ if contact.fields.keys().any(|field| matches!(field, Field::Custom(_))) => CustomState::Present,
        CustomState::Cleared if likeness == Likeness::InCells => CustomState::Absent,
        state => state,
    }
}

/// Returns true if the cells of two values show the same.
fn shows_the_same(a: Option<&Value>, b: Option<&Value>) -> bool {
    if a == b {
        return true;
    }
    match (a, b) {
        (Some(Value::Channels(_)), Some(Value::Channels(_))) => false,
        (Some(Value::Channels(only)), other) | (other, Some(Value::Channels(only))) => {
            only.is_empty() && other.is_none_or(Value::is_empty)
        }
        (a, b) => shown(a) == shown(b),
    }
}

fn shown(value: Option<&Value>) -> Vec<String> {
    let texts = match value {
        None => Vec::new(),
        // The values of a split cell lose the spaces around them.
        Some(Value::List(items)) => items.iter().map(|item| cell_text(item).trim().to_owned()).collect(),
        Some(value) => vec![cell_text(value)],
    };
    texts.into_iter().filter(|text| !text.trim().is_empty()).collect()
}

/// Returns the text that a cell shows for a value.
pub(crate) fn cell_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(checked) => checked.to_string(),
        Value::Time(time) => time.text().map_or_else(|| time.time().millis().to_string(), str::to_owned),
        Value::Json(json) => json.to_string(),
        Value::List(items) => items.iter().map(cell_text).collect::<Vec<_>>().join("; "),
        // As JSON, which is how a table holds them.
        Value::Channels(_) => serde_json::to_string(value).unwrap_or_default(),
        value => value.as_written().unwrap_or_default().to_owned(),
    }
}
