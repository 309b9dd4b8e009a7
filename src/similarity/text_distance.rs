//! How far two short texts are from each other: Jaro-Winkler similarity, single edits, and equal digits.

/// The longest text that is compared letter by letter. The rest of a longer one is not looked at.
const MAX_COMPARED: usize = 64;

/// Returns the Jaro-Winkler similarity of two texts in ASCII, between 0 and 1, by their first 64 bytes. Cost: O(n).
pub(crate) fn jaro_winkler(a: &str, b: &str) -> f64 {
    let (a, b) = (shortened(a.as_bytes()), shortened(b.as_bytes()));
    if a == b {
        return 1.0;
    }
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    let reach = (a.len().max(b.len()) / 2).saturating_sub(1);
    // Bit i stands for byte i: the bytes of `a` and of `b` that have a partner.
    let (mut in_a, mut in_b) = (0_u64, 0_u64);
    for (at, byte) in a.iter().enumerate() {
        let from = at.saturating_sub(reach);
        let to = (at + reach + 1).min(b.len());
        for (other, candidate) in b.iter().enumerate().take(to).skip(from) {
            if candidate == byte && in_b >> other & 1 == 0 {
                in_a |= 1 << at;
                in_b |= 1 << other;
                break;
            }
        }
    }
    let common = in_a.count_ones();
    if common == 0 {
        return 0.0;
    }
    let mut transposed = 0_u32;
    let (mut rest_a, mut rest_b) = (in_a, in_b);
    while rest_a != 0 {
        transposed += u32::from(a[rest_a.trailing_zeros() as usize] != b[rest_b.trailing_zeros() as usize]);
        rest_a &= rest_a - 1;
        rest_b &= rest_b - 1;
    }
    let count = f64::from(common);
    let jaro = (count / a.len() as f64 + count / b.len() as f64 + (count - f64::from(transposed / 2)) / count) / 3.0;
    let prefix = a.iter().zip(b).take(4).take_while(|(a, b)| a == b).count();
    if jaro > 0.7 { jaro + prefix as f64 * 0.1 * (1.0 - jaro) } else { jaro }
}

/// Returns the share of letters that two texts in ASCII have in common in any order, between 0 and 1. Cost: O(n).
pub(crate) fn letter_overlap(a: &str, b: &str) -> f64 {
    let (a, b) = (shortened(a.as_bytes()), shortened(b.as_bytes()));
    let mut counts = [0_i8; 128];
    for byte in a {
        counts[usize::from(byte & 127)] += 1;
    }
    let mut shared = 0_u32;
    for byte in b {
        let count = &mut counts[usize::from(byte & 127)];
        shared += u32::from(*count > 0);
        *count -= 1;
    }
    2.0 * f64::from(shared) / (a.len() + b.len()).max(1) as f64
}

/// The letters that occur in a text, by which most pairs of unlike texts are told without looking at either.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct LetterSet {
    // Bit 0 to 25 are the letters, and bit 26 to 31 stand for other bytes.
    letters: u32,
    length: u8,
}

impl LetterSet {
    pub(crate) fn of(text: &str) -> Self {
        let bit = |byte: u8| match byte {
            b'a'..=b'z' => byte - b'a',
            other => 26 + other % 6,
        };
        let text = shortened(text.as_bytes());
        let letters = text.iter().fold(0, |letters, byte| letters | 1_u32 << bit(*byte));
        Self { letters, length: text.len() as u8 }
    }

    /// Returns true if two texts can have a Jaro-Winkler similarity of .84, be close, or be two edits apart. May be true
    /// for others.
    #[inline]
    pub(crate) fn may_be_alike(self, other: Self) -> bool {
        let (a, b) = (u32::from(self.length), u32::from(other.length));
        // No letter that the other lacks has a partner.
        let partners =
            (a - (self.letters & !other.letters).count_ones()).min(b - (other.letters & !self.letters).count_ones());
        // A similarity of .84 with the longest common beginning needs partners for 6 of 10 letters.
        partners * (a + b) * 10 >= a * b * 12
    }
}

/// Returns true if two texts have so much in common that one may be a careless spelling of the other.
pub(crate) fn is_close(a: &str, b: &str) -> bool {
    let (short, long) = (a.len().min(b.len()), a.len().max(b.len()));
    short > 3
        && long - short <= 3
        && ((short > 4 && edits(a.as_bytes(), b.as_bytes()) <= 2) || letter_overlap(a, b) >= 0.83)
}

fn shortened(text: &[u8]) -> &[u8] {
    text.get(..MAX_COMPARED).unwrap_or(text)
}

/// Returns the least number of edits between two texts, counted up to 3: a byte more, less or another, or two neighbours
/// exchanged. Cost: O(n).
pub(crate) fn edits(a: &[u8], b: &[u8]) -> u32 {
    let (a, b) = (shortened(a), shortened(b));
    let prefix = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[prefix..], &b[prefix..]);
    let suffix = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[..a.len() - suffix], &b[..b.len() - suffix]);
    match (a, b) {
        ([], []) => 0,
        ([], rest) | (rest, []) => rest.len().min(3) as u32,
        ([_], [_]) => 1,
        ([a1, a2], [b1, b2]) if a1 == b2 && a2 == b1 => 1,
        _ if a.len().abs_diff(b.len()) > 2 => 3,
        _ if has_two_edits(a, b) => 2,
        _ => 3,
    }
}

/// Returns true if two texts that differ in their first and last bytes are two edits apart.
fn has_two_edits(a: &[u8], b: &[u8]) -> bool {
    let (a, b) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    // The first edit is at the beginning: a byte of `a` too many, another byte, a byte missing, or an exchange.
    let is_one = |a: &[u8], b: &[u8]| is_one_edit(a, b);
    is_one(&a[1..], b)
        || is_one(&a[1..], &b[1..])
        || is_one(a, &b[1..])
        || (a.len() > 1 && b.len() > 1 && a[0] == b[1] && a[1] == b[0] && is_one(&a[2..], &b[2..]))
}

fn is_one_edit(a: &[u8], b: &[u8]) -> bool {
    let prefix = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[prefix..], &b[prefix..]);
    match (a, b) {
        ([], []) => true,
        ([_], []) | ([], [_]) => true,
        ([], _) | (_, []) => false,
        _ => {
            a[1..] == *b
                || *a == b[1..]
                || a[1..] == b[1..]
                || (a.len() > 1 && b.len() > 1 && a[0] == b[1] && a[1] == b[0] && a[2..] == b[2..])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jaro_winkler_is_that_of_the_literature() {
        for (a, b, expected) in [
            ("martha", "marhta", 0.961),
            ("dwayne", "duane", 0.84),
            ("dixon", "dicksonx", 0.813),
            ("abc", "abc", 1.0),
            ("abc", "xyz", 0.0),
            ("", "a", 0.0),
        ] {
            assert!((jaro_winkler(a, b) - expected).abs() < 0.001, "{a} {b} {}", jaro_winkler(a, b));
            assert!((jaro_winkler(a, b) - jaro_winkler(b, a)).abs() < 1e-12, "{a} {b}");
        }
    }

    #[test]
    fn careless_spellings_are_close() {
        for (a, b) in [("holmes", "hsmel"), ("london", "lloodnn"), ("benson", "bpensn"), ("muster", "mutsre")] {
            assert!(is_close(a, b) && is_close(b, a), "{a} {b}");
        }
        for (a, b) in [("anna", "hans"), ("muster", "bauer"), ("lee", "eel"), ("maria", "marcus")] {
            assert!(!is_close(a, b), "{a} {b}");
        }
        assert!((letter_overlap("ab", "ba") - 1.0).abs() < 1e-12);
    }

    #[test]
    fn letter_sets_tell_no_alike_texts() {
        let words = [
            "muster", "mustre", "mutser", "must", "bauer", "baur", "auer", "anna", "hanna", "ana", "holmes", "hsmel",
            "x", "",
        ];
        for a in words {
            for b in words {
                let is_alike = jaro_winkler(a, b) >= 0.84 || is_close(a, b);
                assert!(!is_alike || LetterSet::of(a).may_be_alike(LetterSet::of(b)), "{a} {b}");
            }
        }
        assert!(!LetterSet::of("muster").may_be_alike(LetterSet::of("bail")));
    }

    #[test]
    fn edits_are_counted_up_to_three() {
        for (a, b, expected) in [
            ("muster", "muster", 0),
            ("muster", "musster", 1),
            ("muster", "mustre", 1),
            ("muster", "mustar", 1),
            ("muster", "uster", 1),
            ("muster", "mustarr", 2),
            ("muster", "msutre", 2),
            ("muster", "mter", 2),
            ("muster", "bauer", 3),
            ("", "ab", 2),
        ] {
            assert_eq!(edits(a.as_bytes(), b.as_bytes()), expected, "{a} {b}");
            assert_eq!(edits(b.as_bytes(), a.as_bytes()), expected, "{b} {a}");
        }
    }
}
