//! What belongs to a firm is weak, and a fax or a pager gives no key: by the label of a value and by the name of its field.
#![cfg(feature = "serde")]

use onefold::key::Derivation;
use onefold::normalize::{Place, Rejection};
use onefold::{Contact, Field, Index, KeyKind, Normalizer, Reason, Rules, Strength, Value};

const FIRM: &str = "+44 20 7946 0958";

fn custom(name: &str) -> Field {
    Field::Custom(name.into())
}

fn index(contacts: &[Contact<u32>], strength: Strength) -> Index<u32> {
    Index::build(Normalizer::new(), contacts).index.with_rules(Rules::new().with_min_strength(strength))
}

#[test]
fn colleagues_are_joined_by_their_firm_only_where_weak_evidence_counts() {
    let contacts = [
        Contact::new(1).with(custom("company_phone"), FIRM),
        Contact::new(2).with(Field::Other("Company Main Phone".into()), Value::List(vec!["n/a".into(), FIRM.into()])),
        Contact::new(3).with_phone(FIRM),
        Contact::new(4).with_phone("Switchboard +44 20 7946 0958"),
    ];
    assert_eq!(index(&contacts, Strength::Variant).suggestions(), []);
    let weak = index(&contacts, Strength::Weak);
    let suggestions = weak.suggestions();
    assert_eq!(suggestions[0].members, [1, 2, 3, 4]);
    let evidence = &suggestions[0].evidence[0];
    assert_eq!(
        (evidence.key.kind(), evidence.key.value(), evidence.strength),
        (KeyKind::Phone, "+442079460958", Strength::Weak)
    );
    let places: Vec<&Place> = evidence.holders.iter().map(|holder| &holder.place).collect();
    let fields = [custom("company_phone"), Field::Other("Company Main Phone".into()), Field::Phone, Field::Phone];
    assert!(places.iter().zip(&fields).all(|(place, field)| place.field == *field));
    assert_eq!(places[1].position, 1);
    for (holder, contact) in evidence.holders.iter().zip(&contacts) {
        let direct = if contact.id == 3 { Derivation::Direct } else { Derivation::SharedValue };
        assert_eq!(holder.derivation, direct);
        assert!(holder.place.value_in(contact).is_some_and(|value| value.contains("0958")));
    }
    let bytes = postcard::to_stdvec(&weak).expect("bytes");
    let read: Index<u32> = postcard::from_bytes(&bytes).expect("an index");
    assert_eq!(read.suggestions(), suggestions);
    assert_eq!(weak.contacts_like(&contacts[0]).len(), 3);
}

#[test]
fn the_field_of_a_key_follows_the_contact() {
    let mut index = index(&[Contact::new(1).with(custom("company_phone"), FIRM)], Strength::Weak);
    let field = |index: &Index<u32>| index.keys_of(&1).into_iter().map(|key| key.place.field).next();
    assert_eq!(field(&index), Some(custom("company_phone")));
    index.update(&Contact::new(1).with(custom("main_phone"), FIRM)).expect("it is there");
    assert_eq!(field(&index), Some(custom("main_phone")));
    index.update(&Contact::new(1).with(custom("main_phone"), FIRM).with_phone(FIRM)).expect("it is there");
    assert_eq!(field(&index), Some(Field::Phone), "the most direct value counts");
    index.update(&Contact::new(1)).expect("it is there");
    assert_eq!(field(&index), None);
}

#[test]
fn a_firms_addresses_are_weak_too() {
    let contact = Contact::new(1)
        .with(custom("billing_email"), "ada@example.com")
        .with(custom("assistant_email"), "info@example.com")
        .with(custom("company"), "Acme");
    let keys = Normalizer::new().contact(&contact).keys;
    let found: Vec<_> = keys.iter().map(|key| (key.key.value(), key.derivation)).collect();
    assert_eq!(found, [("info@example.com", Derivation::SharedValue), ("ada@example.com", Derivation::SharedValue)]);
    assert!(keys.iter().all(|key| key.derivation.strength() == Strength::Weak));
}

#[test]
fn faxes_and_pagers_give_no_key() {
    let contact = Contact::new(1)
        .with_phone("Fax: +44 20 7946 0958")
        .with(custom("fax"), FIRM)
        .with(Field::Other("Home Fax".into()), "not a number")
        .with(Field::Other("pager".into()), FIRM);
    let found = Normalizer::new().contact(&contact);
    assert_eq!(found.keys, []);
    let reasons: Vec<(String, Reason)> =
        found.rejections.iter().map(|rejection| (rejection.place.field.to_string(), rejection.reason)).collect();
    let expected = [
        ("phones", Reason::FaxOrPager),
        ("custom.fax", Reason::FaxOrPager),
        ("Home Fax", Reason::Malformed),
        ("pager", Reason::FaxOrPager),
    ];
    assert_eq!(reasons, expected.map(|(field, reason)| (field.to_owned(), reason)));
    // Where values are keys as they stand, names of fields say nothing.
    assert_eq!(Normalizer::builder().as_written().build().contact(&contact).keys.len(), 1);
}

#[test]
fn an_identifier_that_is_named_after_a_firms_phone_is_weak() {
    let normalizer =
        Normalizer::builder().identifier("company_phone").identifier("fax").identifier("billing_id").build();
    let contact =
        Contact::new(1).with(custom("company_phone"), FIRM).with(custom("fax"), FIRM).with(custom("billing_id"), "A-7");
    let found = normalizer.contact(&contact);
    let strengths: Vec<_> = found.keys.iter().map(|key| (key.key.scope(), key.derivation.strength())).collect();
    assert_eq!(strengths, [("billing_id", Strength::Exact), ("company_phone", Strength::Weak)]);
    assert_eq!(found.rejections.iter().map(|rejection| rejection.reason).collect::<Vec<_>>(), [Reason::FaxOrPager]);
}

#[test]
fn zeros_stand_for_no_identifier() {
    let normalizer = Normalizer::builder().identifier("customer").build();
    for zeros in ["0", "0000", "0.0", "00000000-0000-0000-0000-000000000000"] {
        assert_eq!(normalizer.identifier_key("customer", zeros), Err(Reason::Placeholder), "{zeros}");
    }
    assert!(normalizer.identifier_key("customer", "100").is_ok());
    assert!(Normalizer::builder().as_written().build().identifier_key("customer", "0").is_ok());
}

#[test]
fn reasons_and_rejections_are_errors() {
    let refused = Normalizer::new().contact(&Contact::new(1).with_phone("canary"));
    let rejection: &Rejection = &refused.rejections[0];
    let error: &dyn std::error::Error = rejection;
    assert_eq!(error.to_string(), "phones 0: the value does not have the form it should");
    assert_eq!(error.source().map(ToString::to_string), Some(Reason::Malformed.to_string()));
    let boxed: Box<dyn std::error::Error + Send + Sync> = Reason::FaxOrPager.into();
    assert_eq!(boxed.to_string(), "the number is of a fax or a pager");
}
