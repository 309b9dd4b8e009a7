//! The numbers of contacts, keys and suggestions, for the summary and for `--count`.

use std::collections::BTreeMap;

use onefold::suggestion::CommonKey;
use onefold::{ContactId, Index};
use serde::Serialize;

use crate::output::{OutputRecord, plain, write_json};
use crate::report::{self, Report};

/// How many common keys are named in the summary.
const NAMED_COMMON_KEYS: usize = 10;

/// The counts of a run.
#[derive(Default, Serialize)]
pub struct SuggestionCounts {
    /// The contacts read.
    pub contacts: usize,
    /// The different keys.
    pub keys: usize,
    /// The suggestions.
    pub suggestions: usize,
    /// The contacts in suggestions.
    pub members: usize,
    /// The keys that too many contacts hold.
    pub common_keys: usize,
}

impl SuggestionCounts {
    fn cells(&self) -> Vec<Vec<String>> {
        let numbers = [self.contacts, self.keys, self.suggestions, self.members, self.common_keys];
        vec![numbers.map(|number| number.to_string()).to_vec()]
    }
}

impl OutputRecord for SuggestionCounts {
    const CSV_HEADER: &'static [&'static str] = &["contacts", "keys", "suggestions", "members", "common_keys"];
    const TABLE_HEADER: &'static [&'static str] =
        &["contacts", "keys", "suggestions", "contacts in them", "common keys"];

    fn write_json(&self, to: &mut Vec<u8>) {
        write_json(self, to);
    }

    fn csv_rows(&self) -> Vec<Vec<String>> {
        self.cells()
    }

    fn table_rows(&self) -> Vec<Vec<String>> {
        self.cells()
    }
}

/// The results of a run for its summary.
#[derive(Default)]
pub struct Findings {
    /// The counts.
    pub counts: SuggestionCounts,
    /// The keys that too many contacts hold.
    pub common: Vec<CommonKey>,
    /// The number of phones and emails of several people by similarity, by the reason.
    pub shared_keys: BTreeMap<&'static str, usize>,
}

impl Findings {
    /// Adds the counts of an index.
    pub fn count<Id: ContactId>(&mut self, index: &Index<Id>) {
        let found = index.suggestion_counts();
        self.counts.keys += index.key_count();
        self.counts.suggestions += found.suggestions;
        self.counts.members += found.contacts;
        self.add_common(index.common_keys());
    }

    /// Adds common keys.
    pub fn add_common(&mut self, common: Vec<CommonKey>) {
        self.counts.common_keys += common.len();
        self.common.extend(common);
    }

    /// Reports the counts, and the most common keys by name.
    pub fn report(&mut self, report: &mut Report) {
        self.common.sort_by(|a, b| b.holders.cmp(&a.holders).then_with(|| a.key.cmp(&b.key)));
        for CommonKey { key, holders, .. } in self.common.iter().take(NAMED_COMMON_KEYS) {
            let (kind, value) = (key.kind().name(), plain(key.value()));
            report::say(&format!("not used: {kind} {value} is shared by {holders} contacts"));
        }
        let mut counts = vec![
            ("keys", self.counts.keys),
            ("suggestions", self.counts.suggestions),
            ("contacts in them", self.counts.members),
            ("common keys", self.counts.common_keys),
        ];
        let reasons: Vec<(String, usize)> =
            self.shared_keys.iter().map(|(reason, count)| (format!("  {reason}"), *count)).collect();
        if !reasons.is_empty() {
            counts.push(("shared by several people", self.shared_keys.values().sum()));
            counts.extend(reasons.iter().map(|(reason, count)| (reason.as_str(), *count)));
        }
        report.finish(&counts);
    }
}
