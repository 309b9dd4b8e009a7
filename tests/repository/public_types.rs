//! Public types can be sent between threads, shared and shown, as hosts expect; the compiler checks it.

use std::fmt::Debug;

use onefold::bulk::{Bulk, BulkCommonKey, BulkContact, BulkGroup, BulkGroups, BulkMember};
use onefold::contact::{
    Channel, ChannelKind, Contact, ContactPair, CustomState, CustomType, Field, JsonError, Number, Provenance, Source,
    Time, Value, WrittenTime,
};
use onefold::field_names::role::{NamedRole, ValueRole};
use onefold::index::{Built, ContactRejection, Extended, Index, IndexError, Inserted, Rules};
use onefold::key::{Derivation, Key, KeyKind, Reason, ScopeKind, Strength};
use onefold::merge::policy::{FieldRule, MergePolicy, MergePolicyBuilder, PolicyError, SourcePattern, SurvivorRule};
use onefold::merge::{Choice, ContactValue, Lost, Merge, MergeError, MergeRequest, Override, Why};
use onefold::normalize::{
    AccountPortfolio, ContactKey, ContactKeys, DerivedKey, Normalizer, NormalizerBuilder, NormalizerSettings, Place,
    Region, Rejection, UnknownRegion,
};
use onefold::patch::{
    ApplyError, Change, Conflict, ConflictKind, Deviation, Edits, Patch, PatchDigest, PatchError, Undo, UndoError,
};
use onefold::rules::{Judgement, ReviewReason};
use onefold::suggestion::{
    Alike, CommonKey, Confidence, Counts, Evidence, Holder, Page, SharedKey, Step, Suggestion, SuggestionId,
};
use onefold::unread_field::UnreadField;

fn is_ordinary<T: Send + Sync + Debug>() {}

fn is_error<T: std::error::Error + Send + Sync + 'static>() {}

macro_rules! all {
    ($check:ident: $($type:ty),+ $(,)?) => { $($check::<$type>();)+ };
}

#[test]
fn public_types_are_send_sync_and_debug() {
    all!(is_ordinary: Bulk, BulkCommonKey, BulkContact<'_>, BulkGroup<'_, u64>, BulkGroups, BulkMember<'_>);
    all!(is_ordinary: Channel, ChannelKind, Contact<u64>, CustomState, CustomType, Field, JsonError, Number);
    all!(is_ordinary: Provenance, Source, Time, Value, WrittenTime, NamedRole, ValueRole, UnreadField);
    all!(is_ordinary: Built<u64>, Extended<u64>, Index<String>, IndexError<u64>, Inserted, Rules);
    all!(is_ordinary: Derivation, Key, KeyKind, Reason, ScopeKind, Strength);
    all!(is_ordinary: FieldRule, MergePolicy, MergePolicyBuilder, PolicyError, SourcePattern, SurvivorRule);
    all!(is_ordinary: Choice<u64>, Lost<u64>, Merge<u64>, MergeError<u64>, MergeRequest<u64>, Override<u64>, Why);
    all!(is_ordinary: AccountPortfolio, ContactKey, ContactKeys, DerivedKey, Normalizer, NormalizerBuilder);
    all!(is_ordinary: NormalizerSettings, Place, Region, Rejection, UnknownRegion);
    all!(is_ordinary: ApplyError<u64>, Change<'_, u64>, Conflict, ConflictKind, Deviation<u64>, Edits, Patch<u64>);
    all!(is_ordinary: PatchDigest, PatchError, Undo<u64>, UndoError<u64>, Judgement<u64>, ReviewReason<u64>);
    all!(is_ordinary: Alike<u64>, CommonKey, Confidence, Counts, Evidence<u64>, Holder<u64>, Page<u64>, SharedKey);
    all!(is_ordinary: Step<u64>, Suggestion<u64>, SuggestionId);
    all!(is_ordinary: ContactPair<u64>, ContactRejection<u64>, ContactValue<u64>);
}

#[test]
fn errors_are_errors() {
    all!(is_error: JsonError, IndexError<u64>, Reason, Rejection, PolicyError, MergeError<u64>, UnknownRegion);
    all!(is_error: ApplyError<u64>, PatchError, UndoError<u64>);
}
