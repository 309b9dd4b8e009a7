//! The records of a table: the cells of each row.

use std::ops::Range;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder, Terminator};

use crate::csv::record_end::Extents;
use crate::input::lines::{Line, Lines};

/// Reads the records of a table one by one. `csv_core` reads the cells; this type decides which lines form one record, and which
/// have a stray quote.
pub(crate) struct Records {
    lines: Lines,
    delimiter: u8,
    parser: Reader,
    extents: Extents,
    // The cells of the last record in one buffer, and where each ends.
    text: Vec<u8>,
    ends: Vec<usize>,
    text_len: usize,
    cells: usize,
    // How many bytes longer the cells are than the parser knows, as line breaks are kept as written.
    longer: usize,
    width: Option<usize>,
    span: Range<usize>,
}

/// One record, by its first line.
pub(crate) enum CsvRecord {
    /// The cells can be asked for.
    Read(u64),
    /// The line has a quote too many. The next record begins at the next line.
    Unbalanced(u64),
}

enum Fed {
    Complete,
    Open,
}

impl Records {
    /// Returns the records from the next line of `lines` on.
    pub(crate) fn new(lines: Lines, delimiter: u8) -> Self {
        let parser = ReaderBuilder::new().delimiter(delimiter).terminator(Terminator::Any(b'\n')).build();
        Self {
            lines,
            delimiter,
            parser,
            extents: Extents::new(delimiter),
            text: vec![0; 1024],
            ends: vec![0; 64],
            text_len: 0,
            cells: 0,
            longer: 0,
            width: None,
            span: 0..0,
        }
    }

    /// Returns the records of other content with the same delimiter, width and line ends, from its first line on.
    pub(crate) fn restarted(&self) -> Self {
        Self { width: self.width, ..Self::new(self.lines.restarted(), self.delimiter) }
    }

    /// Continues at the start of other content. Building a new parser would take ten times as long as reading a record, and a
    /// cloned parser does not work.
    pub(crate) fn restart(&mut self) {
        self.lines = self.lines.restarted();
        self.reset();
        self.extents = Extents::new(self.delimiter);
    }

    /// Continues with the line that begins at `at`, after `lines` lines of the same content.
    pub(crate) fn go_to(&mut self, at: usize, lines: u64) {
        self.lines.go_to(at, lines);
    }

    /// Returns true if the content ended before the end of the last record was certain.
    pub(crate) fn ran_out(&self) -> bool {
        self.extents.ran_out()
    }

    /// Returns the reader of the lines.
    pub(crate) fn lines(&self) -> &Lines {
        &self.lines
    }

    /// Returns the delimiter of the cells.
    pub(crate) fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// Returns the bytes of the record that was read last: whole lines.
    pub(crate) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// From now on, a record of several lines counts only if it has as many cells as the last record.
    pub(crate) fn expect_same_width(&mut self) {
        self.width = Some(self.cells);
    }

    /// Returns the number of the last line that was read.
    pub(crate) fn line(&self) -> u64 {
        self.lines.number()
    }

    /// Returns the next record. Blank lines are skipped.
    pub(crate) fn next(&mut self, content: &[u8]) -> Option<CsvRecord> {
        let line = loop {
            let line = self.lines.next(content)?;
            if !line.text(content).iter().all(|byte| *byte == b' ') {
                break line;
            }
        };
        self.text_len = 0;
        self.cells = 0;
        self.longer = 0;
        self.span = line.start..line.next;
        if matches!(self.feed(content, line), Fed::Complete) {
            return Some(CsvRecord::Read(line.number));
        }
        // All cells of the first line but the open one are complete, one for each delimiter.
        let cells = self.extents.delimiters(content, &self.lines).map(|more| self.cells + more + 1);
        if cells.is_none_or(|cells| self.width.is_some_and(|width| width != cells)) {
            self.reset();
            return Some(CsvRecord::Unbalanced(line.number));
        }
        while let Some(more) = self.lines.next(content) {
            self.span.end = more.next;
            if matches!(self.feed(content, more), Fed::Complete) {
                break;
            }
        }
        Some(CsvRecord::Read(line.number))
    }

    /// Returns the cells of the record that was read last.
    pub(crate) fn cells(&self) -> impl Iterator<Item = &[u8]> {
        let ends = self.ends.get(..self.cells).unwrap_or_default();
        let starts = std::iter::once(&0).chain(ends);
        starts.zip(ends).map(|(start, end)| self.text.get(*start..*end).unwrap_or_default())
    }

    /// Begins a record anew. A parser that has read nothing would pass over a byte order mark, which belongs to the first
    /// cell of a row, so that it reads an empty line first.
    fn reset(&mut self) {
        self.parser.reset();
        self.parser.read_record(b"\n", &mut [0], &mut [0]);
    }

    fn feed(&mut self, content: &[u8], line: Line) -> Fed {
        for mut input in [line.text(content), b"\n"] {
            while !input.is_empty() {
                let text = self.text.get_mut(self.text_len..).unwrap_or_default();
                let ends = self.ends.get_mut(self.cells..).unwrap_or_default();
                let (result, read, written, cells) = self.parser.read_record(input, text, ends);
                ends.iter_mut().take(cells).for_each(|end| *end += self.longer);
                input = input.get(read..).unwrap_or_default();
                self.text_len += written;
                self.cells += cells;
                match result {
                    ReadRecordResult::Record => return Fed::Complete,
                    ReadRecordResult::OutputFull => self.text.resize(self.text.len() * 2, 0),
                    ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                    ReadRecordResult::InputEmpty | ReadRecordResult::End => {}
                }
            }
        }
        // The line break belongs to the open cell, and is kept as it was written.
        let ending = line.ending(content);
        if !ending.is_empty() {
            let start = self.text_len.saturating_sub(1);
            self.text_len = start + ending.len();
            if self.text.len() < self.text_len {
                self.text.resize(self.text_len * 2, 0);
            }
            if let Some(place) = self.text.get_mut(start..self.text_len) {
                place.copy_from_slice(ending);
            }
            self.longer += ending.len() - 1;
        }
        Fed::Open
    }
}
