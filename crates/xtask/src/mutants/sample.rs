//! From the list of mutants to those that no test notices.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use crate::mutants::MODULES;

/// A mutant that has not ended by then loops.
const MAX: Duration = Duration::from_secs(600);

/// Tests that say nothing about a mutant that others do not, and take long, or look at the source.
const SKIPPED: [&str; 13] = [
    "complexity",
    "large_groups",
    "index::memory",
    "second_phone_library",
    "numbering_plans",
    "repository::layers",
    "repository::names",
    "repository::public_api",
    "repository::test_files",
    "privacy::every_type",
    "any_number_of_threads",
    "one_key_of_all",
    "the_number_of_threads",
];

/// Those of them that are run for what all others let pass.
const SLOW: [&str; 6] = [
    "large_groups",
    "index::memory",
    "second_phone_library",
    "any_number_of_threads",
    "one_key_of_all",
    "the_number_of_threads",
];

/// What most probably notices a mutant of a module, so that not all is run for each.
const NEAR: [(&str, &[&str]); 5] = [
    ("normalize", &["normalize::", "limits", "fuzz_seeds"]),
    ("index", &["index::", "naive_finder", "bulk::"]),
    ("suggestion", &["suggestion::", "distinct_and_blocked", "bulk::"]),
    ("merge", &["merge::"]),
    ("patch", &["undo::", "merge::laws", "fuzz_seeds"]),
];

/// Numbers that look random and are the same on each run (SplitMix64).
fn mixed(seed: u64) -> u64 {
    let mixed = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// Runs the tests for a sample of each module. `unit` and `all` are the test programs of the copy, which may stand anywhere.
pub fn run(copy: &Path, unit: &Path, all: &Path, of_each: usize, seed: u64) {
    let list = fs::read_to_string(copy.join("mutants.tsv")).expect("mutants that were woven");
    let mut of_modules: BTreeMap<&str, Vec<(u32, &str)>> = BTreeMap::new();
    for line in list.lines() {
        let number = line.split('\t').next().and_then(|number| number.parse().ok()).expect("a number");
        let module = MODULES.iter().find(|module| line.contains(&format!("src/{module}/"))).expect("a module");
        of_modules.entry(module).or_default().push((number, line));
    }
    let tests = Tests { unit: unit.to_owned(), all: all.to_owned(), copy: copy.to_owned() };
    for program in [unit, all] {
        if let Some(failed) = tests.notices(program, &[], &SKIPPED, 0) {
            panic!("without a mutant {failed}");
        }
    }
    println!("all tests pass without a mutant");
    for (module, mut mutants) in of_modules {
        let total = mutants.len();
        mutants.sort_by_key(|(number, _)| mixed(seed ^ u64::from(*number) << 20));
        mutants.truncate(of_each);
        let mut caught = 0;
        for (number, line) in &mutants {
            match tests.that_notice(module, *number) {
                Some(test) => {
                    caught += 1;
                    println!("caught\t{line}\t{test}");
                }
                None => println!("SURVIVED\t{line}"),
            }
        }
        println!("{module}: {caught} of {} caught, {total} in all", mutants.len());
    }
}

struct Tests {
    unit: PathBuf,
    all: PathBuf,
    copy: PathBuf,
}

impl Tests {
    /// What notices a mutant: the near tests first.
    fn that_notice(&self, module: &str, mutant: u32) -> Option<String> {
        let near = NEAR.iter().find(|(name, _)| *name == module).expect("a module").1;
        let of_module = format!("{module}::");
        self.notices(&self.unit, &[&of_module], &[], mutant)
            .or_else(|| self.notices(&self.all, near, &SKIPPED, mutant))
            .or_else(|| self.notices(&self.unit, &[], &[], mutant))
            .or_else(|| self.notices(&self.all, &[], &SKIPPED, mutant))
            .or_else(|| self.notices(&self.all, &SLOW, &[], mutant))
    }

    /// The first test that fails under a mutant, or that there is no end.
    fn notices(&self, program: &Path, filters: &[&str], skipped: &[&str], mutant: u32) -> Option<String> {
        let mut command = Command::new(program);
        command.args(filters).env("ONEFOLD_MUTANT", mutant.to_string()).env("PROPTEST_CASES", "64");
        command.env_remove("ONEFOLD_DATA").env("RUST_BACKTRACE", "0").env("ONEFOLD_PHONES", "50000");
        command.env("ONEFOLD_EMAILS", "50000").current_dir(&self.copy);
        for name in skipped {
            command.args(["--skip", name]);
        }
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("a program");
        let output = BufReader::new(child.stdout.take().expect("a pipe"));
        let (say, said) = mpsc::channel();
        let reader = thread::spawn(move || output.lines().map_while(Result::ok).for_each(|line| drop(say.send(line))));
        let started = Instant::now();
        let failed = loop {
            match said.recv_timeout(Duration::from_millis(500)) {
                Ok(line) if line.starts_with("test ") && line.ends_with("FAILED") => break Some(line),
                Ok(_) => {}
                Err(mpsc::RecvTimeoutError::Timeout) if started.elapsed() < MAX => {}
                Err(mpsc::RecvTimeoutError::Timeout) => break Some("no end".to_owned()),
                Err(mpsc::RecvTimeoutError::Disconnected) => break None,
            }
        };
        if failed.is_some() {
            // It may have ended by itself.
            let _ = child.kill();
        }
        let status = child.wait().expect("it ends");
        reader.join().expect("the reader ends");
        failed.or_else(|| (!status.success()).then(|| format!("{status}")))
    }
}
