//! A row that is written for a merged contact says what the contact says, and nothing else of the file changes.

use onefold::contact::CustomState;
use onefold::{Contact, Field, Value};
use onefold_files::{Composed, Format, Input, Item, Mapping, Options, Row, like, read_bytes};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

fn open(name: &str, text: &[u8], options: &Options) -> Option<(Input, Vec<Row>)> {
    let mut input = read_bytes(name, text.to_vec(), options).ok()?;
    let items: Vec<Item> = input.by_ref().collect();
    let rows = items.into_iter().filter_map(|item| if let Item::Contact(row) = item { Some(row) } else { None });
    Some((input, rows.collect()))
}

/// Fields of all, lists united: much like a merge, with nothing of one.
fn united(rows: &[&Row], winners: &[Index]) -> Contact<String> {
    let mut merged = rows[0].contact.clone();
    for (place, row) in rows.iter().enumerate().skip(1) {
        for (number, (field, value)) in row.contact.fields.iter().enumerate() {
            let held = merged.fields.get_mut(field);
            let takes =
                winners.get(number % winners.len().max(1)).is_some_and(|winner| winner.index(rows.len()) == place);
            match (held, value) {
                (Some(Value::List(held)), Value::List(more)) if !matches!(field, Field::Other(_)) => {
                    more.iter().for_each(|value| {
                        if !held.contains(value) {
                            held.push(value.clone());
                        }
                    })
                }
                (Some(Value::Channels(held)), Value::Channels(more)) => held.extend(more.iter().cloned()),
                (None, value) => drop(merged.fields.insert(field.clone(), value.clone())),
                (Some(held), value) if takes => *held = value.clone(),
                _ => {}
            }
        }
        if row.contact.custom_state == CustomState::Present {
            merged.custom_state = CustomState::Present;
        }
        merged.provenance.extend(row.contact.provenance.clone());
    }
    merged
}

fn shown(value: Option<&Value>) -> Vec<String> {
    let one = |value: &Value| match value {
        Value::Text(text) => text.clone(),
        value => serde_json::to_string(value).expect("JSON"),
    };
    match value {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::List(items)) => items.iter().map(|item| one(item).trim().to_owned()).collect(),
        Some(value) => vec![one(value)],
    }
}

fn sorted(mut texts: Vec<String>) -> Vec<String> {
    texts.sort();
    texts
}

fn says_what_numbers_are(text: &[u8]) -> bool {
    let header = text.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    let has = |name: &[u8]| header.windows(name.len()).any(|part| part == name);
    has(b"Mobile") || has(b"Home phone")
}

/// Merges some rows of a file by hand, writes the row, and looks at all of the file.
fn check(name: &str, text: &[u8], picks: &[Index], winners: &[Index]) -> Result<(), TestCaseError> {
    let options = Options::default();
    let Some((input, rows)) = open(name, text, &options) else { return Ok(()) };
    if rows.is_empty() {
        return Ok(());
    }
    // An object that is only what is around a list is read as the list, whose elements are no lines: `merge` refuses it.
    if input.format() == Format::JsonArray {
        let mut alone = like(&input.shape(), &options).expect("an input");
        prop_assert!(alone.reread(&input.content()[rows[0].span.clone()]).is_none());
        return Ok(());
    }
    let mut places: Vec<usize> = Vec::new();
    for place in picks.iter().map(|pick| pick.index(rows.len())) {
        if !places.contains(&place) {
            places.push(place);
        }
    }
    let chosen: Vec<&Row> = places.iter().map(|place| &rows[*place]).collect();
    let segments: Vec<&[u8]> = chosen.iter().map(|row| &input.content()[row.span.clone()]).collect();
    let merged = united(&chosen, winners);
    let mut alone = like(&input.shape(), &options).expect("the same columns");
    for (row, segment) in chosen.iter().zip(&segments) {
        let again = alone.reread(segment).expect("a row");
        prop_assert_eq!(&again.contact.fields, &row.contact.fields);
    }
    let composed = alone.compose(&segments, &merged).expect("a row");
    if places.len() == 1 {
        prop_assert_eq!(&composed.segment, segments[0]);
        prop_assert!(composed.misfits.is_empty());
    }
    let mut written = Vec::new();
    let mut expected = Vec::new();
    let mut at = 0;
    for (place, row) in rows.iter().enumerate() {
        written.extend_from_slice(&input.content()[at..row.span.start]);
        if place == places[0] {
            written.extend_from_slice(&composed.segment);
            expected.push((row.contact.id.clone(), &merged));
        } else if !places.contains(&place) {
            written.extend_from_slice(&input.content()[row.span.clone()]);
            expected.push((row.contact.id.clone(), &row.contact));
        }
        at = row.span.end;
    }
    written.extend_from_slice(&input.content()[at..]);
    let (_, found) = open(name, &written, &options).expect("the same header");
    prop_assert_eq!(found.len(), expected.len());
    for (row, (id, contact)) in found.iter().zip(expected) {
        let names = row.contact.fields.keys().chain(contact.fields.keys());
        for field in names.filter(|field| !composed.misfits.contains(&field.to_string())) {
            let (found, expected) = (row.contact.get(field), contact.get(field));
            let same = match field {
                // A label goes with its value: see `labels_go_with_their_values`.
                Field::Other(name) if name.ends_with(" - Type") => true,
                // Columns that say what a number is give no order: `Mobile` and `Home phone`.
                Field::Phone if name.ends_with("csv") && says_what_numbers_are(text) => {
                    sorted(shown(found)) == sorted(shown(expected))
                }
                _ if name.ends_with("csv") => shown(found) == shown(expected),
                _ => found == expected,
            };
            prop_assert!(same, "{} of {}\n{}", field, id, String::from_utf8_lossy(&written));
        }
        if row.id_origin == onefold_files::IdOrigin::Given {
            prop_assert_eq!(&row.contact.id, &id);
        }
    }
    Ok(())
}

const HEADERS: [&str; 24] = [
    "id",
    "Phone 1 - Type",
    "Mobile",
    "Home phone",
    "Additional email addresses",
    "E-mail 1 - Value",
    "E-mail 2 - Value",
    "email",
    "Phone 1 - Value",
    "Phone 2 - Value",
    "name",
    "name",
    "first_name",
    "Country",
    "Pais",
    "Labels",
    "custom.plan",
    "custom",
    "channel",
    "channel_id",
    "channel_account",
    "created_at",
    "notes",
    "notes",
];

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => Just(String::new()),
        3 => (0..9_u8).prop_map(|n| format!("+1 202 555 01{n:02}")),
        3 => (0..9_u8).prop_map(|n| format!("a{n}@example.com")),
        1 => Just("a@example.com; b@example.com".to_owned()),
        1 => Just("a@example.com ::: c@example.com".to_owned()),
        1 => Just("vip, x; y".to_owned()),
        1 => Just("[\"a@example.com\",\"d@example.com\"]".to_owned()),
        1 => Just("{+12025550101,\"+1 202 555 0102\"}".to_owned()),
        1 => Just("{\"plan\": 1.50, \"x\":null}".to_owned()),
        1 => Just("2024-02-29T10:00:00Z".to_owned()),
        1 => Just("1700000000000".to_owned()),
        1 => Just("whatsapp".to_owned()),
        2 => "[a-c \"\\n\\r,;\u{e9}]{0,5}",
    ]
}

fn table(
    headers: &[&str],
    rows: &[Vec<String>],
    delimiter: char,
    end: &str,
    quoting: u8,
    final_end: bool,
    latin: bool,
) -> Vec<u8> {
    let quote = |cell: &str| {
        let special = cell.contains([delimiter, '"', '\n', '\r']);
        let cell = if end == "\r" { cell.replace('\n', "\r") } else { cell.to_owned() };
        if special || quoting == 1 { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
    };
    let line = |cells: Vec<String>| cells.join(&delimiter.to_string());
    let mut lines = vec![line(headers.iter().map(|header| (*header).to_owned()).collect())];
    for (number, row) in rows.iter().enumerate() {
        let text = |(header, cell): (&&str, &String)| {
            if *header == "id" { number.to_string() } else { quote(cell) }
        };
        lines.push(line(headers.iter().zip(row).map(text).collect()));
    }
    let mut text = lines.join(end);
    if final_end {
        text.push_str(end);
    }
    if latin { text.chars().map(|letter| u8::try_from(letter).unwrap_or(b'?')).collect() } else { text.into_bytes() }
}

const NAMES: [&str; 18] = [
    "id",
    "emails",
    "phones",
    "email",
    "E-mail 2",
    "mobile",
    "name",
    "display_name",
    "first_name",
    "country",
    "pais",
    "tags",
    "custom",
    "custom_fields",
    "channels",
    "created_at",
    "notes",
    "provenance",
];

fn json_value() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => (0..9_u8).prop_map(|n| format!("\"a{n}@example.com\"")),
        3 => (0..9_u8).prop_map(|n| format!("[\"b{n}@example.com\", \"\\u0061@example.com\" ]")),
        2 => (0..9_u8).prop_map(|n| format!("\"+1 202 555 01{n:02}\"")),
        1 => select(vec![
            "null", "[]", "{}", "\"\"", "1.50", "true", "[null, 5,{\"x\" : [1]}]", "{\"plan\" : 1e400, \"y\":\"\\u00e9\"}",
            "[{\"kind\":\"sms\",\"identity\":\"+12025550101\"}]", "\"2024-02-29T10:00:00Z\"", "1700000000000",
            "{\"name\":{\"source\":\"manual\"}}", "\"\\ud83d\"", "\"vip, x\"", "{ \"plan\":[ 1 ] }",
        ]).prop_map(str::to_owned),
        1 => "\"[a-c ,;\u{e9}]{0,5}\"",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_row_of_a_table_says_what_the_contact_says(
        columns in vec(select(HEADERS.as_slice()), 1..9),
        cells in vec(vec(cell(), 9), 1..5),
        (delimiter, end) in (select(vec![',', ';', '\t']), select(vec!["\n", "\r\n", "\r"])),
        (quoting, final_end, latin) in (0..2_u8, any::<bool>(), any::<bool>()),
        picks in vec(any::<Index>(), 1..4),
        winners in vec(any::<Index>(), 1..6),
    ) {
        let headers: Vec<&str> = std::iter::once("email").chain(columns).collect();
        let text = table(&headers, &cells, delimiter, end, quoting, final_end, latin);
        check("a.csv", &text, &picks, &winners)?;
    }

    #[test]
    fn a_line_of_json_says_what_the_contact_says(
        objects in vec(vec((select(NAMES.as_slice()), json_value(), select(vec!["", " ", "\t"])), 1..8), 1..5),
        (end, final_end) in (select(vec!["\n", "\r\n", "\r"]), any::<bool>()),
        picks in vec(any::<Index>(), 1..4),
        winners in vec(any::<Index>(), 1..6),
    ) {
        let line = |(number, members): (usize, &Vec<(&str, String, &str)>)| {
            let member = |(name, value, blank): &(&str, String, &str)| match *name {
                "id" => format!("{blank}\"id\":{blank}{number}{blank}"),
                name => format!("{blank}\"{name}\":{blank}{value}{blank}"),
            };
            format!("{{{}}}{}", members.iter().map(member).collect::<Vec<_>>().join(","), members[0].2)
        };
        let mut text = objects.iter().enumerate().map(line).collect::<Vec<_>>().join(end);
        if final_end {
            text.push_str(end);
        }
        check("a.jsonl", text.as_bytes(), &picks, &winners)?;
    }
}

#[track_caller]
fn composed(name: &str, text: &str, options: &Options, change: impl Fn(&mut Contact<String>, &[Row])) -> Composed {
    let (mut input, rows) = open(name, text.as_bytes(), options).expect("an input");
    let mut merged = rows[0].contact.clone();
    change(&mut merged, &rows);
    let content = input.content().to_vec();
    let segments: Vec<&[u8]> = rows.iter().map(|row| &content[row.span.clone()]).collect();
    input.compose(&segments, &merged).expect("a row")
}

#[track_caller]
fn assert_written(composed: &Composed, segment: &str, misfits: &[&str]) {
    assert_eq!(String::from_utf8_lossy(&composed.segment), segment);
    assert_eq!(composed.misfits, misfits);
}

fn union(contact: &mut Contact<String>, rows: &[Row]) {
    let rows: Vec<&Row> = rows.iter().collect();
    let mut merged = united(&rows, &[]);
    std::mem::swap(contact, &mut merged);
}

/// The labels and the values of a row with two pairs of cells.
fn pairs(segment: &[u8]) -> Vec<(String, String)> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(segment);
    let record = reader.records().next().expect("a record").expect("UTF-8");
    let cell = |at: usize| record.get(at).unwrap_or_default().split(" ::: ").map(str::to_owned).collect::<Vec<_>>();
    let mut pairs = Vec::new();
    for at in [1, 3] {
        let (labels, values) = (cell(at), cell(at + 1));
        let label = |place: usize| if labels.len() == 1 { &labels[0] } else { &labels[place] };
        let said = values.iter().enumerate().filter(|(_, value)| !value.is_empty());
        pairs.extend(said.map(|(place, value)| (label(place).clone(), value.clone())));
    }
    pairs
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// What [`check`] leaves out: the columns of labels.
    #[test]
    fn labels_go_with_their_values(
        rows in vec([select(vec!["", "Work", "Mobile", "Home Fax", "Main"]), select(vec!["", "Home", "Pager"])], 2..4),
        has_value in vec(any::<[bool; 2]>(), 4),
    ) {
        let mut text = "Name,Phone 1 - Type,Phone 1 - Value,Phone 2 - Type,Phone 2 - Value,E-mail 1 - Value\n".to_owned();
        for (row, labels) in rows.iter().enumerate() {
            text.push_str("Ada");
            for (place, label) in labels.iter().enumerate() {
                if has_value[row][place] { text.push_str(&format!(",{label},+1 202 555 01{row}{place}")) } else { text.push_str(",,") }
            }
            text.push_str(",a@example.com\n");
        }
        let (mut input, found) = open("a.csv", text.as_bytes(), &Options::default()).expect("an input");
        let chosen: Vec<&Row> = found.iter().collect();
        let segments: Vec<&[u8]> = text.lines().skip(1).map(str::as_bytes).collect();
        let merged = united(&chosen, &[]);
        let composed = input.compose(&segments, &merged).expect("a row");
        let is_kept = |value: &String| merged.fields.values().any(|held| shown(Some(held)).contains(value));
        let all = segments.iter().flat_map(|segment| pairs(segment));
        let mut expected: Vec<(String, String)> = all.filter(|(_, value)| is_kept(value)).collect();
        let mut written = pairs(&composed.segment);
        expected.sort();
        written.sort();
        prop_assert_eq!(written, expected, "{}\n{}", text, String::from_utf8_lossy(&composed.segment));
    }
}

#[test]
fn a_cell_that_does_not_change_keeps_its_quotes_and_its_bytes() {
    let text = "id,email,phone,notes\r\n\"1\", a@example.com ,,\"x\ny\"\r\n2,b@example.com,+1 202 555 0101,\r\n";
    let written = composed("a.csv", text, &Options::default(), union);
    assert_written(&written, "\"1\", a@example.com ; b@example.com,+1 202 555 0101,\"x\ny\"\r\n", &[]);
}

#[test]
fn values_go_into_free_columns_first_and_into_those_they_come_from() {
    let text = "Name,E-mail 1 - Value,E-mail 2 - Value,Mobile,Home phone,Work phone\n\
                Ada,a@example.com,,+1 202 555 0101,,\n\
                A.,b@example.com,,,,+1 202 555 0102\n";
    let written = composed("a.csv", text, &Options::default(), union);
    assert_written(&written, "Ada,a@example.com,b@example.com,+1 202 555 0101,,+1 202 555 0102\n", &[]);
    let google = "E-mail 1 - Value\na@example.com ::: b@example.com\nc@example.com\n";
    let written = composed("a.csv", google, &Options::default(), union);
    assert_written(&written, "a@example.com ::: b@example.com ::: c@example.com\n", &[]);
}

#[test]
fn several_channels_stand_in_three_cells() {
    let text = "id,channel,channel_id,channel_account\n1,WhatsApp,x,\n2,sms,+12025550101,s-1\n";
    let written = composed("a.csv", text, &Options::default(), union);
    assert_written(&written, "1,whatsapp ::: sms,x ::: +12025550101, ::: s-1\n", &[]);
}

#[test]
fn what_has_no_place_in_the_row_is_named() {
    let text = "id,email\n1,a@example.com\n";
    let written = composed("a.csv", text, &Options::default(), |contact, _| {
        contact.fields.insert(Field::LastName, "Lovelace".into());
        contact.blocked = true;
    });
    assert_written(&written, "1,a@example.com\n", &["last_name", "blocked"]);
}

#[test]
fn custom_fields_change_inside_their_object() {
    let text = "id,email,custom\n1,a@example.com,\"{\"\"n\"\" : 1.50}\"\n2,,\"{\"\"plan\"\":\"\"pro\"\"}\"\n";
    let written = composed("a.csv", text, &Options::default(), union);
    assert_written(&written, "1,a@example.com,\"{\"\"n\"\" : 1.50,\"\"plan\"\" : \"\"pro\"\"}\"\n", &[]);
    let text = "{\"id\":1, \"custom\": { \"n\" : 1.50 } }\n{\"custom\":{\"plan\":\"pro\"}}\n";
    let written = composed("a.jsonl", text, &Options::default(), union);
    assert_written(&written, "{\"id\":1, \"custom\": { \"n\" : 1.50,\"plan\" : \"pro\" } }\n", &[]);
}

#[test]
fn json_members_keep_their_names_their_order_and_their_text() {
    let text = "{ \"nr\" : 1, \"Mail\" : \"a@example.com\", \"x\" : 1e400 } \r\n\
                {\"Mail\":\"b@example.com\",\"vorname\":\"Ada\",\"blocked\":true}\r\n";
    let map = ["id=nr", "email=Mail"].map(|text| text.parse::<Mapping>().expect("a mapping")).to_vec();
    let options = Options { map, ..Options::default() };
    let written = composed("a.jsonl", text, &options, |contact, rows| {
        union(contact, rows);
        contact.blocked = true;
    });
    assert_written(
        &written,
        "{ \"nr\" : 1, \"Mail\" : [\"a@example.com\",\"b@example.com\"], \"x\" : 1e400, \"vorname\" : \"Ada\", \
         \"blocked\" : true } \r\n",
        &[],
    );
}

#[test]
fn one_channel_in_three_members_becomes_a_list_of_several() {
    let text = "{\"channel\":\"sms\",\"channel_id\":\"+12025550101\",\"id\":7}\n{\"channels\":[{\"kind\":\"web\",\"identity\":\"x\"}]}";
    let written = composed("a.jsonl", text, &Options::default(), union);
    assert_written(
        &written,
        "{\"id\":7,\"channels\":[{\"kind\":\"sms\",\"identity\":\"+12025550101\"},{\"kind\":\"web\",\"identity\":\"x\"}]}\n",
        &[],
    );
}
