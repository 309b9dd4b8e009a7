//! The digest of a patch: a name for exactly what it says.

use std::fmt;

use sha2::{Digest, Sha256};

/// The SHA-256 (FIPS 180-4) of a patch's JSON form without the digest itself. Two patches that say the same
/// have the same one, however they were stored; a host that keeps it can tell that a patch which comes back
/// is the one it gave out. `Display` writes it as 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PatchDigest([u8; 32]);

impl PatchDigest {
    /// The bytes of the digest.
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
