//! What the command says of files and merges names rows and fields, and never a value.

use crate::command::{Folder, MERGE, UNDO, text, with};

const CANARY: &str = "canary";

const TABLE: &str = "\
id,first_name,email,phone,blocked,notes\r
1,canary a,canary@example.com,+1 202 555 0147,,canary\r
2,canary b,CANARY@example.com,+1 202 555 0147,,canary\r
2,canary again,canary@example.com,,,canary\r
3,canary c,canary at example,1-800-CANARY,canary,canary,canary,canary\r
4,\"canary open,canary@example.org,x\r
5,\u{e9}canary,canary@example.net,2025550147,canary,\r
,,,,,\r
";
const LINES: &str = r#"{"id":"1","first_name":"canary","emails":["canary@example.com"],"provenance":{"first_name":"canary"}}
{"id":"2","first_name":"canary too","emails":["canary@example.com",["canary"]],"created_at":"canary","blocked":"canary"}
{"id":"2","first_name":"canary","emails":["canary@example.com"]}
{"id":["canary"],"first_name":"canary\ud800","emails":["canary@example.org"],"emails":["canary@example.org"]}
{"id":"3","first_name":"canary
"canary"
{"id":"4","first_name":canary}
"#;
const CARDS: &str = "canary outside\r\nBEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=canary;ENCODING=QUOTED-PRINTABLE:=ZZcanary;canary\r\n\
canary without colon\r\nTEL:canary\r\nEMAIL:canary@example.com\r\nEND:VCARD\r\nBEGIN:VCARD\r\nFN:canary\r\n";

/// Runs the command, whatever comes of it, and gives what it says.
#[track_caller]
fn said(folder: &Folder, arguments: &[&str]) -> String {
    let said = text(&folder.onefold(arguments).stderr);
    assert!(
        !said.to_lowercase().contains(CANARY) && !said.contains("555 0147") && !said.contains("2025550147"),
        "{said}"
    );
    said
}

#[test]
fn of_files_with_all_sorts_of_faults() {
    let folder = Folder::new();
    let latin: Vec<u8> = TABLE.chars().map(|letter| u8::try_from(u32::from(letter)).expect("Latin-1")).collect();
    folder.file("in.csv", latin);
    folder.file("in.jsonl", LINES);
    folder.file("in.vcf", CARDS);
    for (file, faults) in [("in.csv", 4), ("in.jsonl", 4), ("in.vcf", 2)] {
        for command in
            [&["suggest", file][..], &["keys", file, "--region", "US"], &["suggest", file, "--format", "csv"]]
        {
            let said = said(&folder, command);
            assert!(said.matches(file).count() >= faults, "faults are said: {said}");
        }
        let (out, patches) = (format!("out-{file}"), format!("patches-{file}"));
        said(&folder, &["merge", file, "--all", "--output", &out, "--patches", &patches]);
        said(&folder, &["merge", file, "--output", &out, "--patches", &patches, "--force", "--dry-run"]);
        said(&folder, &["undo", &out, "--patches", &patches, "--output", &format!("back-{file}")]);
    }
}

#[test]
fn of_merges_that_are_refused_and_undos_that_meet_edits() {
    let folder = Folder::new();
    folder.file("in.csv", "id,first_name,email\n1,canary a,canary@example.com\n2,canary b,canary@example.com\n");
    folder.file("agree.toml", "[fields]\nfirst_name = \"must_agree\"\n");
    let refused = said(&folder, &with(&MERGE, &["--policy", "agree.toml"]));
    assert!(refused.contains("first_name must agree"), "{refused}");
    said(&folder, &with(&MERGE, &["--force"]));
    let (merged, patches) = (folder.read("out.csv"), folder.read("patches"));
    folder.file("out.csv", merged.replace("canary a", "canary edited"));
    for edits in ["refuse", "keep", "overwrite"] {
        said(&folder, &with(&UNDO, &["--edits", edits, "--force"]));
    }
    for (name, spoilt) in [
        ("cut", patches[..patches.len() / 2].to_owned()),
        ("altered", patches.replacen("canary", "Canary", 1)),
        ("foreign", "{\"canary\":1}\ncanary\n".to_owned()),
    ] {
        folder.file("patches", spoilt);
        assert!(!said(&folder, &with(&UNDO, &["--force"])).is_empty(), "{name}");
    }
}
