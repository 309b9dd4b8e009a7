//! The rows of a table that are needed once more, by the numbers of their contacts.

use std::ops::Range;

use onefold_files::{ChunkedFile, IdOrigin, Item, Row, TableRow};

use crate::commands::suggest::chunk_keys::Noted;

/// Some of the contacts of a table, each with its place among them.
pub struct Needed {
    // A bit for each contact, and how many bits are set before each word.
    words: Vec<u64>,
    before: Vec<u32>,
}

impl Needed {
    /// Those of `contacts` contacts that are named.
    pub fn new(contacts: usize, named: impl Iterator<Item = u32>) -> Self {
        let mut words = vec![0_u64; contacts.div_ceil(64) + 1];
        for contact in named {
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

    /// How many of them come before a contact.
    fn before(&self, contact: u32) -> usize {
        let (word, bit) = (contact as usize / 64, contact % 64);
        self.before[word] as usize + (self.words[word] & ((1 << bit) - 1)).count_ones() as usize
    }

    /// Whether there is one among so many contacts from `first` on.
    pub fn has_any(&self, first: u32, count: usize) -> bool {
        self.before(first.saturating_add(u32::try_from(count).unwrap_or(u32::MAX))) > self.before(first)
    }

    fn has(&self, contact: u32) -> bool {
        self.words[contact as usize / 64] >> (contact % 64) & 1 == 1
    }
}

/// The rows of the contacts that are needed.
pub struct Gathered {
    needed: Needed,
    rows: Vec<RowPlace>,
    // The workspaces and ids of each piece, and its rows.
    names: Vec<String>,
    texts: Vec<Vec<u8>>,
}

/// Where a row is kept: its workspace and its id, one behind the other, and its cells.
#[derive(Clone, Copy, Default)]
struct RowPlace {
    piece: u32,
    workspace: u32,
    id: u32,
    name_end: u32,
    row: u32,
    row_end: u32,
}

/// The rows of some contacts, one behind the other. Rows of a group are far apart in memory; copied together, the processor
/// waits for many of them at once.
pub struct Nearby {
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Nearby {
    /// The rows in the order of the contacts.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| self.text.get(start..end).unwrap_or_default())
    }
}

/// A row that was kept.
pub enum KeptRow<'a> {
    /// What a plain row says, as [`Brief::of_kept`](onefold_files::Brief::of_kept) reads it.
    Brief(&'a [u8]),
    /// Any other row, as it stands.
    Whole(&'a [u8]),
}

impl<'a> KeptRow<'a> {
    const BRIEF: u8 = 0;
    const WHOLE: u8 = 1;

    /// Of the bytes that a [`RowRange`] has of a row; `None` if the row is gone.
    pub fn of(bytes: &'a [u8]) -> Option<Self> {
        match bytes.split_first()? {
            (&Self::BRIEF, kept) => Some(Self::Brief(kept)),
            (_, row) => Some(Self::Whole(row)),
        }
    }
}

/// The rows of a piece that were kept.
#[derive(Default)]
pub struct RowRange {
    names: String,
    text: Vec<u8>,
    // Where the workspace, the id and the row of each contact begin.
    starts: Vec<[u32; 3]>,
}

impl RowRange {
    /// Keeps the rows of a piece that are needed, with names if those are shown; `base` is the number of its first contact, and
    /// `lines` how many lines stand before it.
    pub fn of(
        (table, noted, text, shows_names): (&ChunkedFile, &Noted, &[u8], bool),
        needed: &Needed,
        base: u32,
        (lines, prefix): (u64, &str),
    ) -> Self {
        let mut part = Self::default();
        let mut rows = if shows_names { table.some_rows(text).with_names() } else { table.some_rows(text) };
        for (place, &start) in (0_u32..).zip(&noted.starts).filter(|(place, _)| needed.has(base + place)) {
            rows.go_to(start as usize);
            // Only a file that was changed meanwhile has no contact there; the places of the others must stay.
            let (span, row) = match rows.read_next() {
                Some((span, _, row)) => (span, Some(row)),
                None => (0..0, None),
            };
            let (workspace, id) = match &row {
                Some(TableRow::Plain(brief)) => (brief.workspace.unwrap_or_default(), brief.id),
                Some(TableRow::Other(Item::Contact(Row {
                    workspace, contact, id_origin: IdOrigin::Given, ..
                }))) => (workspace.as_deref().unwrap_or_default(), contact.id.as_str()),
                Some(TableRow::Other(Item::Contact(Row { workspace, .. }))) => {
                    (workspace.as_deref().unwrap_or_default(), "")
                }
                Some(TableRow::Other(_)) | None => ("", ""),
            };
            let at = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
            let start = at(part.names.len());
            part.names.push_str(workspace);
            let id_start = at(part.names.len());
            match id {
                "" => part.names.push_str(&format!("{prefix}{}", lines + noted.line_of(place))),
                id => part.names.push_str(id),
            }
            part.starts.push([start, id_start, at(part.text.len())]);
            match &row {
                Some(TableRow::Plain(brief)) => {
                    part.text.push(KeptRow::BRIEF);
                    brief.keep(&mut part.text);
                }
                Some(TableRow::Other(_)) => {
                    part.text.push(KeptRow::WHOLE);
                    part.text.extend_from_slice(text.get(span).unwrap_or_default());
                }
                None => {}
            }
        }
        part.names.shrink_to_fit();
        part.text.shrink_to_fit();
        part
    }
}

impl Gathered {
    /// The rows of all pieces.
    pub fn new(needed: Needed, parts: Vec<RowRange>) -> Self {
        let mut rows = Vec::with_capacity(parts.iter().map(|part| part.starts.len()).sum());
        let (mut names, mut texts) = (Vec::with_capacity(parts.len()), Vec::with_capacity(parts.len()));
        for (piece, part) in (0..).zip(parts) {
            let end = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
            let all = [end(part.names.len()), 0, end(part.text.len())];
            let nexts = part.starts.iter().skip(1).chain([&all]);
            rows.extend(part.starts.iter().zip(nexts).map(|(&[workspace, id, row], &[name_end, _, row_end])| {
                RowPlace { piece, workspace, id, name_end, row, row_end }
            }));
            names.push(part.names);
            texts.push(part.text);
        }
        Self { needed, rows, names, texts }
    }

    /// The row of a contact.
    pub fn row(&self, contact: u32) -> &[u8] {
        self.place(contact).map_or(&[], |place| self.text_at(place))
    }

    /// The rows of some contacts.
    pub fn rows(&self, contacts: impl Iterator<Item = u32>) -> Nearby {
        let places = self.places(contacts);
        let bytes = places.iter().map(|place| place.row_end.saturating_sub(place.row) as usize).sum();
        let mut nearby = Nearby { text: Vec::with_capacity(bytes), ends: Vec::with_capacity(places.len()) };
        for place in &places {
            nearby.text.extend_from_slice(self.text_at(place));
            nearby.ends.push(nearby.text.len());
        }
        nearby
    }

    /// The workspace of a contact, if its row says one, and its id.
    pub fn name(&self, contact: u32) -> (Option<&str>, &str) {
        self.place(contact).map_or((None, ""), |place| self.name_at(place))
    }

    /// The same of some contacts. As with rows, the processor waits for many of them at once.
    pub fn names(&self, contacts: impl Iterator<Item = u32>) -> Vec<(Option<&str>, &str)> {
        self.places(contacts).iter().map(|place| self.name_at(place)).collect()
    }

    fn places(&self, contacts: impl Iterator<Item = u32>) -> Vec<RowPlace> {
        contacts.map(|contact| self.place(contact).copied().unwrap_or_default()).collect()
    }

    fn place(&self, contact: u32) -> Option<&RowPlace> {
        self.rows.get(self.needed.before(contact))
    }

    fn name_at(&self, place: &RowPlace) -> (Option<&str>, &str) {
        let names = self.names.get(place.piece as usize).map_or("", String::as_str);
        let name = |range: Range<u32>| names.get(range.start as usize..range.end as usize).unwrap_or_default();
        let workspace = name(place.workspace..place.id);
        ((!workspace.is_empty()).then_some(workspace), name(place.id..place.name_end))
    }

    fn text_at(&self, place: &RowPlace) -> &[u8] {
        let text = self.texts.get(place.piece as usize).map_or(&[][..], Vec::as_slice);
        text.get(place.row as usize..place.row_end as usize).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_those_before() {
        let named = [0, 5, 63, 64, 65, 200];
        let needed = Needed::new(201, named.into_iter());
        for (place, contact) in named.into_iter().enumerate() {
            assert_eq!((needed.before(contact), needed.has(contact)), (place, true));
        }
        assert!(!needed.has(6) && !needed.has(199));
    }
}
