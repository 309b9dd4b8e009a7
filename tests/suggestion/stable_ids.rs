//! Suggestion ids are stored by hosts: these never change. A change here is a breaking change.
//!
//! The ids were computed by another program, from the description in `src/suggestion/id.rs`.

use std::sync::Arc;

use onefold::{Contact, ContactId, Index, Normalizer};

fn id_of<Id: ContactId>(ids: [Id; 3]) -> String {
    let [a, b, c] = ids;
    let contacts = [
        Contact::new(a).with_email("Ada@Example.com"),
        Contact::new(b).with_email("ada@example.com").with_phone("+1 202 555 0101"),
        Contact::new(c).with_phone("+12025550101"),
    ];
    Index::build(Normalizer::new(), &contacts).index.suggestions()[0].id.to_string()
}

/// An id that hashes in another way in each program.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Customer(String);

impl ContactId for Customer {
    fn canonical_bytes(&self) -> impl AsRef<[u8]> {
        self.0.canonical_bytes().as_ref().to_vec()
    }
}

#[test]
fn ids_of_integers_are_those_of_their_values_whatever_their_type() {
    let expected = "604deefb8a72c922319cdb1d66d4c815";
    let unsigned = [
        id_of([1_u8, 2, 3]),
        id_of([1_u16, 2, 3]),
        id_of([1_u32, 2, 3]),
        id_of([1_u64, 2, 3]),
        id_of([1_u128, 2, 3]),
        id_of([1_usize, 2, 3]),
    ];
    let signed = [
        id_of([1_i8, 2, 3]),
        id_of([1_i16, 2, 3]),
        id_of([1_i32, 2, 3]),
        id_of([1_i64, 2, 3]),
        id_of([1_i128, 2, 3]),
        id_of([1_isize, 2, 3]),
    ];
    assert_eq!((unsigned, signed), ([expected; 6].map(String::from), [expected; 6].map(String::from)));
    assert_eq!(id_of([-3_i8, -2, -1]), "88e3083c7afa19ead442bb70bfedcddf");
    assert_eq!(id_of([-3_i64, -2, -1]), "88e3083c7afa19ead442bb70bfedcddf");
    assert_eq!(id_of([1_u128 << 64, 2 << 64, 3 << 64]), "8e3499d25936b6a4051d591c6706d1aa");
}

#[test]
fn ids_of_texts_are_those_of_their_bytes_whatever_their_type() {
    for (texts, expected) in [
        (["1", "2", "3"], "cdc66b9f776e5675fbb389f1f5b2e0c7"),
        (["crm:1", "crm:2", "shop:\u{eb}"], "271150225e0040c0a19ab3dce1cce2a4"),
    ] {
        assert_eq!(id_of(texts), expected);
        assert_eq!(id_of(texts.map(String::from)), expected);
        assert_eq!(id_of(texts.map(Box::<str>::from)), expected);
        assert_eq!(id_of(texts.map(Arc::<str>::from)), expected);
        assert_eq!(id_of(texts.map(|text| Customer(text.to_owned()))), expected);
    }
}

#[cfg(feature = "uuid")]
#[test]
fn ids_of_uuids_are_those_of_their_bytes() {
    let first = 0x67e5_5044_10b1_426f_9247_bb68_0e5f_e0c8;
    let ids = [first, first + 1, first + 2].map(uuid::Uuid::from_u128);
    assert_eq!(id_of(ids), "c9a798edadde74a28afbc19cdf72c4e5");
}

#[test]
fn another_member_or_another_reason_has_another_id() {
    assert_ne!(id_of([1_u64, 2, 4]), id_of([1_u64, 2, 3]));
    assert_ne!(id_of([1_u128 << 64, 2 << 64, 4 << 64]), id_of([1_u128 << 64, 2 << 64, 3 << 64]));
    assert_ne!(id_of([1_u16, 2, 4]), id_of([1_u16, 2, 3]));
    assert_ne!(id_of([1_u64, 3, 2]), id_of([1_u64, 2, 3]));
    assert_ne!(id_of(["1", "2", "3"]), id_of([1_u8, 2, 3]));
}

#[test]
fn the_end_of_one_member_is_not_the_beginning_of_the_next() {
    assert_ne!(id_of(["ab", "c", "d"]), id_of(["a", "bc", "d"]));
    assert_ne!(id_of(["", "a", "b"]), id_of(["a", "b", "c"]));
}
