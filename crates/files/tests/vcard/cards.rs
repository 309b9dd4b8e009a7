//! vCards of all versions, and broken ones.

use onefold::Field;
use onefold_files::Problem;

use crate::rows::{emails, faults, ids, items, one, other, phones, text};

fn card(lines: &str) -> String {
    format!("BEGIN:VCARD\r\n{}\r\nEND:VCARD\r\n", lines.replace('\n', "\r\n"))
}

#[test]
fn vcards_of_all_versions_give_their_fields() {
    let row = one(items(
        "a.vcf",
        card(
            "VERSION:3.0\nitem1.EMAIL;type=INTERNET:b@example.com\nEMAIL;type=INTERNET,PREF:a@example.com\nN:Lima;Zélia;Maria;;\nFN:Zélia\\, Lima\nUID:urn:uuid:1\nTEL;TYPE=CELL:+1 202 555 0101\nTEL;VALUE=uri;TYPE=\"voice,work\":tel:+1-202-555-0102;ext=12\nCATEGORIES:a\\,b,c\nADR;TYPE=home:;;1 Main St;Town;;123;Brasil\nLANG;PREF=2:en\nLANG;PREF=1:pt\nNOTE:long\n  note\\nwith \\; more\nX-WHATSAPP:+12025550103\nURL:http\\://example.com\nREV:2024-05-01T10:00:00Z\nPHOTO;ENCODING=b;TYPE=JPEG:/9j/\n 4AAQ",
        ),
    ));
    let contact = &row.contact;
    assert_eq!(contact.id, "urn:uuid:1");
    assert_eq!(emails(contact), ["a@example.com", "b@example.com"]);
    assert_eq!(phones(contact), ["+1 202 555 0101", "tel:+1-202-555-0102;ext=12", "+12025550103"]);
    assert_eq!(text(contact, &Field::DisplayName), Some("Zélia, Lima"));
    assert_eq!((text(contact, &Field::FirstName), text(contact, &Field::LastName)), (Some("Zélia"), Some("Lima")));
    assert_eq!(contact.tags().collect::<Vec<_>>(), ["a,b", "c"]);
    assert_eq!((contact.country(), text(contact, &Field::Language)), (Some("Brasil"), Some("pt")));
    assert_eq!(other(contact, "note"), Some("long note\nwith ; more"));
    assert_eq!(other(contact, "url"), Some("http://example.com"));
    assert_eq!(other(contact, "photo"), None);
    assert_eq!(contact.updated_at().map(onefold::Time::millis), Some(1_714_557_600_000));
    assert_eq!(row.problems, []);
}

#[test]
fn old_vcards_with_quoted_printable_and_character_sets_are_decoded() {
    let row = one(items(
        "a.vcf",
        b"begin:vcard\nversion:2.1\nn;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:M=FCl=\nler;J\xfcrgen\nfn;charset=windows-1252:J\xfcrgen\ntel;cell;pref:2025550101\nnote;charset=x-none:a\nend:vcard\n".to_vec(),
    ));
    assert_eq!(text(&row.contact, &Field::LastName), Some("Müller"));
    assert_eq!(text(&row.contact, &Field::DisplayName), Some("Jürgen"));
    assert_eq!(phones(&row.contact), ["2025550101"]);
    assert_eq!(row.problems, [Problem::UnknownCharset { field: "note".into() }]);
}

#[test]
fn broken_cards_are_reported_and_read_as_far_as_they_go() {
    let found = items(
        "a.vcf",
        "junk\nmore\nBEGIN:VCARD\nUID:1\nnothing\nBEGIN:VCARD\nUID:2\nEND:VCARD\nEND:VCARD\nBEGIN:VCARD\nKIND:group\nFN:x\nEND:VCARD\nBEGIN:VCARD\nVERSION:3.0\nEND:VCARD\nBEGIN:VCARD\nUID:3\nAGENT:\nBEGIN:VCARD\nUID:4\nEND:VCARD\nTEL:2025550101",
    );
    assert_eq!(
        faults(&found),
        [
            (1, Problem::OutsideCard),
            (3, Problem::NotAProperty { line: 5 }),
            (3, Problem::UnclosedCard),
            (9, Problem::OutsideCard),
            (10, Problem::GroupCard),
            (14, Problem::NoValue),
            (17, Problem::UnclosedCard),
        ]
    );
    assert_eq!(ids(found), ["1", "2", "3"]);
}

#[test]
fn problems_show_names_and_no_values() {
    let shown =
        format!("{} {}", Problem::LoneSurrogate { field: "first_name".into() }, Problem::NotAProperty { line: 5 });
    assert_eq!(
        shown,
        "first_name holds half of a surrogate pair, read as U+FFFD line 5 of the card's file is no property, left out"
    );
    let found = items("a.csv", "email,phone,x\ncanary@example.com,canary,canary,canary\n\"canary,1\n");
    assert!(!format!("{found:?}").contains("canary"));
}
