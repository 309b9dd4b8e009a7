//! Bit sets of the byte classes in a short ASCII text, computed eight bytes at a time.

/// The greatest length of a text: one bit of a `u64` for each byte.
pub(crate) const MAX_BYTES: usize = 64;

/// A word with the value 1 in each byte. `HIGH` has the highest bit of each byte.
const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x80 * ONES;

/// The bit sets of a text that may be an email address. The first byte has the lowest bit.
#[derive(Default)]
pub(crate) struct EmailBits {
    letters: u64,
    digits: u64,
    hyphens: u64,
    dots: u64,
    ats: u64,
    /// The upper-case letters.
    pub(crate) capitals: u64,
}

impl EmailBits {
    /// Returns the bit sets of the first `length` bytes, and converts their letters to lower case. The remaining bytes
    /// must be zeros. Returns `None` if a byte is not ASCII.
    #[inline]
    pub(crate) fn of(bytes: &mut [u8; MAX_BYTES], length: usize) -> Option<Self> {
        let mut bits = Self::default();
        let (words, _) = bytes.as_chunks_mut::<8>();
        for (place, word) in words.iter_mut().enumerate().take(length.div_ceil(8)) {
            let written = u64::from_le_bytes(*word);
            if written & HIGH != 0 {
                return None;
            }
            let capitals = between(written, b'A', b'Z');
            // The bit 0x20 turns an upper-case letter into lower case.
            let lower = written | capitals >> 2;
            *word = lower.to_le_bytes();
            let shift = place * 8;
            bits.capitals |= one_by_one(capitals) << shift;
            bits.letters |= one_by_one(between(lower, b'a', b'z')) << shift;
            bits.digits |= one_by_one(between(lower, b'0', b'9')) << shift;
            bits.hyphens |= one_by_one(between(lower, b'-', b'-')) << shift;
            bits.dots |= one_by_one(between(lower, b'.', b'.')) << shift;
            bits.ats |= one_by_one(between(lower, b'@', b'@')) << shift;
        }
        Some(bits)
    }

    /// Returns the position of the `@` if the text is a dot-atom, an `@` and a host name in letters, digits, hyphens
    /// and dots.
    ///
    /// The host name must have two labels or more, no label in another encoding, and a last label that is not a number.
    /// `None` does not mean that the text is no address, because a dot-atom may contain other bytes.
    #[inline]
    pub(crate) fn at(&self, length: usize) -> Option<usize> {
        let Self { letters, digits, hyphens, dots, ats, .. } = *self;
        let last = length.checked_sub(1).filter(|last| *last < MAX_BYTES)?;
        let all = u64::MAX >> (MAX_BYTES - length);
        let is_one = ats.is_power_of_two();
        if !is_one || letters | digits | hyphens | dots | ats != all {
            return None;
        }
        let at = ats.trailing_zeros();
        // No part may be empty.
        let ends = dots | ats;
        if ends & 1 != 0 || ends & ends << 1 != 0 || ends >> last & 1 != 0 {
            return None;
        }
        let host = all & !(ats | (ats - 1));
        let (dots, hyphens) = (dots & host, hyphens & host);
        let before_labels = dots | ats;
        let at_ends = hyphens & (before_labels << 1 | before_labels >> 1 | 1 << last);
        // Two hyphens after two characters mark a label in another encoding, such as `xn--`.
        let marks = hyphens & hyphens << 1 & before_labels << 4;
        let behind_last_dot = host & u64::MAX.unbounded_shl(MAX_BYTES as u32 - dots.leading_zeros());
        let is_host = dots != 0 && at_ends == 0 && marks == 0 && behind_last_dot & !digits != 0;
        is_host.then_some(at as usize)
    }
}

/// Returns the highest bit of each byte from `first` to `last`. No input byte may have its highest bit set.
#[inline]
fn between(bytes: u64, first: u8, last: u8) -> u64 {
    let not_below = bytes + ONES * u64::from(0x80 - first);
    let above = bytes + ONES * u64::from(0x7f - last);
    not_below & !above & HIGH
}

/// Gathers the highest bits of eight bytes into one byte, the bit of the first byte lowest.
#[inline]
fn one_by_one(high: u64) -> u64 {
    // The product moves each bit to its own position in the highest byte. No two bits collide.
    const GATHER: u64 = 0x0002_0408_1020_4081;
    high.wrapping_mul(GATHER) >> 56
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_has_its_bit() {
        for length in 1..=MAX_BYTES {
            for byte in 0..=255_u8 {
                for place in [0, length / 2, length - 1] {
                    let mut bytes = [0; MAX_BYTES];
                    bytes[..length].fill(b'a');
                    bytes[place] = byte;
                    let bits = EmailBits::of(&mut bytes, length);
                    assert_eq!(bits.is_some(), byte.is_ascii());
                    let Some(bits) = bits else { continue };
                    assert_eq!(bytes[place], byte.to_ascii_lowercase());
                    let bit = |is_set: bool| u64::from(is_set) << place;
                    assert_eq!(bits.capitals, bit(byte.is_ascii_uppercase()));
                    assert_eq!(bits.letters & 1 << place, bit(byte.is_ascii_alphabetic()));
                    assert_eq!(bits.letters.count_ones() as usize, length - usize::from(!byte.is_ascii_alphabetic()));
                    assert_eq!(bits.digits, bit(byte.is_ascii_digit()));
                    assert_eq!(bits.hyphens, bit(byte == b'-'));
                    assert_eq!((bits.dots, bits.ats), (bit(byte == b'.'), bit(byte == b'@')));
                }
            }
        }
    }
}
