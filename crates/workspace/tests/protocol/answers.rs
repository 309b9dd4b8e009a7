//! What the protocol answers: refusals that name what they are about, settings as they were set, and who acted.

use onefold_workspace::Protocol;
use serde_json::json;

use crate::requests::{ask, filled_protocol};

#[test]
fn request_is_echoed_whatever_comes() {
    let mut protocol = filled_protocol();
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
    let mut protocol = filled_protocol();
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
    let mut protocol = filled_protocol();
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
    let mut protocol = filled_protocol();
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
