//! Small sets of contacts in which much is alike, for the tests of similarity.

use onefold::{Contact, Field};
use proptest::prelude::*;

const GIVEN: [&str; 10] = ["Katharina", "Katarina", "Kate", "Jonas", "Jon", "J.", "Robert", "Bob", "Marlene", ""];
const FAMILY: [&str; 8] =
    ["Musterfeld", "Mustrefeld", "Beispiel", "Beispiel Probst", "Probst", "Musterfeld Jr.", "Muster", ""];
const BIRTH_DATES: [&str; 5] = ["", "1980-05-17", "1980-05-18", "17/05/1980", "1952-01-01"];
const CITIES: [&str; 4] = ["", "Springfield", "Springfeild", "Shelbyville"];
const COMPANIES: [&str; 4] = ["", "Example Tools Ltd", "Example Tools", "Sample Works"];

/// The parts of a contact, as numbers.
pub type Parts = (usize, usize, usize, usize, (u32, u32), bool);

/// Returns any small set of parts.
pub fn people(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Parts>> {
    let part = (
        0..GIVEN.len(),
        0..FAMILY.len(),
        0..BIRTH_DATES.len(),
        0..CITIES.len() * COMPANIES.len(),
        (0..8_u32, 0..8_u32),
        prop::bool::weighted(0.05),
    );
    prop::collection::vec(part, count)
}

/// Returns the contact with these parts.
pub fn contact(id: u32, (given, family, birth_date, place, (phone, email), is_blocked): Parts) -> Contact<u32> {
    let mut contact = Contact::new(id);
    let custom = |name: &str| Field::Custom(name.into());
    for (field, text) in [
        (Field::FirstName, GIVEN[given]),
        (Field::LastName, FAMILY[family]),
        (custom("birth_date"), BIRTH_DATES[birth_date]),
        (custom("city"), CITIES[place % CITIES.len()]),
        (custom("company"), COMPANIES[place / CITIES.len()]),
    ] {
        if !text.is_empty() {
            contact = contact.with(field, text);
        }
    }
    if phone < 6 {
        contact = contact.with_phone(format!("+1 202 555 01{phone}0"));
    }
    if email < 5 {
        contact = contact.with_email(format!("mailbox{}@example.com", 7_000 + email * 11));
    }
    if is_blocked { contact.blocked() } else { contact }
}

/// Returns contacts with these parts, numbered from 0.
pub fn contacts(parts: &[Parts]) -> Vec<Contact<u32>> {
    (0..).zip(parts).map(|(id, parts)| contact(id, *parts)).collect()
}
