//! JSON that is neither an object a line nor one array: objects around a list, and objects over several lines.

use onefold::Field;
use onefold_files::{Format, Options, Problem, read_bytes};

use crate::rows::{emails, error, faults, ids, items, items_with, mapped, one, other, phones, rows, text};

const PEOPLE: &str = r#"[{"id":"1","email":"ada@example.com"},{"id":"2","phone_number":"+442079460101"},{"id":"3"}]"#;

#[test]
fn the_one_list_inside_of_an_object_is_read() {
    for (around, line) in [
        (r#"{"results":LIST}"#, 1),
        (r#"{"contacts":{"about":"all of them","list":LIST},"frequent_contacts":{"list":[]}}"#, 1),
        ("{\n \"meta\": {\"count\": 3, \"pages\": [1, 2]},\n \"payload\": LIST,\n \"next\": null\n}\n", 3),
        (r#"{"data":{"people":{"found":{"items":LIST}}},"ok":true}"#, 1),
        (r#"{"name":"an export","id":7,"people":LIST}"#, 1),
    ] {
        let content = around.replace("LIST", PEOPLE);
        for name in ["a.json", "a.jsonl", "-"] {
            let found = items(name, content.as_str());
            assert_eq!(faults(&found), [], "{content}");
            assert!(rows(found.clone()).iter().all(|row| row.line == line), "{content}");
            assert_eq!(ids(found), ["1", "2", "3"], "{content}");
        }
        let input = read_bytes("a.json", content.into_bytes(), &Options::default()).expect("an input");
        assert_eq!(input.format(), Format::JsonArray);
    }
    assert_eq!(items("a.json", r#"{"results":[],"total":0}"#), []);
}

#[test]
fn several_lists_or_none_are_refused_and_named() {
    let none = Options::default();
    let two = r#"{"contacts":{"list":[{"email":"a@example.com"}]},"blocked":[{"email":"b@example.com"}]}"#;
    let shown = error("a.json", two, &none);
    assert!(
        shown.contains("several lists of objects in it (blocked, contacts.list)") || shown.contains("(blocked"),
        "{shown}"
    );
    let pages = "{\"results\":[{\"email\":\"a@example.com\"}]}\n{\"results\":[{\"email\":\"b@example.com\"}]}\n";
    assert!(error("a.jsonl", pages, &none).contains("a list of objects in each (results)"));
    assert!(error("a.json", format!("[{}]", pages.trim_end().replace('\n', ",")), &none).contains("(results)"));
    let by_id = r#"{"people":{"x1":{"email":"a@example.com"},"x2":{"email":"b@example.com"}}}"#;
    assert!(error("a.json", by_id, &none).contains("people is no list of objects"));
    let table = r#"{"columns":["id","email"],"rows":[[1,"a@example.com"]]}"#;
    assert!(error("a.json", table, &none).contains("rows is no list of objects"));
    assert!(!error("a.json", two, &none).contains("@"));
}

#[test]
fn contacts_by_their_ids_and_json_in_a_text_are_refused() {
    let none = Options::default();
    for json in [
        r#"{"17":{"first_name":"Ada"},"18":{"first_name":"Max"}}"#,
        r#"{"x1":{"email":"a@example.com"},"x2":{"email":"b@example.com"},"total":2}"#,
        r#"{"17":{"email":"a@example.com"}}"#,
        "{\"17\":{\"email\":\"a@example.com\"}}\n{\"18\":{\"email\":\"b@example.com\"}}\n",
        "{\n \"a@example.com\": {\"name\": \"Ada\"},\n \"b@example.com\": {\"name\": \"Max\"}\n}\n",
    ] {
        for name in ["a.json", "a.jsonl"] {
            let shown = error(name, json, &none);
            assert!(shown.contains("names stand for contacts") && !shown.contains('@'), "{json}: {shown}");
        }
    }
    assert!(error("a.json", r#"{"data":{"1":{"name":"Ada"},"2":{"name":"Max"}}}"#, &none).contains("data is no list"));
    for json in [
        r#"{"contacts":"[{\"email\":\"a@example.com\"}]"}"#,
        r#"{"ok":true,"contacts":"{\"1\":{\"email\":\"a@example.com\"}}"}"#,
    ] {
        assert!(error("a.json", json, &none).contains("contacts is no list of objects"), "{json}");
    }
    // Objects of a contact's own, and a text that is a value of its own.
    for json in [
        r#"{"id":"1","owner":{"id":"7","name":"Bea"},"manager":{"id":"8","name":"Zoe"}}"#,
        r#"{"id":"1","email":"a@example.com","raw":"[{\"x\":1}]"}"#,
        r#"{"id":"1","custom":{"name":"x"},"properties":{"id":"2"}}"#,
    ] {
        assert_eq!(ids(items("a.json", json)), ["1"], "{json}");
    }
}

#[test]
fn a_contact_with_lists_in_it_is_a_contact() {
    for json in [
        r#"{"id":"1","email":"ada@example.com","deals":[{"id":"d"}],"notes":[{"id":"n"}]}"#,
        r#"{"id":"1","name":"Ada","deals":[{"id":"d"}],"notes":[{"id":"n"}]}"#,
        r#"{"id":"1","emails":[{"value":"ada@example.com"}]}"#,
        r#"{"id":"1","channels":[{"kind":"sms","account":"","identity":"1"}]}"#,
        r#"{"id":"1","properties":{"email":"ada@example.com"},"associations":[{"id":"c"}]}"#,
        r#"{"id":"1","name":"Ada"}"#,
    ] {
        assert_eq!(ids(items("a.json", json)), ["1"], "{json}");
        assert_eq!(
            ids(items("a.jsonl", format!("{json}\n{}\n", json.replace("\"1\"", "\"2\"")))),
            ["1", "2"],
            "{json}"
        );
    }
}

#[test]
fn objects_one_after_the_other_are_read() {
    let pretty =
        "{\n  \"id\": 1,\n  \"email\": \"a@example.com\",\n  \"x\": {\"y\": [1, \"}\"]}\n}\n{\n  \"id\": 2\n}\n";
    for content in
        [pretty.to_owned(), pretty.replace('\n', "\r\n"), pretty.replace("}\n{", "},\n{"), pretty.replace("}\n{", "}{")]
    {
        let found = items("a.json", content.as_str());
        assert_eq!(faults(&found), [], "{content}");
        assert_eq!(ids(found), ["1", "2"], "{content}");
    }
    assert_eq!(rows(items("a.json", pretty)).iter().map(|row| row.line).collect::<Vec<_>>(), [1, 6]);
    assert_eq!(ids(items("a.jsonl", "{\"id\":1}{\"id\":2} {\"id\":3}\n{\"id\":4}")), ["1", "2", "3", "4"]);
    // One that is broken hides none behind it.
    let broken = "{\n \"id\": 1\n}\n{\n \"id\": 2,\n \"x\": [\"\n}\n{\n \"id\": 3\n}\nrest\n{\n \"id\": 4\n}\n";
    let found = items("a.json", broken);
    assert_eq!(faults(&found).len(), 2);
    assert_eq!(ids(found), ["1", "3", "4"]);
}

#[test]
fn values_in_objects_are_read() {
    let row = one(items(
        "a.jsonl",
        r#"{"id":"1","emails":[{"value":"a@example.com","type":"work"},"b@example.com",{"x":1}],"phone":{"number":"7946 0101","callingCode":"+44"},"phone_numbers":[{"label":"fax","value":"+442079460199"},{"label":"Company main","value":"+442079460100"},{"label":"home","value":"+442079460102"}]}"#,
    ));
    assert_eq!(emails(&row.contact), ["a@example.com", "b@example.com"]);
    assert_eq!(phones(&row.contact), ["+44 7946 0101", "+442079460102"]);
    assert_eq!(other(&row.contact, "fax phone"), Some("+442079460199"));
    assert_eq!(other(&row.contact, "Company main phone"), Some("+442079460100"));
    let json = r#"{"id":"1","properties":{"email":"a@example.com","firstname":"Ada","company_phone":"+442079460100","hs_id":5},"inner":{"email":"o@example.com"}}"#;
    let row = one(items("a.jsonl", json));
    assert_eq!((emails(&row.contact), text(&row.contact, &Field::FirstName)), (vec!["a@example.com"], Some("Ada")));
    assert_eq!(phones(&row.contact), [""; 0]);
    assert!(row.contact.get(&Field::Other("properties".into())).is_some());
    let found = items("a.jsonl", json);
    let unread = Problem::UnreadValues { header: "inner.email".into(), kind: "email", field: "email", count: 1 };
    assert_eq!(faults(&found), [(0, unread)]);
    assert_eq!(other(&row.contact, "company_phone"), Some("+442079460100"), "weak, as elsewhere");
    let row = one(items_with("a.jsonl", json, &mapped(&["email=inner.email"])));
    assert_eq!(emails(&row.contact), ["o@example.com"]);
}

#[test]
fn members_of_inner_objects_mean_what_they_mean_elsewhere() {
    let json = r#"{"id":"1","company_phone":"1","attributes":{"email":"a@example.com","company_phone":"+442079460100","Billing Email":"desk@example.com","home_fax":"+442079460199","hs_email_optout":"true","gdpr":false,"plan":"pro"}}"#;
    let row = one(items("a.jsonl", json));
    assert_eq!((emails(&row.contact), phones(&row.contact)), (vec!["a@example.com"], vec![""; 0]));
    let texts =
        ["company_phone", "Billing Email", "home_fax", "hs_email_optout", "plan"].map(|name| other(&row.contact, name));
    let wanted = [Some("1"), Some("desk@example.com"), Some("+442079460199"), Some("true"), None];
    assert_eq!(texts, wanted, "what the contact says at the top comes first");
    let unread =
        |header: &str, field, count| (0, Problem::UnreadValues { header: header.into(), kind: "phone", field, count });
    let found = items(
        "a.jsonl",
        r#"{"id":"3","properties":{"email":"c@example.com","main_number":"2079460100","sms":7400123456}}"#,
    );
    let said = [unread("properties.main_number", "custom.company_phone", 1), unread("properties.sms", "phone", 1)];
    assert_eq!(faults(&found), said);
    // Deeper, and in lists, the path is named and can be mapped.
    let json = r#"{"id":"1","email":"a@example.com","org":{"people":[{"mobil":"+447400123456"},{"mobil":"+447400123457"}]},"custom":{"zentrale":"442079460100","company_phone":"+442079460100"}}"#;
    let said = [unread("org.people.mobil", "phone", 2), unread("custom.zentrale", "custom.company_phone", 1)];
    assert_eq!(faults(&items("a.jsonl", json)), said);
    let row = one(items_with("a.jsonl", json, &mapped(&["phone=org.people.mobil"])));
    assert_eq!(phones(&row.contact), ["+447400123456", "+447400123457"]);
}

/// A label stands for the value of its own object, and not for those of its neighbours.
#[test]
fn labels_in_lists_of_inner_objects_go_with_their_values() {
    let json = r#"[{"id":"1","email":"a@example.com","properties":[{"phone":"+44 20 7946 0958","phone_type":"fax"},{"phone":"+44 20 7946 0959","phone_type":"mobile"}]}]"#;
    let found = items("a.json", json);
    assert_eq!(faults(&found), [], "all of it is read");
    let row = one(found);
    assert_eq!(phones(&row.contact), ["+44 20 7946 0959"]);
    assert_eq!(other(&row.contact, "fax phone"), Some("+44 20 7946 0958"));
}

/// What tells two persons apart must be seen wherever the key is read.
#[test]
fn birth_dates_and_suffixes_of_inner_objects_are_the_contacts() {
    let json = r#"{"id":"1","fields":{"Email":"f@example.com","Birthday":"1980-01-01","Suffix":"Sr","Plan":"pro"}}"#;
    let row = one(items("a.jsonl", json));
    let texts = ["Birthday", "Suffix", "Plan"].map(|name| other(&row.contact, name));
    assert_eq!(texts, [Some("1980-01-01"), Some("Sr"), None]);
}
