//! `onefold undo` says done only of what is done: where the rows are not what the merges left, it names them and writes nothing.

use crate::command::{Folder, MERGE, UNDO, assert_says, merges, with};

const HEADER: &str = "id,Name,Email,Phone\n";
const ROWS: &str = "1,Ada,ada@example.com,+12025550101\n2,A.,ada@example.com,\n3,Bea,bea@example.com,\n4,B.,bea@example.com,\n5,Zoe,zoe@example.com,\n";
const MERGED: &str = "1,Ada,ada@example.com,+12025550101\n3,Bea,bea@example.com,\n5,Zoe,zoe@example.com,\n";

/// A file of which 2 was merged into 1, and 4 into 3.
fn merged() -> Folder {
    let folder = Folder::new();
    folder.file("in.csv", format!("{HEADER}{ROWS}"));
    folder.done(&MERGE);
    assert_eq!(folder.read("out.csv"), format!("{HEADER}{MERGED}"));
    folder
}

#[test]
fn a_new_row_that_took_a_retired_id_is_named() {
    let folder = merged();
    folder.file("out.csv", format!("{HEADER}{MERGED}2,New,new@example.com,\n"));
    let sentence = "out.csv has another row under the id of contact \"2\", in line 5";
    folder.fails(&UNDO, 1, sentence);
    let ids = merges(&folder, "patches");
    folder.fails(&with(&UNDO, &["--merge", &ids[0]]), 1, sentence);
    // Who leaves that merge alone can take the other one back.
    folder.done(&with(&UNDO, &["--merge", &ids[1]]));
    assert_eq!(
        folder.read("back.csv"),
        format!(
            "{HEADER}1,Ada,ada@example.com,+12025550101\n3,Bea,bea@example.com,\n4,B.,bea@example.com,\n5,Zoe,zoe@example.com,\n2,New,new@example.com,\n"
        )
    );
}

#[test]
fn rows_that_are_there_twice_are_named() {
    let folder = merged();
    for (rows, sentence) in [
        (
            format!("{MERGED}1,Eve,eve@example.com,\n"),
            "out.csv has several rows of contact \"1\", which it went into, in lines 2, 5",
        ),
        (format!("{MERGED}1,Ada,ada@example.com,+12025550101\n"), "out.csv has several rows of contact \"1\""),
        (
            format!("{MERGED}2,A.,ada@example.com,\n2,A.,ada@example.com,\n"),
            "out.csv has several rows of contact \"2\", in lines 5, 6",
        ),
        (
            format!("{MERGED}2,A.,ada@example.com,\n2,New,new@example.com,\n"),
            "out.csv has several rows of contact \"2\", in lines 5, 6",
        ),
        ("3,Bea,bea@example.com,\n".to_owned(), "contact \"1\", which it went into, is not in out.csv"),
    ] {
        folder.file("out.csv", format!("{HEADER}{rows}"));
        folder.fails(&UNDO, 1, sentence);
    }
}

#[test]
fn half_of_a_merge_that_is_back_is_named() {
    let folder = Folder::new();
    folder.file("in.csv", "id,Email\n1,ada@example.com\n2,ada@example.com\n3,ada@example.com\n");
    folder.done(&MERGE);
    folder.file("out.csv", "id,Email\n1,ada@example.com\n3,ada@example.com\n");
    folder.fails(&UNDO, 1, "1 of its 2 contacts are in out.csv already, in line 3");
}

#[test]
fn what_was_taken_back_is_said_so_only_if_it_is_there_as_it_was() {
    let folder = merged();
    folder.done(&UNDO);
    let again = ["undo", "back.csv", "--patches", "patches", "--output", "twice.csv", "--force"];
    assert_says(
        &folder.done(&again),
        &["merges undone                      0", "undone before                      2"],
    );
    assert_eq!(folder.read("twice.csv"), folder.read("in.csv"));
    // Other quotes are no other content.
    folder.file(
        "back.csv",
        folder.read("in.csv").replace("2,A.,ada@example.com,", "\"2\",\"A.\",\"ada@example.com\",\"\""),
    );
    assert_says(&folder.done(&again), &["undone before                      2"]);
    folder.file("back.csv", folder.read("in.csv").replace("2,A.,", "2,Anna,"));
    folder.fails(&again, 1, "back.csv has another row under the id of contact \"2\", in line 3");
    folder.fails(
        &["undo", "in.csv", "--patches", "patches", "--output", "n", "--merge", &merges(&folder, "patches")[0]],
        2,
        "was undone before",
    );
}

#[test]
fn patches_of_another_file_are_refused() {
    let folder = merged();
    // All of the ids, and other people.
    let other = "1,Tom,tom@example.com,\n2,Tim,tim@example.com,\n3,Kim,kim@example.com,\n4,Jim,jim@example.com,\n";
    folder.file("other.csv", format!("{HEADER}{other}"));
    let undo = ["undo", "other.csv", "--patches", "patches", "--output", "back.csv"];
    folder.fails(&undo, 1, "other.csv has another row under the id of contact");
    // Only those that survived.
    folder.file("other.csv", format!("{HEADER}1,Tom,tom@example.com,\n3,Kim,kim@example.com,\n"));
    folder.fails(&undo, 1, "the patches are not of other.csv");
    folder.fails(&with(&undo, &["--edits", "overwrite"]), 1, "the patches are not of other.csv");
    folder.file("other.csv", "id,Mail\n1,tom@example.com\n");
    folder.fails(&undo, 1, "the first line of other.csv is not the one that merge wrote");
}

#[test]
fn a_survivor_that_became_another_contact_is_named() {
    let folder = Folder::new();
    folder.file(
        "in.csv",
        format!(
            "{HEADER}1,Ada,ada@example.com,\n2,A.,ada@example.com,+12025550101\n{}",
            "3,Bea,bea@example.com,\n4,B.,bea@example.com,\n"
        ),
    );
    folder.done(&MERGE);
    let written = folder.read("out.csv");
    let another = written.replace("1,Ada,ada@example.com,+12025550101", "1,Zed,zed@example.com,+12025550109");
    assert_ne!(another, written);
    folder.file("out.csv", another);
    folder.fails(&UNDO, 1, "is left in the row of contact \"1\", in line 2");
}

#[test]
fn a_survivor_that_is_still_merged_is_named() {
    let folder = Folder::new();
    folder.file("in.csv", format!("{HEADER}1,Ada,ada@example.com,\n2,A.,ada@example.com,+12025550101\n"));
    folder.done(&MERGE);
    folder.file("out.csv", folder.read("out.csv") + "2,A.,ada@example.com,+12025550101\n");
    folder.fails(&UNDO, 1, "has the row of contact \"1\" still as the merge wrote it, in line 2");
}

#[test]
fn equal_rows_without_ids_are_counted_one_by_one() {
    let folder = Folder::new();
    let (first, same) = ("Ada,ada@example.com,+12025550101\n", "Ada,ada@example.com,\n");
    folder.file("in.csv", format!("Name,Email,Phone\n{first}{same}{same}"));
    folder.done(&MERGE);
    folder.file("out.csv", format!("Name,Email,Phone\n{first}{same}"));
    folder.fails(&UNDO, 1, "1 of its 2 contacts are in out.csv already");
}
