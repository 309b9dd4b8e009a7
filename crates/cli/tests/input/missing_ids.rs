//! Contacts whose rows have no id: what is made up for them never stands for anybody else.

use crate::command::{Folder, MERGE, UNDO, assert_says};

fn exported(folder: &Folder) -> String {
    let output = folder.onefold(&["db", "export", "a.db"]);
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn ids(folder: &Folder) -> Vec<String> {
    let exported = exported(folder);
    let ids = exported.lines().filter_map(|line| line.strip_prefix("{\"id\":\"")?.split('"').next());
    ids.map(str::to_owned).collect()
}

#[test]
fn files_without_ids_overwrite_nobody() {
    let folder = Folder::new();
    folder.file("one.csv", "Name,Email\nAda,ada@example.com\nMax,max@example.com\n");
    folder.file("two.csv", "Name,Email\nZoe,zoe@example.com\nAda,ada@example.com\n");
    folder.done(&["db", "import", "a.db", "one.csv"]);
    let said = folder.done(&["db", "import", "a.db", "two.csv", "--existing", "update"]);
    assert_says(
        &said,
        &[
            "contacts added                     2",
            "contacts updated                   0",
            "ids made                           2",
        ],
    );
    assert_eq!(ids(&folder), ["one.csv-line-2", "one.csv-line-3", "two.csv-line-2", "two.csv-line-3"]);
    // Nothing says that it is the same file: it is added again.
    folder.done(&["db", "import", "a.db", "two.csv", "--existing", "update"]);
    assert_eq!(ids(&folder).len(), 6);
    assert!(ids(&folder).contains(&"two.csv-line-2-2".to_owned()));
}

#[test]
fn cards_and_objects_without_ids_are_new_too() {
    let folder = Folder::new();
    for (name, first, second) in [
        ("in.vcf", "BEGIN:VCARD\nVERSION:3.0\nFN:Ada\nEND:VCARD\n", "BEGIN:VCARD\nVERSION:3.0\nFN:Max\nEND:VCARD\n"),
        ("in.jsonl", "{\"first_name\":\"Ada\"}\n", "{\"id\":[\"x\"],\"first_name\":\"Max\"}\n"),
    ] {
        folder.file(name, first);
        folder.done(&["db", "import", "a.db", name, "--existing", "update"]);
        folder.file(name, second);
        folder.done(&["db", "import", "a.db", name, "--existing", "update"]);
    }
    assert_eq!(ids(&folder).len(), 4);
    assert_eq!(exported(&folder).matches("Ada").count(), 2);
}

#[test]
fn a_stored_contact_may_be_called_like_a_line() {
    let folder = Folder::new();
    folder.file("named.csv", "id,Name,Email\nline-2,Ada,\nrows.csv-line-2,Bea,\n");
    folder.file("rows.csv", "Name,Email\nMax,\n");
    folder.done(&["db", "import", "a.db", "named.csv"]);
    folder.done(&["db", "import", "a.db", "rows.csv", "--existing", "update"]);
    assert_eq!(ids(&folder), ["line-2", "rows.csv-line-2", "rows.csv-line-2-2"]);
    // Its id is its own, and rows that give it are about it.
    folder.file("named.csv", "id,Name,Email\nline-2,Eve,\n");
    folder.done(&["db", "import", "a.db", "named.csv", "--existing", "update"]);
    assert!(exported(&folder).contains("\"id\":\"line-2\",\"display_name\":\"Eve\""));
}

#[test]
fn made_ids_are_in_nobodys_way_in_one_run() {
    let folder = Folder::new();
    folder.file(
        "some.csv",
        "id,Name,Email\n,Ada,ada@example.com\nsome.csv-line-2,Bea,bea@example.com\nline-2,Max,max@example.com\n",
    );
    folder.done(&["db", "import", "a.db", "some.csv", "--existing", "update"]);
    assert_eq!(ids(&folder), ["line-2", "some.csv-line-2", "some.csv-line-2-2"]);
    assert!(exported(&folder).contains("\"id\":\"some.csv-line-2\",\"display_name\":\"Bea\""));
    // Nor of other files, whose ids have their names before them.
    folder.file("none.csv", "Name,Email\nZoe,zoe@example.com\n");
    folder.done(&["db", "import", "b.db", "none.csv", "some.csv", "--existing", "update"]);
    let output = folder.onefold(&["db", "export", "b.db"]);
    let of_both = String::from_utf8(output.stdout).expect("UTF-8");
    for id in ["none.csv-line-2", "some.csv-line-2", "some.csv:line-2", "some.csv:some.csv-line-2"] {
        assert!(of_both.contains(&format!("{{\"id\":\"{id}\"")), "{of_both}");
    }
}

#[test]
fn ids_that_say_that_there_is_none_overwrite_nobody() {
    let folder = Folder::new();
    folder.file("in.csv", "id,Name,Email\nnull,Ada,\nN/A,Max,\n0,Bea,\n0,Zoe,\n");
    for _ in 0..2 {
        let said = folder.done(&["db", "import", "a.db", "in.csv", "--existing", "update"]);
        assert_says(&said, &["contacts added                     4", "(4 times, in lines 2, 3, 4, ...)"]);
    }
    assert_eq!(ids(&folder).len(), 8);
    // Rows without an id are merged and come back as such.
    let rows = "id,Name,Email\n0,Ada,ada@example.com\n0,Ada,ada@example.com\nnull,Ada,ada@example.com\n7,Max,\n";
    folder.file("in.csv", rows);
    folder.done(&MERGE);
    assert_eq!(folder.read("out.csv"), "id,Name,Email\n0,Ada,ada@example.com\n7,Max,\n");
    folder.done(&UNDO);
    assert_eq!(folder.read("back.csv"), rows);
    // Both ways of reading say the same.
    let once = folder.onefold(&["suggest", "in.csv", "--format", "jsonl"]);
    assert!(String::from_utf8_lossy(&once.stdout).contains(r#"["line-2","line-3","line-4"]"#));
}

#[test]
fn an_update_says_which_blocks_it_leaves() {
    let folder = Folder::new();
    folder.file("in.csv", "id,Name,Email,blocked\n1,Ada,,yes\n2,Max,,no\n3,Bea,,yes\n4,Zoe,,\n");
    folder.done(&["db", "import", "a.db", "in.csv"]);
    let before = exported(&folder);
    folder.file("in.csv", "id,Name,Email,blocked\n1,Ada,,no\n2,Max,,yes\n3,Bea,,\n4,Zoe,,no\n");
    let said = folder.done(&["db", "import", "a.db", "in.csv", "--existing", "update"]);
    assert_says(
        &said,
        &[
            "in.csv:2: blocked is false in the row, but the contact is blocked, and stays so",
            "in.csv:3: blocked is true in the row, but the contact is not blocked, and stays so",
        ],
    );
    assert!(!said.contains("in.csv:4") && !said.contains("in.csv:5"), "{said}");
    assert_eq!(exported(&folder), before);
    folder.file("in.csv", "id,Name,Email\n1,Ada,\n");
    let said = folder.done(&["db", "import", "a.db", "in.csv", "--existing", "update"]);
    assert!(!said.contains("blocked is"), "{said}");
}

#[test]
fn identifiers_are_those_of_the_database() {
    let folder = Folder::new();
    folder.file("one.csv", "id,Name,Email,Customer\n1,Ada,,c7\n");
    folder.file("two.csv", "id,Name,Email,customer\n2,A.,,c7\n");
    folder.done(&["db", "import", "a.db", "one.csv", "--identifier", "customer"]);
    folder.done(&["db", "import", "a.db", "two.csv"]);
    let suggested = folder.onefold(&["db", "suggest", "a.db", "--format", "jsonl"]);
    assert!(String::from_utf8_lossy(&suggested.stdout).contains(r#""members":["1","2"]"#));
    folder.fails(&["db", "import", "b.db", "one.csv", "--identifier", "nothing"], 2, "names no column");
}

#[test]
fn merged_contacts_take_news_of_their_sources_and_keep_the_rest() {
    let folder = Folder::new();
    folder
        .file("crm.csv", "id,Name,Email,Phone\n1,Ada,ada@example.com,+12025550101\n2,,ada@example.com,+12025550102\n");
    folder.done(&["db", "import", "a.db", "crm.csv"]);
    folder.done(&["db", "merge", "a.db", "--members", "1", "2", "--name", "m"]);
    folder.file(
        "crm.csv",
        "id,Name,Email,Phone\n1,Augusta,ada@example.com,+12025550103\n2,,ada@example.com,+12025550102\n",
    );
    folder.done(&["db", "import", "a.db", "crm.csv", "--existing", "update"]);
    let live = exported(&folder);
    assert_eq!(live.lines().count(), 1);
    assert_says(&live, &["\"display_name\":\"Augusta\"", "\"phones\":[\"+12025550103\",\"+12025550102\"]"]);
    folder.done(&["db", "undo", "a.db", "m"]);
    let distinct = exported(&folder);
    assert_says(&distinct, &["\"phones\":[\"+12025550103\"]", "\"phones\":[\"+12025550102\"]"]);
}
