//! From shared keys to suggestions: contacts that keys connect are suggested as one person.
//!
//! There are three ways to ask, and they always agree: all suggestions, a page of them, and the one of a
//! contact. Each derives its answer from the facts of the index when it is asked.

mod bridges;
mod chain;
mod components;
mod contacts_like;
mod description;
mod id;
mod links;

use std::collections::BTreeMap;

use crate::contact::ContactId;
use crate::index::Index;
use crate::key::{Derivation, Key, Strength};
use crate::normalize::Place;
use crate::suggestion::components::Walk;
use crate::suggestion::links::{Judged, Links};
use crate::union_find::UnionFind;

pub use chain::Step;
pub use contacts_like::{Alike, CommonKey, SharedKey};
pub(crate) use description::{BareHolder, BareKey, describe_bare};
pub use id::SuggestionId;

/// Contacts that shared keys connect: probably one person.
///
/// The suggestions of an index are disjoint, and ordered by their smallest member.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Suggestion<Id> {
    /// The suggestion's name, the same wherever and whenever the same group is found for the same reasons.
    pub id: SuggestionId,
    /// The contacts, in order; at least two, and never cut.
    pub members: Vec<Id>,
    /// The keys that link members, in order.
    pub evidence: Vec<Evidence<Id>>,
    /// The pairs of members that were marked distinct, the smaller id first, in order. If there is one, the
    /// group is contested: somebody must look before it is merged.
    pub distinct: Vec<(Id, Id)>,
    /// The pairs of members whose link holds the group together: without it the group would be two. The
    /// smaller id first, in order.
    pub bridges: Vec<(Id, Id)>,
    /// Whether the group has more members than the rules call reasonable.
    pub oversized: bool,
    /// How sure it is that the members are one person.
    pub confidence: Confidence,
}

impl<Id> Suggestion<Id> {
    /// Whether two of the members were marked distinct.
    pub fn is_contested(&self) -> bool {
        !self.distinct.is_empty()
    }
}

impl<Id: Ord> Suggestion<Id> {
    /// Whether verified values connect the members: if not, somebody may have written the phone or the email of somebody
    /// else, and the suggestion should not be merged without a look. [`MergePolicy::require_verified`] refuses such a merge.
    /// O(p) for p holders.
    ///
    /// [`MergePolicy::require_verified`]: crate::MergePolicy::require_verified
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
            // Whoever holds the key most directly is linked to all that anybody is linked to.
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

/// A key that links members of a suggestion, and the members that hold it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Evidence<Id> {
    /// The key.
    pub key: Key,
    /// The strongest link that the key makes between two of its holders, marked distinct or not.
    pub strength: Strength,
    /// The members that hold the key strongly enough, in order; at least two.
    pub holders: Vec<Holder<Id>>,
}

/// A contact that holds a key, and the value it holds it through.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Holder<Id> {
    /// The contact.
    pub contact: Id,
    /// The value that gave the key; of several, the one that gives it most directly.
    pub place: Place,
    /// By which rule the value gave the key.
    pub derivation: Derivation,
    /// Whether the value was verified, as the contact's provenance says.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "std::ops::Not::not"))]
    pub verified: bool,
}

/// How sure it is that the members of a suggestion are one person. `High` is the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum Confidence {
    /// Exact keys alone do not connect the members, or the group is contested, or it is oversized.
    Low,
    /// Exact keys connect the members, some of them only through others.
    Medium,
    /// Every two members share an exact key. (In a group of more than 1,000 all of them must share one:
    /// to look at every pair would cost their number squared.)
    High,
}

impl Confidence {
    /// The confidence's name in JSON and CSV: `high`, `medium`, `low`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// Some of the suggestions, and where to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Page<Id> {
    /// The suggestions, in order.
    pub suggestions: Vec<Suggestion<Id>>,
    /// What to start the next page after; `None` if there is nothing more.
    pub next: Option<Id>,
}

/// How many suggestions there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Counts {
    /// The number of suggestions.
    pub suggestions: usize,
    /// The number of contacts in them.
    pub contacts: usize,
}

impl<Id: ContactId> Index<Id> {
    /// All suggestions, ordered by their smallest member. O(n + p log p) for n contacts and p postings,
    /// on all cores with the feature `parallel`; the answer does not depend on their number.
    pub fn suggestions(&self) -> Vec<Suggestion<Id>> {
        let judged = Judged::default();
        let links = self.links(&judged);
        let groups = components::all_groups(links);
        #[cfg(feature = "parallel")]
        let mut suggestions: Vec<Suggestion<Id>> = {
            use rayon::prelude::*;
            groups.into_par_iter().with_min_len(16).map(|group| self.describe(links, group)).collect()
        };
        #[cfg(not(feature = "parallel"))]
        let mut suggestions: Vec<Suggestion<Id>> =
            groups.into_iter().map(|group| self.describe(links, group)).collect();
        suggestions.sort_unstable_by(|a, b| a.members.first().cmp(&b.members.first()));
        suggestions
    }

    /// The suggestion that a contact is a member of: `None` if nobody is linked to it, if it is blocked,
    /// or if it is not in the index. Costs what its group costs, however large the index is.
    pub fn suggestion_for(&self, id: &Id) -> Option<Suggestion<Id>> {
        let slot = self.slot(id).ok()?;
        let judged = Judged::default();
        let links = self.links(&judged);
        let group = Walk::new(links).group_of(slot);
        (group.len() > 1).then(|| self.describe(links, group))
    }

    /// The next suggestions, at most `limit`, whose smallest member comes after `after`; from the first
    /// one if that is `None`. Any id will do, whether a contact has it or not. Costs what the groups on
    /// the page cost and the contacts passed on the way, without computing the rest; a large group that is
    /// passed costs its size on each page.
    ///
    /// ```
    /// use onefold::{Contact, Index, Normalizer};
    ///
    /// let mut index = Index::new(Normalizer::new());
    /// for id in 0..10 {
    ///     index.insert(&Contact::new(id).with_email(format!("pair-{}@example.com", id / 2)))?;
    /// }
    /// let page = index.suggestions_page(None, 2);
    /// assert_eq!(page.suggestions[1].members, [2, 3]);
    /// let page = index.suggestions_page(page.next.as_ref(), 2);
    /// assert_eq!(page.suggestions[0].members, [4, 5]);
    /// # Ok::<(), onefold::IndexError<u32>>(())
    /// ```
    pub fn suggestions_page(&self, after: Option<&Id>, limit: usize) -> Page<Id> {
        let judged = Judged::default();
        let links = self.links(&judged);
        let mut page = Page { suggestions: Vec::new(), next: None };
        // A group is met at each of its members; only the first meeting walks it.
        let mut walk = Walk::new(links);
        for slot in self.slots_after(after) {
            let group = walk.group_of(slot);
            // A group with a smaller member belongs to an earlier page.
            if group.len() < 2 || group.iter().any(|&member| self.id(member) < self.id(slot)) {
                continue;
            }
            if page.suggestions.len() >= limit {
                page.next = page.suggestions.last().map_or(after, |last| last.members.first()).cloned();
                break;
            }
            page.suggestions.push(self.describe(links, group));
        }
        page
    }

    /// How many suggestions there are, and how many contacts are in them, without describing them.
    /// O(n + p) for n contacts and p postings.
    pub fn suggestion_counts(&self) -> Counts {
        let judged = Judged::default();
        let groups = components::all_groups(self.links(&judged));
        Counts { suggestions: groups.len(), contacts: groups.iter().map(Vec::len).sum() }
    }

    /// Whether two contacts were marked distinct and nothing new has come up since; `false` for an id that is
    /// not in the index. O(k log k) for the keys of the two.
    pub fn is_distinct(&self, a: &Id, b: &Id) -> bool {
        let judged = Judged::default();
        let links = self.links(&judged);
        matches!((self.slot(a), self.slot(b)), (Ok(a), Ok(b)) if links.is_distinct(a, b))
    }

    /// The pairs of `ids` that were marked distinct and of which nothing new has come up since, the smaller id
    /// first, in order: what a merge of them must be told. Ids that are not in the index are passed over.
    /// O(n k) for n ids, each marked distinct from k contacts.
    pub fn distinct_among(&self, ids: &[Id]) -> Vec<(Id, Id)> {
        let judged = Judged::default();
        let links = self.links(&judged);
        let slots: BTreeMap<u32, &Id> = ids.iter().filter_map(|id| Some((self.slot(id).ok()?, id))).collect();
        let pairs = slots.iter().flat_map(|(&slot, &id)| {
            let others = self.facts.distinct.neighbours(slot).filter_map(|other| Some((other, *slots.get(&other)?)));
            others
                .filter(move |(other, with)| id < *with && links.is_distinct(slot, *other))
                .map(move |(_, with)| (id, with))
        });
        let mut pairs: Vec<(Id, Id)> = pairs.map(|(a, b)| (a.clone(), b.clone())).collect();
        pairs.sort();
        pairs
    }

    /// The contacts that `id` was ever marked distinct from, in order, whatever has come up since; with all that the two are made
    /// of, if merges were carried out with [`Index::apply_merge`].
    pub fn distinct_from(&self, id: &Id) -> Vec<Id> {
        let slots = self.slot(id).into_iter().flat_map(|slot| self.facts.distinct.neighbours(slot));
        let mut others: Vec<Id> = slots.map(|slot| self.id(slot).clone()).collect();
        others.sort();
        others
    }

    fn links<'a>(&'a self, judged: &'a Judged) -> Links<'a> {
        Links::new(&self.facts, self.rules(), judged)
    }
}
