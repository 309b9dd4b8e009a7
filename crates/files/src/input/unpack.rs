//! Unpacks gzip and zstd in bounded memory, since a small file may unpack to any size.

use std::io::{self, Read};

use flate2::read::MultiGzDecoder;

use crate::byte_size::ByteSize;
use crate::problem::InputError;

/// The largest window of a zstd frame, as a power of two: 128 MiB, which is zstd's own default.
const MAX_WINDOW_LOG: u32 = 27;

/// The largest size that a packed input may unpack to. All of it is held in memory.
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

/// Returns true if a file that begins with `head` is packed.
pub(crate) fn is_packed(head: &[u8]) -> bool {
    Packing::of(head).is_some()
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

/// Unpacked bytes.
pub(crate) struct Unpacked {
    pub(crate) bytes: Vec<u8>,
    /// True if the packed data ends early or is damaged, so that bytes are missing.
    pub(crate) is_damaged: bool,
}

/// Returns the unpacked bytes; bytes that are not packed are returned unchanged. Holds at most one byte more than the limit.
///
/// # Errors
/// - [`InputError::UnpackSize`] or [`InputError::UnpackRatio`] if the limit is exceeded.
/// - [`InputError::Unreadable`] if nothing can be unpacked or memory is exhausted.
pub(crate) fn unpack(name: &str, packed: Vec<u8>, limit: UnpackLimit) -> Result<Unpacked, InputError> {
    let max = limit.for_packed(packed.len());
    let mut bytes = Vec::new();
    let read = match Packing::of(&packed) {
        Some(Packing::Gzip) => read_up_to(max, MultiGzDecoder::new(packed.as_slice()), &mut bytes),
        Some(Packing::Zstd) => zstd::Decoder::new(packed.as_slice()).and_then(|mut decoder| {
            decoder.window_log_max(MAX_WINDOW_LOG)?;
            read_up_to(max, decoder, &mut bytes)
        }),
        None => return Ok(Unpacked { bytes: packed, is_damaged: false }),
    };
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > max {
        return Err(limit.exceeded(name, packed.len()));
    }
    match read {
        Ok(()) => Ok(Unpacked { bytes, is_damaged: false }),
        Err(reason) if bytes.is_empty() || reason.kind() == io::ErrorKind::OutOfMemory => {
            Err(InputError::Unreadable { name: name.to_owned(), reason })
        }
        Err(_) => Ok(Unpacked { bytes, is_damaged: true }),
    }
}

/// Reads at most `max` bytes and one more, which shows that the limit is exceeded.
fn read_up_to(max: u64, reader: impl Read, into: &mut Vec<u8>) -> io::Result<()> {
    // Fails with `OutOfMemory` instead of aborting.
    reader.take(max.saturating_add(1)).read_to_end(into).map(drop)
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
    fn memory_is_bounded_by_the_limit() {
        // The reader is endless; one byte too many ends the reading.
        let mut bytes = Vec::new();
        read_up_to(1_000, io::repeat(b'a'), &mut bytes).expect("read");
        assert_eq!(bytes.len(), 1_001);
    }
}
