//! The stable id of a suggestion.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::contact::ContactId;
use crate::suggestion::evidence::Evidence;

/// The prefix of the hashed bytes. It changes with the way in which ids are made.
const VERSION: &[u8] = b"onefold suggestion 2\0";

/// The id of a suggestion: the first 16 bytes of the SHA-256 (FIPS 180-4) of its members and its evidence.
///
/// The same members with the same evidence have the same id on every machine, in every run and with every compiler. Any
/// other member or key gives another id. Members are hashed by [`ContactId::canonical_bytes`]. `Display` writes the id
/// as 32 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SuggestionId([u8; 16]);

impl SuggestionId {
    /// Returns the bytes of the id.
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// Returns the id of a suggestion. `places` are the positions among the members of all holders, in the order of the
    /// evidence.
    pub(super) fn of<Id: ContactId>(
        members: &[Id],
        evidence: &[Evidence<Id>],
        mut places: impl Iterator<Item = u32>,
    ) -> Self {
        let mut digest = SuggestionDigest(Sha256::new());
        digest.0.update(VERSION);
        digest.number(members.len() as u64);
        members.iter().for_each(|member| digest.bytes(member.canonical_bytes().as_ref()));
        digest.number(evidence.len() as u64);
        for part in evidence {
            for text in [part.key.kind().name(), part.key.scope(), part.key.value()] {
                digest.bytes(text.as_bytes());
            }
            digest.number(part.holders.len() as u64);
            for (holder, place) in part.holders.iter().zip(&mut places) {
                digest.number(u64::from(place));
                digest.bytes(holder.derivation.name().as_bytes());
            }
        }
        let digest = digest.0.finalize();
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

/// The digest of a suggestion. A number is hashed as 8 bytes, little-endian, and a byte string follows its length.
struct SuggestionDigest(Sha256);

impl SuggestionDigest {
    fn number(&mut self, number: u64) {
        self.0.update(number.to_le_bytes());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.0.update(bytes);
    }
}
