//! The schema in the database, and its migrations.

use tokio_postgres::types::Type;
use tokio_postgres::{GenericClient, Transaction};

use crate::error::StoreError;
use crate::statements::{of_schema, quoted};

/// The statements that create version 1, bring that one to version 2, and so on; [`migrate`] carries them out. `$.`
/// stands for the schema, whose name is quoted as an identifier. The bodies of functions are quoted by `$body$`, or by
/// another tag if the name contains that one.
pub const MIGRATIONS: [&str; 1] = [include_str!("schema_1.sql")];

/// The version that this release works with.
pub(crate) const VERSION: i32 = MIGRATIONS.len() as i32;

/// The mark beside the version, by which the schema is recognised as onefold's.
const MARK: &str = "onefold";

/// Creates the schema, or migrates one of an earlier release. Other migrations wait until the transaction ends. A
/// present schema of this release is left unchanged.
///
/// # Errors
/// - [`StoreError::Foreign`] if a schema of this name has no version of onefold.
/// - [`StoreError::SchemaName`] if the name cannot be the name of a schema.
/// - [`StoreError::NewerSchema`] if a later release wrote the schema.
/// - Those of every statement of the store.
pub async fn migrate(transaction: &mut Transaction<'_>, schema: &str) -> Result<(), StoreError> {
    let own = |error| StoreError::of_own(error, schema);
    let name = quoted(schema)?;
    // The lock keeps two migrations from creating the schema at the same time.
    let lock = "SELECT pg_advisory_xact_lock(826698852, hashtext($1))";
    transaction.query_typed(lock, &[(&schema, Type::TEXT)]).await.map_err(own)?;
    let from = match version(transaction, schema).await? {
        Some(version) => version,
        None => {
            let make = format!(
                "CREATE SCHEMA {name};
                 CREATE TABLE {name}.version (mark text PRIMARY KEY, number integer NOT NULL);
                 INSERT INTO {name}.version VALUES ('{MARK}', 0);"
            );
            transaction.batch_execute(&make).await.map_err(own)?;
            0
        }
    };
    if from > VERSION {
        return Err(StoreError::NewerSchema { version: from, known: VERSION });
    }
    for (migration, version) in MIGRATIONS.iter().zip(1..).skip(usize::try_from(from).unwrap_or(0)) {
        transaction.batch_execute(&of_schema(migration, schema)?).await.map_err(own)?;
        let update = format!("UPDATE {name}.version SET number = $1");
        transaction.execute_typed(&update, &[(&version, Type::INT4)]).await.map_err(own)?;
    }
    Ok(())
}

/// Returns the version of a schema, or `None` if it does not exist.
///
/// # Errors
/// - [`StoreError::Foreign`] if the schema has no version of onefold.
/// - Those of every statement of the store.
async fn version(client: &impl GenericClient, schema: &str) -> Result<Option<i32>, StoreError> {
    let own = |error| StoreError::of_own(error, schema);
    let exists = "SELECT 1 FROM pg_namespace WHERE nspname = $1";
    if client.query_typed(exists, &[(&schema, Type::NAME)]).await.map_err(own)?.is_empty() {
        return Ok(None);
    }
    let is_ours = "SELECT 1 FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = $1 AND c.relname = 'version' AND a.attname = 'mark'";
    if client.query_typed(is_ours, &[(&schema, Type::NAME)]).await.map_err(own)?.is_empty() {
        return Err(StoreError::Foreign);
    }
    let select = of_schema(&format!("SELECT number FROM $.version WHERE mark = '{MARK}'"), schema)?;
    let rows = client.query_typed(&select, &[]).await.map_err(own)?;
    Ok(rows.first().ok_or(StoreError::Foreign)?.try_get(0)?)
}
