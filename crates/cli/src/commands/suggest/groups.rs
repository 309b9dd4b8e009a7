//! The groups that were found in a table, in the order of their suggestions, and their suggestions.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::ops::Deref;

use onefold::bulk::BulkGroups;
use onefold::normalize::Place;
use onefold::suggestion::CommonKey;
use onefold::{Channel, Contact, ContactId, Field};
use onefold_files::{ChunkedFile, KeyRow, RowReread, country};
use rayon::prelude::*;

use crate::commands::suggest::group_rows::{Gathered, KeptRow};
use crate::commands::suggest::row_keys::RowKeys;
use crate::commands::suggest::suggestion_line::SuggestionLine;
use crate::failure::Failure;
use crate::input::values::name_of;
use crate::output::{Encoded, Encoder, Output};

/// How many groups are described together.
const BATCH: usize = 256;

/// How many batches are described before they are written.
const BATCHES: usize = 32;

/// What is known of a table when all is found.
pub struct FoundGroups<'a> {
    pub table: &'a ChunkedFile,
    pub groups: &'a BulkGroups,
    pub gathered: &'a Gathered,
    pub reads_country: bool,
}

/// A member of a group, with the values that its keys come from.
enum GroupMember<'a> {
    Brief(KeyRow<'a>, Vec<Channel>),
    Whole(Contact<String>),
}

impl GroupMember<'_> {
    /// The value at a place, as written.
    fn value(&self, place: &Place) -> &str {
        match self {
            Self::Whole(contact) => place.value_in(contact).unwrap_or_default(),
            Self::Brief(brief, channels) => match place.field {
                Field::Phone => brief.phones.get(place.position).unwrap_or_default(),
                Field::Email => brief.emails.get(place.position).unwrap_or_default(),
                _ => channels.get(place.position).map_or("", |channel| &channel.identity),
            },
        }
    }

    fn name(&self) -> String {
        match self {
            Self::Whole(contact) => name_of(contact),
            Self::Brief(brief, _) => brief.name(),
        }
    }
}

/// The id of a member, which says as well where in its group the member stands.
#[derive(Clone, Copy, Debug)]
struct MemberId<'a> {
    id: &'a str,
    place: usize,
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

/// A group by its workspace and its smallest id, of which the first bytes are at hand.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct NamedKey<'a> {
    workspace: Option<&'a str>,
    first: u64,
    id: &'a str,
    group: &'a [u32],
}

impl<'a> NamedKey<'a> {
    /// A group by its name, whose first `shared` bytes all names have.
    fn new((workspace, id): (Option<&'a str>, &'a str), shared: usize, group: &'a [u32]) -> Self {
        let mut first = [0; 8];
        let rest = id.as_bytes().get(shared..).unwrap_or_default();
        first.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        Self { workspace, first: u64::from_be_bytes(first), id, group }
    }
}

impl FoundGroups<'_> {
    /// Writes the suggestions in order.
    ///
    /// # Errors
    /// They cannot be written.
    pub fn write(&self, output: &mut Output) -> Result<(), Failure> {
        let named = self.named();
        let batches: Vec<&[NamedKey<'_>]> =
            named.chunk_by(|a, b| a.workspace == b.workspace).flat_map(|of_one| of_one.chunks(BATCH)).collect();
        let encoder = output.encoder();
        // What was described is written while the next is described.
        let mut described: Vec<Encoded> = Vec::new();
        for batches in batches.chunks(BATCHES) {
            let (written, next) = rayon::join(
                || described.into_iter().try_for_each(|encoded| output.put(encoded)),
                || batches.par_iter().map(|batch| self.describe(batch, encoder)).collect(),
            );
            written?;
            described = next;
        }
        described.into_iter().try_for_each(|encoded| output.put(encoded))
    }

    /// The groups in the order of their suggestions.
    fn named(&self) -> Vec<NamedKey<'_>> {
        let groups: Vec<&[u32]> = self.groups.iter().collect();
        let first_names = |groups: &[&[u32]]| {
            let mut names = self.gathered.names(groups.iter().copied().flatten().copied()).into_iter();
            let first = |group: &&[u32]| names.by_ref().take(group.len()).min().unwrap_or_default();
            groups.iter().map(first).collect::<Vec<_>>()
        };
        let names: Vec<(Option<&str>, &str)> = groups.par_chunks(BATCH).flat_map_iter(first_names).collect();
        let one = names.first().map_or("", |(_, id)| id);
        let same = |(_, id): &(Option<&str>, &str)| id.bytes().zip(one.bytes()).take_while(|(a, b)| a == b).count();
        let shared = names.par_iter().map(same).min().unwrap_or_default();
        let mut named: Vec<NamedKey<'_>> =
            names.into_par_iter().zip(groups).map(|(name, group)| NamedKey::new(name, shared, group)).collect();
        named.par_sort_unstable();
        named
    }

    /// The suggestions of some groups in the form of the output.
    fn describe(&self, batch: &[NamedKey<'_>], encoder: Encoder) -> Encoded {
        let mut encoded = encoder.start();
        let mut row_keys = RowKeys::new(self.reads_country);
        let rows = self.gathered.rows(batch.iter().flat_map(|named| named.group).copied());
        let (mut rows, mut again) = (rows.iter(), self.table.again());
        let (mut group, mut members) = (self.groups.group(), Vec::<GroupMember<'_>>::new());
        for named in batch {
            members.clear();
            for (&number, row) in named.group.iter().zip(&mut rows) {
                let id = |written| MemberId {
                    // What stands in the row is at hand.
                    id: if str::is_empty(written) { self.gathered.name(number).1 } else { written },
                    place: members.len(),
                };
                match KeptRow::of(row) {
                    Some(KeptRow::Brief(kept)) => {
                        let Some(brief) = KeyRow::of_kept(kept) else { continue };
                        let channels = brief.channels();
                        row_keys.hold(&brief, &channels, group.add(id(brief.id)));
                        members.push(GroupMember::Brief(brief, channels));
                    }
                    Some(KeptRow::Whole(row)) => {
                        let Some(contact) = again.contact(row).map(country::with_code) else { continue };
                        let mut member = group.add(id(""));
                        self.groups.normalizer().contact(&contact).keys.iter().for_each(|key| member.key(key));
                        members.push(GroupMember::Whole(contact));
                    }
                    None => {}
                }
            }
            let value =
                |id: &MemberId<'_>, place: &Place| members.get(id.place).map_or("", |member| member.value(place));
            let name = |id: &MemberId<'_>| members.get(id.place).map(GroupMember::name).unwrap_or_default();
            for suggestion in &group.take_suggestions(named.workspace) {
                let workspace = named.workspace;
                encoder.add(&SuggestionLine { workspace, suggestion, value: &value, name: &name }, &mut encoded);
            }
        }
        encoded
    }

    /// A contact with what its keys come from.
    pub fn contact(&self, number: u32, again: &mut RowReread<'_>) -> Option<Contact<String>> {
        let contact = match KeptRow::of(self.gathered.row(number))? {
            KeptRow::Brief(kept) => KeyRow::of_kept(kept)?.contact(String::new()),
            KeptRow::Whole(row) => again.contact(row)?,
        };
        Some(country::with_code(contact))
    }

    /// The keys that too many share, by the rows of a holder of each.
    pub fn common_keys(&self) -> Vec<CommonKey> {
        let normalizer = self.groups.normalizer();
        // A holder of one such key may hold another one, whose first holder is somebody else.
        let mut common: BTreeSet<(Option<&str>, CommonKey)> = BTreeSet::new();
        let holders: BTreeSet<u32> = self.groups.common_keys().iter().map(|key| key.contact).collect();
        let mut again = self.table.again();
        for holder in holders {
            let Some(contact) = self.contact(holder, &mut again) else { continue };
            let (workspace, _) = self.gathered.name(holder);
            let keys = normalizer.contact(&contact).keys.into_iter();
            let keys = keys.filter_map(|key| self.groups.common_key(workspace, &key.key));
            common.extend(keys.map(|key| (workspace, key)));
        }
        common.into_iter().map(|(_, key)| key).collect()
    }
}
