//! The bytes of a row that the second pass stores, with its position.

use std::ops::Range;

use onefold::Contact;
use onefold_files::{Format, Input, Row, like};

use crate::input::row_text::named;
use crate::scan::key_scan::FileScan;

/// The number of bytes of the start and of the length.
const START: usize = size_of::<u64>();
const LENGTH: usize = size_of::<u32>();

/// A row as it is in the file.
pub struct RowBytes<'a> {
    /// Where the row begins in its chunk.
    pub start: usize,
    /// The bytes of the row.
    pub bytes: &'a [u8],
    /// The contact with the fields that produce match keys, if the bytes alone do not give the same contact.
    pub key_fields: Option<Contact<String>>,
}

impl<'a> RowBytes<'a> {
    /// Appends a row that gives its contact when it is read alone.
    ///
    /// ```text
    /// | start (8 bytes) | 0 (4 bytes) | bytes |
    /// ```
    pub fn store(span: &Range<usize>, bytes: &[u8], to: &mut Vec<u8>) {
        to.extend_from_slice(&(span.start as u64).to_le_bytes());
        to.extend_from_slice(&[0; LENGTH]);
        to.extend_from_slice(bytes);
    }

    /// Appends a row with the contact that it gives in the file.
    ///
    /// ```text
    /// | start (8 bytes) | length of the bytes (4 bytes) | bytes | contact in JSON |
    /// ```
    pub fn store_with(span: &Range<usize>, bytes: &[u8], contact: &Contact<String>, to: &mut Vec<u8>) {
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        to.extend_from_slice(&(span.start as u64).to_le_bytes());
        to.extend_from_slice(&length.to_le_bytes());
        to.extend_from_slice(bytes);
        to.extend(serde_json::to_vec(contact).expect("a contact is JSON"));
    }

    /// Returns the row that was stored, or `None` if the file was changed and the row is gone.
    pub fn of(stored: &'a [u8]) -> Option<Self> {
        let (start, rest) = stored.split_first_chunk::<START>()?;
        let (length, rest) = rest.split_first_chunk::<LENGTH>()?;
        let start = usize::try_from(u64::from_le_bytes(*start)).ok()?;
        match u32::from_le_bytes(*length) {
            0 => Some(Self { start, bytes: rest, key_fields: None }),
            length => {
                let (bytes, json) = rest.split_at_checked(length as usize)?;
                Some(Self { start, bytes, key_fields: Some(serde_json::from_slice(json).ok()?) })
            }
        }
    }

    /// Returns where the row is in its chunk.
    pub fn span(&self) -> Range<usize> {
        self.start..self.start + self.bytes.len()
    }
}

/// Reads rows of a file alone, to find those that give another contact than in the file.
pub struct LoneRows<'a> {
    file: &'a FileScan,
    // None until a row is read, and if rows cannot be read alone.
    reader: Option<Option<Input>>,
}

impl<'a> LoneRows<'a> {
    /// Returns a reader of rows of a file.
    pub fn new(file: &'a FileScan) -> Self {
        Self { file, reader: None }
    }

    /// Returns true if the bytes of a row give its contact. A row of a table with a quote that is not closed may need the rows
    /// behind it; an object of JSON Lines needs nothing else.
    pub fn gives_contact(&mut self, bytes: &[u8], row: &Row) -> bool {
        let file = &self.file.file;
        if file.format() == Format::JsonLines {
            return true;
        }
        let reader = self.reader.get_or_insert_with(|| like(file.shape(), file.options()).ok());
        let alone = reader.as_mut().and_then(|reader| reader.reread(bytes));
        alone.is_some_and(|alone| {
            let is_same = alone.id_origin == row.id_origin && alone.workspace == row.workspace;
            is_same && named(alone, &row.contact.id) == row.contact
        })
    }
}
