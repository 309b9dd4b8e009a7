//! The report of a run on standard error: problems of rows, and a summary at the end.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Display;
use std::io::{self, Write};
use std::time::Instant;

use onefold::Reason;
use onefold::normalize::Rejection;
use onefold_files::Problem;

use crate::output::plain;

/// The number of kinds of problems that are shown; the problems of further kinds are counted.
pub const SHOWN_PROBLEMS: usize = 1_000;

/// The number of lines that are named for one kind of problem.
pub const SHOWN_LINES: usize = 3;

/// The counts and problems of a run. A problem of many rows is reported once, with its count, at the end of the run, even if the
/// run ends early.
pub struct Report {
    started: Instant,
    /// Contacts read.
    pub contacts: usize,
    skipped: usize,
    // In the order of their first occurrence.
    notices: Vec<ProblemNotice>,
    places: HashMap<(String, String), usize>,
    not_shown: usize,
    rejections: BTreeMap<Reason, usize>,
    reads_values: bool,
}

/// A problem that several rows of an input have.
struct ProblemNotice {
    source: String,
    // The first one.
    text: String,
    count: usize,
    // The first lines with the problem.
    lines: Vec<u64>,
}

impl Display for ProblemNotice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { source, text, count, lines } = self;
        match lines.first() {
            Some(line) => write!(f, "{source}:{line}: {text}")?,
            None => write!(f, "{source}: {text}")?,
        }
        if *count < 2 {
            return Ok(());
        }
        write!(f, " ({count} times")?;
        let mut before = ", in lines";
        for line in lines.iter().filter(|_| lines.len() > 1) {
            write!(f, "{before} {line}")?;
            before = ",";
        }
        f.write_str(if lines.len() > 1 && lines.len() < *count { ", ...)" } else { ")" })
    }
}

impl Report {
    /// Returns a report of a run that begins now.
    pub fn start() -> Self {
        Self {
            started: Instant::now(),
            contacts: 0,
            skipped: 0,
            notices: Vec::new(),
            places: HashMap::new(),
            not_shown: 0,
            rejections: BTreeMap::new(),
            reads_values: true,
        }
    }

    /// Returns a report of a run that derives no keys.
    pub fn start_without_values() -> Self {
        let mut report = Self::start();
        report.reads_values = false;
        report
    }

    /// Reports a row that was left out.
    pub fn skipped(&mut self, source: &str, line: u64, problem: &Problem) {
        self.skipped += 1;
        self.row_problem(source, line, problem);
    }

    /// Reports a problem of a row that is used nevertheless, or of the input.
    pub fn row_problem(&mut self, source: &str, line: u64, problem: &Problem) {
        self.problem_of_kind(&problem.without_numbers().to_string(), source, line, problem);
    }

    /// Reports another problem. Problems with the same text are counted together.
    pub fn problem(&mut self, source: &str, line: u64, problem: &dyn Display) {
        self.problem_of_kind(&problem.to_string(), source, line, problem);
    }

    /// Reports a problem of a named kind. Problems of one kind are counted together.
    pub fn problem_of_kind(&mut self, kind: &str, source: &str, line: u64, problem: &dyn Display) {
        let Some(notice) = self.notice(kind, source, problem) else { return };
        notice.count += 1;
        if line > 0 && notice.lines.len() < SHOWN_LINES {
            notice.lines.push(line);
        }
    }

    /// Counts further rows with a reported problem; `skipped` of them were left out for it.
    pub fn further(&mut self, source: &str, problem: &Problem, count: usize, skipped: usize) {
        self.skipped += skipped;
        match self.notice(&problem.without_numbers().to_string(), source, problem) {
            Some(notice) => notice.count += count,
            None => self.not_shown += count.saturating_sub(1),
        }
    }

    /// Counts problems of further kinds, of which only the number is known, and the rows that were left out for them.
    pub fn not_shown(&mut self, problems: usize, skipped: usize) {
        self.not_shown += problems;
        self.skipped += skipped;
    }

    /// Returns the notice of a kind, or counts the problem and returns `None` if there are too many kinds.
    fn notice(&mut self, kind: &str, source: &str, problem: &dyn Display) -> Option<&mut ProblemNotice> {
        let key = (source.to_owned(), kind.to_owned());
        let place = match self.places.get(&key) {
            Some(place) => *place,
            None if self.notices.len() >= SHOWN_PROBLEMS => {
                self.not_shown += 1;
                return None;
            }
            None => {
                let (source, text) = (source.to_owned(), problem.to_string());
                self.notices.push(ProblemNotice { source, text, count: 0, lines: Vec::new() });
                self.places.insert(key, self.notices.len() - 1);
                self.notices.len() - 1
            }
        };
        self.notices.get_mut(place)
    }

    /// Writes the problems, once.
    fn say_notices(&mut self) {
        self.places.clear();
        self.notices.drain(..).for_each(|notice| say(&notice.to_string()));
        match std::mem::take(&mut self.not_shown) {
            0 => {}
            more => say(&format!("and {more} more problems")),
        }
    }

    /// Counts values without a key, by the reason.
    pub fn rejected_for(&mut self, reason: Reason, count: usize) {
        if count > 0 {
            *self.rejections.entry(reason).or_default() += count;
        }
    }

    /// Returns true if there were rows and all of them were left out.
    pub fn is_fruitless(&self) -> bool {
        self.contacts == 0 && self.skipped > 0
    }

    /// Counts rejected values.
    pub fn rejected<'a>(&mut self, rejections: impl IntoIterator<Item = &'a Rejection>) {
        for rejection in rejections {
            *self.rejections.entry(rejection.reason).or_default() += 1;
        }
    }

    /// Writes the summary; `counts` are named numbers between the number of contacts and the time.
    pub fn finish(&mut self, counts: &[(&str, usize)]) {
        self.say_notices();
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

impl Drop for Report {
    fn drop(&mut self) {
        self.say_notices();
    }
}

/// Writes one line to standard error, with control characters escaped. An error of writing is ignored.
pub fn say(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", plain(line));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_says_how_many_there_are() {
        let notice = |count, lines: &[u64]| {
            ProblemNotice { source: "in.csv".to_owned(), text: "no value".to_owned(), count, lines: lines.to_vec() }
                .to_string()
        };
        assert_eq!(notice(1, &[7]), "in.csv:7: no value");
        assert_eq!(notice(1, &[]), "in.csv: no value");
        assert_eq!(notice(5, &[]), "in.csv: no value (5 times)");
        assert_eq!(notice(2, &[7, 9]), "in.csv:7: no value (2 times, in lines 7, 9)");
        assert_eq!(notice(1000, &[7, 9, 10]), "in.csv:7: no value (1000 times, in lines 7, 9, 10, ...)");
    }
}
