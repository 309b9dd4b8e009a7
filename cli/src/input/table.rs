//! A large table, read in pieces that end where rows end, each by itself.
//!
//! What a row is must not depend on where the pieces end. A piece is to begin at a line that is a plain record by
//! itself, which a line inside of a quoted cell hardly ever is; and the piece before it, read from its own beginning,
//! must turn out to end there. A piece that does not is read again together with the next one.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};

use memchr::memchr;

use crate::input::brief::{Brief, Roles};
use crate::input::content::{self, Source};
use crate::input::csv::Csv;
use crate::input::format::Format;
use crate::input::lines::Lines;
use crate::input::options::Options;
use crate::input::piece::Rows;
use crate::input::plain::{self, Line};
use crate::input::problem::InputError;
use crate::input::records::{Record, Records};
use crate::input::shape::LineEnd;

/// How much of a file is looked at to find out what it is.
const HEAD_BYTES: usize = 64 * 1024;

/// How far from where it should end a piece may end.
const WINDOW_BYTES: usize = 64 * 1024;

/// A table of which every piece can be read by itself.
pub struct Table {
    name: String,
    pub(super) csv: Csv,
    pub(super) roles: Roles,
    bytes: Bytes,
    rows: Range<usize>,
}

enum Bytes {
    // What stands before the content is passed over.
    File { path: PathBuf, before: usize },
    Memory(Vec<u8>),
}

impl Table {
    /// Opens a file that is a table with nothing unusual about all of it; `None` for anything else, also for what cannot
    /// be read, which [`read`](crate::input::read) judges.
    ///
    /// # Errors
    /// The same as those of [`read`](crate::input::read) for what is wrong with the header or the options.
    pub fn open(source: &Source, options: &Options) -> Result<Option<Self>, InputError> {
        let Source::Path(path) = source else { return Ok(None) };
        let name = source.to_string();
        let Ok(Some((mut head, mut bytes, length))) = open(source, path) else { return Ok(None) };
        if head.starts_with(b"\xef\xbb\xbf") {
            head.drain(..3);
            match &mut bytes {
                Bytes::File { before, .. } => *before = 3,
                Bytes::Memory(content) => drop(content.drain(..3)),
            }
        }
        let format = options.format.unwrap_or_else(|| Format::of(Some(path), &head));
        if format != Format::Csv || !content::is_plain_text(&head) || !has_plain_header(&head) {
            return Ok(None);
        }
        let length = match &bytes {
            Bytes::File { before, .. } => length - before,
            Bytes::Memory(content) => content.len(),
        };
        for mapping in &options.map {
            mapping.target()?;
        }
        let csv = Csv::new(&name, head, options)?;
        let roles = Roles::new(csv.columns());
        let rows = csv.header().len()..length;
        Ok(Some(Self { name, csv, roles, bytes, rows }))
    }

    /// The parts of the table of about so many bytes each, without the header, in order. They end where rows seem to end.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn pieces(&self, bytes: usize) -> Result<Vec<Range<usize>>, InputError> {
        let mut pieces = Vec::new();
        let mut start = self.rows.start;
        while start < self.rows.end {
            let end = self.end_of_row(start.saturating_add(bytes.max(1)))?;
            pieces.push(start..end);
            start = end;
        }
        Ok(pieces)
    }

    /// The lines before the rows.
    pub fn header(&self) -> &[u8] {
        self.csv.header()
    }

    /// How many lines stand before the rows.
    pub fn header_lines(&self) -> u64 {
        self.csv.line()
    }

    /// The bytes of a part of the table. `space` is what they are read into.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn read<'a>(&'a self, part: Range<usize>, space: &'a mut Vec<u8>) -> Result<&'a [u8], InputError> {
        match &self.bytes {
            Bytes::Memory(content) => Ok(content.get(part).unwrap_or_default()),
            Bytes::File { path, before } => {
                let mut read = || -> io::Result<()> {
                    let mut file = File::open(path)?;
                    file.seek(SeekFrom::Start((part.start + before) as u64))?;
                    space.clear();
                    // Without filling what is read over.
                    file.take(part.len() as u64).read_to_end(space)?;
                    match space.len() == part.len() {
                        true => Ok(()),
                        false => Err(io::ErrorKind::UnexpectedEof.into()),
                    }
                };
                match read() {
                    Ok(()) => Ok(space),
                    Err(reason) => Err(InputError::Unreadable { name: self.name.clone(), reason }),
                }
            }
        }
    }

    /// The rows of a piece, from its beginning on. `is_last` says that the table ends with it.
    pub fn rows<'a>(&'a self, piece: &'a [u8], is_last: bool) -> Rows<'a> {
        Rows::new(self, piece, is_last)
    }

    /// What a row says in brief, if it is plain.
    pub fn brief<'a>(&self, row: &'a [u8]) -> Option<Brief<'a>> {
        let mut cells = Vec::with_capacity(self.roles.columns);
        let Line::Plain(end) = plain::read_line(row, 0, self.csv.records().delimiter(), &mut cells) else {
            return None;
        };
        let line = std::str::from_utf8(row.get(..end)?).ok()?;
        let mut brief = Brief::default();
        brief.read(line, &cells, &self.roles).then_some(brief)
    }

    /// Where a row seems to end, from `at` on.
    fn end_of_row(&self, at: usize) -> Result<usize, InputError> {
        let mut space = Vec::new();
        let mut from = at;
        let mut cells = Vec::new();
        while from < self.rows.end {
            let end = (from + WINDOW_BYTES).min(self.rows.end);
            let window = self.read(from..end, &mut space)?;
            let mut line = memchr(b'\n', window).map(|feed| feed + 1);
            let first = line;
            while let Some(start) = line.filter(|start| *start < window.len()) {
                let next = memchr(b'\n', window.get(start..).unwrap_or_default()).map(|feed| start + feed + 1);
                let is_record = plain::read_line(window, start, self.csv.records().delimiter(), &mut cells);
                if next.is_some_and(|next| is_record == Line::Plain(next)) && cells.len() == self.roles.columns {
                    return Ok(from + start);
                }
                line = next;
            }
            if let Some(first) = first.filter(|first| from + first < self.rows.end) {
                return Ok(from + first);
            }
            from = end;
        }
        Ok(self.rows.end)
    }
}

type Opened = (Vec<u8>, Bytes, usize);

/// The first bytes of what a source holds, unpacked if it is packed, and all of it.
fn open(source: &Source, path: &Path) -> io::Result<Option<Opened>> {
    let mut file = File::open(path)?;
    let about = file.metadata()?;
    if !about.is_file() {
        return Ok(None);
    }
    let mut head = Vec::new();
    file.by_ref().take(HEAD_BYTES as u64).read_to_end(&mut head)?;
    if !content::is_packed(&head) {
        let Ok(length) = usize::try_from(about.len()) else { return Ok(None) };
        return Ok(Some((head, Bytes::File { path: path.to_owned(), before: 0 }, length)));
    }
    let Some(content) = source.load().ok().and_then(content::unpack_whole) else { return Ok(None) };
    let head = content.get(..HEAD_BYTES.min(content.len())).unwrap_or_default().to_vec();
    let length = content.len();
    Ok(Some((head, Bytes::Memory(content), length)))
}

/// Whether the first line is a header that is read alike whatever stands behind it.
fn has_plain_header(head: &[u8]) -> bool {
    let Some(line) = memchr(b'\n', head).and_then(|feed| head.get(..=feed)) else { return false };
    let is_plain = |delimiter: &u8| {
        let mut records = Records::new(Lines::ending_in(LineEnd::Feed), *delimiter);
        matches!(records.next(line), Some(Record::Read(1))) && records.span() == (0..line.len())
    };
    !line.starts_with(b"sep=") && !line.trim_ascii().is_empty() && crate::input::csv::DELIMITERS.iter().all(is_plain)
}
