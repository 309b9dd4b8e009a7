//! Rows of one kind by their keys, with a log of what they were before the operation that is under way.

use std::collections::BTreeMap;

use onefold::contact::Time;

/// Rows by key. Every write notes down what the row was, so that no write can be forgotten when an operation is
/// undone or handed to a store.
#[derive(Clone, Debug)]
pub(crate) struct RowTable<Key, Row> {
    rows: BTreeMap<Key, Row>,
    // Each key that was written since the log was taken last, with the row that it had then.
    before: BTreeMap<Key, Option<Row>>,
    // While rows are loaded nobody asks what they were before.
    is_loading: bool,
}

/// A row that an operation wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RowChange<Key, Row> {
    /// The row's key.
    pub key: Key,
    /// The row before the operation; `None` if there was none.
    pub before: Option<Row>,
    /// The row after it; `None` if there is none.
    pub after: Option<Row>,
}

impl<Key, Row> Default for RowTable<Key, Row> {
    fn default() -> Self {
        Self { rows: BTreeMap::new(), before: BTreeMap::new(), is_loading: false }
    }
}

impl<Key: Ord + Clone, Row: Clone + PartialEq> RowTable<Key, Row> {
    /// The rows, in order of their keys.
    pub(crate) fn rows(&self) -> &BTreeMap<Key, Row> {
        &self.rows
    }

    /// Puts a row, or takes it out, and returns the one that was there. O(log n).
    ///
    /// The rows of a workspace are written through `Table::set`, which keeps look-ups right.
    pub(crate) fn set(&mut self, key: Key, row: Option<Row>) -> Option<Row> {
        if let (true, Some(row)) = (self.is_loading, &row) {
            return self.rows.insert(key, row.clone());
        }
        let former = match row {
            Some(row) => self.rows.insert(key.clone(), row),
            None => self.rows.remove(&key),
        };
        self.before.entry(key).or_insert_with(|| former.clone());
        former
    }

    /// The keys that were written since the log was taken last, each with the row that it had then.
    pub(crate) fn written(&self) -> &BTreeMap<Key, Option<Row>> {
        &self.before
    }

    /// Takes what was written for what there has always been.
    pub(crate) fn forget_changes(&mut self) {
        self.before.clear();
        self.is_loading = false;
    }

    /// Puts rows without a log of it, until [`RowTable::forget_changes`].
    pub(crate) fn load(&mut self) {
        self.is_loading = true;
    }

    /// What was written since the last time this was asked, in order of the keys; rows that are again what they
    /// were are left out. O(w log n) for w rows written.
    pub(crate) fn take_changes(&mut self) -> Vec<RowChange<Key, Row>> {
        let written = std::mem::take(&mut self.before);
        let changes = written.into_iter().map(|(key, before)| {
            let after = self.rows.get(&key).cloned();
            RowChange { key, before, after }
        });
        changes.filter(|change| change.before != change.after).collect()
    }
}

/// The second part of a key that begins with a contact.
pub(crate) trait KeyPart: Ord + Copy {
    /// The least value.
    const MIN: Self;
    /// The greatest value.
    const MAX: Self;
}

impl KeyPart for i64 {
    const MIN: Self = i64::MIN;
    const MAX: Self = i64::MAX;
}

impl KeyPart for Time {
    const MIN: Self = Time::MIN;
    const MAX: Self = Time::MAX;
}

impl<Id: Ord + Clone, Part: KeyPart, Row: Clone + PartialEq> RowTable<(Id, Part), Row> {
    /// Returns the rows of one contact, in order of their keys.
    pub(crate) fn range_of(&self, id: &Id) -> impl Iterator<Item = (&(Id, Part), &Row)> {
        self.rows.range((id.clone(), Part::MIN)..=(id.clone(), Part::MAX))
    }
}

impl<Row: Clone + PartialEq> RowTable<(u64, u64), Row> {
    /// The rows under a number, in order of their places.
    pub(crate) fn rows_of(&self, number: u64) -> impl Iterator<Item = (&(u64, u64), &Row)> {
        self.rows.range((number, u64::MIN)..=(number, u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_say_what_a_row_was_at_first_and_is_at_last() {
        let mut table = RowTable::default();
        table.set("a", Some(1));
        table.set("b", Some(1));
        assert_eq!(table.take_changes().len(), 2);
        for row in [Some(2), None, Some(3)] {
            table.set("a", row);
        }
        table.set("b", None);
        table.set("b", Some(1));
        table.set("c", Some(1));
        table.set("c", None);
        assert_eq!(table.take_changes(), [RowChange { key: "a", before: Some(1), after: Some(3) }]);
        assert!(table.take_changes().is_empty());
    }
}
