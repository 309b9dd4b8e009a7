//! The commands as a user runs them: what they print where, and how they end.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

use crate::command::{Folder, text};

const CONTACTS: &str = "\
id,first_name,email,phone,account
1,Ada,ada@example.com,+1 202 555 0101,a
2,A.,ADA@example.com,,a
3,,,+12025550101,a
4,Bob,bob@example.com,n/a,a
5,Ada,ada@example.com,,b
";

fn onefold(arguments: &[&str]) -> Output {
    onefold_with(arguments, b"")
}

fn onefold_with(arguments: &[&str], input: &[u8]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_onefold"));
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the command runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = input.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().expect("the command ends");
    // A command that does not read its input closes the pipe.
    let _ = writer.join().expect("the writer ends");
    output
}

fn path(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

#[track_caller]
fn lines(output: &Output) -> Vec<Value> {
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    text(&output.stdout).lines().map(|line| serde_json::from_str(line).expect("a JSON line")).collect()
}

#[track_caller]
fn assert_fails(output: &Output, status: i32, sentence: &str) {
    let said = text(&output.stderr);
    assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(status), ""), "{said}");
    assert!(said.contains(sentence), "{said}");
}

/// As in `onefold suggest contacts.csv | head -1`.
#[test]
fn a_reader_that_has_enough_is_no_failure() {
    let folder = Folder::new();
    let rows: String = (0..40_000).map(|row| format!("{row},person-{}@example.com\n", row / 2)).collect();
    let table = folder.file("c.csv", format!("id,email\n{rows}"));
    for format in ["jsonl", "csv"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_onefold"));
        command.args(["suggest", path(&table), "--format", format]).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the command runs");
        let mut output = child.stdout.take().expect("a pipe");
        output.read_exact(&mut [0; 100]).expect("a beginning");
        drop(output);
        let output = child.wait_with_output().expect("the command ends");
        assert_eq!((output.status.code(), text(&output.stderr).contains("cannot")), (Some(0), false), "{format}");
    }
}

#[test]
fn suggest_writes_a_line_for_each_suggestion_and_a_summary_elsewhere() {
    let folder = Folder::new();
    let output = onefold(&["suggest", path(&folder.file("c.csv", CONTACTS))]);
    let found = lines(&output);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["members"], json!(["1", "2", "3", "5"]));
    assert_eq!(
        found[0]["evidence"],
        json!([
            {"kind": "email", "value": "ada@example.com", "strength": "exact", "holders": [
                {"contact": "1", "field": "emails", "value": "ada@example.com", "derivation": "direct"},
                {"contact": "2", "field": "emails", "value": "ADA@example.com", "derivation": "direct"},
                {"contact": "5", "field": "emails", "value": "ada@example.com", "derivation": "direct"}]},
            {"kind": "phone", "value": "+12025550101", "strength": "exact", "holders": [
                {"contact": "1", "field": "phones", "value": "+1 202 555 0101", "derivation": "direct"},
                {"contact": "3", "field": "phones", "value": "+12025550101", "derivation": "direct"}]},
        ])
    );
    assert_eq!(
        (&found[0]["distinct"], &found[0]["oversized"], &found[0]["confidence"]),
        (&json!([]), &json!(false), &json!("medium"))
    );
    assert_eq!(found[0]["bridges"], json!([["1", "3"]]));
    assert_eq!(found[0]["id"].as_str().map(str::len), Some(32));
    let summary = text(&output.stderr);
    for part in [
        "contacts                           5",
        "suggestions                        1",
        "contacts in them                   4",
        "placeholder                      1",
        "seconds",
    ] {
        assert!(summary.contains(part), "{part} is not in {summary}");
    }
}

#[test]
fn suggest_can_count_and_write_no_suggestion() {
    let folder = Folder::new();
    let file = folder.file("c.csv", CONTACTS);
    let message = |output: &Output| -> Vec<String> {
        text(&output.stderr).lines().filter(|line| !line.starts_with("seconds")).map(str::to_owned).collect()
    };
    let all = onefold(&["suggest", path(&file), "--max-holders", "2"]);
    let counted = onefold(&["suggest", path(&file), "--max-holders", "2", "--count"]);
    assert_eq!(message(&counted), message(&all));
    let counts = json!({"contacts": 5, "keys": 3, "suggestions": 1, "members": 2, "common_keys": 1});
    assert_eq!(lines(&counted), [counts]);
    let of_input = onefold_with(&["suggest", "-", "--count", "--format", "csv"], CONTACTS.as_bytes());
    assert_eq!(text(&of_input.stdout), "contacts,keys,suggestions,members,common_keys\n5,3,1,4,0\n");
    let table = text(&onefold(&["suggest", path(&file), "--count", "--format", "table"]).stdout);
    assert!(table.contains("contacts in them"), "{table}");
}

#[test]
fn contacts_of_different_workspaces_never_meet() {
    let folder = Folder::new();
    let file = folder.file("c.csv", CONTACTS.replace("5,Ada", "1,Ada"));
    let found = lines(&onefold(&["suggest", path(&file), "--workspace-column", "account"]));
    assert_eq!(found.len(), 1);
    assert_eq!((&found[0]["workspace"], &found[0]["members"]), (&json!("a"), &json!(["1", "2", "3"])));
}

#[test]
fn suggest_in_csv_has_a_row_for_each_member_and_in_a_table_the_names() {
    let folder = Folder::new();
    let file = folder.file("c.csv", CONTACTS);
    let csv = onefold(&["suggest", path(&file), "--format", "csv"]);
    let csv = text(&csv.stdout);
    let rows: Vec<&str> = csv.lines().collect();
    assert_eq!(rows[0], "suggestion,contact,workspace,confidence,contested,oversized,keys,values");
    assert_eq!(rows.len(), 5);
    assert!(
        rows[1].ends_with(",1,,medium,false,false,ada@example.com; +12025550101,ada@example.com; +1 202 555 0101"),
        "{csv}"
    );
    let table = text(&onefold(&["suggest", path(&file), "--format", "table"]).stdout);
    assert!(table.contains("Ada") && table.contains("+1 202 555 0101") && table.contains("medium"), "{table}");
}

#[test]
fn keys_gives_every_value_its_key_or_its_reason_in_order() {
    let folder = Folder::new();
    let file = folder.file("c.jsonl", "{\"id\":7,\"emails\":[\"B@Example.com\",null,\"info@example.com\"],\"phones\":[\"+1 202-555-0101 ext. 9\",\"+54 9 11 2345 6789\"]}\n{\"id\":\"8\",\"phones\":[\"020 7946 0958\"]}\n");
    let output = onefold(&["keys", path(&file), "--format", "jsonl"]);
    let line = |contact, field, value, kind| json!({"contact": contact, "field": field, "value": value, "kind": kind});
    let keyed = |mut line: Value, key: &str, variants: &[&str], strength| {
        (line["key"], line["variants"], line["strength"]) = (json!(key), json!(variants), json!(strength));
        line
    };
    let rejected = |mut line: Value, reason| {
        line["reason"] = json!(reason);
        line
    };
    assert_eq!(
        lines(&output),
        [
            keyed(
                line("7", "phones", "+1 202-555-0101 ext. 9", "phone"),
                "+12025550101;ext=9",
                &["+12025550101"],
                "exact"
            ),
            keyed(line("7", "phones", "+54 9 11 2345 6789", "phone"), "+5491123456789", &["+541123456789"], "exact"),
            keyed(line("7", "emails", "B@Example.com", "email"), "b@example.com", &[], "exact"),
            rejected(line("7", "emails", "", "email"), "not_text"),
            keyed(line("7", "emails", "info@example.com", "email"), "info@example.com", &[], "weak"),
            rejected(line("8", "phones", "020 7946 0958", "phone"), "no_country_code"),
        ]
    );
    let british = lines(&onefold(&["keys", path(&file), "--region", "gb"]));
    assert_eq!(british[5]["key"], "+442079460958");
    let csv = text(&onefold(&["keys", path(&file), "--format", "csv"]).stdout);
    assert_eq!(
        csv.lines().nth(1),
        Some(",7,phones,+1 202-555-0101 ext. 9,phone,+12025550101;ext=9,+12025550101,exact,")
    );
}

#[test]
fn the_options_of_reading_are_heeded() {
    let folder = Folder::new();
    let file = folder.file("c.csv", "nr,Contact mail,Tel,country,cust\n1,ada+a@gmail.com,020 7946 0958,United Kingdom,K1\n2,a.da@googlemail.com,2025550101,EUA,K1\n");
    let keys = |options: &[&str]| {
        let output = onefold(&[&["keys", path(&file)], options].concat());
        lines(&output)
            .into_iter()
            .map(|line| {
                format!(
                    "{} {} {}",
                    line["contact"].as_str().unwrap_or(""),
                    line["key"].as_str().unwrap_or("-"),
                    line["variants"]
                )
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(
        keys(&[
            "--map",
            "email=Contact mail",
            "--map",
            "id=nr",
            "--region-from-country",
            "--plus-tags",
            "--gmail-dots"
        ]),
        [
            "1 +442079460958 []",
            "1 ada+a@gmail.com [\"ada@gmail.com\"]",
            "2 +12025550101 []",
            "2 a.da@googlemail.com [\"ada@gmail.com\"]",
        ]
    );
    let ignored = keys(&[
        "--map",
        "id=nr",
        "--region",
        "US",
        "--ignore",
        "2025550101",
        "--map",
        "custom.cust=cust",
        "--identifier",
        "cust",
    ]);
    assert!(ignored.contains(&"2 - null".to_owned()) && ignored.contains(&"1 K1 []".to_owned()), "{ignored:?}");
}

#[test]
fn every_way_in_gives_the_same() {
    let folder = Folder::new();
    let plain = lines(&onefold(&["suggest", path(&folder.file("c.csv", CONTACTS))]));
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(CONTACTS.as_bytes()).expect("gzip");
    let gzip = gzip.finish().expect("gzip");
    let zstd = zstd::encode_all(CONTACTS.as_bytes(), 1).expect("zstd");
    assert_eq!(lines(&onefold(&["suggest", path(&folder.file("c.csv.gz", &gzip))])), plain);
    assert_eq!(lines(&onefold(&["suggest", path(&folder.file("c.csv.zst", zstd))])), plain);
    assert_eq!(lines(&onefold_with(&["suggest", "-"], CONTACTS.as_bytes())), plain);
    assert_eq!(lines(&onefold_with(&["suggest", "-"], &gzip)), plain);
    let (first, second) = CONTACTS.split_at(CONTACTS.find("3,").expect("row 3"));
    let second = format!("id,first_name,email,phone,account\n{second}");
    let (second, first) = (folder.file("2.csv", second), folder.file("1.csv", first));
    let of_both = lines(&onefold(&["suggest", path(&second), path(&first)]));
    let members = |suggestions: &[serde_json::Value]| -> Vec<String> {
        let all = suggestions.iter().flat_map(|suggestion| suggestion["members"].as_array().expect("ids"));
        all.map(|id| id.as_str().expect("a text").to_owned()).collect()
    };
    // Of several files each is a system of its own, whose name stands before its ids.
    let mut ids: Vec<String> =
        members(&of_both).iter().filter_map(|id| Some(id.split_once(':')?.1.to_owned())).collect();
    ids.sort_unstable();
    let mut expected = members(&plain);
    expected.sort_unstable();
    assert_eq!(ids, expected);
    assert_eq!(of_both.len(), plain.len());
}

#[test]
fn bad_rows_are_named_by_line_and_the_rest_counts() {
    let folder = Folder::new();
    let file = folder.file("c.jsonl", "{\"id\":1,\"emails\":[\"a@example.com\"]}\nnonsense\n{\"id\":1}\n{\"id\":2,\"emails\":\"a@example.com\",\"blocked\":\"perhaps\"}\n{\"id\":3,\"emails\":\"A@example.com\"}\n");
    let output = onefold(&["suggest", path(&file)]);
    assert_eq!(lines(&output)[0]["members"], json!(["1", "3"]));
    let said = text(&output.stderr);
    for part in [
        "c.jsonl:2: not a JSON object",
        "c.jsonl:3: ",
        "c.jsonl:4: blocked says neither yes nor no",
        "rows left out                      2",
    ] {
        assert!(said.contains(part), "{part} is not in {said}");
    }
}

#[test]
fn common_keys_are_reported_and_not_used() {
    let folder = Folder::new();
    let rows: String = (0..30).map(|id| format!("{id},hub@example.com\n")).collect();
    let file = folder.file("c.csv", format!("id,email\n{rows}"));
    let output = onefold(&["suggest", path(&file)]);
    assert_eq!(lines(&output), Vec::<Value>::new());
    assert!(text(&output.stderr).contains("not used: email hub@example.com is shared by 30 contacts"));
    let unlimited = lines(&onefold(&["suggest", path(&file), "--max-holders", "0", "--max-members", "10"]));
    assert_eq!(
        (unlimited[0]["members"].as_array().map(Vec::len), &unlimited[0]["oversized"]),
        (Some(30), &json!(true))
    );
}

#[test]
fn weak_evidence_joins_only_when_asked_for() {
    let folder = Folder::new();
    let file = folder.file("c.csv", "id,email\n1,info@example.com\n2,info@example.com\n");
    assert_eq!(lines(&onefold(&["suggest", path(&file)])), Vec::<Value>::new());
    assert_eq!(lines(&onefold(&["suggest", path(&file), "--min-strength", "weak"]))[0]["confidence"], "low");
}

#[test]
fn output_files_are_whole_or_not_there_and_never_replace_others_unasked() {
    let folder = Folder::new();
    let file = folder.file("c.csv", CONTACTS);
    let out = folder.path("out.csv");
    let output = onefold(&["suggest", path(&file), "--output", path(&out)]);
    assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(0), ""));
    assert!(fs::read_to_string(&out).expect("the output").starts_with("suggestion,contact,"));
    assert_fails(&onefold(&["suggest", path(&file), "--output", path(&out)]), 2, "exists already; --force replaces it");
    assert_eq!(
        onefold(&["keys", path(&file), "--output", path(&out), "--force", "--format", "jsonl"]).status.code(),
        Some(0)
    );
    assert!(fs::read_to_string(&out).expect("the output").starts_with('{'));

    let dash = onefold(&["keys", path(&file), "--output", "-"]);
    assert_eq!((dash.status.code(), dash.stdout.is_empty()), (Some(0), false));
    let missing = folder.path("missing.csv");
    assert_fails(&onefold(&["suggest", path(&missing), "--output", path(&folder.path("new.csv"))]), 1, "cannot read");
    assert_fails(
        &onefold(&["suggest", path(&file), "--output", path(&folder.path("no/such/folder.csv"))]),
        1,
        "cannot write in",
    );
    assert_fails(&onefold(&["suggest", path(&file), "--output", path(&file), "--force"]), 2, "is also the input");
    assert_eq!(fs::read_to_string(&file).expect("the input"), CONTACTS);
    assert_eq!(folder.names(), ["c.csv", "out.csv"], "nothing else is left behind");
}

#[test]
fn what_cannot_be_used_ends_in_one_sentence_and_status_1() {
    let folder = Folder::new();
    for (name, content, sentence) in [
        ("picture.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), "is not text but"),
        ("sheet.xlsx", b"PK\x03\x04rest", "export it as CSV"),
        ("colours.csv", b"colour,shape\nred,round\n", "no column of"),
    ] {
        let output = onefold(&["suggest", path(&folder.file(name, content))]);
        assert_fails(&output, 1, sentence);
        assert_eq!(text(&output.stderr).lines().count(), 1);
    }
    assert_fails(&onefold(&["keys", path(&folder.path("missing.csv"))]), 1, "cannot read");
    let file = folder.file("c.csv", CONTACTS);
    assert_fails(&onefold(&["suggest", path(&file), "--input-format", "jsonl"]), 1, "no row could be used");
    assert_fails(&onefold(&["keys", path(&folder.path(""))]), 1, "cannot read");
}

#[test]
fn wrong_usage_ends_in_status_2() {
    let folder = Folder::new();
    let file = folder.file("c.csv", CONTACTS);
    let database = folder.path("c.db");
    assert!(onefold(&["db", "import", path(&database), path(&file)]).status.success());
    for (arguments, sentence) in [
        (vec!["suggest"], "required"),
        (vec!["suggest", path(&file), "--region", "ZZ"], "not a region"),
        (vec!["suggest", path(&file), "--map", "email"], "FIELD=HEADER"),
        (vec!["suggest", path(&file), "--map", "shoe=phone"], "there is no field \"shoe\""),
        (vec!["suggest", path(&file), "--map", "email=Mail"], "no column \"Mail\""),
        (vec!["suggest", path(&file), "--workspace-column", "tenant"], "no column \"tenant\""),
        (vec!["suggest", path(&file), "--max-holders", "many"], "invalid value"),
        (vec!["suggest", path(&file), "--nonsense"], "unexpected argument"),
        (vec!["suggest", path(&file), "--map", "custom.=phone"], "there is no field \"custom.\""),
        (vec!["suggest", path(&file), "--map", "email=\"\""], "FIELD=HEADER"),
        (vec!["suggest", path(&file), "--identifier", " "], "it is empty"),
        (vec!["suggest", path(&file), "--ignore", ""], "it is empty"),
        (vec!["suggest", path(&file), "--workspace-column", ""], "it is empty"),
        (vec!["suggest", path(&file), "--identifier", "customer"], "--identifier \"customer\" names no column"),
        (vec!["keys", path(&file), "--identifier", "customer"], "names no column"),
        (vec!["db", "merge", path(&database), "--members", "1", "4", "--set", "=x"], "names no field"),
        (vec!["db", "merge", path(&database), "--members", "1", "4", "--set", "id=x"], "names no field"),
        (vec!["db", "merge", path(&database), "--members", "1", "4", "--set", "custom.=x"], "names no field"),
        (vec!["db", "merge", path(&database), "--members", "1", "4", "--take", "=1"], "names no field"),
        (vec!["db", "merge", path(&database), "--members", "1", "4", "--take", "emails="], "names no contact"),
        (vec!["db", "merge", path(&database), "--members", "1", ""], "it is empty"),
        (vec!["db", "merge", path(&database), "--members", "1", "4", "--name", ""], "it is empty"),
        (vec!["fold"], "unrecognized subcommand"),
    ] {
        assert_fails(&onefold(&arguments), 2, sentence);
    }
}

#[test]
fn help_version_and_completions_are_there() {
    assert!(text(&onefold(&["--help"]).stdout).contains("Examples:"));
    assert!(text(&onefold(&["--version"]).stdout).starts_with("onefold "));
    assert!(text(&onefold(&["completions", "bash"]).stdout).contains("_onefold"));
}
