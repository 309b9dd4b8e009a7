//! What comes out of files as people and exporters write them, and of broken ones.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use onefold::{ChannelKind, Contact, Field, Value};
use onefold_cli::input::{
    Format, IdOrigin, InputError, Item, Mapping, Options, Problem, Row, SeenIds, Source, read, read_bytes,
};

#[track_caller]
fn items_with(name: &str, bytes: impl Into<Vec<u8>>, options: &Options) -> Vec<Item> {
    match read_bytes(name, bytes.into(), options) {
        Ok(input) => input.collect(),
        Err(error) => panic!("{error}"),
    }
}

#[track_caller]
fn items(name: &str, bytes: impl Into<Vec<u8>>) -> Vec<Item> {
    items_with(name, bytes, &Options::default())
}

#[track_caller]
fn error(name: &str, bytes: impl Into<Vec<u8>>, options: &Options) -> String {
    match read_bytes(name, bytes.into(), options) {
        Ok(_) => panic!("no error"),
        Err(error) => error.to_string(),
    }
}

fn rows(items: Vec<Item>) -> Vec<Row> {
    items.into_iter().filter_map(|item| if let Item::Contact(row) = item { Some(row) } else { None }).collect()
}

#[track_caller]
fn one(items: Vec<Item>) -> Row {
    let mut rows = rows(items);
    assert_eq!(rows.len(), 1);
    rows.remove(0)
}

fn faults(items: &[Item]) -> Vec<(u64, Problem)> {
    let mut faults = Vec::new();
    for item in items {
        match item {
            Item::Contact(row) => faults.extend(row.problems.iter().map(|problem| (row.line, problem.clone()))),
            Item::Skipped { line, problem } | Item::Notice { line, problem } => faults.push((*line, problem.clone())),
            _ => {}
        }
    }
    faults
}

fn ids(items: Vec<Item>) -> Vec<String> {
    rows(items).into_iter().map(|row| row.contact.id).collect()
}

fn emails(contact: &Contact<String>) -> Vec<&str> {
    contact.emails().collect()
}

fn phones(contact: &Contact<String>) -> Vec<&str> {
    contact.phones().collect()
}

fn text<'a>(contact: &'a Contact<String>, field: &Field) -> Option<&'a str> {
    contact.get(field).and_then(Value::as_written)
}

fn other<'a>(contact: &'a Contact<String>, name: &str) -> Option<&'a str> {
    text(contact, &Field::Other(name.into()))
}

fn mapped(mappings: &[&str]) -> Options {
    let map = mappings.iter().map(|text| text.parse::<Mapping>().expect("a mapping")).collect();
    Options { map, ..Options::default() }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("memory takes all");
    encoder.finish().expect("memory takes all")
}

const TABLE: &str =
    "id,first_name,email,phone\n1,Ana,ana@example.com,+12025550101\n2,Bob,bob@example.com,+12025550102\n";

// Unpacking and encodings

#[test]
fn packed_files_are_unpacked_whatever_their_name() {
    let (first, second) = TABLE.split_at(30);
    let members = [gzip(first.as_bytes()), gzip(second.as_bytes())].concat();
    let zstd = zstd::encode_all(TABLE.as_bytes(), 1).expect("memory takes all");
    for (name, bytes) in [("a.csv.gz", members.clone()), ("a.csv", members), ("a.csv.zst", zstd.clone()), ("a", zstd)] {
        assert_eq!(items(name, bytes), items("a.csv", TABLE), "{name}");
    }
}

#[test]
fn a_cut_off_or_damaged_archive_gives_its_whole_lines_and_a_notice() {
    let mut table = String::from("id,email\n");
    for number in 0..50_000 {
        table.push_str(&format!("{number},person{}@example.com\n", number * 7919 % 50_000));
    }
    let packed = gzip(table.as_bytes());
    let cut = items("a.csv.gz", packed.get(..packed.len() / 2).expect("half"));
    let Some(Item::Notice { line, problem: Problem::Damaged }) = cut.last() else { panic!("no notice") };
    let read = rows(cut.clone());
    assert!(read.len() > 1000 && *line == read.len() as u64 + 1);
    assert_eq!(read, rows(items("a.csv", table.as_str())).get(..read.len()).expect("fewer rows"));
    let mut behind = packed.clone();
    behind.extend_from_slice(b"garbage");
    assert_eq!(rows(items("a.csv.gz", behind)).len(), 50_000);
    let mut packed = zstd::encode_all(table.as_bytes(), 1).expect("memory takes all");
    packed.truncate(packed.len() - 5);
    assert!(matches!(items("a.csv.zst", packed).last(), Some(Item::Notice { problem: Problem::Damaged, .. })));
    assert!(error("a.gz", b"\x1f\x8bnonsense", &Options::default()).starts_with("cannot read a.gz: "));
}

#[test]
fn byte_order_marks_and_utf_16_are_understood() {
    let expected = items("a.csv", TABLE.replace("Ana", "Zélia"));
    let table = TABLE.replace("Ana", "Zélia");
    let utf16 = |to_bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        std::iter::once(0xfeff).chain(table.encode_utf16()).flat_map(to_bytes).collect()
    };
    assert_eq!(items("a.csv", [b"\xef\xbb\xbf", table.as_bytes()].concat()), expected);
    assert_eq!(items("a.csv", utf16(u16::to_le_bytes)), expected);
    assert_eq!(items("a.csv", utf16(u16::to_be_bytes)), expected);
    let mut broken = utf16(u16::to_le_bytes);
    broken.extend_from_slice(&[0x00, 0xd8]);
    assert!(faults(&items("a.csv", broken)).iter().any(|(_, problem)| *problem == Problem::BrokenUtf16));
}

#[test]
fn other_bytes_are_read_as_windows_1252_and_reported_once_a_row() {
    let found =
        items("a.csv", b"id,first_name,last_name,email\n1,Jos\xe9,\x80\xe9,j@example.com\n2,\xc3\xa9,b,c\n".to_vec());
    assert_eq!(faults(&found), [(2, Problem::NotUtf8)]);
    let rows = rows(found);
    assert_eq!(text(&rows[0].contact, &Field::FirstName), Some("José"));
    assert_eq!(text(&rows[0].contact, &Field::LastName), Some("€é"));
    assert_eq!(text(&rows[1].contact, &Field::FirstName), Some("é"));
    let row = one(items("a.jsonl", b"{\"id\":\"1\",\"first_name\":\"Jos\xe9\"}".to_vec()));
    assert_eq!(text(&row.contact, &Field::FirstName), Some("José"));
    assert_eq!(row.problems, [Problem::NotUtf8]);
}

#[test]
fn what_is_not_text_is_one_clear_error() {
    for (bytes, expected) in [
        (&b"\x89PNG\r\n\x1a\n"[..], "a is not text but a picture"),
        (b"%PDF-1.7 ...", "a is not text but a PDF"),
        (b"PK\x03\x04....", "a is a spreadsheet or another zip file; export it as CSV and give that"),
        (b"\x7fELF....", "a is not text but a program"),
        (b"ab\x00\x01\x02\x03\x04\x05", "a is not text but binary data"),
    ] {
        assert_eq!(error("a", bytes, &Options::default()), expected);
    }
    let missing = read(&Source::from_argument("no/such/file.csv"), &Options::default());
    assert!(matches!(missing, Err(InputError::Unreadable { .. })));
    assert_eq!(Source::from_argument("-"), Source::Stdin);
}

#[test]
fn a_few_nul_bytes_are_text() {
    let row = one(items("a.csv", "id,first_name,email,phone\n1,A\0na,ana@example.com,+1202555\u{0}0101\n"));
    assert_eq!(text(&row.contact, &Field::FirstName), Some("A\0na"));
}

#[test]
fn nothing_gives_nothing() {
    for bytes in ["", "\n\n", "\u{feff}"] {
        assert_eq!(items("a.csv", bytes), [Item::Notice { line: 0, problem: Problem::EmptyInput }]);
    }
    assert_eq!(items("a.csv", "id,email\n"), []);
    assert_eq!(items("a.csv", "id,email"), []);
}

// Tables

#[test]
fn delimiters_line_ends_and_blank_lines_make_no_difference() {
    let expected: Vec<_> = rows(items("a.csv", TABLE)).into_iter().map(|row| row.contact).collect();
    for delimiter in [";", "\t", "|"] {
        for end in ["\n", "\r\n", "\r", "\n\n", "\r\n   \r\n"] {
            let table = TABLE.replace(',', delimiter).replace('\n', end);
            let found: Vec<_> = rows(items("a.txt", table)).into_iter().map(|row| row.contact).collect();
            assert_eq!(found, expected, "{delimiter:?} {end:?}");
        }
    }
    assert_eq!(ids(items("a.csv", format!("sep=;\r\n{}", TABLE.replace(',', ";")))), ["1", "2"]);
    assert_eq!(ids(items("a.csv", TABLE.trim_end())), ["1", "2"]);
    assert_eq!(emails(&one(items("a.csv", "email\na@example.com\n")).contact), ["a@example.com"]);
}

#[test]
fn quotes_hold_delimiters_quotes_and_line_breaks_and_lines_keep_their_numbers() {
    let found =
        items("a.csv", "id,notes,email\r\n1,\"a, \"\"b\"\"\r\n\r\nc\",x@example.com\r\n\r\n2,d,y@example.com\r\n");
    assert_eq!(faults(&found), []);
    let rows = rows(found);
    assert_eq!(other(&rows[0].contact, "notes"), Some("a, \"b\"\r\n\r\nc"));
    assert_eq!((rows[0].line, rows[1].line), (2, 6));
}

#[test]
fn ragged_rows_count_and_rows_without_a_value_do_not() {
    let found = items("a.csv", "id,email,phone\n1\n2,b@example.com,1,x,,y\n3,c@example.com,,,\n,,\n , ,\n");
    assert_eq!(faults(&found), [(3, Problem::ExtraCells { count: 2 }), (5, Problem::NoValue), (6, Problem::NoValue)]);
    assert_eq!(ids(found), ["1", "2", "3"]);
}

#[test]
fn an_unbalanced_quote_costs_its_own_line_only() {
    let found =
        items("a.csv", "id,name,email,phone\n1,\"Ana,a@example.com,1\n2,Bob,b@example.com,2\n3,C,c@example.com,3\n");
    assert_eq!(faults(&found), [(2, Problem::UnbalancedQuote)]);
    assert_eq!(ids(found), ["2", "3"]);
    // The quotes of two lines would make one record of the right width.
    let found =
        items("a.csv", "id,name,email,phone\n1,\"Ana,a@example.com,1\n2,\"Bob,b@example.com,2\n3,C,c@example.com,3\n");
    assert_eq!(faults(&found), [(2, Problem::UnbalancedQuote), (3, Problem::UnbalancedQuote)]);
    assert_eq!(ids(found), ["3"]);
    // A good row of two lines behind a bad one.
    let found = items("a.csv", "id,name,email\n1,\"Ana,a@example.com\n2,\"B\nb\",b@example.com\n");
    assert_eq!(faults(&found), [(2, Problem::UnbalancedQuote)]);
    assert_eq!(ids(found), ["2"]);
}

#[test]
fn a_cell_of_very_many_lines_is_one_cell() {
    let notes = "x\r\n".repeat(200_000);
    let row = one(items("a.csv", format!("id,email,notes,y\r\n1,a@example.com,\"{notes}\",z\r\n")));
    assert_eq!(other(&row.contact, "notes").map(str::len), Some(notes.len()));
    assert_eq!(other(&row.contact, "y"), Some("z"));
}

#[test]
fn unbalanced_quotes_everywhere_take_linear_time() {
    let started = std::time::Instant::now();
    for line in ["a\"b,\"c\n", "1,\"Ana,a@example.com\n", "1,\"\"\"Ana,a@example.com\n", "\"\n", ",\",\"\n"] {
        let found = items("a.csv", format!("id,name,email\n{}", line.repeat(100_000)));
        assert!(found.len() >= 49_999, "{line:?}");
    }
    let one_quote = format!("id,name,email\n1,\"A,a@example.com\n{}", "2,B,b@example.com\n".repeat(100_000));
    assert_eq!(rows(items("a.csv", one_quote)).len(), 100_000);
    assert!(started.elapsed().as_secs() < 60, "not linear");
}

#[test]
fn columns_with_the_same_header_are_all_read() {
    let row = one(items("a.csv", "id,email,email,notes,notes\n1,a@example.com,b@example.com,x,y\n"));
    assert_eq!(emails(&row.contact), ["a@example.com", "b@example.com"]);
    let notes = row.contact.get(&Field::Other("notes".into()));
    assert_eq!(notes, Some(&Value::List(vec!["x".into(), "y".into()])));
}

#[test]
fn values_stay_as_written() {
    let row = one(items(
        "a.csv",
        "id,email,phone,created_at,updated_at,x\n 1, A@Example.com ,5.51199E+12,2024-03-01 10:22,2024-03-01T10:22:00Z, y \n",
    ));
    assert_eq!(row.contact.id, " 1");
    assert_eq!(emails(&row.contact), [" A@Example.com "]);
    assert_eq!(phones(&row.contact), ["5.51199E+12"]);
    assert_eq!(row.contact.get(&Field::CreatedAt), Some(&Value::from("2024-03-01 10:22")));
    assert_eq!(row.contact.updated_at(), Some(1_709_288_520_000));
    assert_eq!(other(&row.contact, "x"), Some(" y "));
}

#[test]
fn no_usable_column_names_the_headers_but_never_a_value() {
    let none = Options::default();
    assert_eq!(
        error("a.csv", "First Name,Company\nAna,Acme\n", &none),
        "no column of a.csv is recognised as phone, email or channel; it has \"First Name\", \"Company\"; name one with \
         --map email=\"HEADER\""
    );
    assert!(error("a.csv", "a,b,c,d,e,f,g,h,i,j,k\n", &none).contains("\"j\", others;"));
    let headless = error("a.csv", "1,Ana,canary@example.com\n", &none);
    assert_eq!(headless, "the first line of a.csv looks like a contact; it must name the columns");
    assert!(error("a.csv", "id,channel\n1,sms\n", &none).contains("no column"));
}

#[test]
fn headers_of_exporters_and_languages_are_recognised() {
    let (email, phone) = (Field::Email, Field::Phone);
    let cases: &[(&Field, &[&str])] = &[
        (
            &email,
            &[
                "email",
                "E-mail",
                "EMAIL",
                "Email Address",
                "E-mail 1 - Value",
                "E-mail 2 Address",
                "secondary_email",
                "Additional email addresses",
                "Correo electrónico",
                "correo",
                "E-Mail-Adresse",
                "e-mail principal",
                "workEmail",
                "Endereço de e-mail",
                "Dirección de correo electrónico",
            ],
        ),
        (
            &phone,
            &[
                "phone",
                "Phone Number",
                "phone_number",
                "Mobile Phone",
                "Mobile Phone Number",
                "Phone 1 - Value",
                "WhatsApp Phone Number",
                "WhatsApp",
                "Business Phone 2",
                "Company Main Phone",
                "Primary Phone",
                "Home Phone",
                "TTY/TDD Phone",
                "Car Phone",
                "secondary_phone",
                "Telefone",
                "celular",
                "Telefone celular",
                "Teléfono",
                "móvil",
                "Teléfono móvil",
                "Número de teléfono",
                "Número de WhatsApp",
                "Telefonnummer",
                "Handy",
                "mobilePhone",
                "Callback",
            ],
        ),
        (
            &Field::Country,
            &["country", "Business Country", "Home Country", "Address 1 - Country", "Country/Region", "País"],
        ),
        (&Field::FirstName, &["first_name", "First Name", "Given Name", "Primeiro nome", "Vorname"]),
        (&Field::LastName, &["last_name", "Last Name", "Family Name", "Sobrenome", "Apellidos", "Nachname"]),
        (&Field::DisplayName, &["display_name", "Name", "Full name", "Nome completo", "Nombre", "nome"]),
        (&Field::Tags, &["tags", "Labels", "Categories", "Etiquetas", "Group Membership"]),
        (&Field::Language, &["language", "Idioma"]),
        (&Field::Assignee, &["assignee", "Contact owner"]),
        (&Field::CreatedAt, &["created_at", "Create Date"]),
        (&Field::UpdatedAt, &["updated_at", "Last Modified Date"]),
    ];
    for (field, headers) in cases {
        for header in *headers {
            let row = one(items("a.csv", format!("id|email|{header}\n1|z@example.com|202555010155\n")));
            let found = match **field {
                Field::Email => emails(&row.contact).last().copied(),
                Field::Phone | Field::Tags => row.contact.phones().chain(row.contact.tags()).last(),
                ref field => row.contact.get(field).map(|_| "202555010155"),
            };
            assert_eq!(found, Some("202555010155"), "{header} as {field}");
        }
    }
}

#[test]
fn headers_that_only_look_like_phones_and_emails_are_kept_as_they_are() {
    for header in [
        "Phone 1 - Label",
        "Phone 1 - Type",
        "Mobile Phone Type",
        "E-mail Type",
        "E-mail Display Name",
        "E-mail 1 - Label",
        "Business Fax",
        "Home Fax",
        "Pager",
        "Fax Number",
        "Assistant's Phone",
        "Email opt-out",
        "Phone verified",
        "WhatsApp opt-in date",
        "Number of calls",
        "Owner email",
        "User 1",
        "Address 1 - Street",
    ] {
        let row = one(items("a.csv", format!("id,email,{header}\n1,z@example.com,2025550101\n")));
        assert_eq!((emails(&row.contact).len(), phones(&row.contact).len()), (1, 0), "{header}");
        assert_eq!(other(&row.contact, header), Some("2025550101"), "{header}");
    }
}

#[test]
fn the_best_of_several_ids_is_the_id() {
    let row = one(items("a.csv", "identifier,id,email\nx,7,a@example.com\n"));
    assert_eq!((row.contact.id.as_str(), other(&row.contact, "identifier")), ("7", Some("x")));
    assert_eq!(ids(items("a.csv", "Record ID,Email\n9007199254740993,a@example.com\n")), ["9007199254740993"]);
    assert_eq!(ids(items("a.csv", "identifier;phone_number\nmx-1;1\n")), ["mx-1"]);
}

#[test]
fn a_second_value_of_a_single_field_keeps_its_own_name() {
    let row = one(items("a.csv", "email,Home Country,Business Country,country\na@example.com,,BR,US\n"));
    assert_eq!(row.contact.country(), Some("BR"));
    assert_eq!(other(&row.contact, "country (other)"), Some("US"));
    let row = one(items("a.csv", "email,nombre,apellidos\na@example.com,Ana,Gil\n"));
    assert_eq!(text(&row.contact, &Field::FirstName), Some("Ana"));
}

#[test]
fn cells_with_several_values_are_split() {
    let row = one(items(
        "a.csv",
        "E-mail 1 - Value,Phone 1 - Value,Labels\na@example.com ::: b@example.com,(11) 98765-4321 ::: (11) 3234-5678,* myContacts ::: * Home\n",
    ));
    assert_eq!(emails(&row.contact), ["a@example.com", "b@example.com"]);
    assert_eq!(phones(&row.contact), ["(11) 98765-4321", "(11) 3234-5678"]);
    assert_eq!(row.contact.tags().collect::<Vec<_>>(), ["* myContacts", "* Home"]);
    let row = one(items("a.csv", "email,phone\na@example.com;b@example.com,tel:+12025550101;ext=12\n"));
    assert_eq!(emails(&row.contact).len(), 2);
    assert_eq!(phones(&row.contact), ["tel:+12025550101;ext=12"]);
}

#[test]
fn blocked_is_read_from_words() {
    for (word, blocked, reported) in [
        ("1", true, false),
        ("TRUE", true, false),
        ("Yes", true, false),
        ("sim", true, false),
        ("Sí", true, false),
        ("x", true, false),
        ("0", false, false),
        ("false", false, false),
        ("No", false, false),
        ("não", false, false),
        ("nao", false, false),
        ("", false, false),
        ("perhaps", true, true),
    ] {
        for header in ["blocked", "Bloqueado"] {
            let row = one(items("a.csv", format!("id,email,{header}\n1,a@example.com,{word}\n")));
            let problems: &[Problem] = if reported { &[Problem::UnclearBlocked] } else { &[] };
            assert_eq!((row.contact.blocked, row.problems.as_slice()), (blocked, problems), "{word}");
        }
    }
}

#[test]
fn a_channel_needs_its_kind_and_its_identity() {
    let found = rows(items(
        "a.csv",
        "id,channel,channel_id,channel_account\n1,WhatsApp,12025550101@c.us,main\n2,sms,,\n3,,x,\n4,line,y,\n",
    ));
    let channel = found[0].contact.channels().first().expect("a channel");
    assert_eq!(
        (&channel.kind, channel.account.as_str(), channel.identity.as_str()),
        (&ChannelKind::WhatsApp, "main", "12025550101@c.us")
    );
    assert_eq!(other(&found[1].contact, "channel"), Some("sms"));
    assert_eq!(other(&found[2].contact, "channel_id"), Some("x"));
    assert_eq!(found[3].contact.channels().len(), 1);
    let row = one(items("a.jsonl", r#"{"id":"1","channel":"telegram","channel_id":42}"#));
    assert_eq!(row.contact.channels().first().expect("a channel").identity, "42");
}

#[test]
fn custom_fields_are_read_from_a_cell_and_from_names() {
    let row = one(items(
        "a.csv",
        "email,custom.plan,custom_fields\na@example.com,pro,\"{\"\"crm_id\"\":\"\"7\"\",\"\"n\"\":1e400}\"\n",
    ));
    assert_eq!(text(&row.contact, &Field::Custom("plan".into())), Some("pro"));
    assert_eq!(text(&row.contact, &Field::Custom("crm_id".into())), Some("7"));
    assert_eq!(text(&row.contact, &Field::Custom("n".into())), Some("1e400"));
    let row = one(items("a.csv", "email,custom_fields\na@example.com,{broken\n"));
    assert_eq!(other(&row.contact, "custom_fields"), Some("{broken"));
}

// Options

#[test]
fn a_mapping_takes_the_place_of_the_guess() {
    let table = "id,email,Privat,Zap\n1,a@example.com,b@example.com,2025550101\n";
    let row = one(items_with("a.csv", table, &mapped(&["email=privat", "phone=\"Zap\"", "custom.old=email"])));
    assert_eq!(emails(&row.contact), ["b@example.com"]);
    assert_eq!(phones(&row.contact), ["2025550101"]);
    assert_eq!(text(&row.contact, &Field::Custom("old".into())), Some("a@example.com"));
    let row = one(items_with("a.csv", table, &mapped(&["email=Privat", "emails=email"])));
    assert_eq!(emails(&row.contact), ["a@example.com", "b@example.com"]);
    let found = items_with(
        "a.jsonl",
        r#"{"id":"1","zap":"2025550101","emails":["a@example.com"]}"#,
        &mapped(&["phone=Zap", "tags=No"]),
    );
    assert_eq!(faults(&found), [(1, Problem::MappedNameNotSeen { field: "tags".into(), header: "No".into() })]);
    assert_eq!(phones(&one(found).contact), ["2025550101"]);
    let row = one(items_with("a.vcf", "BEGIN:VCARD\nX-ZAP:2025550101\nEND:VCARD\n", &mapped(&["phone=x-zap"])));
    assert_eq!(phones(&row.contact), ["2025550101"]);
}

#[test]
fn a_mapping_that_cannot_be_is_an_error() {
    assert!(
        "email"
            .parse::<Mapping>()
            .is_err_and(|error| error.to_string() == "\"email\" is not a mapping; write FIELD=HEADER")
    );
    assert!(
        error("a.csv", TABLE, &mapped(&["mail=email"]))
            .starts_with("there is no field \"mail\" to map to; there are id, email, phone,")
    );
    assert_eq!(
        error("a.csv", TABLE, &mapped(&["email=X"])),
        "a.csv has no column \"X\"; it has \"id\", \"first_name\", \"email\", \"phone\""
    );
    assert!(
        error("a.csv", TABLE, &Options { workspace_column: Some("t".into()), ..Options::default() }).contains("\"t\"")
    );
}

#[test]
fn a_column_can_name_the_workspace() {
    let options = Options { workspace_column: Some("Tenant".into()), ..Options::default() };
    let found = rows(items_with("a.csv", "id,email,Tenant\n1,a@example.com,t1\n2,b@example.com,\n", &options));
    assert_eq!((found[0].workspace.as_deref(), found[1].workspace.as_deref()), (Some("t1"), None));
    let row = one(items_with("a.jsonl", r#"{"id":"1","Tenant":7}"#, &options));
    assert_eq!(row.workspace.as_deref(), Some("7"));
    let row = one(items_with("a.vcf", "BEGIN:VCARD\nUID:1\nTENANT:t\nEND:VCARD\n", &options));
    assert_eq!(row.workspace.as_deref(), Some("t"));
}

#[test]
fn the_format_can_be_given() {
    let options = Options { format: Some(Format::JsonLines), ..Options::default() };
    let input = read_bytes("a.csv", br#"{"id":"1"}"#.to_vec(), &options).expect("an input");
    assert_eq!((input.format(), input.count()), (Format::JsonLines, 1));
}

// Ids

#[test]
fn rows_without_an_id_get_one_that_no_row_of_the_input_has() {
    let found = rows(items("a.csv", "id,email\n,a@example.com\n  ,b@example.com\n"));
    assert_eq!((found[0].contact.id.as_str(), found[0].id_origin), ("line-2", IdOrigin::Line));
    assert_eq!(found[1].contact.id, "line-3");
    assert_eq!(ids(items("a.csv", "id,email\n,a@example.com\nline-2,b@example.com\n")), ["line--2", "line-2"]);
    assert_eq!(ids(items("a.csv", "id,email\n,a@online-2.example\n")), ["line-2"]);
}

#[test]
fn a_second_row_with_an_id_is_left_out_in_its_workspace_only() {
    let mut seen = SeenIds::new();
    let options = Options { workspace_column: Some("t".into()), ..Options::default() };
    let table = "id,email,t\n1,a@example.com,x\n1,b@example.com,y\n1,c@example.com,x\n,d@example.com,x\n";
    let mut found = rows(items_with("a.csv", table, &options));
    let outcomes: Vec<_> = found.iter_mut().map(|row| seen.admit(row)).collect();
    assert_eq!(outcomes, [Ok(()), Ok(()), Err(Problem::DuplicateId), Ok(())]);
    let mut again = rows(items_with("b.csv", table, &options)).remove(3);
    assert_eq!(seen.admit(&mut again), Ok(()));
    assert_eq!(again.contact.id, "line-5-2");
}

// JSON

#[test]
fn json_fields_of_any_shape_survive() {
    let json = r#"{"id":12345678901234567890123,"emails":[null,1,{"x":1},"","a@example.com"],"phones":[5511987654321,null],"tags":{"a":1},"created_at":1700000000,"x":{"y":[1e400]},"custom_fields":{"big":12345678901234567890123}}"#;
    let row = one(items("a.jsonl", json));
    assert_eq!(row.contact.id, "12345678901234567890123");
    assert_eq!(emails(&row.contact), ["", "a@example.com"]);
    let Some(Value::List(found)) = row.contact.get(&Field::Phone) else { panic!("no list") };
    assert_eq!(found.iter().map(Value::as_written).collect::<Vec<_>>(), [Some("5511987654321"), None]);
    assert_eq!(row.contact.get(&Field::Tags), Some(&Value::Json(r#"{"a":1}"#.into())));
    assert_eq!(row.contact.created_at(), Some(1_700_000_000));
    assert_eq!(row.contact.get(&Field::Other("x".into())), Some(&Value::Json(r#"{"y":[1e400]}"#.into())));
    assert_eq!(text(&row.contact, &Field::Custom("big".into())), Some("12345678901234567890123"));
    assert_eq!(row.problems, []);
}

#[test]
fn our_own_json_is_read_as_the_library_reads_it() {
    let json = r#"{"id":"1","assignee":null,"channels":[{"kind":"sms","account":"a","identity":"x"}],"emails":"one","notes":[],"updated_at":"2024-01-01T00:00:00+02:00","custom":{"n":1.50},"blocked":true,"provenance":{"first_name":{"source":"manual","verified":true}},"custom.top":1}"#;
    assert_eq!(one(items("a.jsonl", json)).contact, Contact::from_json(json).expect("a contact"));
    for json in [
        r#"{"id":"1","emails":null,"custom":null}"#,
        r#"{"id":"1","emails":[],"custom":{}}"#,
        r#"{"id":"1","custom":[1]}"#,
    ] {
        assert_eq!(one(items("a.jsonl", json)).contact, Contact::from_json(json).expect("a contact"), "{json}");
    }
}

#[test]
fn names_of_others_are_recognised_in_json() {
    let row = one(items(
        "a.jsonl",
        r#"{"secondary_email":"b@example.com","identifier":"x","name":"Ana","email":"a@example.com","phone_number":2025550101,"emails":["c@example.com"]}"#,
    ));
    assert_eq!(row.contact.id, "x");
    assert_eq!(text(&row.contact, &Field::DisplayName), Some("Ana"));
    assert_eq!(emails(&row.contact), ["c@example.com", "b@example.com", "a@example.com"]);
    assert_eq!(
        row.contact.get(&Field::Phone).map(|value| matches!(value, Value::List(items) if items.len() == 1)),
        Some(true)
    );
    let row = one(items("a.jsonl", r#"{"identifier":"x","id":null,"name":"Ana","display_name":"Bo"}"#));
    assert_eq!(row.contact.id, "x");
    assert_eq!((text(&row.contact, &Field::DisplayName), other(&row.contact, "name")), (Some("Bo"), Some("Ana")));
}

#[test]
fn json_says_blocked_in_many_ways() {
    for (json, blocked, reported) in [
        ("true", true, false),
        ("false", false, false),
        ("null", false, false),
        ("1", true, false),
        ("0", false, false),
        ("\"yes\"", true, false),
        ("\"\"", false, false),
        ("2", true, true),
        ("[]", true, true),
        ("{}", true, true),
    ] {
        let row = one(items("a.jsonl", format!("{{\"id\":1,\"blocked\":{json}}}")));
        assert_eq!((row.contact.blocked, row.problems.len()), (blocked, usize::from(reported)), "{json}");
    }
}

#[test]
fn lines_that_are_no_object_are_skipped_with_a_reason() {
    let found = items(
        "a.jsonl",
        "{\"id\":\"1\"}\r\n\r\n   \n[]\nnull\n\"text\"\n{}\n{\"id\":\"\"}\n{\"id\":null}\n{\"id\":\"2\",\"emails\":[\"b@exam\n{\"id\":tru}\n{\"id\":\"3\"} x\n{\"id\":[],\"email\":\"a@example.com\"}",
    );
    assert_eq!(
        faults(&found),
        [
            (4, Problem::NotAnObject),
            (5, Problem::NotAnObject),
            (6, Problem::NotAnObject),
            (7, Problem::NoValue),
            (8, Problem::NoValue),
            (9, Problem::NoValue),
            (10, Problem::TruncatedJson),
            (11, Problem::NotJson { column: 10 }),
            (12, Problem::NotJson { column: 12 }),
            (13, Problem::IdNotText),
        ]
    );
    assert_eq!(ids(found), ["1", "line-13"]);
}

#[test]
fn double_fields_and_half_characters_are_reported() {
    let row = one(items("a.jsonl", r#"{"id":"1","id":"2","emails":["a@example.com"],"emails":["b@example.com"]}"#));
    assert_eq!((row.contact.id.as_str(), emails(&row.contact)), ("2", vec!["b@example.com"]));
    assert_eq!(
        row.problems,
        [Problem::DuplicateField { field: "emails".into() }, Problem::DuplicateField { field: "id".into() }]
    );
    let row =
        one(items("a.jsonl", r#"{"id":"1","first_name":"\ud83d","last_name":"\ud83d\ude00\\ud83d","\udc00":[1]}"#));
    assert_eq!(text(&row.contact, &Field::FirstName), Some("\u{fffd}"));
    assert_eq!(text(&row.contact, &Field::LastName), Some("\u{1f600}\\ud83d"));
    assert_eq!(row.problems, [Problem::LoneSurrogate { field: "first_name".into() }]);
}

#[test]
fn deep_nesting_needs_no_stack() {
    for depth in [5_000, 200_000] {
        let json = format!(r#"{{"id":"1","x":{}1{}}}"#, "{\"a\":[".repeat(depth), "]}".repeat(depth));
        assert_eq!(one(items("a.jsonl", json.as_str())).problems, []);
        assert_eq!(rows(items("a.json", format!("[{json},{json}]"))).len(), 2);
    }
}

#[test]
fn an_array_of_objects_is_read_and_a_broken_element_hides_no_other() {
    let found = items("a.json", "[\n {\"id\":\"1\",\"x\":\"],}\\\"\"},\n {\"id\":tru},\n 5,\n {\"id\":\"2\"}\n]\n");
    assert_eq!(faults(&found), [(3, Problem::NotJson { column: 10 }), (4, Problem::NotAnObject)]);
    assert_eq!(
        rows(found).into_iter().map(|row| (row.line, row.contact.id)).collect::<Vec<_>>(),
        [(2, "1".into()), (5, "2".into())]
    );
    assert_eq!(items("a.json", "[]"), []);
    assert_eq!(faults(&items("a.json", "[{\"id\":\"1\"},")), [(1, Problem::UnclosedArray)]);
    assert_eq!(faults(&items("a.json", "[] {}")), [(1, Problem::TextBehindArray)]);
    assert_eq!(ids(items("-", " [{\"id\":1}]")), ["1"]);
}

// vCard

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
    assert_eq!(contact.updated_at(), Some(1_714_557_600_000));
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
fn every_tel_of_a_card_is_a_phone_whatever_its_type() {
    let row = one(items("a.vcf", card("TEL;WORK;FAX:1\nTEL;TYPE=PAGER:2\nTEL;TYPE=fax,voice:3\nTEL;X-WhatsApp:4")));
    assert_eq!(phones(&row.contact), ["1", "2", "3", "4"]);
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
