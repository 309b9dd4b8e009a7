//! Every example of the document of the protocol gives the answer that stands behind it.

use onefold_workspace::Protocol;
use serde_json::{Map, Value};

const DOCUMENT: &str = include_str!("../../../../docs/protocol.md");

/// What stands for more than is worth reading.
const ANYTHING: &str = "...";

/// The lines of the document's sessions, comments included.
fn session() -> Vec<&'static str> {
    let mut is_inside = false;
    let inside = |line: &&str| {
        let is_fence = line.starts_with("```");
        if is_fence {
            is_inside = *line == "```jsonl";
        }
        is_inside && !is_fence
    };
    DOCUMENT.lines().filter(inside).collect()
}

fn object(text: &str) -> Map<String, Value> {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in {text}"))
}

#[test]
fn every_example_gives_its_answer() {
    let mut protocol = Protocol::new();
    let mut examples = 0;
    for pair in session().chunks(2) {
        let [asked, wanted] = pair else { panic!("{pair:?} lacks its answer") };
        assert_eq!(protocol.answer(wanted), None, "a comment has no answer");
        let wanted = object(wanted.strip_prefix("# ").expect("an answer behind each operation"));
        let mut got = object(&protocol.answer(asked).expect("an answer to each operation"));
        assert_eq!(got.remove("i"), Some(Value::from(examples)));
        assert_eq!(got.remove("op"), object(asked).remove("op"));
        let names = |answer: &Map<String, Value>| answer.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&got), names(&wanted), "after {asked}");
        for (name, value) in wanted.iter().filter(|(_, value)| *value != ANYTHING) {
            assert_eq!(got.get(name), Some(value), "{name} after {asked}");
        }
        examples += 1;
    }
    assert!(examples > 80, "{examples}");
}
