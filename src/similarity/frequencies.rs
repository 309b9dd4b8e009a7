//! How often each value occurs among the contacts, and how many people have each phone and email.

use std::collections::HashMap;

use crate::similarity::stable_hash::StableHash;

/// The kinds of values that are counted, so that their hashes do not meet.
#[derive(Clone, Copy)]
pub(crate) enum CountKind {
    Given,
    Family,
    Company,
    Street,
    Place,
    WholeName,
    BirthDate,
    Country,
    Domain,
}

impl CountKind {
    /// Returns the hash by which a value of this kind is counted.
    pub(crate) fn hash(self, value: u64) -> u64 {
        StableHash::of(2_000 + self as u64).number(value).value()
    }
}

/// Counts of values, by the numbers of their texts. A value without a count counts once.
#[derive(Clone, Default)]
pub(crate) struct Frequencies {
    /// The number of contacts that were counted.
    pub(crate) contacts: u32,
    pub(crate) given: Vec<u32>,
    pub(crate) family: Vec<u32>,
    pub(crate) companies: Vec<u32>,
    pub(crate) streets: Vec<u32>,
    pub(crate) places: Vec<u32>,
    /// Of whole names, birth dates, countries and domains, by their hashes.
    pub(crate) values: HashMap<u64, u32>,
    /// The number of people who have each email and phone.
    pub(crate) email_people: Vec<u32>,
    pub(crate) phone_people: Vec<u32>,
}

/// A domain that one contact in so many has is one of a service for everybody.
const COMMON_DOMAIN: u64 = 200;

fn count(counts: &[u32], number: u32) -> u32 {
    counts.get(number as usize).copied().unwrap_or_default().max(1)
}

impl Frequencies {
    pub(crate) fn given(&self, name: u32) -> u32 {
        count(&self.given, name)
    }

    pub(crate) fn family(&self, name: u32) -> u32 {
        count(&self.family, name)
    }

    pub(crate) fn company(&self, company: u32) -> u32 {
        count(&self.companies, company)
    }

    pub(crate) fn street(&self, street: u32) -> u32 {
        count(&self.streets, street)
    }

    pub(crate) fn place(&self, place: u32) -> u32 {
        count(&self.places, place)
    }

    /// Returns the count of a whole name, a birth date, a country or a domain.
    pub(crate) fn value(&self, kind: CountKind, value: u64) -> u32 {
        self.values.get(&kind.hash(value)).copied().unwrap_or(1)
    }

    /// Returns true if one contact in so many has an address at a domain.
    pub(crate) fn is_common_domain(&self, domain: u64) -> bool {
        let count = self.value(CountKind::Domain, domain);
        u64::from(count) * COMMON_DOMAIN > u64::from(self.contacts)
    }

    pub(crate) fn email_people(&self, email: u32) -> u32 {
        count(&self.email_people, email)
    }

    pub(crate) fn phone_people(&self, phone: u32) -> u32 {
        count(&self.phone_people, phone)
    }
}
