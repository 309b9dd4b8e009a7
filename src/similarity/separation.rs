//! Keys that people share who are not one person: a front desk, a household, a number that changed hands.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::contact::ContactId;
use crate::similarity::comparable::ComparableRow;
use crate::similarity::comparison::{self, Outcome, family, given};
use crate::similarity::field::ComparedField;
use crate::similarity::live_blocks::CanonicalOrder;
use crate::similarity::similar_suggestion::SimilarSuggestion;
use crate::similarity::similarity_index::Similarity;

/// Keys with more groups of holders are described by so many of them.
const MAX_GROUPS: usize = 50;

/// The most likely reason why several people have one phone or email.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum SharedBy {
    /// A desk, a switchboard or a role mailbox: many people, or people of one company.
    Desk,
    /// A household: people with one family name and several given names.
    Household,
    /// Relatives with one name: a father and his son.
    Namesakes,
    /// The number or address changed hands: two people with nothing else in common.
    Recycled,
    /// Nothing tells.
    Unknown,
}

impl SharedBy {
    /// Returns the reason's name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Desk => "desk",
            Self::Household => "household",
            Self::Namesakes => "namesakes",
            Self::Recycled => "recycled",
            Self::Unknown => "unknown",
        }
    }
}

/// A phone or an email that contacts of several suggestions have, or contacts in none. It explains why a shared key did not
/// make them one person, and has no part in any score. `Debug` does not show the value.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Separation<Id> {
    /// [`ComparedField::Phone`] or [`ComparedField::Email`].
    pub field: ComparedField,
    /// The comparable form of the value.
    pub value: String,
    /// The holders, by the person that they are taken for: those of one suggestion, or one contact alone. In order.
    pub groups: Vec<Vec<Id>>,
    /// The most likely reason.
    pub shared_by: SharedBy,
}

impl<Id: ContactId> fmt::Debug for Separation<Id> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Separation");
        shown
            .field("field", &self.field)
            .field("groups", &self.groups)
            .field("shared_by", &self.shared_by)
            .finish_non_exhaustive()
    }
}

impl<Id: ContactId> Similarity<Id> {
    /// Returns the phones and emails that people share who are not one person by `suggestions`, in order of field and value.
    /// At most 50 groups of a value are listed. Cost: O(v log v) for v values, and 50 comparisons a value.
    pub fn separations(&self, suggestions: &[SimilarSuggestion<Id>]) -> Vec<Separation<Id>> {
        let mut person: BTreeMap<u32, usize> = BTreeMap::new();
        for (number, suggestion) in suggestions.iter().enumerate() {
            person.extend(suggestion.members.iter().filter_map(|id| Some((self.set.slot(id)?, number))));
        }
        let mut separations = Vec::new();
        for (field, of) in [
            (ComparedField::Email, ComparableRow::emails as fn(&ComparableRow) -> &[u32]),
            (ComparedField::Phone, ComparableRow::phones),
        ] {
            let mut holders: Vec<(u64, u32, u32)> = Vec::new();
            for slot in self.set.slots() {
                let row = self.set.row(slot);
                holders.extend(of(row).iter().map(|value| (row.workspace, *value, slot)));
            }
            holders.sort_unstable();
            for run in holders.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)).filter(|run| run.len() > 1) {
                let mut groups: BTreeMap<(usize, u32), Vec<u32>> = BTreeMap::new();
                for (_, _, slot) in run {
                    // A contact in no suggestion is a group of its own.
                    let group = person.get(slot).map_or((usize::MAX, *slot), |number| (*number, 0));
                    groups.entry(group).or_default().push(*slot);
                }
                if groups.len() > 1 {
                    separations.push(self.separation(field, run[0].1, groups.into_values().collect()));
                }
            }
        }
        separations.sort_by(|a, b| (a.field, &a.value, &a.groups).cmp(&(b.field, &b.value, &b.groups)));
        separations
    }

    fn separation(&self, field: ComparedField, value: u32, groups: Vec<Vec<u32>>) -> Separation<Id> {
        let text = if field == ComparedField::Email {
            self.set.texts.emails.text(value)
        } else {
            self.set.texts.phones.text(value)
        };
        let mut firsts: Vec<u32> = groups.iter().filter_map(|group| group.first().copied()).collect();
        firsts.sort_by(|a, b| self.set.rank(*a).cmp(&self.set.rank(*b)));
        firsts.truncate(MAX_GROUPS);
        let outcomes: Vec<Outcome> = firsts
            .windows(2)
            .map(|two| comparison::compare(&self.set.texts, self.set.row(two[0]), self.set.row(two[1])))
            .collect();
        let ids = |group: Vec<u32>| -> Vec<Id> {
            let ids: BTreeSet<&Id> = group.into_iter().map(|slot| self.set.id(slot)).collect();
            ids.into_iter().cloned().collect()
        };
        let count = groups.len();
        let mut groups: Vec<Vec<Id>> = groups.into_iter().map(ids).collect();
        groups.sort();
        groups.truncate(MAX_GROUPS);
        Separation { field, value: text.to_owned(), groups, shared_by: shared_by(&outcomes, count) }
    }
}

/// Returns the most likely reason, by the logarithms of how often each of them shows what is seen.
fn shared_by(outcomes: &[Outcome], groups: usize) -> SharedBy {
    let share = |is_seen: &dyn Fn(&Outcome) -> bool| {
        outcomes.iter().filter(|outcome| is_seen(outcome)).count() as f64 / outcomes.len().max(1) as f64
    };
    let same_family = share(&|outcome| outcome.level(ComparedField::Family).is_some_and(|level| level <= family::NEAR));
    let same_given = share(&|outcome| outcome.level(ComparedField::Given).is_some_and(|level| level <= given::INITIAL));
    let same_company = share(&|outcome| outcome.level(ComparedField::Company).is_some_and(|level| level <= 1));
    let is_named = share(&|outcome| outcome.level(ComparedField::Given).is_some());
    let many = (groups as f64 / 2.0).log2();
    let bits = [
        (SharedBy::Desk, 3.0 * same_company + 2.0 * many - 3.0 * same_family),
        (SharedBy::Household, 5.0 * same_family - 4.0 * same_given - many - same_company),
        (SharedBy::Namesakes, 3.0 * same_family + 4.0 * same_given - 4.0 - 2.0 * many),
        (SharedBy::Recycled, 1.5 * is_named - 3.0 * same_family - 2.0 * same_company - 2.0 * many),
        (SharedBy::Unknown, 0.5),
    ];
    bits.into_iter().max_by(|(_, a), (_, b)| a.total_cmp(b)).map_or(SharedBy::Unknown, |(reason, _)| reason)
}
