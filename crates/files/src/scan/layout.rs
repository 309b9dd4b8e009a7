//! The layout of the rows of a file that is scanned: cells below a header, or one JSON object per line.

use memchr::memchr;

use crate::csv::Csv;
use crate::csv::records::{CsvRecord, Records};
use crate::input::format::Format;
use crate::input::lines::Lines;
use crate::input::shape::LineEnd;
use crate::json::layout::JsonLayout;
use crate::mapping::late_mapping::Mapped;
use crate::options::Options;
use crate::problem::InputError;
use crate::scan::key_row::Roles;

/// How the rows of a file are laid out.
pub(crate) enum Layout {
    /// Cells below a header.
    Cells(Box<CellReader>),
    /// One JSON object per line; `workspace` is the name of the field that holds the workspace.
    Objects { workspace: Option<String> },
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
    /// Returns the layout of a file that begins with `head`, or `None` if a chunk of it cannot be read without the rest.
    ///
    /// # Errors
    /// The header has no usable column, or the options name a field or a column that does not exist.
    pub(crate) fn of(name: &str, head: Vec<u8>, format: Format, options: &Options) -> Result<Option<Self>, InputError> {
        Ok(match format {
            Format::Csv if has_plain_header(&head) => {
                let csv = Csv::new(name, head, options)?;
                Some(Self::Cells(Box::new(CellReader { roles: Roles::new(csv.columns()), csv })))
            }
            // Whether a mapped name occurs at all is known only after reading the whole file.
            Format::JsonLines if options.map.is_empty() && JsonLayout::is_lines(&head, &Mapped::default()) => {
                Some(Self::Objects { workspace: options.workspace_column.clone() })
            }
            _ => None,
        })
    }

    /// Returns the lines before the rows.
    pub(crate) fn header(&self) -> &[u8] {
        match self {
            Self::Cells(cells) => cells.csv.header(),
            Self::Objects { .. } => b"",
        }
    }

    /// Returns the number of lines before the rows.
    pub(crate) fn header_lines(&self) -> u64 {
        match self {
            Self::Cells(cells) => cells.csv.line(),
            Self::Objects { .. } => 0,
        }
    }
}

/// Returns true if the first line is a header that is read the same whatever follows it.
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
