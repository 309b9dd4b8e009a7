//! The schema in the database, and how an older one becomes the one of today.

use tokio_postgres::types::Type;
use tokio_postgres::{GenericClient, Transaction};

use crate::error::StoreError;
use crate::statements::{of_schema, quoted};

/// What takes nothing to version 1, that to version 2, and so on: [`migrate`] carries it out. `$.` stands for the schema, whose name is
/// quoted as an identifier; the bodies of functions are quoted by `$body$`, or by another tag where the name has that one in it.
pub const MIGRATIONS: [&str; 1] = [include_str!("schema_1.sql")];

/// The version that this release works with.
pub(crate) const VERSION: i32 = MIGRATIONS.len() as i32;

/// What stands in the database beside the version, so that nobody else's schema is taken for ours.
const MARK: &str = "onefold";

/// Makes the schema, or brings one of an earlier release to that of this one; whatever it is doing, others wait until the
/// transaction ends. Nothing happens if it is there as it should be.
///
/// # Errors
/// [`StoreError::Foreign`] if there is a schema of this name without a version of onefold in it, [`StoreError::SchemaName`],
/// [`StoreError::NewerSchema`], or what the database says.
pub async fn migrate(transaction: &mut Transaction<'_>, schema: &str) -> Result<(), StoreError> {
    let own = |error| StoreError::of_own(error, schema);
    let name = quoted(schema)?;
    // One at a time: two that find nothing would both make it.
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

/// The version of a schema; `None` if there is no schema of this name.
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
