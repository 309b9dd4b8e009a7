//! An index that was written is read back, and a damaged or foreign one is an error.
#![cfg(feature = "serde")]

use onefold::normalize::MAX_VALUES_PER_FIELD;
use onefold::{Contact, Index, Normalizer};
use serde_json::{Value, json};

fn written() -> Value {
    let contacts = [
        Contact::new(1).with_email("ada@example.com"),
        Contact::new(2).with_email("Ada@example.com").with_phone("+1 202 555 0101").blocked(),
    ];
    let mut index = Index::build(Normalizer::builder().ignore(["hub@example.com"]).build(), &contacts).index;
    index.mark_distinct(&1, &2).expect("two contacts");
    serde_json::to_value(&index).expect("JSON")
}

fn read(form: &Value) -> Result<Index<u32>, String> {
    serde_json::from_value(form.clone()).map_err(|error| error.to_string())
}

#[test]
fn the_form_of_version_3_is_fixed() {
    let golden = json!({
        "version": 3,
        "key_rules": "2, phone metadata 9.0.42",
        "normalizer": {
            "region": null, "reads_country": false, "as_written": false, "no_variants": false, "plus_tags": false,
            "gmail_dots": false, "ignored": ["hub@example.com"], "identifiers": []
        },
        "rules": {"max_holders": 25, "max_members": 50, "min_strength": "variant"},
        "keys": [
            {"kind": "email", "scope": "", "value": "ada@example.com"},
            {"kind": "phone", "scope": "", "value": "+12025550101"}
        ],
        "contacts": [
            {"id": 1, "blocked": false, "keys": [{"key": 0, "derivation": "direct", "field": "emails", "position": 0, "verified": false}]},
            {"id": 2, "blocked": true, "keys": [
                {"key": 0, "derivation": "direct", "field": "emails", "position": 0, "verified": false},
                {"key": 1, "derivation": "direct", "field": "phones", "position": 0, "verified": false}
            ]}
        ],
        "apart": [{"contacts": [0, 1], "known": [["000efb3e6374e6f43848cc8b5f4e7a32"]]}],
        "merged_away": [],
        "pairs": [{"ids": [1, 2], "marks": [{"known": ["000efb3e6374e6f43848cc8b5f4e7a32"], "carrier": null}]}]
    });
    assert_eq!(written(), golden);
    let index = read(&golden).expect("an index");
    assert!(index.is_blocked(&2) && index.is_distinct(&1, &2));
    assert_eq!(serde_json::to_value(&index).expect("JSON"), golden);
}

#[test]
fn what_does_not_hold_together_is_refused() {
    for (pointer, wrong, message) in [
        ("/version", json!(1), "an index of a version that this release does not read"),
        ("/key_rules", json!("0"), "an index whose keys were made by other rules: build it again"),
        ("/contacts/0/keys/0/key", json!(9), "an index that refers to a key it does not hold"),
        ("/contacts/0/keys/0/position", json!(70_000), "an index with a field of too many values"),
        ("/contacts/1/keys/1/key", json!(0), "an index with the keys of a contact out of order"),
        ("/contacts/1/id", json!(1), "an index with contacts out of order"),
        ("/apart/0/contacts", json!([0, 9]), "an index that marks contacts distinct which it does not hold"),
        ("/apart/0/contacts", json!([0, 2]), "an index that marks contacts distinct which it does not hold"),
        ("/apart/0/contacts", json!([1, 1]), "an index that marks contacts distinct which it does not hold"),
        ("/apart/0/contacts", json!([1, 0]), "an index that marks contacts distinct which it does not hold"),
        ("/apart/0/known", json!([["7"]]), "an index with a distinct pair whose key is no digest"),
        ("/keys/0/value", json!("x".repeat(2_000)), "an index with a key that no value gives"),
        ("/merged_away", json!([[2, 1]]), "an index with a contact that was merged away twice, or is there"),
        ("/merged_away", json!([[7, 1], [7, 2]]), "an index with a contact that was merged away twice, or is there"),
        (
            "/merged_away",
            json!([[7, 8], [8, 7]]),
            "an index with merges or distinct pairs of contacts that it does not",
        ),
        ("/merged_away", json!([[7, 9]]), "an index with merges or distinct pairs of contacts that it does not hold"),
        ("/pairs/0/ids", json!([1, 9]), "an index with merges or distinct pairs of contacts that it does not hold"),
        ("/pairs/0/ids", json!([1, 1]), "an index with merges or distinct pairs of contacts that it does not hold"),
        ("/pairs/0/marks/0/known", json!(["7"]), "an index with a distinct pair whose key is no digest"),
    ] {
        let mut form = written();
        *form.pointer_mut(pointer).expect(pointer) = wrong;
        let error = read(&form).expect_err(pointer);
        assert!(error.starts_with(message), "{pointer}: {error}");
    }
}

#[test]
fn debug_shows_no_value() {
    let normalizer = Normalizer::builder().ignore(["canary@example.com"]).build();
    let index = Index::build(normalizer, &[Contact::new(1).with_email("canary2@example.com")]).index;
    let shown = format!("{index:?} {:?} {:?}", index.normalizer(), index.keys_of(&1));
    assert!(!shown.contains("canary") && shown.contains("contacts: 1"), "{shown}");
}

#[test]
fn limits_hold_at_their_last_value() {
    let with = |pointer: &str, value: Value| {
        let mut form = written();
        *form.pointer_mut(pointer).expect("a place") = value;
        read(&form).map(drop)
    };
    let no_value_gives = Err("an index with a key that no value gives".to_owned());
    assert_eq!(with("/keys/0/value", json!("a".repeat(1_024))), Ok(()));
    assert_eq!(with("/keys/0/value", json!("a".repeat(1_025))), no_value_gives);
    assert_eq!(with("/keys/1/scope", json!("a".repeat(1_025))), no_value_gives);
    assert_eq!(with("/contacts/0/keys/0/position", json!(MAX_VALUES_PER_FIELD - 1)), Ok(()));
    let too_many = Err("an index with a field of too many values".to_owned());
    assert_eq!(with("/contacts/0/keys/0/position", json!(MAX_VALUES_PER_FIELD)), too_many);
}
