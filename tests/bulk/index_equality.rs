//! A pass over contacts that are not kept finds and describes the groups that an index of all of them does.

use std::collections::BTreeMap;

use onefold::bulk::{BulkGroup, BulkGroups};
use onefold::normalize::AccountPortfolio;
use onefold::{
    Bulk, Channel, ChannelKind, Contact, Field, Index, Normalizer, Reason, Rules, Strength, Suggestion, Value,
};
use proptest::prelude::*;
use proptest::sample::select;

/// Values of which many are shared, in every way in which a value can hold a key.
fn contact(id: u32) -> impl Strategy<Value = Contact<u32>> {
    let phone = select(vec![
        "+12025550101",
        "+1 202 555 0101",
        "+12025550101;ext=7",
        "+12025550101 x7",
        "+12025550101 x8",
        "+12025550102",
        "+551196123456",
        "+5511996123456",
        "Main: +1 202 555 0101",
        "+12025550101 x7 (fax)",
        "US: 2025550101",
        "12",
    ]);
    // Of these, one may be read as the other is where values are taken as written.
    let email = select(vec![
        "12",
        "a@example.com",
        "A@example.com",
        "b@example.com",
        "b+x@example.com",
        "info@example.com",
        "n/a",
    ]);
    let channel = select(vec![
        Channel::new(ChannelKind::WhatsApp, "", "12025550101@s.whatsapp.net"),
        Channel::new(ChannelKind::Sms, "", "+12025550102"),
        Channel::new(ChannelKind::Telegram, "bot", "42"),
        Channel::new(ChannelKind::Telegram, "bot", " "),
        Channel::new(ChannelKind::WhatsApp, "wa-1", "US.1349"),
        Channel::new(ChannelKind::from_name("whatsapp_cloud"), "wa-2", "US.1349"),
        Channel::new(ChannelKind::WhatsApp, "wa-2", "@maria"),
    ]);
    let values =
        (prop::collection::vec(phone, 0..3), prop::collection::vec(email, 0..3), prop::collection::vec(channel, 0..2));
    (values, prop::bool::weighted(0.1)).prop_map(move |((phones, emails, channels), blocked)| {
        let mut contact = channels.into_iter().fold(Contact::new(id), Contact::with_channel);
        contact = phones.into_iter().fold(contact, Contact::with_phone);
        contact = emails.into_iter().fold(contact, Contact::with_email);
        contact.blocked = blocked;
        contact
    })
}

fn contacts() -> impl Strategy<Value = Vec<Contact<u32>>> {
    (0_usize..24).prop_flat_map(|n| (0..n as u32).map(contact).collect::<Vec<_>>())
}

/// The same with values in fields whose names say whose they are.
fn contacts_with_named_values() -> impl Strategy<Value = Vec<Contact<u32>>> {
    let named = (
        select(vec!["company_phone", "Main phone 2", "home_fax", "assistantEmail", "plan"]),
        select(vec!["+12025550101", "+12025550101 x7", "+12025550102", "a@example.com", "info@example.com"]),
        any::<bool>(),
    );
    (contacts(), prop::collection::vec(prop::collection::vec(named, 0..3), 24)).prop_map(|(mut contacts, all)| {
        for (contact, named) in contacts.iter_mut().zip(all) {
            for (name, value, is_custom) in named {
                let field = if is_custom { Field::Custom(name.into()) } else { Field::Other(name.into()) };
                contact.fields.insert(field, value.into());
            }
        }
        contacts
    })
}

fn described(groups: &BulkGroups, contacts: &[Contact<u32>]) -> Vec<Suggestion<u32>> {
    let of_group = |group: &[u32]| -> Vec<Suggestion<u32>> {
        let members: Vec<Contact<u32>> = group.iter().rev().map(|&number| contacts[number as usize].clone()).collect();
        let suggestions = groups.describe(None, &members);
        assert_eq!(suggestions.len(), 1, "a group is a suggestion");
        suggestions
    };
    groups.iter().flat_map(of_group).collect()
}

/// A value as a row has it.
enum Raw<'a> {
    Phone(&'a str),
    Email(&'a str),
    Channel(&'a Channel),
}

fn values(contact: &Contact<u32>) -> Vec<Raw<'_>> {
    let texts = |field| match contact.get(field) {
        Some(Value::List(texts)) => texts.as_slice(),
        _ => &[],
    };
    let channels = match contact.get(&Field::Channels) {
        Some(Value::Channels(channels)) => channels.as_slice(),
        _ => &[],
    };
    let phones = texts(&Field::Phone).iter().filter_map(Value::as_written).map(Raw::Phone);
    let emails = texts(&Field::Email).iter().filter_map(Value::as_written).map(Raw::Email);
    phones.chain(emails).chain(channels.iter().map(Raw::Channel)).collect()
}

fn normalizers() -> Vec<Normalizer> {
    vec![
        Normalizer::new(),
        Normalizer::builder().plus_tags().gmail_dots().without_variants().build(),
        Normalizer::builder().plus_tags().ignore(["b@example.com", "+12025550102", "12"]).build(),
        Normalizer::builder().as_written().build(),
    ]
}

proptest! {
    #[test]
    fn groups_keys_and_common_keys_are_those_of_an_index(
        contacts in contacts_with_named_values(),
        max_holders in select(vec![0, 2, 3, 25]),
        max_members in select(vec![2, 50]),
        strength in select(vec![Strength::Weak, Strength::Variant, Strength::Exact]),
        parts in 1_usize..4,
    ) {
        let acme = AccountPortfolio::new().portfolio("acme");
        let normalizer = Normalizer::builder().plus_tags().account_portfolio("wa-1", acme.clone()).build();
        let normalizer = normalizer.to_builder().account_portfolio("wa-2", acme).build();
        let rules = Rules::new().with_max_members(max_members).with_min_strength(strength);
        let rules = if max_holders == 0 { rules.with_unlimited_holders() } else { rules.with_max_holders(max_holders) };
        let mut bulk = Bulk::new(normalizer.clone(), rules);
        let mut rejections = Vec::new();
        for of_part in contacts.chunks(contacts.len().div_ceil(parts).max(1)) {
            let mut part = bulk.part();
            rejections.extend(of_part.iter().flat_map(|contact| part.add(None, contact)));
            bulk.append(part);
        }
        let onefold::index::Built { index, extended, .. } = Index::build(normalizer, &contacts);
        let index = index.with_rules(rules);
        let of_index: Vec<_> = extended.rejections.into_iter().map(|of_contact| of_contact.rejection).collect();
        prop_assert_eq!(rejections, of_index);
        prop_assert_eq!(bulk.len(), contacts.len());
        let groups = bulk.groups();
        prop_assert_eq!(groups.key_count(), index.key_count());
        prop_assert_eq!(described(&groups, &contacts), index.suggestions());
        for (group, suggestion) in groups.iter().zip(index.suggestions()) {
            let others = groups.other_holders(group).map(|number| contacts[number as usize].id);
            prop_assert_eq!(others.collect::<Vec<u32>>(), index.other_holders(&suggestion));
        }

        let mut common = Vec::new();
        for key in groups.common_keys() {
            let holder = &contacts[key.contact as usize];
            let keys = groups.normalizer().contact(holder).distinct();
            common.extend(keys.iter().filter_map(|key| groups.common_key(None, &key.key)));
        }
        common.sort();
        common.dedup();
        prop_assert_eq!(common, index.common_keys());
    }

    #[test]
    fn values_one_by_one_are_the_contacts_that_have_them(contacts in contacts(), normalizer in select(normalizers())) {
        let mut whole = Bulk::new(normalizer.clone(), Rules::new());
        let mut one_by_one = Bulk::new(normalizer, Rules::new());
        for contact in &contacts {
            let rejected: Vec<Reason> = whole.add(None, contact).into_iter().map(|rejection| rejection.reason).collect();
            let mut added = one_by_one.add_values(None, contact.blocked);
            let take = |value: &Raw<'_>| match value {
                Raw::Phone(raw) => added.phone(raw, None).err(),
                Raw::Email(raw) => added.email(raw).err(),
                Raw::Channel(channel) => added.channel(channel, None).err(),
            };
            let refused: Vec<Reason> = values(contact).iter().filter_map(take).collect();
            prop_assert_eq!(refused, rejected);
        }
        let (whole, one_by_one) = (whole.groups(), one_by_one.groups());
        prop_assert_eq!(one_by_one.key_count(), whole.key_count());
        prop_assert_eq!(one_by_one.iter().collect::<Vec<_>>(), whole.iter().collect::<Vec<_>>());

        let mut group = one_by_one.group();
        let mut suggestions = Vec::new();
        for members in one_by_one.iter() {
            for &number in members.iter().rev() {
                let contact = &contacts[number as usize];
                let mut member = group.add(contact.id);
                // Why a value gave no key was reported before.
                values(contact).iter().for_each(|value| {
                    let _ = match value {
                        Raw::Phone(raw) => member.phone(raw, None),
                        Raw::Email(raw) => member.email(raw),
                        Raw::Channel(channel) => member.channel(channel, None),
                    };
                });
            }
            suggestions.extend(group.take_suggestions(None));
        }
        prop_assert_eq!(suggestions, described(&whole, &contacts));
    }

    #[test]
    fn contacts_that_are_left_out_are_as_if_they_were_not_there(contacts in contacts(), left_out in 0_u32..24) {
        let mut bulk = Bulk::new(Normalizer::new(), Rules::new());
        contacts.iter().for_each(|contact| drop(bulk.add(None, contact)));
        bulk.leave_out(left_out);
        let others: Vec<Contact<u32>> = contacts.iter().filter(|contact| contact.id != left_out).cloned().collect();
        let groups = bulk.groups();
        let index = Index::build(Normalizer::new(), &others).index;
        prop_assert_eq!(groups.key_count(), index.key_count());
        prop_assert_eq!(described(&groups, &contacts), index.suggestions());
    }

    #[test]
    fn workspaces_never_meet(contacts in contacts()) {
        let mut bulk = Bulk::new(Normalizer::new(), Rules::new());
        let workspace = |contact: &Contact<u32>| [None, Some("a"), Some("b")][contact.id as usize % 3];
        let mut of_workspaces: BTreeMap<Option<&str>, Vec<Contact<u32>>> = BTreeMap::new();
        for contact in &contacts {
            bulk.add(workspace(contact), contact);
            of_workspaces.entry(workspace(contact)).or_default().push(contact.clone());
        }
        let groups = bulk.groups();
        let mut members: Vec<Vec<u32>> = groups.iter().map(<[u32]>::to_vec).collect();
        members.sort();
        let indexes = of_workspaces.values().map(|contacts| Index::build(Normalizer::new(), contacts).index);
        let mut expected: Vec<Vec<u32>> =
            indexes.flat_map(|index| index.suggestions()).map(|suggestion| suggestion.members).collect();
        expected.sort();
        prop_assert_eq!(members, expected);
    }
}

#[test]
fn one_text_as_a_phone_and_as_an_email_is_two_keys() {
    let contacts = [
        Contact::new(0).with_phone("x"),
        Contact::new(1).with_phone("x"),
        Contact::new(2).with_email("x"),
        Contact::new(3).with_channel(Channel::new(ChannelKind::Telegram, "", "x")),
    ];
    for rules in [Rules::new().with_unlimited_holders(), Rules::new().with_max_holders(2)] {
        let mut bulk = Bulk::new(Normalizer::builder().as_written().build(), rules);
        contacts.iter().for_each(|contact| drop(bulk.add(None, contact)));
        let groups = bulk.groups();
        assert_eq!((groups.key_count(), groups.members()), (2, &[0, 1][..]));
        assert_eq!(groups.common_keys(), []);
    }
}

#[test]
fn one_member_is_no_group() {
    let groups = Bulk::new(Normalizer::new(), Rules::new()).groups();
    assert_eq!(groups.describe(None, &[Contact::new("a").with_email("ada@example.com")]), []);
    assert_eq!(groups.describe::<u32>(None, &[]), []);
}

#[test]
fn of_members_with_one_id_the_first_counts() {
    let groups = Bulk::new(Normalizer::new(), Rules::new()).groups();
    let mut group = groups.group();
    let add = |group: &mut BulkGroup<'_, &'static str>, id, phone: &str, email: &str| {
        let mut member = group.add(id);
        member.phone(phone, None).and_then(|()| member.email(email)).expect("a phone and an email");
    };
    add(&mut group, "b", "+12025550101", "a@example.com");
    add(&mut group, "a", "+12025550101", "b@example.com");
    let alone = group.take_suggestions(None);
    assert_eq!((alone.len(), alone[0].evidence.len()), (1, 1));

    add(&mut group, "b", "+12025550101", "a@example.com");
    add(&mut group, "b", "+12025550102", "b@example.com");
    add(&mut group, "a", "+12025550101", "b@example.com");
    add(&mut group, "a", "+12025550102", "a@example.com");
    assert_eq!(group.take_suggestions(None), alone);
    assert_eq!(group.take_suggestions(None), [], "the members were taken");
}

#[test]
fn any_number_of_threads_finds_the_same() {
    let contacts: Vec<Contact<u32>> = (0..200_000)
        .map(|id| Contact::new(id).with_email(format!("p{}@example.com", u64::from(id) * 7_919 % 150_000)))
        .collect();
    let groups = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| {
            let mut bulk = Bulk::new(Normalizer::new(), Rules::new());
            contacts.iter().for_each(|contact| drop(bulk.add(None, contact)));
            bulk.groups().iter().map(<[u32]>::to_vec).collect::<Vec<_>>()
        })
    };
    let one = groups(1);
    assert_eq!(one.len(), 50_000);
    assert_eq!(one, groups(3));
}

#[test]
fn one_key_of_all_and_a_chain_of_all_need_no_stack() {
    let n = 300_000;
    let deep = std::thread::Builder::new().stack_size(512 * 1024).spawn(move || {
        let email = |number: u32| format!("link-{number}@example.com");
        let mut chain = Bulk::new(Normalizer::new(), Rules::new());
        let mut hub = Bulk::new(Normalizer::new(), Rules::new().with_unlimited_holders());
        for id in 0..n {
            chain.add(None, &Contact::new(id).with_email(email(id)).with_email(email(id + 1)));
            hub.add(None, &Contact::new(id).with_email("hub@example.com"));
        }
        for groups in [chain.groups(), hub.groups()] {
            assert_eq!((groups.len(), groups.members().len()), (1, n as usize));
        }
    });
    deep.expect("a thread").join().expect("no overflow");
}
