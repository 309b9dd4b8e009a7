//! The rows that are there, while merges are taken back.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use onefold_files::{IdOrigin, Input, Item, LineEnd};

use crate::patch_file::{FileMerge, MergeRun, Original};

/// Which contact a row is of: its workspace, and its id there.
pub type RowKey = (Option<String>, String);

/// The rows of the file, and those that came back.
pub struct Live {
    // Every row, and every line that is none, as it stands in the file.
    segments: Vec<Range<usize>>,
    // The rows among them that were written anew.
    changed: HashMap<usize, Vec<u8>>,
    back: Vec<Back>,
    // Only those that a merge could be about.
    by_contact: HashMap<RowKey, Vec<Spot>>,
    by_bytes: HashMap<Vec<u8>, Vec<Spot>>,
    // The lines of those rows.
    lines: HashMap<usize, u64>,
    line_end: LineEnd,
    /// How many rows the file has.
    pub rows: usize,
}

/// A row that came back.
struct Back {
    // Its place in the first file.
    place: usize,
    bytes: Vec<u8>,
}

/// Where a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    /// In the file, by its number.
    Here(usize),
    /// Among those that came back, by its number.
    Back(usize),
}

impl Live {
    /// The rows of an input that none was read from yet.
    pub fn new(input: &mut Input, runs: &[MergeRun]) -> Self {
        let (contacts, bytes) = wanted(runs);
        let mut live = Self {
            segments: Vec::new(),
            changed: HashMap::new(),
            back: Vec::new(),
            by_contact: HashMap::new(),
            by_bytes: HashMap::new(),
            lines: HashMap::new(),
            line_end: input.shape().line_end,
            rows: 0,
        };
        let mut at = 0;
        while let Some(item) = input.next() {
            let Item::Contact(row) = item else { continue };
            if at < row.span.start {
                live.segments.extend(input.lines_in(at..row.span.start));
            }
            at = row.span.end;
            let spot = Spot::Here(live.segments.len());
            let text = input.content().get(row.span.clone()).unwrap_or_default();
            if bytes.contains(text) {
                live.by_bytes.entry(text.to_vec()).or_default().push(spot);
            }
            live.segments.push(row.span);
            let key = (row.workspace, row.contact.id);
            if row.id_origin == IdOrigin::Given && contacts.contains(&key) {
                live.lines.insert(live.segments.len() - 1, row.line);
                live.by_contact.entry(key).or_default().push(spot);
            }
            live.rows += 1;
        }
        live.segments.extend(input.lines_in(at..input.content().len()));
        live
    }

    /// The bytes of a row.
    pub fn bytes<'a>(&'a self, spot: Spot, content: &'a [u8]) -> &'a [u8] {
        match spot {
            Spot::Back(number) => self.back.get(number).map_or(b"", |back| back.bytes.as_slice()),
            Spot::Here(number) => match self.changed.get(&number) {
                Some(bytes) => bytes,
                None => self.segments.get(number).and_then(|span| content.get(span.clone())).unwrap_or_default(),
            },
        }
    }

    /// The rows that could be the one of `contact` that `original` tells of, as it is now. A row without an
    /// id is known by its bytes only, which are those of `bytes`.
    pub fn rows_of(&self, contact: &RowKey, original: &Original, bytes: &[u8]) -> &[Spot] {
        let found = if original.is_made { self.by_bytes.get(bytes) } else { self.by_contact.get(contact) };
        found.map_or(&[], Vec::as_slice)
    }

    /// The line of a row that the file has.
    pub fn line(&self, spot: Spot) -> Option<u64> {
        match spot {
            Spot::Here(number) => self.lines.get(&number).copied(),
            Spot::Back(_) => None,
        }
    }

    /// How many of the rows that are there only after a merge was taken back are there, and of how many.
    pub fn count_back(&self, merged: &FileMerge) -> (usize, usize) {
        let (mut back, mut all) = (0, 0);
        for (place, (id, original)) in merged.rows().enumerate() {
            let tells = if original.is_made {
                // The row that was written may be the same as one that went.
                let same = merged.rows().filter(|(_, other)| other.is_made && other.bytes == original.bytes);
                same.count() > usize::from(merged.written == original.bytes)
            } else {
                place > 0
            };
            let key = (merged.patch.workspace().map(str::to_owned), id.to_owned());
            // Of rows with the same bytes, each needs one of its own.
            let before = merged.rows().skip(1).take(place.saturating_sub(1));
            let same_before =
                before.filter(|(_, other)| original.is_made && other.is_made && other.bytes == original.bytes);
            let needed = original.alike + same_before.count();
            let is_back = || self.rows_of(&key, original, &original.bytes).len() > needed;
            all += usize::from(tells);
            back += usize::from(tells && is_back());
        }
        (back, all)
    }

    /// Writes a row anew.
    pub fn replace(&mut self, spot: Spot, content: &[u8], bytes: Vec<u8>) {
        if let Some(spots) = self.by_bytes.get_mut(self.bytes(spot, content).to_vec().as_slice()) {
            spots.retain(|other| *other != spot);
        }
        self.by_bytes.entry(bytes.clone()).or_default().push(spot);
        match spot {
            Spot::Here(number) => drop(self.changed.insert(number, bytes)),
            Spot::Back(number) => {
                if let Some(back) = self.back.get_mut(number) {
                    back.bytes = bytes;
                }
            }
        }
    }

    /// Lets a row come back, at its place in the first file.
    pub fn bring_back(&mut self, contact: RowKey, original: &Original, place: usize, bytes: Vec<u8>) {
        let spot = Spot::Back(self.back.len());
        self.by_bytes.entry(bytes.clone()).or_default().push(spot);
        if !original.is_made {
            self.by_contact.entry(contact).or_default().push(spot);
        }
        self.back.push(Back { place, bytes });
    }

    /// The place of a row that came back.
    pub fn place_of_back(&self, number: usize) -> Option<usize> {
        self.back.get(number).map(|back| back.place)
    }

    /// The text with all rows. Those that came back stand where they stood, less the rows at the places in
    /// `gone`, which is in order; what does not reach so far any more has them at its end. A row that was the
    /// last one, and is no more, gets `ending`.
    pub fn text(&self, content: &[u8], gone: &[usize], ending: &[u8]) -> Vec<u8> {
        let mut back: Vec<(usize, &[u8])> = self
            .back
            .iter()
            .map(|back| (crate::commands::undo::row_positions::without(gone, back.place), back.bytes.as_slice()))
            .collect();
        back.sort_by_key(|(place, _)| *place);
        let mut back = back.into_iter().peekable();
        let mut here = (0..self.segments.len()).map(|number| self.bytes(Spot::Here(number), content));
        let mut text: Vec<u8> = Vec::with_capacity(content.len());
        for place in 0.. {
            let next = match back.next_if(|(wanted, _)| *wanted <= place) {
                Some((_, bytes)) => Some(bytes),
                None => here.next().or_else(|| back.next().map(|(_, bytes)| bytes)),
            };
            let Some(bytes) = next else { break };
            if !text.is_empty() && !ends_line(&text, self.line_end) {
                text.extend_from_slice(ending);
            }
            text.extend_from_slice(bytes);
        }
        text
    }
}

/// Whether a text ends with the end of a line.
pub fn ends_line(text: &[u8], line_end: LineEnd) -> bool {
    text.ends_with(match line_end {
        LineEnd::Feed => b"\n",
        LineEnd::Return => b"\r",
    })
}

/// The contacts and the bytes that rows are looked for by.
fn wanted(runs: &[MergeRun]) -> (HashSet<RowKey>, HashSet<Vec<u8>>) {
    let (mut contacts, mut bytes) = (HashSet::new(), HashSet::new());
    for merged in runs.iter().flat_map(|run| &run.merges) {
        let workspace = merged.patch.workspace();
        if merged.survivor.is_made {
            bytes.insert(merged.written.clone());
        }
        for (id, original) in merged.rows() {
            if original.is_made {
                bytes.insert(original.bytes.clone());
            } else {
                contacts.insert((workspace.map(str::to_owned), id.to_owned()));
            }
        }
    }
    (contacts, bytes)
}
