//! What a contact's id must be to stand in a row.

use onefold::ContactId;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What a host may use as the id of a contact that is stored: `u64`, `String`, a UUID and the like.
///
/// Implemented for every type that fits. An id stands in rows as its JSON form, and is read from it again.
pub trait StoredId: ContactId + Serialize + DeserializeOwned {}

impl<T: ContactId + Serialize + DeserializeOwned> StoredId for T {}
