//! What the bytes of a short text in ASCII are, a bit for each, found eight bytes at a time.

/// As many bytes as there are bits.
pub(crate) const MAX_BYTES: usize = 64;

/// A byte of each eight, and the highest bit of each.
const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x80 * ONES;

/// A bit for each byte of a text that may be an address: the first byte has the lowest one.
#[derive(Default)]
pub(crate) struct EmailBits {
    letters: u64,
    digits: u64,
    hyphens: u64,
    dots: u64,
    ats: u64,
    /// The letters that are capitals.
    pub(crate) capitals: u64,
}

impl EmailBits {
    /// Looks at a text of `length` bytes, which `bytes` has with zeros behind it, and makes its capitals small. `None` if one
    /// of its bytes is not in ASCII.
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
            // A capital and its small letter differ in one bit.
            let lower = written | capitals >> 2;
            *word = lower.to_le_bytes();
            let shift = place * 8;
            bits.capitals |= one_by_one(capitals) << shift;
            bits.letters |= one_by_one(between(lower, b'a', b'z')) << shift;
            bits.digits |= one_by_one(between(lower, b'0', b'9')) << shift;
            // A hyphen and a dot are neighbours.
            bits.hyphens |= one_by_one(between(lower, b'-', b'-')) << shift;
            bits.dots |= one_by_one(between(lower, b'.', b'.')) << shift;
            bits.ats |= one_by_one(between(lower, b'@', b'@')) << shift;
        }
        Some(bits)
    }

    /// The place of the `@` of a text of `length` bytes, if all of it is letters, digits, hyphens and dots, and it is a dot-atom
    /// in front of a host name of two or more labels, none of which may be of another encoding, and the last of which is not a
    /// number. `None` says nothing: an atom may have other bytes.
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
        // No part is empty.
        let ends = dots | ats;
        if ends & 1 != 0 || ends & ends << 1 != 0 || ends >> last & 1 != 0 {
            return None;
        }
        let host = all & !(ats | (ats - 1));
        let (dots, hyphens) = (dots & host, hyphens & host);
        let before_labels = dots | ats;
        let at_ends = hyphens & (before_labels << 1 | before_labels >> 1 | 1 << last);
        // Behind two characters, two hyphens are the mark of another encoding.
        let marks = hyphens & hyphens << 1 & before_labels << 4;
        let behind_last_dot = host & u64::MAX.unbounded_shl(MAX_BYTES as u32 - dots.leading_zeros());
        let is_host = dots != 0 && at_ends == 0 && marks == 0 && behind_last_dot & !digits != 0;
        is_host.then_some(at as usize)
    }
}

/// The highest bit of each byte that is one of `first` to `last`. No byte has it set already.
#[inline]
fn between(bytes: u64, first: u8, last: u8) -> u64 {
    let not_below = bytes + ONES * u64::from(0x80 - first);
    let above = bytes + ONES * u64::from(0x7f - last);
    not_below & !above & HIGH
}

/// The highest bits of eight bytes, one behind the other.
#[inline]
fn one_by_one(high: u64) -> u64 {
    // Each bit meets the factor that carries it to its place in the last byte, and no two meet in one place.
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
