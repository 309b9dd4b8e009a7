//! JSON Lines are read in chunks, and plain lines without a contact. What is written and said must be the same to the byte as if the
//! contact of each line was built.

use std::fmt::Write as _;

use proptest::prelude::*;
use proptest::sample::select;

use crate::command::{Folder, text};
use crate::suggest::scan_equality::{ARGUMENTS, check_format, run};

/// A JSON object of an export, or what is none.
pub fn object() -> impl Strategy<Value = String> {
    let field = select(vec![
        r#""id":1"#,
        r#""id":2"#,
        r#""id":"3""#,
        r#""id":"line-2""#,
        r#""id":"\u006cine-3""#,
        r#""id":"x\u00e9""#,
        r#""id":null"#,
        r#""id":{"a":1}"#,
        r#""email":"a@example.com""#,
        r#""emails":["A@example.com ","b@example.com"]"#,
        r#""emails":["b@example.com"]"#,
        r#""e-mail":"nobody""#,
        r#""phones":["+12025550101"]"#,
        r#""phone":"(202) 555-0101""#,
        r#""phone":12025550101"#,
        r#""phone":"+12025550101;ext=7""#,
        r#""channels":[{"kind":"whatsapp","identity":"12025550103"}]"#,
        r#""country":"US""#,
        r#""country":"United States""#,
        r#""blocked":true"#,
        r#""blocked":"perhaps""#,
        r#""account":"w""#,
        r#""account":["w"]"#,
        r#""custom":{"plan":"gold"}"#,
        r#""provenance":{"emails":{"source":"manual","verified":true}}"#,
        r#""first_name":"Ada""#,
        r#""name":"\ud800""#,
        r#""name": "Jos\u00e9 \"A\"""#,
        "\"last_name\":\"\u{d1}u\"",
        r#""id" : "3" "#,
        r#""uuid":"u-1""#,
        r#""email":"b@example.com; c+x@gmail.com""#,
        r#""email":"\u0061@example.com""#,
        r#""email":"""#,
        r#""emails":["a@example.com",null,{"value":"b@example.com"}]"#,
        r#""emails":["\u0061@example.com"]"#,
        r#""emails": [ "b@example.com" , 7 ]"#,
        r#""work email":"info@example.com""#,
        r#""phones":["+1 202 555 0101","+12025550102"]"#,
        r#""phones":[]"#,
        r#""phones":"+12025550101 ::: +12025550102""#,
        r#""mobile":"+12025550101 ::: +12025550102""#,
        r#""mobile":"[\"+12025550101\"]""#,
        r#""phone":null"#,
        r#""phone_type":"fax""#,
        r#""phone_type":"mobile""#,
        r#""whatsapp":"12025550103""#,
        r#""whatsapp":"+12025550103""#,
        r#""company_phone":"+12025550101""#,
        r#""fax":null"#,
        r#""channel":"sms","channel_id":"+12025550101","channel_account":"s1""#,
        r#""channel":"whatsapp","channel_id":12025550103"#,
        r#""channel":"sms ::: web","channel_id":"+12025550101 ::: x""#,
        r#""canal":null"#,
        r#""channels":[]"#,
        r#""country":null"#,
        r#""country":7"#,
        r#""blocked":null"#,
        r#""blocked":"yes""#,
        r#""blocked":0"#,
        r#""gesperrt":"nein""#,
        r#""account":7"#,
        r#""account":" ""#,
        r#""custom":{"company_phone":"+12025550101"}"#,
        r#""custom_fields":{"crm":[1,{"x":"\u00e9}"}],"ok":true}"#,
        r#""properties":{"email":"a@example.com"}"#,
        r#""custom":{"crm_id":"k-1"}"#,
        r#""custom":{"crm_id":"k-2","crm_id":"k-1"}"#,
        r#""custom_fields":{"plan":"gold","crm_id":7}"#,
        r#""custom_fields":{"crm_id":" ","CRM ID":"k-1"}"#,
        r#""custom_fields":{"crm_id":"\u006b-1"}"#,
        r#""custom_fields":{"crm_id":["k-1"]}"#,
        r#""crm_id":"k-1""#,
        r#""CRM ID":"k-2""#,
        r#""crm_id":7"#,
        r#""crm_id":null"#,
        r#""crm_id":"n/a""#,
        r#""address":{"city":"Rio","geo":[-1.5,2e7]},"tags":["vip",{"a":[]}]"#,
        r#""notes":"two\nlines \\ \u00e9""#,
        r#""notes":01"#,
    ]);
    let fields = prop::collection::vec(field, 0..6);
    let broken = select(vec!["", "{", "{\"id\":1", "[1]", "7", "{\"id\" 1}", "  ", "\u{feff}{}", "{\"a\":\"\u{e9}\"}"]);
    prop_oneof![9 => (fields, select(vec![",", ", "])).prop_map(|(fields, comma)| format!("{{{}}}", fields.join(comma))), 1 => broken.prop_map(str::to_owned)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]
    #[test]
    fn both_ways_say_the_same_of_json_lines(
        rows in prop::collection::vec((object(), select(vec!["\n", "\n", "\r\n", "\n\n"])), 0..40),
        latin in any::<bool>(),
        arguments in select(ARGUMENTS.to_vec()),
        chunk_bytes in select(vec![1, 7, 40, 200, 1 << 20]),
    ) {
        let text = rows.iter().fold(String::new(), |text, (row, end)| text + row + end);
        let content: Vec<u8> = if latin { text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect() } else { text.into_bytes() };
        check_format("jsonl", &content, arguments, chunk_bytes);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]
    #[test]
    fn both_ways_find_the_same_identifiers(
        rows in prop::collection::vec((object(), select(vec![r#""custom":{"crm_id":"k-1"}"#, r#""crm_id":"k-2""#, r#""custom_fields":{"crm_id":7,"a":1}"#, r#""x":1"#])), 0..30),
        arguments in select(vec![&["--identifier", "crm_id"][..], &["--identifier", "CRM ID", "--identifier", "plan"], &["--identifier", "crm_id", "--identifier", "id"]]),
        chunk_bytes in select(vec![40, 200, 1 << 20]),
    ) {
        let with = |(row, more): &(String, &str)| match row.strip_suffix('}') {
            Some("{") => format!("{{{more}}}\n"),
            Some(start) => format!("{start},{more}}}\n"),
            None => format!("{row}\n"),
        };
        let content: String = rows.iter().map(with).collect();
        check_format("jsonl", content.as_bytes(), arguments, chunk_bytes);
    }
}

#[test]
fn json_lines_of_a_usual_export_are_told_alike() {
    let mut text = String::new();
    for row in 0..2_000 {
        let id = if row % 97 == 0 { row / 2 } else { row };
        let _ = write!(text, "{{\"id\":\"c{id}\",\"account\":\"w{}\",\"first_name\":\"Ada {row}\"", row % 3);
        // Members that some rows lack, and values that only the full reader can read.
        if row % 4 != 0 {
            let _ = write!(text, ",\"country\":\"{}\"", ["US", "BR", "Brasil"][row % 3]);
        }
        let _ = match row % 11 {
            0 => write!(text, ",\"email\":\"hub@example.com\""),
            1 => write!(text, ",\"emails\":[{{\"value\":\"p{}@example.com\"}}]", row % 900),
            2 => write!(text, ",\"email\":\"p{}\\u0040example.com\"", row % 900),
            _ => write!(text, ",\"emails\":[\"p{}@example.com\",\"q{row}@example.com\"]", row * 7 % 1_900),
        };
        let _ = write!(text, ",\"phones\":[\"+1202555{:04}\"]", row * 31 % 2_500);
        if row % 5 == 0 {
            let _ = write!(text, ",\"channel\":\"sms\",\"channel_id\":\"+1202556{:04}\"", row % 1_000);
        }
        let _ = writeln!(text, ",\"blocked\":{},\"custom_fields\":{{\"note\":\"a \\\"b\\\" {row}\"}}}}", row % 50 == 0);
    }
    for chunk_bytes in [500, 1 << 20] {
        check_format("jsonl", text.as_bytes(), &[], chunk_bytes);
        check_format("jsonl", text.as_bytes(), &["--workspace-column", "account", "--format", "csv"], chunk_bytes);
        check_format("jsonl", text.as_bytes(), &["--region-from-country", "--max-holders", "0"], chunk_bytes);
        check_format("jsonl", text.as_bytes(), &["--format", "table"], chunk_bytes);
    }
}

#[test]
fn evidence_says_what_was_verified() {
    let row = |id: u32, provenance: &str| format!("{{\"id\":{id},\"emails\":[\"a@example.com\"]{provenance}}}\n");
    let verified = ",\"provenance\":{\"emails\":{\"source\":\"manual\",\"verified\":true}}";
    let (folder, content) = (Folder::new(), row(1, verified) + &row(2, ""));
    folder.file("in.jsonl", content.as_bytes());
    let found = text(&run(&folder, "in.jsonl", b"", &["--format", "jsonl"]).stdout).to_owned();
    assert_eq!(found.matches("\"derivation\":\"direct\",\"verified\":true}").count(), 1, "{found}");
    assert_eq!(found.matches("\"derivation\":\"direct\"}").count(), 1, "{found}");
}

#[test]
fn json_lines_of_every_kind_are_read_as_ever() {
    let objects = "{\"id\":1,\"email\":\"a@example.com\"}\n{\"id\":2,\"email\":\"a@example.com\"}";
    for content in [
        objects.to_owned(),
        format!("\u{feff}{objects}\n"),
        objects.replace('\n', "\r"),
        objects.replace('\n', "\r\r\n"),
        format!("\n \n{objects}"),
        "\n\n".to_owned(),
        "{\"email\":\"a@example.com\"}\n{\"email\":\"a@example.com\"}\n{\"id\":\"\\u006cine-1\"}\n".to_owned(),
        "{\"email\":\"a@example.com\"}\n{\"email\":\"a@example.com\"}\n{\"id\":\"line-1\"}\n".to_owned(),
    ] {
        check_format("jsonl", content.as_bytes(), &[], 1);
        check_format("jsonl", content.as_bytes(), &["--map", "email=email"], 1);
    }
}
