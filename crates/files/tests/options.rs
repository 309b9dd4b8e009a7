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
