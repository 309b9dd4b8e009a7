//! How long the texts may be that indexes of the database hold.

/// The longest name of a schema, in bytes: what PostgreSQL takes as an identifier.
pub(crate) const MAX_SCHEMA_NAME_BYTES: usize = 63;

/// The longest name of a workspace, in bytes.
pub const MAX_WORKSPACE_NAME_BYTES: usize = MAX_INDEXED_BYTES;

/// The longest id of a contact, in bytes of its JSON form: the text of a `String` with its quotes and escapes.
pub const MAX_ID_BYTES: usize = 800;

/// The longest text of any other kind that an index holds, in bytes of its JSON form: a match key with its kind and scope, the
/// name of a merge, a tag, an account, a custom field or a segment.
pub const MAX_INDEXED_BYTES: usize = 1_800;

/// The largest row that an index of PostgreSQL takes: a third of a page of 8 KiB. What it can compress counts less, which nobody
/// can rely on.
const MAX_INDEX_ROW_BYTES: usize = 2_704;

/// What a row of an index needs beside its texts: its header, the number of the workspace, the name of a kind, and for each text its
/// length and what aligns it.
const OVERHEAD_BYTES: usize = 64;

// The longest rows of indexes: a key with the contact that holds it, a row about a contact, a pair of ids with one of the two.
const _: () = assert!(MAX_INDEXED_BYTES + MAX_ID_BYTES + OVERHEAD_BYTES <= MAX_INDEX_ROW_BYTES);
const _: () = assert!(3 * MAX_ID_BYTES + 3 + OVERHEAD_BYTES <= MAX_INDEX_ROW_BYTES);
const _: () = assert!(2 * MAX_ID_BYTES + 3 <= MAX_INDEXED_BYTES);
