//! Texts from outside reach a terminal escaped, and a spreadsheet as texts.

use std::fs;

use crate::command::{Folder, MERGE, assert_says, text, with};

/// What forges lines, hides or reorders.
const HIDDEN: &str = "\u{1b}[2Ja\u{202e}b\u{61c}c\u{200b}d\u{feff}e\u{2028}f\u{e0041}g\u{ad}h\u{9b}i\u{fe0f}j";

fn is_hidden(char: char) -> bool {
    char != '\n'
        && HIDDEN.chars().filter(|char| !char.is_ascii_alphanumeric() && *char != '[').any(|hidden| hidden == char)
}

#[track_caller]
fn assert_plain(said: &str) {
    assert!(!said.chars().any(is_hidden), "{said:?}");
}

#[test]
fn values_are_escaped_in_tables() {
    let folder = Folder::new();
    let row = |id: u8| format!("{id}{HIDDEN},N{HIDDEN},ada@example.com,x{HIDDEN}\n");
    folder.file("in.csv", format!("id,first_name,email,{HIDDEN}\n{}{}", row(1), row(2)));
    for arguments in [
        &["suggest", "in.csv", "--format", "table"][..],
        &["keys", "in.csv", "--format", "table"],
        &["merge", "in.csv", "--dry-run"],
    ] {
        let output = folder.onefold(arguments);
        assert_eq!(output.status.code(), Some(0));
        assert_plain(&text(&output.stdout));
        assert_plain(&text(&output.stderr));
        assert_says(&text(&output.stdout), &["\\u{202e}", "\\u{e0041}", "\\u{1b}"]);
    }
}

#[test]
fn names_of_files_and_columns_forge_no_lines() {
    let folder = Folder::new();
    let forged = format!("in{HIDDEN}\n4 contacts lost.csv");
    folder.file(&forged, "id,email\n1,ada@example.com\n1,ada@example.com\n");
    folder.file("in.csv", format!("id,email\n1,ada@example.com\n{}", "9,x,extra\n"));
    folder.file("bad.csv", format!("{HIDDEN},b\n1,2\n"));
    let policy = format!("{forged}.toml");
    folder.file(&policy, "survivor = \"nobody\"");
    fs::create_dir(folder.path(&format!("d{forged}"))).expect("a folder");
    let missing = format!("none {forged}");
    let output = format!("d{forged}");
    for arguments in [
        vec!["suggest", &forged],
        vec!["suggest", &missing],
        vec!["keys", &missing],
        vec!["suggest", "bad.csv"],
        vec!["suggest", "in.csv", "-o", &output, "--force"],
        vec!["suggest", "in.csv", "-o", &forged],
        vec!["merge", "in.csv", "--dry-run", "--policy", &policy],
        vec!["merge", &forged, "--output", "o", "--patches", "p"],
        vec!["merge", "in.csv", "--output", &missing, "--patches", &forged],
        vec!["undo", "in.csv", "--patches", &forged, "--output", "o"],
        vec!["undo", "in.csv", "--patches", &missing, "--output", "o"],
        vec!["db", "suggest", &missing],
        vec!["db", "export", &forged],
        vec!["db", "import", "new.db", &missing],
        vec!["db", "import", &forged, "in.csv"],
        vec!["replay", &missing],
        vec!["replay", "--db", &forged],
        vec!["suggest", "in.csv", "--map", &missing],
        vec!["suggest", "in.csv", "--region", &forged],
        vec!["suggest", "in.csv", "--format", &forged],
        vec![&forged],
    ] {
        let output = folder.onefold(&arguments);
        let said = text(&output.stderr);
        assert_plain(&said);
        assert!(!said.lines().any(|line| line.starts_with("4 contacts lost")), "{arguments:?}: {said}");
        let _ = fs::remove_file(folder.path("o"));
        let _ = fs::remove_file(folder.path("p"));
    }
}

#[test]
fn equal_problems_are_said_once_with_their_count() {
    let folder = Folder::new();
    let rows: String =
        (0..1500).map(|row| format!("{row},ada{row}@example.com,,{}\n", "more,".repeat(row % 3 + 1))).collect();
    folder.file("in.csv", format!("id,email,phone\n{rows}7,x@example.com\n"));
    for arguments in [
        &["suggest", "in.csv"][..],
        &["suggest", "in.csv", "--chunk-bytes", "3000"],
        &["keys", "in.csv"],
        &["merge", "in.csv", "--dry-run"],
    ] {
        let said = text(&folder.onefold(arguments).stderr);
        let notices: Vec<&str> = said.lines().filter(|line| line.starts_with("in.csv")).collect();
        assert_eq!(notices.len(), 2, "{said}");
        assert_says(notices[0], &["in.csv:2: ", "the header has names", "(1500 times, in lines 2, 3, 4, ...)"]);
        assert_says(notices[1], &["in.csv:1502: an earlier row has the same id"]);
        assert!(said.contains("rows left out                      1"), "{said}");
    }
    folder.done(&["db", "import", "a.db", "in.csv"]);
    let said = folder.done(&["db", "import", "a.db", "in.csv"]);
    let refused: Vec<&str> = said.lines().filter(|line| line.contains("is not imported")).collect();
    assert_eq!(refused.len(), 1, "{said}");
    assert_says(refused[0], &["in.csv:2: ", "\"0\" is there already (1500 times, in lines 2, 3, 4, ...)"]);
    // Also where the run ends early.
    folder.file("in.jsonl", "no object\n".repeat(300));
    let output = folder.onefold(&["suggest", "in.jsonl"]);
    assert_eq!(output.status.code(), Some(1));
    assert_says(&text(&output.stderr), &["(300 times"]);
}

const FORMULAS: [&str; 10] = [
    "=HYPERLINK(\"http://x.example\")",
    "@SUM(A1)",
    "+cmd|' /C calc'!A0",
    "-cmd",
    "\t=1",
    "'=1",
    "''@x",
    "'t Hooft",
    "\u{ff1d}1",
    "plain",
];

#[test]
fn exported_tables_run_nothing_and_come_back() {
    let folder = Folder::new();
    let contacts: Vec<String> = FORMULAS
        .iter()
        .enumerate()
        .map(|(place, value)| {
            serde_json::json!({
                "id": format!("{value}{place}"),
                "first_name": value,
                "country": "GB",
                "phones": ["+44 20 7946 0958", "+1 202 555 0101"],
                "tags": ["=tag", "'=tag"],
                "=note": value,
                "custom": {"=plan": value},
            })
            .to_string()
        })
        .collect();
    folder.file("in.jsonl", contacts.join("\n"));
    folder.done(&["db", "import", "a.db", "in.jsonl"]);
    folder.done(&["db", "export", "a.db", "-o", "out.csv"]);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(folder.path("out.csv")).expect("a table");
    for row in reader.records().map(|row| row.expect("a row")) {
        for cell in &row {
            let runs = cell.starts_with(['=', '@', '\t', '\r', '-', '\u{ff1d}']) || cell.starts_with("+c");
            assert!(!runs, "{cell}");
            assert!(!cell.contains("+44") || cell.starts_with("+44"), "a phone is none: {cell}");
        }
    }
    let contacts = |database: &str| text(&folder.onefold(&["db", "export", database]).stdout);
    folder.done(&["db", "import", "again.db", "out.csv"]);
    assert_eq!(contacts("again.db"), contacts("a.db"));
    // Without guards they come back as they went.
    folder.done(&["db", "export", "a.db", "-o", "raw.csv", "--no-guard"]);
    assert!(folder.read("raw.csv").contains(",@SUM(A1),"));
    folder.done(&["db", "import", "raw.db", "raw.csv", "--no-guard"]);
    assert_eq!(contacts("raw.db"), contacts("a.db"));
    // An apostrophe in a table of somebody else's is theirs.
    folder.file("theirs.csv", "id,first_name,email\n1,'=x,a@example.com\n");
    folder.done(&["db", "import", "theirs.db", "theirs.csv"]);
    assert!(contacts("theirs.db").contains("'=x"));
}

#[test]
fn tables_of_results_run_nothing_and_files_that_are_merged_stay_as_they_are() {
    let folder = Folder::new();
    let rows = "id,first_name,email\n=1,@x,ada@example.com\n@2,=1+1,ada@example.com\n";
    folder.file("in.csv", rows);
    let csv = |arguments: &[&str]| text(&folder.onefold(arguments).stdout);
    let suggested = csv(&["suggest", "in.csv", "--format", "csv"]);
    assert!(suggested.contains(",'=1,") && suggested.contains(",'@2,"), "{suggested}");
    let suggested = csv(&["suggest", "in.csv", "--format", "csv", "--no-guard"]);
    assert!(suggested.contains(",=1,") && suggested.contains(",@2,"), "{suggested}");
    assert!(csv(&["keys", "in.csv", "--format", "csv"]).contains("'=1,emails,"));
    assert!(csv(&["keys", "in.csv", "--format", "jsonl"]).contains("\"=1\""));
    folder.done(&with(&MERGE, &["--force"]));
    assert_eq!(folder.read("out.csv"), "id,first_name,email\n=1,@x,ada@example.com\n");
    folder.done(&["undo", "out.csv", "--patches", "patches", "--output", "back.csv"]);
    assert_eq!(folder.read("back.csv"), rows);
}

#[test]
fn what_the_help_lists_is_taken() {
    let folder = Folder::new();
    folder.file("in.csv", "id,email,plan,tenant\n1,ada@example.com,p,t\n2,ada@example.com,p,t\n");
    let value_of = |option: &str| match option {
        "--input-format" => Some("csv"),
        "--map" => Some("custom.plan=plan"),
        "--workspace-column" => Some("tenant"),
        "--region" => Some("BR"),
        "--source" => Some("crm=in.csv"),
        "--max-unpacked" => Some("1G"),
        "--identifier" => Some("plan"),
        "--at-least" => Some("0.5"),
        "--ignore" => Some("x@example.com"),
        "--max-holders" | "--max-members" => Some("7"),
        "--min-strength" => Some("weak"),
        "--existing" => Some("update"),
        "--format" => Some("jsonl"),
        "--output" => Some("o"),
        "--edits" => Some("keep"),
        _ => None,
    };
    for (command, given) in [
        (&["suggest", "in.csv"][..], &["--at-least", "--model", "--distinct"][..]),
        (&["suggest", "in.csv", "--similar"], &["--similar", "--model", "--distinct"]),
        (&["learn", "in.csv", "--ask", "3"], &["--ask", "--model", "--decisions", "--output"]),
        (&["keys", "in.csv"], &[]),
        (&["db", "import", "a.db", "in.csv"], &[]),
        (&["merge", "in.csv", "--output", "m", "--patches", "p"], &["--output", "--patches", "--policy", "--only"]),
    ] {
        let subcommand = if command[0] == "db" { &command[..2] } else { &command[..1] };
        let help = text(&folder.onefold(&with(subcommand, &["--help"])).stdout);
        let words = help.split_whitespace().map(|word| word.trim_end_matches(','));
        let mut options: Vec<&str> = words.filter(|word| word.starts_with("--")).collect();
        options.retain(|option| {
            option.len() > 2 && option[2..].bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
        });
        options.retain(|option| !given.contains(option) && !["--help", "--version"].contains(option));
        options.sort_unstable();
        options.dedup();
        assert!(options.len() > 8, "{help}");
        for option in options {
            let arguments = with(command, &[&[option], value_of(option).as_slice()].concat());
            let output = folder.onefold(&arguments);
            assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", text(&output.stderr));
            for name in ["a.db", "a.db-writer", "o", "m", "p"] {
                let _ = fs::remove_file(folder.path(name));
            }
        }
    }
}
