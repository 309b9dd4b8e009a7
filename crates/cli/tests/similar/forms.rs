//! `onefold keys --similar`: what of each contact is compared.

use serde_json::json;

use crate::command::{Folder, assert_says, text};
use crate::similar::suggestions::{folder, lines};

#[test]
fn each_contact_has_its_comparable_form() {
    let folder = folder();
    let output = folder.onefold(&["keys", "in.csv", "--similar", "--region", "GB"]);
    let forms = lines(&output);
    assert_eq!(forms.len(), 80);
    assert_eq!(
        forms[4],
        json!({"contact": "5", "given": ["ana"], "family": ["sousa"], "birth_dates": ["19840517"],
            "phones": ["7700900123"], "street": "rua das flores", "house_number": "12", "city": "campinas"})
    );
    assert_eq!((&forms[3]["suffix"], &forms[3]["emails"]), (&json!("jr"), &json!(["w.pruitt@example.com"])));
    let said = text(&output.stderr);
    assert!(said.contains("contacts") && !said.contains("values without key"), "{said}");
}

#[test]
fn forms_are_written_in_every_format() {
    let folder = Folder::new();
    folder.file(
        "in.csv",
        "id,name,company,passport,account\n1,\"\u{41c}\u{430}\u{440}\u{438}\u{44f} Muster\",Muster GmbH,AB-1234567,w\n",
    );
    let all = ["keys", "in.csv", "--similar", "--identifier", "passport", "--workspace-column", "account"];
    let form = &lines(&folder.onefold(&all))[0];
    assert_eq!((&form["workspace"], &form["company"]), (&json!("w"), &json!("muster")));
    assert_eq!(form["identifiers"].as_array().map(Vec::len), Some(1), "{form:#}");
    let csv = text(&folder.onefold(&[&all[..], &["--format", "csv"]].concat()).stdout);
    assert!(csv.starts_with("workspace,contact,given,family,suffix,birth_dates,emails,phones,company,"), "{csv}");
    assert_says(&csv, &["\nw,1,", "passport="]);
    let table = text(&folder.onefold(&[&all[..], &["--format", "table"]].concat()).stdout);
    assert_says(&table, &["given", "muster", "passport="]);
}

#[test]
fn without_the_option_keys_are_written() {
    let folder = folder();
    let found = lines(&folder.onefold(&["keys", "in.csv", "--region", "GB"]));
    assert!(found.iter().all(|line| line.get("field").is_some() && line.get("given").is_none()));
}
