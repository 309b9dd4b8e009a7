//! Reads contact files: CSV, JSON and vCard, as other programs export them, and writes merged rows back.
//!
//! [`read`] opens an input and returns an iterator over its rows. Values are kept as written. A problem of a row is reported with
//! the row and its line; a problem that makes the whole input useless is an [`InputError`].

pub(crate) mod byte_size;
mod csv;
pub(crate) mod decoded_text;
mod input;
mod json;
mod mapping;
mod merged_row;
mod options;
mod problem;
mod row;
mod row_builder;
pub mod scan;
mod values;
mod vcard;

use std::collections::VecDeque;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use onefold::{Contact, Field, Normalizer};

pub use byte_size::{ByteSize, NotAByteSize};
pub use input::content::InputSource;
pub use input::format::Format;
pub use input::shape::{InputShape, LineEnd};
pub use input::unpack::UnpackLimit;
pub use mapping::target::Mapping;
pub use merged_row::Composed;
pub use options::Options;
pub use problem::{InputError, Problem};
pub use row::{IdOrigin, Item, Row, SeenIds};
pub use values::country;
pub use values::zero_id::ZeroIds;

use crate::csv::Csv;
use crate::input::content::Content;
use crate::input::lines::Lines;
use crate::input::stored_text::StoredText;
use crate::json::Json;
use crate::json::layout::JsonLayout;
use crate::mapping::identifier::Identifiers;
use crate::mapping::late_mapping::Mapped;
use crate::problem::unreadable;
use crate::vcard::VCards;

/// The rows of one input, in order. Holds the text of the input and one row at a time.
pub struct Input {
    reader: FormatReader,
    format: Format,
    prefix: &'static [u8],
    was_recoded: bool,
    is_damaged: bool,
    last: VecDeque<Problem>,
    // The identifiers of the options that no row has had.
    unseen: Vec<(String, Field)>,
}

enum FormatReader {
    Empty(Arc<Vec<u8>>),
    Csv(Box<Csv>),
    Json(Box<Json>),
    VCards(Box<VCards>),
}

/// Opens an input, loads its text and reads its columns.
///
/// # Errors
/// - The source cannot be read, unpacks to more than the options allow, or is not text.
/// - The table has no column that could identify a contact.
/// - The options name a field or a column that does not exist.
pub fn read(source: &InputSource, options: &Options) -> Result<Input, InputError> {
    let path = match source {
        InputSource::Path(path) => Some(path.as_path()),
        InputSource::Stdin => None,
    };
    open_content(&source.to_string(), path, Content::open(source, options.unpack_limit)?, options)
}

/// Opens an input whose bytes were read elsewhere. `name` is used in messages, and its extension gives the format.
///
/// # Errors
/// The errors of [`read`].
pub fn read_bytes(name: &str, bytes: Vec<u8>, options: &Options) -> Result<Input, InputError> {
    let content = Content::of(name, StoredText::Memory(Arc::new(bytes)), options.unpack_limit)?;
    open_content(name, Some(Path::new(name)), content, options)
}

fn open_content(name: &str, path: Option<&Path>, content: Content, options: &Options) -> Result<Input, InputError> {
    let Content { text, head, prefix, was_recoded, fault } = content;
    let format = options.format.unwrap_or_else(|| Format::of(path, &head));
    let options = Options { format: Some(format), ..options.clone() };
    let text = text.whole().map_err(|reason| unreadable(name, reason))?;
    open(name, text, fault, &options).map(|input| Input { prefix, was_recoded, ..input })
}

/// Returns an input without rows, for [`Input::reread`] and [`Input::compose`] with rows of an input of this shape.
///
/// # Errors
/// - The header has no column that could identify a contact.
/// - The options name a field or a column that does not exist.
pub fn like(shape: &InputShape, options: &Options) -> Result<Input, InputError> {
    let (format, content) = (shape.format, Arc::new(shape.header.clone()));
    let reader = match format {
        Format::Csv => FormatReader::Csv(Box::new(Csv::new("the header", content, options)?)),
        Format::JsonLines => {
            let lines = Lines::ending_in(shape.line_end);
            FormatReader::Json(Box::new(Json::lines(content, lines, options)?))
        }
        Format::VCard => FormatReader::VCards(Box::new(VCards::alone(shape.line_end, options)?)),
        Format::JsonArray => FormatReader::Empty(content),
    };
    let (last, unseen) = (VecDeque::new(), Vec::new());
    Ok(Input { reader, format, prefix: b"", was_recoded: false, is_damaged: false, last, unseen })
}

/// Opens a text whose format the options name. `fault` is reported at its end.
fn open(name: &str, bytes: Arc<Vec<u8>>, fault: Option<Problem>, options: &Options) -> Result<Input, InputError> {
    for mapping in &options.map {
        mapping.target()?;
    }
    let mut format = options.format.unwrap_or_else(|| Format::of(None, &bytes));
    if let Some(kind) = Format::other(&bytes) {
        return Err(InputError::OtherFormat { name: name.to_owned(), kind });
    }
    let is_damaged = fault.is_some();
    let mut last: VecDeque<_> = fault.into_iter().collect();
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
        FormatReader::VCards(cards) => cards.unread(),
    });
    let is_unseen = |name: &str| match &reader {
        FormatReader::Csv(csv) => csv.lacking().iter().any(|lacking| lacking == name),
        _ => true,
    };
    let identifiers = Identifiers::new(&options.identifiers);
    let unseen = identifiers.iter().filter(|(name, _)| is_unseen(name));
    let unseen = unseen.map(|(name, field)| (name.to_owned(), field.clone())).collect();
    Ok(Input { reader, format, prefix: b"", was_recoded: false, is_damaged, last, unseen })
}

impl Input {
    /// Returns the number of the last line that was read.
    pub(crate) fn line(&self) -> u64 {
        match &self.reader {
            FormatReader::Empty(_) => 0,
            FormatReader::Csv(csv) => csv.line(),
            FormatReader::Json(json) => json.line(),
            FormatReader::VCards(cards) => cards.line(),
        }
    }

    /// Returns the format that the input is read as.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Returns the unpacked text of the input, which the spans of rows refer to. It is UTF-8, or in an unknown encoding as it
    /// came.
    pub fn content(&self) -> &[u8] {
        match &self.reader {
            FormatReader::Empty(content) => content,
            FormatReader::Csv(csv) => csv.content(),
            FormatReader::Json(json) => json.content(),
            FormatReader::VCards(cards) => cards.content(),
        }
    }

    /// Returns the identifiers of the options that no row read so far has, in order.
    pub fn unseen_identifiers(&self) -> impl Iterator<Item = &str> {
        self.unseen.iter().map(|(name, _)| name.as_str())
    }

    /// Returns true if the header names all identifiers that rows can have, so that an unseen one will not occur.
    pub fn knows_identifiers_by_header(&self) -> bool {
        matches!(&self.reader, FormatReader::Csv(csv) if !csv.has_custom_fields())
    }

    /// Returns whether ids of zeros are ids, as far as the rows read so far decide it.
    pub fn zero_ids(&self) -> ZeroIds {
        match &self.reader {
            FormatReader::Empty(_) => ZeroIds::default(),
            FormatReader::Csv(csv) => csv.zero_ids(),
            FormatReader::Json(json) => json.zero_ids(),
            FormatReader::VCards(cards) => cards.zero_ids(),
        }
    }

    /// Returns the byte order mark before the text, or nothing.
    pub fn prefix(&self) -> &'static [u8] {
        self.prefix
    }

    /// Returns true if the text was UTF-16, so that the content differs from the bytes of the file.
    pub fn was_recoded(&self) -> bool {
        self.was_recoded
    }

    /// Returns true if the packed data ends early or is damaged, so that content is missing.
    pub fn is_damaged(&self) -> bool {
        self.is_damaged
    }

    /// Returns the lines of a range of the content that begins and ends at a row or at the end of the content.
    pub fn lines_in(&self, range: Range<usize>) -> Vec<Range<usize>> {
        let mut lines = Lines::ending_in(self.line_end());
        let text = self.content().get(range.clone()).unwrap_or_default();
        let next = move || lines.next(text).map(|line| range.start + line.start..range.start + line.next);
        std::iter::from_fn(next).collect()
    }

    /// Returns the shape of the input, which [`like`] reads single rows with.
    pub fn shape(&self) -> InputShape {
        let header = match &self.reader {
            FormatReader::Csv(csv) => csv.header(),
            _ => b"",
        };
        InputShape::new(self.format, header.to_vec(), self.line_end())
    }

    /// Returns the line ends.
    pub(crate) fn line_end(&self) -> LineEnd {
        match &self.reader {
            FormatReader::Csv(csv) => csv.records().lines().end(),
            FormatReader::Json(json) => json.line_end(),
            FormatReader::VCards(cards) => cards.line_end(),
            FormatReader::Empty(_) => LineEnd::Feed,
        }
    }

    /// Reads the bytes of one row with the columns, mappings and line ends of this input. Returns `None` if the bytes are not
    /// exactly one row, if they are one of several vCards of a contact of this input, or if the rows of the format are the elements
    /// of an array. The id is meaningless if the row has none.
    pub fn reread(&mut self, row: &[u8]) -> Option<Row> {
        match &mut self.reader {
            FormatReader::Csv(csv) => csv.reread(row),
            FormatReader::Json(json) => json.reread(row),
            FormatReader::VCards(cards) => cards.reread(row),
            FormatReader::Empty(_) => None,
        }
    }

    /// Returns a row with the values of `merged`. `rows` are the rows of the merged contacts, the survivor's first: unchanged
    /// cells, members and properties of the survivor's row stay as written, and a value that has none there gets the cell, the
    /// member or the lines that it has in another row. Returns `None` if the first of `rows` is not one row ([`Input::reread`]).
    pub fn compose(&mut self, rows: &[&[u8]], merged: &Contact<String>) -> Option<Composed> {
        match &mut self.reader {
            FormatReader::Csv(csv) => csv.compose(rows, merged),
            FormatReader::Json(json) => json.compose(rows, merged),
            FormatReader::VCards(cards) => cards.compose(rows, merged),
            FormatReader::Empty(_) => None,
        }
    }

    /// Compares the phones and emails of rows that are composed by their keys. Without it, numbers without a country code are
    /// spellings of no other.
    #[must_use]
    pub fn with_normalizer(mut self, normalizer: Normalizer) -> Self {
        if let FormatReader::VCards(cards) = &mut self.reader {
            cards.spell_with(normalizer);
        }
        self
    }

    /// Adds the data of `others` that is not read to a composed row: pictures, logos, sounds and keys of vCards. What the row has
    /// no place for, since it has some already, is named among the misfits.
    #[must_use]
    pub fn with_unread(&mut self, composed: Composed, others: &[&[u8]]) -> Composed {
        match &mut self.reader {
            FormatReader::VCards(cards) => cards.with_unread(composed, others),
            FormatReader::Empty(_) | FormatReader::Csv(_) | FormatReader::Json(_) => composed,
        }
    }

    /// Returns a row without the data that is not read (pictures, logos, sounds, keys), as far as `written` has it and `original`
    /// has not: without what [`with_unread`](Self::with_unread) added.
    pub fn without_unread(&mut self, row: &[u8], written: &[u8], original: &[u8]) -> Vec<u8> {
        match &mut self.reader {
            FormatReader::VCards(cards) => cards.without_unread(row, written, original),
            FormatReader::Empty(_) | FormatReader::Csv(_) | FormatReader::Json(_) => row.to_vec(),
        }
    }
}

impl Iterator for Input {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        let item = match &mut self.reader {
            FormatReader::Empty(_) => None,
            FormatReader::Csv(csv) => csv.next(),
            FormatReader::Json(json) => json.next(),
            FormatReader::VCards(cards) => cards.next(),
        };
        let line = self.line();
        if let Some(Item::Contact(row)) = &item
            && !self.unseen.is_empty()
        {
            self.unseen.retain(|(_, field)| row.contact.get(field).is_none());
        }
        item.or_else(|| {
            let problem = self.last.pop_front()?;
            // A column has no line.
            let is_of_column = matches!(problem, Problem::UnreadValues { .. } | Problem::IdentifierColumn { .. });
            let line = if is_of_column { 0 } else { line };
            Some(Item::Notice { line, problem })
        })
    }
}
