//! The rows of a database, read table by table.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::vec;

use onefold_workspace::{RowKind, StoredRow};
use rusqlite::{Connection, params};

use crate::error::StoreError;
use crate::schema::kinds_at;

/// The number of rows read at once.
const PAGE: i64 = 1024;

/// An iterator over the rows of all tables of the schema's version. An error is the last item.
///
/// In a damaged file pages may be swapped or refer to each other in a circle. Row ids must therefore rise from row to
/// row, so that each row is read at most once. Each page of rows begins with the last row of the page before, so that
/// the search for it cannot skip rows unnoticed.
pub(crate) struct RowReader<'a> {
    connection: &'a Connection,
    kinds: vec::IntoIter<RowKind>,
    kind: Option<RowKind>,
    last: Option<i64>,
    page: vec::IntoIter<StoredRow>,
    digest: RowKeyDigest,
}

/// A digest of the keys and row ids of a table, which does not depend on their order.
#[derive(Debug, Default, PartialEq, Eq)]
struct RowKeyDigest {
    rows: u64,
    sum: u64,
}

impl<'a> RowReader<'a> {
    /// Returns the reader of a database, before its first row.
    ///
    /// # Errors
    /// - [`StoreError::Failed`] if the version of the schema cannot be read.
    pub(crate) fn of(connection: &'a Connection) -> Result<Self, StoreError> {
        let mut kinds = kinds_at(connection)?.into_iter();
        let kind = kinds.next();
        let page = Vec::new().into_iter();
        Ok(Self { connection, kinds, kind, last: None, page, digest: RowKeyDigest::default() })
    }

    /// Reads the next page of rows.
    ///
    /// # Errors
    /// - [`StoreError::Damaged`] if rows are missing or out of order.
    /// - [`StoreError::Failed`] if the database cannot be read.
    fn turn(&mut self, kind: RowKind) -> Result<(), StoreError> {
        let name = kind.name();
        let select = format!("SELECT rowid, key, row FROM {name} WHERE rowid >= ?1 ORDER BY rowid LIMIT ?2");
        let mut statement = self.connection.prepare_cached(&select)?;
        let mut rows = statement.query(params![self.last.unwrap_or(i64::MIN), PAGE])?;
        if let Some(last) = self.last {
            let found = rows.next()?.map(|row| row.get(0)).transpose()?;
            if found != Some(last) {
                return Err(StoreError::Damaged);
            }
        }
        let mut page = Vec::new();
        while let Some(row) = rows.next()? {
            let id: i64 = row.get(0)?;
            if self.last.is_some_and(|last| id <= last) {
                return Err(StoreError::Damaged);
            }
            self.last = Some(id);
            let row = StoredRow { kind, key: row.get(1)?, text: row.get(2)? };
            self.digest.add(id, &row.key);
            page.push(row);
        }
        self.page = page.into_iter();
        Ok(())
    }

    /// Checks that the index of a table holds the same row ids and keys as the table. A row lost from the table is
    /// still in the index, and later writes find rows by the index.
    ///
    /// # Errors
    /// - [`StoreError::Damaged`] if they differ or the index is out of order.
    /// - [`StoreError::Failed`] if the database cannot be read.
    fn check_index(&mut self, kind: RowKind) -> Result<(), StoreError> {
        let of_table = std::mem::take(&mut self.digest);
        // The index holds the keys and row ids, so SQLite answers this query from the index alone.
        let mut statement = self.connection.prepare(&format!("SELECT rowid, key FROM {} ORDER BY key", kind.name()))?;
        let mut rows = statement.query([])?;
        let mut of_index = RowKeyDigest::default();
        let mut last: Option<String> = None;
        while let Some(row) = rows.next()? {
            let (id, key): (i64, String) = (row.get(0)?, row.get(1)?);
            if last.as_ref().is_some_and(|last| key <= *last) {
                return Err(StoreError::Damaged);
            }
            of_index.add(id, &key);
            last = Some(key);
        }
        if of_index == of_table { Ok(()) } else { Err(StoreError::Damaged) }
    }

    /// Moves to the next table, and checks the index of the last one.
    ///
    /// # Errors
    /// - Those of [`Self::check_index`].
    fn leave(&mut self, kind: RowKind) -> Result<(), StoreError> {
        self.kind = self.kinds.next();
        self.last = None;
        self.check_index(kind)
    }
}

impl RowKeyDigest {
    fn add(&mut self, id: i64, key: &str) {
        let mut hasher = DefaultHasher::new();
        (id, key).hash(&mut hasher);
        self.rows += 1;
        self.sum = self.sum.wrapping_add(hasher.finish());
    }
}

impl Iterator for RowReader<'_> {
    type Item = Result<StoredRow, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(row) = self.page.next() {
                return Some(Ok(row));
            }
            let kind = self.kind?;
            let turned = self.turn(kind);
            let read = if turned.is_ok() && self.page.len() == 0 { self.leave(kind) } else { turned };
            if let Err(error) = read {
                self.kind = None;
                return Some(Err(error));
            }
        }
    }
}
