//! Arguments of the protocol are read exactly, ids are texts, and refusals say what they are about.

use onefold_workspace::Protocol;
use serde_json::{Value, json};

fn ask(protocol: &mut Protocol, line: &Value) -> Value {
    serde_json::from_str(&protocol.answer(&line.to_string()).expect("an answer")).expect("JSON")
}

/// Contacts `a`, `b`, `c` and `x` that share a phone, and a merge `m` of `c` into `x`.
fn protocol() -> Protocol {
    let mut protocol = Protocol::new();
    for id in ["a", "b", "c", "x"] {
        let contact = json!({"first_name": "Ada", "phones": ["+442079460958"], "custom": {"plan": id}});
        assert_eq!(ask(&mut protocol, &json!({"op": "add", "id": id, "contact": contact}))["ok"], true);
    }
    assert_eq!(ask(&mut protocol, &json!({"op": "merge", "merge": "m", "into": "x", "retire": ["c"]}))["ok"], true);
    protocol
}

#[test]
fn arguments_of_another_kind_are_refused() {
    let mut protocol = protocol();
    let state = protocol.workspace().to_state();
    for line in [
        json!({"op": "merge", "merge": "1", "into": "x", "retire": "ab"}),
        json!({"op": "merge", "merge": "1", "into": "x", "retire": {"a": 1}}),
        json!({"op": "merge", "merge": "1", "into": "x", "retire": [["a"]]}),
        json!({"op": "merge", "merge": "1", "into": "x", "retire": [null]}),
        json!({"op": "merge", "merge": "", "into": "x", "retire": ["a"]}),
        json!({"op": "merge", "merge": "m".repeat(257), "into": "x", "retire": ["a"]}),
        json!({"op": "merge", "merge": 1, "into": "x", "retire": ["a"]}),
        json!({"op": "merge", "merge": "1", "into": "x", "retire": ["a"], "allow_apart": "false"}),
        json!({"op": "merge", "merge": "1", "into": "x", "retire": ["a"], "allow_blocked": 0}),
        json!({"op": "merge", "merge": "1", "into": "x", "retire": ["a"], "set": {}}),
        json!({"op": "undo", "merge": "m", "later": "Replay"}),
        json!({"op": "undo", "merge": "m", "edits": "KEEP"}),
        json!({"op": "undo", "merge": "m", "distinct": "no"}),
        json!({"op": "undo", "merge": "m", "distinct": null}),
        json!({"op": "undo", "merge": ["m"]}),
        json!({"op": "config", "normalize": "false"}),
        json!({"op": "config", "max_holders": -3}),
        json!({"op": "config", "max_holders": 0}),
        json!({"op": "config", "max_holders": 1.5}),
        json!({"op": "config", "max_members": true}),
        json!({"op": "config", "max_members": "5"}),
        json!({"op": "config", "ignore": "a@example.com"}),
        json!({"op": "config", "ignore": [5]}),
        json!({"op": "config", "ignore": null}),
        json!({"op": "edit", "id": "a", "unset": "first_name"}),
        json!({"op": "edit", "id": "a", "unset": ["first_name", 5]}),
        json!({"op": "edit", "id": "a", "unset": null}),
        json!({"op": "edit", "id": "a", "set": ["first_name"]}),
        json!({"op": "edit", "id": "a", "set": {"blocked": "true"}}),
        json!({"op": "add", "id": "n", "contact": {"blocked": "false"}}),
        json!({"op": "add", "id": "n", "contact": {"tags": "vip"}}),
        json!({"op": "add", "id": "", "contact": {}}),
        json!({"op": "add", "id": true, "contact": {}}),
        json!({"op": "add", "id": null, "contact": {}}),
        json!({"op": "add", "id": 1.0, "contact": {}}),
        json!({"op": "add", "id": "n"}),
        json!({"op": "mark_distinct", "a": "a", "b": "b", "forever": 1}),
        json!({"op": "check", "x": 1}),
        json!({"op": "counts", "x": 1}),
        json!({"op": "counts", "now": null}),
        json!({"op": "block", "id": "a", "now": "5"}),
        json!({"op": "block", "id": "a", "now": 1.5}),
        json!({"op": "block", "id": "a", "actor": "ada"}),
        json!({"op": "block", "id": "a", "actor": {"role": "owner"}}),
        json!({"op": "block", "id": "a", "actor": {"name": "ada", "role": "Owner"}}),
        json!({"op": "block", "id": "a", "actor": {"name": "ada", "role": null}}),
        json!({"op": "block", "id": "a", "actor": {"name": "ada", "restricted": "false"}}),
        json!({"op": "block", "id": "a", "actor": {"name": "ada", "age": 7}}),
        json!({"op": "block", "id": "a", "actor": ["ada", "owner", true]}),
        json!({"op": "settings", "region": null}),
        json!({"op": "settings", "region": "Britain"}),
        json!({"op": "settings", "policy": [1, "first_given"]}),
        json!({"op": "settings", "policy": {"fields": {"first_name": {"longest": null}}}}),
        json!({"op": "settings", "min_strength": {"weak": null}}),
        json!({"op": "suggestions", "limit": -1}),
        json!({"op": "suggestions", "after": null}),
        json!({"op": "events", "keep": "yes"}),
        json!({"op": "order_fields", "fields": [["notes"]]}),
        json!({"op": "order_fields", "fields": [{"other": "notes", "x": "y"}]}),
        json!({"op": "define_field", "name": "size", "type": {"number": null}}),
        json!({"op": "assign_tags", "contacts": "a", "tags": ["vip"]}),
        json!({"op": "assign_tags", "contacts": ["a"], "tags": "vip"}),
        json!({"op": "save_segment", "segment": "s", "filter": {"created": [0, 5]}}),
        json!({"op": "save_segment", "segment": "s", "filter": {"created": {"from": null}}}),
        json!({"op": "save_segment", "segment": "s", "filter": {"equals": ["country", "GB"]}}),
        json!({"op": "import", "rows": {"a": 1}}),
        json!({"op": "import", "rows": [], "existing": "Update"}),
        json!({"op": "select", "all": "yes"}),
        json!({"op": "export", "format": "CSV", "all": true}),
        json!(["block", "a"]),
        json!("block"),
        json!({"op": ["block"], "id": "a"}),
        json!({"op": "Block", "id": "a"}),
        json!({"id": "a"}),
    ] {
        let answer = ask(&mut protocol, &line);
        assert_eq!(answer["error"], "BadRequest", "{line}: {answer}");
        assert!(answer["why"].as_str().is_some_and(|why| !why.is_empty()), "{line}: {answer}");
        assert_eq!(protocol.workspace().to_state(), state, "{line}");
    }
}

/// What is malformed is refused before anything else is looked at.
#[test]
fn malformed_comes_before_unknown_and_forbidden() {
    let mut protocol = protocol();
    let _ = ask(&mut protocol, &json!({"op": "act", "actor": {"name": "bob", "role": "agent"}}));
    for line in [
        json!({"op": "delete", "id": "nobody", "x": 1}),
        json!({"op": "edit", "id": "nobody", "set": {"emails": "e"}}),
        json!({"op": "config", "max_holders": 0}),
        json!({"op": "undo", "merge": "none", "later": "never"}),
    ] {
        assert_eq!(ask(&mut protocol, &line)["error"], "BadRequest", "{line}");
    }
    assert_eq!(ask(&mut protocol, &json!({"op": "delete", "id": "a"}))["error"], "NotAllowed");
}

#[test]
fn a_member_that_is_there_twice_is_malformed() {
    let mut protocol = protocol();
    for line in [
        r#"{"op":"unblock","op":"block","id":"a"}"#,
        r#"{"op":"block","id":"a","id":"b"}"#,
        r#"{"op":"block","id":"a","now":1,"now":2}"#,
        r#"{"op":"block","id":"a","actor":{"name":"x","name":"y"}}"#,
    ] {
        assert!(protocol.answer(line).is_some_and(|answer| answer.contains("BadRequest")), "{line}");
    }
}

#[test]
fn an_integer_is_its_decimal_text() {
    let mut protocol = Protocol::new();
    for (line, member, wanted) in [
        (r#"{"op":"add","id":1,"contact":{"emails":["ada@example.com"]}}"#, "ok", json!(true)),
        (r#"{"op":"add","id":"1","contact":{}}"#, "error", json!("DuplicateId")),
        (r#"{"op":"add","id":"2","contact":{"emails":["ada@example.com"]}}"#, "ok", json!(true)),
        (r#"{"op":"add","id":-0,"contact":{}}"#, "ok", json!(true)),
        (r#"{"op":"add","id":123456789012345678901234567890,"contact":{}}"#, "ok", json!(true)),
        (r#"{"op":"get","id":"0"}"#, "contact", json!({"id": "0"})),
        (
            r#"{"op":"resolve","id":"123456789012345678901234567890"}"#,
            "resolved",
            json!({"live": "123456789012345678901234567890"}),
        ),
        (r#"{"op":"merge","merge":"m","into":"1","retire":[1]}"#, "error", json!("SameContact")),
        (r#"{"op":"merge","merge":"m","into":1,"retire":[2]}"#, "ok", json!(true)),
        (r#"{"op":"resolve","id":2}"#, "resolved", json!({"live": "1"})),
        (r#"{"op":"undo","merge":"m"}"#, "ok", json!(true)),
        (r#"{"op":"preview_merge","into":1,"retire":["2"],"take":{"first_name":2}}"#, "ok", json!(true)),
        (r#"{"op":"assign_tags","contacts":[1,"1"],"tags":["vip"]}"#, "ok", json!(true)),
        (r#"{"op":"select","filter":{"tag":"vip"}}"#, "ids", json!(["1"])),
        (r#"{"op":"import","rows":[{"id":1},{"id":3}]}"#, "added", json!(1)),
        (r#"{"op":"suggestions","after":1}"#, "suggestions", json!([])),
        (r#"{"op":"made_of","id":3}"#, "ids", json!(["3"])),
        (r#"{"op":"block","id":1.0}"#, "error", json!("BadRequest")),
        (r#"{"op":"block","id":1e0}"#, "error", json!("BadRequest")),
    ] {
        let answer: Value = serde_json::from_str(&protocol.answer(line).expect("an answer")).expect("JSON");
        assert_eq!(answer[member], wanted, "{line}: {answer}");
    }
    assert!(!protocol.workspace().to_state().contains("\"id\":1,"));
}

#[test]
fn digits_of_a_number_survive() {
    let mut protocol = Protocol::new();
    let _ = protocol.answer(r#"{"op":"add","id":"a","contact":{"custom":{"n":12345678901234567890123.10}}}"#);
    let _ = protocol.answer(r#"{"op":"edit","id":"a","set":{"notes":[98765432109876543210987.60]}}"#);
    let answer = protocol.answer(r#"{"op":"get","id":"a"}"#).expect("an answer");
    assert!(answer.contains("12345678901234567890123.10") && answer.contains("98765432109876543210987.60"), "{answer}");
}

#[test]
fn request_is_echoed_whatever_comes() {
    let mut protocol = protocol();
    for line in [
        json!({"op": "block", "id": "a", "request": {"n": [1, null]}}),
        json!({"op": "block", "id": "nobody", "request": null}),
        json!({"op": "block", "id": ["a"], "request": "r"}),
        json!({"op": "nothing", "request": 7}),
        json!({"request": false}),
    ] {
        assert_eq!(ask(&mut protocol, &line)["request"], line["request"], "{line}");
        assert!(ask(&mut protocol, &line).as_object().expect("an object").contains_key("request"));
    }
    assert_eq!(ask(&mut protocol, &json!({"op": "counts"})).get("request"), None);
}

#[test]
fn each_operation_takes_who_and_when_for_itself() {
    let mut protocol = protocol();
    let agent = json!({"name": "bob", "role": "agent"});
    let merge = json!({"op": "merge", "merge": "n", "into": "a", "retire": ["b"], "now": 9, "actor": agent});
    assert_eq!(ask(&mut protocol, &merge)["ok"], true);
    let newest = &ask(&mut protocol, &json!({"op": "history"}))["history"][0];
    assert_eq!((&newest["at"], &newest["by"]), (&json!(9), &json!("bob")));
    assert_eq!(ask(&mut protocol, &json!({"op": "delete", "id": "a", "actor": agent}))["error"], "NotAllowed");
    let check = ask(&mut protocol, &json!({"op": "check", "actor": agent}));
    assert!(check["error"] == "NotAllowed" && check.get("contacts").is_none(), "{check}");
    assert_eq!(ask(&mut protocol, &json!({"op": "delete", "id": "a"}))["ok"], true);
}

#[test]
fn refusals_name_what_they_are_about() {
    let mut protocol = protocol();
    let agent = json!({"name": "bob", "role": "agent"});
    let second = json!({"op": "merge", "merge": "n", "into": "x", "retire": ["a"]});
    assert_eq!(ask(&mut protocol, &second)["ok"], true);
    let must_agree = json!({"op": "settings", "policy": {"fields": {"custom.plan": "must_agree"}}});
    assert_eq!(ask(&mut protocol, &must_agree)["ok"], true);
    for (line, wanted) in [
        (json!({"op": "undo", "merge": "m"}), json!({"error": "Superseded", "merge": "m", "by": ["n"]})),
        (json!({"op": "undo", "merge": "zz"}), json!({"error": "UnknownMerge", "merge": "zz"})),
        (second, json!({"error": "DuplicateMergeId", "merge": "n"})),
        (json!({"op": "block", "id": "a"}), json!({"error": "MergedAway", "contact": "a"})),
        (json!({"op": "mark_distinct", "a": "b", "b": "zz"}), json!({"error": "UnknownContact", "contact": "zz"})),
        (
            json!({"op": "merge", "merge": "o", "into": "x", "retire": ["b"]}),
            json!({"error": "BadRequest", "field": "custom.plan", "contact": "x"}),
        ),
        (
            json!({"op": "set_field", "id": "b", "field": "phones", "value": ["020 7946 0958"]}),
            json!({"error": "NoKey", "field": "phones", "contact": "b"}),
        ),
        (
            json!({"op": "add", "id": "new", "contact": {"emails": ["ada@"]}, "actor": agent}),
            json!({"error": "NoKey", "field": "emails", "contact": "new"}),
        ),
        (
            json!({"op": "merge_with", "merge": "o", "into": "x", "retire": ["b"], "set": {"phones": ["1"]}, "actor": agent}),
            json!({"error": "NoKey", "field": "phones", "contact": "x"}),
        ),
        (
            json!({"op": "add", "id": "new", "contact": {"phones": "020"}}),
            json!({"error": "BadRequest", "field": "phones"}),
        ),
    ] {
        let answer = ask(&mut protocol, &line);
        assert!(answer["why"].is_string(), "{line}: {answer}");
        for name in ["error", "field", "contact", "merge", "by"] {
            assert_eq!(answer.get(name), wanted.get(name), "{name} of {line}: {answer}");
        }
    }
    for (policy, said) in [
        (json!({"survivor": "eldest"}), "member survivor"),
        (json!({"fields": {"first_name": "shortest"}}), "member fields.first_name"),
        (json!({"fields": {"phones": "newest"}}), "phones cannot be decided by newest, only by union"),
        (json!({"max_contacts": 1}), "max_contacts must be from 2 to 1000, not 1"),
        (json!({"fields": {"first_nam": "longest"}}), "there is no field \"first_nam\""),
    ] {
        let answer = ask(&mut protocol, &json!({"op": "settings", "policy": policy}));
        assert!(answer["why"].as_str().is_some_and(|why| why.contains(said)), "{said}: {answer}");
    }
}

#[test]
fn settings_are_given_back_as_they_were_set() {
    let mut protocol = Protocol::new();
    let policy = json!({"survivor": "oldest", "fields": {"first_name": "longest"}, "flags": false});
    for line in [
        json!({"op": "config", "max_holders": 7, "max_members": 9, "ignore": ["Office@example.com"]}),
        json!({"op": "settings", "region": "GB", "variants": false, "identifiers": ["number"], "policy": policy}),
        json!({"op": "config", "normalize": false}),
        json!({"op": "config", "normalize": true}),
    ] {
        assert_eq!(ask(&mut protocol, &line)["ok"], true, "{line}");
    }
    let given = ask(&mut protocol, &json!({"op": "get_settings"}))["settings"].clone();
    for (name, wanted) in [
        ("max_holders", json!(7)),
        ("ignore", json!(["Office@example.com"])),
        ("region", json!("GB")),
        ("variants", json!(false)),
        ("identifiers", json!(["number"])),
        ("normalize", json!(true)),
    ] {
        assert_eq!(given[name], wanted, "{name}: {given}");
    }
    assert_eq!((&given["policy"]["survivor"], &given["policy"]["flags"]), (&json!("oldest"), &json!(false)));
    // Each is an argument of one of the two operations that set them.
    let mut other = Protocol::new();
    for (name, value) in given.as_object().expect("an object") {
        let is_limit = ["max_holders", "max_members", "ignore", "normalize"].contains(&name.as_str());
        let mut line = json!({"op": if is_limit { "config" } else { "settings" }});
        line[name] = value.clone();
        assert_eq!(ask(&mut other, &line)["ok"], true, "{line}");
    }
    assert_eq!(other.workspace().settings(), protocol.workspace().settings());
    assert_eq!(ask(&mut other, &json!({"op": "settings", "region": "none"}))["ok"], true);
    assert_eq!(other.workspace().settings().normalizer.settings().region, None);
}

#[test]
fn single_values_are_lists_of_one() {
    let mut protocol = Protocol::new();
    for (contact, emails) in [
        (json!({"email": "ada@example.com"}), json!(["ada@example.com"])),
        (json!({"email": "ada@example.com", "emails": ["b@example.com"]}), json!(["ada@example.com", "b@example.com"])),
        (
            json!({"email": "b@example.com", "emails": ["a@example.com", "b@example.com"]}),
            json!(["b@example.com", "a@example.com"]),
        ),
        (json!({"email": "", "emails": ["a@example.com"]}), json!(["a@example.com"])),
        (json!({"email": null, "emails": ["a@example.com"]}), json!(["a@example.com"])),
        (json!({"email": null}), json!(null)),
        (json!({"email": []}), json!([])),
    ] {
        let _ = ask(&mut protocol, &json!({"op": "add", "id": "a", "contact": contact}));
        let got = ask(&mut protocol, &json!({"op": "get", "id": "a"}));
        assert_eq!(got["contact"]["emails"], emails, "{contact}: {got}");
        assert!(got["contact"].get("email").is_none() && got["contact"].get("emails").is_some(), "{got}");
        let _ = ask(&mut protocol, &json!({"op": "delete", "id": "a"}));
    }
    let rows = json!([{"id": "a", "phone": "+44 20 7946 0958"}, {"id": "b", "phones": ["+442079460958"]}]);
    assert_eq!(ask(&mut protocol, &json!({"op": "import", "rows": rows}))["added"], 2);
    let _ = ask(&mut protocol, &json!({"op": "add", "id": "c", "contact": {}}));
    let _ = ask(&mut protocol, &json!({"op": "edit", "id": "c", "set": {"phone": "+442079460958"}}));
    let alike = ask(&mut protocol, &json!({"op": "suggestion", "id": "a"}));
    assert_eq!(alike["suggestion"]["members"], json!(["a", "b", "c"]));
    let _ = ask(&mut protocol, &json!({"op": "edit", "id": "c", "unset": ["phone"]}));
    let alike = ask(&mut protocol, &json!({"op": "suggestion", "id": "a"}));
    assert_eq!(alike["suggestion"]["members"], json!(["a", "b"]));
    // Where values are keys as they stand, it is a field like any other.
    let _ = ask(&mut protocol, &json!({"op": "config", "normalize": false}));
    let _ = ask(&mut protocol, &json!({"op": "add", "id": "d", "contact": {"email": "d@example.com"}}));
    let got = ask(&mut protocol, &json!({"op": "get", "id": "d"}));
    assert_eq!(got["contact"], json!({"id": "d", "email": "d@example.com"}));
}

#[test]
fn what_is_not_read_and_could_be_is_noticed() {
    let mut protocol = Protocol::new();
    for (contact, field) in [
        (json!({"work_mail": "ada@example.com"}), Some("work_mail")),
        (json!({"contact": {"addresses": [{"value": "ada@example.com"}]}}), Some("contact")),
        (json!({"custom": {"second phone": "+44 20 7946 0958"}}), Some("custom.second phone")),
        (json!({"other": "(020) 7946 0958"}), Some("other")),
        (json!({"mobile": 442079460958_u64}), Some("mobile")),
        (json!({"number": 442079460958_u64}), None),
        (json!({"sms": "442079460958"}), Some("sms")),
        (json!({"custom": {"Main Number": "2079460958"}}), Some("custom.Main Number")),
        (json!({"properties": {"zentrale": 2079460958_u64}}), Some("properties")),
        (json!({"order": {"id": 442079460958_u64, "no": "02079460958"}}), None),
        (json!({"custom": {"Kundennummer": "442079460958", "created": "1700000000000"}}), None),
        (json!({"company_phone": "+1 202 555 0101", "custom": {"billing_email": "desk@example.com"}}), None),
        (json!({"since": "2024-01-01", "visits": 7, "notes": "met at the fair"}), None),
        (json!({"first_name": "ada@example.com", "emails": ["ada@example.com"]}), None),
    ] {
        let line = json!({"op": "add", "id": "a", "contact": contact});
        let answer = ask(&mut protocol, &line);
        match field {
            Some(field) => {
                let notice = &answer["notices"][0];
                assert_eq!(notice["notice"], "field_not_read", "{answer}");
                assert_eq!((&notice["field"], &notice["contact"]), (&json!(field), &json!("a")), "{answer}");
                assert!(
                    !answer.to_string().contains("example.com") && !answer.to_string().contains("0958"),
                    "{answer}"
                );
            }
            None => assert_eq!(answer.get("notices"), None, "{line}: {answer}"),
        }
        let _ = ask(&mut protocol, &json!({"op": "delete", "id": "a"}));
    }
    let rows: Vec<Value> = (0..1000).map(|id| json!({"id": id, "mail": format!("p{id}@example.com")})).collect();
    let answer = ask(&mut protocol, &json!({"op": "import", "rows": rows}));
    assert_eq!(answer["notices"].as_array().map(Vec::len), Some(1));
    assert_eq!((&answer["notices"][0]["count"], &answer["notices"][0]["contact"]), (&json!(1000), &json!("0")));
    // A field that somebody has defined is known to them.
    let define = json!({"op": "define_field", "name": "billing", "type": "email"});
    assert_eq!(ask(&mut protocol, &define)["ok"], true);
    let add = json!({"op": "add", "id": "b", "contact": {"custom": {"billing": "b@example.com"}}});
    assert_eq!(ask(&mut protocol, &add).get("notices"), None);
}

#[test]
fn after_a_restart_it_is_said_that_the_host_acts() {
    let rows = || Protocol::new().to_rows().map(Ok::<_, onefold_workspace::StateError>).collect::<Vec<_>>();
    let mut protocol = Protocol::from_rows(rows()).expect("rows").protocol;
    let named = json!({"op": "counts", "actor": {"name": "ada"}});
    assert_eq!(ask(&mut protocol, &named).get("notices"), None);
    assert_eq!(ask(&mut protocol, &json!({"op": "block", "id": "x"}))["notices"][0]["notice"], "no_actor");
    assert_eq!(ask(&mut protocol, &json!({"op": "counts"})).get("notices"), None);
    let mut protocol = Protocol::from_rows(rows()).expect("rows").protocol;
    let _ = ask(&mut protocol, &json!({"op": "act", "actor": {"name": "ada"}}));
    assert_eq!(ask(&mut protocol, &json!({"op": "counts"})).get("notices"), None);
}

#[test]
fn an_actor_can_be_required() {
    let mut protocol = Protocol::new().requiring_actor();
    let actor = json!({"name": "ada", "role": "owner"});
    for (line, code) in [
        (json!({"op": "add", "id": "a", "contact": {}}), "BadRequest"),
        (json!({"op": "check"}), "BadRequest"),
        (json!({"op": "act", "now": 5}), "BadRequest"),
        (json!({"op": "add", "id": "a", "contact": {}, "actor": actor}), ""),
        (json!({"op": "block", "id": "a"}), "BadRequest"),
        (json!({"op": "act", "actor": actor}), ""),
        (json!({"op": "block", "id": "a"}), ""),
    ] {
        let answer = ask(&mut protocol, &line);
        assert_eq!(answer["error"].as_str().unwrap_or_default(), code, "{line}: {answer}");
        assert!(answer.get("contacts").is_none(), "{answer}");
    }
}

#[test]
fn evidence_and_common_keys_are_objects_outside_of_check() {
    let mut protocol = protocol();
    let _ = ask(&mut protocol, &json!({"op": "mark_distinct", "a": "a", "b": "b"}));
    let suggestion = ask(&mut protocol, &json!({"op": "suggestion", "id": "a"}))["suggestion"].clone();
    assert!(suggestion["evidence"][0].is_object() && suggestion.get("apart").is_none(), "{suggestion}");
    assert_eq!(suggestion["distinct"], json!([["a", "b"]]));
    let check = ask(&mut protocol, &json!({"op": "check"}));
    assert_eq!(check["suggestions"][0]["apart"], json!([["a", "b"]]));
    assert!(check["suggestions"][0]["evidence"][0].is_array());
    let _ = ask(&mut protocol, &json!({"op": "config", "max_holders": 1}));
    let common = ask(&mut protocol, &json!({"op": "common_keys"}));
    assert_eq!(common["common_keys"], json!([{"kind": "phone", "value": "+442079460958", "holders": 3}]));
    let permissions = ask(&mut protocol, &json!({"op": "permissions"})).to_string();
    assert!(permissions.contains("mark_distinct") && !permissions.contains("tell_apart"));
}
