//! What maintainers run: tables and golden files made anew from what they follow from, and mutation testing.

#![allow(clippy::print_stdout, reason = "it is a program for a terminal")]

mod mutants;
mod similarity;

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

const HELP: &str = "\
cargo run -p xtask -- COMMAND

  api          writes the record of the public interface (tests/golden/public_api)
  plans        writes the tables of numbering plans (src/numbering_plan/plans.bin) from the phone library's metadata
  golden       writes the golden keys of phones (tests/golden/phone_keys.tsv); needs Python with phonenumbers 9.0.42
  countries    writes the names of countries (src/normalize/country/countries.tsv); needs Python with babel 2.17.0
  seeds        writes the seeds of the fuzz targets (fuzz/seeds); needs Python
  similarity [FOLDER..] [--only PART,..] [--details] [--examples N] [--threshold T] [--leave-out]
               prints what similarity finds in the sets of ONEFOLD_DATA and of further folders, and how long it takes;
               --leave-out measures each set with a model that is learnt on the other families of data
  similarity [FOLDER..] --learn
               writes the shipped model (src/similarity/model.json) anew, learnt on these sets
  mutants weave COPY
               weaves every mutant into a copy of the checkout, each behind a switch
  mutants run COPY UNIT-TESTS ALL-TESTS OF-EACH-MODULE SEED
               runs the two test programs of the copy for a sample of the mutants

The scripts are tests/golden/make_phone_keys.py, src/normalize/country/make_countries.py and fuzz/seeds/make.py.
What is written is looked at with `git diff` before it is committed: a key that changes is a breaking change.";

/// Runs a program at the root of the checkout, and fails if it does.
fn run(program: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Result<Vec<u8>, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut command = Command::new(program);
    command.args(arguments).envs(variables.iter().copied()).current_dir(root).stderr(std::process::Stdio::inherit());
    let output = command.output().map_err(|error| format!("{program}: {error}"))?;
    if output.status.success() { Ok(output.stdout) } else { Err(format!("{program} failed: {}", output.status)) }
}

/// Runs a test that writes a golden file when a variable is set.
fn write_by_test(test: &str, variable: &str) -> Result<(), String> {
    let cargo = env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let arguments = ["test", "--package", "onefold", "--test", "all", "--", test];
    run(&cargo, &arguments, &[(variable, "1")]).map(drop)
}

fn python(script: &str) -> Result<Vec<u8>, String> {
    run("python3", &[script], &[])
}

fn write_golden_keys() -> Result<(), String> {
    let keys = python("tests/golden/make_phone_keys.py")?;
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "../../tests/golden/phone_keys.tsv"].iter().collect();
    std::fs::write(&path, keys).map_err(|error| format!("{}: {error}", path.display()))
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments[..] {
        ["api"] => write_by_test("repository::public_api", "ONEFOLD_WRITE_API"),
        ["plans"] => write_by_test("normalize::numbering_plans", "ONEFOLD_WRITE_PLANS"),
        ["golden"] => write_golden_keys(),
        ["countries"] => python("src/normalize/country/make_countries.py").map(drop),
        ["seeds"] => python("fuzz/seeds/make.py").map(drop),
        ["similarity", ref rest @ ..] => similarity::run(rest),
        ["mutants", ref rest @ ..] => mutants::run(rest),
        _ => Err(HELP.to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}
