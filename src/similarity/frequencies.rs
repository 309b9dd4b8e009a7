//! How often each value occurs among the contacts, and how many people have each phone and email.

use std::collections::HashMap;

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
    /// By the hash of the words of a whole name, in order.
    pub(crate) whole_names: HashMap<u64, u32>,
    pub(crate) birth_dates: HashMap<u32, u32>,
    pub(crate) countries: HashMap<u32, u32>,
    /// By the hash of the domain of an email.
    pub(crate) domains: HashMap<u64, u32>,
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

    pub(crate) fn whole_name(&self, hash: u64) -> u32 {
        self.whole_names.get(&hash).copied().unwrap_or(1)
    }

    pub(crate) fn birth_date(&self, date: u32) -> u32 {
        self.birth_dates.get(&date).copied().unwrap_or(1)
    }

    pub(crate) fn country(&self, country: u32) -> u32 {
        self.countries.get(&country).copied().unwrap_or(1)
    }

    /// Returns true if one contact in so many has an address at a domain.
    pub(crate) fn is_common_domain(&self, domain: u64) -> bool {
        let count = self.domains.get(&domain).copied().unwrap_or(1);
        u64::from(count) * COMMON_DOMAIN > u64::from(self.contacts)
    }

    pub(crate) fn email_people(&self, email: u32) -> u32 {
        count(&self.email_people, email)
    }

    pub(crate) fn phone_people(&self, phone: u32) -> u32 {
        count(&self.phone_people, phone)
    }
}
