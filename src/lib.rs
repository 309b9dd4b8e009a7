#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

pub mod bulk;
pub mod contact;
pub mod distinct;
pub mod field_names;
pub mod index;
pub mod key;
pub mod merge;
pub mod normalize;
mod numbering_plan;
pub mod patch;
mod person;
pub mod rules;
#[cfg(feature = "serde")]
pub mod similarity;
pub mod suggestion;
mod union_find;
pub mod unread_field;

pub use bulk::Bulk;
pub use contact::{Channel, ChannelKind, Contact, ContactId, Field, Time, Value};
pub use index::{Index, IndexError, Rules};
pub use key::{Key, KeyKind, Reason, Strength};
pub use merge::policy::{FieldRule, MergePolicy, SurvivorRule};
pub use merge::{Merge, MergeError, MergeRequest};
pub use normalize::{Normalizer, Region};
pub use patch::{Edits, Patch, Undo, UndoError};
pub use suggestion::{Confidence, Evidence, Suggestion};

/// The examples of the documents that are not part of the API's, so that they compile and hold.
#[cfg(all(doctest, feature = "serde"))]
mod documents {
    #[doc = include_str!("../docs/backends.md")]
    pub struct Backends;
    #[doc = include_str!("../docs/stores.md")]
    pub struct Stores;
}
