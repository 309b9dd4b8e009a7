//! The survivor's row after an undo.

use std::borrow::Cow;

use onefold::contact::CustomState;
use onefold::patch::{Conflict, Deviation};
use onefold::{Contact, Edits, Field, UndoError, Value};
use onefold_files::{Format, Input, LineEnd};

use crate::input::row_text::named;
use crate::patch_file::FileMerge;

/// The rows of a merge that was undone.
pub struct Restored<'a> {
    /// The survivor's row.
    pub survivor: Vec<u8>,
    /// The restored rows, in the order of the patch.
    pub retired: Vec<Cow<'a, [u8]>>,
    /// The edits since the merge.
    pub conflicts: Vec<Conflict>,
    /// The differences of the contacts from their images before the merge.
    pub deviations: Vec<Deviation<String>>,
    /// The fields that have no column in the survivor's row.
    pub misfits: Vec<String>,
    /// True if the row has lost all of several values that the merge wrote.
    pub is_unlike: bool,
}

/// Undoes a merge, given the current bytes of the survivor's row. `rows` reads and writes rows in the format of the file.
///
/// # Errors
/// The row cannot be read, or it was edited and `--edits refuse` is given.
pub fn restore<'a>(rows: &mut Input, merged: &'a FileMerge, now: &[u8], edits: Edits) -> Result<Restored<'a>, String> {
    let line_end = rows.shape().line_end;
    let id = &merged.survivor.contact;
    let (text, ending) = split_ending(now, line_end);
    let (written, _) = split_ending(&merged.written, line_end);
    let originals = || merged.retired.iter().map(|row| Cow::Borrowed(row.bytes.as_slice())).collect();
    let with_ending = |bytes: &[u8]| [split_ending(bytes, line_end).0, ending].concat();
    if text == written {
        let survivor = with_ending(&merged.survivor.bytes);
        return Ok(Restored {
            survivor,
            retired: originals(),
            conflicts: Vec::new(),
            deviations: Vec::new(),
            misfits: Vec::new(),
            is_unlike: false,
        });
    }
    let patch = merged.patch().map_err(|error| error.to_string())?;
    let unreadable = || format!("the row of contact {id:?} cannot be read alone any more");
    let read = |rows: &mut Input, bytes: &[u8]| rows.reread(bytes).map(|row| named(row, id)).ok_or_else(unreadable);
    let found = read(rows, now)?;
    let as_written = read(rows, &merged.written)?;
    let is_unlike = is_unlike(&found, &as_written);
    let undo = patch.undo(&current_contact(found, &as_written, patch.survivor_merged()), edits);
    let undo = undo.map_err(|error: UndoError<String>| match &error {
        UndoError::EditedSince { conflicts, .. } => {
            let names: Vec<String> = conflicts.iter().map(ToString::to_string).collect();
            format!("{error} ({})", names.join(", "))
        }
        _ => error.to_string(),
    })?;
    // A vCard has more than its contact, such as the types of its phones: what was edited there stays.
    let has_more = rows.shape().format == Format::VCard;
    let is_as_it_was = undo.survivor == *patch.survivor_unmerged() && !has_more;
    let own = rows.without_unread(now, &merged.written, &merged.survivor.bytes);
    let mut misfits = Vec::new();
    let mut composed = |first: &[u8], more: &[&[u8]], wanted: &Contact<String>| {
        let segments: Vec<&[u8]> = std::iter::once(first).chain(more.iter().copied()).collect();
        let composed = rows.compose(&segments, wanted).ok_or_else(unreadable)?;
        misfits.extend(composed.misfits);
        Ok::<_, String>(composed.segment)
    };
    let others: Vec<&[u8]> =
        std::iter::once(&merged.survivor).chain(&merged.retired).map(|row| row.bytes.as_slice()).collect();
    let survivor = if is_as_it_was { merged.survivor.bytes.clone() } else { composed(&own, &others, &undo.survivor)? };
    let mut retired = Vec::with_capacity(merged.retired.len());
    for ((original, image), wanted) in merged.retired.iter().zip(patch.retired()).zip(&undo.retired) {
        retired.push(if wanted == image {
            Cow::Borrowed(original.bytes.as_slice())
        } else {
            Cow::Owned(composed(&original.bytes, &[], wanted)?)
        });
    }
    Ok(Restored {
        survivor: with_ending(&survivor),
        retired,
        conflicts: undo.conflicts,
        deviations: undo.deviations,
        misfits,
        is_unlike,
    })
}

/// Returns true if a contact has none of the values of another one that has several.
fn is_unlike(now: &Contact<String>, written: &Contact<String>) -> bool {
    fn values(value: &Value) -> &[Value] {
        if let Value::List(items) = value { items } else { std::slice::from_ref(value) }
    }
    let mut fields = written.fields.iter().filter(|(_, value)| !value.is_empty());
    let has_some = |(field, value): (&Field, &Value)| {
        now.get(field).is_some_and(|now| values(now).iter().any(|one| values(value).contains(one)))
    };
    fields.clone().count() > 1 && !fields.any(has_some)
}

/// Returns the contact of a current row. If a field had no column for all its merged values and its cells are unchanged, it was not
/// edited and has the merged values.
fn current_contact(
    mut now: Contact<String>,
    as_written: &Contact<String>,
    merged: &Contact<String>,
) -> Contact<String> {
    let fields: Vec<Field> = as_written.fields.keys().chain(merged.fields.keys()).cloned().collect();
    for field in fields {
        if now.get(&field) != as_written.get(&field) {
            continue;
        }
        match merged.get(&field) {
            Some(value) => drop(now.fields.insert(field, value.clone())),
            None => drop(now.fields.remove(&field)),
        }
    }
    if now.provenance == as_written.provenance {
        now.provenance.clone_from(&merged.provenance);
    }
    if now.blocked == as_written.blocked {
        now.blocked = merged.blocked;
    }
    let has_custom = |contact: &Contact<String>| contact.fields.keys().any(|field| matches!(field, Field::Custom(_)));
    if now.custom_state == as_written.custom_state {
        now.custom_state = merged.custom_state;
    } else if has_custom(&now) && merged.custom_state != CustomState::Absent {
        now.custom_state = CustomState::Present;
    }
    now
}

/// Returns the text of a row and its line end.
pub fn split_ending(bytes: &[u8], line_end: LineEnd) -> (&[u8], &[u8]) {
    let without = match line_end {
        LineEnd::Feed => bytes.strip_suffix(b"\n"),
        LineEnd::Return => Some(bytes),
    };
    let text = without.unwrap_or(bytes);
    let returns = text.iter().rev().take_while(|byte| **byte == b'\r').count();
    // Without a line feed a carriage return belongs to the text of a row.
    let end = match without {
        Some(text) => text.len() - returns,
        None => bytes.len(),
    };
    bytes.split_at_checked(end).unwrap_or((bytes, b""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_the_last_line_is_no_text() {
        for (bytes, line_end, text) in [
            ("a\r\nb\r\n", LineEnd::Feed, "a\r\nb"),
            ("a", LineEnd::Feed, "a"),
            ("a\r", LineEnd::Feed, "a\r"),
            ("a\r", LineEnd::Return, "a"),
        ] {
            assert_eq!(split_ending(bytes.as_bytes(), line_end).0, text.as_bytes());
        }
    }
}
