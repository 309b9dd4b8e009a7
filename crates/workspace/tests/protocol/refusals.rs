//! Whatever comes in a line: a refused operation changes nothing, and nothing panics.

use onefold_workspace::Protocol;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Operations with arguments of the right kind.
fn sensible() -> Vec<Value> {
    let agent = json!({"name": "bob", "role": "agent"});
    let mut operations = vec![
        json!({"op": "config", "max_holders": 3}),
        json!({"op": "settings", "region": "GB"}),
        json!({"op": "act", "now": 5, "actor": {"name": "ada", "role": "owner"}}),
        json!({"op": "act", "now": 7, "actor": {"name": "host"}}),
        json!({"op": "history"}),
        json!({"op": "events"}),
        json!({"op": "details", "id": "a"}),
        json!({"op": "set_field", "id": "a", "field": "phones", "value": ["+442079460958"]}),
        json!({"op": "set_field", "id": "b", "field": "country", "value": "BR"}),
        json!({"op": "set_field", "id": "c", "field": "custom.plan", "value": 7}),
        json!({"op": "define_field", "name": "plan", "type": "number"}),
        json!({"op": "remove_definition", "name": "plan"}),
        json!({"op": "order_fields", "fields": ["phones", "custom.plan"]}),
        json!({"op": "create_tag", "tag": "x"}),
        json!({"op": "assign_tags", "contacts": ["a", "b"], "tags": ["x", "y"]}),
        json!({"op": "remove_tags", "contacts": ["a"], "tags": ["x"]}),
        json!({"op": "rename_tag", "tag": "x", "to": "z"}),
        json!({"op": "delete_tag", "tag": "y", "actor": agent}),
        json!({"op": "set_account", "account": "wa", "kind": "whatsapp"}),
        json!({"op": "remove_account", "account": "wa"}),
        json!({"op": "send", "id": "a", "account": "wa"}),
        json!({"op": "receive", "id": "b", "account": "wa", "identity": "12025550101"}),
        json!({"op": "remove_channel", "id": "b", "account": "wa"}),
        json!({"op": "monthly_active", "from": 0, "to": 9}),
        json!({"op": "forget_activity", "before": 9}),
        json!({"op": "save_segment", "segment": "s", "filter": {"all": [{"tag": "x"}]}}),
        json!({"op": "delete_segment", "segment": "s"}),
        json!({"op": "select", "segment": "s"}),
        json!({"op": "begin_deletion", "contacts": ["a", "b"], "confirmed": 2}),
        json!({"op": "continue_deletion", "deletion": 0, "limit": 1}),
        json!({"op": "stop_deletion", "deletion": 0}),
        json!({"op": "export", "format": "csv", "all": true}),
        json!({"op": "import", "rows": [{"id": "n"}, {"id": "a"}, 5], "existing": "update"}),
        json!({"op": "preview_merge", "into": "a", "retire": ["b"], "take": {"first_name": "b"}}),
        json!({"op": "undo", "merge": "m0", "later": "replay"}),
        json!({"op": "block", "id": "c"}),
        json!({"op": "unblock", "id": "c"}),
        json!({"op": "block", "id": "a", "actor": agent}),
    ];
    for number in 0..3 {
        let (into, other) = (["a", "b", "c"][number], ["b", "c", "d"][number]);
        let name = format!("m{number}");
        operations.push(json!({"op": "merge_with", "merge": name, "into": into, "retire": [other], "actor": agent}));
    }
    for id in ["a", "b", "c", "d"] {
        let contact = json!({"emails": ["shared@example.com", format!("{id}@example.com")], "tags": ["x"]});
        operations.push(json!({"op": "add", "id": id, "contact": contact}));
    }
    operations
}

fn junk() -> impl Strategy<Value = Value> {
    let deep = (0..100).fold(json!({"tag": "x"}), |inner, _| json!({"not": inner}));
    prop::sample::select(vec![
        json!(null),
        json!(true),
        json!(-1),
        json!(u64::MAX),
        json!(2.5),
        json!(""),
        json!("a"),
        json!("zz"),
        json!("é\u{0}"),
        json!("x".repeat(300)),
        json!([]),
        json!(["a", "a"]),
        json!([null, 5]),
        json!({}),
        json!({"a": {"b": []}}),
        json!({"any": []}),
        json!({"name": "x", "role": "boss"}),
        deep,
    ])
}

/// A sensible operation, and what is changed in it: nothing, one argument, or one more of them.
fn lines() -> impl Strategy<Value = String> {
    let change = prop_oneof![4 => Just(None), 2 => (any::<prop::sample::Index>(), junk()).prop_map(Some)];
    let added = prop_oneof![6 => Just(None), 1 => junk().prop_map(Some)];
    (prop::sample::select(sensible()), change, added).prop_map(|(operation, change, added)| {
        let mut members: Map<String, Value> = operation.as_object().cloned().expect("an object");
        let names: Vec<String> = members.keys().filter(|name| *name != "op").cloned().collect();
        if let Some((place, value)) = change
            && !names.is_empty()
        {
            members.insert(place.get(&names).clone(), value);
        }
        if let Some(value) = added {
            members.insert("actor".to_owned(), value);
        }
        Value::Object(members).to_string()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn refused_lines_change_nothing(lines in prop::collection::vec(lines(), 20..60)) {
        let mut protocol = Protocol::new();
        for operation in sensible().iter().rev().take(4) {
            let _ = protocol.answer(&operation.to_string());
        }
        let (mut refused, mut done) = (0, 0);
        for line in lines {
            let before = protocol.workspace().to_state();
            let answer: Value = serde_json::from_str(&protocol.answer(&line).expect("an answer")).expect("JSON");
            if answer.get("error").is_some() {
                refused += 1;
                prop_assert_eq!(before, protocol.workspace().to_state(), "{}", line);
            } else {
                done += 1;
            }
        }
        prop_assert!(refused + done > 0);
    }
}

#[test]
fn nobody_is_unblocked_by_an_edit() {
    let mut protocol = Protocol::new();
    let mut ask = |line: Value| -> Value {
        serde_json::from_str(&protocol.answer(&line.to_string()).expect("an answer")).expect("JSON")
    };
    let _ = ask(json!({"op": "add", "id": "a", "contact": {"blocked": true}}));
    for edit in [
        json!({"op": "edit", "id": "a", "unset": "blocked"}),
        json!({"op": "edit", "id": "a", "unset": "not blocked"}),
        json!({"op": "edit", "id": "a", "unset": ["blocked"]}),
        json!({"op": "edit", "id": "a", "set": {"blocked": false}}),
    ] {
        assert_eq!(ask(edit.clone())["error"], json!("BadRequest"), "{edit}");
    }
}

#[test]
fn a_segment_is_there_until_it_is_deleted() {
    let mut protocol = Protocol::new();
    let mut ask = |line: Value| -> Value {
        serde_json::from_str(&protocol.answer(&line.to_string()).expect("an answer")).expect("JSON")
    };
    let select = || json!({"op": "select", "segment": "s"});
    assert_eq!(ask(select())["error"], json!("UnknownSegment"));
    assert_eq!(ask(json!({"op": "save_segment", "segment": "s", "filter": {"tag": "x"}}))["ok"], json!(true));
    assert_eq!(ask(select())["ok"], json!(true));
    assert_eq!(ask(json!({"op": "delete_segment", "segment": "s"}))["ok"], json!(true));
    assert_eq!(ask(select())["error"], json!("UnknownSegment"));
}

#[test]
fn a_workspace_is_saved_and_loaded() {
    let ask = |protocol: &mut Protocol, line: Value| -> Value {
        serde_json::from_str(&protocol.answer(&line.to_string()).expect("an answer")).expect("JSON")
    };
    let mut protocol = Protocol::new();
    for operation in
        [json!({"op": "settings", "region": "GB"}), json!({"op": "config", "max_holders": 3, "ignore": ["x"]})]
    {
        let _ = ask(&mut protocol, operation);
    }
    for operation in sensible() {
        let _ = ask(&mut protocol, operation);
    }
    let _ = ask(&mut protocol, json!({"op": "act", "actor": {"name": "host"}}));
    let saved = ask(&mut protocol, json!({"op": "state"}));
    let mut again = Protocol::new();
    let load = json!({"op": "load", "state": saved["state"], "config": saved["config"]});
    assert_eq!(ask(&mut again, load)["ok"], true);
    assert_eq!(again.workspace().to_state(), protocol.workspace().to_state());
    let _ = ask(&mut again, json!({"op": "act", "now": 7, "actor": {"name": "host"}}));
    let edit = json!({"op": "config", "max_members": 7});
    let (_, _) = (ask(&mut again, edit.clone()), ask(&mut protocol, edit));
    assert_eq!(again.workspace().to_state(), protocol.workspace().to_state());
    let other = json!({"op": "load", "state": saved["state"], "config": Value::Null});
    assert_eq!(ask(&mut again, other)["error"], "BadRequest");
}

#[test]
fn an_agent_is_refused_what_agents_may_not() {
    let mut protocol = Protocol::new();
    for operation in sensible().iter().rev().take(4) {
        let _ = protocol.answer(&operation.to_string());
    }
    let _ = protocol.answer(&json!({"op": "act", "actor": {"name": "bob", "role": "agent"}}).to_string());
    for (line, code) in [
        (json!({"op": "block", "id": "a"}), "NotAllowed"),
        (json!({"op": "edit", "id": "a"}), "NotAllowed"),
        (json!({"op": "delete", "id": "a"}), "NotAllowed"),
        (json!({"op": "config", "max_holders": 3}), "NotAllowed"),
        (json!({"op": "settings", "region": "GB"}), "NotAllowed"),
        (json!({"op": "history"}), "NotAllowed"),
        (json!({"op": "state"}), "NotAllowed"),
        (json!({"op": "check"}), "NotAllowed"),
        (json!({"op": "events"}), "NotAllowed"),
        (json!({"op": "acknowledge", "through": 9}), "NotAllowed"),
        (json!({"op": "export", "format": "csv", "all": true}), "NotAllowed"),
        (json!({"op": "import", "rows": []}), "NotAllowed"),
        (json!({"op": "define_field", "name": "plan", "type": "text"}), "NotAllowed"),
        (json!({"op": "save_segment", "segment": "s", "filter": {"all": []}}), "NotAllowed"),
        (json!({"op": "begin_deletion", "contacts": ["a"], "confirmed": 1}), "NotAllowed"),
        (json!({"op": "remove_channel", "id": "a", "account": "wa"}), "NotAllowed"),
        (json!({"op": "merge", "merge": "m", "into": "a", "retire": ["b"]}), ""),
        // At once: nobody has touched the survivor.
        (json!({"op": "undo", "merge": "m"}), ""),
        (json!({"op": "merge", "merge": "n", "into": "a", "retire": ["b"]}), ""),
        (json!({"op": "assign_tags", "contacts": ["a"], "tags": ["later"]}), ""),
        (json!({"op": "undo", "merge": "n"}), "NotAllowed"),
        (json!({"op": "act", "actor": {"name": "eve", "role": "manager", "restricted": true}}), ""),
        (json!({"op": "undo", "merge": "n"}), ""),
        (json!({"op": "delete", "id": "a"}), "NotAllowed"),
        (json!({"op": "act", "actor": {"name": "eve", "role": "manager"}}), ""),
        (json!({"op": "delete", "id": "a"}), ""),
    ] {
        let answer: Value =
            serde_json::from_str(&protocol.answer(&line.to_string()).expect("an answer")).expect("JSON");
        assert_eq!(answer.get("error").and_then(Value::as_str).unwrap_or_default(), code, "{line}: {answer}");
    }
}

#[test]
fn a_field_takes_only_what_can_stand_in_it() {
    for (contact, is_taken) in [
        (json!({"custom": {"plan": 7, "vip": true, "note": null, "text": "a"}}), true),
        (json!({"custom": {"plan": [1], "size": {}}}), true),
        (json!({"custom": [1]}), false),
        (json!({"notes": {"a": [1]}, "list": [1]}), true),
        (json!({"blocked": "false"}), false),
        (json!({"blocked": 0}), false),
        (json!({"blocked": null}), true),
        (json!({"email": "a@example.com", "phone": ["+12025550101"]}), true),
        (json!({"email": 5}), false),
        (json!({"created_at": "2024-01-01T00:00:00Z"}), true),
        (json!({"created_at": "yesterday"}), false),
        (json!({"custom": null, "channels": null, "provenance": null, "emails": null, "created_at": null}), true),
        (json!({"created_at": 5, "updated_at": -5}), true),
        (json!({"created_at": "5"}), false),
        (json!({"created_at": 1.5}), false),
        (json!({"updated_at": [5]}), false),
        (json!({"emails": ["a@example.com"], "phones": [], "tags": ["x"]}), true),
        (json!({"emails": [5]}), false),
        (json!({"id": "b", "emails": ["a@example.com"]}), false),
        (json!({"emails": "a@example.com"}), false),
        (json!({"channels": {}}), false),
        (json!({"provenance": []}), false),
        (json!({"first_name": ["Ada"]}), false),
        (json!({"first_name": 5}), true),
    ] {
        let line = json!({"op": "add", "id": "a", "contact": contact});
        let answer = Protocol::new().answer(&line.to_string()).expect("an answer");
        let answer: Value = serde_json::from_str(&answer).expect("JSON");
        assert_eq!(answer["error"].is_null(), is_taken, "{contact}: {answer}");
    }
}
