//! Unpacking gzip and zstd in bounded memory: a small file may hold any number of equal bytes.

use std::io::{self, Read};
use std::str::FromStr;

use flate2::read::MultiGzDecoder;

use crate::problem::InputError;

/// The largest window of a zstd frame, as a power of two: 128 MiB, which is zstd's own default.
const MAX_WINDOW_LOG: u32 = 27;

/// How much a packed input may unpack to, since all of it is in memory then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnpackLimit {
    max_bytes: u64,
    // None if the size was asked for.
    ratio: Option<Ratio>,
}

/// How many times its own size an input may unpack to, once it is more than so many bytes.
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
    /// So many bytes, however small the packed input is.
    pub fn of_bytes(max_bytes: u64) -> Self {
        Self { max_bytes, ratio: None }
    }

    /// `max` times the packed size, once that is more than `free_bytes`; besides the limit in bytes.
    pub fn with_ratio(self, max: u64, free_bytes: u64) -> Self {
        Self { ratio: Some(Ratio { max, free_bytes }), ..self }
    }

    /// How many bytes may come out of so many packed ones.
    fn for_packed(self, packed: usize) -> u64 {
        let packed = u64::try_from(packed).unwrap_or(u64::MAX);
        let by_ratio = self.ratio.map(|ratio| packed.saturating_mul(ratio.max).max(ratio.free_bytes));
        by_ratio.map_or(self.max_bytes, |by_ratio| by_ratio.min(self.max_bytes))
    }

    /// The error of an input of so many packed bytes that unpacks to more.
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

/// A number of bytes, as a person writes it: `512`, `64MiB`, `2G`. Units are powers of 1,024.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByteSize(pub u64);

const UNITS: [(&str, u32); 4] = [("T", 40), ("G", 30), ("M", 20), ("K", 10)];

/// A text that is no number of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a size; write bytes, or a number with K, M, G or T, such as 8G")]
pub struct NotAByteSize;

impl FromStr for ByteSize {
    type Err = NotAByteSize;

    fn from_str(text: &str) -> Result<Self, NotAByteSize> {
        let text = text.trim().to_ascii_uppercase();
        let text = text.strip_suffix("IB").or(text.strip_suffix('B')).unwrap_or(&text);
        let unit = UNITS.iter().find_map(|(unit, shift)| Some((text.strip_suffix(unit)?, *shift)));
        let (number, shift) = unit.unwrap_or((text, 0));
        let number = number.trim_end();
        if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NotAByteSize);
        }
        let bytes = number.parse::<u64>().ok().and_then(|number| number.checked_mul(1 << shift));
        bytes.map(Self).ok_or(NotAByteSize)
    }
}

impl std::fmt::Display for ByteSize {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let unit = UNITS.iter().find(|(_, shift)| self.0 > 0 && self.0.trailing_zeros() >= *shift);
        match unit {
            Some((unit, shift)) => write!(f, "{} {unit}iB", self.0 >> shift),
            None => write!(f, "{} bytes", self.0),
        }
    }
}

/// Whether bytes that begin so are packed.
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
            // The second is a frame that is passed over: parallel compressors write one first.
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some(Self::Zstd),
            _ => None,
        }
    }
}

/// What was unpacked.
pub(crate) struct Unpacked {
    pub(crate) bytes: Vec<u8>,
    /// Whether the packed data ends early or is damaged, so that this is not all of it.
    pub(crate) is_damaged: bool,
}

/// What packed bytes hold; bytes that are not packed stay what they are. At most one byte more than the limit is in memory.
///
/// # Errors
/// - [`InputError::UnpackSize`] or [`InputError::UnpackRatio`] if it is more than the limit.
/// - [`InputError::Unreadable`] if nothing can be unpacked, or there is no memory for it.
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

/// Reads at most one byte more than `max`, which says that there are more.
fn read_up_to(max: u64, reader: impl Read, into: &mut Vec<u8>) -> io::Result<()> {
    // Says `OutOfMemory` where there is none.
    reader.take(max.saturating_add(1)).read_to_end(into).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_people_write_them() {
        for (text, bytes) in [
            ("512", 512),
            ("64MiB", 64 << 20),
            ("2G", 2 << 30),
            ("1 kb", 1 << 10),
            ("3t", 3 << 40),
            ("0", 0),
            ("7B", 7),
        ] {
            assert_eq!(text.parse(), Ok(ByteSize(bytes)), "{text}");
        }
        for text in ["", "G", "-1", "+1", "1.5G", "1X", "99999999999T", "1GG"] {
            assert_eq!(text.parse::<ByteSize>(), Err(NotAByteSize), "{text}");
        }
        let shown = [0, 7, 1 << 10, 64 << 20, 3 << 29, 4 << 30].map(|bytes| ByteSize(bytes).to_string());
        assert_eq!(shown, ["0 bytes", "7 bytes", "1 KiB", "64 MiB", "1536 MiB", "4 GiB"]);
    }

    #[test]
    fn what_comes_out_is_limited_by_size_and_by_ratio() {
        let limit = UnpackLimit::default();
        assert_eq!(limit.for_packed(1), 64 << 20);
        assert_eq!(limit.for_packed(100_000), 100_000_000);
        assert_eq!(limit.for_packed(usize::MAX), 4 << 30);
        assert_eq!(UnpackLimit::of_bytes(7).for_packed(usize::MAX), 7);
    }

    #[test]
    fn no_more_is_in_memory_than_may_be() {
        // Endless, and one byte too many is enough to know it.
        let mut bytes = Vec::new();
        read_up_to(1_000, io::repeat(b'a'), &mut bytes).expect("read");
        assert_eq!(bytes.len(), 1_001);
    }
}
