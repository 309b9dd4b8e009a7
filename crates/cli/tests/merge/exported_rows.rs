//! A merged row of an export is one that the program it is from can read, and undo gives the file back.

use crate::command::{Folder, MERGE, UNDO, text};

/// Merges all of a file, undoes it, and gives the merged rows and what was said.
#[track_caller]
fn merged(rows: &str) -> (String, String) {
    let folder = Folder::new();
    folder.file("in.csv", rows);
    let said = folder.done(&MERGE);
    folder.done(&UNDO);
    assert_eq!(folder.read("back.csv"), rows);
    let out = folder.read("out.csv");
    let (header, merged) = out.split_once('\n').expect("a header");
    assert_eq!(header, rows.split_once('\n').expect("a header").0);
    (merged.to_owned(), said)
}

#[test]
fn google_has_its_own_separator_and_labels_stay_with_their_values() {
    let (rows, said) = merged(
        "First Name,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value\n\
         Bea,Home,bea@example.com,Mobile,+447400123456\n\
         Bea,Work,bea@example.com,Work,+442079460123\n",
    );
    assert_eq!(rows, "Bea,Home,bea@example.com,Mobile ::: Work,+447400123456 ::: +442079460123\n");
    assert!(!said.contains("no place"), "{said}");
    // Where columns are missing labels go with their values.
    let (rows, _) = merged(
        "Name,E-mail 1 - Value,Phone 1 - Type,Phone 1 - Value,Phone 2 - Type,Phone 2 - Value\n\
         Bea,bea@example.com,Mobile,+447400123456,,\n\
         Bea,bea@example.com,Work,+442079460123,Home,+442079460124\n",
    );
    assert_eq!(rows, "Bea,bea@example.com,Mobile ::: Work,+447400123456 ::: +442079460123,Home,+442079460124\n");
    // The label of another number is not that of the survivor's.
    let (rows, _) = merged(
        "Name,E-mail 1 - Value,Phone 1 - Type,Phone 1 - Value,Phone 2 - Type,Phone 2 - Value\n\
         Bea,bea@example.com,,+447400123456,,\n\
         Bea,bea@example.com,Work,+442079460123,,\n",
    );
    assert_eq!(rows, "Bea,bea@example.com,,+447400123456,Work,+442079460123\n");
}

#[test]
fn hubspot_has_one_address_in_email_and_the_others_beside() {
    let (rows, said) = merged(
        "Record ID,First Name,Email,Additional email addresses,Phone Number\n\
         1,Bea,bea@example.com,,+447400123456\n\
         2,Bea,bea2@example.com,bea3@example.com;bea4@example.com,+447400123456\n",
    );
    assert_eq!(rows, "1,Bea,bea@example.com,bea2@example.com;bea3@example.com;bea4@example.com,+447400123456\n");
    assert!(!said.contains("no place"), "{said}");
    // Without a column for the others they have no place.
    let (rows, said) = merged(
        "Record ID,First Name,Email,Phone Number\n1,Bea,bea@example.com,+447400123456\n2,Bea,bea2@example.com,+447400123456\n",
    );
    assert_eq!(rows, "1,Bea,bea@example.com,+447400123456\n");
    assert!(said.contains("emails of contact \"1\" is not in the row, which has no place for it"), "{said}");
}

#[test]
fn a_number_without_a_column_is_named_and_never_shares_one() {
    let (rows, said) = merged(
        "First Name,E-mail Address,E-mail 2 Address,Mobile Phone,Business Phone,Home Phone\n\
         Bea,bea@example.com,,+447400123456,,\n\
         Bea,bea@example.com,bea2@example.com,,+442079460123,\n\
         Bea,bea@example.com,,+447400123457,,+442079460124\n",
    );
    assert_eq!(rows, "Bea,bea@example.com,bea2@example.com,+447400123456,+442079460123,+442079460124\n");
    assert!(said.contains("in.csv:2: phones of contact"), "{said}");
    assert!(said.contains("is not in the row, which has no place for it; the patch has it"), "{said}");
}

#[test]
fn a_value_stays_in_the_column_that_says_what_it_is() {
    // In order the mobile number would go behind the one at home.
    let (rows, said) =
        merged("id,email,Mobile,Home phone\n1,bea@example.com,,+442079460124\n2,bea@example.com,+447400123456,\n");
    assert_eq!(rows, "1,bea@example.com,+447400123456,+442079460124\n");
    assert!(!said.contains("no place"), "{said}");
}

#[test]
fn columns_that_only_count_keep_the_order_of_the_values() {
    // The survivor's address stays the first one, which is the primary.
    for second in ["E-mail 2 Address", "Email 2", "Other email"] {
        let (rows, said) = merged(&format!(
            "id,email,{second},Phone\n1,,bea@example.com,+447400123456\n2,zoe@example.com,,+447400123456\n"
        ));
        assert_eq!(rows, "1,bea@example.com,zoe@example.com,+447400123456\n", "{second}");
        assert!(!said.contains("no place"), "{said}");
    }
    // Of columns of two kinds those of one kind do.
    let (rows, _) = merged(
        "id,email,Phone 1,Phone 2,Mobile\n\
         1,bea@example.com,,+442079460124,\n\
         2,bea@example.com,+442079460123,,+447400123456\n",
    );
    assert_eq!(rows, "1,bea@example.com,+442079460124,+442079460123,+447400123456\n");
}

#[test]
fn a_fax_and_a_number_of_ones_own_may_share_a_cell_of_google() {
    let (rows, said) = merged(
        "Name,E-mail 1 - Value,Phone 1 - Type,Phone 1 - Value\n\
         Bea,bea@example.com,Work ::: Home Fax,+442079460123 ::: +442079460124\n\
         Bea,bea@example.com,Mobile,+447400123456\n",
    );
    let shared = "Bea,bea@example.com,Work ::: Mobile ::: Home Fax,+442079460123 ::: +447400123456 ::: +442079460124\n";
    assert_eq!(rows, shared);
    assert!(!said.contains("no place"), "{said}");
}

#[test]
fn a_cell_with_a_list_stays_a_list_of_its_form() {
    let (rows, _) = merged(
        "id,emails,phones,tags\n\
         1,\"[\"\"a@example.com\"\",\"\"b@example.com\"\"]\",\"[\"\"+447400123456\"\"]\",\"[\"\"vip, gold\"\",\"\"new\"\"]\"\n\
         2,\"[\"\"c@example.com\"\"]\",\"[\"\"+447400123456\"\"]\",\"[\"\"old\"\"]\"\n",
    );
    assert_eq!(
        rows,
        "1,\"[\"\"a@example.com\"\",\"\"b@example.com\"\",\"\"c@example.com\"\"]\",\"[\"\"+447400123456\"\"]\",\
         \"[\"\"vip, gold\"\",\"\"new\"\",\"\"old\"\"]\"\n"
    );
    let (rows, _) = merged(
        "id,email,phones,tags\n1,a@example.com,{+447400123456},\"{vip,\"\"a b\"\"}\"\n2,a@example.com,\"{+447400123456,+442079460123}\",{old}\n",
    );
    assert_eq!(rows, "1,a@example.com,\"{+447400123456,+442079460123}\",\"{vip,\"\"a b\"\",old}\"\n");
    // One element, and none, are lists too.
    let (rows, _) = merged("id,phone,emails\n1,+447400123456,[]\n2,+447400123456,\"[\"\"a@example.com\"\"]\"\n");
    assert_eq!(rows, "1,+447400123456,\"[\"\"a@example.com\"\"]\"\n");
}

#[test]
fn objects_in_a_list_stay_objects() {
    let (rows, _) = merged(
        "Id,Primary Email,Additional Phones\n\
         a,ana@example.com,\"[{\"\"number\"\":\"\"1132345678\"\",\"\"callingCode\"\":\"\"+55\"\"}]\"\n\
         b,ana@example.com,\"[{\"\"number\"\":\"\"+447400123456\"\",\"\"callingCode\"\":\"\"\"\"}]\"\n",
    );
    let cell = rows.split_once("ana@example.com,").expect("the row").1.replace("\"\"", "\"");
    let list: serde_json::Value = serde_json::from_str(cell.trim().trim_matches('"')).expect("JSON");
    assert_eq!(list[0], serde_json::json!({"number": "1132345678", "callingCode": "+55"}));
    assert_eq!(list[1], serde_json::json!({"number": "+447400123456", "callingCode": ""}));
}

#[test]
fn an_address_and_a_birth_date_of_two_rows_are_not_mixed() {
    let (rows, said) = merged(
        "Id,Email,Mailing Street,Mailing City,Mailing Postal Code,Mailing Country,Birth Year,Birth Month,Birth Day,Company,Job Title\n\
         1,bea@example.com,,York,,United Kingdom,1980,,,Acme,\n\
         2,bea@example.com,Marktplatz 1,Bremen,28195,Germany,1979,5,17,Beta,CEO\n",
    );
    assert_eq!(rows, "1,bea@example.com,,York,,United Kingdom,1980,,,Acme,CEO\n");
    assert!(said.contains("values lost                        8"), "{said}");
}

#[test]
fn a_dry_run_shows_what_has_no_place() {
    let folder = Folder::new();
    folder.file(
        "in.csv",
        "Record ID,Email,Phone Number\n1,bea@example.com,+447400123456\n2,bea2@example.com,+447400123456\n",
    );
    let shown = text(&folder.onefold(&["merge", "in.csv", "--dry-run"]).stdout);
    assert!(shown.contains("the row of contact 1 has no place for it"), "{shown}");
}
