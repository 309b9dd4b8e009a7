//! Which suggestions are merged.

use std::collections::{BTreeMap, BTreeSet};

use onefold::{ContactId, Derivation, Suggestion};

use crate::failure::Failure;
use crate::ids;
use crate::merge::sheet::{Id, Sheet};

/// A suggestion that is to be merged.
pub struct Chosen {
    /// The workspace of its members.
    pub workspace: Option<String>,
    /// The suggestion.
    pub suggestion: Suggestion<Id>,
}

/// The suggestions that are to be merged, in order, and how many are not, by the reason.
pub struct Choice {
    /// Those to merge.
    pub chosen: Vec<Chosen>,
    /// How many are left, by the reason.
    pub skipped: BTreeMap<&'static str, usize>,
}

/// Chooses the suggestions whose ids begin with one of `only`, or else those that need no second look: no two
/// members were told apart, they are not suspiciously many, and exact keys or the variants of one country's
/// own numbers connect them.
///
/// # Errors
/// One of `only` is no id, names nothing, or could be several.
pub fn choose(sheet: &Sheet, only: &[String]) -> Result<Choice, Failure> {
    let mut all = Vec::new();
    for (workspace, contacts) in &sheet.workspaces {
        let suggestions = contacts.index.suggestions().into_iter();
        all.extend(suggestions.map(|suggestion| Chosen { workspace: workspace.clone(), suggestion }));
    }
    let mut skipped: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut skip = |reason| *skipped.entry(reason).or_default() += 1;
    if !only.is_empty() {
        let known: BTreeSet<String> = all.iter().map(|chosen| chosen.suggestion.id.to_string()).collect();
        let named = ids::named(only, &known, "suggestion")?;
        all.retain(|chosen| {
            let is_named = named.contains(&chosen.suggestion.id.to_string());
            if !is_named {
                skip("skipped: not named");
            }
            is_named
        });
    } else {
        all.retain(|chosen| match reason_to_skip(&chosen.suggestion) {
            Some(reason) => {
                skip(reason);
                false
            }
            None => true,
        });
    }
    Ok(Choice { chosen: all, skipped })
}

/// Why a suggestion needs a second look, if it does.
pub fn reason_to_skip<Id: ContactId>(suggestion: &Suggestion<Id>) -> Option<&'static str> {
    match suggestion {
        _ if suggestion.is_contested() => Some("skipped: contested"),
        _ if suggestion.oversized => Some("skipped: oversized"),
        _ if !is_safely_joined(suggestion) => Some("skipped: weakly joined"),
        _ => None,
    }
}

/// Whether the members stay connected by keys that a value says itself, or by a country's rule that every one
/// of its numbers follows.
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
