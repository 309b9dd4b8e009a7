#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod contact;
mod key;
mod normalize;

pub use contact::{
    Channel, ChannelKind, Contact, ContactId, CustomFields, CustomType, Field, Number, Provenance, Source, Time, Value,
};
pub use key::{Derivation, Key, KeyKind, Reason, Strength};
pub use normalize::{
    ContactKey, ContactKeys, DerivedKey, MAX_VALUES_PER_FIELD, Normalizer, Place, Region, Rejection, UnknownRegion,
};
