//! The current rows of a file during an undo.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::io::{self, Write};
use std::ops::Range;

use onefold_files::scan::{ChunkRows, ScannedFile, TableRow};
use onefold_files::{Format, IdOrigin, InputError, InputShape, Item, LineEnd};

use crate::patch_file::{FileMerge, MergeRun, Original};
use crate::scan::key_scan::CHUNK_BYTES;

/// The workspace and the id of a row's contact.
pub type RowKey = (Option<String>, String);

/// Returns the workspace and the id of the contact of a row of a merge.
pub fn key_of(merged: &FileMerge, row: &Original) -> RowKey {
    (merged.workspace.as_deref().map(str::to_owned), row.contact.clone())
}

/// The rows of the file and the restored rows.
pub struct CurrentRows<'a> {
    // Every row and every other line of the file.
    segments: Vec<Range<usize>>,
    // The rows that were rewritten.
    changed: HashMap<usize, Vec<u8>>,
    back: Vec<Back<'a>>,
    // Only rows that a merge may refer to.
    by_contact: HashMap<RowKey, Vec<Spot>>,
    // Empty if all rows have ids.
    by_bytes: HashMap<Vec<u8>, Vec<Spot>>,
    has_made: bool,
    // The lines of those rows.
    lines: HashMap<usize, u64>,
    line_end: LineEnd,
    format: Format,
    /// The number of rows of the file.
    pub rows: usize,
}

/// A restored row.
struct Back<'a> {
    // The position in the first file.
    place: usize,
    bytes: Cow<'a, [u8]>,
}

/// The place of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    /// In the file, by its number.
    Here(usize),
    /// Among the restored rows, by its number.
    Back(usize),
}

impl<'a> CurrentRows<'a> {
    /// Reads the rows of a file.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn read(file: &mut ScannedFile, runs: &[MergeRun]) -> Result<Self, InputError> {
        let wanted = WantedRows::of(runs);
        let shape = file.shape().clone();
        let chunks = file.read_chunks(CHUNK_BYTES, |rows| wanted.find(rows, &shape))?;
        let mut current = Self {
            segments: shape.lines(file.header()).collect(),
            changed: HashMap::new(),
            back: Vec::new(),
            by_contact: HashMap::new(),
            by_bytes: HashMap::new(),
            has_made: !wanted.bytes.is_empty(),
            lines: HashMap::new(),
            line_end: shape.line_end,
            format: shape.format,
            rows: 0,
        };
        for chunk in chunks {
            let (first, at) = (current.segments.len(), chunk.range.start);
            let found = chunk.value;
            current.segments.extend(found.segments.into_iter().map(|span| span.start + at..span.end + at));
            for (number, bytes) in found.by_bytes {
                current.by_bytes.entry(bytes).or_default().push(Spot::Here(first + number));
            }
            for (number, line, key) in found.by_contact {
                current.lines.insert(first + number, chunk.lines_before + line);
                current.by_contact.entry(key).or_default().push(Spot::Here(first + number));
            }
            current.rows += found.rows;
        }
        Ok(current)
    }

    /// Returns the bytes of a row.
    pub fn bytes<'b>(&'b self, spot: Spot, content: &'b [u8]) -> &'b [u8] {
        match spot {
            Spot::Back(number) => self.back.get(number).map_or(b"", |back| &back.bytes),
            Spot::Here(number) => match self.changed.get(&number) {
                Some(bytes) => bytes,
                None => self.segments.get(number).and_then(|span| content.get(span.clone())).unwrap_or_default(),
            },
        }
    }

    /// Returns the rows that may be the current row of `contact`, which was `original`. A row without an id is recognised only by its
    /// bytes, which are `bytes`.
    pub fn rows_of(&self, contact: &RowKey, original: &Original, bytes: &[u8]) -> &[Spot] {
        let found = if original.is_made { self.by_bytes.get(bytes) } else { self.by_contact.get(contact) };
        found.map_or(&[], Vec::as_slice)
    }

    /// Returns the line of a row of the file.
    pub fn line(&self, spot: Spot) -> Option<u64> {
        match spot {
            Spot::Here(number) => self.lines.get(&number).copied(),
            Spot::Back(_) => None,
        }
    }

    /// Returns how many of a merge's retired rows are present, and how many it has.
    pub fn count_back(&self, merged: &FileMerge) -> (usize, usize) {
        let (mut back, mut all) = (0, 0);
        for (place, original) in merged.rows().enumerate() {
            let tells = if original.is_made {
                // The written row may be equal to a retired one.
                let same = merged.rows().filter(|other| other.is_made && other.bytes == original.bytes);
                same.count() > usize::from(merged.written == original.bytes)
            } else {
                place > 0
            };
            let key = key_of(merged, original);
            // Each of several rows with the same bytes needs its own match.
            let before = merged.rows().skip(1).take(place.saturating_sub(1));
            let same_before = before.filter(|other| original.is_made && other.is_made && other.bytes == original.bytes);
            let needed = original.alike + same_before.count();
            let is_back = || self.rows_of(&key, original, &original.bytes).len() > needed;
            all += usize::from(tells);
            back += usize::from(tells && is_back());
        }
        (back, all)
    }

    /// Rewrites a row.
    pub fn replace(&mut self, spot: Spot, content: &[u8], bytes: Vec<u8>) {
        if self.has_made {
            if let Some(spots) = self.by_bytes.get_mut(self.bytes(spot, content).to_vec().as_slice()) {
                spots.retain(|other| *other != spot);
            }
            self.by_bytes.entry(bytes.clone()).or_default().push(spot);
        }
        match spot {
            Spot::Here(number) => drop(self.changed.insert(number, bytes)),
            Spot::Back(number) => {
                if let Some(back) = self.back.get_mut(number) {
                    back.bytes = Cow::Owned(bytes);
                }
            }
        }
    }

    /// Restores a row at its position in the first file.
    pub fn bring_back(&mut self, contact: RowKey, original: &Original, place: usize, bytes: Cow<'a, [u8]>) {
        let spot = Spot::Back(self.back.len());
        if self.has_made {
            self.by_bytes.entry(bytes.to_vec()).or_default().push(spot);
        }
        if !original.is_made {
            self.by_contact.entry(contact).or_default().push(spot);
        }
        self.back.push(Back { place, bytes });
    }

    /// Returns the position of a restored row.
    pub fn place_of_back(&self, number: usize) -> Option<usize> {
        self.back.get(number).map(|back| back.place)
    }

    /// Writes all rows. Restored rows are at their positions without the rows at the sorted positions in `gone`, or at the end of a
    /// text that became shorter. A row that is no longer the last one gets `ending`, unless it is a vCard that shares its last line
    /// with the next one.
    ///
    /// # Errors
    /// The rows cannot be written.
    pub fn write(&self, content: &[u8], gone: &[usize], ending: &[u8], to: &mut impl Write) -> io::Result<()> {
        let mut back: Vec<(usize, &[u8])> = self
            .back
            .iter()
            .map(|back| (crate::commands::undo::row_positions::without(gone, back.place), &*back.bytes))
            .collect();
        back.sort_by_key(|(place, _)| *place);
        let mut back = back.into_iter().peekable();
        let mut here = (0..self.segments.len()).map(|number| self.bytes(Spot::Here(number), content)).peekable();
        // True if the bytes before lack a line end, and if they are a restored row.
        let (mut is_open, mut was_restored) = (false, false);
        for place in 0.. {
            let is_at_end = here.peek().is_none();
            let restored = back.next_if(|(wanted, _)| *wanted <= place || is_at_end).map(|(_, bytes)| bytes);
            let is_restored = restored.is_some();
            let Some(bytes) = restored.or_else(|| here.next()) else { break };
            // Two vCards of the file may share a line, but no retired one shares a line with another.
            if is_open && (self.format != Format::VCard || was_restored || is_restored) {
                to.write_all(ending)?;
            }
            to.write_all(bytes)?;
            if !bytes.is_empty() {
                is_open = match self.format {
                    Format::VCard => !matches!(bytes.last(), Some(b'\n' | b'\r')),
                    _ => !ends_line(bytes, self.line_end),
                };
                was_restored = is_restored;
            }
        }
        Ok(())
    }
}

/// Returns true if a text ends with the end of a line.
pub fn ends_line(text: &[u8], line_end: LineEnd) -> bool {
    text.ends_with(match line_end {
        LineEnd::Feed => b"\n",
        LineEnd::Return => b"\r",
    })
}

/// The contacts and the bytes by which rows are found.
struct WantedRows {
    contacts: HashSet<RowKey>,
    bytes: HashSet<Vec<u8>>,
}

/// The rows of a chunk, by their numbers among its rows and other lines.
struct ChunkSegments {
    segments: Vec<Range<usize>>,
    by_contact: Vec<(usize, u64, RowKey)>,
    by_bytes: Vec<(usize, Vec<u8>)>,
    rows: usize,
}

impl WantedRows {
    fn of(runs: &[MergeRun]) -> Self {
        let (mut contacts, mut bytes) = (HashSet::new(), HashSet::new());
        for merged in runs.iter().flat_map(|run| &run.merges) {
            if merged.survivor.is_made {
                bytes.insert(merged.written.clone());
            }
            for original in merged.rows() {
                if original.is_made {
                    bytes.insert(original.bytes.clone());
                } else {
                    contacts.insert(key_of(merged, original));
                }
            }
        }
        Self { contacts, bytes }
    }

    /// Returns the rows of a chunk, and those that are wanted.
    fn find(&self, rows: &mut ChunkRows<'_>, shape: &InputShape) -> ChunkSegments {
        let mut found = ChunkSegments { segments: Vec::new(), by_contact: Vec::new(), by_bytes: Vec::new(), rows: 0 };
        let lines_in = |text: &[u8], range: Range<usize>| -> Vec<Range<usize>> {
            let lines = shape.lines(text.get(range.clone()).unwrap_or_default());
            lines.map(|line| range.start + line.start..range.start + line.end).collect()
        };
        let mut at = 0;
        while let Some(next) = rows.read_next() {
            let (span, line) = (next.span.clone(), next.line);
            let key = match next.row {
                TableRow::Plain(row) if row.id.is_empty() => None,
                TableRow::Plain(row) => Some((row.workspace.map(str::to_owned), row.id.to_owned())),
                TableRow::Other(Item::Contact(row)) if row.id_origin == IdOrigin::Given => {
                    Some((row.workspace, row.contact.id))
                }
                TableRow::Other(Item::Contact(_)) => None,
                TableRow::Other(_) => continue,
            };
            if at < span.start {
                found.segments.extend(lines_in(rows.text(), at..span.start));
            }
            at = span.end;
            let number = found.segments.len();
            if !self.bytes.is_empty() {
                let text = rows.text().get(span.clone()).unwrap_or_default();
                if self.bytes.contains(text) {
                    found.by_bytes.push((number, text.to_vec()));
                }
            }
            found.segments.push(span);
            if let Some(key) = key.filter(|key| self.contacts.contains(key)) {
                found.by_contact.push((number, line, key));
            }
            found.rows += 1;
        }
        let end = rows.text().len();
        found.segments.extend(lines_in(rows.text(), at..end));
        found
    }
}
