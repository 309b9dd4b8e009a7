//! Single rows of a scanned file, each read without its neighbours.

use onefold::Contact;

use crate::json::Json;
use crate::row::Item;
use crate::scan::chunk_rows::{ChunkRows, TableRow};
use crate::scan::layout::Layout;

/// Reads single rows of a file.
pub struct SingleRowReader<'a> {
    layout: &'a Layout,
    // Keeps what the member names of objects mean, so that each name is looked up once.
    json: Option<Json>,
}

impl<'a> SingleRowReader<'a> {
    pub(crate) fn new(layout: &'a Layout) -> Self {
        let json = match layout {
            Layout::Cells(_) => None,
            Layout::Objects { workspace } => Some(Json::lines_of_chunks(workspace.clone())),
        };
        Self { layout, json }
    }

    /// Returns the contact of a row, or `None` if the bytes are not one row. The id is meaningless if the row has none. A plain
    /// row gives only the fields that produce match keys, and the name.
    ///
    /// # Cost
    /// O(n) in the length of the row.
    pub fn contact(&mut self, row: &[u8]) -> Option<Contact<String>> {
        if let Some(json) = &mut self.json {
            return json.reread(row).map(|row| row.contact);
        }
        match ChunkRows::of_rows(self.layout, row).with_names().read_next()?.row {
            TableRow::Plain(key_row) => Some(key_row.contact(String::new())),
            TableRow::Other(Item::Contact(row)) => Some(row.contact),
            TableRow::Other(_) => None,
        }
    }
}
