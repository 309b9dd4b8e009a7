//! Mutation testing with one build: weaves every mutant into a copy of the library behind a switch, which an environment
//! variable turns on, and runs the tests for a sample of them. `docs/testing.md` says how, and what came out.

mod run;
mod weave;

use std::env;
use std::path::Path;

/// The modules that are mutated.
const MODULES: [&str; 5] = ["normalize", "index", "suggestion", "merge", "patch"];

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["weave", copy] => weave::all(Path::new(copy)),
        ["run", copy, unit, all, of_each, seed] => {
            let (of_each, seed) = (of_each.parse().expect("a number"), seed.parse().expect("a number"));
            run::sample(Path::new(copy), Path::new(unit), Path::new(all), of_each, seed);
        }
        _ => panic!("weave COPY | run COPY UNIT-TESTS ALL-TESTS OF-EACH-MODULE SEED"),
    }
}
