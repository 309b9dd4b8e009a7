//! Contacts from a fixed seed: equal on every machine and in every run.

#![allow(dead_code, reason = "each bench uses some of it")]

use onefold::Contact;

/// The generator SplitMix64 (S. Vigna, 2015).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }
}

/// The pattern of shared values among contacts.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// As in a CRM: of 100 contacts, 15 share a phone, an email or both with an earlier one.
    Crm,
    /// No shared values.
    Distinct,
    /// No shared values, with as many values per contact as in a chain.
    DistinctByThree,
    /// One email shared by all contacts.
    Hub,
    /// An email shared by each contact and the next.
    Chain,
}

/// Returns a phone number in one of several countries and spellings.
pub fn phone(random: &mut Random, person: u64) -> String {
    let digits = 1_000_000 + person * 7_919 % 8_999_999;
    let (first, last) = (digits / 10_000, digits % 10_000);
    match random.below(8) {
        0 => format!("+1202{digits}"),
        1 => format!("+1 202 {first}-{last:04}"),
        2 => format!("+1 (202) {first}-{last:04}"),
        3 => format!("+55 11 9{digits}0"),
        4 => format!("+55 (11) 9{first}0-{last:04}"),
        5 => format!("+44 20 7{first} {last:04}"),
        6 => format!("+49 30 {digits}"),
        _ => format!(
            "+33 1 {:02} {:02} {:02} {:02}",
            digits % 90 + 10,
            digits / 90 % 100,
            digits / 9_000 % 100,
            digits / 900_000
        ),
    }
}

/// Returns an email address of a person, sometimes with upper-case letters.
pub fn email(random: &mut Random, person: u64) -> String {
    match random.below(4) {
        0 => format!("Person.{person}@Example.COM"),
        _ => format!("person.{person}@example.com"),
    }
}

/// Returns `n` contacts, each with a phone and at least one email.
pub fn contacts(n: u32, shape: Shape) -> Vec<Contact<u32>> {
    each_contact(n, shape).collect()
}

/// Returns the contacts of [`contacts`] one by one.
pub fn each_contact(n: u32, shape: Shape) -> impl Iterator<Item = Contact<u32>> {
    let mut random = Random::new(42);
    let contact = move |id: u32| {
        let own = u64::from(id);
        let earlier = random.below(own.max(1));
        let (phone_of, emails) = match shape {
            Shape::Crm => match random.below(100) {
                0..5 => (earlier, vec![email(&mut random, own)]),
                5..10 => (own, vec![email(&mut random, earlier)]),
                10..15 => (earlier, vec![email(&mut random, earlier)]),
                _ => (own, vec![email(&mut random, own)]),
            },
            Shape::Distinct => (own, vec![email(&mut random, own)]),
            Shape::DistinctByThree => {
                (own, vec![format!("link-{own}@example.com"), format!("other-{own}@example.com")])
            }
            Shape::Hub => (own, vec!["hub@example.com".to_owned()]),
            Shape::Chain => (own, vec![format!("link-{own}@example.com"), format!("link-{}@example.com", own + 1)]),
        };
        // Nine digits give up to a billion contacts different phones. Spellings differ, but not keys.
        let phone = format!("+4915{:09}", phone_of);
        let phone = if matches!(shape, Shape::Crm) && random.below(2) == 0 {
            format!("{} {} {}", &phone[..3], &phone[3..6], &phone[6..])
        } else {
            phone
        };
        emails.into_iter().fold(Contact::new(id).with_phone(phone), Contact::with_email)
    };
    (0..n).map(contact)
}
