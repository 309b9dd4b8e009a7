//! Cards of random lines that are written for a merged contact, and written back.

use onefold::{Contact, Field, Normalizer, Value};
use onefold_files::{Options, Row, like};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::merged_rows::{card, open, united};

fn line() -> impl Strategy<Value = String> {
    let line = select(vec![
        "EMAIL;TYPE=INTERNET,PREF:a#@example.com\n",
        "EMAIL:a#@example.com,b#@example.com\n",
        "TEL;CELL;PREF:+1 202 555 010#\n",
        "TEL;PREF=2;TYPE=\"voice,work\":tel:+1-202-555-010#\n",
        "item1.TEL:+1 202 555 010#\nitem1.X-ABLabel:_$!<Work>!$_\n",
        "TEL;TYPE=WORK,FAX:+1 202 555 019#\n",
        "TEL;waid=1202555010#:202-555-010#\n",
        "X-WHATSAPP:1202555010#\n",
        "item#.ADR:;;# Main St;Town;;1;Brasil\nitem#.X-ABADR:br\n",
        "CATEGORIES:a#,b\\,c\n",
        "NOTE:# \n  folded\\nand \\\\more\n",
        "NOTE;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:caf=E9=0D=0A#=\n and: more\n",
        "N:Lima#;Ada;;;\n",
        "N:Lima;Ada#;Maria;;\n",
        "FN:Ada #\n",
        "REV:2024-05-0#T10:00:00Z\n",
        "X-OTHER:#\n",
        "PHOTO;ENCODING=b:/9j/\n AA\n",
        "nothing\n",
    ]);
    (line, 1..4_u8).prop_map(|(line, number)| line.replace('#', &number.to_string()))
}

/// The texts of a field.
fn texts(contact: &Contact<String>, field: &Field) -> Vec<String> {
    match contact.get(field) {
        None => Vec::new(),
        Some(Value::List(items)) => items.iter().filter_map(Value::as_written).map(str::to_owned).collect(),
        Some(value) => vec![serde_json::to_string(value).expect("JSON")],
    }
}

/// Returns a contact without numbers and addresses that it has in another spelling, as a merge gives it.
fn with_one_spelling(mut contact: Contact<String>) -> Contact<String> {
    for field in [Field::Email, Field::Phone] {
        let Some(Value::List(items)) = contact.fields.get_mut(&field) else { continue };
        let mut seen = Vec::new();
        items.retain(|item| {
            let text = item.as_written().unwrap_or_default();
            let normalizer = Normalizer::new();
            let keys = if field == Field::Email { normalizer.email(text) } else { normalizer.phone(text, None) };
            let key = keys.map_or_else(|_| text.to_owned(), |keys| keys[0].key.value().to_owned());
            let is_new = !seen.contains(&key);
            seen.push(key);
            is_new
        });
    }
    contact
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_card_says_what_the_contact_says_and_undoing_it_gives_the_first_one(
        cards in vec((select(vec!["2.1", "3.0", "4.0"]), vec(line(), 1..7)), 1..4),
        winners in vec(any::<Index>(), 1..6),
        end in select(vec!["\n", "\r\n", "\r"]),
    ) {
        let cards: Vec<String> = cards.iter().map(|(version, lines)| card(version, &lines.concat(), end)).collect();
        let (input, rows) = open("a.vcf", cards.concat().as_bytes(), &Options::default()).expect("an input");
        if rows.len() < cards.len() {
            return Ok(());
        }
        let segments: Vec<&[u8]> = cards.iter().map(String::as_bytes).collect();
        let mut alone = like(&input.shape(), &Options::default()).expect("an input");
        for (row, segment) in rows.iter().zip(&segments) {
            let again = alone.reread(segment).expect("a card");
            prop_assert_eq!(&again.contact.fields, &row.contact.fields);
        }
        let merged = with_one_spelling(united(&rows.iter().collect::<Vec<&Row>>(), &winners));
        let composed = alone.compose(&segments, &merged).expect("a card");
        let written = String::from_utf8_lossy(&composed.segment).into_owned();
        let read = alone.reread(&composed.segment).expect("a card").contact;
        for field in [Field::Email, Field::Phone, Field::Tags, Field::FirstName, Field::LastName, Field::DisplayName] {
            // A number beside that of its account is no phone, but no other property than `TEL` has it.
            let has_room = field != Field::Phone || merged.get(&Field::Other("tel".into())).is_none();
            let is_misfit = composed.misfits.contains(&field.to_string());
            prop_assert!(!is_misfit || !has_room, "{} of\n{}\n{}", field, cards.concat(), written);
            let (found, wanted) = (texts(&read, &field), texts(&merged, &field));
            for value in &wanted {
                prop_assert!(found.contains(value), "{} of {:?}\n{}\n{}", value, field, cards.concat(), written);
            }
        }
        if cards.len() == 1 && merged == rows[0].contact {
            prop_assert_eq!(&composed.segment, segments[0]);
        }
        // Lines that the contact still says stay.
        let of_merged = |line: &str| ["EMAIL", "X-OTHER", "PHOTO", "nothing"].iter().any(|name| line.starts_with(name));
        for line in cards[0].split(end).filter(|line| of_merged(line)) {
            let is_winner = line.starts_with("X-OTHER");
            prop_assert!(is_winner || written.contains(line), "{} of {}", line, written);
        }
        let first = with_one_spelling(rows[0].contact.clone());
        let back = alone.compose(&[&composed.segment, segments[0]], &first).expect("a card");
        let read = with_one_spelling(alone.reread(&back.segment).expect("a card").contact);
        for field in [Field::Email, Field::Phone, Field::Tags, Field::FirstName, Field::LastName, Field::DisplayName] {
            if !back.misfits.contains(&field.to_string()) {
                prop_assert_eq!(texts(&read, &field), texts(&first, &field), "{}", written);
            }
        }
    }
}
