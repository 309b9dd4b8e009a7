//! Contacts with all kinds of fields, empty and odd values included. The alphabets are small, so that
//! contacts share values.
#![allow(dead_code)]

use onefold::contact::WrittenTime;
use onefold::contact::{CustomState, Number, Provenance, Source};
use onefold::{Channel, ChannelKind, Contact, Field, FieldRule, MergePolicy, SurvivorRule, Time, Value};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

pub fn text() -> impl Strategy<Value = String> {
    select(vec![
        "",
        " ",
        "Ada",
        "ada",
        "A; B",
        "B",
        "a\"b\\c\u{7}",
        "\u{1f600}e\u{301}",
        "12",
        "0.5",
        "yes",
        "2024-01-01",
    ])
    .prop_map(str::to_owned)
}

pub fn phone() -> impl Strategy<Value = String> {
    select(vec![
        "+1 202 555 0101",
        "(202) 555-0101",
        "+12025550101",
        "+1 202 555 0102",
        "+1 202 555 0101 ext. 7",
        "+55 11 98765-4321",
        "+55 11 8765-4321",
        "11 98765-4321",
        "020 7946 0958",
        "+44 20 7946 0958",
        "n/a",
        "",
    ])
    .prop_map(str::to_owned)
}

pub fn email() -> impl Strategy<Value = String> {
    select(vec![
        "ada@example.com",
        "Ada@Example.com",
        "ada+x@example.com",
        "a.da@gmail.com",
        "ada@gmail.com",
        "info@example.com",
        "test@test.com",
        "Test@test.com",
        "none",
        "",
    ])
    .prop_map(str::to_owned)
}

fn number() -> impl Strategy<Value = Value> {
    select(vec!["0", "-0.0", "1", "1.50", "1e400", "12345678901234567890123", "-3"])
        .prop_map(|digits| Value::Number(Number::parse(digits).expect("a number")))
}

fn structured() -> impl Strategy<Value = Value> {
    select(vec!["{}", r#"{"b":1,"a":[{"x":null}]}"#, r#"{"a": 1e400}"#]).prop_map(|json| Value::Json(json.into()))
}

pub fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => text().prop_map(Value::Text),
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::Bool),
        1 => number(),
    ]
}

/// What a field may hold in the JSON form.
pub fn value() -> impl Strategy<Value = Value> {
    let element = prop_oneof![4 => scalar(), 1 => structured()];
    prop_oneof![4 => scalar(), 1 => structured(), 1 => vec(element, 0..4).prop_map(Value::List)]
}

fn list(item: impl Strategy<Value = String>) -> impl Strategy<Value = Value> {
    let odd = prop_oneof![Just(Value::Null), number(), structured()];
    let item = prop_oneof![9 => item.prop_map(Value::Text), 1 => odd];
    prop_oneof![9 => vec(item, 0..4).prop_map(Value::List), 1 => Just(Value::Null)]
}

fn time() -> impl Strategy<Value = Value> {
    prop_oneof![
        6 => (-2_i64..6).prop_map(|millis| Value::from(Time::from_millis(millis))),
        1 => Just(Value::Time(WrittenTime::parse("1970-01-01T02:00:00.003+02:00").expect("RFC 3339"))),
        1 => Just(Value::Null),
        1 => Just(Value::from("yesterday")),
    ]
}

fn channel() -> impl Strategy<Value = Channel> {
    let kind =
        select(vec![ChannelKind::WhatsApp, ChannelKind::Sms, ChannelKind::Web, ChannelKind::Other("line".into())]);
    let identity = select(vec!["12025550101@s.whatsapp.net", "12025550102", "(202) 555-0103", "visitor", ""]);
    let connected = option::of(select(vec!["5", "9", "\"2024-01-01T00:00:00Z\""]));
    let url = option::of(select(vec!["https://example.com/1", "https://example.com/2"]));
    let other = option::of(select(vec!["1", "\"x\"", "[{}]"]));
    (kind, select(vec!["", "main"]), identity, connected, url, other).prop_map(
        |(kind, account, identity, connected, url, other)| {
            let mut channel = Channel::new(kind, account, identity);
            channel.connected_at = connected.map(|json| match json.trim_matches('"').parse() {
                Ok(millis) => Time::from_millis(millis).into(),
                Err(_) => WrittenTime::parse(json.trim_matches('"')).expect("RFC 3339"),
            });
            channel.url = url.map(str::to_owned);
            channel.other.extend(other.map(|json| ("label".into(), json.into())));
            channel
        },
    )
}

fn provenance() -> impl Strategy<Value = Provenance> {
    let source = select(vec![Source::Manual, Source::Channel(ChannelKind::Sms), Source::Derived, Source::Import]);
    (source, option::of(0_i64..4), any::<bool>()).prop_map(|(source, changed_at, verified)| Provenance {
        source,
        changed_at: changed_at.map(Time::from_millis),
        verified,
    })
}

fn field() -> impl Strategy<Value = (Field, Value)> {
    let scalar_field = select(vec![
        Field::Assignee,
        Field::Avatar,
        Field::DisplayName,
        Field::FirstName,
        Field::Language,
        Field::LastName,
        Field::ConversationStatus,
    ]);
    let custom =
        select(vec!["plan", "visits", "opt_in", "unsubscribed", ""]).prop_map(|name| Field::Custom(name.into()));
    let other = select(vec!["notes", "custom.x", "a.b", "Region"]).prop_map(|name| Field::Other(name.into()));
    let country = select(vec!["US", "br", "GB", "", "Atlantis"]).prop_map(Value::from);
    prop_oneof![
        3 => (scalar_field, scalar()),
        1 => (Just(Field::Country), country),
        2 => (Just(Field::Email), list(email())),
        2 => (Just(Field::Phone), list(phone())),
        1 => (Just(Field::Phone), phone().prop_map(Value::Text)),
        2 => (Just(Field::Tags), list(text())),
        1 => (Just(Field::Channels), vec(channel(), 0..3).prop_map(Value::Channels)),
        1 => (Just(Field::CreatedAt), time()),
        2 => (Just(Field::UpdatedAt), time()),
        3 => (custom, value()),
        2 => (other, value()),
    ]
}

/// A contact as it could be read from its JSON form.
pub fn contact(id: u32) -> impl Strategy<Value = Contact<u32>> {
    let state = select(vec![CustomState::Absent, CustomState::Absent, CustomState::Cleared, CustomState::Present]);
    (vec((field(), option::weighted(0.3, provenance())), 0..9), prop::bool::weighted(0.1), state).prop_map(
        move |(fields, blocked, state)| {
            let mut contact = Contact::new(id);
            for ((field, value), provenance) in fields {
                // In JSON such a name would stand for a custom field there.
                if let (Some(provenance), false) = (provenance, field == Field::Other("custom.x".into())) {
                    contact.provenance.insert(field.clone(), provenance);
                }
                contact.fields.insert(field, value);
            }
            contact.blocked = blocked;
            contact.custom_state = state;
            contact
        },
    )
}

/// Two to five contacts in any order of their ids.
pub fn contacts() -> impl Strategy<Value = Vec<Contact<u32>>> {
    (contact(1), contact(2), contact(3), contact(4), contact(5), 2_usize..=5)
        .prop_map(|(a, b, c, d, e, count)| {
            let mut all = vec![a, b, c, d, e];
            all.truncate(count);
            all
        })
        .prop_shuffle()
}

/// A policy with some rule for some fields.
pub fn policy() -> impl Strategy<Value = MergePolicy> {
    let survivor =
        select(vec![SurvivorRule::FirstGiven, SurvivorRule::Oldest, SurvivorRule::Newest, SurvivorRule::MostComplete]);
    let rule = select(vec![
        FieldRule::SurvivorFirst,
        FieldRule::Survivor,
        FieldRule::Newest,
        FieldRule::Oldest,
        FieldRule::Longest,
        FieldRule::MostComplete,
        FieldRule::MostCommon,
        FieldRule::Sources(vec![Source::Manual.into(), onefold::merge::policy::SourcePattern::AnyChannel]),
        FieldRule::Verified,
        FieldRule::Min,
        FieldRule::Max,
        FieldRule::Sum,
        FieldRule::Join("; ".into()),
        FieldRule::Union,
        FieldRule::AllChecked,
        FieldRule::AnyChecked,
    ]);
    let field = select(vec![
        Field::FirstName,
        Field::Country,
        Field::Tags,
        Field::Custom("plan".into()),
        Field::Custom("visits".into()),
        Field::Other("notes".into()),
    ]);
    (survivor, vec((field, rule), 0..4)).prop_map(|(survivor, rules)| {
        // Impossible combinations are left out.
        rules.into_iter().fold(
            MergePolicy::builder().survivor(survivor).build().expect("a legal policy"),
            |policy, (field, rule)| policy.to_builder().field(field, rule).build().unwrap_or(policy),
        )
    })
}

pub fn json<Id: serde::Serialize>(contact: &Contact<Id>) -> String {
    serde_json::to_string(contact).expect("JSON")
}
