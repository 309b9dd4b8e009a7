//! From shared keys to suggestions: contacts that keys connect are suggested as one person.
//!
//! There are three requests: all suggestions, a page of them, and the suggestion of one contact. They always agree,
//! because each derives its result from the facts of the index.

mod bridges;
mod chain;
mod components;
mod contacts_like;
mod description;
mod evidence;
mod group;
mod id;
mod links;

use std::collections::BTreeMap;

use crate::contact::{ContactId, ContactPair};
use crate::index::Index;
use crate::suggestion::components::Walk;
use crate::suggestion::links::{Judged, Links};

pub use chain::Step;
pub use contacts_like::{Alike, CommonKey, SharedKey};
pub(crate) use description::{BareHolder, BareKey, describe_bare};
pub use evidence::{Evidence, Holder};
pub use group::{Confidence, Suggestion};
pub use id::SuggestionId;

/// A page of suggestions, and the start of the next page.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Page<Id> {
    /// The suggestions, in order.
    pub suggestions: Vec<Suggestion<Id>>,
    /// The argument `after` of the next page, or `None` if there are no more suggestions.
    pub next: Option<Id>,
}

/// The number of suggestions and of the contacts in them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Counts {
    /// The number of suggestions.
    pub suggestions: usize,
    /// The number of contacts in suggestions.
    pub contacts: usize,
}

impl<Id: ContactId> Index<Id> {
    /// Returns all suggestions, ordered by their smallest member.
    ///
    /// With the feature `parallel` all cores are used; the result does not depend on their number. Cost: O(n log n + p
    /// log p) for n contacts and p postings.
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

    /// Returns the suggestion that a contact is a member of.
    ///
    /// It is `None` if no contact is linked to it, if it is blocked, or if it is not in the index. The cost is that of
    /// its group, however large the index is.
    pub fn suggestion_for(&self, id: &Id) -> Option<Suggestion<Id>> {
        let slot = self.slot(id).ok()?;
        let judged = Judged::default();
        let links = self.links(&judged);
        let group = Walk::new(links).group_of(slot);
        (group.len() > 1).then(|| self.describe(links, group))
    }

    /// Returns up to `limit` suggestions whose smallest member comes after `after`, or the first ones if `after` is
    /// `None`.
    ///
    /// `after` need not be the id of a contact. The cost is that of the groups on the page and of the contacts passed
    /// on the way; the other groups are not computed. A large group that is passed costs its size on each page.
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
        // A group is met at each of its members, but only the first meeting walks it.
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

    /// Returns the number of suggestions and of the contacts in them, without describing the groups.
    ///
    /// Cost: O(n log n + p) for n contacts and p postings.
    pub fn suggestion_counts(&self) -> Counts {
        let judged = Judged::default();
        let groups = components::all_groups(self.links(&judged));
        Counts { suggestions: groups.len(), contacts: groups.iter().map(Vec::len).sum() }
    }

    /// Returns true if two contacts are distinct: they were marked distinct, and no new key links them since.
    ///
    /// Returns false if one of the ids is not in the index. Cost: O(k log k) for the k keys of the two contacts.
    pub fn is_distinct(&self, a: &Id, b: &Id) -> bool {
        let judged = Judged::default();
        let links = self.links(&judged);
        matches!((self.slot(a), self.slot(b)), (Ok(a), Ok(b)) if links.is_distinct(a, b))
    }

    /// Returns the distinct pairs among `ids`, in order. A [`MergeRequest`](crate::MergeRequest) for these contacts needs
    /// them.
    ///
    /// A pair is left out if a new key links the two contacts since they were marked. Ids that are not in the index are
    /// skipped. Cost: O(n k) for n ids, each marked distinct from k contacts.
    pub fn distinct_among(&self, ids: &[Id]) -> Vec<ContactPair<Id>> {
        let judged = Judged::default();
        let links = self.links(&judged);
        let slots: BTreeMap<u32, &Id> = ids.iter().filter_map(|id| Some((self.slot(id).ok()?, id))).collect();
        let pairs = slots.iter().flat_map(|(&slot, &id)| {
            let others = self.facts.distinct.neighbours(slot).filter_map(|other| Some((other, *slots.get(&other)?)));
            others
                .filter(move |(other, with)| id < *with && links.is_distinct(slot, *other))
                .map(move |(_, with)| ContactPair::new(id.clone(), with.clone()))
        });
        let mut pairs: Vec<ContactPair<Id>> = pairs.collect();
        pairs.sort();
        pairs
    }

    /// Returns the contacts that `id` was ever marked distinct from, in order, even if a new key links them now.
    ///
    /// If merges were carried out with [`Index::apply_merge`], the marks of all original ids of the contacts count.
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
