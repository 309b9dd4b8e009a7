//! The contacts of all rows, for comparisons that need more of a row than its keys.

use onefold::Contact;
use onefold_files::country;
use onefold_files::scan::{ChunkRows, TableRow};
use onefold_files::{IdOrigin, Item};
use rayon::prelude::*;

use crate::failure::Failure;
use crate::input::rows;
use crate::scan::key_scan::{FileScan, KeyScan, NumberedChunk};

/// A contact with all its fields, and the number that it has in the scan.
#[derive(Debug)]
pub struct ScannedContact {
    /// The number of the contact.
    pub number: u32,
    /// The workspace that the row names.
    pub workspace: Option<String>,
    /// The contact.
    pub contact: Contact<String>,
}

/// Returns the contacts of a chunk, in order, without those whose ids an earlier contact has.
///
/// # Errors
/// The file cannot be read.
pub fn of_chunk(scan: &KeyScan, numbered: &NumberedChunk) -> Result<Vec<ScannedContact>, Failure> {
    let Some(file) = scan.files.get(numbered.file) else { return Ok(Vec::new()) };
    file.file.read_again(&numbered.chunk, |rows| read(scan, rows, file, numbered)).map_err(rows::failure)
}

/// Returns the contacts of all chunks, in order. All cores read.
///
/// # Errors
/// A file cannot be read.
pub fn of_scan(scan: &KeyScan) -> Result<Vec<ScannedContact>, Failure> {
    let read: Vec<Vec<ScannedContact>> =
        scan.chunks.par_iter().map(|numbered| of_chunk(scan, numbered)).collect::<Result<_, Failure>>()?;
    let mut contacts = Vec::with_capacity(scan.contacts);
    read.into_iter().for_each(|of_chunk| contacts.extend(of_chunk));
    Ok(contacts)
}

fn read(scan: &KeyScan, rows: &mut ChunkRows<'_>, file: &FileScan, numbered: &NumberedChunk) -> Vec<ScannedContact> {
    rows.read_contacts();
    let mut contacts = Vec::with_capacity(numbered.keys().contacts() as usize);
    let mut place = 0;
    while let Some(next) = rows.read_next() {
        let TableRow::Other(Item::Contact(row)) = next.row else { continue };
        let given = if row.id_origin == IdOrigin::Given { row.contact.id.as_str() } else { "" };
        let id = file.id(given, numbered.line_of(place));
        let number = numbered.first_contact + place;
        place += 1;
        if scan.duplicates.binary_search(&number).is_err() {
            let contact = country::with_code(row.contact.map_id(|_| id));
            contacts.push(ScannedContact { number, workspace: row.workspace, contact });
        }
    }
    contacts
}
