//! What the options say of columns and workspaces, and where ids come from.

use onefold::Field;
use onefold_files::{Format, IdOrigin, Mapping, Options, Problem, SeenIds, read_bytes};

use crate::rows::{TABLE, emails, error, faults, ids, items, items_with, mapped, one, phones, rows, text};

#[test]
fn a_mapping_takes_the_place_of_the_guess() {
    let table = "id,email,Privat,Zap\n1,a@example.com,b@example.com,2025550101\n";
    let row = one(items_with("a.csv", table, &mapped(&["email=privat", "phone=\"Zap\"", "custom.old=email"])));
    assert_eq!(emails(&row.contact), ["b@example.com"]);
    assert_eq!(phones(&row.contact), ["2025550101"]);
    assert_eq!(text(&row.contact, &Field::Custom("old".into())), Some("a@example.com"));
    let row = one(items_with("a.csv", table, &mapped(&["email=Privat", "emails=email"])));
    assert_eq!(emails(&row.contact), ["a@example.com", "b@example.com"]);
    let found = items_with(
        "a.jsonl",
        r#"{"id":"1","zap":"2025550101","emails":["a@example.com"]}"#,
        &mapped(&["phone=Zap", "tags=No"]),
    );
    assert_eq!(faults(&found), [(1, Problem::MappedNameNotSeen { field: "tags".into(), header: "No".into() })]);
    assert_eq!(phones(&one(found).contact), ["2025550101"]);
    let row = one(items_with("a.vcf", "BEGIN:VCARD\nX-ZAP:2025550101\nEND:VCARD\n", &mapped(&["phone=x-zap"])));
    assert_eq!(phones(&row.contact), ["2025550101"]);
}

#[test]
fn a_mapping_that_cannot_be_is_an_error() {
    assert!(
        "email"
            .parse::<Mapping>()
            .is_err_and(|error| error.to_string() == "\"email\" is not a mapping; write FIELD=HEADER")
    );
    assert!(
        error("a.csv", TABLE, &mapped(&["mail=email"]))
            .starts_with("there is no field \"mail\" to map to; there are id, email, phone,")
    );
    assert_eq!(
        error("a.csv", TABLE, &mapped(&["email=X"])),
        "a.csv has no column \"X\"; it has \"id\", \"first_name\", \"email\", \"phone\""
    );
    assert!(
        error("a.csv", TABLE, &Options { workspace_column: Some("t".into()), ..Options::default() }).contains("\"t\"")
    );
}

#[test]
fn a_column_can_name_the_workspace() {
    let options = Options { workspace_column: Some("Tenant".into()), ..Options::default() };
    let found = rows(items_with("a.csv", "id,email,Tenant\n1,a@example.com,t1\n2,b@example.com,\n", &options));
    assert_eq!((found[0].workspace.as_deref(), found[1].workspace.as_deref()), (Some("t1"), None));
    let row = one(items_with("a.jsonl", r#"{"id":"1","Tenant":7}"#, &options));
    assert_eq!(row.workspace.as_deref(), Some("7"));
    let row = one(items_with("a.vcf", "BEGIN:VCARD\nUID:1\nTENANT:t\nEND:VCARD\n", &options));
    assert_eq!(row.workspace.as_deref(), Some("t"));
}

#[test]
fn an_identifier_is_read_under_its_plain_name() {
    let options = |name: &str| Options { identifiers: vec![name.into()], ..Options::default() };
    let custom = |name: &str| Field::Custom(name.into());
    for (name, file, content) in [
        ("Customer No.", "a.csv", "id,email,customer no\n1,a@example.com,c7\n"),
        ("status", "a.csv", "id,email,Status\n1,a@example.com,c7\n"),
        ("Contact number", "a.csv", "id,Contact Number\n1,c7\n"),
        ("plan", "a.csv", "id,email,custom.plan\n1,a@example.com,c7\n"),
        ("plan", "a.csv", "id,email,custom\n1,a@example.com,\"{\"\"plan\"\":\"\"c7\"\"}\"\n"),
        ("customer", "a.jsonl", r#"{"id":"1","Customer":"c7"}"#),
        ("phone", "a.jsonl", r#"{"id":"1","phone":"c7"}"#),
        ("plan", "a.jsonl", r#"{"id":"1","custom":{"plan":"c7"}}"#),
        ("hs_no", "a.jsonl", r#"{"id":"1","properties":{"hs_no":"c7"}}"#),
        ("X-Customer", "a.vcf", "BEGIN:VCARD\nUID:1\nX-CUSTOMER:c7\nEND:VCARD\n"),
    ] {
        let mut input = read_bytes(file, content.as_bytes().to_vec(), &options(name)).expect("an input");
        let row = one(input.by_ref().collect());
        assert_eq!((row.contact.id.as_str(), row.id_origin), ("1", IdOrigin::Given), "{content}");
        assert_eq!(text(&row.contact, &custom(name)), Some("c7"), "{content}");
        assert_eq!(phones(&row.contact), [""; 0], "{content}");
        assert_eq!(input.unseen_identifiers().count(), 0, "{content}");
    }
    // The row's id stays one.
    for (file, content) in [
        ("a.csv", "uid,email\nc7,a@example.com\n"),
        ("a.jsonl", r#"{"uid":"c7"}"#),
        ("a.vcf", "BEGIN:VCARD\nUID:c7\nEND:VCARD\n"),
    ] {
        let row = one(items_with(file, content, &options("uid")));
        assert_eq!((row.contact.id.as_str(), text(&row.contact, &custom("uid"))), ("c7", Some("c7")), "{content}");
    }
    for (file, content) in [("a.csv", "id,email\n1,a@example.com\n"), ("a.jsonl", r#"{"id":"1"}"#)] {
        let mut input = read_bytes(file, content.as_bytes().to_vec(), &options("customer")).expect("an input");
        assert_eq!(input.by_ref().count(), 1);
        assert_eq!(input.unseen_identifiers().collect::<Vec<_>>(), ["customer"]);
    }
    let replaced = Problem::IdentifierColumn { header: "Status".into() };
    assert_eq!(
        faults(&items_with("a.csv", "id,email,Status\n1,a@example.com,x\n", &options("status"))),
        [(0, replaced)]
    );
}

#[test]
fn ids_that_say_that_there_is_none_are_none() {
    let ids_of = |file: &str, content: &str| {
        let found = items(file, content);
        let count = faults(&found).iter().filter(|(_, problem)| *problem == Problem::PlaceholderId).count();
        (ids(found), count)
    };
    let strings = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
    let table = "id,email\nnull,a@example.com\nN/A,b@example.com\n--,c@example.com\n0,d@example.com\n7,e@example.com\n";
    assert_eq!(ids_of("a.csv", table), (strings(&["line-2", "line-3", "line-4", "0", "7"]), 3));
    let lines =
        "{\"id\":\"none\",\"email\":\"a@example.com\"}\n{\"id\":\"-\",\"email\":\"b@example.com\"}\n{\"id\":0}\n";
    assert_eq!(ids_of("a.jsonl", lines), (strings(&["line-1", "line-2", "0"]), 2));
    let card = |uid: &str, name: &str| format!("BEGIN:VCARD\nUID:{uid}\nFN:{name}\nEND:VCARD\n");
    let cards = [card("null", "Ada"), card("NULL", "Max"), card("0", "Bea"), card("x", "Zoe")].concat();
    assert_eq!(ids_of("a.vcf", &cards), (strings(&["line-1", "line-5", "0", "x"]), 2));
    // One zero may be an id; several are not the same contact.
    let table = "id,email\n0,a@example.com\n1,b@example.com\n00,c@example.com\n";
    assert_eq!(ids_of("a.csv", table), (strings(&["0", "1", "00"]), 0));
    let table = table.replace("00,", "0,");
    let table = table.as_str();
    assert_eq!(ids_of("a.csv", table), (strings(&["line-2", "1", "line-4"]), 2));
    let lines = "{\"id\":0,\"email\":\"a@example.com\"}\n{\"id\":\"0\",\"email\":\"b@example.com\"}\n";
    assert_eq!(ids_of("a.jsonl", lines), (strings(&["line-1", "line-2"]), 2));
    let cards = [card("0", "Ada"), card("0", "Max"), card("x", "Zoe")].concat();
    assert_eq!(ids_of("a.vcf", &cards), (strings(&["line-1", "line-5", "x"]), 2));
}

#[test]
fn the_format_can_be_given() {
    let options = Options { format: Some(Format::JsonLines), ..Options::default() };
    let input = read_bytes("a.csv", br#"{"id":"1"}"#.to_vec(), &options).expect("an input");
    assert_eq!((input.format(), input.count()), (Format::JsonLines, 1));
}

#[test]
fn rows_without_an_id_get_one_that_no_row_of_the_input_has() {
    let found = rows(items("a.csv", "id,email\n,a@example.com\n  ,b@example.com\n"));
    assert_eq!((found[0].contact.id.as_str(), found[0].id_origin), ("line-2", IdOrigin::Line));
    assert_eq!(found[1].contact.id, "line-3");
    assert_eq!(ids(items("a.csv", "id,email\n,a@example.com\nline-2,b@example.com\n")), ["line--2", "line-2"]);
    assert_eq!(ids(items("a.csv", "id,email\n,a@online-2.example\n")), ["line-2"]);
}

#[test]
fn a_second_row_with_an_id_is_left_out_in_its_workspace_only() {
    let mut seen = SeenIds::new();
    let options = Options { workspace_column: Some("t".into()), ..Options::default() };
    let table = "id,email,t\n1,a@example.com,x\n1,b@example.com,y\n1,c@example.com,x\n,d@example.com,x\n";
    let mut found = rows(items_with("a.csv", table, &options));
    let outcomes: Vec<_> = found.iter_mut().map(|row| seen.admit(row)).collect();
    assert_eq!(outcomes, [Ok(()), Ok(()), Err(Problem::DuplicateId), Ok(())]);
    let mut again = rows(items_with("b.csv", table, &options)).remove(3);
    assert_eq!(seen.admit(&mut again), Ok(()));
    assert_eq!(again.contact.id, "line-5-2");
}
