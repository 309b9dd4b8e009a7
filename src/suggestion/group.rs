//! A suggestion: a group of contacts with its evidence and its confidence.

use crate::contact::ContactPair;
use crate::key::{Derivation, Strength};
use crate::suggestion::evidence::{Evidence, Holder};
use crate::suggestion::id::SuggestionId;
use crate::union_find::UnionFind;

/// A group of contacts that shared keys connect, and that are probably one person.
///
/// The suggestions of an index are disjoint, and they are ordered by their smallest member.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Suggestion<Id> {
    /// The id of the suggestion, which is the same wherever the same group has the same evidence.
    pub id: SuggestionId,
    /// All contacts of the group, in order; at least two.
    pub members: Vec<Id>,
    /// The keys that link members, in order.
    pub evidence: Vec<Evidence<Id>>,
    /// The distinct pairs of members, in order. If there is one, the group is contested: a user must check it before it
    /// is merged.
    pub distinct: Vec<ContactPair<Id>>,
    /// The pairs of members whose link is a bridge, in order: without it, the group would fall into two.
    pub bridges: Vec<ContactPair<Id>>,
    /// True if the group has more members than `max_members` of the rules allows.
    pub oversized: bool,
    /// The certainty that the members are one person.
    pub confidence: Confidence,
}

impl<Id> Suggestion<Id> {
    /// Returns true if two of the members are distinct.
    pub fn is_contested(&self) -> bool {
        !self.distinct.is_empty()
    }
}

impl<Id: Ord> Suggestion<Id> {
    /// Returns true if verified values connect the members.
    ///
    /// If they do not, a contact may have given the phone or the email of another person, and a user should check the
    /// suggestion before it is merged. [`MergePolicyBuilder::require_verified`] refuses such a merge. Cost: O(p) for p
    /// holders.
    ///
    /// [`MergePolicyBuilder::require_verified`]: crate::merge::policy::MergePolicyBuilder::require_verified
    ///
    /// ```
    /// use onefold::contact::{Provenance, Source};
    /// use onefold::{Contact, Field, Index, Normalizer};
    ///
    /// let checked = Provenance { source: Source::Manual, changed_at: None, verified: true };
    /// let mut contacts = [1, 2].map(|id| Contact::new(id).with_email("ada@example.com"));
    /// contacts[0].provenance.insert(Field::Email, checked.clone());
    /// let suggestion = Index::build(Normalizer::new(), &contacts).index.suggestion_for(&1).expect("two with one email");
    /// assert!(suggestion.evidence[0].holders[0].verified && !suggestion.is_verified());
    ///
    /// contacts[1].provenance.insert(Field::Email, checked);
    /// let suggestion = Index::build(Normalizer::new(), &contacts).index.suggestion_for(&1).expect("two with one email");
    /// assert!(suggestion.is_verified());
    /// ```
    pub fn is_verified(&self) -> bool {
        let mut sets = UnionFind::new(self.members.len());
        for evidence in &self.evidence {
            let place = |holder: &Holder<Id>| self.members.binary_search(&holder.contact).ok();
            let verified = evidence.holders.iter().filter(|holder| holder.verified);
            let verified: Vec<(u32, Derivation)> =
                verified.filter_map(|holder| Some((u32::try_from(place(holder)?).ok()?, holder.derivation))).collect();
            // The most direct holder is linked to every holder that has any link.
            let Some(&(first, derivation)) = verified.iter().min_by_key(|(_, derivation)| *derivation) else {
                continue;
            };
            for &(other, its) in verified.iter().filter(|(other, _)| *other != first) {
                if derivation.link(its).is_some_and(|strength| strength > Strength::Weak) {
                    sets.union(first, other);
                }
            }
        }
        (0..).take(self.members.len()).all(|member| sets.find(member) == 0)
    }
}

/// The certainty that the members of a suggestion are one person. `High` is the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum Confidence {
    /// The group is contested or oversized, or exact keys alone do not connect the members.
    Low,
    /// Exact keys connect the members, but some of them only through other members.
    Medium,
    /// Every two members share an exact key. In a group of more than 1,000 members, all must share the same exact key,
    /// since checking every pair would cost the square of their number.
    High,
}

impl Confidence {
    /// Returns the confidence's name in JSON and CSV: `high`, `medium` or `low`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}
