//! A hash of texts and numbers that never changes, so that samples, blocks and stored counts are the same everywhere.

/// A 64-bit hash that is built from parts. It is no defence against chosen values, so equal hashes only ever mean that two
/// contacts are compared, never that they match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StableHash(u64);

/// Odd constants with evenly spread bits: the golden ratio and the square root of three.
const FIRST: u64 = 0x9e37_79b9_7f4a_7c15;
const SECOND: u64 = 0xbb67_ae85_84ca_a73b;

impl StableHash {
    /// Starts a hash for one purpose, so that the hashes of different purposes do not meet.
    #[inline]
    pub(crate) fn of(purpose: u64) -> Self {
        Self(mix(purpose ^ FIRST))
    }

    /// Adds a number.
    #[inline]
    pub(crate) fn number(self, number: u64) -> Self {
        Self(mix(self.0.rotate_left(23) ^ number.wrapping_mul(SECOND)))
    }

    /// Adds bytes. Their length is part of the hash. Cost: O(n).
    #[inline]
    pub(crate) fn bytes(self, bytes: &[u8]) -> Self {
        let mut hash = self.number(bytes.len() as u64);
        let mut chunks = bytes.chunks_exact(8);
        for chunk in &mut chunks {
            hash = hash.number(chunk.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)));
        }
        let rest = chunks.remainder();
        if rest.is_empty() {
            return hash;
        }
        hash.number(rest.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    /// Returns the hash.
    #[inline]
    pub(crate) fn value(self) -> u64 {
        self.0
    }
}

#[inline]
fn mix(number: u64) -> u64 {
    let number = (number ^ number >> 32).wrapping_mul(FIRST);
    let number = (number ^ number >> 29).wrapping_mul(SECOND);
    number ^ number >> 32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_the_same_in_every_release() {
        assert_eq!(
            StableHash::of(1).bytes(b"muster").number(7).value(),
            StableHash::of(1).bytes(b"muster").number(7).value()
        );
        assert_ne!(StableHash::of(1).bytes(b"muster"), StableHash::of(2).bytes(b"muster"));
        assert_ne!(StableHash::of(1).bytes(b"ab").bytes(b"c"), StableHash::of(1).bytes(b"a").bytes(b"bc"));
        assert_ne!(StableHash::of(1).bytes(b"a\0"), StableHash::of(1).bytes(b"a"));
    }
}
