//! What merging a file writes, what it leaves, and what it refuses.

use std::fs;
use std::io::Write;

use crate::command::{CONTACTS, Folder, MERGE, UNDO, assert_says, merges, text, with};

#[test]
fn one_row_stays_for_each_person_and_all_else_stays_as_it_is() {
    let folder = Folder::new();
    folder.file("in.csv", format!("\u{feff}{CONTACTS}"));
    let said = folder.done(&MERGE);
    assert_says(
        &said,
        &[
            "contacts                           5",
            "merges                             1",
            "contacts retired                   3",
            "values lost                        4",
        ],
    );
    assert_eq!(
        folder.read("out.csv"),
        "\u{feff}id,first_name,email,phone,account\r\n1,Ada,ada@example.com,+1 202 555 0101,a\r\n\r\n\"open quote,x,y\r\n\
         4,Bob,bob@example.com,,a\r\n"
    );
    let said = folder.done(&UNDO);
    assert_says(&said, &["merges undone                      1", "contacts restored                  3"]);
    assert_eq!(folder.read("back.csv"), format!("\u{feff}{CONTACTS}"));
}

#[test]
fn json_lines_keep_their_names_order_and_escapes() {
    let folder = Folder::new();
    let lines = "{ \"mail\":\"\\u0061da@example.com\", \"id\" : 1, \"x\":1e400 }\nnonsense\n{\"id\":2,\"emails\":[\"ada@example.com\"],\"vorname\":\"Ada\"}\n";
    folder.file("in.jsonl", lines);
    folder.done(&["merge", "in.jsonl", "--output", "out.jsonl", "--patches", "patches"]);
    assert_eq!(
        folder.read("out.jsonl"),
        "{ \"mail\":\"\\u0061da@example.com\", \"id\" : 1, \"x\":1e400, \"vorname\":\"Ada\" }\nnonsense\n"
    );
    folder.done(&["undo", "out.jsonl", "--patches", "patches", "--output", "back.jsonl"]);
    assert_eq!(folder.read("back.jsonl"), lines);
}

#[test]
fn a_dry_run_shows_values_results_reasons_and_losses_and_writes_nothing() {
    let folder = Folder::new();
    folder.file("in.csv", CONTACTS);
    for more in [vec![], vec!["--output", "out.csv", "--patches", "patches"]] {
        let output = folder.onefold(&with(&["merge", "in.csv", "--all", "--dry-run"], &more));
        let shown = text(&output.stdout);
        assert_says(
            &shown,
            &[
                "contacts 2, 3, 5 go into contact 1\n",
                "  first_name\n    contact 1            Ada\n    contact 2            A. \"B\"\n",
                "    merged               Ada\n    why                  first in precedence, from contact \"1\"\n",
                "    lost                 A. \"B\", of contact 2\n",
            ],
        );
        assert_eq!(folder.names(), ["in.csv"]);
    }
}

#[test]
fn packed_and_piped_files_are_merged_and_come_back_unpacked() {
    let folder = Folder::new();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(CONTACTS.as_bytes()).expect("gzip");
    folder.file("in.csv", gzip.finish().expect("gzip"));
    folder.done(&MERGE);
    folder.done(&UNDO);
    assert_eq!(folder.read("back.csv"), CONTACTS);
}

#[test]
fn two_runs_of_the_same_write_the_same() {
    let folder = Folder::new();
    folder.file("in.csv", CONTACTS);
    folder.done(&MERGE);
    folder.done(&["merge", "in.csv", "--all", "--output", "out2.csv", "--patches", "patches2"]);
    assert_eq!(folder.read("out.csv"), folder.read("out2.csv"));
    assert_eq!(folder.read("patches"), folder.read("patches2"));
}

#[test]
fn workspaces_stay_apart_and_blocked_contacts_stay() {
    let folder = Folder::new();
    let rows = "id,email,account,blocked\n1,a@example.com,x,\n2,a@example.com,x,\n1,a@example.com,y,\n2,a@example.com,y,\n\
                3,a@example.com,y,yes\n";
    folder.file("in.csv", rows);
    folder.done(&with(&MERGE, &["--workspace-column", "account"]));
    let merged = "id,email,account,blocked\n1,a@example.com,x,\n1,a@example.com,y,\n3,a@example.com,y,yes\n";
    assert_eq!(folder.read("out.csv"), merged);
    assert_says(&folder.read("patches"), &["\"workspace\":\"x\"", "\"workspace\":\"y\""]);
    folder.file("out.csv", merged.replace("3,a@example.com,y", "3,c@example.com,y"));
    folder.done(&UNDO);
    assert_eq!(folder.read("back.csv"), rows.replace("3,a@example.com,y", "3,c@example.com,y"));
}

#[test]
fn what_a_weaker_rule_joins_is_left_unless_it_is_named() {
    let folder = Folder::new();
    folder.file(
        "in.csv",
        "id,email,phone\n1,ada+x@example.com,\n2,ada@example.com,\n3,,+55 11 98765-4321\n4,,+55 11 8765-4321\n5,info@example.com,\n6,info@example.com,\n",
    );
    let said = folder.done(&with(&MERGE, &["--plus-tags"]));
    assert_says(&said, &["merges                             1", "skipped: weakly joined             1"]);
    assert_eq!(merges(&folder, "patches").len(), 1, "the ninth digit joins");

    let suggested = folder.onefold(&["suggest", "in.csv", "--plus-tags", "--min-strength", "weak", "--format", "csv"]);
    let suggested = text(&suggested.stdout);
    let id_of = |contact: &str| {
        let line = suggested.lines().find(|line| line.split(',').nth(1) == Some(contact)).expect("a member");
        line[..32].to_owned()
    };
    let (tagged, role) = (id_of("1"), id_of("5"));
    let only =
        ["merge", "in.csv", "--output", "o.csv", "--patches", "p", "--plus-tags", "--min-strength", "weak", "--only"];
    let said = folder.done(&with(&only, &[&tagged[..8], &role.to_uppercase()]));
    assert_says(&said, &["merges                             2", "skipped: not named                 1"]);
    assert_eq!(
        folder.read("o.csv"),
        "id,email,phone\n1,ada+x@example.com; ada@example.com,\n3,,+55 11 98765-4321\n4,,+55 11 8765-4321\n5,info@example.com,\n"
    );
    for (id, sentence) in [
        ("0123456789", "there is no suggestion 0123456789"),
        ("0123", "\"0123\" is not the id of a suggestion; give at least its first 8 hexadecimal digits"),
        ("not an id", "is not the id of a suggestion"),
    ] {
        let only = ["merge", "in.csv", "--output", "n.csv", "--patches", "n", "--only", id];
        folder.fails(&only, 2, sentence);
    }
}

#[test]
fn a_policy_decides_and_refuses() {
    let folder = Folder::new();
    folder.file(
        "in.csv",
        "id,email,first_name,country,updated_at\n1,a@example.com,A,BR,1700000000001\n2,a@example.com,Ann,BR,1700000000002\n3,b@example.com,B,BR,1700000000001\n4,b@example.com,Bea,MX,1700000000002\n",
    );
    folder.file(
        "policy.toml",
        "survivor = \"most_complete\"\n[fields]\nfirst_name = \"longest\"\ncountry = \"must_agree\"\n",
    );
    let said = folder.done(&with(&MERGE, &["--policy", "policy.toml"]));
    assert_says(
        &said,
        &["country must agree, and contacts \"3\", \"4\" differ", "skipped: refused                   1"],
    );
    assert!(!said.contains("MX"), "{said}");
    assert_eq!(
        folder.read("out.csv"),
        "id,email,first_name,country,updated_at\n1,a@example.com,Ann,BR,1700000000002\n3,b@example.com,B,BR,1700000000001\n4,b@example.com,Bea,MX,1700000000002\n"
    );
    folder.done(&UNDO);
    assert_eq!(folder.read("back.csv"), folder.read("in.csv"));

    let suggested = text(&folder.onefold(&["suggest", "in.csv"]).stdout);
    let id = &suggested.lines().nth(1).expect("two suggestions")[7..39];
    let merge = ["merge", "in.csv", "--output", "n.csv", "--patches", "n", "--policy"];
    folder.fails(&with(&merge, &["policy.toml", "--only", id]), 1, "cannot be merged: country must agree");
    folder.file("policy.json", "{\"default\": \"newest\"}");
    let output = folder.onefold(&["merge", "in.csv", "--dry-run", "--policy", "policy.json"]);
    assert_says(&text(&output.stdout), &["newest, from contact \"2\""]);
    for (name, policy, sentence) in [
        ("bad.toml", "[fields]\nfirst_nam = \"longest\"", "bad.toml is not a policy: there is no field \"first_nam\""),
        ("bad.json", "{", "bad.json is not a policy: EOF"),
        ("worse.toml", "\nsurvivor = 1", "at line 2"),
        (
            "order.toml",
            "max_contacts = 5\n[fields]\nphones = \"newest\"\ncountry = { sources = [] }\n",
            "order.toml is not a policy: phones cannot be decided by newest, only by union, at line 3",
        ),
        ("name.toml", "[fields]\nlast_name = \"newest\"\nfirst_nam = \"longest\"", "at line 3"),
        ("limit.json", "{\"max_contacts\": 1,\n\"fields\": {\"phones\": \"newest\"}}", "not 1 at line 1"),
    ] {
        folder.file(name, policy);
        folder.fails(&with(&merge, &[name]), 1, sentence);
    }
    folder.fails(&with(&merge, &["missing.toml"]), 1, "cannot read missing.toml");
}

#[test]
fn too_many_are_left_unless_named_and_never_more_than_the_policy_allows() {
    let folder = Folder::new();
    let rows: String = (0..5).map(|id| format!("{id},a@example.com\n")).collect();
    folder.file("in.csv", format!("id,email\n{rows}"));
    let said = folder.done(&with(&MERGE, &["--max-members", "4"]));
    assert_says(&said, &["merges                             0", "skipped: oversized                 1"]);
    let suggested = text(&folder.onefold(&["suggest", "in.csv"]).stdout);
    let only =
        ["merge", "in.csv", "--output", "o.csv", "--patches", "p", "--max-members", "4", "--only", &suggested[7..39]];
    folder.file("policy.toml", "max_contacts = 4");
    folder.fails(&with(&only, &["--policy", "policy.toml"]), 1, "5 contacts are more than the 4");
    folder.done(&only);
    assert_eq!(folder.read("o.csv"), "id,email\n0,a@example.com\n");
}

#[test]
fn the_name_of_a_country_says_which_numbers_are_the_same() {
    let folder = Folder::new();
    let rows = "id,email,phone,country\n1,a@example.com,(11) 98765-4321,Brasil\n2,a@example.com,11 98765 4321,Brazil\n\
                3,b@example.com,,Espa\u{f1}a\n4,b@example.com,11 98765-4321,Brasil\n";
    folder.file("in.csv", rows);
    folder.done(&with(&MERGE, &["--region-from-country", "--max-holders", "2"]));
    assert_eq!(
        folder.read("out.csv"),
        "id,email,phone,country\n1,a@example.com,(11) 98765-4321,Brasil\n3,b@example.com,,Espa\u{f1}a\n4,b@example.com,11 98765-4321,Brasil\n"
            .replace("3,b@example.com,,Espa\u{f1}a\n4,b@example.com,11 98765-4321,Brasil\n", "3,b@example.com,+5511987654321,Espa\u{f1}a\n")
    );
    folder.done(&UNDO);
    assert_eq!(folder.read("back.csv"), rows);
}

#[test]
fn forms_that_cannot_be_put_back_are_refused() {
    let folder = Folder::new();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    packed.write_all(CONTACTS.repeat(50).as_bytes()).expect("gzip");
    let mut damaged = packed.finish().expect("gzip");
    damaged.truncate(damaged.len() / 2);
    let utf16 = |text: &str| {
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        units.flat_map(u16::to_le_bytes).collect::<Vec<u8>>()
    };
    for (name, content, sentence) in [
        ("a.json", b"[{\"emails\":[\"a@example.com\"]}]".to_vec(), "a.json is a JSON array"),
        ("a.csv.gz", damaged, "a.csv.gz is damaged"),
        ("broken.csv", [utf16(CONTACTS), vec![0x00, 0xd8, 0x0a, 0x00]].concat(), "broken.csv is damaged"),
        ("a.jsonl", utf16("{\"emails\":[\"a@example.com\"]}\n"), "a.jsonl is JSON Lines in UTF-16"),
    ] {
        folder.file(name, content);
        folder.fails(&["merge", name, "--output", "o", "--patches", "p"], 1, sentence);
    }
    folder.file("in.csv", utf16(CONTACTS));
    folder.done(&MERGE);
    assert!(folder.read("out.csv").starts_with("\u{feff}id,first_name"), "it says that it is UTF-8");
    folder.done(&UNDO);
    assert_eq!(folder.read("back.csv"), format!("\u{feff}{CONTACTS}"));
}

#[test]
fn nothing_replaces_the_input_nor_ever_the_patches() {
    let folder = Folder::new();
    folder.file("in.csv", CONTACTS);
    folder.done(&MERGE);
    folder.fails(&MERGE, 2, "out.csv exists already; --force replaces it");
    folder.done(&with(&MERGE, &["--force"]));
    let merge = |output, patches| ["merge", "in.csv", "--force", "--output", output, "--patches", patches];
    folder.fails(&merge("in.csv", "n"), 2, "is also the input, which is never replaced");
    folder.fails(&merge("n", "in.csv"), 2, "is also the input, which is never replaced");
    folder.fails(&merge("n", "n"), 2, "which cannot hold the contacts and the patches");
    folder.fails(&merge("patches", "./patches"), 2, "which cannot hold the contacts and the patches");
    folder.fails(&merge("-", "n"), 2, "none to standard output");
    folder.fails(&merge("no/folder", "n"), 1, "the folder does not exist");
    folder.fails(&["merge", "in.csv", "--output", "n"], 2, "--patches");
    let (output, patches) = (folder.read("out.csv"), folder.read("patches"));
    folder.file("in.csv", CONTACTS.replace("Bob", "Rob"));
    folder.fails(
        &with(&MERGE, &["--force"]),
        2,
        "patches exists already and holds something else; it is never replaced",
    );
    assert_eq!((folder.read("out.csv"), folder.read("patches")), (output, patches));

    folder.file("there", "x");
    let undo = |output| ["undo", "out.csv", "--patches", "patches", "--output", output];
    folder.fails(&undo("there"), 2, "there exists already; --force replaces it");
    for input in ["out.csv", "patches"] {
        folder.fails(&with(&undo(input), &["--force"]), 2, "is also the input, which is never replaced");
    }
    folder.done(&with(&undo("there"), &["--force"]));
    assert_eq!(folder.read("there"), CONTACTS);
}

#[test]
fn a_file_without_merges_is_copied() {
    let folder = Folder::new();
    for content in ["id,email\n1,a@example.com", "", "\n\n"] {
        folder.file("in.csv", content);
        folder.done(&with(&MERGE, &["--force"]));
        folder.done(&with(&UNDO, &["--force"]));
        assert_eq!((folder.read("out.csv").as_str(), folder.read("back.csv").as_str()), (content, content));
        fs::remove_file(folder.path("patches")).expect("a file");
    }
}

#[test]
fn rows_that_would_melt_into_others_are_not_written() {
    let folder = Folder::new();
    // The quote in the third line is known to be stray, as that in the fourth one stands in the middle of a cell.
    // Without the fourth line it would be closed by the fifth.
    folder.file("in.csv", "id,email,x\n1,a@example.com,\n7,\"open\n2,a@example.com,x\"y\nb\",z\n");
    folder.fails(&MERGE, 1, "the row of line 5 cannot be distinguished from others when rows are removed");
    folder.file("in.csv", "id,email,x\n1,a@example.com,\n7,\"open\n2,a@example.com,x\"y\n\",\n");
    folder.fails(&MERGE, 1, "a line that is not a row would become one after rows are removed");
}
