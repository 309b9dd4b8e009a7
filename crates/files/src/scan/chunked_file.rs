//! A large table or file of JSON Lines that is read in chunks.
//!
//! A line of JSON Lines is always a row. In a table, the rows must not depend on where the chunks end. So a chunk begins at a
//! line that is a plain record on its own, which a line inside a quoted cell hardly ever is, and the chunk before it, read from
//! its own start, must end exactly there. If it does not, it is read again together with the next chunk.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};

use memchr::{memchr, memmem};

use crate::csv::plain_record::{self, PlainLine};
use crate::input::content::{self, InputSource};
use crate::input::format::Format;
use crate::input::unpack::{self, UnpackLimit, Unpacked};
use crate::json::Json;
use crate::mapping::unread_column;
use crate::options::Options;
use crate::problem::{InputError, Problem};
use crate::scan::chunk_rows::ChunkRows;
use crate::scan::layout::Layout;
use crate::scan::row_reader::SingleRowReader;

/// How many bytes of a file are examined to find out its format.
const HEAD_BYTES: usize = 64 * 1024;

/// How many bytes after its wanted end the end of a chunk is searched in at a time.
const WINDOW_BYTES: usize = 64 * 1024;

/// A table or a file of JSON Lines whose chunks can be read on their own.
pub struct ChunkedFile {
    name: String,
    layout: Layout,
    bytes: ChunkBytes,
    rows: Range<usize>,
}

enum ChunkBytes {
    // The first `before` bytes, the byte order mark, are no content.
    File { path: PathBuf, before: usize },
    Memory(Vec<u8>),
}

impl ChunkedFile {
    /// Opens a file, or returns `None` if only [`read`](crate::read) can read it: another format, an unusual header, standard
    /// input, or a file that cannot be opened.
    ///
    /// # Errors
    /// The errors of [`read`](crate::read) about the header and the options.
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
        let Some(layout) = Layout::of(&name, head, format, options)? else { return Ok(None) };
        let start = layout.header().len();
        Ok(Some(Self { name, layout, bytes, rows: start..length }))
    }

    /// Returns the chunks of the file in order, without the header: ranges of about `bytes` bytes each, or less, so that every
    /// thread has some. They end where rows seem to end.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn chunks(&self, bytes: usize) -> Result<Vec<Range<usize>>, InputError> {
        const CHUNKS: usize = 32;
        const MIN_BYTES: usize = 1 << 20;
        let bytes = bytes.clamp(1, (self.rows.len() / CHUNKS).max(MIN_BYTES));
        let mut chunks = Vec::new();
        let mut start = self.rows.start;
        while start < self.rows.end {
            let end = self.end_of_row(start.saturating_add(bytes))?;
            chunks.push(start..end);
            start = end;
        }
        Ok(chunks)
    }

    /// Returns the lines before the rows.
    pub fn header(&self) -> &[u8] {
        self.layout.header()
    }

    /// Returns a problem for each column or member that is not read although phones or emails are in it, judged by the first
    /// half megabyte of rows.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn unread(&self) -> Result<Vec<Problem>, InputError> {
        let mut space = Vec::new();
        let end = self.rows.end.min(self.rows.start.saturating_add(unread_column::SAMPLED_BYTES));
        let rows = self.read(self.rows.start..end, &mut space)?;
        Ok(match &self.layout {
            Layout::Cells(cells) => cells.csv.unread_in(rows),
            Layout::Objects { workspace } => Json::lines_of_chunks(workspace.clone()).unread_in_lines(rows),
        })
    }

    /// Returns the number of lines before the rows.
    pub fn header_lines(&self) -> u64 {
        self.layout.header_lines()
    }

    /// Returns true if `text` may spell letters or digits of an id as JSON escapes. O(n).
    pub fn may_escape_ids(&self, text: &[u8]) -> bool {
        matches!(self.layout, Layout::Objects { .. })
            && memmem::find_iter(text, b"\\u00").any(|at| matches!(text.get(at + 4), Some(b'2'..=b'7')))
    }

    /// Returns the bytes of a range of the file, which are read into `space` if they are not in memory.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn read<'a>(&'a self, range: Range<usize>, space: &'a mut Vec<u8>) -> Result<&'a [u8], InputError> {
        match &self.bytes {
            ChunkBytes::Memory(content) => Ok(content.get(range).unwrap_or_default()),
            ChunkBytes::File { path, before } => {
                let mut read = || -> io::Result<()> {
                    let mut file = File::open(path)?;
                    file.seek(SeekFrom::Start((range.start + before) as u64))?;
                    space.clear();
                    // Reads without zeroing the space first.
                    file.take(range.len() as u64).read_to_end(space)?;
                    if space.len() == range.len() { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
                };
                match read() {
                    Ok(()) => Ok(space),
                    Err(reason) => Err(InputError::Unreadable { name: self.name.clone(), reason }),
                }
            }
        }
    }

    /// Returns the rows of `chunk`, whose text is `text`. Rows of a chunk may go on in the next one, unless it is the last.
    pub fn rows<'a>(&'a self, chunk: &Range<usize>, text: &'a [u8]) -> ChunkRows<'a> {
        if chunk.end >= self.rows.end {
            ChunkRows::of_last_chunk(&self.layout, text)
        } else {
            ChunkRows::of_chunk(&self.layout, text)
        }
    }

    /// Returns the rows of a text that holds whole rows, for callers that skip most of them with [`ChunkRows::go_to`].
    pub fn some_rows<'a>(&'a self, text: &'a [u8]) -> ChunkRows<'a> {
        ChunkRows::of_rows(&self.layout, text)
    }

    /// Returns a reader of single rows.
    pub fn row_reader(&self) -> SingleRowReader<'_> {
        SingleRowReader::new(&self.layout)
    }

    /// Returns the first offset from `at` on at which a row seems to end.
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

/// Returns the first bytes of a source, its unpacked content and the length of that, or `None` if it cannot be read completely.
///
/// # Errors
/// The content unpacks to more than the limit.
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

/// Returns the first bytes and the length of a file, or `None` if the path is not a regular file.
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
