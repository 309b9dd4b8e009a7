//! Reads the plain rows of a chunk, which need no contact.

use std::ops::Range;

use memchr::memchr;

use crate::csv::plain_record::CellSpan;
use crate::csv::records::Records;
use crate::json::Json;
use crate::json::line_cursor::LineCursor;
use crate::json::tokens::JsonRow;
use crate::scan::key_row::KeyRow;
use crate::scan::layout::CellReader;
use crate::scan::plain_object::PlainObjects;
use crate::values::zero_id::ZeroIds;

/// The plain rows of a table.
pub(crate) struct CellRows<'a> {
    pub(crate) cells: &'a CellReader,
    pub(crate) zero_ids: ZeroIds,
    // False if every row is built as a contact.
    pub(crate) is_plain: bool,
    // The chunk, if all of it is known to be UTF-8.
    pub(crate) text: Option<&'a str>,
    pub(crate) records: Option<Records>,
    pub(crate) spans: Vec<CellSpan>,
    pub(crate) key_row: KeyRow<'a>,
    pub(crate) reads_names: bool,
}

/// The plain objects of JSON.
pub(crate) struct ObjectRows<'a> {
    pub(crate) json: Json,
    pub(crate) plain: PlainObjects,
    // False if every row is built as a contact.
    pub(crate) is_plain: bool,
    // The chunk, if all of it is known to be UTF-8.
    pub(crate) text: Option<&'a str>,
    pub(crate) key_row: KeyRow<'a>,
}

impl<'a> CellRows<'a> {
    /// Reads the plain line at `span`. Returns false if the line must be read by all rules.
    pub(crate) fn reads_key_row(&mut self, chunk: &'a [u8], span: &Range<usize>) -> bool {
        let text = match self.text {
            Some(text) => text.get(span.clone()),
            None => std::str::from_utf8(chunk.get(span.clone()).unwrap_or_default()).ok(),
        };
        let roles = &self.cells.roles;
        text.is_some_and(|text| {
            if self.reads_names {
                self.key_row.read(text, &self.spans, roles)
            } else {
                self.key_row.read_nameless(text, &self.spans, roles)
            }
        })
    }
}

impl<'a> ObjectRows<'a> {
    /// Reads the line at `start` if it is plain, and returns where the next one begins.
    pub(crate) fn read_key_row(&mut self, chunk: &'a [u8], start: usize) -> Option<usize> {
        if !self.is_plain {
            return None;
        }
        let text = match self.text {
            Some(text) => text.get(start..)?,
            None => {
                let rest = chunk.get(start..)?;
                let line = memchr(b'\n', rest).map_or(rest, |feed| rest.get(..=feed).unwrap_or_default());
                std::str::from_utf8(line).ok()?
            }
        };
        self.plain.read(LineCursor::new(text), &mut self.key_row).map(|length| start + length)
    }
}

impl<'a> ObjectRows<'a> {
    /// Reads an element if it is plain.
    pub(crate) fn read_element(&mut self, object: &JsonRow<'a>) -> bool {
        if !self.is_plain {
            return false;
        }
        let is_all = |length: usize| length == object.text.len();
        std::str::from_utf8(object.text)
            .is_ok_and(|text| self.plain.read(LineCursor::of_lines(text), &mut self.key_row).is_some_and(is_all))
    }
}
