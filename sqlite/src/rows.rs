//! All rows of a database, one after the other.

use std::slice;
use std::vec;

use onefold::{RowKind, StoredRow};
use rusqlite::{Connection, params};

use crate::error::StoreError;

/// How many rows are read at once.
const PAGE: i64 = 1024;

/// The rows of all tables. An error is the last item.
pub(crate) struct Rows<'a> {
    connection: &'a Connection,
    kinds: slice::Iter<'static, RowKind>,
    kind: Option<RowKind>,
    // The last row of the page, which the next one begins after.
    last: i64,
    page: vec::IntoIter<StoredRow>,
}

impl<'a> Rows<'a> {
    pub(crate) fn of(connection: &'a Connection) -> Self {
        let mut kinds = RowKind::ALL.iter();
        let kind = kinds.next().copied();
        Self { connection, kinds, kind, last: i64::MIN, page: Vec::new().into_iter() }
    }

    /// Reads the page after the last row.
    fn turn(&mut self, kind: RowKind) -> Result<(), StoreError> {
        let select = format!("SELECT rowid, key, row FROM {} WHERE rowid > ?1 ORDER BY rowid LIMIT ?2", kind.name());
        let mut statement = self.connection.prepare_cached(&select)?;
        let mut rows = statement.query(params![self.last, PAGE])?;
        let mut page = Vec::new();
        while let Some(row) = rows.next()? {
            self.last = row.get(0)?;
            page.push(StoredRow { kind, key: row.get(1)?, text: row.get(2)? });
        }
        self.page = page.into_iter();
        Ok(())
    }
}

impl Iterator for Rows<'_> {
    type Item = Result<StoredRow, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(row) = self.page.next() {
                return Some(Ok(row));
            }
            if let Err(error) = self.turn(self.kind?) {
                self.kind = None;
                return Some(Err(error));
            }
            if self.page.len() == 0 {
                self.kind = self.kinds.next().copied();
                self.last = i64::MIN;
            }
        }
    }
}
