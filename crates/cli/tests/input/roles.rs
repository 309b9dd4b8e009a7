//! Faxes and pagers are no keys, what belongs to a firm is weak, and none of it is lost.

use onefold::{Field, Normalizer, Strength, Value};
use onefold_files::Row;

use crate::command::{Folder, text};
use crate::rows::{items, one, phones};

/// The strongest strength of any key with that value.
fn strength(row: &Row, value: &str) -> Option<Strength> {
    let keys = Normalizer::new().contact(&row.contact).keys;
    keys.iter().filter(|key| key.key.value() == value).map(|key| key.derivation.strength()).max()
}

const OWN: &str = "+442079460101";
const FAX: &str = "+442079460199";
const FIRM: &str = "+442079460100";

#[track_caller]
fn check(row: &Row, what: &str) {
    assert_eq!(phones(&row.contact), [OWN], "{what}");
    assert_eq!(strength(row, OWN), Some(Strength::Exact), "{what}");
    assert_eq!(strength(row, FAX), None, "{what}");
    assert!(strength(row, FIRM).is_none_or(|strength| strength == Strength::Weak), "{what}");
    for value in [FAX, FIRM] {
        let holds = |held: &Value| match held {
            Value::List(items) => items.iter().any(|item| item.as_written() == Some(value)),
            held => held.as_written() == Some(value),
        };
        assert!(row.contact.fields.iter().any(|(field, held)| *field != Field::Phone && holds(held)), "{what}");
    }
}

#[test]
fn columns_say_whose_a_number_is() {
    for (fax, firm) in [
        ("Business Fax", "Company Main Phone"),
        ("Home Fax", "Assistant's Phone"),
        ("Pager", "Billing Phone"),
        ("fax_number", "company_phone"),
        ("Fax (gesch\u{e4}ftlich)", "Telefon Firma"),
    ] {
        let table = format!("id,Mobile Phone,{fax},{firm}\n1,{OWN},{FAX},{FIRM}\n");
        check(&one(items("a.csv", table)), fax);
    }
}

#[test]
fn labels_beside_a_value_say_whose_it_is() {
    let table = format!(
        "id,Phone 1 - Type,Phone 1 - Value,Phone 2 - Type,Phone 2 - Value,Phone 3 - Type,Phone 3 - Value\n\
         1,Work Fax,{FAX},Mobile,{OWN},Main,{FIRM}\n"
    );
    check(&one(items("a.csv", table.as_str())), "types");
    let labels = table.replace("- Type", "- Label").replace("Work Fax", "* Fax");
    check(&one(items("a.csv", labels)), "labels");
}

#[test]
fn labels_in_one_cell_are_those_of_the_values_in_their_positions() {
    let row = |labels: &str, values: &str| {
        one(items("a.csv", format!("id,Phone 1 - Type,Phone 1 - Value\n1,{labels},{values}\n")))
    };
    check(&row("Home Fax ::: Work ::: Main", &format!("{FAX} ::: {OWN} ::: {FIRM}")), "three");
    check(&row("Home Fax ::: ::: Main", &format!("{FAX} ::: {OWN} ::: {FIRM}")), "one without");
    let both = row("Work ::: Home", &format!("{OWN} ::: {FIRM}"));
    assert_eq!(phones(&both.contact), [OWN, FIRM]);
    // Nobody knows whose the labels are: none of the values gives a key.
    for labels in ["Work ::: Home ::: Fax", "Fax"] {
        let unclear = row(labels, &format!("{OWN} ::: {FAX}"));
        assert_eq!(phones(&unclear.contact), [""; 0]);
        assert_eq!((strength(&unclear, OWN), strength(&unclear, FAX)), (None, None));
    }
}

#[test]
fn types_and_labels_of_cards_say_whose_a_number_is() {
    for (fax, firm) in [
        ("TEL;TYPE=WORK,FAX", "item1.X-ABLabel:_$!<CompanyMain>!$_\nitem1.TEL"),
        ("TEL;TYPE=WORK;TYPE=FAX", "item1.TEL;type=pref"),
        ("TEL;FAX;WORK", "item1.TEL;VOICE"),
        ("TEL;TYPE=\"fax,voice\"", "item1.TEL"),
        ("TEL;TYPE=PAGER", "item1.TEL"),
        ("item2.X-ABLabel:Home Fax\nitem2.TEL", "item1.TEL"),
        ("TEL;LABEL=\"Work Fax\"", "item1.TEL"),
        ("TEL;WORK;X-Fax", "item1.TEL"),
        ("TEL;X-EVOLUTION-LABEL=fax", "item1.TEL"),
        ("TEL;X-CUSTOM(CHARSET=UTF-8,ENCODING=QUOTED-PRINTABLE,=46=61=78)", "item1.TEL"),
        ("TEL;TYPE=work;LABEL=\"Fax, 2nd floor: left\"", "TEL;LABEL=\"_$!<CompanyMain>!$_\""),
    ] {
        let label =
            if firm.contains("CompanyMain") || firm.contains("LABEL=") { "" } else { "\nitem1.X-ABLabel:Company Main" };
        let card = format!("BEGIN:VCARD\nUID:1\nTEL;TYPE=CELL:{OWN}\n{fax}:{FAX}\n{firm}:{FIRM}{label}\nEND:VCARD\n");
        check(&one(items("a.vcf", card)), fax);
    }
}

#[test]
fn labels_in_json_say_whose_a_number_is() {
    for json in [
        format!(r#"{{"id":1,"phone":"{OWN}","fax":"{FAX}","company_phone":"{FIRM}"}}"#),
        format!(
            r#"{{"id":1,"phones":[{{"type":"mobile","value":"{OWN}"}},{{"type":"FAX","value":"{FAX}"}},{{"type":"billing","value":"{FIRM}"}}]}}"#
        ),
        format!(
            r#"{{"id":1,"mobile":"{OWN}","phone":"{FAX}","phone_type":"fax","phone_number_2":"{FIRM}","phoneNumber2Type":"billing"}}"#
        ),
        format!(
            r#"{{"id":1,"properties":{{"mobile":"{OWN}","phone":"{FAX}","phone_label":{{"name":"Fax"}},"company_phone":"x"}},"company_phone":"{FIRM}"}}"#
        ),
        format!(
            r#"{{"id":1,"phones":["{OWN}"],"telefono":["{FAX}"],"tipo_de_telefono":"fax","billing phone":"{FIRM}"}}"#
        ),
    ] {
        check(&one(items("a.jsonl", json.as_str())), &json);
    }
}

#[test]
fn colleagues_are_not_joined_and_both_ways_of_reading_agree() {
    let folder = Folder::new();
    let rows = [
        ["1", "Work Fax", FAX, OWN, FIRM],
        ["2", "Work Fax", FAX, "+442079460102", FIRM],
        ["3", "Mobile", FAX, "+442079460103", ""],
        ["4", "Mobile", OWN, "", ""],
    ];
    let rows: String = rows.iter().map(|row| row.join(",") + "\n").collect();
    folder.file("in.csv", format!("id,Phone 1 - Type,Phone 1 - Value,Mobile Phone,Company Main Phone\n{rows}"));
    let output = folder.onefold(&["suggest", "in.csv", "--format", "jsonl"]);
    let found = text(&output.stdout);
    assert_eq!(found.lines().count(), 1, "{found}");
    assert!(found.contains(r#""members":["1","4"]"#), "{found}");
    let weak = folder.onefold(&["suggest", "in.csv", "--format", "jsonl", "--min-strength", "weak"]);
    assert!(text(&weak.stdout).contains(r#""members":["1","2","4"]"#), "{}", text(&weak.stdout));
    let both = folder.onefold(&["suggest", "in.csv", "in.csv", "--format", "jsonl", "--min-strength", "weak"]);
    assert!(text(&both.stderr).contains("fax"), "{}", text(&both.stderr));
}
