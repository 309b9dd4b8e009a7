//! The rows of a table that are needed once more, by the numbers of their contacts.

use std::ops::Range;

use onefold_cli::input::{IdOrigin, Item, Row, Table, TableRow};

use crate::suggest::noted::Noted;

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

    fn has(&self, contact: u32) -> bool {
        self.words[contact as usize / 64] >> (contact % 64) & 1 == 1
    }
}

/// The rows of the contacts that are needed.
pub struct Gathered {
    needed: Needed,
    rows: Vec<Place>,
    texts: Vec<Vec<u8>>,
}

/// Where a row is kept: its workspace, its id and its cells, one behind the other.
#[derive(Clone, Copy)]
struct Place {
    piece: u32,
    start: u32,
    id: u32,
    row: u32,
    end: u32,
}

/// A row that was kept.
#[derive(Clone, Copy)]
pub struct Kept<'a> {
    pub workspace: Option<&'a str>,
    pub id: &'a str,
    pub row: &'a [u8],
}

/// The rows of a piece that were kept.
pub struct Part {
    text: Vec<u8>,
    // Where the workspace, the id and the row of each contact begin.
    starts: Vec<[u32; 3]>,
}

impl Part {
    /// Keeps the rows of a piece that are needed; `base` is the number of its first contact, and `lines` how many lines
    /// stand before it.
    pub fn of(
        (table, noted, text): (&Table, &Noted, &[u8]),
        needed: &Needed,
        base: u32,
        (lines, prefix): (u64, &str),
    ) -> Self {
        let mut part = Self { text: Vec::new(), starts: Vec::new() };
        let mut rows = table.rows(text, true);
        for (place, &start) in (0_u32..).zip(&noted.starts).filter(|(place, _)| needed.has(base + place)) {
            rows.go_to(start as usize);
            let Some((span, _, row)) = rows.next() else { continue };
            let (workspace, id, is_plain) = match &row {
                TableRow::Plain(brief) => (brief.workspace.unwrap_or_default(), brief.id, true),
                TableRow::Other(Item::Contact(Row { workspace, contact, id_origin: IdOrigin::Given, .. })) => {
                    (workspace.as_deref().unwrap_or_default(), contact.id.as_str(), false)
                }
                TableRow::Other(Item::Contact(Row { workspace, .. })) => {
                    (workspace.as_deref().unwrap_or_default(), "", false)
                }
                TableRow::Other(_) => continue,
            };
            let at = |text: &Vec<u8>| u32::try_from(text.len()).unwrap_or(u32::MAX);
            let mut starts = [at(&part.text); 3];
            part.text.extend_from_slice(workspace.as_bytes());
            starts[1] = at(&part.text);
            match id {
                "" => part.text.extend_from_slice(format!("{prefix}{}", lines + noted.line_of(place)).as_bytes()),
                id => part.text.extend_from_slice(id.as_bytes()),
            }
            starts[2] = at(&part.text);
            match is_plain {
                true => rows.write_plain(&span, &mut part.text),
                false => part.text.extend_from_slice(text.get(span).unwrap_or_default()),
            }
            part.starts.push(starts);
        }
        part.text.shrink_to_fit();
        part
    }
}

impl Gathered {
    /// The rows of all pieces.
    pub fn new(needed: Needed, parts: Vec<Part>) -> Self {
        let mut rows = Vec::with_capacity(parts.iter().map(|part| part.starts.len()).sum());
        let mut texts = Vec::with_capacity(parts.len());
        for (piece, part) in (0..).zip(parts) {
            let end = u32::try_from(part.text.len()).unwrap_or(u32::MAX);
            let ends = part.starts.iter().skip(1).map(|starts| starts[0]).chain([end]);
            rows.extend(part.starts.iter().zip(ends).map(|(&[start, id, row], end)| Place {
                piece,
                start,
                id,
                row,
                end,
            }));
            texts.push(part.text);
        }
        Self { needed, rows, texts }
    }

    /// The row of a contact.
    pub fn row(&self, contact: u32) -> Kept<'_> {
        let Place { piece, start, id, row, end } = self.rows[self.needed.before(contact)];
        let text = &self.texts[piece as usize];
        let bytes = |range: Range<u32>| text.get(range.start as usize..range.end as usize).unwrap_or_default();
        let text = |range| std::str::from_utf8(bytes(range)).unwrap_or_default();
        let workspace = text(start..id);
        Kept { workspace: (!workspace.is_empty()).then_some(workspace), id: text(id..row), row: bytes(row..end) }
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
