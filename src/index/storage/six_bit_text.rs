//! Addresses in six bits a character: their alphabet in lower case has no more than 64.

/// Every character of an address in ASCII (RFC 5322, `atext`, the dot and the at), upper case apart.
const ALPHABET: &[u8; 57] = b"abcdefghijklmnopqrstuvwxyz0123456789.@_-+!#$%&'*/=?^`{|}~";

/// The place of each byte in the alphabet; 255 for one that is not in it.
const PLACES: [u8; 256] = {
    let mut places = [u8::MAX; 256];
    let mut place = 0;
    while place < ALPHABET.len() {
        places[ALPHABET[place] as usize] = place as u8;
        place += 1;
    }
    places
};

/// How many bytes so many characters take.
pub(crate) const fn packed_len(characters: usize) -> usize {
    (characters * 6).div_ceil(8)
}

/// Packs a text behind what is in `bytes`; `None`, and nothing is added, if a character is not in the alphabet.
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

/// The text of so many characters that was packed.
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
