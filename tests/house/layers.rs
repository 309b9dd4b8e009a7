//! Each module imports only from those that stand before it, as ARCHITECTURE.md says.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The modules from the first to the last, with what each may import.
fn allowed() -> BTreeMap<String, Vec<String>> {
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
            (module, names(cells[2]))
        })
        .collect()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files_of(module: &str) -> Vec<PathBuf> {
    let single = root().join(format!("src/{module}.rs"));
    if single.exists() {
        return vec![single];
    }
    files_below(root().join("src").join(module))
}

fn files_below(folder: PathBuf) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder of a module") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files
}

/// The modules of the crate that a file names, its tests included.
fn imports(file: &Path) -> Vec<String> {
    let text = fs::read_to_string(file).expect("a source file");
    let names = text.split("crate::").skip(1);
    names.map(|rest| rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect()).collect()
}

#[test]
fn modules_import_only_what_stands_before_them() {
    let allowed = allowed();
    for (module, before) in &allowed {
        for file in files_of(module) {
            for import in imports(&file).into_iter().filter(|import| import != module && !import.is_empty()) {
                assert!(
                    before.contains(&import),
                    "{} imports {import}, which ARCHITECTURE.md does not allow",
                    file.display()
                );
            }
        }
    }
}

#[test]
fn the_module_map_is_complete_and_has_no_circle() {
    let allowed = allowed();
    let lib = fs::read_to_string(root().join("src/lib.rs")).expect("src/lib.rs");
    let declared =
        lib.lines().filter_map(|line| line.trim_start_matches("pub ").strip_prefix("mod ")?.strip_suffix(';'));
    let mut declared: Vec<&str> = declared.collect();
    declared.sort_unstable();
    assert_eq!(declared, allowed.keys().map(String::as_str).collect::<Vec<_>>());
    let mut placed: Vec<&String> = Vec::new();
    while placed.len() < allowed.len() {
        let next = allowed
            .iter()
            .find(|(module, before)| !placed.contains(module) && before.iter().all(|module| placed.contains(&module)));
        placed.push(next.expect("the modules left import one another in a circle").0);
    }
}

#[test]
fn files_fit_on_a_few_screens() {
    let files: Vec<PathBuf> = [
        "src",
        "crates/cli/src",
        "crates/files/src",
        "crates/sqlite/src",
        "crates/postgres/src",
        "crates/workspace/src",
    ]
    .into_iter()
    .flat_map(|folder| files_below(root().join(folder)))
    .collect();
    assert!(files.len() > 40);
    for file in files {
        let lines = fs::read_to_string(&file).expect("a source file").lines().count();
        assert!(lines <= 420, "{} has {lines} lines", file.display());
    }
}
