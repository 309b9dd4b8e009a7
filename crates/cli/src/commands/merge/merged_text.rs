//! The text of the merged file.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use onefold_files::{Input, Item, Options, read_bytes};

use crate::commands::merge::file_rows::Sheet;
use crate::commands::merge::step::MergeStep;
use crate::failure::Failure;
use crate::patch_file::FileMerge;

/// The text of a file after its merges.
pub struct Rewrite {
    /// The text, without byte order mark.
    pub text: Vec<u8>,
    // The remaining rows: their numbers and new positions.
    rows: Vec<(usize, Range<usize>)>,
}

impl Rewrite {
    /// Copies unchanged rows, replaces the survivors' rows and leaves out the retired ones.
    pub fn new(content: &[u8], sheet: &Sheet, steps: &[MergeStep]) -> Self {
        let mut changes: BTreeMap<usize, Option<&[u8]>> = BTreeMap::new();
        for step in steps {
            changes.insert(step.survivor, Some(&step.merged.written));
            changes.extend(step.retired.iter().map(|number| (*number, None)));
        }
        let mut text = Vec::with_capacity(content.len());
        let mut rows = Vec::with_capacity(sheet.rows.len());
        let mut at = 0;
        for (number, row) in sheet.rows.iter().enumerate() {
            text.extend_from_slice(content.get(at..row.span.start).unwrap_or_default());
            let start = text.len();
            let bytes = match changes.get(&number) {
                Some(change) => *change,
                None => content.get(row.span.clone()),
            };
            if let Some(bytes) = bytes {
                text.extend_from_slice(bytes);
                rows.push((number, start..text.len()));
            }
            at = row.span.end;
        }
        text.extend_from_slice(content.get(at..).unwrap_or_default());
        Self { text, rows }
    }

    /// Reads the new text and checks the position of every row. An unclosed quote may change the rows after it when the row that
    /// closed it is gone.
    ///
    /// # Errors
    /// A row is not at its position.
    pub fn check(&self, input: &Input, sheet: &Sheet, options: &Options) -> Result<(), Failure> {
        if self.rows.len() == sheet.rows.len() {
            return Ok(());
        }
        let options = Options { format: Some(input.format()), ..options.clone() };
        let read = read_bytes("the result", self.text.clone(), &options);
        let read = read.map_err(|error| Failure::Input(error.to_string()))?;
        let mut found = read.filter_map(|item| if let Item::Contact(row) = item { Some(row.span) } else { None });
        for (number, span) in &self.rows {
            if found.next().as_ref() != Some(span) {
                let line = sheet.rows.get(*number).map_or(0, |row| row.line);
                return Err(Failure::Input(format!(
                    "the row of line {line} cannot be distinguished from others when rows are removed; is there a quote near \
                     it that is not closed?"
                )));
            }
        }
        match found.next() {
            None => Ok(()),
            Some(_) => {
                Err(Failure::Input("a line that is not a row would become one after rows are removed".to_owned()))
            }
        }
    }

    /// Counts for each merged row the remaining rows that could be confused with it.
    pub fn count_alike(&self, sheet: &Sheet, merges: &mut [FileMerge]) {
        let rows = merges.iter().flat_map(FileMerge::rows).map(|(_, row)| row);
        let mut copies: HashMap<Vec<u8>, usize> =
            rows.filter(|row| row.is_made).map(|row| (row.bytes.clone(), 0)).collect();
        if !copies.is_empty() {
            for (_, span) in &self.rows {
                let bytes = self.text.get(span.clone()).unwrap_or_default();
                if let Some(count) = copies.get_mut(bytes) {
                    *count += 1;
                }
            }
        }
        for merged in merges {
            let workspace = merged.patch.workspace().map(str::to_owned);
            let ids: Vec<String> = merged.patch.participants().cloned().collect();
            let rows = std::iter::once(&mut merged.survivor).chain(&mut merged.retired);
            for (row, id) in rows.zip(ids) {
                let count =
                    if row.is_made { copies.get(&row.bytes) } else { sheet.left_out.get(&(workspace.clone(), id)) };
                row.alike = count.copied().unwrap_or_default();
            }
        }
    }
}
