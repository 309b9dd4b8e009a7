//! A card that is written for a merged contact: which lines stay, and how the others are written.

use onefold::{Contact, Field, Normalizer, Value};
use onefold_files::{Composed, Options, Row, like};

use crate::merged_rows::{card, open, united};

/// Writes the card of the first contact for the union of all, or for what `change` makes of it.
#[track_caller]
fn composed(cards: &[String], change: impl Fn(&mut Contact<String>)) -> Composed {
    let (input, rows) = open("a.vcf", cards.concat().as_bytes(), &Options::default()).expect("an input");
    let mut merged = united(&rows.iter().collect::<Vec<&Row>>(), &[]);
    change(&mut merged);
    let segments: Vec<&[u8]> = cards.iter().map(String::as_bytes).collect();
    like(&input.shape(), &Options::default()).expect("an input").compose(&segments, &merged).expect("a card")
}

#[track_caller]
fn assert_union(cards: &[String], expected: &str, misfits: &[&str]) {
    let composed = composed(cards, |_| ());
    assert_eq!(String::from_utf8_lossy(&composed.segment), expected);
    assert_eq!(composed.misfits, misfits);
}

#[test]
fn lines_of_one_version_are_copied_with_the_line_ends_of_the_card() {
    let own = "EMAIL;TYPE=PREF:a@example.com\nTEL;TYPE=CELL:+1 202 555 0101\n";
    let other = "tel;type=\"work,pref\":+1 202\n  555 0102\nFN:Ada\\, Lima\nTEL:+1 202 555 0103\n";
    assert_union(
        &[card("3.0", own, "\r\n"), card("3.0", other, "\n")],
        &card(
            "3.0",
            &format!("{own}tel;type=\"work\":+1 202\n  555 0102\nTEL:+1 202 555 0103\nFN:Ada\\, Lima\n"),
            "\r\n",
        ),
        &[],
    );
    assert_union(
        &[card("3.0", "NOTE:a\n", "\n"), card("3.0", other, "\n")],
        &card("3.0", "NOTE:a\nFN:Ada\\, Lima\ntel;type=\"work,pref\":+1 202\n  555 0102\nTEL:+1 202 555 0103\n", "\n"),
        &[],
    );
}

#[test]
fn lines_of_another_version_are_written_in_that_of_the_card() {
    let old = "TEL;CELL;PREF:+1 202 555 0101\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BC=\nller;J\nNOTE;ENCODING=QUOTED-PRINTABLE:one,=0D=0Atwo;=\n=20three\n";
    assert_union(
        &[card("4.0", "EMAIL:a@example.com\n", "\n"), card("2.1", old, "\n")],
        &card(
            "4.0",
            "EMAIL:a@example.com\nN:M\u{fc}ller;J\nTEL;TYPE=CELL;PREF=1:+1 202 555 0101\nNOTE:one\\,\\ntwo\\; three\n",
            "\n",
        ),
        &[],
    );
    let new = "TEL;PREF=1;TYPE=\"cell,voice\":+1 202 555 0101\nNOTE:caf\u{e9}\\, \\n2\nORG:Example\\, Inc.;Sales\n";
    assert_union(
        &[card("2.1", "EMAIL:a@example.com\n", "\r\n"), card("4.0", new, "\n")],
        &card(
            "2.1",
            "EMAIL:a@example.com\nTEL;PREF;cell;voice:+1 202 555 0101\n\
             NOTE;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:caf=C3=A9,=20=0D=0A2\nORG:Example, Inc.;Sales\n",
            "\r\n",
        ),
        &[],
    );
}

#[test]
fn values_that_are_no_texts_are_carried_as_written() {
    let own = "FN:Ada\n";
    let android = "X-ANDROID-CUSTOM:vnd.android.cursor.item/nickname;Addy;1;;\nURL:http://example.com/?a=1;b=2,3\n\
                   BDAY:1990-01-01\nGEO:37.38;-122.08\n";
    assert_union(
        &[card("3.0", own, "\n"), card("2.1", &format!("{android}ADR;HOME:;;Main 1, Apt 2;Berlin;;10115;\n"), "\n")],
        &card(
            "3.0",
            &format!(
                "{own}ADR;TYPE=HOME:;;Main 1\\, Apt 2;Berlin;;10115;\n\
                 BDAY:1990-01-01\nGEO:37.38;-122.08\nURL:http://example.com/?a=1;b=2,3\n\
                 X-ANDROID-CUSTOM:vnd.android.cursor.item/nickname;Addy;1;;\n"
            ),
            "\n",
        ),
        &[],
    );
    assert_union(
        &[card("2.1", own, "\n"), card("3.0", "ADR:;;1\\, Main\\nFloor 2;Berlin;;10115;\n", "\n")],
        &card("2.1", &format!("{own}ADR;ENCODING=QUOTED-PRINTABLE:;;1,=20Main=0D=0AFloor=202;Berlin;;10115;\n"), "\n"),
        &[],
    );
    let phone = "TEL:+49 30 123456\nURL:http://example.com\n";
    let others = "TEL;VALUE=uri;PREF=1:tel:+1-201-555-\n 0123;ext=5\nX-FOO;PREF=1:a;b\\;c,d\n";
    assert_union(
        &[card("4.0", phone, "\n"), card("4.0", others, "\n")],
        &card(
            "4.0",
            "TEL:+49 30 123456\nTEL;VALUE=uri:tel:+1-201-555-\n 0123;ext=5\nURL:http://example.com\n\
             X-FOO;PREF=1:a;b\\;c,d\n",
            "\n",
        ),
        &[],
    );
    let fax = "TEL;TYPE=\"voice,home\";VALUE=uri:tel:+1-201-555-0123;ext=5\n";
    assert_union(
        &[card("3.0", "FN:Ada\n", "\n"), card("4.0", fax, "\n")],
        &card("3.0", "FN:Ada\nTEL;TYPE=voice;TYPE=home;VALUE=uri:tel:+1-201-555-0123;ext=5\n", "\n"),
        &[],
    );
}

#[test]
fn a_property_that_breaks_the_card_is_left_out_alone() {
    let own = card("3.0", "FN:Ada\n", "\n");
    let composed = composed(std::slice::from_ref(&own), |contact| {
        contact.fields.insert(Field::Other("x-addressbookserver-kind".into()), "group".into());
        contact.fields.insert(Field::Email, Value::List(vec!["a@example.com".into()]));
        contact.fields.insert(Field::Other("title".into()), "Dr.".into());
    });
    let expected = card("3.0", "FN:Ada\nEMAIL:a@example.com\nTITLE:Dr.\n", "\n");
    assert_eq!(String::from_utf8_lossy(&composed.segment), expected);
    assert_eq!(composed.misfits, ["x-addressbookserver-kind"]);
    let text = format!("{}END:VCARD rest", "x".repeat(70));
    let note = format!("NOTE:{text}\nEMAIL:a@example.com\n");
    assert_union(
        &[own, card("2.1", &note, "\n")],
        &card("3.0", &format!("FN:Ada\nEMAIL:a@example.com\nNOTE:{}\n ND:VCARD rest\n", &text[..71]), "\n"),
        &[],
    );
}

#[test]
fn cards_of_many_lines_are_written() {
    let lines = |name: char, count: usize| -> String {
        let line =
            |n: usize| format!("item{n}.EMAIL:{name}{n}@example.com\nitem{n}.X-ABLabel:Desk\nTEL:+1 202 555 {n:04}\n");
        (0..count).map(line).collect()
    };
    let cards = [card("3.0", &lines('a', 3_000), "\n"), card("3.0", &lines('b', 3_000), "\n")];
    let union = composed(&cards, |_| ());
    let second = String::from_utf8_lossy(&union.segment).matches("EMAIL:b").count();
    assert_eq!((second, union.misfits.len()), (3_000, 0));
    let back = composed(&[String::from_utf8_lossy(&union.segment).into_owned()], |contact| {
        contact.fields.remove(&Field::Email);
        contact.fields.insert(Field::Phone, Value::List(vec!["+1 202 555 0003".into()]));
    });
    assert_eq!(String::from_utf8_lossy(&back.segment), card("3.0", "TEL:+1 202 555 0003\n", "\n"));
}

#[test]
fn groups_are_renamed_where_the_card_has_them() {
    let own = "item1.TEL:+1 202 555 0101\nitem1.X-ABLabel:Desk\nitem2.EMAIL:a@example.com\n";
    let other = "item1.TEL:+1 202 555 0102\nitem1.X-ABLabel:Boat\nITEM3.EMAIL:b@example.com\nITEM3.X-ABLabel:Home\n";
    assert_union(
        &[card("3.0", own, "\n"), card("3.0", other, "\n")],
        &card(
            "3.0",
            "item1.TEL:+1 202 555 0101\nitem1.X-ABLabel:Desk\nitem3.TEL:+1 202 555 0102\nitem3.X-ABLabel:Boat\n\
             item2.EMAIL:a@example.com\nitem4.EMAIL:b@example.com\nitem4.X-ABLabel:Home\n",
            "\n",
        ),
        &[],
    );
}

#[test]
fn a_group_stays_together_and_has_its_label_once() {
    let own = "item1.TEL:+1 202 555 0101\nitem1.X-ABLabel:Desk\n";
    let other = "item1.X-ABDATE;type=pref:2020-01-01\nitem1.X-ABLabel:_$!<Anniversary>!$_\nitem1.X-OTHER:zz\n";
    assert_union(
        &[card("3.0", own, "\n"), card("3.0", other, "\n")],
        &card(
            "3.0",
            &format!(
                "{own}item2.X-ABDATE;type=pref:2020-01-01\nitem2.X-ABLabel:_$!<Anniversary>!$_\nitem2.X-OTHER:zz\n"
            ),
            "\n",
        ),
        &[],
    );
}

#[test]
fn tags_and_names_change_in_their_lines() {
    let own = "CATEGORIES:a,b\\,c\nN:Lima;;Maria;;\n";
    let other = "CATEGORIES:c,a\nN:Lima;Ada;;;\n";
    assert_union(
        &[card("3.0", own, "\n"), card("3.0", other, "\n")],
        &card("3.0", "CATEGORIES:a,b\\,c,c\nN:Lima;Ada;Maria;;\n", "\n"),
        &[],
    );
}

#[test]
fn a_country_of_another_contact_is_an_address_of_its_own() {
    let own = "ADR;TYPE=HOME:;;1 Main St;Town;;;\n";
    assert_union(
        &[card("3.0", own, "\n"), card("3.0", "ADR:;;2 Main St;;;;Brasil\n", "\n")],
        &card("3.0", &format!("{own}ADR:;;;;;;Brasil\n"), "\n"),
        &[],
    );
}

#[test]
fn values_that_leave_take_their_labels_with_them_and_the_order_is_the_contacts() {
    let own = card(
        "3.0",
        "item1.TEL;TYPE=PREF:+1 202 555 0101\nitem1.X-ABLabel:Desk\nTEL;TYPE=CELL:+1 202 555 0102\n\nTEL:+1 202 555 0103\n",
        "\n",
    );
    let phones = |phones: &[&str]| {
        let composed = composed(std::slice::from_ref(&own), |contact| {
            let values = phones.iter().map(|phone| Value::from(*phone)).collect();
            contact.fields.insert(Field::Phone, Value::List(values));
        });
        assert!(composed.misfits.is_empty(), "{:?}", composed.misfits);
        String::from_utf8(composed.segment).expect("UTF-8")
    };
    assert_eq!(
        phones(&["+1 202 555 0102", "+1 202 555 0103"]),
        card("3.0", "TEL;TYPE=CELL:+1 202 555 0102\n\nTEL:+1 202 555 0103\n", "\n")
    );
    assert_eq!(
        phones(&["+1 202 555 0103", "+1 202 555 0109", "+1 202 555 0101"]),
        card(
            "3.0",
            "TEL:+1 202 555 0103\nTEL:+1 202 555 0109\nitem1.TEL:+1 202 555 0101\nitem1.X-ABLabel:Desk\n\n",
            "\n"
        )
    );
    assert_eq!(
        phones(&["+1 202 555 0101", "+1 202 555 0103", "+12025550102"]),
        card(
            "3.0",
            "item1.TEL;TYPE=PREF:+1 202 555 0101\nitem1.X-ABLabel:Desk\n\nTEL:+1 202 555 0103\nTEL;TYPE=CELL:+12025550102\n",
            "\n"
        ),
        "another spelling is written with the types of the first one"
    );
}

#[test]
fn a_second_spelling_of_a_number_stays() {
    let own = "TEL;TYPE=CELL:+1 202 555 0101\nX-WHATSAPP:12025550101\nTEL:+1 202 555 0102\nEMAIL:A@example.com\nEMAIL:a@example.com\n";
    let composed = composed(&[card("3.0", own, "\n"), card("3.0", "FN:Ada\n", "\n")], |contact| {
        contact
            .fields
            .insert(Field::Phone, Value::List(["+1 202 555 0101", "+1 202 555 0102"].map(Value::from).to_vec()));
        contact.fields.insert(Field::Email, Value::List(vec!["A@example.com".into()]));
    });
    assert_eq!(String::from_utf8_lossy(&composed.segment), card("3.0", &format!("{own}FN:Ada\n"), "\n"));
    assert_eq!(composed.misfits, [] as [&str; 0]);
}

#[test]
fn a_spelling_without_a_country_code_stays_where_the_region_is_known() {
    let own = card("3.0", "TEL:+4930123456\nTEL;TYPE=WORK:030 123456\n", "\n");
    let (input, rows) = open("a.vcf", own.as_bytes(), &Options::default()).expect("an input");
    let mut merged = rows[0].contact.clone();
    merged.fields.insert(Field::Phone, Value::List(["+4930123456", "+4930999999"].map(Value::from).to_vec()));
    let of_region = Normalizer::builder().region("DE".parse().expect("a region")).build();
    for (normalizer, stays) in [(Normalizer::new(), false), (of_region, true)] {
        let mut alone = like(&input.shape(), &Options::default()).expect("an input").with_normalizer(normalizer);
        let composed = alone.compose(&[own.as_bytes()], &merged).expect("a card");
        let work = if stays { "TEL;TYPE=WORK:030 123456\n" } else { "" };
        let expected = card("3.0", &format!("TEL:+4930123456\n{work}TEL:+4930999999\n"), "\n");
        assert_eq!(String::from_utf8_lossy(&composed.segment), expected);
        assert_eq!(composed.misfits, [] as [&str; 0]);
    }
}

#[test]
fn what_a_card_has_no_place_for_is_named() {
    let own = card("3.0", "EMAIL:a@example.com\n", "\n");
    let composed = composed(std::slice::from_ref(&own), |contact| {
        contact.blocked = true;
        contact.fields.insert(Field::Assignee, "eva".into());
        contact.fields.insert(Field::Other("no name".into()), "x".into());
        contact.fields.insert(Field::Other("x-text".into()), "a\rb\nTEL:1".into());
    });
    assert_eq!(composed.segment, card("3.0", "EMAIL:a@example.com\nX-TEXT:a\\nb\\nTEL:1\n", "\n").into_bytes());
    assert_eq!(composed.misfits, ["assignee", "no name", "x-text", "blocked"]);
}

#[test]
fn a_picture_of_another_card_comes_if_the_card_has_none() {
    let (photo, logo) = ("item1.PHOTO;ENCODING=b:/9j/\n AA\n", "LOGO:data:image/png;base64,AAAA\n");
    let agent = "AGENT:\nBEGIN:VCARD\nFN:x\nEND:VCARD\n";
    let own = card("3.0", "item1.FN:x\nPHOTO:\nLOGO;ENCODING=b: \n", "\n");
    let others = [
        card("3.0", "PHOTO:\nSOUND:\n", "\n"),
        card("3.0", &format!("{photo}{agent}"), "\r\n"),
        card("4.0", logo, "\n"),
        card("3.0", photo, "\n"),
        card("3.0", "PHOTO:data:,x\n", "\n"),
    ];
    let (mut input, _) = open("a.vcf", own.as_bytes(), &Options::default()).expect("an input");
    let contact = input.reread(own.as_bytes()).expect("a card").contact;
    let composed = input.compose(&[own.as_bytes()], &contact).expect("a card");
    let segments: Vec<&[u8]> = others.iter().map(String::as_bytes).collect();
    let with_unread = input.with_unread(composed, &segments);
    let expected = card("3.0", "item1.FN:x\nPHOTO:\nitem2.PHOTO;ENCODING=b:/9j/\n AA\nLOGO;ENCODING=b: \n", "\n");
    assert_eq!(String::from_utf8_lossy(&with_unread.segment), expected);
    assert_eq!(with_unread.misfits, ["agent", "logo", "photo"]);
    let without = input.without_unread(&with_unread.segment, &with_unread.segment, own.as_bytes());
    assert_eq!(String::from_utf8_lossy(&without), own);
    let stays = input.without_unread(&with_unread.segment, &with_unread.segment, segments[1]);
    assert_eq!(String::from_utf8_lossy(&stays), expected, "the card had it before");
}

#[test]
fn an_unclosed_card_and_bytes_of_windows_1252_stay_so() {
    let own = b"BEGIN:VCARD\nVERSION:3.0\nFN:Ren\xe9\nTEL:+1 202 555 0101".to_vec();
    let other = card("3.0", "EMAIL:a@example.com\nNOTE;LANGUAGE=fr:No\u{eb}l\n", "\n").into_bytes();
    let (mut input, _) = open("a.vcf", &own, &Options::default()).expect("an input");
    let row = input.reread(&own).expect("a card");
    let mut merged = row.contact;
    merged.fields.insert(Field::Email, Value::List(vec!["a@example.com".into()]));
    merged.fields.insert(Field::Other("title".into()), "Zo\u{eb}".into());
    let composed = input.compose(&[&own, &other], &merged).expect("a card");
    let expected = [own.as_slice(), b"\nEMAIL:a@example.com\nTITLE:Zo\xeb\n"].concat();
    assert_eq!(String::from_utf8_lossy(&composed.segment), String::from_utf8_lossy(&expected));
    assert!(composed.misfits.is_empty());
}

#[test]
fn one_of_several_cards_of_a_contact_is_no_row() {
    let cards =
        [card("3.0", "UID:1\nFN:a\n", "\n"), card("3.0", "UID:1\nFN:b\n", "\n"), card("3.0", "UID:2\nFN:c\n", "\n")];
    let (mut input, rows) = open("a.vcf", cards.concat().as_bytes(), &Options::default()).expect("an input");
    assert_eq!(rows.len(), 2);
    assert!(input.reread(cards[0].as_bytes()).is_none());
    assert!(input.reread(cards[1].as_bytes()).is_none());
    assert!(input.reread(cards[2].as_bytes()).is_some());
    assert!(input.reread(cards[1..].concat().as_bytes()).is_none(), "these are two");
    assert!(input.reread(&cards[2].as_bytes()[1..]).is_none());
}
