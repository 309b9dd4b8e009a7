//! What a suggestion says of its group: evidence, verdicts, bridges and confidence.

use std::collections::{BTreeSet, HashMap};

use crate::contact::ContactId;
use crate::index::{Holding, Index};
use crate::key::{Derivation, Strength};
use crate::suggestion::links::Links;
use crate::suggestion::{Confidence, Evidence, Holder, Suggestion, SuggestionId, bridges};
use crate::union_find::UnionFind;

/// The most members of which every pair is looked at for [`Confidence::High`].
const PAIRWISE_MEMBERS: usize = 1_000;

/// A key of a group, with the places of its holders among the members.
struct GroupKey<'a> {
    key: u32,
    holders: Vec<(u32, &'a Holding)>,
}

impl<Id: ContactId> Index<Id> {
    /// The suggestion of a group of two or more. O(p log p) for p postings.
    pub(super) fn describe(&self, links: Links<'_>, mut group: Vec<u32>) -> Suggestion<Id> {
        group.sort_unstable_by(|&a, &b| self.id(a).cmp(self.id(b)));
        let members: Vec<Id> = group.iter().map(|&contact| self.id(contact).clone()).collect();
        let place_of: HashMap<u32, u32> = group.iter().copied().zip(0..).collect();

        let mut keys = self.group_keys(links, &group);
        let mut found_links = Vec::new();
        keys.retain(|key| {
            let holders: Vec<u32> = key.holders.iter().map(|&(member, _)| group[member as usize]).collect();
            let of_key = bridges::certificate(links, key.key, &holders);
            found_links.extend(of_key.iter().map(|(a, b)| (place_of[a], place_of[b])));
            !of_key.is_empty()
        });

        let apart = self.apart_within(links, &group, &place_of);
        let oversized = group.len() > links.rules.max_members;
        let confidence = match apart.is_empty() && !oversized {
            true => exact_confidence(group.len(), &keys),
            false => Confidence::Low,
        };
        let evidence: Vec<Evidence<Id>> = keys.iter().map(|key| self.evidence(key, &members)).collect();
        let pair = |(a, b): (u32, u32)| (members[a as usize].clone(), members[b as usize].clone());
        Suggestion {
            id: SuggestionId::of(&members, &evidence),
            apart: apart.into_iter().map(pair).collect(),
            bridges: bridges::bridges(group.len(), found_links).into_iter().map(pair).collect(),
            members,
            evidence,
            oversized,
            confidence,
        }
    }

    /// The keys that two or more of the group hold strongly enough, in order.
    fn group_keys<'a>(&self, links: Links<'a>, group: &[u32]) -> Vec<GroupKey<'a>> {
        let mut postings: Vec<(u32, u32, &Holding)> = (0..)
            .zip(group)
            .flat_map(|(member, &contact)| links.joining(contact).map(move |holding| (holding.key, member, holding)))
            .collect();
        postings.sort_unstable_by_key(|&(key, member, _)| (key, member));
        let mut keys: Vec<GroupKey<'_>> = postings
            .chunk_by(|a, b| a.0 == b.0)
            .filter(|of_key| of_key.len() > 1)
            .map(|of_key| GroupKey {
                key: of_key[0].0,
                holders: of_key.iter().map(|&(_, member, holding)| (member, holding)).collect(),
            })
            .collect();
        keys.sort_by_cached_key(|of| self.facts.keys.key(of.key));
        keys
    }

    fn evidence(&self, key: &GroupKey<'_>, members: &[Id]) -> Evidence<Id> {
        let holders = key.holders.iter().map(|&(member, holding)| Holder {
            contact: members[member as usize].clone(),
            place: self.facts.place(holding),
            derivation: holding.derivation,
        });
        Evidence { key: self.facts.keys.key(key.key), strength: strongest_link(key), holders: holders.collect() }
    }

    /// The pairs of a group that were told apart, by their places, in order.
    fn apart_within(&self, links: Links<'_>, group: &[u32], place_of: &HashMap<u32, u32>) -> BTreeSet<(u32, u32)> {
        let mut apart = BTreeSet::new();
        for (place, &contact) in (0..).zip(group).filter(|(_, contact)| self.facts.apart.has_any(**contact)) {
            // Whichever is shorter: those it was told apart from, or the rest of the group.
            let others: Vec<u32> = match self.facts.apart.neighbour_count(contact) <= group.len() {
                true => {
                    self.facts.apart.neighbours(contact).filter_map(|other| place_of.get(&other).copied()).collect()
                }
                false => (0..).take(group.len()).collect(),
            };
            let is_later = |other: &u32| place < *other && links.is_apart(contact, group[*other as usize]);
            apart.extend(others.into_iter().filter(is_later).map(|other| (place, other)));
        }
        apart
    }
}

/// The strongest link between two holders: that of the two who hold the key most directly.
fn strongest_link(key: &GroupKey<'_>) -> Strength {
    let mut derivations: Vec<Derivation> = key.holders.iter().map(|(_, holding)| holding.derivation).collect();
    derivations.sort_unstable();
    derivations[0].link(derivations[1]).expect("a key is evidence only if it links two of its holders")
}

/// The confidence of a group in which nobody was told apart.
fn exact_confidence(members: usize, keys: &[GroupKey<'_>]) -> Confidence {
    let exact: Vec<Vec<u32>> = keys
        .iter()
        .map(|key| {
            key.holders
                .iter()
                .filter(|(_, holding)| holding.derivation == Derivation::Direct)
                .map(|&(member, _)| member)
                .collect()
        })
        .collect();
    let mut sets = UnionFind::new(members);
    for pair in exact.iter().flat_map(|holders| holders.windows(2)) {
        sets.union(pair[0], pair[1]);
    }
    if (0..).take(members).any(|member| sets.find(member) != 0) {
        return Confidence::Low;
    }
    if exact.iter().any(|holders| holders.len() == members) {
        return Confidence::High;
    }
    if members > PAIRWISE_MEMBERS {
        return Confidence::Medium;
    }
    let mut shares = vec![false; members * members];
    for holders in &exact {
        for &a in holders {
            holders.iter().for_each(|&b| shares[a as usize * members + b as usize] = true);
        }
    }
    // A member without an exact key would not have been connected, so the diagonal is set as well.
    if shares.iter().all(|&shared| shared) { Confidence::High } else { Confidence::Medium }
}
