//! The digest of a patch, which identifies its exact content.

use std::fmt;

use sha2::{Digest, Sha256};

/// The SHA-256 (FIPS 180-4) of a patch's JSON form without the digest itself.
///
/// Patches with the same content have the same digest, in whatever form they were stored. A host that keeps the digest
/// can check that a returned patch is the one it handed out. `Display` writes 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PatchDigest([u8; 32]);

impl PatchDigest {
    /// Returns the bytes of the digest.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    pub(super) fn of(bytes: &[u8]) -> Self {
        let mut digest = [0; 32];
        digest.copy_from_slice(&Sha256::digest(bytes));
        Self(digest)
    }
}

impl fmt::Display for PatchDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
