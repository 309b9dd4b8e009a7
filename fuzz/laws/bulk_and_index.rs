//! A pass in bulk, an index that was built at once and one that came to be contact by contact, with detours, give the same
//! suggestions, keys and common keys.
//!
//! An input is choices: the rules, how many parts and threads, and then each contact by its values.

use onefold::bulk::BulkGroups;
use onefold::suggestion::CommonKey;
use onefold::{Bulk, Contact, Index, Normalizer, Rules, Strength, Suggestion};

use super::choices::Choices;

const MAX: usize = 64;
const PHONES: [&str; 12] = [
    "+12025550101",
    "+1 202 555 0101",
    "+12025550101;ext=7",
    "+12025550101 x7",
    "+12025550101 x8",
    "+12025550102",
    "+551196123456",
    "+5511996123456",
    "+54 9 11 2345-6789",
    "+54 11 2345-6789",
    "12",
    "",
];
const EMAILS: [&str; 9] = [
    "a@example.com",
    "A@example.com",
    "b@example.com",
    "b+x@example.com",
    "info@example.com",
    "c.d@gmail.com",
    "cd@googlemail.com",
    "n/a",
    "a@b@c",
];

fn contact(id: u32, choices: &mut Choices<'_>) -> Contact<u32> {
    let mut contact = Contact::new(id);
    for phone in choices.several(3, |choices| choices.pick(&PHONES)) {
        contact = contact.with_phone(phone);
    }
    for email in choices.several(3, |choices| choices.pick(&EMAILS)) {
        contact = contact.with_email(email);
    }
    contact.blocked = choices.below(12) == 11;
    contact
}

fn described(groups: &BulkGroups, contacts: &[Contact<u32>]) -> Vec<Suggestion<u32>> {
    let mut all = Vec::new();
    for group in groups.iter() {
        let members: Vec<Contact<u32>> = group.iter().rev().map(|&number| contacts[number as usize].clone()).collect();
        let suggestions = groups.describe(None, &members);
        assert_eq!(suggestions.len(), 1, "a group is a suggestion");
        all.extend(suggestions);
    }
    all
}

fn common_keys(groups: &BulkGroups, contacts: &[Contact<u32>]) -> Vec<CommonKey> {
    let mut common = Vec::new();
    for key in groups.common_keys() {
        let keys = groups.normalizer().contact(&contacts[key.contact as usize]).distinct();
        common.extend(keys.iter().filter_map(|key| groups.common_key(None, &key.key)));
    }
    common.sort();
    common.dedup();
    common
}

pub fn holds(input: &[u8]) {
    let mut choices = Choices::new(input);
    let strength = choices.pick(&[Strength::Variant, Strength::Weak, Strength::Exact]);
    let rules = Rules::new().with_max_members(choices.pick(&[50, 2, 3])).with_min_strength(strength);
    let rules = match choices.below(4) {
        0 => rules.with_unlimited_holders(),
        limit => rules.with_max_holders(limit + 1),
    };
    let normalizer = match choices.below(3) {
        0 => Normalizer::new(),
        1 => Normalizer::builder().plus_tags().gmail_dots().build(),
        _ => Normalizer::builder().as_written().build(),
    };
    let (parts, step) = (1 + choices.below(3), 1 + choices.below(7));
    let mut contacts = Vec::new();
    while !choices.is_over() && contacts.len() < MAX {
        contacts.push(contact(contacts.len() as u32, &mut choices));
    }

    let mut bulk = Bulk::new(normalizer.clone(), rules);
    for of_part in contacts.chunks(contacts.len().div_ceil(parts).max(1)) {
        let mut part = bulk.part();
        of_part.iter().for_each(|contact| drop(part.add(None, contact)));
        bulk.append(part);
    }
    let groups = bulk.groups();
    let built = Index::build(normalizer.clone(), &contacts).index.with_rules(rules);

    // In another order, each with the values of another contact first; some were there before and left again.
    let mut one_by_one = Index::new(normalizer).with_rules(rules);
    let order = (0..step).flat_map(|first| (first..contacts.len()).step_by(step));
    for place in order {
        let (contact, other) = (&contacts[place], &contacts[(place * 7 + 3) % contacts.len()]);
        one_by_one.insert(&other.clone().map_id(|_| contact.id)).expect("new");
        if place % 3 == 0 {
            one_by_one.remove(&contact.id).expect("there");
            one_by_one.insert(contact).expect("new");
        } else {
            one_by_one.update(contact).expect("there");
            if contact.blocked {
                one_by_one.block(&contact.id).expect("there")
            } else {
                one_by_one.unblock(&contact.id).expect("there")
            };
        }
    }

    let expected = built.suggestions();
    assert_eq!(one_by_one.suggestions(), expected);
    assert_eq!(described(&groups, &contacts), expected);
    assert_eq!((groups.key_count(), one_by_one.key_count()), (built.key_count(), built.key_count()));
    assert_eq!(common_keys(&groups, &contacts), built.common_keys());
    assert_eq!(one_by_one.common_keys(), built.common_keys());
}
