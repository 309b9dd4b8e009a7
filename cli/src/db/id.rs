//! The ids of contacts in a database: texts and numbers, as `onefold replay` has them.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use onefold::{ContactId, JsonId, StoredId};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An id that is written as JSON has it, and shown as a text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Id {
    id: JsonId,
    // Invariant: the id as people read it.
    text: Arc<str>,
}

impl Id {
    /// A text as it stands.
    pub fn text(text: &str) -> Self {
        Self::from(JsonId::Text(text.into()))
    }

    /// A number.
    pub fn integer(number: i64) -> Self {
        Self::from(JsonId::Integer(number))
    }
}

impl From<JsonId> for Id {
    fn from(id: JsonId) -> Self {
        Self { text: id.to_string().into(), id }
    }
}

// As a text, so that suggestions have the ids that they have in a file.
impl ContactId for Id {
    fn canonical_bytes(&self) -> impl AsRef<[u8]> {
        self.text.as_bytes()
    }
}

impl StoredId for Id {}

impl Deref for Id {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.id.fmt(f)
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.id.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        JsonId::deserialize(deserializer).map(Self::from)
    }
}
