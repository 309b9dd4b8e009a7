//! Random address books: cards of all versions with few values, so that cards share them.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// Which cards an address book has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Cards {
    /// Each card has a property that no other has, and a line of its own for its end.
    Distinct,
    /// Some cards are equal, have the same UID or begin in the line in which another one ends, and some lines are of no card.
    Any,
}

/// A random address book.
pub fn address_book(cards: Cards) -> impl Strategy<Value = Vec<u8>> {
    let form = (select(vec!["\n", "\r\n", "\r"]), any::<bool>(), any::<bool>());
    (vec((card(), 0..12_u8), 0..14), form).prop_map(move |(all, (end, final_end, bom))| {
        let mut text = String::new();
        for (number, (card, border)) in all.iter().enumerate() {
            let own = match cards {
                Cards::Distinct => format!("X-NR:{number}\n"),
                Cards::Any => String::new(),
            };
            let uid = if card.has_uid { format!("UID:{}\n", number * 7 % 11) } else { String::new() };
            let uid = if cards == Cards::Distinct && card.has_uid { format!("UID:u{number}\n") } else { uid };
            text += &format!("BEGIN:VCARD\nVERSION:{}\n{own}{uid}{}END:VCARD", card.version, card.properties);
            text += match (cards, border) {
                (Cards::Any, 0) => "",
                (Cards::Any, 1) => "\n\n",
                (Cards::Any, 2) => "\njunk\nX:y\n",
                _ => "\n",
            };
        }
        if !final_end {
            text.truncate(text.trim_end().len());
        }
        let bom = if bom { "\u{feff}" } else { "" };
        format!("{bom}{text}").replace('\n', end).into_bytes()
    })
}

#[derive(Clone, Debug)]
struct Card {
    version: &'static str,
    has_uid: bool,
    properties: String,
}

fn card() -> impl Strategy<Value = Card> {
    (select(vec!["2.1", "3.0", "4.0"]), any::<bool>(), vec(property(), 1..7))
        .prop_map(|(version, has_uid, properties)| Card { version, has_uid, properties: properties.concat() })
}

fn property() -> impl Strategy<Value = String> {
    let value = select(vec![
        "EMAIL:a#@example.com\n",
        "EMAIL:a#@example.com\n",
        "EMAIL;TYPE=INTERNET,PREF:a#@example.com\n",
        "email;internet:A#@Example.com\n",
        "TEL;TYPE=CELL:+1 202 555 010#\n",
        "TEL;CELL;PREF:+1202555010#\n",
        "TEL;PREF=1;TYPE=\"voice,work\":tel:+1-202-555-010#\n",
        "item1.TEL:+1 202 555 010#\nitem1.X-ABLabel:_$!<Work>!$_\n",
        "item2.TEL;TYPE=HOME:+1 202 555 010#\nitem2.X-ABLabel:Desk #\n",
        "TEL;WORK;FAX:+1 202 555 019#\n",
        "X-WHATSAPP:1202555010#\n",
        "item1.ADR;TYPE=HOME:;;# Main St\\, East;Town;;12345;Brasil\nitem1.X-ABADR:br\n",
        "NOTE:a line \n that is # folded\\, and more\\; and\\nmore\n",
        "NOTE;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:caf=C3=A9=0D=0A#=\n and more\n",
        "X-OTHER-#:x\n",
    ]);
    let single = select(vec![
        "FN:Ada Lima\n",
        "FN:A. Lima\n",
        "N:Lima;Ada;;;\n",
        "N:Lima;A.;Maria;Dr.;\n",
        "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=\nan;;;\n",
        "ADR:;;;;;;Portugal\n",
        "CATEGORIES:a,b\n",
        "CATEGORIES:b,c\\,d\n",
        "ORG:Example\\, Inc.;Sales\n",
        "LANG:pt\n",
        "REV:2024-05-01T10:00:00Z\n",
        "REV:20250501T100000Z\n",
        "PHOTO;ENCODING=b;TYPE=JPEG:/9j/\n 4AAQ\n",
        "PHOTO;VALUE=uri:https://example.com/a.jpg\n",
        "AGENT:\nBEGIN:VCARD\nFN:Agent\nEND:VCARD\n",
        "\n",
        "nonsense\n",
    ]);
    prop_oneof![
        3 => (value, 0..4_u8).prop_map(|(line, number)| line.replace('#', &number.to_string())),
        2 => single.prop_map(str::to_owned),
    ]
}
