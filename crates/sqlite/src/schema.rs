//! The schema of the database, and its migrations.

use onefold_workspace::RowKind;
use rusqlite::{Connection, Transaction};

use crate::error::StoreError;

/// The `PRAGMA application_id` of onefold's databases: `1fld` in ASCII.
pub const APPLICATION_ID: i32 = 0x3166_6c64;

/// What takes the schema to each version, beside the tables of the kinds of rows that are new in it.
const OTHER_CHANGES: [&str; 1] = [include_str!("revision_table.sql")];

/// Returns what takes an empty database to version 1, that to version 2, and so on; `PRAGMA user_version` is the version.
///
/// There is a table for each [`RowKind`], whose name it has. Keys and rows are JSON; rows are text and not binary JSON, so that
/// numbers keep the digits they were written with.
pub fn migrations() -> Vec<String> {
    let other_changes = OTHER_CHANGES.into_iter().chain(std::iter::repeat(""));
    let versions = (1..=known_version()).zip(other_changes);
    versions.map(|(version, other)| tables_since(version).chain([other.to_owned()]).collect()).collect()
}

/// The version that this release writes.
pub(crate) fn known_version() -> u32 {
    let kinds = RowKind::ALL.iter().map(|kind| kind.since());
    kinds.max().unwrap_or(0).max(u32::try_from(OTHER_CHANGES.len()).unwrap_or(u32::MAX))
}

fn tables_since(version: u32) -> impl Iterator<Item = String> {
    let kinds = RowKind::ALL.iter().filter(move |kind| kind.since() == version);
    kinds.map(|kind| {
        let name = kind.name();
        format!("CREATE TABLE {name} (\n  key TEXT NOT NULL PRIMARY KEY,\n  row TEXT NOT NULL\n) STRICT;\n")
    })
}

/// Returns the kinds of rows that have a table in the schema's version, which may be older than this release.
///
/// # Errors
/// - [`StoreError::Failed`] if the version cannot be read.
pub(crate) fn kinds_at(connection: &Connection) -> Result<Vec<RowKind>, StoreError> {
    let version = version(connection)?;
    Ok(RowKind::ALL.iter().filter(|kind| i64::from(kind.since()) <= version).copied().collect())
}

/// Returns true if the database is empty.
///
/// # Errors
/// - [`StoreError::Foreign`] if it belongs to another application.
/// - [`StoreError::NewerSchema`] if a later release wrote it.
/// - [`StoreError::Damaged`] if it has no version.
pub(crate) fn is_empty(connection: &Connection, known: u32) -> Result<bool, StoreError> {
    let application: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let (version, known) = (version(connection)?, i64::from(known));
    match application {
        APPLICATION_ID if version > known => Err(StoreError::NewerSchema { version, known }),
        APPLICATION_ID if version < 1 => Err(StoreError::Damaged),
        APPLICATION_ID => Ok(false),
        0 if tables == 0 && version == 0 => Ok(true),
        _ => Err(StoreError::Foreign),
    }
}

/// Carries out the migrations after the schema's present version.
///
/// # Errors
/// - [`StoreError::Damaged`] if the version is not valid.
/// - [`StoreError::DiskFull`] or [`StoreError::Failed`] if a statement fails.
pub(crate) fn migrate(transaction: &Transaction<'_>, migrations: &[String]) -> Result<(), StoreError> {
    let from = usize::try_from(version(transaction)?).map_err(|_| StoreError::Damaged)?;
    for (migration, version) in migrations.iter().zip(1_i64..).skip(from) {
        transaction.execute_batch(migration)?;
        transaction.pragma_update(None, "user_version", version)?;
    }
    if from == 0 {
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    }
    Ok(())
}

fn version(connection: &Connection) -> Result<i64, StoreError> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_database_becomes_one_of_today() {
        let mut connection = Connection::open_in_memory().expect("a database");
        let mut later = migrations();
        assert_eq!(later.len(), 1);
        later.extend(["ALTER TABLE tag ADD COLUMN colour TEXT".to_owned(), "DROP TABLE config".to_owned()]);
        assert!(is_empty(&connection, 1).expect("nobody's"));
        assert_eq!(kinds_at(&connection).expect("no table yet"), []);
        for known in [1_u32, 3, 3] {
            let transaction = connection.transaction().expect("a transaction");
            migrate(&transaction, &later[..known as usize]).expect("each is carried out once");
            transaction.commit().expect("carried out");
            assert!(!is_empty(&connection, known).expect("ours"));
            assert_eq!(version(&connection).expect("a number"), i64::from(known));
            assert_eq!(kinds_at(&connection).expect("a version"), RowKind::ALL);
        }
        connection.execute("INSERT INTO tag VALUES ('a', 'b', 'c')", []).expect("the column is there");
        let refused = is_empty(&connection, 1);
        assert!(matches!(refused, Err(StoreError::NewerSchema { version: 3, known: 1 })));
    }

    #[test]
    fn a_migration_that_fails_leaves_the_schema_as_it_was() {
        let mut connection = Connection::open_in_memory().expect("a database");
        let transaction = connection.transaction().expect("a transaction");
        let broken = [migrations(), vec!["DROP TABLE nothing".to_owned()]].concat();
        assert!(migrate(&transaction, &broken).is_err());
        drop(transaction);
        assert!(is_empty(&connection, 1).expect("nobody's"));
    }

    #[test]
    fn each_kind_of_row_has_a_table_in_one_version() {
        let schema = migrations().concat();
        for kind in RowKind::ALL {
            assert_eq!(schema.matches(&format!("CREATE TABLE {} (", kind.name())).count(), 1, "{kind:?}");
        }
    }

    #[test]
    fn a_database_has_the_schema_that_the_first_release_wrote() {
        let mut connection = Connection::open_in_memory().expect("a database");
        let transaction = connection.transaction().expect("a transaction");
        migrate(&transaction, &migrations()).expect("carried out");
        let sql = "SELECT sql FROM sqlite_schema WHERE name = 'verdict'";
        let table: String = transaction.query_row(sql, [], |row| row.get(0)).expect("a table");
        assert_eq!(table, "CREATE TABLE verdict (\n  key TEXT NOT NULL PRIMARY KEY,\n  row TEXT NOT NULL\n) STRICT");
    }
}
