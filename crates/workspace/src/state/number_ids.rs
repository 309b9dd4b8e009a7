//! Rows whose ids are numbers, as the protocol wrote them when its ids could be numbers, with texts in their place.
//!
//! Such a row is read twice: with its ids as they were written, since the digest of a patch covers them, and as texts. An id
//! that is a number is its decimal text.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::Workspace;
use crate::rows::kind::RowKind;
use crate::rows::lines::MergeLine;
use crate::rows::stored::{RowWrite, StoredRow};
use crate::rows::tables::TableRow;
use crate::state::StateError;
use crate::state::store::StoreReading;
use onefold::contact::{ContactId, StoredId};
use onefold::patch::Patch;

/// An id as it was written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
enum WrittenId {
    Number(i64),
    Text(Box<str>),
}

/// An id as a text, whatever it was written as.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct TextId(Box<str>);

impl From<WrittenId> for TextId {
    fn from(id: WrittenId) -> Self {
        match id {
            WrittenId::Number(number) => Self(number.to_string().into()),
            WrittenId::Text(text) => Self(text),
        }
    }
}

impl ContactId for WrittenId {
    fn canonical_bytes(&self) -> impl AsRef<[u8]> {
        match self {
            Self::Number(number) => number.to_string().into_bytes(),
            Self::Text(text) => text.as_bytes().to_vec(),
        }
    }
}

impl StoredId for WrittenId {}

impl ContactId for TextId {
    fn canonical_bytes(&self) -> impl AsRef<[u8]> {
        self.0.as_bytes()
    }
}

impl StoredId for TextId {}

impl Serialize for TextId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for TextId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextIdVisitor;
        impl de::Visitor<'_> for TextIdVisitor {
            type Value = TextId;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or an integer")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<TextId, E> {
                Ok(TextId(text.into()))
            }
            fn visit_i64<E: de::Error>(self, number: i64) -> Result<TextId, E> {
                Ok(WrittenId::Number(number).into())
            }
            fn visit_u64<E: de::Error>(self, number: u64) -> Result<TextId, E> {
                Ok(TextId(number.to_string().into()))
            }
        }
        deserializer.deserialize_any(TextIdVisitor)
    }
}

impl Workspace<Box<str>> {
    /// The same as [`Workspace::from_rows`] for rows that may have numbers as ids, which are read as texts; with what a
    /// store has to write, before anything else, to hold the rows as they were read. O(k log n) for k keys in all.
    ///
    /// # Errors
    /// As [`Workspace::from_rows`], and [`StateError::SameId`] if a number and its text are two contacts.
    pub(crate) fn from_rows_of_any_id<Error: From<StateError>>(
        rows: impl IntoIterator<Item = Result<StoredRow, Error>>,
    ) -> Result<(Self, Vec<RowWrite>), Error> {
        let mut writes = Vec::new();
        let respell = |row: &StoredRow| {
            let respelled = with_text_ids(row)?;
            if respelled.key != row.key {
                writes.push(RowWrite::Delete { kind: row.kind, key: row.key.clone() });
            }
            writes.push(RowWrite::Put(respelled.clone()));
            Some(respelled)
        };
        let workspace = StoreReading::of_all(rows, respell)?.and_then(StoreReading::finish)?;
        Ok((workspace, writes))
    }

    /// The same as [`Workspace::from_state`] for a text that may have numbers as ids, which are read as texts.
    ///
    /// # Errors
    /// As [`Workspace::from_state`], and [`StateError::SameId`] if a number and its text are two contacts.
    pub(crate) fn from_state_of_any_id(text: &str) -> Result<Self, StateError> {
        Self::from_state(text).or_else(|error| match Workspace::<WrittenId>::from_state(text) {
            Ok(written) => Ok(Self::from_rows_of_any_id(written.to_rows().map(Ok::<_, StateError>))?.0),
            Err(_) => Err(error),
        })
    }
}

/// The row with texts in place of the numbers that it has as ids; `None` if it is none of its kind and key.
fn with_text_ids(row: &StoredRow) -> Option<StoredRow> {
    TableRow::<WrittenId>::read(row.kind, &row.text).filter(|read| read.is_at(row.kind, &row.key))?;
    let read = match row.kind {
        RowKind::Merge => {
            let record = merge_line(&row.text)?.record()?;
            TableRow::MergeTable(record.merge.clone(), Arc::new(record))
        }
        _ => TableRow::<TextId>::read(row.kind, &row.text)?,
    };
    Some(read.stored())
}

fn merge_line(text: &str) -> Option<MergeLine<TextId>> {
    let line: MergeLine<TextId> = serde_json::from_str(text).ok()?;
    line.with_patch(|patch| {
        let patch = Patch::<WrittenId>::from_json(patch).ok()?;
        Some(patch.map_ids(TextId::from).to_json())
    })
}
