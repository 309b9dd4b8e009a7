//! JSON arrays and vCards are read in chunks that begin where an element or a card seems to begin. What is written and said must be
//! the same to the byte as if the file was read as a whole.

use std::fmt::Write as _;

use proptest::prelude::*;
use proptest::sample::select;

use crate::suggest::json_lines_equality::object;
use crate::suggest::scan_equality::{ARGUMENTS, check_format};

/// Lines of a card, most of them between its first and its last line.
fn card() -> impl Strategy<Value = String> {
    let line = select(vec![
        "UID:u1",
        "UID:u2",
        "UID:0",
        "UID:\u{e9}",
        "FN:Ada",
        "N:Lovelace;Ada;;;",
        "EMAIL:a@example.com",
        "EMAIL;TYPE=work:b@example.com",
        "TEL:+12025550101",
        "TEL;TYPE=fax:+12025550102",
        "TEL:+1202\n 5550103",
        "item1.TEL:+12025550104\nitem1.X-ABLabel:Fax",
        "ADR:;;1 Main St;;;;US",
        "NOTE:END:VCARD",
        "NOTE;ENCODING=QUOTED-PRINTABLE:a=\nEND:VCARD",
        "X-ACCOUNT:w",
        "KIND:group",
        "AGENT:\nBEGIN:VCARD\nVERSION:2.1\nFN:Agent\nEND:VCARD\nBEGIN:VCARD\nFN:Other\nEND:VCARD",
        "no colon",
        "X-PHONE:+12025550105",
    ]);
    let frame = select(vec![
        ("BEGIN:VCARD\nVERSION:3.0\n", "END:VCARD\n"),
        ("BEGIN:VCARD\nVERSION:3.0\n", "END:VCARD\n"),
        ("BEGIN:VCARD\r\nVERSION:4.0\r\n", "END:VCARD\r\n\r\n"),
        ("begin:vcard\n", "end:vcard\n \n"),
        ("BEGIN:VCARD\n", ""),
        ("", "END:VCARD\n"),
        ("between\nBEGIN:VCARD\n", "END:VCARD"),
    ]);
    (frame, prop::collection::vec(line, 0..5))
        .prop_map(|((begin, end), lines)| lines.iter().fold(begin.to_owned(), |card, line| card + line + "\n") + end)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]
    #[test]
    fn both_ways_say_the_same_of_arrays(
        rows in prop::collection::vec((object(), any::<bool>()), 0..30),
        comma in select(vec![",", ",\n", " , ", ",\n  "]),
        frame in select(vec![("[", "]"), ("[\n", "\n]\n"), ("\n[ ", "] x"), ("[", "")]),
        arguments in select(ARGUMENTS.to_vec()),
        chunk_bytes in select(vec![1, 7, 40, 200, 1 << 20]),
    ) {
        // Most elements begin with the same member, as those of a program do.
        let alike = |(row, is_alike): &(String, bool)| match row.strip_prefix("{").filter(|_| *is_alike) {
            Some("}") => "{\"n\":[{\"n\":1},{\"n\":2}]}".to_owned(),
            Some(rest) => format!("{{\"n\":[{{\"n\":1}},{{\"n\":2}}],{rest}"),
            None => row.clone(),
        };
        let elements: Vec<String> = rows.iter().map(alike).collect();
        let text = format!("{}{}{}", frame.0, elements.join(comma), frame.1);
        check_format("json", text.as_bytes(), arguments, chunk_bytes);
    }

    #[test]
    fn both_ways_say_the_same_of_cards(
        cards in prop::collection::vec(card(), 0..12),
        arguments in select(ARGUMENTS.to_vec()),
        chunk_bytes in select(vec![1, 7, 40, 200, 1 << 20]),
    ) {
        let arguments: Vec<&str> = arguments.iter().map(|argument| if *argument == "account" { "x-account" } else { *argument }).collect();
        check_format("vcard", cards.concat().as_bytes(), &arguments, chunk_bytes);
    }
}

#[test]
fn arrays_and_cards_of_usual_exports_are_read_alike() {
    let (mut array, mut cards) = (String::from("["), String::new());
    for row in 0..2_000 {
        let id = if row % 97 == 0 { row / 2 } else { row };
        let comma = if row == 0 { "\n" } else { ",\n" };
        let _ = write!(
            array,
            "{comma}  {{\"id\": \"c{id}\", \"tags\": [{{\"id\": 1}}], \"email\": \"p{}@example.com\"}}",
            row % 900
        );
        let _ = write!(
            cards,
            "BEGIN:VCARD\nVERSION:3.0\nFN:Ada {row}\nUID:c{id}\nEMAIL:p{}@example.com\nEND:VCARD\n",
            row % 900
        );
    }
    array.push_str("\n]\n");
    for chunk_bytes in [1_000, 50_000, 1 << 20] {
        check_format("json", array.as_bytes(), &[], chunk_bytes);
        check_format("vcard", cards.as_bytes(), &[], chunk_bytes);
    }
}
