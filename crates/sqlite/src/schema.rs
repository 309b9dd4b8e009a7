//! The schema of the database, and its migrations.

use rusqlite::{Connection, Transaction};

use crate::error::StoreError;

/// The `PRAGMA application_id` of onefold's databases: `1fld` in ASCII.
pub const APPLICATION_ID: i32 = 0x3166_6c64;

/// The statements that bring an empty database to version 1, that one to version 2, and so on. The version is in
/// `PRAGMA user_version`.
pub const MIGRATIONS: [&str; 1] = [include_str!("schema_1.sql")];

/// Returns true if the database is empty.
///
/// # Errors
/// - [`StoreError::Foreign`] if it belongs to another application.
/// - [`StoreError::NewerSchema`] if a later release wrote it.
/// - [`StoreError::Damaged`] if it has no version.
pub(crate) fn is_empty(connection: &Connection, known: usize) -> Result<bool, StoreError> {
    let application: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let (version, known) = (version(connection)?, i64::try_from(known).unwrap_or(i64::MAX));
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
pub(crate) fn migrate(transaction: &Transaction<'_>, migrations: &[&str]) -> Result<(), StoreError> {
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
        let later = [MIGRATIONS[0], "ALTER TABLE tag ADD COLUMN colour TEXT", "DROP TABLE config"];
        assert!(is_empty(&connection, 1).expect("nobody's"));
        for known in [1, 3, 3] {
            let transaction = connection.transaction().expect("a transaction");
            migrate(&transaction, &later[..known]).expect("each is carried out once");
            transaction.commit().expect("carried out");
            assert!(!is_empty(&connection, known).expect("ours"));
            assert_eq!(version(&connection).expect("a number"), i64::try_from(known).expect("small"));
        }
        connection.execute("INSERT INTO tag VALUES ('a', 'b', 'c')", []).expect("the column is there");
        let refused = is_empty(&connection, 1);
        assert!(matches!(refused, Err(StoreError::NewerSchema { version: 3, known: 1 })));
    }

    #[test]
    fn a_migration_that_fails_leaves_the_schema_as_it_was() {
        let mut connection = Connection::open_in_memory().expect("a database");
        let transaction = connection.transaction().expect("a transaction");
        assert!(migrate(&transaction, &[MIGRATIONS[0], "DROP TABLE nothing"]).is_err());
        drop(transaction);
        assert!(is_empty(&connection, 1).expect("nobody's"));
    }

    #[test]
    fn each_kind_of_row_has_a_table() {
        for kind in onefold_workspace::RowKind::ALL {
            assert!(MIGRATIONS[0].contains(&format!("CREATE TABLE {} (", kind.name())), "{kind:?}");
        }
    }
}
