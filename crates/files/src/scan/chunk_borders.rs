//! Where the chunks of a file begin: where a row seems to begin.

use std::io;
use std::ops::Range;

use memchr::{memchr, memmem};

use crate::csv::plain_record::{self, PlainLine};
use crate::input::stored_text::StoredText;
use crate::json::tokens::ElementStart;
use crate::scan::layout::{Layout, is_begin_of_card};

/// How many bytes after its wanted end the end of a chunk is searched in at a time.
const WINDOW_BYTES: usize = 64 * 1024;

/// A file has at least this number of chunks, unless they would be smaller than [`MIN_CHUNK_BYTES`].
const MIN_CHUNKS: usize = 32;

/// Chunks are not made smaller than this for the sake of their number.
const MIN_CHUNK_BYTES: usize = 1 << 20;

/// The text that is cut into chunks.
pub(crate) struct ChunkBorders<'a> {
    /// The text of the file.
    pub(crate) text: &'a StoredText,
    /// The layout of its rows.
    pub(crate) layout: &'a Layout,
    /// The bytes of its rows.
    pub(crate) rows: Range<usize>,
}

impl ChunkBorders<'_> {
    /// Returns the chunks in order, without the header. They end where rows seem to end.
    pub(crate) fn ranges(&self, bytes: usize) -> io::Result<Vec<Range<usize>>> {
        if let Layout::OneChunk = self.layout {
            return Ok(vec![self.rows.clone()]);
        }
        let bytes = bytes.clamp(1, (self.rows.len() / MIN_CHUNKS).max(MIN_CHUNK_BYTES));
        let mut chunks = Vec::new();
        let mut start = self.rows.start;
        while start < self.rows.end {
            let wanted = start.saturating_add(bytes);
            let end = match &self.layout {
                Layout::Cards => self.end_of_card(wanted),
                Layout::Elements(elements) => self.end_of_element(wanted, &elements.start),
                _ => self.end_of_row(wanted),
            }?;
            chunks.push(start..end);
            start = end;
        }
        Ok(chunks)
    }

    /// Returns the first offset from `at` on at which a row seems to end.
    fn end_of_row(&self, at: usize) -> io::Result<usize> {
        let mut space = Vec::new();
        let mut from = at;
        let mut spans = Vec::new();
        while from < self.rows.end {
            let end = (from + WINDOW_BYTES).min(self.rows.end);
            let window = self.text.read(from..end, &mut space)?;
            let mut line = memchr(b'\n', window).map(|feed| feed + 1);
            let first = line;
            if let Layout::Cells(cells) = &self.layout {
                while let Some(start) = line.filter(|start| *start < window.len()) {
                    let next = memchr(b'\n', window.get(start..).unwrap_or_default()).map(|feed| start + feed + 1);
                    let is_record = plain_record::read_line(window, start, cells.delimiter(), &mut spans);
                    if next.is_some_and(|next| is_record == PlainLine::Plain(next))
                        && spans.len() == cells.roles.columns
                    {
                        return Ok(from + start);
                    }
                    line = next;
                }
            }
            if let Some(first) = first.filter(|first| from + first < self.rows.end) {
                return Ok(from + first);
            }
            from = end;
        }
        Ok(self.rows.end)
    }

    /// Returns the first offset from `at` on at which an element of an array seems to begin.
    fn end_of_element(&self, at: usize, start: &ElementStart) -> io::Result<usize> {
        let mut space = Vec::new();
        let mut from = at;
        while from < self.rows.end {
            let end = (from + WINDOW_BYTES + start.pattern.len()).min(self.rows.end);
            let window = self.text.read(from..end, &mut space)?;
            if let Some(found) = memmem::find(window, &start.pattern) {
                return Ok(from + found + start.comma);
            }
            from += WINDOW_BYTES;
        }
        Ok(self.rows.end)
    }

    /// Returns the first offset from `at` on at which a vCard ends and the next one begins.
    fn end_of_card(&self, at: usize) -> io::Result<usize> {
        let mut space = Vec::new();
        let (mut from, mut was_end) = (at, false);
        while from < self.rows.end {
            let end = (from + WINDOW_BYTES).min(self.rows.end);
            let window = self.text.read(from..end, &mut space)?;
            let mut start = 0;
            while let Some(line) = memchr(b'\n', window.get(start..).unwrap_or_default()) {
                let text = window.get(start..start + line).unwrap_or_default().trim_ascii_end();
                if was_end && is_begin_of_card(text) {
                    return Ok(from + start);
                }
                was_end = text.eq_ignore_ascii_case(b"END:VCARD") || was_end && text.is_empty();
                start += line + 1;
            }
            // A line that is longer than the window is passed over.
            from = if start == 0 { end } else { from + start };
        }
        Ok(self.rows.end)
    }
}
