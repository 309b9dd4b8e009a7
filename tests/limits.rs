//! Every limit holds at its last value, and one more is refused in its own words.
#![cfg(feature = "serde")]

use onefold::contact::CustomType;
use onefold::merge::policy::MAX_CONTACTS_PER_MERGE;
use onefold::normalize::{MAX_EMAIL_BYTES, MAX_IDENTIFIER_BYTES, MAX_PHONE_BYTES, MAX_VALUES_PER_FIELD};
use onefold::patch::{MAX_MERGE_BYTES, MAX_MERGE_ID_BYTES};
use onefold::{
    Channel, ChannelKind, Contact, Field, Index, MergeError, MergePolicy, MergeRequest, Normalizer, Reason, Rules,
    Time, Value,
};
use onefold_workspace::{
    Act, Filter, MAX_FILTER_DEPTH, MAX_FILTER_PARTS, MAX_NAME_BYTES, MAX_SELECTED, MAX_TEXT_BYTES, MAX_WRITTEN_VALUES,
    Selection, Settings, Workspace, WorkspaceError,
};

#[test]
fn bytes_of_a_value() {
    let normalizer = Normalizer::builder().identifier("number").build();
    let reason = |outcome: Result<Vec<onefold::normalize::DerivedKey>, Reason>| outcome.err();
    // What is long and within the limit is read, and refused for what it is.
    let phone = |bytes: usize| normalizer.phone(&"12".repeat(bytes)[..bytes], None);
    assert_eq!(reason(phone(MAX_PHONE_BYTES)), Some(Reason::NoCountryCode));
    assert_eq!(reason(phone(MAX_PHONE_BYTES + 1)), Some(Reason::TooLong));
    let email = |bytes: usize| normalizer.email(&format!("{}@", "a".repeat(bytes - 1)));
    assert_eq!(reason(email(MAX_EMAIL_BYTES)), Some(Reason::Malformed));
    assert_eq!(reason(email(MAX_EMAIL_BYTES + 1)), Some(Reason::TooLong));
    let identifier = |bytes: usize| normalizer.identifier_key("number", &"1a".repeat(bytes)[..bytes]);
    assert!(identifier(MAX_IDENTIFIER_BYTES).is_ok());
    assert_eq!(identifier(MAX_IDENTIFIER_BYTES + 1).err(), Some(Reason::TooLong));
    let identity = |bytes: usize| normalizer.channel(&Channel::new(ChannelKind::Web, "web", "a".repeat(bytes)), None);
    assert!(identity(MAX_IDENTIFIER_BYTES).is_ok());
    assert_eq!(reason(identity(MAX_IDENTIFIER_BYTES + 1)), Some(Reason::TooLong));
    // The longest address that there can be, and one byte more.
    let labels = format!("{}.{}.{}", "b".repeat(63), "c".repeat(63), "d".repeat(59));
    let longest = format!("{}@{labels}.e", "a".repeat(64));
    assert_eq!(longest.len(), 254);
    assert!(
        normalizer.email(&longest[1..]).is_ok() && normalizer.email(&format!("{}@{labels}.e", "a".repeat(65))).is_err()
    );
    assert!(normalizer.email(&longest.replace("@b", "@")).is_ok());
}

#[test]
fn values_of_a_field() {
    let contact = |count: usize| {
        let values: Vec<Value> = (0..count).map(|number| format!("{number}@example.com").into()).collect();
        Contact::new(1).with(Field::Email, Value::List(values))
    };
    let found = Normalizer::new().contact(&contact(MAX_VALUES_PER_FIELD));
    assert_eq!((found.keys.len(), found.rejections.len()), (MAX_VALUES_PER_FIELD, 0));
    let found = Normalizer::new().contact(&contact(MAX_VALUES_PER_FIELD + 1));
    assert_eq!((found.keys.len(), found.rejections[0].reason), (MAX_VALUES_PER_FIELD, Reason::TooMany));
    let one_too_many = Index::build(Normalizer::new(), &[contact(MAX_VALUES_PER_FIELD + 1)]).extended;
    assert_eq!(one_too_many.rejections.len(), 1);
}

#[test]
fn contacts_of_a_merge() {
    let contacts = |count: usize| (0..count).map(Contact::new).collect::<Vec<_>>();
    let policy = MergePolicy::builder().max_contacts(MAX_CONTACTS_PER_MERGE).build().expect("the most");
    let merge = |count| policy.merge(&contacts(count), &MergeRequest::new("m"), &Normalizer::new());
    assert_eq!(merge(MAX_CONTACTS_PER_MERGE).expect("the most").retired().count(), MAX_CONTACTS_PER_MERGE - 1);
    let error = MergeError::TooMany { given: MAX_CONTACTS_PER_MERGE + 1, limit: MAX_CONTACTS_PER_MERGE };
    assert_eq!(merge(MAX_CONTACTS_PER_MERGE + 1), Err(error));
    assert!(MergePolicy::builder().max_contacts(MAX_CONTACTS_PER_MERGE + 1).build().is_err());
    for (bytes, is_ok) in [(1, true), (MAX_MERGE_ID_BYTES, true), (MAX_MERGE_ID_BYTES + 1, false), (0, false)] {
        let request = MergeRequest::new("m".repeat(bytes));
        assert_eq!(policy.merge(&contacts(2), &request, &Normalizer::new()).is_ok(), is_ok, "{bytes}");
    }
}

#[test]
fn bytes_of_a_merge() {
    let merge = |bytes: usize| {
        let contacts = [Contact::new(1), Contact::new(2).with(Field::FirstName, "x".repeat(bytes))];
        MergePolicy::new().merge(&contacts, &MergeRequest::new("m"), &Normalizer::new()).map(drop)
    };
    let Err(MergeError::TooLarge { bytes, limit }) = merge(MAX_MERGE_BYTES) else { panic!("it is too large") };
    assert_eq!(limit, MAX_MERGE_BYTES);
    let beside = bytes - MAX_MERGE_BYTES;
    assert_eq!(merge(MAX_MERGE_BYTES - beside), Ok(()));
    assert_eq!(merge(MAX_MERGE_BYTES - beside + 1), Err(MergeError::TooLarge { bytes: limit + 1, limit }));
}

/// So do the elements of a list, texts and structured ones.
#[test]
fn bytes_of_lists() {
    let bytes_of = |items: &[&str]| {
        let items: Vec<String> =
            items.iter().map(|item| format!("{item}{}", " ".repeat(MAX_MERGE_BYTES / 2))).collect();
        let json = format!("{{\"id\":2,\"notes\":[{}]}}", items.join(","));
        let contacts = [Contact::new(1), Contact::<u32>::from_json(&json).expect("a contact")];
        match MergePolicy::new().merge(&contacts, &MergeRequest::new("m"), &Normalizer::new()) {
            Err(MergeError::TooLarge { bytes, .. }) => Some(bytes),
            _ => None,
        }
    };
    let long = |byte: &str| format!("\"{}\"", byte.repeat(MAX_MERGE_BYTES));
    assert_eq!(bytes_of(&["\"a\"", "\"b\""]), None, "space between values is none of them");
    let text = bytes_of(&[&long("a")]).expect("too large");
    assert_eq!(bytes_of(&[&long("a"), "\"b\""]).expect("too large"), text + 9);
    assert!(bytes_of(&[&format!("[{}]", long("a")), "1"]).is_some(), "a structured value counts as its text");
}

/// All that a channel says counts, byte by byte.
#[test]
fn bytes_of_channels() {
    let channel = || {
        let mut channel = Channel::new(ChannelKind::Web, "account", "identity");
        channel.url = Some("https://example.com/".repeat(MAX_MERGE_BYTES / 20));
        channel.other.insert("label".into(), "1".into());
        channel
    };
    let bytes_of = |channel: Channel| {
        let contacts = [Contact::new(1), Contact::new(2).with_channel(channel)];
        match MergePolicy::new().merge(&contacts, &MergeRequest::new("m"), &Normalizer::new()) {
            Err(MergeError::TooLarge { bytes, .. }) => bytes,
            _ => panic!("it is too large"),
        }
    };
    let alter = |alter: fn(&mut Channel)| {
        let mut channel = channel();
        alter(&mut channel);
        bytes_of(channel)
    };
    let bytes = bytes_of(channel());
    assert!(bytes > MAX_MERGE_BYTES);
    assert_eq!(alter(|channel| channel.account.push('a')), bytes + 1);
    assert_eq!(alter(|channel| channel.identity.push('a')), bytes + 1);
    assert_eq!(alter(|channel| channel.url.get_or_insert_default().push('a')), bytes + 1);
    assert_eq!(alter(|channel| channel.kind = ChannelKind::Other("webs".into())), bytes + 1);
    assert_eq!(alter(|channel| drop(channel.other.insert("label".into(), "12".into()))), bytes + 1);
    assert!(alter(|channel| drop(channel.other.insert("more".into(), "1".into()))) > bytes + 4);
}

#[test]
fn members_of_a_group() {
    for (members, is_oversized) in [(50, false), (51, true)] {
        let contacts: Vec<Contact<u32>> =
            (0..members).map(|id| Contact::new(id).with_email("ada@example.com")).collect();
        let index = Index::build(Normalizer::new(), &contacts).index.with_rules(Rules::new().with_unlimited_holders());
        let suggestions = index.suggestions();
        assert_eq!((suggestions[0].members.len(), suggestions[0].oversized), (members as usize, is_oversized));
    }
    for (holders, is_common) in [(25, false), (26, true)] {
        let contacts: Vec<Contact<u32>> =
            (0..holders).map(|id| Contact::new(id).with_email("ada@example.com")).collect();
        let index = Index::build(Normalizer::new(), &contacts).index;
        assert_eq!((index.common_keys().len() == 1, index.suggestions().is_empty()), (is_common, is_common));
    }
}

#[test]
fn what_a_workspace_takes_from_users() {
    let act = Act::new(Time::from_millis(0), "somebody");
    let mut workspace = Workspace::new(Settings::new());
    for id in 0..=MAX_SELECTED {
        let _ = workspace.add(Contact::new(id), &act).expect("new");
    }
    let name = |bytes: usize| "n".repeat(bytes);
    let bad = |what| WorkspaceError::BadName { what, limit: MAX_NAME_BYTES };
    assert!(workspace.create_tag(&name(MAX_NAME_BYTES), &act).is_ok());
    assert_eq!(workspace.create_tag(&name(MAX_NAME_BYTES + 1), &act).err(), Some(bad("tag")));
    assert!(workspace.define_field(&name(MAX_NAME_BYTES), CustomType::Text, &act).is_ok());
    assert_eq!(
        workspace.define_field(&name(MAX_NAME_BYTES + 1), CustomType::Text, &act).err(),
        Some(bad("custom field"))
    );
    let filter = || Filter::Blocked(true);
    assert!(workspace.save_segment(&name(MAX_NAME_BYTES), filter(), &act).is_ok());
    assert_eq!(workspace.save_segment(&name(MAX_NAME_BYTES + 1), filter(), &act).err(), Some(bad("segment")));

    let field = Field::FirstName;
    assert!(workspace.set_field(&1, &field, "x".repeat(MAX_TEXT_BYTES).into(), &act).is_ok());
    let refused = workspace.set_field(&1, &field, "x".repeat(MAX_TEXT_BYTES + 1).into(), &act);
    assert_eq!(refused.err(), Some(WorkspaceError::DoesNotFit { field, position: 0, expected: "short enough" }));
    let emails =
        |count: usize| Value::from((0..count).map(|number| format!("{number}@example.com")).collect::<Vec<String>>());
    assert!(workspace.set_field(&1, &Field::Email, emails(MAX_WRITTEN_VALUES), &act).is_ok());
    let refused = workspace.set_field(&1, &Field::Email, emails(MAX_WRITTEN_VALUES + 1), &act);
    assert!(refused.is_err());

    let all: Vec<usize> = (0..=MAX_SELECTED).collect();
    assert!(workspace.assign_tags(&all[1..], &["vip"], &act).is_ok());
    let refused = WorkspaceError::TooManySelected { selected: MAX_SELECTED + 1, limit: MAX_SELECTED };
    assert_eq!(workspace.assign_tags(&all, &["vip"], &act).err(), Some(refused.clone()));
    assert!(workspace.export_csv(&Selection::Contacts(all[1..].to_vec()), &act).is_ok());
    assert_eq!(workspace.export_csv(&Selection::Contacts(all), &act).err(), Some(refused));

    let wide = |parts: usize| Filter::All(vec![filter(); parts - 1]);
    assert!(workspace.save_segment("wide", wide(MAX_FILTER_PARTS), &act).is_ok());
    let too_large = WorkspaceError::FilterTooLarge { max_parts: MAX_FILTER_PARTS, max_depth: MAX_FILTER_DEPTH };
    assert_eq!(workspace.save_segment("wide", wide(MAX_FILTER_PARTS + 1), &act).err(), Some(too_large.clone()));
    let deep = |depth: usize| (1..depth).fold(filter(), |inner, _| Filter::Not(Box::new(inner)));
    assert!(workspace.save_segment("deep", deep(MAX_FILTER_DEPTH), &act).is_ok());
    assert_eq!(workspace.save_segment("deep", deep(MAX_FILTER_DEPTH + 1), &act).err(), Some(too_large));
}

/// Lists in lists are made by hand only.
#[test]
fn lists_in_lists_are_refused() {
    let merge = |value: Value| {
        let contacts = [Contact::new(1), Contact::new(2).with(Field::Tags, value)];
        MergePolicy::new().merge(&contacts, &MergeRequest::new("m"), &Normalizer::new()).map(drop)
    };
    let pair = || Value::List(vec!["a".into(), "b".into()]);
    assert_eq!(merge(pair()), Ok(()));
    assert!(matches!(merge(Value::List(vec![pair()])), Err(MergeError::TooDeep { .. })));
    assert!(matches!(merge(Value::List(vec![Value::Channels(Vec::new())])), Err(MergeError::TooDeep { .. })));
}

/// Up to a thousand members every pair is looked at for the highest confidence.
#[test]
fn members_of_whom_every_pair_is_looked_at() {
    use onefold::Confidence;
    let confidence = |members: usize| {
        let keys = ["a@example.com", "b@example.com", "c@example.com"];
        // Each holds two of the three, so that any two share one, and none is everybody's.
        let contact = |id: usize| Contact::new(id).with_email(keys[id % 3]).with_email(keys[(id + 1) % 3]);
        let contacts: Vec<Contact<usize>> = (0..members).map(contact).collect();
        let rules = Rules::new().with_unlimited_holders().with_max_members(2_000);
        Index::build(Normalizer::new(), &contacts).index.with_rules(rules).suggestions()[0].confidence
    };
    assert_eq!(confidence(1_000), Confidence::High);
    assert_eq!(confidence(1_001), Confidence::Medium);
}
