//! The name, form, options and text of a scanned file.

use std::sync::Arc;

use crate::input::format::Format;
use crate::input::shape::InputShape;
use crate::input::stored_text::StoredText;
use crate::options::Options;
use crate::problem::{InputError, unreadable};
use crate::scan::layout::Layout;
use crate::scan::scanned_file::ScannedFile;

impl ScannedFile {
    /// Returns the name in messages.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the format that the rows are read as.
    pub fn format(&self) -> Format {
        self.shape.format
    }

    /// Returns the options that the rows are read by, with what all rows decided ([`Options::zero_ids`]).
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Returns the lines before the rows.
    pub fn header(&self) -> &[u8] {
        self.layout.header()
    }

    /// Returns the shape of the input, which [`like`](crate::like) reads single rows with.
    pub fn shape(&self) -> &InputShape {
        &self.shape
    }

    /// Returns the length of the text in bytes.
    pub fn text_len(&self) -> usize {
        self.text.len()
    }

    /// Returns the byte order mark before the text, or nothing.
    pub fn prefix(&self) -> &'static [u8] {
        self.prefix
    }

    /// Returns true if the text was UTF-16, so that it differs from the bytes of the file.
    pub fn was_recoded(&self) -> bool {
        self.was_recoded
    }

    /// Returns true if the packed data ends early or is damaged, or if some UTF-16 is broken, so that text is missing.
    pub fn is_damaged(&self) -> bool {
        self.fault.is_some()
    }

    /// Checks that nobody has changed the file since it was opened, as far as its length and time tell.
    ///
    /// # Errors
    /// [`InputError::Changed`] if somebody has.
    pub fn check_unchanged(&self) -> Result<(), InputError> {
        match self.text.is_unchanged() {
            Ok(true) => Ok(()),
            Ok(false) => Err(InputError::Changed { name: self.name.clone() }),
            Err(reason) => Err(unreadable(&self.name, reason)),
        }
    }

    /// Loads the text into memory, so that no change of the file matters any more.
    ///
    /// # Errors
    /// The file cannot be read, or the memory does not suffice.
    pub fn load(&mut self) -> Result<(), InputError> {
        let text = self.text()?;
        self.text = Arc::new(StoredText::Memory(text));
        Ok(())
    }

    /// Returns the whole text in memory.
    ///
    /// # Errors
    /// The file cannot be read, or the memory does not suffice.
    pub fn text(&self) -> Result<Arc<Vec<u8>>, InputError> {
        self.text.whole().map_err(|reason| unreadable(&self.name, reason))
    }

    /// Returns true if the rows are read in several chunks, and false if the whole file is one.
    pub fn is_chunked(&self) -> bool {
        !matches!(self.layout, Layout::OneChunk)
    }

    /// Returns true if most rows are lent as [`KeyRow`](crate::scan::KeyRow)s, so that reading an id again is cheap.
    pub fn has_plain_rows(&self) -> bool {
        matches!(self.layout, Layout::Cells(_) | Layout::Objects | Layout::Elements(_))
    }

    /// Returns true if contacts have several rows, of which only the first one counts as theirs: vCards with the same UID. Meaningful
    /// after [`read_chunks`](Self::read_chunks).
    pub fn has_contacts_of_several_rows(&self) -> bool {
        self.united.as_ref().is_some_and(|united| !united.is_empty())
    }

    /// Returns the identifiers of the options that no row has, in order. All of them before [`read_chunks`](Self::read_chunks).
    pub fn unseen_identifiers(&self) -> impl Iterator<Item = &str> {
        self.facts.unseen()
    }

    /// Returns the first identifier of the options that no row can have, since the header names all that there are.
    pub fn impossible_identifier(&self) -> Option<&str> {
        match &self.layout {
            Layout::Cells(cells) if !cells.csv.has_custom_fields() => cells.csv.lacking().first().map(String::as_str),
            _ => None,
        }
    }
}
