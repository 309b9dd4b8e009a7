//! What is published says where it comes from, and reads no file outside of its package.

use std::fs;
use std::path::{Path, PathBuf};

use crate::import_graph::files_below;

/// The folders of the crates that are published.
const PUBLISHED: [&str; 6] = ["", "crates/cli", "crates/files", "crates/postgres", "crates/sqlite", "crates/workspace"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn manifest(folder: &Path) -> toml::Table {
    fs::read_to_string(folder.join("Cargo.toml")).expect("a manifest").parse().expect("TOML")
}

#[test]
fn manifests_say_what_a_registry_asks_for() {
    for folder in PUBLISHED.map(|folder| root().join(folder)) {
        let manifest = manifest(&folder);
        let package = manifest["package"].as_table().expect("a package");
        let name = package["name"].as_str().expect("a name");
        for key in
            ["description", "license", "repository", "rust-version", "readme", "keywords", "categories", "include"]
        {
            assert!(package.contains_key(key), "{name} has no `{key}`");
        }
        assert!(package.contains_key("documentation") || name == "onefold-cli", "{name} has no `documentation`");
        assert!(package.get("publish").is_none(), "{name} is published");
        let listed = |key: &str| package[key].as_array().map_or(0, Vec::len);
        assert!(listed("keywords") <= 5 && listed("categories") <= 5, "{name}: a registry takes five of each");
        for file in ["LICENSE", "README.md"] {
            assert!(folder.join(file).is_file(), "{name} has no {file}");
        }
    }
}

/// A dependency without a version cannot be looked up in a registry.
#[test]
fn members_depend_on_one_another_by_version() {
    let workspace = manifest(&root());
    let version = &workspace["workspace"]["package"]["version"];
    for (name, dependency) in workspace["workspace"]["dependencies"].as_table().expect("dependencies") {
        assert_eq!(dependency.get("version"), Some(version), "{name}");
    }
    for folder in &PUBLISHED[1..] {
        let manifest = manifest(&root().join(folder));
        for (name, dependency) in manifest["dependencies"].as_table().expect("dependencies") {
            assert!(dependency.get("path").is_none(), "{folder}: {name} is in `workspace.dependencies`");
        }
    }
}

/// A package has nothing of the folders around it.
#[test]
fn sources_include_files_of_their_own_package_only() {
    for folder in PUBLISHED.map(|folder| root().join(folder)) {
        for file in files_below(&folder.join("src")) {
            let text = fs::read_to_string(&file).expect("a source file");
            // Tests and documents that are only tested stay in the checkout.
            let code = text.split("#[cfg(test)]\nmod tests").next().expect("a text");
            for rest in code.split("include_str!(\"").skip(1).chain(code.split("include_bytes!(\"").skip(1)) {
                let path = rest.split('"').next().expect("a text");
                let included = file.parent().expect("a folder").join(path).canonicalize().expect("a file");
                let is_of_package = included.starts_with(folder.canonicalize().expect("a folder"));
                assert!(is_of_package, "{} includes {path}", file.display());
            }
        }
    }
}
