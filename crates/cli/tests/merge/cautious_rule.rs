//! What `onefold merge` does with a suggestion that nobody has looked at.

use crate::command::{Folder, assert_says, text, with};

/// Merges `in.csv` by the rules.
const CAUTIOUS: [&str; 6] = ["merge", "in.csv", "--output", "out.csv", "--patches", "patches"];

const HOUSEHOLD: &str = "\
id,First Name,Last Name,Mobile Phone,Home Phone,E-mail
1,Bea,Beispiel,+4915123456781,,bea@example.com
2,Jan,Beispiel,+4915123456782,,jan@example.com
3,Bea & Jan,Beispiel,,+493012345678,
4,Jan,Beispiel,+4915123456782,+493012345678,
5,Bea,Beispiel,+4915123456781,+493012345678,
6,Ida,Probe,,,ida@example.com
7,I.,Probe,,,IDA@example.com
";

#[test]
fn a_household_is_for_review_and_two_records_of_one_person_are_merged() {
    let folder = Folder::new();
    folder.file("in.csv", HOUSEHOLD);
    let said = folder.done(&CAUTIOUS);
    assert_says(&said, &["merges                             1", "review: names                      1"]);
    let merged = "6,Ida,Probe,,,ida@example.com\n7,I.,Probe,,,IDA@example.com\n";
    assert_eq!(folder.read("out.csv"), HOUSEHOLD.replace(merged, "6,Ida,Probe,,,ida@example.com\n"));
    folder.done(&["undo", "out.csv", "--patches", "patches", "--output", "back.csv"]);
    assert_eq!(folder.read("back.csv"), HOUSEHOLD);
}

#[test]
fn a_dry_run_lists_what_is_for_review_with_the_two_contacts_and_the_field() {
    let folder = Folder::new();
    folder.file("in.csv", HOUSEHOLD);
    let output = folder.onefold(&["merge", "in.csv", "--dry-run"]);
    let shown = text(&output.stdout);
    assert_says(
        &shown,
        &[
            "contacts 7 go into contact 6\n",
            ": contacts 1, 2, 3, 4, 5 are for review\n    why                  contacts \"1\" and \"2\" have unlike names (first_name)\n",
        ],
    );
    assert!(!text(&output.stderr).contains("Beispiel"));
}

#[test]
fn all_joins_them_and_only_one_that_somebody_has_looked_at() {
    let folder = Folder::new();
    folder.file("in.csv", HOUSEHOLD);
    let said = folder.done(&with(&CAUTIOUS, &["--all"]));
    assert_says(&said, &["merges                             2", "contacts retired                   5"]);
    let shown = text(&folder.onefold(&["merge", "in.csv", "--dry-run"]).stdout);
    let line = shown.lines().find(|line| line.ends_with("are for review")).expect("the household");
    let named = ["merge", "in.csv", "--output", "o.csv", "--patches", "p", "--only", &line[..8]];
    assert_says(
        &folder.done(&named),
        &["merges                             1", "skipped: not named                 1"],
    );
    folder.fails(&["merge", "in.csv", "--dry-run", "--all", "--only", &line[..8]], 2, "--all");
}

#[test]
fn each_reason_is_counted() {
    let folder = Folder::new();
    folder.file(
        "in.csv",
        "id,first name,last name,Name Suffix,birthday,customer,email,phone\n\
         1,Max,Muster,,,,a@example.com,\n2,Max,Muster,Jr.,,,a@example.com,\n\
         3,Ida,Muster,,1980-05-17,,b@example.com,\n4,Ida,Muster,,18.05.1980,,b@example.com,\n\
         5,,,,,C-1,c@example.com,\n6,,,,,C-2,c@example.com,\n\
         7,Eva,,,,,d@example.com,\n8,Eva und Uwe,,,,,d@example.com,\n\
         9,,,,,,e@example.com,+493012345678\n10,,,,,,e@example.com,+493012345679\n11,,,,,,,+493012345679\n",
    );
    let said = folder.done(&with(&CAUTIOUS, &["--map", "custom.customer=customer", "--identifier", "customer"]));
    assert_says(
        &said,
        &[
            "merges                             0",
            "review: birth date                 1",
            "review: identifier                 1",
            "review: no exact key               1",
            "review: several people             1",
            "review: suffix                     1",
        ],
    );
    assert_eq!(folder.read("out.csv"), folder.read("in.csv"));
}

#[test]
fn a_number_of_a_desk_merges_nobody_where_others_hold_it_more_weakly() {
    let folder = Folder::new();
    let rows = "id,name,phone\n1,Anna,+493012345678\n2,Anna,+493012345678\n3,Max,+493012345678 ext. 3\n4,Eva,+493012345678 ext. 4\n";
    folder.file("in.csv", rows);
    assert_says(
        &folder.done(&CAUTIOUS),
        &["merges                             0", "review: shared by many             1"],
    );
    let message = folder.done(&with(&CAUTIOUS, &["--force", "--dry-run", "--all"]));
    assert_says(&message, &["merges                             1"]);
}
