//! A number of bytes, as people write it.

use std::fmt;
use std::str::FromStr;

/// A number of bytes, which is written as `512`, `64MiB` or `2G`. Units are powers of 1,024.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByteSize(pub u64);

const UNITS: [(&str, u32); 4] = [("T", 40), ("G", 30), ("M", 20), ("K", 10)];

/// A text that is not a number of bytes.
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

impl fmt::Display for ByteSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = UNITS.iter().find(|(_, shift)| self.0 > 0 && self.0.trailing_zeros() >= *shift);
        match unit {
            Some((unit, shift)) => write!(f, "{} {unit}iB", self.0 >> shift),
            None => write!(f, "{} bytes", self.0),
        }
    }
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
}
