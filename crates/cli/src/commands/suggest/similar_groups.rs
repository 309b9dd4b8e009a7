//! The suggestions by similarity among the contacts of a scan, with what keys say for and against each.

use std::collections::{BTreeMap, HashMap};

use onefold::normalize::Place;
use onefold::similarity::{Separation, SimilarSuggestion, Similarity};
use onefold::{Confidence, Suggestion};
use sha2::{Digest, Sha256};

use crate::commands::similarity::contact_list::ContactName;
use crate::commands::suggest::groups::{DescribedMember, MemberId, TableGroups};
use crate::commands::suggest::similar_line::{ComparedPair, OutsideKey, SimilarLine};
use crate::commands::suggest::suggestion_line::SuggestionLine;
use crate::failure::Failure;
use crate::output::{Encoded, Encoder, Output, write_in_order};
use crate::scan::row_keys::RowKeys;

/// How many suggestions are described together.
const BATCH: usize = 256;

/// How many batches are described together before they are written.
const BATCHES: usize = 32;

/// The prefix of the hashed bytes of an id. It changes with the way in which ids are made.
const VERSION: &[u8] = b"onefold similar suggestion 1\0";

/// The suggestions by similarity of a run.
pub struct SimilarGroups<'a> {
    names: &'a [ContactName],
    similarity: &'a Similarity<u32>,
    suggestions: Vec<SimilarSuggestion<u32>>,
    separations: Vec<Separation<u32>>,
    max_members: usize,
}

impl<'a> SimilarGroups<'a> {
    /// Finds the suggestions with a score of at least `least`. Contacts are their places among the `names`. Suggestions of more
    /// than `max_members` are oversized.
    pub fn find(names: &'a [ContactName], similarity: &'a Similarity<u32>, least: f64, max_members: usize) -> Self {
        let suggestions = similarity.suggestions_from(least);
        let separations = similarity.separations(&suggestions);
        Self { names, similarity, suggestions, separations, max_members }
    }

    /// Returns the number of suggestions.
    pub fn len(&self) -> usize {
        self.suggestions.len()
    }

    /// Returns the numbers in the scan of the contacts in suggestions.
    pub fn members(&self) -> Vec<u32> {
        let members = self.suggestions.iter().flat_map(|suggestion| &suggestion.members);
        members.filter_map(|member| Some(self.name(*member)?.number)).collect()
    }

    /// Returns how many phones and emails are those of several people, by the most likely reason.
    pub fn shared_keys(&self) -> BTreeMap<&'static str, usize> {
        let mut counts = BTreeMap::new();
        for separation in &self.separations {
            *counts.entry(separation.shared_by.name()).or_default() += 1;
        }
        counts
    }

    fn name(&self, member: u32) -> Option<&'a ContactName> {
        self.names.get(member as usize)
    }

    /// Writes the suggestions in order.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn write(&self, table: &TableGroups<'_>, output: &mut Output) -> Result<(), Failure> {
        let outside = self.outside_keys();
        let encoder = output.encoder();
        let numbered: Vec<(usize, &SimilarSuggestion<u32>)> = self.suggestions.iter().enumerate().collect();
        let batches: Vec<&[(usize, &SimilarSuggestion<u32>)]> = numbered.chunks(BATCH).collect();
        let describe = |batch: &&[(usize, &SimilarSuggestion<u32>)]| {
            let mut encoded = encoder.start();
            for (place, suggestion) in *batch {
                let against = outside.get(place).map_or(&[][..], Vec::as_slice);
                self.describe(suggestion, against, table, encoder, &mut encoded);
            }
            Ok(encoded)
        };
        write_in_order(&batches, BATCHES, describe, |encoded| output.put(encoded))
    }

    /// Adds a suggestion in the format of the output.
    fn describe(
        &self,
        suggestion: &SimilarSuggestion<u32>,
        against: &[OutsideKey],
        table: &TableGroups<'_>,
        encoder: Encoder,
        to: &mut Encoded,
    ) {
        let names: Vec<&ContactName> = suggestion.members.iter().filter_map(|member| self.name(*member)).collect();
        let workspace = names.first().and_then(|name| name.workspace.as_deref());
        let mut row_keys = RowKeys::new(table.reads_country, table.identifiers);
        let mut group = table.groups.group();
        let mut members: Vec<Option<DescribedMember<'_>>> = Vec::with_capacity(names.len());
        for (position, name) in names.iter().enumerate() {
            let id = MemberId { id: &name.id, position };
            members.push(table.add_member(table.rows.row(name.number), |_| id, &mut row_keys, &mut group));
        }
        let member = |id: &MemberId<'_>| members.get(id.position).and_then(Option::as_ref);
        let value = |id: &MemberId<'_>, place: &Place| member(id).map_or("", |member| member.value(place));
        let name = |id: &MemberId<'_>| member(id).map(DescribedMember::name).unwrap_or_default();
        let by_keys = group.take_suggestions(workspace);
        // The suggestion that there is without similarity too, if its members are these.
        let same = by_keys.first().filter(|same: &&Suggestion<_>| same.members.len() == names.len());
        let position = |member: &u32| suggestion.members.binary_search(member).unwrap_or_default();
        let links = suggestion.links.iter().filter_map(|link| {
            let (a, b) = (link.pair.first(), link.pair.second());
            let explanation = self.similarity.why(a, b)?;
            Some(ComparedPair { a: position(a), b: position(b), explanation })
        });
        let line = SimilarLine {
            id: match same {
                Some(same) if against.is_empty() => same.id.to_string(),
                _ => own_id(workspace, &names),
            },
            workspace,
            members: names.iter().map(|name| name.id.as_str()).collect(),
            names: (0..names.len()).map(|position| name(&MemberId { id: "", position })).collect(),
            keys: by_keys
                .iter()
                .map(|suggestion| SuggestionLine { workspace, suggestion, value: &value, name: &name })
                .collect(),
            links: links.collect(),
            against,
            score: suggestion.score,
            confidence: same.map_or(Confidence::Low, |same| same.confidence),
            oversized: names.len() > self.max_members,
        };
        encoder.add(&line, to);
    }

    /// Returns the keys that members share with contacts outside, by the place of the suggestion.
    fn outside_keys(&self) -> BTreeMap<usize, Vec<OutsideKey>> {
        let mut places: HashMap<u32, usize> = HashMap::new();
        for (place, suggestion) in self.suggestions.iter().enumerate() {
            places.extend(suggestion.members.iter().map(|member| (*member, place)));
        }
        let mut outside: BTreeMap<usize, Vec<OutsideKey>> = BTreeMap::new();
        for separation in &self.separations {
            let ids = |group: &[u32]| -> Vec<String> {
                group.iter().filter_map(|member| Some(self.name(*member)?.id.clone())).collect()
            };
            for group in &separation.groups {
                let Some(place) = group.first().and_then(|first| places.get(first)) else { continue };
                let others = separation.groups.iter().filter(|other| *other != group);
                let mut others: Vec<u32> = others.flatten().copied().collect();
                others.sort_unstable();
                outside.entry(*place).or_default().push(OutsideKey {
                    kind: separation.field.name(),
                    value: separation.value.clone(),
                    shared_by: separation.shared_by.name(),
                    members: ids(group),
                    others: ids(others.get(..OutsideKey::SHOWN_OTHERS).unwrap_or(&others)),
                });
            }
        }
        outside
    }
}

/// Returns the id of a suggestion, which the same members of the same workspace always have.
fn own_id(workspace: Option<&str>, names: &[&ContactName]) -> String {
    let mut digest = Sha256::new();
    digest.update(VERSION);
    for text in [workspace.unwrap_or_default()].into_iter().chain(names.iter().map(|name| name.id.as_str())) {
        digest.update((text.len() as u64).to_be_bytes());
        digest.update(text);
    }
    digest.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_that_of_the_members_and_their_workspace() {
        let names: Vec<ContactName> =
            ["1", "23", "12", "3"].map(|id| ContactName { workspace: None, id: id.to_owned(), number: 0 }).into();
        let [a, b, c, d] = &names[..] else { panic!("four names") };
        let id = own_id(None, &[a, b]);
        assert_eq!((id.len(), own_id(None, &[a, b])), (32, id.clone()));
        assert!(id != own_id(None, &[c, d]) && id != own_id(Some("w"), &[a, b]));
    }
}
