//! The layout of the rows of a file that is scanned: cells below a header, one JSON object per line, or anything else.

use std::sync::Arc;

use memchr::memchr;

use crate::csv::records::{CsvRecord, Records};
use crate::csv::{self, Csv};
use crate::input::format::Format;
use crate::input::lines::Lines;
use crate::input::shape::LineEnd;
use crate::json::Json;
use crate::json::layout::JsonLayout;
use crate::mapping::late_mapping::Mapped;
use crate::options::Options;
use crate::problem::InputError;
use crate::scan::key_row::Roles;
use crate::values::zero_id::ZeroIds;

/// How the rows of a file are laid out.
pub(crate) enum Layout {
    /// Cells below a header.
    Cells(Box<CellReader>),
    /// One JSON object per line.
    Objects,
    /// A chunk of the file cannot be read without what is before it, so the whole file is one chunk.
    OneChunk,
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
            _ => Self::OneChunk,
        })
    }

    /// Returns a reader of the objects of a chunk. Ids of zeros are read as ids unless they are known to be placeholders.
    ///
    /// # Errors
    /// The options name a field that does not exist.
    pub(crate) fn objects(options: &Options, zero_ids: ZeroIds) -> Result<Json, InputError> {
        Json::lines_of_chunks(options, zero_ids)
    }

    /// Returns the lines before the rows.
    pub(crate) fn header(&self) -> &[u8] {
        match self {
            Self::Cells(cells) => cells.csv.header(),
            Self::Objects | Self::OneChunk => b"",
        }
    }

    /// Returns the number of lines before the rows.
    pub(crate) fn header_lines(&self) -> u64 {
        match self {
            Self::Cells(cells) => cells.csv.line(),
            Self::Objects | Self::OneChunk => 0,
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
