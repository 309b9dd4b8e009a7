//! Keys in eight bytes each. A phone is stored as its digits, any other key as the place of its bytes in a chunk.

use std::hash::{BuildHasher, Hash, Hasher, RandomState};

use crate::index::storage::pages::{Pages, Slab};
use crate::index::storage::six_bit_text;
use crate::key::{Key, KeyKind};

/// The length of a chunk in bytes. No key spans two chunks.
const CHUNK: usize = 1 << 20;
/// The greatest length of a key in a chunk: characters of an email, bytes of any other key.
const MAX: usize = (1 << 12) - 1;
/// The bytes of removed keys stay until there are this many of them and they are more than half of all bytes.
const MIN_DEAD: usize = 1 << 20;

/// The kinds of packed keys, in the two highest bits.
const PHONE: u64 = 0;
const EMAIL: u64 = 1 << 62;
const OTHER: u64 = 2 << 62;
const RARE: u64 = 3 << 62;
const TAG: u64 = 3 << 62;
/// The packed form of a slot without a key. No key has it, since the number of a rare key has 32 bits.
const FREE: u64 = u64::MAX;

/// The keys of an index, by key slot.
///
/// A key slot takes 8 bytes, whose two highest bits say what the others mean:
///
/// ```text
///  bit     63 62   61 ........... 32   31 ........ 12   11 ......... 0
///         +-------+-------------------+----------------+------------------+
///  PHONE  |  00   | the digits as a number, without the `+`               |
///         +-------+-------------------+----------------+------------------+
///  EMAIL  |  01   | chunk (30 bits)   | offset (20)    | characters (12)  |
///         +-------+-------------------+----------------+------------------+
///  OTHER  |  10   | chunk (30 bits)   | offset (20)    | bytes (12)       |
///         +-------+-------------------+----------------+------------------+
///  RARE   |  11   | zero              | number in the slab (32)           |
///         +-------+-------------------+-----------------------------------+
///  FREE   | all bits are set                                              |
///         +---------------------------------------------------------------+
/// ```
///
/// - 17 digits take 57 bits. E.164 numbers have at most 15.
/// - The offset addresses one byte of a chunk of 2^20 bytes, so 30 bits are left for the number of the chunk.
/// - The length has 12 bits. A longer key is rare and has an allocation of its own.
///
/// An email takes six bits a character in its chunk (see `six_bit_text`). Any other key has these bytes there:
///
/// ```text
///  byte  0      1 .. 2                           3 ..
///       +------+--------------------------------+-------+-------+
///       | kind | length of scope, little-endian | scope | value |
///       +------+--------------------------------+-------+-------+
/// ```
#[derive(Clone, Debug, Default)]
pub(crate) struct KeyStore {
    packed: Pages<u64>,
    chunks: Vec<Vec<u8>>,
    // The bytes in the chunks that belong to stored keys, and those that belonged to removed keys.
    live: usize,
    dead: usize,
    // The keys that are too long for a chunk.
    rare: Slab<Box<Key>>,
}

/// A key in its stored form, for comparing and hashing without making a `Key`.
#[derive(PartialEq, Eq)]
enum View<'a> {
    Phone(u64),
    /// The packed bytes and the number of characters.
    Email(&'a [u8], usize),
    Text {
        kind: KeyKind,
        scope: &'a [u8],
        value: &'a [u8],
    },
}

impl Hash for View<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Self::Phone(digits) => state.write_u64(*digits),
            Self::Email(packed, _) => state.write(packed),
            Self::Text { kind, scope, value } => {
                state.write_u8(*kind as u8);
                state.write_usize(scope.len());
                state.write(scope);
                state.write(value);
            }
        }
    }
}

impl<'a> View<'a> {
    /// Returns the stored form of a key. `packed` is the buffer into which an email is packed.
    fn of(key: &'a Key, packed: &'a mut Vec<u8>) -> Self {
        if let Some(digits) = digits(key) {
            return Self::Phone(digits);
        }
        let (scope, value) = (key.scope().as_bytes(), key.value().as_bytes());
        packed.clear();
        let is_short = scope.is_empty() && (1..=MAX).contains(&value.len());
        if key.kind() == KeyKind::Email && is_short && six_bit_text::pack(value, packed).is_some() {
            Self::Email(packed, value.len())
        } else {
            Self::Text { kind: key.kind(), scope, value }
        }
    }

    fn key(&self) -> Key {
        let text = |bytes| std::str::from_utf8(bytes).expect("the bytes of a key are those of a text");
        match self {
            Self::Phone(digits) => Key::new(KeyKind::Phone, "", &format!("+{digits}")),
            Self::Email(packed, characters) => Key::new(KeyKind::Email, "", &six_bit_text::unpack(packed, *characters)),
            Self::Text { kind, scope, value } => Key::new(*kind, text(scope), text(value)),
        }
    }
}

/// A key to look up, packed once and compared with many stored keys.
pub(crate) struct Sought<'a> {
    view: View<'a>,
}

impl<'a> Sought<'a> {
    /// Prepares a key for the look-up. `packed` is the buffer into which an email is packed.
    pub(crate) fn new(key: &'a Key, packed: &'a mut Vec<u8>) -> Self {
        Self { view: View::of(key, packed) }
    }

    /// Returns the hash of the key under a seed.
    pub(crate) fn hash(&self, seed: &RandomState) -> u64 {
        seed.hash_one(&self.view)
    }
}

/// Returns the digits of a key that consists of a `+` and 1 to 17 digits, the first of them not zero, and nothing else.
fn digits(key: &Key) -> Option<u64> {
    let digits = key.value().strip_prefix('+').filter(|_| key.kind() == KeyKind::Phone && key.scope().is_empty())?;
    let is_number = (1..=17).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| is_number && !digits.starts_with('0'))
}

impl KeyStore {
    /// Returns the number of slots, including unused ones.
    pub(crate) fn slots(&self) -> usize {
        self.packed.len()
    }

    /// Returns the hash of the key in a slot under a seed.
    pub(crate) fn hash_of(&self, slot: u32, seed: &RandomState) -> u64 {
        self.view(slot).map_or(0, |view| seed.hash_one(view))
    }

    /// Returns true if the slot holds the key.
    pub(crate) fn is(&self, slot: u32, sought: &Sought<'_>) -> bool {
        self.view(slot).is_some_and(|view| view == sought.view)
    }

    /// Returns the key in a slot, if there is one.
    pub(crate) fn get(&self, slot: u32) -> Option<Key> {
        self.view(slot).map(|view| view.key())
    }

    /// Returns true if the slot holds a key.
    pub(crate) fn is_used(&self, slot: u32) -> bool {
        self.packed.get(slot).is_some_and(|packed| *packed != FREE)
    }

    /// Adds a slot without a key and returns it.
    pub(crate) fn add_slot(&mut self) -> u32 {
        self.packed.push(FREE);
        u32::try_from(self.packed.len() - 1).expect("slots are numbered in 32 bits")
    }

    /// Stores a key in a slot that has none.
    pub(crate) fn put(&mut self, slot: u32, sought: &Sought<'_>) {
        let packed = self.pack(&sought.view);
        if let Some(place) = self.packed.get_mut(slot) {
            *place = packed;
        }
    }

    /// Removes the key of a slot.
    pub(crate) fn remove(&mut self, slot: u32) {
        let Some(packed) = self.packed.get_mut(slot).map(|packed| std::mem::replace(packed, FREE)) else { return };
        match packed & TAG {
            _ if packed == FREE => {}
            PHONE => {}
            RARE => drop(self.rare.take((packed & !TAG) as u32)),
            _ => {
                self.live -= bytes_of(packed);
                self.dead += bytes_of(packed);
            }
        }
        if self.dead >= MIN_DEAD && self.dead > self.live {
            self.compact();
        }
    }

    /// Returns the heap bytes in use.
    pub(crate) fn memory(&self) -> usize {
        let rare = self.rare.iter().map(|key| size_of::<Key>() + key.scope().len() + key.value().len());
        self.packed.memory()
            + self.chunks.iter().map(Vec::capacity).sum::<usize>()
            + self.chunks.capacity() * size_of::<Vec<u8>>()
            + self.rare.memory()
            + rare.sum::<usize>()
    }

    fn view(&self, slot: u32) -> Option<View<'_>> {
        let packed = *self.packed.get(slot)?;
        match packed & TAG {
            _ if packed == FREE => None,
            PHONE => Some(View::Phone(packed)),
            EMAIL => Some(View::Email(self.bytes(packed)?, length(packed))),
            OTHER => {
                let (kind, rest) = self.bytes(packed)?.split_first()?;
                let (length, rest) = rest.split_first_chunk::<2>()?;
                let (scope, value) = rest.split_at_checked(usize::from(u16::from_le_bytes(*length)))?;
                Some(View::Text { kind: kind_of(*kind)?, scope, value })
            }
            _ => self.rare.get((packed & !TAG) as u32).map(|key| View::Text {
                kind: key.kind(),
                scope: key.scope().as_bytes(),
                value: key.value().as_bytes(),
            }),
        }
    }

    fn bytes(&self, packed: u64) -> Option<&[u8]> {
        let at = (packed >> 12) as usize & (CHUNK - 1);
        self.chunks.get((packed & !TAG) as usize >> 32)?.get(at..at + bytes_of(packed))
    }

    fn pack(&mut self, view: &View<'_>) -> u64 {
        let (tag, length, bytes) = match view {
            View::Phone(digits) => return *digits,
            View::Email(packed, characters) => (EMAIL, *characters, packed.len()),
            View::Text { scope, value, .. } => {
                let length = 3 + scope.len() + value.len();
                if length > MAX {
                    return RARE | u64::from(self.rare.put(Box::new(view.key())));
                }
                (OTHER, length, length)
            }
        };
        let (chunk, at) = self.room_for(bytes);
        let into = &mut self.chunks[chunk];
        match view {
            View::Email(packed, _) => into.extend_from_slice(packed),
            View::Text { kind, scope, value } => {
                let scope_length = u16::try_from(scope.len()).expect("a scope in a chunk is no longer than a key");
                into.push(*kind as u8);
                into.extend_from_slice(&scope_length.to_le_bytes());
                into.extend_from_slice(scope);
                into.extend_from_slice(value);
            }
            View::Phone(_) => {}
        }
        self.live += bytes;
        tag | place(chunk, at) | length as u64
    }

    /// Returns the number of a chunk that has room for `length` bytes, and the offset at which they start.
    fn room_for(&mut self, length: usize) -> (usize, usize) {
        if self.chunks.last().is_none_or(|last| last.len() + length > CHUNK) {
            // The first chunk grows with its keys, because a small index needs no more.
            let capacity = if self.chunks.is_empty() { 0 } else { CHUNK };
            self.chunks.push(Vec::with_capacity(capacity));
        }
        let last = self.chunks.len() - 1;
        (last, self.chunks[last].len())
    }

    /// Copies the chunks without the bytes of removed keys. Cost: O(n).
    fn compact(&mut self) {
        let former = std::mem::take(&mut self.chunks);
        let slots = u32::try_from(self.packed.len()).expect("slots are numbered in 32 bits");
        for slot in 0..slots {
            let Some(&packed) = self.packed.get(slot) else { continue };
            if packed == FREE || !matches!(packed & TAG, EMAIL | OTHER) {
                continue;
            }
            let (chunk, at) = ((packed & !TAG) as usize >> 32, (packed >> 12) as usize & (CHUNK - 1));
            let bytes = &former[chunk][at..at + bytes_of(packed)];
            let (chunk, at) = self.room_for(bytes.len());
            self.chunks[chunk].extend_from_slice(bytes);
            if let Some(moved) = self.packed.get_mut(slot) {
                *moved = packed & TAG | place(chunk, at) | length(packed) as u64;
            }
        }
        self.dead = 0;
    }
}

fn place(chunk: usize, at: usize) -> u64 {
    (chunk as u64) << 32 | (at as u64) << 12
}

/// Returns the length of a packed key: characters of an email, bytes of any other key.
fn length(packed: u64) -> usize {
    packed as usize & MAX
}

/// Returns the number of bytes that a key takes in its chunk.
fn bytes_of(packed: u64) -> usize {
    match packed & TAG {
        EMAIL => six_bit_text::packed_len(length(packed)),
        _ => length(packed),
    }
}

fn kind_of(number: u8) -> Option<KeyKind> {
    [KeyKind::Email, KeyKind::Phone, KeyKind::ChannelId, KeyKind::Custom].into_iter().find(|kind| *kind as u8 == number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> Vec<Key> {
        let long = "x".repeat(MAX + 1);
        let just = "x".repeat(MAX);
        let texts = [
            (KeyKind::Phone, "", "+442079460958"),
            (KeyKind::Phone, "", "+12345678901234567"),
            (KeyKind::Phone, "", "+123456789012345678"),
            (KeyKind::Phone, "", "+0442079460958"),
            (KeyKind::Phone, "", "442079460958"),
            (KeyKind::Phone, "", "+"),
            (KeyKind::Phone, "", ""),
            (KeyKind::Phone, "", "+442079460958;ext=5"),
            (KeyKind::Email, "", "ada@example.com"),
            (KeyKind::Email, "", "+442079460958"),
            (KeyKind::Email, "", "\u{e9}@example.com"),
            (KeyKind::Email, "", "aa"),
            (KeyKind::Email, "", "aaa"),
            (KeyKind::Email, "", ""),
            (KeyKind::Email, "", "Ada@example.com"),
            (KeyKind::Email, "", &just),
            (KeyKind::Email, "", &long),
            (KeyKind::Custom, "", "ada@example.com"),
            (KeyKind::Custom, "a", "bc"),
            (KeyKind::Custom, "ab", "c"),
            (KeyKind::Custom, &just, "c"),
            (KeyKind::ChannelId, "whatsapp/wa-1", "12025550101"),
            (KeyKind::Custom, "whatsapp/wa-1", "12025550101"),
        ];
        texts.into_iter().map(|(kind, scope, value)| Key::new(kind, scope, value)).collect()
    }

    #[test]
    fn every_key_comes_back_and_equals_itself_alone() {
        let (mut store, seed) = (KeyStore::default(), RandomState::new());
        let keys = keys();
        for key in &keys {
            let slot = store.add_slot();
            store.put(slot, &Sought::new(key, &mut Vec::new()));
        }
        for (slot, key) in (0..).zip(&keys) {
            assert!(store.get(slot).as_ref() == Some(key), "{slot}");
            assert_eq!(store.hash_of(slot, &seed), Sought::new(key, &mut Vec::new()).hash(&seed));
            for (other, another) in (0..).zip(&keys) {
                assert_eq!(store.is(slot, &Sought::new(another, &mut Vec::new())), slot == other, "{slot} {other}");
            }
        }
    }

    #[test]
    fn a_number_of_too_many_digits_is_a_text() {
        let (mut store, seed) = (KeyStore::default(), RandomState::new());
        for digits in 15..=20 {
            let key = Key::new(KeyKind::Phone, "", &format!("+{}", &"12345678901234567890"[..digits]));
            let slot = store.add_slot();
            store.put(slot, &Sought::new(&key, &mut Vec::new()));
            assert!(store.get(slot).as_ref() == Some(&key), "{digits} digits");
            assert_eq!(store.hash_of(slot, &seed), Sought::new(&key, &mut Vec::new()).hash(&seed));
        }
    }

    #[test]
    fn a_key_that_is_too_long_for_a_chunk_counts_and_is_given_back() {
        let mut store = KeyStore::default();
        let key = Key::new(KeyKind::Custom, &"s".repeat(3_000), &"v".repeat(5_000));
        let (slot, before) = (store.add_slot(), store.memory());
        store.put(slot, &Sought::new(&key, &mut Vec::new()));
        assert!(store.get(slot) == Some(key));
        assert!(store.memory() >= before + 8_000, "{} after {before}", store.memory());
        store.remove(slot);
        assert_eq!((store.rare.iter().count(), store.live, store.dead), (0, 0, 0));
        assert!(store.memory() < before + 8_000);
    }

    #[test]
    fn bytes_of_keys_that_are_gone_are_given_back() {
        let mut store = KeyStore::default();
        let key = |number: u32| Key::new(KeyKind::Email, "", &format!("{number}{}@example.com", "x".repeat(1_000)));
        let slots: Vec<u32> = (0..8_000)
            .map(|number| {
                let slot = store.add_slot();
                store.put(slot, &Sought::new(&key(number), &mut Vec::new()));
                slot
            })
            .collect();
        let full = store.memory();
        for slot in slots.iter().filter(|slot| *slot % 8 != 3) {
            store.remove(*slot);
        }
        assert!(store.memory() * 2 < full, "{} of {full}", store.memory());
        for slot in slots {
            assert!(store.get(slot) == (slot % 8 == 3).then(|| key(slot)));
        }
    }
}
