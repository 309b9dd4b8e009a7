//! The groups of a scan and their suggestions, in order.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;

use onefold::bulk::{BulkGroup, BulkGroups};
use onefold::normalize::Place;
use onefold::suggestion::CommonKey;
use onefold::{Channel, Contact, ContactId, Field, Reason};
use onefold_files::country;
use onefold_files::scan::KeyRow;

use crate::commands::suggest::suggestion_line::SuggestionLine;
use crate::failure::Failure;
use crate::input::values::name_of;
use crate::output::{Encoded, Encoder, Output, write_in_order};
use crate::scan::group_order::{self, SortedGroup};
use crate::scan::group_rows::{GroupRow, GroupRows};
use crate::scan::row_keys::RowKeys;

/// How many groups are described together.
const BATCH: usize = 256;

/// How many batches are described together before they are written.
const BATCHES: usize = 32;

/// The groups of a scan and the rows of their members.
pub struct TableGroups<'a> {
    /// The groups, as numbers of contacts.
    pub groups: &'a BulkGroups,
    /// The rows of the members.
    pub rows: &'a GroupRows,
    /// True if a contact's country says how its numbers are read.
    pub reads_country: bool,
    /// The identifiers of the options.
    pub identifiers: &'a [String],
    /// True if ids are those of the rows.
    pub keeps_ids: bool,
}

/// A member of a group, with the values that its keys come from.
#[expect(clippy::large_enum_variant, reason = "nearly all members are plain, and a box each would be slow")]
pub enum DescribedMember<'a> {
    Plain(KeyRow<'a>, Vec<Channel>, &'a [String]),
    Other(Contact<String>),
}

impl DescribedMember<'_> {
    /// Returns the value at a place, as written.
    pub fn value(&self, place: &Place) -> &str {
        match self {
            Self::Other(contact) => place.value_in(contact).unwrap_or_default(),
            Self::Plain(row, channels, identifiers) => match &place.field {
                Field::Phone => row.phones.get(place.position).unwrap_or_default(),
                Field::Email => row.emails.get(place.position).unwrap_or_default(),
                Field::Custom(name) => {
                    let is_of = |position: u16| identifiers.get(usize::from(position)).is_some_and(|of| **of == **name);
                    row.identifiers.iter().find(|(position, _)| is_of(*position)).map_or("", |(_, text)| text)
                }
                _ => channels.get(place.position).map_or("", |channel| &channel.identity),
            },
        }
    }

    /// Returns the name, or an empty text.
    pub fn name(&self) -> String {
        match self {
            Self::Other(contact) => name_of(contact),
            Self::Plain(row, ..) => row.name(),
        }
    }
}

/// The id of a member and its position in the group.
#[derive(Clone, Copy, Debug)]
pub struct MemberId<'a> {
    /// The id.
    pub id: &'a str,
    /// The position.
    pub position: usize,
}

impl PartialEq for MemberId<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for MemberId<'_> {}

impl PartialOrd for MemberId<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for MemberId<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.id.cmp(other.id)
    }
}

impl ContactId for MemberId<'_> {
    fn canonical_bytes(&self) -> impl AsRef<[u8]> {
        self.id.as_bytes()
    }
}

impl Deref for MemberId<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        self.id
    }
}

impl TableGroups<'_> {
    /// Writes the suggestions in order.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn write(&self, output: &mut Output) -> Result<(), Failure> {
        let sorted = group_order::sorted(self.groups, self.rows);
        let batches = group_order::batches(&sorted, BATCH);
        let encoder = output.encoder();
        write_in_order(&batches, BATCHES, |batch| Ok(self.describe(batch, encoder)), |encoded| output.put(encoded))
    }

    /// Returns the suggestions of some groups in the format of the output.
    fn describe(&self, batch: &[SortedGroup<'_>], encoder: Encoder) -> Encoded {
        let mut encoded = encoder.start();
        let mut row_keys = RowKeys::new(self.reads_country, self.identifiers);
        let rows = self.rows.rows(batch.iter().flat_map(|sorted| sorted.group).copied());
        let mut rows = rows.iter();
        let (mut group, mut members) = (self.groups.group(), Vec::<DescribedMember<'_>>::new());
        for sorted in batch {
            members.clear();
            for (&number, row) in sorted.group.iter().zip(&mut rows) {
                let id = |written| MemberId {
                    // The id in the row needs no look-up.
                    id: if str::is_empty(written) || !self.keeps_ids { self.rows.name(number).1 } else { written },
                    position: members.len(),
                };
                members.extend(self.add_member(row, id, &mut row_keys, &mut group));
            }
            let value =
                |id: &MemberId<'_>, place: &Place| members.get(id.position).map_or("", |member| member.value(place));
            let name = |id: &MemberId<'_>| members.get(id.position).map(DescribedMember::name).unwrap_or_default();
            for suggestion in &group.take_suggestions(sorted.workspace) {
                let workspace = sorted.workspace;
                encoder.add(&SuggestionLine { workspace, suggestion, value: &value, name: &name }, &mut encoded);
            }
        }
        encoded
    }

    /// Adds a member to a group and returns it with its values, or `None` if its row is gone. `id` gets the id in the row, or an
    /// empty text.
    pub fn add_member<'a>(
        &'a self,
        row: &'a [u8],
        id: impl Fn(&'a str) -> MemberId<'a>,
        row_keys: &mut RowKeys<'_>,
        group: &mut BulkGroup<'_, MemberId<'a>>,
    ) -> Option<DescribedMember<'a>> {
        match GroupRow::of(row)? {
            GroupRow::Plain(row) => {
                let channels = row.channels();
                row_keys.add_member(&row, &channels, group.add(id(row.id)));
                Some(DescribedMember::Plain(row, channels, self.identifiers))
            }
            GroupRow::Other(contact) => {
                let mut member = group.add(id(""));
                self.groups.normalizer().contact(&contact).keys.iter().for_each(|key| member.key(key));
                Some(DescribedMember::Other(contact))
            }
        }
    }

    /// Returns a contact with the fields that produce match keys, or `None` if its row is gone.
    fn contact(&self, number: u32) -> Option<Contact<String>> {
        match GroupRow::of(self.rows.row(number))? {
            GroupRow::Plain(row) => Some(country::with_code(row.contact(String::new(), self.identifiers))),
            GroupRow::Other(contact) => Some(contact),
        }
    }

    /// Returns how many values of some contacts gave no key, by the reason.
    pub fn rejections(&self, contacts: &[u32]) -> BTreeMap<Reason, usize> {
        let mut rejections = BTreeMap::new();
        for contact in contacts.iter().filter_map(|&contact| self.contact(contact)) {
            for rejection in self.groups.normalizer().contact(&contact).rejections {
                *rejections.entry(rejection.reason).or_default() += 1;
            }
        }
        rejections
    }

    /// Returns the common keys. Each is made from the row of one of its holders.
    pub fn common_keys(&self) -> Vec<CommonKey> {
        let normalizer = self.groups.normalizer();
        // A holder of one common key may hold another one, which a different contact represents.
        let mut common: BTreeSet<(Option<&str>, CommonKey)> = BTreeSet::new();
        let holders: BTreeSet<u32> = self.groups.common_keys().iter().map(|key| key.contact).collect();
        for holder in holders {
            let Some(contact) = self.contact(holder) else { continue };
            let (workspace, _) = self.rows.name(holder);
            let keys = normalizer.contact(&contact).keys.into_iter();
            let keys = keys.filter_map(|key| self.groups.common_key(workspace, &key.key));
            common.extend(keys.map(|key| (workspace, key)));
        }
        common.into_iter().map(|(_, key)| key).collect()
    }
}
