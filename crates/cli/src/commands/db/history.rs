//! `onefold db history`: the merges of a database.

use onefold::Time;
use onefold_workspace::MergeRecord;
use serde::Serialize;

use crate::arguments::db::HistoryArguments;
use crate::commands::db::database::{self, StoredContactId};
use crate::failure::Failure;
use crate::output::{Output, OutputRecord, database_files, plain, write_json};
use crate::report::Report;

/// A merge as it is written.
#[derive(Serialize)]
struct HistoryLine<'a> {
    merge: &'a str,
    at: String,
    by: &'a str,
    survivor: &'a str,
    retired: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    undone_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    undone_by: Option<&'a str>,
}

/// Runs the command.
///
/// # Errors
/// The database cannot be used, or the result not be written.
pub fn run(arguments: &HistoryArguments) -> Result<(), Failure> {
    let mut output = Output::open::<HistoryLine<'_>>(&arguments.output, &database_files(&arguments.database))?;
    let mut report = Report::start_without_values();
    let workspace = database::read(&arguments.database)?;
    report.contacts = workspace.len();
    let (mut merges, mut undone) = (0, 0);
    for record in workspace.history() {
        merges += 1;
        undone += usize::from(record.undone().is_some());
        output.write(&HistoryLine::of(record))?;
    }
    output.finish()?;
    report.finish(&[("merges", merges), ("merges undone", undone)]);
    Ok(())
}

impl<'a> HistoryLine<'a> {
    fn of(record: &'a MergeRecord<StoredContactId>) -> Self {
        Self {
            merge: &record.merge,
            at: rfc_3339(record.at),
            by: &record.by,
            survivor: &record.survivor,
            retired: record.retired.iter().map(|id| &**id).collect(),
            undone_at: record.undone().map(|undo| rfc_3339(undo.at)),
            undone_by: record.undone().map(|undo| undo.by),
        }
    }

    fn cells(&self) -> [String; 6] {
        let undone = self.undone_at.clone().unwrap_or_default();
        let retired = self.retired.join("; ");
        [self.merge.to_owned(), self.at.clone(), self.by.to_owned(), self.survivor.to_owned(), retired, undone]
    }
}

impl OutputRecord for HistoryLine<'_> {
    const CSV_HEADER: &'static [&'static str] = &["merge", "at", "by", "survivor", "retired", "undone_at"];
    const TABLE_HEADER: &'static [&'static str] = &["merge", "at", "by", "survivor", "retired", "undone"];

    fn write_json(&self, to: &mut Vec<u8>) {
        write_json(self, to);
    }

    fn csv_rows(&self) -> Vec<Vec<String>> {
        vec![self.cells().to_vec()]
    }

    fn table_rows(&self) -> Vec<Vec<String>> {
        vec![self.cells().map(|cell| plain(&cell)).to_vec()]
    }
}

/// Returns a time as RFC 3339 writes it, in UTC to the second.
fn rfc_3339(time: Time) -> String {
    let seconds = time.millis().div_euclid(1000);
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    // Years that begin in March, in eras of 400 years: the leap day is the last day of its year.
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    let (hour, minute) = (second / 3_600, second / 60 % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{:02}Z", second % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_the_calendar() {
        for text in ["1970-01-01T00:00:00Z", "2000-02-29T23:59:59Z", "2100-03-01T12:00:00Z", "1969-12-31T23:59:59Z"] {
            let time = Time::parse(text).expect("a time");
            assert_eq!(rfc_3339(time), text);
        }
    }
}
