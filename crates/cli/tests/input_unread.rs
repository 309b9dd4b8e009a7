//! What is not read although phones or emails stand in it is said once a file, the same by both ways of reading.

use onefold_files::Problem;

use crate::command::{Folder, text};
use crate::rows::{faults, items, items_with, mapped};

fn unread(header: &str, field: &'static str) -> (u64, Problem) {
    (0, Problem::UnreadValues { header: header.to_owned(), field })
}

const TABLE: &str = "id,email,Adres poczty,Kontakt,Created,Amount,Code,Fax,Notes\n\
    1,a@example.com,a2@example.com,+44 7400 123456,2024-05-01,1 234 567,12345-678,+442079460199,call me\n\
    2,b@example.com,,07400 123457,2024-05-02,12.50,0012345678,+442079460199,see x@example.com\n\
    3,c@example.com,n/a,-,,,1234567890123,,\n";

#[test]
fn columns_members_and_properties_that_are_not_read_are_named() {
    let said = [unread("Adres poczty", "email"), unread("Kontakt", "phone")];
    assert_eq!(faults(&items("a.csv", TABLE)), said);
    assert_eq!(faults(&items("a.csv", TABLE.replace('\n', "\r"))), said);
    assert_eq!(faults(&items_with("a.csv", TABLE, &mapped(&["phone=Kontakt"]))), said[..1]);
    let json = r#"{"id":1,"email":"a@example.com","poczta":["a2@example.com"],"dom":{"numer":"+44 7400 123456"},"kody":[1,2]}"#;
    let said = [unread("poczta", "email"), unread("dom.numer", "phone")];
    assert_eq!(faults(&items("a.jsonl", json)), said);
    assert_eq!(faults(&items("a.json", format!("[{json}]"))), said);
    // What is mapped takes the place of what was guessed.
    let mapping = mapped(&["phone=dom.numer", "email=poczta"]);
    assert_eq!(faults(&items_with("a.jsonl", json, &mapping)), [unread("email", "email")]);
    let card = "BEGIN:VCARD\nUID:1\nX-MOBIL:+44 7400 123456\nX-JABBER:a@example.com\nNOTE:a@example.com and more text\nTEL;FAX:+442079460199\nEND:VCARD\n";
    assert_eq!(faults(&items("a.vcf", card)), [unread("x-mobil", "phone")]);
    assert_eq!(faults(&items_with("a.vcf", card, &mapped(&["phone=x-mobil"]))), []);
}

#[test]
fn all_commands_say_it_once_a_file() {
    let folder = Folder::new();
    let line = |name: &str| {
        format!("{name}: \"Kontakt\" is not read, but phones seem to stand in it; --map phone=\"Kontakt\" reads it")
    };
    folder.file("in.csv", TABLE);
    folder.file(
        "in.jsonl",
        r#"{"id":1,"email":"a@example.com","Kontakt":"+44 7400 123456"}"#.to_owned() + "\n{\"id\":2}\n",
    );
    for (name, arguments) in [
        ("in.csv", vec!["suggest", "in.csv"]),
        ("in.csv", vec!["suggest", "in.csv", "--count", "--piece-bytes", "64"]),
        ("in.csv", vec!["keys", "in.csv"]),
        ("in.csv", vec!["merge", "in.csv", "--output", "out.csv", "--patches", "p"]),
        ("in.csv", vec!["import", "in.csv", "--db", "x.db"]),
        ("in.jsonl", vec!["suggest", "in.jsonl"]),
        ("in.jsonl", vec!["keys", "in.jsonl"]),
    ] {
        let output = folder.onefold(&arguments);
        let said = text(&output.stderr);
        assert_eq!(said.lines().filter(|said| **said == line(name)).count(), 1, "{arguments:?} {said}");
    }
}
