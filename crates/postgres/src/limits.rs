//! The limits of texts in the indexes of the database.

/// The limit of a schema's name, in bytes, which is PostgreSQL's limit of an identifier.
pub(crate) const MAX_SCHEMA_NAME_BYTES: usize = 63;

/// The limit of a workspace's name, in bytes.
pub const MAX_WORKSPACE_NAME_BYTES: usize = MAX_INDEXED_BYTES;

/// The limit of a contact's id, in bytes of its JSON form: for a `String`, the text with quotes and escapes.
pub const MAX_ID_BYTES: usize = 800;

/// The limit of any other indexed text, in bytes of its JSON form: a match key with its kind and scope, the id of a
/// merge, or the name of a tag, an account, a custom field or a segment.
pub const MAX_INDEXED_BYTES: usize = 1_800;

/// The largest row in an index of PostgreSQL, in bytes: a third of a page of 8 KiB. Compressible rows may be larger,
/// but their size cannot be predicted.
const MAX_INDEX_ROW_BYTES: usize = 2_704;

/// The bytes of an index row besides its texts: the header, the number of the workspace, the name of a kind, and for
/// each text its length and alignment.
const OVERHEAD_BYTES: usize = 64;

// The longest index rows: a key with its contact, a row about a contact, and a pair of ids with one of the two.
const _: () = assert!(MAX_INDEXED_BYTES + MAX_ID_BYTES + OVERHEAD_BYTES <= MAX_INDEX_ROW_BYTES);
const _: () = assert!(3 * MAX_ID_BYTES + 3 + OVERHEAD_BYTES <= MAX_INDEX_ROW_BYTES);
const _: () = assert!(2 * MAX_ID_BYTES + 3 <= MAX_INDEXED_BYTES);
