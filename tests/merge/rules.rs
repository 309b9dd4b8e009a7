//! Each rule of a policy on a few contacts: who wins, why in words, and what got lost.
#![cfg(feature = "serde")]

use onefold::{Field, Merge, MergeError, MergePolicy, MergeRequest, Normalizer, Time, Value};
use serde_json::json;

use crate::merge_cases::{check, contacts, merge};

#[test]
fn the_survivor_comes_first_then_the_newest_then_the_smallest_id() {
    let names = |updated: [Option<u64>; 3]| {
        [0, 1, 2].map(|place| json!({"first_name": format!("N{place}"), "updated_at": updated[place]}))
    };
    let rule = "";
    check(
        rule,
        &names([None, Some(9), None]),
        "first_name",
        json!("N0"),
        "first in precedence, from contact 1",
        &[2, 3],
    );
    let mut records = names([None, Some(8), Some(9)]);
    records[0]["first_name"] = json!("");
    check(rule, &records, "first_name", json!("N2"), "first in precedence, from contact 3", &[2]);
    records[1]["updated_at"] = json!(9);
    check(rule, &records, "first_name", json!("N1"), "first in precedence, from contact 2", &[3]);
    check(
        rule,
        &[json!({"tags": []}), json!({"first_name": "B"})],
        "first_name",
        json!("B"),
        "the only value, from contact 2",
        &[],
    );
    check(
        rule,
        &[json!({"first_name": "B"}), json!({"first_name": "B"})],
        "first_name",
        json!("B"),
        "agreed, from contacts 1, 2",
        &[],
    );
    check(
        rule,
        &[json!({"first_name": null}), json!({"first_name": ""})],
        "first_name",
        json!(null),
        "nobody has a value",
        &[],
    );
    check(
        "fields.first_name = 'survivor'",
        &[json!({}), json!({"first_name": "B"})],
        "first_name",
        json!("absent"),
        "the survivor's",
        &[2],
    );
}

#[test]
fn rules_about_time_look_at_the_value_then_at_the_contact() {
    let records = [
        json!({"first_name": "A", "updated_at": 5}),
        json!({"first_name": "B", "updated_at": 1, "provenance": {"first_name": {"source": "manual", "changed_at": 9}}}),
        json!({"first_name": "C", "created_at": 3}),
        json!({"first_name": "D"}),
    ];
    check("fields.first_name = 'newest'", &records, "first_name", json!("B"), "newest, from contact 2", &[1, 3, 4]);
    check("default = 'oldest'", &records, "first_name", json!("C"), "oldest, from contact 3", &[1, 2, 4]);
    let unknown = [json!({"first_name": "A"}), json!({"first_name": "B"})];
    let why = "first in precedence, as newest decides nothing here, from contact 1";
    check("fields.first_name = 'newest'", &unknown, "first_name", json!("A"), why, &[2]);
}

#[test]
fn rules_about_the_value_itself() {
    let names = ["Al", "Alba", "Al", "Zo\u{eb}\u{301}"].map(|name| json!({"last_name": name}));
    check("fields.last_name = 'longest'", &names, "last_name", json!("Alba"), "longest, from contact 2", &[1, 3, 4]);
    check(
        "fields.last_name = 'most_common'",
        &names[1..],
        "last_name",
        json!("Alba"),
        "first in precedence, as most_common decides nothing here, from contact 1",
        &[2, 3],
    );
    let common = ["A", "B", "B"].map(|name| json!({"last_name": name}));
    check("fields.last_name = 'most_common'", &common, "last_name", json!("B"), "most common, from contact 2", &[1]);
    let complete = [json!({"language": "en", "tags": []}), json!({"language": "pt", "first_name": "B", "tags": ["x"]})];
    check(
        "fields.language = 'most_complete'",
        &complete,
        "language",
        json!("pt"),
        "of the most complete contact, from contact 2",
        &[1],
    );
    check("fields.last_name = {join = ', '}", &common, "last_name", json!("A, B"), "joined, from contacts 1, 2", &[]);
    let structured = [json!({"more": {"a": 1}}), json!({"more": {"b": [1, 2]}}), json!({"more": "a text"})];
    let first = "first in precedence, as join decides nothing here, from contact 1";
    check("other_fields.more = {join = ', '}", &structured[..2], "more", json!({"a": 1}), first, &[2]);
    let longest = "longest, from contact 2";
    check("other_fields.more = 'longest'", &structured, "more", json!({"b": [1, 2]}), longest, &[1, 3]);
    let parts = [json!({"last_name": "A, B"}), json!({"last_name": "B, C"}), json!({"last_name": "C"})];
    check("fields.last_name = {join = ', '}", &parts, "last_name", json!("A, B, C"), "joined, from contacts 1, 2", &[]);
}

#[test]
fn rules_about_where_a_value_came_from() {
    let of = |name: &str, source: &str, verified: bool| json!({"first_name": name, "provenance": {"first_name": {"source": source, "verified": verified}}});
    let records = [of("A", "import", false), of("B", "channel:sms", false), of("C", "channel:whatsapp", true)];
    let sources = "fields.first_name = {sources = ['manual', 'channel:whatsapp', 'channel']}";
    check(sources, &records, "first_name", json!("C"), "best source, from contact 3", &[1, 2]);
    check(sources, &records[..2], "first_name", json!("B"), "best source, from contact 2", &[1]);
    let none = [of("A", "import", false), of("B", "derived", false)];
    let why = "first in precedence, as sources decides nothing here, from contact 1";
    check(sources, &none, "first_name", json!("A"), why, &[2]);
    check("fields.first_name = 'verified'", &records, "first_name", json!("C"), "verified, from contact 3", &[1, 2]);
}

#[test]
fn numbers_times_and_dates() {
    let custom = |values: &[serde_json::Value]| -> Vec<_> {
        values.iter().map(|value| json!({"custom": {"n": value}})).collect()
    };
    let mixed = custom(&[json!("10"), json!(9.5), json!("many"), json!("2024-01-01")]);
    check("fields.'custom.n' = 'min'", &mixed, "custom.n", json!(9.5), "smallest, from contact 2", &[1, 3, 4]);
    check("fields.'custom.n' = 'max'", &mixed, "custom.n", json!("10"), "greatest, from contact 1", &[2, 3, 4]);
    check("fields.'custom.n' = 'sum'", &mixed, "custom.n", json!(19.5), "sum, from contacts 1, 2", &[1, 2, 3, 4]);
    let texts = custom(&[json!("0.10"), json!("0.20")]);
    check("fields.'custom.n' = 'sum'", &texts, "custom.n", json!("0.30"), "sum, from contacts 1, 2", &[1, 2]);
    let twice = custom(&[json!(3), json!(3)]);
    check("fields.'custom.n' = 'sum'", &twice, "custom.n", json!(6), "sum, from contacts 1, 2", &[1, 2]);
    let dates = custom(&[json!("2024-03-01"), json!("2024-02-29"), json!("2023-02-29")]);
    check("fields.'custom.n' = 'min'", &dates, "custom.n", json!("2024-02-29"), "smallest, from contact 2", &[1, 3]);
    let huge = custom(&[json!("79228162514264337593543950335"), json!(1)]);
    let why = "first in precedence, as sum decides nothing here, from contact 1";
    check("fields.'custom.n' = 'sum'", &huge, "custom.n", json!("79228162514264337593543950335"), why, &[2]);
    let times =
        [json!({"created_at": 9, "updated_at": 1}), json!({"created_at": "1970-01-01T00:00:00Z", "updated_at": 7})];
    check("", &times, "created_at", json!("1970-01-01T00:00:00Z"), "smallest, from contact 2", &[]);
    check("", &times, "updated_at", json!(7), "greatest, from contact 2", &[]);
}

#[test]
fn consents_and_objections_take_the_strictest() {
    let records = |name: &str, a: serde_json::Value, b: serde_json::Value| {
        [json!({"custom": {name: a}}), json!({"custom": {name: b}})]
    };
    let all = "strictest: checked only if all are, from contact 2";
    check("", &records("Opt-in", json!(true), json!(false)), "custom.Opt-in", json!(false), all, &[1]);
    check("", &records("opt_in", json!("yes"), json!("n\u{e3}o")), "custom.opt_in", json!("n\u{e3}o"), all, &[1]);
    let one = "strictest: checked if one is, from contact 2";
    check("", &records("unsubscribed", json!(false), json!(true)), "custom.unsubscribed", json!(true), one, &[1]);
    check(
        "",
        &records("opt_in", json!("monthly"), json!("yes")),
        "custom.opt_in",
        json!("monthly"),
        "first in precedence, from contact 1",
        &[2],
    );
    // A refusal and an objection count in any words.
    for no in ["no", "nee", "nej", "nicht", "declined"] {
        check("", &records("newsletter", json!("yes"), json!(no)), "custom.newsletter", json!(no), all, &[1]);
        check("", &records("newsletter", json!("monthly"), json!(no)), "custom.newsletter", json!(no), all, &[1]);
    }
    for since in ["2024-02-29", "by phone"] {
        check("", &records("unsubscribed", json!("no"), json!(since)), "custom.unsubscribed", json!(since), one, &[1]);
    }
    // So they do under another spelling of the name.
    let spelled = [json!({"custom": {"opt_in": true}}), json!({"custom": {"OptIn": false}})];
    check("", &spelled, "custom.opt_in", json!(false), all, &[1]);
    check("", &spelled, "custom.OptIn", json!(false), "the only value, from contact 2", &[]);
    let named = "fields.'custom.vip' = 'any_checked'";
    check(named, &records("vip", json!(false), json!(true)), "custom.vip", json!(true), one, &[1]);
    let off = "fields.'custom.opt_in' = 'survivor_first'";
    check(
        off,
        &records("opt_in", json!(true), json!(false)),
        "custom.opt_in",
        json!(true),
        "first in precedence, from contact 1",
        &[2],
    );
}

#[test]
fn a_derived_country_gives_way_or_is_derived_again() {
    let of = |country: &str, source: &str, phone: &str| json!({"country": country, "phones": [phone], "provenance": {"country": {"source": source}}});
    let given = [of("US", "derived", "+1 202 555 0101"), of("GB", "manual", "+1 202 555 0101")];
    check("", &given, "country", json!("GB"), "the only value, from contact 2", &[1]);
    let derived = [of("FR", "derived", "+44 20 7946 0958"), of("US", "derived", "+1 202 555 0101")];
    check("", &derived, "country", json!("GB"), "derived again from the phone", &[1, 2]);
    let unknown = [of("FR", "derived", "n/a"), of("US", "derived", "n/a")];
    check("", &unknown, "country", json!("FR"), "first in precedence, from contact 1", &[2]);
}

#[test]
fn the_survivor_is_who_the_policy_says() {
    let records = [
        json!({"created_at": 5, "first_name": "A"}),
        json!({"created_at": 3}),
        json!({"created_at": 9}),
        json!({"first_name": "D", "last_name": "D", "tags": ["x"]}),
        json!({"created_at": 3}),
    ];
    for (rule, id) in [("first_given", 1), ("oldest", 2), ("newest", 3), ("most_complete", 4)] {
        let merge = merge(&format!("survivor = '{rule}'"), &records).expect("a merge");
        assert_eq!(merge.survivor().id, id, "{rule}");
        assert_eq!(
            merge.retired().copied().collect::<Vec<_>>(),
            (1..=5).filter(|other| *other != id).collect::<Vec<_>>()
        );
    }
    let undated = [json!({}), json!({"created_at": -1})];
    for rule in ["oldest", "newest"] {
        assert_eq!(merge(&format!("survivor = '{rule}'"), &undated).expect("a merge").survivor().id, 2, "{rule}");
    }
}

#[test]
fn a_request_overrides_the_policy() {
    let contacts = contacts(&[json!({"first_name": "A", "emails": ["a@example.com"]}), json!({"first_name": "B"})]);
    let merge = |request: MergeRequest<u64>| {
        MergePolicy::new().merge(&contacts, &request, &Normalizer::new()).expect("a merge")
    };
    let name = |merge: &Merge<u64>| merge.survivor().get(&Field::FirstName).cloned();
    let set = merge(MergeRequest::new("m").set(Field::FirstName, "C"));
    assert_eq!((name(&set), set.lost.len()), (Some("C".into()), 2));
    let taken = merge(MergeRequest::new("m").take(Field::FirstName, 2).take(Field::Email, 2));
    assert_eq!((name(&taken), taken.survivor().get(&Field::Email)), (Some("B".into()), None));
    let words: Vec<_> = set.choices.iter().chain(&taken.choices).map(ToString::to_string).collect();
    assert_eq!(
        words,
        [
            "the only value, from contact 1",
            "given with the request",
            "as the request says",
            "as the request says, from contact 2"
        ]
    );
    let unset = merge(MergeRequest::new("m").set(Field::LastName, Value::Null));
    assert_eq!(unset.survivor().get(&Field::LastName), Some(&Value::Null));
    let undo = taken.patch.undo(taken.survivor(), onefold::Edits::Keep).expect("an undo");
    assert_eq!((undo.survivor, undo.retired), (contacts[0].clone(), contacts[1..].to_vec()));
}

#[test]
fn what_would_have_two_meanings_in_the_json_form_is_lost_there_and_listed() {
    let records = [
        json!({"custom": ["odd"], "provenance": "odd"}),
        json!({"custom": {"plan": "pro"}, "first_name": "B", "provenance": {"first_name": {"source": "manual", "verified": true}}}),
    ];
    let merge = merge("", &records).expect("a merge");
    let json = serde_json::to_value(merge.survivor()).expect("JSON");
    assert_eq!(json["custom"], json!({"plan": "pro"}));
    assert_eq!(json["provenance"]["first_name"]["source"], json!("manual"));
    let lost: Vec<_> = merge.lost.iter().map(|lost| (lost.contact, lost.field.to_string())).collect();
    assert_eq!(lost, [(1, "custom".to_owned()), (1, "provenance".to_owned())]);
    let undo = merge.patch.undo(merge.survivor(), onefold::Edits::Refuse).expect("an undo");
    assert_eq!(undo.survivor, contacts(&records)[0]);
}

#[test]
fn provenance_goes_with_its_value() {
    let origin =
        |source: &str, at: u64, verified: bool| json!({"source": source, "changed_at": at, "verified": verified});
    let records = [
        json!({"emails": ["a@example.com"], "provenance": {
            "emails": origin("manual", 1, true), "first_name": origin("import", 2, false)}}),
        json!({"emails": ["b@example.com"], "last_name": "B", "provenance": {
            "emails": origin("import", 5, false), "last_name": origin("manual", 3, true), "country": origin("manual", 1, true)}}),
    ];
    let merge = merge("", &records).expect("a merge");
    let kept = serde_json::to_value(merge.survivor()).expect("JSON")["provenance"].clone();
    let expected = json!({
        "emails": origin("manual", 5, false), "first_name": origin("import", 2, false), "last_name": origin("manual", 3, true),
    });
    assert_eq!(kept, expected);
}

/// A text that a request gives is no list of joined parts, though it looks like one.
#[test]
fn what_a_request_gives_holds_no_parts_of_others() {
    let contacts = contacts(&[json!({"notes": "a"}), json!({"notes": "c"})]);
    let policy: MergePolicy = toml::from_str("other_fields.notes = { join = \", \" }").expect("a policy");
    let lost = |request: MergeRequest<u64>| -> Vec<u64> {
        let merge = policy.merge(&contacts, &request, &Normalizer::new()).expect("a merge");
        merge.lost.iter().map(|lost| lost.contact).collect()
    };
    assert!(lost(MergeRequest::new("m")).is_empty());
    assert_eq!(lost(MergeRequest::new("m").set(Field::from_name("notes"), "a, c")), [1, 2]);
}

#[test]
fn a_request_sets_what_the_json_form_gives_back() {
    let contacts = contacts(&[json!({}), json!({})]);
    let set = |field: Field, value: Value| {
        let request = MergeRequest::new("m").set(field.clone(), value);
        match MergePolicy::new().merge(&contacts, &request, &Normalizer::new()) {
            Err(error) => assert_eq!(error, MergeError::Override { field }),
            Ok(_) => return true,
        }
        false
    };
    let time = || Value::from(Time::from_millis(5));
    let plan = || Field::Custom("plan".into());
    assert!(set(Field::Tags, Value::List(vec!["a".into(), "b".into()])));
    assert!(set(plan(), Value::List(vec![Value::Bool(true)])));
    assert!(!set(plan(), Value::List(vec![time()])));
    assert!(!set(plan(), Value::List(vec![Value::List(Vec::new())])));
    assert!(!set(plan(), time()));
    assert!(set(Field::CreatedAt, time()) && set(Field::CreatedAt, Value::Null));
    assert!(!set(Field::CreatedAt, "yesterday".into()));
    assert!(!set(Field::Channels, Value::List(Vec::new())));
    assert!(set(Field::Channels, Value::Channels(Vec::new())) && set(Field::Channels, Value::Null));
    assert!(!set(Field::Other("custom".into()), "x".into()));
    assert!(set(Field::Custom("custom".into()), "x".into()));
}
