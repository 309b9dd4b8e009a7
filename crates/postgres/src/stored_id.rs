//! The requirements on a contact's id in a stored row.

pub use onefold::contact::StoredId;
