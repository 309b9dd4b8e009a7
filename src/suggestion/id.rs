//! The stable name of a suggestion.

use std::fmt;
use std::hash::{Hash, Hasher};

use sha2::{Digest, Sha256};

use crate::suggestion::Evidence;

/// The name of a suggestion: the first 16 bytes of the SHA-256 (FIPS 180-4) of its members and its
/// evidence. The same group for the same reasons has the same name on every machine and in every run (for ids
/// that are texts, numbers of fixed size or made of those: the bytes of an id are those it hashes); any other
/// member or key gives another. `Display` writes it as 32 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SuggestionId([u8; 16]);

impl SuggestionId {
    /// The bytes of the name.
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// `places` are those of the holders of all evidence among the members.
    pub(super) fn of<Id: Hash>(
        members: &[Id],
        evidence: &[Evidence<Id>],
        mut places: impl Iterator<Item = u32>,
    ) -> Self {
        let mut hasher = StableHasher(Sha256::new());
        hasher.write(b"onefold suggestion 1\0");
        hasher.write_usize(members.len());
        members.iter().for_each(|member| member.hash(&mut hasher));
        for part in evidence {
            for text in [part.key.kind().name(), part.key.scope(), part.key.value()] {
                hasher.write_usize(text.len());
                hasher.write(text.as_bytes());
            }
            hasher.write_usize(part.holders.len());
            for (holder, place) in part.holders.iter().zip(&mut places) {
                hasher.write_usize(place as usize);
                hasher.write(holder.derivation.name().as_bytes());
                hasher.write(b"\0");
            }
        }
        let digest = hasher.0.finalize();
        let mut name = [0; 16];
        name.copy_from_slice(&digest[..16]);
        Self(name)
    }
}

impl fmt::Display for SuggestionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let digits = self.0.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        let mut text = [0; 32];
        text.iter_mut().zip(digits).for_each(|(place, digit)| *place = DIGITS[digit as usize]);
        f.write_str(std::str::from_utf8(&text).expect("hexadecimal digits are ASCII"))
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for SuggestionId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Feeds what a type hashes to SHA-256 in the same bytes on every machine: numbers little-endian, and
/// sizes in 64 bits.
struct StableHasher(Sha256);

impl Hasher for StableHasher {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn write_u16(&mut self, number: u16) {
        self.write(&number.to_le_bytes());
    }

    fn write_u32(&mut self, number: u32) {
        self.write(&number.to_le_bytes());
    }

    fn write_u64(&mut self, number: u64) {
        self.write(&number.to_le_bytes());
    }

    fn write_u128(&mut self, number: u128) {
        self.write(&number.to_le_bytes());
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }

    // The signed forms have defaults that go through the unsigned ones above.

    fn finish(&self) -> u64 {
        0
    }
}
