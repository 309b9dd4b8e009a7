//! The custom fields of plain lines of JSON Lines: identifiers count, and nothing else does.

use onefold::Field;
use onefold::field_names::role::ValueRole;

use crate::json::known_names::{KnownNames, ReadName};
use crate::json::line_cursor::{JsonScalar, LineCursor};
use crate::scan::key_row::{KeyRole, KeyRow, is_blank};

/// Reads the objects of all custom fields.
pub(crate) struct CustomMembers {
    names: KnownNames<CustomMember>,
    identifiers: Vec<String>,
    // The last line with such an object.
    line: u64,
}

/// The meaning of the name of a custom field.
#[derive(Clone, Copy, PartialEq, Eq)]
enum CustomMember {
    /// The value does not count.
    Ignored,
    /// The identifier at this position of the options.
    Identifier(u16),
    /// Only the full reader can read it: it may produce keys, or the options name too many identifiers.
    Unread,
}

impl CustomMembers {
    /// Returns a reader. `identifiers` are those of the options.
    pub(crate) fn new(identifiers: &[String]) -> Self {
        Self { names: KnownNames::default(), identifiers: identifiers.to_vec(), line: 0 }
    }

    /// Returns true if the line has had no such object, or if its identifiers do not count.
    pub(crate) fn is_first(&mut self, line: u64) -> bool {
        std::mem::replace(&mut self.line, line) != line || self.identifiers.is_empty()
    }

    /// Reads the object that the cursor is at. Returns `None` if the full reader must read the line. O(n).
    pub(crate) fn read<'a>(&mut self, cursor: &mut LineCursor<'a>, row: &mut KeyRow<'a>) -> Option<()> {
        cursor.take(b'{')?;
        cursor.skip_spaces();
        if cursor.take(b'}').is_some() {
            return Some(());
        }
        let mut before = None;
        loop {
            cursor.skip_spaces();
            cursor.take(b'"')?;
            let place = match self.names.read(cursor, before)? {
                ReadName::Known(place) => place,
                ReadName::New(name) => {
                    let meaning = CustomMember::of(name, &self.identifiers);
                    self.names.add(name, before, meaning)?
                }
            };
            before = Some(place);
            cursor.take_colon()?;
            match *self.names.meaning_mut(place)? {
                CustomMember::Ignored => cursor.skip_value()?,
                CustomMember::Identifier(position) => put_identifier(position, cursor.scalar()?, row)?,
                CustomMember::Unread => return None,
            }
            cursor.skip_spaces();
            if cursor.take(b',').is_none() {
                return cursor.take(b'}');
            }
        }
    }
}

impl CustomMember {
    fn of(name: &str, identifiers: &[String]) -> Self {
        if ValueRole::of_field(&Field::Custom(name.into())).is_some() {
            return Self::Unread;
        }
        match KeyRole::of_identifier(name, identifiers) {
            Some(KeyRole::Identifier(position)) => Self::Identifier(position),
            Some(_) => Self::Unread,
            None => Self::Ignored,
        }
    }
}

/// Adds the value of an identifier. Returns `None` if the full reader must read it: it chooses one of several values.
pub(crate) fn put_identifier<'a>(position: u16, value: JsonScalar<'a>, row: &mut KeyRow<'a>) -> Option<()> {
    match value {
        JsonScalar::Text(text) | JsonScalar::Number(text)
            if !is_blank(text) && row.identifiers.iter().all(|(other, _)| *other != position) =>
        {
            row.identifiers.push((position, text));
            Some(())
        }
        _ => None,
    }
}
