//! vCards whose lines are put together in unusual ways: no card may have what belongs to another.

use onefold::Field;
use onefold_files::{Item, Problem};

use crate::rows::{emails, faults, ids, items, items_with, mapped, one, other, phones, rows, text};

/// The ids and phones of all contacts.
#[track_caller]
fn people(content: impl Into<Vec<u8>>) -> Vec<(String, Vec<String>)> {
    let phones = |item: &Item| match item {
        Item::Contact(row) => Some((row.contact.id.clone(), row.contact.phones().map(str::to_owned).collect())),
        _ => None,
    };
    items("a.vcf", content).iter().filter_map(phones).collect()
}

fn pair(id: &str, phone: &str) -> (String, Vec<String>) {
    (id.to_owned(), vec![phone.to_owned()])
}

fn card(id: &str, phone: &str) -> String {
    format!("BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{id}\r\nTEL:{phone}\r\nEND:VCARD\r\n")
}

const ADA: &str = "+442079460101";
const BOB: &str = "+442079460102";

#[test]
fn cards_end_and_begin_on_one_line() {
    let (ada, bob) = (card("a", ADA), card("b", BOB));
    let both = [pair("a", ADA), pair("b", BOB)];
    for glue in ["", " ", "\t ", "\u{feff}", "\r\n\u{feff}", "\r\n\r\n", "\r"] {
        let content = format!("{}{glue}{bob}", ada.trim_end());
        assert_eq!(people(content.as_str()), both, "{glue:?}");
        assert_eq!(faults(&items("a.vcf", content.to_lowercase())), [], "{glue:?}");
    }
    // The end stands behind the last value.
    let glued = ada.replace("\r\nEND:VCARD", "END:VCARD");
    assert_eq!(people(format!("{glued}{bob}")), both);
    assert_eq!(people(format!("{bob}{glued}")), [pair("b", BOB), pair("a", ADA)]);
    assert_eq!(people(format!("{}{bob}", glued.trim_end())), both);
    // So does the next beginning, if the end is lost.
    let open = ada.replace("\r\nEND:VCARD\r\n", "");
    assert_eq!(people(format!("{open}{bob}")), both);
    assert_eq!(faults(&items("a.vcf", format!("{open}{bob}"))), [(1, Problem::UnclosedCard)]);
    // Blanks at the start and the end of lines, and other ends of lines in one of the cards.
    assert_eq!(people(format!(" {}  \r\n {bob}", ada.trim_end())), both);
    assert_eq!(people(format!("{}{bob}", ada.replace("\r\n", "\r"))), both);
    assert_eq!(
        people(format!("{}{bob}", ada.replace(':', ": ").replace(": \r", ":\r").replace("UID: ", "UID:"))).len(),
        2
    );
}

#[test]
fn a_text_about_cards_ends_none() {
    let note =
        format!("{}NOTE:see END:VCARD\r\nTEL:{BOB}\r\nEND:VCARD\r\n", card("a", ADA).replace("END:VCARD\r\n", ""));
    let row = one(items("a.vcf", note));
    assert_eq!((phones(&row.contact), other(&row.contact, "note")), (vec![ADA, BOB], Some("see END:VCARD")));
    let note =
        format!("{}NOTE:BEGIN:VCARD\\nTEL:1\\nEND:VCARD\r\nEND:VCARD\r\n", card("a", ADA).replace("END:VCARD\r\n", ""));
    let row = one(items("a.vcf", note));
    assert_eq!((phones(&row.contact), other(&row.contact, "note")), (vec![ADA], Some("BEGIN:VCARD\nTEL:1\nEND:VCARD")));
}

#[test]
fn cards_of_agents_stay_inside() {
    let inner = format!("BEGIN:VCARD\r\nVERSION:2.1\r\nUID:x\r\nTEL:{BOB}\r\nEND:VCARD\r\n");
    let head = format!("BEGIN:VCARD\r\nVERSION:2.1\r\nUID:a\r\nTEL:{ADA}\r\n");
    for agent in [
        format!("AGENT:\r\n{inner}"),
        format!("AGENT:{inner}"),
        format!("item1.AGENT:{}", inner.replace("END:VCARD", &format!("AGENT:\r\n{inner}END:VCARD"))),
        format!("AGENT:{}\r\n", inner.trim_end().replace("\r\n", "\\n")),
        "AGENT;VALUE=uri:CID:x@example.com\r\n".to_owned(),
    ] {
        let content = format!("{head}{agent}EMAIL:a@example.com\r\nEND:VCARD\r\n{}", card("b", BOB));
        assert_eq!(people(content.as_str()), [pair("a", ADA), pair("b", BOB)], "{agent}");
        assert_eq!(emails(&rows(items("a.vcf", content))[0].contact), ["a@example.com"], "{agent}");
    }
    // What follows an agent that is named only is the next card.
    let content = format!("{head}AGENT;VALUE=uri:CID:x@example.com\r\n{}", card("b", BOB));
    assert_eq!(people(content), [pair("a", ADA), pair("b", BOB)]);
}

#[test]
fn cards_that_cannot_be_distinguished_are_left_out_and_named() {
    let one_line = format!("BEGIN:VCARD VERSION:3.0 UID:a TEL:{ADA} END:VCARD");
    for content in [one_line.clone(), one_line.replace(' ', ""), one_line.replace(' ', "\\n")] {
        let found = items("a.vcf", format!("{content}{}", card("b", BOB)));
        assert_eq!(faults(&found), [(1, Problem::CardOnOneLine)], "{content}");
        assert_eq!(ids(found), ["b"], "{content}");
    }
    // The lines between two cards are lost.
    let lost = card("a", ADA).replace("END:VCARD\r\n", "") + &card("b", BOB).replace("BEGIN:VCARD\r\n", "");
    for content in [lost.clone(), lost.replace("VERSION:3.0\r\n", "")] {
        let found = items("a.vcf", format!("{content}{}", card("c", BOB)));
        assert_eq!(faults(&found), [(1, Problem::CardsNotSeparated)], "{content}");
        assert_eq!(ids(found), ["c"]);
    }
    let version =
        items("a.vcf", format!("BEGIN:VCARD VERSION:3.0\r\nVERSION:3.0\r\nUID:a\r\nTEL:{ADA}\r\nEND:VCARD\r\n"));
    assert_eq!((faults(&version), ids(version)), (vec![], vec!["a".to_owned()]));
}

#[test]
fn cards_with_the_same_uid_are_one_contact() {
    let content = [
        "BEGIN:VCARD\nUID:u1\nFN:Ada\nTEL:+442079460101\nitem1.TEL:+442079460103\nitem1.X-ABLABEL:mobile\nEND:VCARD\n",
        "BEGIN:VCARD\nUID:u2\nFN:Eve\nEND:VCARD\n",
        "BEGIN:VCARD\nUID:u1\nFN:Ada B\nTEL:+442079460101\nEMAIL:ada@example.com\nitem1.TEL:+442079460199\nitem1.X-ABLABEL:fax\nEND:VCARD\n",
    ];
    let found = items("a.vcf", content.concat());
    assert_eq!(faults(&found), [(12, Problem::SameUid)]);
    let rows = rows(found);
    assert_eq!(rows.len(), 2);
    let ada = &rows[0].contact;
    assert_eq!(
        (ada.id.as_str(), phones(ada), emails(ada)),
        ("u1", vec![ADA, "+442079460103"], vec!["ada@example.com"])
    );
    assert_eq!((text(ada, &Field::DisplayName), other(ada, "fn")), (Some("Ada"), Some("Ada B")));
    assert_eq!(other(ada, "fax phone"), Some("+442079460199"));
    // A UID means something in its workspace, and another property may be the id.
    let options = onefold_files::Options { workspace_column: Some("X-W".into()), ..Default::default() };
    let two = "BEGIN:VCARD\nUID:u\nX-W:1\nEND:VCARD\nBEGIN:VCARD\nUID:u\nX-W:2\nEND:VCARD\n";
    assert_eq!(ids(items_with("a.vcf", two, &options)), ["u", "u"]);
    let two = "BEGIN:VCARD\nUID:u\nX-ID:1\nEND:VCARD\nBEGIN:VCARD\nUID:u\nX-ID:2\nEND:VCARD\n";
    assert_eq!(ids(items_with("a.vcf", two, &mapped(&["id=x-id"]))), ["1", "2"]);
}

#[test]
fn quoted_printable_is_joined_however_its_lines_are_broken() {
    let head = "BEGIN:VCARD\r\nVERSION:2.1\r\n";
    let folded = format!(
        "{head}N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Mu=C3=BC=\r\n ller;J=C3=B6=\r\n\trg\r\nEMAIL;ENCODING=QUOTED-PRINTABLE:joerg.mueller=\r\n @example.com\r\nEND:VCARD\r\n"
    );
    let row = one(items("a.vcf", folded));
    let names = (text(&row.contact, &Field::LastName), text(&row.contact, &Field::FirstName));
    assert_eq!(names, (Some("Mu\u{fc}ller"), Some("J\u{f6}rg")));
    assert_eq!(emails(&row.contact), ["joerg.mueller@example.com"]);
    // Writers that break without folding mean the blank at the start of a line.
    let plain = format!(
        "{head}N;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:=4D=C3=BC=\r\n=6C=6C=65=72\r\nNOTE;ENCODING=QUOTED-PRINTABLE:one=\r\n two= \r\n=0D=0Athree=0D=0A=\r\n\r\nTEL:{ADA}\r\nEND:VCARD\r\n"
    );
    let row = one(items("a.vcf", plain));
    assert_eq!(text(&row.contact, &Field::LastName), Some("M\u{fc}ller"));
    assert_eq!((other(&row.contact, "note"), phones(&row.contact)), (Some("one two\nthree"), vec![ADA]));
    // Each property decides for itself.
    let mixed = format!(
        "{head}NOTE;ENCODING=QUOTED-PRINTABLE:on=\r\ne=\r\n two\r\nN;ENCODING=QUOTED-PRINTABLE:Mue=\r\n ller;Joe=\r\n rg\r\nEMAIL;ENCODING=QUOTED-PRINTABLE:joerg=\r\n @example.com\r\nEND:VCARD\r\n"
    );
    let row = one(items("a.vcf", mixed));
    assert_eq!(other(&row.contact, "note"), Some("one two"));
    let names = (text(&row.contact, &Field::LastName), text(&row.contact, &Field::FirstName));
    assert_eq!(names, (Some("Mueller"), Some("Joerg")));
    assert_eq!(emails(&row.contact), ["joerg@example.com"]);
    // A break that nothing continues hides no property and no end.
    let broken = format!(
        "{head}NOTE;ENCODING=QUOTED-PRINTABLE:one=\r\nTEL;CELL:{ADA}\r\nFN;QUOTED-PRINTABLE:x=\r\nEND:VCARD\r\n"
    );
    let row = one(items("a.vcf", broken));
    assert_eq!((phones(&row.contact), other(&row.contact, "note")), (vec![ADA], Some("one")));
    assert_eq!(text(&row.contact, &Field::DisplayName), Some("x"));
}

#[test]
fn letters_are_right_although_the_card_names_another_character_set() {
    for (line, name) in [
        ("FN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:Zo=C3=AB", "Zo\u{eb}"),
        ("FN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:Zo=EB", "Zo\u{eb}"),
        ("FN;CHARSET=windows-1251;ENCODING=QUOTED-PRINTABLE:=C8=E2=E0=ED", "\u{418}\u{432}\u{430}\u{43d}"),
        ("FN;CHARSET=Shift_JIS;ENCODING=QUOTED-PRINTABLE:=8E=52=93=63", "\u{5c71}\u{7530}"),
        ("FN;ENCODING=QUOTED-PRINTABLE:Zo=C3=AB", "Zo\u{eb}"),
    ] {
        let row = one(items("a.vcf", format!("BEGIN:VCARD\n{line}\nEND:VCARD\n")));
        assert_eq!(text(&row.contact, &Field::DisplayName), Some(name), "{line}");
    }
}

#[test]
fn numbers_of_whatsapp_and_numbers_without_a_colon_are_read() {
    let row = one(items(
        "a.vcf",
        "BEGIN:VCARD\nTEL;waid=447400123456:07400 123456\nTEL;TYPE=CELL;waid=447400123457:+44 7400 999999\nIMPP;X-SERVICE-TYPE=WhatsApp:whatsapp:447400123458\nX-WHATSAPP:447400123459@s.whatsapp.net\nTEL;TYPE=\"HOME\";+31612345678\nEMAIL;TYPE=HOME\nEND:VCARD\n",
    ));
    assert_eq!(
        phones(&row.contact),
        ["+447400123456", "+44 7400 999999", "+447400123457", "+447400123458", "+447400123459", "+31612345678"]
    );
    assert_eq!(other(&row.contact, "tel"), Some("07400 123456"));
    assert_eq!(row.problems, [Problem::MissingColon { line: 6 }, Problem::NotAProperty { line: 7 }]);
}
