//! From keys to fingerprints: 91 bits under a secret of this process.
//!
//! Two keys have the same fingerprint by chance once in 10^27 pairs. Without the secret, nobody can choose keys that
//! collide. No result depends on the secret, because a group is described from its keys themselves.

use std::hash::{BuildHasher, RandomState};

use crate::key::{Key, KeyKind};

/// The number of bits in the check of a fingerprint.
pub(super) const CHECK_BITS: u32 = 27;

/// The fingerprint of a key, which stands for it in a posting.
///
/// ```text
///  place (64 bits) | check (27 bits)
/// ```
///
/// The 64 bits spread and sort the postings. The check has the 27 bits that are left in the second word of a posting,
/// and tells keys with the same place apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Fingerprint {
    /// The part by which postings are spread and sorted.
    pub(super) place: u64,
    /// The part that tells keys of the same place apart. It has at most `CHECK_BITS` bits.
    pub(super) check: u32,
}

/// The secret under which fingerprints are made.
#[derive(Clone)]
pub(super) struct Secret([u64; 4]);

impl Secret {
    pub(super) fn new() -> Self {
        let state = RandomState::new();
        Self([0_u8, 1, 2, 3].map(|part| state.hash_one(part)))
    }

    /// Returns the fingerprint of a key within its workspace.
    #[inline]
    pub(super) fn fingerprint(&self, workspace: Option<&str>, key: &Key) -> Fingerprint {
        self.of_parts(workspace, key.kind(), key.scope(), key.value())
    }

    /// Like [`Secret::fingerprint`], from the parts of a key.
    #[inline]
    pub(super) fn of_parts(&self, workspace: Option<&str>, kind: KeyKind, scope: &str, value: &str) -> Fingerprint {
        let [first, second, ..] = self.0;
        let mut lanes = (first ^ kind as u64, second);
        // Each part that is mixed in ends with its length, so that no two keys mix in the same words.
        if let Some(workspace) = workspace {
            lanes = self.mix(lanes, workspace.as_bytes());
            lanes.1 ^= 1;
        }
        if !scope.is_empty() {
            lanes = self.mix(lanes, scope.as_bytes());
            lanes.1 ^= 2;
        }
        let (a, b) = self.mix(lanes, value.as_bytes());
        let check = folded(b ^ first, a ^ second) >> (u64::BITS - CHECK_BITS);
        Fingerprint { place: folded(a ^ second, b ^ first.rotate_left(32)), check: check as u32 }
    }

    #[inline]
    fn mix(&self, lanes: (u64, u64), bytes: &[u8]) -> (u64, u64) {
        let (mut a, mut b) = lanes;
        let [_, _, third, fourth] = self.0;
        let mut put = |x: u64, y: u64| {
            a = folded(a ^ x, third ^ y);
            b = folded(b ^ y, fourth ^ x.rotate_left(29));
        };
        let word = |half: &[u8]| half.try_into().map_or(0, u64::from_le_bytes);
        let mut blocks = bytes.chunks_exact(16);
        for block in &mut blocks {
            let (x, y) = block.split_at(8);
            put(word(x), word(y));
        }
        let mut last = [0; 16];
        let rest = blocks.remainder();
        last[..rest.len()].copy_from_slice(rest);
        let (x, y) = last.split_at(8);
        put(word(x), word(y));
        // The second word is zero here, because a word that equals the secret makes a factor zero, which loses half of
        // the state.
        put(bytes.len() as u64, 0);
        (a, b)
    }
}

/// Returns the two halves of a product, combined by exclusive or.
#[inline]
fn folded(x: u64, y: u64) -> u64 {
    let product = u128::from(x) * u128::from(y);
    (product as u64) ^ (product >> 64) as u64
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn nobody_can_prepare_keys_that_collide() {
        let key = Key::new(KeyKind::Email, "", "ada@example.com");
        let fingerprint = || Secret::new().fingerprint(None, &key);
        assert_ne!(fingerprint(), fingerprint(), "each pass has a secret of its own");
    }

    #[test]
    fn different_keys_and_workspaces_have_different_fingerprints() {
        let secret = Secret::new();
        let mut seen = HashSet::new();
        let mut add = |workspace, kind, scope: &str, value: &str| {
            assert!(seen.insert(secret.fingerprint(workspace, &Key::new(kind, scope, value))), "{scope:?} {value:?}");
        };
        for length in 1..40 {
            add(None, KeyKind::Email, "", &"a".repeat(length));
            add(Some(""), KeyKind::Email, "", &"a".repeat(length));
            add(Some("a"), KeyKind::Email, "", &"a".repeat(length));
            add(None, KeyKind::Custom, &"a".repeat(length), "a");
            add(None, KeyKind::Phone, "", &"a".repeat(length));
            add(None, KeyKind::ChannelId, "", &"a".repeat(length));
            add(None, KeyKind::Email, "", &format!("{}\0", "a".repeat(length)));
        }
        for number in 0..100_000 {
            add(None, KeyKind::Phone, "", &format!("+{number}"));
        }
    }

    #[test]
    fn each_part_of_a_fingerprint_depends_on_each_part_of_a_key() {
        let secret = Secret::new();
        let of =
            |workspace, kind, scope: &str, value: &str| secret.fingerprint(workspace, &Key::new(kind, scope, value));
        for length in 1..40 {
            let value = "a".repeat(length);
            let one = of(None, KeyKind::Email, "", &value);
            let others = [
                of(Some("w"), KeyKind::Email, "", &value),
                of(None, KeyKind::Phone, "", &value),
                of(None, KeyKind::Email, "s", &value),
                of(None, KeyKind::Email, "", &format!("b{}", &value[1..])),
                of(None, KeyKind::Email, "", &format!("{}b", &value[1..])),
            ];
            // By chance, two checks agree once in 2^27 pairs.
            assert!(others.iter().all(|other| other.place != one.place && other.check != one.check), "{length}");
        }
    }

    #[test]
    fn places_are_spread_evenly() {
        let secret = Secret::new();
        let mut counts = [0; 64];
        for number in 0..64_000 {
            let key = Key::new(KeyKind::Phone, "", &format!("+4915{number:09}"));
            counts[(secret.fingerprint(None, &key).place >> 58) as usize] += 1;
        }
        assert!(counts.iter().all(|count| (800..1200).contains(count)), "{counts:?}");
    }
}
