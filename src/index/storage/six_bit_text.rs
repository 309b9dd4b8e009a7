//! Email addresses in six bits a character. The lower-case alphabet of addresses has 57 characters, and six bits can
//! tell 64 apart.
//!
//! Four characters take three bytes, from the lowest bit up:
//!
//! ```text
//!  character   0        1         2          3
//!  bit         0 .. 5   6 .. 11   12 .. 17   18 .. 23
//!  byte        0 .. 7 = byte 0,   8 .. 15 = byte 1,   16 .. 23 = byte 2
//! ```
//!
//! The last one to three characters of a text take as many bytes as their bits need.

/// Every ASCII character of an address (RFC 5322, `atext`, the dot and the at sign), without upper case.
const ALPHABET: &[u8; 57] = b"abcdefghijklmnopqrstuvwxyz0123456789.@_-+!#$%&'*/=?^`{|}~";

/// The position of each byte in the alphabet, or 255 if it is not in the alphabet.
const PLACES: [u8; 256] = {
    let mut places = [u8::MAX; 256];
    let mut place = 0;
    while place < ALPHABET.len() {
        places[ALPHABET[place] as usize] = place as u8;
        place += 1;
    }
    places
};

/// Returns the number of bytes that a text of this length takes.
pub(crate) const fn packed_len(characters: usize) -> usize {
    (characters * 6).div_ceil(8)
}

/// Appends the packed form of a text to `bytes`. Returns `None` and appends nothing if a character is not in the
/// alphabet.
pub(crate) fn pack(text: &[u8], bytes: &mut Vec<u8>) -> Option<()> {
    let before = bytes.len();
    for four in text.chunks(4) {
        let mut bits = 0_u32;
        for (place, byte) in four.iter().enumerate() {
            let number = PLACES[usize::from(*byte)];
            if number == u8::MAX {
                bytes.truncate(before);
                return None;
            }
            bits |= u32::from(number) << (6 * place);
        }
        bytes.extend_from_slice(&bits.to_le_bytes()[..packed_len(four.len())]);
    }
    Some(())
}

/// Returns the text of `characters` characters that was packed.
pub(crate) fn unpack(packed: &[u8], characters: usize) -> String {
    let mut text = String::with_capacity(characters);
    for three in packed.chunks(3) {
        let mut bits = 0_u32;
        three.iter().enumerate().for_each(|(place, byte)| bits |= u32::from(*byte) << (8 * place));
        let left = (characters - text.len()).min(4);
        for place in 0..left {
            let number = (bits >> (6 * place)) as usize & 63;
            text.push(char::from(ALPHABET.get(number).copied().unwrap_or(b'?')));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_any_length_come_back() {
        let all: Vec<u8> = ALPHABET.iter().copied().cycle().take(130).collect();
        for length in 0..all.len() {
            let mut bytes = vec![7];
            pack(&all[..length], &mut bytes).expect("all in the alphabet");
            assert_eq!(bytes.len(), 1 + packed_len(length));
            assert_eq!(unpack(&bytes[1..], length).as_bytes(), &all[..length]);
        }
    }

    #[test]
    fn what_is_not_in_the_alphabet_is_not_packed() {
        let mut bytes = vec![7];
        for text in ["A", "abcde\u{e9}", "a b", "\"a\""] {
            assert_eq!(pack(text.as_bytes(), &mut bytes), None);
        }
        assert_eq!(bytes, [7]);
    }
}
