//! Reads the text of a single row.

use onefold::Contact;
use onefold_files::{IdOrigin, Row};

/// Returns the contact of a row that was read alone, under the id that it has in its file if the row gives none.
pub fn named(row: Row, id: &str) -> Contact<String> {
    match row.id_origin {
        IdOrigin::Given => row.contact,
        IdOrigin::Line => row.contact.map_id(|_| id.to_owned()),
    }
}
