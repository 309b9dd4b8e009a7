//! A large table or file of JSON Lines, read in pieces that end where rows end, each by itself.
//!
//! A line of JSON is a row whatever stands around it. In a table what a row is must not depend on where the pieces end. A piece is to begin at a line that is a plain record by
//! itself, which a line inside of a quoted cell hardly ever is; and the piece before it, read from its own beginning,
//! must turn out to end there. A piece that does not is read again together with the next one.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};

use memchr::{memchr, memmem};

use crate::csv::Csv;
use crate::csv::plain_record::{self, PlainLine};
use crate::csv::records::{CsvRecord, Records};
use crate::input::content::{self, InputSource};
use crate::input::format::Format;
use crate::input::lines::Lines;
use crate::input::shape::LineEnd;
use crate::input::unpack::{self, UnpackLimit, Unpacked};
use crate::json::Json;
use crate::json::layout::JsonLayout;
use crate::mapping::late_mapping::Mapped;
use crate::mapping::unread_column;
use crate::options::Options;
use crate::problem::{InputError, Problem};
use crate::scan::chunk::ChunkRows;
use crate::scan::key_row::Roles;
use crate::scan::row_at::RowReread;

/// How much of a file is looked at to find out what it is.
const HEAD_BYTES: usize = 64 * 1024;

/// How far from where it should end a piece may end.
const WINDOW_BYTES: usize = 64 * 1024;

/// A table, of cells or of JSON Lines, of which every piece can be read by itself.
pub struct ChunkedFile {
    name: String,
    pub(crate) layout: Layout,
    bytes: ChunkBytes,
    rows: Range<usize>,
}

/// How the rows of a table are laid out.
pub(crate) enum Layout {
    /// In cells below a header.
    Cells(Box<CellReader>),
    /// As an object on a line each; a field of that name says the workspace.
    Objects { workspace: Option<String> },
}

/// A table of cells.
pub(crate) struct CellReader {
    pub(crate) csv: Csv,
    pub(crate) roles: Roles,
}

impl CellReader {
    pub(crate) fn delimiter(&self) -> u8 {
        self.csv.records().delimiter()
    }
}

enum ChunkBytes {
    // What stands before the content is passed over.
    File { path: PathBuf, before: usize },
    Memory(Vec<u8>),
}

impl ChunkedFile {
    /// Opens a file that is a table with nothing unusual about all of it; `None` for anything else, also for what cannot
    /// be read, which [`read`](crate::read) judges.
    ///
    /// # Errors
    /// The same as those of [`read`](crate::read) for what is wrong with the header or the options.
    pub fn open(source: &InputSource, options: &Options) -> Result<Option<Self>, InputError> {
        let InputSource::Path(path) = source else { return Ok(None) };
        let name = source.to_string();
        let Some((mut head, mut bytes, length)) = open(source, path, options.unpack_limit)? else { return Ok(None) };
        if head.starts_with(b"\xef\xbb\xbf") {
            head.drain(..3);
            match &mut bytes {
                ChunkBytes::File { before, .. } => *before = 3,
                ChunkBytes::Memory(content) => drop(content.drain(..3)),
            }
        }
        let format = options.format.unwrap_or_else(|| Format::of(Some(path), &head));
        if !content::is_plain_text(&head) || Format::other(&head).is_some() {
            return Ok(None);
        }
        let length = match &bytes {
            ChunkBytes::File { before, .. } => length - before,
            ChunkBytes::Memory(content) => content.len(),
        };
        for mapping in &options.map {
            mapping.target()?;
        }
        let layout = match format {
            Format::Csv if has_plain_header(&head) => {
                let csv = Csv::new(&name, head, options)?;
                Layout::Cells(Box::new(CellReader { roles: Roles::new(csv.columns()), csv }))
            }
            // Whether a mapped name stands anywhere is known when all is read.
            Format::JsonLines if options.map.is_empty() && JsonLayout::is_lines(&head, &Mapped::default()) => {
                Layout::Objects { workspace: options.workspace_column.clone() }
            }
            _ => return Ok(None),
        };
        let start = match &layout {
            Layout::Cells(cells) => cells.csv.header().len(),
            Layout::Objects { .. } => 0,
        };
        Ok(Some(Self { name, layout, bytes, rows: start..length }))
    }

    /// The parts of the table of about `bytes` bytes each at most, without the header, in order. They end where rows seem to
    /// end. A smaller table has smaller ones, so that there are some for every thread.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn pieces(&self, bytes: usize) -> Result<Vec<Range<usize>>, InputError> {
        const PIECES: usize = 32;
        const MIN_BYTES: usize = 1 << 20;
        let bytes = bytes.clamp(1, (self.rows.len() / PIECES).max(MIN_BYTES));
        let mut pieces = Vec::new();
        let mut start = self.rows.start;
        while start < self.rows.end {
            let end = self.end_of_row(start.saturating_add(bytes))?;
            pieces.push(start..end);
            start = end;
        }
        Ok(pieces)
    }

    /// The lines before the rows.
    pub fn header(&self) -> &[u8] {
        match &self.layout {
            Layout::Cells(cells) => cells.csv.header(),
            Layout::Objects { .. } => b"",
        }
    }

    /// Whether rows are cells of a line, and not objects.
    pub fn has_cells(&self) -> bool {
        matches!(self.layout, Layout::Cells(_))
    }

    /// What is to be said of columns or members that are not read although phones or emails stand in them, by the first
    /// rows. Reads half a megabyte.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn unread(&self) -> Result<Vec<Problem>, InputError> {
        let mut space = Vec::new();
        let end = self.rows.end.min(self.rows.start.saturating_add(unread_column::SAMPLED_BYTES));
        let rows = self.read(self.rows.start..end, &mut space)?;
        Ok(match &self.layout {
            Layout::Cells(cells) => cells.csv.unread_in(rows),
            Layout::Objects { workspace } => Json::lines_of_pieces(workspace.clone()).unread_in_lines(rows),
        })
    }

    /// How many lines stand before the rows.
    pub fn header_lines(&self) -> u64 {
        match &self.layout {
            Layout::Cells(cells) => cells.csv.line(),
            Layout::Objects { .. } => 0,
        }
    }

    /// Whether a text of the table may spell the letters and digits of an id in another way. O(n).
    pub fn may_spell_ids_otherwise(&self, text: &[u8]) -> bool {
        matches!(self.layout, Layout::Objects { .. })
            && memmem::find_iter(text, b"\\u00").any(|at| matches!(text.get(at + 4), Some(b'2'..=b'7')))
    }

    /// The bytes of a part of the table. `space` is what they are read into.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn read<'a>(&'a self, part: Range<usize>, space: &'a mut Vec<u8>) -> Result<&'a [u8], InputError> {
        match &self.bytes {
            ChunkBytes::Memory(content) => Ok(content.get(part).unwrap_or_default()),
            ChunkBytes::File { path, before } => {
                let mut read = || -> io::Result<()> {
                    let mut file = File::open(path)?;
                    file.seek(SeekFrom::Start((part.start + before) as u64))?;
                    space.clear();
                    // Without filling what is read over.
                    file.take(part.len() as u64).read_to_end(space)?;
                    if space.len() == part.len() { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
                };
                match read() {
                    Ok(()) => Ok(space),
                    Err(reason) => Err(InputError::Unreadable { name: self.name.clone(), reason }),
                }
            }
        }
    }

    /// The rows of a piece, from its beginning on. `is_last` says that the table ends with it.
    pub fn rows<'a>(&'a self, piece: &'a [u8], is_last: bool) -> ChunkRows<'a> {
        ChunkRows::new(self, (piece, simdutf8::basic::from_utf8(piece).ok()), is_last)
    }

    /// The rows of a piece for who reads but some of them. The table ends with it.
    pub fn some_rows<'a>(&'a self, piece: &'a [u8]) -> ChunkRows<'a> {
        // That all of it is UTF-8 costs more to know than it would spare.
        ChunkRows::new(self, (piece, None), true)
    }

    /// Reads rows by themselves that were met before.
    pub fn again(&self) -> RowReread<'_> {
        RowReread::new(self)
    }

    /// Where a row seems to end, from `at` on.
    fn end_of_row(&self, at: usize) -> Result<usize, InputError> {
        let mut space = Vec::new();
        let mut from = at;
        let mut spans = Vec::new();
        while from < self.rows.end {
            let end = (from + WINDOW_BYTES).min(self.rows.end);
            let window = self.read(from..end, &mut space)?;
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
}

type Opened = (Vec<u8>, ChunkBytes, usize);

/// The first bytes of what a source holds, unpacked if it is packed, and all of it; `None` if it cannot be read as a whole.
///
/// # Errors
/// It unpacks to more than the limit.
fn open(source: &InputSource, path: &Path, limit: UnpackLimit) -> Result<Option<Opened>, InputError> {
    let Ok(Some((head, length))) = head(path) else { return Ok(None) };
    if !unpack::is_packed(&head) {
        return Ok(Some((head, ChunkBytes::File { path: path.to_owned(), before: 0 }, length)));
    }
    let Ok(packed) = source.load() else { return Ok(None) };
    let bytes = match unpack::unpack(&source.to_string(), packed, limit) {
        Ok(Unpacked { bytes, is_damaged: false }) => bytes,
        Ok(Unpacked { is_damaged: true, .. }) | Err(InputError::Unreadable { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    let head = bytes.get(..HEAD_BYTES.min(bytes.len())).unwrap_or_default().to_vec();
    let length = bytes.len();
    Ok(Some((head, ChunkBytes::Memory(bytes), length)))
}

/// The first bytes of a file, and its length; `None` if it is no file.
fn head(path: &Path) -> io::Result<Option<(Vec<u8>, usize)>> {
    let mut file = File::open(path)?;
    let about = file.metadata()?;
    if !about.is_file() {
        return Ok(None);
    }
    let mut head = Vec::new();
    file.by_ref().take(HEAD_BYTES as u64).read_to_end(&mut head)?;
    Ok(usize::try_from(about.len()).ok().map(|length| (head, length)))
}

/// Whether the first line is a header that is read alike whatever stands behind it.
fn has_plain_header(head: &[u8]) -> bool {
    let Some(line) = memchr(b'\n', head).and_then(|feed| head.get(..=feed)) else { return false };
    let is_plain = |delimiter: &u8| {
        let mut records = Records::new(Lines::ending_in(LineEnd::Feed), *delimiter);
        matches!(records.next(line), Some(CsvRecord::Read(1))) && records.span() == (0..line.len())
    };
    crate::csv::said_delimiter(line).is_none()
        && !line.trim_ascii().is_empty()
        && crate::csv::DELIMITERS.iter().all(is_plain)
}
