//! One name means one thing in the tree, and a file is named after the noun in it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use syn::Item;

use crate::import_graph::files_below;

const CRATES: [&str; 6] =
    ["src", "crates/cli/src", "crates/files/src", "crates/postgres/src", "crates/sqlite/src", "crates/workspace/src"];

/// The names of types that stand in two files: the two stores have one interface.
const DECLARED_TWICE: [&str; 2] = ["Store", "StoreError"];

/// What names no noun of the field, or anything.
const NO_NAMES: [&str; 19] = [
    "again", "apart", "brief", "found", "gathered", "happened", "helper", "helpers", "kept", "manager", "misc",
    "noted", "piece", "pieces", "stretch", "telling", "told", "util", "utils",
];

fn sources() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    CRATES.iter().flat_map(|source| files_below(&root.join(source))).collect()
}

#[test]
fn no_type_is_declared_twice() {
    let mut declared: BTreeMap<String, BTreeSet<PathBuf>> = BTreeMap::new();
    for file in sources() {
        let text = fs::read_to_string(&file).expect("a source file");
        for item in syn::parse_file(&text).expect("Rust").items {
            let name = match item {
                Item::Struct(item) => item.ident,
                Item::Enum(item) => item.ident,
                Item::Union(item) => item.ident,
                Item::Trait(item) => item.ident,
                Item::Type(item) => item.ident,
                _ => continue,
            };
            declared.entry(name.to_string()).or_default().insert(file.clone());
        }
    }
    assert!(declared.len() > 400, "{}", declared.len());
    let is_known = |name: &String| DECLARED_TWICE.contains(&name.as_str());
    let twice: Vec<_> = declared.iter().filter(|(name, files)| files.len() > 1 && !is_known(name)).collect();
    assert!(twice.is_empty(), "each of these is two things: {twice:#?}");
}

#[test]
fn files_are_named_after_nouns() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for file in sources() {
        let file = file.strip_prefix(root).expect("a file of the checkout");
        let module = file.file_stem().and_then(|stem| stem.to_str()).expect("a name in UTF-8");
        let folders = file.parent().into_iter().flat_map(Path::iter).filter_map(|folder| folder.to_str());
        for name in folders.chain([module]).flat_map(|name| name.split('_')) {
            assert!(!NO_NAMES.contains(&name), "{}", file.display());
        }
    }
}
