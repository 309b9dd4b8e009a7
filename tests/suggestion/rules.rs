//! What may be merged without a look, and what somebody must look at.

use onefold::rules::{Judgement, ReviewReason, judge};
use onefold::{Contact, Field, Index, Normalizer, Rules};

fn named(id: u32, first: &str, last: &str) -> Contact<u32> {
    Contact::new(id).with(Field::FirstName, first).with(Field::LastName, last)
}

fn other(name: &str) -> Field {
    Field::Other(name.into())
}

/// Judges the suggestion of contact 1.
#[track_caller]
fn judged_by(index: &Index<u32>, contacts: &[Contact<u32>]) -> Judgement<u32> {
    let suggestion = index.suggestion_for(&1).expect("contact 1 is in a suggestion");
    let others = index.other_holders(&suggestion);
    let is_at_hand = |contact: &&Contact<u32>| suggestion.members.contains(&contact.id) || others.contains(&contact.id);
    let mut at_hand: Vec<Contact<u32>> = contacts.iter().filter(is_at_hand).cloned().collect();
    let judgement = judge(&suggestion, &at_hand, index);
    at_hand.reverse();
    assert_eq!(judge(&suggestion, &at_hand, index), judgement, "the order says nothing");
    judgement
}

#[track_caller]
fn judged(contacts: &[Contact<u32>]) -> Judgement<u32> {
    judged_by(&Index::build(Normalizer::new(), contacts).index, contacts)
}

#[track_caller]
fn reason(judgement: Judgement<u32>) -> ReviewReason<u32> {
    match judgement {
        Judgement::Review(reason) => reason,
        _ => panic!("it is merged"),
    }
}

#[test]
fn one_key_and_nothing_against_it_is_merged() {
    let contacts = [
        named(1, "Anna", "Muster").with_email("anna@example.com"),
        named(2, "A.", "Muster").with_email("ANNA@example.com"),
        Contact::new(3).with_email("anna@example.com"),
        Contact::new(4).with(Field::DisplayName, "anna muster").with_email("anna@example.com"),
    ];
    assert_eq!(judged(&contacts), Judgement::Merge);
    // A number with and without the ninth digit is one by the rule of its country.
    let contacts = [
        Contact::new(1).with_phone("+55 11 98765-4321"),
        Contact::new(2).with_phone("+55 11 8765-4321"),
        Contact::new(3).with_phone("+55 11 8765 4321"),
    ];
    assert_eq!(judged(&contacts), Judgement::Merge);
}

#[test]
fn a_household_is_for_review() {
    let home = "+49 30 12345678";
    let contacts = [
        named(1, "Anna", "Muster").with_phone("+49 1512 3456781").with_email("anna@example.com"),
        named(2, "Max", "Muster").with_phone("+49 1512 3456782").with_email("max@example.com"),
        named(3, "Anna und Max", "Muster").with_phone(home),
        named(4, "Max", "Muster").with_phone("+49 1512 3456782").with_phone(home),
        named(5, "Anna", "Muster").with_phone("+49 1512 3456781").with_phone(home),
    ];
    assert_eq!(reason(judged(&contacts)), ReviewReason::Names { a: 1, b: 2, field: Field::FirstName });
    // One of them and the entry for both.
    let both = [named(1, "Anna", "Muster").with_phone(home), named(2, "Anna & Max", "Muster").with_phone(home)];
    assert_eq!(reason(judged(&both)), ReviewReason::SeveralPeople { a: 1, b: 2, field: Field::FirstName });
}

#[test]
fn every_two_members_must_share_a_key() {
    let contacts = [
        Contact::new(1).with_email("a@example.com"),
        Contact::new(2).with_email("a@example.com").with_phone("+49 30 12345678"),
        Contact::new(3).with_phone("+49 30 12345678"),
    ];
    assert_eq!(reason(judged(&contacts)), ReviewReason::NoExactKey { a: 1, b: 3 });
    let tagged = [Contact::new(1).with_email("a+x@example.com"), Contact::new(2).with_email("a@example.com")];
    let index = Index::build(Normalizer::builder().plus_tags().build(), &tagged).index;
    assert_eq!(reason(judged_by(&index, &tagged)), ReviewReason::NoExactKey { a: 1, b: 2 });
}

#[test]
fn suffix_birth_date_and_identifier_tell_people_apart() {
    let one = || named(1, "Jo\u{e3}o", "Silva").with_email("joao@example.com");
    let two = |contact: Contact<u32>| [one(), contact.with_email("joao@example.com")];
    let filho = named(2, "Jo\u{e3}o", "Silva Filho");
    assert_eq!(reason(judged(&two(filho))), ReviewReason::Suffix { a: 1, b: 2, field: Field::FirstName });

    let born = |contact: Contact<u32>, date: &str| contact.with(other("Data de nascimento"), date);
    let contacts = two(named(2, "Jo\u{e3}o", "Silva"));
    let [first, second] = contacts.clone();
    assert_eq!(judged(&[born(first.clone(), "17/05/1980"), second.clone()]), Judgement::Merge);
    assert_eq!(judged(&[born(first.clone(), "17/05/1980"), born(second.clone(), "1980-05-17")]), Judgement::Merge);
    assert_eq!(
        reason(judged(&[born(first.clone(), "17/05/1980"), born(second.clone(), "1980-05-18")])),
        ReviewReason::BirthDate { a: 1, b: 2, field: other("Data de nascimento") }
    );

    let number = |contact: Contact<u32>, number: &str| contact.with(Field::Custom("customer".into()), number);
    let normalizer = || Normalizer::builder().identifier("customer").build();
    let differ = [number(first.clone(), "C-1"), number(second.clone(), "C-2")];
    let reasons = reason(judged_by(&Index::build(normalizer(), &differ).index, &differ));
    assert_eq!(reasons, ReviewReason::Identifier { a: 1, b: 2, field: Field::Custom("customer".into()) });
    assert_eq!(judged(&differ), Judgement::Merge, "nobody named it as an identifier");
    let one_sided = [number(first, "C-1"), second];
    assert_eq!(judged_by(&Index::build(normalizer(), &one_sided).index, &one_sided), Judgement::Merge);
}

#[test]
fn a_key_of_more_than_two_unlike_names_merges_nobody() {
    // Two have the number as their own; it is the extension's trunk for others, who are not linked by that.
    let desk = "+49 30 12345678";
    let weak = |id, first: &str| named(id, first, "Muster").with_phone(format!("{desk} ext. {id}"));
    let mut contacts = vec![named(1, "Anna", "").with_phone(desk), named(2, "Anna", "").with_phone(desk)];
    contacts.push(weak(3, "Max"));
    assert_eq!(judged(&contacts), Judgement::Merge, "two unlike names");
    contacts.push(weak(4, "Eva"));
    assert_eq!(reason(judged(&contacts)), ReviewReason::SharedByMany { a: 1, b: 2 });
    // Another key that they share counts.
    let shared: Vec<Contact<u32>> = contacts
        .iter()
        .map(|contact| if contact.id < 3 { contact.clone().with_email("anna@example.com") } else { contact.clone() })
        .collect();
    assert_eq!(judged(&shared), Judgement::Merge);
    // A blocked contact has no say.
    contacts[3].blocked = true;
    assert_eq!(judged(&contacts), Judgement::Merge);
}

#[test]
fn holders_that_are_marked_as_distinct_are_heard_too() {
    let contacts: Vec<Contact<u32>> = ["Anna", "Anna", "Max", "Eva"]
        .into_iter()
        .zip(1..)
        .map(|(first, id)| named(id, first, "Muster").with_phone("+49 30 12345678"))
        .collect();
    let mut index = Index::build(Normalizer::new(), &contacts).index;
    for (a, b) in [(1, 3), (2, 3), (1, 4), (2, 4)] {
        index.mark_distinct(&a, &b).expect("both are there");
    }
    let suggestion = index.suggestion_for(&1).expect("a suggestion");
    assert_eq!((suggestion.members.as_slice(), index.other_holders(&suggestion)), ([1, 2].as_slice(), vec![3, 4]));
    assert_eq!(reason(judged_by(&index, &contacts)), ReviewReason::SharedByMany { a: 1, b: 2 });
}

#[test]
fn distinct_blocked_oversized_and_unknown_members_are_for_review() {
    let contacts: Vec<Contact<u32>> = (1..=3).map(|id| Contact::new(id).with_email("a@example.com")).collect();
    let mut index = Index::build(Normalizer::new(), &contacts).index;
    let suggestion = index.suggestion_for(&1).expect("a suggestion");
    assert_eq!(reason(judge(&suggestion, &contacts[..2], &index)), ReviewReason::Missing { contact: 3 });
    let mut blocked = contacts.clone();
    blocked[1].blocked = true;
    assert_eq!(reason(judge(&suggestion, &blocked, &index)), ReviewReason::Blocked { contact: 2 });
    index.mark_distinct(&2, &3).expect("both are there");
    assert_eq!(reason(judged_by(&index, &contacts)), ReviewReason::Distinct { a: 2, b: 3 });
    let small = Index::build(Normalizer::new(), &contacts).index.with_rules(Rules::new().with_max_members(2));
    assert_eq!(reason(judged_by(&small, &contacts)), ReviewReason::Oversized { members: 3 });
}

#[test]
fn who_else_holds_a_key_must_be_at_hand() {
    let desk = |id, first: &str| named(id, first, "Muster").with_phone("+49 30 12345678");
    let contacts = [desk(1, "Anna"), desk(2, "Anna"), desk(3, "Max"), desk(4, "Eva")];
    let mut index = Index::build(Normalizer::new(), &contacts).index;
    for (a, b) in [(1, 3), (2, 3), (1, 4), (2, 4)] {
        index.mark_distinct(&a, &b).expect("both are there");
    }
    let suggestion = index.suggestion_for(&1).expect("a suggestion");
    // Without the others it would look as if the key were one person's.
    assert_eq!(reason(judge(&suggestion, &contacts[..2], &index)), ReviewReason::Missing { contact: 3 });
    assert_eq!(reason(judge(&suggestion, &contacts, &index)), ReviewReason::SharedByMany { a: 1, b: 2 });
}

#[test]
fn families_couples_and_who_belongs_to_somebody_are_for_review() {
    for (a, b) in [
        ("Анна Иванова", "Иван Иванов"),
        ("Anna", "Anna, Max"),
        ("Anna", "Anna & Max"),
        ("Anna Muster", "Anna \u{2013} Max Muster"),
        ("Anna", "Mother of Anna"),
        ("Anna", "Anna's husband"),
        ("Anna", "Anna (mum)"),
        ("Mr Muster", "Mrs Muster"),
    ] {
        let contact = |id, name: &str| Contact::new(id).with(Field::DisplayName, name).with_phone("+49 30 12345678");
        for contacts in [[contact(1, a), contact(2, b)], [contact(1, b), contact(2, a)]] {
            let reason = reason(judged(&contacts));
            assert!(
                matches!(reason, ReviewReason::Names { .. } | ReviewReason::SeveralPeople { .. }),
                "{a}, {b}: {reason:?}"
            );
        }
    }
}

#[test]
fn reasons_name_contacts_and_fields_and_no_values() {
    let contacts = [
        named(1, "canary one", "x").with_email("canary@example.com"),
        named(2, "canary two", "x").with_email("canary@example.com"),
    ];
    let reason = reason(judged(&contacts));
    assert_eq!(reason.to_string(), "contacts 1 and 2 have unlike names (first_name)");
    assert!(!format!("{reason:?}").contains("canary"));
    assert_eq!(reason.name(), "names");
}

#[test]
fn a_thousand_members_cost_little_and_more_are_for_review() {
    let contacts: Vec<Contact<u32>> =
        (1..=1_001).map(|id| named(id, "Anna", "Muster").with_email("anna@example.com")).collect();
    let rules = || Rules::new().with_unlimited_holders().with_max_members(10_000);
    let index = |count: usize| Index::build(Normalizer::new(), &contacts[..count]).index.with_rules(rules());
    assert_eq!(judged_by(&index(1_000), &contacts[..1_000]), Judgement::Merge);
    assert_eq!(reason(judged_by(&index(1_001), &contacts)), ReviewReason::Oversized { members: 1_001 });
}
