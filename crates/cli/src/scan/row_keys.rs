//! Derives the keys of rows without building contacts.

use std::collections::BTreeMap;

use onefold::bulk::BulkMember;
use onefold::normalize::MAX_VALUES_PER_FIELD;
use onefold::{Bulk, Channel, Contact, Reason, Region};
use onefold_files::country;
use onefold_files::scan::KeyRow;

/// How many spellings of countries are cached.
const COUNTRIES: usize = 1_024;

/// Derives the keys of rows.
pub struct RowKeys<'a> {
    // The identifiers of the options.
    identifiers: &'a [String],
    // True if a contact's country says how its numbers are read.
    reads_country: bool,
    // The regions of countries as written; `last` is checked first.
    regions: BTreeMap<String, Option<Region>>,
    last: (String, Option<Region>),
    /// The number of values without a key, by the reason.
    pub rejections: BTreeMap<Reason, usize>,
}

impl<'a> RowKeys<'a> {
    /// Returns a reader. If it `reads_country`, a contact's numbers are read as numbers of its country. `identifiers` are those of
    /// the options.
    pub fn new(reads_country: bool, identifiers: &'a [String]) -> Self {
        let (regions, last, rejections) = (BTreeMap::new(), (String::new(), None), BTreeMap::new());
        Self { identifiers, reads_country, regions, last, rejections }
    }

    /// Adds the keys of a plain row.
    pub fn add(&mut self, row: &KeyRow<'_>, keys: &mut Bulk) {
        let channels = row.channels();
        if row.phones.len().max(row.emails.len()).max(channels.len()) > MAX_VALUES_PER_FIELD {
            return self.add_contact(row.workspace, row.contact(String::new(), self.identifiers), keys);
        }
        let region = self.region(row.country);
        let mut added = keys.add_values(row.workspace, row.blocked);
        for raw in row.phones.iter() {
            self.count(added.phone(raw, region));
        }
        for raw in row.emails.iter() {
            self.count(added.email(raw));
        }
        for channel in channels {
            self.count(added.channel(&channel, region));
        }
        for (position, text) in &row.identifiers {
            let Some(name) = self.identifiers.get(usize::from(*position)) else { continue };
            match added.identifier(name, text) {
                Ok(()) => {}
                Err(reason) => *self.rejections.entry(reason).or_default() += 1,
            }
        }
    }

    /// Adds the keys of the contact of any other row.
    pub fn add_contact(&mut self, workspace: Option<&str>, contact: Contact<String>, keys: &mut Bulk) {
        let rejections = keys.add(workspace, &country::with_code(contact));
        rejections.iter().for_each(|rejection| self.count(Err(rejection.reason)));
    }

    #[inline]
    fn count(&mut self, taken: Result<(), Reason>) {
        if let Err(reason) = taken {
            *self.rejections.entry(reason).or_default() += 1;
        }
    }

    /// Adds the keys of a plain row with these channels to a member of a group. Values without a key were counted in the first
    /// pass.
    pub fn add_member(&mut self, row: &KeyRow<'_>, channels: &[Channel], mut member: BulkMember<'_>) {
        let region = self.region(row.country);
        for raw in row.phones.iter().take(MAX_VALUES_PER_FIELD) {
            let _ = member.phone(raw, region);
        }
        for raw in row.emails.iter().take(MAX_VALUES_PER_FIELD) {
            let _ = member.email(raw);
        }
        for channel in channels.iter().take(MAX_VALUES_PER_FIELD) {
            let _ = member.channel(channel, region);
        }
        for (position, text) in &row.identifiers {
            let Some(name) = self.identifiers.get(usize::from(*position)) else { continue };
            let _ = member.identifier(name, text);
        }
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
