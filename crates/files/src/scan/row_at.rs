//! Rows of a table that were met before, each read by itself.

use onefold::Contact;

use crate::json::Json;
use crate::row::Item;
use crate::scan::chunk::TableRow;
use crate::scan::table::{ChunkedFile, Layout};

/// Reads rows of a table once more, whatever stands around them.
pub struct RowReread<'a> {
    table: &'a ChunkedFile,
    // What the names of objects mean is found once.
    json: Option<Json>,
}

impl<'a> RowReread<'a> {
    pub(crate) fn new(table: &'a ChunkedFile) -> Self {
        let json = match &table.layout {
            Layout::Cells(_) => None,
            Layout::Objects { workspace } => Some(Json::lines_of_pieces(workspace.clone())),
        };
        Self { table, json }
    }

    /// The contact that a row is, whose id means nothing if it was made from a line. Of a plain row it has what keys come
    /// from and the name. O(n) in its length.
    pub fn contact(&mut self, row: &[u8]) -> Option<Contact<String>> {
        if let Some(json) = &mut self.json {
            return json.reread(row).map(|row| row.contact);
        }
        match self.table.some_rows(row).with_names().read_next()? {
            (_, _, TableRow::Plain(brief)) => Some(brief.contact(String::new())),
            (_, _, TableRow::Other(Item::Contact(row))) => Some(row.contact),
            _ => None,
        }
    }
}
