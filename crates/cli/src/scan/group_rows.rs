//! The rows that the second pass reads, by the numbers of their contacts.

use std::collections::BTreeSet;
use std::io;
use std::ops::Range;

use onefold::{Contact, Field, Normalizer};
use onefold_files::scan::{ChunkRows, KeyRow, TableRow};
use onefold_files::{IdOrigin, InputError, Item, Row, country};
use rayon::prelude::*;

use crate::scan::key_scan::{FileScan, KeyScan, NumberedChunk};
use crate::scan::row_bytes::{LoneRows, RowBytes};

/// A set of contacts, with the rank of each.
pub struct ContactSet {
    // A bit for each contact, and the number of bits set before each word.
    words: Vec<u64>,
    before: Vec<u32>,
}

impl ContactSet {
    /// Returns the set of the `members` among `contacts` contacts.
    pub fn new(contacts: usize, members: impl Iterator<Item = u32>) -> Self {
        let mut words = vec![0_u64; contacts.div_ceil(64) + 1];
        for contact in members {
            words[contact as usize / 64] |= 1 << (contact % 64);
        }
        let mut count = 0;
        let before = words.iter().map(|word| {
            let before = count;
            count += word.count_ones();
            before
        });
        let before = before.collect();
        Self { words, before }
    }

    /// Returns how many members come before a contact.
    fn rank(&self, contact: u32) -> usize {
        let (word, bit) = (contact as usize / 64, contact % 64);
        self.before[word] as usize + (self.words[word] & ((1 << bit) - 1)).count_ones() as usize
    }

    /// Returns true if one of the `count` contacts from `first` on is a member.
    pub fn has_any(&self, first: u32, count: u32) -> bool {
        self.rank(first.saturating_add(count)) > self.rank(first)
    }

    /// Returns true if a contact is a member.
    fn has(&self, contact: u32) -> bool {
        self.words[contact as usize / 64] >> (contact % 64) & 1 == 1
    }
}

/// The rows of some contacts.
pub struct GroupRows {
    contacts: ContactSet,
    rows: Vec<RowOffsets>,
    // The workspaces and ids of each chunk, and its rows.
    names: Vec<String>,
    texts: Vec<Vec<u8>>,
}

/// The position of a row: of its workspace and id, which are adjacent, and of its bytes.
#[derive(Clone, Copy, Default)]
struct RowOffsets {
    chunk: u32,
    workspace: u32,
    id: u32,
    name_end: u32,
    row: u32,
    row_end: u32,
}

/// Copies of the rows of some contacts in one buffer. The rows of a group are far apart in memory; copying them together lets the
/// processor wait for many of them at once.
pub struct CopiedRows {
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl CopiedRows {
    /// Returns the rows in the order of the contacts.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| self.text.get(start..end).unwrap_or_default())
    }
}

/// A row that was stored.
pub enum GroupRow<'a> {
    /// A plain row.
    Plain(KeyRow<'a>),
    /// The contact of any other row, with its name and the fields that produce match keys.
    Other(Contact<String>),
}

impl<'a> GroupRow<'a> {
    const PLAIN: u8 = 0;
    const OTHER: u8 = 1;

    /// Returns the row that [`GroupRows`] stored, or `None` if the file was changed and the row is gone.
    pub fn of(bytes: &'a [u8]) -> Option<Self> {
        match bytes.split_first()? {
            (&Self::PLAIN, packed) => KeyRow::unpack(packed).map(Self::Plain),
            (_, json) => serde_json::from_slice(json).ok().map(Self::Other),
        }
    }
}

/// The part of each row that the second pass stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowStorage {
    /// The values that produce match keys, and the name if the output shows it: [`GroupRow::of`] reads them.
    KeyValues {
        /// True if the name is stored.
        reads_names: bool,
    },
    /// The bytes: [`RowBytes::of`] reads them.
    Bytes,
}

/// Stores the rows of chunks.
struct ChunkStorage<'a> {
    normalizer: &'a Normalizer,
    storage: RowStorage,
}

/// The stored rows of one chunk.
#[derive(Default)]
struct ChunkGroupRows {
    names: String,
    text: Vec<u8>,
    // Where the workspace, the id and the row of each contact begin.
    starts: Vec<[u32; 3]>,
}

impl ChunkStorage<'_> {
    /// Stores the rows of a chunk that belong to `contacts`.
    fn read(
        &self,
        rows: &mut ChunkRows<'_>,
        file: &FileScan,
        numbered: &NumberedChunk,
        contacts: &ContactSet,
    ) -> ChunkGroupRows {
        if self.storage == (RowStorage::KeyValues { reads_names: true }) {
            rows.read_names();
        }
        let mut lone_rows = LoneRows::new(file);
        let mut stored = ChunkGroupRows::default();
        let first_contact = numbered.first_contact;
        let starts = (0_u32..).zip(&numbered.keys().starts);
        for (number, &start) in starts.filter(|(number, _)| contacts.has(first_contact + number)) {
            // There is no contact only if the file was changed meanwhile. The ranks of the others must stay.
            let next = rows.read_contact(number, start as usize);
            let span = next.as_ref().map_or(0..0, |next| next.span.clone());
            let row = next.map(|next| next.row);
            let (workspace, id) = match &row {
                Some(TableRow::Plain(row)) => (row.workspace.unwrap_or_default(), row.id),
                Some(TableRow::Other(Item::Contact(Row { workspace, contact, id_origin, .. }))) => {
                    let is_given = *id_origin == IdOrigin::Given;
                    (workspace.as_deref().unwrap_or_default(), if is_given { contact.id.as_str() } else { "" })
                }
                Some(TableRow::Other(_)) | None => ("", ""),
            };
            let at = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
            let start = at(stored.names.len());
            stored.names.push_str(workspace);
            let id_start = at(stored.names.len());
            file.push_id(id, numbered.line_of(number), &mut stored.names);
            stored.starts.push([start, id_start, at(stored.text.len())]);
            match (self.storage, row) {
                (RowStorage::KeyValues { .. }, Some(TableRow::Plain(row))) => {
                    stored.text.push(GroupRow::PLAIN);
                    row.pack(&mut stored.text);
                }
                (RowStorage::KeyValues { .. }, Some(TableRow::Other(Item::Contact(row)))) => {
                    stored.text.push(GroupRow::OTHER);
                    let json = serde_json::to_vec(&self.with_key_fields(row.contact));
                    stored.text.extend(json.expect("a contact is JSON"));
                }
                (RowStorage::Bytes, Some(TableRow::Plain(_))) => {
                    RowBytes::store(&span, rows.text().get(span.clone()).unwrap_or_default(), &mut stored.text);
                }
                (RowStorage::Bytes, Some(TableRow::Other(Item::Contact(row)))) => {
                    let bytes = rows.text().get(span.clone()).unwrap_or_default();
                    if lone_rows.gives_contact(bytes, &row) {
                        RowBytes::store(&span, bytes, &mut stored.text);
                    } else {
                        RowBytes::store_with(&span, bytes, &self.with_key_fields(row.contact), &mut stored.text);
                    }
                }
                (_, Some(TableRow::Other(_)) | None) => {}
            }
        }
        stored.names.shrink_to_fit();
        stored.text.shrink_to_fit();
        stored
    }

    /// Returns a contact with its name and the fields that produce match keys.
    fn with_key_fields(&self, contact: Contact<String>) -> Contact<String> {
        let mut contact = country::with_code(contact);
        let found = self.normalizer.contact(&contact);
        let mut kept = BTreeSet::from([Field::Country, Field::FirstName, Field::LastName, Field::DisplayName]);
        kept.extend(found.keys.into_iter().map(|key| key.place.field));
        kept.extend(found.rejections.into_iter().map(|rejection| rejection.place.field));
        contact.fields.retain(|field, _| kept.contains(field));
        contact
    }
}

impl GroupRows {
    /// Reads the rows of `contacts`.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn read(scan: &KeyScan, contacts: ContactSet, storage: RowStorage) -> Result<Self, InputError> {
        let storage = ChunkStorage { normalizer: scan.groups.normalizer(), storage };
        let of_chunk = |numbered: &NumberedChunk| {
            let has_any = contacts.has_any(numbered.first_contact, numbered.keys().contacts());
            let Some(file) = scan.files.get(numbered.file).filter(|_| has_any) else {
                return Ok(ChunkGroupRows::default());
            };
            let stored = file.file.read_again(&numbered.chunk, |rows| storage.read(rows, file, numbered, &contacts))?;
            // Places are counted in 32 bits.
            if u32::try_from(stored.text.len().max(stored.names.len())).is_err() {
                let reason = io::ErrorKind::FileTooLarge.into();
                return Err(InputError::Unreadable { name: file.file.name().to_owned(), reason });
            }
            Ok(stored)
        };
        let stored: Vec<ChunkGroupRows> = scan.chunks.par_iter().map(of_chunk).collect::<Result<_, InputError>>()?;
        Ok(Self::new(contacts, stored))
    }

    fn new(contacts: ContactSet, stored: Vec<ChunkGroupRows>) -> Self {
        let mut rows = Vec::with_capacity(stored.iter().map(|chunk| chunk.starts.len()).sum());
        let (mut names, mut texts) = (Vec::with_capacity(stored.len()), Vec::with_capacity(stored.len()));
        for (number, of_chunk) in (0..).zip(stored) {
            let end = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
            let all = [end(of_chunk.names.len()), 0, end(of_chunk.text.len())];
            let nexts = of_chunk.starts.iter().skip(1).chain([&all]);
            let positions = of_chunk.starts.iter().zip(nexts);
            rows.extend(positions.map(|(&[workspace, id, row], &[name_end, _, row_end])| RowOffsets {
                chunk: number,
                workspace,
                id,
                name_end,
                row,
                row_end,
            }));
            names.push(of_chunk.names);
            texts.push(of_chunk.text);
        }
        Self { contacts, rows, names, texts }
    }

    /// Returns what was stored of a contact's row.
    pub fn row(&self, contact: u32) -> &[u8] {
        self.position(contact).map_or(&[], |position| self.text_at(position))
    }

    /// Returns copies of the rows of some contacts.
    pub fn rows(&self, contacts: impl Iterator<Item = u32>) -> CopiedRows {
        let positions = self.positions(contacts);
        let bytes = positions.iter().map(|position| position.row_end.saturating_sub(position.row) as usize).sum();
        let mut copied = CopiedRows { text: Vec::with_capacity(bytes), ends: Vec::with_capacity(positions.len()) };
        for position in &positions {
            copied.text.extend_from_slice(self.text_at(position));
            copied.ends.push(copied.text.len());
        }
        copied
    }

    /// Returns the workspace of a contact, if its row names one, and its id.
    pub fn name(&self, contact: u32) -> (Option<&str>, &str) {
        self.position(contact).map_or((None, ""), |position| self.name_at(position))
    }

    /// Returns the names of some contacts together, so that the processor waits for many of them at once.
    pub fn names(&self, contacts: impl Iterator<Item = u32>) -> Vec<(Option<&str>, &str)> {
        self.positions(contacts).iter().map(|position| self.name_at(position)).collect()
    }

    fn positions(&self, contacts: impl Iterator<Item = u32>) -> Vec<RowOffsets> {
        contacts.map(|contact| self.position(contact).copied().unwrap_or_default()).collect()
    }

    fn position(&self, contact: u32) -> Option<&RowOffsets> {
        self.rows.get(self.contacts.rank(contact))
    }

    fn name_at(&self, position: &RowOffsets) -> (Option<&str>, &str) {
        let names = self.names.get(position.chunk as usize).map_or("", String::as_str);
        let name = |range: Range<u32>| names.get(range.start as usize..range.end as usize).unwrap_or_default();
        let workspace = name(position.workspace..position.id);
        ((!workspace.is_empty()).then_some(workspace), name(position.id..position.name_end))
    }

    fn text_at(&self, position: &RowOffsets) -> &[u8] {
        let text = self.texts.get(position.chunk as usize).map_or(&[][..], Vec::as_slice);
        text.get(position.row as usize..position.row_end as usize).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_count_the_members_before() {
        let members = [0, 5, 63, 64, 65, 200];
        let set = ContactSet::new(201, members.into_iter());
        for (rank, contact) in members.into_iter().enumerate() {
            assert_eq!((set.rank(contact), set.has(contact)), (rank, true));
        }
        assert!(!set.has(6) && !set.has(199));
    }
}
