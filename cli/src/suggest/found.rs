//! The groups that were found in a table, in the order of their suggestions, and their suggestions.

use std::collections::HashMap;

use onefold::{BulkGroups, CommonKey, Contact, Place, Suggestion};
use onefold_cli::input::{Item, Table, TableRow, country};
use rayon::prelude::*;

use crate::failure::Failure;
use crate::output::{Encoded, Output};
use crate::suggest::gathered::Gathered;
use crate::suggest::line::SuggestionLine;
use crate::suggest::{Counts, Id};
use crate::values::Kept;

/// How many groups are described together.
const BATCH: usize = 256;

/// How many batches are described before they are written.
const BATCHES: usize = 32;

/// What is known of a table when all is found.
pub struct Found<'a> {
    pub table: &'a Table,
    pub groups: &'a BulkGroups,
    pub gathered: &'a Gathered,
}

/// A group by its workspace and its smallest id, of which the first bytes are at hand.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Named<'a> {
    workspace: Option<&'a str>,
    first: u64,
    id: &'a str,
    group: &'a [u32],
}

impl Found<'_> {
    /// Writes the suggestions in order.
    ///
    /// # Errors
    /// They cannot be written.
    pub fn write(&self, output: &mut Output) -> Result<Counts, Failure> {
        let mut counts = Counts { keys: self.groups.key_count(), ..Counts::default() };
        let named = self.named();
        let batches: Vec<&[Named<'_>]> =
            named.chunk_by(|a, b| a.workspace == b.workspace).flat_map(|of_one| of_one.chunks(BATCH)).collect();
        let encoder = output.encoder();
        for batches in batches.chunks(BATCHES) {
            let described = batches.par_iter().map(|batch| {
                let lines = self.describe(batch);
                let members: usize = lines.iter().map(SuggestionLine::members).sum();
                (lines.len(), members, encoder.encode(lines))
            });
            let described: Vec<(usize, usize, Encoded<SuggestionLine>)> = described.collect();
            for (suggestions, members, encoded) in described {
                counts.suggestions += suggestions;
                counts.members += members;
                output.put(&encoded)?;
            }
        }
        counts.common = self.common_keys();
        Ok(counts)
    }

    /// The groups in the order of their suggestions.
    fn named(&self) -> Vec<Named<'_>> {
        let groups: Vec<&[u32]> = self.groups.iter().collect();
        let name = |group: &'_ &'_ [u32]| {
            let rows = group.iter().map(|&contact| self.gathered.row(contact));
            let (workspace, id) = rows.map(|row| (row.workspace, row.id)).min().unwrap_or_default();
            (workspace, id)
        };
        let names: Vec<(Option<&str>, &str)> = groups.par_iter().map(name).collect();
        let shared = names.first().map_or("", |(_, id)| id);
        let shared = names.iter().fold(shared.len(), |shared_bytes, (_, id)| {
            let same = id.bytes().zip(shared.bytes()).take(shared_bytes).take_while(|(a, b)| a == b);
            same.count()
        });
        let mut named: Vec<Named<'_>> = names
            .into_iter()
            .zip(groups)
            .map(|((workspace, id), group)| {
                let mut first = [0; 8];
                let rest = id.as_bytes().get(shared..).unwrap_or_default();
                first.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
                Named { workspace, first: u64::from_be_bytes(first), id, group }
            })
            .collect();
        named.par_sort_unstable();
        named
    }

    /// The suggestions of some groups of one workspace.
    fn describe(&self, batch: &[Named<'_>]) -> Vec<SuggestionLine> {
        let workspace = batch.first().and_then(|named| named.workspace);
        let members = batch.iter().flat_map(|named| named.group);
        let contacts: Vec<Contact<Id>> = members.filter_map(|&contact| self.contact(contact)).collect();
        let by_id: HashMap<&Id, &Contact<Id>> = contacts.iter().map(|contact| (&contact.id, contact)).collect();
        let line = |suggestion: &Suggestion<Id>| {
            let mut places: HashMap<&Id, Vec<&Place>> = suggestion.members.iter().map(|id| (id, Vec::new())).collect();
            for holder in suggestion.evidence.iter().flat_map(|evidence| &evidence.holders) {
                places.entry(&holder.contact).or_default().push(&holder.place);
            }
            let kept = places.into_iter().filter_map(|(id, places)| {
                let contact = by_id.get(id)?;
                Some((id.clone(), Kept::of(contact, places)))
            });
            SuggestionLine::new(workspace, suggestion, &kept.collect())
        };
        self.groups.describe(workspace, &contacts).iter().map(line).collect()
    }

    /// A contact with what its keys come from.
    pub fn contact(&self, number: u32) -> Option<Contact<Id>> {
        let kept = self.gathered.row(number);
        let mut rows = self.table.rows(kept.row, true);
        let contact = match rows.next()? {
            (_, _, TableRow::Plain(brief)) => brief.contact(String::new()),
            (_, _, TableRow::Other(Item::Contact(row))) => row.contact,
            _ => return None,
        };
        Some(country::with_code(contact).map_id(|_| Id::from(kept.id)))
    }

    /// The keys that too many share, by the rows of a holder of each.
    fn common_keys(&self) -> Vec<CommonKey> {
        let normalizer = self.groups.normalizer();
        let mut common = Vec::new();
        let mut of_holder = self.groups.common_keys().chunk_by(|a, b| a.contact == b.contact);
        while let Some(of_one) = of_holder.next() {
            let Some(contact) = of_one.first().and_then(|key| self.contact(key.contact)) else { continue };
            let workspace = of_one.first().and_then(|key| self.gathered.row(key.contact).workspace);
            let keys = normalizer.contact(&contact).distinct().into_iter();
            common.extend(keys.filter_map(|key| self.groups.common_key(workspace, &key.key)));
        }
        common
    }
}
