//! The law of the fuzz target that is about files holds for all its seeds; `tests/repository/fuzz_seeds.rs` has the others.

#[path = "../../../../fuzz/laws"]
mod laws {
    pub mod import_files;
    #[allow(dead_code)]
    pub mod seeds;
}

#[test]
fn the_law_of_the_target_holds_for_its_seeds() {
    laws::seeds::assert_law_holds("import_files", laws::import_files::holds);
}
