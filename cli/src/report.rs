//! What a run says on standard error: problems of rows as they are met, and a summary at the end.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::Instant;

use onefold::{Reason, Rejection};

/// How many problems are shown; the others are counted.
pub const SHOWN_PROBLEMS: usize = 1_000;

/// Counts of a run, and the problems met.
pub struct Report {
    started: Instant,
    /// Contacts read.
    pub contacts: usize,
    skipped: usize,
    problems: usize,
    rejections: BTreeMap<Reason, usize>,
    reads_values: bool,
}

impl Report {
    /// A report of a run that begins now.
    pub fn start() -> Self {
        let started = Instant::now();
        Self { started, contacts: 0, skipped: 0, problems: 0, rejections: BTreeMap::new(), reads_values: true }
    }

    /// The same, of a run that does not look at values for their keys.
    pub fn start_without_values() -> Self {
        Self { reads_values: false, ..Self::start() }
    }

    /// A row that was left out.
    pub fn skipped(&mut self, source: &str, line: u64, problem: &dyn std::fmt::Display) {
        self.skipped += 1;
        self.problem(source, line, problem);
    }

    /// Something that is wrong with a row that was kept, or with the input.
    pub fn problem(&mut self, source: &str, line: u64, problem: &dyn std::fmt::Display) {
        self.problems += 1;
        if self.problems <= SHOWN_PROBLEMS {
            match line {
                0 => say(&format!("{source}: {problem}")),
                line => say(&format!("{source}:{line}: {problem}")),
            }
        }
    }

    /// Problems that are counted and not shown, and rows that were left out for some of them.
    pub fn further(&mut self, problems: usize, skipped: usize) {
        self.problems += problems;
        self.skipped += skipped;
    }

    /// Values that gave no key, by their reasons.
    pub fn rejected_for(&mut self, reason: Reason, count: usize) {
        if count > 0 {
            *self.rejections.entry(reason).or_default() += count;
        }
    }

    /// Whether there were rows, and every one was left out.
    pub fn is_fruitless(&self) -> bool {
        self.contacts == 0 && self.skipped > 0
    }

    /// Values that gave no key.
    pub fn rejected<'a>(&mut self, rejections: impl IntoIterator<Item = &'a Rejection>) {
        for rejection in rejections {
            *self.rejections.entry(rejection.reason).or_default() += 1;
        }
    }

    /// Ends the run with a summary; `counts` are named numbers that come between the contacts and the
    /// time.
    pub fn finish(&self, counts: &[(&str, usize)]) {
        if self.problems > SHOWN_PROBLEMS {
            say(&format!("and {} more problems", self.problems - SHOWN_PROBLEMS));
        }
        let number = |name: &str, count: usize| say(&format!("{name:<24}{count:>12}"));
        number("contacts", self.contacts);
        if self.skipped > 0 {
            number("rows left out", self.skipped);
        }
        counts.iter().for_each(|(name, count)| number(name, *count));
        if self.reads_values {
            number("values without key", self.rejections.values().sum());
        }
        for (reason, count) in &self.rejections {
            number(&format!("  {}", reason.name()), *count);
        }
        say(&format!("{:<24}{:>12.2}", "seconds", self.started.elapsed().as_secs_f64()));
    }
}

/// A line on standard error. That it cannot be written is no reason to stop.
pub fn say(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}
