//! The layout of the rows of a file that is scanned: cells below a header, one JSON object per line or element, vCards, or anything else.

use std::sync::Arc;

use memchr::{memchr, memchr_iter};

use crate::csv::records::{CsvRecord, Records};
use crate::csv::{self, Csv};
use crate::input::format::Format;
use crate::input::lines::Lines;
use crate::input::shape::LineEnd;
use crate::json::layout::JsonLayout;
use crate::json::tokens::{self, ElementStart};
use crate::mapping::late_mapping::Mapped;
use crate::options::Options;
use crate::problem::InputError;
use crate::scan::key_row::Roles;

/// How the rows of a file are laid out.
pub(crate) enum Layout {
    /// Cells below a header.
    Cells(Box<CellReader>),
    /// One JSON object per line.
    Objects,
    /// The elements of a JSON array.
    Elements(ElementLayout),
    /// vCards.
    Cards,
    /// A chunk of the file cannot be read without what is before it, so the whole file is one chunk.
    OneChunk,
}

/// Where the elements of an array begin.
pub(crate) struct ElementLayout {
    /// The text before the first one.
    pub(crate) header: Vec<u8>,
    /// The text between two of them, and how each begins.
    pub(crate) start: ElementStart,
}

/// The reader of a table and the meaning of its columns.
pub(crate) struct CellReader {
    pub(crate) csv: Csv,
    pub(crate) roles: Roles,
}

impl CellReader {
    pub(crate) fn delimiter(&self) -> u8 {
        self.csv.records().delimiter()
    }
}

impl Layout {
    /// Returns the layout of a file that begins with `head`, which is all of it if `is_all`.
    ///
    /// # Errors
    /// The header has no usable column, or the options name a field or a column that does not exist.
    pub(crate) fn of(
        name: &str,
        head: &[u8],
        is_all: bool,
        format: Format,
        options: &Options,
    ) -> Result<Self, InputError> {
        Ok(match format {
            Format::Csv if has_header_of_one_reading(head, is_all) => {
                let csv = Csv::new(name, Arc::new(head.to_vec()), options)?;
                if csv.begins_unread() {
                    return Ok(Self::OneChunk);
                }
                let roles = Roles::new(csv.columns(), &options.identifiers, !csv.lacking().is_empty());
                Self::Cells(Box::new(CellReader { roles, csv }))
            }
            // Whether a mapped name occurs at all is known only after reading the whole file.
            // Nor is it known whether carriage returns end lines, if there is no line feed.
            Format::JsonLines
                if options.map.is_empty()
                    && (!is_all || memchr(b'\n', head).is_some())
                    && JsonLayout::is_lines(head, &Mapped::default()) =>
            {
                Self::Objects
            }
            Format::JsonArray if options.map.is_empty() => {
                let is_plain = JsonLayout::check_array(name, head, &Mapped::default()).is_ok();
                match tokens::array_start(head).filter(|_| is_plain) {
                    Some((at, start)) => {
                        let header = head.get(..at).unwrap_or_default().to_vec();
                        Self::Elements(ElementLayout { header, start })
                    }
                    None => Self::OneChunk,
                }
            }
            Format::VCard if options.map.is_empty() && begins_with_card(head) => Self::Cards,
            _ => Self::OneChunk,
        })
    }

    /// Returns the lines before the rows.
    pub(crate) fn header(&self) -> &[u8] {
        match self {
            Self::Cells(cells) => cells.csv.header(),
            Self::Elements(elements) => &elements.header,
            Self::Objects | Self::Cards | Self::OneChunk => b"",
        }
    }

    /// Returns the number of lines before the rows.
    pub(crate) fn header_lines(&self) -> u64 {
        match self {
            Self::Cells(cells) => cells.csv.line(),
            Self::Elements(elements) => memchr_iter(b'\n', &elements.header).count() as u64,
            Self::Objects | Self::Cards | Self::OneChunk => 0,
        }
    }
}

/// Returns true if a table begins with a header that is read the same whatever follows `head`.
fn has_header_of_one_reading(head: &[u8], is_all: bool) -> bool {
    let Some(line) = memchr(b'\n', head).and_then(|feed| head.get(..=feed)) else { return false };
    let ends_in_head = |delimiter: &u8| {
        let mut records = Records::new(Lines::ending_in(LineEnd::Feed), *delimiter);
        let is_record = matches!(records.next(head), Some(CsvRecord::Read(_)));
        is_record && !records.ran_out() && (is_all || records.span().end < head.len())
    };
    csv::said_delimiter(line).is_none() && !line.trim_ascii().is_empty() && csv::DELIMITERS.iter().all(ends_in_head)
}

/// Returns true if a text begins with a vCard whose lines end with a line feed.
fn begins_with_card(head: &[u8]) -> bool {
    let text = head.trim_ascii_start();
    is_begin_of_card(text) && memchr(b'\n', text).is_some()
}

/// Returns true if a text begins with the first line of a vCard.
pub(crate) fn is_begin_of_card(text: &[u8]) -> bool {
    text.get(..11).is_some_and(|start| start.eq_ignore_ascii_case(b"BEGIN:VCARD"))
}
