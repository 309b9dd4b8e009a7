//! Requests to a protocol, and one with a few contacts.

use onefold_workspace::Protocol;
use serde_json::{Value, json};

/// Returns the answer to a request.
#[track_caller]
pub fn ask(protocol: &mut Protocol, line: &Value) -> Value {
    serde_json::from_str(&protocol.answer(&line.to_string()).expect("an answer")).expect("JSON")
}

/// Contacts `a`, `b`, `c` and `x` that share a phone, and a merge `m` of `c` into `x`.
pub fn filled_protocol() -> Protocol {
    let mut protocol = Protocol::new();
    for id in ["a", "b", "c", "x"] {
        let contact = json!({"first_name": "Ada", "phones": ["+442079460958"], "custom": {"plan": id}});
        assert_eq!(ask(&mut protocol, &json!({"op": "add", "id": id, "contact": contact}))["ok"], true);
    }
    assert_eq!(ask(&mut protocol, &json!({"op": "merge", "merge": "m", "into": "x", "retire": ["c"]}))["ok"], true);
    protocol
}
