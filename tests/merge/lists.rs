//! Lists, phones and channels in a merge: how they unite, and what got lost.
#![cfg(feature = "serde")]

use onefold::{Contact, Field, MergePolicy, MergeRequest, Normalizer, Value};
use serde_json::json;

use crate::merge_cases::{check, contacts, merge};

#[test]
fn lists_unite_and_equal_keys_are_one() {
    let emails =
        [json!({"emails": ["a@example.com", "b@example.com"]}), json!({"emails": ["B@Example.com", "c@example.com"]})];
    check(
        "",
        &emails,
        "emails",
        json!(["a@example.com", "b@example.com", "c@example.com"]),
        "united, from contacts 1, 2",
        &[2],
    );
    let phones =
        [json!({"phones": ["+1 202 555 0101"]}), json!({"phones": ["+1 (202) 555-0101", "+1 202 555 0101 x7"]})];
    check("", &phones, "phones", json!(["+1 202 555 0101", "+1 202 555 0101 x7"]), "united, from contacts 1, 2", &[2]);
    let tags = [json!({"tags": ["a"]}), json!({"tags": ["A", "a"], "updated_at": 1}), json!({"tags": null})];
    check("", &tags, "tags", json!(["a", "A"]), "united, from contacts 1, 2", &[]);
    check("fields.tags = 'newest'", &tags, "tags", json!(["A", "a"]), "newest, from contact 2", &[]);
    check("fields.tags = 'survivor'", &tags, "tags", json!(["a"]), "the survivor's, from contact 1", &[2]);
    let lists = [json!({"notes": ["x"]}), json!({"notes": "y"}), json!({"notes": ["x", {"z": 1}]})];
    check("", &lists, "notes", json!(["x", "y", {"z": 1}]), "united, from contacts 1, 2, 3", &[]);
}

#[test]
fn channels_unite_by_who_one_is_there_since_the_earliest() {
    let channel = |at: u64, url: Option<&str>| json!({"kind": "sms", "account": "main", "identity": "+12025550101", "connected_at": at, "url": url});
    let records = [
        json!({"channels": [channel(9, None)]}),
        json!({"channels": [channel(5, Some("https://example.com/1")), {"kind": "web", "account": "", "identity": "v"}]}),
        json!({"channels": [channel(7, Some("https://example.com/2"))]}),
    ];
    let merge = merge("", &records).expect("a merge");
    let [sms, web] = merge.survivor().channels() else { panic!("two channels") };
    assert_eq!(
        (sms.connected_at.as_ref().map(|at| at.time().millis()), sms.url.as_deref()),
        (Some(5), Some("https://example.com/1"))
    );
    assert_eq!(web.identity, "v");
    let lost: Vec<_> = merge.lost.iter().map(|lost| (lost.contact, &lost.value)).collect();
    assert_eq!(lost, [(3, &Value::Channels(contacts(&records)[2].channels().to_vec()))]);
}

/// What a host keeps beside a channel: the first one's stays, what others say more is taken over, what differs is listed.
#[test]
fn what_else_is_known_of_a_channel_unites_too() {
    let channel = |other: [(&str, u32); 2]| json!({"kind": "web", "account": "", "identity": "v", other[0].0: other[0].1, other[1].0: other[1].1});
    let records = [[("a", 1), ("b", 2)], [("b", 2), ("c", 3)], [("a", 9), ("b", 2)], [("b", 9), ("c", 3)]]
        .map(|other| json!({"channels": [channel(other)]}));
    let merge = merge("", &records).expect("a merge");
    let [united] = merge.survivor().channels() else { panic!("one channel") };
    let other: Vec<(&str, &str)> = united.other.iter().map(|(name, json)| (&**name, &**json)).collect();
    assert_eq!(other, [("a", "1"), ("b", "2"), ("c", "3")]);
    assert_eq!(merge.lost.iter().map(|lost| lost.contact).collect::<Vec<_>>(), [3, 4]);
}

#[test]
fn a_national_number_keeps_its_country() {
    let contacts = contacts(&[
        json!({"country": "US", "phones": ["(202) 555-0101"]}),
        json!({"country": "GB", "phones": ["(020) 7946 0958", "(202) 555-0101", "+44 20 7946 0000"]}),
    ]);
    let normalizer = Normalizer::builder().region_from_country().build();
    let merge = MergePolicy::new().merge(&contacts, &MergeRequest::new("m"), &normalizer).expect("a merge");
    assert_eq!(merge.survivor().phones().collect::<Vec<_>>(), ["(202) 555-0101", "+442079460958", "+44 20 7946 0000"]);
    let lost: Vec<_> = merge.lost.iter().filter_map(|lost| lost.value.as_text()).collect();
    assert_eq!(lost, ["GB", "(020) 7946 0958"]);
}

#[test]
fn the_same_text_in_two_countries_is_two_numbers() {
    let normalizer = Normalizer::builder().region_from_country().build();
    let merge = |records: &[serde_json::Value]| {
        MergePolicy::new().merge(&contacts(records), &MergeRequest::new("m"), &normalizer).expect("a merge")
    };
    let phones = |a: &str, b: &str| {
        let merge = merge(&[json!({"country": "US", "phones": [a]}), json!({"country": "BR", "phones": [b]})]);
        merge.survivor().phones().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(phones("11 98765-4321", "11 98765-4321"), ["11 98765-4321", "+5511987654321"]);
    assert_eq!(phones("11-98765-4321", "11 98765-4321"), ["11-98765-4321", "+5511987654321"]);
    // The last digits alone make nobody the same.
    assert_eq!(phones("+12025550101", "+13035550101"), ["+12025550101", "+13035550101"]);
    // Where both read it alike, it is one.
    assert_eq!(phones("+55 11 98765-4321", "+55 11 98765-4321"), ["+55 11 98765-4321"]);
    assert_eq!(phones("+55 11 98765-4321", "11 98765-4321"), ["+55 11 98765-4321"]);
    let channel = |country: &str, identity: &str| json!({"country": country, "channels": [{"kind": "sms", "account": "main", "identity": identity}]});
    let identities = |identity: &str| {
        let merge = merge(&[channel("GB", identity), channel("US", identity)]);
        merge.survivor().channels().iter().map(|channel| channel.identity.clone()).collect::<Vec<_>>()
    };
    assert_eq!(identities("(202) 555-0103"), ["(202) 555-0103", "+12025550103"]);
    assert_eq!(identities("+12025550103"), ["+12025550103"]);
    // An id on the channel is a key of its own, and the number is what is written.
    let whatsapp = |country: &str| json!({"country": country, "channels": [{"kind": "whatsapp", "account": country, "identity": "(202) 555-0103"}]});
    let merge = merge(&[whatsapp("GB"), whatsapp("US")]);
    let identities: Vec<&str> = merge.survivor().channels().iter().map(|channel| channel.identity.as_str()).collect();
    assert_eq!(identities, ["(202) 555-0103", "+12025550103"]);
}

#[test]
fn a_spelling_that_the_merge_left_out_comes_back_once() {
    let records = [json!({"emails": ["a@example.com", "A@example.com"]}), json!({"emails": ["b@example.com"]})];
    let merge = merge("", &records).expect("a merge");
    assert_eq!(merge.survivor().emails().collect::<Vec<_>>(), ["a@example.com", "b@example.com"]);
    for (edit, back) in [
        ("c@example.com", vec!["a@example.com", "c@example.com", "A@example.com"]),
        ("A@example.com", vec!["a@example.com", "A@example.com"]),
    ] {
        let edited = merge.survivor().clone().with_email(edit);
        let undo = merge.patch.undo(&edited, onefold::Edits::Refuse).expect("nothing is in conflict");
        assert_eq!(undo.survivor.emails().collect::<Vec<_>>(), back);
    }
}

#[cfg(feature = "serde")]
#[test]
fn what_stands_in_the_place_of_channels_neither_hides_them_nor_becomes_some() {
    let whatsapp =
        r#"{"id":1,"channels":[{"kind":"whatsapp","account":"wa","identity":"12025550101@s.whatsapp.net"}]}"#;
    for (other, lost) in [("\"none\"", 1), ("{\"a\":1}", 1), ("{}", 0), ("null", 0), ("7", 1)] {
        let other = format!(r#"{{"id":2,"channels":{other}}}"#);
        for texts in [[whatsapp, &other], [&other, whatsapp], [&other, r#"{"id":3}"#]] {
            let contacts = texts.map(|json| Contact::<u32>::from_json(json).expect("a contact"));
            let merge =
                MergePolicy::new().merge(&contacts, &MergeRequest::new("m"), &Normalizer::new()).expect("a merge");
            let has_channel = texts.contains(&whatsapp);
            assert_eq!(merge.survivor().channels().len(), usize::from(has_channel));
            assert_eq!(merge.lost.len(), if has_channel { lost } else { 0 }, "{other}");
            let again = onefold::Patch::<u32>::from_json(&merge.patch.to_json()).expect("a patch");
            assert!(again == merge.patch && again.to_bytes() == merge.patch.to_bytes(), "{other}");
        }
    }
}

#[test]
fn lists_that_lose_to_another_list_are_lost_value_by_value() {
    let records = [json!({"tags": ["a", "b"]}), json!({"tags": ["b", "c"]}), json!({"tags": ["d"]})];
    let merge = merge("fields.tags = \"survivor\"", &records).expect("a merge");
    assert_eq!(merge.survivor().tags().collect::<Vec<_>>(), ["a", "b"]);
    let lost: Vec<_> = merge.lost.iter().map(|lost| (lost.contact, lost.value.as_text())).collect();
    assert_eq!(lost, [(2, Some("c")), (3, Some("d"))]);
}

#[test]
fn channels_that_all_have_are_agreed_upon() {
    let channel = json!({"kind": "sms", "account": "main", "identity": "+12025550101"});
    let other = json!({"kind": "sms", "account": "main", "identity": "+12025550102"});
    for (second, why) in [(&channel, "agreed, from contacts 1, 2"), (&other, "united, from contacts 1, 2")] {
        let merge = merge("", &[json!({"channels": [channel]}), json!({"channels": [second]})]).expect("a merge");
        let choice = merge.choices.iter().find(|choice| choice.field == Field::Channels).expect("a choice");
        assert_eq!(choice.to_string(), why);
    }
}

#[test]
fn the_same_phone_in_two_countries_is_two_numbers() {
    let records = ["DE", "FR"].map(|country| json!({"country": country, "phones": ["030 1234567"]}));
    let merged = |records: &[serde_json::Value]| {
        let normalizer = Normalizer::builder().region_from_country().build();
        let merge =
            MergePolicy::new().merge(&contacts(records), &MergeRequest::new("m"), &normalizer).expect("a merge");
        serde_json::to_value(merge.survivor()).expect("JSON")["phones"].clone()
    };
    assert_eq!(merged(&records), json!(["030 1234567", "+33301234567"]));
    assert_eq!(merged(&[records[0].clone(), records[0].clone()]), json!(["030 1234567"]));
}
