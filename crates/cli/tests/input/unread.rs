//! What is not read although phones or emails stand in it is said once a file, the same by both ways of reading.

use onefold_files::Problem;

use crate::command::{Folder, text};
use crate::rows::{faults, items, items_with, mapped};

fn unread(header: &str, field: &'static str, count: usize) -> (u64, Problem) {
    let kind = if field.ends_with("email") { "email" } else { "phone" };
    (0, Problem::UnreadValues { header: header.to_owned(), kind, field, count })
}

const TABLE: &str = "id,email,Adres poczty,Kontakt,Created,Amount,Code,Fax,Notes\n\
    1,a@example.com,a2@example.com,+44 7400 123456,2024-05-01,1 234 567,12345-678,+442079460199,call me\n\
    2,b@example.com,,07400 123457,2024-05-02,12.50,0012345678,+442079460199,see x@example.com\n\
    3,c@example.com,n/a,-,,,1234567890123,,\n";

#[test]
fn columns_members_and_properties_that_are_not_read_are_named() {
    let said = [unread("Adres poczty", "email", 1), unread("Kontakt", "phone", 2)];
    assert_eq!(faults(&items("a.csv", TABLE)), said);
    assert_eq!(faults(&items("a.csv", TABLE.replace('\n', "\r"))), said);
    assert_eq!(faults(&items_with("a.csv", TABLE, &mapped(&["phone=Kontakt"]))), said[..1]);
    let json = r#"{"id":1,"email":"a@example.com","poczta":["a2@example.com"],"dom":{"numer":"+44 7400 123456"},"kody":[1,2]}"#;
    let said = [unread("poczta", "email", 1), unread("dom.numer", "phone", 1)];
    assert_eq!(faults(&items("a.jsonl", json)), said);
    assert_eq!(faults(&items("a.json", format!("[{json}]"))), said);
    // What is mapped takes the place of what was guessed.
    let mapping = mapped(&["phone=dom.numer", "email=poczta"]);
    assert_eq!(faults(&items_with("a.jsonl", json, &mapping)), [unread("email", "email", 1)]);
    let card = "BEGIN:VCARD\nUID:1\nX-MOBIL:+44 7400 123456\nX-JABBER:a@example.com\nNOTE:a@example.com and more text\nTEL;FAX:+442079460199\nEND:VCARD\n";
    assert_eq!(faults(&items("a.vcf", card)), [unread("x-mobil", "phone", 1)]);
    assert_eq!(faults(&items_with("a.vcf", card, &mapped(&["phone=x-mobil"]))), []);
}

#[test]
fn bare_digits_and_the_numbers_of_a_firm_are_named_and_ids_are_not() {
    let header = "id,email,SMS,Tel-Nr.,Main Number,Zentrale,ph,Kundennummer,PLZ,Order no,Created,Amount";
    let rows = "1,a@example.com,447400123456,7400123456,442079460100,2079460100,7400123,4474001234,10115,447400123456,20240501,1234567890\n\
                2,b@example.com,447400123457,7400123457,442079460100,2079460100,7400124,4474001235,10117,447400123457,20240502,1234567891\n";
    let table = format!("{header}\n{rows}");
    let said = faults(&items("a.csv", table.clone()));
    let wanted = [
        unread("SMS", "phone", 2),
        unread("Main Number", "custom.company_phone", 2),
        unread("Zentrale", "custom.company_phone", 2),
        unread("ph", "phone", 2),
    ];
    assert_eq!(said, wanted);
    // The mapping that is named reads a firm's number as one, and nobody is joined by it.
    let folder = Folder::new();
    folder.file("a.csv", table.replace("a@", "x@"));
    let output = folder.onefold(&["suggest", "a.csv", "--region", "GB", "--map", "custom.company_phone=Main Number"]);
    assert_eq!(text(&output.stdout), "");
    let json = r#"{"id":1,"email":"a@example.com","sms":447400123456,"custom":{"zentrale":"442079460100","kunde":447400123456}}"#;
    let said = faults(&items("a.jsonl", json));
    assert!(said.contains(&unread("sms", "phone", 1)), "{said:?}");
}

#[test]
fn all_commands_say_it_once_a_file() {
    let folder = Folder::new();
    let line = |name: &str| {
        let count = if name == "in.csv" { 2 } else { 1 };
        format!(
            "{name}: \"Kontakt\" is not read, but phones seem to stand in it ({count} in the first rows); --map \
             phone=\"Kontakt\" reads it"
        )
    };
    folder.file("in.csv", TABLE);
    folder.file(
        "in.jsonl",
        r#"{"id":1,"email":"a@example.com","Kontakt":"+44 7400 123456"}"#.to_owned() + "\n{\"id\":2}\n",
    );
    for (name, arguments) in [
        ("in.csv", vec!["suggest", "in.csv"]),
        ("in.csv", vec!["suggest", "in.csv", "--count", "--chunk-bytes", "64"]),
        ("in.csv", vec!["keys", "in.csv"]),
        ("in.csv", vec!["merge", "in.csv", "--output", "out.csv", "--patches", "p"]),
        ("in.csv", vec!["db", "import", "x.db", "in.csv"]),
        ("in.jsonl", vec!["suggest", "in.jsonl"]),
        ("in.jsonl", vec!["keys", "in.jsonl"]),
    ] {
        let output = folder.onefold(&arguments);
        let said = text(&output.stderr);
        assert_eq!(said.lines().filter(|said| **said == line(name)).count(), 1, "{arguments:?} {said}");
    }
}
