//! From files to contacts: CSV, JSON Lines and vCard, whoever exported them.
//!
//! [`read`] gives the rows of an input one by one. Values are kept as written. What is wrong with a row
//! is reported with it, by its line; what makes all of an input useless is an [`InputError`].

mod composed;
mod csv;
mod draft;
mod input;
mod json;
mod mapping;
mod options;
mod problem;
mod row;
mod scan;
mod values;
mod vcard;

use std::collections::VecDeque;
use std::ops::Range;
use std::path::Path;

use onefold::{Contact, Field};

pub use composed::Composed;
pub use input::content::InputSource;
pub use input::format::Format;
pub use input::shape::{InputShape, LineEnd};
pub use input::unpack::{ByteSize, NotAByteSize, UnpackLimit};
pub use mapping::target::Mapping;
pub use options::Options;
pub use problem::{InputError, Problem};
pub use row::{IdOrigin, Item, LinePrefixes, Row, SeenIds};
pub use scan::chunk::{ChunkRows, PieceEnd, TableRow};
pub use scan::key_row::KeyRow;
pub use scan::row_at::RowReread;
pub use scan::table::ChunkedFile;
pub use values::country;
pub use values::zero_id::ZeroIds;

use crate::csv::Csv;
use crate::input::lines::Lines;
use crate::json::Json;
use crate::json::layout::JsonLayout;
use crate::mapping::identifier::Identifiers;
use crate::mapping::late_mapping::Mapped;
use crate::vcard::VCards;

/// The rows of one input, in its order. Holds the text of the input, and one row at a time.
pub struct Input {
    reader: FormatReader,
    format: Format,
    prefix: &'static [u8],
    was_recoded: bool,
    is_damaged: bool,
    last: VecDeque<Problem>,
    // The identifiers of the options that no row has had so far.
    unseen: Vec<(String, Field)>,
}

enum FormatReader {
    Empty(Vec<u8>),
    Csv(Box<Csv>),
    Json(Box<Json>),
    VCards(Box<VCards>),
}

/// Opens an input and reads as much of it as its columns take.
///
/// # Errors
/// - The source cannot be read, unpacks to more than the options allow, or holds something else than text.
/// - The table has no column that could identify a contact.
/// - The options name a field or a column that does not exist.
pub fn read(source: &InputSource, options: &Options) -> Result<Input, InputError> {
    let path = match source {
        InputSource::Path(path) => Some(path.as_path()),
        InputSource::Stdin => None,
    };
    open(&source.to_string(), path, source.load()?, options)
}

/// The same as [`read`], with bytes that were read elsewhere. `name` stands for them in messages, and its
/// extension tells the format.
///
/// # Errors
/// The same as those of [`read`].
pub fn read_bytes(name: &str, bytes: Vec<u8>, options: &Options) -> Result<Input, InputError> {
    open(name, Some(Path::new(name)), bytes, options)
}

/// An input without rows that rereads and composes rows as one of this shape does.
///
/// # Errors
/// - The header has no column that could identify a contact.
/// - The options name a field or a column that does not exist.
pub fn like(shape: &InputShape, options: &Options) -> Result<Input, InputError> {
    let (format, content) = (shape.format, shape.header.clone());
    let reader = match format {
        Format::Csv => FormatReader::Csv(Box::new(Csv::new("the header", content, options)?)),
        Format::JsonLines => {
            let lines = Lines::ending_in(shape.line_end);
            FormatReader::Json(Box::new(Json::lines(content, lines, options)?))
        }
        Format::JsonArray | Format::VCard => FormatReader::Empty(content),
    };
    let (last, unseen) = (VecDeque::new(), Vec::new());
    Ok(Input { reader, format, prefix: b"", was_recoded: false, is_damaged: false, last, unseen })
}

fn open(name: &str, path: Option<&Path>, bytes: Vec<u8>, options: &Options) -> Result<Input, InputError> {
    for mapping in &options.map {
        mapping.target()?;
    }
    let content = input::content::decode(name, bytes, options.unpack_limit)?;
    let mut format = options.format.unwrap_or_else(|| Format::of(path, &content.bytes));
    let bytes = content.bytes;
    if let Some(kind) = Format::other(&bytes) {
        return Err(InputError::OtherFormat { name: name.to_owned(), kind });
    }
    let is_damaged = content.fault.is_some();
    let mut last: VecDeque<_> = content.fault.into_iter().collect();
    let mut reader = match format {
        _ if bytes.trim_ascii().is_empty() => {
            last.push_front(Problem::EmptyInput);
            FormatReader::Empty(bytes)
        }
        Format::Csv => FormatReader::Csv(Box::new(Csv::new(name, bytes, options)?)),
        Format::JsonLines => match JsonLayout::of(name, &bytes, &Mapped::new(&options.map)?)? {
            JsonLayout::Lines => {
                let lines = Lines::new(&bytes);
                FormatReader::Json(Box::new(Json::lines(bytes, lines, options)?))
            }
            layout => {
                format = Format::JsonArray;
                FormatReader::Json(Box::new(Json::inside(bytes, layout, options)?))
            }
        },
        Format::JsonArray => {
            JsonLayout::check_array(name, &bytes, &Mapped::new(&options.map)?)?;
            FormatReader::Json(Box::new(Json::array(bytes, options)?))
        }
        Format::VCard => FormatReader::VCards(Box::new(VCards::new(bytes, options)?)),
    };
    last.extend(match &mut reader {
        FormatReader::Empty(_) => Vec::new(),
        FormatReader::Csv(csv) => csv.unread_in(csv.rows()),
        FormatReader::Json(json) => json.unread(),
        FormatReader::VCards(cards) => cards.take_unread(),
    });
    let is_unseen = |name: &str| match &reader {
        FormatReader::Csv(csv) => csv.lacking().iter().any(|lacking| lacking == name),
        _ => true,
    };
    let identifiers = Identifiers::new(&options.identifiers);
    let unseen = identifiers.iter().filter(|(name, _)| is_unseen(name));
    let unseen = unseen.map(|(name, field)| (name.to_owned(), field.clone())).collect();
    Ok(Input { reader, format, prefix: content.prefix, was_recoded: content.was_recoded, is_damaged, last, unseen })
}

impl Input {
    /// The format that the input is read as.
    pub fn format(&self) -> Format {
        self.format
    }

    /// The unpacked text of the input, into which the spans of the rows point. It is in UTF-8, or in the
    /// encoding it came in where that is not known.
    pub fn content(&self) -> &[u8] {
        match &self.reader {
            FormatReader::Empty(content) => content,
            FormatReader::Csv(csv) => csv.content(),
            FormatReader::Json(json) => json.content(),
            FormatReader::VCards(cards) => cards.content(),
        }
    }

    /// Returns the identifiers of the options that none of the rows that were read so far has, in order.
    pub fn unseen_identifiers(&self) -> impl Iterator<Item = &str> {
        self.unseen.iter().map(|(name, _)| name.as_str())
    }

    /// Returns true if a header says which identifiers the rows can have: what was not seen in it comes in no row.
    pub fn knows_identifiers_by_header(&self) -> bool {
        matches!(&self.reader, FormatReader::Csv(csv) if !csv.has_custom_fields())
    }

    /// Returns what ids of zeros alone are, as far as the rows that were read so far say it.
    pub fn zero_ids(&self) -> ZeroIds {
        match &self.reader {
            FormatReader::Empty(_) => ZeroIds::default(),
            FormatReader::Csv(csv) => csv.zero_ids(),
            FormatReader::Json(json) => json.zero_ids(),
            FormatReader::VCards(cards) => cards.zero_ids(),
        }
    }

    /// The byte order mark that stood before the text; empty if there was none.
    pub fn prefix(&self) -> &'static [u8] {
        self.prefix
    }

    /// Whether the text was in UTF-16, so that the content is another text than that of the file.
    pub fn was_recoded(&self) -> bool {
        self.was_recoded
    }

    /// Whether the packed data ends early, or some of its text is broken, so that the content is not all of it.
    pub fn is_damaged(&self) -> bool {
        self.is_damaged
    }

    /// The lines of a part of the content that lies between rows.
    pub fn lines_in(&self, part: Range<usize>) -> Vec<Range<usize>> {
        let mut lines = Lines::ending_in(self.line_end());
        let text = self.content().get(part.clone()).unwrap_or_default();
        let next = move || lines.next(text).map(|line| part.start + line.start..part.start + line.next);
        std::iter::from_fn(next).collect()
    }

    /// What the rows have in common.
    pub fn shape(&self) -> InputShape {
        let header = match &self.reader {
            FormatReader::Csv(csv) => csv.header(),
            _ => b"",
        };
        InputShape::new(self.format, header.to_vec(), self.line_end())
    }

    fn line_end(&self) -> LineEnd {
        match &self.reader {
            FormatReader::Csv(csv) => csv.records().lines().end(),
            FormatReader::Json(json) => json.line_end(),
            FormatReader::Empty(_) | FormatReader::VCards(_) => LineEnd::Feed,
        }
    }

    /// The row that `segment`, the bytes of one row, would be in this input: with the same columns, the same
    /// mappings and the same ends of lines. If the row has no id, its id means nothing. `None` if the bytes
    /// are something else than one row, or the format has rows that do not stand on lines of their own.
    pub fn reread(&mut self, segment: &[u8]) -> Option<Row> {
        match &mut self.reader {
            FormatReader::Csv(csv) => csv.reread(segment),
            FormatReader::Json(json) => json.reread(segment),
            FormatReader::Empty(_) | FormatReader::VCards(_) => None,
        }
    }

    /// The row that says what `merged` says, in place of the first of `segments`, the row of the contact that
    /// it goes on as. The others are the rows of the contacts that its values come from: where the first row
    /// has no place for a value yet, it goes where they have it. What does not change stays as it is written.
    /// `None` if the first of `segments` is not a row by [`Input::reread`].
    pub fn compose(&mut self, segments: &[&[u8]], merged: &Contact<String>) -> Option<Composed> {
        match &mut self.reader {
            FormatReader::Csv(csv) => csv.compose(segments, merged),
            FormatReader::Json(json) => json.compose(segments, merged),
            FormatReader::Empty(_) | FormatReader::VCards(_) => None,
        }
    }
}

impl Iterator for Input {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        let (item, line) = match &mut self.reader {
            FormatReader::Empty(_) => (None, 0),
            FormatReader::Csv(csv) => (csv.next(), csv.line()),
            FormatReader::Json(json) => (json.next(), json.line()),
            FormatReader::VCards(cards) => (cards.next(), cards.line()),
        };
        if let Some(Item::Contact(row)) = &item
            && !self.unseen.is_empty()
        {
            self.unseen.retain(|(_, field)| row.contact.get(field).is_none());
        }
        item.or_else(|| {
            let problem = self.last.pop_front()?;
            // A column stands in no line.
            let is_of_column = matches!(problem, Problem::UnreadValues { .. } | Problem::IdentifierColumn { .. });
            let line = if is_of_column { 0 } else { line };
            Some(Item::Notice { line, problem })
        })
    }
}
