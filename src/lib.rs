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
pub mod patch;
pub mod rules;
pub mod suggestion;
mod union_find;
pub mod unread_field;

pub use bulk::{Bulk, BulkCommonKey, BulkContact, BulkGroup, BulkGroups, BulkMember};
pub use contact::{
    Channel, ChannelKind, Contact, ContactId, CustomState, CustomType, Field, Number, Provenance, Source, Time, Value,
    fold_name,
};
#[cfg(feature = "serde")]
pub use contact::{JsonError, StoredId};
pub use field_names::consent::{is_consent, yes_or_no};
pub use field_names::role::{NamedRole, ValueRole};
#[cfg(feature = "serde")]
pub use index::KEY_RULES;
pub use index::{Extended, Index, IndexError, Inserted, Rules};
pub use key::{Derivation, Key, KeyKind, Reason, ScopeKind, Strength};
pub use merge::policy::{FieldRule, MAX_CONTACTS_PER_MERGE, MergePolicy, PolicyError, SourcePattern, SurvivorRule};
pub use merge::{Choice, Lost, Merge, MergeError, MergeRequest, Why};
pub use normalize::{
    AccountPortfolio, ContactKey, ContactKeys, DerivedKey, MAX_EMAIL_BYTES, MAX_IDENTIFIER_BYTES, MAX_PHONE_BYTES,
    MAX_VALUES_PER_FIELD, Normalizer, NormalizerSettings, Place, Region, Rejection, UnknownRegion, is_relay_address,
};
pub use patch::{
    ApplyError, Change, Conflict, ConflictKind, Deviation, Edits, MAX_MERGE_BYTES, MAX_MERGE_ID_BYTES, MAX_NESTING,
    MAX_PATCH_BYTES, Patch, Undo, UndoError,
};
#[cfg(feature = "serde")]
pub use patch::{PatchDigest, PatchError};
pub use suggestion::{
    Alike, CommonKey, Confidence, Counts, Evidence, Holder, Page, SharedKey, Step, Suggestion, SuggestionId,
};
pub use unread_field::UnreadField;
/// The examples of the documents that are not part of the API's, so that they compile and hold.
#[cfg(all(doctest, feature = "serde"))]
mod documents {
    #[doc = include_str!("../docs/backends.md")]
    pub struct Backends;
    #[doc = include_str!("../docs/stores.md")]
    pub struct Stores;
}
