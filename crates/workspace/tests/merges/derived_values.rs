//! What an undo makes of values that follow from others or hold whatever happens: countries and withdrawn consents.

use onefold_workspace::Protocol;
use serde_json::{Value, json};

#[track_caller]
fn done(protocol: &mut Protocol, line: &Value) -> Value {
    let answer = protocol.answer(&line.to_string()).expect("an answer");
    let answer: Value = serde_json::from_str(&answer).expect("JSON");
    assert_eq!(answer["ok"], true, "{line}: {answer}");
    answer
}

fn contact(protocol: &mut Protocol, id: &str) -> Value {
    done(protocol, &json!({"op": "get", "id": id}))["contact"].clone()
}

/// Contacts `a` and `b`, merged as `m`.
fn merged(a: &Value, b: &Value) -> Protocol {
    let mut protocol = Protocol::new();
    for (id, contact) in [("a", a), ("b", b)] {
        let _ = done(&mut protocol, &json!({"op": "add", "id": id, "contact": contact}));
    }
    let _ = done(&mut protocol, &json!({"op": "merge", "merge": "m", "into": "a", "retire": ["b"]}));
    protocol
}

#[test]
fn a_country_goes_with_the_phone_that_an_undo_takes() {
    let phones = json!(["+44 20 7946 0958"]);
    let mut protocol = merged(&json!({"first_name": "Ada"}), &json!({"phones": phones, "country": "BR"}));
    // Cleared since, so that it is derived from the phone of `b`.
    let _ = done(&mut protocol, &json!({"op": "set_field", "id": "a", "field": "country", "value": null}));
    let _ = done(
        &mut protocol,
        &json!({"op": "set_field", "id": "a", "field": "phones", "value": [phones[0], "+44 20 7946 0959"]}),
    );
    assert_eq!(contact(&mut protocol, "a")["country"], "GB");
    let _ = done(&mut protocol, &json!({"op": "set_field", "id": "a", "field": "phones", "value": phones}));
    let answer = done(&mut protocol, &json!({"op": "undo", "merge": "m"}));
    let a = contact(&mut protocol, "a");
    assert_eq!((&a["country"], &a["provenance"]["country"]), (&Value::Null, &Value::Null), "{a}");
    assert_eq!(answer["conflicts"], json!([]), "nothing is left of the edit");
    assert_eq!(contact(&mut protocol, "b")["country"], "BR");
}

#[test]
fn a_country_that_the_survivor_still_has_a_phone_of_stays() {
    let mut protocol = merged(&json!({"first_name": "Ada"}), &json!({"phones": ["+55 11 91234-5678"]}));
    let _ =
        done(&mut protocol, &json!({"op": "set_field", "id": "a", "field": "phones", "value": ["+44 20 7946 0958"]}));
    assert_eq!(contact(&mut protocol, "a")["country"], "GB");
    let _ = done(&mut protocol, &json!({"op": "undo", "merge": "m"}));
    let a = contact(&mut protocol, "a");
    assert_eq!((&a["country"], &a["phones"]), (&json!("GB"), &json!(["+44 20 7946 0958"])));
    assert_eq!(contact(&mut protocol, "b")["country"], "BR");
}

#[test]
fn a_country_goes_with_the_channel_that_it_was_derived_from() {
    let mut protocol = Protocol::new();
    let _ = done(&mut protocol, &json!({"op": "set_account", "account": "wa", "kind": "whatsapp"}));
    for (id, contact) in [("a", json!({})), ("b", json!({"country": "PT"}))] {
        let _ = done(&mut protocol, &json!({"op": "add", "id": id, "contact": contact}));
        let message = json!({"op": "receive", "id": id, "account": "wa", "identity": "5511912345678@s.whatsapp.net"});
        let _ = done(&mut protocol, &message);
    }
    assert_eq!(contact(&mut protocol, "a")["country"], "BR");
    let wrong = json!({"op": "remove_channel", "id": "a", "account": "wa", "identity": "canary"}).to_string();
    let wrong: Value = serde_json::from_str(&protocol.answer(&wrong).expect("an answer")).expect("JSON");
    assert_eq!((&wrong["error"], &wrong["contact"]), (&json!("UnknownChannel"), &json!("a")));
    assert!(
        wrong["why"].as_str().is_some_and(|why| why.contains("no such channel on account") && !why.contains("canary")),
        "{wrong}"
    );
    for id in ["a", "b"] {
        let _ = done(&mut protocol, &json!({"op": "remove_channel", "id": id, "account": "wa"}));
    }
    let a = contact(&mut protocol, "a");
    assert_eq!((&a["country"], &a["provenance"]), (&Value::Null, &Value::Null), "{a}");
    assert_eq!(contact(&mut protocol, "b")["country"], "PT", "somebody gave it");
}

#[test]
fn an_undo_that_overwrites_lists_only_what_it_overwrote() {
    let consent = json!({"custom": {"marketing_consent": true, "plan": "gold", "seats": 5}, "first_name": "Ada"});
    let mut protocol = merged(
        &consent,
        &json!({"custom": {"marketing_consent": true, "seats": 9, "city": "Rome"}, "first_name": "Bea"}),
    );
    let set = json!({"custom": {"marketing_consent": false, "plan": "basic", "seats": 5}, "last_name": "King"});
    let _ = done(&mut protocol, &json!({"op": "edit", "id": "a", "set": set}));
    let answer = done(&mut protocol, &json!({"op": "undo", "merge": "m", "edits": "overwrite"}));
    let overwritten = json!([["last_name", "King", "overwritten"], ["custom.plan", "basic", "overwritten"]]);
    assert_eq!(answer["conflicts"], overwritten, "{answer}");
    for id in ["a", "b"] {
        assert_eq!(contact(&mut protocol, id)["custom"]["marketing_consent"], false);
    }
}

#[test]
fn to_write_a_withdrawn_consent_again_withdraws_it_for_all() {
    for set in [json!({"custom": {"unsubscribed": true}}), json!({"unsubscribed": "yes"})] {
        let mut protocol = merged(&set, &json!({"first_name": "Bea"}));
        let before = contact(&mut protocol, "a");
        let _ = done(&mut protocol, &json!({"op": "edit", "id": "a", "set": set}));
        assert_eq!(contact(&mut protocol, "a"), before, "it held that already");
        let state = protocol.workspace().to_state();
        let _ = done(&mut protocol, &json!({"op": "load", "state": state}));
        let answer = done(&mut protocol, &json!({"op": "undo", "merge": "m"}));
        assert_eq!(answer["deviations"][0]["contact"], "b", "{answer}");
        let b = contact(&mut protocol, "b");
        assert!(b["custom"]["unsubscribed"] == true || b["unsubscribed"] == "yes", "{b}");
    }
    // By a user, at the very time that it was written before.
    let mut protocol = merged(&json!({}), &json!({"first_name": "Bea"}));
    let _ = done(&mut protocol, &json!({"op": "undo", "merge": "m"}));
    let _ = done(&mut protocol, &json!({"op": "define_field", "name": "unsubscribed", "type": "checkbox"}));
    let write = json!({"op": "set_field", "id": "a", "field": "custom.unsubscribed", "value": true});
    let _ = done(&mut protocol, &write);
    let _ = done(&mut protocol, &json!({"op": "merge", "merge": "m2", "into": "a", "retire": ["b"]}));
    let _ = done(&mut protocol, &write);
    let _ = done(&mut protocol, &json!({"op": "undo", "merge": "m2"}));
    assert_eq!(contact(&mut protocol, "b")["custom"]["unsubscribed"], true);
    // What nobody wrote again does not spread.
    let mut protocol = merged(&json!({"custom": {"unsubscribed": true}}), &json!({"first_name": "Bea"}));
    let _ = done(&mut protocol, &json!({"op": "edit", "id": "a", "set": {"last_name": "King"}}));
    let _ = done(&mut protocol, &json!({"op": "undo", "merge": "m"}));
    assert_eq!(contact(&mut protocol, "b")["custom"], Value::Null);
}
