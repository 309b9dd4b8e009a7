//! After every operation of random sequences, every way of asking agrees with the naive finder.

use crate::naive;

use naive::{Group, Hold, Id, Naive, VALUES};
use onefold::{Confidence, Contact, Evidence, Index, Normalizer, Rules, Strength, Suggestion};
use proptest::prelude::*;

const IDS: Id = 7;

#[derive(Clone, Debug)]
enum Op {
    Insert(Id, Vec<usize>, bool),
    Update(Id, Vec<usize>),
    Remove(Id),
    Block(Id),
    Unblock(Id),
    TellApart(Id, Id),
    TellApartForever(Id, Id),
    ClearApart(Id, Id),
    Rules(Option<usize>, usize, u8),
}

fn any_op() -> impl Strategy<Value = Op> {
    let id = || 0..IDS;
    let values = || prop::collection::vec(0..VALUES.len(), 0..4);
    prop_oneof![
        5 => (id(), values(), prop::bool::weighted(0.1)).prop_map(|(id, values, blocked)| Op::Insert(id, values, blocked)),
        3 => (id(), values()).prop_map(|(id, values)| Op::Update(id, values)),
        1 => id().prop_map(Op::Remove),
        1 => id().prop_map(Op::Block),
        1 => id().prop_map(Op::Unblock),
        3 => (id(), id()).prop_map(|(a, b)| Op::TellApart(a, b)),
        1 => (id(), id()).prop_map(|(a, b)| Op::TellApartForever(a, b)),
        1 => (id(), id()).prop_map(|(a, b)| Op::ClearApart(a, b)),
        1 => (prop::option::weighted(0.7, 1..5_usize), 2..8_usize, 1..4_u8).prop_map(|(holders, members, rank)| Op::Rules(holders, members, rank)),
    ]
}

fn contact(id: Id, values: &[usize]) -> Contact<Id> {
    values.iter().fold(Contact::new(id), |contact, &value| match VALUES[value].0 {
        phone if phone.starts_with('+') => contact.with_phone(phone),
        email => contact.with_email(email),
    })
}

fn strength(rank: u8) -> Strength {
    [Strength::Weak, Strength::Variant, Strength::Exact][usize::from(rank) - 1]
}

/// Does the operation in both; both must refuse the same.
fn apply(op: &Op, index: &mut Index<Id>, naive: &mut Naive) {
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
            naive.verdicts.retain(|verdict| verdict.pair.0 != *id && verdict.pair.1 != *id);
            (index.remove(id).is_ok(), naive.contacts.remove(id).is_some())
        }
        Op::Block(id) => {
            let expected = naive.contacts.contains_key(id) && naive.blocked.insert(*id);
            (index.block(id) == Ok(true), expected)
        }
        Op::Unblock(id) => (index.unblock(id) == Ok(true), naive.blocked.remove(id)),
        Op::TellApart(a, b) | Op::TellApartForever(a, b) => {
            let expected = a != b && naive.contacts.contains_key(a) && naive.contacts.contains_key(b);
            let forever = matches!(op, Op::TellApartForever(..));
            if expected {
                naive.tell_apart(*a, *b, forever);
            }
            (if forever { index.tell_apart_forever(a, b) } else { index.tell_apart(a, b) }.is_ok(), expected)
        }
        Op::ClearApart(a, b) => {
            let before = naive.verdicts.len();
            naive.verdicts.retain(|verdict| verdict.pair != (*a.min(b), *a.max(b)));
            (index.clear_apart(a, b) == Ok(true), naive.verdicts.len() < before)
        }
        Op::Rules(holders, members, rank) => {
            (naive.max_holders, naive.max_members, naive.min_rank) = (*holders, *members, *rank);
            let rules = Rules::new().max_members(*members).min_strength(strength(*rank));
            index.set_rules(holders.map_or(rules.unlimited_holders(), |most| rules.max_holders(most)));
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
    assert_eq!(found.apart, expected.apart);
    assert_eq!(found.bridges, expected.bridges);
    assert_eq!(found.oversized, expected.oversized);
    assert_eq!(
        found.confidence,
        [Confidence::Low, Confidence::Medium, Confidence::High][usize::from(expected.confidence) - 1]
    );
}

/// Asks in every way and compares.
fn check(index: &Index<Id>, naive: &Naive) {
    let expected = naive.groups();
    let all = index.suggestions();
    assert_eq!(all.len(), expected.len());
    all.iter().zip(&expected).for_each(|(found, expected)| assert_is(found, expected));

    for most in 1..4 {
        let (mut paged, mut after) = (Vec::new(), None);
        loop {
            let page = index.suggestions_page(after.as_ref(), most);
            assert!(page.suggestions.len() <= most);
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
                assert_eq!(index.is_apart(&id, &other), naive.is_apart(id, other));
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

fn empty() -> (Index<Id>, Naive) {
    let naive = Naive {
        contacts: Default::default(),
        blocked: Default::default(),
        verdicts: Vec::new(),
        max_holders: Some(25),
        max_members: 50,
        min_rank: 2,
    };
    (Index::new(Normalizer::new()), naive)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn every_way_of_asking_agrees_after_every_operation(ops in prop::collection::vec(any_op(), 1..40)) {
        let (mut index, mut naive) = empty();
        for op in &ops {
            apply(op, &mut index, &mut naive);
            check(&index, &naive);
        }
    }

    #[test]
    fn incremental_equals_rebuilt_in_any_order(ops in prop::collection::vec(any_op(), 1..60), shuffle in any::<prop::sample::Index>()) {
        let (mut index, mut naive) = empty();
        for op in ops.iter().filter(|op| !matches!(op, Op::TellApart(..) | Op::TellApartForever(..))) {
            apply(op, &mut index, &mut naive);
        }
        let mut contacts: Vec<Contact<Id>> = naive.contacts.iter().map(|(id, values)| {
            let mut contact = contact(*id, values);
            contact.blocked = naive.blocked.contains(id);
            contact
        }).collect();
        if !contacts.is_empty() {
            let middle = shuffle.index(contacts.len());
            contacts.rotate_left(middle);
        }
        let (rebuilt, extended) = Index::build(Normalizer::new(), &contacts);
        let rebuilt = rebuilt.with_rules(index.rules());
        prop_assert_eq!(extended.inserted, contacts.len());
        prop_assert_eq!(rebuilt.suggestions(), index.suggestions());
        prop_assert_eq!(rebuilt.key_count(), index.key_count());
        for id in index.ids() {
            prop_assert_eq!(rebuilt.keys_of(id), index.keys_of(id));
        }
        #[cfg(feature = "serde")]
        prop_assert_eq!(serde_json::to_string(&rebuilt).expect("JSON"), serde_json::to_string(&index).expect("JSON"));
    }

    #[cfg(feature = "serde")]
    #[test]
    fn a_restored_index_goes_on_as_if_nothing_had_happened(ops in prop::collection::vec(any_op(), 1..30), more in prop::collection::vec(any_op(), 1..10)) {
        let (mut index, mut naive) = empty();
        ops.iter().for_each(|op| apply(op, &mut index, &mut naive));
        let bytes = serde_json::to_vec(&index).expect("JSON");
        let mut restored: Index<Id> = serde_json::from_slice(&bytes).expect("an index");
        prop_assert_eq!(serde_json::to_vec(&restored).expect("JSON"), bytes);
        let binary = postcard::to_allocvec(&index).expect("bytes");
        let from_binary: Index<Id> = postcard::from_bytes(&binary).expect("an index");
        prop_assert_eq!(postcard::to_allocvec(&from_binary).expect("bytes"), binary);
        for op in &more {
            apply(op, &mut restored, &mut naive);
            check(&restored, &naive);
        }
    }
}

#[cfg(feature = "parallel")]
#[test]
fn the_number_of_threads_changes_nothing() {
    // Pairs by email, some of them chained on by phone, and loners.
    let contacts: Vec<Contact<u32>> = (0..40_000_u32)
        .map(|id| {
            let (pair, chained) = (id - id % 2, id % 39_000);
            let contact = Contact::new(id).with_phone(format!("+1202555{chained:05}"));
            if id % 10 < 4 { contact.with_email(format!("pair-{pair}@example.com")) } else { contact }
        })
        .collect();
    let in_threads = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a thread pool");
        pool.install(|| {
            let (index, extended) = Index::build(Normalizer::new(), &contacts);
            (index.suggestions(), extended)
        })
    };
    let one = in_threads(1);
    assert!(one.0.len() > 100);
    assert!(one == in_threads(2) && one == in_threads(5));
}

#[test]
fn the_values_of_these_tests_have_the_keys_written_beside_them() {
    for (value, (text, keys)) in VALUES.iter().enumerate() {
        let mut index = Index::new(Normalizer::new());
        index.insert(&contact(0, &[value])).expect("a new id");
        let mut found: Vec<(String, bool)> = index
            .keys_of(&0)
            .iter()
            .map(|key| (key.key.value().to_owned(), key.derivation.strength() == Strength::Exact))
            .collect();
        let mut expected: Vec<(String, bool)> =
            keys.iter().map(|(key, hold)| (key.to_string(), *hold == Hold::Direct)).collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{text}");
    }
}
