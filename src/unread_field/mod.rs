//! Phones and emails in fields that give no keys, recognised by the name of the field and the form of the value.
//!
//! The form alone identifies an email address, or a phone number with a plus, with separators or with a leading zero.
//! Bare digits are ambiguous, so for them the name of the field decides.

mod field_words;

use crate::contact::{Field, field_words};
use crate::field_names::role::ValueRole;
use crate::field_names::role::word_table;
use crate::key::KeyKind;
use crate::normalize::{Normalizer, Region, is_in_use_anywhere};
use crate::unread_field::field_words::{
    MEASURE_ENDINGS, MEASURES, NUMBERED, NUMBERED_INSIDE, NUMBERS, PHONE_BEGINNINGS, PHONE_ENDINGS, PHONES, WHOSE,
};

/// The greatest length of a text that can be a phone number with other characters around it.
const MAX_PHONE_TEXT_BYTES: usize = 60;

/// A field that gives no keys, as its name describes it.
///
/// File readers and the protocol use it to report values that are not used for detection:
/// - A value in the form of an email address is an email, whatever the name of the field.
/// - A value in the form of a phone number is a phone, unless the name stands for ids, dates, amounts or the like.
/// - Bare digits are a phone under a name for phones (`SMS`, `TelNr`, `Main Number`, `Zentrale`).
/// - Bare digits under a name without meaning are a phone if they begin with a zero, as national numbers do, or if they
///   are a number in use after a plus.
/// - Bare digits under a name for ids, dates, amounts, postcodes, orders or customers are no phone.
///
/// ```
/// use onefold::unread_field::UnreadField;
/// use onefold::KeyKind;
///
/// let kind = |name: &str, value: &str| UnreadField::new(name).kind_of(value, None);
/// assert_eq!(kind("SMS", "447400123456"), Some(KeyKind::Phone));
/// assert_eq!(kind("Order number", "447400123456"), None);
/// assert_eq!(kind("Kontakt 2", "Ada <ada@example.com>"), Some(KeyKind::Email));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnreadField {
    role: ValueRole,
    digits: BareDigits,
}

/// The meaning of bare digits in a field, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum BareDigits {
    /// They are phone numbers.
    Phone,
    /// They are a measure or an id. So are digits with separators.
    Measure,
    /// They are numbers of orders, customers or other things.
    Numbered,
    /// The name does not say.
    Unknown,
}

impl UnreadField {
    /// Returns the field with a name: the header of a column, or the path of a JSON member (`properties.sms`).
    ///
    /// Cost: O(n) in the length of the name.
    pub fn new(name: &str) -> Self {
        Self { role: ValueRole::of_label(name), digits: BareDigits::under(name) }
    }

    /// Returns a custom or unknown field whose values give no keys under its name, or `None` for any other field.
    ///
    /// Cost: O(n) in the length of the name.
    pub fn of(field: &Field) -> Option<Self> {
        let (Field::Custom(name) | Field::Other(name)) = field else { return None };
        ValueRole::of_field(field).is_none().then(|| Self::new(name))
    }

    /// Returns the owner of the values, by the name of the field.
    pub fn role(self) -> ValueRole {
        self.role
    }

    /// Returns the kind of a value: [`KeyKind::Email`], [`KeyKind::Phone`], or `None` for anything else.
    ///
    /// Numbers of faxes and pagers are `None`. `region` is the region of numbers without country code. Cost: O(n).
    pub fn kind_of(self, value: &str, region: Option<Region>) -> Option<KeyKind> {
        let value = value.trim();
        if value.contains('@') {
            return (is_email(value) || Normalizer::new().email(value).is_ok()).then_some(KeyKind::Email);
        }
        if self.role == ValueRole::Unreachable || value.len() > MAX_PHONE_TEXT_BYTES {
            return None;
        }
        // Spreadsheets write numbers with a leading apostrophe or as decimals.
        let value = value.strip_prefix('\'').unwrap_or(value);
        let value = value.strip_suffix(".0").unwrap_or(value);
        let count = value.bytes().filter(u8::is_ascii_digit).count();
        let is_phone = match count {
            0..7 | 18.. => false,
            _ if count == value.len() => self.is_bare_phone(value, region),
            _ if self.digits == BareDigits::Measure && !value.contains('+') => false,
            _ if self.digits == BareDigits::Phone && value.chars().all(is_part_of_phone) && !is_date(value) => {
                count <= 15
            }
            _ => is_written_as_phone(value) || (!is_date(value) && is_read(value, region)),
        };
        is_phone.then_some(KeyKind::Phone)
    }

    /// Returns true if bare digits are a phone number.
    fn is_bare_phone(self, digits: &str, region: Option<Region>) -> bool {
        let is_one_digit = digits.bytes().all(|digit| digits.as_bytes().first() == Some(&digit));
        match self.digits {
            _ if is_one_digit => false,
            BareDigits::Phone => digits.len() <= 15 || digits.starts_with("00"),
            BareDigits::Measure | BareDigits::Numbered => false,
            BareDigits::Unknown => match digits.strip_prefix("00") {
                Some(international) => is_in_use_anywhere(international),
                None if digits.starts_with('0') => (9..=12).contains(&digits.len()),
                None => {
                    let is_international = || (10..=15).contains(&digits.len()) && is_in_use_anywhere(digits);
                    is_international() || (digits.len() >= 9 && region.is_some() && is_read(digits, region))
                }
            },
        }
    }
}

impl BareDigits {
    fn under(name: &str) -> Self {
        let words = name_words(name);
        // The last name of a path counts: `data.phone` is a phone.
        let last = name_words(last_of_path(name));
        let is_measure = |word: &String| {
            lists(MEASURES, word)
                || (word.len() > 4 && MEASURE_ENDINGS.iter().any(|end| word.ends_with(end) && !is_phone_word(word)))
        };
        if last.iter().any(is_measure) {
            return Self::Measure;
        }
        let is_number = |word: &String| lists(NUMBERS, word);
        let is_whose = |word: &String| lists(WHOSE, word);
        let is_somebodys_number = words.iter().any(is_number)
            && words.iter().any(is_whose)
            && words.iter().all(|word| is_number(word) || is_whose(word));
        if words.iter().any(|word| is_phone_word(word)) || is_somebodys_number {
            return Self::Phone;
        }
        let is_numbered = |word: &String| {
            lists(NUMBERED, word)
                || is_number(word)
                || (word.len() > 4 && (word.ends_with("nummer") || word.ends_with("nr")))
                || (!word.is_ascii() && NUMBERED_INSIDE.iter().any(|inside| word.contains(inside)))
        };
        if last.iter().any(is_numbered) { Self::Numbered } else { Self::Unknown }
    }
}

/// Returns the words of a name without trailing digits: `Phone2` has the word of `Phone`.
fn name_words(name: &str) -> Vec<String> {
    let words = field_words(name).into_iter();
    let words = words.map(|word| word.trim_end_matches(|letter: char| letter.is_ascii_digit()).to_owned());
    words.filter(|word| !word.is_empty()).collect()
}

/// Returns the part of a path after its last dot. Only a dot between two letters or digits counts.
fn last_of_path(name: &str) -> &str {
    let is_dot = |(at, _): &(usize, &str)| {
        let behind = name.get(at + 1..).and_then(|rest| rest.chars().next());
        let before = name.get(..*at).and_then(|rest| rest.chars().next_back());
        behind.is_some_and(char::is_alphanumeric) && before.is_some_and(char::is_alphanumeric)
    };
    name.rmatch_indices('.').find(is_dot).and_then(|(at, _)| name.get(at + 1..)).unwrap_or(name)
}

fn is_phone_word(word: &str) -> bool {
    let number_behind = |rest: &str| lists(NUMBERS, rest);
    word_table::PHONES.contains(&word)
        || lists(PHONES, word)
        || PHONE_BEGINNINGS.iter().any(|begin| word.starts_with(begin))
        || PHONE_ENDINGS.iter().any(|end| word.ends_with(end))
        || ["tel", "gsm", "sms", "cell", "mob", "ph"]
            .iter()
            .any(|begin| word.strip_prefix(begin).is_some_and(number_behind))
        || (!word.is_ascii() && word_table::PHONES_INSIDE.iter().any(|inside| word.contains(inside)))
}

/// Returns true if `word` is one of the words of `list`.
fn lists(list: &str, word: &str) -> bool {
    list.split(' ').any(|listed| listed == word)
}

/// Returns true if the normaliser accepts a phone number. Without a region, only a number with a plus is tried.
fn is_read(value: &str, region: Option<Region>) -> bool {
    (region.is_some() || value.contains('+')) && Normalizer::new().phone(value, region).is_ok()
}

/// Returns true if a value is one or several email addresses with nothing but names beside them.
fn is_email(value: &str) -> bool {
    let is_one = |address: &str| {
        // A name may precede an address in angle brackets.
        let address = address.trim();
        let address = address.strip_suffix('>').and_then(|named| named.rsplit('<').next()).unwrap_or(address);
        let Some((local, domain)) = address.rsplit_once('@') else { return false };
        let is_local = |c: char| c.is_alphanumeric() || ".!#$%&'*+-/=?^_`{|}~".contains(c);
        let (host, top) = domain.rsplit_once('.').unwrap_or_default();
        !local.is_empty()
            && !local.contains("//")
            && local.chars().all(is_local)
            && !host.is_empty()
            && host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'))
            && top.chars().count() >= 2
            && top.chars().all(char::is_alphanumeric)
    };
    value.split([';', ',']).map(str::trim).filter(|address| !address.is_empty()).all(is_one)
}

/// Returns true if a value with separators between its digits has the form of a phone number and not of a date, an
/// amount, a postcode or an id.
fn is_written_as_phone(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    if !value.chars().all(is_part_of_phone) || !(7..=15).contains(&digits) {
        return false;
    }
    if value.starts_with('+') || value.starts_with("(+") {
        return digits >= 8 && !value.contains('/');
    }
    let begins_with_zero = value.trim_start_matches('(').starts_with('0');
    if is_date(value) {
        return false;
    }
    if value.starts_with('(') && value.contains(')') {
        return digits >= 8;
    }
    match lengths(value).as_slice() {
        [_] => false,
        // The groups of a North American number.
        [3, 3, 4] | [1, 3, 3, 4] => true,
        lengths => begins_with_zero && digits >= 9 && lengths.iter().all(|length| *length <= 8) && !value.contains('.'),
    }
}

/// Returns true if a character is a digit or a separator of phone numbers.
fn is_part_of_phone(letter: char) -> bool {
    letter.is_ascii_digit() || matches!(letter, '+' | ' ' | '-' | '(' | ')' | '.' | '/' | '\u{a0}')
}

/// Returns the lengths of the groups of digits.
fn lengths(value: &str) -> Vec<usize> {
    value.split(|c: char| !c.is_ascii_digit()).map(str::len).filter(|length| *length > 0).collect()
}

/// Returns true if a value has the form of a date, with or without a time.
fn is_date(value: &str) -> bool {
    matches!(lengths(value).as_slice(), [4, 1 | 2, 1 | 2, ..] | [1 | 2, 1 | 2, 4, ..] | [8, 4 | 6])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(name: &str, value: &str) -> Option<KeyKind> {
        UnreadField::new(name).kind_of(value, None)
    }

    #[test]
    #[rustfmt::skip]
    fn emails_and_phones_are_known_by_the_way_they_are_written() {
        for value in [
            "ada@example.com",
            "Ada <ada@example.com>",
            "a@example.com; b@example.org",
            "mailto:ada@example.com",
        ] {
            assert_eq!(kind("Order", value), Some(KeyKind::Email), "{value}");
        }
        for value in ["", "@ada", "ada@", "ada@example", "see ada@example.com for it", "Ada ada@example.com", "https://a@example.com/x", "ada"]
        {
            assert_eq!(kind("Adres", value), None, "{value}");
        }
        for value in [
            "+447400123456", "+44 7400 123456", "tel:+447400123456", "(11) 98765-4321", "07400 123456", "07400123456",
            "0171/1234567", "202-555-0101", "1-202-555-0101", "030 1234567", "00447400123456", "447400123456",
            "5511987654321",
        ] {
            assert_eq!(kind("Gruppo", value), Some(KeyKind::Phone), "{value}");
            assert_eq!(kind("Fax (Zentrale)", value), None, "{value}");
        }
        for value in [
            "2024-05-01", "01.05.2024", "01/05/2024 10:00", "2024-05-01 10:00", "20240501 101500", "20240501101500",
            "1 234 567", "1.234.567,89", "12 345 678", "12345-678", "12345-6789", "123-45-6789", "123.456.789-09",
            "12.345.678/0001-95", "1700000000000", "1700000000", "0012345678", "192.168.100.10", "978-3-16-148410-0",
            "4111 1111 1111 1111", "4111111111111111", "1234567", "12345678", "123456789", "1000000001", "A1234567",
        ] {
            assert_eq!(kind("Gruppo", value), None, "{value}");
        }
    }

    #[test]
    #[rustfmt::skip]
    fn bare_digits_are_phones_where_the_name_says_so() {
        for name in [
            "SMS", "TelNr", "telnr", "Tel. Nr.", "Main Number", "Zentrale", "mob", "Mob.", "gsm", "GSM-Nr", "ph",
            "Ph. No", "Phone2", "mobile_raw", "phonenumber_clean", "Handynr", "LANDLINE_NUMBER", "Rufnr.",
            "Switchboard", "Centralino", "Direct no", "Contact No.", "Home number", "Office Nr", "properties.sms",
            "data.phone", "mobiltelefon", "Customer phone", "Telefon Kunde", "\u{643a}\u{5e2f}",
            "\u{422}\u{435}\u{43b}\u{435}\u{444}\u{43e}\u{43d} 2", "wa",
        ] {
            for value in ["7400123456", "74001234", "447400123456", "447400123456.0", "'7400123456", "7400 123456"] {
                assert_eq!(kind(name, value), Some(KeyKind::Phone), "{name}");
            }
        }
    }

    #[test]
    #[rustfmt::skip]
    fn numbers_of_other_things_are_no_phones() {
        for name in [
            "id", "Customer ID", "customer_no", "Kundennummer", "Kd.-Nr.", "Bestellnr", "Order Number", "order",
            "Invoice", "PLZ", "Postal Code", "zip", "Birth Date", "created_at", "Preis", "Amount", "SKU", "EAN",
            "CPF", "Steuernummer", "IBAN", "phone_id", "mobile_count", "sms_date", "Account Number", "Ticket",
            "Matricule", "number", "contact_id", "Company Number", "properties.id", "address.zip",
            "\u{8ba2}\u{5355}\u{53f7}", "Card no", "contactId", "externalRef",
        ] {
            for value in ["447400123456", "07400123456", "20240501", "1000000007"] {
                assert_eq!(kind(name, value), None, "{name} {value}");
            }
        }
        assert_eq!(kind("Customer ID", "202-555-0101"), None);
        assert_eq!(kind("Customer ID", "+1 202-555-0101"), Some(KeyKind::Phone));
    }

    #[test]
    fn a_region_makes_numbers_of_its_own_known() {
        let region = "BR".parse().ok();
        let kind = |name: &str, value: &str| UnreadField::new(name).kind_of(value, region);
        assert_eq!(kind("Gruppo", "11987654321"), Some(KeyKind::Phone));
        assert_eq!(kind("Pedido", "11987654321"), None);
        assert_eq!(kind("Gruppo", "2024-05-01"), None);
    }

    #[test]
    fn fields_that_are_read_are_none() {
        assert_eq!(UnreadField::of(&Field::Phone), None);
        assert_eq!(UnreadField::of(&Field::Other("company_phone".into())), None);
        assert!(
            UnreadField::of(&Field::Other("Main Number".into())).is_some_and(|field| field.role() == ValueRole::Shared)
        );
    }
}
