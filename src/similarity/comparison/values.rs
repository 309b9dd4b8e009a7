//! The comparison of birth dates, email addresses, phones and identifiers.

use crate::similarity::comparable::{ComparableRow, Texts};
use crate::similarity::comparison::outcome::Outcome;
use crate::similarity::field::ComparedField as Field;
use crate::similarity::text_distance::{edits, is_close, jaro_winkler};

/// The levels of [`Field::Email`].
pub(crate) mod email {
    pub(crate) const EXACT: u8 = 0;
    pub(crate) const NEAR_DOMAIN: u8 = 1;
    pub(crate) const ELSEWHERE: u8 = 2;
    pub(crate) const ONE_EDIT: u8 = 3;
    pub(crate) const CLOSE: u8 = 4;
    pub(crate) const AFTER_NAME: u8 = 5;
    pub(crate) const DOMAIN: u8 = 6;
    pub(crate) const DIFFERENT: u8 = 7;
}

/// The levels of [`Field::Phone`].
pub(crate) mod phone {
    pub(crate) const EXACT: u8 = 0;
    pub(crate) const EXTENSION_ONE_SIDED: u8 = 1;
    pub(crate) const ONE_DIGIT: u8 = 2;
    pub(crate) const TWO_DIGITS: u8 = 3;
    pub(crate) const EXTENSION_DIFFERS: u8 = 4;
    pub(crate) const DIFFERENT: u8 = 5;
}

/// The shortest run of digits in a mailbox that tells its owner from others of the same name.
const TELLING_DIGITS: usize = 3;

pub(crate) fn compare_birth_dates(a: &ComparableRow, b: &ComparableRow, outcome: &mut Outcome) {
    let dates = |row: &ComparableRow| row.birth_dates.into_iter().filter(|date| *date > 0);
    let levels = dates(a).flat_map(|a| dates(b).map(move |b| (birth_level(a, b), a)));
    if let Some((level, date)) = levels.min() {
        outcome.set_value(Field::BirthDate, level, date);
    }
}

fn birth_level(a: u32, b: u32) -> u8 {
    let parts = |date: u32| (date / 10_000, date / 100 % 100, date % 100);
    let ((a_year, a_month, a_day), (b_year, b_month, b_day)) = (parts(a), parts(b));
    let is_first = |month: u32, day: u32| (month, day) == (1, 1);
    if a == b {
        return u8::from(is_first(a_month, a_day));
    }
    let (a_text, b_text) = (digits_of(a), digits_of(b));
    let equal_parts = u32::from(a_year == b_year) + u32::from(a_month == b_month) + u32::from(a_day == b_day);
    match () {
        () if a_year == b_year && a_month == b_day && a_day == b_month => 2,
        () if edits(&a_text, &b_text) == 1 => 3,
        () if a_year == b_year && (is_first(a_month, a_day) || is_first(b_month, b_day)) => 4,
        () if equal_parts == 2 => 5,
        () if edits(&a_text, &b_text) == 2 => 6,
        () if a_year.abs_diff(b_year) <= 1 => 7,
        () => 8,
    }
}

fn digits_of(mut number: u32) -> [u8; 8] {
    let mut digits = [b'0'; 8];
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
    }
    digits
}

pub(crate) fn compare_emails(texts: &Texts, a: &ComparableRow, b: &ComparableRow, outcome: &mut Outcome) {
    if let Some(shared) = commonest_shared(a.emails(), b.emails(), |email| texts.frequencies.email_people(email)) {
        outcome.set_value(Field::Email, email::EXACT, shared);
        return;
    }
    let mut best = None;
    for a_email in a.emails() {
        for b_email in b.emails() {
            let (a_text, b_text) = (texts.emails.text(*a_email), texts.emails.text(*b_email));
            let (Some((a_local, a_domain)), Some((b_local, b_domain))) =
                (a_text.rsplit_once('@'), b_text.rsplit_once('@'))
            else {
                continue;
            };
            if texts.is_relay(*a_email) || texts.is_relay(*b_email) {
                continue;
            }
            let is_common = || texts.frequencies.is_common_domain(texts.emails.hash_of(a_domain));
            let named = || {
                (a_domain != b_domain || is_common())
                    && is_after_name(texts, a, a_local)
                    && is_after_name(texts, b, b_local)
            };
            let level = email_level((a_local, a_domain), (b_local, b_domain), named);
            if best.is_none_or(|(least, _)| level < least) {
                best = Some((level, *a_email));
            }
        }
    }
    if let Some((level, email)) = best {
        outcome.set_value(Field::Email, level, email);
    }
}

/// Returns the shared value that the fewest people have.
fn commonest_shared(a: &[u32], b: &[u32], people: impl Fn(u32) -> u32) -> Option<u32> {
    a.iter().copied().filter(|value| b.contains(value)).min_by_key(|value| people(*value))
}

fn email_level((a, a_domain): (&str, &str), (b, b_domain): (&str, &str), is_named: impl Fn() -> bool) -> u8 {
    let is_same_domain = a_domain == b_domain;
    let elsewhere = if is_same_domain { email::DOMAIN } else { email::DIFFERENT };
    let is_near_domain = || {
        let (a_name, b_name) = (name_of(a_domain), name_of(b_domain));
        (a_name == b_name && a_name.len() > 2)
            || edits(a_domain.as_bytes(), b_domain.as_bytes()) <= 2
            || (a_domain.len() > 7 && is_close(a_domain, b_domain))
    };
    if a == b {
        return match () {
            () if is_near_domain() => email::NEAR_DOMAIN,
            () if number(a).len() < TELLING_DIGITS && is_named() => email::AFTER_NAME,
            () => email::ELSEWHERE,
        };
    }
    // Most pairs have nothing in common.
    if a.as_bytes().first() != b.as_bytes().first() && a.as_bytes().last() != b.as_bytes().last() {
        return elsewhere;
    }
    let (a_number, b_number) = (number(a), number(b));
    let is_near = || jaro_winkler(a, b) >= 0.84 || is_close(a, b);
    // Mailboxes after two names are as near as the names are, so that only the numbers in them say something.
    if a_number != b_number {
        let is_typo = a_number.len().min(b_number.len()) >= 4
            && edits(a_number.as_bytes(), b_number.as_bytes()) == 1
            && letters(a) == letters(b);
        return if is_typo { email::CLOSE } else { elsewhere };
    }
    if !is_near() {
        return elsewhere;
    }
    let is_telling = a_number.len() >= TELLING_DIGITS;
    let is_one_edit = || a.len().min(b.len()) > 3 && edits(a.as_bytes(), b.as_bytes()) == 1;
    match () {
        () if is_telling && is_same_domain => email::ONE_EDIT,
        () if is_telling => email::CLOSE,
        // A domain that is misspelt is no common one.
        () if !is_same_domain && is_near_domain() => email::CLOSE,
        () if is_named() => email::AFTER_NAME,
        () if !is_same_domain => elsewhere,
        () if is_one_edit() => email::ONE_EDIT,
        () => email::CLOSE,
    }
}

fn name_of(domain: &str) -> &str {
    domain.split('.').next().unwrap_or(domain)
}

fn number(local: &str) -> &str {
    let start = local.find(|letter: char| letter.is_ascii_digit()).unwrap_or(local.len());
    let end = local.rfind(|letter: char| letter.is_ascii_digit()).map_or(start, |last| last + 1);
    &local[start..end]
}

fn letters(local: &str) -> String {
    local.chars().filter(char::is_ascii_alphabetic).collect()
}

/// Returns true if a mailbox is made of the words of a name and little else.
fn is_after_name(texts: &Texts, row: &ComparableRow, local: &str) -> bool {
    let mut rest = letters(local);
    let all = rest.len();
    for name in row.name() {
        let name = texts.names.text(*name);
        // A mailbox shortens names, so the longest beginning of the name counts.
        let longest = (3..=name.len()).rev().find_map(|length| rest.find(&name[..length]).map(|at| (at, length)));
        if let Some((at, length)) = longest {
            rest.replace_range(at..at + length, "");
        }
    }
    all > 0 && rest.len() <= 2 && rest.len() < all
}

pub(crate) fn compare_phones(texts: &Texts, a: &ComparableRow, b: &ComparableRow, outcome: &mut Outcome) {
    if let Some(shared) = commonest_shared(a.phones(), b.phones(), |phone| texts.frequencies.phone_people(phone)) {
        outcome.set_value(Field::Phone, phone::EXACT, shared);
        return;
    }
    let mut best = None;
    for a_phone in a.phones() {
        for b_phone in b.phones() {
            let level = phone_level(texts.phones.text(*a_phone), texts.phones.text(*b_phone));
            let people = texts.frequencies.phone_people(*a_phone).max(texts.frequencies.phone_people(*b_phone));
            if best.is_none_or(|(least, _, _)| level < least) {
                best = Some((level, *a_phone, people));
            }
        }
    }
    if let Some((level, phone, _)) = best {
        outcome.set_value(Field::Phone, level, phone);
    }
}

fn phone_level(a: &str, b: &str) -> u8 {
    let (a_number, a_extension) = a.split_once(";ext=").unwrap_or((a, ""));
    let (b_number, b_extension) = b.split_once(";ext=").unwrap_or((b, ""));
    let is_national = |number: &str| !number.starts_with('+');
    let is_same = a_number == b_number
        || (is_national(a_number) && b_number.ends_with(a_number))
        || (is_national(b_number) && a_number.ends_with(b_number));
    if is_same {
        return match (a_extension, b_extension) {
            (a, b) if a == b => phone::EXACT,
            ("", _) | (_, "") => phone::EXTENSION_ONE_SIDED,
            _ => phone::EXTENSION_DIFFERS,
        };
    }
    let (a, b) = (a_number.as_bytes(), b_number.as_bytes());
    // Two numbers of one length that differ in many digits are the common case.
    if a.len().abs_diff(b.len()) > 1 || a.iter().zip(b).filter(|(a, b)| a == b).count() * 2 < a.len() {
        return phone::DIFFERENT;
    }
    match edits(a, b) {
        0 | 1 => phone::ONE_DIGIT,
        2 => phone::TWO_DIGITS,
        _ => phone::DIFFERENT,
    }
}

pub(crate) fn compare_identifiers(texts: &Texts, a: &ComparableRow, b: &ComparableRow, outcome: &mut Outcome) {
    let shared = |a: &[u32], b: &[u32]| a.iter().copied().find(|identifier| b.contains(identifier));
    if let Some(shared) = shared(a.identifiers(), b.identifiers()).or_else(|| shared(a.channels(), b.channels())) {
        outcome.set_value(Field::Identifier, 0, shared);
        return;
    }
    // Two identities on one channel contradict nothing, two customer numbers do.
    let name = |identifier: &u32| texts.identifiers.text(*identifier).split('\t').next().unwrap_or_default();
    if a.identifiers().iter().any(|a| b.identifiers().iter().any(|b| name(a) == name(b))) {
        outcome.set(Field::Identifier, 1);
    }
}

pub(crate) fn compare_gender(a: &ComparableRow, b: &ComparableRow, outcome: &mut Outcome) {
    if a.gender != 0 && b.gender != 0 {
        outcome.set(Field::Gender, u8::from(a.gender != b.gender));
    }
}
