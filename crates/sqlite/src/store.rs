//! A store that reads all rows of a workspace when it is opened and writes those of each operation.

use std::path::Path;
use std::time::Duration;

use onefold::ContactId;
use onefold::contact::StoredId;
use onefold_workspace::{Changes, Erasure, Protocol, RestoredProtocol, RowWrite, Settings, StoredRow, Workspace};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use serde::Serialize;

use crate::erasure::{Deletes, Eraser};
use crate::error::StoreError;
use crate::file::DatabaseFile;
use crate::lock_timeout::PATIENCE;
use crate::reader;
use crate::rows::RowReader;
use crate::schema::{is_empty, known_version, migrate, migrations};
use crate::writer_lock::Writer;

/// A database with a workspace, open for writing.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    // Invariant: the revision in the database, as long as there is no other writer.
    revision: i64,
    file: DatabaseFile,
    eraser: Eraser,
    _writer: Writer,
}

impl Store {
    /// Opens or creates the database at a path and reads its workspace. A new workspace has the default settings. A
    /// database of an older release is migrated to this release's schema. Cost: O(k log n) for k keys of all contacts.
    ///
    /// # Errors
    /// - Any error except [`StoreError::Outdated`]. The file is then unchanged.
    pub fn open<Id>(path: &Path) -> Result<(Self, Workspace<Id>), StoreError>
    where
        Id: StoredId,
    {
        let new = || Workspace::<Id>::new(Settings::new()).to_rows().collect();
        Self::open_rows(path, new, |rows| Ok((Workspace::from_rows(rows)?, Vec::new())))
    }

    /// Opens a database like [`Store::open`], for the protocol of `onefold replay`. Numeric ids in a database of an
    /// older release become texts.
    ///
    /// # Errors
    /// - Those of [`Store::open`].
    pub fn open_protocol(path: &Path) -> Result<(Self, Protocol), StoreError> {
        let new = || Protocol::new().to_rows().collect();
        Self::open_rows(path, new, |rows| {
            let RestoredProtocol { protocol, writes, .. } = Protocol::from_rows(rows)?;
            Ok((protocol, writes))
        })
    }

    /// Reads the last committed state of a workspace and changes nothing. No file is created or written, a writer is
    /// not delayed and may be running, and the folder may be read-only. Cost: O(k log n) for k keys of all contacts.
    ///
    /// # Errors
    /// - [`StoreError::Foreign`], [`StoreError::NewerSchema`], [`StoreError::Damaged`] or [`StoreError::Rows`] if the
    ///   content is not a workspace that this release reads.
    /// - [`StoreError::Linked`] if the file has several names.
    /// - [`StoreError::UnreadableLog`] if the last writer was killed and the folder is read-only.
    /// - [`StoreError::Failed`] if the file does not exist or cannot be read.
    pub fn read<Id: StoredId>(path: &Path) -> Result<Workspace<Id>, StoreError> {
        reader::read(path, |rows| Workspace::from_rows(rows))
    }

    /// Reads a database like [`Store::read`], for the protocol of `onefold replay`, whose ids are texts. Numeric ids in
    /// a database of an older release are read as texts.
    ///
    /// # Errors
    /// - Those of [`Store::read`].
    pub fn read_protocol(path: &Path) -> Result<Protocol, StoreError> {
        reader::read(path, |rows| Ok(Protocol::from_rows(rows)?.protocol))
    }

    /// Writes the changes of an operation in one transaction.
    ///
    /// On an error nothing was written, and the workspace is ahead of the store until [`Workspace::revert`] reverts the
    /// operation. If the disk fails during the commit, the operation may or may not be there when the database is next
    /// opened, but never in part. If the operation deletes a person, no value of that person is left in the files when
    /// this method returns, unless [`Store::erasure`] is pending.
    ///
    /// Cost: O(w log n) for w rows, and one flush of the disk. O(n) if a person is deleted; a deletion of many contacts
    /// pays this once.
    ///
    /// # Errors
    /// - [`StoreError::Outdated`] if another writer has changed the database.
    /// - [`StoreError::Moved`] or [`StoreError::Linked`] if the path no longer leads only to the opened file.
    /// - [`StoreError::DiskFull`], [`StoreError::Damaged`] or [`StoreError::Failed`] if the database cannot be written.
    pub fn apply<Id: ContactId + Serialize>(&mut self, changes: &Changes<Id>) -> Result<(), StoreError> {
        if changes.is_empty() { Ok(()) } else { self.write(changes.writes()) }
    }

    /// Writes the rows given by [`Protocol::answer_stored`], in their order and in one transaction.
    ///
    /// # Errors
    /// - Those of [`Store::apply`].
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

    /// Returns the state of the erasure of deleted persons.
    ///
    /// It is pending while their values are in the log, which a reader still needs, or in the free space of pages
    /// during a deletion of many contacts. The next write, the closing or opening of the store, or [`Store::erase`]
    /// completes it.
    pub fn erasure(&self) -> Erasure {
        self.eraser.erasure()
    }

    /// Erases the remains of deleted persons. Waits up to the limit for readers that are in the way, and then returns
    /// [`Erasure::Pending`]. Cost: O(1) if nothing remains, O(n) otherwise.
    ///
    /// # Errors
    /// - [`StoreError::DiskFull`], [`StoreError::Damaged`] or [`StoreError::Failed`] if the database cannot be
    ///   rewritten.
    pub fn erase(&mut self) -> Result<Erasure, StoreError> {
        self.eraser.erase(&self.connection)?;
        Ok(self.eraser.erasure())
    }

    /// Sets the time that a write with a deletion waits for readers that still need the log. The default is two
    /// seconds.
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
        // A file with several names is not opened, because that could create a log for this name.
        let was_there = if path.exists() { Some(DatabaseFile::at(path)?) } else { None };
        let mut connection = Connection::open(path)?;
        connection.busy_timeout(PATIENCE)?;
        // No file is created beside another application's database. The database can still change until the lock is
        // held.
        is_empty(&connection, known_version())?;
        let file = was_there.map_or_else(|| DatabaseFile::at(path), Ok)?;
        let writer = Writer::lock(&file)?;
        file.check()?;
        // This is checked before the first write, because a properly closed store leaves an empty log.
        let was_left_open = file.stamp()?.has_log();
        let is_new = is_empty(&connection, known_version())?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        // Deleted content is overwritten, so that few values of deleted persons get into free pages.
        connection.pragma_update(None, "secure_delete", true)?;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        migrate(&transaction, &migrations())?;
        if is_new {
            write_rows(&transaction, new().into_iter().map(RowWrite::Put))?;
        }
        let revision = transaction.query_row("SELECT number FROM revision", [], |row| row.get(0))?;
        let (opened, writes) = read(RowReader::of(&transaction)?)?;
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
            // An error cannot be returned here. After a failure the log is not empty, so the next opening of the
            // database continues.
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
    fn a_full_disk_is_reported_and_changes_nothing() {
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
