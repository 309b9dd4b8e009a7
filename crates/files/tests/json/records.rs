//! JSON as people and exporters write it, and what is none.

use onefold::{Contact, Field, Value};
use onefold_files::Problem;

use crate::rows::{emails, faults, ids, items, one, other, rows, text};

#[test]
fn json_fields_of_any_shape_survive() {
    let json = r#"{"id":12345678901234567890123,"emails":[null,1,{"x":1},"","a@example.com"],"phones":[5511987654321,null],"tags":{"a":1},"created_at":1700000000,"x":{"y":[1e400]},"custom_fields":{"big":12345678901234567890123}}"#;
    let row = one(items("a.jsonl", json));
    assert_eq!(row.contact.id, "12345678901234567890123");
    assert_eq!(emails(&row.contact), ["", "a@example.com"]);
    let Some(Value::List(found)) = row.contact.get(&Field::Phone) else { panic!("no list") };
    assert_eq!(found.iter().map(Value::as_written).collect::<Vec<_>>(), [Some("5511987654321"), None]);
    assert_eq!(row.contact.get(&Field::Tags), Some(&Value::Json(r#"{"a":1}"#.into())));
    assert_eq!(row.contact.created_at().map(onefold::Time::millis), Some(1_700_000_000_000));
    assert_eq!(row.contact.get(&Field::Other("x".into())), Some(&Value::Json(r#"{"y":[1e400]}"#.into())));
    assert_eq!(text(&row.contact, &Field::Custom("big".into())), Some("12345678901234567890123"));
    assert_eq!(row.problems, []);
}

#[test]
fn our_own_json_is_read_as_the_library_reads_it() {
    let json = r#"{"id":"1","assignee":null,"channels":[{"kind":"sms","account":"a","identity":"x"}],"emails":"one","notes":[],"updated_at":"2024-01-01T00:00:00+02:00","custom":{"n":1.50},"blocked":true,"provenance":{"first_name":{"source":"manual","verified":true}},"custom.top":1}"#;
    assert_eq!(one(items("a.jsonl", json)).contact, Contact::from_json(json).expect("a contact"));
    for json in [
        r#"{"id":"1","emails":null,"custom":null}"#,
        r#"{"id":"1","emails":[],"custom":{}}"#,
        r#"{"id":"1","custom":[1]}"#,
    ] {
        assert_eq!(one(items("a.jsonl", json)).contact, Contact::from_json(json).expect("a contact"), "{json}");
    }
}

#[test]
fn names_of_others_are_recognised_in_json() {
    let row = one(items(
        "a.jsonl",
        r#"{"secondary_email":"b@example.com","identifier":"x","name":"Ana","email":"a@example.com","phone_number":2025550101,"emails":["c@example.com"]}"#,
    ));
    assert_eq!(row.contact.id, "x");
    assert_eq!(text(&row.contact, &Field::DisplayName), Some("Ana"));
    assert_eq!(emails(&row.contact), ["c@example.com", "b@example.com", "a@example.com"]);
    assert_eq!(
        row.contact.get(&Field::Phone).map(|value| matches!(value, Value::List(items) if items.len() == 1)),
        Some(true)
    );
    let row = one(items("a.jsonl", r#"{"identifier":"x","id":null,"name":"Ana","display_name":"Bo"}"#));
    assert_eq!(row.contact.id, "x");
    assert_eq!((text(&row.contact, &Field::DisplayName), other(&row.contact, "name")), (Some("Bo"), Some("Ana")));
}

#[test]
fn json_says_blocked_in_many_ways() {
    for (json, blocked, reported) in [
        ("true", true, false),
        ("false", false, false),
        ("null", false, false),
        ("1", true, false),
        ("0", false, false),
        ("\"yes\"", true, false),
        ("\"\"", false, false),
        ("2", true, true),
        ("[]", true, true),
        ("{}", true, true),
    ] {
        let row = one(items("a.jsonl", format!("{{\"id\":1,\"blocked\":{json}}}")));
        assert_eq!((row.contact.blocked, row.problems.len()), (blocked, usize::from(reported)), "{json}");
    }
}

#[test]
fn lines_that_are_no_object_are_skipped_with_a_reason() {
    let found = items(
        "a.jsonl",
        "{\"id\":\"1\"}\r\n\r\n   \n[]\nnull\n\"text\"\n{}\n{\"id\":\"\"}\n{\"id\":null}\n{\"id\":\"2\",\"emails\":[\"b@exam\n{\"id\":tru}\n{\"id\":\"3\"} x\n{\"id\":[],\"email\":\"a@example.com\"}",
    );
    assert_eq!(
        faults(&found),
        [
            (4, Problem::NotAnObject),
            (5, Problem::NotAnObject),
            (6, Problem::NotAnObject),
            (7, Problem::NoValue),
            (8, Problem::NoValue),
            (9, Problem::NoValue),
            (10, Problem::TruncatedJson),
            (11, Problem::NotJson { column: 10 }),
            (12, Problem::NotJson { column: 12 }),
            (13, Problem::IdNotText),
        ]
    );
    assert_eq!(ids(found), ["1", "line-13"]);
}

#[test]
fn double_fields_and_half_characters_are_reported() {
    let row = one(items("a.jsonl", r#"{"id":"1","id":"2","emails":["a@example.com"],"emails":["b@example.com"]}"#));
    assert_eq!((row.contact.id.as_str(), emails(&row.contact)), ("2", vec!["b@example.com"]));
    assert_eq!(
        row.problems,
        [Problem::DuplicateField { field: "emails".into() }, Problem::DuplicateField { field: "id".into() }]
    );
    let row =
        one(items("a.jsonl", r#"{"id":"1","first_name":"\ud83d","last_name":"\ud83d\ude00\\ud83d","\udc00":[1]}"#));
    assert_eq!(text(&row.contact, &Field::FirstName), Some("\u{fffd}"));
    assert_eq!(text(&row.contact, &Field::LastName), Some("\u{1f600}\\ud83d"));
    assert_eq!(row.problems, [Problem::LoneSurrogate { field: "first_name".into() }]);
}

#[test]
fn deep_nesting_needs_no_stack() {
    for depth in [5_000, 200_000] {
        let json = format!(r#"{{"id":"1","x":{}1{}}}"#, "{\"a\":[".repeat(depth), "]}".repeat(depth));
        assert_eq!(one(items("a.jsonl", json.as_str())).problems, []);
        assert_eq!(rows(items("a.json", format!("[{json},{json}]"))).len(), 2);
    }
}

#[test]
fn an_array_of_objects_is_read_and_a_broken_element_hides_no_other() {
    let found = items("a.json", "[\n {\"id\":\"1\",\"x\":\"],}\\\"\"},\n {\"id\":tru},\n 5,\n {\"id\":\"2\"}\n]\n");
    assert_eq!(faults(&found), [(3, Problem::NotJson { column: 10 }), (4, Problem::NotAnObject)]);
    assert_eq!(
        rows(found).into_iter().map(|row| (row.line, row.contact.id)).collect::<Vec<_>>(),
        [(2, "1".into()), (5, "2".into())]
    );
    assert_eq!(items("a.json", "[]"), []);
    assert_eq!(faults(&items("a.json", "[{\"id\":\"1\"},")), [(1, Problem::UnclosedArray)]);
    assert_eq!(faults(&items("a.json", "[] {}")), [(1, Problem::TextBehindArray)]);
    assert_eq!(ids(items("-", " [{\"id\":1}]")), ["1"]);
}
