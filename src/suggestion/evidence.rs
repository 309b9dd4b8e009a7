//! The evidence of a suggestion: keys, and the members that hold them.

use crate::key::{Derivation, Key, Strength};
use crate::normalize::Place;

/// A key that links members of a suggestion, and the members that hold it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Evidence<Id> {
    /// The key.
    pub key: Key,
    /// The strength of the strongest link that the key makes between two of its holders, distinct or not.
    pub strength: Strength,
    /// The members that hold the key strongly enough, in order; at least two.
    pub holders: Vec<Holder<Id>>,
}

/// A contact that holds a key, and the value that gave the key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Holder<Id> {
    /// The contact.
    pub contact: Id,
    /// The value that gave the key. If several did, it is the one that gives it most directly.
    pub place: Place,
    /// The rule by which the key was derived from the value.
    pub derivation: Derivation,
    /// True if the contact's provenance says that the value was verified.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "std::ops::Not::not"))]
    pub verified: bool,
}
