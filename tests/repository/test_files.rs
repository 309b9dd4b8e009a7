//! Every file of tests is part of the one program of its crate, and fits on a few screens.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::import_graph::files_below;

const FOLDERS: [&str; 6] = [
    "tests",
    "crates/cli/tests",
    "crates/files/tests",
    "crates/postgres/tests",
    "crates/sqlite/tests",
    "crates/workspace/tests",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The files of tests of the workspace.
fn files() -> Vec<PathBuf> {
    FOLDERS.iter().flat_map(|folder| files_below(&root().join(folder))).collect()
}

/// Adds the files that a module declares, and those that they declare. `folder` is where its inner modules stand.
fn add_declared(items: &[syn::Item], beside: &Path, folder: &Path, into: &mut BTreeSet<PathBuf>) {
    for item in items {
        let syn::Item::Mod(module) = item else { continue };
        let name = module.ident.to_string();
        let path = module.attrs.iter().find(|attribute| attribute.path().is_ident("path")).map(|attribute| {
            let syn::Meta::NameValue(value) = &attribute.meta else { panic!("a path has a value") };
            let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(path), .. }) = &value.value else {
                panic!("a path is a text")
            };
            beside.join(path.value())
        });
        if let Some((_, inner)) = &module.content {
            let folder = path.unwrap_or_else(|| folder.join(&name));
            add_declared(inner, &folder, &folder, into);
            continue;
        }
        let file = path.unwrap_or_else(|| {
            let (single, nested) = (folder.join(format!("{name}.rs")), folder.join(&name).join("mod.rs"));
            if single.exists() { single } else { nested }
        });
        let file = file.canonicalize().unwrap_or_else(|_| panic!("{} is declared", file.display()));
        let source = fs::read_to_string(&file).expect("a source file");
        let beside = file.parent().expect("a file is in a folder");
        let inner = if file.ends_with("mod.rs") { beside.to_path_buf() } else { file.with_extension("") };
        add_declared(&syn::parse_file(&source).expect("Rust").items, beside, &inner, into);
        into.insert(file);
    }
}

/// A file that no program has would never fail.
#[test]
fn every_file_of_tests_is_part_of_a_program() {
    let (mut declared, mut programs) = (BTreeSet::new(), BTreeSet::new());
    for folder in FOLDERS.map(|folder| root().join(folder)) {
        let program = folder.join("all.rs");
        let source = fs::read_to_string(&program).expect("the program of the tests");
        add_declared(&syn::parse_file(&source).expect("Rust").items, &folder, &folder, &mut declared);
        programs.insert(program.canonicalize().expect("a file"));
    }
    let mut count = 0;
    for file in files() {
        let file = file.canonicalize().expect("a file");
        assert!(declared.contains(&file) || programs.contains(&file), "{} is not run", file.display());
        count += 1;
    }
    assert!(count > 90, "{count}");
}

/// A folder without a program of its own is not run at all.
#[test]
fn every_crate_has_one_program_of_tests() {
    for entry in fs::read_dir(root().join("crates")).expect("the crates") {
        let folder = entry.expect("an entry").path().join("tests");
        if folder.is_dir() {
            assert!(FOLDERS.iter().any(|known| root().join(known) == folder), "{}", folder.display());
        }
    }
}

#[test]
fn files_of_tests_fit_on_a_few_screens() {
    for file in files() {
        let lines = fs::read_to_string(&file).expect("a source file").lines().count();
        assert!(lines <= 420, "{} has {lines} lines", file.display());
    }
}
