//! The prefix of the ids of rows that have none.

use std::borrow::Cow;

use memchr::memmem;
use rayon::prelude::*;

use crate::problem::InputError;
use crate::row::LinePrefixes;
use crate::scan::scanned_file::{ScannedChunk, ScannedFile};

impl ScannedFile {
    /// Returns the prefixes of generated ids that occur in the text: [`LinePrefixes::prefix`] gives one that does not.
    ///
    /// # Errors
    /// The file cannot be read.
    ///
    /// # Cost
    /// O(n): reads the file.
    pub fn line_prefixes<'a, T: Sync + 'a>(
        &self,
        chunks: impl IntoIterator<Item = &'a ScannedChunk<T>>,
    ) -> Result<LinePrefixes, InputError> {
        let chunks: Vec<&ScannedChunk<T>> = chunks.into_iter().collect();
        let mut all = LinePrefixes::default();
        all.add_lines(self.header());
        let of_chunk = |chunk: &&ScannedChunk<T>| {
            self.with_text(chunk.range.clone(), |text| {
                let mut prefixes = LinePrefixes::default();
                prefixes.add_lines(text);
                if let Cow::Owned(text) = without_escapes(text) {
                    prefixes.add_lines(&text);
                }
                prefixes
            })
        };
        let of_chunks: Vec<LinePrefixes> = chunks.par_iter().map(of_chunk).collect::<Result<_, InputError>>()?;
        Ok(of_chunks.into_iter().fold(all, LinePrefixes::union))
    }
}

/// Returns a JSON text with the escapes of ASCII characters replaced, by which an id can be spelt in another way.
fn without_escapes(text: &[u8]) -> Cow<'_, [u8]> {
    let is_ascii = |at: &usize| matches!(text.get(at + 4), Some(b'2'..=b'7'));
    let mut escapes = memmem::find_iter(text, b"\\u00").filter(is_ascii).peekable();
    if escapes.peek().is_none() {
        return Cow::Borrowed(text);
    }
    let mut plain = Vec::with_capacity(text.len());
    let mut at = 0;
    for escape in escapes {
        let digits = text.get(escape + 4..escape + 6).and_then(|digits| std::str::from_utf8(digits).ok());
        let Some(byte) = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) else { continue };
        plain.extend_from_slice(text.get(at..escape).unwrap_or_default());
        plain.push(byte);
        at = escape + 6;
    }
    plain.extend_from_slice(text.get(at..).unwrap_or_default());
    Cow::Owned(plain)
}
