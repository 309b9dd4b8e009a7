//! The law of the fuzz target that is about operations holds for all its seeds; `tests/repository/fuzz_seeds.rs` has the others.

#[path = "../../../../fuzz/laws"]
mod laws {
    pub mod operations;
    #[allow(dead_code)]
    pub mod seeds;
}

#[test]
fn the_law_of_the_target_holds_for_its_seeds() {
    laws::seeds::assert_law_holds("operations", laws::operations::holds);
}
