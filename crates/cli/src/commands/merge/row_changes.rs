//! The changes of rows by merges.

use std::ops::Range;

use crate::commands::merge::step::MergeStep;

/// The changes of the rows of a file, by the number of the contact.
#[derive(Default)]
pub struct RowChanges {
    changes: Vec<RowRewrite>,
    // The new rows of survivors.
    text: Vec<u8>,
    retired: usize,
}

/// The change of a row.
#[derive(Clone)]
pub struct RowRewrite {
    /// The number of its contact.
    pub contact: u32,
    written: Option<Range<usize>>,
}

impl RowChanges {
    /// Adds the changes of a merge.
    pub fn add(&mut self, step: &MergeStep) {
        let start = self.text.len();
        self.text.extend_from_slice(&step.written);
        self.changes.push(RowRewrite { contact: step.survivor, written: Some(start..self.text.len()) });
        self.changes.extend(step.retired.iter().map(|&contact| RowRewrite { contact, written: None }));
        self.retired += step.retired.len();
    }

    /// Brings the changes in the order of the file. Must be called after the last merge.
    #[must_use]
    pub fn in_order(mut self) -> Self {
        self.changes.sort_unstable_by_key(|change| change.contact);
        self
    }

    /// Returns the number of retired rows.
    pub fn retired(&self) -> usize {
        self.retired
    }

    /// Returns the changes of the contacts from `first` on, up to `end`, in order.
    pub fn of(&self, first: u32, end: u32) -> &[RowRewrite] {
        let from = self.changes.partition_point(|change| change.contact < first);
        let to = self.changes.partition_point(|change| change.contact < end);
        self.changes.get(from..to).unwrap_or_default()
    }

    /// Returns the new row of a survivor, or `None` for a retired row.
    pub fn written(&self, change: &RowRewrite) -> Option<&[u8]> {
        self.text.get(change.written.clone()?)
    }
}
