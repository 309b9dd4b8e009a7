//! After every operation of random sequences, every way of asking agrees with the naive finder.

use crate::naive;

use naive::operations::{IDS, Op, apply, check, contact, empty};
use naive::{Hold, Id, VALUES};
use onefold::{Contact, Index, Normalizer, Strength};
use proptest::prelude::*;

fn any_op() -> impl Strategy<Value = Op> {
    let id = || 0..IDS;
    let values = || prop::collection::vec(0..VALUES.len(), 0..4);
    prop_oneof![
        5 => (id(), values(), prop::bool::weighted(0.1)).prop_map(|(id, values, blocked)| Op::Insert(id, values, blocked)),
        3 => (id(), values()).prop_map(|(id, values)| Op::Update(id, values)),
        1 => id().prop_map(Op::Remove),
        1 => id().prop_map(Op::Block),
        1 => id().prop_map(Op::Unblock),
        3 => (id(), id()).prop_map(|(a, b)| Op::MarkDistinct(a, b)),
        1 => (id(), id()).prop_map(|(a, b)| Op::MarkDistinctForever(a, b)),
        1 => (id(), id()).prop_map(|(a, b)| Op::ClearDistinct(a, b)),
        1 => (prop::option::weighted(0.7, 1..5_usize), 2..8_usize, 1..4_u8).prop_map(|(holders, members, rank)| Op::Rules(holders, members, rank)),
    ]
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
        for op in ops.iter().filter(|op| !matches!(op, Op::MarkDistinct(..) | Op::MarkDistinctForever(..))) {
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
        let onefold::index::Built { index: rebuilt, extended, .. } = Index::build(Normalizer::new(), &contacts);
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
            let onefold::index::Built { index, extended, .. } = Index::build(Normalizer::new(), &contacts);
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
