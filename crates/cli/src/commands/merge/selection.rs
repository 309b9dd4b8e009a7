//! Which suggestions are merged.

use std::collections::{BTreeMap, BTreeSet};

use onefold::key::Derivation;
use onefold::rules::ReviewReason;
use onefold::{ContactId, Suggestion};

use crate::arguments::merge::ChoiceArguments;

/// How suggestions are chosen.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum SuggestionSelection {
    /// By the merge rules.
    Rules,
    /// By exact keys or alternative spellings of a country, whatever other values say.
    Keys,
    /// By their ids on the command line.
    Named,
}

impl SuggestionSelection {
    /// Returns the selection of the arguments.
    pub fn of(arguments: &ChoiceArguments) -> Self {
        match (arguments.all, arguments.only.as_slice()) {
            (_, [_, ..]) => Self::Named,
            (true, []) => Self::Keys,
            (false, []) => Self::Rules,
        }
    }
}

/// The number of suggestions that are not merged, by the reason.
#[derive(Default)]
pub struct Skipped {
    counts: BTreeMap<String, usize>,
}

impl Skipped {
    /// Counts a suggestion that is skipped for another reason than the rules.
    pub fn skip(&mut self, reason: &str) {
        *self.counts.entry(format!("skipped: {reason}")).or_default() += 1;
    }

    /// Counts a suggestion that needs review.
    pub fn review<Id>(&mut self, reason: &ReviewReason<Id>) {
        *self.counts.entry(format!("review: {}", reason.name().replace('_', " "))).or_default() += 1;
    }

    /// Returns the counts with their labels.
    pub fn counts(&self) -> impl Iterator<Item = (&str, usize)> {
        self.counts.iter().map(|(reason, count)| (reason.as_str(), *count))
    }
}

/// Returns the reason why a suggestion needs review by its keys alone, or `None`.
pub fn reason_to_skip<Id: ContactId>(suggestion: &Suggestion<Id>) -> Option<&'static str> {
    match suggestion {
        _ if suggestion.is_contested() => Some("contested"),
        _ if suggestion.oversized => Some("oversized"),
        _ if !is_safely_joined(suggestion) => Some("weakly joined"),
        _ => None,
    }
}

/// Returns true if the members are connected by direct keys and by spelling rules that hold for all numbers of a country.
fn is_safely_joined<Id: ContactId>(suggestion: &Suggestion<Id>) -> bool {
    let mut group: BTreeMap<&Id, usize> = suggestion.members.iter().zip(0..).collect();
    let mut groups = group.len();
    for evidence in &suggestion.evidence {
        let is_safe = |derivation| {
            matches!(derivation, Derivation::Direct | Derivation::BrazilNinthDigit | Derivation::MexicoMobileOne)
        };
        let holders = evidence.holders.iter().filter(|holder| is_safe(holder.derivation));
        let mut joined: BTreeSet<usize> = BTreeSet::new();
        joined.extend(holders.filter_map(|holder| group.get(&holder.contact)));
        let Some(first) = joined.pop_first() else { continue };
        groups -= joined.len();
        group.values_mut().filter(|number| joined.contains(number)).for_each(|number| *number = first);
    }
    groups == 1
}
