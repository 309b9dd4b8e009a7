//! The text of an input, in memory or in a file, whose ranges many threads read at once.

use std::fs::File;
use std::io::{self, Read, Write};
use std::ops::Range;
use std::sync::Arc;
use std::time::SystemTime;

/// A text up to this size is kept in memory; a larger one goes to a temporary file.
const MAX_MEMORY: usize = 64 << 20;

/// How many bytes are searched at a time for the last line end.
const WINDOW_BYTES: usize = 64 * 1024;

/// A text that is read by ranges.
#[derive(Debug)]
pub(crate) enum StoredText {
    /// The text in memory.
    Memory(Arc<Vec<u8>>),
    /// The bytes of a file from `start` on.
    File {
        /// The file, which is read at positions, so that threads can share it.
        file: File,
        /// Where the text begins.
        start: u64,
        /// The length of the text.
        length: usize,
        /// When the file was changed last, if others may change it.
        modified: Option<SystemTime>,
    },
}

impl StoredText {
    /// Returns false if the file seems to have been changed since it was opened.
    ///
    /// # Errors
    /// The system does not say.
    pub(crate) fn is_unchanged(&self) -> io::Result<bool> {
        match self {
            Self::File { file, start, length, modified: Some(modified) } => {
                let about = file.metadata()?;
                // A damaged end may have been left out.
                Ok(about.modified()? == *modified && about.len() >= start + *length as u64)
            }
            Self::Memory(_) | Self::File { modified: None, .. } => Ok(true),
        }
    }

    /// Returns the length in bytes.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Memory(text) => text.len(),
            Self::File { length, .. } => *length,
        }
    }

    /// Returns the bytes of a range, which are read into `space` if they are not in memory.
    ///
    /// # Errors
    /// The file cannot be read, or became shorter.
    pub(crate) fn read<'a>(&'a self, range: Range<usize>, space: &'a mut Vec<u8>) -> io::Result<&'a [u8]> {
        match self {
            Self::Memory(text) => Ok(text.get(range).unwrap_or_default()),
            Self::File { file, start, .. } => {
                if space.len() < range.len() {
                    let more = range.len() - space.len();
                    space.try_reserve_exact(more).map_err(|_| io::Error::from(io::ErrorKind::OutOfMemory))?;
                    space.resize(range.len(), 0);
                }
                let Some(space) = space.get_mut(..range.len()) else { return Ok(&[]) };
                read_exact_at(file, space, start + range.start as u64)?;
                Ok(space)
            }
        }
    }

    /// Returns the whole text in memory.
    ///
    /// # Errors
    /// The file cannot be read, or the memory does not suffice.
    pub(crate) fn whole(&self) -> io::Result<Arc<Vec<u8>>> {
        match self {
            Self::Memory(text) => Ok(Arc::clone(text)),
            Self::File { length, .. } => {
                let mut whole = Vec::new();
                self.read(0..*length, &mut whole)?;
                Ok(Arc::new(whole))
            }
        }
    }

    /// Removes the first bytes.
    pub(crate) fn skip(&mut self, bytes: usize) {
        match self {
            Self::Memory(text) => {
                let skipped = bytes.min(text.len());
                Arc::make_mut(text).drain(..skipped);
            }
            Self::File { start, length, .. } => {
                let skipped = bytes.min(*length);
                *start += skipped as u64;
                *length -= skipped;
            }
        }
    }

    /// Returns a reader of the text from its beginning.
    pub(crate) fn reader(&self) -> StoredReader<'_> {
        StoredReader { text: self, at: 0 }
    }

    /// Removes the last line if it has no line end.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn remove_open_line(&mut self) -> io::Result<()> {
        let mut end = self.len();
        let mut space = Vec::new();
        let kept = loop {
            if end == 0 {
                break 0;
            }
            let start = end.saturating_sub(WINDOW_BYTES);
            let window = self.read(start..end, &mut space)?;
            if let Some(last) = memchr::memrchr2(b'\n', b'\r', window) {
                break start + last + 1;
            }
            end = start;
        };
        match self {
            Self::Memory(text) => Arc::make_mut(text).truncate(kept),
            Self::File { length, .. } => *length = kept,
        }
        Ok(())
    }
}

/// Reads a text from its beginning to its end.
pub(crate) struct StoredReader<'a> {
    text: &'a StoredText,
    at: usize,
}

impl Read for StoredReader<'_> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let end = self.text.len().min(self.at.saturating_add(to.len()));
        let to = &mut to[..end - self.at];
        match self.text {
            StoredText::Memory(text) => to.copy_from_slice(text.get(self.at..end).unwrap_or_default()),
            StoredText::File { file, start, .. } => read_exact_at(file, to, start + self.at as u64)?,
        }
        self.at = end;
        Ok(to.len())
    }
}

#[cfg(unix)]
fn read_exact_at(file: &File, space: &mut [u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, space, at)
}

#[cfg(windows)]
fn read_exact_at(file: &File, mut space: &mut [u8], mut at: u64) -> io::Result<()> {
    while !space.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, space, at) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(read) => {
                at += read as u64;
                space = &mut space[read..];
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// A text that is being written: in memory, or in a temporary file once it is large. The file has no name where the system
/// allows that, so it is gone with the process.
#[derive(Default)]
pub(crate) struct TextSpool {
    memory: Vec<u8>,
    file: Option<(File, usize)>,
}

impl TextSpool {
    /// Returns the length of what was written.
    pub(crate) fn len(&self) -> usize {
        self.file.as_ref().map_or(0, |(_, length)| *length) + self.memory.len()
    }

    /// Returns the text.
    ///
    /// # Errors
    /// The temporary file cannot be written.
    pub(crate) fn finish(mut self) -> io::Result<StoredText> {
        if self.file.is_some() {
            self.write_out()?;
        }
        Ok(match self.file {
            None => StoredText::Memory(Arc::new(self.memory)),
            Some((file, length)) => StoredText::File { file, start: 0, length, modified: None },
        })
    }

    fn write_out(&mut self) -> io::Result<()> {
        let (file, length) = match &mut self.file {
            Some(file) => file,
            none => none.insert((tempfile::tempfile()?, 0)),
        };
        file.write_all(&self.memory)?;
        *length += self.memory.len();
        self.memory.clear();
        Ok(())
    }
}

impl Write for TextSpool {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.memory.try_reserve(bytes.len()).map_err(|_| io::Error::from(io::ErrorKind::OutOfMemory))?;
        self.memory.extend_from_slice(bytes);
        let is_large = match &self.file {
            None => self.memory.len() > MAX_MEMORY,
            Some(_) => self.memory.len() > 1 << 20,
        };
        if is_large {
            self.write_out()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the text of a spool, with all of it in the file if `is_large`.
    fn stored(text: &[u8], is_large: bool) -> StoredText {
        let mut spool = TextSpool::default();
        for part in text.chunks(7) {
            spool.write_all(part).expect("room");
            if is_large {
                spool.write_out().expect("a temporary file");
            }
        }
        assert_eq!(spool.len(), text.len());
        spool.finish().expect("a text")
    }

    #[test]
    fn a_text_is_the_same_in_memory_and_in_a_file() {
        let text: Vec<u8> = (0..100_u8).collect();
        for is_large in [false, true] {
            let stored = stored(&text, is_large);
            assert_eq!(matches!(stored, StoredText::File { .. }), is_large);
            let mut space = Vec::new();
            for range in [0..100, 50..60, 3..3, 99..100] {
                assert_eq!(stored.read(range.clone(), &mut space).expect("bytes"), &text[range]);
            }
            assert_eq!(*stored.whole().expect("bytes"), text);
        }
    }

    #[test]
    fn an_open_line_is_removed() {
        for (text, kept) in [("a\nb", "a\n"), ("a\rb\r", "a\rb\r"), ("ab", ""), ("", "")] {
            for is_large in [false, true] {
                let mut stored = stored(text.as_bytes(), is_large);
                stored.remove_open_line().expect("a text");
                assert_eq!(stored.whole().expect("bytes").as_slice(), kept.as_bytes());
            }
        }
        let long = format!("a\n{}", "b".repeat(3 * WINDOW_BYTES));
        let mut stored = stored(long.as_bytes(), true);
        stored.remove_open_line().expect("a text");
        assert_eq!(stored.len(), 2);
    }
}
