//! A file whose rows are read in parallel, in chunks.
//!
//! A line of JSON Lines is always a row. In a table, the rows must not depend on where the chunks end. So a chunk begins at a
//! line that is a plain record on its own, which a line inside a quoted cell hardly ever is, and the chunk before it, read from
//! its own start, must end exactly there. If it does not, it is read again together with the next chunks. A file whose chunks
//! cannot be read on their own, such as a vCard file, is one chunk.

use std::cell::RefCell;
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;

use crate::Input;
use crate::input::content::{Content, InputSource};
use crate::input::format::Format;
use crate::input::shape::{InputShape, LineEnd};
use crate::input::stored_text::StoredText;
use crate::json::Json;
use crate::mapping::identifier::Identifiers;
use crate::mapping::unread_column;
use crate::options::Options;
use crate::problem::{InputError, Problem, unreadable};
use crate::scan::chunk_borders::ChunkBorders;
use crate::scan::chunk_rows::{ChunkEnd, ChunkRows};
use crate::scan::layout::Layout;
use crate::scan::row_facts::RowFacts;
use crate::values::zero_id::ZeroIds;
use crate::vcard::VCards;
use crate::vcard::united_cards::{CardHashers, CardPlaces, UnitedCards};

/// How many bytes of a vCard file are examined for properties that are not read.
const SAMPLED_CARD_BYTES: usize = 8 << 20;

/// A larger buffer is given back after its use.
const MAX_BUFFER_BYTES: usize = 16 << 20;

/// An input whose chunks are read in parallel.
pub struct ScannedFile {
    pub(super) name: String,
    pub(super) options: Options,
    pub(super) text: Arc<StoredText>,
    pub(super) layout: Layout,
    // The bytes of the rows.
    pub(super) rows: Range<usize>,
    pub(super) prefix: &'static [u8],
    pub(super) was_recoded: bool,
    pub(super) fault: Option<Problem>,
    pub(super) shape: InputShape,
    // The reader of a file of one chunk, before its first use.
    pub(super) input: Mutex<Option<Input>>,
    // The identifiers that rows of a file of one chunk must show.
    pub(super) unseen: Vec<String>,
    pub(super) facts: RowFacts,
    pub(super) hashers: CardHashers,
    // The vCards of contacts that have several; `None` until all were read.
    pub(super) united: Option<Arc<UnitedCards>>,
    pub(super) lines: u64,
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
        let (name, input) = (name.to_owned(), Mutex::new(None));
        let (text, hashers, united) = (Arc::new(text), CardHashers::default(), None);
        let mut file = Self {
            name,
            options,
            text,
            layout,
            rows,
            prefix,
            was_recoded,
            fault,
            shape,
            input,
            unseen: Vec::new(),
            facts,
            hashers,
            united,
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
        self.unseen = input.unseen_identifiers().map(str::to_owned).collect();
        self.input = Mutex::new(Some(input));
        Ok(())
    }

    /// Reads all chunks, of about `bytes` bytes each, on all cores, and returns in order what `read` made of their rows. `read` may
    /// see the rows of a chunk several times: only what it returned last counts. If `bytes` is 0, the whole file is one chunk whose
    /// rows are built as contacts one by one, which is slow and gives the same.
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
        if bytes == 0 && self.is_chunked() {
            self.make_one_chunk()?;
        }
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
        if let Some(united) = facts.take_united() {
            let is_any = !united.is_empty();
            self.united = Some(Arc::new(united));
            if is_any {
                return self.read_chunks(bytes, read);
            }
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
            let (is_last, facts) = (chunk.range.end >= self.rows.end, self.no_facts());
            let mut rows = match &self.layout {
                Layout::Cards => ChunkRows::of_cards(self.cards(chunk.range.start)?, text, is_last, facts),
                layout => ChunkRows::of_rows(layout, &self.options, text, is_last, facts)?,
            };
            Ok(read(&mut rows))
        })?
    }

    /// Returns a reader of the vCards of a chunk that begins at `offset`.
    fn cards(&self, offset: usize) -> Result<VCards, InputError> {
        let united = self.united.clone().unwrap_or_default();
        let mut cards = VCards::of_chunk(&self.options, united, offset, Arc::clone(&self.text))?;
        if self.united.is_none() {
            cards.note(CardPlaces::new(&self.hashers));
        }
        Ok(cards)
    }

    /// Reads the rows of a text that takes the place of a chunk; the rows of the last chunk may end without a line end. Each vCard
    /// is a row, as if no other had its UID. Returns `None` if a row might go on behind the text, or if this file is one chunk.
    ///
    /// # Errors
    /// The options name a field that does not exist.
    pub fn read_text<U>(
        &self,
        text: &[u8],
        is_last: bool,
        read: impl FnOnce(&mut ChunkRows<'_>) -> U,
    ) -> Result<Option<U>, InputError> {
        let mut rows = match &self.layout {
            Layout::OneChunk => return Ok(None),
            Layout::Cards => {
                let cards = VCards::alone(LineEnd::Feed, &self.options)?;
                ChunkRows::of_cards(cards, text, is_last, self.no_facts())
            }
            layout => ChunkRows::of_chunk(layout, &self.options, text, is_last, self.no_facts())?,
        };
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
        if buffer.capacity() <= MAX_BUFFER_BYTES {
            BUFFER.set(buffer);
        }
        result.map_err(|reason| unreadable(&self.name, reason))
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
        let sampled = match &self.layout {
            Layout::Cards => SAMPLED_CARD_BYTES,
            // The reader stops itself; the last element is whole.
            Layout::Elements(_) => 2 * unread_column::SAMPLED_BYTES,
            _ => unread_column::SAMPLED_BYTES,
        };
        let end = self.rows.end.min(self.rows.start.saturating_add(sampled));
        let unread = self.with_text(self.rows.start..end, |rows| match &self.layout {
            Layout::Cells(cells) => Ok(cells.csv.unread_in(rows)),
            Layout::Cards => self.cards(0).map(|mut cards| cards.unread_in(rows)),
            Layout::Elements(_) => {
                let json = Json::elements_of_chunk(&self.options, ZeroIds::UnlessRepeated, true);
                json.map(|mut json| json.unread_in_elements(rows))
            }
            _ => {
                let json = Json::lines_of_chunks(&self.options, ZeroIds::UnlessRepeated);
                json.map(|mut json| json.unread_in_lines(rows))
            }
        })??;
        let fault = self.fault.iter().map(|fault| (self.lines, fault.clone()));
        Ok(fault.chain(unread.into_iter().map(|problem| (0, problem))).collect())
    }

    /// Reads all chunks; `None` if a row can be judged only by a reader of the whole file.
    fn try_chunks<T: Send>(
        &self,
        bytes: usize,
        read: &(impl Fn(&mut ChunkRows<'_>) -> T + Sync),
    ) -> Result<Option<Vec<ReadChunk<T>>>, InputError> {
        let ranges = self.borders().ranges(bytes).map_err(|reason| unreadable(&self.name, reason))?;
        // Places in a chunk are counted in 32 bits.
        if ranges.iter().any(|range| u32::try_from(range.len()).is_err()) {
            return Ok(None);
        }
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
                let (is_last, facts) = (range.end >= self.rows.end, self.no_facts());
                let rows = match &self.layout {
                    Layout::Cards => {
                        self.cards(range.start).map(|cards| ChunkRows::of_cards(cards, text, is_last, facts))
                    }
                    layout => ChunkRows::of_chunk(layout, &self.options, text, is_last, facts),
                };
                rows.map(|mut rows| made(&mut rows))
            })??
        };
        Ok(chunk)
    }

    fn borders(&self) -> ChunkBorders<'_> {
        ChunkBorders { text: &self.text, layout: &self.layout, rows: self.rows.clone() }
    }

    /// Returns a reader of the whole input, from its beginning.
    pub(super) fn input(&self) -> Result<Input, InputError> {
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
            Layout::OneChunk => self.unseen.iter().any(|unseen| unseen == name),
            _ => true,
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
