//! The lines of the patch file, which wait in a temporary file until its first line is known.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Seek, SeekFrom, Write};
use std::path::Path;

use crate::commands::merge::step::MergeStep;
use crate::output::TemporaryFile;
use crate::patch_file::alike_member;

/// The lines of all merges.
pub struct PatchLines {
    file: BufWriter<TemporaryFile>,
    length: u64,
    merges: usize,
    alike: Vec<AlikePlace>,
}

/// Where in the lines the number of rows like a row without an id is inserted.
#[derive(Clone, Copy)]
pub struct AlikePlace {
    /// The number of the contact of the row.
    pub contact: u32,
    offset: u64,
}

impl PatchLines {
    /// Returns an empty list of lines that wait in `folder`.
    ///
    /// # Errors
    /// The folder cannot be written to.
    pub fn create_in(folder: &Path) -> io::Result<Self> {
        let file = BufWriter::with_capacity(1 << 20, TemporaryFile::create_in(folder)?);
        Ok(Self { file, length: 0, merges: 0, alike: Vec::new() })
    }

    /// Adds the line of a merge.
    ///
    /// # Errors
    /// The temporary file cannot be written.
    pub fn add(&mut self, step: &MergeStep) -> io::Result<()> {
        let offset = |offset: usize| self.length + offset as u64;
        let made = step.made.iter().map(|row| AlikePlace { contact: row.contact, offset: offset(row.offset) });
        self.alike.extend(made);
        self.length += step.line.text.len() as u64;
        self.merges += 1;
        self.file.write_all(&step.line.text)
    }

    /// Returns the number of merges.
    pub fn merges(&self) -> usize {
        self.merges
    }

    /// Returns the rows without an id.
    pub fn alike(&self) -> &[AlikePlace] {
        &self.alike
    }

    /// Appends the lines to a file. `count` returns the number of rows like that of a contact.
    ///
    /// # Errors
    /// The temporary file cannot be read, or the other file not be written.
    pub fn copy_to(self, to: &mut impl Write, count: impl Fn(u32) -> usize) -> io::Result<()> {
        let mut file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.flush()?;
        let mut from: &File = file.as_file()?;
        from.seek(SeekFrom::Start(0))?;
        let mut from = BufReader::with_capacity(1 << 20, from);
        let mut at = 0;
        for place in &self.alike {
            let count = count(place.contact);
            if count > 0 {
                copy(&mut from, place.offset - at, to)?;
                at = place.offset;
                to.write_all(alike_member(count).as_bytes())?;
            }
        }
        copy(&mut from, self.length - at, to)
    }
}

/// Copies bytes from one file to another in large pieces.
fn copy(from: &mut impl BufRead, mut bytes: u64, to: &mut impl Write) -> io::Result<()> {
    while bytes > 0 {
        let piece = from.fill_buf()?;
        let length = piece.len().min(usize::try_from(bytes).unwrap_or(usize::MAX));
        let piece = piece.get(..length).filter(|piece| !piece.is_empty()).ok_or(io::ErrorKind::UnexpectedEof)?;
        to.write_all(piece)?;
        from.consume(length);
        bytes -= length as u64;
    }
    Ok(())
}
