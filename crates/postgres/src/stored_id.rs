//! What a contact's id must be to stand in a row.

pub use onefold::contact::StoredId;
