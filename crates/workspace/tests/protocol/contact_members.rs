//! The members of contacts, filters and settings in the protocol: each once, each of its kind, and nothing lost.

use onefold::{Contact, Field, Time, Value as FieldValue};
use onefold_workspace::{Act, Protocol, Settings, Workspace, WorkspaceError};
use serde_json::{Value, json};

fn ask(protocol: &mut Protocol, line: &str) -> Value {
    serde_json::from_str(&protocol.answer(line).expect("an answer")).expect("JSON")
}

#[track_caller]
fn done(protocol: &mut Protocol, line: &Value) -> Value {
    let answer = ask(protocol, &line.to_string());
    assert_eq!(answer["ok"], true, "{line}: {answer}");
    answer
}

/// Refused as malformed, with a reason; what the refusal says.
#[track_caller]
fn refused(protocol: &mut Protocol, line: &str) -> Value {
    let state = protocol.workspace().to_state();
    let answer = ask(protocol, line);
    assert_eq!(answer["error"], "BadRequest", "{line}: {answer}");
    assert!(answer["why"].as_str().is_some_and(|why| !why.is_empty()), "{line}: {answer}");
    assert_eq!(protocol.workspace().to_state(), state, "{line}");
    answer
}

/// Values that are neither an object of custom fields nor say where values came from.
const NOT_OBJECTS: [&str; 4] = ["7", "\"x\"", "[1]", "true"];

const NO_PROVENANCE: [&str; 5] = [
    r#"{"first_name":{"source":"crm"}}"#,
    r#"{"first_name":["manual",5,true]}"#,
    r#"{"first_name":{"source":"manual","by":"x"}}"#,
    r#"{"first_name":null}"#,
    r#"{"first_name":{"source":"manual"},"first_name":{"source":"import"}}"#,
];

#[test]
fn custom_and_provenance_are_what_they_are_or_are_refused() {
    let mut protocol = Protocol::new();
    let _ = done(&mut protocol, &json!({"op": "add", "id": "a", "contact": {"first_name": "Ada"}}));
    let values = NOT_OBJECTS.iter().flat_map(|value| [("custom", *value), ("provenance", *value)]);
    for (name, value) in values.chain(NO_PROVENANCE.map(|value| ("provenance", value))) {
        let contact = format!(r#"{{"first_name":"Bea","{name}":{value}}}"#);
        for line in [
            format!(r#"{{"op":"add","id":"b","contact":{contact}}}"#),
            format!(r#"{{"op":"edit","id":"a","set":{contact}}}"#),
            format!(r#"{{"op":"alike","contact":{contact}}}"#),
            format!(r#"{{"op":"matches_blocked","contact":{contact}}}"#),
        ] {
            assert_eq!(refused(&mut protocol, &line)["field"], *name, "{line}");
        }
        let row = contact.replacen('{', r#"{"id":"b","#, 1);
        let answer = ask(&mut protocol, &format!(r#"{{"op":"import","rows":[{row}]}}"#));
        let rejected = &answer["rejected"][0];
        assert_eq!(
            (&rejected["id"], &rejected["field"], &rejected["error"]),
            (&json!("b"), &json!(name), &json!("BadRequest"))
        );
        assert!(rejected["why"].as_str().is_some_and(|why| why.contains("\"b\"") && why.contains(name)), "{rejected}");
    }
    assert_eq!(protocol.workspace().len(), 1);
}

#[test]
fn no_provenance_is_null_too_and_blocks_nothing() {
    let mut protocol = Protocol::new();
    for id in ["a", "b"] {
        let contact = json!({"provenance": null, "custom": null, "phones": ["+44 20 7946 0958"]});
        let _ = done(&mut protocol, &json!({"op": "add", "id": id, "contact": contact}));
    }
    // A value whose source is known makes a provenance, and a custom field a map.
    let _ = done(&mut protocol, &json!({"op": "define_field", "name": "plan", "type": "text"}));
    let _ = done(&mut protocol, &json!({"op": "set_field", "id": "a", "field": "custom.plan", "value": "gold"}));
    let _ = done(&mut protocol, &json!({"op": "edit", "id": "b", "set": {"provenance": null}}));
    let _ = done(&mut protocol, &json!({"op": "merge", "merge": "m", "into": "a", "retire": ["b"]}));
    let state = protocol.workspace().to_state();
    let read = Workspace::<Box<str>>::from_state(&state).expect("a state");
    assert_eq!(read.to_state(), state);
    let contact = done(&mut protocol, &json!({"op": "get", "id": "a"}));
    assert_eq!(contact["contact"]["custom"], json!({"plan": "gold"}));
    assert_eq!(contact["contact"]["provenance"]["custom.plan"]["source"], "manual");
}

#[test]
fn a_state_with_a_member_that_would_be_lost_is_refused() {
    let mut protocol = Protocol::new();
    let contact = json!({"first_name": "Ada", "custom": {"plan": "gold"}});
    let _ = done(&mut protocol, &json!({"op": "add", "id": "a", "contact": contact}));
    let state = protocol.workspace().to_state();
    let custom = r#""custom":{"plan":"gold"}"#;
    assert!(state.contains(custom));
    for (instead, is_read) in [
        (r#""provenance":null"#, true),
        (r#""custom":7"#, false),
        (r#""custom":{"plan":"gold","plan":"basic"}"#, false),
        (r#""custom":{},"custom":{}"#, false),
        (r#""provenance":{"first_name":{"source":"crm"}}"#, false),
        (r#""provenance":7"#, false),
    ] {
        let line = json!({"op": "load", "state": state.replace(custom, instead)}).to_string();
        if is_read {
            assert_eq!(ask(&mut Protocol::new(), &line)["ok"], true, "{instead}")
        } else {
            drop(refused(&mut protocol, &line))
        }
    }
}

#[test]
fn a_workspace_takes_no_field_that_a_store_would_lose() {
    let act = Act::new(Time::from_millis(1), "host");
    let mut workspace = Workspace::<u32>::new(Settings::new());
    let _ = workspace.add(Contact::new(1), &act).expect("a new contact");
    for name in ["provenance", "custom", "emails", "blocked", "id"] {
        let field = Field::Other(name.into());
        let odd = |id: u32| Contact::new(id).with(field.clone(), "x");
        let reserved = |id: u32| WorkspaceError::ReservedName { id, field: field.clone() };
        assert_eq!(workspace.add(odd(2), &act).map(drop), Err(reserved(2)));
        assert_eq!(workspace.edit(odd(1), &act).map(drop), Err(reserved(1)));
        let imported = workspace.import([odd(3)], onefold_workspace::Existing::Reject, &act).expect("allowed").outcome;
        assert_eq!(imported.rejected[0].error, reserved(3));
    }
    let none = Contact::new(5).with(Field::Other("provenance".into()), FieldValue::Null);
    let _ = workspace.add(none, &act).expect("it says nothing");
    assert_eq!(workspace.get(&5), Some(&Contact::new(5)));
    let fine = Contact::new(4).with(Field::Other("custom.x".into()), FieldValue::Null);
    let _ = workspace.add(fine, &act).expect("it says what it is");
}

#[test]
fn no_member_is_there_twice_at_any_level() {
    let mut protocol = Protocol::new();
    let _ = done(&mut protocol, &json!({"op": "add", "id": "a", "contact": {}}));
    for line in [
        r#"{"op":"add","id":"b","contact":{"first_name":"Ada","first_name":"Bea"}}"#,
        r#"{"op":"add","id":"b","contact":{"custom":{"plan":1,"plan":2}}}"#,
        r#"{"op":"edit","id":"a","set":{"emails":[],"emails":["ada@example.com"]}}"#,
        r#"{"op":"alike","contact":{"phones":[],"phones":[]}}"#,
        r#"{"op":"preview_merge","into":"a","retire":["b"],"set":{"first_name":"x","first_name":"y"}}"#,
        r#"{"op":"preview_merge","into":"a","retire":["b"],"take":{"first_name":"a","first_name":"b"}}"#,
        r#"{"op":"preview_merge","into":"a","retire":["b"],"set":{"email":"x@example.com","emails":["y@example.com"]}}"#,
        r#"{"op":"order_fields","fields":[{"other":"a","other":"b"}]}"#,
        r#"{"op":"save_segment","segment":"s","filter":{"tag":"a","tag":"b"}}"#,
        r#"{"op":"save_segment","segment":"s","filter":{"created":{"from":1,"from":2}}}"#,
        r#"{"op":"settings","policy":{"fields":{"first_name":"longest","first_name":"newest"}}}"#,
        r#"{"op":"settings","policy":{"flags":true,"flags":false}}"#,
        r#"{"op":"define_field","name":"plan","type":{"list":["a"],"list":["b"]}}"#,
    ] {
        let _ = refused(&mut protocol, line);
    }
    let rows =
        r#"[{"id":"b","first_name":"x","first_name":"y"},{"id":"c","id":"d"},{"id":"e","custom":{"p":1,"p":2}}]"#;
    let answer = ask(&mut protocol, &format!(r#"{{"op":"import","rows":{rows}}}"#));
    assert_eq!((&answer["added"], answer["rejected"].as_array().map(Vec::len)), (&json!(0), Some(3)));
    // What onefold does not look into is kept as it stands.
    let line = r#"{"op":"add","id":"b","contact":{"notes":{"x":1,"x":2}}}"#;
    assert_eq!(ask(&mut protocol, line)["ok"], true);
    assert!(protocol.answer(r#"{"op":"get","id":"b"}"#).is_some_and(|answer| answer.contains(r#"{"x":1,"x":2}"#)));
}

#[test]
fn a_rejected_row_says_whose_it_is_and_where() {
    let mut protocol = Protocol::new();
    let _ = done(&mut protocol, &json!({"op": "define_field", "name": "size", "type": "number"}));
    let _ = done(&mut protocol, &json!({"op": "act", "actor": {"name": "m", "role": "manager"}}));
    let rows = json!([
        {"id": "a", "phones": ["+44 20 7946 0958", "020"]},
        {"id": 7, "custom": {"size": "large"}},
        {"id": "c", "blocked": "maybe"},
        {"id": "d", "status": "open"},
    ]);
    let answer = done(&mut protocol, &json!({"op": "import", "rows": rows}));
    let rejected = answer["rejected"].as_array().expect("a list");
    for (row, (id, field, place)) in [
        ("a", "phones", "value 1"),
        ("7", "custom.size", "value 0"),
        ("c", "blocked", "field"),
        ("d", "status", "field"),
    ]
    .into_iter()
    .enumerate()
    {
        let rejected = &rejected[row];
        assert_eq!((&rejected["row"], &rejected["id"], &rejected["field"]), (&json!(row), &json!(id), &json!(field)));
        let why = rejected["why"].as_str().expect("a text");
        assert!([&format!("contact {id:?}"), field, place].iter().all(|part| why.contains(*part)), "{why}");
        assert!(["020", "large", "maybe"].iter().all(|value| !why.contains(value)), "{why}");
    }
}

#[test]
fn email_and_phone_are_their_lists_wherever_a_field_is_named() {
    let mut protocol = Protocol::new();
    let ask = &mut protocol;
    for (id, email) in [("a", "ada@example.com"), ("b", "bea@example.com")] {
        let provenance = json!({"email": {"source": "manual", "verified": true}});
        let contact = json!({"email": email, "phone": "+44 20 7946 0958", "provenance": provenance});
        let _ = done(ask, &json!({"op": "add", "id": id, "contact": contact}));
    }
    let emails = |ask: &mut Protocol| done(ask, &json!({"op": "get", "id": "a"}))["contact"]["emails"].clone();
    let contact = done(ask, &json!({"op": "get", "id": "a"}))["contact"].clone();
    assert_eq!(contact["provenance"]["emails"]["verified"], true, "{contact}");
    let _ = done(ask, &json!({"op": "set_field", "id": "a", "field": "email", "value": "new@example.com"}));
    assert_eq!(emails(ask), json!(["new@example.com"]));
    let filter = json!({"equals": {"field": "email", "value": "new@example.com"}});
    assert_eq!(done(ask, &json!({"op": "select", "filter": filter}))["ids"], json!(["a"]));
    let set = json!({"op": "merge_with", "merge": "m", "into": "a", "retire": ["b"],
        "set": {"email": "one@example.com"}, "take": {"phone": "b"}});
    let _ = done(ask, &set);
    assert_eq!(emails(ask), json!(["one@example.com"]));
    let _ = done(ask, &json!({"op": "edit", "id": "a", "unset": ["email"]}));
    assert_eq!(emails(ask), Value::Null);
    let _ = done(ask, &json!({"op": "order_fields", "fields": ["phone", "email"]}));
    let policy = json!({"op": "settings", "policy": {"fields": {"email": "newest"}}});
    assert!(refused(ask, &policy.to_string())["why"].as_str().is_some_and(|why| why.contains("emails")));
    // Without normalising they are fields like any other.
    let _ = done(ask, &json!({"op": "config", "normalize": false}));
    let _ = done(ask, &json!({"op": "edit", "id": "a", "set": {"email": "x"}}));
    assert_eq!(emails(ask), Value::Null);
}

#[test]
fn numbers_in_filters_keep_all_their_digits() {
    let mut protocol = Protocol::new();
    let numbers = ["12345678901234567890123", "12345678901234567890124", "0.1234567890123456789", "1e400"];
    for (id, number) in numbers.iter().enumerate() {
        let line = format!(r#"{{"op":"add","id":{id},"contact":{{"custom":{{"n":{number}}}}}}}"#);
        assert_eq!(ask(&mut protocol, &line)["ok"], true);
    }
    for (value, found) in [
        ("12345678901234567890123", json!(["0"])),
        ("12345678901234567890124.0", json!(["1"])),
        ("1.2345678901234567890124e22", json!(["1"])),
        ("0.1234567890123456789", json!(["2"])),
        ("0.12345678901234567890000001", json!([])),
        ("10e399", json!(["3"])),
        ("\"1e400\"", json!(["3"])),
    ] {
        let filter = format!(r#"{{"equals":{{"field":"custom.n","value":{value}}}}}"#);
        let answer = ask(&mut protocol, &format!(r#"{{"op":"select","filter":{filter}}}"#));
        assert_eq!(answer["ids"], found, "{value}: {answer}");
        let saved = ask(&mut protocol, &format!(r#"{{"op":"save_segment","segment":"s","filter":{filter}}}"#));
        assert_eq!(saved["contacts"].as_u64(), found.as_array().map(|ids| ids.len() as u64), "{value}");
        let read = Workspace::<Box<str>>::from_state(&protocol.workspace().to_state()).expect("a state");
        assert_eq!(read.to_state(), protocol.workspace().to_state());
    }
}

#[test]
fn times_are_within_64_bits() {
    let mut protocol = Protocol::new();
    for is_normalized in [true, false] {
        let _ = done(&mut protocol, &json!({"op": "config", "normalize": is_normalized}));
        for time in ["9223372036854775808", "-9223372036854775809", "1e3", "1.0"] {
            let line = format!(r#"{{"op":"add","id":"a","contact":{{"created_at":{time}}}}}"#);
            assert_eq!(refused(&mut protocol, &line)["field"], "created_at", "{line}");
        }
    }
    let line =
        r#"{"op":"add","id":"a","contact":{"created_at":9223372036854775807,"updated_at":-9223372036854775808}}"#;
    assert_eq!(ask(&mut protocol, line)["ok"], true);
}

#[test]
fn settings_are_set_as_they_are_read() {
    let mut protocol = Protocol::new();
    for region in ["none", "GB"] {
        let _ = done(&mut protocol, &json!({"op": "settings", "region": region}));
        let read = done(&mut protocol, &json!({"op": "get_settings"}))["settings"].clone();
        assert_eq!(read["region"], region);
        let _ = done(&mut protocol, &json!({"op": "settings", "region": read["region"]}));
        let state = done(&mut protocol, &json!({"op": "state"}));
        let _ = done(&mut protocol, &json!({"op": "load", "state": state["state"], "config": read}));
    }
    let _ = done(&mut protocol, &json!({"op": "settings", "region": "none"}));
    let state = protocol.workspace().to_state();
    let mut config = done(&mut protocol, &json!({"op": "get_settings"}))["settings"].clone();
    // As earlier releases wrote it.
    config["region"] = Value::Null;
    let _ = done(&mut protocol, &json!({"op": "load", "state": state, "config": config}));
}

#[test]
fn an_account_keeps_its_title_and_has_a_kind() {
    let mut protocol = Protocol::new();
    let title = |protocol: &mut Protocol| done(protocol, &json!({"op": "accounts"}))["accounts"][0]["title"].clone();
    let account = json!({"op": "set_account", "account": "wa", "kind": "whatsapp"});
    let _ = done(&mut protocol, &account);
    assert_eq!(title(&mut protocol), "wa");
    let mut titled = account.clone();
    titled["title"] = json!("Sales");
    let _ = done(&mut protocol, &titled);
    let mut moved = account.clone();
    moved["portfolio"] = json!("acme");
    let _ = done(&mut protocol, &moved);
    assert_eq!(title(&mut protocol), "Sales");
    for kind in ["", "  "] {
        let answer = ask(&mut protocol, &json!({"op": "set_account", "account": "x", "kind": kind}).to_string());
        assert_eq!(answer["error"], "BadName", "{answer}");
    }
}

#[test]
fn history_after_a_merge_that_is_not_there_is_no_empty_page() {
    let mut protocol = Protocol::new();
    for id in ["a", "b"] {
        let _ = done(&mut protocol, &json!({"op": "add", "id": id, "contact": {}}));
    }
    let _ = done(&mut protocol, &json!({"op": "merge", "merge": "m", "into": "a", "retire": ["b"]}));
    assert_eq!(done(&mut protocol, &json!({"op": "history", "after": "m"}))["history"], json!([]));
    let answer = ask(&mut protocol, r#"{"op":"history","after":"none"}"#);
    assert_eq!((&answer["error"], &answer["merge"]), (&json!("UnknownMerge"), &json!("none")));
}
