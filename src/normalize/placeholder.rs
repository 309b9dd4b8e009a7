//! Fillers that people type in place of a value: a short, published list. No rule judges parts of a value.

/// Words for a missing value that people, spreadsheets and programs write, in lower case.
#[rustfmt::skip]
const NULL_WORDS: [&str; 43] = [
    "-", "--", "---", "-1", ".", "...", "?", "/", "#n/a", "#n/d", "#null!", "#ref!", "#value!", "(null)", "<null>",
    "[null]", "n/a", "n.a.", "na", "n/d", "n/c", "n\\a", "nan", "nil", "no", "none", "none.", "nothing", "null",
    "undefined", "unknown", "void", "false", "true", "empty", "tbd", "tba", "nenhum", "nao tem", "n\u{e3}o tem",
    "no tiene", "ninguno", "xxx",
];

/// Common fillers among national numbers, in addition to numbers of one repeated digit.
#[rustfmt::skip]
const FILLER_NUMBERS: [&str; 24] = [
    "0123456789", "01234567890", "012345678", "01234567", "1112223333", "1122334455", "1231231234", "1234567",
    "12345678", "123456789", "1234567890", "12345678900", "123123123", "2345678900", "2345678901", "23456789",
    "5551234567", "5555551212", "5555551234", "7654321", "87654321", "987654321", "9876543210", "09876543210",
];

/// Local parts of mailboxes without a reader, at any domain.
#[rustfmt::skip]
const UNREAD_MAILBOXES: [&str; 17] = [
    "noreply", "no-reply", "no_reply", "no.reply", "noreplay", "donotreply", "do-not-reply", "do_not_reply",
    "do.not.reply", "dontreply", "naoresponda", "nao-responda", "nao_responda", "noresponder", "no-responder",
    "no-responda", "mailer-daemon",
];

/// Common fillers among email addresses.
#[rustfmt::skip]
const FILLER_ADDRESSES: [&str; 38] = [
    "a@a.com", "a@b.com", "aa@aa.com", "aaa@aaa.com", "abc@abc.com", "abc@def.com", "abc@xyz.com", "admin@admin.com",
    "asd@asd.com", "asdf@asdf.com", "client@client.com", "cliente@cliente.com", "cliente@loja.com", "email@email.com",
    "fake@fake.com", "mail@mail.com", "na@na.com", "n@a.com", "naotem@naotem.com", "naotem@email.com",
    "naotem@gmail.com", "nao@tem.com", "no@email.com", "no@mail.com", "no@no.com", "noemail@email.com",
    "noemail@example.com", "noemail@gmail.com", "noemail@noemail.com", "nomail@nomail.com", "none@gmail.com",
    "none@none.com", "notiene@notiene.com", "null@null.com", "test@test.com", "teste@teste.com", "x@x.com",
    "xxx@xxx.com",
];

/// Returns true if a text consists of zeros with optional separators: `0`, `0.0`, the UUID of zeros. Cost: O(n).
pub(super) fn is_zero(text: &str) -> bool {
    let is_part = |byte: u8| matches!(byte, b'0' | b'-' | b'.' | b' ');
    text.starts_with('0') && text.bytes().all(is_part)
}

/// Returns true if a text is a word for a missing value, in any case, with or without spaces around it.
pub(super) fn is_null_word(text: &str) -> bool {
    let text = text.trim();
    // Most other ASCII texts differ from all entries in length, and need not be converted to lower case.
    let may_be_word = !text.is_ascii() || may_be_one_of(&NULL_LENGTHS, text);
    may_be_word && text.len() <= 16 && NULL_WORDS.contains(&text.to_lowercase().as_str())
}

/// The least length of a filler of one repeated digit. Shorter ones are often the beginning of a number: `+55 11`.
const MIN_SAME_DIGITS: usize = 7;

/// Returns true if all digits of a number are the same.
#[inline]
pub(super) fn is_one_digit(digits: &[u8]) -> bool {
    digits.iter().all(|digit| digits.first() == Some(digit))
}

/// The filler numbers as integers. A leading 1 preserves their leading zeros.
const FILLER_VALUES: [u64; FILLER_NUMBERS.len()] = {
    let mut values = [1; FILLER_NUMBERS.len()];
    let mut place = 0;
    while place < values.len() {
        let digits = FILLER_NUMBERS[place].as_bytes();
        let mut at = 0;
        while at < digits.len() {
            values[place] = values[place] * 10 + (digits[at] - b'0') as u64;
            at += 1;
        }
        place += 1;
    }
    values
};

/// A bit set of the first four digits of the filler numbers.
const FILLER_STARTS: [u64; 10_000 / 64 + 1] = {
    let mut starts = [0; 10_000 / 64 + 1];
    let mut place = 0;
    while place < FILLER_NUMBERS.len() {
        if let Some(start) = FILLER_NUMBERS[place].as_bytes().first_chunk() {
            let start = four_digits(start);
            starts[start / 64] |= 1 << (start % 64);
        }
        place += 1;
    }
    starts
};

const fn four_digits(digits: &[u8; 4]) -> usize {
    let [a, b, c, d] = *digits;
    let value = a as usize * 1000 + b as usize * 100 + c as usize * 10 + d as usize;
    value.wrapping_sub(b'0' as usize * 1111)
}

/// Returns true if the ASCII digits of a whole national number are a filler.
///
/// A number of fewer than [`MIN_SAME_DIGITS`] equal digits is a filler only in a country with numbers that short. The
/// caller knows the country and checks [`is_one_digit`]. Cost: O(n).
#[inline]
pub(super) fn is_filler_number(digits: &[u8]) -> bool {
    let Some(start) = digits.first_chunk() else { return digits.iter().all(|digit| *digit == b'0') };
    let place = four_digits(start);
    let is_start = FILLER_STARTS.get(place / 64).is_some_and(|starts| starts >> (place % 64) & 1 != 0);
    let is_same = start == &[start[0]; 4]
        && (digits.len() >= MIN_SAME_DIGITS || start[0] == b'0')
        && digits.iter().all(|digit| *digit == start[0]);
    is_same || (is_start && is_filler_value(digits))
}

fn is_filler_value(digits: &[u8]) -> bool {
    let value = || digits.iter().fold(1, |value, digit| value * 10 + u64::from(digit.wrapping_sub(b'0')));
    (7..=11).contains(&digits.len()) && FILLER_VALUES.contains(&value())
}

/// Returns true if a canonical address with this local part and domain is a filler.
#[inline]
pub(super) fn is_filler_address(local: &str, domain: &str) -> bool {
    (may_be_one_of(&UNREAD_LENGTHS, local) && UNREAD_MAILBOXES.contains(&local))
        || (may_be_one_of(&FILLER_LENGTHS, local) && is_listed(local, domain))
}

fn is_listed(local: &str, domain: &str) -> bool {
    FILLER_ADDRESSES.iter().any(|filler| filler.split_once('@') == Some((local, domain)))
}

/// The lengths of the entries of a list: a bit for each length, indexed by the last five bits of the first byte. This
/// filter excludes most texts without comparing them to the entries.
pub(super) type Lengths = [u32; 32];

const NULL_LENGTHS: Lengths = lengths_by_start(&NULL_WORDS);
const UNREAD_LENGTHS: Lengths = lengths_by_start(&UNREAD_MAILBOXES);
const FILLER_LENGTHS: Lengths = lengths_by_start(&FILLER_ADDRESSES);

/// Returns the lengths of the entries of a list. For an email address the length of its local part counts. Each entry
/// must have 1 to 31 bytes.
pub(super) const fn lengths_by_start(list: &[&str]) -> Lengths {
    let mut lengths = [0; 32];
    let mut place = 0;
    while place < list.len() {
        let entry = list[place].as_bytes();
        let mut length = 0;
        while length < entry.len() && entry[length] != b'@' {
            length += 1;
        }
        lengths[(entry[0] % 32) as usize] |= 1 << length;
        place += 1;
    }
    lengths
}

/// Returns true if a list with these lengths may contain the text.
#[inline]
pub(super) fn may_be_one_of(lengths: &Lengths, text: &str) -> bool {
    let [first, ..] = text.as_bytes() else { return false };
    let bit = 1u32.checked_shl(text.len() as u32).unwrap_or_default();
    lengths[usize::from(first % 32)] & bit != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_nothing_are_found_in_any_case() {
        for word in ["N/A", "null", "Undefined", "NONE", "-1", "-", " nan ", "#N/A"] {
            assert!(is_null_word(word), "{word}");
        }
        for word in ["", "Nolan", "nonesuch", "1", "none of them"] {
            assert!(!is_null_word(word), "{word}");
        }
    }

    #[test]
    fn filler_numbers_are_whole_numbers_only() {
        for digits in ["0000000000", "1111111", "1234567890", "2345678900", "123456789", "0", "000", "00000"] {
            assert!(is_filler_number(digits.as_bytes()), "{digits}");
        }
        for digits in ["11999999999", "2025550100", "12345678905", "5551234", "2079460958", "11", "5", "999", "222222"]
        {
            assert!(!is_filler_number(digits.as_bytes()), "{digits}");
        }
    }

    #[test]
    fn filler_numbers_are_found_by_their_values() {
        for digits in FILLER_NUMBERS {
            for near in [digits.to_owned(), format!("1{digits}"), format!("0{digits}"), format!("{digits}0")] {
                let first = near.as_bytes()[0];
                let is_same = near.len() >= MIN_SAME_DIGITS && near.bytes().all(|digit| digit == first);
                assert_eq!(is_filler_number(near.as_bytes()), is_same || FILLER_NUMBERS.contains(&&*near), "{near}");
            }
        }
        assert!(
            is_filler_number(&[b'5'; 17])
                && is_filler_number(b"")
                && is_filler_number(b"0")
                && !is_filler_number(b"7")
                && !is_filler_number(b"2079460958")
        );
    }

    #[test]
    fn filler_addresses_are_whole_addresses_or_unread_mailboxes() {
        for (local, domain) in [("none", "none.com"), ("noreply", "acme.example"), ("a", "a.com"), ("x", "x.com")] {
            assert!(is_filler_address(local, domain), "{local}@{domain}");
        }
        for (local, domain) in
            [("user", "example.com"), ("test", "acme.example"), ("a", "acme.example"), ("me", "test.com")]
        {
            assert!(!is_filler_address(local, domain), "{local}@{domain}");
        }
    }

    #[test]
    fn the_lists_hold_what_they_are_compared_with() {
        assert!(NULL_WORDS.iter().all(|word| word.to_lowercase() == *word && word.len() <= 16));
        assert!(FILLER_NUMBERS.iter().all(|digits| digits.bytes().all(|byte| byte.is_ascii_digit())));
        assert!(FILLER_ADDRESSES.iter().all(|address| address.split_once('@').is_some()));
        let lower = |text: &&str| text.to_ascii_lowercase() == **text;
        assert!(UNREAD_MAILBOXES.iter().chain(&FILLER_ADDRESSES).all(lower));
    }
}
