#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod bulk;
mod consent;
mod contact;
mod distinct;
mod error;
mod index;
mod key;
mod merge;
mod normalize;
mod patch;
mod policy;
pub mod rules;
mod suggestion;
mod union_find;
mod workspace;

pub use bulk::{Bulk, BulkCommonKey, BulkContact, BulkGroup, BulkGroups, BulkMember};
pub use consent::{is_consent, yes_or_no};
pub use contact::{
    Channel, ChannelKind, Contact, ContactId, CustomState, CustomType, Field, Number, Provenance, Source, Time, Value,
    fold_name,
};
#[cfg(feature = "serde")]
pub use contact::{JsonError, StoredId};
pub use error::IndexError;
#[cfg(feature = "serde")]
pub use index::KEY_RULES;
pub use index::{Extended, Index, Inserted, Rules};
pub use key::{Derivation, Key, KeyKind, Reason, ScopeKind, Strength};
pub use merge::{Choice, Lost, Merge, MergeError, MergeRequest, Why};
pub use normalize::{
    AccountPortfolio, ContactKey, ContactKeys, DerivedKey, MAX_EMAIL_BYTES, MAX_IDENTIFIER_BYTES, MAX_PHONE_BYTES,
    MAX_VALUES_PER_FIELD, NamedRole, Normalizer, NormalizerSettings, Place, Region, Rejection, UnknownRegion,
    UnreadField, ValueRole, is_relay_address,
};
pub use patch::{
    ApplyError, Change, Conflict, ConflictKind, Deviation, Edits, MAX_MERGE_BYTES, MAX_MERGE_ID_BYTES, MAX_NESTING,
    MAX_PATCH_BYTES, Patch, Undo, UndoError,
};
#[cfg(feature = "serde")]
pub use patch::{PatchDigest, PatchError};
pub use policy::{FieldRule, MAX_CONTACTS_PER_MERGE, MergePolicy, PolicyError, SourcePattern, SurvivorRule};
pub use suggestion::{
    Alike, CommonKey, Confidence, Counts, Evidence, Holder, Page, SharedKey, Step, Suggestion, SuggestionId,
};
pub use workspace::{
    Act, Activity, Actor, Affected, Applied, Assigned, Block, BlockedContact, BlockedStays, Changes, ChannelAccount,
    ChannelState, ChannelStateName, ContactChannel, CsvCells, DefinitionEffect, Deletion, Detail, Details, Event,
    Existing, FieldChanges, FieldType, Filter, Happened, Imported, InboxChanges, Later, MAX_FILTER_DEPTH,
    MAX_FILTER_PARTS, MAX_NAME_BYTES, MAX_SELECTED, MAX_TEXT_BYTES, MAX_WRITTEN_VALUES, MergeRecord, Merged, Needs,
    Operation, Origin, Received, RejectedRow, Replayed, Resolved, Role, RowChange, Selection, Sender, Settings, Span,
    StoredContact, Tag, TagCount, TakenBack, ToDelete, UndoRequest, Undone, Verdicts, Visibility, Workspace,
    WorkspaceError, guard_cell, unguard_cell,
};
#[cfg(feature = "serde")]
pub use workspace::{Erasure, Protocol, RowKind, RowWrite, StateError, StoredRow};

/// The examples of the documents that are not part of the API's, so that they compile and hold.
#[cfg(all(doctest, feature = "serde"))]
mod documents {
    #[doc = include_str!("../docs/backends.md")]
    pub struct Backends;

    #[doc = include_str!("../docs/stores.md")]
    pub struct Stores;
}
