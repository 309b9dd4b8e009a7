//! The statements of a store. `$.` stands for the schema.

use crate::error::StoreError;
use crate::limits::MAX_SCHEMA_NAME_BYTES;

/// Returns the name of a schema as a quoted SQL identifier.
///
/// # Errors
/// - [`StoreError::SchemaName`] if the name is empty, too long or contains NUL.
pub(crate) fn quoted(schema: &str) -> Result<String, StoreError> {
    if schema.is_empty() || schema.len() > MAX_SCHEMA_NAME_BYTES || schema.contains('\0') {
        return Err(StoreError::SchemaName);
    }
    Ok(format!("\"{}\"", schema.replace('"', "\"\"")))
}

/// Returns a statement for a schema.
///
/// The schema's name replaces `$.`, which differs from parameters such as `$1`. Function bodies between two `$body$`
/// get another tag if the name contains this one.
///
/// # Errors
/// - [`StoreError::SchemaName`] if the name is empty, too long or contains NUL.
pub(crate) fn of_schema(statement: &str, schema: &str) -> Result<String, StoreError> {
    const TAG: &str = "$body$";
    let name = quoted(schema)?;
    let mut tag = TAG.to_owned();
    while name.contains(&tag) {
        tag.insert(tag.len() - 1, '_');
    }
    // The tag is replaced before the name is inserted, because the name may contain it. Quotes in SQL texts are
    // doubled.
    let statement = statement.replace(TAG, &tag);
    let parts: Vec<String> = statement.split("'$.").map(|part| part.replace("$.", &format!("{name}."))).collect();
    Ok(parts.join(&format!("'{}.", name.replace('\'', "''"))))
}

/// Starts every use of a workspace: selects the version of the schema, the number of the workspace, and the rules of
/// its keys.
pub(crate) const LOOK: &str = r#"
SELECT v.number, w.number, w.key_rules, current_setting('transaction_isolation'), ''
FROM $.version v LEFT JOIN $.workspace w ON w.name = $1"#;

/// Like [`LOOK`], for writers. Locks the gate of the workspace until the transaction ends: shared, or exclusively if
/// [`retry`](crate::retry()) has set that. The gate is an advisory lock named after the table and the number of the
/// workspace, so that the schemas of one database do not block each other.
pub(crate) const ENTER: &str = r#"
SELECT v.number, w.number, w.key_rules, current_setting('transaction_isolation'),
  CASE WHEN current_setting('onefold.alone', true) = 'on'
    THEN pg_advisory_xact_lock(826698852, hashtext(w.tableoid || '/' || w.number))
    ELSE pg_advisory_xact_lock_shared(826698852, hashtext(w.tableoid || '/' || w.number)) END::text
FROM $.version v LEFT JOIN $.workspace w ON w.name = $1"#;

/// Like [`ENTER`], with the gate locked exclusively.
pub(crate) const ENTER_ALONE: &str = r#"
SELECT v.number, w.number, w.key_rules, current_setting('transaction_isolation'),
  pg_advisory_xact_lock(826698852, hashtext(w.tableoid || '/' || w.number))::text
FROM $.version v LEFT JOIN $.workspace w ON w.name = $1"#;

/// Selects the rules by which the keys of a workspace were made, in the form of [`ALWAYS`].
pub(crate) const RULES: &str = "SELECT 'key_rules', '', key_rules FROM $.workspace WHERE number = $1";

/// Selects the rows that every part of a workspace needs, the rules of its keys, and the keys of some contacts.
pub(crate) const ALWAYS: &str = r#"
SELECT 'key_rules', '', key_rules FROM $.workspace WHERE number = $1
UNION ALL
SELECT 'held', key, '' FROM $.key WHERE workspace = $1 AND contact = ANY($2::text[])
UNION ALL
SELECT kind, key, row FROM $.row WHERE workspace = $1 AND kind IN ('setting', 'definition', 'account')"#;

/// Locks slots, in order.
pub(crate) const LOCK: &str = "SELECT 1 FROM $.slot WHERE number = ANY($1) ORDER BY number FOR UPDATE";

/// Selects rows by kind and key.
pub(crate) const ROWS: &str = r#"
SELECT r.kind, r.key, r.row FROM unnest($2::text[], $3::text[]) AS asked(kind, key)
JOIN $.row r ON r.workspace = $1 AND r.kind = asked.kind AND r.key = asked.key"#;

/// Selects whole persons, with rows of some kinds about them.
pub(crate) const PERSONS: &str = "SELECT kind, key, line FROM $.persons($1, $2, $3)";

/// Selects the active holders of the keys of some contacts and of further keys, and of whole groups if asked.
pub(crate) const REACHED: &str = "SELECT key, contact FROM $.reached($1, $2, $3, $4, $5)";

/// Selects the holders of keys: of each key all blocked ones, and at most $3 + 1 active ones.
pub(crate) const HOLDERS: &str = r#"
SELECT 'contact', r.key, r.row FROM (
  SELECT DISTINCT holder.contact FROM unnest($2::text[]) AS k(key) CROSS JOIN LATERAL (
    (SELECT contact FROM $.key WHERE workspace = $1 AND key = k.key AND NOT blocked LIMIT $3 + 1)
    UNION ALL
    (SELECT contact FROM $.key WHERE workspace = $1 AND key = k.key AND blocked)) holder) of
JOIN $.row r ON r.workspace = $1 AND r.kind = 'contact' AND r.key = of.contact"#;

/// Selects the next contacts after $2 that share a key with another contact, at most $3. With `OFFSET 0` the scan stops
/// at the last of them.
pub(crate) const SHARING: &str = r#"
SELECT DISTINCT k.contact FROM $.key k
WHERE k.workspace = $1 AND k.contact > $2 AND NOT k.blocked AND EXISTS (
  SELECT 1 FROM $.key o WHERE o.workspace = $1 AND o.key = k.key AND o.contact <> k.contact AND NOT o.blocked OFFSET 0)
ORDER BY k.contact LIMIT $3"#;

/// Selects every contact that shares a key with another contact, at most $2 + 1 for each key.
pub(crate) const ALL_SHARING: &str = r#"
SELECT DISTINCT contact FROM (
  SELECT contact, count(*) OVER (PARTITION BY key) AS holders, row_number() OVER (PARTITION BY key) AS place
  FROM $.key WHERE workspace = $1 AND NOT blocked) held
WHERE holders > 1 AND place <= $2 + 1"#;

/// Selects the keys with more than $2 holders, the number of their holders, and $2 + 1 holders of each.
pub(crate) const COMMON: &str = r#"
SELECT common.key, common.holders, holder.contact FROM (
  SELECT key, count(*) AS holders FROM $.key WHERE workspace = $1 AND NOT blocked GROUP BY key HAVING count(*) > $2) common
CROSS JOIN LATERAL (
  SELECT contact FROM $.key WHERE workspace = $1 AND key = common.key AND NOT blocked LIMIT $2 + 1) holder"#;

/// Selects $1 numbers for events and $2 for merges.
pub(crate) const NUMBERS: &str = r#"
SELECT 'event', nextval('$.event_number') FROM generate_series(1, $1)
UNION ALL
SELECT 'merge', nextval('$.merge_place') FROM generate_series(1, $2)"#;

/// Writes the changes of an operation.
pub(crate) const WRITE: &str = r#"
WITH rows_put AS (
  INSERT INTO $.row SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[])
  ON CONFLICT (workspace, kind, key) DO UPDATE SET row = excluded.row, place = excluded.place
), rows_deleted AS (
  DELETE FROM $.row r USING unnest($6::text[], $7::text[]) AS gone(kind, key)
  WHERE r.workspace = $1 AND r.kind = gone.kind AND r.key = gone.key
), about_added AS (
  INSERT INTO $.about SELECT $1, * FROM unnest($8::text[], $9::text[], $10::text[]) ON CONFLICT DO NOTHING
), about_deleted AS (
  DELETE FROM $.about a USING unnest($11::text[], $12::text[], $13::text[]) AS gone(contact, kind, key)
  WHERE a.workspace = $1 AND a.contact = gone.contact AND a.kind = gone.kind AND a.key = gone.key
), keys_put AS (
  INSERT INTO $.key SELECT $1, * FROM unnest($14::text[], $15::text[], $16::boolean[])
  ON CONFLICT (workspace, key, contact) DO UPDATE SET blocked = excluded.blocked
), keys_deleted AS (
  DELETE FROM $.key k USING unnest($17::text[], $18::text[]) AS gone(key, contact)
  WHERE k.workspace = $1 AND k.key = gone.key AND k.contact = gone.contact
)
SELECT 1"#;

/// Selects every row of a workspace.
pub(crate) const EVERYTHING: &str = "SELECT kind, key, row FROM $.row WHERE workspace = $1";

/// Selects the number of the next event.
pub(crate) const NEXT_EVENT: &str =
    "SELECT CASE WHEN is_called THEN last_value + 1 ELSE last_value END FROM $.event_number";

/// Selects events, the oldest first.
pub(crate) const EVENTS: &str = r#"
SELECT kind, key, row FROM $.row WHERE workspace = $1 AND kind = 'event' ORDER BY place LIMIT $2"#;

/// Deletes events.
pub(crate) const ACKNOWLEDGE: &str = r#"
WITH gone AS (DELETE FROM $.row WHERE workspace = $1 AND kind = 'event' AND key = ANY($2) RETURNING key, row)
, forgotten AS (DELETE FROM $.about a USING gone, json_array_elements(gone.row::json -> 'values_of') AS of(contact)
  WHERE a.workspace = $1 AND a.contact = of.contact::text AND a.kind = 'event' AND a.key = gone.key)
SELECT count(*) FROM gone"#;

/// Selects the merges before a place, the newest first.
pub(crate) const HISTORY: &str = r#"
SELECT kind, key, row, place FROM $.row WHERE workspace = $1 AND kind = 'merge' AND place < $2 ORDER BY place DESC LIMIT $3"#;

/// Selects the blocked contacts.
pub(crate) const BLOCKED: &str = "SELECT contact FROM $.about WHERE workspace = $1 AND kind = 'blocked'";
