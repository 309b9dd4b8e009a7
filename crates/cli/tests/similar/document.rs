//! The examples of docs/similarity.md, run as they stand there.
//!
//! A block of `csv` is a file whose name is the last code in the line before it. In a block of `console`, lines that begin with `$ `
//! are commands, and the others what they print, without the rules of tables; a line that ends with `...` goes on in the output. A
//! block of `json` is evidence of a suggestion. `ONEFOLD_WRITE_DOCS=1` writes what they print into the document.

use std::fs;
use std::path::Path;

use crate::command::{Folder, text};

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/similarity.md");
/// Longer lines are cut in the document.
const MAX_WIDTH: usize = 150;

/// Writes the file of a block of `csv`, whose name stands in the text before it.
fn write_file(folder: &Folder, before: &str, content: &str) {
    let line = before.lines().rfind(|line| !line.trim().is_empty()).expect("a line before the block");
    let name = line.rsplit('`').nth(1).expect("a name in code");
    folder.file(name, content);
}

/// Returns what a block of `json` must be: the evidence of its pair, with a field a line.
fn evidence(folder: &Folder, block: &str) -> String {
    let suggestions = text(&folder.onefold(&["suggest", "crm.csv", "--similar", "--region", "GB"]).stdout);
    let pair = block.split("\"pair\":").nth(1).and_then(|rest| rest.split(']').next()).expect("a pair");
    let start = format!("{{\"kind\":\"similar\",\"pair\":{pair}]");
    let at = suggestions.find(&start).unwrap_or_else(|| panic!("{start} is not in {suggestions}"));
    let end = suggestions[at..].find("]}]}").expect("the end of the evidence") + "]}]}".len();
    let evidence = suggestions[at..at + end].replace("{\"field\"", "\n  {\"field\"");
    format!("{evidence}\n")
}

/// Returns what a block of `console` must be: its commands with what they print.
fn printed(folder: &Folder, block: &str) -> String {
    let mut printed = String::new();
    for command in block.lines().filter_map(|line| line.strip_prefix("$ ")) {
        let (alone, shown) = command.split_once(" | head -").unwrap_or((command, "1000"));
        let shown: usize = shown.parse().expect("a number of lines");
        let arguments: Vec<&str> = alone.split_whitespace().collect();
        assert_eq!(arguments[0], "onefold", "{command}");
        let output = folder.onefold(&arguments[1..]);
        assert_eq!(output.status.code(), Some(0), "{command}: {}", text(&output.stderr));
        printed.push_str(&format!("$ {command}\n"));
        for line in text(&output.stdout).lines().take(shown).map(str::trim_end) {
            let is_rule = line.chars().all(|char| char == '\u{2500}');
            let cut: String = line.chars().take(MAX_WIDTH - 4).collect();
            let is_long = line.chars().count() > MAX_WIDTH;
            match (is_rule, is_long) {
                (true, _) => {}
                (false, true) => printed.push_str(&format!("{} ...\n", cut.trim_end())),
                (false, false) => printed.push_str(&format!("{line}\n")),
            }
        }
    }
    printed
}

#[test]
fn examples_print_what_the_document_says() {
    let folder = Folder::new();
    folder.file("crm.csv", include_str!("../../examples/crm.csv"));
    let document = fs::read_to_string(DOCUMENT).expect("the document");
    let mut expected = String::new();
    let mut commands = 0;
    for (place, part) in document.split("```").enumerate() {
        if place > 0 {
            expected.push_str("```");
        }
        match part.split_once('\n').filter(|_| place % 2 == 1) {
            Some(("csv", content)) => {
                write_file(&folder, &expected[..expected.len() - 3], content);
                expected.push_str(part);
            }
            Some(("console", block)) => {
                let printed = printed(&folder, block);
                commands += printed.matches("$ onefold").count();
                expected.push_str(&format!("console\n{printed}"));
            }
            Some(("json", block)) => expected.push_str(&format!("json\n{}", evidence(&folder, block))),
            _ => expected.push_str(part),
        }
    }
    assert!(commands >= 6, "{commands}");
    if std::env::var_os("ONEFOLD_WRITE_DOCS").is_some() {
        fs::write(Path::new(DOCUMENT), &expected).expect("the document is written");
    }
    for (line, (written, expected)) in (1..).zip(document.lines().zip(expected.lines())) {
        assert_eq!(written, expected, "docs/similarity.md:{line}; ONEFOLD_WRITE_DOCS=1 writes it");
    }
    assert_eq!(document.lines().count(), expected.lines().count());
}
