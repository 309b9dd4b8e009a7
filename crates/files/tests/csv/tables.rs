//! Tables as people and exporters write them, and broken ones.

use onefold::{ChannelKind, Field, Value};
use onefold_files::{Options, Problem};

use crate::rows::{TABLE, emails, error, faults, ids, items, one, other, phones, rows, text};

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
    assert_eq!(row.contact.updated_at().map(onefold::Time::millis), Some(1_709_288_520_000));
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
            // A WhatsApp number begins with the code of its country.
            let expected = if header.contains("WhatsApp") { "+202555010155" } else { "202555010155" };
            assert_eq!(found, Some(expected), "{header} as {field}");
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
        "Telex",
        "Company Main Phone",
        "Company Phone",
        "Billing Email",
        "Shipping Phone",
        "Telefon Zentrale",
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

/// `No` before a name refuses; with a dot it is a number.
#[test]
fn a_column_that_asks_for_no_emails_holds_none() {
    let row = one(items("a.csv", "id,email,NO_EMAIL,no_phone,No. Mobile\n1,a@example.com,yes,no,+447400123456\n"));
    assert_eq!((emails(&row.contact), phones(&row.contact)), (vec!["a@example.com"], vec!["+447400123456"]));
    assert_eq!(other(&row.contact, "NO_EMAIL"), Some("yes"));
}
