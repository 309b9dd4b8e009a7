//! From the rows of a table to their keys, without the contacts in between.

use std::collections::BTreeMap;

use onefold::bulk::BulkMember;
use onefold::normalize::MAX_VALUES_PER_FIELD;
use onefold::{Bulk, Channel, Contact, Reason, Region};
use onefold_files::{KeyRow, country};

/// How many spellings of countries are remembered.
const COUNTRIES: usize = 1_024;

/// Reads the keys of rows.
pub struct RowKeys {
    /// Whether a contact's numbers are of its own country.
    reads_country: bool,
    // The regions of countries as written, the last one first in line.
    regions: BTreeMap<String, Option<Region>>,
    last: (String, Option<Region>),
    /// How many values gave no key, by the reason.
    pub rejections: BTreeMap<Reason, usize>,
}

impl RowKeys {
    /// No rows were read.
    pub fn new(reads_country: bool) -> Self {
        Self { reads_country, regions: BTreeMap::new(), last: (String::new(), None), rejections: BTreeMap::new() }
    }

    /// Adds the contact of a row in brief.
    pub fn add(&mut self, brief: &KeyRow<'_>, keys: &mut Bulk) {
        let channels = brief.channels();
        if brief.phones.len().max(brief.emails.len()).max(channels.len()) > MAX_VALUES_PER_FIELD {
            return self.add_contact(brief.workspace, brief.contact(String::new()), keys);
        }
        let region = self.region(brief.country);
        let mut added = keys.add_values(brief.workspace, brief.blocked);
        for raw in brief.phones.iter() {
            self.note(added.phone(raw, region));
        }
        for raw in brief.emails.iter() {
            self.note(added.email(raw));
        }
        for channel in channels {
            self.note(added.channel(&channel, region));
        }
    }

    /// Adds the contact of a row that was read whole.
    pub fn add_contact(&mut self, workspace: Option<&str>, contact: Contact<String>, keys: &mut Bulk) {
        let rejections = keys.add(workspace, &country::with_code(contact));
        rejections.iter().for_each(|rejection| self.note(Err(rejection.reason)));
    }

    #[inline]
    fn note(&mut self, taken: Result<(), Reason>) {
        if let Err(reason) = taken {
            *self.rejections.entry(reason).or_default() += 1;
        }
    }

    /// Hands the values of a row in brief to a member of a group; `channels` are those of the row. Values without a key were
    /// noted when the row was read first.
    pub fn hold(&mut self, brief: &KeyRow<'_>, channels: &[Channel], mut member: BulkMember<'_>) {
        let region = self.region(brief.country);
        for raw in brief.phones.iter().take(MAX_VALUES_PER_FIELD) {
            let _ = member.phone(raw, region);
        }
        for raw in brief.emails.iter().take(MAX_VALUES_PER_FIELD) {
            let _ = member.email(raw);
        }
        for channel in channels.iter().take(MAX_VALUES_PER_FIELD) {
            let _ = member.channel(channel, region);
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
