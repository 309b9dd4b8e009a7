//! The text of the merged file, made and checked chunk by chunk.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use onefold_files::scan::TableRow;
use onefold_files::{Format, InputError, Item, LineEnd, Options, read_bytes};
use rayon::prelude::*;

use crate::commands::merge::row_changes::{RowChanges, RowRewrite};
use crate::failure::Failure;
use crate::input::rows;
use crate::scan::chunk_keys::line_count;
use crate::scan::group_rows::GroupRows;
use crate::scan::key_scan::{FileScan, KeyScan, NumberedChunk};
use crate::scan::row_bytes::RowBytes;

/// How many chunks are made before they are written.
const TOGETHER: usize = 8;

/// The text of a file after its merges.
pub struct MergedText<'a> {
    scan: &'a KeyScan,
    file: &'a FileScan,
    rows: &'a GroupRows,
    changes: &'a RowChanges,
    // How many remaining rows have the bytes of each participant without an id.
    copies: HashMap<&'a [u8], AtomicUsize>,
    // True until a row was not at its position.
    is_sound: AtomicBool,
}

/// The first pass over the text checks it and counts its rows; a pipe needs a second one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum TextPass {
    /// Every row must be at its position, and rows like participants without an id are counted.
    Checked,
    /// The text was checked before.
    Again,
}

impl<'a> MergedText<'a> {
    /// Returns the text of the only file of a scan. `made` are the participants without an id.
    pub fn new(
        scan: &'a KeyScan,
        rows: &'a GroupRows,
        changes: &'a RowChanges,
        made: impl Iterator<Item = u32>,
    ) -> Option<Self> {
        let file = scan.files.first()?;
        let bytes = made.filter_map(|contact| RowBytes::of(rows.row(contact)).map(|row| row.bytes));
        let copies = bytes.map(|bytes| (bytes, AtomicUsize::new(0))).collect();
        Some(Self { scan, file, rows, changes, copies, is_sound: AtomicBool::new(true) })
    }

    /// Returns the number of remaining rows with the same bytes as the row of a participant without an id.
    pub fn count_alike(&self, contact: u32) -> usize {
        let row = RowBytes::of(self.rows.row(contact));
        row.and_then(|row| self.copies.get(row.bytes)).map_or(0, |count| count.load(Ordering::Relaxed))
    }

    /// Passes the text, without byte order mark, to `put` in order.
    ///
    /// # Errors
    /// The file cannot be read, `put` fails, or a row of the new text is not at its position.
    pub fn write(
        &self,
        pass: TextPass,
        mut put: impl FnMut(&[u8]) -> Result<(), Failure> + Send,
    ) -> Result<(), Failure> {
        if self.file.file.is_chunked() {
            put(self.file.file.header())?;
        }
        let mut made: Vec<Vec<u8>> = Vec::new();
        for chunks in self.scan.chunks.chunks(TOGETHER) {
            let (written, next) = rayon::join(
                || made.iter().try_for_each(|text| put(text)),
                || chunks.par_iter().map(|chunk| self.chunk(chunk, pass)).collect::<Result<Vec<_>, InputError>>(),
            );
            written?;
            made = next.map_err(rows::failure)?;
        }
        made.iter().try_for_each(|text| put(text))?;
        match pass {
            TextPass::Checked if !self.is_sound.load(Ordering::Relaxed) => self.check_whole(),
            TextPass::Checked | TextPass::Again => Ok(()),
        }
    }

    /// Returns the new text of a chunk.
    fn chunk(&self, numbered: &NumberedChunk, pass: TextPass) -> Result<Vec<u8>, InputError> {
        let text = self.file.file.with_text(numbered.chunk.range.clone(), |text| self.changed(numbered, text))??;
        if pass == TextPass::Checked && !self.is_sound_chunk(numbered, &text)? {
            self.is_sound.store(false, Ordering::Relaxed);
        }
        Ok(text)
    }

    /// Copies unchanged rows of a chunk, replaces the survivors' rows and leaves out the retired ones.
    ///
    /// # Errors
    /// A row is not what it was when it was merged.
    fn changed(&self, numbered: &NumberedChunk, text: &[u8]) -> Result<Vec<u8>, InputError> {
        let other = || InputError::Changed { name: self.file.file.name().to_owned() };
        let mut changed = Vec::with_capacity(text.len());
        let mut at = 0;
        for change in self.changes.of(numbered.first_contact, numbered.end()) {
            let row = RowBytes::of(self.rows.row(change.contact)).ok_or_else(other)?;
            if text.get(row.span()) != Some(row.bytes) {
                return Err(other());
            }
            changed.extend_from_slice(text.get(at..row.start).ok_or_else(other)?);
            changed.extend_from_slice(self.changes.written(change).unwrap_or_default());
            at = row.span().end;
        }
        changed.extend_from_slice(text.get(at..).ok_or_else(other)?);
        Ok(changed)
    }

    /// Checks the rows of the new text of a chunk and counts those like participants without an id. Returns false if the rows
    /// may be others in the file.
    fn is_sound_chunk(&self, numbered: &NumberedChunk, text: &[u8]) -> Result<bool, InputError> {
        let file = &self.file.file;
        if !file.is_chunked() {
            // Only a reader of the whole file can tell.
            return Ok(self.changes.retired() == 0 && self.copies.is_empty());
        }
        if file.format() == Format::JsonLines {
            // A line of JSON Lines is a row whatever is around it. Only the first lines say that the text is JSON Lines.
            if !self.copies.is_empty() {
                text.split_inclusive(|byte| *byte == b'\n').for_each(|line| self.count(line));
            }
            return Ok(numbered.first_contact > 0 || self.changes.retired() == 0 || self.is_lines(numbered, text));
        }
        if self.copies.is_empty() && self.changes.of(numbered.first_contact, numbered.end()).is_empty() {
            return Ok(true);
        }
        let is_last = numbered.chunk.range.end >= file.text_len();
        // Further cards of contacts are rows of their own if a chunk is read alone.
        let has_more_rows = file.has_contacts_of_several_rows();
        let is_sound = file.read_text(text, is_last, |rows| {
            let mut expected = ExpectedRows::new(self, numbered);
            let mut spans = Vec::new();
            while let Some(next) = rows.read_next() {
                if matches!(next.row, TableRow::Plain(_) | TableRow::Other(Item::Contact(_))) {
                    if !expected.is_next(&next.span, text) {
                        if has_more_rows {
                            continue;
                        }
                        return false;
                    }
                    if !self.copies.is_empty() {
                        spans.push(next.span);
                    }
                }
            }
            spans.into_iter().for_each(|span| self.count(text.get(span).unwrap_or_default()));
            expected.is_end(text)
        })?;
        Ok(is_sound == Some(true))
    }

    fn count(&self, row: &[u8]) {
        if let Some(count) = self.copies.get(row) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Returns true if a reader of a text alone finds the lines of the remaining contacts.
    fn is_lines(&self, numbered: &NumberedChunk, text: &[u8]) -> bool {
        let changes = self.changes.of(numbered.first_contact, numbered.end());
        let retired = changes.iter().filter(|change| self.changes.written(change).is_none()).count();
        let contacts = numbered.keys().contacts() as usize - retired;
        let read = read_bytes("the result", text.to_vec(), &self.options());
        read.is_ok_and(|input| {
            let shape = input.shape();
            let is_same = shape == *self.file.file.shape();
            is_same && input.filter(|item| matches!(item, Item::Contact(_))).count() == contacts
        })
    }

    fn options(&self) -> Options {
        Options { format: Some(self.file.file.format()), ..self.file.file.options().clone() }
    }

    /// Reads the whole new text and checks the position of every row. An unclosed quote may change the rows after it when the row that
    /// closed it is gone.
    ///
    /// # Errors
    /// A row is not at its position, or the file cannot be read.
    fn check_whole(&self) -> Result<(), Failure> {
        let file = &self.file.file;
        let mut text = if file.is_chunked() { file.header().to_vec() } else { Vec::new() };
        // The remaining rows: the numbers of their contacts and their new positions.
        let mut remaining: Vec<(u32, Range<usize>)> = Vec::new();
        for numbered in &self.scan.chunks {
            let spans = file.read_again(&numbered.chunk, |rows| {
                let mut spans: Vec<Range<usize>> = Vec::with_capacity(numbered.keys().contacts() as usize);
                while let Some(next) = rows.read_next() {
                    if matches!(next.row, TableRow::Plain(_) | TableRow::Other(Item::Contact(_))) {
                        spans.push(next.span);
                    }
                }
                spans
            });
            let spans = spans.map_err(rows::failure)?;
            let mut changes = self.changes.of(numbered.first_contact, numbered.end()).iter().peekable();
            let changed = |chunk: &[u8]| {
                let mut at = 0;
                for (contact, span) in (numbered.first_contact..).zip(spans) {
                    text.extend_from_slice(chunk.get(at..span.start).unwrap_or_default());
                    let start = text.len();
                    let bytes = match changes.next_if(|change| change.contact == contact) {
                        Some(change) => self.changes.written(change),
                        None => chunk.get(span.clone()),
                    };
                    if let Some(bytes) = bytes {
                        text.extend_from_slice(bytes);
                        remaining.push((contact, start..text.len()));
                    }
                    at = span.end;
                }
                text.extend_from_slice(chunk.get(at..).unwrap_or_default());
            };
            file.with_text(numbered.chunk.range.clone(), changed).map_err(rows::failure)?;
        }
        self.copies.values().for_each(|count| count.store(0, Ordering::Relaxed));
        remaining.iter().for_each(|(_, span)| self.count(text.get(span.clone()).unwrap_or_default()));
        if self.changes.retired() == 0 {
            return Ok(());
        }
        let read = read_bytes("the result", text, &self.options());
        let read = read.map_err(|error| Failure::Input(error.to_string()))?;
        let mut found = read.filter_map(|item| if let Item::Contact(row) = item { Some(row.span) } else { None });
        for (contact, span) in &remaining {
            if found.next().as_ref() != Some(span) {
                let line = self.scan.chunk_of(*contact).map_or(0, |(chunk, number)| chunk.line_of(number));
                let cause = match file.format() {
                    Format::VCard => "card before it without END:VCARD",
                    _ => "quote near it that is not closed",
                };
                return Err(Failure::Input(format!(
                    "the row of line {line} cannot be distinguished from others when rows are removed; is there a {cause}?"
                )));
            }
        }
        match found.next() {
            None => Ok(()),
            Some(_) => {
                Err(Failure::Input("a line that is not a row would become one after rows are removed".to_owned()))
            }
        }
    }
}

/// The positions of the remaining rows of a chunk in its new text.
struct ExpectedRows<'a> {
    text: &'a MergedText<'a>,
    numbered: &'a NumberedChunk,
    // The number of the next contact in the chunk.
    next: u32,
    // The changes of the next contacts.
    changes: &'a [RowRewrite],
    // How many bytes the rows before have grown and shrunk by.
    grown: usize,
    shrunk: usize,
    // Where the last row ended, and the lines between rows up to there.
    at: usize,
    gap_lines: u64,
}

impl<'a> ExpectedRows<'a> {
    fn new(text: &'a MergedText<'a>, numbered: &'a NumberedChunk) -> Self {
        let changes = text.changes.of(numbered.first_contact, numbered.end());
        Self { text, numbered, next: 0, changes, grown: 0, shrunk: 0, at: 0, gap_lines: 0 }
    }

    /// Returns true if the row at `span` is the next remaining one.
    fn is_next(&mut self, span: &Range<usize>, text: &[u8]) -> bool {
        self.skip_retired();
        let keys = self.numbered.keys();
        let Some(&start) = keys.starts.get(self.next as usize) else { return false };
        if start as usize + self.grown != span.start + self.shrunk {
            return false;
        }
        self.gap_lines += line_count(text.get(self.at..span.start).unwrap_or_default(), LineEnd::Feed);
        let expected = keys.place_of(self.next) - u64::from(self.next);
        if self.gap_lines != expected {
            return false;
        }
        if let Some((change, rest)) = self.changes.split_first()
            && change.contact == self.numbered.first_contact + self.next
        {
            let written = self.text.changes.written(change).map_or(0, <[u8]>::len);
            let Some(row) = RowBytes::of(self.text.rows.row(change.contact)) else { return false };
            if span.len() != written {
                return false;
            }
            self.changes = rest;
            self.grown += written;
            self.shrunk += row.bytes.len();
        }
        self.next += 1;
        self.at = span.end;
        true
    }

    /// Returns true if no row is left, and the lines behind the last one are those of the chunk.
    fn is_end(&mut self, text: &[u8]) -> bool {
        self.skip_retired();
        let keys = self.numbered.keys();
        let gap_lines = self.gap_lines + line_count(text.get(self.at..).unwrap_or_default(), LineEnd::Feed);
        self.next == keys.contacts() && gap_lines == keys.places() - u64::from(keys.contacts())
    }

    fn skip_retired(&mut self) {
        while let Some((change, rest)) = self.changes.split_first()
            && change.contact == self.numbered.first_contact + self.next
            && self.text.changes.written(change).is_none()
        {
            self.shrunk += RowBytes::of(self.text.rows.row(change.contact)).map_or(0, |row| row.bytes.len());
            self.changes = rest;
            self.next += 1;
        }
    }
}
