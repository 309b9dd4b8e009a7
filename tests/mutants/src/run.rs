//! From the list of mutants to those that no test notices.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::MODULES;

/// A mutant that has not ended by then loops.
const MOST: Duration = Duration::from_secs(240);

/// Tests that say nothing about a mutant that others do not, and take long.
const SKIPPED: [&str; 9] = [
    "floods",
    "large_groups",
    "memory_of_an_index",
    "second_opinion",
    "numbering_plans",
    "layers",
    "privacy::every_type",
    "any_number_of_threads",
    "one_key_of_all",
];

/// Numbers that look random and are the same on each run (SplitMix64).
fn mixed(seed: u64) -> u64 {
    let mixed = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

pub fn sample(copy: &Path, of_each: usize, seed: u64) {
    let list = fs::read_to_string(copy.join("mutants.tsv")).expect("mutants that were woven");
    let mut of_modules: BTreeMap<&str, Vec<(u32, &str)>> = BTreeMap::new();
    for line in list.lines() {
        let number = line.split('\t').next().and_then(|number| number.parse().ok()).expect("a number");
        let module = MODULES.iter().find(|module| line.contains(&format!("src/{module}/"))).expect("a module");
        of_modules.entry(module).or_default().push((number, line));
    }
    let (unit, all) = (program(copy, "--lib"), program(copy, "--test"));
    println!(
        "all tests without a mutant: {}",
        if notices(&unit, &[], 0) || notices(&all, &[], 0) { "FAIL" } else { "pass" }
    );
    for (module, mut mutants) in of_modules {
        let total = mutants.len();
        mutants.sort_by_key(|(number, _)| mixed(seed ^ u64::from(*number) << 20));
        mutants.truncate(of_each);
        let mut caught = 0;
        for (number, line) in &mutants {
            let is_caught =
                notices(&unit, &[module], *number) || notices(&all, &[], *number) || notices(&unit, &[], *number);
            caught += usize::from(is_caught);
            println!("{}\t{line}", if is_caught { "caught" } else { "SURVIVED" });
        }
        println!("{module}: {caught} of {} caught, {total} in all", mutants.len());
    }
}

/// The tests as a program.
fn program(copy: &Path, which: &str) -> PathBuf {
    let mut command = Command::new("cargo");
    command.args(["test", "-p", "onefold", "--no-run", which]).current_dir(copy);
    if which == "--test" {
        command.arg("all");
    }
    let output = command.output().expect("cargo runs");
    let said = String::from_utf8_lossy(&output.stderr);
    let path = said.rsplit_once('(').and_then(|(_, rest)| rest.split(')').next()).unwrap_or_else(|| panic!("{said}"));
    copy.join(path)
}

/// Whether a test fails under a mutant, or does not come to an end.
fn notices(program: &Path, filters: &[&str], mutant: u32) -> bool {
    let mut command = Command::new(program);
    command.args(filters).env("ONEFOLD_MUTANT", mutant.to_string()).env("PROPTEST_CASES", "64");
    command.env_remove("ONEFOLD_DATA").env("RUST_BACKTRACE", "0");
    for skipped in SKIPPED {
        command.args(["--skip", skipped]);
    }
    let folder = program.ancestors().nth(4).expect("the copy");
    let mut child = command.current_dir(folder).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("a program");
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait().expect("a child") {
            return !status.success();
        }
        if started.elapsed() > MOST {
            child.kill().expect("killed");
            child.wait().expect("it ends");
            return true;
        }
        thread::sleep(Duration::from_millis(20));
    }
}
