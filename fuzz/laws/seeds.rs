//! The seeds of a fuzz target, handed to its law.

use std::fs;
use std::path::{Path, PathBuf};

/// The folder of the fuzz targets, above the crate whose tests these are.
pub fn fuzz_folder() -> PathBuf {
    let folders = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().map(|folder| folder.join("fuzz"));
    folders.into_iter().find(|folder| folder.join("seeds").is_dir()).expect("a checkout has the folder `fuzz`")
}

/// Asserts that a law holds for all seeds of its target, and that there are some.
#[track_caller]
pub fn assert_law_holds(target: &str, law: fn(&[u8])) {
    let seeds = fs::read_dir(fuzz_folder().join("seeds").join(target)).expect("a folder of seeds");
    let mut count = 0;
    for seed in seeds {
        let path = seed.expect("an entry").path();
        let input = fs::read(&path).expect("a seed");
        if std::panic::catch_unwind(|| law(&input)).is_err() {
            panic!("the law of {target} does not hold for {}", path.display());
        }
        count += 1;
    }
    assert!(count > 0, "{target} has no seeds");
}
