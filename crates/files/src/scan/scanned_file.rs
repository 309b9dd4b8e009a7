//! A file whose rows are read in parallel, in chunks.
//!
//! A line of JSON Lines is always a row. In a table, the rows must not depend on where the chunks end. So a chunk begins at a
//! line that is a plain record on its own, which a line inside a quoted cell hardly ever is, and the chunk before it, read from
//! its own start, must end exactly there. If it does not, it is read again together with the next chunks. A file whose chunks
//! cannot be read on their own, such as a vCard file, is one chunk.

use std::borrow::Cow;
use std::cell::RefCell;
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use memchr::{memchr, memmem};
use rayon::prelude::*;

use crate::Input;
use crate::csv::plain_record::{self, PlainLine};
use crate::input::content::{Content, InputSource, unreadable};
use crate::input::format::Format;
use crate::input::shape::{InputShape, LineEnd};
use crate::input::stored_text::StoredText;
use crate::mapping::identifier::Identifiers;
use crate::mapping::unread_column;
use crate::options::Options;
use crate::problem::{InputError, Problem};
use crate::row::LinePrefixes;
use crate::scan::chunk_rows::{ChunkEnd, ChunkRows};
use crate::scan::layout::Layout;
use crate::scan::row_facts::RowFacts;
use crate::values::zero_id::ZeroIds;

/// How many bytes after its wanted end the end of a chunk is searched in at a time.
const WINDOW_BYTES: usize = 64 * 1024;

/// A file has at least this number of chunks, unless they would be smaller than [`MIN_CHUNK_BYTES`].
const MIN_CHUNKS: usize = 32;

/// Chunks are not made smaller than this for the sake of their number.
const MIN_CHUNK_BYTES: usize = 1 << 20;

/// An input whose chunks are read in parallel.
pub struct ScannedFile {
    name: String,
    options: Options,
    text: StoredText,
    layout: Layout,
    // The bytes of the rows.
    rows: Range<usize>,
    prefix: &'static [u8],
    was_recoded: bool,
    fault: Option<Problem>,
    shape: InputShape,
    // The reader of a file of one chunk, before its first use.
    input: Mutex<Option<Input>>,
    // The identifiers of the options that no column of a file of one chunk has.
    lacking: Vec<String>,
    facts: RowFacts,
    lines: u64,
}

impl std::fmt::Debug for ScannedFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ScannedFile").field("name", &self.name).field("bytes", &self.text.len()).finish_non_exhaustive()
    }
}

/// A chunk of a file, and what was read from it.
#[derive(Debug)]
#[non_exhaustive]
pub struct ScannedChunk<T> {
    /// The bytes of the chunk in the text of the file.
    pub range: Range<usize>,
    /// The number of lines before it.
    pub lines_before: u64,
    /// The number of its lines.
    pub lines: u64,
    /// What was read.
    pub value: T,
}

impl ScannedFile {
    /// Opens an input. Standard input, packed text and text in UTF-16 are stored first: in memory, or in a temporary file if they
    /// are large.
    ///
    /// # Errors
    /// - The source cannot be read, unpacks to more than the options allow, or is not text.
    /// - The table has no column that could identify a contact.
    /// - The options name a field or a column that does not exist.
    pub fn open(source: &InputSource, options: &Options) -> Result<Self, InputError> {
        let path = match source {
            InputSource::Path(path) => Some(path.as_path()),
            InputSource::Stdin => None,
        };
        Self::of(&source.to_string(), path, Content::open(source, options.unpack_limit)?, options)
    }

    /// Opens an input whose bytes were read elsewhere, such as an upload. `name` is used in messages, and its extension gives the
    /// format.
    ///
    /// # Errors
    /// The errors of [`open`](Self::open).
    pub fn of_bytes(name: &str, bytes: Vec<u8>, options: &Options) -> Result<Self, InputError> {
        let content = Content::of(name, StoredText::Memory(Arc::new(bytes)), options.unpack_limit)?;
        Self::of(name, Some(Path::new(name)), content, options)
    }

    fn of(name: &str, path: Option<&Path>, content: Content, options: &Options) -> Result<Self, InputError> {
        for mapping in &options.map {
            mapping.target()?;
        }
        let Content { text, head, prefix, was_recoded, fault } = content;
        let format = options.format.unwrap_or_else(|| Format::of(path, &head));
        if let Some(kind) = Format::other(&head) {
            return Err(InputError::OtherFormat { name: name.to_owned(), kind });
        }
        let is_all = head.len() == text.len();
        let layout = if head.trim_ascii().is_empty() {
            Layout::OneChunk
        } else {
            Layout::of(name, &head, is_all, format, options)?
        };
        let rows = layout.header().len()..text.len();
        let options = Options { format: Some(format), ..options.clone() };
        let shape = InputShape::new(format, layout.header().to_vec(), LineEnd::Feed);
        let (lines, facts) = (layout.header_lines(), RowFacts::default());
        let mut file = Self {
            name: name.to_owned(),
            options,
            text,
            layout,
            rows,
            prefix,
            was_recoded,
            fault,
            shape,
            input: Mutex::new(None),
            lacking: Vec::new(),
            facts,
            lines,
        };
        if !file.is_chunked() {
            file.make_one_chunk()?;
        }
        Ok(file)
    }

    /// From now on, the file is one chunk.
    fn make_one_chunk(&mut self) -> Result<(), InputError> {
        self.layout = Layout::OneChunk;
        self.rows = 0..self.text.len();
        let input = self.new_input()?;
        self.shape = input.shape();
        self.lacking = input.unseen_identifiers().map(str::to_owned).collect();
        self.input = Mutex::new(Some(input));
        Ok(())
    }

    /// Reads all chunks, of about `bytes` bytes each, on all cores, and returns in order what `read` made of their rows. `read` may
    /// see the rows of a chunk several times: only what it returned last counts.
    ///
    /// # Errors
    /// The file cannot be read, or a reader of the whole file refuses it.
    ///
    /// # Cost
    /// O(n). A record that spans many chunks costs a second reading of them.
    pub fn read_chunks<T: Send>(
        &mut self,
        bytes: usize,
        read: impl Fn(&mut ChunkRows<'_>) -> T + Sync,
    ) -> Result<Vec<ScannedChunk<T>>, InputError> {
        let mut chunks = match self.try_chunks(bytes, &read)? {
            Some(chunks) => chunks,
            None => {
                self.make_one_chunk()?;
                vec![self.read_chunk(self.rows.clone(), &read)?]
            }
        };
        if chunks.iter().any(|chunk| chunk.drops_zeros) {
            self.options.zero_ids = ZeroIds::Placeholders;
        }
        let mut facts = self.no_facts();
        chunks.iter_mut().for_each(|chunk| facts.append(std::mem::take(&mut chunk.facts)));
        if facts.repeats_zero() && self.options.zero_ids == ZeroIds::UnlessRepeated {
            self.options.zero_ids = ZeroIds::Placeholders;
            return self.read_chunks(bytes, read);
        }
        let mut lines_before = self.layout.header_lines();
        let mut scanned = Vec::with_capacity(chunks.len());
        for ReadChunk { range, lines, value, .. } in chunks {
            scanned.push(ScannedChunk { range, lines_before, lines, value });
            lines_before += lines;
        }
        (self.lines, self.facts) = (lines_before, facts);
        Ok(scanned)
    }

    /// Reads the rows of a chunk again, for callers that skip most of them.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn read_again<T, U>(
        &self,
        chunk: &ScannedChunk<T>,
        read: impl FnOnce(&mut ChunkRows<'_>) -> U,
    ) -> Result<U, InputError> {
        if let Layout::OneChunk = self.layout {
            return Ok(read(&mut ChunkRows::of_input(self.input()?, self.no_facts())));
        }
        self.with_text(chunk.range.clone(), |text| {
            Ok(read(&mut ChunkRows::of_rows(&self.layout, &self.options, text, self.no_facts())?))
        })?
    }

    /// Reads the rows of a text that takes the place of a chunk; the rows of the last chunk may end without a line end. Returns
    /// `None` if a row might go on behind the text, or if this file is one chunk.
    ///
    /// # Errors
    /// The options name a field that does not exist.
    pub fn read_text<U>(
        &self,
        text: &[u8],
        is_last: bool,
        read: impl FnOnce(&mut ChunkRows<'_>) -> U,
    ) -> Result<Option<U>, InputError> {
        if let Layout::OneChunk = self.layout {
            return Ok(None);
        }
        let mut rows = ChunkRows::of_chunk(&self.layout, &self.options, text, is_last, self.no_facts())?;
        let value = read(&mut rows);
        Ok((rows.end() == ChunkEnd::Whole).then_some(value))
    }

    /// Passes the bytes of a range of the text to `use_text`. Each thread has one buffer for all its ranges.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn with_text<U>(&self, range: Range<usize>, use_text: impl FnOnce(&[u8]) -> U) -> Result<U, InputError> {
        thread_local! {
            static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
        }
        let mut buffer = BUFFER.take();
        let result = self.text.read(range, &mut buffer).map(use_text);
        BUFFER.set(buffer);
        result.map_err(|reason| unreadable(&self.name, reason))
    }

    /// Returns the name in messages.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the format that the rows are read as.
    pub fn format(&self) -> Format {
        self.shape.format
    }

    /// Returns the options that the rows are read by, with what all rows decided ([`Options::zero_ids`]).
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Returns the lines before the rows.
    pub fn header(&self) -> &[u8] {
        self.layout.header()
    }

    /// Returns the shape of the input, which [`like`](crate::like) reads single rows with.
    pub fn shape(&self) -> &InputShape {
        &self.shape
    }

    /// Returns the length of the text in bytes.
    pub fn text_len(&self) -> usize {
        self.text.len()
    }

    /// Returns the byte order mark before the text, or nothing.
    pub fn prefix(&self) -> &'static [u8] {
        self.prefix
    }

    /// Returns true if the text was UTF-16, so that it differs from the bytes of the file.
    pub fn was_recoded(&self) -> bool {
        self.was_recoded
    }

    /// Returns true if the packed data ends early or is damaged, so that text is missing.
    pub fn is_damaged(&self) -> bool {
        self.fault == Some(Problem::Damaged)
    }

    /// Returns true if the rows are read in several chunks, and false if the whole file is one.
    pub fn is_chunked(&self) -> bool {
        !matches!(self.layout, Layout::OneChunk)
    }

    /// Returns true if rows are lines of cells, so that reading an id again is cheap.
    pub fn has_cells(&self) -> bool {
        matches!(self.layout, Layout::Cells(_))
    }

    /// Returns the identifiers of the options that no row has, in order. All of them before [`read_chunks`](Self::read_chunks).
    pub fn unseen_identifiers(&self) -> impl Iterator<Item = &str> {
        self.facts.unseen()
    }

    /// Returns the first identifier of the options that no row can have, since the header names all that there are.
    pub fn impossible_identifier(&self) -> Option<&str> {
        match &self.layout {
            Layout::Cells(cells) if !cells.csv.has_custom_fields() => cells.csv.lacking().first().map(String::as_str),
            _ => None,
        }
    }

    /// Returns the problems of the whole input, in order, each with its line or 0: after [`read_chunks`](Self::read_chunks). Those
    /// of a file of one chunk are among its rows.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn problems(&self) -> Result<Vec<(u64, Problem)>, InputError> {
        if let Layout::OneChunk = self.layout {
            return Ok(Vec::new());
        }
        let end = self.rows.end.min(self.rows.start.saturating_add(unread_column::SAMPLED_BYTES));
        let unread = self.with_text(self.rows.start..end, |rows| match &self.layout {
            Layout::Cells(cells) => Ok(cells.csv.unread_in(rows)),
            _ => Layout::objects(&self.options, ZeroIds::UnlessRepeated).map(|mut json| json.unread_in_lines(rows)),
        })??;
        let fault = self.fault.iter().map(|fault| (self.lines, fault.clone()));
        Ok(fault.chain(unread.into_iter().map(|problem| (0, problem))).collect())
    }

    /// Returns the prefixes of generated ids that occur in the text: [`LinePrefixes::prefix`] gives one that does not.
    ///
    /// # Errors
    /// The file cannot be read.
    ///
    /// # Cost
    /// O(n): reads the file.
    pub fn line_prefixes<'a, T: Sync + 'a>(
        &self,
        chunks: impl IntoIterator<Item = &'a ScannedChunk<T>>,
    ) -> Result<LinePrefixes, InputError> {
        let chunks: Vec<&ScannedChunk<T>> = chunks.into_iter().collect();
        let mut all = LinePrefixes::default();
        all.add_lines(self.header());
        let of_chunk = |chunk: &&ScannedChunk<T>| {
            self.with_text(chunk.range.clone(), |text| {
                let mut prefixes = LinePrefixes::default();
                prefixes.add_lines(text);
                if let Cow::Owned(text) = without_escapes(text) {
                    prefixes.add_lines(&text);
                }
                prefixes
            })
        };
        let of_chunks: Vec<LinePrefixes> = chunks.par_iter().map(of_chunk).collect::<Result<_, InputError>>()?;
        Ok(of_chunks.into_iter().fold(all, LinePrefixes::union))
    }

    /// Reads all chunks; `None` if a row can be judged only by a reader of the whole file.
    fn try_chunks<T: Send>(
        &self,
        bytes: usize,
        read: &(impl Fn(&mut ChunkRows<'_>) -> T + Sync),
    ) -> Result<Option<Vec<ReadChunk<T>>>, InputError> {
        let ranges = self.chunk_ranges(bytes)?;
        let chunks: Vec<ReadChunk<T>> =
            ranges.into_par_iter().map(|range| self.read_chunk(range, read)).collect::<Result<_, InputError>>()?;
        let mut whole: Vec<ReadChunk<T>> = Vec::with_capacity(chunks.len());
        let mut chunks = chunks.into_iter();
        while let Some(mut next) = chunks.next() {
            // A record that goes on for many chunks is looked for in ever more of them, so that none is read often.
            let mut joined = 1;
            while next.end == ChunkEnd::Cut {
                let Some(last) = chunks.by_ref().take(joined).last() else { break };
                let range = next.range.start..last.range.end;
                if u32::try_from(range.len()).is_err() {
                    return Ok(None);
                }
                next = self.read_chunk(range, read)?;
                joined *= 2;
            }
            if next.end != ChunkEnd::Whole {
                return Ok(None);
            }
            whole.push(next);
        }
        Ok(Some(whole))
    }

    fn read_chunk<T>(
        &self,
        range: Range<usize>,
        read: &impl Fn(&mut ChunkRows<'_>) -> T,
    ) -> Result<ReadChunk<T>, InputError> {
        let made = |rows: &mut ChunkRows<'_>| {
            let value = read(rows);
            let drops_zeros = rows.drops_zeros();
            let (lines, facts) = (rows.lines(), rows.take_facts());
            ReadChunk { range: range.clone(), end: rows.end(), lines, facts, drops_zeros, value }
        };
        let chunk = if let Layout::OneChunk = self.layout {
            made(&mut ChunkRows::of_input(self.input()?, self.no_facts()))
        } else {
            self.with_text(range.clone(), |text| {
                let is_last = range.end >= self.rows.end;
                let rows = ChunkRows::of_chunk(&self.layout, &self.options, text, is_last, self.no_facts());
                rows.map(|mut rows| made(&mut rows))
            })??
        };
        Ok(chunk)
    }

    /// Returns the chunks in order, without the header. They end where rows seem to end.
    fn chunk_ranges(&self, bytes: usize) -> Result<Vec<Range<usize>>, InputError> {
        if let Layout::OneChunk = self.layout {
            return Ok(vec![self.rows.clone()]);
        }
        let bytes = bytes.clamp(1, (self.rows.len() / MIN_CHUNKS).max(MIN_CHUNK_BYTES));
        let mut chunks = Vec::new();
        let mut start = self.rows.start;
        while start < self.rows.end {
            let end = self.end_of_row(start.saturating_add(bytes))?;
            chunks.push(start..end);
            start = end;
        }
        Ok(chunks)
    }

    /// Returns the first offset from `at` on at which a row seems to end.
    fn end_of_row(&self, at: usize) -> Result<usize, InputError> {
        let mut space = Vec::new();
        let mut from = at;
        let mut spans = Vec::new();
        while from < self.rows.end {
            let end = (from + WINDOW_BYTES).min(self.rows.end);
            let window = self.text.read(from..end, &mut space).map_err(|reason| unreadable(&self.name, reason))?;
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

    /// Returns a reader of the whole input, from its beginning.
    fn input(&self) -> Result<Input, InputError> {
        let first = self.input.lock().unwrap_or_else(PoisonError::into_inner).take();
        first.map_or_else(|| self.new_input(), Ok)
    }

    fn new_input(&self) -> Result<Input, InputError> {
        let text = self.text.whole().map_err(|reason| unreadable(&self.name, reason))?;
        crate::open(&self.name, text, self.fault.clone(), &self.options)
    }

    fn no_facts(&self) -> RowFacts {
        let lacking = |name: &str| match &self.layout {
            Layout::Cells(cells) => cells.csv.lacking().iter().any(|lacking| lacking == name),
            Layout::OneChunk => self.lacking.iter().any(|lacking| lacking == name),
            Layout::Objects => true,
        };
        RowFacts::new(&Identifiers::new(&self.options.identifiers), lacking)
    }
}

/// A chunk that was read, perhaps not to its end.
struct ReadChunk<T> {
    range: Range<usize>,
    end: ChunkEnd,
    lines: u64,
    facts: RowFacts,
    // True if a reader of the whole file took ids of zeros for placeholders.
    drops_zeros: bool,
    value: T,
}

/// Returns a JSON text with the escapes of ASCII characters replaced, by which an id can be spelt in another way.
fn without_escapes(text: &[u8]) -> Cow<'_, [u8]> {
    let is_ascii = |at: &usize| matches!(text.get(at + 4), Some(b'2'..=b'7'));
    let mut escapes = memmem::find_iter(text, b"\\u00").filter(is_ascii).peekable();
    if escapes.peek().is_none() {
        return Cow::Borrowed(text);
    }
    let mut plain = Vec::with_capacity(text.len());
    let mut at = 0;
    for escape in escapes {
        let digits = text.get(escape + 4..escape + 6).and_then(|digits| std::str::from_utf8(digits).ok());
        let Some(byte) = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) else { continue };
        plain.extend_from_slice(text.get(at..escape).unwrap_or_default());
        plain.push(byte);
        at = escape + 6;
    }
    plain.extend_from_slice(text.get(at..).unwrap_or_default());
    Cow::Owned(plain)
}
