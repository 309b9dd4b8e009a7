//! Where the values of a merged contact go in a row, byte for byte.

use onefold::{Contact, Field};
use onefold_files::{Composed, Mapping, Options, Row};

use crate::merged_rows::{open, united};

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
