//! Objects of JSON Lines with usual and unusual members.

use proptest::prelude::*;
use proptest::sample::select;

/// Returns a name with a meaning, or another one.
fn name() -> impl Strategy<Value = &'static str> {
    let known = vec![
        "id",
        "uuid",
        "ID",
        "email",
        "emails",
        "E-mail",
        "work email",
        "phone",
        "phones",
        "mobile",
        "Phone 2",
        "whatsapp",
        "wa_id",
        "country",
        "pais",
        "blocked",
        "gesperrt",
        "channel",
        "canal",
        "channel_id",
        "channel_account",
        "channels",
        "first_name",
        "vorname",
        "last_name",
        "name",
        "display_name",
        "account",
        "custom",
        "custom_fields",
    ];
    let others = vec![
        "tags",
        "created_at",
        "status",
        "notes",
        "address",
        "company_phone",
        "fax",
        "billing_email",
        "phone_type",
        "Type",
        "email_label",
        "kind",
        "label",
        "properties",
        "attributes",
        "provenance",
        "consent_email",
        "caf\u{e9}",
        "",
        "custom.fax",
        "\\u0069d",
        "na\\\"me",
        "x1",
        "x2",
        "x3",
    ];
    prop_oneof![3 => select(known), 1 => select(others)]
}

/// Returns a value of any kind, which may be broken.
fn value() -> impl Strategy<Value = String> {
    let texts = vec![
        "a@example.com",
        "A@Example.com ",
        "b@example.com;c@example.com",
        "a@example.com, b@example.com",
        "nobody",
        "+12025550101",
        "(202) 555-0101",
        "+12025550101 ::: +12025550102",
        "12025550103",
        "12025550103@s.whatsapp.net",
        "+12025550101;ext=7",
        "[\\\"+12025550101\\\"]",
        "{+12025550101}",
        "",
        "",
        " ",
        "n/a",
        "null",
        "0",
        "000",
        "c-1",
        "c-2",
        "line-3",
        "US",
        "br",
        "United States",
        " us ",
        "yes",
        "no",
        "true",
        "perhaps",
        "sms",
        "whatsapp",
        "sms ::: web",
        "w",
        "Ada",
        "Lovelace",
        "Jos\\u00e9",
        "\\ud83d\\ude00",
        "\\ud83d",
        "caf\u{e9}",
        "\u{1f600}",
        "two\\nlines",
        "back\\\\slash",
        "quote\\\"",
        "tab\tinside",
        "\\x",
        "work",
        "fax",
        "Home Fax",
        "mobile",
        "\u{feff}a@example.com",
        "2024-01-01",
    ];
    let text = || select(texts.clone()).prop_map(|text| format!("\"{text}\""));
    let scalar = || {
        let others = vec![
            "null",
            "true",
            "false",
            "0",
            "7",
            "12025550101",
            "-1",
            "1.5",
            "1e9",
            "01",
            "1.",
            "NaN",
            "nul",
            "5511987654321",
        ];
        prop_oneof![4 => text(), 1 => select(others).prop_map(str::to_owned)]
    };
    let list = prop::collection::vec(scalar(), 0..4).prop_map(|items| format!("[{}]", items.join(", ")));
    let objects = vec![
        "{}",
        "{ }",
        r#"{"plan":"gold","n":1}"#,
        r#"{"company_phone":"+12025550104"}"#,
        r#"{"fax": null, "a": [1, {"b":[]}]}"#,
        r#"{"email":"d@example.com"}"#,
        r#"{"pl\u0061n":"gold"}"#,
        r#"{"a":{"company_phone":"1"},"a":2}"#,
        r#"{"a":"\ud800"}"#,
        r#"{"note":"\u00e9 \"x\""}"#,
        r#"{"a":}"#,
        r#"{"a":1,}"#,
        r#"[{"kind":"sms","identity":"+12025550105"}]"#,
        "[]",
        "[ ]",
        r#"[{"value":"a@example.com","type":"work"}]"#,
        r#"[["a"]]"#,
        "[null]",
        r#"["a",]"#,
        r#"{"emails":{"source":"manual","verified":true}}"#,
    ];
    prop_oneof![6 => scalar(), 2 => list, 1 => select(objects).prop_map(str::to_owned)]
}

/// Returns a value that is usual for the name, so that many rows are plain.
fn usual(name: &'static str) -> BoxedStrategy<String> {
    let values = match name {
        "id" | "uuid" | "ID" => vec!["\"c-1\"", "\"c-2\"", "17", "null"],
        "email" | "E-mail" | "work email" => {
            vec!["\"a@example.com\"", "\"b@example.com;c@example.com\"", "\"\"", "null", "[]"]
        }
        "emails" => vec![
            "[\"a@example.com\"]",
            "[]",
            "[ \"a@example.com\" , \"x\" ]",
            "null",
            "\"a@example.com;b@example.com\"",
        ],
        "phone" | "mobile" | "Phone 2" => vec!["\"+12025550101\"", "12025550102", "\"202-555-0101\"", "null", "\"\""],
        "phones" => vec!["[\"+12025550101\"]", "[]", "[\"+12025550101\",\"202-555-0102\",7]", "null"],
        "whatsapp" | "wa_id" => vec!["\"+12025550103\"", "\"\"", "\"12025550103\"", "null"],
        "country" | "pais" => vec!["\"US\"", "\"Brasil\"", "\"\"", "null"],
        "blocked" | "gesperrt" => vec!["true", "false", "null", "\"ja\"", "0"],
        "channel" | "canal" => vec!["\"sms\"", "\"whatsapp\"", "\"sms ::: web\"", "null"],
        "channel_id" => vec!["\"+12025550104\"", "12025550104", "\"a ::: b\"", "null", "\"\""],
        "channel_account" | "account" => vec!["\"w\"", "\"v\"", "3", "null"],
        "first_name" | "vorname" | "last_name" | "name" | "display_name" => {
            vec!["\"Ada\"", "\"Lovelace\"", "\"\"", "null"]
        }
        "phone_type" | "email_label" => vec!["\"mobile\"", "\"Fax\"", "null", "\" work \"", "\"\""],
        "custom" | "custom_fields" => {
            vec![r#"{"plan":"gold","note":"a\nb"}"#, r#"{"fax":"+12025550104"}"#, "{}", "null"]
        }
        "channels" => vec!["[]"],
        _ => vec!["\"x\"", "null", "[\"a\",{\"b\":1}]", "{\"a\":[1,2]}", "1.5", "true", "\"a\\u00e9\\n\""],
    };
    select(values).prop_map(str::to_owned).boxed()
}

/// Returns an object, which may be broken.
pub fn object() -> impl Strategy<Value = String> {
    let member = name().prop_flat_map(|name| {
        let value = prop_oneof![8 => usual(name), 1 => value()];
        (Just(name), value, select(vec![":", ":", ": ", " :\t"]))
    });
    let members = prop::collection::vec(member, 0..9);
    let spaces = (
        select(vec![",", ",", ", ", " ,\t", ",\r"]),
        select(vec!["", "", " ", ","]),
        select(vec!["}", "}", "}", "} ", "}x", "]"]),
    );
    (members, spaces).prop_map(|(members, (comma, first, close))| {
        let members: Vec<String> =
            members.iter().map(|(name, value, colon)| format!("\"{name}\"{colon}{value}")).collect();
        format!("{{{first}{}{close}", members.join(comma))
    })
}
