//! Taking merges back: after edits, one by one, in several runs, and from patches that are not what they should be.

use std::fs;

use crate::command::{CONTACTS, Folder, MERGE, UNDO, assert_says, merges, with};

/// A merge whose survivor had its name and its email changed since.
fn edited() -> Folder {
    let folder = Folder::new();
    folder.file("in.csv", "id,email,name,notes\n1,a@example.com,,x\n2,a@example.com; b@example.com,Canary,\n");
    folder.done(&MERGE);
    assert_eq!(folder.read("out.csv"), "id,email,name,notes\n1,a@example.com; b@example.com,Canary,x\n");
    folder.file("out.csv", "id,email,name,notes\n1,a@example.com; b@example.com; c@example.com,Mine,y\n");
    folder
}

#[test]
fn what_was_edited_since_stays_and_is_reported_by_name() {
    let folder = edited();
    let said = folder.done(&UNDO);
    assert_says(&said, &["out.csv: contact \"1\": display_name: edited since", "values edited since                1"]);
    assert!(!said.contains("Mine") && !said.contains("Canary"), "{said}");
    assert_eq!(
        folder.read("back.csv"),
        "id,email,name,notes\n1,a@example.com; c@example.com,Mine,y\n2,a@example.com; b@example.com,Canary,\n"
    );
}

#[test]
fn a_row_without_id_that_came_back_may_be_like_the_one_that_the_merge_wrote() {
    let folder = Folder::new();
    let rows = "email,E-mail 2\n,a@example.com\na@example.com,b@example.com\n";
    folder.file("in.csv", rows);
    folder.done(&MERGE);
    assert_eq!(folder.read("out.csv"), "email,E-mail 2\na@example.com,b@example.com\n");
    folder.done(&UNDO);
    assert_eq!(folder.read("back.csv"), rows);
    // Nothing is left to take back.
    folder.file("out.csv", rows);
    folder.done(&with(&UNDO, &["--force"]));
    assert_eq!(folder.read("back.csv"), rows);
}

#[test]
fn edits_can_be_a_reason_not_to_undo_or_be_overwritten() {
    let folder = edited();
    let refuse = with(&UNDO, &["--edits", "refuse"]);
    folder.fails(&refuse, 1, "1 values of contact \"1\" were edited since the merge (display_name: edited since)");
    let said = folder.done(&with(&UNDO, &["--edits", "overwrite"]));
    assert_says(&said, &["display_name: overwritten", "emails: overwritten", "notes: overwritten"]);
    assert_eq!(folder.read("back.csv"), folder.read("in.csv"));
}

/// Whoever unsubscribes from the merged list is not on the list again after an undo.
#[test]
fn what_was_withdrawn_since_holds_for_the_rows_that_come_back() {
    let folder = Folder::new();
    folder.file("in.csv", "id,email,newsletter,unsubscribed\n1,a@example.com,yes,no\n2,a@example.com,yes,\n");
    folder.done(&MERGE);
    for edits in ["keep", "overwrite"] {
        folder.file("out.csv", "id,email,newsletter,unsubscribed\n1,a@example.com,no,yes\n");
        let said = folder.done(&with(&UNDO, &["--force", "--edits", edits]));
        assert_says(
            &said,
            &["contact \"2\": newsletter was withdrawn since", "contact \"2\": unsubscribed was withdrawn since"],
        );
        let rows = "id,email,newsletter,unsubscribed\n1,a@example.com,no,yes\n2,a@example.com,no,yes\n";
        assert_eq!(folder.read("back.csv"), rows, "{edits}");
    }
}

#[test]
fn rows_that_moved_are_found_by_their_id() {
    let folder = Folder::new();
    folder.file("in.csv", CONTACTS);
    folder.done(&MERGE);
    folder.file(
        "out.csv",
        "id,first_name,email,phone,account\n4,Rob,bob@example.com,,a\n1,Ada,ada@example.com,+1 202 555 0101,a\n",
    );
    folder.done(&UNDO);
    assert_eq!(
        folder.read("back.csv"),
        "id,first_name,email,phone,account\n4,Rob,bob@example.com,,a\n1,Ada,ada@example.com,,a\n\
         2,\"A. \"\"B\"\"\",ADA@example.com,+1 202 555 0101,a\r\n3,,,+12025550101,a\r\n5,Ada,ada@example.com,,b"
    );
    folder.file("out.csv", "id,first_name,email,phone,account\n4,Bob,bob@example.com,,a\n");
    folder.fails(&with(&UNDO, &["--force"]), 1, "contact \"1\", which it went into, is not in out.csv");
}

#[test]
fn an_edited_row_is_not_mistaken_for_another_with_its_id() {
    let folder = Folder::new();
    folder.file("in.csv", "id,name,email,notes\n1,Ada,a@example.com,\n1,Other,,bystander\n2,,a@example.com,n2\n");
    folder.done(&MERGE);
    let header = "id,name,email,notes\n";
    // As it was written it is known, wherever it stands.
    folder.file("out.csv", format!("{header}1,Other,,bystander\n1,Ada,a@example.com,n2\n"));
    folder.done(&UNDO);
    assert!(folder.read("back.csv").contains("1,Ada,a@example.com,\n"));
    for rows in ["1,Other,,bystander\n1,Ada L.,a@example.com,n2\n", "1,Other,,bystander\n"] {
        folder.file("out.csv", format!("{header}{rows}"));
        let sentence = "the row of contact \"1\", which it went into, was edited since, and others had the same id";
        folder.fails(&with(&UNDO, &["--force"]), 1, sentence);
    }
}

#[test]
fn rows_that_are_all_edited_are_doubted() {
    let folder = Folder::new();
    folder.file("in.csv", "id,name,email\n1,Ada,a@example.com\n2,,a@example.com\n");
    folder.done(&MERGE);
    folder.file("out.csv", "id,name,email\n1,Ada,b@example.com\n3,,\n");
    let said = folder.done(&UNDO);
    assert_says(&said, &["out.csv: no row is as the merges wrote it; are these the patches of this file?"]);
}

#[test]
fn rows_without_an_id_are_found_by_what_was_written() {
    let folder = Folder::new();
    let rows = "email,name\na@example.com,\na@example.com,Ann\nb@example.com,Bea\n";
    folder.file("in.csv", rows);
    folder.done(&MERGE);
    assert_eq!(folder.read("out.csv"), "email,name\na@example.com,Ann\nb@example.com,Bea\n");
    folder.file("out.csv", "email,name\nb@example.com,Bea\na@example.com,Ann\n");
    folder.done(&UNDO);
    assert_eq!(folder.read("back.csv"), "email,name\nb@example.com,Bea\na@example.com,Ann\na@example.com,\n");
    for (output, sentence) in [
        ("email,name\na@example.com,Anna\n", "the row it wrote has no id and was edited since"),
        ("email,name\nx@example.com,\na@example.com,Ann\na@example.com,Ann\n", "out.csv has several like it"),
    ] {
        folder.file("out.csv", output);
        folder.fails(&with(&UNDO, &["--force"]), 1, sentence);
    }
}

#[test]
fn merges_that_others_build_on_are_not_taken_back_alone() {
    let folder = Folder::new();
    folder.file("in.csv", "id,email,phone\n1,a@example.com,2025550101\n2,a@example.com,\n3,,+12025550101\n4,c@example.com,\n5,c@example.com,\n");
    folder.done(&MERGE);
    folder.done(&["merge", "out.csv", "--output", "out2.csv", "--patches", "patches2", "--region", "US"]);
    assert_eq!(folder.read("out2.csv"), "id,email,phone\n1,a@example.com,2025550101\n4,c@example.com,\n");
    let (first, second) = (merges(&folder, "patches"), merges(&folder, "patches2"));
    let undo = ["undo", "out2.csv", "--patches", "patches", "--patches", "patches2", "--output", "back.csv", "--force"];
    let sentence = format!("merge {} cannot be undone alone: merge {} builds on it", first[0], second[0]);
    folder.fails(&with(&undo, &["--merge", &first[0]]), 2, &sentence);
    folder.done(&with(&undo, &["--merge", &first[1][..8]]));
    assert_eq!(
        folder.read("back.csv"),
        "id,email,phone\n1,a@example.com,2025550101\n4,c@example.com,\n5,c@example.com,\n"
    );
    folder.done(&with(&undo, &["--merge", &first[0], &second[0]]));
    assert_eq!(
        folder.read("back.csv"),
        "id,email,phone\n1,a@example.com,2025550101\n2,a@example.com,\n3,,+12025550101\n4,c@example.com,\n"
    );
    fs::rename(folder.path("back.csv"), folder.path("out2.csv")).expect("a file");
    folder.fails(&with(&undo, &["--merge", &first[0]]), 2, "was undone before");
    let said = folder.done(&undo);
    assert_says(&said, &["merges undone                      1", "undone before                      2"]);
    assert_eq!(folder.read("back.csv"), folder.read("in.csv"));
    folder.fails(&with(&undo, &["--merge", "00000000"]), 2, "there is no merge 00000000");
}

#[test]
fn runs_may_stand_in_one_file_and_have_an_order() {
    let folder = Folder::new();
    folder.file("in.csv", "id,email,phone\n1,a@example.com,2025550101\n2,a@example.com,\n3,,+12025550101\n");
    folder.done(&MERGE);
    folder.done(&["merge", "out.csv", "--output", "out2.csv", "--patches", "patches2", "--region", "US"]);
    folder.file("both", folder.read("patches") + &folder.read("patches2"));
    folder.done(&["undo", "out2.csv", "--patches", "both", "--output", "back.csv"]);
    assert_eq!(folder.read("back.csv"), folder.read("in.csv"));
    let turned = ["undo", "out2.csv", "--patches", "patches2", "--patches", "patches", "--output", "n"];
    folder.fails(&turned, 1, "the patches are not in the order in which they were made");
}

#[test]
fn a_merge_that_was_taken_back_can_be_made_again() {
    let folder = Folder::new();
    folder.file("in.csv", CONTACTS);
    folder.done(&MERGE);
    folder.done(&UNDO);
    folder.done(&["merge", "back.csv", "--all", "--output", "again.csv", "--patches", "patches2"]);
    let undo = ["undo", "again.csv", "--patches", "patches", "--patches", "patches2", "--output", "last.csv"];
    let said = folder.done(&undo);
    assert_says(&said, &["merges undone                      1", "undone before                      1"]);
    assert_eq!(folder.read("last.csv"), CONTACTS);
}

#[test]
fn a_merge_was_taken_back_if_its_contacts_were_merged_otherwise_since() {
    let folder = Folder::new();
    folder.file("in.csv", "id,email,phone\n3,,+12025550101\n1,a@example.com,\n2,a@example.com,+12025550101\n");
    folder.done(&with(&MERGE, &["--ignore", "+12025550101"]));
    folder.done(&UNDO);
    folder.done(&["merge", "back.csv", "--output", "o.csv", "--patches", "p", "--ignore", "a@example.com"]);
    assert_eq!(folder.read("o.csv"), "id,email,phone\n3,a@example.com,+12025550101\n1,a@example.com,\n");
    let undo = ["undo", "o.csv", "--patches", "patches", "--patches", "p", "--output", "b.csv"];
    folder.fails(&with(&undo, &["--merge", &merges(&folder, "patches")[0]]), 2, "was undone before");
    assert_says(&folder.done(&undo), &["merges undone                      1", "undone before                      1"]);
    assert_eq!(folder.read("b.csv"), folder.read("in.csv"));
}

#[test]
fn what_has_no_column_is_reported_stays_in_the_patch_and_is_no_edit() {
    let folder = Folder::new();
    folder.file("in.csv", "id,email,channel,channel_id\n1,a@example.com,sms,+12025550101\n2,a@example.com,web,\n");
    let said = folder.done(&MERGE);
    assert_says(&said, &["in.csv:2: channel of contact \"1\" is not in the row, which has no place for it"]);
    folder.file("out.csv", folder.read("out.csv").replace("a@example.com", "a@example.com; z@example.com"));
    let said = folder.done(&UNDO);
    assert_says(&said, &["values edited since                0"]);
    assert_eq!(
        folder.read("back.csv"),
        folder.read("in.csv").replacen("a@example.com", "a@example.com; z@example.com", 1)
    );
}

#[test]
fn what_does_not_fit_its_column_is_no_edit_either() {
    let folder = Folder::new();
    let rows = "id,email,channel,channel_id\n1,a@example.com,sms,x ::: y\n2,a@example.com,web,z\n";
    folder.file("in.csv", rows);
    assert_says(&folder.done(&MERGE), &["channels of contact \"1\" is not in the row"]);
    folder.file("out.csv", folder.read("out.csv").replace("a@example.com", "b@example.com"));
    assert_says(&folder.done(&UNDO), &["values edited since                0"]);
    assert_eq!(folder.read("back.csv"), rows.replacen("a@example.com", "b@example.com", 1));
}

#[test]
fn a_last_row_without_an_end_gets_one_where_others_follow() {
    let folder = Folder::new();
    for (rows, ended) in [
        ("id,email\r\n1,a@example.com\r\n2,a@example.com", "id,email\r\n1,a@example.com\r\n2,a@example.com\r\n"),
        ("id,email\n2,a@example.com\n1,a@example.com", "id,email\n2,a@example.com\n1,a@example.com\n"),
    ] {
        folder.file("in.csv", rows);
        folder.file("policy.toml", if rows.contains('\r') { "" } else { "survivor = \"oldest\"" });
        folder.done(&with(&MERGE, &["--policy", "policy.toml", "--force"]));
        let end = if folder.read("out.csv").ends_with('\n') { "" } else { "\n" };
        folder.file("out.csv", folder.read("out.csv") + end + "3,c@example.com");
        folder.done(&with(&UNDO, &["--force"]));
        assert_eq!(folder.read("back.csv"), format!("{ended}3,c@example.com"));
        fs::remove_file(folder.path("patches")).expect("a file");
    }
}

#[test]
fn a_file_of_patches_is_not_trusted() {
    let folder = Folder::new();
    folder.file("in.csv", CONTACTS);
    folder.done(&MERGE);
    let patches = folder.read("patches");
    let (header, merge) = patches.split_once('\n').expect("two lines");
    for (patches, sentence) in [
        (String::new(), "patches is not a file of patches: it is empty"),
        (merge.to_owned(), "patches:1: here the header of a run of merge should stand"),
        (CONTACTS.to_owned(), "patches:1: here the header of a run of merge should stand"),
        (
            patches.replace("\"onefold_patches\":1", "\"onefold_patches\":2"),
            "patches:1: version 2 of the file is not known",
        ),
        (patches.replace("\"format\":\"csv\"", "\"format\":\"xml\""), "patches:1: the header of the run is damaged"),
        (patches.replace("\"merges\":1", "\"merges\":2"), "patches:1: the file was cut off: 1 of the 2 merges"),
        (patches.replace("\"merges\":1", "\"merges\":0"), "patches:2: here the header of a run of merge should stand"),
        (header.to_owned(), "the file was cut off: 0 of the 1 merges"),
        (patches[..patches.len() - 20].to_owned(), "patches:2: the line of the merge was cut off or damaged"),
        (patches.replacen("+1 202 555 0101\"]", "+1 202 555 0102\"]", 1), "patches:2: the patch is damaged"),
        (patches.replace("\"row\":\"1,Ada", "\"row\":\"1,Eda"), "the row of contact \"1\" does not match its patch"),
        (patches.replace("\"row\":\"3,", "\"row\":\"junk"), "the row of contact \"3\" does not match its patch"),
        (patches.replace("\"written\":\"1,", "\"written\":\"8,"), "the written row does not belong to the survivor"),
        (patches.replacen("\"contact\":\"2\"", "\"contact\":\"3\"", 1), "the line contradicts its patch"),
        (patches.replace("\"place\":3", "\"place\":5"), "are in the same place"),
        (patches.replacen("id,first_name", "nr,first_name", 1), "patches:2: the row of contact"),
    ] {
        folder.file("patches", patches);
        folder.fails(&UNDO, 1, sentence);
    }
    folder.file("patches", b"\xff\xfe");
    folder.fails(&UNDO, 1, "patches is not a file of patches: it is not UTF-8");
    folder.fails(&["undo", "out.csv", "--patches", "missing", "--output", "n"], 1, "cannot read missing");
}

#[test]
fn columns_that_changed_since_cannot_hold_the_rows() {
    let folder = Folder::new();
    folder.file("in.csv", CONTACTS);
    folder.done(&MERGE);
    folder.file("out.csv", folder.read("out.csv").replace("first_name", "name"));
    folder.fails(&UNDO, 1, "the first line of out.csv is not the one that merge wrote");
    folder.file("out.csv", "");
    folder.fails(&UNDO, 1, "the first line of out.csv is not the one that merge wrote");
}

#[test]
fn a_contact_that_is_there_again_is_not_brought_back_twice() {
    let folder = Folder::new();
    folder.file("in.csv", CONTACTS);
    folder.done(&MERGE);
    folder.file("out.csv", folder.read("out.csv") + "2,New,new@example.com,,a\r\n");
    folder.fails(&UNDO, 1, "1 of its 3 contacts are in out.csv already");
}
