//! What fuzzing is to find wrong, and what it once found wrong, on stable Rust: the law of each fuzz target holds for all
//! its seeds. `fuzz/README.md` says more.
#![cfg(feature = "serde")]

use std::fs;

#[path = "../../fuzz/laws"]
mod laws {
    pub mod bulk_and_index;
    pub mod choices;
    pub mod contact_json;
    pub mod email;
    pub mod index_form;
    pub mod index_operations;
    pub mod merge_undo;
    pub mod patch_bytes;
    pub mod patch_json;
    pub mod patch_mutation;
    pub mod phone;
    pub mod phone_by_tables;
    pub mod seeds;
}

use laws::seeds::{assert_law_holds, fuzz_folder};

type Law = fn(&[u8]);

/// The targets whose laws are about the library; the others are in the tests of the crates that they are about.
const LAWS: [(&str, Law); 11] = [
    ("bulk_and_index", laws::bulk_and_index::holds),
    ("contact_json", laws::contact_json::holds),
    ("email", laws::email::holds),
    ("index_form", laws::index_form::holds),
    ("index_operations", laws::index_operations::holds),
    ("merge_undo", laws::merge_undo::holds),
    ("patch_bytes", laws::patch_bytes::holds),
    ("patch_json", laws::patch_json::holds),
    ("patch_mutation", laws::patch_mutation::holds),
    ("phone", laws::phone::holds),
    ("phone_by_tables", laws::phone_by_tables::holds),
];
const ELSEWHERE: [&str; 2] = ["import_files", "operations"];

#[test]
fn the_law_of_each_target_holds_for_its_seeds() {
    for (target, law) in LAWS {
        assert_law_holds(target, law);
    }
}

/// A target that is not built, or a law that no target has, would find nothing.
#[test]
fn every_target_has_a_law_that_is_replayed() {
    let manifest = fs::read_to_string(fuzz_folder().join("Cargo.toml")).expect("the manifest");
    let targets =
        manifest.lines().filter_map(|line| line.strip_prefix("path = \"fuzz_targets/")?.strip_suffix(".rs\""));
    let mut targets: Vec<&str> = targets.collect();
    targets.sort_unstable();
    let mut replayed: Vec<&str> = LAWS.iter().map(|(target, _)| *target).chain(ELSEWHERE).collect();
    replayed.sort_unstable();
    assert_eq!(targets, replayed);
    for target in targets {
        assert!(fuzz_folder().join(format!("fuzz_targets/{target}.rs")).exists(), "{target}");
    }
}
