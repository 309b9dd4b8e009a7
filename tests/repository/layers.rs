//! The order of modules, as ARCHITECTURE.md has it: nothing imports in a circle, and no folder holds too much of its crate.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use crate::import_graph::{ImportGraph, circles};

const CRATES: [&str; 6] =
    ["src", "crates/cli/src", "crates/files/src", "crates/postgres/src", "crates/sqlite/src", "crates/workspace/src"];

/// The folders that hold more than a quarter of their crate, since they are what it is there for.
const LARGE_FOLDERS: [&str; 1] = ["crates/cli/src/commands/"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The modules of the library, each with what it may import, as ARCHITECTURE.md says.
fn allowed() -> BTreeMap<String, BTreeSet<String>> {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    let table = text
        .lines()
        .skip_while(|line| !line.starts_with("| module |"))
        .skip(2)
        .take_while(|line| line.starts_with('|'));
    let names = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    table
        .map(|row| {
            let cells: Vec<&str> = row.trim_matches('|').split('|').collect();
            let module = names(cells[0]).first().cloned().expect("a row names its module");
            (module, names(cells[2]).into_iter().collect())
        })
        .collect()
}

/// The modules of the library, each with what it imports.
fn imported() -> BTreeMap<String, BTreeSet<String>> {
    let module = |entry: String| entry.trim_end_matches('/').trim_end_matches(".rs").to_owned();
    let entries = ImportGraph::read(&root().join("src")).entries("");
    entries.into_iter().map(|(entry, imports)| (module(entry), imports.into_iter().map(module).collect())).collect()
}

#[test]
fn modules_import_only_what_stands_before_them() {
    let allowed = allowed();
    let mut missing = Vec::new();
    for (module, imports) in imported() {
        let more: Vec<&String> = imports.iter().filter(|import| !allowed[&module].contains(*import)).collect();
        if !more.is_empty() {
            missing.push(format!("{module} imports {more:?}"));
        }
    }
    assert!(missing.is_empty(), "ARCHITECTURE.md does not allow that {}", missing.join(", "));
}

#[test]
fn the_module_table_is_complete_and_has_no_circle() {
    let allowed = allowed();
    assert_eq!(imported().keys().collect::<Vec<_>>(), allowed.keys().collect::<Vec<_>>());
    assert_eq!(circles(&allowed), Vec::<Vec<String>>::new());
}

#[test]
fn nothing_imports_in_a_circle() {
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    for source in CRATES {
        let graph = ImportGraph::read(&root().join(source));
        found.extend(circles(&graph.imports).into_iter().map(|circle| (source.to_owned(), circle)));
        for folder in graph.folders() {
            let place = format!("{source}/{folder}");
            found.extend(circles(&graph.entries(&folder)).into_iter().map(|circle| (place.clone(), circle)));
        }
    }
    assert!(found.is_empty(), "circles: {found:#?}");
}

#[test]
fn no_folder_holds_more_than_a_quarter_of_its_crate() {
    for source in CRATES {
        let graph = ImportGraph::read(&root().join(source));
        let lines_in = |folder: &str| -> usize {
            graph.files.iter().filter(|(name, _)| name.starts_with(folder)).map(|(_, file)| file.lines).sum()
        };
        let all = lines_in("");
        for folder in graph.folders().into_iter().filter(|folder| !folder.is_empty()) {
            let (place, lines) = (format!("{source}/{folder}"), lines_in(&folder));
            assert!(lines * 4 <= all || LARGE_FOLDERS.contains(&place.as_str()), "{place}: {lines} of {all} lines");
        }
    }
}

#[test]
fn files_fit_on_a_few_screens() {
    let mut count = 0;
    for source in CRATES {
        for (name, file) in ImportGraph::read(&root().join(source)).files {
            assert!(file.lines <= 420, "{source}/{name} has {} lines", file.lines);
            count += 1;
        }
    }
    assert!(count > 200, "{count}");
}
