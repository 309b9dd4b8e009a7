//! From the rows of a table to their keys, without the contacts in between.

use std::collections::BTreeMap;

use onefold::{
    Channel, Contact, ContactKey, DerivedKey, Field, MAX_VALUES_PER_FIELD, Normalizer, Place, Reason, Region,
};
use onefold_cli::input::{Brief, country};

/// How many spellings of countries are remembered.
const COUNTRIES: usize = 1_024;

/// Reads the keys of rows.
pub struct RowKeys<'a> {
    normalizer: &'a Normalizer,
    /// Whether a contact's numbers are of its own country.
    reads_country: bool,
    // The regions of countries as written, the last one first in line.
    regions: BTreeMap<String, Option<Region>>,
    last: (String, Option<Region>),
    /// How many values gave no key, by the reason.
    pub rejections: BTreeMap<Reason, usize>,
    /// The keys of the row that was read last; the same key may come several times.
    pub keys: Vec<DerivedKey>,
}

impl<'a> RowKeys<'a> {
    /// No rows were read.
    pub fn new(normalizer: &'a Normalizer, reads_country: bool) -> Self {
        Self {
            normalizer,
            reads_country,
            regions: BTreeMap::new(),
            last: (String::new(), None),
            rejections: BTreeMap::new(),
            keys: Vec::new(),
        }
    }

    /// Reads a row in brief.
    pub fn read(&mut self, brief: &Brief<'_>) {
        if brief.phones.len().max(brief.emails.len()) > MAX_VALUES_PER_FIELD {
            return self.read_contact(brief.contact(String::new()));
        }
        self.keys.clear();
        let region = self.region(brief.country);
        for raw in &brief.phones {
            self.take(self.normalizer.phone(raw, region));
        }
        for raw in &brief.emails {
            self.take(self.normalizer.email(raw));
        }
        for channel in brief.channels() {
            self.take(self.normalizer.channel(&channel, region));
        }
    }

    /// Reads a row that was read whole.
    pub fn read_contact(&mut self, contact: Contact<String>) {
        let found = self.normalizer.contact(&country::with_code(contact));
        self.keys.clear();
        let keys = found.keys.into_iter();
        self.keys.extend(keys.map(|key| DerivedKey { key: key.key, derivation: key.derivation }));
        for rejection in found.rejections {
            *self.rejections.entry(rejection.reason).or_default() += 1;
        }
    }

    fn take(&mut self, found: Result<Vec<DerivedKey>, Reason>) {
        match found {
            Ok(keys) => self.keys.extend(keys),
            Err(reason) => *self.rejections.entry(reason).or_default() += 1,
        }
    }

    /// The keys of a row in brief, each with its place; `channels` are those of the row.
    pub fn placed(&mut self, brief: &Brief<'_>, channels: &[Channel]) -> Vec<ContactKey> {
        let mut keys = Vec::with_capacity(4);
        let region = self.region(brief.country);
        let mut add = |field: Field, position: usize, found: Result<Vec<DerivedKey>, Reason>| {
            if position < MAX_VALUES_PER_FIELD {
                let place = |field: &Field| Place { field: field.clone(), position };
                let found = found.into_iter().flatten();
                keys.extend(found.map(|DerivedKey { key, derivation }| ContactKey {
                    key,
                    derivation,
                    place: place(&field),
                    verified: false,
                }));
            }
        };
        for (position, raw) in brief.phones.iter().enumerate() {
            add(Field::Phone, position, self.normalizer.phone(raw, region));
        }
        for (position, raw) in brief.emails.iter().enumerate() {
            add(Field::Email, position, self.normalizer.email(raw));
        }
        for (position, channel) in channels.iter().enumerate() {
            add(Field::Channels, position, self.normalizer.channel(channel, region));
        }
        keys
    }

    fn region(&mut self, text: &str) -> Option<Region> {
        if !self.reads_country || text.is_empty() {
            return None;
        }
        if self.last.0 == text {
            return self.last.1;
        }
        let region = match self.regions.get(text) {
            Some(region) => *region,
            None => {
                let region = country::code(text).unwrap_or(text).trim().parse().ok();
                if self.regions.len() < COUNTRIES {
                    self.regions.insert(text.to_owned(), region);
                }
                region
            }
        };
        self.last.0.clear();
        self.last.0.push_str(text);
        self.last.1 = region;
        region
    }
}
