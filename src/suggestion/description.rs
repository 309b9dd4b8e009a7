//! The description of a group: its evidence, distinct pairs, bridges and confidence.

use std::collections::{BTreeSet, HashMap};

use crate::contact::{ContactId, ContactPair};
use crate::index::{Holding, Index, Rules};
use crate::key::{Derivation, Strength};
use crate::normalize::{LentKey, Place};
use crate::suggestion::bridges;
use crate::suggestion::evidence::{Evidence, Holder};
use crate::suggestion::group::{Confidence, Suggestion};
use crate::suggestion::id::SuggestionId;
use crate::suggestion::links::Links;
use crate::union_find::UnionFind;

/// The greatest number of members with which every pair is checked for [`Confidence::High`].
const PAIRWISE_MEMBERS: usize = 1_000;

/// A key of a group, with the positions of its holders among the members.
struct GroupKey<'a> {
    key: u32,
    holders: Vec<(u32, &'a Holding)>,
}

/// A key of a group whose contacts are not in an index, with its holders in the order of the members.
pub(crate) struct BareKey<'a> {
    pub(crate) key: LentKey<'a>,
    pub(crate) holders: &'a [BareHolder<'a>],
}

/// A member of such a group that holds a key, with the value that gave it.
pub(crate) struct BareHolder<'a> {
    pub(crate) member: u32,
    pub(crate) derivation: Derivation,
    pub(crate) verified: bool,
    pub(crate) place: &'a Place,
}

/// Returns the suggestion of a group without distinct pairs, or `None` if the keys do not connect the members.
///
/// `keys` must be all the keys that members share, and each of them must link all its holders with each other.
/// `members` and `keys` must be in order. Cost: O(p log p) for p holders.
pub(crate) fn describe_bare<Id: ContactId>(
    members: Vec<Id>,
    keys: &[BareKey<'_>],
    rules: Rules,
) -> Option<Suggestion<Id>> {
    let bridges = match members.len() {
        0 | 1 => return None,
        // The one link between two members is a bridge.
        2 if keys.is_empty() => return None,
        2 => vec![(0, 1)],
        _ => bridges_if_connected(members.len(), keys)?,
    };
    let oversized = members.len() > rules.max_members;
    let direct = |key: &BareKey<'_>| {
        let direct = key.holders.iter().filter(|held| held.derivation == Derivation::Direct);
        direct.map(|held| held.member).collect::<Vec<u32>>()
    };
    let confidence = match oversized {
        true => Confidence::Low,
        // Each key has two holders here.
        false if members.len() == 2 => {
            let is_exact = |key: &BareKey<'_>| key.holders.iter().all(|held| held.derivation == Derivation::Direct);
            if keys.iter().any(is_exact) { Confidence::High } else { Confidence::Low }
        }
        false => exact_confidence(members.len(), keys.iter().map(direct)),
    };
    let evidence = keys.iter().map(|&BareKey { key, holders }| Evidence {
        key: key.key(),
        strength: strongest_link(holders.iter().map(|held| held.derivation)),
        holders: holders
            .iter()
            .map(|held| Holder {
                contact: members[held.member as usize].clone(),
                place: held.place.clone(),
                derivation: held.derivation,
                verified: held.verified,
            })
            .collect(),
    });
    let evidence: Vec<Evidence<Id>> = evidence.collect();
    let places = keys.iter().flat_map(|key| key.holders).map(|held| held.member);
    let pair = |(a, b): (u32, u32)| ContactPair::new(members[a as usize].clone(), members[b as usize].clone());
    Some(Suggestion {
        id: SuggestionId::of(&members, &evidence, places),
        distinct: Vec::new(),
        bridges: bridges.into_iter().map(pair).collect(),
        members,
        evidence,
        oversized,
        confidence,
    })
}

/// Returns the bridges of a group in which each key links all its holders with each other, or `None` if the keys do not
/// connect the members.
fn bridges_if_connected(members: usize, keys: &[BareKey<'_>]) -> Option<Vec<(u32, u32)>> {
    let mut links: Vec<(u32, u32)> = Vec::new();
    for BareKey { holders, .. } in keys {
        links.extend(holders.windows(2).map(|pair| (pair[0].member, pair[1].member)));
        if let ([first, .., last], true) = (holders, holders.len() > 2) {
            links.push((last.member, first.member));
        }
    }
    let mut sets = UnionFind::new(members);
    let joined = links.iter().filter(|&&(a, b)| sets.union(a, b)).count();
    (joined + 1 == members).then(|| bridges::bridges(members, links))
}

impl<Id: ContactId> Index<Id> {
    /// Returns the suggestion of a group of two or more contacts. Cost: O(p log p) for p postings.
    pub(crate) fn describe(&self, links: Links<'_>, mut group: Vec<u32>) -> Suggestion<Id> {
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

        let distinct = self.distinct_within(links, &group, &place_of);
        let oversized = group.len() > links.rules.max_members;
        let confidence = if distinct.is_empty() && !oversized {
            exact_confidence(group.len(), keys.iter().map(direct_holders))
        } else {
            Confidence::Low
        };
        let evidence: Vec<Evidence<Id>> = keys.iter().map(|key| self.evidence(key, &members)).collect();
        let pair = |(a, b): (u32, u32)| ContactPair::new(members[a as usize].clone(), members[b as usize].clone());
        let places = keys.iter().flat_map(|key| &key.holders).map(|&(member, _)| member);
        Suggestion {
            id: SuggestionId::of(&members, &evidence, places),
            distinct: distinct.into_iter().map(pair).collect(),
            bridges: bridges::bridges(group.len(), found_links).into_iter().map(pair).collect(),
            members,
            evidence,
            oversized,
            confidence,
        }
    }

    /// Returns the keys that two or more members hold strongly enough, in order.
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
        let holders = key.holders.iter().map(|&(member, holding)| {
            let contact = &members[member as usize];
            let slot = || self.slot(contact).expect("a member is in the index");
            Holder {
                contact: contact.clone(),
                place: self.facts.place(slot, holding),
                derivation: holding.derivation,
                verified: holding.is_verified(),
            }
        });
        Evidence {
            key: self.facts.keys.key(key.key),
            strength: strongest_link(key.holders.iter().map(|(_, holding)| holding.derivation)),
            holders: holders.collect(),
        }
    }

    /// Returns the distinct pairs of a group, by the positions of the members, in order.
    fn distinct_within(&self, links: Links<'_>, group: &[u32], place_of: &HashMap<u32, u32>) -> BTreeSet<(u32, u32)> {
        let mut distinct = BTreeSet::new();
        for (place, &contact) in (0..).zip(group).filter(|(_, contact)| self.facts.distinct.has_any(**contact)) {
            // The shorter list is checked: the contacts that this one was marked distinct from, or the members of the
            // group.
            let others: Vec<u32> = if self.facts.distinct.neighbour_count(contact) <= group.len() {
                self.facts.distinct.neighbours(contact).filter_map(|other| place_of.get(&other).copied()).collect()
            } else {
                (0..).take(group.len()).collect()
            };
            let is_later = |other: &u32| place < *other && links.is_distinct(contact, group[*other as usize]);
            distinct.extend(others.into_iter().filter(is_later).map(|other| (place, other)));
        }
        distinct
    }
}

/// Returns the strongest link between two holders, which is that of the two most direct derivations.
fn strongest_link(derivations: impl Iterator<Item = Derivation>) -> Strength {
    let most_direct = derivations.fold((None, None), |(first, second), next| match first {
        Some(first) if next >= first => (Some(first), Some(second.map_or(next, |second: Derivation| second.min(next)))),
        _ => (Some(next), first),
    });
    let link = match most_direct {
        (Some(a), Some(b)) => Derivation::link(a, b),
        _ => None,
    };
    link.expect("a key is evidence only if it links two of its holders")
}

/// Returns the members that hold a key directly, in order.
fn direct_holders(key: &GroupKey<'_>) -> Vec<u32> {
    let direct = key.holders.iter().filter(|(_, holding)| holding.derivation == Derivation::Direct);
    direct.map(|&(member, _)| member).collect()
}

/// Returns the confidence of a group without distinct pairs. `exact` has the direct holders of each key.
fn exact_confidence(members: usize, mut exact: impl Iterator<Item = Vec<u32>>) -> Confidence {
    if members == 2 {
        return if exact.any(|holders| holders.len() == 2) { Confidence::High } else { Confidence::Low };
    }
    let exact: Vec<Vec<u32>> = exact.collect();
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
    // Exact keys connect all members, so each member has one, and the diagonal is set as well.
    if shares.iter().all(|&shared| shared) { Confidence::High } else { Confidence::Medium }
}
