//! The commands work on a database as they do on files.

use std::fs;

use crate::command::{CONTACTS, Folder};

#[track_caller]
fn run(folder: &Folder, arguments: &[&str]) -> String {
    let output = folder.onefold(arguments);
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{arguments:?}: {message}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[track_caller]
fn refused(folder: &Folder, arguments: &[&str], status: i32) -> String {
    let output = folder.onefold(arguments);
    assert_eq!(output.status.code(), Some(status), "{arguments:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn database(folder: &Folder) {
    folder.file("in.csv", CONTACTS);
    run(folder, &["db", "import", "a.db", "in.csv", "--plus-tags"]);
}

#[test]
fn suggestions_are_those_of_the_file() {
    let folder = Folder::new();
    database(&folder);
    for format in ["jsonl", "csv", "table"] {
        let of_file = run(&folder, &["suggest", "in.csv", "--plus-tags", "--format", format]);
        let of_database = run(&folder, &["db", "suggest", "a.db", "--format", format]);
        assert_eq!(of_database, of_file);
        assert!(of_file.contains('1'), "{of_file}");
    }
    let counted = run(&folder, &["suggest", "in.csv", "--plus-tags", "--count"]);
    assert_eq!(run(&folder, &["db", "suggest", "a.db", "--count"]), counted);
    assert!(counted.contains("\"contacts\":5,"), "{counted}");
    assert_eq!(run(&folder, &["db", "export", "a.db"]).lines().count(), 5);
    run(&folder, &["db", "export", "a.db", "-o", "out.csv"]);
    assert_eq!(
        run(&folder, &["suggest", "out.csv", "--plus-tags", "--format", "jsonl"]),
        run(&folder, &["db", "suggest", "a.db", "--format", "jsonl"])
    );
    // Nobody is there to take events.
    let state = folder.file("state.jsonl", "{\"op\": \"events\"}\n");
    let message = run(&folder, &["replay", state.to_str().expect("UTF-8"), "--db", "a.db"]);
    assert!(message.contains("\"events\":[]"), "{message}");
}

#[test]
fn merges_stay_and_can_be_taken_back() {
    let folder = Folder::new();
    database(&folder);
    let before = run(&folder, &["db", "export", "a.db"]);
    let planned = run(&folder, &["db", "merge", "a.db", "--all", "--dry-run"]);
    assert_eq!(run(&folder, &["db", "export", "a.db"]), before);
    assert_eq!(run(&folder, &["db", "merge", "a.db", "--all"]), planned);
    assert_eq!(planned.lines().count(), 1);
    let id = planned.split('"').nth(3).expect("an id").to_owned();
    let history = run(&folder, &["db", "history", "a.db", "--format", "csv"]);
    assert!(history.contains(&format!("\n{id},")) && history.contains(",onefold,1,2; 3; 5,"), "{history}");
    assert_eq!(run(&folder, &["db", "suggest", "a.db", "--format", "jsonl"]), "");
    assert_eq!(run(&folder, &["db", "export", "a.db"]).lines().count(), 2);
    run(&folder, &["db", "undo", "a.db", &id[..8]]);
    assert_eq!(run(&folder, &["db", "export", "a.db"]), before);
    let again = run(&folder, &["db", "merge", "a.db", "--only", &id[..8]]);
    assert!(again.contains(&format!("\"{id}-2\"")), "{again}");
    let message = refused(&folder, &["db", "undo", "a.db", &id], 1);
    assert!(message.contains("undone"), "{message}");
    run(&folder, &["db", "undo", "a.db", &format!("{id}-2"), "--mark-distinct"]);
    let left = run(&folder, &["db", "suggest", "a.db", "--format", "jsonl"]);
    assert_eq!(left, "");
}

#[test]
fn what_the_rules_do_not_merge_is_for_review() {
    let folder = Folder::new();
    folder.file(
        "in.csv",
        "id,first_name,email\n1,Ada,ada@example.com\n2,A.,ada@example.com\n3,Bob,desk@example.com\n4,Eve,desk@example.com\n",
    );
    run(&folder, &["db", "import", "a.db", "in.csv"]);
    let planned = folder.onefold(&["db", "merge", "a.db", "--dry-run"]);
    let lines = String::from_utf8(planned.stdout).expect("UTF-8");
    let lines: Vec<&str> = lines.lines().collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines.iter().any(|line| line.contains("\"survivor\":\"1\",\"retired\":[\"2\"]")), "{lines:?}");
    let review = lines.iter().find(|line| line.starts_with("{\"review\":\"")).expect("a line for review");
    assert!(review.contains("\"members\":[\"3\",\"4\"],\"reason\":\"names\""), "{review}");
    assert!(String::from_utf8_lossy(&planned.stderr).contains("review: names                      1"));
    assert_eq!(run(&folder, &["db", "merge", "a.db"]).lines().count(), 1);
    assert_eq!(run(&folder, &["db", "export", "a.db"]).lines().count(), 3);
    assert_eq!(run(&folder, &["db", "merge", "a.db", "--all"]).lines().count(), 1);
    refused(&folder, &["db", "merge", "a.db", "--all", "--members", "1", "3"], 2);
}

#[test]
fn members_are_merged_as_they_are_named() {
    let folder = Folder::new();
    database(&folder);
    folder.file("policy.toml", "survivor = \"most_complete\"\n");
    let members = ["db", "merge", "a.db", "--members", "4", "1"];
    let message = run(
        &folder,
        &[&members[..], &["--name", "by hand", "--set", "last_name=L", "--take", "first_name=1"]].concat(),
    );
    assert!(message.starts_with("{\"merge\":\"by hand\",\"survivor\":\"4\",\"retired\":[\"1\"]"), "{message}");
    let exported = run(&folder, &["db", "export", "a.db"]);
    assert!(exported.contains("\"first_name\":\"Ada\",\"last_name\":\"L\""), "{exported}");
    let message = refused(&folder, &members, 1);
    assert!(message.contains("merged"), "{message}");
    // One that others build on.
    run(&folder, &["db", "merge", "a.db", "--members", "2", "4", "--policy", "policy.toml"]);
    let message = refused(&folder, &["db", "undo", "a.db", "by hand"], 1);
    assert!(message.contains("by hand cannot be undone"), "{message}");
    run(&folder, &["db", "undo", "a.db", "by hand", "--later", "replay"]);
    let history = run(&folder, &["db", "history", "a.db", "--format", "jsonl"]);
    assert_eq!(history.matches("undone_at").count(), 1, "{history}");
}

#[test]
fn rows_that_are_there_are_refused_or_written_over() {
    let folder = Folder::new();
    database(&folder);
    folder.file("more.jsonl", "{\"id\": \"1\", \"first_name\": \"Eve\"}\n{\"id\": \"9\", \"first_name\": \"New\"}\n");
    let output = folder.onefold(&["db", "import", "a.db", "more.jsonl"]);
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success() && message.contains("more.jsonl:1: the contact is not imported"), "{message}");
    assert_eq!(run(&folder, &["db", "export", "a.db"]).matches("Eve").count(), 0);
    run(&folder, &["db", "import", "a.db", "more.jsonl", "--existing", "update"]);
    let exported = run(&folder, &["db", "export", "a.db"]);
    assert!(exported.contains("\"emails\":[\"ada@example.com\"],\"first_name\":\"Eve\""), "{exported}");
}

#[test]
fn what_cannot_be_done_is_reported() {
    let folder = Folder::new();
    database(&folder);
    let message = refused(&folder, &["db", "suggest", "none.db"], 1);
    assert!(message.contains("there is no database none.db"), "{message}");
    assert!(!folder.path("none.db").exists());
    fs::write(folder.path("text.db"), "Call Ada back.\n".repeat(100)).expect("a file");
    for command in ["suggest", "history", "export", "merge"] {
        assert!(refused(&folder, &["db", command, "text.db"], 1).contains("not a database of onefold"));
    }
    refused(&folder, &["db", "import", "new.db", "none.csv"], 1);
    assert!(!folder.path("new.db").exists());
    let message = refused(&folder, &["db", "import", "a.db", "in.csv", "--region", "BR"], 2);
    assert!(message.contains("by other options"), "{message}");
    refused(&folder, &["db", "suggest", "a.db", "--region", "BR"], 2);
    refused(&folder, &["db", "suggest"], 2);
    refused(&folder, &["suggest"], 2);
    refused(&folder, &["merge"], 2);
    refused(&folder, &["db", "undo", "a.db"], 2);
    refused(&folder, &["undo"], 2);
    refused(&folder, &["merge", "in.csv", "--members", "1", "2", "--dry-run"], 2);
    assert!(refused(&folder, &["db", "undo", "a.db", "none"], 2).contains("none"));
    refused(&folder, &["db", "merge", "a.db", "--set", "last_name=L"], 2);
}

#[test]
fn earlier_spellings_are_refused_with_the_new_one() {
    let folder = Folder::new();
    for (arguments, new) in [
        (&["import", "in.csv", "--db", "a.db"][..], "onefold db import DATABASE FILE..."),
        (&["history", "--db", "a.db"], "onefold db history DATABASE"),
        (&["export", "--db=a.db"], "onefold db export DATABASE"),
        (&["suggest", "--db", "a.db"], "onefold db suggest DATABASE"),
        (&["suggest", "in.csv", "--db", "a.db"], "onefold db suggest DATABASE"),
        (&["merge", "--db=a.db", "--members", "1", "2"], "onefold db merge DATABASE"),
        (&["undo", "--db", "a.db", "--merge", "m"], "onefold db undo DATABASE MERGE..."),
    ] {
        let message = refused(&folder, arguments, 2);
        assert!(message.contains(&format!("under `onefold db`: {new}\n")), "{message}");
    }
    assert!(!refused(&folder, &["suggest", "--nonsense"], 2).contains("onefold db"));
    assert!(!refused(&folder, &["merge"], 2).contains("onefold db"));
}

#[test]
fn the_summary_counts_values_without_key_where_values_are_read() {
    let folder = Folder::new();
    folder.file("in.csv", "id,email,phone\n1,ada@example.com,n/a\n2,nobody,+1 202 555 0101\n");
    let message = |arguments: &[&str]| String::from_utf8(folder.onefold(arguments).stderr).expect("UTF-8");
    let values = |message: String| -> Vec<String> {
        let lines = message.lines().skip_while(|line| !line.starts_with("values without key"));
        lines.take_while(|line| !line.starts_with("seconds")).map(str::to_owned).collect()
    };
    let of_file = values(message(&["suggest", "in.csv"]));
    assert_eq!(of_file.len(), 3, "{of_file:?}");
    assert_eq!(values(message(&["db", "import", "a.db", "in.csv"])), of_file);
    assert_eq!(values(message(&["db", "suggest", "a.db"])), of_file);
    for arguments in [&["db", "history", "a.db"][..], &["db", "export", "a.db"], &["db", "merge", "a.db"]] {
        assert!(!message(arguments).contains("values without key"));
    }
}
