//! A workspace in a database: all rows when it is opened, and those of each operation after it.

use std::path::Path;
use std::time::Duration;

use onefold::{ContactId, StoredId};
use onefold_workspace::{Changes, Erasure, Protocol, RestoredProtocol, RowWrite, Settings, StoredRow, Workspace};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use serde::Serialize;

use crate::erasure::{Deletes, Eraser};
use crate::error::StoreError;
use crate::file::DatabaseFile;
use crate::patience::PATIENCE;
use crate::reader;
use crate::rows::RowReader;
use crate::schema::{is_empty, known_version, migrate, migrations};
use crate::writer::Writer;

/// A database that keeps a workspace, open to be written to.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    // Invariant: that of the database, as long as nobody else writes to it.
    revision: i64,
    file: DatabaseFile,
    eraser: Eraser,
    _writer: Writer,
}

impl Store {
    /// Opens the database at a path, or makes one, and reads the workspace in it; a new one has the default settings.
    /// A database of an older release is brought to the schema of this one. O(k log n) for k keys in all.
    ///
    /// # Errors
    /// Any but [`StoreError::Outdated`]; the file is then as it was.
    pub fn open<Id>(path: &Path) -> Result<(Self, Workspace<Id>), StoreError>
    where
        Id: StoredId,
    {
        let new = || Workspace::<Id>::new(Settings::new()).to_rows().collect();
        Self::open_rows(path, new, |rows| Ok((Workspace::from_rows(rows)?, Vec::new())))
    }

    /// The same for the protocol of `onefold replay`. In a database of an older release ids may be numbers: they become texts.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_protocol(path: &Path) -> Result<(Self, Protocol), StoreError> {
        let new = || Protocol::new().to_rows().collect();
        Self::open_rows(path, new, |rows| {
            let RestoredProtocol { protocol, writes, .. } = Protocol::from_rows(rows)?;
            Ok((protocol, writes))
        })
    }

    /// Reads the workspace that a database holds, as it was committed last, and changes nothing: no file is made or written, and
    /// no writer is held up or needs to be gone. The folder need not be one that can be written to. O(k log n) for k keys in all.
    ///
    /// # Errors
    /// - [`StoreError::Foreign`], [`StoreError::NewerSchema`], [`StoreError::Damaged`] or [`StoreError::Rows`].
    /// - [`StoreError::Linked`] if the file has several names.
    /// - [`StoreError::UnreadableLog`] if the last writer was killed and nobody can write to the folder.
    /// - [`StoreError::Failed`] if the file is not there, or cannot be read.
    pub fn read<Id: StoredId>(path: &Path) -> Result<Workspace<Id>, StoreError> {
        reader::read(path, |rows| Workspace::from_rows(rows))
    }

    /// The same for the protocol of `onefold replay`, whose ids are texts: numbers in a database of an older release are read as such.
    ///
    /// # Errors
    /// As [`Store::read`].
    pub fn read_protocol(path: &Path) -> Result<Protocol, StoreError> {
        reader::read(path, |rows| Ok(Protocol::from_rows(rows)?.protocol))
    }

    /// Writes what an operation has written. If it fails, nothing was written, and the workspace is ahead of the store until
    /// [`Workspace::revert`] takes the operation back. (A disk that fails while it is waited for leaves it open whether the
    /// operation is there when the database is opened next, but never half of it.)
    ///
    /// If the operation deletes a person, nothing of that person is left in the files when this returns, unless
    /// [`Store::erasure`] says otherwise.
    ///
    /// O(w log n) for w rows, and a wait for the disk; O(n) if a person is deleted, and for a deletion of many contacts once.
    ///
    /// # Errors
    /// [`StoreError::Outdated`], [`StoreError::Moved`], [`StoreError::Linked`], [`StoreError::DiskFull`],
    /// [`StoreError::Damaged`] or [`StoreError::Failed`].
    pub fn apply<Id: ContactId + Serialize>(&mut self, changes: &Changes<Id>) -> Result<(), StoreError> {
        if changes.is_empty() { Ok(()) } else { self.write(changes.writes()) }
    }

    /// Writes rows, in their order and in one transaction: those that [`Protocol::answer_stored`] gives.
    ///
    /// # Errors
    /// As [`Store::apply`].
    pub fn write(&mut self, writes: impl IntoIterator<Item = RowWrite>) -> Result<(), StoreError> {
        self.file.check()?;
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let counted = transaction
            .prepare_cached("UPDATE revision SET number = number + 1 WHERE number = ?1")?
            .execute([self.revision])?;
        if counted != 1 {
            return Err(StoreError::Outdated);
        }
        let mut deletes = Deletes::default();
        for write in writes {
            deletes.see(&write, &transaction)?;
            write_rows(&transaction, [write])?;
        }
        transaction.commit()?;
        self.revision += 1;
        self.eraser.after(deletes, &self.connection);
        Ok(())
    }

    /// Whether something is left in the files of persons that were deleted: in the log, which a reader still needs, or in the
    /// free space of pages while a deletion of many contacts goes on. It is erased with the next write, when the store is
    /// closed or opened again, or by [`Store::erase`].
    pub fn erasure(&self) -> Erasure {
        self.eraser.erasure()
    }

    /// Erases what is left of deleted persons. Readers in the way are waited for up to the limit; then the answer is
    /// [`Erasure::Pending`]. O(1) if nothing is left, O(n) otherwise.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`], [`StoreError::Damaged`] or [`StoreError::Failed`].
    pub fn erase(&mut self) -> Result<Erasure, StoreError> {
        self.eraser.erase(&self.connection)?;
        Ok(self.eraser.erasure())
    }

    /// How long a write that deletes a person waits for readers that still need the log: two seconds, unless this is called.
    #[must_use]
    pub fn reader_wait(mut self, limit: Duration) -> Self {
        self.eraser.set_wait(limit);
        self
    }

    fn open_rows<Opened>(
        path: &Path,
        new: impl FnOnce() -> Vec<StoredRow>,
        read: impl FnOnce(RowReader<'_>) -> Result<(Opened, Vec<RowWrite>), StoreError>,
    ) -> Result<(Self, Opened), StoreError> {
        // A file with other names is not even opened, which could make a log for this one.
        let was_there = if path.exists() { Some(DatabaseFile::at(path)?) } else { None };
        let mut connection = Connection::open(path)?;
        connection.busy_timeout(PATIENCE)?;
        // Nothing is left beside a file that is somebody else's. Whether it is new can change until the lock is held.
        is_empty(&connection, known_version())?;
        let file = was_there.map_or_else(|| DatabaseFile::at(path), Ok)?;
        let writer = Writer::lock(&file)?;
        file.check()?;
        // Before anything is written: the log of a store that was closed is empty.
        let was_left_open = file.stamp()?.has_log();
        let is_new = is_empty(&connection, known_version())?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        // What is deleted is overwritten, so that few find the values of a deleted person in free pages.
        connection.pragma_update(None, "secure_delete", true)?;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        migrate(&transaction, &migrations())?;
        if is_new {
            write_rows(&transaction, new().into_iter().map(RowWrite::Put))?;
        }
        let revision = transaction.query_row("SELECT number FROM revision", [], |row| row.get(0))?;
        let (opened, writes) = read(RowReader::of(&transaction))?;
        write_rows(&transaction, writes)?;
        transaction.commit()?;
        let mut eraser = Eraser::new();
        if was_left_open || eraser.is_amid_a_deletion(&connection)? {
            eraser.take_over(&connection);
        }
        Ok((Self { connection, revision, file, eraser, _writer: writer }, opened))
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        if self.eraser.erasure() == Erasure::Pending {
            // There may be nobody to tell. If it fails, the log is not empty, and whoever opens the database next goes on.
            self.eraser.set_wait(Duration::ZERO);
            let _ = self.eraser.erase(&self.connection);
        }
    }
}

fn write_rows(transaction: &Transaction<'_>, writes: impl IntoIterator<Item = RowWrite>) -> Result<(), StoreError> {
    for write in writes {
        match write {
            RowWrite::Put(StoredRow { kind, key, text }) => {
                let put = format!(
                    "INSERT INTO {} VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET row = excluded.row",
                    kind.name()
                );
                transaction.prepare_cached(&put)?.execute([&key, &text])?;
            }
            RowWrite::Delete { kind, key } => {
                let delete = format!("DELETE FROM {} WHERE key = ?1", kind.name());
                transaction.prepare_cached(&delete)?.execute([&key])?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use onefold::Contact;
    use onefold_workspace::Act;

    use super::*;

    #[test]
    fn a_full_disk_is_told_and_changes_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.db");
        let (mut store, mut workspace) = Store::open::<u64>(&path).expect("new");
        let pages: i64 = store.connection.pragma_query_value(None, "page_count", |row| row.get(0)).expect("a number");
        let limit = |store: &Store, pages: i64| {
            store.connection.pragma_update(None, "max_page_count", pages).expect("a limit");
        };
        limit(&store, pages);
        let name = "Ada ".repeat(4000);
        let contact = |id| Contact::new(id).with(onefold::Field::FirstName, name.as_str());
        for id in 0..3 {
            let before = workspace.to_state();
            let added = workspace.add(contact(id), &Act::default()).expect("new");
            assert!(matches!(store.apply(&added.changes), Err(StoreError::DiskFull)));
            workspace.revert(added.changes);
            assert_eq!(workspace.to_state(), before);
        }
        limit(&store, pages + 100);
        let added = workspace.add(contact(7), &Act::default()).expect("new");
        store.apply(&added.changes).expect("there is room again");
        drop(store);
        assert_eq!(Store::open::<u64>(&path).expect("closed").1.to_state(), workspace.to_state());
    }
}
