//! Unpacks gzip and zstd in bounded memory, since a small file may unpack to any size.

use std::cell::RefCell;
use std::io::{self, BufReader, Read, Write};

use flate2::bufread::MultiGzDecoder;

use crate::byte_size::ByteSize;
use crate::input::stored_text::{StoredText, TextSpool};
use crate::problem::{InputError, unreadable};

/// The largest window of a zstd frame, as a power of two: 128 MiB, which is zstd's own default.
const MAX_WINDOW_LOG: u32 = 27;

/// The largest size that a packed input may unpack to. What is large is held in a temporary file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnpackLimit {
    max_bytes: u64,
    // None if only the size is limited.
    ratio: Option<Ratio>,
}

/// The largest ratio of unpacked to packed size, for more than `free_bytes` unpacked bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Ratio {
    max: u64,
    free_bytes: u64,
}

impl Default for UnpackLimit {
    /// 4 GiB, and 1,000 times the packed size once that is more than 64 MiB.
    fn default() -> Self {
        Self { max_bytes: 4 << 30, ratio: Some(Ratio { max: 1_000, free_bytes: 64 << 20 }) }
    }
}

impl UnpackLimit {
    /// Returns a limit of `max_bytes` bytes, whatever the packed size.
    pub fn of_bytes(max_bytes: u64) -> Self {
        Self { max_bytes, ratio: None }
    }

    /// Returns the same limit, which also refuses more than `max` times the packed size if that is more than `free_bytes`.
    pub fn with_ratio(self, max: u64, free_bytes: u64) -> Self {
        Self { ratio: Some(Ratio { max, free_bytes }), ..self }
    }

    /// Returns the largest size in bytes.
    pub fn max_bytes(&self) -> u64 {
        self.max_bytes
    }

    /// Returns the largest ratio of unpacked to packed size, or `None` if it is not limited.
    pub fn max_ratio(&self) -> Option<u64> {
        self.ratio.map(|ratio| ratio.max)
    }

    /// Returns the size in bytes up to which the ratio is not limited, or `None` if it is never limited.
    pub fn free_bytes(&self) -> Option<u64> {
        self.ratio.map(|ratio| ratio.free_bytes)
    }

    /// Returns the largest size that `packed` bytes may unpack to.
    fn for_packed(self, packed: usize) -> u64 {
        let packed = u64::try_from(packed).unwrap_or(u64::MAX);
        let by_ratio = self.ratio.map(|ratio| packed.saturating_mul(ratio.max).max(ratio.free_bytes));
        by_ratio.map_or(self.max_bytes, |by_ratio| by_ratio.min(self.max_bytes))
    }

    /// Returns the error of an input of `packed` bytes that exceeds the limit.
    fn exceeded(self, name: &str, packed: usize) -> InputError {
        let name = name.to_owned();
        match self.ratio {
            Some(ratio) if self.for_packed(packed) < self.max_bytes => {
                InputError::UnpackRatio { name, max_ratio: ratio.max, free_bytes: ByteSize(ratio.free_bytes) }
            }
            _ => InputError::UnpackSize { name, max: ByteSize(self.max_bytes) },
        }
    }
}

/// How bytes are packed.
#[derive(Clone, Copy)]
enum Packing {
    Gzip,
    Zstd,
}

impl Packing {
    fn of(head: &[u8]) -> Option<Self> {
        match head {
            [0x1f, 0x8b, ..] => Some(Self::Gzip),
            // The second is a skippable frame, which parallel compressors write first.
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some(Self::Zstd),
            _ => None,
        }
    }
}

/// How many bytes are unpacked at a time.
const UNPACKED_BYTES: usize = 64 * 1024;

/// Unpacked bytes.
pub(crate) struct Unpacked {
    pub(crate) bytes: StoredText,
    /// True if the packed data ends early or is damaged, so that bytes are missing.
    pub(crate) is_damaged: bool,
}

/// Returns the unpacked bytes; bytes that are not packed are returned unchanged. Memory is bounded.
///
/// # Errors
/// - [`InputError::UnpackSize`] or [`InputError::UnpackRatio`] if the limit is exceeded.
/// - [`InputError::Unreadable`] if nothing can be unpacked, or the unpacked bytes cannot be stored.
pub(crate) fn unpack(name: &str, packed: StoredText, limit: UnpackLimit) -> Result<Unpacked, InputError> {
    let mut first = [0; 4];
    let read = packed.reader().read(&mut first).map_err(|reason| unreadable(name, reason))?;
    let max = limit.for_packed(packed.len());
    let fault = RefCell::new(None);
    let buffered = BufReader::with_capacity(UNPACKED_BYTES, PackedReader { reader: packed.reader(), fault: &fault });
    let outcome = match Packing::of(first.get(..read).unwrap_or_default()) {
        Some(Packing::Gzip) => store_up_to(max, MultiGzDecoder::new(buffered)),
        Some(Packing::Zstd) => {
            let decoder = zstd::Decoder::with_buffer(buffered).and_then(|mut decoder| {
                decoder.window_log_max(MAX_WINDOW_LOG)?;
                Ok(decoder)
            });
            decoder.map_err(UnpackFault::Store).and_then(|decoder| store_up_to(max, decoder))
        }
        None => return Ok(Unpacked { bytes: packed, is_damaged: false }),
    };
    if let Some(reason) = fault.into_inner() {
        return Err(unreadable(name, reason));
    }
    match outcome {
        Ok(unpacked) => Ok(unpacked),
        Err(UnpackFault::Limit) => Err(limit.exceeded(name, packed.len())),
        Err(UnpackFault::Store(reason)) => Err(unreadable(name, reason)),
    }
}

/// Reads packed bytes, and keeps the error of the system, which is no damage of the data.
struct PackedReader<'a, R> {
    reader: R,
    fault: &'a RefCell<Option<io::Error>>,
}

impl<R: Read> Read for PackedReader<'_, R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        self.reader.read(to).map_err(|reason| {
            let kind = reason.kind();
            if kind != io::ErrorKind::Interrupted {
                *self.fault.borrow_mut() = Some(reason);
            }
            kind.into()
        })
    }
}

/// The reason why bytes were not unpacked.
enum UnpackFault {
    /// They are more than the limit.
    Limit,
    /// Nothing could be unpacked, or the result could not be stored.
    Store(io::Error),
}

/// Stores what a decoder returns, which may be `max` bytes.
fn store_up_to(max: u64, mut decoder: impl Read) -> Result<Unpacked, UnpackFault> {
    let mut spool = TextSpool::default();
    let mut buffer = vec![0; UNPACKED_BYTES];
    let is_damaged = loop {
        match decoder.read(&mut buffer) {
            Ok(0) => break false,
            Ok(read) => {
                spool.write_all(buffer.get(..read).unwrap_or_default()).map_err(UnpackFault::Store)?;
                if spool.len() as u64 > max {
                    return Err(UnpackFault::Limit);
                }
            }
            Err(reason) if reason.kind() == io::ErrorKind::Interrupted => {}
            Err(reason) if spool.len() == 0 => return Err(UnpackFault::Store(reason)),
            Err(_) => break true,
        }
    };
    Ok(Unpacked { bytes: spool.finish().map_err(UnpackFault::Store)?, is_damaged })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_out_is_limited_by_size_and_by_ratio() {
        let limit = UnpackLimit::default();
        assert_eq!(limit.for_packed(1), 64 << 20);
        assert_eq!(limit.for_packed(100_000), 100_000_000);
        assert_eq!(limit.for_packed(usize::MAX), 4 << 30);
        assert_eq!(UnpackLimit::of_bytes(7).for_packed(usize::MAX), 7);
    }

    #[test]
    fn an_endless_reader_ends_at_the_limit() {
        assert!(matches!(store_up_to(1_000, io::repeat(b'a')), Err(UnpackFault::Limit)));
        let exact = store_up_to(1_000, io::repeat(b'a').take(1_000));
        assert!(exact.is_ok_and(|unpacked| unpacked.bytes.len() == 1_000));
    }
}
