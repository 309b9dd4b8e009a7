//! The plain spelling of an email address: a dot-atom, an `@` and a host name with a dot, all in ASCII.
//!
//! A plain address in lower case is its own key. `email` reads all other texts: other characters, labels in another
//! encoding, long addresses and texts that are no address.

use crate::normalize::email::byte_classes::{EmailBits, MAX_BYTES};

// Within 64 bytes, no local part exceeds 64 bytes and no label 63 bytes, so lengths need no check here.
const _: () = assert!(MAX_BYTES <= 64);

/// The class of a byte.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Other,
    Letter,
    Digit,
    Hyphen,
    Dot,
    At,
    /// The other bytes of a dot-atom. No host name has them.
    Mark,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Other; 256];
    let mut byte = 0;
    while byte < 128 {
        classes[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' => Class::Letter,
            b'0'..=b'9' => Class::Digit,
            b'-' => Class::Hyphen,
            b'.' => Class::Dot,
            b'@' => Class::At,
            b'!' | b'#'..=b'\'' | b'*' | b'+' | b'/' | b'=' | b'?' | b'^'..=b'`' | b'{'..=b'~' => Class::Mark,
            _ => Class::Other,
        };
        byte += 1;
    }
    classes
};

/// A plain address as written and, if it has upper-case letters, also in lower case.
pub(crate) struct PlainEmail<'a> {
    written: &'a str,
    lower: Option<[u8; MAX_BYTES]>,
    /// The position of the `@`.
    pub(crate) at: usize,
}

impl<'a> PlainEmail<'a> {
    /// Returns a plain address, or `None` if the text is not one.
    #[inline]
    pub(crate) fn read(raw: &'a str) -> Option<Self> {
        let written = raw.trim_matches(' ');
        let mut lower = [0; MAX_BYTES];
        lower.get_mut(..written.len())?.copy_from_slice(written.as_bytes());
        let bits = EmailBits::of(&mut lower, written.len())?;
        let at = bits.at(written.len()).or_else(|| place_of_at(written))?;
        Some(Self { written, lower: (bits.capitals != 0).then_some(lower), at })
    }

    /// Returns the address as a key has it.
    #[inline]
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.lower {
            None => Some(self.written),
            // The array is padded with zeros, which are valid text.
            Some(lower) => std::str::from_utf8(lower).ok()?.get(..self.written.len()),
        }
    }
}

/// Returns the position of the `@` in an address with any bytes of a dot-atom, or `None` if the text is not plain.
fn place_of_at(text: &str) -> Option<usize> {
    let mut classes = text.bytes().map(|byte| CLASSES[usize::from(byte)]);
    let at = local_length(&mut classes)?;
    is_host_name(classes).then_some(at)
}

/// Returns the length of the dot-atom before an `@`, and consumes both.
fn local_length(classes: &mut impl Iterator<Item = Class>) -> Option<usize> {
    let mut before = Class::Dot;
    for length in 0.. {
        let class = classes.next()?;
        match class {
            Class::Other => return None,
            Class::Dot | Class::At if before == Class::Dot => return None,
            Class::At => return Some(length),
            _ => before = class,
        }
    }
    None
}

/// Returns true if the bytes are a host name of two labels or more whose last label is not a number.
fn is_host_name(classes: impl Iterator<Item = Class>) -> bool {
    let mut before = Class::Dot;
    let (mut dots, mut length, mut is_number) = (0, 0, true);
    for class in classes {
        match class {
            Class::Letter => is_number = false,
            Class::Digit => {}
            // Two hyphens after two characters mark a label in another encoding, such as `xn--`.
            Class::Hyphen if before == Class::Dot || (before == Class::Hyphen && length == 3) => return false,
            Class::Hyphen => is_number = false,
            Class::Dot if matches!(before, Class::Dot | Class::Hyphen) => return false,
            Class::Dot => {
                dots += 1;
                (length, is_number) = (0, true);
                before = class;
                continue;
            }
            Class::Other | Class::At | Class::Mark => return false,
        }
        length += 1;
        before = class;
    }
    dots > 0 && !is_number && !matches!(before, Class::Dot | Class::Hyphen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_addresses_are_keys_but_for_their_capitals() {
        for (raw, key, local) in [
            ("ada@example.com", "ada@example.com", 3),
            (" Ada.Lovelace+x@Example.COM ", "ada.lovelace+x@example.com", 14),
            ("a_b-c!#$%&'*/=?^`{|}~@1.2-3.c4", "a_b-c!#$%&'*/=?^`{|}~@1.2-3.c4", 21),
            ("a@b-c--d.e-f", "a@b-c--d.e-f", 1),
        ] {
            let plain = PlainEmail::read(raw).expect("a plain address");
            assert_eq!((plain.text(), plain.at), (Some(key), local));
        }
    }

    #[test]
    fn what_needs_a_closer_look_is_not_plain() {
        for raw in [
            "",
            "ada",
            "@example.com",
            "ada@",
            ".ada@example.com",
            "ada.@example.com",
            "a..b@example.com",
            "a@b@example.com",
            "ada@example",
            "ada@example.com.",
            "ada@.com",
            "ada@a..com",
            "ada@-a.com",
            "ada@a-.com",
            "ada@a.com-",
            "ada@xn--bcher-kva.example",
            "ada@ab--c.com",
            "ada@127.0.0.1",
            "ada@ex_ample.com",
            "mailto:ada@example.com",
            "\tada@example.com",
            "jos\u{e9}@example.com",
            "\"ada\"@example.com",
            "ada@example.com,bob@example.com",
        ] {
            assert!(PlainEmail::read(raw).is_none(), "{raw:?}");
        }
        assert!(PlainEmail::read(&format!("{}@example.com", "a".repeat(64))).is_none());
    }
}
