//! The law of the fuzz target that is about operations holds for all its seeds; `tests/fuzz_seeds.rs` has the others.

use std::fs;
use std::path::PathBuf;

#[path = "../../../fuzz/laws"]
mod laws {
    pub mod operations;
}

type Law = fn(&[u8]);

const LAWS: [(&str, Law); 1] = [("operations", laws::operations::holds)];

#[test]
fn the_law_of_each_target_holds_for_its_seeds() {
    for (target, law) in LAWS {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds").join(target);
        let mut count = 0;
        for seed in fs::read_dir(folder).expect("a folder of seeds") {
            let path = seed.expect("an entry").path();
            let input = fs::read(&path).expect("a seed");
            if std::panic::catch_unwind(|| law(&input)).is_err() {
                panic!("the law of {target} does not hold for {}", path.display());
            }
            count += 1;
        }
        assert!(count > 0, "{target} has no seeds");
    }
}
