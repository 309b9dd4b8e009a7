//! Sequences of operations on an index, done in the index and by the naive finder, and all answers compared.

use onefold::contact::ContactPair;
use onefold::{Confidence, Contact, Evidence, Index, Normalizer, Rules, Strength, Suggestion};

use super::{Group, Id, Naive, VALUES};

pub const IDS: Id = 7;

#[derive(Clone, Debug)]
pub enum Op {
    Insert(Id, Vec<usize>, bool),
    Update(Id, Vec<usize>),
    Remove(Id),
    Block(Id),
    Unblock(Id),
    MarkDistinct(Id, Id),
    MarkDistinctForever(Id, Id),
    ClearDistinct(Id, Id),
    Rules(Option<usize>, usize, u8),
}

pub fn contact(id: Id, values: &[usize]) -> Contact<Id> {
    values.iter().fold(Contact::new(id), |contact, &value| match VALUES[value].0 {
        phone if phone.starts_with('+') => contact.with_phone(phone),
        email => contact.with_email(email),
    })
}

pub fn strength(rank: u8) -> Strength {
    [Strength::Weak, Strength::Variant, Strength::Exact][usize::from(rank) - 1]
}

/// Does the operation in both; both must refuse the same.
pub fn apply(op: &Op, index: &mut Index<Id>, naive: &mut Naive) {
    let (done, expected) = match op {
        Op::Insert(id, values, blocked) => {
            let mut contact = contact(*id, values);
            contact.blocked = *blocked;
            let expected = !naive.contacts.contains_key(id);
            if expected {
                naive.contacts.insert(*id, values.clone());
                if *blocked {
                    naive.blocked.insert(*id);
                }
            }
            (index.insert(&contact).map(|inserted| assert_eq!(inserted.rejections, [])).is_ok(), expected)
        }
        Op::Update(id, values) => {
            let expected = naive.contacts.contains_key(id);
            if expected {
                naive.contacts.insert(*id, values.clone());
            }
            (index.update(&contact(*id, values)).is_ok(), expected)
        }
        Op::Remove(id) => {
            naive.blocked.remove(id);
            naive.distinct_pairs.retain(|mark| mark.pair.0 != *id && mark.pair.1 != *id);
            (index.remove(id).is_ok(), naive.contacts.remove(id).is_some())
        }
        Op::Block(id) => {
            let expected = naive.contacts.contains_key(id) && naive.blocked.insert(*id);
            (index.block(id) == Ok(true), expected)
        }
        Op::Unblock(id) => (index.unblock(id) == Ok(true), naive.blocked.remove(id)),
        Op::MarkDistinct(a, b) | Op::MarkDistinctForever(a, b) => {
            let expected = a != b && naive.contacts.contains_key(a) && naive.contacts.contains_key(b);
            let forever = matches!(op, Op::MarkDistinctForever(..));
            if expected {
                naive.mark_distinct(*a, *b, forever);
            }
            (if forever { index.mark_distinct_forever(a, b) } else { index.mark_distinct(a, b) }.is_ok(), expected)
        }
        Op::ClearDistinct(a, b) => {
            let before = naive.distinct_pairs.len();
            naive.distinct_pairs.retain(|mark| mark.pair != (*a.min(b), *a.max(b)));
            (index.clear_distinct(a, b) == Ok(true), naive.distinct_pairs.len() < before)
        }
        Op::Rules(holders, members, rank) => {
            (naive.max_holders, naive.max_members, naive.min_rank) = (*holders, *members, *rank);
            let rules = Rules::new().with_max_members(*members).with_min_strength(strength(*rank));
            index.set_rules(holders.map_or(rules.with_unlimited_holders(), |limit| rules.with_max_holders(limit)));
            (true, true)
        }
    };
    assert_eq!(done, expected, "{op:?}");
}

fn assert_is(found: &Suggestion<Id>, expected: &Group) {
    assert_eq!(found.members, expected.members);
    let evidence = |part: &Evidence<Id>| {
        (
            part.key.value().to_owned(),
            part.strength,
            part.holders.iter().map(|holder| holder.contact).collect::<Vec<_>>(),
        )
    };
    let found_evidence: Vec<_> = found.evidence.iter().map(evidence).collect();
    let expected_evidence: Vec<_> = expected
        .evidence
        .iter()
        .map(|(key, rank, holders)| (key.to_string(), strength(*rank), holders.clone()))
        .collect();
    assert_eq!(found_evidence, expected_evidence);
    let pairs = |of: &[(Id, Id)]| -> Vec<ContactPair<Id>> { of.iter().map(|&(a, b)| ContactPair::new(a, b)).collect() };
    assert_eq!(found.distinct, pairs(&expected.distinct));
    assert_eq!(found.bridges, pairs(&expected.bridges));
    assert_eq!(found.oversized, expected.oversized);
    assert_eq!(
        found.confidence,
        [Confidence::Low, Confidence::Medium, Confidence::High][usize::from(expected.confidence) - 1]
    );
}

/// Asks in every way and compares.
pub fn check(index: &Index<Id>, naive: &Naive) {
    let expected = naive.groups();
    let all = index.suggestions();
    assert_eq!(all.len(), expected.len());
    all.iter().zip(&expected).for_each(|(found, expected)| assert_is(found, expected));

    for limit in 1..4 {
        let (mut paged, mut after) = (Vec::new(), None);
        loop {
            let page = index.suggestions_page(after.as_ref(), limit);
            assert!(page.suggestions.len() <= limit);
            assert!(after.is_none() || !page.suggestions.is_empty(), "there is no empty page behind another");
            paged.extend(page.suggestions);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(paged, all);
    }
    let counts = index.suggestion_counts();
    assert_eq!(
        (counts.suggestions, counts.contacts),
        (all.len(), all.iter().map(|suggestion| suggestion.members.len()).sum())
    );

    for id in 0..IDS {
        assert_eq!(index.suggestion_for(&id).as_ref(), all.iter().find(|suggestion| suggestion.members.contains(&id)));
        let active = naive.active().contains(&id);
        let distances = if active { naive.distances(id) } else { Default::default() };
        for other in (0..IDS).filter(|other| *other != id) {
            if naive.contacts.contains_key(&id) && naive.contacts.contains_key(&other) {
                assert_eq!(index.is_distinct(&id, &other), naive.is_distinct(id, other));
            }
            let why = index.why(&id, &other);
            assert_eq!(why.as_ref().map(Vec::len), distances.get(&other).copied(), "why {id} {other}");
            let mut at = id;
            for step in why.iter().flatten() {
                assert_eq!(step.from, at);
                assert!(naive.edge(step.from, step.to).is_some());
                assert_eq!(naive.key_link(step.key.value(), step.from, step.to).map(strength), Some(step.strength));
                at = step.to;
            }
            assert!(why.is_none() || at == other);
        }
    }

    let common: Vec<(String, usize)> =
        index.common_keys().iter().map(|common| (common.key.value().to_owned(), common.holders)).collect();
    let mut expected_common: Vec<(String, usize)> =
        naive.common_keys().into_iter().map(|(key, holders)| (key.to_owned(), holders)).collect();
    expected_common.sort_by_key(|(key, _)| (key.starts_with('+'), key.clone()));
    assert_eq!(common, expected_common);

    for asked in 0..VALUES.len() {
        let values = [asked, (asked + 5) % VALUES.len()];
        for (found, ids, skip_common) in [
            (index.contacts_like(&contact(3, &values)), naive.active(), true),
            (index.matches_blocked(&contact(3, &values)), naive.blocked.iter().copied().collect(), false),
        ] {
            let found: Vec<_> = found
                .iter()
                .map(|alike| {
                    (
                        alike.contact,
                        alike
                            .shared
                            .iter()
                            .map(|shared| (shared.key.value().to_owned(), shared.strength))
                            .collect::<Vec<_>>(),
                    )
                })
                .collect();
            let expected: Vec<_> = naive
                .alike(3, &values, &ids, skip_common)
                .into_iter()
                .map(|(id, shared)| {
                    (id, shared.into_iter().map(|(key, rank)| (key.to_owned(), strength(rank))).collect::<Vec<_>>())
                })
                .collect();
            assert_eq!(found, expected);
        }
    }
}

pub fn empty() -> (Index<Id>, Naive) {
    let naive = Naive {
        contacts: Default::default(),
        blocked: Default::default(),
        distinct_pairs: Vec::new(),
        max_holders: Some(25),
        max_members: 50,
        min_rank: 2,
    };
    (Index::new(Normalizer::new()), naive)
}
