//! Bytes are a patch with one spelling or a typed error, even under a digest that agrees with them.

use onefold::{Edits, Patch};
use sha2::{Digest, Sha256};

pub fn holds(body: &[u8]) {
    let mut forged = b"1fp\x01".to_vec();
    forged.extend(body);
    forged.extend(&Sha256::digest(&forged)[..16]);
    for bytes in [body, &forged] {
        if let Ok(patch) = Patch::<String>::from_bytes(bytes) {
            assert!(patch.to_bytes() == bytes);
            let _ = patch.undo(patch.survivor_merged(), Edits::Keep);
        }
    }
}
