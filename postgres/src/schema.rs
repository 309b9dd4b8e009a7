//! The schema in the database, and how an older one becomes the one of today.

use tokio_postgres::{GenericClient, Transaction};

use crate::error::StoreError;
use crate::statements::{of_schema, quoted};

/// What takes nothing to version 1, that to version 2, and so on. `$.` stands for the schema.
pub const MIGRATIONS: [&str; 1] = [include_str!("schema_1.sql")];

/// The version that this release works with.
pub(crate) const VERSION: i32 = MIGRATIONS.len() as i32;

/// What stands in the database beside the version, so that nobody else's schema is taken for ours.
const MARK: &str = "onefold";

/// Makes the schema, or brings one of an earlier release to that of this one; whatever it is doing, others wait until the
/// transaction ends. Nothing happens if it is there as it should be.
///
/// # Errors
/// [`StoreError::Foreign`] if there is a schema of this name without a version of onefold in it,
/// [`StoreError::NewerSchema`], or what the database says.
pub async fn migrate(transaction: &mut Transaction<'_>, schema: &str) -> Result<(), StoreError> {
    migrate_by(transaction, schema, &MIGRATIONS).await
}

pub(crate) async fn migrate_by(
    transaction: &mut Transaction<'_>,
    schema: &str,
    migrations: &[&str],
) -> Result<(), StoreError> {
    let name = quoted(schema);
    // One at a time: two that find nothing would both make it.
    transaction.query("SELECT pg_advisory_xact_lock(826698852, hashtext($1))", &[&schema]).await?;
    let from = match version(transaction, schema).await? {
        Some(version) => version,
        None => {
            transaction
                .batch_execute(&format!(
                    "CREATE SCHEMA {name};
                     CREATE TABLE {name}.version (mark text PRIMARY KEY, number integer NOT NULL);
                     INSERT INTO {name}.version VALUES ('{MARK}', 0);"
                ))
                .await?;
            0
        }
    };
    let known = i32::try_from(migrations.len()).unwrap_or(i32::MAX);
    if from > known {
        return Err(StoreError::NewerSchema { version: from, known });
    }
    for (migration, version) in migrations.iter().zip(1..).skip(usize::try_from(from).unwrap_or(0)) {
        transaction.batch_execute(&of_schema(migration, schema)).await?;
        transaction.execute(&format!("UPDATE {name}.version SET number = $1"), &[&version]).await?;
    }
    Ok(())
}

/// The version of a schema; `None` if there is no schema of this name.
async fn version(client: &impl GenericClient, schema: &str) -> Result<Option<i32>, StoreError> {
    let exists = client.query_opt("SELECT 1 FROM pg_namespace WHERE nspname = $1", &[&schema]).await?;
    if exists.is_none() {
        return Ok(None);
    }
    let is_ours = "SELECT 1 FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = $1 AND c.relname = 'version' AND a.attname = 'mark'";
    if client.query_opt(is_ours, &[&schema]).await?.is_none() {
        return Err(StoreError::Foreign);
    }
    let select = format!("SELECT number FROM {}.version WHERE mark = '{MARK}'", quoted(schema));
    let row = client.query_opt(&select, &[]).await?.ok_or(StoreError::Foreign)?;
    Ok(Some(row.try_get(0)?))
}
