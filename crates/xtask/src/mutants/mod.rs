//! Mutation testing with one build: weaves every mutant into a copy of the library behind a switch, which an environment
//! variable turns on, and runs the tests for a sample of them. `docs/testing.md` says how, and what came out.

mod sample;
mod weave;

use std::path::Path;

/// The modules that are mutated.
const MODULES: [&str; 5] = ["normalize", "index", "suggestion", "merge", "patch"];

/// Carries out a command line behind `mutants`.
///
/// # Errors
/// The command line is not one of the two.
pub fn run(arguments: &[&str]) -> Result<(), String> {
    match *arguments {
        ["weave", copy] => weave::all(Path::new(copy)),
        ["run", copy, unit, all, of_each, seed] => {
            let number = |text: &str| text.parse::<u64>().map_err(|error| format!("{text}: {error}"));
            let of_each = usize::try_from(number(of_each)?).map_err(|error| error.to_string())?;
            sample::run(Path::new(copy), Path::new(unit), Path::new(all), of_each, number(seed)?);
        }
        _ => return Err("weave COPY | run COPY UNIT-TESTS ALL-TESTS OF-EACH-MODULE SEED".to_owned()),
    }
    Ok(())
}
