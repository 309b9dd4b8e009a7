//! Suggestion ids are stored by hosts: these never change. A change here is a breaking change.

use onefold::{Contact, ContactId, Index, Normalizer};

fn id_of<Id: ContactId>(ids: [Id; 3]) -> String {
    let [a, b, c] = ids;
    let contacts = [
        Contact::new(a).with_email("Ada@Example.com"),
        Contact::new(b).with_email("ada@example.com").with_phone("+1 202 555 0101"),
        Contact::new(c).with_phone("+12025550101"),
    ];
    Index::build(Normalizer::new(), &contacts).0.suggestions()[0].id.to_string()
}

#[test]
fn ids_are_the_same_on_every_machine_and_in_every_release() {
    assert_eq!(id_of([1_u64, 2, 3]), "9bc65090d4edcfa9541b51d3bf1fe55f");
    assert_eq!(id_of([1_u32, 2, 3]), "6bd600072fdd26e6f69bd7a55183b8a9");
    assert_eq!(id_of([1_u128, 2, 3]), "32d5c94291c646bbd546fb7c904535c8");
    assert_eq!(id_of([1_i16, 2, 3]), id_of([1_u16, 2, 3]));
    assert_eq!(id_of(["1", "2", "3"]), "9c63142d9905d94da4fcc3465124571b");
    assert_eq!(id_of(["1".to_owned(), "2".to_owned(), "3".to_owned()]), "9c63142d9905d94da4fcc3465124571b");
}

#[test]
fn another_member_or_another_reason_has_another_id() {
    assert_ne!(id_of([1_u64, 2, 4]), id_of([1_u64, 2, 3]));
    assert_ne!(id_of([1_u128 << 64, 2 << 64, 4 << 64]), id_of([1_u128 << 64, 2 << 64, 3 << 64]));
    assert_ne!(id_of([1_u16, 2, 4]), id_of([1_u16, 2, 3]));
    assert_ne!(id_of([1_u64, 3, 2]), id_of([1_u64, 2, 3]));
}
