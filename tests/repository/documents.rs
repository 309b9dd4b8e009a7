//! Documents name files that exist, and the book has all of them.

use std::fs;
use std::path::{Path, PathBuf};

/// What the paths in documents begin with.
const FOLDERS: [&str; 7] = [".ci/", "benches/", "crates/", "docs/", "examples/", "fuzz/", "tests/"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn documents() -> Vec<PathBuf> {
    let mut documents = Vec::new();
    for folder in [
        "",
        "docs",
        "docs/contributing",
        "fuzz",
        "crates/cli",
        "crates/files",
        "crates/postgres",
        "crates/sqlite",
        "crates/workspace",
    ] {
        let entries = fs::read_dir(root().join(folder)).expect("a folder").map(|entry| entry.expect("an entry").path());
        documents.extend(entries.filter(|path| path.extension().is_some_and(|extension| extension == "md")));
    }
    documents
}

/// The links of a document that lead to files.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let files = targets.filter_map(|target| target.split('#').next());
    files.filter(|target| {
        !target.is_empty() && !target.contains("://") && !target.contains("::") && !target.contains(' ')
    })
}

/// The paths in a document that stand as code: `tests/all.rs`.
fn paths(text: &str) -> impl Iterator<Item = &str> {
    let codes = text.split('`').skip(1).step_by(2);
    codes.filter(|code| {
        FOLDERS.iter().any(|folder| code.starts_with(folder)) && !code.contains([' ', '{', '*', '<', '\n'])
    })
}

#[test]
fn files_that_documents_name_exist() {
    let mut missing = Vec::new();
    for document in documents() {
        let text = fs::read_to_string(&document).expect("a document");
        let folder = document.parent().expect("a folder");
        let text: String = text.split("```").step_by(2).collect();
        let is_there = |path: &Path| path.exists() || path.to_str().is_some_and(|path| path.contains("target/"));
        let name = document.strip_prefix(root()).expect("a document of the checkout").display();
        missing.extend(links(&text).filter(|link| !is_there(&folder.join(link))).map(|link| format!("{name}: {link}")));
        missing.extend(paths(&text).filter(|path| !is_there(&root().join(path))).map(|path| format!("{name}: {path}")));
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn the_book_has_every_document() {
    let summary = fs::read_to_string(root().join("docs/SUMMARY.md")).expect("the contents of the book");
    let listed: Vec<&str> = links(&summary).collect();
    for document in documents().iter().filter(|document| document.starts_with(root().join("docs"))) {
        let name = document.strip_prefix(root().join("docs")).expect("below").to_str().expect("a name in UTF-8");
        let name = name.replace('\\', "/");
        assert!(name == "SUMMARY.md" || listed.contains(&&*name), "{name} is not in docs/SUMMARY.md");
    }
}
