//! Which suggestions are merged.

use std::collections::{BTreeMap, BTreeSet};

use onefold::key::Derivation;
use onefold::rules::ReviewReason;
use onefold::{ContactId, Suggestion};

use crate::arguments::merge::ChoiceArguments;
use crate::commands::id_lists;
use crate::commands::merge::file_rows::{FileId, Sheet};
use crate::failure::Failure;

/// A suggestion that may be merged.
pub struct Chosen {
    /// The workspace of its members.
    pub workspace: Option<String>,
    /// The suggestion.
    pub suggestion: Suggestion<FileId>,
}

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

/// Returns the suggestions to consider, in order: those that `only` names, all of them, or with [`SuggestionSelection::Keys`] those that
/// keys connect safely.
///
/// # Errors
/// A text of `only` is not an id, names no suggestion, or names several.
pub fn choose(
    sheet: &Sheet,
    selection: SuggestionSelection,
    only: &[String],
    skipped: &mut Skipped,
) -> Result<Vec<Chosen>, Failure> {
    let mut all = Vec::new();
    for (workspace, contacts) in &sheet.workspaces {
        let suggestions = contacts.index.suggestions().into_iter();
        all.extend(suggestions.map(|suggestion| Chosen { workspace: workspace.clone(), suggestion }));
    }
    match selection {
        SuggestionSelection::Rules => {}
        SuggestionSelection::Keys => all.retain(|chosen| match reason_to_skip(&chosen.suggestion) {
            Some(reason) => {
                skipped.skip(reason);
                false
            }
            None => true,
        }),
        SuggestionSelection::Named => {
            let known: BTreeSet<String> = all.iter().map(|chosen| chosen.suggestion.id.to_string()).collect();
            let named = id_lists::named(only, &known, "suggestion")?;
            all.retain(|chosen| {
                let is_named = named.contains(&chosen.suggestion.id.to_string());
                if !is_named {
                    skipped.skip("not named");
                }
                is_named
            });
        }
    }
    Ok(all)
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
