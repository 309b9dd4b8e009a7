//! From files to contacts: CSV, JSON Lines and vCard, whoever exported them.
//!
//! [`read`] gives the rows of an input one by one. Values are kept as written. What is wrong with a row
//! is reported with it, by its line; what makes all of an input useless is an [`InputError`].

mod content;
pub mod country;
mod csv;
mod draft;
mod extent;
mod fold;
mod format;
mod header;
mod json;
mod json_text;
mod lines;
mod mapped;
mod options;
mod problem;
mod records;
mod row;
mod split;
mod target;
mod text;
mod vcard;
mod vcard_property;

use std::collections::VecDeque;
use std::path::Path;

pub use content::Source;
pub use format::Format;
pub use options::Options;
pub use problem::{InputError, Problem};
pub use row::{IdOrigin, Item, Row, SeenIds};
pub use target::Mapping;

use crate::input::csv::Csv;
use crate::input::json::Json;
use crate::input::vcard::VCards;

/// The rows of one input, in its order. Holds the text of the input, and one row at a time.
pub struct Input {
    reader: Reader,
    format: Format,
    last: VecDeque<Problem>,
}

enum Reader {
    Empty,
    Csv(Box<Csv>),
    Json(Box<Json>),
    VCards(Box<VCards>),
}

/// Opens an input and reads as much of it as its columns take.
///
/// # Errors
/// - The source cannot be read, or holds something else than text.
/// - The table has no column that could identify a contact.
/// - The options name a field or a column that does not exist.
pub fn read(source: &Source, options: &Options) -> Result<Input, InputError> {
    let path = match source {
        Source::Path(path) => Some(path.as_path()),
        Source::Stdin => None,
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

fn open(name: &str, path: Option<&Path>, bytes: Vec<u8>, options: &Options) -> Result<Input, InputError> {
    for mapping in &options.map {
        mapping.target()?;
    }
    let content = content::decode(name, bytes)?;
    let format = options.format.unwrap_or_else(|| Format::of(path, &content.bytes));
    let bytes = content.bytes;
    let mut last: VecDeque<_> = content.fault.into_iter().collect();
    let reader = match format {
        _ if bytes.trim_ascii().is_empty() => {
            last.push_front(Problem::EmptyInput);
            Reader::Empty
        }
        Format::Csv => Reader::Csv(Box::new(Csv::new(name, bytes, options)?)),
        Format::JsonLines => Reader::Json(Box::new(Json::lines(bytes, options)?)),
        Format::JsonArray => Reader::Json(Box::new(Json::array(bytes, options)?)),
        Format::VCard => Reader::VCards(Box::new(VCards::new(bytes, options)?)),
    };
    Ok(Input { reader, format, last })
}

impl Input {
    /// The format that the input is read as.
    pub fn format(&self) -> Format {
        self.format
    }
}

impl Iterator for Input {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        let (item, line) = match &mut self.reader {
            Reader::Empty => (None, 0),
            Reader::Csv(csv) => (csv.next(), csv.line()),
            Reader::Json(json) => (json.next(), json.line()),
            Reader::VCards(cards) => (cards.next(), cards.line()),
        };
        item.or_else(|| self.last.pop_front().map(|problem| Item::Notice { line, problem }))
    }
}
